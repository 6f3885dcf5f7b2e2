public import Files
public import MediaProtocol
internal import Storage

/// Whether a copy is kept, or lies on a card that will be formatted.
public enum CopyKind: String, Sendable {
    case archive
    case source
}

/// A copy that the catalogue knows, as a scan compares it.
public struct KnownCopy: Hashable, Sendable {
    /// The copy's key.
    public let id: Int64
    /// The content it held.
    public let file: Int64
    /// Where it lies, from the volume's mount point.
    public let path: Path
    /// What it looked like when it was recorded.
    public let identity: FileIdentity
    /// Whether it is kept.
    public let kind: CopyKind
    /// What the last look found: recorded, verified, differs, missing or unreadable.
    public let finding: String
}

/// What a scan saw and did not take.
public enum StrayOutcome: String, Sendable {
    /// No picture, clip, sound or sidecar.
    case other
    /// It could not be read.
    case failed
}

/// A file that a scan saw and did not take, and why.
public struct StrayRecord: Hashable, Sendable {
    /// The volume it lies on.
    public var volume: Int64
    /// Where, from the volume's mount point.
    public var path: Path
    /// What it looked like.
    public var identity: FileIdentity
    /// Which of the two it is.
    public var outcome: StrayOutcome
    /// Why, in words.
    public var reason: String

    /// A file that was not taken, and why.
    public init(volume: Int64, path: Path, identity: FileIdentity, outcome: StrayOutcome, reason: String) {
        self.volume = volume
        self.path = path
        self.identity = identity
        self.outcome = outcome
        self.reason = reason
    }
}

/// Files that are one asset, or that belong to none, with what they say together.
public struct GroupRecord: Sendable {
    /// What the asset is; nil for files without an asset, such as a sidecar whose picture is not here.
    public var kind: AssetKind?
    /// The asset that these files belong to already, if they do.
    public var asset: AssetID?
    /// The original's name, for people.
    public var name: String
    /// What the files say together, merged by their precedence; nil when none could be read.
    public var reading: Reading?
    /// Why the original cannot be understood, if so.
    public var unreadable: String?
    /// The files; the first is the original.
    public var files: [FileRecord]

    /// Files that are one asset.
    public init(
        kind: AssetKind?,
        asset: AssetID?,
        name: String,
        reading: Reading?,
        unreadable: String?,
        files: [FileRecord]
    ) {
        self.kind = kind
        self.asset = asset
        self.name = name
        self.reading = reading
        self.unreadable = unreadable
        self.files = files
    }
}

/// One file of a group.
public struct FileRecord: Sendable {
    /// What it is to the asset.
    public var role: FileRole
    /// Its name, for people.
    public var name: String
    /// Its content: one that is recorded already, or one that was just read.
    public var content: FileContent
    /// Where it was found or put.
    public var copies: [CopyRecord]
    /// Its place among the segments of a clip, from 1, or the number of a frame.
    public var position: Int?
    /// The evidence by which it belongs to the asset, in words; nil for the original.
    public var because: String?
    /// What it says of itself as a part of a recording.
    public var segment: SegmentFacts?

    /// One file of a group.
    public init(
        role: FileRole,
        name: String,
        content: FileContent,
        copies: [CopyRecord],
        position: Int? = nil,
        because: String? = nil,
        segment: SegmentFacts? = nil
    ) {
        self.role = role
        self.name = name
        self.content = content
        self.copies = copies
        self.position = position
        self.because = because
        self.segment = segment
    }
}

/// A content that is recorded already, or one that was just read.
public enum FileContent: Sendable {
    /// The row of this key.
    case recorded(file: Int64)
    /// What reading it gave.
    case read(ReadContent)
}

/// What reading a file's bytes gave.
public struct ReadContent: Sendable {
    /// Both digests.
    public var digests: Digests
    /// Size in bytes.
    public var size: Int64
    /// Format by content.
    public var format: String
    /// Why it cannot be understood, if so.
    public var unreadable: String?
    /// Every tag, compressed.
    public var rawTags: [UInt8]
    /// The dictionary that `rawTags` was compressed with.
    public var rawDictionary: Int

    /// What reading a file's bytes gave.
    public init(
        digests: Digests,
        size: Int64,
        format: String,
        unreadable: String?,
        rawTags: [UInt8],
        rawDictionary: Int
    ) {
        self.digests = digests
        self.size = size
        self.format = format
        self.unreadable = unreadable
        self.rawTags = rawTags
        self.rawDictionary = rawDictionary
    }
}

