/// The file system that a path lies on, as the catalogue knows it again tomorrow.
public struct VolumeLocation: Hashable, Sendable {
    /// Its lasting identity: the file system's UUID where there is one.
    public let key: String
    /// Its name, for people: the label, or the last name of the mount point.
    public let name: String
    /// Where it is mounted.
    public let mount: Path

    /// A volume by its identity.
    public init(key: String, name: String, mount: Path) {
        self.key = key
        self.name = name
        self.mount = mount
    }

    /// The volume of a path that is there, and the path from its mount point.
    public static func of(_ path: Path, access: FileAccess) throws(FileError) -> (
        volume: VolumeLocation, path: Path
    ) {
        let resolved = try access.resolved(path)
        let status = try access.status(of: resolved)
        let table = try MountTable.current(access: access)
        for mount in table.mounts(of: resolved) {
            // A bind mount shows a part of a file system that may be mounted whole as well; there the path has one name.
            if let whole = table.whole(of: mount), let inside = whole.translated(resolved, from: mount),
                let there = try access.statusIfThere(of: whole.point.appending(inside)),
                there.device == status.device, there.identity.inode == status.identity.inode
            {
                return (location(of: whole, device: status.device), inside)
            }
            if let inside = resolved.relative(to: mount.point) {
                return (location(of: mount, device: status.device), inside)
            }
        }
        throw FileError("find the disk it lies on", path, .isNot("below any mount point"))
    }

    private static func location(of mount: Mount, device: UInt64) -> VolumeLocation {
        let block = blockDevice(of: mount) ?? device
        let root = mount.root.bytes == [UInt8(ascii: "/")] ? "" : ":" + mount.root.display
        let key: String
        if let identifier = diskName(of: block, in: "by-uuid") {
            key = "uuid:" + identifier + root
        } else if mount.isOnNetwork {
            key = "net:" + mount.source + root
        } else {
            key = "machine:\(machineIdentity()):\(mount.type):\(mount.point.display)" + root
        }
        let last = mount.point.name.display
        let name = diskName(of: block, in: "by-label") ?? (last.isEmpty || last == "/" ? machineName() : last)
        return VolumeLocation(key: key, name: name, mount: mount.point)
    }
}

/// One line of Linux's `/proc/self/mountinfo`.
struct Mount: Hashable, Sendable {
    /// The device's two numbers, as written: `8:17`.
    let device: String
    /// Which part of the file system is shown.
    let root: Path
    /// Where it is mounted.
    let point: Path
    /// The kind of file system: `ext4`, `exfat`, `nfs4`.
    let type: String
    /// The block device or the server's share.
    let source: String

    var isOnNetwork: Bool {
        ["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "fuse.sshfs", "fuse.rclone", "davfs"].contains(type)
    }

    /// Reads a line; nil when it is not one.
    init?(line: some Collection<UInt8>) {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard let dash = fields.firstIndex(where: { $0.elementsEqual([UInt8(ascii: "-")]) }), dash >= 6,
            fields.count > dash + 2
        else { return nil }
        device = String(decoding: fields[2], as: UTF8.self)
        root = Path(bytes: Mount.unescaped(fields[3]))
        point = Path(bytes: Mount.unescaped(fields[4]))
        type = String(decoding: fields[dash + 1], as: UTF8.self)
        source = String(decoding: Mount.unescaped(fields[dash + 2]), as: UTF8.self)
    }

    /// The path within this mount, when `other` shows the same file system and this shows that part of it.
    func translated(_ path: Path, from other: Mount) -> Path? {
        guard let inside = path.relative(to: other.point) else { return nil }
        return other.root.appending(inside).relative(to: root)
    }

    /// Space, tab, newline and backslash are written as `\040` and the like.
    private static func unescaped(_ field: some Collection<UInt8>) -> [UInt8] {
        var plain: [UInt8] = []
        var rest = Array(field)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                plain.append(code)
                rest = rest.dropFirst(3)
            } else {
                plain.append(byte)
            }
        }
        return plain
    }
}

/// What is mounted where.
struct MountTable: Sendable {
    let mounts: [Mount]

    init(text: [UInt8]) {
        mounts = text.split(separator: UInt8(ascii: "\n")).compactMap { Mount(line: $0) }
    }

    /// The mounts that a path without links may lie on, the likeliest first: the longest mount point wins, and of
    /// several on one point the last, which hides the others.
    func mounts(of path: Path) -> [Mount] {
        mounts.enumerated()
            .filter { path.relative(to: $0.element.point) != nil }
            .sorted { ($0.element.point.bytes.count, $0.offset) > ($1.element.point.bytes.count, $1.offset) }
            .map(\.element)
    }

    /// Another mount that shows more of the same file system, if there is one.
    func whole(of mount: Mount) -> Mount? {
        guard mount.root.bytes.count > 1 else { return nil }
        return
            mounts
            .filter {
                $0.device == mount.device && $0.root != mount.root && mount.root.relative(to: $0.root) != nil
            }
            .min { $0.root.bytes.count < $1.root.bytes.count }
    }
}
