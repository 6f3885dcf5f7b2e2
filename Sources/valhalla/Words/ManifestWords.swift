internal import Catalog
internal import Files
internal import Ingest

extension ManifestOutcome {
    /// What a person calls it.
    var word: String {
        switch self {
        case .matched, .mismatched, .missing: rawValue
        case .unlisted: "not listed"
        case .unproven: "not compared"
        }
    }

    var ink: Ink? {
        switch self {
        case .matched: .good
        case .mismatched, .missing, .unproven: .bad
        case .unlisted: nil
        }
    }
}

/// What manifests found, in words.
enum ManifestWords {
    /// `412 matched, 1 mismatched, 2 missing, 3 not listed`; what there is none of is left out, but for the first.
    static func counts(_ counts: [ManifestOutcome: Int]) -> String {
        ManifestOutcome.allCases.compactMap { outcome in
            let count = counts[outcome] ?? 0
            return count > 0 || outcome == .matched ? "\(grouped(count)) \(outcome.word)" : nil
        }
        .joined(separator: ", ")
    }

    /// ` by Silverstack 8.2, 3 May 2016`, as far as that is said.
    static func origin(tool: String?, created: String?) -> String {
        let words = [tool.map { "by " + printable($0) }, created.map(date)].compactMap(\.self)
        return words.isEmpty ? "" : " " + words.joined(separator: ", ")
    }

    /// The day of a date as manifests write it; the text itself when it is none.
    static func date(_ text: String) -> String {
        var hasTime = false
        return WallClock(String(text.prefix(10)), hasTime: &hasTime)?.prose ?? printable(text)
    }

    /// A manifest as people call it: by its name, with the folder that tells it from other lists.
    static func name(_ manifest: Path) -> String {
        manifest.folder.name == Path("ascmhl") ? "ascmhl/" + manifest.name.display : manifest.name.display
    }

    /// What there is to say of a file beside its path: `xxh64 is d03f…; 0001_A.mhl says e4c1…`.
    static func reason(
        _ outcome: ManifestOutcome,
        manifest: String,
        algorithm: String?,
        expected: String?,
        actual: String?,
        reason: String?
    ) -> String {
        let first: String
        switch outcome {
        case .matched: first = "\(manifest) (\(algorithm ?? ""))"
        case .mismatched:
            first = "\(algorithm ?? "") is \(actual ?? "another"); \(manifest) says \(expected ?? "")"
        case .missing:
            first = "listed in \(manifest)" + (expected.map { ", \(algorithm ?? "") \($0)" } ?? "")
        case .unlisted: first = "not in \(manifest)"
        case .unproven: first = "listed in \(manifest)"
        }
        return first + (reason.map { "; \($0)" } ?? "")
    }
}

extension ManifestReport.Item {
    var words: String {
        ManifestWords.reason(
            verdict.outcome, manifest: manifest.display, algorithm: verdict.algorithm,
            expected: verdict.expected,
            actual: verdict.actual, reason: verdict.reason)
    }

    var json: JSONObject {
        [
            "outcome": .text("manifest-" + verdict.outcome.rawValue), "path": .text(path.display),
            "manifest": .text(manifest.display), "algorithm": JSONValue(verdict.algorithm),
            "expected": JSONValue(verdict.expected), "actual": JSONValue(verdict.actual),
            "reason": JSONValue(verdict.reason),
        ]
    }
}

extension ManifestFinding {
    var words: String {
        ManifestWords.reason(
            outcome, manifest: ManifestWords.name(manifest), algorithm: algorithm, expected: expected,
            actual: actual,
            reason: reason)
    }

    var json: JSONObject {
        [
            "outcome": .text(outcome.rawValue), "path": .text(location.display),
            "manifest": .text(manifest.display),
            "algorithm": JSONValue(algorithm), "expected": JSONValue(expected), "actual": JSONValue(actual),
            "reason": JSONValue(reason),
        ]
    }
}

extension ManifestReport {
    /// `manifest  ascmhl/0002_A.mhl by Silverstack 8.2, 3 May 2016: 412 matched`.
    var line: String {
        let more =
            path.folder.name == Path("ascmhl") || generations < 2
            ? "" : " and \(grouped(generations - 1)) more,"
        return "manifest  \(path.display)\(more)\(ManifestWords.origin(tool: tool, created: created)): "
            + ManifestWords.counts(counts)
    }

    var json: JSONObject {
        var object: JSONObject = [
            "outcome": .text("manifest"), "path": .text(path.display), "tool": JSONValue(tool),
            "created": JSONValue(created), "author": JSONValue(author), "generations": JSONValue(generations),
        ]
        for outcome in ManifestOutcome.allCases {
            object.add(outcome.rawValue, JSONValue(counts[outcome] ?? 0))
        }
        object.add("faults", JSONValue(faults))
        return object
    }
}

extension ImportWords {
    /// What the manifests came to, a line each.
    var manifestLines: [String] {
        report.manifests.flatMap { manifest -> [String] in
            guard manifest.path.isAbsolute, !request.copyTo.isEmpty else { return [manifest.line] }
            return [manifest.line, "  it lies above the folder, and is not copied with it"]
        }
    }

    /// Names what is not as it was listed, and says what to do about it.
    func tellManifests(_ desk: Desk) {
        let wrong = report.manifests.filter { !$0.isWhole }
        guard !wrong.isEmpty else { return }
        desk.tell()
        for manifest in wrong {
            if !manifest.faults.isEmpty {
                desk.tell("  \(desk.out.paint("manifest".padded(to: 12), .bad))\(manifest.path.display)")
                for fault in manifest.faults { desk.tell("".padded(to: 14) + printable(fault)) }
            }
            for outcome in [ManifestOutcome.mismatched, .missing, .unproven] {
                tell(manifest.items.filter { $0.verdict.outcome == outcome }, of: manifest, outcome, desk)
            }
        }
        let lost = wrong.reduce(0) { $0 + ($1.counts[.mismatched] ?? 0) + ($1.counts[.missing] ?? 0) }
        guard lost > 0 else { return }
        let them = lost == 1 ? "it" : "them"
        desk.tell("  next:  copy \(them) again from the card before the card is formatted, and import again")
        if wrong.contains(where: { $0.counts[.mismatched] != nil }) {
            desk.tell(
                "         " + desk.out.paint("valhalla find manifest:mismatched", .next)
                    + " finds what is kept as it came")
        }
    }

    private func tell(
        _ items: [ManifestReport.Item], of manifest: ManifestReport, _ outcome: ManifestOutcome, _ desk: Desk
    ) {
        let word = outcome.word.padded(to: 12)
        for item in items.prefix(ImportWords.mostNamed) where !desk.globals.quiet {
            desk.tell("  \(desk.out.paint(word, outcome.ink))\(item.path.display)")
            // Never cut: whoever compares digests needs all of them.
            desk.tell("".padded(to: 14) + desk.out.paint(printable(item.words), .dim))
        }
        let rest = (manifest.counts[outcome] ?? 0) - min(items.count, ImportWords.mostNamed)
        if rest > 0 {
            desk.tell(
                "".padded(to: 14) + "and \(grouped(rest)) more: "
                    + desk.out.paint("valhalla manifests", .next))
        }
    }
}
