internal import Storage

extension Change {
    /// Brings the full-text index to what is known of an asset now.
    ///
    /// A change of many assets calls this once for each at its end, never a trigger at each write: a title, three
    /// tags and a session would otherwise index the same words five times.
    func refreshText(of asset: Int64, isNew: Bool = false) throws {
        if !isNew {
            try connection.run("DELETE FROM asset_text WHERE rowid = ?", [.integer(asset)])
        }
        try connection.run(
            """
            INSERT INTO asset_text (rowid, name, title, caption, tags, sessions, place, creator)
            SELECT a.id, a.name, a.title, a.caption,
                   (SELECT group_concat(t.path, ' · ')
                      FROM asset_tag AS at JOIN tag AS t ON t.id = at.tag
                     WHERE at.asset = a.id AND at.present = 1 AND t.present = 1),
                   (SELECT group_concat(s.name || ' ' || coalesce(s.place, ''), ' · ')
                      FROM asset_session AS x JOIN session AS s ON s.id = x.session
                     WHERE x.asset = a.id AND x.present = 1 AND s.present = 1),
                   a.place,
                   a.creator
              FROM asset AS a
             WHERE a.id = ? AND a.present = 1
            """,
            [.integer(asset)]
        )
    }
}
