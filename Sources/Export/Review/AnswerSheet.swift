public import Catalog
public import Files

/// The table that an artist's office fills in, as it comes back from any spreadsheet.
public enum AnswerSheet {
    /// What stands above the columns, in the order in which they are written.
    static let columns = ["review", "proof", "check", "purpose", "answer", "comment", "name"]

    /// The largest file that can be a table of answers: a hundred thousand rows with a long comment each.
    public static let largest = 32 << 20
    private static let mostRows = 200_000
    private static let longestCell = 20_000

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
        if text.lowercased().hasPrefix("sep="), let end = text.firstIndex(where: \.isNewline) {
            text = text[text.index(after: end)...]
            lead = 1
        }
        let lists = try [Character](",;\t").map { separator throws(ExportError) in
            try cells(of: text, separator, limit: 1).first?.cells ?? []
        }
        let best = zip([Character](",;\t"), lists).max { known(in: $0.1) < known(in: $1.1) }
        guard let (separator, head) = best, known(in: head) > 1 else {
            throw refusal(
                "line 1 does not name the columns",
                next: "the first line of answers.csv reads " + columns.joined(separator: ", "))
        }
        var places: [String: Int] = [:]
        for (place, title) in head.enumerated() {
            let name = plain(title).lowercased()
            guard columns.contains(name) else { continue }
            guard places.updateValue(place, forKey: name) == nil else {
                throw refusal("line 1: there are two columns “\(name)”")
            }
        }
        for needed in columns.prefix(5) where places[needed] == nil {
            throw refusal("line 1: there is no column “\(needed)”")
        }
        var rows: [AnswerRow] = []
        for (line, cells) in try cells(of: text, separator, limit: mostRows).dropFirst() {
            func cell(_ name: String) -> String {
                places[name].flatMap { cells.indices.contains($0) ? plain(cells[$0]) : nil } ?? ""
            }
            guard cells.contains(where: { !plain($0).isEmpty }) else { continue }
            rows.append(
                AnswerRow(
                    line: line + lead, review: cell("review"), proof: cell("proof"), check: cell("check"),
                    purpose: cell("purpose"), answer: cell("answer"), comment: cell("comment"),
                    name: cell("name")
                ))
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

    /// RFC 4180, with any line end: a quoted cell may hold separators and line breaks, and doubled quotes.
    private static func cells(of text: Substring, _ separator: Character, limit: Int) throws(ExportError)
        -> [(line: Int, cells: [String])]
    {
        var rows: [(line: Int, cells: [String])] = []
        var row: [String] = []
        var cell = ""
        var length = 0
        var isQuoted = false
        var isBlank = true
        var line = 1
        var start = 1
        var place = text.startIndex
        func append(_ character: Character) throws(ExportError) {
            length += character.utf8.count
            guard length <= longestCell else { throw refusal("line \(line): a cell is too long") }
            cell.append(character)
            isBlank = isBlank && character.isWhitespace
        }
        func endRow() {
            row.append(cell)
            (cell, length, isBlank) = ("", 0, true)
            rows.append((start, row))
            row = []
        }
        while place < text.endIndex {
            let character = text[place]
            place = text.index(after: place)
            // Of the characters that end lines elsewhere a cell may hold many: Word's own break is U+000B.
            let endsLine = character == "\n" || character == "\r" || character == "\r\n"
            if endsLine { line += 1 }
            if isQuoted {
                guard character == "\"" else {
                    try append(character)
                    continue
                }
                if place < text.endIndex, text[place] == "\"" {
                    try append("\"")
                    place = text.index(after: place)
                } else {
                    isQuoted = false
                }
            } else if character == "\"", isBlank {
                (cell, length, isQuoted, isBlank) = ("", 0, true, false)
            } else if character == separator {
                row.append(cell)
                (cell, length, isBlank) = ("", 0, true)
                guard row.count < 1_000 else { throw refusal("line \(line): there are too many columns") }
            } else if endsLine {
                endRow()
                start = line
                if rows.count >= limit {
                    guard limit == 1 else { throw refusal("it has more than \(mostRows) rows") }
                    return rows
                }
            } else {
                try append(character)
            }
        }
        guard !isQuoted else { throw refusal("line \(start): a quotation mark is not closed") }
        if !row.isEmpty || !cell.isEmpty { endRow() }
        return rows
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
        return String(String.UnicodeScalarView(body.map(latin)))
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, _ unit: (UInt8, UInt8) -> UInt16) -> String {
        let all = Array(bytes)
        return String(
            decoding: stride(from: 0, to: all.count - 1, by: 2).map { unit(all[$0], all[$0 + 1]) },
            as: UTF16.self)
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
