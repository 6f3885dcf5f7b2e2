internal import CXXHash
internal import Crypto

/// Takes both digests of bytes that pass.
final class DigestStream {
    private var sha256 = SHA256()
    private let xxh128: XXH128Stream

    init() { xxh128 = XXH128Stream() }

    func update(_ bytes: UnsafeRawBufferPointer) {
        sha256.update(bufferPointer: bytes)
        xxh128.update(bytes)
    }

    func finish() -> Digests {
        guard let sha256 = SHA256Digest(bytes: Array(sha256.finalize())) else {
            preconditionFailure("SHA-256 has 32 bytes")
        }
        return Digests(sha256: sha256, xxh128: xxh128.finish())
    }
}

/// Takes the quick digest alone.
final class XXH128Stream {
    private let state: OpaquePointer

    init() {
        guard let state = XXH3_createState() else { preconditionFailure("there is no memory for 576 bytes") }
        self.state = state
        XXH3_128bits_reset(state)
    }

    deinit { XXH3_freeState(state) }

    func update(_ bytes: UnsafeRawBufferPointer) {
        XXH3_128bits_update(state, bytes.baseAddress, bytes.count)
    }

    func finish() -> XXH128Digest {
        // Canonical: big-endian, as every tool prints it.
        var canonical = XXH128_canonical_t()
        XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state))
        guard let digest = XXH128Digest(bytes: withUnsafeBytes(of: canonical.digest) { Array($0) }) else {
            preconditionFailure("XXH128 has 16 bytes")
        }
        return digest
    }
}

extension Digests {
    /// Both digests of some bytes.
    public init(of bytes: [UInt8]) {
        let stream = DigestStream()
        bytes.withUnsafeBytes { stream.update($0) }
        self = stream.finish()
    }

    /// Both digests of a file's bytes, in one read; read from the disk itself when `fromDisk`, as far as the system
    /// can be made to.
    public static func ofFile(
        _ path: Path,
        access: FileAccess,
        buffer: BlockBuffer,
        fromDisk: Bool = false,
        stop: () -> Bool = { false }
    ) throws(FileError) -> Digests {
        let file = try access.read(path)
        if fromDisk { file.dropFromMemory() }
        return try file.digests(buffer: buffer, stop: stop)
    }
}

/// The C4 identifier of a content, by which ASC MHL chains its manifests: SHA-512 in base 58.
public struct C4Identifier: Hashable, Sendable {
    /// 90 characters, the first two `c4`.
    public let text: String

    /// The identifier of some bytes.
    public init(of bytes: [UInt8]) {
        self.init(sha512: Array(SHA512.hash(data: bytes)))
    }

    private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

    /// The identifier of the content with this SHA-512.
    init(sha512: [UInt8]) {
        // 88 digits of base 58 hold any 512 bits; fewer are led by the digit for nought.
        var digits = [UInt8](repeating: 0, count: 88)
        for byte in sha512 {
            var carry = Int(byte)
            for place in digits.indices.reversed() {
                carry += Int(digits[place]) << 8
                digits[place] = UInt8(carry % 58)
                carry /= 58
            }
        }
        text = "c4" + String(decoding: digits.map { C4Identifier.alphabet[Int($0)] }, as: UTF8.self)
    }

    /// The 64 bytes of the SHA-512 that an identifier stands for; nil when the text is none.
    static func sha512(of text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count == 90, characters.starts(with: "c4".utf8) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 64)
        for character in characters.dropFirst(2) {
            guard var carry = alphabet.firstIndex(of: character) else { return nil }
            for place in bytes.indices.reversed() {
                carry += Int(bytes[place]) * 58
                bytes[place] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
            // 88 digits of base 58 hold a little more than 512 bits.
            guard carry == 0 else { return nil }
        }
        return bytes
    }
}
