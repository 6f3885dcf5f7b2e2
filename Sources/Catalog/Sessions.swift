internal import Storage

/// A shoot, a rehearsal, an interview, a concert.
public struct Session: Hashable, Sendable {
    /// Its name, which is unique.
    public var name: String
    /// First day, `2016-05-13`.
    public var begins: String?
    /// Last day.
    public var ends: String?
    /// Where it was.
    public var place: String?
    /// The time zone's IANA name, `Europe/London`, if a person said so.
    public var zone: String?
    /// A remark.
    public var note: String?
    /// How many assets belong to it.
    public var assets = 0

    /// A session of this name.
    public init(name: String) {
        self.name = name
    }
}

extension Catalog {
    /// All sessions, earliest first, with the number of their assets.
    public func sessions() throws -> [Session] {
        try connection.rows(
            """
            SELECT s.name, s.begins, s.ends, s.place, s.zone, s.note,
                   coalesce((SELECT sum(y.assets) FROM session_tally AS y WHERE y.session = s.id), 0)
              FROM session AS s
             WHERE s.present = 1
             ORDER BY coalesce(s.begins, '9999'), s.name
            """
        ) { row in
            var session = Session(name: row.text(0))
            session.begins = row.textOrNil(1)
            session.ends = row.textOrNil(2)
            session.place = row.textOrNil(3)
            session.zone = row.textOrNil(4)
            session.note = row.textOrNil(5)
            session.assets = row.int(6)
            return session
        }
    }

    /// The session of this name, whatever its capitals.
    public func session(named name: String) throws -> Session {
        let all = try sessions()
        if let found = all.first(where: { $0.name == name })
            ?? all.first(where: { $0.name.lowercased() == name.lowercased() })
        {
            return found
        }
        throw CatalogError.noSession(name, nearest: nearestWord(to: name, among: all.map(\.name)))
    }

    /// The names of an asset's sessions.
    public func sessions(of asset: AssetID) throws -> [String] {
        try connection.rows(
            """
            SELECT s.name
              FROM asset_session AS x JOIN session AS s ON s.id = x.session
             WHERE x.asset = ? AND x.present = 1 AND s.present = 1
             ORDER BY coalesce(s.begins, '9999'), s.name
            """,
            [.integer(asset.rawValue)]
        ) { $0.text(0) }
    }
}

extension Change {
    /// Makes a session.
    ///
    /// Throws `CatalogError` when there is one of that name.
    public func make(session: Session) throws {
        guard session.name.contains(where: { !$0.isWhitespace }) else {
            throw CatalogError(.refused, "a session needs a name")
        }
        let present = try connection.first(
            "SELECT max(present) FROM session WHERE name = ? COLLATE NOCASE", [.text(session.name)]
        ) { $0.int(0) == 1 }
        guard present != true else {
            throw CatalogError(
                .refused, "there is a session “\(session.name)” already",
                next: "valhalla session edit \"\(session.name)\" changes it")
        }
        _ = try sessionKey(named: session.name)
        try update(session: session.name, to: session)
    }

    /// Gives a session another name, dates, place, zone or note.
    ///
    /// Words about its assets follow.
    public func update(session name: String, to session: Session) throws {
        let key = try sessionKey(named: name)
        let before = try connection.first(
            "SELECT name, place, zone FROM session WHERE id = ?", [.integer(key)]
        ) { (name: $0.text(0), place: $0.textOrNil(1), zone: $0.textOrNil(2)) }
        if session.name != name {
            let taken = try connection.first("SELECT 1 FROM session WHERE name = ?", [.text(session.name)]) {
                _ in true
            }
            guard taken == nil else {
                throw CatalogError(.refused, "there is, or was, another session “\(session.name)”")
            }
        }
        try connection.run(
            """
            UPDATE session SET name = ?, begins = ?, ends = ?, place = ?, zone = ?, note = ?, stamp = ? WHERE id = ?
            """,
            [
                .text(session.name), .text(session.begins), .text(session.ends), .text(session.place),
                .text(session.zone), .text(session.note), .integer(stamp.rawValue), .integer(key),
            ]
        )
        let assets = try connection.rows(
            "SELECT asset FROM asset_session WHERE session = ? AND present = 1", [.integer(key)]
        ) { $0.integer(0) }
        if before?.name != session.name || before?.place != session.place {
            for asset in assets { refreshText(of: asset) }
        }
        if before?.name != session.name || before?.zone != session.zone { try settleTimes(of: assets) }
    }

    /// Puts assets into a session, and tells how many were not in it.
    ///
    /// The session must exist.
    @discardableResult
    public func add(_ assets: [AssetID], toSession name: String) throws -> Int {
        let key = try sessionKey(named: try catalog.session(named: name).name)
        var joined = 0
        try eachBatch(of: assets.map(\.rawValue)) { list in
            joined += try connection.run(
                """
                INSERT INTO asset_session (asset, session, stamp)
                SELECT named.value, ?, ? FROM json_each(?) AS named WHERE true
                    ON CONFLICT (asset, session) DO UPDATE SET present = 1, stamp = excluded.stamp WHERE present = 0
                """,
                [.integer(key), .integer(stamp.rawValue), list])
        }
        for asset in assets { refreshText(of: asset.rawValue) }
        try settleTimes(of: assets.map(\.rawValue))
        return joined
    }

    /// Takes assets out of a session, and tells how many were in it.
    @discardableResult
    public func remove(_ assets: [AssetID], fromSession name: String) throws -> Int {
        let key = try sessionKey(named: try catalog.session(named: name).name)
        var left = 0
        try eachBatch(of: assets.map(\.rawValue)) { list in
            left += try connection.run(
                """
                UPDATE asset_session SET present = 0, stamp = ?
                 WHERE asset IN (SELECT value FROM json_each(?)) AND session = ? AND present = 1
                """,
                [.integer(stamp.rawValue), list, .integer(key)])
        }
        for asset in assets { refreshText(of: asset.rawValue) }
        try settleTimes(of: assets.map(\.rawValue))
        try catalog.timeLine.align([key])
        return left
    }

    /// The key of the session of this name, whatever its capitals; made now if there is none.
    func sessionKey(named name: String) throws -> Int64 {
        let known = try connection.first(
            "SELECT id, present FROM session WHERE name = ? COLLATE NOCASE ORDER BY name = ? DESC, present DESC",
            [.text(name), .text(name)]
        ) { (id: $0.integer(0), present: $0.int(1) == 1) }
        if let known {
            if !known.present {
                try connection.run(
                    "UPDATE session SET present = 1, stamp = ? WHERE id = ?",
                    [.integer(stamp.rawValue), .integer(known.id)])
            }
            return known.id
        }
        let key = mint()
        try connection.run(
            "INSERT INTO session (id, name, stamp) VALUES (?, ?, ?)",
            [.integer(key), .text(name), .integer(stamp.rawValue)])
        return key
    }

    /// True when the asset was not in the session.
    @discardableResult
    func join(asset: Int64, session: Int64) throws -> Bool {
        try connection.run(
            """
            INSERT INTO asset_session (asset, session, stamp) VALUES (?, ?, ?)
                ON CONFLICT (asset, session) DO UPDATE SET present = 1, stamp = excluded.stamp WHERE present = 0
            """,
            [.integer(asset), .integer(session), .integer(stamp.rawValue)]
        ) > 0
    }
}
