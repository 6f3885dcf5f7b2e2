public import Files
internal import Storage

/// What was found of a file when it was held against an offload manifest.
public enum ManifestOutcome: String, CaseIterable, Sendable {
    /// Its bytes are the ones that were listed.
    case matched
    /// Its bytes are others.
    case mismatched
    /// It is listed and not there.
    case missing
    /// It is there and not listed.
    case unlisted
    /// It is listed, but without a digest that could be compared, or it could not be read.
    case unproven
}

/// Whether a manifest is as it was when its history was sealed.
public enum ManifestSeal: String, Sendable {
    /// The chain holds its C4.
    case sealed
    /// The chain holds another C4: somebody or something changed it since.
    case changed
    /// No chain speaks of it, as of every legacy list.
    case unsealed
}

/// What a manifest says of itself, and where it lies.
public struct ManifestRecord: Hashable, Sendable {
    /// Where it lies, from the volume's mount point.
    public var path: Path
    /// The name of its content; the file itself is kept as any other.
    public var sha256: SHA256Digest
    /// `ASC MHL 2.0` or `MHL 1.1`.
    public var format: String
    /// Which generation of its history it is; nil for a list that stands alone.
    public var generation: Int?
    /// Whether it is as it was.
    public var seal = ManifestSeal.unsealed
    /// The program that wrote it.
    public var tool: String?
    /// Its version.
    public var toolVersion: String?
    /// When, as it stands there: ISO 8601.
    public var created: String?
    /// Who.
    public var author: String?
    /// On which machine.
    public var host: String?
    /// Where.
    public var location: String?
    /// What else they had to say.
    public var comment: String?
    /// `in-place`, `transfer` or `flatten`.
    public var process: String?

    /// A manifest that says nothing of itself.
    public init(path: Path, sha256: SHA256Digest, format: String, generation: Int?) {
        self.path = path
        self.sha256 = sha256
        self.format = format
        self.generation = generation
    }
}

/// The manifests about one folder, oldest first.
public struct HistoryRecord: Hashable, Sendable {
    /// The volume.
    public var volume: Int64
    /// The folder that the manifests' paths begin at, from the volume's mount point.
    public var root: Path
    /// The manifests.
    public var manifests: [ManifestRecord]

    /// Manifests about one folder.
    public init(volume: Int64, root: Path, manifests: [ManifestRecord]) {
        self.volume = volume
        self.root = root
        self.manifests = manifests
    }
}

/// The keys by which the catalogue knows a history.
public struct HistoryKeys: Hashable, Sendable {
    /// The history's.
    public var history: Int64
    /// Its manifests', in their order.
    public var manifests: [Int64]

    /// Keys that are not known yet.
    public init(history: Int64 = 0, manifests: [Int64] = []) {
        self.history = history
        self.manifests = manifests
    }
}

/// What was found of one file by one history.
public struct ManifestVerdict: Hashable, Sendable {
    /// The content that was read.
    public enum Content: Hashable, Sendable {
        /// None, or none that the archive keeps.
        case none
        /// The row of this key.
        case recorded(file: Int64)
        /// The content of this name, if the archive keeps it.
        case read(SHA256Digest)
    }

    /// The history.
    public var history: Int64
    /// The path from its root: as it is listed, or as it was found where it is not.
    public var path: Path
    /// The manifest that decided.
    public var manifest: Int64
    /// What was found.
    public var outcome: ManifestOutcome
    /// The content that was read.
    public var content = Content.none
    /// The digests that were compared, or the one that differs: `md5, xxh64`.
    public var algorithm: String?
    /// What the manifest says, as tools print it.
    public var expected: String?
    /// What was read; nil where that is the same.
    public var actual: String?
    /// What else there is to say.
    public var reason: String?

    /// What was found of one file.
    public init(history: Int64, path: Path, manifest: Int64, outcome: ManifestOutcome) {
        self.history = history
        self.path = path
        self.manifest = manifest
        self.outcome = outcome
    }
}

extension ImportRun {
    /// The keys of a history, recorded now where it was never seen.
    public func history(_ record: HistoryRecord) throws -> HistoryKeys {
        try catalog.describingErrors("record a manifest") {
            try connection.transaction {
                var keys = try catalog.historyKeys(of: record)
                for (place, manifest) in record.manifests.enumerated() {
                    if keys.manifests[place] > 0 {
                        try connection.run(
                            "UPDATE manifest SET seal = ?1 WHERE id = ?2 AND seal <> ?1",
                            [.text(manifest.seal.rawValue), .integer(keys.manifests[place])])
                    } else {
                        let key = change.mint()
                        if keys.history <= 0 { keys.history = key }
                        keys.manifests[place] = key
                        try insert(manifest, key, of: record, keys.history)
                    }
                }
                return keys
            }
        }
    }

