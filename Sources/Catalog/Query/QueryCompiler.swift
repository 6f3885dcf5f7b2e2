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
/// Without statistics SQLite always lists: it takes all that a tag has and sorts them. Where many match and only the newest
/// are wanted it is to walk the assets by date and probe each one, `EXISTS (…)`. So the shape is chosen here, by counts that
/// the catalogue keeps (`QueryPlan`): of several terms that must all hold, one is listed, `a.id IN (SELECT …)`, or none, and the
/// others are written so that no index serves them.
struct QueryCompiler {
    let context: QueryContext
    /// How many assets a test is written for, where it is not the whole archive.
    var assetsAsked: Double
    /// True when the index of dates may be gone along.
    var walksDates = true

    init(context: QueryContext) {
        self.context = context
        assetsAsked =
            context.wanted.map { min(Double(context.assets), Double($0) * 50) } ?? Double(context.assets)
    }

    func condition(_ node: Query.Node) throws -> SQLCondition {
        switch node {
        case .all: .always
        case .and(let nodes): try conjunction(nodes).condition
        default: try conjunction([node]).condition
        }
    }

    /// Terms that must all hold, the quickest way.
    func conjunction(_ nodes: [Query.Node]) throws -> (condition: SQLCondition, plan: QueryPlan) {
        try conjunction(try terms(nodes))
    }

    /// Terms sorted into those that an index lists, and the others.
    struct Terms {
        var links: [QueryLink] = []
        var others: [Query.Node] = []
    }

    func terms(_ nodes: [Query.Node]) throws -> Terms {
        var phrases: [String] = []
        var terms = Terms()
        for node in nodes {
            if case .text(let phrase) = node {
                phrases.append(match(phrase))
            } else if let link = try link(node) {
                terms.links.append(link)
            } else {
                terms.others.append(node)
            }
        }
        // One search for all words: it intersects them long before SQLite could.
        if !phrases.isEmpty {
            let words = phrases.joined(separator: " AND ")
            terms.links.append(QueryLink(.worded(words), .words(words)))
        }
        return terms
    }

    func conjunction(_ terms: Terms) throws -> (condition: SQLCondition, plan: QueryPlan) {
        let (links, others) = (terms.links, terms.others)
        let plan = try plan(links, between: dates(others))
        var inner = self
        inner.assetsAsked = plan.evaluations
        var conditions: [SQLCondition] = []
        switch plan.way {
        case .walk:
            if let begin = plan.begin { conditions += bound(begin, isAlongDates: true) }
            conditions += try links.sorted { $0.cost < $1.cost }.map {
                try filter($0, about: plan.evaluations)
            }
        case .list(let index):
            let listed = links[index]
            inner.walksDates = listed.isOrdered
            let rest = links.indices.filter { $0 != index }.map { links[$0] }
            let inside = rest.filter { listed.isTable && $0.isTable }
            conditions.append(listed.listed(with: inside))
            if listed.isOrdered, let begin = plan.begin { conditions += bound(begin, isAlongDates: true) }
            conditions += try rest.filter { !(listed.isTable && $0.isTable) }
                .map { try filter($0, about: plan.evaluations) }
        }
        conditions += try others.map { try inner.filtered($0) }
        return (.all(of: conditions), plan)
    }

    /// A term as a test of assets that something else gives.
    private func filtered(_ node: Query.Node) throws -> SQLCondition {
        if let link = try link(node) { return try filter(link, about: assetsAsked) }
        switch node {
        case .not(let other): return try filtered(other).negated
        case .or(let nodes): return .any(of: try nodes.map(filtered))
        case .and(let nodes): return .all(of: try nodes.map(filtered))
        case .all: return .always
        case .field(let field, let test): return try condition(field, test)
        case .text(let phrase): return QueryLink(.worded(match(phrase)), .words(match(phrase))).probed()
        }
    }

    func filter(_ link: QueryLink, about evaluations: Double) throws -> SQLCondition {
        if case .any(let links) = link.form {
            return .any(of: try links.map { try filter($0, about: evaluations) })
        }
        return try link.filter(evaluations: evaluations) {
            let spread = try spread(of: link)
            return spread.isWhole ? spread.size : max(spread.size, context.assets / 4)
        }
    }

    /// A walk that begins where the first can be.
    private func bound(_ period: Int64, isAlongDates: Bool) -> [SQLCondition] {
        guard isAlongDates, context.wanted != nil, case .date(let newestFirst) = context.order else {
            return []
        }
        return [
            newestFirst
                ? SQLCondition("a.sort_at < ?", [.integer(Spread.start(of: period + 1))])
                : SQLCondition("a.sort_at >= ?", [.integer(Spread.start(of: period))])
        ]
    }

    /// The dates between which terms want everything, with the widest offset on both sides.
    private func dates(_ nodes: [Query.Node]) -> ClosedRange<Int64>? {
        var range: ClosedRange<Int64>?
        for node in nodes {
            guard case .field(.taken, .dates(let intervals)) = node, intervals.count == 1 else { continue }
            let (start, end) = ends(of: intervals[0])
            let low = start.map { $0 - QueryCompiler.widestOffset } ?? .min
            let high = max(low, end.map { $0 + QueryCompiler.widestOffset } ?? .max)
            range =
                range.map { max($0.lowerBound, low)...max(max($0.lowerBound, low), min($0.upperBound, high)) }
                ?? low...high
        }
        return range
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
}
