internal import Storage

/// What the zone of a session does for its assets.
public struct ZoneEffect: Hashable, Sendable {
    /// Assets whose offset is the zone's, because nobody else knows it.
    public fileprivate(set) var filled = 0
    /// Of those: taken, by the clock, in an hour that clocks there showed twice, so that the first is meant.
    public fileprivate(set) var shownTwice = 0
    /// Of those: taken, by the clock, in an hour that clocks there never showed.
    public fileprivate(set) var skipped = 0
    /// Assets with an offset of their own, by the file or a person.
    public fileprivate(set) var stated = 0
    /// Assets that are in a session of another zone as well, so that nobody knows.
    public fileprivate(set) var disputed = 0
}

extension Catalog {
    /// What the zone of a session does for its assets.
    public func zoneEffect(ofSession name: String) throws -> ZoneEffect {
        let zone = try session(named: name).zone.flatMap { timeLine.zone($0) }
        var effect = ZoneEffect()
        try connection.each(
            """
            SELECT a.taken_ms, a.offset_min IS NOT NULL, coalesce(a.offset_source LIKE 'session%', 0)
              FROM session       AS s
              JOIN asset_session AS x ON x.session = s.id
              JOIN asset         AS a ON a.id = x.asset
             WHERE s.name = ?
               AND s.present = 1
               AND x.present = 1
               AND a.present = 1
               AND a.taken_ms IS NOT NULL
            """,
            [.text(name)]
        ) { row in
            switch (row.int(1) == 1, row.int(2) == 1) {
            case (false, _): effect.disputed += 1
            case (true, false): effect.stated += 1
            case (true, true):
                effect.filled += 1
                switch zone?.reading(whenClocksShow: row.integer(0)).standing {
                case .shownTwice?: effect.shownTwice += 1
                case .skipped?: effect.skipped += 1
                case .plain?, nil: break
                }
            }
        }
        return effect
    }
}
