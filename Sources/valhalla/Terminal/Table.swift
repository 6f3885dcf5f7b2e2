/// Rows in columns, aligned by display width and written as they come.
///
/// The first rows decide how wide the columns are, so that a million rows need no memory. On a terminal no line is
/// longer than it is wide: the columns that may, give way. In a pipe nothing is cut.
final class Table {
    /// One column.
    struct Column {
        let title: String
        var side = Side.left
        /// May be cut where the terminal is too narrow for all.
        var yields = false

        init(_ title: String, _ side: Side = .left, yields: Bool = false) {
            self.title = title
            self.side = side
            self.yields = yields
        }
    }

    /// One cell: plain text, and how it is shown.
    struct Cell: Sendable, ExpressibleByStringInterpolation {
        let text: String
        let ink: Ink?

        init(_ text: String, _ ink: Ink? = nil) {
            self.text = printable(text)
            self.ink = ink
        }

        init(stringLiteral text: String) {
            self.init(text)
        }
    }

    private static let sampled = 500
    private static let gap = 2

    private let columns: [Column]
    private let sink: Sink
    private let indent: Int
    private let hasHead: Bool
    private var waiting: [[Cell]] = []
    private var widths: [Int]?

    /// A table that writes to `sink`, a few columns from its edge.
    init(_ columns: [Column], to sink: Sink, indent: Int = 0, hasHead: Bool = true) {
        self.columns = columns
        self.sink = sink
        self.indent = indent
        self.hasHead = hasHead
    }

    /// Adds a row; its cells stand in the order of the columns.
    func add(_ row: [Cell]) {
        if let widths {
            write(row, widths)
            return
        }
        waiting.append(row)
        if waiting.count >= Table.sampled { settle() }
    }

    /// Writes what is waiting.
    ///
    /// A table without rows writes nothing, not even its head.
    func finish() {
        if widths == nil { settle() }
    }

    private func settle() {
        guard !waiting.isEmpty else { return }
        let widths = fitted()
        self.widths = widths
        if hasHead { write(columns.map { Cell($0.title, .dim) }, widths) }
        for row in waiting { write(row, widths) }
        waiting = []
    }

    private func fitted() -> [Int] {
        var widths = columns.indices.map { index in
            waiting.reduce(hasHead ? columns[index].title.displayWidth : 0) {
                max($0, $1[index].text.displayWidth)
            }
        }
        guard let room = sink.columns else { return widths }
        func total() -> Int { indent + widths.reduce(0, +) + Table.gap * (widths.count - 1) }
        // The widest that may gives way first, down to what still tells one name from another.
        while total() > room,
            let widest = columns.indices.filter({ columns[$0].yields && widths[$0] > 8 }).max(by: {
                widths[$0] < widths[$1]
            })
        {
            widths[widest] -= 1
        }
        return widths
    }

    private func write(_ row: [Cell], _ widths: [Int]) {
        var line = String(repeating: " ", count: indent)
        var used = indent
        for (index, cell) in row.enumerated() {
            // A terminal that is too narrow even so shows the first columns.
            let width = min(widths[index], sink.columns.map { $0 - used } ?? .max)
            guard width > 0 || cell.text.isEmpty else { break }
            let text = sink.columns == nil ? cell.text : cell.text.clipped(to: width)
            let painted = sink.paint(text, cell.ink)
            let isLast = row[(index + 1)...].allSatisfy(\.text.isEmpty)
            let room = String(repeating: " ", count: max(0, width - text.displayWidth))
            line += columns[index].side == .right ? room + painted : painted + (isLast ? "" : room)
            used += width + Table.gap
            if isLast || used >= sink.columns ?? .max { break }
            line += String(repeating: " ", count: Table.gap)
        }
        sink.line(line)
    }
}
