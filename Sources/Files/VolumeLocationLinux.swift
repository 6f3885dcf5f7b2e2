// All that finding a volume takes from Linux alone: /proc, /dev/disk and /etc/machine-id.
internal import Glibc

extension MountTable {
    static func current(access: FileAccess) throws(FileError) -> MountTable {
        MountTable(text: try contents(of: Path("/proc/self/mountinfo")))
    }
}

/// The name under which udev lists a block device in a folder of `/dev/disk`; nil when it does not.
func diskName(of device: UInt64, in folder: String) -> String? {
    let path = "/dev/disk/" + folder
    guard let stream = opendir(path) else { return nil }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name.hasPrefix(".") { continue }
        var status = stat()
        if stat(path + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFBLK,
            UInt64(status.st_rdev) == device
        {
            return plainLabel(name)
        }
    }
    return nil
}

/// The number of the block device that a mount shows.
///
/// It is not that of its files on btrfs and the like.
func blockDevice(of mount: Mount) -> UInt64? {
    var status = stat()
    guard stat(mount.source, &status) == 0, status.st_mode & S_IFMT == S_IFBLK else { return nil }
    return UInt64(status.st_rdev)
}

/// What tells this machine from every other.
public func machineIdentity() -> String {
    let text = (try? contents(of: Path("/etc/machine-id"))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let identity = text.prefix { !$0.isWhitespace }
    return identity.isEmpty ? machineName() : String(identity)
}

/// The machine's name, for people.
public func machineName() -> String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let code = bytes.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { gethostname($0.assumingMemoryBound(to: CChar.self), 255) } ?? -1
    }
    let name = code == 0 ? String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) : ""
    return name.isEmpty ? "this machine" : name
}

/// udev writes a label's spaces and the like as `\x20`.
func plainLabel(_ name: String) -> String {
    var plain: [UInt8] = []
    var rest = Array(name.utf8)[...]
    while let byte = rest.popFirst() {
        let code = rest.prefix(3)
        if byte == UInt8(ascii: "\\"), code.count == 3, code.first == UInt8(ascii: "x"),
            let value = UInt8(String(decoding: code.dropFirst(), as: UTF8.self), radix: 16)
        {
            plain.append(value)
            rest = rest.dropFirst(3)
        } else {
            plain.append(byte)
        }
    }
    return String(decoding: plain, as: UTF8.self)
}

/// Files in /proc say that they are empty, so they are read until there is no more.
private func contents(of path: Path) throws(FileError) -> [UInt8] {
    let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError("open it", path, .system(errno)) }
    defer { close(descriptor) }
    var all: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(descriptor, &block, block.count)
        guard count >= 0 else { throw FileError("read it", path, .system(errno)) }
        if count == 0 { return all }
        all += block.prefix(count)
    }
}
