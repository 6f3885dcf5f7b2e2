internal import Storage

/// How long an asset was bound: for ever, or to the stamp under which it left a session, lost a tag, or was said not to
/// be made from another.
///
/// What was decided of a session while an asset was in it goes on binding the asset: taking it out of the session must
/// not open what holding the session closed. What was decided after it had left does not.
private typealias Bound = Int64

extension Connection {
    /// Calls `body` with everything that the gate must know of each of these assets, in their order.
    ///
    /// Rows are read by sets of assets: a hundred thousand of them take a second or two.
    func eachDossier(of assets: [Int64], _ body: (Int64, Dossier) throws -> Void) throws {
        guard !assets.isEmpty else { return }
        let rules = try BindingRules(self)
        let chunk = 5_000
        for start in stride(from: 0, to: assets.count, by: chunk) {
            let some = Array(assets[start..<min(start + chunk, assets.count)])
            let dossiers = try dossiers(of: some, under: rules)
            for asset in some { try body(asset, dossiers[asset] ?? .empty) }
        }
    }

    private func dossiers(of assets: [Int64], under rules: BindingRules) throws -> [Int64: Dossier] {
        let lines = rules.hasDerivations || rules.countsUses ? try lines(of: assets) : [:]
        let everyone = Array(Set(assets).union(lines.values.flatMap { $0.map(\.ancestor) }))
        var sheets = try sheets(of: everyone, under: rules)
        if rules.countsUses {
            for (asset, uses) in try uses(of: everyone.filter { sheets[$0] != nil }) {
                sheets[asset]?.uses = uses
            }
        }
        var dossiers: [Int64: Dossier] = [:]
        dossiers.reserveCapacity(assets.count)
        for asset in assets {
            let parents = (lines[asset] ?? []).compactMap { line in
                sheets[line.ancestor].map { $0.bound(until: line.bound) }
            }
            guard sheets[asset] != nil || !parents.isEmpty else { continue }
            dossiers[asset] = Dossier(own: sheets[asset] ?? Dossier.Sheet(), parents: parents)
        }
        let cleared = assets.filter { dossiers[$0]?.own.decisions.contains { $0.kind == .cleared } == true }
        for (asset, since) in try filesSince(of: cleared) { dossiers[asset]?.filesSince = since }
        return dossiers
    }

    /// When the newest of the files that would leave came to each asset.
    ///
    /// A row has the stamp of its whole import, which began before a decision may have been made; a content's key was
    /// minted when it was met. The later of the two counts.
    private func filesSince(of assets: [Int64]) throws -> [Int64: Int64] {
        var since: [Int64: Int64] = [:]
        guard !assets.isEmpty else { return since }
        try each(
            """
            SELECT asset, max(max(stamp, file))
              FROM asset_file
             WHERE asset IN (SELECT value FROM json_each(?)) AND role IN ('original', 'segment') AND present = 1
             GROUP BY asset
            """,
            [QueryCompiler.list(assets)]
        ) { since[$0.integer(0)] = $0.integer(1) }
        return since
    }

    /// What each asset was made from, and what that was made from, however far back; a circle ends where it began.
    ///
    /// A delivered file that came back into the archive was made from what it shows, whether anybody said so or not.
    private func lines(of assets: [Int64]) throws -> [Int64: [(ancestor: Int64, bound: Bound)]] {
        var lines: [Int64: [(ancestor: Int64, bound: Bound)]] = [:]
        try each(
            """
            WITH RECURSIVE line (asset, ancestor, bound) AS (
                SELECT value, value, 9223372036854775807 FROM json_each(?)
                 UNION
                SELECT line.asset, d.parent,
                       min(line.bound, CASE d.present WHEN 1 THEN 9223372036854775807 ELSE d.stamp END)
                  FROM line JOIN derivation AS d ON d.asset = line.ancestor
                 UNION
                SELECT line.asset, i.asset, line.bound
                  FROM line
                  JOIN asset_file    AS x ON x.asset  = line.ancestor AND x.present = 1
                  JOIN file          AS f ON f.id     = x.file
                  JOIN delivery_item AS i ON i.sha256 = f.sha256
            )
            SELECT asset, ancestor, max(bound) FROM line WHERE ancestor <> asset GROUP BY asset, ancestor
            """,
            [QueryCompiler.list(assets)]
        ) { lines[$0.integer(0), default: []].append(($0.integer(1), $0.integer(2))) }
        return lines
    }

