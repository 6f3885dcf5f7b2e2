public import Files
internal import Storage

/// A file of an asset, and where its copies lie.
public struct AssetFile: Hashable, Sendable {
    /// The content's key.
    public let file: Int64
    /// What it is to the asset.
    public let role: FileRole
    /// Its name.
    public let name: String
    /// Its digests.
    public let digests: Digests
    /// Its size in bytes.
    public let size: Int64
    /// Its format by content.
    public let format: String
    /// Why no reader understands it, if so.
    public let unreadable: String?
    /// Its place among the segments of a clip, from 1, or the number of a frame.
    public let position: Int?
    /// The evidence by which it belongs to the asset, in words, where that was kept.
    public let because: String?
    /// What it says of itself as a part of a recording.
    public let segment: SegmentFacts?
    /// Where it lies, archive copies first, and of those the ones read back last first.
    public let copies: [FileCopy]
}

/// A file at a path of a volume.
public struct FileCopy: Hashable, Sendable {
    /// The copy's key.
    public let id: Int64
    /// The volume's lasting identity.
    public let volumeKey: String
    /// The volume's name.
    public let volumeName: String
    /// Where the volume was mounted when it was last seen.
    public let mount: Path
    /// The path from the volume's mount point.
    public let path: Path
    /// Whether it is kept.
    public let kind: CopyKind
    /// What it looked like when it was recorded.
    public let identity: FileIdentity
    /// When it was last read back, in milliseconds since 1970.
    public let checkedAt: Int64?
    /// What was found: recorded, verified, differs, missing or unreadable.
    public let finding: String

    /// Where it lies, if the volume is mounted where it was.
    public var location: Path { mount.appending(path) }
}

extension Catalog {
    /// The files of an asset, the original first and its further segments in order behind it, with all their copies.
    public func files(of asset: AssetID) throws -> [AssetFile] {
        let files = try connection.rows(
            """
            SELECT f.id, af.role, af.name, f.sha256, f.xxh128, f.size, f.format, f.unreadable, af.position, af.because,
                   \(SegmentFacts.columns)
              FROM asset_file   AS af
              JOIN file         AS f ON f.id = af.file
              LEFT JOIN segment AS s ON s.file = af.file
             WHERE af.asset = ? AND af.present = 1
             ORDER BY af.role <> 'original', af.role <> 'segment', af.role = 'former', af.role, af.position, af.name
            """,
            [.integer(asset.rawValue)]
        ) { row -> AssetFile? in
            guard let role = FileRole(rawValue: row.text(1)), let sha256 = SHA256Digest(bytes: row.blob(3)),
                let xxh128 = XXH128Digest(bytes: row.blob(4))
            else { return nil }
            return AssetFile(
                file: row.integer(0), role: role, name: row.text(2),
                digests: Digests(sha256: sha256, xxh128: xxh128), size: row.integer(5), format: row.text(6),
                unreadable: row.textOrNil(7), position: row.intOrNil(8), because: row.textOrNil(9),
                segment: SegmentFacts(row, from: 10), copies: [])
        }
        return try files.compactMap(\.self).map { file in
            AssetFile(
                file: file.file, role: file.role, name: file.name, digests: file.digests, size: file.size,
                format: file.format, unreadable: file.unreadable, position: file.position,
                because: file.because, segment: file.segment, copies: try copies(of: file.file))
        }
    }

    /// The original of an asset and its further segments, in order.
    public func pictures(of asset: Asset) throws -> [AssetFile] {
        try files(of: asset.id).filter { [.original, .segment].contains($0.role) }
    }

    /// Where a content lies, archive copies first.
    public func copies(of file: Int64) throws -> [FileCopy] {
        try connection.rows(
            """
            SELECT c.id, v.key, v.name, v.mount, c.path, c.kind, c.size, c.modified_ns, c.inode, c.checked_at, c.finding
              FROM copy AS c JOIN volume AS v ON v.id = c.volume
             WHERE c.file = ?
             ORDER BY c.kind = 'source', c.finding IN ('missing', 'differs', 'unreadable'),
                      coalesce(c.checked_at, 0) DESC, c.id
            """,
            [.integer(file)],
            Catalog.copy
        )
    }

    /// Where the content with a digest lies, archive copies first; nowhere when the archive does not have it.
    public func copies(ofContent digest: SHA256Digest) throws -> [FileCopy] {
        let file = try connection.first("SELECT id FROM file WHERE sha256 = ?", [.blob(digest.bytes)]) {
            $0.integer(0)
        }
        return try file.map { try copies(of: $0) } ?? []
    }

    /// The digests of a content; nil when there is none of this key.
    public func digests(of file: Int64) throws -> Digests? {
        try connection.first("SELECT sha256, xxh128 FROM file WHERE id = ?", [.integer(file)]) { row in
            guard let sha256 = SHA256Digest(bytes: row.blob(0)), let xxh128 = XXH128Digest(bytes: row.blob(1))
            else { return nil }
            return Digests(sha256: sha256, xxh128: xxh128)
        } ?? nil
    }

    static func copy(_ row: Row) -> FileCopy {
        FileCopy(
            id: row.integer(0),
            volumeKey: row.text(1),
            volumeName: row.text(2),
            mount: Path(row.text(3)),
            path: Path(bytes: row.blob(4)),
            kind: CopyKind(rawValue: row.text(5)) ?? .archive,
            identity: FileIdentity(
                size: row.integer(6), modifiedNanoseconds: row.integer(7), inode: row.integer(8)),
            checkedAt: row.integerOrNil(9),
            finding: row.text(10)
        )
    }

    /// Every tag that the reader gave for an asset's original, as compressed JSON, with its dictionary's version.
    public func rawTags(ofFile file: Int64) throws -> (dictionary: Int, tags: [UInt8])? {
        try connection.first("SELECT dictionary, tags FROM raw WHERE file = ?", [.integer(file)]) {
            ($0.int(0), $0.blob(1))
        }
    }
}
