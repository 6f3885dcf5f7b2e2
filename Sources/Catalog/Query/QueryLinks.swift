internal import Storage

/// What has an index that lists its assets, and may have a few of them or half the archive: tags, sessions,
/// selections, ratings.
struct QueryLink {
    let population: QueryContext.Population
    let form: Form

    enum Form {
        /// No asset has it.
        case nothing
        /// A table that joins assets to what has these keys.
        case table(String, column: String, keys: [Int64])
        /// Ratings are so few that each can be named, and then the index serves; a range it would not take without
        /// statistics.
        case ratings([Int])
    }

    /// The assets, listed by the index; those that `others` have, too.
    func listed(with others: [QueryLink] = []) -> SQLCondition {
        switch form {
        case .nothing:
            return .never
        case .ratings(let stars):
            return .all(
                of: [SQLCondition("a.rating IN (\(QueryLink.list(stars)))")] + others.map { $0.probed() }
            )
        case .table(let table, let column, let keys):
            // Probing within the list spares a look at each asset that only one of them has.
            let inner = others.filter(\.isTable).map { $0.probed(of: "x.asset") }
            let outer = others.filter { !$0.isTable }.map { $0.probed() }
            let (these, value) = QueryLink.test(keys)
            let also = inner.map { "\n       AND " + $0.text.replacing("\n", with: "\n           ") }.joined()
            let list = SQLCondition(
                """
                a.id IN (
                    SELECT x.asset
                      FROM \(table) AS x
                     WHERE x.\(column) \(these)
                       AND x.present = 1\(also)
                )
                """,
                [value] + inner.flatMap(\.values)
            )
            return .all(of: [list] + outer)
        }
    }

    /// One asset asked whether it has this.
    func probed(of asset: String = "a.id") -> SQLCondition {
        switch form {
        case .nothing:
            return .never
        case .ratings(let stars):
            // With the plus sign SQLite leaves the index alone.
            return SQLCondition("+a.rating IN (\(QueryLink.list(stars)))")
        case .table(let table, let column, let keys):
            let (these, value) = QueryLink.test(keys)
            // With many keys the asset's few rows are read and looked up among them, which the plus sign makes sure
            // of; SQLite would look for each key in turn.
            let sought = keys.count == 1 ? "y.\(column)" : "+y.\(column)"
            return SQLCondition(
                """
                EXISTS (
                    SELECT 1
                      FROM \(table) AS y
                     WHERE y.asset = \(asset)
                       AND \(sought) \(these)
                       AND y.present = 1
                )
                """,
                [value]
            )
        }
    }

    /// True when its own list is in the order of dates.
    var isOrdered: Bool {
        if case .ratings(let stars) = form { stars.count == 1 } else { false }
    }

    private var isTable: Bool {
        if case .table = form { true } else { false }
    }

    private static func test(_ keys: [Int64]) -> (these: String, value: Value) {
        keys.count == 1
            ? ("= ?", .integer(keys[0])) : ("IN (SELECT value FROM json_each(?))", QueryCompiler.list(keys))
    }

    private static func list(_ stars: [Int]) -> String { stars.map(String.init).joined(separator: ", ") }
}

extension QueryCompiler {
    /// The link that a field asks for, or nil when it is no such field.
    func link(_ field: Query.Field, _ test: Query.Test) throws -> QueryLink? {
        let names = QueryNames(context: context)
        func link(_ table: String, _ column: String, _ keys: [Int64], _ population: QueryContext.Population)
            -> QueryLink
        {
            QueryLink(
                population: population,
                form: keys.isEmpty ? .nothing : .table(table, column: column, keys: keys)
            )
        }
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
        case .rating:
            guard case .numbers(let intervals) = test else { return nil }
            let stars = (-1...5).filter { stars in intervals.contains { $0.holds(Double(stars)) } }
            return QueryLink(
                population: .rated(stars.map(Int64.init)),
                form: stars.isEmpty ? .nothing : .ratings(stars)
            )
        default:
            return nil
        }
    }

    /// Groups larger than this are not counted to the end; where all are, walking the dates finds assets soon.
    private static let common = 100_000

    /// The shapes for links that must all hold.
    func choose(_ links: [QueryLink]) throws -> [SQLCondition] {
        let limit = context.walkFrom
        if links.count == 1, let link = links.first {
            if limit == Int.max || link.isOrdered { return [link.listed()] }
            let isPopular = try context.count(link.population, limit + 1) > limit
            return [isPopular ? link.probed() : link.listed()]
        }
        let sizes = try links.map { try context.count($0.population, QueryCompiler.common) }
        guard !walks(sizes), let rarest = zip(sizes, links.indices).min(by: { $0.0 < $1.0 })?.1 else {
            return links.map { $0.probed() }
        }
        let others = links.indices.filter { $0 != rarest }.map { links[$0] }
        return [links[rarest].listed(with: others)]
    }

    /// True when walking the dates finds enough of what is in all groups sooner than reading the smallest would.
    ///
    /// Groups are taken to be independent. A step of the walk costs a fifth of a look-up; where that makes it no more
    /// than twice as good, groups that exclude each other are the greater risk.
    private func walks(_ sizes: [Int]) -> Bool {
        guard let wanted = context.wanted, let least = sizes.min() else { return false }
        if least >= QueryCompiler.common { return true }
        let assets = Double(context.assets)
        let expected = sizes.reduce(assets) { $0 * Double($1) / assets }
        let steps = Double(wanted) * assets / max(expected, 1)
        return steps * 2 < Double(least)
    }
}
