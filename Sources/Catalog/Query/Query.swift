/// A choice of assets, in the one language that every command takes.
///
///     session:desert kind:photo rating>=4 not tag:people/Crew
///
/// A query is a value: it can be kept, compared and shown. `description` writes it so that it parses to itself.
public struct Query: Hashable, Sendable {
    /// What is asked.
    public let root: Node

    /// Everything.
    public static let all = Query(root: .all)

    /// What is asked, as a tree.
    public indirect enum Node: Hashable, Sendable {
        /// Everything.
        case all
        /// Assets with these words in their text.
        case text(Phrase)
        /// Assets of which a field is so.
        case field(Field, Test)
        /// Those that the other does not choose.
        case not(Node)
        /// Those that all of them choose; two or more.
        case and([Node])
        /// Those that any of them chooses; two or more.
        case or([Node])
    }

    /// What is asked of a field; of several values any will do.
    public enum Test: Hashable, Sendable {
        /// `field:a|b*`
        case like([Pattern])
        /// `field:=a|b`
        case exactly([String])
        /// `field:word`, a word from the field's list or hexadecimal digits; in lower case.
        case words([String])
        /// `field>=1`, `field:1..2|4`
        case numbers([Interval<Quantity>])
        /// `field:2016-01..2016-03`
        case dates([Interval<Moment>])
        /// `near:34.13,-116.31,5km`
        case near([Circle])
        /// `within:34,-117,35,-116`
        case within([Area])
    }

    /// The longest text that is read, in bytes.
    public static let longest = 64 * 1_024
    /// The longest single value, in characters; SQLite's LIKE has a limit, too.
    public static let longestValue = 2_000
    /// How many parentheses and `not`s may stand within each other: SQLite's parser keeps 100 symbols on its stack,
    /// and each level takes four of them, the longest condition thirty.
    public static let deepest = 12
    /// How many conditions one query may have, values counted singly: SQLite's expressions have a depth, too.
    public static let most = 500

    /// Reads a query.
    ///
    /// Throws `QueryError`, which tells the place. An empty text is a mistake: `all` is everything.
    public static func parse(_ text: String) throws(QueryError) -> Query {
        do {
            return Query(root: try QueryParser.parse(text))
        } catch {
            throw QueryError(error)
        }
    }
}

// MARK: - Writing

extension Query: CustomStringConvertible {
    /// The query in its plainest form, which parses to the same query.
    public var description: String { Query.write(root, isInner: false) }

    private static func write(_ node: Node, isInner: Bool) -> String {
        switch node {
        case .all: return "all"
        case .text(let phrase): return quotedIfNeeded([phrase.text] + (phrase.isPrefix ? [""] : []))
        case .field(let field, let test): return field.rawValue + write(test)
        case .not(let other):
            return "not " + write(other, isInner: true)
        case .and(let all):
            let text = all.map { write($0, isInner: true) }.joined(separator: " ")
            return isInner ? "(\(text))" : text
        case .or(let any):
            let text = any.map { write($0, isInner: true) }.joined(separator: " or ")
            return isInner ? "(\(text))" : text
        }
    }

    private static func write(_ test: Test) -> String {
        switch test {
        case .like(let patterns): ":" + patterns.map { quotedIfNeeded($0.pieces) }.joined(separator: "|")
        case .exactly(let texts): ":=" + texts.map { quotedIfNeeded([$0]) }.joined(separator: "|")
        case .words(let words): ":" + words.joined(separator: "|")
        case .numbers(let intervals): write(intervals, \.spelling)
        case .dates(let intervals): write(intervals, \.spelling)
        case .near(let circles): ":" + circles.map(\.written).joined(separator: "|")
        case .within(let areas): ":" + areas.map(\.spelling).joined(separator: "|")
        }
    }

    private static func write<Value>(_ intervals: [Interval<Value>], _ spelling: (Value) -> String) -> String
    {
        let texts = intervals.map { interval in
            switch interval {
            case .at(let value): spelled(spelling(value))
            case .above(let value): ">" + spelled(spelling(value))
            case .from(let value): ">=" + spelled(spelling(value))
            case .below(let value): "<" + spelled(spelling(value))
            case .upTo(let value): "<=" + spelled(spelling(value))
            case .between(let low, let high): spelled("\(spelling(low))..\(spelling(high))")
            }
        }
        let joined = texts.joined(separator: "|")
        return texts.count == 1 && (joined.hasPrefix(">") || joined.hasPrefix("<")) ? joined : ":" + joined
    }

    /// A date with a time may have been written with a space.
    private static func spelled(_ text: String) -> String { text.contains(" ") ? "\"\(text)\"" : text }

    /// Pieces with stars between them, in quotes unless every character is harmless.
    private static func quotedIfNeeded(_ pieces: [String]) -> String {
        let reserved = ["or", "and", "not", "all"]
        let isHarmless =
            pieces.allSatisfy { $0.unicodeScalars.allSatisfy(isPlain) }
            && !reserved.contains(pieces.joined(separator: "*").lowercased())
            && pieces.contains { !$0.isEmpty }
        if isHarmless { return pieces.joined(separator: "*") }
        if pieces.allSatisfy(\.isEmpty), pieces.count > 1 { return pieces.joined(separator: "*") }
        return "\"" + pieces.map(escaped).joined(separator: "*") + "\""
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("*", with: "\\*")
    }

    /// The text in quotes, as a query takes it for itself and nothing else.
    public static func inQuotes(_ text: String) -> String { "\"\(escaped(text))\"" }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "/", ".", "'": true
        default: !scalar.isASCII && scalar.properties.isAlphabetic
        }
    }
}
