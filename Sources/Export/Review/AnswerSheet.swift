public import Catalog
public import Files

/// The table that an artist's office fills in, as it comes back from any spreadsheet.
public enum AnswerSheet {
    /// What stands above the columns, in the order in which they are written.
    static let columns = ["review", "proof", "check", "purpose", "answer", "comment", "name"]

    /// The largest file that can be a table of answers: a hundred thousand rows with a long comment each.
    public static let largest = 32 << 20
    private static let mostRows = 200_000

    /// A table that came back, and what proves what it said.
    public struct Table: Sendable {
        /// Its rows.
        public let rows: [AnswerRow]
        /// The SHA-256 of its bytes.
        public let digest: SHA256Digest

        /// Reads a table.
        ///
        /// Throws `FileError`, or `ExportError` when it is none.
        public init(at path: Path, access: FileAccess = FileAccess()) throws {
            guard try access.status(of: path).identity.size <= Int64(AnswerSheet.largest) else {
                throw AnswerSheet.refusal("it is larger than a table of answers can be")
            }
            let bytes = try access.bytes(of: path)
            rows = try AnswerSheet.rows(of: bytes)
            digest = Digests(of: bytes).sha256
        }
    }

    /// The rows of a table: with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows' Latin, its columns in any order.
    ///
    /// Empty rows are left out. Throws `ExportError` that names the line of what is no such table.
    public static func rows(of bytes: [UInt8]) throws(ExportError) -> [AnswerRow] {
        guard bytes.count <= largest else { throw refusal("it is larger than a table of answers can be") }
        var text = Substring(AnswerText.text(of: bytes))
        var lead = 0
        // Excel's own way to name the separator, on a line above the table.
        if text.prefix(4).lowercased() == "sep=", let end = text.prefix(8).firstIndex(where: \.isNewline) {
            text = text[text.index(after: end)...]
            lead = 1
        }
        do throws(AnswerLines.Fault) {
            let (separator, head) = try Self.head(of: text)
            var lines = AnswerLines(text, separatedBy: separator)
            _ = try lines.next(keeping: [:])
            return try rows(of: &lines, places(of: head), lead: lead)
        } catch {
            throw refusal(error.words, next: error.next)
        }
    }

    /// The first line, by the separator that makes most columns of it that are known.
    private static func head(of text: Substring) throws(AnswerLines.Fault) -> (Unicode.Scalar, [String]) {
        var best: (separator: Unicode.Scalar, head: [String]) = (",", [])
        for separator in ",;\t".unicodeScalars {
            var lines = AnswerLines(text, separatedBy: separator)
            let head = try lines.next()?.cells ?? []
            if known(in: head) > known(in: best.head) { best = (separator, head) }
        }
        guard known(in: best.head) > 1 else {
            throw AnswerLines.Fault(
                words: "line 1 does not name the columns",
                next: "the first line of answers.csv reads " + columns.joined(separator: ", "))
        }
        return best
    }

    /// For the places of a line: which of the columns stands there.
    private static func places(of head: [String]) throws(AnswerLines.Fault) -> [Int: Int] {
        var places: [Int: Int] = [:]
        for (place, title) in head.enumerated() {
            let name = plain(title).lowercased()
            guard let column = columns.firstIndex(of: name) else { continue }
            guard !places.values.contains(column) else {
                throw AnswerLines.Fault(words: "line 1: there are two columns “\(name)”")
            }
            places[place] = column
        }
        for (column, needed) in columns.prefix(5).enumerated() where !places.values.contains(column) {
            throw AnswerLines.Fault(words: "line 1: there is no column “\(needed)”")
        }
        return places
    }

    private static func rows(
        of lines: inout AnswerLines, _ places: [Int: Int], lead: Int
    ) throws(AnswerLines.Fault) -> [AnswerRow] {
        var rows: [AnswerRow] = []
        var count = 1
        while let line = try lines.next(keeping: places) {
            count += 1
            guard count <= mostRows else {
                throw AnswerLines.Fault(words: "it has more than \(mostRows) rows")
            }
            guard !line.isBlank else { continue }
            // A table without the last two columns has shorter lines.
            let cells = line.cells.map(plain) + ["", ""]
            rows.append(
                AnswerRow(
                    line: line.number + lead, review: cells[0], proof: cells[1], check: cells[2],
                    purpose: cells[3], answer: cells[4], comment: cells[5], name: cells[6]))
        }
        return rows
    }

    private static func known(in head: [String]) -> Int {
        head.count { columns.contains(plain($0).lowercased()) }
    }

    /// Without blanks around it, and without the apostrophe that keeps a spreadsheet from calculating.
    private static func plain(_ cell: String) -> String {
        let blanks: (Character) -> Bool = { $0.isWhitespace || $0 == "\u{FEFF}" }
        var text = cell.drop(while: blanks)
        while let last = text.last, blanks(last) { text.removeLast() }
        if text.first == "'", let second = text.dropFirst().first, "=+-@＝＋－＠".contains(second) {
            text.removeFirst()
        }
        return String(text)
    }

    private static func refusal(_ what: String, next: String? = nil) -> ExportError {
        ExportError(
            .refused, "this is no table of answers (nothing recorded)", details: [what],
            next: next ?? "take the answers.csv that came back, or what “Save answers” saved")
    }
}

/// Bytes of a text file by whatever program, as text.
private enum AnswerText {
    static func text(of bytes: [UInt8]) -> String {
        // Excel's “Unicode text” is UTF-16 with a mark in front.
        if bytes.starts(with: [0xFF, 0xFE]) {
            return utf16(bytes.dropFirst(2)) { UInt16($0) | UInt16($1) << 8 }
        }
        if bytes.starts(with: [0xFE, 0xFF]) {
            return utf16(bytes.dropFirst(2)) { UInt16($0) << 8 | UInt16($1) }
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        if let text = String(validating: body, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        for byte in body { text.append(latin(byte)) }
        return String(text)
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, _ unit: (UInt8, UInt8) -> UInt16) -> String {
        let places = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2)
        return String(decoding: places.map { unit(bytes[$0], bytes[$0 + 1]) }, as: UTF16.self)
    }

    /// Windows-1252: Latin-1 but for the quotation marks and dashes between 80 and 9F.
    private static func latin(_ byte: UInt8) -> Unicode.Scalar {
        guard (0x80...0x9F).contains(byte) else { return Unicode.Scalar(byte) }
        return Unicode.Scalar(high[Int(byte) - 0x80]) ?? "\u{FFFD}"
    }

    private static let high: [UInt16] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
        0x0152, 0xFFFD,
        0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
        0x0161, 0x203A,
        0x0153, 0xFFFD, 0x017E, 0x0178,
    ]
}
