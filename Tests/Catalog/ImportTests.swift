import Catalog
import Files
import MediaProtocol
import Testing

@Suite("What an import records")
struct ImportTests {
    let fixture: CatalogFixture
    var catalog: Catalog { fixture.catalog }

    init() throws {
        fixture = try CatalogFixture()
    }

    @Test("is an asset that its digest names, with what its file says")
    func asset() throws {
        let id = try #require(
            try fixture.importing([1], session: "Desert", tags: ["tour"]) { _, reading in
                reading.title = "A figure on the ridge"
                reading.model = "Leica M"
                reading.exposure = Rational(10, 2_500)
                reading.keywords = ["people/Iggy Pop", " / "]
                reading.people = ["Josh Homme"]
                reading.rating = 4
            }.first)
        #expect(try catalog.resolve(String(CatalogFixture.digests(1).sha256.hex.prefix(7))) == id)
        let asset = try catalog.asset(id)
        #expect(asset.title == "A figure on the ridge")
        #expect(asset.exposure == "1/250")
        #expect(asset.rating == 4)
        #expect(
            try catalog.tags(of: id).map(\.description) == ["people/Iggy Pop", "people/Josh Homme", "tour"])
        #expect(try catalog.sessions(of: id) == ["Desert"])
    }

    @Test("again is nothing: no change, no row in the log")
    func again() throws {
        let first = try fixture.importing([1, 2], session: "Desert", tags: ["tour"])
        let log = try catalog.log().count
        let run = try catalog.beginImport(
            source: Path("/shoot"), command: "import", session: "Desert", tags: [try TagPath("tour")])
        try run.finish(ImportCounts())
        #expect(try catalog.log().count == log)
        #expect(try catalog.asset(first[0]).name == "L1001.JPG")
    }

    @Test("of a content that lies elsewhere already is a second copy of the same asset")
    func double() throws {
        let first = try #require(try fixture.importing([1]).first)
        let run = try catalog.beginImport(source: Path("/b"), command: "import /b", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:2", name: "SHOOT-B", mount: Path("/mnt/b"))
        let outcome = try #require(
            try run.record(
                groups: [CatalogFixture.photograph(1, volume: volume, name: "copy.jpg")], strays: []
            ).first)
        #expect(outcome.asset == first)
        #expect(!outcome.isNewAsset)
        #expect(outcome.files == [.double])
        #expect(try catalog.files(of: first).first?.copies.map(\.volumeName) == ["SHOOT-A", "SHOOT-B"])
    }

    @Test("gives known copies in byte order, with names that are not UTF-8 in their place")
    func order() throws {
        let run = try catalog.beginImport(source: Path("/"), command: "import /", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:1", name: "A", mount: Path("/"))
        let names: [[UInt8]] = [
            Array("s/a.jpg".utf8), Array("s/a/b.jpg".utf8), [0x73, 0x2F, 0x62, 0xFF], Array("s/c\u{e9}".utf8),
            Array("s/ce\u{301}".utf8), Array("t/z".utf8), [0x73, 0x2F, 0xFE], Array("s0".utf8),
        ]
        let groups = names.enumerated().map { index, bytes in
            GroupRecord(
                kind: nil, asset: nil, name: "", reading: nil, unreadable: nil,
                files: [
                    FileRecord(
                        role: .sidecar, name: "", content: CatalogFixture.content(index),
                        copies: [
                            CopyRecord(
                                volume: volume, path: Path(bytes: bytes), kind: .archive,
                                identity: CatalogFixture.identity(index), checkedAt: nil, existing: nil)
                        ])
                ])
        }
        _ = try run.record(groups: groups, strays: [])
        let known = try catalog.knownCopies(volume: volume, below: Path("s"))
        var paths: [Path] = []
        while let copy = try known.next() { paths.append(copy.path) }
        let expected = names.map(Path.init(bytes:)).filter { $0.relative(to: Path("s")) != nil }.sorted()
        #expect(paths == expected)
        #expect(paths.count == 6)
    }

    @Test("tells a file that moved from one that is missing")
    func movedAndMissing() throws {
        try fixture.importing([1, 2])
        let run = try catalog.beginImport(source: Path("/shoot"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:1", name: "SHOOT-A", mount: Path("/"))
        var gone: [Int64] = []
        let known = try catalog.knownCopies(volume: volume, below: Path("shoot"))
        while let copy = try known.next() { gone.append(copy.id) }
        fixture.now += 10_000
        _ = try run.record(
            groups: [CatalogFixture.photograph(1, volume: volume, name: "renamed.jpg")], strays: [])
        let outcome = try run.missing(copies: gone)
        #expect(outcome == (moved: 1, missing: 1))
        let first = try catalog.resolve(CatalogFixture.digests(1).sha256.hex)
        #expect(try catalog.files(of: first).first?.copies.map(\.path) == [Path("shoot/renamed.jpg")])
        let second = try catalog.resolve(CatalogFixture.digests(2).sha256.hex)
        #expect(try catalog.files(of: second).first?.copies.map(\.finding) == ["missing"])
    }

    @Test("keeps a person's words when the file is read again, and the file's new word beneath them")
    func editsOutlast() throws {
        let asset = try #require(try fixture.importing([1]) { $1.title = "first" }.first)
        try catalog.change("set title=mine") { try $0.set([.text(.title, "mine")], of: [asset]) }
        let run = try catalog.beginImport(source: Path("/shoot"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:1", name: "SHOOT-A", mount: Path("/"))
        var group = CatalogFixture.photograph(1, volume: volume) { $0.title = "second" }
        group.asset = asset
        _ = try run.record(groups: [group], strays: [])
        #expect(try catalog.asset(asset).title == "mine")
        try catalog.change("set title=") { try $0.set([.clear(.title)], of: [asset]) }
        #expect(try catalog.asset(asset).title == "second")
    }

    @Test("does not bring back a keyword of the file that a person took away")
    func removedKeyword() throws {
        let asset = try #require(try fixture.importing([1]) { $1.keywords = ["wrong"] }.first)
        try catalog.change("tag remove wrong") { try $0.remove(tags: [try TagPath("wrong")], from: [asset]) }
        let run = try catalog.beginImport(source: Path("/shoot"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:1", name: "SHOOT-A", mount: Path("/"))
        var group = CatalogFixture.photograph(1, volume: volume) { $0.keywords = ["wrong"] }
        group.asset = asset
        _ = try run.record(groups: [group], strays: [])
        #expect(try catalog.tags(of: asset) == [])
    }

    private func pair(_ volume: Int64, in folder: String) -> GroupRecord {
        var group = CatalogFixture.photograph(1, volume: volume, name: "L1.DNG")
        group.files[0].copies[0].path = Path("\(folder)/L1.DNG")
        group.files.append(
            FileRecord(
                role: .companion, name: "L1.JPG", content: CatalogFixture.content(2),
                copies: [
                    CopyRecord(
                        volume: volume, path: Path("\(folder)/L1.JPG"), kind: .archive,
                        identity: CatalogFixture.identity(2), checkedAt: nil, existing: nil)
                ]))
        return group
    }

    @Test(
        "of a JPEG alone, whose raw file is elsewhere, is a second copy of the pair and no asset of its own")
    func companionAlone() throws {
        let run = try catalog.beginImport(source: Path("/a"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:1", name: "A", mount: Path("/"))
        let first = try run.record(groups: [pair(volume, in: "a")], strays: [])
        let alone = try run.record(
            groups: [CatalogFixture.photograph(2, volume: volume, name: "L1.JPG")], strays: [])
        #expect(alone[0].asset == first[0].asset)
        let files = try catalog.files(of: try #require(first[0].asset))
        #expect(files.map(\.role) == [.original, .companion])
        #expect(files[1].copies.count == 2)
    }

    @Test("of a raw file that comes after its JPEG makes it the original of the same asset")
    func rawComesLater() throws {
        let jpeg = try #require(try fixture.importing([2]).first)
        let run = try catalog.beginImport(source: Path("/a"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:1", name: "SHOOT-A", mount: Path("/"))
        var group = pair(volume, in: "shoot")
        group.asset = jpeg
        let outcome = try run.record(groups: [group], strays: [])
        #expect(outcome[0].asset == jpeg)
        #expect(try catalog.files(of: jpeg).map(\.role) == [.original, .companion])
        #expect(try catalog.asset(jpeg).digest == CatalogFixture.digests(1).sha256)
    }

    @Test(
        "of another picture's bytes at a known path is that other picture, and two assets never share an original"
    )
    func overwrittenByAnother() throws {
        let assets = try fixture.importing([1, 2])
        let run = try catalog.beginImport(source: Path("/shoot"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:1", name: "SHOOT-A", mount: Path("/"))
        var group = CatalogFixture.photograph(2, volume: volume, name: "L1001.JPG")
        group.asset = assets[0]
        #expect(try run.record(groups: [group], strays: [])[0].asset == assets[1])
        #expect(try catalog.files(of: assets[1]).first?.copies.count == 2)
        #expect(try catalog.files(of: assets[0]).first?.copies.isEmpty == true)
    }
}
