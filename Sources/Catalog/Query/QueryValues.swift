extension Query {
    /// Words of text to look for: all of them, one after another.
    public struct Phrase: Hashable, Sendable {
        /// The words as they were written.
        public let text: String
        /// True when the last word may go on.
        public let isPrefix: Bool

        init(text: String, isPrefix: Bool) {
            self.text = text
            self.isPrefix = isPrefix
        }

        /// Full-text search knows letters and digits; a phrase without any would find nothing and say nothing.
        static func isSearchable(_ text: String) -> Bool {
            text.unicodeScalars.contains { scalar in
                switch scalar.properties.generalCategory {
                case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                    .decimalNumber, .letterNumber, .otherNumber, .privateUse:
                    true
                default: false
                }
            }
        }
    }

    /// Text in which `*` stands for anything: `["L100", ""]` is `L100*`.
    ///
    /// Without a `*` it is looked for anywhere in the value; with one it must be the whole value.
    public struct Pattern: Hashable, Sendable {
        /// What stands between the stars; at least one piece.
        public let pieces: [String]

        init(pieces: [String]) { self.pieces = pieces }

        /// The text, when there is no star in it.
        var literal: String? { pieces.count == 1 ? pieces[0] : nil }

        /// True for `*` alone, which asks only that there be a value.
        var isAnything: Bool { pieces.count > 1 && pieces.allSatisfy(\.isEmpty) }
    }

    /// `30d`, `2w`, `6m` in milliseconds; nil when it is no such span.
    ///
    /// A month has 30 days here, and a year 365: nobody counts a warning to the day.
    static func spanMilliseconds(_ text: String) -> Int64? {
        let digits = text.dropLast()
        guard (1...4).contains(digits.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int64(digits)
        else { return nil }
        let hour: Int64 = 3_600_000
        switch text.last {
        case "h": return count * hour
        case "d": return count * 24 * hour
        case "w": return count * 7 * 24 * hour
        case "m": return count * 30 * 24 * hour
        case "y": return count * 365 * 24 * hour
        default: return nil
        }
    }

    /// A part of what is ordered: one value, a range with both ends, or all on one side.
    public enum Interval<Value: Hashable & Sendable>: Hashable, Sendable {
        /// `field:value`
        case at(Value)
        /// `field>value`
        case above(Value)
        /// `field>=value`, `field:value..`
        case from(Value)
        /// `field<value`
        case below(Value)
        /// `field<=value`, `field:..value`
        case upTo(Value)
        /// `field:low..high`, both included
        case between(Value, Value)
    }

    /// A number as it was written, and how near to it is the same.
    public struct Quantity: Hashable, Sendable {
        /// As written: `1/250`, `90s`, `23.976`.
        public let spelling: String
        /// In the unit of the field's column: seconds, millimetres, frames a second.
        public let value: Double
        /// `field:24` asks for what rounds to 24, `field:23.98` for what rounds to that.
        public let tolerance: Double
    }

    /// A date or time as it was written, of its precision; or one told from now.
    public struct Moment: Hashable, Sendable {
        /// As written: `2016`, `2016-05-13T18:42`, `-2w`.
        public let spelling: String
        let meaning: Meaning

        enum Meaning: Hashable, Sendable {
            /// Wall-clock milliseconds: where the year, day or minute begins, and where the next does.
            case fixed(start: Int64, end: Int64)
            /// So many days before today; the whole day.
            case daysAgo(Int)
            /// This day so many months before this one; the whole day.
            case monthsAgo(Int)
            /// So many hours before now.
            case hoursAgo(Int)
        }
    }
}

extension Query.Moment {
    /// Reads a date, a time or a distance from now; nil when the text is neither.
    init?(_ text: String) {
        let text = text.lowercased()
        guard let meaning = Query.Moment.relative(text) ?? Query.Moment.fixed(text) else { return nil }
        self.init(spelling: text, meaning: meaning)
    }

    /// True when the moment is told from now by a distance, which names no day that people could mean.
    var isDistance: Bool { spelling.hasPrefix("-") }

    /// The first millisecond and the one after the last, by the clock on the wall that shows `now`.
    func resolved(now: Int64) -> (start: Int64, end: Int64) {
        var day = CivilTime(milliseconds: now)
        (day.hour, day.minute, day.second, day.millisecond) = (0, 0, 0, 0)
        switch meaning {
        case .fixed(let start, let end):
            return (start, end)
        case .hoursAgo(let hours):
            let moment = now - Int64(hours) * 3_600_000
            return (moment, moment + 1)
        case .daysAgo(let days):
            let start = day.milliseconds - Int64(days) * 86_400_000
            return (start, start + 86_400_000)
        case .monthsAgo(let months):
            let wanted = day.day
            day.day = 1
            day.month -= months
            day = CivilTime(milliseconds: day.milliseconds)
            // A month before the 31st of March is the last of February.
            day.day = min(wanted, CivilTime.daysIn(month: day.month, of: day.year))
            return (day.milliseconds, day.milliseconds + 86_400_000)
        }
    }

    private static func relative(_ text: String) -> Meaning? {
        if text == "today" { return .daysAgo(0) }
        if text == "yesterday" { return .daysAgo(1) }
        guard text.first == "-", let unit = text.last else { return nil }
        let digits = text.dropFirst().dropLast()
        // Four digits: nothing of ours is older than 9,999 days, months or years ago, and no sum overflows.
        guard (1...4).contains(digits.count), digits.allSatisfy(isASCIIDigit), let count = Int(digits) else {
            return nil
        }
        switch unit {
        case "h": return .hoursAgo(count)
        case "d": return .daysAgo(count)
        case "w": return .daysAgo(count * 7)
        case "m": return .monthsAgo(count)
        case "y": return .monthsAgo(count * 12)
        default: return nil
        }
    }

    private static func fixed(_ text: String) -> Meaning? {
        let halves = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "t" || $0 == " " }
        guard let date = numbers(halves[0], "-", widths: [4, 2, 2]) else { return nil }
        var start = CivilTime(year: date[0])
        if date.count > 1 {
            guard (1...12).contains(date[1]) else { return nil }
            start.month = date[1]
        }
        if date.count > 2 {
            guard (1...CivilTime.daysIn(month: date[1], of: date[0])).contains(date[2]) else { return nil }
            start.day = date[2]
        }
        guard halves.count > 1 else {
            var end = start
            switch date.count {
            case 1: end.year += 1
            case 2: end.month += 1
            default: end.day += 1
            }
            return .fixed(start: start.milliseconds, end: end.milliseconds)
        }
        let parts = halves[1].split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "." }
        guard date.count == 3, let time = numbers(parts[0], ":", widths: [2, 2, 2]),
            time[0] < 24, time.dropFirst().allSatisfy({ $0 < 60 })
        else { return nil }
        start.hour = time[0]
        start.minute = time.count > 1 ? time[1] : 0
        start.second = time.count > 2 ? time[2] : 0
        if parts.count > 1 {
            guard time.count == 3, let fraction = numbers(parts[1], ":", widths: [3]) else { return nil }
            start.millisecond = fraction[0]
            return .fixed(start: start.milliseconds, end: start.milliseconds + 1)
        }
        let unit: Int64 = [3_600_000, 60_000, 1_000][time.count - 1]
        return .fixed(start: start.milliseconds, end: start.milliseconds + unit)
    }

    /// Numbers of exactly these widths, as many as there are; nil for anything else.
    private static func numbers(_ text: Substring, _ separator: Character, widths: [Int]) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count <= widths.count else { return nil }
        var numbers: [Int] = []
        for (part, width) in zip(parts, widths) {
            guard part.count == width, part.allSatisfy(isASCIIDigit), let number = Int(part) else {
                return nil
            }
            numbers.append(number)
        }
        return numbers
    }
}

