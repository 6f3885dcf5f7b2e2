import Files
import MediaProtocol
import Testing

@testable import Catalog

@Suite("The line of time")
struct TimeLineTests {
    let fixture: CatalogFixture
    var catalog: Catalog { fixture.catalog }

    init() throws { fixture = try CatalogFixture() }

    /// 20 January 2016, by a clock on a wall.
    private func wall(_ hour: Int, _ minute: Int, _ second: Int = 0, day: Int = 20) -> Int64 {
        CivilTime(year: 2016, month: 1, day: day, hour: hour, minute: minute, second: second).milliseconds
    }

    @discardableResult
    private func take(
        _ number: Int, _ wall: Int64, offset: Int? = nil, source: String = "Exif",
        session: String? = "Desert",
        camera: String = "Leica", serial: String? = "1"
    ) throws -> AssetID {
        try #require(
            try fixture.importing([number], session: session) { _, reading in
                reading.taken = WallTime(milliseconds: wall, offsetMinutes: offset, source: source)
                (reading.model, reading.serial) = (camera, serial)
            }.first)
    }

    private func setZone(_ zone: String?, of session: String = "Desert") throws {
        try catalog.change("session edit --zone") {
            var changed = try catalog.session(named: session)
            changed.zone = zone
            try $0.update(session: session, to: changed)
        }
    }

    private func time(_ asset: AssetID) throws -> CaptureTime { try catalog.asset(asset).time }

    private func order(_ query: String = "all") throws -> [AssetID] {
        try catalog.assets(try Query.parse(query))
    }

    private func undoLast() throws {
        try catalog.undo(try #require(try catalog.lastUndoableChange()), command: "undo")
    }

    // MARK: The zone of a session

    @Test("takes the offset that nobody knows from the session’s zone, and gives it back with the zone")
    func zone() throws {
        let leica = try take(1, wall(15, 56))
        let sony = try take(2, wall(15, 57), offset: -420)
        let before = try [leica, sony].map { try catalog.asset($0) }
        try setZone("America/Los_Angeles")
        #expect(try time(leica).offsetMinutes == -480)
        #expect(try time(leica).offsetSource == "session Desert (America/Los_Angeles)")
        #expect(try time(leica).fileOffsetMinutes == nil)
        #expect(try time(leica).instantMilliseconds == wall(23, 56))
        #expect(try time(sony).offsetMinutes == -420)
        #expect(try time(sony).offsetSource == "Exif")
        try setZone("Europe/Berlin")
        #expect(try time(leica).offsetMinutes == 60)
        try setZone(nil)
        #expect(try [leica, sony].map { try catalog.asset($0) } == before)
    }

    @Test("follows the session’s name, its members, and what is taken back")
    func membership() throws {
        let leica = try take(1, wall(15, 56))
        try setZone("America/Los_Angeles")
        try catalog.change("session edit --name") {
            var changed = try catalog.session(named: "Desert")
            changed.name = "Joshua Tree"
            try $0.update(session: "Desert", to: changed)
        }
        #expect(try time(leica).offsetSource == "session Joshua Tree (America/Los_Angeles)")
        try undoLast()
        #expect(try time(leica).offsetSource == "session Desert (America/Los_Angeles)")
        try catalog.change("session remove") { try $0.remove([leica], fromSession: "Desert") }
        #expect(try time(leica).offsetMinutes == nil)
        try undoLast()
        #expect(try time(leica).offsetMinutes == -480)
        try catalog.undo(try #require(try catalog.log().first), command: "undo")
        #expect(try time(leica).offsetMinutes == nil)
        try catalog.change("session add") { try $0.add([leica], toSession: "Desert") }
        #expect(try time(leica).offsetMinutes == -480)
        // The zone itself.
        let zoned = try #require(try catalog.log().first { $0.command == "session edit --zone" })
        try catalog.undo(zoned, command: "undo")
        #expect(try time(leica).offsetMinutes == nil)
        try catalog.undo(try #require(try catalog.log().first), command: "undo")
        #expect(try time(leica).offsetMinutes == -480)
    }

    @Test(
        "gives the offset to what joins later, by import or by hand, and keeps it when a file is read again")
    func joining() throws {
        _ = try take(1, wall(15, 56))
        try setZone("America/Los_Angeles")
        let later = try take(2, wall(16, 0))
        #expect(try time(later).offsetMinutes == -480)
        let outside = try take(3, wall(16, 1), session: nil)
        #expect(try time(outside).offsetMinutes == nil)
        let gathered = try fixture.importing([3], session: "Desert")
        #expect(gathered == [outside])
        #expect(try time(outside).offsetMinutes == -480)
        // The sidecar of a known photograph came, or its file was changed.
        let run = try catalog.beginImport(source: Path("/shoot"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:1", name: "SHOOT-A", mount: Path("/"))
        var group = CatalogFixture.photograph(2, volume: volume) {
            $0.taken = WallTime(milliseconds: wall(16, 5), offsetMinutes: nil, source: "Exif")
        }
        group.asset = later
        _ = try run.record(groups: [group], strays: [])
        try run.finish(ImportCounts())
        #expect(try time(later).takenMilliseconds == wall(16, 5))
        #expect(try time(later).offsetMinutes == -480)
    }

    @Test("knows no offset where two sessions have different zones, and says which")
    func disagreement() throws {
        let leica = try take(1, wall(15, 56))
        try setZone("America/Los_Angeles")
        try catalog.change("session new") {
            var other = Session(name: "Studio")
            other.zone = "Europe/Berlin"
            try $0.make(session: other)
            try $0.add([leica], toSession: "Studio")
        }
        #expect(try time(leica).offsetMinutes == nil)
        let notes = try catalog.captureNotes(of: try catalog.asset(leica))
        #expect(notes.zones.map(\.session) == ["Desert", "Studio"])
        #expect(notes.assumedOffset == -480)
        #expect(try catalog.zoneEffect(ofSession: "Studio").disputed == 1)
        try setZone("America/Los_Angeles", of: "Studio")
        #expect(try time(leica).offsetSource == "sessions Desert, Studio (America/Los_Angeles)")
    }

    @Test("counts those that were taken when clocks were set")
    func clockChanges() throws {
        let back = CivilTime(year: 2016, month: 11, day: 6, hour: 1, minute: 30).milliseconds
        let forward = CivilTime(year: 2016, month: 3, day: 13, hour: 2, minute: 30).milliseconds
        let twice = try take(1, back)
        let skipped = try take(2, forward)
        try take(3, wall(12, 0))
        try take(4, wall(12, 0), offset: -480)
        try setZone("America/Los_Angeles")
        #expect(try time(twice).offsetMinutes == -420)
        #expect(try time(skipped).offsetMinutes == -480)
        let effect = try catalog.zoneEffect(ofSession: "Desert")
        #expect((effect.filled, effect.shownTwice, effect.skipped, effect.stated) == (3, 1, 1, 1))
        #expect(try catalog.captureNotes(of: try catalog.asset(twice)).standing == .shownTwice)
        #expect(try catalog.captureNotes(of: try catalog.asset(skipped)).standing == .skipped)
    }

    @Test("takes a person’s word before the session’s, and a zone’s by the corrected day")
    func precedence() throws {
        let leica = try take(1, CivilTime(year: 2016, month: 3, day: 26, hour: 23, minute: 55).milliseconds)
        try setZone("America/Los_Angeles")
        try catalog.change("shift --zone") {
            try $0.correctTime(of: [leica]) { _ in [.zone("Europe/London")] }
        }
        #expect(try time(leica).offsetMinutes == 0)
        #expect(try time(leica).offsetSource == "person (Europe/London)")
        // Ten hours later clocks in London are an hour ahead.
        try catalog.change("shift") { try $0.correctTime(of: [leica]) { _ in [.shift(36_000_000)] } }
        #expect(try time(leica).offsetMinutes == 60)
        try undoLast()
        #expect(try time(leica).offsetMinutes == 0)
        try undoLast()
        #expect(try time(leica).offsetSource == "session Desert (America/Los_Angeles)")
    }

    // MARK: Clocks that show UTC

    @Test("reads a clock that showed UTC as an instant, and the wall’s time from the zone")
    func utcClock() throws {
        let clip = try take(1, wall(1, 20, day: 21), source: "mvhd")
        try setZone("America/Los_Angeles")
        #expect(try time(clip).instantMilliseconds == wall(9, 20, day: 21))
        try catalog.change("shift --utc") { try $0.correctTime(of: [clip]) { _ in [.showedUTC(true)] } }
        #expect(try time(clip).instantMilliseconds == wall(1, 20, day: 21))
        #expect(try time(clip).takenMilliseconds == wall(17, 20))
        #expect(try time(clip).offsetSource == "session Desert (America/Los_Angeles)")
        #expect(try catalog.count(try Query.parse("taken:2016-01-20")) == 1)
        try undoLast()
        #expect(try time(clip).instantMilliseconds == wall(9, 20, day: 21))
        #expect(try time(clip).takenMilliseconds == wall(1, 20, day: 21))
    }

    @Test("takes a container’s word that it counts in UTC, and a person’s that it does not")
    func containersUTC() throws {
        let clip = try take(1, wall(1, 20, day: 21), offset: 0, source: "mvhd")
        #expect(try time(clip).takenMilliseconds == wall(1, 20, day: 21))
        #expect(try time(clip).offsetMinutes == 0)
        try setZone("America/Los_Angeles")
        #expect(try time(clip).takenMilliseconds == wall(17, 20))
        #expect(try time(clip).instantMilliseconds == wall(1, 20, day: 21))
        try catalog.change("shift --no-utc") { try $0.correctTime(of: [clip]) { _ in [.showedUTC(false)] } }
        #expect(try time(clip).takenMilliseconds == wall(1, 20, day: 21))
        #expect(try time(clip).offsetMinutes == -480)
    }

    @Test("suspects a clip’s clock of UTC in words only, where its photographs say so")
    func suspicion() throws {
        try take(1, wall(17, 0))
        try take(2, wall(17, 30))
        let clip = try #require(
            try {
                let run = try catalog.beginImport(
                    source: Path("/shoot"), command: "import", session: "Desert", tags: [])
                let volume = try run.volume(key: "uuid:1", name: "SHOOT-A", mount: Path("/"))
                var group = CatalogFixture.photograph(3, volume: volume) {
                    $0.taken = WallTime(
                        milliseconds: wall(1, 20, day: 21), offsetMinutes: nil, source: "mvhd")
                }
                group.kind = .clip
                let outcome = try run.record(groups: [group], strays: []).first?.asset
                try run.finish(ImportCounts())
                return outcome
            }())
        try setZone("America/Los_Angeles")
        #expect(try catalog.captureNotes(of: try catalog.asset(clip)).mayShowUTC)
        #expect(try time(clip).instantMilliseconds == wall(9, 20, day: 21))
        try catalog.change("shift --utc") { try $0.correctTime(of: [clip]) { _ in [.showedUTC(true)] } }
        #expect(try !catalog.captureNotes(of: try catalog.asset(clip)).mayShowUTC)
    }

    // MARK: One line

    @Test("puts a film camera in UTC, a slow Leica, a Sony and a telephone on one line")
    func fourCameras() throws {
        // What happened, every five minutes from 16:00 in Joshua Tree, by whom.
        let leica1 = try take(1, wall(15, 52, 48), camera: "Leica")
        let sony1 = try take(2, wall(16, 5), offset: -480, camera: "Sony", serial: "7")
        let clip1 = try take(3, wall(0, 10, day: 21), source: "mvhd", camera: "FX6", serial: "9")
        let phone1 = try take(4, wall(16, 15), offset: -480, camera: "iPhone", serial: nil)
        let leica2 = try take(5, wall(16, 12, 48), camera: "Leica")
        let clip2 = try take(6, wall(0, 25, day: 21), source: "mvhd", camera: "FX6", serial: "9")
        // The telephone had not noticed yet that it was not in Berlin any more.
        let phone2 = try take(7, wall(1, 30, day: 21), offset: 60, camera: "iPhone", serial: nil)
        let truth = [leica1, sony1, clip1, phone1, leica2, clip2, phone2]

        // The Leica is among the others before anybody said a word, if slow; the film camera is not.
        #expect(
            try order("camera:Leica or camera:Sony or camera:iPhone") == [
                leica1, sony1, leica2, phone1, phone2,
            ])
        let roll = try catalog.cameraRoll(of: leica1)
        #expect(roll.assets == [leica1, leica2])
        try catalog.change("shift --clock") {
            try $0.correctTime(of: roll.assets) { _ in [.shift(432_000)] }
            try $0.correctTime(of: [clip1, clip2]) { _ in [.showedUTC(true)] }
        }
        #expect(try order() == truth)
        // And in truth, once the zone says so.
        try setZone("America/Los_Angeles")
        #expect(try order() == truth)
        #expect(
            try truth.map { try time($0).instantMilliseconds }
                == (0..<7).map { wall(0, 0, day: 21) + Int64($0) * 300_000 })
        try undoLast()
        #expect(try order() == truth)
        try undoLast()
        #expect(
            try order("camera:Leica or camera:Sony or camera:iPhone") == [
                leica1, sony1, leica2, phone1, phone2,
            ])
    }

    @Test(
        "assumes for those without an offset what most of their session have that day, and for the order alone"
    )
    func habit() throws {
        try take(1, wall(12, 0, day: 20), offset: -480)
        try take(2, wall(13, 0, day: 20), offset: -480)
        try take(3, wall(14, 0, day: 20), offset: 60)
        try take(4, wall(12, 0, day: 24), offset: 0)
        let desert = try take(5, wall(12, 30, day: 20))
        let flight = try take(6, wall(12, 0, day: 21))
        let london = try take(7, wall(12, 0, day: 23))
        let alone = try take(8, wall(12, 0, day: 20), session: nil)
        func assumed(_ asset: AssetID) throws -> Int? {
            try catalog.captureNotes(of: try catalog.asset(asset)).assumedOffset
        }
        #expect(try assumed(desert) == -480)
        #expect(try assumed(flight) == -480)
        #expect(try assumed(london) == nil)
        #expect(try assumed(alone) == nil)
        #expect(try time(desert).offsetMinutes == nil)
        // Those that knew leave, and nothing is assumed any more.
        try catalog.change("session remove") {
            try $0.remove(try order("offset:known"), fromSession: "Desert")
        }
        #expect(try assumed(desert) == nil)
        try undoLast()
        #expect(try assumed(desert) == -480)
    }

    @Test("tells the bodies of one model apart by their serial numbers, and says where it cannot")
    func rolls() throws {
        let first = try take(1, wall(12, 0), serial: "1")
        let second = try take(2, wall(12, 1), serial: "2")
        let unnumbered = try take(3, wall(12, 2), serial: nil)
        try take(4, wall(12, 3), session: "Studio", serial: "1")
        let same = try take(5, wall(12, 4), serial: "1")
        let roll = try catalog.cameraRoll(of: first)
        #expect(roll.assets == [first, same])
        #expect((roll.unnumbered, roll.others, roll.sessions) == (1, 1, ["Desert"]))
        #expect(try catalog.cameraRoll(of: second).assets == [second])
        let blind = try catalog.cameraRoll(of: unnumbered)
        #expect(blind.assets == [unnumbered])
        #expect((blind.unnumbered, blind.others, blind.serial) == (0, 3, nil))
    }
}
