import Catalog
import Chance
import Files
import Foundation
import MediaProtocol
import Testing

@testable import Export

@Suite("What a package may say")
struct SaidTests {
    // MARK: Words

    private func said(_ values: String...) -> SaidWords {
        var said = SaidWords()
        said.add(each: values)
        return said
    }

    @Test("is what was declared, said whole")
    func phrases() {
        var said = said("A figure on the ridge", "ridge at noon", "the kitchen", "34.5", "7")
        func left(_ text: String) -> [String] { said.unsaid(in: Array(text.utf8), .plain) }
        #expect(left("A figure on the ridge: ridge, at noon; 7") == [])
        // Two that share a word, one in the other.
        #expect(left("A figure on the ridge at noon") == [])
        #expect(left("A figure in the kitchen on the ridge") == ["A", "figure", "in", "on", "the", "ridge"])
        #expect(left("the ridge") == ["the", "ridge"])
        #expect(left("34.5 34.51 34 5 7 77 7.7") == ["34.51", "34", "5", "77", "7.7"])
        #expect(left("the Kitchen") == ["the", "Kitchen"])
        #expect(left("") == [] && left(" .,;:!? – “” × ·") == [])
        #expect(left("🎸 the kitchen \u{301}") == ["🎸", "\u{301}"])
    }

