internal import Storage

/// By what assets can be counted.
public enum Facet: String, Sendable, CaseIterable {
    /// By each tag that they carry; one with three tags counts three times.
    case tag
    /// By each session that they belong to.
    case session
    /// By make and model.
    case camera
    /// By the year on the wall in which they were taken.
    case year
    case kind
    /// By stars.
    case rating
    /// By what they may leave for, and by what was decided.
    case clearance

    /// A facet as a person types it.
    ///
    /// Throws `CatalogError` that names the nearest.
    public init(_ text: String) throws {
        guard let facet = Facet(rawValue: text.lowercased()) else {
            let all = Facet.allCases.map(\.rawValue)
            throw CatalogError(
                .refused,
                "cannot count by “\(text)”"
                    + (nearestWord(to: text, among: all).map { "; did you mean \($0)?" } ?? ""),
                next: "there is: " + all.joined(separator: ", "))
        }
        self = facet
    }
}

/// One value of a facet, and how many assets have it.
public struct FacetCount: Hashable, Sendable {
    /// The value; nil for those of which nothing is known.
    ///
    /// A tag's path, a session's name, a camera, a year, a kind, a number of stars; of clearance the term of a query that
    /// chooses them, such as `cleared:exhibit`.
    public let value: String?
    /// How many.
    public let assets: Int
}

extension Catalog {
    /// How many of the assets that a query chooses have each value of a facet, values without any left out.
    ///
    /// Tags, sessions and cameras come by number, the most first; years, stars and kinds in their own order; what is not
    /// known comes last. Of the whole archive, and of what kinds, cameras, stars and years tell, counts are kept and
    /// read at once; of other queries each asset is looked at, some 2 µs.
    public func counts(of query: Query, by facet: Facet) throws -> [FacetCount] {
        try describingErrors("count what the catalogue knows") {
            try connection.snapshot {
                switch facet {
                case .tag: try joined(query, "tag", "path")
                case .session: try joined(query, "session", "name")
                case .camera: try cameras(of: query)
                case .year, .kind, .rating: try features(of: query, facet)
                case .clearance: try clearances(of: query)
                }
            }
        }
    }

    // MARK: Tags and sessions

    private func joined(_ query: Query, _ table: String, _ name: String) throws -> [FacetCount] {
        if query.root == .all {
            return try connection.rows(
                """
                SELECT t.\(name), sum(y.assets) AS assets
                  FROM \(table)_tally AS y
                  JOIN \(table)       AS t ON t.id = y.\(table)
                 WHERE t.present = 1
                 GROUP BY t.id
                HAVING sum(y.assets) > 0
                 ORDER BY assets DESC, t.\(name)
                """
            ) { FacetCount(value: $0.text(0), assets: $0.int(1)) }
        }
        let condition = try condition(of: query, sortedBy: [], limit: nil)
        // Counted here: SQLite would sort every row to count it.
        var counts: [Int64: Int] = [:]
        try connection.each(
            """
            SELECT x.\(table)
              FROM asset         AS a
              CROSS JOIN asset_\(table) AS x ON x.asset = a.id
             WHERE a.present = 1
               AND x.present = 1
               AND \(condition.text)
            """, condition.values
        ) { counts[$0.integer(0), default: 0] += 1 }
        let names = try connection.rows("SELECT id, \(name) FROM \(table) WHERE present = 1") {
            ($0.integer(0), $0.text(1))
        }
        return names.compactMap { id, name in counts[id].map { FacetCount(value: name, assets: $0) } }
            .sorted { ($1.assets, $0.value ?? "") < ($0.assets, $1.value ?? "") }
    }

    // MARK: Cameras, years, kinds, stars

    private func cameras(of query: Query) throws -> [FacetCount] {
        let (rows, values) = try featureRows(query, .camera)
        var counts: [String?: Int] = [:]
        try connection.each(
            "SELECT nullif(make, ''), nullif(model, ''), sum(assets) FROM (\(rows)) GROUP BY 1, 2", values
        ) { row in
            let name = Asset.camera(make: row.textOrNil(0), model: row.textOrNil(1))
            counts[name, default: 0] += row.int(2)
        }
        return counts.filter { $0.value > 0 }.map { FacetCount(value: $0.key, assets: $0.value) }
            .sorted { one, other in
                guard let name = one.value, let next = other.value else { return one.value != nil }
                return (other.assets, name) < (one.assets, next)
            }
    }

