internal import Storage

/// What somebody has a say in.
public enum ArtistRight: String, Sendable, CaseIterable {
    /// Whose word clears.
    case clear
    /// Who must agree to every picture that shows them.
    case approve
}

/// Somebody who has a say, and where.
public struct Artist: Hashable, Sendable {
    /// The right's key.
    public let id: Int64
    /// The name; of who must agree, as the tag below `people` ends.
    public let name: String
    /// In what.
    public let right: ArtistRight
    /// In what is in this session or carries this tag; nil is the whole archive.
    public let scope: DecisionScope?
    /// Of who must agree: for this purpose alone; nil is every purpose.
    public let purpose: Purpose?
}

extension Catalog {
    /// Everybody who has a say, in the order in which they were named.
    public func artists() throws -> [Artist] {
        try connection.rows(
            """
            SELECT r.id, r.name, r.may, s.name, t.path, r.purpose, r.session IS NULL AND r.tag IS NULL
              FROM artist       AS r
              LEFT JOIN session AS s ON s.id = r.session
              LEFT JOIN tag     AS t ON t.id = r.tag
             WHERE r.present = 1
             ORDER BY r.may DESC, r.id
            """
        ) { row -> Artist? in
            let scope: DecisionScope? =
                row.textOrNil(3).map { .session($0) }
                ?? row.textOrNil(4).flatMap { TagPath(fromFile: $0).map { .tag($0) } }
            // A right within something that nobody can name must not become one over everything.
            guard let right = ArtistRight(rawValue: row.text(2)), scope != nil || row.int(6) == 1 else {
                return nil
            }
            return Artist(
                id: row.integer(0), name: row.text(1), right: right, scope: scope,
                purpose: row.textOrNil(5).flatMap(Purpose.init(rawValue:)))
        }
        .compactMap(\.self)
    }

    /// True for somebody whose word clears anything in the archive.
    public func isArtist(_ name: String) throws -> Bool {
        try artists().contains { $0.right == .clear && $0.scope == nil && Hearing.same($0.name, name) }
    }

    /// By which right a person may clear each of these assets; those that they may not are left out.
    ///
    /// A right counts where the asset is in its session or carries its tag now.
    func authorities(of person: String, over assets: [AssetID]) throws -> [AssetID: Int64] {
        let rights = try connection.rows(
            "SELECT id, name, session, tag FROM artist WHERE may = 'clear' AND present = 1 ORDER BY id"
        ) { (id: $0.integer(0), name: $0.text(1), session: $0.integerOrNil(2), tag: $0.integerOrNil(3)) }
        .filter { Hearing.same($0.name, person) }
        if let all = rights.first(where: { $0.session == nil && $0.tag == nil }) {
            return Dictionary(uniqueKeysWithValues: Set(assets).map { ($0, all.id) })
        }
        var authorities: [AssetID: Int64] = [:]
        let list = QueryCompiler.list(assets.map(\.rawValue))
        for right in rights {
            let (sql, key) =
                if let session = right.session {
                    (
                        """
                        SELECT asset FROM asset_session
                         WHERE session = ?1 AND present = 1 AND asset IN (SELECT value FROM json_each(?2))
                        """, session
                    )
                } else {
                    (
                        """
                        SELECT x.asset
                          FROM tag       AS named
                          JOIN tag       AS t ON t.path = named.path
                                              OR (t.path >= named.path || '/' AND t.path < named.path || '0')
                          JOIN asset_tag AS x ON x.tag = t.id
                         WHERE named.id = ?1 AND x.present = 1 AND x.asset IN (SELECT value FROM json_each(?2))
                        """, right.tag ?? 0
                    )
                }
            try connection.each(sql, [.integer(key), list]) { row in
                authorities[AssetID(rawValue: row.integer(0)), default: right.id] = right.id
            }
        }
        return authorities
    }
}

