import Chance
import Glibc
import Testing

@testable import valhalla

@Suite("The terminal", .serialized)
struct TerminalTests {
    @Test(
        "Wide characters, marks and emoji take the room that a terminal gives them",
        arguments: [
            ("L1002341.DNG", 12), ("", 0), ("Æ", 1), ("e\u{301}", 1), ("東京", 4), ("한국", 4), ("한", 2),
            ("ｆｕｌｌ", 8), ("★★★★", 4), ("👩‍🎤", 2), ("🇬🇧", 2), ("👍🏽", 2), ("❤️", 2), ("👨‍👩‍👧‍👦", 2), ("a\u{200D}b", 2),
            ("“–…×−", 5), ("नमस्ते", 4), ("\u{202E}x", 1),
        ]
    )
    func widths(text: String, columns: Int) {
        #expect(text.displayWidth == columns)
    }

    @Test("The system’s own table of widths agrees on a sample of every block")
    func agreement() throws {
        // The header hides wcwidth from Swift.
        let symbol = try #require(dlsym(dlopen(nil, RTLD_NOW), "wcwidth"))
        let wcwidth = unsafeBitCast(symbol, to: (@convention(c) (wchar_t) -> Int32).self)
        guard setlocale(LC_CTYPE, "C.UTF-8") != nil else { return }
        defer { setlocale(LC_CTYPE, "C") }
        var differing: [String] = []
        var compared = 0
        for value in stride(from: UInt32(0x20), to: 0x3_0000, by: 7) {
            guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory != .unassigned else {
                continue
            }
            let category = scalar.properties.generalCategory
            guard ![.privateUse, .surrogate, .format, .control].contains(category) else { continue }
            let theirs = Int(wcwidth(wchar_t(value)))
            guard theirs >= 0 else { continue }
            compared += 1
            let ours = String(Character(scalar)).displayWidth
            if ours != theirs { differing.append("U+\(String(value, radix: 16)) \(ours) \(theirs)") }
        }
        #expect(compared > 10_000)
        // The library's Unicode is some years behind, and gives spacing marks of a few scripts no room.
        #expect(differing.count * 200 < compared, "\(differing.prefix(40))")
    }

    @Test("Texts are cut with an ellipsis, never through a character")
    func clipping() {
        #expect("A figure on the ridge".clipped(to: 8) == "A figur…")
        #expect("short".clipped(to: 5) == "short")
        #expect("東京都庁".clipped(to: 6) == "東京…")
        #expect("👩‍🎤👩‍🎤👩‍🎤".clipped(to: 5) == "👩‍🎤👩‍🎤…")
        #expect("abc".clipped(to: 1) == "…")
        #expect("abc".clipped(to: 0) == "")
        #expect("東".padded(to: 4) == "東  ")
        #expect("7".padded(to: 3, .right) == "  7")
    }

    @Test("Cut texts are never wider than they may be", arguments: 0..<100)
    func clippingHolds(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let alphabet = Array("aé東👩‍🎤 …\u{301}ह한🇬🇧")
        let text = String(
            (0..<Int.random(in: 0...30, using: &random)).compactMap { _ in
                alphabet.randomElement(using: &random)
            }
        )
        let room = Int.random(in: 1...20, using: &random)
        #expect(text.clipped(to: room).displayWidth <= room, "seed \(seed): \(text)")
    }

