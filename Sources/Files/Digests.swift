/// The SHA-256 of a content: its name for ever, on every machine.
public struct SHA256Digest: Hashable, Comparable, Sendable {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// Nil unless there are exactly 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// 64 lowercase hexadecimal digits.
    public var hex: String { hexadecimal(bytes) }

    /// Byte order.
    public static func < (left: SHA256Digest, right: SHA256Digest) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

/// The XXH3 128-bit hash of a content, seed 0, big-endian: 25 GB/s, for comparing what was read with what is read again.
public struct XXH128Digest: Hashable, Sendable {
    /// 16 bytes.
    public let bytes: [UInt8]

    /// Nil unless there are exactly 16 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// 32 lowercase hexadecimal digits.
    public var hex: String { hexadecimal(bytes) }
}

/// Both digests of a content, taken in one read of it.
public struct Digests: Hashable, Sendable {
    /// The name of the content.
    public let sha256: SHA256Digest
    /// The quick one.
    public let xxh128: XXH128Digest

    /// Both digests of one content.
    public init(sha256: SHA256Digest, xxh128: XXH128Digest) {
        self.sha256 = sha256
        self.xxh128 = xxh128
    }
}

/// What tells, without reading it, that a file is most likely the one it was.
public struct FileIdentity: Hashable, Sendable {
    /// Size in bytes.
    public var size: Int64
    /// Modification time in nanoseconds since 1970.
    public var modifiedNanoseconds: Int64
    /// The inode's number, its bits taken as signed.
    public var inode: Int64

    /// Size, modification time and inode as `lstat` gave them.
    public init(size: Int64, modifiedNanoseconds: Int64, inode: Int64) {
        self.size = size
        self.modifiedNanoseconds = modifiedNanoseconds
        self.inode = inode
    }
}

/// Lowercase hexadecimal digits of some bytes.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
