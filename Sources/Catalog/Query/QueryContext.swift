internal import Storage

/// What a query must know of the catalogue, and of the moment, to become SQL.
struct QueryContext {
    /// What has names that a query uses.
    enum NameKind {
        case tag, session, selection
    }

    /// A group of rows whose size decides how a query is put.
    enum Population: Hashable {
        /// Taggings with any of these tags.
        case tagged([Int64])
        /// Assets in any of these sessions.
        case inSessions([Int64])
        /// Items of any of these selections.
        case selected([Int64])
        /// Assets with any of these ratings.
        case rated([Int64])
        /// Files of which a manifest said this.
        case foundByManifests(String)
        /// What the gate answers.
        case decisions
        /// Assets that may lie within bounds.
        case inBounds(Bounds)
    }

    /// Milliseconds since 1970, UTC.
    var now: Int64
    /// How many rows will be read at most in the order of `sort_at`; nil when all are read, counted, or sorted otherwise.
    var wanted: Int?
    /// About how many assets there are.
    var assets = 1_000_000
    /// Milliseconds by which the clock on the wall is ahead of UTC at an instant: dates are days of this place.
    var wallAhead: (Int64) -> Int64
    /// The present names of a kind that are LIKE this (with `\` as the escape), with their keys.
    var names: (NameKind, String) throws -> [(id: Int64, name: String)]
    /// How many there are, counted no further than the second argument.
    var count: (Population, Int) throws -> Int
    /// The keys of the volumes that can be read now.
    var volumesHere: () throws -> [Int64]
    /// The keys of the contents that look like the original whose digest begins so.
    var filesAlike: (String) throws -> [Int64]
    /// Where the middle of a circle lies: nowhere when it is not known, at several places when several are named so.
    var middles: (Query.Circle.Middle) throws -> [Point]

    /// From how many rows on it is quicker to walk the dates and probe each asset than to list the rows.
    ///
    /// With `n` of `assets` matching, walking until `wanted` are found takes `wanted * assets / n` steps of 0.27 µs,
    /// and listing takes `n` look-ups and a sort at 2.2 µs each (measured with a million assets and four million
    /// taggings): they meet at the square root of `wanted * assets / 8`, at 2,500 for fifty of a million.
    /// Where everything is read, listing always wins.
    var walkFrom: Int {
        guard let wanted else { return Int.max }
        return Int((Double(wanted) * Double(assets) / 8).squareRoot())
    }

    /// What the clock on the wall shows now.
    var wallNow: Int64 { now + wallAhead(now) }

    /// The instant at which the clock on the wall shows this.
    ///
    /// Of a time that is shown twice, when clocks are put back, it is one of the two.
    func instant(ofWall wall: Int64) -> Int64 {
        wall - wallAhead(wall - wallAhead(wall))
    }
}

extension QueryContext {
    /// A context that looks things up through this connection.
    init(
        _ connection: Connection,
        now: Int64,
        wanted: Int? = nil,
        wallAhead: @escaping (Int64) -> Int64 = QueryContext.localOffset,
        volumesHere: @escaping () throws -> [Int64]
    ) {
        self.init(
            now: now,
            wanted: wanted,
            wallAhead: wallAhead,
            names: { kind, pattern in try QueryContext.names(kind, like: pattern, in: connection) },
            count: { population, limit in try QueryContext.count(population, upTo: limit, in: connection) },
            volumesHere: volumesHere,
            filesAlike: { digits in try Likeness.files(likeDigits: digits, on: connection) },
            middles: { try QueryContext.middles($0, in: connection) }
        )
        // The planner's own statistics, when there are any: counting a million rows would take longer than the query.
        if let known = try? QueryContext.knownAssets(in: connection) { assets = known }
    }

    private static func names(
        _ kind: NameKind,
        like pattern: String,
        in connection: Connection
    ) throws -> [(id: Int64, name: String)] {
        let sql =
            switch kind {
            case .tag:
                #"SELECT id, path FROM tag       WHERE present = 1 AND path LIKE ? ESCAPE '\' ORDER BY path"#
            case .session:
                #"SELECT id, name FROM session   WHERE present = 1 AND name LIKE ? ESCAPE '\' ORDER BY name"#
            case .selection:
                #"SELECT id, name FROM selection WHERE present = 1 AND name LIKE ? ESCAPE '\' ORDER BY name"#
            }
        return try connection.rows(sql, [.text(pattern)]) { ($0.integer(0), $0.text(1)) }
    }

