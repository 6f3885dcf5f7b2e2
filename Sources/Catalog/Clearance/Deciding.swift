internal import Storage

extension Catalog {
    /// The columns of a decision but its key and stamp.
    static let decisionColumns = [
        "asset", "session", "tag", "decision", "purpose", "person", "decided_at", "from_at", "until_at",
        "territory",
        "reason", "evidence", "lifts", "authority", "not_in", "recipient", "exclusive_until", "uses",
        "credit",
        "no_crop", "no_retouch", "despite", "release", "release_status", "subject",
    ]

    /// Everything that is known of an asset and bears on whether it may leave.
    public func dossier(of asset: AssetID) throws -> Dossier {
        var found = Dossier.empty
        try connection.eachDossier(of: [asset.rawValue]) { found = $1 }
        return found
    }

    /// What a decision about a session or tag binds: what is in it, or carries it or a tag below it, at present.
    public func assets(in scope: DecisionScope) throws -> [AssetID] {
        let (sql, name) =
            switch scope {
            case .session(let name):
                (
                    """
                    SELECT x.asset
                      FROM asset_session AS x
                      JOIN session       AS s ON s.id = x.session
                     WHERE s.name = ? AND x.present = 1
                     ORDER BY x.asset
                    """, try session(named: name).name
                )
            case .tag(let path):
                (
                    """
                    SELECT DISTINCT x.asset
                      FROM tag       AS t
                      JOIN asset_tag AS x ON x.tag = t.id AND x.present = 1
                     WHERE t.path = ?1 OR (t.path >= ?1 || '/' AND t.path < ?1 || '0')
                     ORDER BY x.asset
                    """, path.description
                )
            }
        return try connection.rows(sql, [.text(name)]) { AssetID(rawValue: $0.integer(0)) }
    }

    /// Every decision about sessions and tags, oldest first, taken-back ones included.
    public func scopedDecisions() throws -> [Decision] {
        try connection.rows(
            """
            SELECT \(Decision.columns), s.name, t.path
              FROM clearance    AS d
              LEFT JOIN session AS s ON s.id = d.session
              LEFT JOIN tag     AS t ON t.id = d.tag
             WHERE d.session IS NOT NULL OR d.tag IS NOT NULL
             ORDER BY d.decided_at, d.id
            """
        ) { row in
            let session = row.textOrNil(Decision.columnCount).map { DecisionScope.session($0) }
            let tag = row.textOrNil(Decision.columnCount + 1).flatMap { TagPath(fromFile: $0) }
            return try Decision(row: row, scope: session ?? tag.map { .tag($0) })
        }
    }
}

extension Change {
    /// Records a decision about assets, and tells about how many.
    ///
    /// Throws `CatalogError`, and records nothing, when the person may not decide so about one of them: only an artist
    /// clears, only after a withdrawal was answered, and only knowing the words that came with the file.
    @discardableResult
    public func decide(_ decision: NewDecision, about assets: [AssetID]) throws -> Int {
        try confirm(decision)
        var authorities: [AssetID: Int64] = [:]
        if decision.kind == .cleared {
            authorities = try authoritiesToClear(decision, assets)
            try refuseWithdrawn(decision, assets)
        } else if decision.kind == .absent {
            authorities = try catalog.authorities(of: decision.person, over: assets)
        }
        var despite: [AssetID: String] = [:]
        if decision.kind == .cleared { despite = try readWarnings(decision, assets) }
        for asset in assets {
            try insert(
                decision, asset: asset.rawValue, authority: authorities[asset], despite: despite[asset])
        }
        return assets.count
    }

    /// Records a hold or a restriction of what is in a session or carries a tag, and of what will.
    public func decide(_ decision: NewDecision, on scope: DecisionScope) throws {
        guard decision.kind == .held || decision.kind == .restricted else {
            throw CatalogError(
                .refused,
                "nobody clears what nobody has seen: a session or tag can be held and restricted only",
                next: "valhalla clear QUERY clears what is in it at present")
        }
        try confirm(decision)
        let (session, tag) = try keys(of: scope)
        try insert(decision, session: session, tag: tag)
    }

    private func confirm(_ decision: NewDecision) throws {
        guard decision.kind != .lifted, decision.kind != .retracted else {
            throw CatalogError(.refused, "what is lifted or taken back must be named")
        }
        guard !decision.person.trimmed.isEmpty else {
            throw CatalogError(.refused, "a decision needs the name of who made it", next: "add --by NAME")
        }
        if let from = decision.from, let until = decision.until, until <= from {
            throw CatalogError(.refused, "the decision would end before it begins")
        }
        if decision.kind == .restricted {
            var nothing = NewDecision(.restricted, purpose: decision.purpose, by: decision.person)
            (nothing.reason, nothing.evidence) = (decision.reason, decision.evidence)
            guard nothing != decision else {
                throw CatalogError(
                    .refused, "the restriction restricts nothing",
                    next: "valhalla help restrict lists the terms")
            }
        }
        if let allowed = decision.territory, let denied = decision.terms.notIn,
            allowed.split(separator: ",").allSatisfy({ Territory.list(denied, holds: String($0)) })
        {
            throw CatalogError(.refused, "no country is left of \(allowed) without \(denied)")
        }
    }

