import Chance
import Testing

@testable import Catalog

@Suite("A zone’s clocks")
struct ZoneClockTests {
    private func wall(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0) -> Int64 {
        CivilTime(year: year, month: month, day: day, hour: hour, minute: minute).milliseconds
    }

    @Test("are ahead of UTC by what the zone’s rules say for that day")
    func offsets() throws {
        let london = try #require(ZoneClock(named: "Europe/London"))
        #expect(london.reading(whenClocksShow: wall(2016, 5, 13, 20)) == (60, .plain))
        #expect(london.reading(whenClocksShow: wall(2016, 1, 20, 20)) == (0, .plain))
        let angeles = try #require(ZoneClock(named: "America/Los_Angeles"))
        #expect(angeles.reading(whenClocksShow: wall(2016, 7, 1, 12)) == (-420, .plain))
        let kathmandu = try #require(ZoneClock(named: "Asia/Kathmandu"))
        #expect(kathmandu.reading(whenClocksShow: wall(2016, 7, 1, 12)) == (345, .plain))
        #expect(ZoneClock(named: "Europe/Springfield") == nil)
    }

    @Test(
        "are read around the hours at which they are set, which are two of a kind or none",
        arguments: [
            // Forward on 27 March 2016 at 01:00, back on 30 October at 02:00.
            (3, 27, 0, 59, 0, ZoneClock.Standing.plain), (3, 27, 1, 0, 0, .skipped),
            (3, 27, 1, 59, 0, .skipped),
            (3, 27, 2, 0, 60, .plain), (10, 30, 0, 59, 60, .plain), (10, 30, 1, 0, 60, .shownTwice),
            (10, 30, 1, 59, 60, .shownTwice), (10, 30, 2, 0, 0, .plain), (10, 31, 1, 30, 0, .plain),
        ] as [(Int, Int, Int, Int, Int, ZoneClock.Standing)]
    )
    func changes(month: Int, day: Int, hour: Int, minute: Int, offset: Int, standing: ZoneClock.Standing)
        throws
    {
        let london = try #require(ZoneClock(named: "Europe/London"))
        #expect(london.reading(whenClocksShow: wall(2016, month, day, hour, minute)) == (offset, standing))
    }

    @Test("know half an hour of daylight saving, and a day that was left out")
    func odd() throws {
        let lordHowe = try #require(ZoneClock(named: "Australia/Lord_Howe"))
        #expect(lordHowe.reading(whenClocksShow: wall(2016, 4, 3, 1, 45)) == (660, .shownTwice))
        #expect(lordHowe.reading(whenClocksShow: wall(2016, 10, 2, 2, 15)) == (630, .skipped))
        // Samoa went from 29 to 31 December 2011.
        let apia = try #require(ZoneClock(named: "Pacific/Apia"))
        #expect(apia.reading(whenClocksShow: wall(2011, 12, 29, 12)) == (-600, .plain))
        #expect(apia.reading(whenClocksShow: wall(2011, 12, 30, 12)) == (-600, .skipped))
        #expect(apia.reading(whenClocksShow: wall(2011, 12, 31, 12)) == (840, .plain))
    }

    @Test("show at the instant that was read from them what was read", arguments: 0..<20)
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let names = ["Europe/London", "America/Los_Angeles", "Asia/Tehran", "Pacific/Chatham", "Asia/Tokyo"]
        let zone = try #require(ZoneClock(named: names.randomElement(using: &random) ?? names[0]))
        for _ in 0..<200 {
            let wall = Int64.random(in: 0..<1_900_000_000_000, using: &random)
            let (offset, standing) = zone.reading(whenClocksShow: wall)
            let instant = wall - Int64(offset) * 60_000
            if standing != .skipped {
                #expect(zone.offsetMinutes(at: instant) == offset, "seed \(seed): \(wall)")
            }
        }
    }
}
