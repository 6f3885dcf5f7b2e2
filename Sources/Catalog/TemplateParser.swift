extension Template {
    /// Reads a template whose places may ask for `fields`.
    ///
    /// Throws `TemplateError`, which tells the place.
    public static func parse(
        _ text: String,
        fields: [Field] = Template.assetFields
    ) throws(TemplateError) -> Template {
        do {
            var parser = TemplateParser(source: Array(text.unicodeScalars), fields: fields)
            return Template(parts: try parser.parts())
        } catch {
            throw TemplateError(error)
        }
    }
}

/// Reads a template from left to right; places do not stand within each other.
private struct TemplateParser {
    let source: [Unicode.Scalar]
    let fields: [Template.Field]
    private var position = 0

    init(source: [Unicode.Scalar], fields: [Template.Field]) {
        self.source = source
        self.fields = fields
    }

    mutating func parts() throws(Mistake) -> [Template.Part] {
        var parts: [Template.Part] = []
        var text = ""
        while let scalar = peek() {
            let isDoubled = position + 1 < source.count && source[position + 1] == scalar
            switch scalar {
            case "{" where !isDoubled:
                if !text.isEmpty { parts.append(.text(text)) }
                text = ""
                parts.append(.place(try place()))
            case "}" where !isDoubled:
                throw mistake(
                    "this } closes nothing; for the brace itself write }}",
                    position..<(position + 1)
                )
            case "{", "}":
                text.unicodeScalars.append(scalar)
                position += 2
            case "\\":
                text.unicodeScalars.append(try escaped())
            default:
                text.unicodeScalars.append(scalar)
                position += 1
            }
        }
        if !text.isEmpty { parts.append(.text(text)) }
        return parts
    }

    private mutating func escaped() throws(Mistake) -> Unicode.Scalar {
        let start = position
        position += 2
        guard start + 1 < source.count else {
            throw mistake(
                "a \\ at the end takes nothing; for the character itself write \\\\",
                start..<(start + 1)
            )
        }
        switch source[start + 1] {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "0": return "\0"
        case "\\", "\"", "{", "}": return source[start + 1]
        default:
            throw mistake(
                "\\\(source[start + 1]) is unknown: \\n is a new line, \\t a tab, \\0 a NUL, \\\\ the \\ itself",
                start..<(start + 2)
            )
        }
    }

    private mutating func place() throws(Mistake) -> [Template.Alternative] {
        let opening = position
        position += 1
        var alternatives: [Template.Alternative] = []
        while true {
            skipSpaces()
            alternatives.append(try alternative(opening))
            skipSpaces()
            guard let next = peek() else { throw unclosed(opening) }
            position += 1
            if next == "}" { return alternatives }
            guard next == "|" else {
                throw mistake("here comes |, : or }", (position - 1)..<position)
            }
            if case .literal = alternatives.last {
                throw mistake("nothing is taken after a text in quotes", (position - 1)..<position)
            }
        }
    }

    private mutating func alternative(_ opening: Int) throws(Mistake) -> Template.Alternative {
        if peek() == "\"" { return .literal(try quoted()) }
        let start = position
        while let next = peek(), QueryParser.isNameScalar(next) { position += 1 }
        let place = start..<position
        let written = text(place)
        guard !written.isEmpty else {
            guard peek() != nil else { throw unclosed(opening) }
            throw mistake(
                "the name of a field is missing; for the brace itself write {{",
                opening..<(position + 1)
            )
        }
        let lowered = written.lowercased()
        let name = Template.sameNames[lowered] ?? lowered
        guard let field = fields.first(where: { $0.name == name }) else {
            let other = Query.Field.otherWords[lowered].flatMap { word in
                fields.first { $0.name == Template.sameNames[word] ?? word }?.name
            }
            throw Mistake(
                "unknown field \"\(written)\"",
                in: source,
                at: place,
                suggestion: other ?? nearestWord(to: lowered, among: fields.map(\.name))
            )
        }
        guard peek() == ":" else { return .field(field.name, .plain) }
        position += 1
        return .field(field.name, try format(of: field, opening))
    }

    private mutating func format(of field: Template.Field, _ opening: Int) throws(Mistake) -> Template.Format
    {
        let start = position
        var written = ""
        if peek() == "\"" {
            written = try quoted()
        } else {
            while let next = peek(), next != "}", next != "|" {
                written.unicodeScalars.append(next)
                position += 1
            }
            guard peek() != nil else { throw unclosed(opening) }
        }
        let place = start..<max(position, start + 1)
        guard !written.isEmpty else { throw mistake("after : comes how \(field.name) is written", place) }
        switch field.kind {
        case .list:
            return .separator(written)
        case .date:
            try check(letters: written, of: field, place)
            return .date(written)
        case .integer, .text:
            guard let width = Int(written), (1...50).contains(width), written.allSatisfy(isASCIIDigit) else {
                let isDate = written.contains("%")
                throw mistake(
                    isDate
                        ? "\(field.name) is no date; % has a meaning in dates only"
                        : "the width is a number from 1 to 50, such as \(field.name):03",
                    place
                )
            }
            return .width(width, zeros: written.hasPrefix("0"))
        }
    }

    private func check(letters: String, of field: Template.Field, _ place: Range<Int>) throws(Mistake) {
        guard letters.contains("%") else {
            throw mistake("a date is written with letters such as \(field.name):%Y-%m-%d", place)
        }
        var isLetter = false
        for scalar in letters.unicodeScalars {
            if isLetter, !CivilTime.letters.contains(scalar) {
                throw mistake(
                    "%\(scalar) is unknown: %Y %m %d %H %M %S are year to second, %B %A names",
                    place
                )
            }
            isLetter = !isLetter && scalar == "%"
        }
        if isLetter { throw mistake("a letter is missing after %; for the sign itself write %%", place) }
    }

    private mutating func quoted() throws(Mistake) -> String {
        let start = position
        position += 1
        var written = ""
        while let next = peek() {
            if next == "\"" {
                position += 1
                return written
            }
            if next == "\\" {
                written.unicodeScalars.append(try escaped())
            } else {
                written.unicodeScalars.append(next)
                position += 1
            }
        }
        throw mistake("this quote is not closed", start..<(start + 1))
    }

    private func unclosed(_ opening: Int) -> Mistake {
        mistake("this { is not closed; for the brace itself write {{", opening..<(opening + 1))
    }

    private func peek() -> Unicode.Scalar? { position < source.count ? source[position] : nil }

    private mutating func skipSpaces() {
        while let next = peek(), next == " " { position += 1 }
    }

    private func text(_ place: Range<Int>) -> String { String(String.UnicodeScalarView(source[place])) }

    private func mistake(_ message: String, _ place: Range<Int>) -> Mistake {
        Mistake(message, in: source, at: place)
    }
}
