import Catalog
import Files
import Foundation
import Glibc
import Synchronization
import Testing

@testable import Ingest

extension Shoot {
    /// Writes the sidecars of what a query finds, and tells what became of each by its name.
    @discardableResult
    func sidecars(
        _ query: String = "all",
        _ adjust: (inout SidecarRequest) -> Void = { _ in }
    ) throws -> (counts: SidecarCounts, told: [String: (plan: SidecarPlan, outcome: SidecarOutcome)]) {
        var request = SidecarRequest(
            try catalog.assets(try Query.parse(query)),
            command: "sidecars write \(query)",
            workers: Shoot.workers,
            isMounted: { _ in true }
        )
        adjust(&request)
        var told: [String: (plan: SidecarPlan, outcome: SidecarOutcome)] = [:]
        let counts = try SidecarWriter.write(request, catalog: catalog) { plan, outcome in
            told[plan.path.name.display] = (plan, outcome)
        }
        return (counts, told)
    }

    /// What would become of each.
    func plans(_ query: String = "all") throws -> [SidecarPlan] {
        let request = SidecarRequest(
            try catalog.assets(try Query.parse(query)), command: "", workers: Shoot.workers,
            isMounted: { _ in true }
        )
        var plans: [SidecarPlan] = []
        _ = try SidecarWriter.look(request, catalog: catalog) { plans.append($0) }
        return plans
    }

    func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: source.appending(name).text ?? "").map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Another program's hand: a text in a sidecar becomes another.
    func edit(_ name: String, _ old: String, _ new: String) throws {
        let text = try #require(self.text(name))
        #expect(text.contains(old), "\(name) has no \(old): \(text)")
        try Data(text.replacing(old, with: new).utf8).write(
            to: URL(fileURLWithPath: source.appending(name).text ?? ""))
        try touch(name, by: 5)
    }

    func set(_ words: String..., on query: String = "all") throws {
        let edits = try words.map { try FieldEdit($0) }
        let assets = try catalog.assets(try Query.parse(query))
        try catalog.change("set") { try $0.set(edits, of: assets) }
    }

    func tag(_ paths: String..., on query: String = "all", isAdding: Bool = true) throws {
        let tags = try paths.map { try TagPath($0) }
        let assets = try catalog.assets(try Query.parse(query))
        try catalog.change("tag") { change in
            _ =
                isAdding
                ? try change.add(tags: tags, to: assets) : try change.remove(tags: tags, from: assets)
        }
    }

    func tags(_ query: String = "all") throws -> [String] {
        try find(query).flatMap(\.tags).map(\.description).sorted()
    }
}

/// What users of other programs suffer, each as a promise that it does not happen here.
@Suite("Sidecars")
struct SidecarTests {
    static let keywords = """
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
         xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" xmp:Rating="2" crs:Exposure2012="+0.35">
        <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Old</rdf:li><rdf:li xml:lang="de">Alt</rdf:li></rdf:Alt></dc:title>
        <dc:subject><rdf:Bag><rdf:li>desert</rdf:li><rdf:li>car</rdf:li></rdf:Bag></dc:subject>
        </rdf:Description></rdf:RDF></x:xmpmeta>
        """

    static func shoot() throws -> Shoot {
        let shoot = try Shoot(["L1.DNG": .photo(at: 1, raw: true), "L1.xmp": .text(keywords)])
        try shoot.importing()
        return shoot
    }

    @Test(
        "hold what people said and nothing else of ours; the original is never touched; the next import reads nothing"
    )
    func first() throws {
        let shoot = try Shoot([
            "L1.DNG": .photo(at: 1, saying: "the camera's", raw: true), "L2.JPG": .photo(at: 2),
        ])
        try shoot.importing()
        let before = FileManager.default.contents(atPath: shoot.source.appending("L1.DNG").text ?? "")
        #expect(try shoot.sidecars().counts.nothing == 2)
        try shoot.set("title=The ridge", "rating=4", on: "name:L1")
        let (counts, told) = try shoot.sidecars()
        #expect((counts.seen, counts.written, counts.new, counts.nothing) == (2, 1, 1, 1))
        #expect(told["L1.DNG.xmp"]?.outcome == .written)
        let text = try #require(shoot.text("L1.DNG.xmp"))
        #expect(text.contains("The ridge"))
        #expect(text.contains("<xmp:Rating>4</xmp:Rating>"))
        #expect(!text.contains("camera's") && !text.contains("tiff:") && !text.contains("DateTimeOriginal"))
        #expect(FileManager.default.contents(atPath: shoot.source.appending("L1.DNG").text ?? "") == before)
        let probe = Probe()
        let report = try shoot.importing { $0.access = probe.access }
        #expect(report.counts.words == "3 seen: 0 new, 3 known, 0 changed, 0 other, 0 failed")
        #expect(probe.opens.isEmpty)
        #expect(try shoot.listing() == ["L1.DNG, sidecar L1.DNG.xmp", "L2.JPG"])
    }

