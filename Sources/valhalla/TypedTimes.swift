internal import Catalog

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

/// Instants as people type them: a day, or a day and a time, by this machine's clock or with a zone of their own.
enum TypedDate {
    /// The first instant of a day, or the instant of a time.
    static func beginning(_ text: String, _ option: String) throws -> Int64 {
        if let zoned = try zoned(text, option) { return zoned.beginning }
        return try read(text, option).clock.localInstant
    }

    /// The instant at which a day is over, or the instant of a time.
    static func end(_ text: String, _ option: String) throws -> Int64 {
        if let zoned = try zoned(text, option) { return zoned.end }
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

    /// An instant that is the same for everybody: without a zone a film would open at another hour for each who reads it.
    static func instant(_ text: String, _ option: String) throws -> Int64 {
        if let zoned = try zoned(text, option) { return zoned.beginning }
        _ = try read(text, option)
        throw Failure.usage(
            "\(quoted(text)) behind \(option) has no zone, and is another instant in every one",
            next: "write 2016-03-18T00:00Z, 2016-03-18T00:00+01:00 or \"2016-03-18T00:00 Europe/Berlin\""
        )
    }

    /// What is written with a zone: `Z`, `+01:00`, or the zone's name behind a space.
    private static func zoned(_ text: String, _ option: String) throws -> (beginning: Int64, end: Int64)? {
        let words = text.split(separator: " ").map(String.init)
        if let name = words.last, words.count > 1, name.contains("/") || name.uppercased() == "UTC" {
            let zone = name.uppercased() == "UTC" ? nil : ZoneClock(named: try TypedZone.named(name))
            return try instants(words.dropLast().joined(separator: "T"), option) { wall in
                wall - Int64(zone?.reading(whenClocksShow: wall).offsetMinutes ?? 0) * 60_000
            }
        }
        if text.hasSuffix("Z") || text.hasSuffix("z") {
            return try instants(String(text.dropLast()), option) { $0 }
        }
        // Behind a time alone: the last - of a date stands before a day.
        guard let match = text.wholeMatch(of: /(.+:[0-9]{2})([+\-−])([0-9]{2}):?([0-9]{2})/),
            let hours = Int64(match.3), let minutes = Int64(match.4), hours <= 14, minutes < 60
        else { return nil }
        let offset = (hours * 60 + minutes) * 60_000 * (match.2 == "+" ? 1 : -1)
        return try instants(String(match.1), option) { $0 - offset }
    }

    private static func instants(_ text: String, _ option: String, _ instant: (Int64) -> Int64) throws
        -> (beginning: Int64, end: Int64)
    {
        let (clock, hasTime) = try read(text, option)
        let wall = clock.millisecondsAsUTC
        return (instant(wall), instant(hasTime ? wall : wall + 86_400_000))
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

/// A time as a clock on a wall shows it, with where that wall is if it is said: `2016-01-20T17:03:00`,
/// `2016-01-20T17:03:00-08:00`, `2016-01-21T01:03:00Z`, `2016-01-20T17:03:00[America/Los_Angeles]`.
struct TypedReading {
    /// What the clock shows, in milliseconds counted as if it showed UTC.
    let wall: Int64
    /// Minutes east of UTC.
    var offset: Int?
    /// The zone's name.
    var zone: String?

    init(_ text: String, _ option: String) throws {
        var clock = text[...]
        if clock.last == "]", let open = clock.lastIndex(of: "[") {
            zone = try TypedZone.named(String(clock[clock.index(after: open)...].dropLast()))
            clock = clock[..<open]
        }
        if let end = TypedReading.offsetBegins(in: clock) {
            guard let minutes = TypedReading.minutes(clock[end...]) else {
                throw Failure.usage(
                    "\(quoted(String(clock[end...]))) in \(quoted(text)) behind \(option) is no offset from UTC",
                    next: "write it as -08:00, +05:30 or Z")
            }
            offset = minutes
            clock = clock[..<end]
        }
        guard zone == nil || offset == nil else {
            throw Failure.usage(
                "\(quoted(text)) behind \(option) has an offset and a zone", next: "leave one out")
        }
        wall = try TypedDate.wall(String(clock), option)
    }

    /// Where the offset begins: a sign or a Z behind the time.
    private static func offsetBegins(in text: Substring) -> Substring.Index? {
        guard let time = text.firstIndex(where: { $0 == "T" || $0 == "t" || $0 == " " }) else { return nil }
        return text[time...].firstIndex { "+-−Zz".contains($0) }
    }

    private static func minutes(_ text: Substring) -> Int? {
        if text.lowercased() == "z" { return 0 }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.count == 2 || digits.count == 4, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let hours = Int(digits.prefix(2)), let minutes = Int("0" + digits.dropFirst(2)), hours <= 15,
            minutes < 60
        else { return nil }
        return (text.first == "+" ? 1 : -1) * (hours * 60 + minutes)
    }
}

/// A time zone by its name.
enum TypedZone {
    /// The zone's name, or a mistake that names the nearest.
    static func named(_ name: String) throws -> String {
        let all = ZoneClock.allNames
        if all.contains(name), ZoneClock(named: name) != nil { return name }
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
}
