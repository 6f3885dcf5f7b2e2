import CPaper
import MediaProtocol

extension PaperOrder {
    /// Draws the pages and writes them; tells how many they are.
    func draw() throws(Failure) -> Int {
        guard !NewFile.exists(destination) else { throw Failure("the destination exists already") }
        guard characters <= PaperOrder.mostCharacters else {
            throw Failure("there is more to be said than \(PaperOrder.mostPages) pages hold")
        }
        let sheet = PaperSheet(size, isLandscape: isLandscape)
        let pen = try PaperPen(width: sheet.width, height: sheet.height, title: title, date: date)
        // Every foot says of how many pages it is one, so all is set once to count them, and once to be drawn: what is
        // set is forgotten at once, and a thousand pages need no more memory than one.
        var counting = PaperSetter(self, sheet, pen, pages: nil)
        let pages = try counting.run()
        var drawing = PaperSetter(self, sheet, pen, pages: pages)
        _ = try drawing.run()
        try NewFile.write(try pen.close(), to: destination)
        return pages
    }

    private var characters: Int {
        func length(_ texts: [PaperText]) -> Int { texts.reduce(0) { $0 + $1.text.utf8.count } }
        return blocks.reduce(0) { sum, block in
            switch block {
            case .title(let text), .heading(let text): sum + text.utf8.count
            case .paragraph(let text): sum + length([text])
            case .facts(let facts): sum + length(facts.map(\.text))
            case .table(let table):
                table.rows.reduce(sum) { $0 + $1.reduce(0) { $0 + length($1.texts) } }
            case .space, .pageBreak: sum
            }
        }
    }
}

/// Sets blocks one below the other, and begins a page where one is full.
struct PaperSetter {
    private let order: PaperOrder
    private let sheet: PaperSheet
    private let pen: PaperPen
    /// How many pages there are; nil while they are counted and nothing is drawn.
    private let pages: Int?
    private var page = 0
    private var y = 0.0

    private var isDrawing: Bool { pages != nil }
    private var isEmpty: Bool { y <= sheet.margin }

    init(_ order: PaperOrder, _ sheet: PaperSheet, _ pen: PaperPen, pages: Int?) {
        self.order = order
        self.sheet = sheet
        self.pen = pen
        self.pages = pages
    }

    mutating func run() throws(Failure) -> Int {
        if isDrawing { pen.page() }
        page = 1
        y = sheet.margin
        // cairo wants one element around all others.
        open("Document")
        for (index, block) in order.blocks.enumerated() {
            try set(block, next: index + 1 < order.blocks.count ? order.blocks[index + 1] : nil)
        }
        close("Document")
        try finishPage()
        return page
    }

    private mutating func set(_ block: PaperBlock, next: PaperBlock?) throws(Failure) {
        switch block {
        case .title(let text): try paragraph(text, PaperSheet.title, "H1", with: 40)
        case .heading(let text):
            if !isEmpty { y += 10 }
            var below = 40.0
            if case .table(let table)? = next { below = try beginning(of: table) }
            try paragraph(text, PaperSheet.heading, "H2", with: below + 3)
            y += 3
        case .paragraph(let text): try paragraph(text.text, PaperSheet.style(text.style), "P", with: 0)
        case .facts(let facts):
            var widest = 0.0
            for fact in facts {
                widest = max(
                    widest,
                    pen.width(
                        of: try pen.set(fact.name, PaperSheet.style(PaperSetter.nameStyle(fact)), width: 160))
                )
            }
            let name = min(160, widest + 14)
            let columns = [
                PaperTable.Column("", name / sheet.column), PaperTable.Column("", 1 - name / sheet.column),
            ]
            try rows(
                of: PaperTable(
                    columns,
                    facts.map { [.init([PaperText($0.name, PaperSetter.nameStyle($0))]), .init([$0.text])] }),
                isRuled: false)
        case .table(let table): try rows(of: table, isRuled: true)
        case .space(let points): y += points
        case .pageBreak: if next != nil, !isEmpty { try turn() }
        }
    }

    /// A name stands on the line of what is said about it, in the size of a letter or of a list.
    private static func nameStyle(_ fact: PaperFact) -> PaperText.Style {
        fact.text.style == .body ? .body : .dim
    }

    // MARK: Pages

    /// Ends the page and begins the next.
    private mutating func turn() throws(Failure) {
        try finishPage()
        guard page < PaperOrder.mostPages else {
            throw Failure("there is more to be said than \(PaperOrder.mostPages) pages hold")
        }
        page += 1
        if isDrawing { pen.page() }
        y = sheet.margin
    }

    private func finishPage() throws(Failure) {
        guard let pages else { return }
        let top = sheet.height - 36
        let number = try pen.set(
            "\(page) of \(pages)", PaperSheet.footer, width: 100)
        let width = pen.width(of: number)
        pen.draw(number, line: 0, x: sheet.width - sheet.margin - width, y: top)
        let said = try pen.set(order.footer, PaperSheet.footer, width: sheet.column - width - 20)
        if !order.footer.isEmpty { pen.draw(said, line: 0, x: sheet.margin, y: top) }
        if let mark = order.mark {
            pen.across(
                try pen.set(mark, PaperSheet.mark, width: 4_000), width: sheet.width, height: sheet.height)
        }
    }

    private func open(_ tag: StaticString) { if isDrawing { pen.open(tag) } }

    private func close(_ tag: StaticString) { if isDrawing { pen.close(tag) } }

