import Chance
import Catalog
import Files
import MediaProtocol
import Testing

@Suite("Undo")
struct UndoTests {
    let fixture: CatalogFixture
    var catalog: Catalog { fixture.catalog }

    init() throws {
        fixture = try CatalogFixture()
    }

    private func undoLast() throws {
        let last = try #require(try catalog.lastUndoableChange())
        try catalog.undo(last, command: "undo")
    }

    @Test("takes back a title, and an undo of the undo brings it again")
    func title() throws {
        let asset = try #require(try fixture.importing([1]) { $1.title = "as the camera says" }.first)
        try catalog.change("set title=Ridge") { try $0.set([.text(.title, "Ridge")], of: [asset]) }
        #expect(try catalog.asset(asset).title == "Ridge")
        try undoLast()
        #expect(try catalog.asset(asset).title == "as the camera says")
        let undo = try #require(try catalog.log().first)
        #expect(undo.kind == .undo)
        try catalog.undo(undo, command: "undo")
        #expect(try catalog.asset(asset).title == "Ridge")
    }

    @Test("goes back change by change, the newest first")
    func steps() throws {
        let asset = try #require(try fixture.importing([1]).first)
        for stars in 1...3 {
            try catalog.change("set rating=\(stars)") { try $0.set([.number(.rating, stars)], of: [asset]) }
        }
        try undoLast()
        #expect(try catalog.asset(asset).rating == 2)
        try undoLast()
        #expect(try catalog.asset(asset).rating == 1)
        try undoLast()
        #expect(try catalog.asset(asset).rating == nil)
    }

    @Test("refuses a change whose rows have moved on, and names the later one")
    func movedOn() throws {
        let asset = try #require(try fixture.importing([1]).first)
        try catalog.change("set rating=1") { try $0.set([.number(.rating, 1)], of: [asset]) }
        try catalog.change("set rating=5") { try $0.set([.number(.rating, 5)], of: [asset]) }
        let older = try #require(try catalog.log().first { $0.command == "set rating=1" })
        let error = try #require(throws: CatalogError.self) { try catalog.undo(older, command: "undo") }
        #expect(error.details.joined().contains("set rating=5"))
        #expect(try catalog.asset(asset).rating == 5)
    }

    @Test("takes a named change back when nothing later depends on it")
    func named() throws {
        let asset = try #require(try fixture.importing([1]).first)
        try catalog.change("set rating=1") { try $0.set([.number(.rating, 1)], of: [asset]) }
        try catalog.change("tag add x") { try $0.add(tags: [try TagPath("x")], to: [asset]) }
        let rating = try #require(try catalog.log().first { $0.command == "set rating=1" })
        try catalog.undo(rating, command: "undo \(rating.number)")
        #expect(try catalog.asset(asset).rating == nil)
        #expect(try catalog.tags(of: asset).map(\.description) == ["x"])
    }

    @Test("takes back an import of ten thousand files, which can then be imported again")
    func wholeImport() throws {
        let numbers = Array(0..<10_000)
        let assets = try fixture.importing(numbers, session: "Desert")
        #expect(try catalog.session(named: "Desert").assets == 10_000)
        try undoLast()
        #expect(throws: CatalogError.self) { try catalog.session(named: "Desert") }
        #expect(throws: CatalogError.self) { try catalog.resolve(CatalogFixture.digests(7).sha256.hex) }
        #expect(try catalog.volumes().first?.copies == 0)
        let again = try fixture.importing(numbers, session: "Desert")
        #expect(again == assets)
        #expect(try catalog.session(named: "Desert").assets == 10_000)
        #expect(try catalog.check() == [])
    }

    @Test("does not take back an import whose pictures somebody has described since")
    func describedSince() throws {
        let assets = try fixture.importing([1, 2])
        try catalog.change("set title=Ridge") { try $0.set([.text(.title, "Ridge")], of: [assets[0]]) }
        let imported = try #require(try catalog.log().last)
        let error = try #require(throws: CatalogError.self) { try catalog.undo(imported, command: "undo") }
        #expect(error.details.joined().contains("set title=Ridge"))
        #expect(try catalog.asset(assets[1]).name == "L1002.JPG")
    }

