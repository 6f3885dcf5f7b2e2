public import Files
public import MediaProtocol
internal import Storage

/// What is known of the previews of one content.
///
/// They are for the owner's own eyes on this machine. Nothing here is a way out of the house: what leaves is
/// made from originals, by the gate's leave, and never from these.
public struct Preview: Hashable, Sendable {
    /// Which way of making they are from.
    public let version: Int
    /// When they were made, in milliseconds since 1970.
    public let madeAt: Int64
    /// Why there are none, if so.
    public let failure: String?
    /// Why they show less than they should, if so.
    public let damage: String?
    /// What they were made from.
    public let origin: PreviewFacts.Origin?
    /// Width of the small one in pixels; the large one has the same shape.
    public let width: Int
    /// Its height.
    public let height: Int
    /// Bytes of the small one.
    public let smallBytes: Int64
    /// Bytes of the large one; nil where it would show no more than the small one, 0 where it is not kept.
    public let largeBytes: Int64?
    /// The film strip of a clip; without frames where none could be made, nil where none was tried.
    public let strip: PreviewFacts.Strip?
    /// The mean colour: red, green, blue.
    public let color: [UInt8]
    /// The perceptual hash; nil for a picture that has nothing in it to tell it by.
    public let hash: UInt64?

    /// Bytes of all of them.
    public var bytes: Int64 { smallBytes + (largeBytes ?? 0) + Int64(strip?.bytes ?? 0) }

    static let columns = """
        p.version, p.made_at, p.failure, p.damage, p.origin, p.small_width, p.small_height, p.small_bytes,
        p.large_bytes, p.strip_frames, p.strip_width, p.strip_height, p.strip_bytes, p.color, p.hash
        """

    /// From a row in which the columns stand from `first` on; nil where there is none.
    init?(row: Row, from first: Int = 0) {
        guard let version = row.intOrNil(first) else { return nil }
        self.version = version
        madeAt = row.integer(first + 1)
        failure = row.textOrNil(first + 2)
        damage = row.textOrNil(first + 3)
        origin = row.textOrNil(first + 4).flatMap(PreviewFacts.Origin.init(rawValue:))
        width = row.intOrNil(first + 5) ?? 0
        height = row.intOrNil(first + 6) ?? 0
        smallBytes = row.integer(first + 7)
        largeBytes = row.integerOrNil(first + 8)
        strip = row.intOrNil(first + 9).map { frames in
            PreviewFacts.Strip(
                frames: frames, width: row.intOrNil(first + 10) ?? 0, height: row.intOrNil(first + 11) ?? 0,
                bytes: row.int(first + 12))
        }
        let packed = row.intOrNil(first + 13) ?? 0
        color = [16, 8, 0].map { UInt8(truncatingIfNeeded: packed >> $0) }
        hash = row.integerOrNil(first + 14).map(UInt64.init(bitPattern:))
    }
}

/// An asset of which previews may have to be made.
public struct PreviewWork: Sendable {
    /// The asset.
    public let asset: AssetID
    /// Where it stands in the order of time.
    public let sortAt: Int64
    /// What it is.
    public let kind: AssetKind
    /// The original's name.
    public let name: String
    /// The original's content.
    public let file: Int64
    /// Its digest.
    public let digest: SHA256Digest
    /// What there is already.
    public let known: Preview?
}

/// What came of making previews of one content.
public enum PreviewOutcome: Sendable {
    /// They are there; of a clip the strip was tried, or it was not.
    case made(PreviewFacts, triedStrip: Bool)
    /// None can be made, and why.
    case failed(reason: String)
}

extension Catalog {
    /// The photographs and clips that a query chooses, the newest first, behind one that was given before.
    public func previewWork(_ query: Query, behind last: PreviewWork? = nil, limit: Int) throws
        -> [PreviewWork]
    {
        try describingErrors("look for previews to be made") {
            let condition = try condition(of: query, sortedBy: [], limit: nil)
            return try connection.rows(
                """
                SELECT a.id, a.sort_at, a.kind, a.name, f.id, f.sha256, \(Preview.columns)
                  FROM asset        AS a
                  JOIN file         AS f ON f.id = a.file
                  LEFT JOIN preview AS p ON p.file = a.file
                 WHERE a.present = 1 AND a.kind IN ('photo', 'clip') AND \(condition.text)
                   AND (a.sort_at, a.id) < (?, ?)
                 ORDER BY a.sort_at DESC, a.id DESC
                 LIMIT ?
                """,
                condition.values + [
                    .integer(last?.sortAt ?? Int64.max), .integer(last?.asset.rawValue ?? Int64.max),
                    .integer(limit),
                ]
            ) { row -> PreviewWork? in
                guard let kind = AssetKind(rawValue: row.text(2)),
                    let digest = SHA256Digest(bytes: row.blob(5))
                else { return nil }
                return PreviewWork(
                    asset: AssetID(rawValue: row.integer(0)), sortAt: row.integer(1), kind: kind,
                    name: row.text(3), file: row.integer(4), digest: digest, known: Preview(row: row, from: 6)
                )
            }
            .compactMap(\.self)
        }
    }

