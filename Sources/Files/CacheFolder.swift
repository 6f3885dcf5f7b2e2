internal import Glibc

/// A folder of files of ours that can be made again: the only files that are replaced or removed by their names.
///
/// It lies within an archive's own folder, where no original is: whatever goes wrong here costs time and nothing else.
public struct CacheFolder: Sendable {
    /// Where it lies.
    public let path: Path

    private let access: FileAccess

    /// The folder at a path; nil when that is not within an archive's own folder.
    public init?(_ path: Path, access: FileAccess = FileAccess()) {
        let names = path.bytes.split(separator: UInt8(ascii: "/"))
        guard path.isAbsolute, names.dropLast().contains(where: { $0.elementsEqual(".valhalla".utf8) }),
            !names.contains(where: { $0.elementsEqual("..".utf8) })
        else { return nil }
        self.path = path
        self.access = access
    }

    /// Keeps others from working on it; the lock ends with what is returned, or with the program.
    ///
    /// The folder is made if it is not there. Nil while another program holds the lock.
    public func lock() throws(FileError) -> CacheLock? {
        try access.makeFolders(path)
        let file = path.appending("working")
        let descriptor = try access.perform(.create, file, "create it") {
            file.withCString { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return CacheLock(descriptor)
    }

    /// A path for a file that is not finished; nothing lies there.
    public func temporary() -> Path { path.appending(TemporaryName.next()) }

    /// Gives a finished file its name, a path from this folder, in the place of what had it before.
    public func place(_ temporary: Path, at name: Path) throws(FileError) {
        let place = path.appending(name)
        func move() throws(FileError) {
            try access.perform(.rename, place, "give it its name") {
                temporary.withCString { from in place.withCString { rename(from, $0) } }
            }
        }
        do throws(FileError) {
            try move()
        } catch {
            guard error.isAbsence else { throw error }
            try access.makeFolders(place.folder)
            try move()
        }
    }

    /// Removes a file by its name; false when it was not there.
    @discardableResult
    public func remove(_ name: Path) throws(FileError) -> Bool {
        let place = path.appending(name)
        do throws(FileError) {
            try access.perform(.remove, place, "remove it") { place.withCString { unlink($0) } }
            return true
        } catch {
            if error.isAbsence { return false }
            throw error
        }
    }

    /// The size of a file in bytes; nil when it is not there.
    public func size(of name: Path) -> Int64? {
        guard let status = try? access.statusIfThere(of: path.appending(name)), status.isRegularFile else {
            return nil
        }
        return status.identity.size
    }

    /// Removes what a killed run left unfinished; to be called by who holds the lock.
    public func discardLeftovers() throws(FileError) {
        for name in try access.names(in: path) where TemporaryName.isOurs(name) { try remove(name) }
    }

    /// Calls `body` with the name and size of each file in a folder of this one, one folder after another.
    ///
    /// What lies beside the folders is none of the cache's files. Nothing is called for a cache that was never made.
    public func each(_ body: (Path, Int64) throws(FileError) -> Void) throws(FileError) {
        guard try access.statusIfThere(of: path) != nil else { return }
        for folder in try access.names(in: path) {
            guard let status = try access.statusIfThere(of: path.appending(folder)), status.isFolder else {
                continue
            }
            for name in try access.names(in: path.appending(folder)) {
                let file = folder.appending(name)
                if let size = size(of: file) { try body(file, size) }
            }
        }
    }

    /// Free bytes on the disk that it lies on.
    public func room() throws(FileError) -> Int64 { try access.room(at: path) }
}

/// While it lives, no other program works on the folder.
public final class CacheLock: Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