    private static func count(_ population: Population, upTo limit: Int, in connection: Connection) throws
        -> Int
    {
        let (rows, values): (String, [Value]) =
            switch population {
            case .tagged(let ids):
                (
                    "asset_tag WHERE present = 1 AND tag IN (SELECT value FROM json_each(?))",
                    [QueryCompiler.list(ids)]
                )
            case .inSessions(let ids):
                (
                    "asset_session WHERE present = 1 AND session IN (SELECT value FROM json_each(?))",
                    [QueryCompiler.list(ids)]
                )
            case .selected(let ids):
                (
                    "selection_item WHERE present = 1 AND selection IN (SELECT value FROM json_each(?))",
                    [QueryCompiler.list(ids)]
                )
            case .rated(let stars):
                (
                    "asset WHERE present = 1 AND rating IN (SELECT value FROM json_each(?))",
                    [QueryCompiler.list(stars)]
                )
            case .foundByManifests(let outcome):
                ("manifest_entry WHERE outcome = ?", [.text(outcome)])
            case .decisions:
                ("standing", [])
            case .inBounds(let bounds):
                ("(\(QueryCompiler.indexed(bounds).rows))", QueryCompiler.indexed(bounds).values)
            }
        return try connection.first(
            "SELECT count(*) FROM (SELECT 1 FROM \(rows) LIMIT ?)",
            values + [.integer(Int64(limit))]
        ) { $0.int(0) } ?? 0
    }

    private static func middles(
        _ middle: Query.Circle.Middle,
        in connection: Connection
    ) throws -> [Point] {
        switch middle {
        case .point(let north, let east):
            return [Point(north: north, east: east)]
        case .asset(let digits):
            let condition = QueryCompiler.digest(digits)
            return try connection.rows(
                """
                SELECT a.latitude, a.longitude
                  FROM asset AS a
                 WHERE a.present = 1
                   AND a.latitude IS NOT NULL
                   AND a.longitude IS NOT NULL
                   AND \(condition.text)
                 LIMIT 2
                """,
                condition.values
            ) { Point(north: $0.real(0), east: $0.real(1)) }
        case .place(let name):
            return try middles(ofSessionsAt: name, in: connection)
        }
    }

    /// One point for each session: among its first thousand assets whose position is known the middle one from south to
    /// north, which a few that lie elsewhere do not move.
    private static func middles(ofSessionsAt name: String, in connection: Connection) throws -> [Point] {
        let wanted = name.lowercased()
        let sessions = try connection.rows("SELECT id, name, place FROM session WHERE present = 1") {
            (id: $0.integer(0), names: [$0.text(1), $0.text(2)])
        }
        .filter { $0.names.contains { $0.lowercased().contains(wanted) } }
        return try sessions.compactMap { session in
            let points = try connection.rows(
                """
                SELECT a.latitude, a.longitude
                  FROM asset_session AS x
                  JOIN asset         AS a ON a.id = x.asset
                 WHERE x.session = ?
                   AND x.present = 1
                   AND a.present = 1
                   AND a.latitude IS NOT NULL
                   AND a.longitude IS NOT NULL
                 LIMIT 1000
                """,
                [.integer(session.id)]
            ) { Point(north: $0.real(0), east: $0.real(1)) }
            .sorted { ($0.north, $0.east) < ($1.north, $1.east) }
            return points.isEmpty ? nil : points[points.count / 2]
        }
    }

    private static func knownAssets(in connection: Connection) throws -> Int? {
        let isAnalyzed = try connection.first("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'") {
            _ in true
        }
        guard isAnalyzed == true else { return nil }
        let row = try connection.first(
            "SELECT stat FROM sqlite_stat1 WHERE tbl = 'asset' AND idx = 'asset_sort'"
        ) {
            $0.text(0)
        }
        return row.flatMap { $0.split(separator: " ").first.flatMap { Int($0) } }
    }
}