    private func sheets(of assets: [Int64], under rules: BindingRules) throws -> [Int64: Dossier.Sheet] {
        var sheets: [Int64: Dossier.Sheet] = [:]
        let list = QueryCompiler.list(assets)
        try each(
            """
            SELECT \(Decision.columns), d.asset
              FROM clearance AS d
             WHERE d.asset IN (SELECT value FROM json_each(?))
             ORDER BY d.asset, d.id
            """,
            [list]
        ) { row in
            sheets[row.integer(Decision.columnCount), default: Dossier.Sheet()].decisions.append(
                try Decision(row: row))
        }
        try each(
            """
            SELECT asset, field, words, text, stamp FROM warning WHERE asset IN (SELECT value FROM json_each(?))
             ORDER BY asset, field, words, stamp, text
            """,
            [list]
        ) { row in
            sheets[row.integer(0), default: Dossier.Sheet()].warnings.append(
                Warning(field: row.text(1), words: row.text(2), text: row.text(3), since: row.integer(4)))
        }
        let sessions = try memberships("asset_session", "session", list, among: rules.sessions)
        let tags = try memberships("asset_tag", "tag", list, among: rules.tags)
        for (asset, joined) in sessions {
            for (session, bound) in joined {
                for decision in rules.bySession[session] ?? [] where decision.binds(before: bound) {
                    sheets[asset, default: Dossier.Sheet()].decisions.append(decision)
                }
            }
        }
        for (asset, carried) in tags {
            var seen: Set<Int64> = []
            for (tag, bound) in carried {
                for decision in rules.byTag[tag] ?? [] where decision.binds(before: bound) {
                    if seen.insert(decision.id).inserted {
                        sheets[asset, default: Dossier.Sheet()].decisions.append(decision)
                    }
                }
                for right in rules.approvals[tag] ?? []
                where right.stamp < bound && right.reaches(sessions[asset] ?? [], carried) {
                    let person = Dossier.Person(name: right.name, purpose: right.purpose)
                    if sheets[asset]?.people.contains(person) != true {
                        sheets[asset, default: Dossier.Sheet()].people.append(person)
                    }
                }
            }
        }
        return sheets
    }

    /// Which of these sessions or tags each asset is, or was, in, and until when.
    private func memberships(
        _ table: String,
        _ column: String,
        _ list: Value,
        among keys: Set<Int64>
    ) throws -> [Int64: [(key: Int64, bound: Bound)]] {
        guard !keys.isEmpty else { return [:] }
        var found: [Int64: [(key: Int64, bound: Bound)]] = [:]
        try each(
            """
            SELECT asset, \(column), CASE present WHEN 1 THEN 9223372036854775807 ELSE stamp END
              FROM \(table)
             WHERE asset IN (SELECT value FROM json_each(?))
            """,
            [list]
        ) { row in
            let key = row.integer(1)
            if keys.contains(key) { found[row.integer(0), default: []].append((key, row.integer(2))) }
        }
        return found
    }

    /// The deliveries that each asset, or anything made from it, left with: what may leave once has left when a crop of
    /// it has.
    private func uses(of assets: [Int64]) throws -> [Int64: [Dossier.Use]] {
        var grounds: [Int64: [Int64: Set<Int64>]] = [:]
        let list = QueryCompiler.list(assets)
        try each(
            "SELECT asset, delivery, decision FROM delivery_ground WHERE asset IN (SELECT value FROM json_each(?))",
            [list]
        ) { grounds[$0.integer(0), default: [:]][$0.integer(1), default: []].insert($0.integer(2)) }
        var uses: [Int64: [Dossier.Use]] = [:]
        try each(
            """
            WITH RECURSIVE reach (origin, asset, bound) AS (
                SELECT value, value, 9223372036854775807 FROM json_each(?)
                 UNION
                SELECT r.origin, d.asset,
                       min(r.bound, CASE d.present WHEN 1 THEN 9223372036854775807 ELSE d.stamp END)
                  FROM reach AS r JOIN derivation AS d ON d.parent = r.asset
                 UNION
                SELECT r.origin, x.asset, r.bound
                  FROM reach         AS r
                  JOIN delivery_item AS i ON i.asset  = r.asset
                  JOIN file          AS f ON f.sha256 = i.sha256
                  JOIN asset_file    AS x ON x.file   = f.id AND x.present = 1
            )
            SELECT DISTINCT r.origin, d.id, d.purpose
              FROM reach         AS r
              JOIN delivery_item AS i ON i.asset = r.asset
              JOIN delivery      AS d ON d.id    = i.delivery
             WHERE d.purpose <> 'internal' AND d.id < r.bound
            """,
            [list]
        ) { row in
            let (asset, delivery) = (row.integer(0), row.integer(1))
            uses[asset, default: []].append(
                Dossier.Use(
                    delivery: delivery, purpose: row.text(2), grounds: grounds[asset]?[delivery] ?? []))
        }
        return uses
    }
}

