internal import Glibc

/// The name of a file, as bytes.
///
/// A file system keeps bytes, not text: names may be invalid UTF-8, and two names that look alike (composed and
/// decomposed accents) are two files, though Swift's strings call them equal. So paths are compared as bytes here
/// and become text only to be shown.
public struct Path: Hashable, Comparable, Sendable {
    /// The bytes, with `/` between names; never a NUL.
    public let bytes: [UInt8]

    /// A path of these bytes.
    ///
    /// Trailing slashes are dropped, but not the root itself.
    public init(bytes: [UInt8]) {
        var bytes = bytes
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        self.bytes = bytes
    }

    /// A path of this text's UTF-8.
    public init(_ text: String) {
        self.init(bytes: Array(text.utf8))
    }

    /// The path as text, or nil when its bytes are not UTF-8.
    public var text: String? {
        String(validating: bytes, as: UTF8.self)
    }

    /// The path as a person may see it on a terminal: what is not UTF-8, and control characters, as `\xNN`.
    public var display: String {
        // Nearly every name is plain, and is shown as it is.
        if bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) { return String(decoding: bytes, as: UTF8.self) }
        var shown = ""
        var rest = bytes[...]
        while let first = rest.first {
            let length = Path.sequenceLength(first)
            let sequence = rest.prefix(length)
            if length > 0, sequence.count == length, let text = String(validating: sequence, as: UTF8.self),
                let scalar = text.unicodeScalars.first, !Path.isControl(scalar)
            {
                shown += text
                rest = rest.dropFirst(length)
            } else {
                let digits = String(first, radix: 16)
                shown += first < 16 ? "\\x0" + digits : "\\x" + digits
                rest = rest.dropFirst()
            }
        }
        return shown
    }

    /// True when the path starts at the root.
    public var isAbsolute: Bool { bytes.first == UInt8(ascii: "/") }

    /// The last name of the path.
    public var name: Path {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return self }
        return Path(bytes: Array(bytes[(slash + 1)...]))
    }

    /// The path without its last name; empty for a single name, `/` for a name at the root.
    public var folder: Path {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return Path(bytes: []) }
        return Path(bytes: Array(bytes[..<max(slash, 1)]))
    }

    /// The last name without its ending: `IMG_1.CR2` of `IMG_1.CR2.xmp`.
    public var stem: Path {
        let name = name.bytes
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return Path(bytes: name) }
        return Path(bytes: Array(name[..<dot]))
    }

    /// The ending in lower case without its dot; empty when there is none or it is not ASCII.
    public var ending: String {
        let name = name.bytes
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return "" }
        let ending = name[(dot + 1)...]
        guard ending.allSatisfy({ $0 < 0x80 }) else { return "" }
        return String(decoding: ending, as: UTF8.self).lowercased()
    }

    /// This path with a name or relative path behind it.
    public func appending(_ other: Path) -> Path {
        if bytes.isEmpty { return other }
        if other.bytes.isEmpty { return self }
        var joined: [UInt8] = []
        joined.reserveCapacity(bytes.count + 1 + other.bytes.count)
        joined += bytes
        if bytes.last != UInt8(ascii: "/") { joined.append(UInt8(ascii: "/")) }
        joined += other.bytes
        return Path(bytes: joined)
    }

    /// This path with a name behind it.
    public func appending(_ name: String) -> Path {
        appending(Path(name))
    }

    /// What is left of this path below a folder, or nil when it does not lie in that folder.
    ///
    /// The folder itself gives the empty path.
    public func relative(to folder: Path) -> Path? {
        if folder.bytes.isEmpty { return isAbsolute ? nil : self }
        if bytes == folder.bytes { return Path(bytes: []) }
        let prefix =
            folder.bytes.last == UInt8(ascii: "/") ? folder.bytes : folder.bytes + [UInt8(ascii: "/")]
        guard bytes.starts(with: prefix) else { return nil }
        return Path(bytes: Array(bytes[prefix.count...]))
    }

    /// Calls `body` with the path as the NUL-terminated string that the system's functions want.
    public func withCString<Result, Failure: Error>(
        _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let terminated = bytes.map { CChar(bitPattern: $0) } + [0]
        let outcome = terminated.withUnsafeBufferPointer { buffer -> Swift.Result<Result, Failure>? in
            guard let start = buffer.baseAddress else { return nil }
            do throws(Failure) { return .success(try body(start)) } catch { return .failure(error) }
        }
        guard let outcome else { preconditionFailure("an array with a terminator is never empty") }
        return try outcome.get()
    }

    /// Byte order, which is the order of `readdir` names once sorted and of SQLite's BINARY collation.
    public static func < (left: Path, right: Path) -> Bool {
        left.order(to: right) < 0
    }

    /// Negative, zero or positive as this path comes before, with or after another: both answers for one comparison.
    public func order(to other: Path) -> Int {
        bytes.withUnsafeBytes { left in
            other.bytes.withUnsafeBytes { right in
                guard let one = left.baseAddress, let two = right.baseAddress else {
                    return left.count - right.count
                }
                let order = memcmp(one, two, min(left.count, right.count))
                return order == 0 ? left.count - right.count : Int(order)
            }
        }
    }

    /// True when the path lies below a folder, at any depth; everything lies below the empty path.
    public func lies(below folder: Path) -> Bool {
        let count = folder.bytes.count
        guard count > 0 else { return true }
        return bytes.count > count && bytes[count] == UInt8(ascii: "/") && bytes.starts(with: folder.bytes)
    }

    private static func sequenceLength(_ first: UInt8) -> Int {
        switch first {
        case 0x00..<0x80: 1
        case 0xC2..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0..<0xF5: 4
        default: 0
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .format: scalar.value != 0x200D
        default: false
        }
    }
}