    @Test("that say all already are not touched, however often they are written (backups stay as they are)")
    func untouched() throws {
        let shoot = try Self.shoot()
        try shoot.set("title=New")
        try shoot.sidecars()
        let identity = try FileAccess().status(of: shoot.source.appending("L1.xmp"))
        let log = try shoot.catalog.log().count
        let (counts, _) = try shoot.sidecars()
        #expect((counts.written, counts.upToDate) == (0, 1))
        #expect(try FileAccess().status(of: shoot.source.appending("L1.xmp")) == identity)
        #expect(try shoot.catalog.log().count == log)
    }

    @Test("keep a developer’s settings and other languages, and a second copy of the name is not made")
    func kept() throws {
        let shoot = try Self.shoot()
        try shoot.set("title=New", "rating=5")
        try shoot.sidecars()
        let text = try #require(shoot.text("L1.xmp"))
        let expected = Self.keywords.replacing(">Old<", with: ">New<").replacing(
            "xmp:Rating=\"2\"", with: "xmp:Rating=\"5\"")
        let date = try #require(text.firstRange(of: /\n *<xmp:MetadataDate>[^<]*<\/xmp:MetadataDate>/))
        #expect(text[..<date.lowerBound] + text[date.upperBound...] == expected)
        #expect(shoot.text("L1.DNG.xmp") == nil)
    }

    @Test("lose a tag that a person took away, and no import brings it back")
    func removedTags() throws {
        let shoot = try Self.shoot()
        #expect(try shoot.tags() == ["car", "desert"])
        try shoot.tag("car", isAdding: false)
        try shoot.tag("people/Iggy Pop")
        try shoot.sidecars()
        let text = try #require(shoot.text("L1.xmp"))
        #expect(!text.contains("car<"))
        #expect(text.contains("<rdf:li>people|Iggy Pop</rdf:li>"))
        #expect(text.contains("<rdf:li>people/Iggy Pop</rdf:li>"))
        try shoot.touch("L1.DNG", by: 5)
        try shoot.write(["L1.DNG": .photo(at: 1, saying: "worked on", raw: true)])
        try shoot.importing()
        #expect(try shoot.tags() == ["desert", "people/Iggy Pop"])
        try shoot.tag("people", isAdding: false)
        try shoot.sidecars()
        #expect(shoot.text("L1.xmp")?.contains("Iggy") == false)
    }

    @Test("whose tags another program took out lose them here, and do not get them again")
    func removedOutside() throws {
        let shoot = try Self.shoot()
        try shoot.tag("mine")
        try shoot.sidecars()
        try shoot.edit("L1.xmp", "<rdf:li>car</rdf:li>", "")
        try shoot.importing()
        #expect(try shoot.tags() == ["desert", "mine"])
        try shoot.sidecars()
        #expect(shoot.text("L1.xmp")?.contains("car<") == false)
        // And given again there, they are here again: no person took them away.
        try shoot.edit("L1.xmp", "<rdf:li>desert</rdf:li>", "<rdf:li>desert</rdf:li><rdf:li>car</rdf:li>")
        try shoot.importing()
        #expect(try shoot.tags() == ["car", "desert", "mine"])
    }

    @Test("that another program changed are read before they are written, without an import")
    func intake() throws {
        let shoot = try Self.shoot()
        try shoot.set("title=New")
        try shoot.edit("L1.xmp", "xmp:Rating=\"2\"", "xmp:Rating=\"5\"")
        try shoot.edit("L1.xmp", "<rdf:li>car</rdf:li>", "<rdf:li>car</rdf:li><rdf:li>theirs</rdf:li>")
        #expect(try shoot.plans().map(\.isChangedOutside) == [true])
        let (counts, told) = try shoot.sidecars()
        #expect((counts.written, counts.contestedWords) == (1, 0))
        #expect(told["L1.xmp"]?.plan.isChangedOutside == true)
        #expect(try shoot.find().map(\.asset.rating) == [5])
        #expect(try shoot.tags() == ["car", "desert", "theirs"])
        let text = try #require(shoot.text("L1.xmp"))
        #expect(text.contains("xmp:Rating=\"5\"") && text.contains(">New<") && text.contains("theirs"))
        #expect(try shoot.listing() == ["L1.DNG, former L1.xmp, former L1.xmp, sidecar L1.xmp"])
    }

