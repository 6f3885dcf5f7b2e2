import Chance
import Foundation
import MediaProtocol
import Testing
import Workers

/// The real reader, on manifests of every sort.
@Suite("The reader of offload manifests")
final class ManifestFileTests {
    let worker = Worker(.reader(in: Array(Bundle.main.bundleURL.path().utf8)))
    let file: URL

    init() {
        file = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString).mhl")
    }

    deinit {
        try? FileManager.default.removeItem(at: file)
    }

    /// All pages as one, or why there are none.
    private func read(_ bytes: some Sequence<UInt8>) throws -> Result<
        (page: ManifestPage, pages: Int), Refusal
    > {
        try Data(bytes).write(to: file)
        try worker.send(.manifest(path: Array(file.path(percentEncoded: false).utf8)))
        var all = ManifestPage(entries: [])
        var pages = 0
        while true {
            switch try worker.receive() {
            case .reply(.manifest(let page)):
                #expect(page.entries.count <= ManifestPage.mostEntries)
                all.entries += page.entries
                pages += 1
                guard let summary = page.summary else { continue }
                all.summary = summary
                return .success((all, pages))
            case .reply(.failed(let reason)), .lost(let reason): return .failure(Refusal(reason: reason))
            case .reply(let reply): return .failure(Refusal(reason: "\(reply)"))
            }
        }
    }

    private struct Refusal: Error, Equatable { let reason: String }

    private func refusal(_ text: String) throws -> String? {
        if case .failure(let refusal) = try read(text.utf8) { refusal.reason } else { nil }
    }

    @Test("reads what an ASC MHL says of its files and of itself")
    func list() throws {
        let (page, _) = try read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <m:hashlist version="2.0" xmlns:m="urn:ASC:MHL:v2.0"><m:creatorinfo>
            <m:creationdate>2016-05-03T18:00:00+02:00</m:creationdate><m:hostname>cart</m:hostname>
            <m:tool version="8.2">Silverstack &amp; Lab</m:tool><m:author email="a@b">Josh</m:author><m:author>Dean</m:author>
            <m:location>Rancho</m:location><m:comment>A &#x26; B</m:comment></m:creatorinfo>
            <m:processinfo><m:process>transfer</m:process><m:roothash><m:content><m:xxh64>00</m:xxh64></m:content></m:roothash>
            <m:ignore><m:pattern>.DS_Store</m:pattern></m:ignore></m:processinfo>
            <m:hashes><m:hash><m:path size="6">./a//b &lt;1&gt;.mov</m:path>
            <m:xxh64 action="original" hashdate="x">  e4c191d091bd8853 </m:xxh64><m:previousPath>b.mov</m:previousPath>
            <m:metadata><path>nothing</path><md5>nothing</md5></m:metadata></m:hash>
            <m:directoryhash><m:path>a</m:path><m:content><m:md5>0</m:md5></m:content></m:directoryhash></m:hashes>
            <m:references><m:hashlistreference><m:path>B/ascmhl/0001.mhl</m:path><m:c4>c4x</m:c4></m:hashlistreference>
            </m:references></m:hashlist>
            """.utf8
        ).get()
        #expect(
            page.entries == [
                ManifestEntry(
                    path: "a/b <1>.mov", size: 6, previousPath: "b.mov",
                    digests: [ManifestDigest(element: "xxh64", text: "e4c191d091bd8853", action: "original")])
            ])
        let summary = try #require(page.summary)
        #expect(summary.kind == .list)
        #expect(summary.tool == "Silverstack & Lab")
        #expect(summary.toolVersion == "8.2")
        #expect(summary.author == "Josh, Dean")
        #expect(summary.location == "Rancho")
        #expect(summary.comment == "A & B")
        #expect(summary.ignore == [".DS_Store"])
        #expect(summary.references.map(\.path) == ["B/ascmhl/0001.mhl"])
    }

    @Test("reads a legacy MHL, in whatever encoding expat knows")
    func legacy() throws {
        let text = """
            <hashlist version="1.0"><creatorinfo><username>josh</username><tool>Édit</tool>\
            <startdate>2012</startdate></creatorinfo>\
            <hash><file>é.mov</file><size>3</size><md5>00</md5><xxhash>5</xxhash><null/></hash></hashlist>
            """
        let latin = try #require(
            ("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + text).data(using: .isoLatin1))
        let wide = try #require(("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + text).data(using: .utf16))
        for bytes in [Data(text.utf8), latin, wide] {
            let (page, _) = try read(bytes).get()
            #expect(page.entries.first?.path == "é.mov")
            #expect(page.entries.first?.size == 3)
            #expect(page.entries.first?.digests.map(\.element) == ["md5", "xxhash", "null"])
            #expect(page.summary?.kind == .legacyList)
            #expect(page.summary?.author == "josh")
            #expect(page.summary?.created == "2012")
            #expect(page.summary?.tool == "Édit")
        }
    }

    @Test(
        "refuses what is no manifest, and says why",
        arguments: [
            ("", "is empty"), ("hello", "is not well formed at line 1"), ("<html/>", "is not a manifest"),
            ("<hashlist version=\"3.0\"/>", "is a manifest of a version that is not known here: 3.0"),
            (
                "<hashlist version=\"2.0\" xmlns=\"urn:other\"/>",
                "is a manifest of a version that is not known here"
            ),
            ("<hashlist version=\"1.1\"><hash>", "is not well formed at line 1"),
            (
                "<!DOCTYPE hashlist [<!ENTITY a \"b\">]><hashlist version=\"1.1\"/>",
                "declares a document type"
            ),
            (
                "<!DOCTYPE h SYSTEM \"file:///etc/passwd\"><hashlist version=\"1.1\"/>",
                "declares a document type"
            ),
            ("<hashlist version=\"1.1\">&secret;</hashlist>", "is not well formed at line 1"),
        ]
    )
    func refused(text: String, reason: String) throws {
        let found = try #require(try refusal(text))
        #expect(found.hasPrefix(reason), "\(found)")
    }

    @Test("is not led astray by nesting, by endless texts, or by entities that grow")
    func hostile() throws {
        let head = "<hashlist version=\"1.1\">"
        #expect(
            try refusal(head + String(repeating: "<a>", count: 100_000))?.contains("nested too deeply")
                == true)
        let long = String(repeating: "a", count: 100_000)
        #expect(
            try refusal(head + "<hash><file>\(long)</file></hash></hashlist>")?.contains("too long") == true)
        var laughs = "<!DOCTYPE l [<!ENTITY a0 \"ha\">"
        for level in 1...30 { laughs += "<!ENTITY a\(level) \"&a\(level - 1);&a\(level - 1);\">" }
        #expect(
            try refusal(laughs + "]>" + head + "&a30;</hashlist>")?.hasPrefix("declares a document type")
                == true)
        let paths = ["/a", "../a", "a/../b", "..", ".", "", "a/..", String(repeating: "a", count: 4_097)]
        let (page, _) = try read(
            (head + paths.map { "<hash><file>\($0)</file><md5>0</md5></hash>" }.joined() + "</hashlist>").utf8
        ).get()
        #expect(page.entries.isEmpty)
        #expect(page.summary?.refused == paths.count)
    }

    @Test("gives a list of a hundred thousand files in pages, in order and in little time")
    func long() throws {
        var text = "<hashlist version=\"1.1\">"
        for number in 0..<100_000 {
            text +=
                "<hash><file>A\(number / 1_000)/F\(number).MOV</file><size>\(number)</size>"
                + "<xxhash64be>e4c191d091bd8853</xxhash64be></hash>\n"
        }
        let start = ContinuousClock.now
        let (page, pages) = try read((text + "</hashlist>").utf8).get()
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(page.entries.count == 100_000)
        #expect(page.entries.enumerated().allSatisfy { $0.element.size == Int64($0.offset) })
        #expect(pages >= 200)
    }

    @Test("answers whatever stands in a manifest, and is there for the next", arguments: 0..<4)
    func random(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let whole = Array(
            """
            <?xml version="1.0" encoding="UTF-8"?><hashlist version="2.0" xmlns="urn:ASC:MHL:v2.0"><creatorinfo><tool>t</tool>\
            </creatorinfo><processinfo><ignore><pattern>a</pattern></ignore></processinfo><hashes><hash><path size="6">a</path>\
            <xxh64 action="original">e4c191d091bd8853</xxh64></hash></hashes><references><hashlistreference><path>b</path>\
            <c4>c</c4></hashlistreference></references></hashlist>
            """.utf8)
        for round in 0..<100 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
                default:
                    bytes.replaceSubrange(place..<min(place + 3, bytes.count), with: Array("<a>&#0;]]>".utf8))
                }
            }
            if case .failure(let refusal) = try read(bytes) {
                #expect(!refusal.reason.contains("crashed"), "seed \(seed), round \(round)")
                #expect(!refusal.reason.contains("longer than"), "seed \(seed), round \(round)")
            }
        }
        #expect(try read(whole).get().page.entries.count == 1)
    }
}
