internal import Catalog
internal import Files

/// A file that a scan came past and that has to be looked into.
struct FoundFile: Sendable {
    /// The path from the source's root.
    var path: Path
    var identity: FileIdentity
    /// The volume it lies on, and where.
    var volume: Int64
    var volumePath: Path
    /// The copy that the catalogue has at this path, when the file is not what it was.
    var known: KnownCopy?
    /// True when an earlier scan left it aside.
    var wasStray: Bool
    /// Where it is to be copied.
    var targets: [Target]
    /// What offload manifests say of it, if any does.
    var standing: ManifestStanding?

    /// A place for a copy.
    struct Target: Sendable {
        var volume: Int64
        var volumePath: Path
        var path: Path
    }
}

/// A file of a cluster.
struct ClusterFile: Sendable {
    enum Content: Sendable {
        /// To be read.
        case found(FoundFile)
        /// Recorded and unchanged; read again only for what it says, when another file of its cluster is new.
        case settled(copy: Int64, file: Int64)
    }

    /// The path from the source's root.
    var path: Path
    /// Its name in its folder, or its path on the card: what grouping goes by.
    var name: Path
    var content: Content
    /// Where a card's layout says it belongs.
    var place: CardLayout.Place?
    /// What the catalogue knows of the content at this path.
    var members: [GroupMember] = []

    var found: FoundFile? {
        if case .found(let found) = content { found } else { nil }
    }
}

/// Files that may be one asset, at least one of them to be read.
struct ClusterWork: Sendable {
    var files: [ClusterFile]
    /// The kind of card whose tree it lies on, where every file is kept.
    var card: String?

    var isOnCard: Bool { card != nil }

    var bytes: Int64 { files.reduce(0) { $0 + ($1.found?.identity.size ?? 0) } }
}

/// What one thread takes at a time: enough to be worth handing over, never a part of a cluster.
struct Chunk: Sendable {
    static let mostFiles = 16
    static let mostBytes: Int64 = 64 << 20

    var sequence: Int
    var clusters: [ClusterWork]
    /// Known files of which only a manifest wants to know more.
    var checks: [ManifestCheck] = []

    var fileCount: Int { clusters.reduce(checks.count) { $0 + $1.files.count } }
    var bytes: Int64 { clusters.reduce(checks.reduce(0) { $0 + $1.size }) { $0 + $1.bytes } }
}

/// What came of a file that a scan saw.
enum Tally: Hashable, Sendable {
    /// The catalogue tells whether its content is new.
    case byOutcome
    /// Another content at a path that was known.
    case changed
    /// The content is the recorded one.
    case known
}

/// A group to be recorded, and how its files count.
struct PlannedGroup: Sendable {
    struct Counted: Sendable {
        var found: FoundFile
        var tally: Tally
        var unreadable: String?
    }

    var record: GroupRecord
    /// One for each file of the record; nil for those that were counted elsewhere.
    var counted: [Counted?]
}

/// A file that is not taken.
struct NotTaken: Sendable {
    var path: Path
    /// What the catalogue keeps of it; nil when it keeps just that already.
    var record: StrayRecord?
    var outcome: StrayOutcome
    var reason: String
    var size: Int64
}

/// What a thread made of a chunk.
struct ChunkResult: Sendable {
    var sequence: Int
    var fileCount: Int
    var groups: [PlannedGroup] = []
    var notTaken: [NotTaken] = []
    /// What was found of files that manifests speak of.
    var findings: [Finding] = []
    var copied = 0
    var verified = 0
    var bytes: Int64 = 0
    /// Why it was not finished, and no other should be begun.
    var failure: (any Error)?
}
