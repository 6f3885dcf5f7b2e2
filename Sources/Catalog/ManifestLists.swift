public import Files
internal import Storage

/// What the manifests about one folder came to.
public struct ManifestHistory: Hashable, Sendable {
    /// The history's key.
    public let id: Int64
    /// The folder that the manifests are about.
    public let root: Path
    /// The volume it lies on.
    public let volume: String
    /// The manifests, oldest first.
    public let manifests: [Manifest]
    /// How many files were found to be what.
    public let counts: [ManifestOutcome: Int]

    /// One of its manifests.
    public struct Manifest: Hashable, Sendable {
        /// Where it lies.
        public let location: Path
        /// `ASC MHL 2.0` or `MHL 1.1`.
        public let format: String
        /// Whether it is as it was sealed.
        public let seal: ManifestSeal
        /// The program that wrote it, and its version.
        public let tool: String?
        /// When, as it stands there.
        public let created: String?
        /// Who.
        public let author: String?
        /// What else they had to say.
        public let comment: String?
        /// Its content.
        public let sha256: SHA256Digest
        /// What is wrong with the history.
        public let faults: [String]
    }
}

/// What was found of one file, with the names of things.
public struct ManifestFinding: Hashable, Sendable {
    /// The history's key.
    public let history: Int64
    /// Where the file lies, or should.
    public let location: Path
    /// Where the manifest lies that decided.
    public let manifest: Path
    /// What was found.
    public let outcome: ManifestOutcome
    /// The digests that were compared, or the one that differs.
    public let algorithm: String?
    /// What the manifest says.
    public let expected: String?
    /// What was read; nil where that is the same.
    public let actual: String?
    /// What else there is to say.
    public let reason: String?
}

extension Catalog {
    /// The histories of which something was found, or in which something is wrong; the newest last.
    public func manifestHistories() throws -> [ManifestHistory] {
        try describingErrors("list the manifests") {
            var counts: [Int64: [ManifestOutcome: Int]] = [:]
            try connection.each(
                "SELECT history, outcome, count(*) FROM manifest_entry GROUP BY history, outcome"
            ) { row in
                if let outcome = ManifestOutcome(rawValue: row.text(1)) {
                    counts[row.integer(0), default: [:]][outcome] = row.int(2)
                }
            }
            let rows = try connection.rows(
                """
                SELECT m.history, v.name, v.mount, m.root, m.path, m.format, m.seal, m.tool, m.tool_version, m.created,
                       m.author, m.comment, m.sha256, m.faults
                  FROM manifest AS m JOIN volume AS v ON v.id = m.volume
                 ORDER BY m.history, m.generation, m.id
                """
            ) { row -> (history: Int64, volume: String, root: Path, manifest: ManifestHistory.Manifest)? in
                let mount = Path(row.text(2))
                guard let sha256 = SHA256Digest(bytes: row.blob(12)) else { return nil }
                let tool = [row.textOrNil(7), row.textOrNil(8)].compactMap(\.self).joined(separator: " ")
                let manifest = ManifestHistory.Manifest(
                    location: mount.appending(Path(bytes: row.blob(4))), format: row.text(5),
                    seal: ManifestSeal(rawValue: row.text(6)) ?? .unsealed, tool: tool.isEmpty ? nil : tool,
                    created: row.textOrNil(9), author: row.textOrNil(10), comment: row.textOrNil(11),
                    sha256: sha256,
                    faults: row.textOrNil(13)?.split(separator: "\n").map(String.init) ?? [])
                return (row.integer(0), row.text(1), mount.appending(Path(bytes: row.blob(3))), manifest)
            }
            var histories: [ManifestHistory] = []
            var rest = rows.compactMap(\.self)[...]
            while let first = rest.first {
                let own = rest.prefix { $0.history == first.history }
                rest = rest.dropFirst(own.count)
                let found = counts[first.history] ?? [:]
                // An import that was taken back leaves its manifests known, and nothing found by them.
                if found.isEmpty, own.allSatisfy({ $0.manifest.faults.isEmpty }) { continue }
                histories.append(
                    ManifestHistory(
                        id: first.history, root: first.root, volume: first.volume,
                        manifests: own.map(\.manifest), counts: found))
            }
            return histories
        }
    }

    /// What a history found of its files, those of this outcome, in byte order of their paths, as they are read.
    public func eachFinding(
        ofHistory history: Int64, _ outcome: ManifestOutcome, _ body: (ManifestFinding) throws -> Void
    ) throws {
        try connection.each(
            Catalog.findingsOfHistory,
            [.integer(history), .text(outcome.rawValue)]
        ) { try body(Catalog.finding($0)) }
    }

    /// What manifests found of a content.
    public func findings(ofFile file: Int64) throws -> [ManifestFinding] {
        try connection.rows(
            Catalog.findingColumns + " WHERE e.file = ? ORDER BY e.history, e.path",
            [.integer(file)],
            Catalog.finding
        )
    }

    /// By itself SQLite would walk all that a history found, since that is in the order of paths already.
    static let findingsOfHistory =
        findingColumns.replacing("AS e\n", with: "AS e INDEXED BY manifest_entry_outcome\n")
        + " WHERE e.history = ? AND e.outcome = ? ORDER BY e.path"

    static let findingColumns = """
        SELECT e.history, v.mount, m.root, e.path, m.path, e.outcome, e.algorithm, e.expected, e.actual, e.reason
          FROM manifest_entry AS e
          JOIN manifest       AS m ON m.id = e.manifest
          JOIN volume         AS v ON v.id = m.volume
        """

    private static func finding(_ row: Row) -> ManifestFinding {
        let mount = Path(row.text(1))
        return ManifestFinding(
            history: row.integer(0),
            location: mount.appending(Path(bytes: row.blob(2))).appending(Path(bytes: row.blob(3))),
            manifest: mount.appending(Path(bytes: row.blob(4))),
            outcome: ManifestOutcome(rawValue: row.text(5)) ?? .unproven,
            algorithm: row.textOrNil(6), expected: row.textOrNil(7), actual: row.textOrNil(8),
            reason: row.textOrNil(9))
    }
}