    private func insert(_ manifest: ManifestRecord, _ key: Int64, of record: HistoryRecord, _ history: Int64)
        throws
    {
        try connection.run(
            """
            INSERT INTO manifest (id, history, volume, path, root, sha256, format, generation, seal, tool, tool_version,
                                  created, author, host, location, comment, process, seen_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(key), .integer(history), .integer(record.volume), manifest.path.stored,
                record.root.stored,
                .blob(manifest.sha256.bytes), .text(manifest.format),
                .integer(manifest.generation.map { Int64($0) }),
                .text(manifest.seal.rawValue), .text(manifest.tool), .text(manifest.toolVersion),
                .text(manifest.created), .text(manifest.author), .text(manifest.host),
                .text(manifest.location),
                .text(manifest.comment), .text(manifest.process), .integer(catalog.now()),
            ]
        )
    }

    /// Keeps what is wrong with a history, a sentence each, at its newest manifest.
    public func faults(_ faults: [String], of keys: HistoryKeys) throws {
        guard let newest = keys.manifests.last else { return }
        _ = try catalog.describingErrors("record a manifest") {
            try connection.transaction {
                try connection.run(
                    "UPDATE manifest SET faults = ?1 WHERE id = ?2 AND faults IS NOT ?1",
                    [.text(faults.isEmpty ? nil : faults.joined(separator: "\n")), .integer(newest)])
            }
        }
    }

    /// Forgets what was found of these paths of a history, which are neither listed any more nor there.
    public func forget(paths: [Path], ofHistory history: Int64) throws {
        guard !paths.isEmpty else { return }
        try recorded {
            for path in paths {
                try connection.run(
                    "DELETE FROM manifest_entry WHERE history = ? AND path = ?",
                    [.integer(history), path.stored])
            }
        }
    }

    func record(_ verdict: ManifestVerdict) throws {
        var key: Int64?
        var digest: [UInt8] = []
        switch verdict.content {
        case .none: break
        case .recorded(let file): key = file
        case .read(let sha256): digest = sha256.bytes
        }
        try connection.run(
            """
            INSERT INTO manifest_entry (history, path, manifest, outcome, file, algorithm, expected, actual, reason, run)
            VALUES (?, ?, ?, ?, coalesce(?, (SELECT id FROM file WHERE sha256 = ?)), ?, ?, ?, ?, ?)
                ON CONFLICT (history, path) DO UPDATE
               SET manifest = excluded.manifest, outcome = excluded.outcome, file = excluded.file,
                   algorithm = excluded.algorithm, expected = excluded.expected, actual = excluded.actual,
                   reason = excluded.reason, run = excluded.run
             WHERE (manifest, outcome, file, algorithm, expected, actual, reason)
                   IS NOT (excluded.manifest, excluded.outcome, excluded.file, excluded.algorithm, excluded.expected,
                           excluded.actual, excluded.reason)
            """,
            [
                .integer(verdict.history), verdict.path.stored, .integer(verdict.manifest),
                .text(verdict.outcome.rawValue),
                .integer(key), .blob(digest), .text(verdict.algorithm), .text(verdict.expected),
                .text(verdict.actual),
                .text(verdict.reason), .integer(change.stamp.rawValue),
            ]
        )
    }
}

extension Catalog {
    /// The keys of a history as far as it is known; 0 stands for what is not.
    public func historyKeys(of record: HistoryRecord) throws -> HistoryKeys {
        let known = try record.manifests.map { manifest in
            try connection.first(
                "SELECT id, history FROM manifest WHERE volume = ? AND path = ? AND sha256 = ?",
                [.integer(record.volume), manifest.path.stored, .blob(manifest.sha256.bytes)]
            ) { (id: $0.integer(0), history: $0.integer(1)) }
        }
        var history = known.compactMap { $0?.history }.first
        // A generation that was added since belongs to the history that the ones before it are.
        if history == nil, record.manifests.contains(where: { $0.generation != nil }) {
            history = try connection.first(
                """
                SELECT history FROM manifest WHERE volume = ? AND root = ? AND generation IS NOT NULL ORDER BY id LIMIT 1
                """,
                [.integer(record.volume), record.root.stored]
            ) { $0.integer(0) }
        }
        return HistoryKeys(history: history ?? 0, manifests: known.map { $0?.id ?? 0 })
    }

    /// What was found of a path of a history before, and the content that it was found of.
    public func verdict(history: Int64, path: Path) throws -> (verdict: ManifestVerdict, file: Int64?)? {
        try connection.first(
            """
            SELECT manifest, outcome, file, algorithm, expected, actual, reason
              FROM manifest_entry
             WHERE history = ? AND path = ?
            """,
            [.integer(history), path.stored]
        ) { row in
            var verdict = ManifestVerdict(
                history: history, path: path, manifest: row.integer(0),
                outcome: ManifestOutcome(rawValue: row.text(1)) ?? .unproven)
            verdict.content = row.integerOrNil(2).map { .recorded(file: $0) } ?? .none
            verdict.algorithm = row.textOrNil(3)
            verdict.expected = row.textOrNil(4)
            verdict.actual = row.textOrNil(5)
            verdict.reason = row.textOrNil(6)
            return (verdict, row.integerOrNil(2))
        }
    }

    /// Calls `body` with every path of a history of which something was found, and with what.
    public func eachVerdict(ofHistory history: Int64, _ body: (Path, ManifestOutcome) throws -> Void) throws {
        try connection.each("SELECT path, outcome FROM manifest_entry WHERE history = ?", [.integer(history)])
        {
            try body(Path(bytes: $0.blob(0)), ManifestOutcome(rawValue: $0.text(1)) ?? .unproven)
        }
    }

    /// True when this content is recorded at a path of a volume, as it looks now.
    public func isRecorded(_ sha256: SHA256Digest, volume: Int64, path: Path, identity: FileIdentity) throws
        -> Bool
    {
        try connection.first(
            """
            SELECT 1
              FROM copy AS c JOIN file AS f ON f.id = c.file
             WHERE c.volume = ? AND c.path = ? AND f.sha256 = ? AND c.size = ? AND c.modified_ns = ?
               AND c.finding IN ('recorded', 'verified')
            """,
            [
                .integer(volume), path.stored, .blob(sha256.bytes), .integer(identity.size),
                .integer(identity.modifiedNanoseconds),
            ]
        ) { _ in true } ?? false
    }

    /// The quick digest of a recorded content.
    public func quickDigest(ofFile file: Int64) throws -> XXH128Digest? {
        try connection.first("SELECT xxh128 FROM file WHERE id = ?", [.integer(file)]) { $0.blob(0) }
            .flatMap(XXH128Digest.init(bytes:))
    }
}
