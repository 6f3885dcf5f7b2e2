internal import ArgumentParser
internal import Catalog
internal import Files

/// The command `valhalla manifests`.
struct ManifestsCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "manifests",
        abstract: "What the offload manifests list, and whether the files are as they were listed.",
        discussion: """
            An ASC MHL history or a legacy MHL in an imported folder, below it or above it is read, and every file is \
            held against it while it is hashed. Files that are other than listed, or missing, are named with their digests: \
            copy them again from the card before the card is formatted.

              valhalla manifests
              valhalla manifests --of 3f9a2c1
              valhalla manifests --unlisted
              valhalla find manifest:mismatched
            """
    )

    @Option(help: ArgumentHelp("Only what is said of this asset's files.", valueName: "id"))
    var of: String?

    @Flag(help: "Name the files too that lie there and are not listed.")
    var unlisted = false

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let catalog = try desk.catalog()
        if let of { return try list(asset: of, catalog, desk) }
        let histories = try catalog.manifestHistories()
        for (index, history) in histories.enumerated() {
            if globals.json {
                desk.json(history.json)
            } else {
                if index > 0 { desk.out.line() }
                write(history, to: desk)
            }
            for outcome in [ManifestOutcome.mismatched, .missing, .unproven] + (unlisted ? [.unlisted] : []) {
                try catalog.eachFinding(ofHistory: history.id, outcome) { finding in
                    write(finding, in: history, to: desk)
                    try desk.stopIfNobodyReads()
                }
            }
        }
        if histories.isEmpty { desk.remark("No offload manifest was met yet.") }
        return .done
    }

    private func write(_ history: ManifestHistory, to desk: Desk) {
        guard let newest = history.manifests.last else { return }
        let out = desk.out
        let origin = ManifestWords.origin(tool: newest.tool, created: newest.created)
        out.line(out.paint(newest.location.display, .strong) + origin)
        let facts = Facts(to: out)
        facts.add(
            "format",
            newest.format + (history.manifests.count > 1 ? ", \(history.manifests.count) manifests" : ""))
        facts.add("author", newest.author)
        facts.add("comment", newest.comment)
        facts.add("seal", history.sealWords, history.manifests.contains { $0.seal == .changed } ? .bad : nil)
        facts.add("found", ManifestWords.counts(history.counts))
        facts.add("wrong", history.manifests.flatMap(\.faults).joined(separator: "\n"), .bad)
        facts.finish()
    }

    private func write(_ finding: ManifestFinding, in history: ManifestHistory, to desk: Desk) {
        if globals.json { return desk.json(finding.json) }
        let out = desk.out
        let path = finding.location.relative(to: history.root) ?? finding.location
        out.line("  \(out.paint(finding.outcome.word.padded(to: 12), finding.outcome.ink))  \(path.display)")
        if finding.outcome != .unlisted {
            out.line("".padded(to: 16) + out.paint(printable(finding.words), .dim))
        }
    }

    private func list(asset word: String, _ catalog: Catalog, _ desk: Desk) throws -> Outcome {
        let id = try catalog.resolve(word)
        var isSilent = true
        for file in try catalog.files(of: id) {
            for finding in try catalog.findings(ofFile: file.file) {
                isSilent = false
                if globals.json {
                    var object = finding.json
                    object.add("file", .text(file.name))
                    object.add("sha256", .text(file.digests.sha256.hex))
                    desk.json(object)
                } else {
                    let out = desk.out
                    let word = out.paint(finding.outcome.word, finding.outcome.ink)
                    out.line("\(printable(file.name))  \(word)")
                    out.line("  \(finding.location.display)")
                    out.line("  " + out.paint(printable(finding.words), .dim))
                }
            }
        }
        if isSilent { desk.remark("No manifest says anything of it.") }
        return .done
    }
}

extension ManifestHistory {
    /// Whether its manifests are as they were written.
    var sealWords: String {
        if manifests.allSatisfy({ $0.seal == .sealed }) {
            return "whole: each manifest is as the chain has it"
        }
        if manifests.contains(where: { $0.seal == .changed }) {
            return "broken: a manifest was changed after it was sealed"
        }
        return manifests.contains { $0.seal == .sealed } ? "in part: some manifests are in no chain" : "none"
    }

    fileprivate var json: JSONObject {
        var object: JSONObject = [
            "manifest": JSONValue(manifests.last?.location.display), "root": .text(root.display),
            "volume": .text(volume),
            "format": JSONValue(manifests.last?.format), "tool": JSONValue(manifests.last?.tool),
            "created": JSONValue(manifests.last?.created), "author": JSONValue(manifests.last?.author),
        ]
        for outcome in ManifestOutcome.allCases {
            object.add(outcome.rawValue, JSONValue(counts[outcome] ?? 0))
        }
        object.add(
            "generations",
            .list(
                manifests.map {
                    .object([
                        "path": .text($0.location.display), "sha256": .text($0.sha256.hex),
                        "seal": .text($0.seal.rawValue),
                    ])
                }
            )
        )
        object.add("faults", JSONValue(manifests.flatMap(\.faults)))
        return object
    }
}
