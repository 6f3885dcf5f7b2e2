import MediaProtocol

/// Times as GPX has them, `xsd:dateTime`: `2016-01-20T23:56:12Z`, `2016-01-20T15:56:12.250-08:00`.
///
/// The standard says that they are in UTC, which is believed of a time without an offset.
enum TrackTime {
    /// Milliseconds since 1970; nil for what is no time.
    ///
    /// A file has half a million of them, so no text is made.
    static func instant(_ bytes: [UInt8]) -> Int64? {
        var scanner = Scanner(bytes: bytes)
        scanner.skipBlanks()
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2),
            scanner.skip("-"),
            let day = scanner.number(2), scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2),
            scanner.skip(":"),
            let second = scanner.number(2)
        else { return nil }
        // A leap second is the last of its minute for long enough.
        guard year >= 1_970, (1...12).contains(month), (1...31).contains(day), hour <= 24, minute < 60,
            second <= 60
        else { return nil }
        var milliseconds: Int64 = 0
        if scanner.skip(".") || scanner.skip(",") {
            guard let fraction = scanner.fraction() else { return nil }
            milliseconds = fraction
        }
        guard let offset = scanner.offset() else { return nil }
        scanner.skipBlanks()
        guard scanner.isAtEnd else { return nil }
        let days = Int64(WallTime.days(year: year, month: month, day: day))
        let minutes = Int64(hour) * 60 + Int64(minute) - Int64(offset)
        return ((days * 1_440 + minutes) * 60 + Int64(min(second, 59))) * 1_000 + milliseconds
    }

    private struct Scanner {
        let bytes: [UInt8]
        var place = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { place == bytes.count }

        mutating func skipBlanks() {
            while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
        }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard place < bytes.count, UInt32(bytes[place]) == character.value else { return false }
            place += 1
            return true
        }

        mutating func number(_ digits: Int) -> Int? {
            guard place + digits <= bytes.count else { return nil }
            var number = 0
            for _ in 0..<digits {
                guard (0x30...0x39).contains(bytes[place]) else { return nil }
                number = number * 10 + Int(bytes[place] - 0x30)
                place += 1
            }
            return number
        }

        /// Thousandths; further digits are passed over.
        mutating func fraction() -> Int64? {
            var weight: Int64 = 100
            var sum: Int64 = 0
            let start = place
            while place < bytes.count, (0x30...0x39).contains(bytes[place]) {
                sum += Int64(bytes[place] - 0x30) * weight
                weight /= 10
                place += 1
            }
            return place > start ? sum : nil
        }

        /// Minutes east of UTC; nil where something else stands.
        mutating func offset() -> Int? {
            if skip("Z") || skip("z") { return 0 }
            let isEast = skip("+")
            guard isEast || skip("-") else { return 0 }
            guard let hours = number(2), hours <= 15 else { return nil }
            _ = skip(":")
            guard let minutes = number(2), minutes < 60 else { return nil }
            return (isEast ? 1 : -1) * (hours * 60 + minutes)
        }
    }
}
