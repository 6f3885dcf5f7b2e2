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
        var reader = JSONReader(bytes: Array(line))
        self = try reader.whole()
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

private struct JSONReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func whole() throws(ProtocolError) -> JSON {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure("the end of the line") }
        return value
    }

    private mutating func value(depth: Int) throws(ProtocolError) -> JSON {
        guard depth < JSON.deepest else { throw failure("less nesting") }
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(_ depth: Int) throws(ProtocolError) -> JSON {
        position += 1
        var members: [String: JSON] = [:]
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw failure("a key") }
            let key = try string()
            skipSpace()
            guard take(":") else { throw failure("a colon") }
            members[key] = try value(depth: depth + 1)
            skipSpace()
        } while take(",")
        guard take("}") else { throw failure("a comma or the object's end") }
        return .object(members)
    }

    private mutating func array(_ depth: Int) throws(ProtocolError) -> JSON {
        position += 1
        var values: [JSON] = []
        skipSpace()
        if take("]") { return .array(values) }
        repeat {
            values.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw failure("a comma or the list's end") }
        return .array(values)
    }

    private mutating func string() throws(ProtocolError) -> String {
        position += 1
        let start = position
        // Most strings hold no escape and are taken as they stand.
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""),
            bytes[position] != UInt8(ascii: "\\"),
            bytes[position] >= 0x20
        {
            position += 1
        }
        if peek() == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try utf8(bytes[start..<position])
        }
        var unescaped = Array(bytes[start..<position])
        while let byte = peek(), byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw failure("no control character") }
            position += 1
            guard byte == UInt8(ascii: "\\") else {
                unescaped.append(byte)
                continue
            }
            try unescape(into: &unescaped)
        }
        guard take("\"") else { throw failure("the string's end") }
        return try utf8(unescaped[...])
    }

    private mutating func unescape(into text: inout [UInt8]) throws(ProtocolError) {
        guard let escape = peek() else { throw failure("an escape") }
        position += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let first = try hexadecimal()
            var code = UInt32(first)
            if (0xD800..<0xDC00).contains(first) {
                guard take("\\"), take("u") else { throw failure("the second half of a pair") }
                let second = try hexadecimal()
                guard (0xDC00..<0xE000).contains(second) else { throw failure("the second half of a pair") }
                code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("a character") }
            text.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
        default: throw failure("an escape")
        }
    }

    private mutating func hexadecimal() throws(ProtocolError) -> UInt16 {
        guard position + 4 <= bytes.count,
            let number = UInt16(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
        else { throw failure("four hexadecimal digits") }
        position += 4
        return number
    }

    private mutating func number() throws(ProtocolError) -> JSON {
        let start = position
        while let byte = peek(), (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let integer = Int64(text) { return .integer(integer) }
        guard let real = Double(text), real.isFinite else { throw failure("a value") }
        return .real(real)
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(ProtocolError) -> JSON {
        let matches = word.withUTF8Buffer { expected in bytes[position...].starts(with: expected) }
        guard matches else { throw failure("a value") }
        position += word.utf8CodeUnitCount
        return value
    }

    private func utf8(_ slice: ArraySlice<UInt8>) throws(ProtocolError) -> String {
        // Nearly all is plain ASCII, which needs no second look; validating costs ten times as much.
        if slice.allSatisfy({ $0 < 0x80 }) { return String(decoding: slice, as: UTF8.self) }
        guard let text = String(validating: slice, as: UTF8.self) else { throw failure("UTF-8") }
        return text
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            position += 1
        }
    }

    private func failure(_ expected: String) -> ProtocolError {
        ProtocolError(expected: expected, offset: position)
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
        return text.withUTF8 { characters in
            guard characters.count % 4 == 0 else { return nil }
            let padding = characters.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
            let count = characters.count / 4 * 3 - padding
            // A bit that no value has: one look at the end tells whether any character was none.
            var faults: UInt8 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: characters.count / 4 * 3) { bytes, filled in
                values.withUnsafeBufferPointer { values in
                    var place = 0
                    for index in stride(from: 0, to: characters.count, by: 4) {
                        var group: UInt32 = 0
                        for offset in index..<(index + 4) {
                            let value =
                                offset < characters.count - padding ? values[Int(characters[offset])] : 0
                            faults |= value
                            group = group << 6 | UInt32(value & 0x3F)
                        }
                        bytes[place] = UInt8(truncatingIfNeeded: group >> 16)
                        bytes[place + 1] = UInt8(truncatingIfNeeded: group >> 8)
                        bytes[place + 2] = UInt8(truncatingIfNeeded: group)
                        place += 3
                    }
                }
                filled = count
            }
            return faults & 0xC0 == 0 ? bytes : nil
        }
    }
}