/// ASCII only: `Character.isNumber` takes ½ and ٣ too.
func isASCIIDigit(_ character: Character) -> Bool {
    ("0"..."9").contains(character)
}

extension Query.Quantity {
    /// Reads a number as people write it in this unit; nil when it is none.
    init?(_ text: String, unit: Query.Unit) {
        let text = text.lowercased()
        guard let read = Query.Quantity.read(text, unit: unit), read.value.isFinite else { return nil }
        self.init(spelling: text, value: read.value, tolerance: read.tolerance)
    }

    private static func read(_ text: String, unit: Query.Unit) -> (value: Double, tolerance: Double)? {
        switch unit {
        case .whole:
            return Int32(text).flatMap { text.allSatisfy(isASCIIDigit) ? (Double($0), 0) : nil }
        case .stars:
            return Int32(text).flatMap { (-1...5).contains($0) ? (Double($0), 0) : nil }
        case .aperture:
            // Lenses round: f/2.8 is 2.828 in some files. Neighbouring stops are further apart than this.
            return decimal(text.hasPrefix("f/") ? text.dropFirst(2) : text[...]).map { ($0.value, 0.05) }
        case .millimetres:
            return decimal(text.hasSuffix("mm") ? text.dropLast(2) : text[...])
        case .megapixels:
            return decimal(text.hasSuffix("mp") ? text.dropLast(2) : text[...])
        case .framesPerSecond:
            return decimal(text.hasSuffix("fps") ? text.dropLast(3) : text[...])
                .map { ($0.value, max($0.tolerance, 0.001)) }
        case .exposure:
            // Cameras write 1/251 or 10/2500 for the 1/250 on the dial; the next step is 20 % away.
            let digits = text.hasSuffix("s") ? text.dropLast() : text[...]
            let parts = digits.split(separator: "/", omittingEmptySubsequences: false)
            if parts.count == 2 {
                guard let above = decimal(parts[0]), let below = decimal(parts[1]), below.value > 0 else {
                    return nil
                }
                return (above.value / below.value, above.value / below.value * 0.02)
            }
            return decimal(digits).map { ($0.value, $0.value * 0.02) }
        case .seconds:
            return length(text)
        }
    }

