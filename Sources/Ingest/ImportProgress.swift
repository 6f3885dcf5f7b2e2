internal import Files
internal import Synchronization

/// How far an import is, for who watches it from another thread.
public final class ImportProgress: Sendable {
    /// How far it was at one moment.
    public struct Snapshot: Hashable, Sendable {
        /// Files dealt with.
        public var files = 0
        /// The bytes they have.
        public var bytes: Int64 = 0
        /// Bytes that were truly read so far.
        public var bytesRead: Int64 = 0
        /// All files, once that is known.
        public var allFiles: Int?
        /// All bytes, once that is known.
        public var allBytes: Int64?
    }

    private let files = Atomic<Int>(0)
    private let bytes = Atomic<Int64>(0)
    private let bytesRead = Atomic<Int64>(0)
    private let totals = Mutex<(files: Int, bytes: Int64)?>(nil)

    /// The progress of an import that has not begun.
    public init() {}

    /// How far it is now.
    public var snapshot: Snapshot {
        let totals = totals.withLock { $0 }
        return Snapshot(
            files: files.load(ordering: .relaxed),
            bytes: bytes.load(ordering: .relaxed),
            bytesRead: bytesRead.load(ordering: .relaxed),
            allFiles: totals?.files,
            allBytes: totals?.bytes
        )
    }

    func passed(bytes count: Int64) {
        files.add(1, ordering: .relaxed)
        bytes.add(count, ordering: .relaxed)
    }

    func read(_ count: Int) {
        bytesRead.add(Int64(count), ordering: .relaxed)
    }

    /// Walks the source once more, for the totals alone; worth it only when the import takes a while.
    func takeTotals(of source: Path, access: FileAccess, stop: () -> Bool) {
        guard let walk = try? Walk(source, access: access) else { return }
        var files = 0
        var bytes: Int64 = 0
        while let entry = walk.next() {
            if stop() { return }
            switch entry.kind {
            case .file, .special, .failed:
                files += 1
                bytes += entry.identity.size
            case .folder, .leftover: break
            }
        }
        let all = (files: files, bytes: bytes)
        totals.withLock { $0 = all }
    }
}
