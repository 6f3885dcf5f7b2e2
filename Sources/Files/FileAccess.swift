internal import CLinux
internal import Glibc

/// The door to the file system, which says what may be done: read what is there, create what is not.
///
/// Nothing here writes to a file that exists, and nothing removes one but those that carry the name of a temporary
/// of ours: an original cannot be harmed through this door, whoever holds it. A sidecar alone may get other words, by
/// `SidecarFile`, which takes nothing for one that is not called `.xmp`.
public struct FileAccess: Sendable {
    /// What is asked of the system.
    public enum Call: Hashable, Sendable {
        case list
        case look
        case open
        case read
        case create
        case write
        case sync
        case setTime
        case rename
        case remove
        case makeFolder
    }

    /// Asked before each call.
    ///
    /// What it returns is the errno that the call then fails with; nil lets it through.
    private let fault: (@Sendable (Call, Path) -> Int32?)?

    /// The file system as it is, or one where `fault` breaks chosen calls, or counts them.
    public init(fault: (@Sendable (Call, Path) -> Int32?)? = nil) {
        self.fault = fault
    }

    /// Opens a file for reading; there is no other way to an original's bytes.
    public func read(_ path: Path) throws(FileError) -> OpenOriginal {
        try OpenOriginal(path, access: self)
    }

    /// Creates a file that was not there.
    public func create(_ path: Path) throws(FileError) -> NewFile {
        try NewFile(path, access: self)
    }

    /// Size, time and inode of a path itself, not of what a link points to.
    public func status(of path: Path) throws(FileError) -> FileStatus {
        var status = stat()
        try perform(.look, path, "look at it") { path.withCString { lstat($0, &status) } }
        return FileStatus(status)
    }

    /// The same, or nil when there is nothing.
    public func statusIfThere(of path: Path) throws(FileError) -> FileStatus? {
        do throws(FileError) {
            return try status(of: path)
        } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }

    /// The path with all links and dots followed; it must be there.
    public func resolved(_ path: Path) throws(FileError) -> Path {
        guard let found = path.withCString({ realpath($0, nil) }) else {
            throw FileError("find it", path, .system(errno))
        }
        defer { free(found) }
        return Path(
            bytes: UnsafeBufferPointer(start: found, count: strlen(found)).map { UInt8(bitPattern: $0) }
        )
    }

