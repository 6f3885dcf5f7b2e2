/// One JSON value whose members keep the order in which they were written, so that lines read alike.
indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case list([JSONValue])
    case object(JSONObject)

    /// The text, or null.
    init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    /// The number, or null.
    init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }
    /// The number, or null.
    init(_ number: Int64?) { self = number.map { .integer($0) } ?? .null }
    /// The number, or null.
    init(_ number: Double?) { self = number.map { .real($0) } ?? .null }
    /// Several texts.
    init(_ texts: [String]) { self = .list(texts.map { .text($0) }) }

    /// The value on one line.
    var line: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let number): String(number)
        case .real(let number): number.isFinite ? "\(number)" : "null"
        case .text(let text): JSONValue.quoted(text)
        case .list(let values): "[" + values.map(\.line).joined(separator: ",") + "]"
        case .object(let object): object.line
        }
    }

    private static func quoted(_ text: String) -> String {
        var line = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            // Beyond what JSON demands: what would move a terminal's cursor or turn its lines, too.
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value),
                "\u{2028}", "\u{2029}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                let digits = String(scalar.value, radix: 16)
                line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line + "\""
    }
}

/// Members of a JSON object, in order.
struct JSONObject: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    private(set) var members: [Member] = []

    /// One name with its value.
    struct Member: Hashable, Sendable {
        let name: String
        let value: JSONValue
    }

    init(dictionaryLiteral elements: (String, JSONValue)...) {
        members = elements.map { Member(name: $0.0, value: $0.1) }
    }

    /// Adds a member behind the others.
    mutating func add(_ name: String, _ value: JSONValue) {
        members.append(Member(name: name, value: value))
    }

    /// The object on one line.
    var line: String {
        "{" + members.map { JSONValue.text($0.name).line + ":" + $0.value.line }.joined(separator: ",") + "}"
    }
}
