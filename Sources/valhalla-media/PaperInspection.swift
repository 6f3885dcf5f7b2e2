import MediaProtocol

/// What a PDF says beside its pages: every string, comment and foreign word that stands outside of its streams.
///
/// The pages themselves are packed in streams, and are not read. Streams that hold something else than pages, fonts and
/// pictures are told by the names by which they are known. No tree is built and nothing nests, so a file can be as hostile
/// as it likes.
struct PaperInspection {
    private(set) var items: [MetadataItem] = []

    /// Where more may stand than can be seen, or what reaches out of the file (ISO 32000-1 §7.5.7, §7.5.8, §7.11.4, §12.6.4,
    /// §14.3.2).
    private static let telling: Set<String> = [
        "Metadata", "EmbeddedFile", "EmbeddedFiles", "Filespec", "ObjStm", "XRef", "JavaScript", "JS",
        "Launch", "URI", "PieceInfo", "Thumb", "Annots", "AcroForm", "OpenAction", "AA",
    ]

    private static let words: Set<String> = [
        "obj", "endobj", "R", "true", "false", "null", "xref", "n", "f", "trailer", "startxref",
    ]

    /// True for what begins as a PDF does.
    static func isPaper(head: [UInt8]) -> Bool { head.starts(with: "%PDF-".utf8) }

    init(_ bytes: [UInt8]) {
        var name = ""
        var place = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "%"):
                let end = bytes[place...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
                comment(bytes[place + 1..<end], isHead: place < 32)
                place = end
            case UInt8(ascii: "("):
                let string = Self.literal(bytes, &place)
                add("PDF /\(name)", Self.text(string))
            case UInt8(ascii: "<"):
                if place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "<") {
                    place += 2
                } else {
                    let string = Self.hexadecimal(bytes, &place)
                    add("PDF /\(name)", Self.text(string))
                }
            case UInt8(ascii: "/"):
                place += 1
                name = Self.word(bytes, &place)
                // With #41 a name can be written in a way that no list knows.
                if Self.telling.contains(name) || name.contains("#") { add("PDF name", name) }
            case let byte where Self.isRegular(byte):
                let word = Self.word(bytes, &place)
                if word == "stream" {
                    place = Self.end(ofStream: bytes, place)
                } else if !Self.words.contains(word), !Self.isNumber(word) {
                    add("PDF word", word)
                }
            default:
                place += 1
            }
        }
    }

    private mutating func add(_ key: String, _ value: String) {
        items.append(MetadataItem(key: key, value: value))
    }

    /// The line that says what it is, the four bytes behind it that make it binary for old servers, and the end are no words.
    private mutating func comment(_ bytes: ArraySlice<UInt8>, isHead: Bool) {
        let isFormat = isHead && (bytes.starts(with: "PDF-1.".utf8) && bytes.count == 7)
        let isBinary = isHead && bytes.count == 4 && bytes.allSatisfy { $0 >= 0x80 }
        if isFormat || isBinary || bytes.elementsEqual("%EOF".utf8) { return }
        add("PDF comment", String(decoding: bytes, as: UTF8.self))
    }

    // MARK: What stands in it

    private static func isRegular(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00, 0x09, 0x0A, 0x0C, 0x0D, 0x20: false
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "/"), UInt8(ascii: "%"):
            false
        default: true
        }
    }

    private static func isNumber(_ word: String) -> Bool {
        word.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E }
    }

    private static func word(_ bytes: [UInt8], _ place: inout Int) -> String {
        let start = place
        while place < bytes.count, isRegular(bytes[place]) { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    /// Up to its last bracket, brackets within it counted; an escaped byte stands for itself (§7.3.4.2).
    private static func literal(_ bytes: [UInt8], _ place: inout Int) -> [UInt8] {
        var string: [UInt8] = []
        var depth = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\\"), place < bytes.count {
                string.append(bytes[place])
                place += 1
                continue
            }
            if byte == UInt8(ascii: "(") {
                depth += 1
                if depth == 1 { continue }
            }
            if byte == UInt8(ascii: ")") {
                depth -= 1
                if depth == 0 { break }
            }
            string.append(byte)
        }
        return string
    }

    /// Pairs of digits; a last one alone has a nought behind it (§7.3.4.3).
    private static func hexadecimal(_ bytes: [UInt8], _ place: inout Int) -> [UInt8] {
        var digits: [UInt8] = []
        place += 1
        while place < bytes.count, bytes[place] != UInt8(ascii: ">") {
            if let digit = Character(Unicode.Scalar(bytes[place])).hexDigitValue {
                digits.append(UInt8(digit))
            }
            place += 1
        }
        place += 1
        if digits.count % 2 == 1 { digits.append(0) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// UTF-16 where it begins with its mark, else bytes that are ASCII where they are ours.
    private static func text(_ string: [UInt8]) -> String {
        guard string.starts(with: [0xFE, 0xFF]), string.count % 2 == 0 else {
            return String(decoding: string, as: UTF8.self)
        }
        let units = stride(from: 2, to: string.count, by: 2).map {
            UInt16(string[$0]) << 8 | UInt16(string[$0 + 1])
        }
        return String(decoding: units, as: UTF16.self)
    }

    private static func end(ofStream bytes: [UInt8], _ start: Int) -> Int {
        let mark = Array("endstream".utf8)
        var place = start
        while place + mark.count <= bytes.count {
            if bytes[place] == mark[0], bytes[place..<place + mark.count].elementsEqual(mark) {
                return place + mark.count
            }
            place += 1
        }
        return bytes.count
    }
}