    // MARK: Paragraphs

    /// A paragraph; it begins where `below` it there is room for what must stay with it.
    private mutating func paragraph(
        _ text: String, _ style: cpaper_style, _ tag: StaticString, with below: Double
    ) throws(Failure) {
        let lines = try pen.set(text, style, width: sheet.column)
        // No first line of several stands alone at a foot, and no head without what it is the head of.
        let least = Double(min(2, lines.count)) * lines.leading + below
        if y + least > sheet.bottom, !isEmpty { try turn() }
        var next = 0
        while next < lines.count {
            var room = Int((sheet.bottom - y) / lines.leading)
            if lines.count - next - room == 1, room > 2 { room -= 1 }
            let end = min(lines.count, next + max(1, room))
            if isDrawing {
                // What goes on on the next page is an element of its own: none may lie across two.
                open(tag)
                for line in next..<end {
                    pen.draw(lines, line: line, x: sheet.margin, y: y + Double(line - next) * lines.leading)
                }
                close(tag)
            }
            y += Double(end - next) * lines.leading
            next = end
            if next < lines.count { try turn() }
        }
    }

    // MARK: Tables

    private static let gap = 10.0
    private static let air = 5.0

    private mutating func rows(of table: PaperTable, isRuled: Bool) throws(Failure) {
        let columns = columns(of: table)
        let hasHead = table.columns.contains { !$0.title.isEmpty }
        let head = try self.head(of: table, columns)
        open("Table")
        var isBegun = false
        for row in table.rows {
            var stacks = try columns.stacks(of: row, pen)
            let height = stacks.map(\.height).max() ?? 0
            let needed = height + 2 * PaperSetter.air
            if !isBegun {
                if !isEmpty, y + (try beginning(of: table)) > sheet.bottom { try turn() }
                if hasHead { try self.head(head, columns) }
                isBegun = true
            }
            // A row stays whole where a page can hold it, and what no page can hold begins where it can be seen.
            let isWhole = needed < tallest
            let room = sheet.bottom - y
            if isWhole ? needed > room : room < 120 {
                try turn()
                if hasHead { try self.head(head, columns) }
            }
            try self.row(&stacks, columns, head: hasHead ? head : nil, isRuled: isRuled)
        }
        close("Table")
    }

    /// A row of this height stays whole.
    private var tallest: Double { sheet.bottom - sheet.margin - 40 }

    private func columns(of table: PaperTable) -> PaperColumns {
        PaperColumns(table.columns, x: sheet.margin, width: sheet.column, gap: PaperSetter.gap)
    }

    private func head(of table: PaperTable, _ columns: PaperColumns) throws(Failure) -> [PaperColumns.Stack] {
        var head: [PaperColumns.Stack] = []
        for (index, column) in table.columns.enumerated() {
            let style = column.isRight ? PaperSheet.columnHeadRight : PaperSheet.columnHead
            let lines = try pen.set(column.title, style, width: columns.width(index))
            head.append(PaperColumns.Stack(column.title.isEmpty ? [] : [.lines(lines, 0..<lines.count)]))
        }
        return head
    }

    /// The room that a table begins in: its head, and its first row, or as much of it as shows what it is.
    private func beginning(of table: PaperTable) throws(Failure) -> Double {
        guard let first = table.rows.first else { return 0 }
        let columns = columns(of: table)
        let head = try head(of: table, columns).map(\.height).max() ?? 0
        let row = try columns.stacks(of: first, pen).map(\.height).max() ?? 0
        let needed = row + 2 * PaperSetter.air
        return head + 4 + (needed < tallest ? needed : 120)
    }

    private mutating func head(_ head: [PaperColumns.Stack], _ columns: PaperColumns) throws(Failure) {
        let height = head.map(\.height).max() ?? 0
        if isDrawing {
            open("TR")
            for (index, stack) in head.enumerated() where stack.height > 0 {
                // Heads stand on their line, however many lines they have.
                open("TH")
                stack.draw(pen, x: columns.x(index), y: y + height - stack.height)
                close("TH")
            }
            close("TR")
            pen.rule(
                x: sheet.margin, y: y + height + 4, width: sheet.column, thickness: 0.9, color: PaperSheet.ink
            )
        }
        y += height + 4
    }

    /// A row, on as many pages as it needs.
    private mutating func row(
        _ stacks: inout [PaperColumns.Stack], _ columns: PaperColumns, head: [PaperColumns.Stack]?,
        isRuled: Bool
    ) throws(Failure) {
        let air = isRuled ? PaperSetter.air : 1.5
        while true {
            let top = y + air
            var tallest = 0.0
            var parts: [PaperColumns.Stack] = []
            for index in stacks.indices {
                let part = stacks[index].take(sheet.bottom - top - air)
                tallest = max(tallest, part.height)
                parts.append(part)
            }
            if isDrawing {
                open("TR")
                for (index, part) in parts.enumerated() where part.height > 0 {
                    open("TD")
                    part.draw(pen, x: columns.x(index), y: top)
                    close("TD")
                }
                close("TR")
            }
            y = top + tallest + air
            if isDrawing, isRuled {
                pen.rule(
                    x: sheet.margin, y: y, width: sheet.column, thickness: 0.5, color: PaperSheet.hairline)
            }
            guard stacks.contains(where: { $0.height > 0 }) else { return }
            try turn()
            if let head { try self.head(head, columns) }
        }
    }
}
