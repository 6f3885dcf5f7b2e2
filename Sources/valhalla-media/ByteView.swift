/// Bytes that are read by place, without fear of their end: what is not there is nil.
struct ByteView {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) { self.bytes = ArraySlice(bytes) }

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    var count: Int { bytes.count }

    /// A part of them; nil when it reaches past the end.
    func part(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
            return nil
        }
        let start = bytes.startIndex + offset
        return bytes[start..<start + count]
    }

    /// Everything from a place on; nothing when that is past the end.
    func rest(_ offset: Int) -> ArraySlice<UInt8> {
        part(offset, bytes.count - min(max(offset, 0), bytes.count)) ?? []
    }

    /// A whole number of up to eight bytes, the first the greatest.
    func big(_ offset: Int, _ count: Int) -> Int? {
        part(offset, count).map { Int(truncatingIfNeeded: $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) }
    }

    /// A whole number of up to eight bytes, the first the least.
    func little(_ offset: Int, _ count: Int) -> Int? {
        part(offset, count).map {
            Int(truncatingIfNeeded: $0.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
    }

    /// Whether these characters stand there.
    func has(_ text: String, at offset: Int = 0) -> Bool {
        part(offset, text.utf8.count)?.elementsEqual(text.utf8) ?? false
    }

    /// Text up to its first zero, trimmed; nil when nothing is left.
    func text(_ offset: Int, _ count: Int) -> String? {
        let whole = part(offset, min(count, max(0, bytes.count - offset))) ?? []
        let text = MediaTags.text(Array(whole.prefix { $0 != 0 })).trimmed
        return text.isEmpty ? nil : text
    }

    /// The place of some characters within the first bytes.
    func firstIndex(of text: String, within reach: Int) -> Int? {
        (0..<max(0, min(reach, bytes.count) - text.utf8.count + 1)).first { has(text, at: $0) }
    }
}

/// Two digits of binary-coded decimal under a mask; nil when they are none.
func decimal(_ byte: UInt8, mask: UInt8) -> Int? {
    let value = byte & mask
    guard value & 15 < 10, value >> 4 < 10 else { return nil }
    return Int(value >> 4) * 10 + Int(value & 15)
}
