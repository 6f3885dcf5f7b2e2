/// The lines of a table as a spreadsheet wrote it (RFC 4180, with any line end): a quoted cell may hold separators, line
/// breaks, and doubled quotes.
///
/// It reads Unicode scalars: to Swift, a quote with an accent over it is no quote. Of each line it keeps the cells that
/// are asked for, so that a table of nothing but commas costs no more than its bytes.
struct AnswerLines {
    /// One line, which may go on over several in an editor.
    struct Line {
        /// Where it begins, from 1.
        let number: Int
        /// The cells that were asked for, each in its place; what the line does not reach is empty.
        let cells: [String]
        /// True when no cell of the whole line has anything in it.
        let isBlank: Bool
    }

    /// What is no table.
    struct Fault: Error {
        /// What is wrong, in words, with the line.
        let words: String
        /// What to do next, where that is known.
        var next: String?
    }

    private static let longestCell = 20_000
    private static let mostColumns = 1_000

    private let text: String.UnicodeScalarView.SubSequence
    private let separator: Unicode.Scalar
    private var place: String.UnicodeScalarView.Index
    private var number = 1

    init(_ text: Substring, separatedBy separator: Unicode.Scalar) {
        self.text = text.unicodeScalars
        self.separator = separator
        place = text.startIndex
    }

    /// The next line, nil after the last: all its cells, or those in the places of `columns`, each where that says.
    ///
    /// Throws `Fault` for what is too long, or in quotes that never end.
    mutating func next(keeping columns: [Int: Int]? = nil) throws(Fault) -> Line? {
        guard place < text.endIndex else { return nil }
        let start = number
        var cells = [String](repeating: "", count: (columns?.values.max() ?? -1) + 1)
        var isBlank = true
        var column = 0
        while true {
            let target = columns.map { $0[column] } ?? column
            let cell = try readCell(isKept: target != nil, &isBlank)
            if let target {
                if columns == nil { cells.append(cell.text) } else { cells[target] = cell.text }
            }
            guard cell.end == .separator else {
                return Line(number: start, cells: cells, isBlank: isBlank)
            }
            column += 1
            guard column < AnswerLines.mostColumns else {
                throw Fault(words: "line \(number): there are too many columns")
            }
        }
    }

    private enum CellEnd {
        case separator
        case line
    }

    private mutating func readCell(isKept: Bool, _ isBlankLine: inout Bool) throws(Fault) -> (
        text: String, end: CellEnd
    ) {
        let start = number
        var cell = String.UnicodeScalarView()
        var length = 0
        var isBlank = true
        var isQuoted = false
        while let scalar = take() {
            // Of the characters that end lines elsewhere a cell may hold many: Word's own break is U+000B.
            let endsLine = scalar == "\n" || scalar == "\r"
            if endsLine, scalar == "\n" || peek() != "\n" { number += 1 }
            if scalar == "\"", isQuoted, peek() != "\"" {
                isQuoted = false
                continue
            }
            if !isQuoted {
                if scalar == separator { return (String(cell), .separator) }
                if endsLine {
                    if scalar == "\r", peek() == "\n" {
                        _ = take()
                        number += 1
                    }
                    return (String(cell), .line)
                }
                if scalar == "\"", isBlank {
                    (cell, length, isQuoted, isBlank) = (String.UnicodeScalarView(), 0, true, false)
                    continue
                }
            } else if scalar == "\"" {
                _ = take()
            }
            length += UTF8.width(scalar)
            guard length <= AnswerLines.longestCell else {
                throw Fault(words: "line \(number): a cell is too long")
            }
            if !scalar.properties.isWhitespace, scalar != "\u{FEFF}" {
                (isBlank, isBlankLine) = (false, false)
            }
            if isKept { cell.append(scalar) }
        }
        guard !isQuoted else { throw Fault(words: "line \(start): a quotation mark is not closed") }
        return (String(cell), .line)
    }

    private func peek() -> Unicode.Scalar? { place < text.endIndex ? text[place] : nil }

    private mutating func take() -> Unicode.Scalar? {
        guard place < text.endIndex else { return nil }
        defer { text.formIndex(after: &place) }
        return text[place]
    }
}
