internal import Storage

/// What the gate answers about an asset for a purpose between two instants, where no recipient and country are named.
struct StandingRow: Hashable {
    /// Nil is every purpose.
    var purpose: Purpose?
    /// From this instant on.
    var from: Int64
    /// Up to this one, which belongs to the next.
    var until: Int64
    var state: ClearanceState
    var answer: Answer

    enum Answer: String {
        case allowed
        /// Somebody or something stands in the way.
        case blocked
        /// Nobody cleared it, or not for here and now.
        case open
    }
}

extension StandingRow {
    /// The whole course of an asset's answers: they change when a reason does, or at the instants that its decisions name.
    ///
    /// What nobody decided needs no row.
    static func course(of dossier: Dossier) -> [StandingRow] {
        guard dossier != .empty else { return [] }
        let hearing = Hearing(dossier)
        let instants = [Int64.min] + hearing.turns.filter { $0 != .min }
        let courses = Purpose.outside.map { course(of: hearing, for: $0, instants) }
        let plain = courses.map { $0.map { row in StandingRow(nil, row) } }
        if plain.allSatisfy({ $0 == plain[0] }) { return plain[0] }
        return courses.flatMap(\.self)
    }

    private init(_ purpose: Purpose?, _ other: StandingRow) {
        self = other
        self.purpose = purpose
    }

    private init(purpose: Purpose, from: Int64, until: Int64, state: ClearanceState, answer: Answer) {
        (self.purpose, self.from, self.until) = (purpose, from, until)
        (self.state, self.answer) = (state, answer)
    }

    private static func course(of hearing: Hearing, for purpose: Purpose, _ instants: [Int64])
        -> [StandingRow]
    {
        var rows: [StandingRow] = []
        for (index, instant) in instants.enumerated() {
            let end = index + 1 < instants.count ? instants[index + 1] : .max
            let ruling = hearing.ruling(
                GateQuestion(purpose: purpose, recipient: "", territory: nil, at: instant))
            let row = StandingRow(
                purpose: purpose, from: instant, until: end, state: hearing.state(for: purpose, at: instant),
                answer: ruling.isAllowed
                    ? .allowed : ruling.denials.contains(where: \.blocks) ? .blocked : .open)
            if let last = rows.last, last.state == row.state, last.answer == row.answer {
                rows[rows.count - 1].until = end
            } else {
                rows.append(row)
            }
        }
        return rows.filter { $0.state != .unreviewed || $0.answer != .open }
    }
}

extension Connection {
    /// Works out anew where the assets stand of which a reason changed, and looks through texts that are new.
    ///
    /// Called before every transaction that writes ends; with nothing to do it costs one look.
    func refreshStanding(stamp: Int64) throws {
        guard try first("SELECT 1 FROM stale LIMIT 1", [], { _ in true }) == true else { return }
        try noteStaleWarnings(stamp: stamp)
        // What closes a parent closes what was made from it.
        try run(
            """
            INSERT OR IGNORE INTO stale (asset)
            WITH RECURSIVE child (asset) AS (
                SELECT asset FROM stale
                 UNION
                SELECT d.asset FROM child JOIN derivation AS d ON d.parent = child.asset
                 UNION
                SELECT x.asset
                  FROM child
                  JOIN delivery_item AS i ON i.asset  = child.asset
                  JOIN file          AS f ON f.sha256 = i.sha256
                  JOIN asset_file    AS x ON x.file   = f.id AND x.present = 1
            )
            SELECT asset FROM child
            """
        )
        try eachStale("SELECT asset FROM stale WHERE asset > ? ORDER BY asset LIMIT 5000") { assets in
            let list = QueryCompiler.list(assets)
            try run("DELETE FROM standing WHERE asset IN (SELECT value FROM json_each(?))", [list])
            try eachDossier(of: assets) { asset, dossier in
                for row in StandingRow.course(of: dossier) {
                    try run(
                        "INSERT INTO standing (asset, purpose, from_at, until_at, state, answer) VALUES (?, ?, ?, ?, ?, ?)",
                        [
                            .integer(asset), .text(row.purpose?.rawValue ?? "*"), .integer(row.from),
                            .integer(row.until), .text(row.state.rawValue), .text(row.answer.rawValue),
                        ])
                }
            }
        }
        try run("DELETE FROM stale")
    }

    /// Looks through the texts that are new.
    func noteStaleWarnings(stamp: Int64) throws {
        try eachStale("SELECT asset FROM stale WHERE words = 1 AND asset > ? ORDER BY asset LIMIT 5000") {
            try noteWarnings(of: $0, stamp: stamp)
        }
        try run("UPDATE stale SET words = 0 WHERE words = 1")
    }

    /// Whoever cleared an asset before warnings were looked for had its words before them: what they decided stands.
    func acknowledgeEarlierWarnings() throws {
        try run(
            """
            UPDATE clearance
               SET despite = coalesce(
                       (SELECT '|' || group_concat(w.words, '|') || '|' FROM warning AS w WHERE w.asset = clearance.asset),
                       '')
             WHERE decision = 'cleared' AND authority = 0 AND despite IS NULL
            """
        )
    }

    private func eachStale(_ sql: String, _ body: ([Int64]) throws -> Void) throws {
        var last = Int64.min
        while true {
            let assets = try rows(sql, [.integer(last)]) { $0.integer(0) }
            guard let end = assets.last else { return }
            try body(assets)
            last = end
        }
    }
}

extension Catalog {
    /// Where an asset stands now, as lists show it: the purposes it may leave for, and whether it is held.
    func standing(of asset: AssetID, at instant: Int64) throws -> (clearedFor: [Purpose], isHeld: Bool) {
        var cleared: Set<Purpose> = []
        var isHeld = false
        try connection.each(
            """
            SELECT s.purpose, s.state, s.answer, EXISTS (SELECT 1 FROM stale AS w WHERE w.asset = s.asset)
              FROM standing AS s
             WHERE s.asset = ? AND s.from_at <= ? AND s.until_at > ?
            """,
            [.integer(asset.rawValue), .integer(instant), .integer(instant)]
        ) { row in
            if row.text(1) == ClearanceState.held.rawValue { isHeld = true }
            guard row.text(2) == StandingRow.Answer.allowed.rawValue, row.int(3) == 0 else { return }
            cleared.formUnion(Purpose(rawValue: row.text(0)).map { [$0] } ?? Purpose.outside)
        }
        return (Purpose.outside.filter(cleared.contains), isHeld)
    }
}
