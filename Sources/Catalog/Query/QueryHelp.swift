/// The query language in words, for `valhalla help query` and the README, from the parser's own table.
public enum QueryHelp {
    /// One field or word, what it asks, and a term that uses it.
    public struct Entry: Hashable, Sendable {
        /// As it is written.
        public let name: String
        /// One line.
        public let meaning: String
        /// A query that uses it.
        public let example: String
        /// The words that it takes, where they are fixed.
        public let words: [String]
    }

    /// Every field.
    public static let fields = Query.Field.allCases.map {
        Entry(name: $0.rawValue, meaning: $0.meaning, example: $0.example, words: $0.words)
    }

    /// Every word of `is:`.
    public static let states = Query.State.allCases.map {
        Entry(name: "is:\($0.rawValue)", meaning: $0.meaning, example: "is:\($0.rawValue)", words: [])
    }

    /// How terms are joined and values are written.
    public static let grammar = [
        Entry(
            name: "a b",
            meaning: "both; bare words search name, title, caption, tags, sessions, place, creator",
            example: "desert guitar",
            words: []
        ),
        Entry(name: "\"a b\"", meaning: "the words one after another", example: "\"raw power\"", words: []),
        Entry(name: "a*", meaning: "words that begin so", example: "guit*", words: []),
        Entry(name: "a or b", meaning: "either", example: "kind:clip or kind:sound", words: []),
        Entry(name: "not a", meaning: "all others", example: "not tag:people/Crew", words: []),
        Entry(
            name: "( )",
            meaning: "holds together",
            example: "(session:desert or session:studio) rating>=4",
            words: []
        ),
        Entry(name: "all", meaning: "everything", example: "all", words: []),
        Entry(name: "field:a|b", meaning: "one or the other", example: "kind:photo|clip", words: []),
        Entry(
            name: "field:\"a b\"",
            meaning: "a value with spaces",
            example: "camera:\"Leica M\"",
            words: []
        ),
        Entry(name: "field:=a", meaning: "exactly this text", example: "tag:=people", words: []),
        Entry(
            name: "field:a*",
            meaning: "the whole value, where * is anything",
            example: "name:L100*",
            words: []
        ),
        Entry(name: "field:*", meaning: "any value at all", example: "not title:*", words: []),
        Entry(name: "field!=a", meaning: "not field:a", example: "kind!=photo", words: []),
        Entry(name: "> >= < <=", meaning: "numbers and dates", example: "iso>=1600", words: []),
        Entry(
            name: "a..b",
            meaning: "from a to b, both included, to the end of the month or day named",
            example: "taken:2016-01..2016-03",
            words: []
        ),
        Entry(
            name: "-2w..",
            meaning: "since two weeks ago: h, d, w, m (months), y; also today, yesterday",
            example: "imported:-2w..",
            words: []
        ),
        Entry(
            name: "\\",
            meaning: "takes the next character as it is",
            example: "name:\\*",
            words: []
        ),
    ]

    /// All of it as plain text.
    public static func text() -> String {
        let sections = [
            ("Terms", grammar.map { ($0.name, $0.meaning, $0.example) }),
            ("Fields", fields.map { ($0.name, withWords($0), $0.example) }),
            ("Words of is:", states.map { (String($0.name.dropFirst(3)), $0.meaning, "") }),
        ]
        return sections.map { title, rows in
            let widest = rows.map { $0.0.count }.max() ?? 0
            let lines = rows.flatMap { name, meaning, example in
                let head = "  " + name + String(repeating: " ", count: widest - name.count + 2)
                let indent = String(repeating: " ", count: widest + 4)
                return [head + meaning] + (example.isEmpty || example == name ? [] : [indent + example])
            }
            return ([title] + lines).joined(separator: "\n")
        }
        .joined(separator: "\n\n") + "\n"
    }

    /// The fields as a Markdown table.
    public static func markdown() -> String {
        let rows = fields.map { field in
            "| `\(field.name)` | \(withWords(field)) | `\(field.example)` |"
        }
        return (["| field | asks | example |", "|---|---|---|"] + rows).joined(separator: "\n") + "\n"
    }

    private static func withWords(_ entry: Entry) -> String {
        // The words of `is:` have a table of their own.
        let isListed = !entry.words.isEmpty && entry.name != Query.Field.state.rawValue
        return isListed ? "\(entry.meaning) (\(entry.words.joined(separator: ", ")))" : entry.meaning
    }
}
