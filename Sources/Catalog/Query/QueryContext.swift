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
        /// What the gate answers: conditions over `standing AS s`, with their values.
        case standing(SQLCondition)
        /// Assets in whose words this is, in FTS5's language.
        case worded(String)
        /// Assets of any of these cameras.
        case madeBy([CameraName])
        /// Assets of any of these kinds.
        case ofKinds([String])
        /// Assets that may lie within bounds.
        case inBounds(Bounds)
    }

    /// The order in which an index gives the assets that a list begins with.
    enum Order: Hashable {
        /// By date, and from which end.
        case date(newestFirst: Bool)
        /// By when they came in, which mostly is the order of dates, too.
        case key(newestFirst: Bool)
        /// By another column that has an index.
        case other
    }

    /// Milliseconds since 1970, UTC.
    var now: Int64
    /// How many rows will be read at most in an order that an index gives; nil when all are read, counted, or sorted.
    var wanted: Int?
    /// That order.
    var order = Order.date(newestFirst: true)
    /// About how many assets there are.
    var assets = 1_000_000
    /// Milliseconds by which the clock on the wall is ahead of UTC at an instant: dates are days of this place.
    var wallAhead: (Int64) -> Int64
    /// The present names of a kind that are LIKE this (with `\` as the escape), with their keys.
    var names: (NameKind, String) throws -> [(id: Int64, name: String)]
    /// How many there are, counted no further than the second argument.
    var count: (Population, Int) throws -> Int
    /// When assets were taken: all, or those of a population of which that is known at once.
    var spread: (Population?) throws -> Spread?
    /// The cameras that took anything.
    var cameras: () throws -> [CameraName]
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
            spread: { try Spread.of($0, in: connection) },
            cameras: { try CameraName.all(in: connection) },
            volumesHere: volumesHere,
            filesAlike: { digits in try Likeness.files(likeDigits: digits, on: connection) },
            middles: { try QueryContext.middles($0, in: connection) }
        )
        if let known = try? Spread.of(nil, in: connection) { assets = max(known.size, 1) }
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
            case .standing(let test):
                ("standing AS s WHERE \(test.text)", test.values)
            case .worded(let words):
                ("asset_text WHERE asset_text MATCH ?", [.text(words)])
            case .madeBy(let cameras):
                (
                    "asset AS a WHERE a.present = 1 AND \(CameraName.listed(cameras).text)",
                    CameraName.listed(cameras).values
                )
            case .ofKinds(let kinds):
                (
                    "asset WHERE present = 1 AND kind IN (SELECT value FROM json_each(?))",
                    [.text("[" + kinds.map { "\"\($0)\"" }.joined(separator: ",") + "]")]
                )
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
}
