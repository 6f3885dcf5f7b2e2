public import Catalog
public import Files
internal import Glibc
internal import Synchronization
public import Workers

/// Which previews to make, and how.
public struct PreviewRequest: Sendable {
    /// The bytes that previews may take where nobody said: both sizes of a hundred thousand photographs.
    public static let usualBound: Int64 = 50_000_000_000

    /// Of which assets.
    public var query: Query
    /// Where they lie.
    public var folder: PreviewFolder
    /// Make those that are there anew, and try again those that failed.
    public var isAgain = false
    /// Only the small ones, and no film strips.
    public var isSmallOnly = false
    /// How many bytes previews may take, from this run on; nil leaves it as it was.
    public var bound: Int64?
    /// The door to the file system.
    public var access = FileAccess()
    /// The program that decodes.
    public var worker: WorkerProgram
    /// How many are made at a time.
    public var threads = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    /// Trips when a person wants it to stop.
    public var interruption = Interruption()

    /// A run over the assets of a query, with the worker that lies beside this program.
    public init(query: Query, folder: PreviewFolder, workers: [UInt8] = WorkerProgram.folder()) {
        self.query = query
        self.folder = folder
        worker = .media(in: workers)
    }
}

/// What came of a run; seen = made + there + failed + offline + absent + left.
public struct PreviewReport: Sendable {
    /// An asset and what there is to say about it.
    public struct Remark: Hashable, Sendable {
        /// The digits people see.
        public let shortName: String
        /// The original's name.
        public let name: String
        /// What there is to say.
        public let reason: String
    }

    /// Why a run ended before its end.
    public enum Stop: Hashable, Sendable {
        /// The small previews alone fill what previews may take.
        case bound
        /// The disk of the archive is nearly full: so many bytes are free.
        case disk(free: Int64)
        /// A person stopped it.
        case person
    }

    /// At most so many remarks of a kind are held; the counts tell of all.
    public static let longestList = 1_000

    /// Photographs and clips of the query.
    public internal(set) var seen = 0
    /// Sounds of the query, which have no previews.
    public internal(set) var sounds = 0
    /// Assets of which previews were made now, by what they are.
    public internal(set) var madeKinds: [AssetKind: Int] = [:]
    /// The same in all.
    public var made: Int { madeKinds.values.reduce(0, +) }
    /// Assets whose previews were there.
    public internal(set) var there = 0
    /// Assets of which none can be made, as was found now or before.
    public internal(set) var failed = 0
    /// Those found now, with the reasons.
    public internal(set) var failures: [Remark] = []
    /// Assets whose originals are on volumes that are not here, by the volume's name.
    public internal(set) var offline: [String: Int] = [:]
    /// Assets whose original is not where it should be, or is another file now.
    public internal(set) var absent = 0
    /// The same with the reasons.
    public internal(set) var absences: [Remark] = []
    /// Assets that were left because the run stopped.
    public internal(set) var left = 0
    /// Previews of this run that show only a part, because the original is damaged.
    public internal(set) var damaged: [Remark] = []
    /// Large previews that were not made for want of room.
    public internal(set) var withoutLarge = 0
    /// Large previews of the pictures taken longest ago that gave way to others.
    public internal(set) var gaveWay = 0
    /// Bytes of the previews made.
    public internal(set) var bytesMade: Int64 = 0
    /// Bytes of all previews at the end.
    public internal(set) var bytes: Int64 = 0
    /// How many they may be.
    public internal(set) var bound: Int64 = 0
    /// Why it ended before its end, if it did.
    public internal(set) var stop: Stop?
    /// Seconds from the first look to the last record.
    public internal(set) var seconds = 0.0

    /// True when every photograph and clip is counted once.
    public var addsUp: Bool {
        seen == made + there + failed + offline.values.reduce(0, +) + absent + left
    }
}

/// How far a run is, for who watches it from another thread.
public final class PreviewProgress: Sendable {
    private let passed = Atomic<Int>(0)
    private let all = Atomic<Int>(0)

    /// The progress of a run that has not begun.
    public init() {}

    /// Assets dealt with.
    public var done: Int { passed.load(ordering: .relaxed) }
    /// Assets in all; nil while that is not known.
    public var total: Int? {
        let total = all.load(ordering: .relaxed)
        return total > 0 ? total : nil
    }

    func begin(_ total: Int) { all.store(total, ordering: .relaxed) }
    func pass() { passed.add(1, ordering: .relaxed) }
}
