import Chance
import Foundation
import Testing

@testable import valhalla

@Suite("Dates and times")
struct TimesTests {
    @Test("A moment is told in prose, in tables and to programs")
    func telling() {
        let clock = WallClock(milliseconds: 1_463_164_927_999)
        #expect(clock.prose == "13 May 2016")
        #expect(clock.table == "2016-05-13 18:42:07")
        #expect(clock.iso == "2016-05-13T18:42:07")
        #expect(isoInstant(1_463_164_927_000) == "2016-05-13T18:42:07Z")
        #expect(WallClock(milliseconds: -1).table == "1969-12-31 23:59:59")
        #expect(offsetWords(-420) == "−07:00")
        #expect(offsetWords(330) == "+05:30")
    }

    @Test("Days and times are read as people type them")
    func reading() throws {
        var hasTime = false
        let day = try #require(WallClock("2017-01-31", hasTime: &hasTime))
        #expect(!hasTime && day.dayText == "2017-01-31")
        let time = try #require(WallClock("2016-01-20T17:03", hasTime: &hasTime))
        #expect(hasTime && time.table == "2016-01-20 17:03:00")
        #expect(WallClock("2016-02-29 23:59:59", hasTime: &hasTime)?.second == 59)
    }

    @Test(
        "What is no day is refused",
        arguments: [
            "", "2017", "2017-1", "2017-02-29", "2017-04-31", "2017-13-01", "2017-00-10", "2017-01-00",
            "17-01-31",
            "2017-01-31T", "2017-01-31T25:00", "2017-01-31T10:60", "2017-01-31T10:00:61", "2017-01-31T1",
            "tomorrow",
            "2017-01-31Z", "٢٠١٧-٠١-٣١",
        ]
    )
    func noDays(text: String) {
        var hasTime = false
        #expect(WallClock(text, hasTime: &hasTime) == nil)
    }

    @Test("Every day of 400 years comes back as it went", arguments: 0..<40)
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let milliseconds =
            Int64.random(in: -5_000_000_000_000...7_900_000_000_000, using: &random) / 1_000 * 1_000
        let clock = WallClock(milliseconds: milliseconds)
        #expect(clock.millisecondsAsUTC == milliseconds, "seed \(seed)")
        var hasTime = false
        #expect(WallClock(clock.iso, hasTime: &hasTime) == clock, "seed \(seed)")
    }

    @Test("--until a day is its end, and --from a day its beginning")
    func ends() throws {
        let begin = try TypedDate.beginning("2017-01-31", "--from")
        let end = try TypedDate.end("2017-01-31", "--until")
        #expect(WallClock(localAt: begin).table == "2017-01-31 00:00:00")
        #expect(WallClock(localAt: end).table == "2017-02-01 00:00:00")
        #expect(lastDayWords(end) == "31 January 2017")
        #expect(
            WallClock(localAt: try TypedDate.end("2017-01-31T18:00", "--until")).table
                == "2017-01-31 18:00:00"
        )
        #expect(throws: Failure.self) { try TypedDate.wall("2017-01-31", "--clock") }
    }

    @Test(
        "Corrections are read in every spelling",
        arguments: [
            ("+7m12s", 432_000), ("-1h", -3_600_000), ("−1h", -3_600_000), ("+0:07:12", 432_000),
            ("-0:30", -1_800_000),
            ("+1d2h", 93_600_000), ("+250ms", 250), ("+90m", 5_400_000),
        ] as [(String, Int64)]
    )
    func spans(text: String, milliseconds: Int64) {
        #expect(TypedSpan.milliseconds(text) == milliseconds)
    }

    @Test(
        "What is no correction is a word of the query",
        arguments: [
            "7m12s", "+", "-", "+7", "+m", "+7x", "+12s7m", "+1h1h", "+0:99", "+1:2:3:4", "+9999999999d",
            "guitar", "",
        ]
    )
    func noSpans(text: String) {
        #expect(TypedSpan.milliseconds(text) == nil)
    }

    @Test(
        "A true time may say where the clock hung",
        arguments: [
            ("2016-01-20T17:03:00", nil, nil), ("2016-01-20T17:03:00-08:00", -480, nil),
            ("2016-01-20 17:03−0800", -480, nil), ("2016-01-20T17:03+05:30", 330, nil),
            ("2016-01-20T17:03:00Z", 0, nil), ("2016-01-20T17:03+01", 60, nil),
            ("2016-01-20T17:03:00[America/Los_Angeles]", nil, "America/Los_Angeles"),
        ] as [(String, Int?, String?)]
    )
    func trueTimes(text: String, offset: Int?, zone: String?) throws {
        let reading = try TypedReading(text, "--clock")
        #expect(WallClock(milliseconds: reading.wall).table == "2016-01-20 17:03:00")
        #expect(reading.offset == offset)
        #expect(reading.zone == zone)
    }

    @Test(
        "A true time that is none is refused",
        arguments: [
            "2016-01-20", "2016-01-20T17:03+25:00", "2016-01-20T17:03:00-8", "2016-01-20T17:03-08:60",
            "2016-01-20T17:03:00Z[Europe/London]", "2016-01-20T17:03:00[London]", "-08:00", "",
        ])
    func noTrueTimes(text: String) {
        #expect(throws: Failure.self) { try TypedReading(text, "--clock") }
    }

    @Test("A zone that does not exist is answered with the nearest")
    func noZone() {
        let failure = #expect(throws: Failure.self) { try TypedZone.named("London") }
        #expect(failure?.summary == "there is no time zone “London”; did you mean Europe/London?")
        let other = #expect(throws: Failure.self) { try TypedZone.named("America/Los Angeles") }
        #expect(other?.summary.hasSuffix("did you mean America/Los_Angeles?") == true)
    }
}
