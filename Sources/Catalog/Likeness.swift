internal import Files
internal import Storage

/// An asset that looks like another.
public struct AlikeAsset: Hashable, Sendable {
    /// The asset.
    public let asset: AssetID
    /// In how many of 64 bits the perceptual hashes differ.
    public let distance: Int
}

/// Near doubles: assets whose previews look alike, by the distance of their perceptual hashes.
public enum Likeness {
    /// Hashes that differ in no more bits are of pictures that look alike.
    public static let usual = 10
    /// The farthest that can be asked for.
    ///
    /// Of pictures that have nothing in common hashes differ in half of the bits, give or take eight.
    public static let farthest = 15

    /// The values that a quarter of a hash can have, if the whole differs in no more than `distance` bits: one of the
    /// four quarters then differs in no more than a quarter of them (Norouzi, Punjani, Fleet, *Fast Search in Hamming
    /// Space with Multi-Index Hashing*, 2012).
    static func probes(of quarter: UInt16, distance: Int) -> [Int64] {
        var values = [quarter]
        var reached = [quarter]
        for flips in 0..<min(distance / 4, 3) {
            // Bits are turned in falling order only, so that no value comes twice.
            reached = reached.flatMap { value -> [UInt16] in
                let turned = value ^ quarter
                let lowest = flips == 0 ? 16 : turned.trailingZeroBitCount
                return (0..<lowest).map { value ^ (1 << UInt16($0)) }
            }
            values += reached
        }
        return values.map(Int64.init)
    }

    static func quarter(_ number: Int, of hash: UInt64) -> UInt16 {
        UInt16(truncatingIfNeeded: hash >> UInt64(number * 16))
    }

    /// The statements that look up a quarter's values, each through its own index.
    static let lookups = (0..<4).map { number in
        let quarter = number == 0 ? "p.hash & 65535" : "(p.hash >> \(number * 16)) & 65535"
        return """
            SELECT p.file, p.hash
              FROM preview AS p INDEXED BY preview_band_\(number)
             WHERE (\(quarter)) IN (SELECT value FROM json_each(?))
               AND p.hash IS NOT NULL
            """
    }
}

extension Likeness {
    /// The contents whose hashes differ from this one in no more bits, in no order.
    static func files(like hash: UInt64, within distance: Int, on connection: Connection) throws
        -> [(file: Int64, distance: Int)]
    {
        var nearest: [Int64: Int] = [:]
        for number in 0..<4 {
            let values = probes(of: quarter(number, of: hash), distance: distance)
            try connection.each(lookups[number], [QueryCompiler.list(values)]) { row in
                let other = UInt64(bitPattern: row.integer(1))
                let found = (other ^ hash).nonzeroBitCount
                if found <= distance { nearest[row.integer(0)] = found }
            }
        }
        return nearest.map { (file: $0.key, distance: $0.value) }
    }

    /// The contents that look like the original that these first digits of a digest name, itself included; none when it
    /// has no hash.
    static func files(likeDigits digits: String, on connection: Connection) throws -> [Int64] {
        let hashes = try connection.rows(
            """
            SELECT p.hash
              FROM file    AS f
              JOIN asset   AS a ON a.file = f.id AND a.present = 1
              JOIN preview AS p ON p.file = f.id
             WHERE f.sha256 BETWEEN ? AND ? AND p.hash IS NOT NULL
            """,
            [
                .blob(Catalog.digestBound(digits, filler: "0")),
                .blob(Catalog.digestBound(digits, filler: "f")),
            ]
        ) { UInt64(bitPattern: $0.integer(0)) }
        let found = try hashes.flatMap { try files(like: $0, within: usual, on: connection) }
        return Set(found.map(\.file)).sorted()
    }
}

extension Catalog {
    /// The assets that look like one, the nearest first and of those the newest; itself is not among them.
    ///
    /// Throws `CatalogError` when that has no preview, or nothing in its picture to tell it by.
    public func alike(to asset: AssetID, within distance: Int = Likeness.usual) throws -> [AlikeAsset] {
        try describingErrors("look for what is alike") {
            let hash = try likenessHash(of: asset)
            let candidates = try Likeness.files(like: hash.value, within: distance, on: connection)
            var found: [(alike: AlikeAsset, sortAt: Int64)] = []
            for candidate in candidates {
                let other = try connection.first(
                    """
                    SELECT a.id, a.sort_at
                      FROM asset   AS a
                      JOIN preview AS p ON p.file = a.file
                     WHERE a.file = ? AND a.present = 1 AND p.hash_version = ?
                    """,
                    [.integer(candidate.file), .integer(hash.version)]
                ) { (AssetID(rawValue: $0.integer(0)), $0.integer(1)) }
                guard let other, other.0 != asset else { continue }
                found.append((AlikeAsset(asset: other.0, distance: candidate.distance), other.1))
            }
            return found.sorted {
                ($0.alike.distance, -$0.sortAt, $0.alike.asset) < (
                    $1.alike.distance, -$1.sortAt, $1.alike.asset
                )
            }
            .map(\.alike)
        }
    }

    private func likenessHash(of asset: AssetID) throws -> (value: UInt64, version: Int) {
        let row = try connection.first(
            """
            SELECT f.sha256, p.file IS NOT NULL, p.failure, p.damage, p.hash, p.hash_version, a.kind
              FROM asset        AS a
              JOIN file         AS f ON f.id = a.file
              LEFT JOIN preview AS p ON p.file = a.file
             WHERE a.id = ?
            """,
            [.integer(asset.rawValue)]
        ) { row in
            (
                name: String(hexadecimal(row.blob(0)).prefix(7)), isThere: row.int(1) == 1,
                failure: row.textOrNil(2), damage: row.textOrNil(3),
                hash: row.integerOrNil(4).map(UInt64.init(bitPattern:)), version: row.intOrNil(5),
                kind: row.text(6)
            )
        }
        guard let row else { throw CatalogError(.notFound, "there is no such asset") }
        if let hash = row.hash, let version = row.version { return (hash, version) }
        if row.kind == AssetKind.sound.rawValue {
            throw CatalogError(.refused, "\(row.name) is a sound: likeness is told by pictures")
        }
        guard row.isThere else {
            throw CatalogError(
                .refused, "\(row.name) has no preview yet, and likeness is told by previews",
                next: "valhalla previews build makes those that are missing")
        }
        if let failure = row.failure {
            throw CatalogError(
                .refused, "of \(row.name) no preview can be made, and likeness is told by previews",
                details: ["cause: \(failure)"])
        }
        throw CatalogError(
            .refused,
            row.damage == nil
                ? "the picture of \(row.name) is one plain surface: there is nothing to tell it by"
                : "a part of the picture of \(row.name) is lost: there is too little to tell it by")
    }

    /// True when photographs or clips among the newest have no preview, and so are not found by likeness.
    ///
    /// Only the newest are looked at: it is there that previews are missing, and the answer must not wait for a count.
    public func lacksPreviews() throws -> Bool {
        try connection.first(
            """
            SELECT 1
              FROM (SELECT a.file
                      FROM asset AS a
                     WHERE a.present = 1 AND a.kind IN ('photo', 'clip')
                     ORDER BY a.sort_at DESC, a.id DESC
                     LIMIT 200) AS newest
             WHERE NOT EXISTS (SELECT 1 FROM preview AS p WHERE p.file = newest.file)
             LIMIT 1
            """
        ) { _ in true } ?? false
    }
}
