public import Catalog
public import Files

/// What the manifests about one folder came to in an import.
public struct ManifestReport: Sendable {
    /// What was found of one file.
    public struct Item: Hashable, Sendable {
        /// The path, from the source's root where it lies in it.
        public let path: Path
        /// The manifest that decided, by its name.
        public let manifest: Path
        /// What was found.
        public let verdict: ManifestVerdict
    }

    /// Where the newest manifest lies: from the source's root, or the whole path of one above it.
    public private(set) var path = Path(bytes: [])
    /// The program that wrote it, and its version.
    public private(set) var tool: String?
    /// When, as it stands there.
    public private(set) var created: String?
    /// Who.
    public private(set) var author: String?
    /// How many manifests there are.
    public private(set) var generations = 0
    /// How many files were found to be what.
    public private(set) var counts: [ManifestOutcome: Int] = [:]
    /// The files that are not as they were listed, that are missing, or that could not be compared; those of each kind
    /// up to a bound.
    public private(set) var items: [Item] = []
    /// What is wrong with the manifests themselves, a sentence each.
    public private(set) var faults: [String] = []

    private var verdicts: [ManifestVerdict] = []
    private var listed: [ManifestOutcome: Int] = [:]

    /// True when nothing that is listed is missing or other than listed, and the manifests are as they were sealed.
    ///
    /// A list without digests proves nothing, and is no fault.
    public var isWhole: Bool { counts[.mismatched] == nil && counts[.missing] == nil && faults.isEmpty }

    mutating func note(_ verdict: ManifestVerdict) {
        counts[verdict.outcome, default: 0] += 1
        guard [.mismatched, .missing, .unproven].contains(verdict.outcome),
            listed[verdict.outcome, default: 0] < ImportReport.longestList
        else { return }
        listed[verdict.outcome, default: 0] += 1
        verdicts.append(verdict)
    }

    mutating func take(_ history: History) {
        path = history.name
        faults = history.faults
        generations = history.generations.count
        if let newest = history.generations.last?.record {
            let words = [newest.tool, newest.toolVersion].compactMap(\.self)
            tool = words.isEmpty ? nil : words.joined(separator: " ")
            created = newest.created
            author = newest.author
        }
        let names = Dictionary(
            zip(history.keys.manifests, history.generations.map(\.name)),
            uniquingKeysWith: { first, _ in first })
        items = verdicts.sorted { $0.path < $1.path }.map { verdict in
            Item(
                path: history.fromSource(verdict.path) ?? verdict.path,
                manifest: names[verdict.manifest] ?? history.name.name, verdict: verdict)
        }
    }
}
