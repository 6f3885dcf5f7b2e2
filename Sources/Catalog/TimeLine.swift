internal import Storage

/// The one line on which the stills and clips of several cameras stand, and how it is kept true.
///
/// An asset stands at its instant where that is known. One whose offset nobody knows stands where its clock would put it
/// at an assumed offset, which is used for the order and for nothing else:
///
/// 1. the zone of its first session that has one, where its sessions do not agree;
/// 2. else the offset that most assets of its session have that were taken on that day by the clocks on the wall, or on
///    the nearest day on which one is known;
/// 3. else none: its clock is read as UTC.
///
/// Of several sessions the one with the smallest key that knows anything counts.
final class TimeLine {
    private let connection: Connection
    private var zones: [String: ZoneClock] = [:]

    init(_ connection: Connection) { self.connection = connection }

    /// A zone's clocks, kept for the next time.
    func zone(_ name: String) -> ZoneClock? {
        if let known = zones[name] { return known }
        zones[name] = ZoneClock(named: name)
        return zones[name]
    }

    /// Brings the columns of assets to what follows from the facts, and tells which sessions must be aligned.
    @discardableResult
    func settle(_ assets: [Int64], aligning: Bool = true) throws -> Set<Int64> {
        guard !assets.isEmpty else { return [] }
        let sessions = try namedSessions()
        var stale: Set<Int64> = []
        try connection.unrecorded {
            for start in stride(from: 0, to: assets.count, by: TimeLine.batch) {
                let batch = Array(assets[start..<min(start + TimeLine.batch, assets.count)])
                for row in try rows(batch) { try settle(row, sessions, &stale) }
            }
            if aligning { try align(stale) }
        }
        return stale
    }

    /// The same for all assets of a session.
    func settle(session: Int64) throws {
        try settle(
            try connection.rows(
                "SELECT asset FROM asset_session WHERE session = ? AND present = 1", [.integer(session)]
            ) { $0.integer(0) })
    }

    /// The same for all assets of sessions with a zone, for a catalogue that an older program kept.
    func settleAllZones() throws {
        let sessions = try connection.rows(
            "SELECT id FROM session WHERE present = 1 AND zone IS NOT NULL"
        ) { $0.integer(0) }
        for session in sessions { try settle(session: session) }
    }

    // MARK: What follows

    private static let batch = 1_000

    private struct Row {
        var asset: Int64
        var facts: CaptureFacts
        var sessions: [Int64]
        var settled: CaptureFacts.Settled
        var sort: Int64
    }

    private struct NamedSession {
        var name: String
        var zone: String?
    }

