/// A date and time of the proleptic Gregorian calendar, as a clock on a wall shows it.
struct CivilTime: Hashable {
    var year: Int
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    var millisecond = 0

    init(year: Int, month: Int = 1, day: Int = 1, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The time that is this many milliseconds after 1970-01-01T00:00:00 on the same wall.
    init(milliseconds: Int64) {
        let (days, within) = CivilTime.split(milliseconds, by: 86_400_000)
        // Years begin in March here, so that the leap day is the last of its year; an era is 400 years.
        let (era, dayOfEra) = CivilTime.split(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * shifted + 2) / 5 + 1)
        month = Int(shifted < 10 ? shifted + 3 : shifted - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
        hour = Int(within / 3_600_000)
        minute = Int(within / 60_000 % 60)
        second = Int(within / 1_000 % 60)
        millisecond = Int(within % 1_000)
    }

    /// Milliseconds after 1970-01-01T00:00:00 on the same wall.
    ///
    /// Months and days past their end run on into the next.
    var milliseconds: Int64 {
        let (yearsOn, monthFromZero) = CivilTime.split(Int64(month - 1), by: 12)
        let civilYear = Int64(year) + yearsOn
        let isEarly = monthFromZero < 2
        let (era, yearOfEra) = CivilTime.split(isEarly ? civilYear - 1 : civilYear, by: 400)
        let shifted = isEarly ? monthFromZero + 10 : monthFromZero - 2
        let dayOfYear = (153 * shifted + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = ((days * 24 + Int64(hour)) * 60 + Int64(minute)) * 60 + Int64(second)
        return seconds * 1_000 + Int64(millisecond)
    }

    /// The time as `2016-05-13T18:42:07`.
    var isoText: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):\(two(second))"
    }

    static func daysIn(month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day of the week, counted from Monday as one.
    var weekday: Int {
        Int(CivilTime.split(CivilTime.split(milliseconds, by: 86_400_000).0 + 3, by: 7).1) + 1
    }

    /// The day of the year, counted from the first of January as one.
    var dayOfYear: Int {
        let start = CivilTime(year: year).milliseconds
        return Int((milliseconds - start) / 86_400_000) + 1
    }

    /// Quotient rounded down, and what is left, which is never negative.
    private static func split(_ number: Int64, by divisor: Int64) -> (Int64, Int64) {
        let rest = ((number % divisor) + divisor) % divisor
        return ((number - rest) / divisor, rest)
    }
}
