/// Reads a query from left to right, going down once for every parenthesis.
///
///     any   = both { "or" both }
///     both  = one { ["and"] one }
///     one   = { "not" } ( "(" any ")" | "all" | word | "phrase" | field operator values )
///
/// It reads Unicode scalars: to Swift, a quote with an accent over it is no quote.
struct QueryParser {
    let source: [Unicode.Scalar]
    var position = 0
    private var depth = 0
    private var conditions = 0

    static func parse(_ text: String) throws(Mistake) -> Query.Node {
        guard text.utf8.count <= Query.longest else {
            let start = Array(text.unicodeScalars.prefix(80))
            throw Mistake(
                "a query may be \(Query.longest / 1_024) kB long; this one is \(text.utf8.count / 1_024) kB",
                in: start,
                at: 0..<1
            )
        }
        var parser = QueryParser(source: Array(text.unicodeScalars))
        return try parser.whole()
    }

    init(source: [Unicode.Scalar]) { self.source = source }

    private mutating func whole() throws(Mistake) -> Query.Node {
        if let strange = source.firstIndex(where: {
            $0.properties.generalCategory == .control && !isSpace($0)
        }) {
            throw mistake("a control character cannot be searched for", strange..<(strange + 1))
        }
        skipSpaces()
        guard position < source.count else {
            throw mistake("nothing is asked; all means everything", 0..<0)
        }
        let node = try any()
        guard position == source.count else {
            throw mistake("this ) closes nothing", position..<(position + 1))
        }
        return node
    }

    // MARK: Joining

    private mutating func any() throws(Mistake) -> Query.Node {
        var nodes = [try both()]
        while let word = operatorWord(), word.text == "or" {
            position = word.place.upperBound
            try requireOperand(after: word)
            nodes.append(try both())
        }
        return nodes.count == 1 ? nodes[0] : .or(nodes)
    }

    private mutating func both() throws(Mistake) -> Query.Node {
        var nodes: [Query.Node] = []
        while true {
            skipSpaces()
            guard let next = peek(), next != ")" else { break }
            if let word = operatorWord(), word.text != "not" {
                guard !nodes.isEmpty else {
                    throw mistake(
                        "\(word.text) needs something before it; to look for the word, write \"\(word.text)\"",
                        word.place
                    )
                }
                guard word.text == "and" else { break }
                position = word.place.upperBound
                try requireOperand(after: word)
                continue
            }
            nodes.append(try one())
        }
        guard let first = nodes.first else {
            throw mistake("a term is missing here", position..<min(position + 1, source.count))
        }
        return nodes.count == 1 ? first : .and(nodes)
    }

    private mutating func one() throws(Mistake) -> Query.Node {
        skipSpaces()
        if let word = operatorWord(), word.text == "not" {
            position = word.place.upperBound
            try requireOperand(after: word)
            try descend(word.place)
            defer { depth -= 1 }
            return .not(try one())
        }
        guard peek() == "(" else { return try term() }
        let opening = position
        try descend(opening..<(opening + 1))
        defer { depth -= 1 }
        position += 1
        skipSpaces()
        if peek() == ")" { throw mistake("there is nothing in these parentheses", opening..<(position + 1)) }
        let node = try any()
        guard peek() == ")" else {
            throw mistake("this ( is not closed", opening..<(opening + 1))
        }
        position += 1
        return node
    }

    private mutating func descend(_ place: Range<Int>) throws(Mistake) {
        depth += 1
        guard depth <= Query.deepest else {
            throw mistake("more than \(Query.deepest) parentheses and nots within each other", place)
        }
    }

    private mutating func count(_ conditions: Int, _ place: Range<Int>) throws(Mistake) {
        self.conditions += conditions
        guard self.conditions <= Query.most else {
            throw mistake(
                "more than \(Query.most) conditions; tag the assets or select them, and ask for that",
                place
            )
        }
    }

