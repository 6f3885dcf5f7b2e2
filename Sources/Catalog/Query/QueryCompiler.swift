internal import Storage

extension Query {
    /// The query as a condition over `asset AS a`, for which the caller writes `a.present = 1`.
    ///
    /// Throws what the context's look-ups throw.
    func condition(_ context: QueryContext) throws -> SQLCondition {
        try QueryCompiler(context: context).condition(root)
    }
}

/// Puts a query into SQL, in the shapes that SQLite plans well.
///
/// A few matching rows are listed and looked up, `a.id IN (SELECT …)`. Where many match and only the newest are
/// wanted, SQLite is to walk the assets by date and probe each one, `EXISTS (…)`; by itself it always lists. See
/// `QueryContext.walkFrom` for where the two meet. Of several tags, sessions or ratings that must all hold, the rarest
/// is listed and the others are probed, unless all of them are very common.
struct QueryCompiler {
    let context: QueryContext

    func condition(_ node: Query.Node) throws -> SQLCondition {
        switch node {
        case .all:
            return .always
        case .text(let phrase):
            return text([match(phrase)])
        case .field(let field, let test):
            if let link = try link(field, test) { return .all(of: try choose([link])) }
            return try condition(field, test)
        case .not(let other):
            return try condition(other).negated
        case .or(let nodes):
            return .any(of: try nodes.map(condition))
        case .and(let nodes):
            return try conjunction(nodes)
        }
    }

    private func conjunction(_ nodes: [Query.Node]) throws -> SQLCondition {
        var phrases: [String] = []
        var links: [QueryLink] = []
        var others: [SQLCondition] = []
        for node in nodes {
            if case .text(let phrase) = node {
                phrases.append(match(phrase))
            } else if case .field(let field, let test) = node, let link = try link(field, test) {
                links.append(link)
            } else {
                others.append(try condition(node))
            }
        }
        var conditions: [SQLCondition] = []
        // One search for all words: it intersects them long before SQLite could.
        if !phrases.isEmpty { conditions.append(text(phrases)) }
        conditions += try choose(links)
        return .all(of: conditions + others)
    }

    // MARK: Words

    private func text(_ matches: [String]) -> SQLCondition {
        SQLCondition(
            "a.id IN (SELECT rowid FROM asset_text WHERE asset_text MATCH ?)",
            [.text(matches.joined(separator: " AND "))]
        )
    }

    /// A phrase in FTS5's language.
    ///
    /// In quotes nothing but a quote means anything there.
    func match(_ phrase: Query.Phrase, in column: String? = nil) -> String {
        let quoted = "\"" + phrase.text.replacing("\"", with: "\"\"") + "\"" + (phrase.isPrefix ? "*" : "")
        return column.map { "\($0) : \(quoted)" } ?? quoted
    }

    /// Keys as one value, for `json_each`.
    ///
    /// SQLite has a limit of values, and one text for any number of keys keeps one prepared statement.
    static func list(_ keys: [Int64]) -> Value {
        .text("[" + keys.map(String.init).joined(separator: ",") + "]")
    }

    /// True when decisions are so many that assets had better be asked one by one.
    func probesDecisions() throws -> Bool {
        let limit = context.walkFrom
        guard limit < Int.max else { return false }
        return try context.count(.decisions, limit + 1) > limit
    }
}
