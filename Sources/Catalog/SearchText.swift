internal import Storage

/// Assets about which the full-text index does not yet say what is known of them.
struct StaleText {
    private struct Entry {
        /// True when the index may have older words of the asset.
        var isIndexed: Bool
        var words: [Value]?
    }

    private(set) var assets: [Int64] = []
    private var entries: [Int64: Entry] = [:]

    /// Notes that an asset's words have changed; `isNew` when the index has none of it.
    ///
    /// `words` are the index's columns where the caller knows that nothing else can have been said of the asset; they count
    /// until something is.
    mutating func note(_ asset: Int64, isNew: Bool, words: [Value]?) {
        let known = entries[asset]
        entries[asset] = Entry(isIndexed: known?.isIndexed ?? !isNew, words: known == nil ? words : nil)
        if known == nil { assets.append(asset) }
    }

    /// True when the index may have older words of the asset.
    func isIndexed(_ asset: Int64) -> Bool { entries[asset]?.isIndexed ?? true }

    /// The index's columns, where they were noted.
    func words(of asset: Int64) -> [Value]? { entries[asset]?.words }
}

extension Change {
    /// Has the full-text index brought to what is known of an asset, at the end of the transaction.
    ///
    /// Never a trigger at each write: a title, three tags and a session would index the same words five times. And never
    /// between other writes: each statement that could fail half-way makes the index put what it holds in memory into
    /// its tables first, which cost a tenth of an import.
    func refreshText(of asset: Int64, isNew: Bool = false, words: [Value]? = nil) {
        stale.note(asset, isNew: isNew, words: words)
    }

    /// Brings the full-text index up to date; the last thing a transaction does.
    func writeText() throws {
        for asset in stale.assets {
            if stale.isIndexed(asset) {
                try connection.run("DELETE FROM asset_text WHERE rowid = ?", [.integer(asset)])
            }
            guard let words = try stale.words(of: asset) ?? words(about: asset) else { continue }
            try connection.run(
                """
                INSERT INTO asset_text (rowid, name, title, caption, tags, sessions, place, creator)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [.integer(asset)] + words
            )
        }
        stale = StaleText()
    }

    /// The index's columns; nil for an asset that is not present.
    private func words(about asset: Int64) throws -> [Value]? {
        try connection.first(
            """
            SELECT a.name, a.title, a.caption,
                   (SELECT group_concat(t.path, ' | ')
                      FROM asset_tag AS at JOIN tag AS t ON t.id = at.tag
                     WHERE at.asset = a.id AND at.present = 1 AND t.present = 1),
                   (SELECT group_concat(s.name || ' ' || coalesce(s.place, ''), ' | ')
                      FROM asset_session AS x JOIN session AS s ON s.id = x.session
                     WHERE x.asset = a.id AND x.present = 1 AND s.present = 1),
                   a.place,
                   a.creator
              FROM asset AS a
             WHERE a.id = ? AND a.present = 1
            """,
            [.integer(asset)]
        ) { row in (0..<7).map { row.value($0) } }
    }
}
