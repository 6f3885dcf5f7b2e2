internal import Catalog
internal import Files

/// What one history says of one file, for whoever reads it.
struct Expectation: Hashable, Sendable {
    /// A digest and the manifest that lists it.
    struct Listed: Hashable, Sendable {
        var digest: ListedDigest
        var manifest: Int64
    }

    /// The history's place in the report.
    var number: Int
    /// The history's key.
    var history: Int64
    /// The path as it is listed, from the history's root.
    var path: Path
    /// The newest manifest that lists it.
    var manifest: Int64
    /// The size that is listed.
    var size: Int64?
    /// The oldest digest of each kind, none that had failed.
    var listed: [Listed]
    /// What was said of the file in a later generation: that it had changed by then.
    var remark: String?

    /// True when the digest that is kept of every file answers everything.
    var needsNoReading: Bool { !listed.isEmpty && listed.allSatisfy { $0.digest.algorithm == .xxh128 } }

    /// The names of the digests that are compared: `md5, xxh64`.
    var algorithms: String { listed.map(\.digest.algorithm.rawValue).joined(separator: ", ") }

    /// What was found, given the file's size and digests.
    func verdict(size: Int64, digests: [DigestAlgorithm: ListedDigest], content: ManifestVerdict.Content)
        -> Finding
    {
        var verdict = ManifestVerdict(history: history, path: path, manifest: manifest, outcome: .matched)
        verdict.content = content
        if let wrong = listed.first(where: { digests[$0.digest.algorithm] != $0.digest }) {
            verdict.outcome = .mismatched
            verdict.manifest = wrong.manifest
            verdict.algorithm = wrong.digest.algorithm.rawValue
            verdict.expected = wrong.digest.text
            verdict.actual = digests[wrong.digest.algorithm]?.text
            verdict.reason = remark
        } else if let wanted = self.size, wanted != size, isWeak {
            // Without a digest, or with one of 32 bits, the size is the better witness.
            verdict.outcome = .mismatched
            verdict.algorithm = "size"
            verdict.expected = "\(wanted)"
            verdict.actual = "\(size)"
        } else if let first = listed.first {
            verdict.manifest = first.manifest
            verdict.algorithm = algorithms
            verdict.expected = first.digest.text
        } else {
            verdict.outcome = .unproven
            verdict.reason = remark ?? "it is listed without a digest"
        }
        return Finding(number: number, verdict: verdict)
    }

    private var isWeak: Bool { listed.allSatisfy { $0.digest.algorithm == .xxh32 } }

    /// That it could not be compared.
    func unproven(because reason: String) -> Finding {
        var verdict = ManifestVerdict(history: history, path: path, manifest: manifest, outcome: .unproven)
        verdict.reason = reason
        return Finding(number: number, verdict: verdict)
    }

    /// That it is not there.
    var missing: Finding {
        var verdict = ManifestVerdict(history: history, path: path, manifest: manifest, outcome: .missing)
        verdict.algorithm = listed.first?.digest.algorithm.rawValue
        verdict.expected = listed.first?.digest.text
        if let first = listed.first { verdict.manifest = first.manifest }
        verdict.reason = remark
        return Finding(number: number, verdict: verdict)
    }

    /// True when an earlier verdict answers for the content that lies there still.
    func isAnswered(by earlier: ManifestVerdict) -> Bool {
        switch earlier.outcome {
        case .matched:
            earlier.algorithm == algorithms
                && listed.first.map { $0.digest.text == earlier.expected } ?? false
        case .mismatched:
            earlier.reason == remark
                && listed.contains { $0.manifest == earlier.manifest && $0.digest.text == earlier.expected }
        case .missing, .unlisted, .unproven: false
        }
    }
}

/// What all histories say of one file.
struct ManifestStanding: Hashable, Sendable {
    /// What those say that list it.
    var expectations: [Expectation]
    /// That none does, though it lies in the folder of one.
    var unlisted: Finding?

    /// The digests that have to be taken beside ours; nil when there are none.
    var stream: ListedDigestStream? {
        let kinds = Set(expectations.flatMap { $0.listed.map(\.digest.algorithm) }).subtracting([.xxh128])
        return kinds.isEmpty ? nil : ListedDigestStream(kinds)
    }

    /// What was found when the file was read.
    func findings(
        size: Int64,
        own: Digests,
        _ stream: ListedDigestStream?,
        content: ManifestVerdict.Content
    ) -> [Finding] {
        let digests = (stream ?? ListedDigestStream([])).finish(with: own)
        var findings = expectations.map { $0.verdict(size: size, digests: digests, content: content) }
        if var unlisted {
            unlisted.verdict.content = content
            findings.append(unlisted)
        }
        return findings
    }

    /// What is to be said when the file was not read.
    func findings(unreadBecause reason: String) -> [Finding] {
        expectations.map { $0.unproven(because: reason) } + (unlisted.map { [$0] } ?? [])
    }
}

/// A verdict, and which history of this import gave it.
struct Finding: Hashable, Sendable {
    /// The history's place in the report.
    var number: Int
    var verdict: ManifestVerdict
    /// True when the catalogue has just this verdict.
    var isRecorded = false
}

/// A known file that is read again for nothing but the digests that a manifest asks for.
struct ManifestCheck: Sendable {
    /// The path from the source's root.
    var path: Path
    var size: Int64
    /// The recorded content; nil for a file that is none of ours.
    var file: Int64?
    var standing: ManifestStanding
}