extension Decision {
    /// What opens, and what takes back, reaches an asset that has left, too; what closes only when it was there first.
    fileprivate func binds(before bound: Int64) -> Bool {
        kind == .lifted || kind == .retracted || id < bound
    }
}

extension Dossier.Sheet {
    /// What binds what was made from it, where that was said until a stamp only.
    fileprivate func bound(until bound: Int64) -> Dossier.Sheet {
        guard bound < .max else { return self }
        var sheet = self
        sheet.decisions.removeAll { !$0.binds(before: bound) }
        return sheet
    }
}

/// What is decided of sessions and tags, and who must agree: few rows, read once.
private struct BindingRules {
    /// A person's right to agree, with the tags that say that the person is in a picture.
    struct Approval {
        let name: String
        let purpose: Purpose?
        let session: Int64?
        let tags: Set<Int64>?
        let stamp: Int64

        /// Within its session or tag, if it has one.
        func reaches(_ sessions: [(key: Int64, bound: Int64)], _ carried: [(key: Int64, bound: Int64)])
            -> Bool
        {
            if let session { return sessions.contains { $0.key == session && stamp < $0.bound } }
            if let tags { return carried.contains { tags.contains($0.key) && stamp < $0.bound } }
            return true
        }
    }

    var bySession: [Int64: [Decision]] = [:]
    /// By every tag that is the one named, or below it.
    var byTag: [Int64: [Decision]] = [:]
    /// By the tags below `people` that end in the person's name.
    var approvals: [Int64: [Approval]] = [:]
    var sessions: Set<Int64> = []
    var tags: Set<Int64> = []
    var hasDerivations = false
    var countsUses = false

    init(_ connection: Connection) throws {
        let below = { (tag: Int64) in
            try connection.rows(
                """
                SELECT t.id
                  FROM tag AS named
                  JOIN tag AS t ON t.path = named.path OR (t.path >= named.path || '/' AND t.path < named.path || '0')
                 WHERE named.id = ?
                """,
                [.integer(tag)]
            ) { $0.integer(0) }
        }
        try connection.each(
            """
            SELECT \(Decision.columns), d.session, s.name
              FROM clearance AS d JOIN session AS s ON s.id = d.session
             WHERE d.session IS NOT NULL
             ORDER BY d.id
            """
        ) { row in
            let name = row.text(Decision.columnCount + 1)
            bySession[row.integer(Decision.columnCount), default: []].append(
                try Decision(row: row, scope: .session(name)))
        }
        let tagged = try connection.rows(
            """
            SELECT \(Decision.columns), d.tag, t.path
              FROM clearance AS d JOIN tag AS t ON t.id = d.tag
             WHERE d.tag IS NOT NULL
             ORDER BY d.id
            """
        ) { row in
            let scope = TagPath(fromFile: row.text(Decision.columnCount + 1)).map { DecisionScope.tag($0) }
            return (tag: row.integer(Decision.columnCount), decision: try Decision(row: row, scope: scope))
        }
        for (tag, decision) in tagged {
            for key in try below(tag) { byTag[key, default: []].append(decision) }
        }
        try readApprovals(connection, below)
        sessions.formUnion(bySession.keys)
        tags.formUnion(byTag.keys)
        tags.formUnion(approvals.keys)
        hasDerivations = try connection.first("SELECT 1 FROM derivation LIMIT 1") { _ in true } ?? false
        countsUses = try connection.first("SELECT 1 FROM delivery_item LIMIT 1") { _ in true } ?? false
    }

    private mutating func readApprovals(_ connection: Connection, _ below: (Int64) throws -> [Int64]) throws {
        let rights = try connection.rows(
            "SELECT name, purpose, session, tag, stamp FROM artist WHERE may = 'approve' AND present = 1"
        ) { row in
            (
                name: row.text(0), purpose: row.textOrNil(1).flatMap(Purpose.init(rawValue:)),
                session: row.integerOrNil(2), tag: row.integerOrNil(3), stamp: row.integer(4)
            )
        }
        // Programs write the first name with a capital, too: `People|Iggy Pop`.
        let people =
            try rights.isEmpty
            ? []
            : connection.rows("SELECT id, path FROM tag WHERE path LIKE 'people/%'") {
                (id: $0.integer(0), name: String($0.text(1).split(separator: "/").last ?? ""))
            }
        for right in rights {
            let approval = Approval(
                name: right.name, purpose: right.purpose, session: right.session,
                tags: try right.tag.map { Set(try below($0)) }, stamp: right.stamp)
            if let session = right.session { sessions.insert(session) }
            tags.formUnion(approval.tags ?? [])
            for tag in people where Hearing.same(tag.name, right.name) {
                approvals[tag.id, default: []].append(approval)
            }
        }
    }
}
