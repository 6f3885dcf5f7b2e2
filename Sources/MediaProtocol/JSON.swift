/// A message that is not of the protocol, and where it stops being so.
public struct ProtocolError: Error, Hashable, Sendable {
    /// What was expected.
    public let expected: String
    /// At which byte of the line.
    public let offset: Int
}

/// One JSON value.
///
/// Small and strict on purpose: the lines come from a process that may be going mad. The reader of stills opens
/// the sidecars of Blackmagic cameras with it.
package enum JSON: Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case real(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// Nesting beyond this is no message of ours, and would cost stack.
    static let deepest = 16

    /// The value that a line holds, and nothing behind it.
    package init(line: some Sequence<UInt8>) throws(ProtocolError) {
        self = try JSONReader.read(line) { reader throws(ProtocolError) in try reader.whole() }
    }

    package subscript(key: String) -> JSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    package var text: String? { if case .string(let text) = self { text } else { nil } }
    package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    var list: [JSON]? { if case .array(let values) = self { values } else { nil } }

    package var real: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        default: nil
        }
    }
}

/// Writes one JSON object, member for member, into bytes.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    mutating func object(_ key: String? = nil, _ body: (inout JSONWriter) -> Void) {
        begin(key)
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    mutating func array(_ key: String?, _ body: (inout JSONWriter) -> Void) {
        begin(key)
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    mutating func member(_ key: String?, _ text: String?) {
        guard let text else { return }
        begin(key)
        quote(text)
    }

    mutating func member(_ key: String?, _ number: (some BinaryInteger)?) {
        guard let number else { return }
        begin(key)
        bytes.append(contentsOf: String(number).utf8)
    }

    mutating func member(_ key: String?, _ number: Double?) {
        // JSON has no word for what is not finite, and no field of ours means it.
        guard let number, number.isFinite else { return }
        begin(key)
        bytes.append(contentsOf: String(number).utf8)
    }

    /// Bytes that are text only if they happen to be: `"path"`, or `"path64"` when they are not UTF-8.
    mutating func member(_ key: String, bytes value: [UInt8]) {
        if let text = String(validating: value, as: UTF8.self) {
            member(key, text)
        } else {
            member(key + "64", base64: value)
        }
    }

    mutating func member(_ key: String, base64 value: [UInt8]) {
        begin(key)
        bytes.append(UInt8(ascii: "\""))
        Base64.append(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func begin(_ key: String?) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
        guard let key else { return }
        quote(key)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { characters in
            if characters.contains(where: {
                $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
            }) {
                escape(characters)
            } else {
                bytes.append(contentsOf: characters)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ characters: UnsafeBufferPointer<UInt8>) {
        for byte in characters {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x00..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
    }
}

/// RFC 4648 §4, with padding.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: (bytes.count + 2) / 3 * 4))
        alphabet.withUnsafeBufferPointer { alphabet in
            bytes.withUnsafeBufferPointer { bytes in
                text.withUnsafeMutableBufferPointer { text in
                    var place = start
                    var index = 0
                    while index < bytes.count {
                        let left = bytes.count - index
                        let second = left > 1 ? bytes[index + 1] : 0
                        let third = left > 2 ? bytes[index + 2] : 0
                        text[place] = alphabet[Int(bytes[index] >> 2)]
                        text[place + 1] = alphabet[Int((bytes[index] & 3) << 4 | second >> 4)]
                        if left > 1 { text[place + 2] = alphabet[Int((second & 15) << 2 | third >> 6)] }
                        if left > 2 { text[place + 3] = alphabet[Int(third & 63)] }
                        place += 4
                        index += 3
                    }
                }
            }
        }
    }

    /// Nil when the text is not base64.
    static func bytes(of text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { bytes(of: $0) }
    }

    /// Nil when the characters are not base64.
    static func bytes(of characters: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard characters.count % 4 == 0 else { return nil }
        let padding = characters.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
        let whole = characters.count / 4 - (padding > 0 ? 1 : 0)
        // A bit that no value has: one look at the end tells whether any character was none.
        var faults: UInt8 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: characters.count / 4 * 3) { bytes, filled in
            values.withUnsafeBufferPointer { values in
                var place = 0
                var index = 0
                for _ in 0..<whole {
                    let first = values[Int(characters[index])]
                    let second = values[Int(characters[index + 1])]
                    let third = values[Int(characters[index + 2])]
                    let fourth = values[Int(characters[index + 3])]
                    faults |= first | second | third | fourth
                    bytes[place] = first << 2 | second >> 4
                    bytes[place + 1] = second << 4 | third >> 2
                    bytes[place + 2] = third << 6 | fourth
                    index += 4
                    place += 3
                }
                guard padding > 0 else { return }
                let first = values[Int(characters[index])]
                let second = values[Int(characters[index + 1])]
                let third = padding == 1 ? values[Int(characters[index + 2])] : 0
                faults |= first | second | third
                bytes[place] = first << 2 | second >> 4
                bytes[place + 1] = second << 4 | third >> 2
            }
            filled = characters.count / 4 * 3 - padding
        }
        return faults & 0xC0 == 0 ? bytes : nil
    }
}
