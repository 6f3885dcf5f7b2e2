internal import Storage

/// Assets about which the full-text index does not yet say what is known of them.
struct StaleText {
    /// The columns of an asset whose words are searched.
    static let columns: Set = ["name", "title", "caption", "place", "creator"]

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
        let asked = stale.assets.filter { stale.words(of: $0) == nil }
        let isMuch = asked.count > Change.much
        if isMuch { try mergeText(automatic: 0, crisis: 4) }
        try eachBatch(of: asked, writeText(listed:))
        if isMuch { try mergeText(automatic: 4, crisis: 16) }
        for asset in stale.assets {
            guard let words = stale.words(of: asset) else { continue }
            if stale.isIndexed(asset) {
                try connection.run("DELETE FROM asset_text WHERE rowid = ?", [.integer(asset)])
            }
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

    /// So many assets' words are worth sparing the index its merging.
    private static let much = 1_000

    /// Tells the index when to merge the parts that it is written in; what it has in memory is written before.
    ///
    /// By itself it goes on with its greatest merge at every write, a quarter of what somebody waits for who tags ten
    /// thousand. Many words at once leave that to imports and small changes, and merge the small parts alone, four to one:
    /// more of them would be gone through for every asset that a walk asks for a word.
    private func mergeText(automatic: Int64, crisis: Int64) throws {
        // A SELECT, because of one row of values the index thinks that it need not write first.
        for (name, value) in [("automerge", automatic), ("crisismerge", crisis)] {
            try connection.run(
                "INSERT INTO asset_text (asset_text, rank) SELECT ?, ?", [.text(name), .integer(value)])
        }
    }

    /// Asks for the words about assets, and writes those that the index has not.
    ///
    /// One statement for all: put one by one they cost twice as much, and words that stayed are not worth a new row. In the
    /// order of their keys, because at a step back the index puts what it holds in memory into its tables.
    private func writeText(listed list: Value) throws {
        try connection.run(
            """
            DELETE FROM asset_text
             WHERE rowid IN (
                       SELECT a.id
                         FROM asset AS a INDEXED BY asset_absent
                        WHERE a.present = 0
                          AND a.id IN (SELECT value FROM json_each(?))
                   )
            """,
            [list])
        try connection.run(
            """
            INSERT OR REPLACE INTO asset_text (rowid, name, title, caption, tags, sessions, place, creator)
            WITH said (id, name, title, caption, tags, sessions, place, creator) AS MATERIALIZED (
                SELECT a.id, a.name, a.title, a.caption,
                       (SELECT group_concat(t.path, ' | ')
                          FROM asset_tag AS at JOIN tag AS t ON t.id = at.tag
                         WHERE at.asset = a.id AND at.present = 1 AND t.present = 1),
                       (SELECT group_concat(s.name || ' ' || coalesce(s.place, ''), ' | ')
                          FROM asset_session AS x JOIN session AS s ON s.id = x.session
                         WHERE x.asset = a.id AND x.present = 1 AND s.present = 1),
                       a.place,
                       a.creator
                  FROM json_each(?) AS named
                 CROSS JOIN asset AS a ON a.id = named.value
                 WHERE a.present = 1
            )
            SELECT s.*
              FROM said       AS s
              LEFT JOIN asset_text AS w ON w.rowid = s.id
             WHERE (w.name, w.title, w.caption, w.tags, w.sessions, w.place, w.creator)
                   IS NOT (s.name, s.title, s.caption, s.tags, s.sessions, s.place, s.creator)
            """,
            [list])
    }
}
