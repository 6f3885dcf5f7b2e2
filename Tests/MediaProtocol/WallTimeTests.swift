import Chance
import MediaProtocol
import Testing

@Suite("A time as files write it")
struct WallTimeTests {
    private func read(_ text: String) -> WallTime? { WallTime(text: text, source: "test") }

    @Test(
        "is read in every spelling",
        arguments: [
            ("2016:05:13 20:15:30", 1_463_170_530_000, nil),
            ("2016-05-13T20:15:30.250+01:00", 1_463_170_530_250, 60),
            ("2016-05-13T20:15:30,5-0330", 1_463_170_530_500, -210),
            ("2016-05-13T20:15:30Z", 1_463_170_530_000, 0),
            ("2016/05/13 20:15", 1_463_170_500_000, nil),
            ("2016-05-13 20:15:30 +02", 1_463_170_530_000, 120),
            ("2016-05-13", 1_463_097_600_000, nil),
            ("2000-02-29", 951_782_400_000, nil),
            ("1969-08-15T17:07:00", -11_947_980_000, nil),
        ] as [(String, Int64, Int?)]
    )
    func spellings(text: String, milliseconds: Int64, offset: Int?) {
        let time = read(text)
        #expect(time?.milliseconds == milliseconds)
        #expect(time?.offsetMinutes == offset)
    }

    @Test(
        "is none when the clock was not set, or no calendar has the day",
        arguments: [
            "", "    :  :     :  :  ", "0000:00:00 00:00:00", "1970:01:01 00:00:00", "1904-01-01T00:00:00Z",
            "2016",
            "2016-05", "2016-13-01", "2015-02-29", "2016-04-31", "2016-05-13T24:00:00", "2016-05-13T20:60:00",
            "2016-05-13T20:15:30+1", "2016-05-13T20:15:30+15:00", "2016-05-13 noon", "yesterday",
        ]
    )
    func none(text: String) {
        #expect(read(text) == nil)
    }

    @Test("comes back as it was written, from any day of four centuries", arguments: 0..<200)
    func roundTrip(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let (year, month) = (
            Int.random(in: 1905...2300, using: &random), Int.random(in: 1...12, using: &random)
        )
        let day = Int.random(in: 1...28, using: &random)
        let seconds = Int.random(in: 0..<86_400, using: &random)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        let days = WallTime.days(year: year, month: month, day: day)
        let expected = Int64(days * 86_400 + seconds) * 1_000
        #expect(read("\(year)-\(two(month))-\(two(day))T\(clock)")?.milliseconds == expected, "seed \(seed)")
        // The day before the first of March decides whether leap years are right.
        #expect(
            WallTime.days(year: year, month: 3, day: 1) - WallTime.days(year: year, month: 2, day: 28)
                == (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 2 : 1),
            "seed \(seed)"
        )
    }
}
