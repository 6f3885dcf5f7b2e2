import Catalog
import Files
import Foundation
import Glibc
import Synchronization
import Testing

@testable import Ingest

/// Which file is a sidecar, and what happens on disks that do not do as they are told.
@Suite("A sidecar’s place")
struct SidecarPlaceTests {
    private static func words(_ title: String) -> Tree.Node { .xmp(title: title) }

    @Test(
        "is the whole name before the stem, whatever the case of its ending; the other is named and left alone"
    )
    func bothNamings() throws {
        let shoot = try Shoot([
            "A.DNG": .photo(at: 1, raw: true), "A.DNG.XMP": Self.words("whole"), "A.xmp": Self.words("stem"),
            "B.DNG": .photo(at: 2, raw: true), "B.XMP": Self.words("stem"),
        ])
        try shoot.importing()
        #expect(try shoot.find().map(\.asset.title).compactMap(\.self).sorted() == ["stem", "whole"])
        #expect(
            try shoot.find("name:A").first?.asset.damage
                == "its two sidecars disagree; the one named after the whole file name counts"
        )
        try shoot.set("rating=4")
        let (counts, told) = try shoot.sidecars()
        #expect((counts.written, counts.new) == (2, 0))
        #expect(told["A.DNG.XMP"]?.plan.other?.name == Path("A.xmp"))
        #expect(told["B.XMP"]?.outcome == .written)
        #expect(shoot.text("A.xmp")?.contains("Rating") == false)
        #expect(shoot.text("A.DNG.XMP")?.contains("Rating>4<") == true)
    }

    @Test("is not a stem that several assets share; raw file and JPEG of one exposure are one")
    func sharedStem() throws {
        let shoot = try Shoot([
            "A.DNG": .photo(at: 1, raw: true), "A.JPG": .photo(at: 1), "A.WAV": .wav(9),
            "A.xmp": Self.words("all"),
            "B.DNG": .photo(at: 2, raw: true), "B.JPG": .photo(at: 30), "B.xmp": Self.words("both"),
        ])
        try shoot.importing()
        #expect(try shoot.find("title:both").count == 2)
        try shoot.set("rating=4")
        let before = shoot.text("B.xmp")
        let (counts, told) = try shoot.sidecars()
        #expect(counts.written == 3)
        #expect(Set(told.keys) == ["A.xmp", "B.DNG.xmp", "B.JPG.xmp"])
        #expect(told["B.DNG.xmp"]?.plan.isOtherShared == true)
        #expect(shoot.text("B.xmp") == before)
        // What the shared one says is heard still.
        try shoot.importing()
        #expect(try shoot.find("title:both").count == 2)
        #expect(try shoot.plans().map(\.standing) == [.upToDate, .upToDate, .upToDate])
    }

    @Test("has the stem’s name where Lightroom is to read it, unless other assets share that")
    func stemNaming() throws {
        let shoot = try Shoot([
            "A.DNG": .photo(at: 1, raw: true), "B.DNG": .photo(at: 2, raw: true), "B.JPG": .photo(at: 30),
        ])
        try shoot.importing()
        try shoot.set("rating=4")
        let (_, told) = try shoot.sidecars { $0.naming = .stem }
        #expect(Set(told.keys) == ["A.xmp", "B.DNG.xmp", "B.JPG.xmp"])
        #expect(shoot.text("A.xmp")?.contains("<photoshop:SidecarForExtension>DNG<") == true)
        #expect(try shoot.importing().counts.known == 6)
    }

    @Test(
        "of a companion or of darktable’s duplicate is left alone, and the original’s words count before them"
    )
    func companions() throws {
        let shoot = try Shoot([
            "A.DNG": .photo(at: 1, raw: true), "A.JPG": .photo(at: 1), "A.JPG.xmp": Self.words("companion"),
            "A_01.DNG.xmp": Self.words("duplicate"), "A.DNG.xmp": .xmp(rating: 2), "A.AAE": .text("<plist/>"),
        ])
        try shoot.importing()
        #expect(try shoot.listing().count == 1)
        #expect(try shoot.find().map(\.asset.title) == ["companion"])
        try shoot.set("title=ours", "rating=5")
        let others = ["A.JPG.xmp", "A_01.DNG.xmp", "A.AAE"].map { shoot.text($0) }
        let (_, told) = try shoot.sidecars()
        #expect(Array(told.keys) == ["A.DNG.xmp"])
        #expect(["A.JPG.xmp", "A_01.DNG.xmp", "A.AAE"].map { shoot.text($0) } == others)
        try shoot.write(["A.JPG.xmp": Self.words("changed companion")])
        try shoot.touch("A.JPG.xmp", by: 7)
        try shoot.importing()
        #expect(try shoot.find().map(\.asset.title) == ["ours"])
        #expect(try shoot.plans().flatMap(\.conflicts).isEmpty)
    }

    @Test("is beside clips and sounds, in a card’s tree too, and never on the card that a copy was made of")
    func clips() throws {
        let shoot = try Shoot([
            "M4ROOT/CLIP/C0001.MP4": .text("no clip that anybody could open"),
            "M4ROOT/CLIP/C0001M01.XML": .text("<a/>"),
            "take.wav": .wav(10),
        ])
        let archive = shoot.scratch.path("archive")
        try shoot.importing { $0.copyTo = [archive] }
        try shoot.set("title=One")
        let (counts, told) = try shoot.sidecars()
        #expect((counts.seen, counts.written) == (2, 2))
        #expect(Set(told.keys) == ["C0001.MP4.xmp", "take.wav.xmp"])
        for (plan, _) in told.values { #expect(plan.path.lies(below: archive)) }
        #expect(shoot.text("take.wav.xmp") == nil)
        #expect(shoot.text("M4ROOT/CLIP/C0001.MP4.xmp") == nil)
        let report = try shoot.importing { $0.source = archive }
        #expect(report.counts.new == 0 && report.counts.changed == 0)
        #expect(try shoot.find("title:One").count == 2)
    }

    @Test("that cannot be revised is named with the reason and never destroyed")
    func refused() throws {
        let wide = Array("<x/>".utf8).flatMap { [$0, UInt8(0)] }
        let shoot = try Shoot([
            "A.DNG": .photo(at: 1, raw: true), "A.DNG.xmp": .file([0xFF, 0xFE] + wide),
            "B.DNG": .photo(at: 2, raw: true), "B.xmp": .text("<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF"),
            "C.DNG": .photo(at: 3, raw: true), "C.DNG.xmp": .symlink("A.DNG"),
        ])
        try shoot.importing()
        try shoot.set("title=One")
        let before = ["A.DNG.xmp", "B.xmp", "A.DNG"].map {
            FileManager.default.contents(atPath: shoot.source.appending($0).text ?? "")
        }
        let (counts, told) = try shoot.sidecars()
        #expect((counts.failed, counts.written) == (3, 0))
        for (name, reason) in [
            ("A.DNG.xmp", "UTF-16"), ("B.xmp", "well-formed"), ("C.DNG.xmp", "regular file"),
        ] {
            guard case .refused(let told)? = told[name]?.plan.standing else {
                Issue.record("\(name) was not refused")
                continue
            }
            #expect(told.contains(reason), "\(told)")
        }
        let after = ["A.DNG.xmp", "B.xmp", "A.DNG"].map {
            FileManager.default.contents(atPath: shoot.source.appending($0).text ?? "")
        }
        #expect(before == after)
    }

    @Test(
        "is out of reach on a disk that is not here, where nothing may be written, and where the original is gone"
    )
    func outOfReach() throws {
        let shoot = try Shoot(["A.DNG": .photo(at: 1, raw: true)])
        try shoot.importing()
        try shoot.set("title=One")
        let away = try shoot.sidecars { $0.isMounted = { _ in false } }
        #expect((away.counts.seen, away.counts.unreachable) == (1, 1))
        let source = shoot.source
        let locked = Probe { call, path in call == .create && path == source ? EROFS : nil }
        let frozen = try shoot.sidecars { $0.access = locked.access }
        #expect((frozen.counts.written, frozen.counts.unreachable) == (0, 1))
        try shoot.remove("A.DNG")
        #expect(try shoot.sidecars().counts.unreachable == 1)
        #expect(shoot.text("A.DNG.xmp") == nil)
    }

    @Test("that could not be written is what it was, and the next run writes it as if nothing had been")
    func failed() throws {
        let shoot = try SidecarTests.shoot()
        try shoot.set("title=New")
        let before = shoot.text("L1.xmp")
        let source = shoot.source
        for call in [FileAccess.Call.write, .sync, .rename] {
            let broken = Probe { made, path in
                made == call && path.ending != "DNG" && path != source ? EIO : nil
            }
            let (counts, _) = try shoot.sidecars { $0.access = broken.access }
            #expect((counts.failed, counts.written) == (1, 0), "\(call)")
            #expect(shoot.text("L1.xmp") == before)
            #expect(try FileAccess().tree(below: shoot.source).count == 2)
        }
        #expect(try shoot.sidecars().counts.written == 1)
        #expect(shoot.text("L1.xmp")?.contains(">New<") == true)
    }

    @Test("that was written when the program was killed before it said so is known for our own words")
    func killed() throws {
        let shoot = try SidecarTests.shoot()
        try shoot.set("title=New")
        // The file is in its place, and then the folder cannot be flushed: the copy is never recorded.
        let source = shoot.source
        let broken = Probe { call, path in call == .sync && path == source ? EIO : nil }
        #expect(try shoot.sidecars { $0.access = broken.access }.counts.failed == 1)
        #expect(shoot.text("L1.xmp")?.contains(">New<") == true)
        let report = try shoot.importing()
        #expect(report.counts.changed == 1)
        let asset = try #require(try shoot.find().first).asset.id
        #expect(try shoot.catalog.edits(of: asset).map(\.was) == ["Old"])
        #expect(try shoot.plans().map(\.standing) == [.upToDate])
        #expect(try shoot.plans().flatMap(\.conflicts).isEmpty)
        try shoot.set("title=")
        try shoot.sidecars()
        #expect(shoot.text("L1.xmp")?.contains(">Old<") == true)
    }

    @Test(
        "stays as it is when its writing is undone, which is refused with what to do; the words can be taken back"
    )
    func undo() throws {
        let shoot = try SidecarTests.shoot()
        try shoot.set("title=New")
        try shoot.sidecars()
        let written = try #require(try shoot.catalog.log().first)
        let error = #expect(throws: CatalogError.self) { try shoot.catalog.undo(written, command: "undo") }
        #expect(error?.summary.contains("wrote sidecars") == true)
        let words = try #require(try shoot.catalog.lastUndoableChange())
        #expect(words.command == "set")
        try shoot.catalog.undo(words, command: "undo")
        #expect(try shoot.plans().map(\.standing) == [.behind])
        try shoot.sidecars()
        #expect(shoot.text("L1.xmp")?.contains(">Old<") == true)
    }

    @Test("on two disks is one content, and a disk that was away is brought up to date later")
    func twoDisks() throws {
        let shoot = try Shoot(["A.DNG": .photo(at: 1, raw: true)])
        try shoot.importing()
        let other = shoot.scratch.path("other")
        try ["A.DNG": .photo(at: 1, raw: true)].write(to: other)
        try shoot.importing { $0.source = other }
        try shoot.set("title=One")
        let first = try shoot.sidecars { $0.isMounted = { !$0.location.lies(below: other) } }
        #expect((first.counts.written, first.counts.unreachable) == (1, 1))
        #expect(try shoot.sidecars().counts.written == 1)
        try shoot.set("title=Two")
        #expect(try shoot.sidecars().counts.written == 2)
        #expect(try shoot.plans().map(\.standing) == [.upToDate, .upToDate])
    }
}

extension [String: Tree.Node] {
    fileprivate func write(to folder: Path) throws {
        try FileAccess().makeFolders(folder)
        var tree: Tree = [:]
        tree.nodes = map { (Path($0.key), $0.value) }
        try tree.write(to: folder)
    }
}
