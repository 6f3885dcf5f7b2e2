import MediaProtocol

extension WallTime {
    /// A time written as `2016-05-13T20:15:30.250+0100`, with a blank for the `T`, slashes or colons in the date, and
    /// fraction and offset as they come; nil when it is none.
    ///
    /// `Z` counts as an offset of zero here. Whether to believe it is the caller's to know: FFmpeg writes one behind
    /// every `creation_time`, whatever the camera's clock was set to.
    init?(text: String, source: String) {
        var scanner = TimeScanner(bytes: Array(text.utf8))
        guard let year = scanner.number(digits: 4), scanner.skip("-:/."),
            let month = scanner.number(digits: 2), scanner.skip("-:/."), let day = scanner.number(digits: 2),
            scanner.skip("T "), let hour = scanner.number(digits: 2), scanner.skip(":-."),
            let minute = scanner.number(digits: 2),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60
        else { return nil }
        var second = 0
        var fraction = 0
        if scanner.skip(":-.") {
            guard let read = scanner.number(digits: 2), read < 61 else { return nil }
            second = read
            if scanner.skip(".,") { fraction = scanner.milliseconds() }
        }
        let offset = scanner.offset()
        guard offset.isValid else { return nil }
        // An unset clock writes its epoch, and a camera that never had a battery the first hours after it.
        let days = WallTime.days(year: year, month: month, day: day)
        guard year > 1904, days != 0 else { return nil }
        let seconds = Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        self.init(
            milliseconds: seconds * 1000 + Int64(fraction),
            offsetMinutes: offset.minutes,
            source: source
        )
    }

    /// Days from 1970-01-01 in the Gregorian calendar.
    static func days(year: Int, month: Int, day: Int) -> Int {
        // Years begin in March here, so that the leap day is the last of its year.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

private struct TimeScanner {
    let bytes: [UInt8]
    var place = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

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

    mutating func skip(_ choices: String) -> Bool {
        guard place < bytes.count, choices.utf8.contains(bytes[place]) else { return false }
        place += 1
        return true
    }

    /// Any number of decimals, cut to three.
    mutating func milliseconds() -> Int {
        var value = 0
        var weight = 100
        while let digit = number(digits: 1) {
            value += digit * weight
            weight /= 10
        }
        return value
    }

    /// The offset if there is one; not valid when something else follows the time.
    mutating func offset() -> (isValid: Bool, minutes: Int?) {
        while skip(" ") {}
        guard place < bytes.count else { return (true, nil) }
        if skip("Zz") { return (place == bytes.count, 0) }
        let west = bytes[place] == UInt8(ascii: "-")
        guard skip("+-"), let hours = number(digits: 2) else { return (false, nil) }
        _ = skip(":")
        let minutes = number(digits: 2) ?? 0
        guard place == bytes.count, hours <= 14, minutes < 60 else { return (false, nil) }
        return (true, (west ? -1 : 1) * (hours * 60 + minutes))
    }
}
