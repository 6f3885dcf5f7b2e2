internal import Glibc

/// A moment as a clock on some wall shows it.
struct WallClock: Hashable {
    var year: Int
    var month: Int
    var day: Int
    var hour = 0
    var minute = 0
    var second = 0

    /// The clock that shows UTC at this instant, or any clock whose time was counted as if it did.
    init(milliseconds: Int64) {
        var seconds = time_t(milliseconds >= 0 ? milliseconds / 1_000 : (milliseconds - 999) / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        self.init(parts)
    }

    /// The clock of this machine at an instant.
    init(localAt milliseconds: Int64) {
        var seconds = time_t(milliseconds >= 0 ? milliseconds / 1_000 : (milliseconds - 999) / 1_000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        self.init(parts)
    }

    private init(_ parts: tm) {
        year = Int(parts.tm_year) + 1_900
        month = Int(parts.tm_mon) + 1
        day = Int(parts.tm_mday)
        hour = Int(parts.tm_hour)
        minute = Int(parts.tm_min)
        second = Int(parts.tm_sec)
    }

    /// A date and a time as a person types them: `2016-05-13`, `2016-05-13T18:42`, with a space or a T, or
    /// nil when it is none or no such day exists.
    ///
    /// `hasTime` tells whether there was a time.
    init?(_ text: String, hasTime: inout Bool) {
        let halves = text.split(maxSplits: 1, omittingEmptySubsequences: false) {
            $0 == "T" || $0 == "t" || $0 == " "
        }
        let date = halves[0].split(separator: "-", omittingEmptySubsequences: false).map {
            WallClock.number($0)
        }
        guard date.count == 3, let year = date[0], let month = date[1], let day = date[2],
            (1...12).contains(month),
            (1_800...9_999).contains(year), day >= 1
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        hasTime = halves.count == 2
        if hasTime {
            let time = halves[1].split(separator: ":", omittingEmptySubsequences: false).map {
                WallClock.number($0)
            }
            guard (2...3).contains(time.count), let hour = time[0], let minute = time[1], hour < 24,
                minute < 60
            else {
                return nil
            }
            let second = time.count == 3 ? time[2] : 0
            guard let second, second < 60 else { return nil }
            self.hour = hour
            self.minute = minute
            self.second = second
        }
        // The 31st of April would come back as the 1st of May.
        guard WallClock(milliseconds: millisecondsAsUTC) == self else { return nil }
    }

    private static func number(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.count <= 4, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            return nil
        }
        return Int(digits)
    }

    private var parts: tm {
        var parts = tm()
        parts.tm_year = Int32(year - 1_900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        parts.tm_hour = Int32(hour)
        parts.tm_min = Int32(minute)
        parts.tm_sec = Int32(second)
        parts.tm_isdst = -1
        return parts
    }

    /// Milliseconds since 1970, counted as if this clock showed UTC.
    var millisecondsAsUTC: Int64 {
        var parts = parts
        return Int64(timegm(&parts)) * 1_000
    }

    /// The instant at which this machine's clock shows this, in milliseconds since 1970.
    var localInstant: Int64 {
        var parts = parts
        return Int64(mktime(&parts)) * 1_000
    }

    /// The instant at which its day begins here.
    var startOfLocalDay: Int64 {
        var first = self
        (first.hour, first.minute, first.second) = (0, 0, 0)
        return first.localInstant
    }

    /// The instant at which the next day begins here.
    var endOfLocalDay: Int64 {
        var next = self
        next.day += 1
        return next.localInstant
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November",
        "December",
    ]

    /// The day in prose: `13 May 2016`.
    var prose: String { "\(day) \(WallClock.months[month - 1]) \(year)" }
    /// The day in tables: `2016-05-13`.
    var dayText: String { "\(year)-\(twoDigits(month))-\(twoDigits(day))" }
    /// The time: `18:42:07`.
    var timeText: String { "\(twoDigits(hour)):\(twoDigits(minute)):\(twoDigits(second))" }
    /// Day and time in tables: `2016-05-13 18:42:07`.
    var table: String { "\(dayText) \(timeText)" }
    /// Day and time for programs: `2016-05-13T18:42:07`.
    var iso: String { "\(dayText)T\(timeText)" }
}

/// An offset from UTC: `+02:00`, `−07:00`.
func offsetWords(_ minutes: Int, minus: String = "−") -> String {
    let sign = minutes < 0 ? minus : "+"
    return "\(sign)\(twoDigits(abs(minutes) / 60)):\(twoDigits(abs(minutes) % 60))"
}

/// An instant as a sentence has it, by this machine's clock: `13 May 2016`.
func dateWords(_ instant: Int64) -> String { WallClock(localAt: instant).prose }

/// The last day of something that ends at an instant, by this machine's clock.
func lastDayWords(_ end: Int64) -> String { WallClock(localAt: end - 1).prose }

/// An instant in UTC as programs exchange it: `2016-05-13T16:42:07Z`.
func isoInstant(_ instant: Int64) -> String { WallClock(milliseconds: instant).iso + "Z" }
