extension Collection<UInt8> {
    /// Text up to its first zero, without white space around it; nil when nothing is left.
    ///
    /// What is not UTF-8 is what Windows and old cameras wrote, and read as that: nothing is lost and nothing invalid.
    var text: String? {
        var start = startIndex
        let end = firstIndex(of: 0) ?? endIndex
        while start < end, self[start].isSpace { formIndex(after: &start) }
        var last = start
        var index = start
        while index < end {
            if !self[index].isSpace { last = self.index(after: index) }
            formIndex(after: &index)
        }
        guard start < last else { return nil }
        let kept = self[start..<last]
        return String(validating: kept, as: UTF8.self) ?? String(windows: kept)
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

    /// Without white space around it, or nil when nothing is left.
    var nonBlank: String? { utf8.text }
}