    private func features(of query: Query, _ facet: Facet) throws -> [FacetCount] {
        let (rows, values) = try featureRows(query, facet)
        let expression =
            switch facet {
            case .year: "year"
            case .kind: "kind"
            default: "rating"
            }
        let order =
            switch facet {
            case .rating: "value IS NULL, CAST(value AS INTEGER) DESC"
            default: "value IS NULL, value"
            }
        let unknown = facet == .rating ? "-2" : facet == .year ? "-1" : "''"
        return try connection.rows(
            """
            SELECT nullif(\(expression), \(unknown)) AS value, sum(assets) AS assets
              FROM (\(rows))
             GROUP BY 1
            HAVING sum(assets) > 0
             ORDER BY \(order)
            """, values
        ) { FacetCount(value: $0.textOrNil(0), assets: $0.int(1)) }
    }

    /// Rows of `feature_tally`, kept or made of the assets that the query chooses.
    private func featureRows(_ query: Query, _ facet: Facet) throws -> (String, [Value]) {
        if let known = try QueryCompiler(context: context()).features(query.terms) {
            return (
                "SELECT year, model, make, kind, rating, assets FROM feature_tally WHERE \(known.text)",
                known.values
            )
        }
        let condition = try condition(of: query, sortedBy: [], limit: nil)
        let columns =
            switch facet {
            case .camera: "coalesce(a.make, '') AS make, coalesce(a.model, '') AS model"
            case .year:
                "coalesce(CAST(strftime('%Y', a.taken_ms / 1000, 'unixepoch') AS INTEGER), -1) AS year"
            case .kind: "a.kind AS kind"
            default: "coalesce(a.rating, -2) AS rating"
            }
        return (
            "SELECT \(columns), 1 AS assets FROM asset AS a WHERE a.present = 1 AND \(condition.text)",
            condition.values
        )
    }

    // MARK: Clearance

    private func clearances(of query: Query) throws -> [FacetCount] {
        let instant = now()
        var among = SQLCondition.always
        if query.root != .all {
            let condition = try condition(of: query, sortedBy: [], limit: nil)
            among = SQLCondition(
                "s.asset IN (SELECT a.id FROM asset AS a WHERE a.present = 1 AND \(condition.text))",
                condition.values)
        }
        let present = "s.asset NOT IN (SELECT b.id FROM asset AS b WHERE b.present = 0)"
        let instants: [Value] = [.integer(instant), .integer(instant)]
        let allowed = Dictionary(
            try connection.rows(
                """
                SELECT s.purpose, count(*)
                  FROM standing AS s
                 WHERE s.answer = 'allowed'
                   AND s.until_at > ?
                   AND s.from_at <= ?
                   AND s.purpose IN (\(Purpose.outside.map { "'\($0.rawValue)'" }.joined(separator: ", ")), '*')
                   AND s.asset NOT IN (SELECT w.asset FROM stale AS w)
                   AND \(present)
                   AND \(among.text)
                 GROUP BY s.purpose
                """, instants + among.values
            ) { ($0.text(0), $0.int(1)) }, uniquingKeysWith: +)
        let states = try connection.rows(
            """
            SELECT s.state, count(DISTINCT s.asset)
              FROM standing AS s
             WHERE s.until_at > ?
               AND s.from_at <= ?
               AND s.state <> 'unreviewed'
               AND \(present)
               AND \(among.text)
             GROUP BY s.state
            """, instants + among.values
        ) { ($0.text(0), $0.int(1)) }
        let decided =
            try connection.first(
                """
                SELECT count(DISTINCT s.asset)
                  FROM standing AS s
                 WHERE s.until_at > ?
                   AND s.from_at <= ?
                   AND s.state <> 'unreviewed'
                   AND \(present)
                   AND \(among.text)
                """, instants + among.values
            ) { $0.int(0) } ?? 0
        let known = Dictionary(states, uniquingKeysWith: +)
        var counts = Purpose.outside.map { purpose in
            FacetCount(
                value: "cleared:\(purpose.rawValue)",
                assets: (allowed[purpose.rawValue] ?? 0) + (allowed["*"] ?? 0))
        }
        counts += ClearanceState.allCases.map { state in
            FacetCount(
                value: "state:\(state.rawValue)",
                assets: state == .unreviewed ? 0 : known[state.rawValue] ?? 0)
        }
        counts.removeAll { $0.assets == 0 }
        let open = try count(query) - decided
        if open > 0 {
            counts.append(FacetCount(value: "state:\(ClearanceState.unreviewed.rawValue)", assets: open))
        }
        return counts
    }
}
