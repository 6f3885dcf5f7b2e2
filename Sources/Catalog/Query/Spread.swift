internal import Storage

/// How many assets there are of something, and when they were taken: by this a plan knows how far it would have to walk.
///
/// It decides how a question is put and, where a walk may begin, rests on counts that triggers keep.
struct Spread: Hashable {
    /// How many; a number that counting stopped at, where `isWhole` is not true.
    var size: Int
    /// False where there may be more.
    var isWhole = true
    /// How many in each period, by its number; nil where that is not known.
    var periods: [Int64: Int]?
    /// Between which periods all of them lie, where `periods` is not known.
    var reach: ClosedRange<Int64>?

    /// The period of an instant, 2³¹ ms or some 25 days long.
    static func period(of instant: Int64) -> Int64 { instant >> 31 }
    /// The instant at which a period begins.
    static func start(of period: Int64) -> Int64 { period << 31 }

    /// All of these that there are, or any.
    static func union(_ spreads: [Spread]) -> Spread {
        var whole = Spread(size: spreads.reduce(0) { $0 + $1.size }, isWhole: spreads.allSatisfy(\.isWhole))
        if spreads.allSatisfy({ $0.periods != nil }) {
            whole.periods = spreads.reduce(into: [:]) { sum, one in
                sum.merge(one.periods ?? [:], uniquingKeysWith: +)
            }
        }
        return whole
    }
}

extension Spread {
    /// More names than this are not added up: that would take longer than what it is for.
    static let most = 64

    /// What the tallies say; nil where they say nothing.
    static func of(_ population: QueryContext.Population?, in connection: Connection) throws -> Spread? {
        switch population {
        case nil:
            try added("SELECT period, assets FROM asset_tally WHERE assets > 0", [], in: connection)
        case .tagged(let keys) where keys.count <= most:
            try added(
                """
                SELECT period, sum(assets)
                  FROM tag_tally
                 WHERE tag IN (SELECT value FROM json_each(?)) AND assets > 0
                 GROUP BY period
                """, [QueryCompiler.list(keys)], in: connection)
        case .inSessions(let keys) where keys.count <= most:
            try added(
                """
                SELECT period, sum(assets)
                  FROM session_tally
                 WHERE session IN (SELECT value FROM json_each(?)) AND assets > 0
                 GROUP BY period
                """, [QueryCompiler.list(keys)], in: connection)
        case .rated(let stars):
            try counted(
                "rating IN (SELECT value FROM json_each(?))", [QueryCompiler.list(stars)], in: connection)
        case .ofKinds(let kinds):
            try counted(
                "kind IN (\(kinds.map { _ in "?" }.joined(separator: ", ")))", kinds.map { .text($0) },
                in: connection)
        case .madeBy(let cameras):
            try taken(by: cameras, in: connection)
        default: nil
        }
    }

    private static func added(_ sql: String, _ values: [Value], in connection: Connection) throws -> Spread {
        let periods = try connection.rows(sql, values) { ($0.integer(0), $0.int(1)) }
        return Spread(
            size: periods.reduce(0) { $0 + $1.1 }, periods: Dictionary(periods, uniquingKeysWith: { $1 }))
    }

    private static func counted(_ condition: String, _ values: [Value], in connection: Connection) throws
        -> Spread
    {
        let size = try connection.first(
            "SELECT coalesce(sum(assets), 0) FROM feature_tally WHERE \(condition)", values
        ) { $0.int(0) }
        return Spread(size: size ?? 0)
    }

    /// The first and the last picture of each model are one look into its index.
    private static func taken(by cameras: [CameraName], in connection: Connection) throws -> Spread {
        var spread = Spread(size: cameras.reduce(0) { $0 + $1.assets })
        let models = Set(cameras.map(\.model))
        guard models.count <= most, !models.contains("") else { return spread }
        for model in models {
            let ends = try ["ASC", "DESC"].compactMap { direction in
                try connection.first(
                    """
                    SELECT sort_at
                      FROM asset
                     WHERE present = 1 AND model = ? COLLATE NOCASE
                     ORDER BY sort_at \(direction)
                     LIMIT 1
                    """, [.text(model)]
                ) { period(of: $0.integer(0)) }
            }
            guard ends.count == 2 else { continue }
            let own = ends[0]...ends[1]
            spread.reach =
                spread.reach.map {
                    min($0.lowerBound, own.lowerBound)...max($0.upperBound, own.upperBound)
                } ?? own
        }
        return spread
    }
}