extension Change {
    /// Gives somebody a say, and tells whether they did not have it.
    ///
    /// The first artist of an archive is named by whoever is at work; every later right is given on an artist's word.
    ///
    /// Throws `CatalogError` when `by` may not give it.
    @discardableResult
    public func add(
        artist name: String,
        _ right: ArtistRight,
        in scope: DecisionScope?,
        purpose: Purpose? = nil,
        by person: String?
    ) throws -> Bool {
        let name = name.trimmed
        guard !name.isEmpty else { throw CatalogError(.refused, "an artist needs a name") }
        let known = try catalog.artists()
        let isKnown = known.contains {
            Hearing.same($0.name, name) && $0.right == right && $0.scope == scope && $0.purpose == purpose
        }
        guard !isKnown else { return false }
        // Who must agree closes more, and anybody may close.
        if right == .clear { try confirm(person, mayChangeRightsOf: known, "name another who may clear") }
        let (session, tag) = try keys(of: scope)
        try connection.run(
            "INSERT INTO artist (id, name, may, session, tag, purpose, stamp) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(mint()), .text(name), .text(right.rawValue), .integer(session), .integer(tag),
                .text(purpose?.rawValue), .integer(stamp.rawValue),
            ])
        return true
    }

    /// Takes a say from somebody, and tells how many rights that were; what they cleared stays cleared.
    ///
    /// Throws `CatalogError` when `by` may not: on an artist's word, or on their own.
    @discardableResult
    public func remove(
        artist name: String,
        _ right: ArtistRight,
        in scope: DecisionScope?,
        by person: String?
    ) throws -> Int {
        let known = try catalog.artists()
        let theirs = known.filter { Hearing.same($0.name, name) && $0.right == right && $0.scope == scope }
        guard !theirs.isEmpty else {
            throw CatalogError(
                .notFound, "\(name) has no such right",
                next: "valhalla artists list shows who has a say")
        }
        if person.map({ Hearing.same($0, name) }) != true {
            try confirm(person, mayChangeRightsOf: known, "take a right away")
        }
        for artist in theirs {
            try connection.run(
                "UPDATE artist SET present = 0, stamp = ? WHERE id = ?",
                [.integer(stamp.rawValue), .integer(artist.id)])
        }
        return theirs.count
    }

    private func confirm(_ person: String?, mayChangeRightsOf known: [Artist], _ doing: String) throws {
        let artists = known.filter { $0.right == .clear }
        guard !artists.isEmpty else { return }
        let everywhere = artists.filter { $0.scope == nil }
        let entitled = everywhere.isEmpty ? artists : everywhere
        if let person, entitled.contains(where: { Hearing.same($0.name, person) }) { return }
        let names = Set(entitled.map(\.name)).sorted()
        throw CatalogError(
            .notCleared,
            person.map { "\($0) may not \(doing)" } ?? "on whose word? To \(doing) takes an artist’s",
            details: ["artists:  " + names.joined(separator: ", ")],
            next: "add --by \"\(names[0])\", if that is who says so")
    }

    /// The keys of a scope's session or tag, which must exist.
    func keys(of scope: DecisionScope?) throws -> (session: Int64?, tag: Int64?) {
        switch scope {
        case nil: return (nil, nil)
        case .session(let name):
            return (try sessionKey(named: try catalog.session(named: name).name), nil)
        case .tag(let path):
            let known = try connection.first(
                "SELECT id FROM tag WHERE path = ? AND present = 1", [.text(path.description)]
            ) { $0.integer(0) }
            if let known { return (nil, known) }
            let all = try catalog.tags().map(\.path)
            // A tag that only others lie below is made, so that it can be held.
            guard all.contains(where: { $0.lies(in: path) }) else {
                throw CatalogError.noTag(
                    path.description,
                    nearest: nearestWord(to: path.description, among: all.map(\.description)))
            }
            return (nil, try tag(path))
        }
    }
}

extension String {
    /// Without white space at its ends.
    var trimmed: String {
        let kept = drop(while: \.isWhitespace)
        return kept.lastIndex { !$0.isWhitespace }.map { String(kept[...$0]) } ?? ""
    }
}