/// A file at a path.
public struct CopyRecord: Hashable, Sendable {
    /// The volume.
    public var volume: Int64
    /// The path from the volume's mount point.
    public var path: Path
    /// Whether it is kept.
    public var kind: CopyKind
    /// What it looks like.
    public var identity: FileIdentity
    /// When it was last read back from the disk and found right, in milliseconds since 1970.
    public var checkedAt: Int64?
    /// The row of this copy, when it is known and was changed or touched.
    public var existing: Int64?

    /// A file at a path.
    public init(
        volume: Int64,
        path: Path,
        kind: CopyKind,
        identity: FileIdentity,
        checkedAt: Int64?,
        existing: Int64?
    ) {
        self.volume = volume
        self.path = path
        self.kind = kind
        self.identity = identity
        self.checkedAt = checkedAt
        self.existing = existing
    }
}

/// A file that is part of an asset already, for groups of which only a part is new.
public struct GroupMember: Hashable, Sendable {
    /// The copy that was asked for.
    public let copy: Int64
    /// Its content.
    public let file: Int64
    /// What it is to the asset; nil for files without an asset.
    public let role: FileRole?
    /// Its asset.
    public let asset: AssetID?
    /// The content's SHA-256.
    public let digest: SHA256Digest
    /// The content's format.
    public let format: String
    /// The asset's wall-clock time as the camera wrote it.
    public let wallMilliseconds: Int64?
    /// The asset's camera model.
    public let model: String?
}

/// What became of one file of a group.
public enum FileOutcome: String, Sendable {
    /// Its content was not in the archive before.
    case new
    /// Its content was, at another path: it moved, or it is a second copy.
    case double
    /// It was recorded already.
    case known
}

/// What became of a group.
public struct GroupOutcome: Sendable {
    /// The asset, if the files have one.
    public let asset: AssetID?
    /// Whether the asset is new to the archive.
    public let isNewAsset: Bool
    /// For each of its files, in order.
    public let files: [FileOutcome]
}

/// The count that adds up: seen = new + known + changed + other + failed.
public struct ImportCounts: Hashable, Sendable {
    /// Files seen by the scan.
    public var seen = 0
    /// Contents the archive did not have.
    public var new = 0
    /// Contents it had.
    public var known = 0
    /// Other contents at known paths.
    public var changed = 0
    /// No pictures, clips, sounds or sidecars.
    public var other = 0
    /// Files that could not be read.
    public var failed = 0

    /// Nothing seen yet.
    public init() {}

    /// True when every file is counted once.
    public var addsUp: Bool { seen == new + known + changed + other + failed }
}

/// Copies that the catalogue knows below a folder, in byte order of their paths, read at the caller's pace.
public final class KnownCopies {
    private let cursor: Cursor
    private let reader: Connection
    /// SQLite orders bytes behind all text, so the few paths that are not UTF-8 are held and mixed in.
    private var unordered: [KnownCopy]
    private var ahead: KnownCopy?

    init(reader: Connection, volume: Int64, below folder: Path) throws {
        self.reader = reader
        let range = PathRange(below: folder)
        let columns = "id, file, path, size, modified_ns, inode, kind, finding"
        unordered =
            try reader
            .rows(
                "SELECT \(columns) FROM copy WHERE volume = ? AND typeof(path) = 'blob'", [.integer(volume)],
                KnownCopies.copy
            )
            .filter { $0.path.relative(to: folder) != nil }
            .sorted { $0.path > $1.path }
        cursor = try reader.cursor(
            "SELECT \(columns) FROM copy WHERE volume = ? AND path >= ? AND path < ? ORDER BY path",
            [.integer(volume), range.from, range.to]
        )
        ahead = try cursor.next().map(KnownCopies.copy)
    }

    /// The next copy, or nil at the end.
    public func next() throws -> KnownCopy? {
        if let held = unordered.last, ahead.map({ held.path < $0.path }) ?? true {
            return unordered.removeLast()
        }
        let current = ahead
        if current != nil { ahead = try cursor.next().map(KnownCopies.copy) }
        return current
    }

    static func copy(_ row: Row) -> KnownCopy {
        KnownCopy(
            id: row.integer(0),
            file: row.integer(1),
            path: Path(bytes: row.blob(2)),
            identity: FileIdentity(
                size: row.integer(3), modifiedNanoseconds: row.integer(4), inode: row.integer(5)),
            kind: CopyKind(rawValue: row.text(6)) ?? .archive,
            finding: row.text(7)
        )
    }
}
