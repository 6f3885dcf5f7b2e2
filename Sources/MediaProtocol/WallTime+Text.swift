extension WallTime {
    /// A time as files write it: `2016:05:13 20:15:30`, `2016-05-13T20:15:30.250+01:00`, `2016-05-13`.
    ///
    /// Nil when it is none: cameras without a set clock write blanks or zeros. A date without a time is midnight. `Z`
    /// counts as an offset of zero; whether to believe it is the caller's to know.
    public init?(text: String, source: String) {
        var scanner = TimeScanner(bytes: Array(text.utf8))
        guard let year = scanner.number(digits: 4), scanner.skip("-:/."),
            let month = scanner.number(digits: 2), scanner.skip("-:/."), let day = scanner.number(digits: 2),
            (1...12).contains(month), day >= 1, day <= WallTime.days(inMonth: month, of: year)
        else { return nil }
        var milliseconds: Int64 = 0
        var offset: Int?
        if !scanner.isAtEnd {
            guard scanner.skip("T "), let time = scanner.time() else { return nil }
            milliseconds = time
            let zone = scanner.offset()
            guard zone.isValid else { return nil }
            offset = zone.minutes
        }
        // An unset clock writes its epoch.
        let days = WallTime.days(year: year, month: month, day: day)
        guard year > 1904, days != 0 || milliseconds != 0 else { return nil }
        self.init(
            milliseconds: Int64(days) * 86_400_000 + milliseconds,
            offsetMinutes: offset,
            source: source
        )
    }

    /// The offset from UTC that `+01:00`, `-0330` or `Z` states, in minutes; nil when it is none.
    public static func offset(_ text: String) -> Int? {
        var scanner = TimeScanner(bytes: Array(text.utf8))
        let offset = scanner.offset()
        return offset.isValid ? offset.minutes : nil
    }

    /// Days from 1970-01-01 in the Gregorian calendar.
    public static func days(year: Int, month: Int, day: Int) -> Int {
        // Years begin in March here, so that the leap day is the last of its year.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }
}

private struct TimeScanner {
    let bytes: [UInt8]
    var place = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func number(digits: Int) -> Int? {
        guard place + digits <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[place..<place + digits] {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        place += digits
        return value
    }

    mutating func skip(_ choices: StaticString) -> Bool {
        guard place < bytes.count, choices.withUTF8Buffer({ $0.contains(bytes[place]) }) else { return false }
        place += 1
        return true
    }

    private mutating func separator() -> UInt8? {
        guard skip(":-.") else { return nil }
        return bytes[place - 1]
    }

    /// Milliseconds of the day.
    mutating func time() -> Int64? {
        guard let hour = number(digits: 2), let separator = separator(), let minute = number(digits: 2),
            hour < 24,
            minute < 60
        else {
            return nil
        }
        var milliseconds = Int64(hour * 60 + minute) * 60_000
        // Without seconds the offset may follow, and it may begin with what separates.
        if place < bytes.count, bytes[place] == separator {
            place += 1
            guard let second = number(digits: 2), second < 61 else { return nil }
            milliseconds += Int64(second) * 1_000
            if skip(".,") { milliseconds += fraction() }
        }
        return milliseconds
    }

    /// Any number of decimals, cut to three.
    private mutating func fraction() -> Int64 {
        var value: Int64 = 0
        var weight: Int64 = 100
        while let digit = number(digits: 1) {
            value += Int64(digit) * weight
            weight /= 10
        }
        return value
    }

    /// The offset if there is one; not valid when something else follows.
    mutating func offset() -> (isValid: Bool, minutes: Int?) {
        while skip(" ") {}
        guard !isAtEnd else { return (true, nil) }
        if skip("Zz") { return (isAtEnd, 0) }
        let west = bytes[place] == UInt8(ascii: "-")
        guard skip("+-"), let hours = number(digits: 2) else { return (false, nil) }
        _ = skip(":")
        let minutes = number(digits: 2) ?? 0
        guard isAtEnd, hours <= 14, minutes < 60 else { return (false, nil) }
        return (true, (west ? -1 : 1) * (hours * 60 + minutes))
    }
}
