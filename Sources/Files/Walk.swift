internal import Glibc

/// A walk through a folder tree, as lazy as one folder at a time, in byte order of the paths.
///
/// The order is that of the whole paths (`a.txt` before `a/b`, because `.` comes before `/`), which is SQLite's order
/// too: two such streams can be compared without holding either. Links are named and not followed, so there are no
/// loops. `.valhalla` folders are not entered and not named.
public final class Walk {
    /// One thing the walk came past.
    public struct Entry: Sendable {
        /// What it is.
        public enum Kind: Sendable {
            /// A file with bytes of its own.
            case file
            /// A folder; what lies in it follows. `device` tells file systems apart.
            case folder(device: UInt64)
            /// A link, a pipe, a device: the sentence says which.
            case special(String)
            /// An unfinished file of a run of ours that was killed.
            case leftover
            /// A folder that could not be read, or not to its end; or a file that could not be looked at.
            case failed(FileError)
        }

        /// The path from where the walk began.
        public let path: Path
        /// What it is.
        public let kind: Kind
        /// Size, time and inode; zeroes for folders and what could not be looked at.
        public let identity: FileIdentity
    }

    /// A folder that is being walked through: its names in one buffer, in order.
    private struct Level {
        let path: [UInt8]
        let device: UInt64
        var names: [UInt8] = []
        var items: [Item] = []
        var next = 0
        var failure: FileError?
    }

    private struct Item {
        enum Kind {
            case file
            case folder
            case special
            case failed(Int32)
        }

        let start: Int
        let length: Int
        var kind: Kind
        var mode: mode_t = 0
        var identity = FileIdentity(size: 0, modifiedNanoseconds: 0, inode: 0)
    }

    private let root: Path
    private let rootDescriptor: Int32
    private let access: FileAccess
    private let entersFolders: Bool
    private var levels: [Level] = []

    /// A walk through the folder at `root`; throws when that cannot be read at all.
    ///
    /// Without `enteringFolders` it stays in that one, and the folders in it are not named.
    public init(_ root: Path, enteringFolders: Bool = true, access: FileAccess) throws(FileError) {
        self.root = root
        self.access = access
        entersFolders = enteringFolders
        rootDescriptor = try access.perform(.list, root, "open the folder") {
            root.withCString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        }
        levels = [try level(at: [], in: rootDescriptor, display: root)]
    }

    deinit { close(rootDescriptor) }

    /// The device of the folder where the walk began.
    public private(set) lazy var device: UInt64 = levels.first?.device ?? 0

    /// The next entry, or nil at the end.
    public func next() -> Entry? {
        while let last = levels.indices.last {
            guard levels[last].next < levels[last].items.count else {
                let finished = levels.removeLast()
                if let failure = finished.failure { return Walk.failed(Path(bytes: finished.path), failure) }
                continue
            }
            let item = levels[last].items[levels[last].next]
            levels[last].next += 1
            let name = levels[last].names[item.start..<item.start + item.length]
            var bytes = levels[last].path
            if !bytes.isEmpty {
                bytes.reserveCapacity(bytes.count + 1 + name.count)
                bytes.append(UInt8(ascii: "/"))
            }
            bytes += name
            let path = Path(bytes: bytes)
            switch item.kind {
            case .file:
                let isLeftover = name.first == UInt8(ascii: ".") && TemporaryName.isOurs(path.name)
                return Entry(path: path, kind: isLeftover ? .leftover : .file, identity: item.identity)
            case .special:
                return Entry(path: path, kind: .special(Walk.words(for: item.mode)), identity: item.identity)
            case .failed(let code):
                return Walk.failed(path, FileError("look at it", root.appending(path), .system(code)))
            case .folder:
                if !entersFolders || name.elementsEqual(Walk.archiveFolder) { continue }
                return enter(path)
            }
        }
        return nil
    }

    /// The names in the folder that was entered last, folders and files, to tell what kind of tree begins there.
    ///
    /// None where it has no folders, for then none does; and files only where there are no more than `most` names: what a
    /// folder of ten thousand pictures holds tells nothing about it.
    public func namesHere(most: Int = 200) -> (folders: [Path], files: [Path]) {
        levels.last.map { Walk.names(in: $0, most: most) } ?? ([], [])
    }