    private func namedSessions() throws -> [Int64: NamedSession] {
        let rows = try connection.rows("SELECT id, name, zone FROM session WHERE present = 1") {
            ($0.integer(0), NamedSession(name: $0.text(1), zone: $0.textOrNil(2)))
        }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    private func rows(_ assets: [Int64]) throws -> [Row] {
        try connection.rows(
            """
            SELECT a.id, a.wall_ms, a.wall_source, a.file_offset_min,
                   (SELECT value FROM edit WHERE asset = a.id AND field = 'correction' AND present = 1),
                   (SELECT value FROM edit WHERE asset = a.id AND field = 'offset'     AND present = 1),
                   (SELECT value FROM edit WHERE asset = a.id AND field = 'clock'      AND present = 1),
                   (SELECT group_concat(session) FROM asset_session WHERE asset = a.id AND present = 1),
                   a.correction_ms, a.offset_min, a.offset_source, a.taken_ms, a.taken_at, a.sort_at
              FROM asset AS a
             WHERE a.id IN (SELECT value FROM json_each(?))
            """,
            [QueryCompiler.list(assets)]
        ) { row in
            var facts = CaptureFacts(
                wall: row.integerOrNil(1), wallSource: row.textOrNil(2), fileOffset: row.intOrNil(3))
            facts.correction = row.integerOrNil(4) ?? 0
            facts.offset = row.value(5)
            facts.clock = row.textOrNil(6)
            return Row(
                asset: row.integer(0),
                facts: facts,
                sessions: row.text(7).split(separator: ",").compactMap { Int64($0) }.sorted(),
                settled: CaptureFacts.Settled(
                    correction: row.integer(8), offset: row.intOrNil(9), source: row.textOrNil(10),
                    taken: row.integerOrNil(11), instant: row.integerOrNil(12)),
                sort: row.integer(13)
            )
        }
    }

    private func settle(_ row: Row, _ sessions: [Int64: NamedSession], _ stale: inout Set<Int64>) throws {
        var facts = row.facts
        let known = row.sessions.compactMap { key in sessions[key].map { (key: key, $0.name, $0.zone) } }
        facts.zones = known.compactMap { _, name, zone in zone.map { (session: name, zone: $0) } }
        let settled = facts.settled(zone)
        var sort = settled.instant ?? settled.taken ?? 0
        if settled.instant == nil, let taken = settled.taken {
            if let first = facts.zones.first {
                sort -= assumed(first.zone, taken)
            } else if !known.isEmpty, taken == row.settled.taken, row.settled.offset == nil {
                // Where it stands is for `align` to say.
                sort = row.sort
            }
        }
        if facts.zones.isEmpty, settled.taken != nil { stale.formUnion(known.map(\.key)) }
        guard settled != row.settled || sort != row.sort else { return }
        try connection.run(
            """
            UPDATE asset
               SET correction_ms = ?, offset_min = ?, offset_source = ?, taken_ms = ?, taken_at = ?, sort_at = ?
             WHERE id = ?
            """,
            [
                .integer(settled.correction), .integer(settled.offset), .text(settled.source),
                .integer(settled.taken), .integer(settled.instant), .integer(sort), .integer(row.asset),
            ]
        )
    }

    private func assumed(_ name: String, _ taken: Int64) -> Int64 {
        Int64(zone(name)?.reading(whenClocksShow: taken).offsetMinutes ?? 0) * 60_000
    }

    // MARK: Those whose offset nobody knows

    /// Puts the assets of sessions whose offset nobody knows among those whose offset is known.
    func align(_ sessions: Set<Int64>) throws {
        guard !sessions.isEmpty else { return }
        let all = try namedSessions()
        var habits: [Int64: Habit] = [:]
        func habit(_ session: Int64) throws -> Habit {
            if let known = habits[session] { return known }
            let found = try self.habit(of: session)
            habits[session] = found
            return found
        }
        try connection.unrecorded {
            for session in sessions.sorted() where all[session] != nil {
                for asset in try unknown(in: session) {
                    let own = asset.sessions.filter { all[$0] != nil }
                    // Those of a session with a zone are settled by it.
                    guard !own.contains(where: { all[$0]?.zone != nil }) else { continue }
                    var offset = 0
                    for key in own {
                        guard let usual = try habit(key).offset(at: asset.taken) else { continue }
                        offset = usual
                        break
                    }
                    let sort = asset.taken - Int64(offset) * 60_000
                    guard sort != asset.sort else { continue }
                    try connection.run(
                        "UPDATE asset SET sort_at = ? WHERE id = ?", [.integer(sort), .integer(asset.key)])
                }
            }
        }
    }

    private func unknown(
        in session: Int64
    ) throws -> [(key: Int64, taken: Int64, sort: Int64, sessions: [Int64])] {
        try connection.rows(
            """
            SELECT a.id, a.taken_ms, a.sort_at,
                   (SELECT group_concat(session) FROM asset_session WHERE asset = a.id AND present = 1)
              FROM asset_session AS x
              JOIN asset         AS a ON a.id = x.asset
             WHERE x.session = ?
               AND x.present = 1
               AND a.offset_min IS NULL
               AND a.taken_ms IS NOT NULL
            """,
            [.integer(session)]
        ) { row in
            (
                row.integer(0), row.integer(1), row.integer(2),
                row.text(3).split(separator: ",").compactMap { Int64($0) }.sorted()
            )
        }
    }

    /// The offset that most assets of a session have, day by day.
    private struct Habit {
        var days: [(day: Int64, offset: Int)] = []

        /// Of the day, or of the nearest one.
        func offset(at taken: Int64) -> Int? {
            guard !days.isEmpty else { return nil }
            let day = taken / 86_400_000
            var low = 0
            var high = days.count
            while low < high {
                let middle = (low + high) / 2
                if days[middle].day < day { low = middle + 1 } else { high = middle }
            }
            guard low < days.count else { return days.last?.offset }
            guard low > 0, day - days[low - 1].day < days[low].day - day else { return days[low].offset }
            return days[low - 1].offset
        }
    }

    private func habit(of session: Int64) throws -> Habit {
        let isClock = CaptureFacts.containerClocks.map { "a.wall_source LIKE '\($0)%'" }
            .joined(separator: " OR ")
        let counts = try connection.rows(
            """
            SELECT a.taken_ms / 86400000, a.offset_min, count(*)
              FROM asset_session AS x
              JOIN asset         AS a ON a.id = x.asset
             WHERE x.session = ?
               AND x.present = 1
               AND a.present = 1
               AND a.offset_min IS NOT NULL
               AND a.taken_ms IS NOT NULL
               AND NOT (a.offset_min = 0 AND (\(isClock)))
             GROUP BY 1, 2
             ORDER BY 1, 3 DESC, 2
            """,
            [.integer(session)]
        ) { (day: $0.integer(0), offset: $0.int(1)) }
        var habit = Habit()
        for count in counts where count.day != habit.days.last?.day { habit.days.append(count) }
        return habit
    }
}

extension Change {
    /// Derives the times of assets anew, and puts those of their sessions in order; at the end of whatever changed a fact.
    func settleTimes(of assets: [Int64]) throws {
        try catalog.timeLine.settle(assets)
    }
}
