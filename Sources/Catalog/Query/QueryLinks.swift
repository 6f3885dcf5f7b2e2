internal import Storage

/// What has an index that lists its assets, and may have a few of them or half the archive: tags, sessions, selections,
/// words, cameras, ratings, kinds, what the gate answers; or any of several such.
struct QueryLink {
    /// Whose size decides how the link is put; nil of several, which have their own.
    let population: QueryContext.Population?
    let form: Form

    enum Form {
        /// No asset has it.
        case nothing
        /// A table that joins assets to what has these keys.
        case table(String, column: String, keys: [Int64])
        /// A search for words, in FTS5's language.
        case words(String)
        /// The gate's answers: a condition over `standing AS s`, and what must be so of the asset besides.
        case standing(SQLCondition, also: SQLCondition?)
        /// Columns of the asset. `listed` is what an index finds, and where `isOrdered`, in the order of dates.
        case column(listed: SQLCondition?, probed: SQLCondition, isOrdered: Bool)
        /// Any of these.
        indirect case any([QueryLink])
    }

    init(_ population: QueryContext.Population?, _ form: Form) {
        self.population = population
        self.form = form
    }

    /// Any of several; those of one table become one.
    init(anyOf links: [QueryLink]) {
        var merged: [QueryLink] = []
        for link in links {
            guard let index = merged.firstIndex(where: { $0.united(with: link) != nil }),
                let both = merged[index].united(with: link)
            else {
                if case .nothing = link.form { continue }
                merged.append(link)
                continue
            }
            merged[index] = both
        }
        if merged.count == 1 {
            self = merged[0]
        } else {
            self.init(nil, merged.isEmpty ? .nothing : .any(merged))
        }
    }

    private func united(with other: QueryLink) -> QueryLink? {
        guard case .table(let table, let column, let mine) = form,
            case .table(table, column, let others) = other.form
        else { return nil }
        let keys = Set(mine + others).sorted()
        switch population {
        case .tagged: return QueryLink(.tagged(keys), .table(table, column: column, keys: keys))
        case .inSessions: return QueryLink(.inSessions(keys), .table(table, column: column, keys: keys))
        case .selected: return QueryLink(.selected(keys), .table(table, column: column, keys: keys))
        default: return nil
        }
    }

    /// True when an index lists its assets.
    var isListable: Bool {
        switch form {
        case .column(let listed, _, _): listed != nil
        case .any(let links): links.allSatisfy(\.isListable)
        default: true
        }
    }

    /// True when its own list is in the order of dates.
    var isOrdered: Bool {
        if case .column(_, _, let isOrdered) = form { isOrdered } else { false }
    }

    var isTable: Bool {
        if case .table = form { true } else { false }
    }

    /// True when tallies of all its names would take long to add up.
    var isOfManyNames: Bool {
        if case .table(_, _, let keys) = form { keys.count > Spread.most } else { false }
    }

    /// Microseconds that it takes to ask one asset (measured with a million assets and four million taggings).
    var cost: Double {
        switch form {
        case .nothing: 0
        case .table(_, _, let keys): keys.count == 1 ? 0.25 : 0.6
        // What begins with some letters is gathered from all words that do, each time.
        case .words(let words): words.contains("*") ? 20_000 : 30
        case .standing: 0.5
        case .column: 0.7
        case .any(let links): links.reduce(0) { $0 + $1.cost }
        }
    }

    // MARK: Shapes

    /// The assets, listed by the index; those that `others` have, too.
    func listed(with others: [QueryLink] = []) -> SQLCondition {
        guard case .table(let table, let column, let keys) = form else {
            return .all(of: [listedAlone] + others.map { $0.probed() })
        }
        // Probing within the list spares a look at each asset that only one of them has.
        let inner = others.filter(\.isTable).map { $0.probed(of: "x.asset") }
        let outer = others.filter { !$0.isTable }.map { $0.probed() }
        let rows = QueryLink.rows(table, column, keys, and: inner)
        return .all(of: [SQLCondition("a.id IN (\n    \(rows.text.indented)\n)", rows.values)] + outer)
    }