    /// What is known of the previews of an asset's original; nil when none were ever tried.
    public func preview(of asset: AssetID) throws -> Preview? {
        try connection.first(
            """
            SELECT \(Preview.columns)
              FROM asset   AS a
              JOIN preview AS p ON p.file = a.file
             WHERE a.id = ?
            """,
            [.integer(asset.rawValue)]
        ) { Preview(row: $0) } ?? nil
    }

    /// Keeps what came of making previews, some contents in one transaction.
    ///
    /// A cache is nobody's work: it is not part of the log, and nothing takes it back.
    public func record(previews: [(file: Int64, outcome: PreviewOutcome)]) throws {
        guard !previews.isEmpty else { return }
        try describingErrors("record what previews there are") {
            try connection.transaction {
                for (file, outcome) in previews { try record(outcome, of: file) }
            }
        }
    }

    private func record(_ outcome: PreviewOutcome, of file: Int64) throws {
        guard case .made(let facts, let triedStrip) = outcome else {
            guard case .failed(let reason) = outcome else { return }
            try connection.run(
                "INSERT OR REPLACE INTO preview (file, version, made_at, failure) VALUES (?, ?, ?, ?)",
                [.integer(file), .integer(PreviewOrder.version), .integer(now()), .text(reason)])
            return
        }
        let strip = facts.strip
        try connection.run(
            """
            INSERT OR REPLACE INTO preview
                   (file, version, made_at, damage, origin, small_width, small_height, small_bytes, large_bytes,
                    strip_frames, strip_width, strip_height, strip_bytes, color, hash, hash_version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(file), .integer(PreviewOrder.version), .integer(now()), .text(facts.damage),
                .text(facts.origin.rawValue), .integer(facts.small.width), .integer(facts.small.height),
                .integer(facts.small.bytes), .integer(facts.large.map(\.bytes) ?? (facts.hasMore ? 0 : nil)),
                .integer(strip?.frames ?? (triedStrip ? 0 : nil)), .integer(strip?.width),
                .integer(strip?.height), .integer(strip?.bytes ?? 0),
                .integer(facts.color.reduce(0) { $0 << 8 | Int($1) }),
                .integer(facts.hash.map(Int64.init(bitPattern:))), .integer(facts.hashVersion),
            ])
    }

    /// Forgets the previews of these contents.
    public func forget(previewsOf files: [Int64]) throws {
        try describingErrors("forget previews") {
            try connection.transaction {
                for file in files {
                    try connection.run("DELETE FROM preview WHERE file = ?", [.integer(file)])
                }
            }
        }
    }

    /// Forgets all previews, those of contents that no asset has any more included.
    public func forgetAllPreviews() throws {
        try describingErrors("forget previews") {
            try connection.transaction { _ = try connection.run("DELETE FROM preview") }
        }
    }

    // MARK: Room

    /// The bytes that previews take, as they were recorded.
    public func previewBytes() throws -> Int64 {
        try connection.first(
            "SELECT coalesce(sum(small_bytes + coalesce(large_bytes, 0) + strip_bytes), 0) FROM preview"
        ) { $0.integer(0) } ?? 0
    }

    /// How many bytes previews may take; nil where nobody said.
    public func previewBound() throws -> Int64? {
        try connection.first("SELECT bytes FROM preview_bound") { $0.integer(0) }
    }

    /// Says how many bytes previews may take.
    public func setPreviewBound(_ bytes: Int64) throws {
        try describingErrors("keep the bound of the previews") {
            try connection.transaction {
                _ = try connection.run(
                    "INSERT OR REPLACE INTO preview_bound (id, bytes) VALUES (1, ?)", [.integer(bytes)])
            }
        }
    }

    /// The assets with a large preview, the ones taken longest ago first, behind one that was given before.
    public func largePreviews(behind last: PreviewWork? = nil, limit: Int) throws -> [PreviewWork] {
        try connection.rows(
            """
            SELECT a.id, a.sort_at, a.kind, a.name, f.id, f.sha256, \(Preview.columns)
              FROM asset   AS a
              JOIN preview AS p ON p.file = a.file AND p.large_bytes > 0
              JOIN file    AS f ON f.id = a.file
             WHERE a.present = 1 AND (a.sort_at, a.id) > (?, ?)
             ORDER BY a.sort_at, a.id
             LIMIT ?
            """,
            [
                .integer(last?.sortAt ?? Int64.min), .integer(last?.asset.rawValue ?? Int64.min),
                .integer(limit),
            ]
        ) { row -> PreviewWork? in
            guard let kind = AssetKind(rawValue: row.text(2)), let digest = SHA256Digest(bytes: row.blob(5))
            else { return nil }
            return PreviewWork(
                asset: AssetID(rawValue: row.integer(0)), sortAt: row.integer(1), kind: kind,
                name: row.text(3),
                file: row.integer(4), digest: digest, known: Preview(row: row, from: 6))
        }
        .compactMap(\.self)
    }

    /// Notes that the large previews of these contents are not kept.
    public func giveUpLarge(previewsOf files: [Int64]) throws {
        guard !files.isEmpty else { return }
        try describingErrors("record what previews there are") {
            try connection.transaction {
                for file in files {
                    try connection.run(
                        "UPDATE preview SET large_bytes = 0 WHERE file = ? AND large_bytes > 0",
                        [.integer(file)])
                }
            }
        }
    }
}

/// What there is of previews in all.
public struct PreviewStanding: Hashable, Sendable {
    /// Photographs and clips.
    public let assets: Int
    /// How many have previews.
    public let made: Int
    /// How many of those show less than they should, because the original is damaged.
    public let damaged: Int
    /// Of how many no preview can be made.
    public let failed: Int
    /// How many have a small preview and could have a large one.
    public let withoutLarge: Int
    /// Files that should be there.
    public let files: Int
    /// Their bytes.
    public let bytes: Int64

    /// How many have none that anybody tried to make.
    public var missing: Int { assets - made - failed }
}

/// An asset of which no preview can be made.
public struct PreviewFailure: Hashable, Sendable {
    /// The asset's digits as people see them.
    public let shortName: String
    /// The original's name.
    public let name: String
    /// Why.
    public let reason: String
    /// When that was found out, in milliseconds since 1970.
    public let at: Int64
}

extension Catalog {
    /// What there is of previews in all.
    public func previewStanding() throws -> PreviewStanding {
        let files = """
            (p.small_bytes > 0) + coalesce(p.large_bytes > 0, 0) + (p.strip_bytes > 0)
            """
        let bytes = "p.small_bytes + coalesce(p.large_bytes, 0) + p.strip_bytes"
        let standing = try connection.first(
            """
            SELECT count(*), count(p.small_width), count(p.damage), count(p.failure),
                   coalesce(sum(p.large_bytes = 0), 0), coalesce(sum(\(files)), 0), coalesce(sum(\(bytes)), 0)
              FROM asset        AS a
              LEFT JOIN preview AS p ON p.file = a.file
             WHERE a.present = 1 AND a.kind IN ('photo', 'clip')
            """
        ) { row in
            PreviewStanding(
                assets: row.int(0), made: row.int(1), damaged: row.int(2), failed: row.int(3),
                withoutLarge: row.int(4), files: row.int(5), bytes: row.integer(6))
        }
        guard let standing else { throw CatalogError(.broken, "the catalogue gave no count") }
        return standing
    }

    /// The assets of which no preview can be made, at most `limit`.
    public func previewFailures(limit: Int) throws -> [PreviewFailure] {
        try connection.rows(
            """
            SELECT f.sha256, a.name, p.failure, p.made_at
              FROM preview AS p
              JOIN asset   AS a ON a.file = p.file AND a.present = 1
              JOIN file    AS f ON f.id = p.file
             WHERE p.failure IS NOT NULL
             ORDER BY p.file
             LIMIT ?
            """,
            [.integer(limit)]
        ) { row in
            PreviewFailure(
                shortName: String(hexadecimal(row.blob(0)).prefix(7)), name: row.text(1), reason: row.text(2),
                at: row.integer(3))
        }
    }
}
