internal import Files
internal import Glibc

/// The names in a folder, in byte order; none when it is not there.
func names(in folder: Path) throws -> [Path] {
    guard let stream = folder.withCString({ opendir($0) }) else {
        guard errno != ENOENT else { return [] }
        throw FileError("list the folder", folder, .system(errno))
    }
    defer { closedir(stream) }
    var names: [Path] = []
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
        if name.first != UInt8(ascii: ".") { names.append(Path(bytes: name)) }
    }
    return names.sorted()
}