    /// After `or`, `and` and `not` something must follow that can be chosen by.
    private mutating func requireOperand(after word: (text: String, place: Range<Int>)) throws(Mistake) {
        skipSpaces()
        let next = operatorWord()
        if let next, next.text != "not" {
            throw mistake("\(word.text) cannot be followed by \(next.text)", next.place)
        }
        guard let scalar = peek(), scalar != ")" else {
            throw mistake(
                "\(word.text) needs something after it; to look for the word, write \"\(word.text)\"",
                word.place
            )
        }
    }

    /// The word at this place if it is `or`, `and` or `not`, in capitals or small letters.
    private func operatorWord() -> (text: String, place: Range<Int>)? {
        var end = position
        while end < source.count, end - position < 4, source[end].isASCII, source[end].properties.isAlphabetic
        {
            end += 1
        }
        if end < source.count, !isSpace(source[end]), source[end] != "(", source[end] != ")" { return nil }
        let text = text(position..<end).lowercased()
        return ["or", "and", "not"].contains(text) ? (text, position..<end) : nil
    }

    // MARK: Terms

    private mutating func term() throws(Mistake) -> Query.Node {
        let start = position
        if let name = fieldName() { return try fieldTerm(name: name) }
        switch source[start] {
        case "<", ">", "=", "!", ":":
            if source[start] == "!" && !follows("!=", at: start) { break }
            throw mistake(
                "a field is missing before \(source[start]), with no space between: rating>=4",
                start..<(start + 1)
            )
        case "|":
            throw mistake(
                "alternatives belong to a field, with no space between: kind:photo|clip",
                start..<(start + 1)
            )
        case "-":
            let rest = wordEnd(from: start)
            let word = text((start + 1)..<max(rest, start + 1))
            throw mistake(
                word.isEmpty
                    ? "a - stands alone; to leave out, write not"
                    : "a word cannot begin with -; to leave it out, write not \(word)",
                start..<max(rest, start + 1)
            )
        default: break
        }
        return try textTerm()
    }

    private mutating func textTerm() throws(Mistake) -> Query.Node {
        let start = position
        let value = try readValue(stopsAtBar: false)
        let place = start..<position
        try count(1, place)
        if !value.isQuoted, value.pieces.count == 1, value.pieces[0].lowercased() == "all" { return .all }
        guard value.pieces.count == 1 || (value.pieces.count == 2 && value.pieces[1].isEmpty) else {
            throw mistake(
                "in text, * can stand only at the end of a word; in names anywhere: name:*_2016*",
                place
            )
        }
        let text = value.pieces[0]
        guard Query.Phrase.isSearchable(text) else {
            throw mistake(
                text.isEmpty && value.pieces.count == 2
                    ? "* alone says nothing; all means everything"
                    : "there is no letter or digit here to look for",
                place
            )
        }
        return .text(Query.Phrase(text: text, isPrefix: value.pieces.count == 2))
    }

    /// The name of a field at this place, when an operator follows it.
    private func fieldName() -> Range<Int>? {
        var end = position
        while end < source.count, QueryParser.isNameScalar(source[end]) { end += 1 }
        // `-2w..` and `12:30` are no fields.
        guard end > position, source[position].properties.isAlphabetic, end < source.count else { return nil }
        switch source[end] {
        case ":", "<", ">", "=": return position..<end
        case "!": return follows("!=", at: end) ? position..<end : nil
        default: return nil
        }
    }