    @Test(
        "in which another program changed what a person set are left as they are in that word, before an import and behind",
        arguments: [true, false]
    )
    func conflict(isImportedFirst: Bool) throws {
        let shoot = try Self.shoot()
        try shoot.set("title=New", "rating=3")
        try shoot.sidecars()
        try shoot.edit("L1.xmp", "xmp:Rating=\"3\"", "xmp:Rating=\"1\"")
        if isImportedFirst { try shoot.importing() }
        #expect(try shoot.find().map(\.asset.rating) == [3])
        #expect(
            try shoot.plans().flatMap(\.conflicts) == [
                SidecarConflict(field: "rating", ours: "3", theirs: "1")
            ])
        try shoot.set("caption=Words")
        for _ in 0..<2 {
            let (counts, _) = try shoot.sidecars()
            #expect(counts.contestedWords == 1)
            #expect(shoot.text("L1.xmp")?.contains("xmp:Rating=\"1\"") == true)
        }
        #expect(shoot.text("L1.xmp")?.contains("Words") == true)
    }

    @Test("give way to what was set here, or win over it, as a person says")
    func resolutions() throws {
        for resolution in [SidecarResolution.ours, .theirs] {
            let shoot = try Self.shoot()
            try shoot.set("title=New", "rating=3")
            try shoot.tag("mine", "mine too")
            try shoot.sidecars()
            try shoot.edit("L1.xmp", "xmp:Rating=\"3\"", "xmp:Rating=\"1\"")
            try shoot.edit("L1.xmp", "<rdf:li>mine</rdf:li>", "")
            #expect(Set(try shoot.plans().flatMap(\.conflicts).map(\.field)) == ["rating", "keywords"])
            let (counts, _) = try shoot.sidecars { $0.resolution = resolution }
            #expect(counts.contestedWords == 0)
            let isOurs = resolution == .ours
            #expect(try shoot.find().map(\.asset.rating) == [isOurs ? 3 : 1])
            #expect(try shoot.tags().contains("mine") == isOurs)
            #expect(shoot.text("L1.xmp")?.contains("xmp:Rating=\"\(isOurs ? 3 : 1)\"") == true)
            #expect(shoot.text("L1.xmp")?.contains("<rdf:li>mine</rdf:li>") == isOurs)
            // It is settled, and stays so.
            #expect(try shoot.plans().map(\.standing) == [.upToDate])
            #expect(try shoot.plans().flatMap(\.conflicts).isEmpty)
        }
    }

    @Test("out of which another program took a word of ours do not get it back by themselves")
    func takenOut() throws {
        let shoot = try Shoot(["L1.DNG": .photo(at: 1, raw: true)])
        try shoot.importing()
        try shoot.set("label=Blue", "title=Mine")
        try shoot.sidecars()
        try shoot.edit("L1.DNG.xmp", "<xmp:Label>Blue</xmp:Label>", "")
        for isImported in [false, true] {
            if isImported { try shoot.importing() }
            #expect(try shoot.sidecars().counts.contestedWords == 1, "imported: \(isImported)")
            #expect(shoot.text("L1.DNG.xmp")?.contains("Blue") == false)
        }
        // Set once more, it is newer than what the other program did.
        try shoot.set("label=Red")
        #expect(try shoot.sidecars().counts.contestedWords == 0)
        #expect(shoot.text("L1.DNG.xmp")?.contains("Red") == true)
    }

    @Test("give back what stood there before when a person’s word is taken back, and what is read is no news")
    func takenBack() throws {
        let shoot = try Self.shoot()
        try shoot.set("title=New", "caption=Added", "rating=")
        try shoot.sidecars()
        #expect(shoot.text("L1.xmp")?.contains("Rating") == false)
        // The cluster is read again, our own words with it.
        try shoot.write(["L1.DNG": .photo(at: 1, saying: "", raw: true)])
        try shoot.touch("L1.DNG", by: 9)
        try shoot.importing()
        let edits = try shoot.catalog.edits(of: try #require(try shoot.find().first).asset.id)
        #expect(edits.map(\.was) == [nil, "2", "Old"])
        try shoot.set("title=", "caption=")
        #expect(try shoot.find().map(\.asset.title) == ["Old"])
        try shoot.sidecars()
        let text = try #require(shoot.text("L1.xmp"))
        #expect(text.contains(">Old<"))
        #expect(!text.contains("Added"))
    }

    @Test("do not forget a pick, which no file says, when their picture is read again")
    func picks() throws {
        let shoot = try Self.shoot()
        try shoot.set("pick=picked")
        try shoot.sidecars()
        #expect(shoot.text("L1.xmp")?.contains("<digiKam:PickLabel>3</digiKam:PickLabel>") == true)
        try shoot.edit("L1.xmp", "xmp:Rating=\"2\"", "xmp:Rating=\"5\"")
        try shoot.importing()
        try shoot.set("pick=none")
        #expect(try shoot.find().map(\.asset.pick) == [nil])
        try shoot.sidecars()
        #expect(shoot.text("L1.xmp")?.contains("PickLabel") == false)
    }

    @Test("carry a corrected clock, which is not corrected twice when the sidecar is all the clock there is")
    func times() throws {
        let words = Self.keywords.replacing(
            "xmp:Rating=\"2\"",
            with:
                "xmp:Rating=\"2\" xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" photoshop:DateCreated=\"2016-01-20T10:00:00\""
        )
        let shoot = try Shoot([
            "L1.DNG": .photo(at: nil, raw: true), "L1.xmp": .text(words), "L2.DNG": .photo(at: 5, raw: true),
        ])
        try shoot.importing()
        let assets = try shoot.catalog.assets(try Query.parse("all"))
        try shoot.catalog.change("shift") {
            try $0.correctTime(of: assets) { _ in [.shift(3_600_000), .offset(-480)] }
        }
        try shoot.sidecars()
        #expect(shoot.text("L1.xmp")?.contains("photoshop:DateCreated=\"2016-01-20T11:00:00-08:00\"") == true)
        #expect(
            shoot.text("L2.DNG.xmp")?.contains(
                "<exif:DateTimeOriginal>2016-01-20T17:00:05-08:00</exif:DateTimeOriginal>")
                == true
        )
        let before = try shoot.find().map(\.asset.time.takenMilliseconds)
        for name in ["L1.DNG", "L2.DNG"] {
            try shoot.write(
                Tree(
                    dictionaryLiteral: (name, .photo(at: name == "L1.DNG" ? nil : 5, saying: "x", raw: true)))
            )
        }
        try shoot.importing()
        #expect(try shoot.find().map(\.asset.time.takenMilliseconds) == before)
        #expect(try shoot.plans().map(\.standing) == [.upToDate, .upToDate])
    }

    @Test("that name no place on Earth trap nothing, and are put right when a person says so")
    func wildPositions() throws {
        let shoot = try Shoot(["L1.DNG": .photo(at: 1, raw: true)])
        try shoot.importing()
        try shoot.catalog.change("geotag") { change in
            let position = try #require(Position(latitude: 34.1, longitude: -116.3, altitude: 1_200))
            _ = try change.place(try shoot.catalog.assets(.all).map { ($0, position) })
        }
        try shoot.sidecars()
        try shoot.edit("L1.DNG.xmp", "34,6.000000N", "1e300N")
        try shoot.edit("L1.DNG.xmp", "120000/100", "1e300/1")
        let conflicts = try shoot.plans().flatMap(\.conflicts)
        #expect(conflicts.map(\.field) == ["position"])
        #expect(conflicts.map(\.theirs) == [nil])
        try shoot.sidecars { $0.resolution = .ours }
        #expect(shoot.text("L1.DNG.xmp")?.contains("34,6.000000N") == true)
    }

    @Test("keep the city that stands there where a person’s place ends in it, and lose it where it does not")
    func places() throws {
        let city = Self.keywords.replacing(
            "xmp:Rating=\"2\"",
            with:
                "xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" photoshop:City=\"Joshua Tree\" photoshop:Country=\"USA\""
        )
        let shoot = try Shoot(["L1.DNG": .photo(at: 1, raw: true), "L1.xmp": .text(city)])
        try shoot.importing()
        #expect(try shoot.find().map(\.asset.place) == ["Joshua Tree, USA"])
        try shoot.set("place=Rancho de la Luna, Joshua Tree, USA")
        try shoot.sidecars()
        #expect(shoot.text("L1.xmp")?.contains("<Iptc4xmpCore:Location>Rancho de la Luna<") == true)
        #expect(shoot.text("L1.xmp")?.contains("photoshop:City=\"Joshua Tree\"") == true)
        try shoot.set("place=Detroit")
        try shoot.sidecars()
        #expect(shoot.text("L1.xmp")?.contains("Joshua Tree") == false)
        #expect(try shoot.plans().map(\.standing) == [.upToDate])
    }
}