    /// Digits with at most one point; half a unit of the last digit is the same.
    private static func decimal(_ text: Substring) -> (value: Double, tolerance: Double)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), text.count <= 15,
            parts.allSatisfy({ $0.allSatisfy(isASCIIDigit) }),
            !parts[0].isEmpty, parts.last?.isEmpty == false, let value = Double(text)
        else { return nil }
        let decimals = parts.count == 2 ? parts[1].count : 0
        let unit = (0..<decimals).reduce(1.0) { unit, _ in unit / 10 }
        return (value, unit / 2)
    }

    /// `90`, `90s`, `1.5m`, `1m30s`, `1:30`, `1:02:03`, in seconds.
    private static func length(_ text: String) -> (value: Double, tolerance: Double)? {
        let clock = text.split(separator: ":", omittingEmptySubsequences: false)
        if clock.count > 1 {
            guard clock.count <= 3 else { return nil }
            var total = 0.0
            var tolerance = 0.5
            for (index, part) in clock.enumerated() {
                guard let number = decimal(part), index == 0 || number.value < 60 else { return nil }
                guard index == clock.count - 1 || !part.contains(".") else { return nil }
                total = total * 60 + number.value
                tolerance = number.tolerance
            }
            return (total, tolerance)
        }
        if let seconds = decimal(text[...]) { return seconds }
        var rest = text[...]
        var total = 0.0
        var tolerance = 0.5
        for (unit, seconds) in [("h", 3_600.0), ("m", 60.0), ("s", 1.0)] {
            guard let end = rest.firstIndex(of: Character(unit)) else { continue }
            guard let number = decimal(rest[..<end]) else { return nil }
            total += number.value * seconds
            tolerance = seconds == 1 ? number.tolerance : 0.5
            rest = rest[rest.index(after: end)...]
        }
        return rest.isEmpty && !text.isEmpty ? (total, tolerance) : nil
    }
}

extension Query.Interval<Query.Quantity> {
    /// True when a whole number lies in it.
    func holds(_ number: Double) -> Bool {
        switch self {
        case .at(let bound): number == bound.value
        case .above(let bound): number > bound.value
        case .from(let bound): number >= bound.value
        case .below(let bound): number < bound.value
        case .upTo(let bound): number <= bound.value
        case .between(let low, let high): low.value <= number && number <= high.value
        }
    }
}
