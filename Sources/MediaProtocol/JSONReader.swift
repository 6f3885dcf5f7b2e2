internal import Glibc

/// Goes through the bytes of one line, from value to value.
///
/// It makes a tree of a value, or gives its parts to who knows what comes: the reply to a photograph is read without one.
struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Reads a line; the reader is good for nothing behind the call.
    static func read<Result>(
        _ line: some Sequence<UInt8>,
        _ body: (inout JSONReader) throws(ProtocolError) -> Result
    ) throws(ProtocolError) -> Result {
        try Array(line).withUnsafeBufferPointer { bytes in
            var reader = JSONReader(bytes: bytes)
            return Swift.Result { () throws(ProtocolError) in try body(&reader) }
        }
        .get()
    }

    mutating func whole() throws(ProtocolError) -> JSON {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure("the end of the line") }
        return value
    }

    mutating func value(depth: Int) throws(ProtocolError) -> JSON {
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

    mutating func string() throws(ProtocolError) -> String {
        position += 1
        let start = position
        // Most strings hold no escape and are taken as they stand.
        var all: UInt8 = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                defer { position += 1 }
                return try text(UnsafeBufferPointer(rebasing: bytes[start..<position]), isPlain: all < 0x80)
            }
            if byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            all |= byte
            position += 1
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
        return try unescaped.withUnsafeBufferPointer { unescaped in
            Swift.Result { () throws(ProtocolError) in try text(unescaped, isPlain: false) }
        }
        .get()
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

    /// `isPlain` when all of it is ASCII.
    private func text(_ characters: UnsafeBufferPointer<UInt8>, isPlain: Bool) throws(ProtocolError) -> String
    {
        var text = String(decoding: characters, as: UTF8.self)
        if isPlain { return text }
        // What is not UTF-8 was repaired, and is then other bytes; to be refused instead costs ten times as much.
        guard text.withUTF8({ $0.elementsEqual(characters) }) else { throw failure("UTF-8") }
        return text
    }

    func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            position += 1
        }
    }

    func failure(_ expected: String) -> ProtocolError {
        ProtocolError(expected: expected, offset: position)
    }

    // MARK: Parts of what is known

    /// Whether nothing but space is left.
    mutating func isAtEnd() -> Bool {
        skipSpace()
        return position == bytes.count
    }

    /// Takes these bytes if they come next.
    mutating func take(all expected: StaticString) -> Bool {
        let count = expected.utf8CodeUnitCount
        guard position + count <= bytes.count,
            expected.withUTF8Buffer({ $0.elementsEqual(bytes[position..<(position + count)]) })
        else { return false }
        position += count
        return true
    }

    /// Goes back to the line's beginning.
    mutating func rewind() { position = 0 }

    /// The text that comes next, or nil for a value that is none.
    mutating func textIfAny(depth: Int) throws(ProtocolError) -> String? {
        skipSpace()
        return peek() == UInt8(ascii: "\"") ? try string() : try value(depth: depth).text
    }

    /// The integer that comes next, or nil for a value that is none.
    mutating func integerIfAny(depth: Int) throws(ProtocolError) -> Int64? {
        skipSpace()
        let start = position
        let isNegative = take("-")
        var number: Int64 = 0
        let digits = position
        while position - digits < 18, let byte = peek(), (0x30...0x39).contains(byte) {
            number = number * 10 + Int64(byte - 0x30)
            position += 1
        }
        // What ends here was a whole number; what goes on, or did not begin, is read again by who knows all kinds.
        if position > digits, let next = peek(), next == UInt8(ascii: ",") || next == UInt8(ascii: "}") {
            return isNegative ? -number : number
        }
        position = start
        return try value(depth: depth).integer
    }

    /// The bytes that come next as base64; nil for a value that is no text, and for a text that is no base64 an empty list
    /// of bytes and false.
    mutating func base64IfAny(depth: Int) throws(ProtocolError) -> (bytes: [UInt8], isWhole: Bool)? {
        skipSpace()
        guard peek() == UInt8(ascii: "\"") else { return try value(depth: depth).text.map(JSONReader.base64) }
        let start = position + 1
        if let end = place(of: UInt8(ascii: "\""), from: start),
            // No character of base64 would end a string, escape in it, or be refused there.
            let decoded = Base64.bytes(of: UnsafeBufferPointer(rebasing: bytes[start..<end]))
        {
            position = end + 1
            return (decoded, true)
        }
        return JSONReader.base64(try string())
    }

    private func place(of byte: UInt8, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count,
            let found = memchr(base + start, Int32(byte), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(base).distance(to: found)
    }

    private static func base64(_ text: String) -> (bytes: [UInt8], isWhole: Bool) {
        Base64.bytes(of: text).map { ($0, true) } ?? ([], false)
    }
}
