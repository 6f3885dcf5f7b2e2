internal import Foundation

/// Spans, dates and zones as people type them.
enum TypedSpan {
    /// A correction such as `+7m12s`, `-1h`, `+0:07:12` or `+1d2h`, in milliseconds; nil when it is none.
    ///
    /// The sign tells it from a word of a query.
    static func milliseconds(_ text: String) -> Int64? {
        guard let sign = text.first, "+-−".contains(sign), text.utf8.count <= 40 else { return nil }
        let rest = text.dropFirst()
        guard let span = rest.contains(":") ? clock(rest) : units(rest) else { return nil }
        return sign == "+" ? span : -span
    }

    private static func clock(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { digits($0) }
        guard (2...3).contains(parts.count), let hours = parts[0], let minutes = parts[1], minutes < 60 else {
            return nil
        }
        let seconds = parts.count == 3 ? parts[2] : 0
        guard let seconds, seconds < 60 else { return nil }
        return ((hours * 60 + minutes) * 60 + seconds) * 1_000
    }

    private static func units(_ text: Substring) -> Int64? {
        let sizes: [(unit: String, size: Int64)] = [
            ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
        ]
        var total: Int64 = 0
        var last = -1
        var rest = text
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isNumber }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            // From the largest to the smallest, each once: 7m12s.
            guard let value = digits(number), let index = sizes.firstIndex(where: { $0.unit == unit }),
                index > last
            else { return nil }
            last = index
            total += value * sizes[index].size
        }
        return total
    }

    /// Nine digits of days are two million years, and do not overflow.
    private static func digits(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }
}

/// Instants as people type them: a day, or a day and a time, by this machine's clock.
enum TypedDate {
    /// The first instant of a day, or the instant of a time.
    static func beginning(_ text: String, _ option: String) throws -> Int64 {
        try read(text, option).clock.localInstant
    }

    /// The instant at which a day is over, or the instant of a time.
    static func end(_ text: String, _ option: String) throws -> Int64 {
        let (clock, hasTime) = try read(text, option)
        return hasTime ? clock.localInstant : clock.endOfLocalDay
    }

    /// A clock on a wall, which needs a time.
    static func wall(_ text: String, _ option: String) throws -> Int64 {
        let (clock, hasTime) = try read(text, option)
        guard hasTime else {
            throw Failure.usage(
                "\(quoted(text)) behind \(option) has no time",
                next: "write it as 2016-01-20T17:03:00"
            )
        }
        return clock.millisecondsAsUTC
    }

    private static func read(_ text: String, _ option: String) throws -> (clock: WallClock, hasTime: Bool) {
        var hasTime = false
        guard let clock = WallClock(text, hasTime: &hasTime) else {
            throw Failure.usage(
                "\(quoted(text)) behind \(option) is no date",
                next: "write it as 2017-01-31 or 2017-01-31T18:00"
            )
        }
        return (clock, hasTime)
    }
}

/// A time zone by its name.
enum TypedZone {
    /// The zone, or a mistake that names the nearest.
    static func named(_ name: String) throws -> TimeZone {
        if let zone = TimeZone(identifier: name),
            TimeZone.knownTimeZoneIdentifiers.contains(name) || name == "UTC"
        {
            return zone
        }
        let all = TimeZone.knownTimeZoneIdentifiers
        let city = name.split(separator: "/").last.map(String.init) ?? name
        let meant =
            all.first { $0.lowercased() == name.lowercased() }
            ?? all.first {
                $0.split(separator: "/").last?.lowercased() == city.lowercased().replacing(" ", with: "_")
            }
            ?? nearest(to: name, among: all)
        throw Failure.usage(
            "there is no time zone \(quoted(name))" + (meant.map { "; did you mean \($0)?" } ?? ""),
            next: "zones are named after cities: Europe/London, America/Los_Angeles"
        )
    }

    /// How many minutes the zone's clocks are ahead of UTC when they show this.
    static func offsetMinutes(_ zone: TimeZone, whenClocksShow wall: Int64) -> Int {
        // The offset in force an offset earlier: right but for the hour that clocks show twice in autumn, where the
        // first, in summer time, is taken.
        func offset(at instant: Int64) -> Int64 {
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant) / 1_000))) * 1_000
        }
        let early = wall - offset(at: wall - 86_400_000)
        let late = wall - offset(at: wall + 86_400_000)
        // Of two readings that fit the first counts; of none (the hour that is skipped) the clock was not yet set.
        let chosen = [early, late].first { $0 + offset(at: $0) == wall } ?? early
        let seconds =
            [early, late].contains { $0 + offset(at: $0) == wall } ? offset(at: chosen) : wall - early
        return Int(seconds / 60_000)
    }
}
