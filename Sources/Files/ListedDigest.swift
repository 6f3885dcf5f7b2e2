internal import CXXHash
internal import Crypto

/// A kind of digest that the manifests of other programs carry.
public enum DigestAlgorithm: String, CaseIterable, Hashable, Sendable {
    case md5
    case sha1
    /// SHA-512, written in base 58.
    case c4
    case xxh32
    case xxh64
    /// XXH3 with 64 bits.
    case xxh3
    /// XXH3 with 128 bits, which we take of every file anyway.
    case xxh128

    /// How many bytes it has.
    public var count: Int {
        switch self {
        case .md5, .xxh128: 16
        case .sha1: 20
        case .c4: 64
        case .xxh32: 4
        case .xxh64, .xxh3: 8
        }
    }
}

/// A digest as a manifest of another program lists it.
public struct ListedDigest: Hashable, Sendable {
    /// Which digest it is.
    public let algorithm: DigestAlgorithm
    /// Its bytes, in the order in which they are printed; those of the SHA-512 for a C4.
    public let bytes: [UInt8]

    /// A digest of so many bytes as its kind has; nil otherwise.
    public init?(_ algorithm: DigestAlgorithm, bytes: [UInt8]) {
        guard bytes.count == algorithm.count else { return nil }
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// What an element of a manifest says: of an ASC MHL (`c4` to `xxh64`), or of a legacy MHL, whose `xxhash` is a number in
    /// decimal digits and whose `xxhash64` has its bytes turned around; `xxhash64be` has them in order.
    ///
    /// Nil for an element that is no digest, such as `null`, and for a text that is not one of its kind.
    public init?(element: String, text: String) {
        switch element {
        case "md5", "sha1", "xxh64", "xxh3", "xxh128":
            guard let algorithm = DigestAlgorithm(rawValue: element) else { return nil }
            self.init(algorithm, hex: text)
        case "xxhash64be": self.init(.xxh64, hex: text)
        case "xxhash64":
            guard let turned = ListedDigest(.xxh64, hex: text) else { return nil }
            self.init(.xxh64, bytes: turned.bytes.reversed())
        case "xxhash":
            guard let number = UInt32(text) else { return nil }
            self.init(.xxh32, bytes: withUnsafeBytes(of: number.bigEndian) { Array($0) })
        case "c4":
            guard let bytes = C4Identifier.sha512(of: text) else { return nil }
            self.init(.c4, bytes: bytes)
        default: return nil
        }
    }

    private init?(_ algorithm: DigestAlgorithm, hex text: String) {
        let digits = Array(text.utf8)
        guard digits.count == algorithm.count * 2 else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let high = ListedDigest.value(digits[place]),
                let low = ListedDigest.value(digits[place + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        self.init(algorithm, bytes: bytes)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }

    /// The digest as tools print it: lowercase hexadecimal digits, or a C4.
    public var text: String {
        algorithm == .c4 ? C4Identifier(sha512: bytes).text : hexadecimal(bytes)
    }
}

/// Takes digests that only manifests ask for, of bytes that pass.
public final class ListedDigestStream {
    private var md5: Insecure.MD5?
    private var sha1: Insecure.SHA1?
    private var sha512: SHA512?
    private let xxh32: OpaquePointer?
    private let xxh64: OpaquePointer?
    private let xxh3: OpaquePointer?

    /// A stream for these kinds; XXH128 is taken of every file anyway, and not by this.
    public init(_ algorithms: Set<DigestAlgorithm>) {
        md5 = algorithms.contains(.md5) ? Insecure.MD5() : nil
        sha1 = algorithms.contains(.sha1) ? Insecure.SHA1() : nil
        sha512 = algorithms.contains(.c4) ? SHA512() : nil
        xxh32 = algorithms.contains(.xxh32) ? XXH32_createState() : nil
        xxh64 = algorithms.contains(.xxh64) ? XXH64_createState() : nil
        xxh3 = algorithms.contains(.xxh3) ? XXH3_createState() : nil
        if let xxh32 { XXH32_reset(xxh32, 0) }
        if let xxh64 { XXH64_reset(xxh64, 0) }
        if let xxh3 { XXH3_64bits_reset(xxh3) }
    }

    deinit {
        XXH32_freeState(xxh32)
        XXH64_freeState(xxh64)
        XXH3_freeState(xxh3)
    }

    /// Takes the next bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        md5?.update(bufferPointer: bytes)
        sha1?.update(bufferPointer: bytes)
        sha512?.update(bufferPointer: bytes)
        if let xxh32 { XXH32_update(xxh32, bytes.baseAddress, bytes.count) }
        if let xxh64 { XXH64_update(xxh64, bytes.baseAddress, bytes.count) }
        if let xxh3 { XXH3_64bits_update(xxh3, bytes.baseAddress, bytes.count) }
    }

    /// The digests of all bytes that passed, and of them the one that was taken anyway.
    public func finish(with own: Digests) -> [DigestAlgorithm: ListedDigest] {
        var digests: [DigestAlgorithm: ListedDigest] = [:]
        func keep(_ algorithm: DigestAlgorithm, _ bytes: some Sequence<UInt8>) {
            digests[algorithm] = ListedDigest(algorithm, bytes: Array(bytes))
        }
        keep(.xxh128, own.xxh128.bytes)
        if let md5 { keep(.md5, md5.finalize()) }
        if let sha1 { keep(.sha1, sha1.finalize()) }
        if let sha512 { keep(.c4, sha512.finalize()) }
        // Canonical is big-endian: the most significant byte first, as every tool prints it.
        if let xxh32 { withUnsafeBytes(of: XXH32_digest(xxh32).bigEndian) { keep(.xxh32, $0) } }
        if let xxh64 { withUnsafeBytes(of: XXH64_digest(xxh64).bigEndian) { keep(.xxh64, $0) } }
        if let xxh3 { withUnsafeBytes(of: XXH3_64bits_digest(xxh3).bigEndian) { keep(.xxh3, $0) } }
        return digests
    }
}
