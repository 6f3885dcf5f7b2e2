import Catalog
import Files
import Foundation
import Ingest
import Testing

@Suite("The three fixture shoots")
struct FixtureTests {
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")

    func imported(_ name: String) throws -> (Shoot, ImportReport) {
        let shoot = try Shoot()
        let report = try shoot.importing { $0.source = Path(Self.fixtures.appending(path: name).path()) }
        return (shoot, report)
    }

    @Test("the desert is twenty photographs, three of them pairs")
    func desert() throws {
        let (shoot, report) = try imported("desert")
        #expect(report.counts.words == "26 seen: 25 new, 0 known, 0 changed, 1 other, 0 failed")
        #expect(report.assets == [.photo: 20])
        #expect(report.pairs == 3)
        #expect(report.unreadable.isEmpty)
        let listing = try shoot.listing()
        #expect(listing.contains("IMG_4118.TIF, companion IMG_4118.JPG"))
        #expect(listing.contains("L1002340.DNG, companion L1002340.JPG"))
        #expect(listing.contains("L1002345.DNG, sidecar L1002345.xmp"))
        #expect(listing.contains("L1002346.DNG, companion L1002346.JPG, sidecar L1002346.DNG.xmp"))
        #expect(listing.filter { $0 == "L1002341.JPG" }.count == 2)
        #expect(try shoot.find("name:L1002346").map(\.asset.rating) == [5])
    }

    @Test("the studio is four clips, seven photographs and one sound of its own")
    func rancho() throws {
        let (shoot, report) = try imported("rancho")
        #expect(report.assets == [.photo: 7, .clip: 4, .sound: 1])
        #expect(report.counts.words == "15 seen: 15 new, 0 known, 0 changed, 0 other, 0 failed")
        #expect(report.unreadable.isEmpty)
        let listing = try shoot.listing()
        #expect(listing.contains("RDL_0003.MXF, sound RDL_0003.WAV"))
        #expect(listing.contains("A001C001.MOV, sidecar A001C001.MOV.xmp"))
        #expect(listing.contains("TAKE_011.WAV"))
    }

    @Test("the concert is ten photographs and two clips of a card, with their XML's time")
    func hall() throws {
        let (shoot, report) = try imported("royal-albert-hall")
        #expect(report.assets == [.photo: 10, .clip: 2])
        #expect(report.counts.failed == 0)
        #expect(report.counts.other == 0)
        #expect(report.unreadable.isEmpty)
        let clip = try #require(try shoot.find("name:C0001").first?.asset)
        #expect(clip.time.offsetMinutes == 60)
        #expect(clip.timecode == "22:04:33:08")
        #expect(
            try shoot.listing().filter { $0.hasPrefix("C000") } == [
                "C0001.MP4, proxy C0001S03.MP4, sidecar C0001M01.XML, thumbnail C0001T01.JPG",
                "C0002.MP4, proxy C0002S03.MP4, sidecar C0002M01.XML, thumbnail C0002T01.JPG",
            ]
        )
    }
}
