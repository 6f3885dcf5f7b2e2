public import Catalog
public import Files
internal import Glibc
public import Workers

/// What to import, and how.
public struct ImportRequest: Sendable {
    /// The folder of the shoot.
    public var source: Path
    /// The names in that folder that are taken, and nothing else; all that lies in it and below it where this is nil.
    ///
    /// What the archive has of the folder is grouped with them as if all of it were imported.
    public var names: Set<Path>?
    /// The command in the words of who gave it, for the log.
    public var command: String
    /// The session that the assets join.
    public var session: String?
    /// The tags that they get.
    public var tags: [TagPath] = []
    /// The folders to copy to, each its own copy; none records the files where they are.
    public var copyTo: [Path] = []
    /// True to tell what would happen, and write nothing.
    public var isRehearsal = false
    /// The door to the file system.
    public var access = FileAccess()
    /// The metadata reader for stills and sidecars.
    public var stillsReader: WorkerProgram
    /// The reader for clips and sounds; started when the first comes by.
    public var mediaReader: WorkerProgram
    /// How many files are read at a time.
    public var threads = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    /// Trips when a person wants it to stop.
    public var interruption = Interruption()

    /// An import of a folder in place, with the workers that lie beside this program.
    public init(source: Path, command: String, workers folder: [UInt8] = WorkerProgram.folder()) {
        self.source = source
        self.command = command
        stillsReader = .reader(in: folder)
        mediaReader = .media(in: folder)
    }
}

/// What an import found and did.
public struct ImportReport: Sendable {
    /// A file and what there is to say about it.
    public struct Remark: Hashable, Sendable {
        /// Where it lies, below the imported folder.
        public let path: Path
        /// What there is to say.
        public let reason: String
    }

    /// A file that belongs to another, and stays on its own.
    public struct Apart: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Why.
        public let reason: String
    }

    /// At most so many remarks of a kind are held; the counts tell of all, and the catalogue keeps them.
    public static let longestList = 1_000

    /// The count that adds up.
    public internal(set) var counts = ImportCounts()
    /// New assets by what they are.
    public internal(set) var assets: [AssetKind: Int] = [:]
    /// Assets with a companion: RAW and JPEG of one exposure, or the two parts of a Live Photo.
    public internal(set) var pairs = 0
    /// Files that turned out to be a part of another asset: segments of its recording, the other half of its exposure.
    public internal(set) var joined = 0
    /// Parts that belong together and stay apart, and why.
    public internal(set) var apart: [Apart] = []
    /// A card whose tree was recognised.
    public struct Card: Hashable, Sendable {
        /// What the maker calls it.
        public let name: String
        /// Where its tree begins, below the imported folder.
        public let path: Path
    }

    /// The cards whose trees were recognised, in the order in which they were met.
    public internal(set) var cards: [Card] = []
    /// Clips of this import of which a part is not here.
    public internal(set) var incomplete = 0
    /// Bursts that no camera named, told by numbers and times.
    public internal(set) var bursts = 0
    /// Contents that the archive had already, at another path, and has there still.
    public internal(set) var doubles = 0
    /// The same with the places where the archive has them.
    public internal(set) var doubled: [Remark] = []
    /// Files that are at another path than they were.
    public internal(set) var moved = 0
    /// Recorded copies that are not there any more.
    public internal(set) var missing = 0
    /// Files that hold other bytes than were recorded at their path.
    public internal(set) var changed: [Remark] = []
    /// Files that are kept, but that no reader understands.
    public internal(set) var unreadable: [Remark] = []
    /// Files that could not be taken.
    public internal(set) var failed: [Remark] = []
    /// Files that are none of ours.
    public internal(set) var other: [Remark] = []
    /// What the offload manifests that were met came to, in the order in which they were met.
    public internal(set) var manifests: [ManifestReport] = []
    /// Copies that were written.
    public internal(set) var copied = 0
    /// Copies that were read back from the disk and have the source's bytes; those that lay there already included.
    public internal(set) var verified = 0
    /// Bytes read from the source.
    public internal(set) var bytes: Int64 = 0
    /// Seconds from the first look to the last record.
    public internal(set) var seconds = 0.0
    /// Where the copies are, one folder for each that was asked for.
    public internal(set) var destinations: [Path] = []
    /// True when a person stopped it.
    ///
    /// What was recorded stays, and the same command goes on from there.
    public internal(set) var wasInterrupted = false
    /// Why it ended before its end, if a disk did that; what was recorded stays.
    public internal(set) var stoppedBy: FileError?
}

/// What must never happen in an import, and ends it when it does.
public enum ImportError: Error, Hashable, Sendable {
    /// Files were lost sight of, or counted twice: a mistake of ours.
    case doesNotAddUp(ImportCounts)
}
