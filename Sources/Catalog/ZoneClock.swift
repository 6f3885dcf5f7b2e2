internal import Foundation

/// The clocks of a time zone: what they were ahead of UTC when they showed a time, and at an instant.
///
/// Rules are those of the zone's day, daylight saving included. One keeps the days it was asked about, so that a
/// hundred thousand photographs of a week cost a week's look-ups.
public final class ZoneClock {
    /// The zone's IANA name, `Europe/London`.
    public let name: String
    private let zone: TimeZone
    /// Offsets of whole days on which the clocks were left alone, by the day they showed.
    private var quietDays: [Int64: Int] = [:]

    /// What a time on such a clock stands for.
    public enum Standing: Hashable, Sendable {
        /// One instant.
        case plain
        /// Two: clocks were put back and showed the hour again. The first is meant.
        case shownTwice
        /// None: clocks were put forward past it. It is read as on a clock that was not put forward yet.
        case skipped
    }

    /// The clocks of the zone with this name; nil when there is none of that name.
    public init?(named name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.zone = zone
        self.name = name
    }

    /// The names of all zones.
    public static var allNames: [String] { TimeZone.knownTimeZoneIdentifiers + ["UTC"] }

    /// Minutes that the clocks were ahead of UTC at an instant, which is told in milliseconds since 1970.
    public func offsetMinutes(at instant: Int64) -> Int { Int(offset(at: instant) / 60_000) }

    /// Minutes that the clocks were ahead of UTC when they showed this, and what the time stands for.
    ///
    /// `wall` is in milliseconds, counted as if the clock showed UTC.
    public func reading(whenClocksShow wall: Int64) -> (offsetMinutes: Int, standing: Standing) {
        let day = (wall - (wall % 86_400_000 + 86_400_000) % 86_400_000) / 86_400_000
        if let known = quietDays[day] { return (known, .plain) }
        let before = offset(at: (day - 1) * 86_400_000)
        // No zone changes its clocks twice in three days.
        if before == offset(at: (day + 2) * 86_400_000) {
            quietDays[day] = Int(before / 60_000)
            return (Int(before / 60_000), .plain)
        }
        return carefully(wall)
    }

    private func carefully(_ wall: Int64) -> (offsetMinutes: Int, standing: Standing) {
        let before = offset(at: wall - 86_400_000)
        let after = offset(at: wall + 86_400_000)
        let fitsBefore = offset(at: wall - before) == before
        let fitsAfter = offset(at: wall - after) == after
        let standing: Standing =
            fitsBefore && fitsAfter && before != after
            ? .shownTwice : fitsBefore || fitsAfter ? .plain : .skipped
        return (Int((fitsBefore || !fitsAfter ? before : after) / 60_000), standing)
    }

    private func offset(at instant: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant) / 1_000))) * 1_000
    }
}
