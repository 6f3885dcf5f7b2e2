import Foundation
import MediaProtocol
import Testing

@Suite("Pages")
struct PaperTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    static let hasTools = ["qpdf", "pdftotext", "pdffonts"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }

    private func order(_ name: String, _ blocks: [PaperBlock], adjust: (inout PaperOrder) -> Void = { _ in })
        -> PaperOrder
    {
        var order = PaperOrder(
            destination: Array(scratch.path(name).utf8), size: .a4, title: "Title", date: 1_463_162_400_000,
            blocks: blocks)
        order.footer = "Detroit wall"
        adjust(&order)
        return order
    }

    /// Draws pages and tells how many they are.
    private func draw(_ order: PaperOrder) throws -> Int {
        let reply = try #require(try ask([.paper(order)]).first)
        guard case .drawn(let pages) = reply else { throw ToolFailure(description: "\(reply)") }
        return pages
    }

    private func text(_ name: String) throws -> String {
        try tool("pdftotext", "-layout", scratch.path(name), "-")
    }

    private static func row(_ texts: String...) -> [PaperTable.Cell] { texts.map { .init([PaperText($0)]) } }

    @Test(
        "are whole, tagged, of the size that was asked for, with their fonts in them", .enabled(if: hasTools))
    func whole() throws {
        let blocks: [PaperBlock] = [
            .title("Checklist"), .paragraph(PaperText("Two lines\nof text", .body)),
            .facts([PaperFact("items", PaperText("2"))]),
            .table(PaperTable([.init("No.", 1), .init("Work", 5)], [Self.row("1", "The ridge")])),
        ]
        #expect(
            try draw(
                order("a.pdf", blocks) {
                    $0.size = .letter; $0.isLandscape = true
                }) == 1)
        try tool("qpdf", "--check", scratch.path("a.pdf"))
        let plain = try tool("qpdf", "--qdf", "--object-streams=disable", scratch.path("a.pdf"), "-")
        for part in ["/StructTreeRoot", "/Marked true", "/S /Table", "/S /TH", "/S /H1"] {
            #expect(plain.contains(part), "\(part)")
        }
        #expect(plain.contains("792") && plain.contains("612"))
        let fonts = try tool("pdffonts", scratch.path("a.pdf")).split(separator: "\n").dropFirst(2)
        #expect(!fonts.isEmpty && fonts.allSatisfy { $0.contains(" yes yes yes ") })
        let text = try text("a.pdf")
        for words in ["Checklist", "of text", "The ridge", "Detroit wall", "1 of 1"] {
            #expect(text.contains(words))
        }
    }

    @Test(
        "say the same bytes each time, and nothing of where or by whom they were drawn",
        .enabled(if: hasTools))
    func reproducible() throws {
        let blocks: [PaperBlock] = [.title("A"), .paragraph(PaperText("b"))]
        _ = try draw(order("a.pdf", blocks))
        _ = try draw(order("b.pdf", blocks))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path("a.pdf")))
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path("b.pdf"))) == bytes)
        let plain = try tool("qpdf", "--qdf", "--object-streams=disable", scratch.path("a.pdf"), "-")
        #expect(plain.contains("(20160513180000Z)"))
        for word in [
            scratch.folder, NSUserName(), ProcessInfo.processInfo.hostName, "/usr/", "/Author", "/Creator ",
        ] {
            #expect(!plain.contains(word), "\(word)")
        }
    }

    @Test("repeat a table’s head on each, keep rows whole, and leave no head alone", .enabled(if: hasTools))
    func breaks() throws {
        for lead in stride(from: 0.0, through: 700, by: 35) {
            let name = "\(lead).pdf"
            let rows = (1...60).map { Self.row("row\($0)", "one\ntwo\nlast\($0)") }
            let pages = try draw(
                order(
                    name,
                    [
                        .title("Table"), .space(lead), .heading("Section"),
                        .table(PaperTable([.init("HEADONE", 1), .init("HEADTWO", 3)], rows)),
                    ]))
            let sheets = try text(name).split(separator: "\u{0C}").filter { $0.contains("of \(pages)") }
            #expect(sheets.count == pages)
            for sheet in sheets {
                #expect(
                    sheet.contains("HEADONE") == sheet.contains("row"), "a head without rows, lead \(lead)")
                #expect(
                    !sheet.contains("Section") || sheet.contains("row1 "),
                    "a section without rows, lead \(lead)")
                for row in 1...60 where sheet.contains("row\(row) ") {
                    #expect(sheet.contains("last\(row)"), "row \(row) is torn, lead \(lead)")
                }
            }
        }
    }

    @Test(
        "show hostile words as they are, and lose none of a cell that is longer than a page",
        .enabled(if: hasTools))
    func hostile() throws {
        let long = (0..<700).map { "w\($0)" }.joined(separator: " ")
        let cells = [
            "<b>bold</b> &amp; \u{0}\u{7}\u{1B}[31m %s \\ ( ) %%EOF endobj",
            String(repeating: "x", count: 10_000),
            "שלום עולם", "漢字かな", "e\u{301}\u{202E}gpj.exe", long,
        ]
        let pages = try draw(
            order(
                "a.pdf", [.table(PaperTable([.init("", 1), .init("", 6)], cells.map { Self.row("•", $0) }))]
            ) {
                $0.mark = "NOT CLEARED"
            })
        #expect(pages > 1)
        try tool("qpdf", "--check", scratch.path("a.pdf"))
        let text = try text("a.pdf")
        #expect(text.contains("<b>bold</b> &amp;"))
        #expect(text.contains("漢字かな"))
        for word in ["w0", "w350", "w699"] { #expect(text.contains(word)) }
        #expect(!text.unicodeScalars.contains { $0.value == 0x202E || $0.value == 0x1B })
    }

    @Test(
        "carry a picture’s stream without its metadata, and go without one that is none",
        .enabled(if: hasTools))
    func pictures() throws {
        let ppm = scratch.path("a.ppm")
        let pixels = Pixels(width: 64, height: 48) { x, y in (UInt8(x), UInt8(y), 99) }
        try Data("P6 64 48 255\n".utf8 + pixels.bytes).write(to: URL(fileURLWithPath: ppm))
        try tool("vips", "copy", ppm, scratch.path("a.jpg"))
        try tool(
            "exiftool", "-q", "-overwrite_original", "-Artist=CANARY", "-GPSLatitude=12.5",
            scratch.path("a.jpg"))
        let broken = try scratch.write([0xFF, 0xD8, 0xFF, 0xC0, 0, 4], "broken.jpg")
        let paths = [scratch.path("a.jpg"), broken, "/nowhere.jpg", "/dev/zero", scratch.folder]
        let table = PaperTable(
            [.init("", 1), .init("", 1)],
            paths.map { [.init([], picture: Array($0.utf8)), .init([PaperText("x")])] })
        #expect(try draw(order("a.pdf", [.table(table)])) == 1)
        let plain = try tool("qpdf", "--qdf", "--object-streams=disable", scratch.path("a.pdf"), "-")
        #expect(plain.components(separatedBy: "/DCTDecode").count == 2)
        #expect(!plain.contains("CANARY") && !plain.contains("Exif"))
    }

    @Test("are refused where there is a file already, and where there is more to say than pages hold")
    func refusals() throws {
        _ = try scratch.write([1], "a.pdf")
        let there = try #require(try ask([.paper(order("a.pdf", [.title("A")]))]).first)
        #expect(try reason(there) == "the destination exists already")
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path("a.pdf"))) == Data([1]))
        let breaks = (0...PaperOrder.mostPages).flatMap { _ in [PaperBlock.title("A"), .pageBreak] }
        let many = try #require(try ask([.paper(order("b.pdf", breaks))]).first)
        #expect(try reason(many).contains("2000 pages"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("b.pdf")))
    }

    @Test("are ordered in one line, and come back from it as they were")
    func line() throws {
        let blocks: [PaperBlock] = [
            .title("A"), .heading("B"), .paragraph(PaperText("c\n\u{1}", .body)), .space(3), .pageBreak,
            .facts([PaperFact("d", PaperText("e", .code))]),
            .table(
                PaperTable(
                    [.init("f", 1.5, isRight: true), .init("", 2)],
                    [[.init([PaperText("g", .work)], picture: [0x2F, 0xFF]), .init([])]])),
        ]
        let order = order("a.pdf", blocks) {
            $0.mark = "NOT CLEARED"
            $0.isLandscape = true
        }
        #expect(try Request(line: Request.paper(order).line()) == .paper(order))
        #expect(try Reply(line: Reply.drawn(pages: 14).line()) == .drawn(pages: 14))
        // A row that is not as long as its head would be read under the wrong words.
        let torn =
            #"{"paper":{"destination":"/a","size":"a4","title":"","date":0,"blocks":[{"table":{"columns":[{"title":"","share":1}],"rows":[[]]}}]}}"#
        #expect(throws: ProtocolError.self) { try Request(line: torn.utf8) }
    }
}
