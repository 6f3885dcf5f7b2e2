/// A table for spreadsheets: RFC 4180, with a byte-order mark, without which Excel takes UTF-8 for its own old code.
struct CSV {
    private(set) var wording = Wording()

    /// A table with these columns.
    init(columns: [Wording]) { append(columns) }

    /// One row more.
    mutating func append(_ cells: [Wording]) {
        wording += cells.map { $0.rewritten(CSV.cell) }.joined(separator: ",") + "\r\n"
    }

    /// One row, for a table that is written as it is read.
    static func line(_ cells: [String]) -> String { cells.map(CSV.cell).joined(separator: ",") + "\r\n" }

    /// What stands before the first row of a file.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The file.
    var file: Wording { "\u{FEFF}" + wording }

    /// Spreadsheets calculate what begins like a formula, whoever wrote it, quoted or not: an apostrophe in front makes
    /// it text again.
    private static func cell(_ value: String) -> String {
        var value = value
        if let first = value.unicodeScalars.first(where: { !$0.properties.isWhitespace }),
            formulaStarts.contains(first) || value.hasPrefix("\t") || value.hasPrefix("\r")
        {
            value = "'" + value
        }
        let needsQuotes = value.unicodeScalars.contains {
            $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r"
        }
        guard needsQuotes || value.first == " " || value.last == " " else { return value }
        return "\"" + value.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }

    private static let formulaStarts: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]
}
