import Chance
import Files
import Testing

@testable import Export

@Suite("Words and seals")
struct WordTests {
    @Test(
        "become file names that every disk and manifest takes",
        arguments: [
            ("A figure on the ridge", "a-figure-on-the-ridge"), ("  Don’t look — back! ", "dont-look-back"),
            ("Ærøskøbing Straße", "aeroskobing-strasse"),
            ("Nguye\u{302}\u{303}n Tiếng Việt", "nguyen-tieng-viet"),
            ("ŁÓDŹ İstanbul Þór", "lodz-istanbul-thor"), ("100 % of\r\nit", "100-of-it"),
            ("../..", "untitled"),
            ("", "untitled"), ("日本", "untitled"), ("🎸", "untitled"), ("CON", "con"), ("a\u{0}b", "a-b"),
            (String(repeating: "x", count: 300), String(repeating: "x", count: 60)),
        ]
    )
    func slugs(title: String, slug: String) {
        #expect(Slug.of(title) == slug)
    }

    @Test("of any title stay within sixty letters, digits and hyphens", arguments: 0..<200)
    func anySlug(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let scalars = (0..<Int.random(in: 0...90, using: &random)).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0...0x2FFFF, using: &random))
        }
        let slug = Slug.of(String(String.UnicodeScalarView(scalars)))
        #expect((1...60).contains(slug.utf8.count), "seed \(seed)")
        #expect(
            slug.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D },
            "seed \(seed)"
        )
    }

    @Test("lose what a screen would obey, and keep what it shows")
    func lines() {
        #expect(PublicText.line("  a\u{202E}b\tc\n d\u{0}e ") == "ab c d e")
        #expect(PublicText.line("\u{200B}\n") == nil)
        #expect(PublicText.line("👩\u{200D}🎤 غروب") == "👩\u{200D}🎤 غروب")
        #expect(PublicText.paragraphs("one\ntwo\r\n\r\n\r\nthree\n") == ["one\ntwo", "three"])
    }

    @Test("in a spreadsheet never calculate")
    func formulas() {
        var table = CSV(columns: ["a"])
        for cell in ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "＝1", "a=1", "say \"no\", twice", "x\ny"] {
            table.append([Wording(cell)])
        }
        #expect(
            table.wording.text
                == "a\r\n'=1+1\r\n'+1\r\n'-1\r\n'@x\r\n' =1\r\n'\t=1\r\n'＝1\r\na=1\r\n\"say \"\"no\"\", twice\"\r\n\"x\ny\"\r\n"
        )
        #expect(table.file.bytes.starts(with: [0xEF, 0xBB, 0xBF]))
    }

    @Test("for days and sizes are those a person uses")
    func measures() {
        #expect(PlainDate(milliseconds: 1_463_162_400_123).words == "13 May 2016")
        #expect(PlainDate(milliseconds: 1_463_162_400_123).instant8601 == "2016-05-13T18:00:00+00:00")
        #expect(PlainDate(milliseconds: -1).day8601 == "1969-12-31")
        #expect(PlainDate(milliseconds: 951_782_400_000).words == "29 February 2000")
        let days = [1_463_011_200_000, 1_463_162_400_000, 1_465_840_800_000, 1_420_070_400_000].map {
            PlainDate(milliseconds: $0)
        }
        #expect(PlainDate.span(days[0], days[1]) == "12–13 May 2016")
        #expect(PlainDate.span(days[1], days[2]) == "May–June 2016")
        #expect(PlainDate.span(days[3], days[1]) == "2015–2016")
        #expect(PlainDate.span(days[1], days[1]) == "13 May 2016")
        #expect(Measure.centimetres(60) == "60" && Measure.centimetres(60.55) == "60.6")
        #expect(Measure.inches(centimetres: 60) == "23.6" && Measure.inches(centimetres: 25.4) == "10.0")
        #expect(
            Measure.duration(12.4) == "0:12" && Measure.duration(3723) == "1:02:03"
                && Measure.duration(.nan) == ""
        )
        #expect(Measure.bytes(24_600_000) == "24.6 MB" && Measure.bytes(999) == "999 bytes")
    }

    @Test("are encoded as RFC 4648 has it")
    func encoding() {
        let vectors = [
            "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "foobar": "Zm9vYmFy",
        ]
        for (plain, encoded) in vectors { #expect(base64(Array(plain.utf8)) == encoded) }
        #expect("<a href=\"x\">'&".escaped == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;")
    }

    // MARK: Seals

    @Test("of a folder are those that ASC MHL's own tool makes")
    func folderDigests() throws {
        // ascmhl 1.2 over: a.txt "hello\n", sub/b.txt "hello\n", sub/empty.txt "".
        let hello = Digests(of: Array("hello\n".utf8)).xxh128
        let empty = Digests(of: []).xxh128
        #expect(
            hello.hex == "6bba86c7e069f56d5a10b435f1c8e49c" && empty.hex == "99aa06d3014798d86001c324468d497f"
        )
        let tree = FolderDigests([("a.txt", hello), ("sub/b.txt", hello), ("sub/empty.txt", empty)])
        let sub = try #require(tree.folders.first)
        #expect(tree.folders.count == 1 && sub.path == "sub")
        #expect(sub.digest.content.hex == "bc7f98519dbbc522caf43b9b5dd4065c")
        #expect(sub.digest.structure.hex == "d81589a1b5b9cd8905835be60d686c62")
        #expect(tree.root.content.hex == "3c740675089b928dfd53f6449e5f1023")
        #expect(tree.root.structure.hex == "23e55828e098f4ac57bfd816cb104995")
        #expect(FolderDigests([]).root.content == empty)
    }

    @Test("write BagIt's three characters as codes, and read them either way")
    func percentCodes() {
        let file = SealedFile(path: "data/50%\n.txt", Array("x".utf8))
        let manifest = BagManifest(Bag.manifest([file]).bytes)
        #expect(manifest.faults.isEmpty)
        #expect(manifest.entries.map(\.path) == [Path("data/50%25%0A.txt")])
        #expect(
            BagManifest.meant(Path("data/50%25%0A.txt"), among: [Path("data/50%\n.txt")])
                == Path("data/50%\n.txt")
        )
        #expect(
            BagManifest.meant(Path("data/50%25.txt"), among: [Path("data/50%25.txt")])
                == Path("data/50%25.txt")
        )
    }

    @Test("that point out of the bag, or name a file twice, are faults")
    func badManifests() {
        let digest = String(repeating: "a", count: 64)
        let text =
            "\(digest)  data/a\n\(digest)  data/../../x\n\(digest)  /etc/passwd\n\(digest)  data/a\nnonsense\n\(digest) *./data/b\n"
        let manifest = BagManifest(Array(text.utf8))
        #expect(manifest.entries.map(\.path) == [Path("data/a"), Path("data/b")])
        #expect(manifest.faults.count == 4)
    }

    @Test("are read from XML as it is written by hand, and nothing else is")
    func xml() throws {
        let text =
            "<?xml version=\"1.0\"?>\n<!-- x --><m:a xmlns:m='u' k = \"1 &lt; 2\"> <b>x &amp; &#x41;</b><b/> t </m:a>\n"
        let root = try #require(XMLElement(document: Array(text.utf8)))
        #expect(root.name == "a" && root.attributes["k"] == "1 < 2" && root.text == "t")
        #expect(root.all("b").map(\.text) == ["x & A", ""])
        let deep = String(repeating: "<a>", count: 5000) + String(repeating: "</a>", count: 5000)
        let entities = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"
        for bad in ["", "<a>", "<a></b>", "<a>&x;</a>", "<a b></a>", "<a/><b/>", deep, entities] {
            #expect(XMLElement(document: Array(bad.utf8)) == nil, "\(bad.prefix(40))")
        }
        #expect(XMLElement(document: [0x3C, 0xFF, 0x3E]) == nil)
    }

    @Test(
        "divide pictures into rows in their order, each in one, none far from the wanted height",
        arguments: 0..<100
    )
    func rows(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let ratios = (0..<Int.random(in: 0...60, using: &random)).map { _ in
            Double.random(in: 0.6...2.4, using: &random)
        }
        let rows = JustifiedRows.of(ratios)
        #expect(rows.flatMap { $0 } == Array(ratios.indices), "seed \(seed)")
        for row in rows where ratios.count > 8 {
            let sum = row.reduce(0) { $0 + ratios[$1] }
            #expect((2.6...7).contains(sum), "seed \(seed): \(sum)")
        }
    }
}
