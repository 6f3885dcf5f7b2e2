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
/// `QueryContext.walkFrom` for where the two meet. Of several tags or sessions that must all hold, the rarest is
/// listed and the others are probed, unless all of them are very common.
struct QueryCompiler {
    let context: QueryContext

    /// Where every one of several tags has more assets than this, walking the dates finds them soon.
    private static let common = 100_000

    func condition(_ node: Query.Node) throws -> SQLCondition {
        switch node {
        case .all:
            return .always
        case .text(let phrase):
            return text([match(phrase)])
        case .field(let field, let test):
            if let link = try link(field, test) { return try choose(link) }
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
        var links: [Link] = []
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
        if links.count == 1 {
            conditions += [try choose(links[0])]
        } else if links.count > 1 {
            let sizes = try links.map { try context.count($0.population, QueryCompiler.common) }
            let rarest = zip(sizes, links.indices).min { $0.0 < $1.0 }
            for (index, link) in links.enumerated() {
                let isListed = index == rarest?.1 && (context.wanted == nil || sizes[index] < QueryCompiler.common)
                conditions.append(isListed ? link.listed : link.probed)
            }
        }
        return .all(of: conditions + others)
    }

    // MARK: Words

    private func text(_ matches: [String]) -> SQLCondition {
        SQLCondition(
            "a.id IN (SELECT rowid FROM asset_text WHERE asset_text MATCH ?)",
            [.text(matches.joined(separator: " AND "))])
    }

    /// A phrase in FTS5's language. In quotes nothing but a quote means anything there.
    func match(_ phrase: Query.Phrase, in column: String? = nil) -> String {
        let quoted = "\"" + phrase.text.replacing("\"", with: "\"\"") + "\"" + (phrase.isPrefix ? "*" : "")
        return column.map { "\($0) : \(quoted)" } ?? quoted
    }

    // MARK: Tags, sessions, selections

    /// A table that joins assets to something that has a name.
    private struct Link {
        let listed: SQLCondition
        let probed: SQLCondition
        let population: QueryContext.Population
    }

    private func link(_ field: Query.Field, _ test: Query.Test) throws -> Link? {
        let names = QueryNames(context: context)
        switch field {
        case .tag:
            let keys = try names.tagKeys(test)
            return link("asset_tag", "tag", keys, .tagged(keys))
        case .person:
            let keys = try names.tagKeys(test, below: "people")
            return link("asset_tag", "tag", keys, .tagged(keys))
        case .session:
            let keys = try names.keys(.session, test)
            return link("asset_session", "session", keys, .inSessions(keys))
        case .selection:
            let keys = try names.keys(.selection, test)
            return link("selection_item", "selection", keys, .selected(keys))
        default:
            return nil
        }
    }

    private func link(
        _ table: String, _ column: String, _ keys: [Int64], _ population: QueryContext.Population
    ) -> Link {
        guard let first = keys.first else { return Link(listed: .never, probed: .never, population: population) }
        let isOne = keys.count == 1
        let these = isOne ? "= ?" : "IN (SELECT value FROM json_each(?))"
        let value = isOne ? Value.integer(first) : QueryCompiler.list(keys)
        // With many keys the asset's few rows are read and looked up among them, which the plus sign makes sure of;
        // SQLite would look for each key in turn.
        let probe = isOne ? "x.\(column)" : "+x.\(column)"
        return Link(
            listed: SQLCondition(
                """
                a.id IN (
                    SELECT x.asset
                      FROM \(table) AS x
                     WHERE x.\(column) \(these)
                       AND x.present = 1
                )
                """, [value]),
            probed: SQLCondition(
                """
                EXISTS (
                    SELECT 1
                      FROM \(table) AS x
                     WHERE x.asset = a.id
                       AND \(probe) \(these)
                       AND x.present = 1
                )
                """, [value]),
            population: population)
    }

    private func choose(_ link: Link) throws -> SQLCondition {
        let limit = context.walkFrom
        guard limit < Int.max else { return link.listed }
        return try context.count(link.population, limit + 1) > limit ? link.probed : link.listed
    }

    /// Keys as one value, for `json_each`: SQLite has a limit of values, and one text for any number of keys keeps
    /// one prepared statement.
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