    /// The keys of assets, from a table that joins them.
    static func rows(_ table: String, _ column: String, _ keys: [Int64], and inner: [SQLCondition] = [])
        -> SQLCondition
    {
        let (these, value) = test(keys)
        let also = inner.map { "\n   AND " + $0.text.replacing("\n", with: "\n       ") }.joined()
        return SQLCondition(
            """
            SELECT x.asset
              FROM \(table) AS x
             WHERE x.\(column) \(these)
               AND x.present = 1\(also)
            """,
            [value] + inner.flatMap(\.values))
    }

    private var listedAlone: SQLCondition {
        switch form {
        case .nothing:
            return .never
        case .table(let table, let column, let keys):
            let rows = QueryLink.rows(table, column, keys)
            return SQLCondition("a.id IN (\n    \(rows.text.indented)\n)", rows.values)
        case .words(let words):
            return SQLCondition(
                "a.id IN (SELECT rowid FROM asset_text WHERE asset_text MATCH ?)", [.text(words)])
        case .standing(let test, let also):
            let list = SQLCondition(
                """
                a.id IN (
                    SELECT s.asset
                      FROM standing AS s
                     WHERE \(test.text)
                )
                """, test.values)
            return .all(of: [list] + (also.map { [$0] } ?? []))
        case .column(let listed, let probed, _):
            return listed ?? probed
        case .any(let links):
            return .any(of: links.map(\.listedAlone))
        }
    }

    /// One asset asked whether it has this.
    func probed(of asset: String = "a.id") -> SQLCondition {
        switch form {
        case .nothing:
            return .never
        case .table(let table, let column, let keys):
            let (these, value) = QueryLink.test(keys)
            // With many keys the asset's few rows are read and looked up among them, which the plus sign makes sure
            // of; SQLite would look for each key in turn.
            let sought = keys.count == 1 ? "y.\(column)" : "+y.\(column)"
            // Of one key the index has all on few pages, where the table has each asset's rows on another.
            let along = keys.count == 1 ? QueryLink.index(of: table).map { " INDEXED BY \($0)" } ?? "" : ""
            return SQLCondition(
                """
                EXISTS (
                    SELECT 1
                      FROM \(table) AS y\(along)
                     WHERE y.asset = \(asset)
                       AND \(sought) \(these)
                       AND y.present = 1
                )
                """, [value])
        case .words(let words):
            return SQLCondition(
                "EXISTS (SELECT 1 FROM asset_text WHERE asset_text MATCH ? AND asset_text.rowid = \(asset))",
                [.text(words)])
        case .standing(let test, let also):
            // With the plus signs SQLite reads the asset's own few rows, and not all that are in one state.
            let own = ["s.state", "s.answer", "s.until_at"].reduce(test.text) {
                $0.replacing($1, with: "+\($1)")
            }
            let probe = SQLCondition(
                """
                EXISTS (
                    SELECT 1
                      FROM standing AS s
                     WHERE s.asset = \(asset)
                       AND \(own)
                )
                """, test.values)
            return .all(of: [probe] + (also.map { [$0] } ?? []))
        case .column(_, let probed, _):
            return probed
        case .any(let links):
            return .any(of: links.map { $0.probed(of: asset) })
        }
    }

    /// The index that has for each key its assets, where that is not how the table itself is ordered.
    private static func index(of table: String) -> String? {
        switch table {
        case "asset_tag": "asset_tag_tag"
        case "asset_session": "asset_session_session"
        default: nil
        }
    }

    /// Microseconds that it takes to ask so many assets, where so many have this.
    func cost(of evaluations: Double, size: Int) -> Double {
        min(evaluations * cost, canBeSet ? QueryLink.gathering * Double(size) + evaluations * 0.1 : .infinity)
    }

    /// Microseconds for each that is put into a set.
    private static let gathering = 0.15

    private var canBeSet: Bool {
        switch form {
        case .table, .words, .standing: true
        case .nothing, .column, .any: false
        }
    }

