internal import Storage

/// Rows of one table that are written many at a time.
///
/// A statement costs some ten thousand instructions besides its rows where a trigger stands on its table: SQLite keeps a
/// copy of every page that it touches until the statement ends, to take it back. Nobody may read the table before
/// `flush`.
struct RowBatch {
    private static let most = 64

    private let width: Int
    private var values: [Value] = []
    /// The statements for 64 rows, 32, and so on down to one.
    private let statements: [(rows: Int, sql: String)]

    /// Rows of `width` values; `head` ends before VALUES, and `tail` stands behind the rows.
    init(_ head: String, width: Int, _ tail: String = "") {
        self.width = width
        let row = "(" + Array(repeating: "?", count: width).joined(separator: ", ") + ")"
        var rows = RowBatch.most
        var statements: [(rows: Int, sql: String)] = []
        while rows > 0 {
            let list = Array(repeating: row, count: rows).joined(separator: ", ")
            statements.append((rows, "\(head) VALUES \(list) \(tail)"))
            rows /= 2
        }
        self.statements = statements
    }

    /// Adds a row.
    mutating func add(_ row: Value...) {
        precondition(row.count == width, "a row has as many values as its table's columns")
        values += row
    }

    /// Writes the rows in the order in which they were added.
    mutating func flush(to connection: Connection) throws {
        var written = 0
        for (rows, sql) in statements {
            while values.count - written >= rows * width {
                try connection.run(sql, Array(values[written..<(written + rows * width)]))
                written += rows * width
            }
        }
        values.removeAll(keepingCapacity: true)
    }
}
