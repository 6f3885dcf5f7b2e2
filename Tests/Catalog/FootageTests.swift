import MediaProtocol
import Testing

@testable import Catalog

@Suite("What is known of footage")
struct FootageCatalogTests {
    private func imported() throws -> (fixture: CatalogFixture, clips: [AssetID]) {
        let fixture = try CatalogFixture()
        let clips = try fixture.importing([1, 2, 3]) { number, reading in
            guard number < 3 else {
                reading.colorProfile = "Display P3"
                return
            }
            var footage = Footage()
            footage.scan = number == 1 ? .topFieldFirst : .progressive
            footage.captureRate = number == 1 ? nil : Rational(120_000, 1_001)
            footage.pixelAspect = Rational(4, 3)
            footage.bitDepth = number == 1 ? 8 : 10
            footage.chroma = number == 1 ? "4:2:0" : "4:2:2"
            footage.gamma = number == 1 ? nil : "S-Log3"
            footage.look = number == 1 ? nil : "Look1.cube"
            footage.clipName = "A001C00\(number)"
            footage.umid = "060A2B34\(number)"
            footage.mediaID = "0123456789ABCDEF"
            footage.audioChannels = number == 1 ? 0 : 4
            reading.audio = number == 1 ? nil : "4 × 1 channel, 48000 Hz, 24 bit"
            reading.footage = footage
        }
        return (fixture, clips)
    }

    @Test("comes back from the catalogue as it went in")
    func roundTrip() throws {
        let (fixture, clips) = try imported()
        let footage = try fixture.catalog.asset(clips[1]).footage
        #expect(footage.captureRate == Rational(120_000, 1_001) && footage.pixelAspect == Rational(4, 3))
        #expect(footage.scan == .progressive && footage.bitDepth == 10 && footage.audioChannels == 4)
        #expect(footage.clipName == "A001C002" && footage.look == "Look1.cube")
        #expect(try fixture.catalog.asset(clips[2]).footage == Footage())
    }

    @Test(
        "answers what people ask",
        arguments: [
            ("scan:interlaced", [1]), ("scan:progressive", [2]), ("capture-fps>=100", [2]),
            ("capture-fps:120", [2]),
            ("depth>=10", [2]), ("chroma:4:2:2", [2]), ("color:s-log3", [2]), ("color:P3", [3]),
            ("look:Look1*", [2]), ("clip:A001*", [1, 2]), ("umid:060A2B341", [1]),
            ("media:=0123456789ABCDEF", [1, 2]),
            ("channels:0", [1]), ("channels>=4", [2]), ("audio:48000", [2]), ("not color:*", [1]),
        ]
    )
    func queries(_ text: String, _ expected: [Int]) throws {
        let (fixture, clips) = try imported()
        var found: [AssetID] = []
        try fixture.catalog.each(try Query.parse(text), sortedBy: [SortKey(.taken)], limit: nil) {
            found.append($0.asset.id)
        }
        #expect(Set(found) == Set(expected.map { clips[$0 - 1] }))
    }

    @Test("is unknown of what an older program imported, until its files are read again")
    func older() throws {
        let archive = try OlderArchive()
        let catalog = try archive.open()
        #expect(try catalog.count(try Query.parse("kind:clip")) == 1)
        try catalog.each(try Query.parse("all"), sortedBy: [], limit: nil) {
            #expect($0.asset.footage == Footage())
        }
        #expect(try archive.rows("SELECT count(*) || '' FROM asset WHERE clip_name IS NULL") == ["7"])
        // What was recorded of a table with fewer columns can still be taken back.
        try catalog.undo(try catalog.change(numbered: 3), command: "undo 3")
        #expect(try catalog.check().isEmpty)
    }
}
