extension PaperOrder {
    func write(to json: inout JSONWriter) {
        json.member("destination", bytes: destination)
        json.member("size", size.rawValue)
        if isLandscape { json.member("landscape", 1) }
        json.member("title", title)
        json.member("date", date)
        json.member("footer", footer)
        json.member("mark", mark)
        json.array("blocks") { json in
            for block in blocks { json.object { block.write(to: &$0) } }
        }
    }

    init(_ json: JSON) throws(ProtocolError) {
        guard let size = json["size"]?.text.flatMap(Size.init(rawValue:)), let title = json["title"]?.text,
            let date = json["date"]?.integer, let blocks = json["blocks"]?.list
        else { throw ProtocolError(expected: "a size, a title, a date and blocks", offset: 0) }
        var read: [PaperBlock] = []
        for block in blocks { read.append(try PaperBlock(block)) }
        self.init(
            destination: try json.bytes("destination"), size: size, title: title, date: date, blocks: read)
        isLandscape = json["landscape"]?.integer == 1
        footer = json["footer"]?.text ?? ""
        mark = json["mark"]?.text
    }
}

extension PaperBlock {
    func write(to json: inout JSONWriter) {
        switch self {
        case .title(let text): json.member("title", text)
        case .heading(let text): json.member("heading", text)
        case .paragraph(let text): json.object("paragraph") { text.write(to: &$0) }
        case .facts(let facts):
            json.array("facts") { json in
                for fact in facts {
                    json.object { json in
                        json.member("name", fact.name)
                        fact.text.write(to: &json)
                    }
                }
            }
        case .table(let table): json.object("table") { table.write(to: &$0) }
        case .space(let points): json.member("space", points)
        case .pageBreak: json.member("break", 1)
        }
    }

    init(_ json: JSON) throws(ProtocolError) {
        if let text = json["title"]?.text {
            self = .title(text)
        } else if let text = json["heading"]?.text {
            self = .heading(text)
        } else if let text = json["paragraph"] {
            self = .paragraph(try PaperText(text))
        } else if let list = json["facts"]?.list {
            var facts: [PaperFact] = []
            for fact in list { facts.append(PaperFact(fact["name"]?.text ?? "", try PaperText(fact))) }
            self = .facts(facts)
        } else if let table = json["table"] {
            self = .table(try PaperTable(table))
        } else if let points = json["space"]?.real, (0...1_000).contains(points) {
            self = .space(points)
        } else if json["break"] != nil {
            self = .pageBreak
        } else {
            throw ProtocolError(
                expected: "a title, heading, paragraph, facts, table, space or break", offset: 0)
        }
    }
}

extension PaperText {
    func write(to json: inout JSONWriter) {
        json.member("text", text)
        json.member("style", style.rawValue)
    }

    init(_ json: JSON) throws(ProtocolError) {
        guard let text = json["text"]?.text, let style = json["style"]?.text.flatMap(Style.init(rawValue:))
        else { throw ProtocolError(expected: "a text and its style", offset: 0) }
        self.init(text, style)
    }
}

extension PaperTable {
    func write(to json: inout JSONWriter) {
        json.array("columns") { json in
            for column in columns {
                json.object { json in
                    json.member("title", column.title)
                    json.member("share", column.share)
                    if column.isRight { json.member("right", 1) }
                }
            }
        }
        json.array("rows") { json in
            for row in rows {
                json.array(nil) { json in
                    for cell in row {
                        json.object { json in
                            if let picture = cell.picture { json.member("picture", bytes: picture) }
                            json.array("texts") { json in
                                for text in cell.texts { json.object { text.write(to: &$0) } }
                            }
                        }
                    }
                }
            }
        }
    }

    /// A row that is not as long as the head would be read under the wrong words.
    init(_ json: JSON) throws(ProtocolError) {
        guard let heads = json["columns"]?.list, let lines = json["rows"]?.list,
            (1...32).contains(heads.count)
        else { throw ProtocolError(expected: "one to 32 columns, and rows", offset: 0) }
        var columns: [Column] = []
        for head in heads {
            guard let title = head["title"]?.text, let share = head["share"]?.real, share > 0, share <= 1_000
            else { throw ProtocolError(expected: "a column’s title and its share of the width", offset: 0) }
            columns.append(Column(title, share, isRight: head["right"]?.integer == 1))
        }
        var rows: [[Cell]] = []
        rows.reserveCapacity(lines.count)
        for line in lines {
            guard let cells = line.list, cells.count == columns.count else {
                throw ProtocolError(expected: "a row with a cell for every column", offset: 0)
            }
            var row: [Cell] = []
            for cell in cells {
                var texts: [PaperText] = []
                for text in cell["texts"]?.list ?? [] { texts.append(try PaperText(text)) }
                let hasPicture = cell["picture"] != nil || cell["picture64"] != nil
                row.append(Cell(texts, picture: hasPicture ? try cell.bytes("picture") : nil))
            }
            rows.append(row)
        }
        self.init(columns, rows)
    }
}
