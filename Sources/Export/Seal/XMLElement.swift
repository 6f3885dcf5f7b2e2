/// An element of a small XML document, for the lists that seal a package.
///
/// It takes what those lists are made of: elements, attributes, text, comments and the five named entities. A document
/// type is refused, and with it every entity that could grow.
struct XMLElement {
    /// Without its prefix.
    let name: String
    let attributes: [String: String]
    fileprivate(set) var children: [XMLElement] = []
    /// The text directly inside, without the blanks around it.
    fileprivate(set) var text = ""

    /// The document's outermost element, or nil when it is no such document.
    init?(document: [UInt8]) {
        guard let text = String(validating: document, as: UTF8.self) else { return nil }
        var reader = XMLReader(text)
        guard let root = reader.document() else { return nil }
        self = root
    }

    fileprivate init(name: String, attributes: [String: String]) {
        self.name = name
        self.attributes = attributes
    }

    /// The first child of this name.
    subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// All children of this name.
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

private struct XMLReader {
    private var rest: Substring.UnicodeScalarView
    /// Lists nest five deep; a hostile one must not exhaust the stack.
    private static let deepest = 32

    init(_ text: String) {
        rest = Substring(text).unicodeScalars
        if rest.first == "\u{FEFF}" { rest.removeFirst() }
    }

    mutating func document() -> XMLElement? {
        guard skipMisc(), let root = element(depth: 0), skipMisc(), rest.isEmpty else { return nil }
        return root
    }

    private func starts(_ prefix: String) -> Bool { rest.starts(with: prefix.unicodeScalars) }

    private mutating func take(_ prefix: String) -> Bool {
        guard starts(prefix) else { return false }
        rest.removeFirst(prefix.unicodeScalars.count)
        return true
    }

    private mutating func skipBlanks() {
        while let first = rest.first, first == " " || first == "\n" || first == "\r" || first == "\t" {
            rest.removeFirst()
        }
    }

    /// Everything up to and with `end`, or nil when it does not come.
    private mutating func take(through end: String) -> String? {
        var taken = String.UnicodeScalarView()
        while !rest.isEmpty {
            if take(end) { return String(taken) }
            taken.append(rest.removeFirst())
        }
        return nil
    }

    private mutating func skipMisc() -> Bool {
        while true {
            skipBlanks()
            if take("<!--") {
                guard take(through: "-->") != nil else { return false }
            } else if take("<?") {
                guard take(through: "?>") != nil else { return false }
            } else {
                return true
            }
        }
    }

    private mutating func name() -> String? {
        var name = String.UnicodeScalarView()
        while let first = rest.first,
            first.properties.isAlphabetic || first.properties.numericType != nil
                || "_-.:".unicodeScalars.contains(first)
        {
            name.append(rest.removeFirst())
        }
        guard !name.isEmpty else { return nil }
        let full = String(name)
        return full.split(separator: ":").last.map(String.init)
    }

    private mutating func element(depth: Int) -> XMLElement? {
        guard depth < XMLReader.deepest, take("<"), let name = name() else { return nil }
        var attributes: [String: String] = [:]
        while true {
            skipBlanks()
            if take("/>") { return XMLElement(name: name, attributes: attributes) }
            if take(">") { break }
            guard let key = self.name() else { return nil }
            skipBlanks()
            guard take("=") else { return nil }
            skipBlanks()
            let quote = rest.first
            guard quote == "\"" || quote == "'", let quote else { return nil }
            rest.removeFirst()
            guard let value = take(through: String(quote)), let plain = XMLReader.resolved(value) else {
                return nil
            }
            attributes[key] = plain
        }
        var element = XMLElement(name: name, attributes: attributes)
        guard fill(&element, depth: depth) else { return nil }
        return element
    }

    private mutating func fill(_ element: inout XMLElement, depth: Int) -> Bool {
        var text = String.UnicodeScalarView()
        while let first = rest.first {
            if first != "<" {
                text.append(rest.removeFirst())
            } else if take("</") {
                guard name() == element.name else { return false }
                skipBlanks()
                guard take(">"), let plain = XMLReader.resolved(String(text)) else { return false }
                element.text = PublicText.trimmed(plain)
                return true
            } else if take("<!--") {
                guard take(through: "-->") != nil else { return false }
            } else {
                guard let child = self.element(depth: depth + 1) else { return false }
                element.children.append(child)
            }
        }
        return false
    }

    private static func resolved(_ text: String) -> String? {
        guard text.contains("&") else { return text }
        var plain = ""
        var pieces = text.split(separator: "&", omittingEmptySubsequences: false)
        plain += pieces.removeFirst()
        for piece in pieces {
            guard let end = piece.firstIndex(of: ";") else { return nil }
            let entity = piece[..<end]
            let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
            if let character = named[String(entity)] {
                plain += character
            } else if entity.first == "#", let scalar = number(entity.dropFirst()) {
                plain.unicodeScalars.append(scalar)
            } else {
                return nil
            }
            plain += piece[piece.index(after: end)...]
        }
        return plain
    }

    private static func number(_ digits: Substring) -> Unicode.Scalar? {
        let value = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap(Unicode.Scalar.init)
    }
}

extension PublicText {
    /// Without the blanks at its ends.
    static func trimmed(_ text: String) -> String {
        let isBlank: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\n" || $0 == "\r" || $0 == "\t" }
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