    static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: false
        }
    }

    private mutating func fieldTerm(name: Range<Int>) throws(Mistake) -> Query.Node {
        let field = try knownField(name)
        position = name.upperBound
        let operation = try readOperation(field)
        if operation == "!=" {
            try descend(name)
            defer { depth -= 1 }
            return .not(.field(field, try test(field, operation: ":")))
        }
        return .field(field, try test(field, operation: operation))
    }

    private func knownField(_ name: Range<Int>) throws(Mistake) -> Query.Field {
        let word = text(name)
        let lowered = word.lowercased()
        if let field = Query.Field(rawValue: lowered) { return field }
        let names = Query.Field.allCases.map(\.rawValue)
        if let near = Query.Field.otherWords[lowered] ?? nearestWord(to: lowered, among: names) {
            throw mistake("unknown field \"\(word)\"", name, suggestion: near)
        }
        var end = name.upperBound
        while end < source.count, !isSpace(source[end]), source[end] != ")", source[end] != "\"" { end += 1 }
        let whole = text(name.lowerBound..<end)
        throw mistake("unknown field \"\(word)\"; to look for the text, write \"\(whole)\"", name)
    }

    /// What stands between field and value: `:`, `:=`, `>`, `>=`, `<`, `<=` or `!=`.
    private mutating func readOperation(_ field: Query.Field) throws(Mistake) -> String {
        let start = position
        for operation in [":=", "!=", ">=", "<=", ":", ">", "<", "="] where follows(operation, at: position) {
            position += operation.unicodeScalars.count
            let place = start..<position
            if operation == "=" {
                // `set rating=4 QUERY` sets; a query that could be taken for it would be dangerous.
                throw mistake("= sets a value; to look for one, write \(field.rawValue):", place)
            }
            if ["<", ">", "<=", ">="].contains(operation), !field.isOrdered {
                throw mistake("\(field.rawValue) has no order; write \(field.rawValue):", place)
            }
            if operation == ":=", case .choice = field.shape { return ":" }
            if operation == ":=", case .digest = field.shape { return ":" }
            if operation == ":=", case .circle = field.shape { return ":" }
            if operation == ":=", case .area = field.shape { return ":" }
            if operation == ":=", field.isOrdered { return ":" }
            return operation
        }
        throw mistake("an operator is missing after \(field.rawValue)", start..<(start + 1))
    }

    // MARK: Values

    private mutating func test(_ field: Query.Field, operation: String) throws(Mistake) -> Query.Test {
        var values: [QueryValue] = []
        let start = position
        repeat {
            if !values.isEmpty { position += 1 }
            values.append(try value(of: field, operation: operation))
        } while peek() == "|"
        if values.count > 1, operation.hasPrefix("<") || operation.hasPrefix(">") {
            throw mistake(
                "after \(operation) there is one value; or write \(field.rawValue):\(operation)1|\(operation)2",
                values[1].place
            )
        }
        try count(values.count, start..<position)
        let reader = QueryValueReader(source: source, field: field)
        return try reader.test(values, operation: operation)
    }

    private mutating func value(of field: Query.Field, operation: String) throws(Mistake) -> QueryValue {
        let start = position
        guard let next = peek(), !isSpace(next), next != ")", next != "|" else {
            let isSpaced = position + 1 < source.count && peek().map(isSpace) == true
            throw mistake(
                "a value is missing after \(field.rawValue)\(operation)"
                    + (isSpaced ? "; it follows without a space" : ", such as \(field.example)"),
                max(0, start - 1)..<start
            )
        }
        if next == "(" {
            throw mistake(
                "a value cannot begin with (; alternatives are written \(field.rawValue):a|b",
                start..<(start + 1)
            )
        }
        // An order within an alternative: iso:<200|>=3200.
        var order = operation
        if field.isOrdered, operation == ":" {
            for sign in [">=", "<=", ">", "<"] where follows(sign, at: position) {
                order = sign
                position += sign.unicodeScalars.count
                break
            }
        }
        let goesOn = if case .circle = field.shape { true } else { false }
        let value = try readValue(stopsAtBar: true, goesOnAfterQuote: goesOn)
        guard value.pieces.count > 1 || !value.pieces[0].isEmpty else {
            let hint =
                if case .text = field.shape { "; without any: not \(field.rawValue):*" } else {
                    ", such as \(field.example)"
                }
            throw mistake("a value is missing after \(field.rawValue)\(operation)\(hint)", start..<position)
        }
        return QueryValue(
            pieces: value.pieces,
            isQuoted: value.isQuoted,
            order: order,
            place: start..<position
        )
    }

    /// Reads one value or word, quoted or not, and splits it at its stars.
    ///
    /// A backslash takes the next character as it is. A parenthesis that is opened within a word belongs to it up to
    /// where it is closed: `IMG_1(2).jpg`. `goesOnAfterQuote` where a comma may follow it: `"Joshua Tree",5km`.
    private mutating func readValue(
        stopsAtBar: Bool,
        goesOnAfterQuote: Bool = false
    ) throws(Mistake) -> (pieces: [String], isQuoted: Bool) {
        let start = position
        var closing = peek().flatMap(QueryParser.closingQuotes)
        let isQuoted = closing != nil
        if isQuoted { position += 1 }
        var pieces = [""]
        var opened: [Int] = []
        while true {
            guard let scalar = peek() else {
                if closing != nil { throw mistake("this quote is not closed", start..<(start + 1)) }
                break
            }
            if let quotes = closing {
                if quotes.contains(scalar) {
                    position += 1
                    if goesOnAfterQuote, peek() == "," {
                        closing = nil
                        continue
                    }
                    try requireEnd(afterQuoteFrom: start, stopsAtBar: stopsAtBar)
                    break
                }
            } else if isSpace(scalar) || (scalar == ")" && opened.isEmpty) || (scalar == "|" && stopsAtBar) {
                break
            }
            position += 1
            switch scalar {
            case "\\":
                guard let next = peek() else {
                    throw mistake(
                        "a \\ at the end takes nothing; for the character itself write \\\\",
                        (position - 1)..<position
                    )
                }
                pieces[pieces.count - 1].unicodeScalars.append(next)
                position += 1
            case "*":
                pieces.append("")
            case "(" where closing == nil:
                opened.append(position - 1)
                pieces[pieces.count - 1].unicodeScalars.append(scalar)
            case ")" where closing == nil:
                opened.removeLast()
                pieces[pieces.count - 1].unicodeScalars.append(scalar)
            case "\"" where closing == nil:
                throw mistake(
                    "a quote within a word; put the whole in quotes, with \\\" for this one",
                    (position - 1)..<position
                )
            default:
                pieces[pieces.count - 1].unicodeScalars.append(scalar)
            }
        }
        guard position - start <= Query.longestValue else {
            throw mistake("a value may be \(Query.longestValue) characters long", start..<(start + 1))
        }
        if let unclosed = opened.first {
            throw mistake(
                "this ( within a word is not closed; put the whole in quotes",
                unclosed..<(unclosed + 1)
            )
        }
        return (pieces, isQuoted)
    }

    private func requireEnd(afterQuoteFrom start: Int, stopsAtBar: Bool) throws(Mistake) {
        guard let next = peek(), !isSpace(next), next != ")", next != "(", !(next == "|" && stopsAtBar) else {
            return
        }
        throw mistake("after a closing quote comes a space", position..<(position + 1))
    }

    /// Text editors and telephones write other quotes than keyboards.
    private static func closingQuotes(_ opening: Unicode.Scalar) -> [Unicode.Scalar]? {
        switch opening {
        case "\"": ["\""]
        case "“", "„", "”": ["”", "“"]
        default: nil
        }
    }

    // MARK: Scalars

    private func peek() -> Unicode.Scalar? { position < source.count ? source[position] : nil }

    private mutating func skipSpaces() {
        while position < source.count, isSpace(source[position]) { position += 1 }
    }

    private func follows(_ text: String, at start: Int) -> Bool {
        source[start...].starts(with: text.unicodeScalars)
    }

    private func wordEnd(from start: Int) -> Int {
        source[start...].firstIndex { isSpace($0) || $0 == ")" || $0 == "(" } ?? source.count
    }

    private func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

    private func text(_ place: Range<Int>) -> String { String(String.UnicodeScalarView(source[place])) }

    private func mistake(_ message: String, _ place: Range<Int>, suggestion: String? = nil) -> Mistake {
        Mistake(message, in: source, at: place, suggestion: suggestion)
    }
}
