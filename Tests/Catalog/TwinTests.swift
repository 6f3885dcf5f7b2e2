import Files
import MediaProtocol
import Storage
import Testing

@testable import Catalog

@Suite("Halves of one moment, and frames of one burst")
struct TwinTests {
    /// A photograph of a camera at a moment; joins what belongs together as an import does at its end.
    private struct Frame {
        var name: String
        var milliseconds: Int64
        var serial: String? = "4711"
        var format = "JPEG"
        var kind = MediaKind.photo
        var contentIdentifier: String?
    }

    private func imported(_ frames: [Frame]) throws -> (CatalogFixture, [String]) {
        let fixture = try CatalogFixture()
        let run = try fixture.catalog.beginImport(
            source: Path("/shoot"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:1", name: "A", mount: Path("/"))
        let groups = frames.enumerated().map { index, frame in
            var group = CatalogFixture.photograph(index + 1, volume: volume, name: frame.name) { reading in
                reading.format = frame.format
                reading.kind = frame.kind
                reading.taken?.milliseconds = 1_463_162_000_000 + frame.milliseconds
                reading.serial = frame.serial
                reading.model = "M"
                reading.contentIdentifier = frame.contentIdentifier
            }
            group.kind = frame.kind == .clip ? .clip : .photo
            group.files[0].copies[0].path = Path("card \(index)/\(frame.name)")
            return group
        }
        _ = try run.record(groups: groups, strays: [])
        for joint in try run.twins() { _ = try run.join(joint) }
        _ = try run.markBursts()
        var counts = ImportCounts()
        (counts.seen, counts.new) = (frames.count, frames.count)
        try run.finish(counts)
        let found = try fixture.catalog.find(try Query.parse("all"), sortedBy: [SortKey(.imported)])
        return (
            fixture,
            try found.map { found in
                try fixture.catalog.files(of: found.asset.id).map {
                    "\($0.role == .original ? "" : "\($0.role.rawValue) ")\($0.name)"
                }.joined(separator: " + ")
            }
        )
    }

    @Test(
        "raw file and JPEG on two cards are one by moment, serial number and image number, never by name alone"
    )
    func exposures() throws {
        func pair(_ adjust: (inout Frame) -> Void) throws -> Int {
            var jpeg = Frame(name: "L1002340.JPG", milliseconds: 120)
            adjust(&jpeg)
            return try imported([Frame(name: "L1002340.DNG", milliseconds: 120, format: "DNG"), jpeg]).1.count
        }
        #expect(
            try imported([
                Frame(name: "L1002340.JPG", milliseconds: 120),
                Frame(name: "L1002340.DNG", milliseconds: 120, format: "DNG"),
            ]).1 == ["L1002340.DNG + companion L1002340.JPG"]
        )
        #expect(try pair { _ in } == 1)
        #expect(try pair { $0.milliseconds = 130 } == 2, "another moment of the second")
        #expect(try pair { $0.serial = "4712" } == 2, "another camera")
        #expect(try pair { $0.serial = nil } == 2, "a camera that does not say which it is")
        #expect(try pair { $0.name = "L1002341.JPG" } == 2, "another image number")
        #expect(try pair { $0.format = "DNG" } == 2, "two raw files")
    }

    @Test("what came in is compared with what was there, and never all with all")
    func plan() throws {
        let fixture = try CatalogFixture()
        let plan = try fixture.catalog.connection.plan(ImportRun.exposurePairs, [.integer(5)])
        #expect(plan.first == "SEARCH new USING INTEGER PRIMARY KEY (rowid>?)", "\(plan)")
        #expect(plan.contains { $0.hasPrefix("SEARCH other USING INDEX asset_sort (sort_at=?") }, "\(plan)")
    }

    @Test("a JPEG that could be the half of two raw files is of neither")
    func ambiguous() throws {
        let frames = [
            Frame(name: "A1.DNG", milliseconds: 5, format: "DNG"),
            Frame(name: "A1.NEF", milliseconds: 5, format: "NEF"),
            Frame(name: "A1.JPG", milliseconds: 5),
        ]
        #expect(try imported(frames).1.count == 3)
    }

    @Test("a Live Photo is one across names and folders, by its identifier")
    func livePhoto() throws {
        let still = Frame(name: "beach.HEIC", milliseconds: 0, format: "HEIC", contentIdentifier: "X")
        let clip = Frame(
            name: "IMG_0001.MOV", milliseconds: 900, format: "QuickTime", kind: .clip, contentIdentifier: "X")
        #expect(try imported([clip, still]).1 == ["beach.HEIC + companion IMG_0001.MOV"])
        var other = clip
        other.contentIdentifier = "Y"
        #expect(try imported([other, still]).1.count == 2)
    }

    @Test("says why it is one, and can be taken back into two")
    func undo() throws {
        let (fixture, _) = try imported([
            Frame(name: "L1.DNG", milliseconds: 1, format: "DNG"), Frame(name: "L1.JPG", milliseconds: 1),
        ])
        let asset = try #require(try fixture.catalog.find(try Query.parse("all")).first?.asset)
        let because = try fixture.catalog.files(of: asset.id).last?.because
        #expect(because?.contains("same serial number") == true)
        try fixture.catalog.undo(try #require(try fixture.catalog.lastUndoableChange()), command: "undo")
        #expect(try fixture.catalog.count(try Query.parse("all")) == 0)
        #expect(try fixture.catalog.check().isEmpty)
    }

    @Test("what people did to a half keeps it on its own, and what was cleared does not grow")
    func worked() throws {
        let fixture = try CatalogFixture()
        let assets = try fixture.importing([1, 2, 3])
        let files = try assets.map { try #require(try fixture.catalog.files(of: $0).first?.file) }
        try fixture.catalog.change("set") { try $0.set([.text(.title, "Mine")], of: [assets[1]]) }
        try fixture.catalog.change("clear", kind: .decision) {
            try $0.add(artist: "Josh", .clear, in: nil, by: nil)
            try $0.decide(NewDecision(.cleared, purpose: .exhibit, by: "Josh"), about: [assets[0]])
        }
        for _ in 0..<2 {
            let last = try #require(try fixture.catalog.log(limit: 1).first)
            try fixture.catalog.undo(last, command: "undo")
        }
        func joined(_ first: Int, _ second: Int, as role: FileRole) throws -> JoinOutcome {
            let run = try fixture.catalog.beginImport(
                source: Path("/shoot"), command: "import", session: nil, tags: [])
            defer { _ = try? run.finish(ImportCounts()) }
            return try run.join(
                PartsToJoin([
                    .init(
                        asset: assets[first], file: files[first], role: .original, position: 1, because: nil),
                    .init(asset: assets[second], file: files[second], role: role, position: 2, because: "x"),
                ])
            )
        }
        func isApart(_ outcome: JoinOutcome) -> Bool { if case .apart = outcome { true } else { false } }
        #expect(isApart(try joined(2, 1, as: .segment)), "somebody gave it a title")
        #expect(isApart(try joined(0, 2, as: .segment)), "the first was cleared as it is")
        #expect(try joined(0, 2, as: .companion) == .joined([.photo]), "a companion does not leave")
        #expect(try fixture.catalog.count(try Query.parse("all")) == 2)
    }

    @Test("frames of one camera that follow at once by number and fraction of a second are a burst")
    func bursts() throws {
        func size(_ frames: [Frame]) throws -> Int {
            try imported(frames).0.catalog.count(try Query.parse("is:burst"))
        }
        let burst = (0..<4).map { Frame(name: "IMG_100\($0).JPG", milliseconds: 120 * Int64($0) + 7) }
        #expect(try size(burst) == 4)
        #expect(try size(Array(burst.prefix(2))) == 0, "two are no burst")
        #expect(
            try size(
                burst.map {
                    var slow = $0; slow.milliseconds *= 9; return slow
                }) == 0, "too slow")
        #expect(
            try size(
                burst.map {
                    var whole = $0; whole.milliseconds = 0; return whole
                }) == 0,
            "clocks without fractions prove nothing"
        )
        #expect(
            try size(
                burst.map {
                    var unknown = $0; unknown.serial = nil; return unknown
                }) == 0)
        var gap = burst
        gap[1].name = "IMG_2001.JPG"
        #expect(try size(gap) == 0, "numbers that do not follow")
        let (fixture, _) = try imported(burst + [Frame(name: "IMG_1004.JPG", milliseconds: 5_000)])
        let first = try #require(try fixture.catalog.find(try Query.parse("name:IMG_1000")).first?.asset)
        #expect(try fixture.catalog.count(try Query.parse("burst:\(first.shortName)")) == 4)
        #expect(try fixture.catalog.frames(ofBurst: try #require(first.burst)).first == first.id)
    }
}
