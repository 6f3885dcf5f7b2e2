internal import CLinux
internal import Glibc
internal import Synchronization

/// A file that was not there before, being written.
///
/// While it is open it is locked, by which another run tells it from one that a killed run left behind.
public final class NewFile {
    /// Where it lies.
    public let path: Path

    private let descriptor: Int32
    private let access: FileAccess
    private var written: Int64 = 0
    /// How much of that the system was told to put on the disk.
    private var begun: Int64 = 0

    /// The bytes after which the system is told to begin.
    ///
    /// The disk is to work while the rest is still being read: left to itself, the system begins when it is told to wait for
    /// the end. Shorter stretches are many small writes to a disk of turning plates.
    private static let stretch: Int64 = 8 << 20

    init(_ path: Path, access: FileAccess) throws(FileError) {
        self.path = path
        self.access = access
        descriptor = try access.perform(.create, path, "create it") {
            path.withCString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644) }
        }
        // A file system without locks loses only the tidying up of what a killed run left.
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit { close(descriptor) }

    /// A file under a temporary name of ours in a folder, for what is not finished.
    public static func temporary(in folder: Path, access: FileAccess) throws(FileError) -> NewFile {
        while true {
            do throws(FileError) {
                return try NewFile(folder.appending(TemporaryName.next()), access: access)
            } catch {
                guard error.cause == .system(EEXIST) else { throw error }
            }
        }
    }

    /// Writes all of these bytes behind those written before.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = try access.perform(.write, path, "write it") {
                Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            written += Int64(count)
        }
        if written - begun >= NewFile.stretch {
            valhalla_begin_writing(descriptor, begun, written - begun)
            begun = written
        }
    }

    /// Writes all of these bytes behind those written before.
    public func write(_ bytes: [UInt8]) throws(FileError) {
        let outcome = bytes.withUnsafeBytes { buffer -> Result<Void, FileError> in
            do throws(FileError) { return .success(try write(buffer)) } catch { return .failure(error) }
        }
        try outcome.get()
    }

    /// Gives it a modification time, in nanoseconds since 1970.
    public func setModified(_ nanoseconds: Int64) throws(FileError) {
        let seconds =
            nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : (nanoseconds - 999_999_999) / 1_000_000_000
        let time = timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds - seconds * 1_000_000_000))
        try access.perform(.setTime, path, "keep its time") { futimens(descriptor, [time, time]) }
    }

    /// Gives it to a user and a group; false where the system does not allow that.
    func changeOwner(_ user: uid_t, _ group: gid_t) -> Bool { fchown(descriptor, user, group) == 0 }

    /// Says who may read and write it.
    func changeMode(_ mode: mode_t) throws(FileError) {
        try access.perform(.setTime, path, "keep who may read it") { fchmod(descriptor, mode) }
    }

    /// Sees it safely on the disk, and out of the system's memory, so that who reads it next reads the disk.
    public func sync() throws(FileError) {
        try access.perform(.sync, path, "write it to the disk") { fsync(descriptor) }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }
}

/// The names under which unfinished files lie beside their place.
public enum TemporaryName {
    private static let prefix = Array(".valhalla-part-".utf8)
    private static let counter = Atomic<Int>(0)

    /// True for the name of a temporary file of ours.
    public static func isOurs(_ name: Path) -> Bool {
        name.bytes.starts(with: prefix)
    }

    /// A name that no other thread of this process is given.
    static func next() -> Path {
        let number = counter.add(1, ordering: .relaxed).newValue
        return Path(bytes: prefix + Array("\(getpid())-\(number)".utf8))
    }
}
