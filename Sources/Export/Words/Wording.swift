/// A text that leaves the house, and which of its words the templates say by themselves.
///
/// What is written between the quotes of a literal is the house's own: it is registered here by being written, and nobody
/// keeps a list of it. What is interpolated is not: `SaidWords` must have it from elsewhere, or the finished file is
/// refused. A literal must be one: no value of the archive can be passed off as a word of the house.
struct Wording: Sendable {
    /// The whole text.
    private(set) var text = ""
    /// The literals in it, by where the program keeps them: the same one a thousand times is one.
    private(set) var literals: [UInt: StaticString] = [:]

    /// Nothing yet.
    init() {}

    /// A value: none of its words is the house's own.
    init(_ value: String) { text = value }

    var isEmpty: Bool { text.isEmpty }
    var bytes: [UInt8] { Array(text.utf8) }

    /// As the content of an element or of a quoted attribute of HTML or XML.
    var escaped: Wording { rewritten(\.escaped) }

    /// The same words in another writing: nothing of what `change` adds is the house's own.
    func rewritten(_ change: (String) -> String) -> Wording {
        var changed = self
        changed.text = change(text)
        return changed
    }

    static func += (left: inout Wording, right: Wording) {
        left.text += right.text
        left.literals.merge(right.literals) { first, _ in first }
    }

    static func + (left: Wording, right: Wording) -> Wording {
        var sum = left
        sum += right
        return sum
    }
}

extension Wording: ExpressibleByStringInterpolation {
    typealias StringLiteralType = StaticString

    init(stringLiteral literal: StaticString) { append(literal) }
    init(stringInterpolation parts: StringInterpolation) { self = parts.wording }

    private mutating func append(_ literal: StaticString) {
        guard literal.utf8CodeUnitCount > 0 else { return }
        text += literal.description
        literals[UInt(bitPattern: literal.utf8Start)] = literal
    }

    /// What stands between the quotes, piece for piece.
    struct StringInterpolation: StringInterpolationProtocol {
        typealias StringLiteralType = StaticString

        fileprivate var wording = Wording()

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: StaticString) { wording.append(literal) }
        mutating func appendInterpolation(_ part: Wording) { wording += part }
        mutating func appendInterpolation(_ value: String) { wording.text += value }
        mutating func appendInterpolation(_ value: Int) { wording.text += String(value) }
        mutating func appendInterpolation(_ value: Int64) { wording.text += String(value) }
    }
}

extension Sequence<Wording> {
    /// One behind the other.
    func joined(separator: Wording = "") -> Wording {
        var whole = Wording()
        var isFirst = true
        for part in self {
            if !isFirst { whole += separator }
            whole += part
            isFirst = false
        }
        return whole
    }
}