    /// A test for so many assets: each is asked, or all that have this are put into a set first, whichever is quicker.
    func filter(evaluations: Double, size: () throws -> Int) rethrows -> SQLCondition {
        guard canBeSet, evaluations * cost > 500,
            try cost(of: evaluations, size: size()) < evaluations * cost
        else { return probed() }
        // With the plus sign the list is looked into, and not gone along.
        return SQLCondition("+" + listedAlone.text, listedAlone.values)
    }

    private static func test(_ keys: [Int64]) -> (these: String, value: Value) {
        keys.count == 1
            ? ("= ?", .integer(keys[0])) : ("IN (SELECT value FROM json_each(?))", QueryCompiler.list(keys))
    }
}

extension QueryCompiler {
    /// The link that a term asks for, or nil when an index does not list its assets.
    func link(_ node: Query.Node) throws -> QueryLink? {
        switch node {
        case .text(let phrase):
            return QueryLink(.worded(match(phrase)), .words(match(phrase)))
        case .field(let field, let test):
            return try link(field, test)
        case .or(let nodes):
            var links: [QueryLink] = []
            for node in nodes {
                guard let link = try link(node) else { return nil }
                links.append(link)
            }
            return QueryLink(anyOf: links)
        case .all, .not, .and:
            return nil
        }
    }

    private func link(_ field: Query.Field, _ test: Query.Test) throws -> QueryLink? {
        let names = QueryNames(context: context)
        func link(_ table: String, _ column: String, _ keys: [Int64], _ population: QueryContext.Population)
            -> QueryLink
        {
            QueryLink(population, keys.isEmpty ? .nothing : .table(table, column: column, keys: keys))
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
            return rated((-1...5).filter { stars in intervals.contains { $0.holds(Double(stars)) } })
        case .kind:
            guard case .words(let kinds) = test else { return nil }
            return ofKinds(kinds)
        case .camera:
            return try madeBy(test)
        case .cleared, .blocked, .submitted, .clearance, .expiring, .held:
            guard case .words(let words) = test else { return nil }
            var links: [QueryLink] = []
            for word in words {
                guard let link = Standing.link(field, word, at: context.now) else { return nil }
                links.append(link)
            }
            return QueryLink(anyOf: links)
        default:
            return nil
        }
    }

    /// Ratings are so few that each can be named, and then the index serves; a range it would not take without statistics.
    private func rated(_ stars: [Int]) -> QueryLink {
        let list = stars.map(String.init).joined(separator: ", ")
        guard !stars.isEmpty else { return QueryLink(.rated([]), .nothing) }
        return QueryLink(
            .rated(stars.map(Int64.init)),
            // With the plus sign SQLite leaves the index alone.
            .column(
                listed: SQLCondition("a.rating IN (\(list))"), probed: SQLCondition("+a.rating IN (\(list))"),
                isOrdered: stars.count == 1))
    }

    private func ofKinds(_ kinds: [String]) -> QueryLink {
        // Written out: of a bound value SQLite cannot see that the index serves it. It leaves out photographs.
        let list = kinds.map { "'\($0)'" }.joined(separator: ", ")
        let listed =
            kinds.contains("photo") ? nil : SQLCondition("(a.kind IN (\(list)) AND a.kind <> 'photo')")
        return QueryLink(
            .ofKinds(kinds),
            .column(
                listed: listed, probed: SQLCondition("+a.kind IN (\(list))"),
                isOrdered: kinds.count == 1 && listed != nil))
    }

    private func madeBy(_ test: Query.Test) throws -> QueryLink? {
        let cameras = try context.cameras().filter { camera in
            switch test {
            case .like(let patterns): patterns.contains { camera.isLike($0) }
            case .exactly(let models): models.contains(camera.model)
            default: false
            }
        }
        guard !cameras.isEmpty else { return QueryLink(.madeBy([]), .nothing) }
        let models = Set(cameras.map { $0.model.lowercased() })
        return QueryLink(
            .madeBy(cameras),
            .column(
                listed: CameraName.listed(cameras), probed: CameraName.probed(cameras),
                isOrdered: models.count == 1 && models != [""]))
    }
}