    /// The names in a folder that `isWanted` takes, in byte order; no file of it is looked at.
    ///
    /// Links count by their own names; what they point to is for who opens them.
    public func names(in folder: Path, where isWanted: (Path) -> Bool) throws(FileError) -> [Path] {
        let descriptor = try perform(.list, folder, "open the folder") {
            folder.withCString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        }
        guard let stream = fdopendir(descriptor) else {
            let code = errno
            close(descriptor)
            throw FileError("read the folder", folder, .system(code))
        }
        defer { closedir(stream) }
        var names: [Path] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                Path(bytes: Array($0.prefix { $0 != 0 }))
            }
            if isWanted(name) { names.append(name) }
            errno = 0
        }
        if errno != 0 { throw FileError("read the folder to its end", folder, .system(errno)) }
        return names.sorted()
    }

    /// Makes a folder and those above it, and sees them safely on the disk.
    ///
    /// One that is there is left as it is.
    public func makeFolders(_ path: Path) throws(FileError) {
        do throws(FileError) {
            try perform(.makeFolder, path, "make the folder") { path.withCString { mkdir($0, 0o755) } }
        } catch {
            switch error.cause {
            case .system(EEXIST):
                var status = stat()
                try perform(.look, path, "look at it") { path.withCString { stat($0, &status) } }
                guard status.st_mode & S_IFMT == S_IFDIR else {
                    throw FileError("make the folder", path, .isNot("a folder"))
                }
                return
            // Some file systems say ENOENT of a folder that is there but takes no new names, such as /proc.
            case .system(ENOENT) where !path.folder.bytes.isEmpty && !isThere(path.folder):
                try makeFolders(path.folder)
                return try makeFolders(path)
            default: throw error
            }
        }
        try syncFolder(path.folder)
    }

    private func isThere(_ path: Path) -> Bool {
        var status = stat()
        return path.withCString { stat($0, &status) } == 0
    }

    /// Sees the names in a folder safely on the disk.
    public func syncFolder(_ path: Path) throws(FileError) {
        let path = path.bytes.isEmpty ? Path(".") : path
        let descriptor = try perform(.open, path, "open the folder") {
            path.withCString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        }
        defer { close(descriptor) }
        do throws(FileError) {
            try perform(.sync, path, "write the folder to the disk") { fsync(descriptor) }
        } catch  where error.cause == .system(EINVAL) {
            // Some network file systems cannot sync a folder and need not.
        }
    }

    /// Gives a finished file its name.
    ///
    /// What has that name already is never replaced: that is an error, `inTheWay`.
    public func place(_ temporary: Path, at path: Path) throws(FileError) {
        try perform(.rename, path, "give it its name") { 0 }
        var code = temporary.withCString { from in
            path.withCString { valhalla_rename_noreplace(from, $0) == 0 ? 0 : errno }
        }
        if code == EINVAL || code == ENOSYS {
            // An old kernel, NFS or a FUSE file system. link() does not replace either; only the old name must go.
            let linked = temporary.withCString { from in path.withCString { link(from, $0) } }
            code = linked == 0 ? 0 : errno
            if code == 0 { _ = temporary.withCString { unlink($0) } }
        }
        if code == EEXIST { throw FileError("give it its name", path, .inTheWay) }
        if code != 0 { throw FileError("give it its name", path, .system(code)) }
    }

    /// Removes a temporary of ours, finished or not; refuses every other name.
    public func discard(_ temporary: Path) throws(FileError) {
        guard TemporaryName.isOurs(temporary.name) else {
            throw FileError("remove it", temporary, .isNot("a temporary file of ours"))
        }
        try perform(.remove, temporary, "remove it") { temporary.withCString { unlink($0) } }
    }

    /// Removes a temporary that a killed run left behind; true when it was one.
    ///
    /// A running one holds a lock on its own.
    public func discardLeftover(_ temporary: Path) throws(FileError) -> Bool {
        let descriptor = temporary.withCString { open($0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
        try discard(temporary)
        return true
    }

    /// Free bytes, as far as this user may use them, on the disk of a path that is there.
    public func room(at path: Path) throws(FileError) -> Int64 {
        var status = statvfs()
        try perform(.look, path, "see how much room there is") { path.withCString { statvfs($0, &status) } }
        return Int64(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    }

    /// Makes one call and turns −1 into an error; a call that a signal interrupted is made again.
    @discardableResult
    func perform<Count: FixedWidthInteger & SignedInteger>(
        _ call: Call,
        _ path: Path,
        _ doing: String,
        _ body: () -> Count
    ) throws(FileError) -> Count {
        if let code = fault?(call, path) { throw FileError(doing, path, .system(code)) }
        while true {
            let result = body()
            if result >= 0 { return result }
            let code = errno
            if code != EINTR { throw FileError(doing, path, .system(code)) }
        }
    }
}

/// What `lstat` tells of a path.
public struct FileStatus: Hashable, Sendable {
    /// Size, time and inode.
    public let identity: FileIdentity
    /// The file system's number in this boot of the machine.
    public let device: UInt64
    /// When anything about it changed last, its name included, in nanoseconds since 1970.
    let changedNanoseconds: Int64
    let mode: mode_t
    private let user: uid_t
    private let group: gid_t

    init(_ status: stat) {
        identity = FileIdentity(status)
        device = UInt64(status.st_dev)
        changedNanoseconds = Int64(status.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_ctim.tv_nsec)
        mode = status.st_mode
        user = status.st_uid
        group = status.st_gid
    }

    /// True when nobody may write to it, by which people protect a file; a new one under its name would pass that by.
    var isWriteProtected: Bool { mode & 0o222 == 0 }

    /// Whose it is, and who may do what with it.
    var ownership: (owner: (user: uid_t, group: gid_t), mode: mode_t) { ((user, group), mode & 0o7777) }

    /// True for a file with bytes of its own.
    public var isRegularFile: Bool { mode & S_IFMT == S_IFREG }
    /// True for a folder.
    public var isFolder: Bool { mode & S_IFMT == S_IFDIR }
}

extension FileIdentity {
    init(_ status: stat) {
        self.init(
            size: Int64(status.st_size),
            modifiedNanoseconds: Int64(status.st_mtim.tv_sec) &* 1_000_000_000
                &+ Int64(status.st_mtim.tv_nsec),
            inode: Int64(bitPattern: UInt64(status.st_ino))
        )
    }
}
