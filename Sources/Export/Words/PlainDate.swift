/// A day and a time of it, without a zone: what a camera's clock or an instant in UTC shows.
struct PlainDate: Hashable, Comparable {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November",
        "December",
    ]

    /// From milliseconds since 1970-01-01T00:00:00 of the same clock.
    init(milliseconds: Int64) {
        let seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let rest = Int(seconds - days * 86_400)
        // Years that begin in March put the leap day at their end; eras of 400 years are all alike.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = Int(shifted - era * 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
    }

    /// `13 May 2016`.
    var words: String { "\(day) \(PlainDate.months[month - 1]) \(year)" }
    /// `2016-05-13`.
    var day8601: String { "\(year)-\(two(month))-\(two(day))" }
    /// `2016-05-13T18:00:00+00:00`, for an instant in UTC.
    var instant8601: String { "\(day8601)T\(time8601)+00:00" }
    /// `18:00:00`.
    var time8601: String { "\(two(hour)):\(two(minute)):\(two(second))" }
    /// `2016-05-13_180000Z`, for an instant in UTC.
    var fileName: String { "\(day8601)_\(two(hour))\(two(minute))\(two(second))Z" }

    /// `12–13 May 2016`, `May–June 2016`, `2015–2016`: as much as two ends have in common, once.
    static func span(_ first: PlainDate, _ last: PlainDate) -> String {
        if first.year != last.year { return "\(first.year)–\(last.year)" }
        if first.month != last.month {
            return "\(months[first.month - 1])–\(months[last.month - 1]) \(first.year)"
        }
        if first.day != last.day { return "\(first.day)–\(last.words)" }
        return first.words
    }

    static func < (left: PlainDate, right: PlainDate) -> Bool {
        (left.year, left.month, left.day, left.hour, left.minute, left.second)
            < (right.year, right.month, right.day, right.hour, right.minute, right.second)
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// Lengths and sizes as a person reads them.
enum Measure {
    /// `60`, `60.5`: centimetres to the millimetre.
    static func centimetres(_ value: Double) -> String { decimal(value, keepsNought: false) }

    /// `23.6`: inches to a tenth.
    static func inches(centimetres value: Double) -> String { decimal(value / 2.54, keepsNought: true) }

    /// `0:12`, `3:05`, `1:02:03`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "" }
        let whole = Int(seconds.rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
    }

    /// `24.6 MB`: in the unit a person uses.
    static func bytes(_ count: Int64) -> String {
        var value = Double(count)
        for unit in ["bytes", "kB", "MB", "GB"] {
            if value < 1000 {
                return unit == "bytes" ? "\(count) bytes" : "\(decimal(value, keepsNought: false)) \(unit)"
            }
            value /= 1000
        }
        return "\(decimal(value, keepsNought: false)) TB"
    }

    private static func decimal(_ value: Double, keepsNought: Bool) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "" }
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 && !keepsNought ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
    }
}
