import Catalog
import Files
import MediaProtocol
import Testing

@Suite("Finding")
struct FindTests {
    let fixture: CatalogFixture
    let assets: [AssetID]
    var catalog: Catalog { fixture.catalog }

    init() throws {
        fixture = try CatalogFixture()
        assets = try fixture.importing([3, 1, 2], session: "Desert") { number, reading in
            reading.rating = number
            reading.caption = number == 2 ? "the red car" : nil
        }
    }

    private func names(_ query: String, _ keys: String..., limit: Int? = nil, offset: Int = 0) throws
        -> [String]
    {
        try catalog.find(
            try Query.parse(query), sortedBy: try keys.map { try SortKey($0) }, limit: limit, offset: offset
        ).map(\.asset.name)
    }

    @Test("orders by time, and the other way round")
    func order() throws {
        #expect(try names("all", "taken") == ["L1001.JPG", "L1002.JPG", "L1003.JPG"])
        #expect(try names("all", "taken-") == ["L1003.JPG", "L1002.JPG", "L1001.JPG"])
        #expect(try names("all", "rating-", "name") == ["L1003.JPG", "L1002.JPG", "L1001.JPG"])
    }

    @Test("pages without repeating or leaving out")
    func pages() throws {
        #expect(
            try names("all", "taken", limit: 2) + names("all", "taken", limit: 2, offset: 2)
                == names("all", "taken"))
    }

    @Test("searches the words of captions, tags and sessions, and follows every change of them")
    func words() throws {
        #expect(try names("car", "taken") == ["L1002.JPG"])
        #expect(try names("desert", "taken").count == 3)
        try catalog.change("tag add") { try $0.add(tags: [try TagPath("people/Iggy Pop")], to: [assets[0]]) }
        #expect(try names("iggy", "taken") == ["L1003.JPG"])
        try catalog.change("session edit") {
            var session = try catalog.session(named: "Desert")
            session.name = "Joshua Tree"
            try $0.update(session: "Desert", to: session)
        }
        #expect(try names("desert", "taken") == [])
        #expect(try names("joshua", "taken").count == 3)
    }

    @Test("agrees with the gate about what is cleared and what is held")
    func clearance() throws {
        try catalog.change("clear", kind: .decision) {
            try $0.add(artist: "Josh Homme", .clear, in: nil, by: nil)
            try $0.decide(
                NewDecision(.cleared, purpose: .exhibit, by: "Josh Homme"), about: Array(assets.prefix(2)))
            try $0.decide(NewDecision(.held, purpose: nil, by: "Iggy Pop"), about: [assets[0]])
        }
        #expect(try names("cleared:exhibit", "taken") == ["L1001.JPG"])
        #expect(try names("held:yes", "taken") == ["L1003.JPG"])
        let listed = try catalog.find(try Query.parse("all"))
        #expect(listed.map(\.clearedFor) == [[.exhibit], [], []])
        #expect(listed.map(\.isHeld) == [false, false, true])
    }

    @Test("puts clips and stills of two cameras on one line once their offsets are known")
    func oneLine() throws {
        let more = try fixture.importing([10]) { _, reading in
            // Two hours ahead of the others on the wall, one hour before them in truth.
            reading.taken = WallTime(
                milliseconds: 1_463_162_001_500 + 7_200_000, offsetMinutes: 180, source: "Exif")
        }
        try catalog.change("shift --zone") { try $0.correctTime(of: assets) { _ in [.offset(60)] } }
        #expect(try names("all", "taken") == ["L1001.JPG", "L10010.JPG", "L1002.JPG", "L1003.JPG"])
        #expect(try catalog.asset(more[0]).time.offsetMinutes == 180)
    }

    @Test("counts what a query chooses, whole and by kind")
    func counts() throws {
        #expect(try catalog.count(.all) == 3)
        #expect(try catalog.countByKind(.all).map(\.count) == [3])
    }
}
