internal import Storage

/// What is known of when an asset was taken, and what follows from it: this is where it is decided.
///
/// The facts are the camera's clock and offset as the file states them, and rows that people made: a correction, an
/// offset or zone, a word on what the clock showed, and the zones of the asset's sessions. What follows stands in the
/// asset's columns, is never recorded, and is derived anew when a fact comes or goes.
struct CaptureFacts {
    /// What the camera's clock showed, in milliseconds counted as if it showed UTC.
    var wall: Int64?
    /// The field it was read from.
    var wallSource: String?
    /// The offset that the file states.
    var fileOffset: Int?
    /// What a person added to the clock.
    var correction: Int64 = 0
    /// A person's word on the offset: minutes, or the name of a zone.
    var offset: Value = .null
    /// A person's word on what the clock showed: `UTC` or `local`.
    var clock: String?
    /// The asset's sessions that have a zone, in the order of their keys.
    var zones: [(session: String, zone: String)] = []

    /// What follows from the facts.
    struct Settled: Hashable {
        var correction: Int64 = 0
        var offset: Int?
        var source: String?
        var taken: Int64?
        var instant: Int64?
    }

    /// True when the clock counts in UTC wherever it is: a person says so, or it is a container's clock that its maker is
    /// known to set so.
    ///
    /// Such a clock tells the instant, and nothing of the offset.
    var showsUTC: Bool {
        switch clock {
        case "UTC": true
        case "local": false
        default: isContainersUTC
        }
    }

    private var isContainersUTC: Bool {
        fileOffset == 0 && CaptureFacts.containerClocks.contains { wallSource?.hasPrefix($0) == true }
    }

    /// The clocks of containers, by the fields they are read from: an offset of zero from one of them says that it counts
    /// in UTC, and not that the camera was in London.
    static let containerClocks = ["mvhd", "tkhd", "mdhd", "DateUTC", "creation_time"]

    /// What counts.
    ///
    /// A person's word comes first, then the file's; the sessions' zone fills what nobody said, while they
    /// agree on it.
    func settled(_ zone: (String) -> ZoneClock?) -> Settled {
        var settled = Settled(correction: correction)
        guard let wall else { return settled }
        let clock = wall + correction
        func offset(of name: String) -> Int? {
            guard let zone = zone(name) else { return nil }
            return showsUTC
                ? zone.offsetMinutes(at: clock) : zone.reading(whenClocksShow: clock).offsetMinutes
        }
        if case .integer(let minutes) = self.offset {
            (settled.offset, settled.source) = (Int(minutes), "person")
        } else if case .text(let name) = self.offset, let minutes = offset(of: name) {
            (settled.offset, settled.source) = (minutes, "person (\(name))")
        } else if let fileOffset, !isContainersUTC {
            (settled.offset, settled.source) = (fileOffset, wallSource)
        } else if let agreed, let minutes = offset(of: agreed) {
            let names = zones.map(\.session).joined(separator: ", ")
            settled.offset = minutes
            settled.source = (zones.count == 1 ? "session " : "sessions ") + "\(names) (\(agreed))"
        } else if showsUTC {
            (settled.offset, settled.source) = (0, self.clock == nil ? wallSource : "person")
        }
        settled.taken = showsUTC ? clock + Int64(settled.offset ?? 0) * 60_000 : clock
        settled.instant =
            showsUTC ? clock : settled.offset.map { clock - Int64($0) * 60_000 }
        return settled
    }

    /// The zone that the asset's sessions have; nil when they have several, or none.
    var agreed: String? {
        guard let first = zones.first?.zone, zones.allSatisfy({ $0.zone == first }) else { return nil }
        return first
    }
}