    /// The folders in a folder of the one that was entered last; none when it cannot be looked into.
    public func folders(in name: Path) -> [Path] {
        guard let here = levels.last else { return [] }
        let path = Path(bytes: here.path).appending(name)
        let display = root.appending(path)
        do throws(FileError) {
            let descriptor = try access.perform(.list, display, "open the folder") {
                path.withCString {
                    openat(rootDescriptor, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                }
            }
            defer { close(descriptor) }
            return Walk.names(in: try level(at: path.bytes, in: descriptor, display: display), most: 0)
                .folders
        } catch {
            // The walk meets it in its turn, and says then what is wrong.
            return []
        }
    }

    private static func names(in level: Level, most: Int) -> (folders: [Path], files: [Path]) {
        var folders: [Path] = []
        var files: [Path] = []
        let hasFolders = level.items.contains { if case .folder = $0.kind { true } else { false } }
        guard hasFolders else { return ([], []) }
        for item in level.items {
            let isFolder = if case .folder = item.kind { true } else { false }
            guard isFolder || level.items.count <= most else { continue }
            let name = Path(bytes: Array(level.names[item.start..<item.start + item.length]))
            if isFolder { folders.append(name) } else { files.append(name) }
        }
        return (folders, files)
    }

    /// The names in the folder that the walk has just entered, those that `isWanted` takes by name and by whether it is
    /// a folder; links are not among them.
    ///
    /// The folder was listed when it was entered, so this asks nothing of the disk.
    public func namesHere(
        where isWanted: (_ name: Slice<UnsafeBufferPointer<UInt8>>, _ isFolder: Bool) -> Bool
    )
        -> [Path]
    {
        guard let level = levels.last else { return [] }
        return level.names.withUnsafeBufferPointer { names in
            level.items.compactMap { item in
                let name = names[item.start..<item.start + item.length]
                switch item.kind {
                case .folder: return isWanted(name, true) ? Path(bytes: Array(name)) : nil
                case .file: return isWanted(name, false) ? Path(bytes: Array(name)) : nil
                case .special, .failed: return nil
                }
            }
        }
    }

    private static let archiveFolder = Array(".valhalla".utf8)

    private static func failed(_ path: Path, _ error: FileError) -> Entry {
        Entry(
            path: path,
            kind: .failed(error),
            identity: FileIdentity(size: 0, modifiedNanoseconds: 0, inode: 0)
        )
    }

    private func enter(_ path: Path) -> Entry {
        let display = root.appending(path)
        do throws(FileError) {
            // Relative to where the walk began, and closed again at once: a deep tree needs no more descriptors.
            let descriptor = try access.perform(.list, display, "open the folder") {
                path.withCString {
                    openat(rootDescriptor, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                }
            }
            defer { close(descriptor) }
            let level = try level(at: path.bytes, in: descriptor, display: display)
            levels.append(level)
            return Entry(
                path: path,
                kind: .folder(device: level.device),
                identity: FileIdentity(size: 0, modifiedNanoseconds: 0, inode: 0)
            )
        } catch {
            return Walk.failed(path, error)
        }
    }

    private func level(at path: [UInt8], in descriptor: Int32, display: Path) throws(FileError) -> Level {
        var status = stat()
        try access.perform(.list, display, "read the folder") { fstat(descriptor, &status) }
        var level = Level(path: path, device: UInt64(status.st_dev))
        // fdopendir takes the descriptor over, and the caller goes on to close its own.
        guard let stream = fdopendir(dup(descriptor)) else {
            throw FileError("read the folder", display, .system(errno))
        }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            Walk.append(entry, to: &level, in: descriptor)
        }
        if errno != 0 { level.failure = FileError("read the folder to its end", display, .system(errno)) }
        Walk.sort(&level)
        return level
    }

    private static func append(_ entry: UnsafeMutablePointer<dirent>, to level: inout Level, in folder: Int32)
    {
        withUnsafeBytes(of: &entry.pointee.d_name) { name in
            guard let start = name.baseAddress else { return }
            let length = strnlen(start.assumingMemoryBound(to: CChar.self), name.count)
            let bytes = UnsafeRawBufferPointer(rebasing: name[..<length])
            let dot = UInt8(ascii: ".")
            if length <= 2, bytes.allSatisfy({ $0 == dot }) { return }
            var item = Item(start: level.names.count, length: length, kind: .folder)
            if Int(entry.pointee.d_type) != Int(DT_DIR) {
                var status = stat()
                if fstatat(folder, start.assumingMemoryBound(to: CChar.self), &status, AT_SYMLINK_NOFOLLOW)
                    == 0
                {
                    item.mode = status.st_mode
                    item.identity = FileIdentity(status)
                    switch status.st_mode & S_IFMT {
                    case S_IFREG: item.kind = .file
                    case S_IFDIR: item.kind = .folder
                    default: item.kind = .special
                    }
                } else {
                    item.kind = .failed(errno)
                }
            }
            level.names += bytes
            level.items.append(item)
        }
    }

    /// Byte order of the names, a folder's with the slash that follows it in every path below.
    private static func sort(_ level: inout Level) {
        level.names.withUnsafeBufferPointer { names in
            guard let base = names.baseAddress else { return }
            level.items.sort { left, right in
                let shared = min(left.length, right.length)
                let order = memcmp(base + left.start, base + right.start, shared)
                if order != 0 { return order < 0 }
                return tail(of: left, after: shared, base) < tail(of: right, after: shared, base)
            }
        }
    }

    /// The byte that follows a name's first `count` in its paths; −1 at the end of a file's.
    private static func tail(of item: Item, after count: Int, _ base: UnsafePointer<UInt8>) -> Int {
        if item.length > count { return Int(base[item.start + count]) }
        if case .folder = item.kind { return Int(UInt8(ascii: "/")) }
        return -1
    }

    private static func words(for mode: mode_t) -> String {
        switch mode & S_IFMT {
        case S_IFLNK: "a link, not followed"
        case S_IFIFO: "a pipe"
        case S_IFSOCK: "a socket"
        case S_IFBLK, S_IFCHR: "a device"
        default: "neither a file nor a folder"
        }
    }
}