    @Test("of a clearance closes the gate again, and keeps both decisions")
    func clearance() throws {
        let asset = try #require(try fixture.importing([1]).first)
        let question = GateQuestion(
            purpose: .press, recipient: "Detroit Free Press", territory: nil, at: fixture.now)
        try catalog.change("clear", kind: .decision) {
            try $0.add(artist: "Josh Homme", .clear, in: nil, by: nil)
            try $0.decide(NewDecision(.cleared, purpose: .press, by: "Josh Homme"), about: [asset])
        }
        #expect(try catalog.ruling(on: asset, question).isAllowed)
        try undoLast()
        #expect(try catalog.ruling(on: asset, question) == .denied([.undecided]))
        #expect(try catalog.decisions(about: asset).map(\.kind) == [.cleared, .retracted])
        try catalog.undo(try #require(try catalog.log().first), command: "undo")
        #expect(try catalog.ruling(on: asset, question).isAllowed)
    }

    @Test("of a tag's new name gives every asset its word back")
    func renamedTag() throws {
        let assets = try fixture.importing([1, 2], tags: ["people/Iggy"])
        try catalog.change("tag rename") {
            try $0.rename(tag: try TagPath("people/Iggy"), to: try TagPath("people/Iggy Pop"))
        }
        #expect(try catalog.tags(of: assets[0]).map(\.description) == ["people/Iggy Pop"])
        try undoLast()
        #expect(try catalog.tags(of: assets[0]).map(\.description) == ["people/Iggy"])
        #expect(try catalog.tags().map(\.path.description) == ["people/Iggy"])
    }

    @Test("of an unknown change, of one taken back already, and of nothing is refused in words")
    func refusals() throws {
        #expect(throws: CatalogError.self) { try catalog.change(numbered: 7) }
        #expect(try catalog.lastUndoableChange() == nil)
        let asset = try #require(try fixture.importing([1]).first)
        try catalog.change("set rating=1") { try $0.set([.number(.rating, 1)], of: [asset]) }
        let change = try #require(try catalog.lastUndoableChange())
        try catalog.undo(change, command: "undo")
        let again = try catalog.change(numbered: change.number)
        let error = try #require(throws: CatalogError.self) { try catalog.undo(again, command: "undo") }
        #expect(error.summary.contains("taken back already"))
    }

    @Test("brings every random history back to where it began", arguments: 0..<24)
    func randomHistories(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        // One knows its offset, one its place, one is a clock that counts in UTC.
        let assets = try fixture.importing([1, 2, 3], session: "Desert") { number, reading in
            if number == 1 { reading.taken?.offsetMinutes = -480 }
            if number == 2 { (reading.latitude, reading.longitude) = (34.5, -116.5) }
            if number == 3 {
                reading.taken = WallTime(milliseconds: 1_463_162_000_000, offsetMinutes: 0, source: "mvhd")
            }
        }
        let zones = ["America/Los_Angeles", "Europe/London"]
        let before = try state(assets)
        let tags = try ["a", "a/b", "c"].map { try TagPath($0) }
        var made = 0
        for step in 0..<12 {
            let chosen = assets.filter { _ in Bool.random(using: &random) }
            let count = try catalog.log().count
            try catalog.change("step \(step)") { change in
                switch Int.random(in: 0..<12, using: &random) {
                case 0: try change.add(tags: [tags.randomElement(using: &random) ?? tags[0]], to: chosen)
                case 1: try change.set([.number(.rating, Int.random(in: 0...5, using: &random))], of: chosen)
                case 2:
                    try change.set([.text(.title, "t\(step)"), .append(.caption, "c\(step)")], of: chosen)
                case 3: try change.set([.clear(.title)], of: chosen)
                case 4: try change.correctTime(of: chosen) { _ in [.shift(Int64(step) * 1000)] }
                case 5:
                    try change.correctTime(of: chosen) { _ in
                        [.zone(zones.randomElement(using: &random) ?? "UTC")]
                    }
                case 6:
                    try change.correctTime(of: chosen) { _ in [.showedUTC(step % 2 == 0), .offset(step * 15)]
                    }
                case 7:
                    let position = Position(
                        latitude: Double(step), longitude: Double(-step), source: Position.byHand)
                    try change.place(chosen.compactMap { asset in position.map { (asset, $0) } })
                case 8: try change.clearPositions(of: chosen)
                case 9:
                    var session = try catalog.session(named: "Desert")
                    session.zone = zones.randomElement(using: &random)
                    try change.update(session: "Desert", to: session)
                case 10: try change.remove(chosen, fromSession: "Desert")
                case 11: try change.add(chosen, toSession: "Desert")
                default:
                    try change.remove(tags: try catalog.tags().map(\.path).prefix(1).map { $0 }, from: chosen)
                }
            }
            made += try catalog.log().count - count
        }
        for _ in 0..<made { try undoLast() }
        #expect(try state(assets) == before, "seed \(seed)")
    }

    private func state(_ assets: [AssetID]) throws -> [String] {
        try assets.map {
            "\(try catalog.asset($0)) \(try catalog.tags(of: $0)) \(try catalog.sessions(of: $0))"
        }
            + (try catalog.assets(.all)).map { "\($0)" }
            + (try catalog.assets(try Query.parse("within:-90,-180,90,180"))).map { "\($0)" }
    }
}