    @Test("Lines are broken at spaces")
    func wrapping() {
        #expect(
            "a man stands where the ridge ends".wrapped(to: 12) == [
                "a man stands", "where the", "ridge ends",
            ]
        )
        #expect("one\ntwo".wrapped(to: 12) == ["one", "two"])
        #expect("incomprehensibilities of it".wrapped(to: 6) == ["incomprehensibilities", "of it"])
    }

    // MARK: Tables

    private func table(columns: Int?, _ rows: [[Table.Cell]]) -> String {
        let sink = Sink(descriptor: nil, isTerminal: columns != nil, columns: columns)
        let table = Table([.init("ID"), .init("NAME", yields: true), .init("SIZE", .right)], to: sink)
        for row in rows { table.add(row) }
        table.finish()
        return sink.text
    }

    @Test("Columns are aligned by what is seen, and no line ends in spaces")
    func aligned() {
        let text = table(
            columns: nil,
            [
                ["3f9a2c1", "東京.DNG", "24.6 MB"], ["8d11e09", "Pre\u{301}s.JPG", "9 MB"],
                ["77b01de", "", ""],
            ]
        )
        #expect(
            text == """
                ID       NAME         SIZE
                3f9a2c1  東京.DNG  24.6 MB
                8d11e09  Pre\u{301}s.JPG     9 MB
                77b01de

                """
        )
    }

    @Test("On a terminal the column that may gives way; in a pipe nothing is cut")
    func narrow() {
        let row: [Table.Cell] = ["3f9a2c1", "A figure on the ridge, seen from below", "24.6 MB"]
        let text = table(columns: 40, [row])
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 40 })
        #expect(text.contains("A figure on the ridge…  24.6 MB"))
        #expect(table(columns: nil, [row]).contains("A figure on the ridge, seen from below  24.6 MB"))
    }

    @Test("No line is wider than the terminal, whatever is in it", arguments: 0..<60)
    func neverWraps(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let room = Int.random(in: 10...100, using: &random)
        let rows = (0..<5).map { _ in
            (0..<3).map { _ in
                Table.Cell(
                    String(
                        repeating: ["x", "東", "👩‍🎤"].randomElement(using: &random) ?? "x",
                        count: Int.random(in: 0...60, using: &random)
                    )
                )
            }
        }
        for line in table(columns: room, rows).split(separator: "\n") {
            #expect(String(line).displayWidth <= room, "seed \(seed)")
        }
    }

    @Test("A cell cannot hold a command for the terminal")
    func cells() {
        #expect(Table.Cell("\u{1B}]0;gone\u{7}").text == "\\x1b]0;gone\\x07")
    }

    @Test("A table without rows has no head")
    func empty() {
        #expect(table(columns: nil, []) == "")
    }

    // MARK: Colour

    @Test("Colour is for terminals that want it")
    func colour() {
        let plain = Sink(descriptor: nil)
        #expect(plain.paint("held", .bad) == "held")
        let coloured = Sink(descriptor: nil, isTerminal: true, columns: 80, hasColour: true)
        #expect(coloured.paint("held", .bad) == "\u{1B}[31mheld\u{1B}[0m")
        #expect(coloured.paint("", .bad) == "")
        #expect(!Sink.standard(STDOUT_FILENO, environment: ["NO_COLOR": "1"]).hasColour)
        #expect(!Sink.standard(STDOUT_FILENO, environment: ["TERM": "dumb"]).hasColour)
    }

    // MARK: Progress

    /// A clock that the test sets.
    private final class Clock {
        var now: Int64 = 0
    }

    private func bar(columns: Int) -> (ProgressBar, Sink, Clock) {
        let sink = Sink(descriptor: nil, isTerminal: true, columns: columns)
        let clock = Clock()
        return (ProgressBar("copied and verified", on: sink, clock: { clock.now }), sink, clock)
    }

    @Test("The bar tells how far it is, how quick, and how long still")
    func progress() throws {
        let (bar, sink, clock) = bar(columns: 130)
        bar.show(.init(done: 1, total: 430, bytes: 7_400_000, totalBytes: 9_800_000_000))
        clock.now = 2_000
        bar.show(.init(done: 28, total: 430, bytes: 643_400_000, totalBytes: 9_800_000_000))
        let last = try #require(sink.text.split(separator: "\r").last)
        #expect(last.hasPrefix("\u{1B}[K  copied and verified   ━━──"))
        #expect(last.hasSuffix("  28 of 430   643 MB   318 MB/s   29 s left"))
        clock.now = 31_000
        bar.show(.init(done: 430, total: 430, bytes: 9_800_000_000, totalBytes: 9_800_000_000))
        bar.finish()
        #expect(
            sink.text.hasSuffix("\r\u{1B}[K  copied and verified   430 of 430   9.8 GB   316 MB/s   31 s\n")
        )
    }

    @Test("The bar is drawn at most ten times a second")
    func calm() {
        let (bar, sink, clock) = bar(columns: 80)
        for step in 0..<1_000 {
            clock.now = Int64(step)
            bar.show(.init(done: step, total: 1_000))
        }
        #expect(sink.text.count(where: { $0 == "\r" }) == 10)
    }

    @Test("The bar never wraps", arguments: [1, 5, 10, 20, 30, 40, 60, 80, 200])
    func fits(columns: Int) {
        let (bar, sink, clock) = bar(columns: columns)
        bar.show(.init(done: 0, total: 43_000, bytes: 0, totalBytes: 9_800_000_000))
        clock.now = 5_000
        bar.show(.init(done: 331, total: 43_000, bytes: 7_400_000_000, totalBytes: 9_800_000_000))
        for line in sink.text.split(separator: "\r") {
            #expect(String(line.replacing("\u{1B}[K", with: "")).displayWidth < max(columns, 2), "\(line)")
        }
    }

    @Test("Where nobody watches, nothing is drawn")
    func silent() {
        let sink = Sink(descriptor: nil)
        let bar = ProgressBar("read", on: sink, clock: { 0 })
        bar.show(.init(done: 1, total: 2))
        bar.finish()
        #expect(sink.text == "")
    }
}

extension Sink {
    /// What was written.
    var text: String {
        flush()
        return String(decoding: collected, as: UTF8.self)
    }
}