    @Test("takes a template’s own words as they stand in it, and no others")
    func literals() {
        let name = "L1002340.DNG"
        let page: Wording = "<img class=\"work\" alt=\"\(name)\"> by the artist"
        var said = SaidWords()
        said.add(literalsOf: page, .markup)
        #expect(said.unsaid(in: page.bytes, .markup) == ["L1002340", "DNG"])
        #expect(said.unsaid(in: Array("<img class=\"work\" alt=\"\">".utf8), .markup) == [])
        #expect(
            said.unsaid(in: Array("img work by artist".utf8), .markup) == ["img", "work", "by", "artist"])
    }

    @Test(
        "is held however it is written",
        arguments: [
            "&#73;MG_4171", "&#x49;MG", "%49MG%5F4171", "\\u0049MG", "IM&#71;", "&nbsp;", "SU1HXzQxNzE=",
            "494d475f34313731", "IＭＧ", "GMI_1714",
        ])
    func writings(text: String) {
        var said = said("a", "1", "2", "IMG", "4")
        #expect(said.unsaid(in: Array(text.utf8), .markup) != [], "\(text)")
    }

    @Test(
        "always passes, whatever the words: in an element, an attribute, a comment, a cell",
        arguments: 0..<200)
    func anyWords(seed: Int) {
        var random = SeededRandom(seed: seed)
        let values = (0..<4).compactMap { _ in PublicText.line(Hard.text(using: &random)) }
        var said = SaidWords()
        said.add(each: values)
        let joined = values.map { Wording($0) }.joined(separator: ". ")
        let page: Wording = """
            <p title="\(joined.escaped)">\(joined.escaped)</p><!--\(joined.escaped)-->
            \(values.map { "<li id=\"w-1\">\($0.escaped)</li>" as Wording }.joined())
            """
        var table = CSV(columns: ["No."])
        table.append(values.map { Wording($0) } + [joined])
        for (wording, writing) in [(page, SaidWords.Writing.markup), (table.file, .plain)] {
            said.add("1")
            said.add(literalsOf: wording, writing)
            #expect(said.unsaid(in: wording.bytes, writing) == [], "seed \(seed): \(values)")
        }
    }

    // MARK: Pages

    /// The texts of a package with what they may say, as if its pictures were made.
    private func refused(of package: Package) -> [String] {
        var made = MadeFiles()
        for (index, file) in package.files.enumerated() {
            made.sizes[file.path] = Int64(index * 977 + 12)
            made.digests[file.path] = Digests(of: Array(file.path.utf8)).sha256
            guard file.path.hasSuffix(".jpg") else { continue }
            made.pictures[file.path] = MadeFiles.Picture(
                width: 320 + index * 7, height: 200 + index * 11 % 400,
                color: file.path.hasSuffix("-512.jpg") && index % 2 == 0 ? "#7a6a5c" : nil)
        }
        var said = package.said(made)
        var refused: [String] = []
        for file in package.files {
            for name in file.path.split(separator: "/") {
                refused += said.unsaid(in: Array(name.utf8), .plain).map { "\(file.path): \($0)" }
            }
            guard case .text(let text) = file.rendering else { continue }
            let wording = text(made)
            let writing = SaidWords.Writing(ofFile: file.path)
            said.add(literalsOf: wording, writing)
            refused += said.unsaid(in: wording.bytes, writing).map { "\(file.path): \($0)" }
        }
        if case .bag(let info) = package.sealing {
            let files = [SealedFile(path: "data/index.html", Array("x".utf8))]
            let history = MediaHashList(of: Bag.payload, files: files, at: info.at)
            said.add(info, sealing: files, by: history)
            for (name, wording) in [
                ("bag-info.txt", Bag.info(info, payload: files)), ("0001.mhl", history.list),
                ("chain.xml", history.chain), ("manifest.txt", Bag.manifest(files)),
            ] {
                said.add(literalsOf: wording, SaidWords.Writing(ofFile: name))
                refused += said.unsaid(in: wording.bytes, SaidWords.Writing(ofFile: name)).map {
                    "\(name): \($0)"
                }
            }
        }
        return refused
    }

    private func reading(_ kind: MediaKind, using random: inout SeededRandom) -> Reading {
        var reading = Reading(format: kind == .photo ? "JPEG" : kind == .clip ? "MP4" : "WAV", kind: kind)
        func maybe() -> String? { Bool.random(using: &random) ? Hard.text(using: &random) : nil }
        reading.title = maybe()
        reading.caption = maybe()
        reading.creator = maybe()
        reading.credit = maybe()
        reading.copyright = maybe()
        reading.usageTerms = maybe()
        if Bool.random(using: &random) {
            reading.taken = WallTime(
                milliseconds: Int64.random(in: 1_400_000_000_000...1_470_000_000_000, using: &random),
                offsetMinutes: nil, source: "Exif")
        }
        if kind != .photo { reading.duration = Double.random(in: 0...9000, using: &random) }
        (reading.width, reading.height) = (640, 480)
        return reading
    }

    private func details(using random: inout SeededRandom) -> ItemDetails {
        var details = ItemDetails()
        func maybe(_ range: ClosedRange<Int>) -> Int? {
            Bool.random(using: &random) ? Int.random(in: range, using: &random) : nil
        }
        details.label = maybe(0...1).map { _ in
            Hard.text(using: &random) + "\n\n" + Hard.text(using: &random) + "\n" + Hard.text(using: &random)
        }
        details.medium = maybe(0...1).map { _ in Hard.text(using: &random) }
        details.heightCentimetres = maybe(1...5000).map { Double($0) / 7 }
        details.widthCentimetres = maybe(1...5000).map { Double($0) / 10 }
        details.edition = maybe(1...9)
        details.editionOf = maybe(9...20)
        details.proofs = maybe(0...3)
        return details
    }

    @Test("is enough for an exhibit of any works, cleared or not", arguments: 0..<24)
    func anyExhibit(seed: Int) throws {
        var random = SeededRandom(seed: seed)
        let fixture = try ExportFixture()
        let kinds: [MediaKind] = [.photo, .photo, .clip, .sound, .photo, .clip]
        let count = Int.random(in: 1...kinds.count, using: &random)
        let assets = try kinds.shuffled(using: &random).prefix(count).map {
            try fixture.undrawn(reading($0, using: &random))
        }
        try fixture.select(
            "Wall", note: Hard.text(using: &random) + "\n\n" + Hard.text(using: &random), assets)
        try fixture.catalog.change("describe") { change in
            for asset in assets where Bool.random(using: &random) {
                try change.describe(asset, inSelection: "Wall", as: details(using: &random))
            }
        }
        if Bool.random(using: &random) {
            try fixture.catalog.change("clear again", kind: .decision) {
                var clear = NewDecision(.cleared, purpose: .exhibit, by: "canary-decider")
                clear.terms.credit = Hard.text(using: &random)
                clear.terms.noCrop = true
                clear.terms.noRetouch = true
                clear.territory = Bool.random(using: &random) ? "CA" : nil
                clear.until = fixture.now + 1_000_000_000
                try $0.decide(clear, about: assets)
            }
        }
        for purpose in [Purpose.exhibit, .internal] {
            var request = fixture.request("/nowhere")
            request.house = Hard.text(using: &random)
            request.place = Bool.random(using: &random) ? Hard.text(using: &random) : nil
            let gated = try fixture.catalog.gate(
                selection: "Wall",
                GateQuestion(
                    purpose: purpose, recipient: Hard.text(using: &random), territory: "CA",
                    at: fixture.now + 1_000_000))
            try #require(!gated.cleared.isEmpty)
            let package = try ExhibitPreset.package(of: gated, request)
            #expect(refused(of: package) == [], "seed \(seed), \(purpose)")
        }
    }

    @Test("is enough for a review of any works", arguments: 0..<12)
    func anyReview(seed: Int) throws {
        var random = SeededRandom(seed: seed)
        let fixture = try ExportFixture()
        let assets = try [MediaKind.photo, .clip, .photo].prefix(1 + seed % 3).map {
            try fixture.undrawn(reading($0, using: &random))
        }
        try fixture.catalog.change("artists add") {
            try $0.add(artist: "J. R. “Bob” O’Neil & 7", .clear, in: nil, by: nil)
        }
        let purposes = seed % 2 == 0 ? [Purpose.press] : Purpose.allCases.filter { $0 != .internal }
        let gated = try fixture.catalog.gate(
            review: assets,
            ShowingQuestion(artist: "J. R. “Bob” O’Neil & 7", purposes: purposes, at: fixture.now))
        try #require(gated.shown.count == assets.count)
        let request = ReviewRequest(
            destination: Path("/nowhere"), code: "22AA-33BB", house: Hard.text(using: &random),
            note: seed % 3 == 0 ? nil : Hard.text(using: &random) + "\n\n" + Hard.text(using: &random),
            hasCaptions: seed % 4 < 2, day: "13 May 2016")
        let package = ReviewPackage(of: gated, request).package(of: gated, request)
        #expect(refused(of: package) == [], "seed \(seed)")
    }

    // MARK: Leaks

    /// Where a careless hand may put something.
    private static let places: [(name: String, file: String, write: @Sendable (String) -> Wording)] = [
        ("a page", "index.html", { "<p>\($0.escaped)</p>" }),
        ("an attribute", "index.html", { "<img alt=\"\($0.escaped)\">" }),
        ("a data attribute", "index.html", { "<a data-name='\($0.escaped)'></a>" }),
        ("a comment", "index.html", { "<!-- \($0.escaped) -->" }),
        ("a script", "index.html", { "<script>let a = {\"name\": \"\($0)\"};</script>" }),
        ("a style", "index.html", { "<style>p{content:\"\($0)\"}</style>" }),
        ("percent codes", "index.html", { "<a href=\"\(percent($0))\"></a>" }),
        ("references", "index.html", { "<p>\(references($0))</p>" }),
        ("a cell", "checklist.csv", { "1,\($0),2\r\n" }), ("plain words", "README.txt", { "So \($0)." }),
    ]

    private static func percent(_ text: String) -> String {
        text.utf8.map { "%" + String($0, radix: 16) }.joined()
    }

    private static func references(_ text: String) -> String {
        text.unicodeScalars.map { "&#\($0.value);" }.joined()
    }

    /// A wall of one cleared work beside a held one, and what nobody outside is to know.
    private func wall() throws -> (ExportFixture, GatedSelection, secrets: [String]) {
        let fixture = try ExportFixture()
        var reading = Reading(format: "JPEG", kind: .photo)
        reading.title = "The singer on the ridge"
        reading.caption = "A figure at the kitchen door, 34 and 116"
        let cleared = try fixture.undrawn(reading)
        // Each of its words may be said, and not together.
        reading.caption = "A figure on the door, the singer at the kitchen"
        reading.title = "The figure at the ridge"
        let held = try fixture.undrawn(reading)
        try fixture.select("Wall", [cleared, held], held: [held])
        let asset = try fixture.catalog.asset(cleared)
        let neighbour = try fixture.catalog.asset(held)
        let path = try #require(try fixture.file(of: cleared).text)
        let secrets = [
            asset.name, path, try #require(neighbour.title), try #require(neighbour.caption),
            "canary-session", "canary-tag/below", "canary-machine-name",
            Host.current().name ?? "thinkpad-t14",
            "34.1003", "-116.3", "2016-05-13 20:14:07", "4171233", NSHomeDirectory() + "/Desktop",
        ]
        return (fixture, try fixture.gated("Wall"), secrets)
    }

    private func write(
        _ fixture: ExportFixture, _ gated: GatedSelection, path: String, bag: Wording = "A wall",
        _ text: @escaping @Sendable (MadeFiles) -> Wording
    ) throws -> ExportError? {
        let outbox = try fixture.outbox()
        let request = fixture.request(outbox.path("exhibit"))
        let exhibit = Exhibit(gated, request, [])
        let package = Package(
            info: BagInfo(
                organization: ExportFixture.person, identifier: "2016-0007", description: bag, at: fixture.now
            ),
            files: [PackageFile(path: path, text)]
        ) { made in exhibit.said(gated, request, made) }
        do {
            _ = try Exporter(media: ExportFixture.media).write(
                package, to: request.destination, interruption: Interruption(), progress: { _ in })
            return nil
        } catch let error as ExportError {
            #expect(outbox.contents() == [], "\(error)")
            return error
        }
    }

    @Test("keeps a package at home whose page, table or text says anything else, wherever it stands")
    func leaks() throws {
        let (fixture, gated, secrets) = try wall()
        for (name, file, text) in Self.places {
            let kind = try write(fixture, gated, path: file) { _ in text("The singer on the ridge") }?.kind
            // Codes are no writing of ours, whatever they say.
            let isCode = ["percent codes", "references"].contains(name)
            #expect(kind == (isCode ? .leak : nil), "\(name)")
            for secret in secrets {
                let error = try write(fixture, gated, path: file) { _ in text(secret) }
                #expect(error?.kind == .leak, "\(name): “\(secret)” leaves")
                #expect(
                    error?.details.first?.hasPrefix("\(file)  “") == true, "\(String(describing: error))")
            }
        }
    }

    @Test("keeps a package at home whose bag says anything else")
    func bags() throws {
        let (fixture, gated, secrets) = try wall()
        for secret in secrets {
            let error = try write(fixture, gated, path: "index.html", bag: "A wall: \(secret)") { _ in "x" }
            #expect(error?.kind == .leak, "“\(secret)” leaves")
            #expect(
                error?.details.first?.hasPrefix("bag-info.txt  “") == true, "\(String(describing: error))")
        }
    }

    @Test("keeps a package at home in which a file or folder is called by anything else, or is listed so")
    func names() throws {
        let (fixture, gated, _) = try wall()
        for path in [
            "IMG_4171.JPG", "img_4171.jpg", "canary-session/index.html",
            "gallery/001_figure-at-the-ridge.jpg",
            "index.html~ 1", "gallery/Übung.jpg", "34.1003.txt", "gallery/117.jpg",
        ] {
            let error = try write(fixture, gated, path: path) { _ in "x" }
            #expect(error?.kind == .leak, "\(path) leaves")
            let places = error?.details.map { $0.split(separator: "  ").first ?? "" } ?? []
            #expect(places.contains("its name"), "\(path): \(places)")
            let isListed = !path.contains("~")
            #expect(places.contains { $0.hasSuffix(".mhl") } || !isListed, "\(path): \(places)")
            #expect(places.contains("manifest-sha256.txt") || !isListed, "\(path): \(places)")
        }
        #expect(
            try write(fixture, gated, path: "gallery/001_the-singer-on-the-ridge-512.jpg") { _ in "x" } == nil
        )
    }
}

/// Words that are hard to write and to read again.
enum Hard {
    private static let pieces = [
        "a", "The", "ridge", "7", "3.5", "12:30", "1/7", "&", "&amp;", "&#39;", "&#x41;", "&nbsp;", "<", ">",
        "<!--", "-->", "</script>", "\"", "'", "%", "%41", "%C3", "\\u0041", "é", "e\u{301}", "\u{301}",
        "غروب", "日本",
        "🎸", "👩\u{200D}🎤", "\u{200D}", "\u{202E}", "\u{FEFF}", "’", "“x”", "×", "–", "·", ",", ";", ".", ":",
        "-", "_",
        "=1+1", "\t", "\n", "\u{2028}", "©", "½", "ﬁ", "ß", "İ", "\u{E000}", "\u{0}", "\u{10FFFF}", " ", "  ",
    ]

    static func text(using random: inout SeededRandom) -> String {
        let count = Int.random(in: 0...20, using: &random) == 0 ? 600 : Int.random(in: 0...9, using: &random)
        return (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined(separator: Bool.random(using: &random) ? " " : "")
    }
}
