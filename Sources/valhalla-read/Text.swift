extension Collection<UInt8> {
    /// Text up to its first zero, without white space around it; nil when nothing is left.
    ///
    /// What is not UTF-8 is what Windows and old cameras wrote, and read as that: nothing is lost and nothing invalid.
    var text: String? {
        withContiguousStorageIfAvailable { $0.plainText }
            ?? Array(self).withUnsafeBufferPointer { $0.plainText }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The same, where the bytes lie.
    fileprivate var plainText: String? {
        var start = 0
        var end = firstIndex(of: 0) ?? count
        while start < end, self[start].isSpace { start += 1 }
        while end > start, self[end - 1].isSpace { end -= 1 }
        guard start < end else { return nil }
        let kept = UnsafeBufferPointer(rebasing: self[start..<end])
        // Nearly all is ASCII, which needs no second look: looking costs several times as much as taking it.
        if kept.isASCII { return String(decoding: kept, as: UTF8.self) }
        return String(validating: kept, as: UTF8.self) ?? String(windows: kept)
    }

    var isASCII: Bool {
        var all: UInt8 = 0
        for byte in self { all |= byte }
        return all < 0x80
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}

extension String {
    /// Bytes in the code page 1252, which is Latin-1 with letters where that has control characters.
    fileprivate init(windows bytes: some Sequence<UInt8>) {
        let special = Array("€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)
        var scalars = UnicodeScalarView()
        for byte in bytes {
            scalars.append((0x80..<0xA0).contains(byte) ? special[Int(byte) - 0x80] : Unicode.Scalar(byte))
        }
        self.init(scalars)
    }

    /// Without white space around it.
    var trimmed: String { utf8.text ?? "" }

    /// Its parts between the separators that are not empty, without white space around them.
    func parts(_ separator: Character) -> [String] {
        var text = self
        let parts = text.withUTF8 { bytes -> [String]? in
            guard bytes.isASCII, let separator = separator.asciiValue else { return nil }
            var parts: [String] = []
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: separator) ?? bytes.count
                if end > start {
                    parts.append(UnsafeBufferPointer(rebasing: bytes[start..<end]).plainText ?? "")
                }
                start = end + 1
            }
            return parts
        }
        // What is written with a separator may be one character of several, and is no separator then.
        return parts ?? split(separator: separator).map { String($0).trimmed }
    }

    /// Without white space around it, or nil when nothing is left.
    var nonBlank: String? { utf8.text }
}