    private func authoritiesToClear(_ decision: NewDecision, _ assets: [AssetID]) throws -> [AssetID: Int64] {
        let artists = try catalog.artists().filter { $0.right == .clear }
        guard !artists.isEmpty else {
            throw CatalogError(
                .notCleared, "nobody is named yet whose word clears",
                next:
                    "valhalla artists add \"\(decision.person)\" names who may; do so once, before anything leaves"
            )
        }
        let authorities = try catalog.authorities(of: decision.person, over: assets)
        let missing = assets.filter { authorities[$0] == nil }
        guard missing.isEmpty else {
            let names = Set(artists.map(\.name)).sorted().joined(separator: ", ")
            throw CatalogError(
                .notCleared,
                missing.count == assets.count
                    ? "\(decision.person) may not clear \(assets.count == 1 ? "it" : "them")"
                    : "\(decision.person) may not clear \(missing.count) of the \(assets.count)",
                details: try lines(of: missing) + ["artists:  " + names],
                next: "valhalla artists list shows who may clear what")
        }
        return authorities
    }

    private func refuseWithdrawn(_ decision: NewDecision, _ assets: [AssetID]) throws {
        var withdrawn: [AssetID] = []
        try connection.eachDossier(of: assets.map(\.rawValue)) { asset, dossier in
            if Hearing(dossier).isWithdrawn(for: decision.purpose) {
                withdrawn.append(AssetID(rawValue: asset))
            }
        }
        guard withdrawn.isEmpty else {
            throw CatalogError(
                .notCleared,
                "\(withdrawn.count) of \(assets.count) withdrawn: an artist submits it anew first",
                details: try lines(of: withdrawn),
                next: "valhalla submit QUERY --for PURPOSE --by NAME --reason TEXT")
        }
    }

    /// What each clearance was given despite.
    private func readWarnings(_ decision: NewDecision, _ assets: [AssetID]) throws -> [AssetID: String] {
        var despite: [AssetID: String] = [:]
        var warned: [(AssetID, Warning)] = []
        try connection.eachDossier(of: assets.map(\.rawValue)) { asset, dossier in
            let warnings = Hearing(dossier).warnings
            guard let first = warnings.first else { return }
            warned.append((AssetID(rawValue: asset), first))
            despite[AssetID(rawValue: asset)] =
                "|" + Set(warnings.map(\.acknowledgement)).sorted().joined(separator: "|") + "|"
        }
        guard warned.isEmpty || decision.despiteWarnings else {
            throw CatalogError(
                .notCleared,
                "\(warned.count) of \(assets.count) \(warned.count == 1 ? "has" : "have") words that forbid it",
                details: try warned.prefix(10).map { asset, warning in
                    "\(try catalog.asset(asset).shortName)  \(warning.field): “\(warning.text)”"
                } + (warned.count > 10 ? ["and \(warned.count - 10) more"] : []),
                next: "read them, and clear with --despite-words what may leave all the same")
        }
        return despite
    }

    func lines(of assets: [AssetID]) throws -> [String] {
        try assets.prefix(10).map { id in
            let asset = try catalog.asset(id)
            return "\(asset.shortName)  \(asset.title ?? asset.name)"
        } + (assets.count > 10 ? ["and \(assets.count - 10) more"] : [])
    }

    /// Writes the row.
    func insert(
        _ decision: NewDecision,
        asset: Int64? = nil,
        session: Int64? = nil,
        tag: Int64? = nil,
        lifts: Int64? = nil,
        authority: Int64? = nil,
        despite: String? = nil
    ) throws {
        let terms = decision.terms
        let values: [Value] = [
            .integer(asset), .integer(session), .integer(tag), .text(decision.kind.rawValue),
            .text(decision.purpose?.rawValue), .text(decision.person.trimmed), .integer(now),
            .integer(decision.from),
            .integer(decision.until), .text(decision.territory), .text(decision.reason),
            .text(decision.evidence),
            .integer(lifts), .integer(authority), .text(terms.notIn), .text(terms.recipient),
            .integer(terms.exclusiveUntil), .integer(terms.uses), .text(terms.credit),
            terms.noCrop ? .integer(Int64(1)) : .null, terms.noRetouch ? .integer(Int64(1)) : .null,
            .text(despite),
            .text(terms.release?.rawValue), .text(decision.status?.rawValue), .text(decision.subject),
        ]
        let places = Array(repeating: "?", count: values.count + 2).joined(separator: ", ")
        try connection.run(
            """
            INSERT INTO clearance (id, stamp, \(Catalog.decisionColumns.joined(separator: ", ")))
            VALUES (\(places))
            """,
            [.integer(mint()), .integer(stamp.rawValue)] + values)
    }
}
