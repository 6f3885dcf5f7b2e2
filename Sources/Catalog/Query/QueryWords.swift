extension Query {
    /// Reads the words of a command line, which the shell has taken out of their quotes.
    ///
    /// Each argument is read as part of the query, joined by spaces. An argument with a space in it is
    /// - a value, when it begins with a field: `camera:Leica M` is `camera:"Leica M"`;
    /// - a query of its own, when a field begins within it too, or it has quotes:
    ///   `session:desert rating>=4`, `not tag:people/Crew`;
    /// - a phrase otherwise: `raw power` is `"raw power"`.
    ///
    /// Throws `QueryError`, whose place is in the text that `Query.text(words:)` gives.
    public init(words: [String]) throws(QueryError) {
        self = try Query.parse(Query.text(words: words))
    }

    /// The one text that the words of a command line stand for.
    public static func text(words: [String]) -> String {
        words.map(text(word:)).joined(separator: " ")
    }

    private static func text(word: String) -> String {
        if word.isEmpty { return "\"\"" }
        guard word.contains(where: \.isWhitespace) else { return word }
        if word.contains(where: { "\"“„”".contains($0) }) || holdsTerms(word) { return "(\(word))" }
        guard let value = valueStart(in: word) else { return "\"\(word)\"" }
        let values = word[value...].split(separator: "|", omittingEmptySubsequences: false)
        let quoted = values.map { $0.contains(where: \.isWhitespace) ? "\"\($0)\"" : String($0) }
        return word[..<value] + quoted.joined(separator: "|")
    }

    /// True when a known field with its operator follows a space.
    private static func holdsTerms(_ word: String) -> Bool {
        let parts = word.split(whereSeparator: \.isWhitespace)
        return parts.dropFirst().contains { part in
            let bare = part.drop { $0 == "(" }
            guard let end = bare.firstIndex(where: { ":<>!=".contains($0) }) else { return false }
            return Field(rawValue: bare[..<end].lowercased()) != nil
        }
    }

    /// Where the value begins, when the word begins with a name and an operator.
    private static func valueStart(in word: String) -> String.Index? {
        guard let end = word.firstIndex(where: { !$0.unicodeScalars.allSatisfy(QueryParser.isNameScalar) }),
            end > word.startIndex, word.first?.isLetter == true
        else { return nil }
        let rest = word[end...]
        guard let sign = [":=", "!=", ">=", "<=", ":", ">", "<"].first(where: { rest.hasPrefix($0) }) else {
            return nil
        }
        return word.index(end, offsetBy: sign.count)
    }
}
