internal import Storage

extension Catalog {
    /// How many assets a query chooses.
    public func count(_ query: Query) throws -> Int {
        try describingErrors("search the catalogue") {
            try counted(query, within: .infinity) ?? 0
        }
    }

    /// How many assets a query chooses, where that can be told about so quickly; nil where it would take longer.
    public func count(_ query: Query, within milliseconds: Double) throws -> Int? {
        try describingErrors("search the catalogue") {
            try counted(query, within: milliseconds * 1_000)
        }
    }

    private func counted(_ query: Query, within microseconds: Double) throws -> Int? {
        let compiler = QueryCompiler(context: context())
        if let features = try compiler.features(query.terms) {
            return try connection.first(
                "SELECT coalesce(sum(assets), 0) FROM feature_tally WHERE \(features.text)", features.values
            ) { $0.int(0) }
        }
        let terms = try compiler.terms(query.terms)
        let only = terms.others.isEmpty && terms.links.count == 1 ? terms.links[0] : nil
        if let only, let known = try compiler.tallied(only) { return known }
        if case .words(let words) = only?.form {
            // What the index of words holds is present: nothing need be looked up.
            guard try microseconds.isInfinite || compiler.context.count(.worded(words), 50_000) < 50_000
            else { return nil }
            return try connection.first(
                "SELECT count(*) FROM asset_text WHERE asset_text MATCH ?", [.text(words)]
            ) { $0.int(0) }
        }
        let (condition, plan) = try compiler.conjunction(terms)
        guard plan.cost <= microseconds else { return nil }
        if terms.others.isEmpty, case .list(let index) = plan.way,
            let rows = compiler.rows(terms.links, along: index)
        {
            return try connection.first(rows.text, rows.values) { $0.int(0) }
        }
        return try connection.first(
            "SELECT count(*) FROM asset AS a WHERE a.present = 1 AND \(condition.text)", condition.values
        ) { $0.int(0) }
    }
}

extension Query {
    /// The terms that must all hold.
    var terms: [Node] {
        if case .and(let nodes) = root { nodes } else { [root] }
    }
}

extension QueryCompiler {
    /// What the tallies say of one tag or session: an asset that has two would be counted twice.
    func tallied(_ link: QueryLink) throws -> Int? {
        guard case .table(_, _, let keys) = link.form, keys.count == 1 else { return nil }
        return switch link.population {
        case .tagged, .inSessions: try context.spread(link.population)?.size
        default: nil
        }
    }

    /// The terms over `feature_tally`, where all are of kinds, ratings, cameras and whole years; nil elsewhere.
    func features(_ nodes: [Query.Node]) throws -> SQLCondition? {
        var conditions: [SQLCondition] = []
        for node in nodes {
            guard let condition = try feature(node) else { return nil }
            conditions.append(condition)
        }
        return .all(of: conditions)
    }

    private func feature(_ node: Query.Node) throws -> SQLCondition? {
        if case .all = node { return .always }
        if case .not(let other) = node { return try feature(other)?.negated }
        if case .field(.taken, .dates(let intervals)) = node {
            let years = intervals.compactMap(years)
            return years.count == intervals.count ? .any(of: years) : nil
        }
        guard case .field(let field, _) = node, [.kind, .rating, .camera].contains(field),
            let link = try link(node)
        else { return nil }
        switch link.population {
        case .rated(let stars):
            return SQLCondition("rating IN (SELECT value FROM json_each(?))", [QueryCompiler.list(stars)])
        case .ofKinds(let kinds):
            return SQLCondition(
                "kind IN (\(kinds.map { _ in "?" }.joined(separator: ", ")))", kinds.map { .text($0) })
        case .madeBy(let cameras) where !cameras.isEmpty:
            return SQLCondition(
                "(make, model) IN (VALUES \(cameras.map { _ in "(?, ?)" }.joined(separator: ", ")))",
                cameras.flatMap { [.text($0.make), .text($0.model)] })
        default:
            return .never
        }
    }

    /// An interval that begins and ends with a year.
    private func years(_ interval: Query.Interval<Query.Moment>) -> SQLCondition? {
        let (start, end) = ends(of: interval)
        var conditions = [SQLCondition("year <> -1")]
        for (end, sign) in [(start, ">="), (end, "<")] {
            guard let end else { continue }
            let time = CivilTime(milliseconds: end)
            guard CivilTime(year: time.year).milliseconds == end else { return nil }
            conditions.append(SQLCondition("year \(sign) ?", [.integer(Int64(time.year))]))
        }
        return .all(of: conditions)
    }

    /// The statement that counts in the tables that join, without a look at any asset, where all links are such.
    func rows(_ links: [QueryLink], along index: Int) -> SQLCondition? {
        guard links.allSatisfy(\.isTable), case .table(let table, let column, let keys) = links[index].form
        else {
            return nil
        }
        let others = links.indices.filter { $0 != index }.map { links[$0].probed(of: "x.asset") }
        let rows = QueryLink.rows(
            table, column, keys,
            and: others + [SQLCondition("x.asset NOT IN (SELECT b.id FROM asset AS b WHERE b.present = 0)")])
        let counted = keys.count == 1 ? "count(*)" : "count(DISTINCT x.asset)"
        return SQLCondition(
            rows.text.replacing("SELECT x.asset\n", with: "SELECT \(counted)\n", maxReplacements: 1),
            rows.values)
    }
}
