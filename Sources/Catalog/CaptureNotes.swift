internal import Storage

/// What else there is to say about the time of an asset: why its offset is not known, what is assumed, and what other
/// clocks give to think about.
public struct CaptureNotes: Hashable, Sendable {
    /// A session of the asset that has a zone.
    public struct SessionZone: Hashable, Sendable {
        /// The session's name.
        public let session: String
        /// The zone's name.
        public let zone: String
    }

    /// The asset's sessions that have a zone; while they do not agree, nobody's counts.
    public let zones: [SessionZone]
    /// What a person said that the camera's clock showed; nil when nobody said anything.
    public let personSaysUTC: Bool?
    /// True when the clock counts in UTC, by whoever's word.
    public let showsUTC: Bool
    /// What the corrected time stands for on the clocks of the zone that gave the offset.
    public let standing: ZoneClock.Standing
    /// The offset in minutes at which the asset is put in order with others, while its own is not known.
    public let assumedOffset: Int?
    /// True when the asset's clock is a container's that could count in UTC, and read so the asset falls among its
    /// sessions' others, while as a local time it falls outside.
    public let mayShowUTC: Bool
}

extension Catalog {
    /// What else there is to say about the time of an asset.
    public func captureNotes(of asset: Asset) throws -> CaptureNotes {
        let key = Value.integer(asset.id.rawValue)
        let zones = try connection.rows(
            """
            SELECT s.name, s.zone
              FROM asset_session AS x JOIN session AS s ON s.id = x.session
             WHERE x.asset = ? AND x.present = 1 AND s.present = 1 AND s.zone IS NOT NULL
             ORDER BY s.id
            """,
            [key]
        ) { CaptureNotes.SessionZone(session: $0.text(0), zone: $0.text(1)) }
        let edits = try connection.rows(
            "SELECT field, value FROM edit WHERE asset = ? AND present = 1 AND field IN ('clock', 'offset')",
            [key]
        ) { (field: $0.text(0), value: $0.value(1)) }
        var facts = CaptureFacts(
            wall: asset.time.wallMilliseconds, wallSource: asset.time.wallSource,
            fileOffset: asset.time.fileOffsetMinutes)
        facts.correction = asset.time.correctionMilliseconds
        facts.zones = zones.map { ($0.session, $0.zone) }
        for edit in edits {
            if edit.field == "offset" { facts.offset = edit.value }
            if edit.field == "clock", case .text(let word) = edit.value { facts.clock = word }
        }
        var standing = ZoneClock.Standing.plain
        if !facts.showsUTC, let name = facts.zoneThatCounts, let taken = asset.time.takenMilliseconds {
            standing = timeLine.zone(name)?.reading(whenClocksShow: taken).standing ?? .plain
        }
        let sort = try connection.first("SELECT sort_at FROM asset WHERE id = ?", [key]) { $0.integer(0) }
        var assumed: Int?
        if asset.time.offsetMinutes == nil, let taken = asset.time.takenMilliseconds, let sort, sort != taken
        {
            assumed = Int((taken - sort) / 60_000)
        }
        return CaptureNotes(
            zones: zones,
            personSaysUTC: facts.clock.map { $0 == "UTC" },
            showsUTC: facts.showsUTC,
            standing: standing,
            assumedOffset: assumed,
            mayShowUTC: try mayShowUTC(asset, facts)
        )
    }

    /// Only clocks that could are asked about, and only where nobody has said what they show.
    private func mayShowUTC(_ asset: Asset, _ facts: CaptureFacts) throws -> Bool {
        let time = asset.time
        guard asset.kind == .clip, facts.clock == nil, facts.fileOffset == nil, facts.offset == .null,
            CaptureFacts.containerClocks.contains(where: { facts.wallSource?.hasPrefix($0) == true }),
            let read = time.instantMilliseconds, let taken = time.takenMilliseconds
        else { return false }
        let range = try connection.first(
            """
            SELECT min(a.taken_at), max(a.taken_at)
              FROM asset_session AS own
              JOIN asset_session AS also ON also.session = own.session AND also.present = 1
              JOIN asset         AS a    ON a.id = also.asset
             WHERE own.asset = ?
               AND own.present = 1
               AND a.present = 1
               AND a.kind = 'photo'
            """,
            [.integer(asset.id.rawValue)]
        ) { (first: $0.integerOrNil(0), last: $0.integerOrNil(1)) }
        guard let first = range?.first, let last = range?.last else { return false }
        // An hour before and behind belongs to a shoot as well.
        let shoot = (first - 3_600_000)...(last + 3_600_000)
        return shoot.contains(taken) && !shoot.contains(read)
    }
}

extension CaptureFacts {
    /// The zone whose rules gave the offset.
    var zoneThatCounts: String? {
        if case .text(let name) = offset { return name }
        guard offset == .null, fileOffset == nil || showsUTC else { return nil }
        return agreed
    }
}
