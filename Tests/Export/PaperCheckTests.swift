import Chance
import Files
import Foundation
import MediaProtocol
import Testing
import Workers

@testable import Export

@Suite("Pages that leave")
struct PaperCheckTests {
    private let scratch: Scratch
    private let drawer = PaperDrawer(ExportFixture.media, FileAccess())

    init() throws { scratch = try Scratch("pages") }

    private func order(_ title: String) -> PaperOrder {
        var order = PaperOrder(
            destination: Array(scratch.path("letter.pdf").utf8), size: .a4, title: title,
            date: 1_463_162_400_000,
            blocks: [
                .title(title), .paragraph(PaperText("غروب 日本 🎸 & <b> e\u{301}\nTwo lines", .body)),
                .facts([PaperFact("1.", PaperText("Stop using it."))]),
                .table(
                    PaperTable(
                        [.init("File", 40), .init("SHA-256", 60)],
                        (1...80).map { [.init([PaperText("\($0)")]), .init([PaperText("ab12", .code)])] })),
            ])
        order.footer = "Recall"
        return order
    }

    private func kind(_ body: () throws -> Void) -> ExportError.Kind? {
        do {
            try body()
            return nil
        } catch { return (error as? ExportError)?.kind }
    }

    @Test(
        "say their title, the day they were told and nothing else beside their text",
        arguments: ["Recall R2016-0001", "غروب (7 \\ 7) – “é”", ""])
    func pass(title: String) throws {
        #expect(try drawer.draw(order(title)) >= 2)
    }

    @Test("stay at home with any other word beside their text")
    func leaks() throws {
        let order = order("Recall R2016-0001")
        try drawer.draw(order)
        let path = Path(bytes: order.destination)
        let file = URL(fileURLWithPath: scratch.path("letter.pdf"))
        let drawn = try Data(contentsOf: file)
        let worker = Worker(ExportFixture.media)
        #expect(kind { try drawer.hold(path, to: .paper(order), worker) } == nil)
        var other = order
        other.title = "Recall"
        #expect(kind { try drawer.hold(path, to: .paper(other), worker) } == .leak)
        other = order
        other.date += 1000
        #expect(kind { try drawer.hold(path, to: .paper(other), worker) } == .leak)
        for more in [
            "/Author (IMG_4171)", "/Creator <FEFF0049>", "(34.1)", "%IMG_4171\n", "IMG_4171", "/Metadata",
            "/EmbeddedFile", "/Meta#64ata 5 0 R", "/URI", "/Title (IMG)",
            "/Producer (cairo 1.2 \\(at home\\))",
        ] {
            try (drawn + Data("\n\(more)".utf8)).write(to: file)
            #expect(kind { try drawer.hold(path, to: .paper(order), worker) } == .leak, "\(more)")
        }
    }

    @Test("are inspected whatever they are made of", arguments: 0..<40)
    func hostile(seed: Int) throws {
        var random = SeededRandom(seed: seed)
        let pieces = [
            "(", ")", "<", ">", "<<", ">>", "/", "\\", "%", "\n", "stream", "endstream", "(((", "<FEFF", "a",
            " ",
            "/Title", "\u{0}", "é",
        ]
        let text = (0..<400).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        try (Data("%PDF-1.4".utf8) + Data(text.utf8)).write(to: URL(fileURLWithPath: scratch.path("a.pdf")))
        let worker = Worker(ExportFixture.media)
        try worker.send(.inspect(path: Array(scratch.path("a.pdf").utf8)))
        guard case .reply(.inspected) = try worker.receive() else {
            Issue.record("seed \(seed)")
            return
        }
    }
}
