internal import CLinux
internal import Glibc

/// A folder under a temporary name of ours, beside the place it will have when it is finished.
///
/// It is gone with all it holds unless it was placed. While it lives it is locked, by which another run tells it from
/// one that a killed run left behind.
public final class TemporaryFolder {
    /// Where it lies now.
    public let path: Path

    private let descriptor: Int32
    private let access: FileAccess
    private var isPlaced = false

    /// Makes the folder beside `place`, whose own folder must be there.
    public init(beside place: Path, access: FileAccess) throws(FileError) {
        self.access = access
        var path = place.folder.appending(TemporaryName.next())
        while true {
            do throws(FileError) {
                try access.perform(.makeFolder, path, "make the folder") {
                    path.withCString { mkdir($0, 0o755) }
                }
                break
            } catch {
                // Another process of the same number left it, on another machine perhaps that shares this disk.
                guard error.cause == .system(EEXIST) else { throw error }
                path = place.folder.appending(TemporaryName.next())
            }
        }
        self.path = path
        descriptor = path.withCString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        if descriptor >= 0 { flock(descriptor, LOCK_EX | LOCK_NB) }
    }

    deinit {
        if !isPlaced { discard() }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Sees every name in it safely on the disk, and gives it its name; what has that name already is never replaced.
    public func place(at place: Path) throws(FileError) {
        for entry in try access.tree(below: path) where entry.status.isFolder {
            try access.syncFolder(path.appending(entry.path))
        }
        try access.syncFolder(path)
        try access.perform(.rename, place, "give it its name") { Int32(0) }
        var code: Int32 = path.withCString { from in
            place.withCString { valhalla_rename_noreplace(from, $0) == 0 ? 0 : errno }
        }
        if code == EINVAL || code == ENOSYS {
            // An old kernel, NFS or FUSE. mkdir() does not replace either, and an empty folder may be renamed over.
            let made = place.withCString { mkdir($0, 0o755) }
            code = made == 0 ? 0 : errno
            if code == 0, path.withCString({ from in place.withCString { rename(from, $0) } }) != 0 {
                code = errno
                _ = place.withCString { rmdir($0) }
            }
        }
        if code == EEXIST { throw FileError("give it its name", place, .inTheWay) }
        if code != 0 { throw FileError("give it its name", place, .system(code)) }
        do throws(FileError) {
            try access.syncFolder(place.folder)
        } catch {
            // Nobody may rely on a name that is perhaps not on the disk: back to where it can be removed.
            _ = place.withCString { from in path.withCString { rename(from, $0) } }
            throw error
        }
        isPlaced = true
    }

    /// Takes its name away again, so that it can be discarded: what was placed could not be put on record.
    ///
    /// Does nothing when it was not placed.
    public func takeBack(from place: Path) {
        guard isPlaced, place.withCString({ from in path.withCString { rename(from, $0) } }) == 0 else {
            return
        }
        isPlaced = false
    }

    /// Removes it with all it holds.
    public func discard() {
        isPlaced = true
        TemporaryFolder.remove(path)
    }

    /// Removes the folders that killed runs left in a folder, and tells how many; a running one holds its lock.
    @discardableResult
    public static func discardLeftovers(in folder: Path, access: FileAccess) throws(FileError) -> Int {
        var count = 0
        for name in try access.names(in: folder) where TemporaryName.isOurs(name) {
            let path = folder.appending(name)
            let descriptor = path.withCString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW) }
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
            remove(path)
            count += 1
        }
        return count
    }

    /// Only ever called with a name of ours.
    ///
    /// Links are removed, never followed.
    private static func remove(_ path: Path) {
        guard TemporaryName.isOurs(path.name) else { return }
        removeContents(of: path)
        _ = path.withCString { rmdir($0) }
    }

    private static func removeContents(of folder: Path) {
        guard let names = try? FileAccess().names(in: folder) else { return }
        for name in names {
            let path = folder.appending(name)
            guard path.withCString({ unlink($0) }) != 0, errno == EISDIR || errno == EPERM else { continue }
            removeContents(of: path)
            _ = path.withCString { rmdir($0) }
        }
    }
}

/// Something below a folder.
public struct TreeEntry: Hashable, Sendable {
    /// Its path from that folder.
    public let path: Path
    /// What it looks like, without following links.
    public let status: FileStatus
}

extension FileAccess {
    /// The names in a folder, in byte order.
    func names(in folder: Path) throws(FileError) -> [Path] {
        try perform(.list, folder, "list it") { 0 }
        guard let stream = folder.withCString({ opendir($0) }) else {
            throw FileError("list it", folder, .system(errno))
        }
        defer { closedir(stream) }
        var names: [Path] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw FileError("list it", folder, .system(errno)) }
                return names.sorted()
            }
            let name = withUnsafeBytes(of: entry.pointee.d_name) { Path(bytes: Array($0.prefix { $0 != 0 })) }
            if name.bytes != Array(".".utf8), name.bytes != Array("..".utf8) { names.append(name) }
        }
    }

    /// Everything below a folder, folders before what they hold, in byte order; links are listed, not followed.
    ///
    /// Held whole in memory: it is meant for packages of ours, not for archives.
    public func tree(below folder: Path) throws(FileError) -> [TreeEntry] {
        var entries: [TreeEntry] = []
        var waiting: [Path] = [Path(bytes: [])]
        while let next = waiting.popLast() {
            let names = try names(in: folder.appending(next))
            for name in names {
                let path = next.appending(name)
                let status = try status(of: folder.appending(path))
                entries.append(TreeEntry(path: path, status: status))
                if status.isFolder { waiting.append(path) }
            }
        }
        return entries.sorted { $0.path < $1.path }
    }

    /// Sees a file that another program wrote safely on the disk, and out of the system's memory.
    public func syncFile(_ path: Path) throws(FileError) {
        let descriptor = try perform(.open, path, "open it") {
            path.withCString { open($0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
        }
        defer { close(descriptor) }
        try perform(.sync, path, "write it to the disk") { fsync(descriptor) }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }
}
