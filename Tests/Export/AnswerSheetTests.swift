import Catalog
import Foundation
import Testing

@testable import Export

@Suite("A table of answers")
struct AnswerSheetTests {
    private static let head = "review,proof,check,purpose,answer,comment,name"

    private func rows(_ text: String) throws -> [AnswerRow] { try AnswerSheet.rows(of: Array(text.utf8)) }

    @Test("is read as the page saves it")
    func plain() throws {
        let rows = try rows(
            "\u{FEFF}\(Self.head)\r\nK,1,pabc,exhibit,yes,\"no crop, \"\"please\"\"\",Anna\r\nK,2,pdef,exhibit,,,\r\n"
        )
        #expect(rows.count == 2 && rows[0].line == 2 && rows[1].line == 3)
        #expect(rows[0].comment == "no crop, \"please\"" && rows[0].name == "Anna" && rows[0].check == "pabc")
    }

    @Test(
        "is read as spreadsheets write it",
        arguments: [
            "review;proof;check;purpose;answer;comment;name\r\nK;1;pa;press;oui;là;Zoé\r\n",
            "sep=;\r\nreview;proof;check;purpose;answer;comment;name\r\nK;1;pa;press;oui;là;Zoé",
            "name\tcomment\tanswer\tpurpose\tcheck\tproof\treview\nZoé\tlà\toui\tpress\tpa\t1\tK\n",
            "Review , Proof,Check,PURPOSE,Answer,Comment,Name,\rK,1,pa,press,oui,là,Zoé,\r,,,,,,,\r\r",
            "review,proof,check,extra,purpose,answer,comment,name\n\nK,1,pa,?,press,oui,là,Zoé\n , ,,,,,,\n",
        ])
    func habits(text: String) throws {
        var latin = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        if text.hasPrefix("sep") { latin = Array("\u{FEFF}".utf8) + Array(text.utf8) }
        var wide: [UInt8] = [0xFF, 0xFE]
        for unit in text.utf16 { wide += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        let encodings = text.hasPrefix("sep") ? [Array(text.utf8), wide] : [Array(text.utf8), latin, wide]
        for bytes in encodings {
            let rows = try AnswerSheet.rows(of: bytes)
            #expect(rows.count == 1)
            let row = try #require(rows.first)
            #expect(
                [row.review, row.proof, row.check, row.purpose, row.answer, row.comment, row.name]
                    == ["K", "1", "pa", "press", "oui", "là", "Zoé"])
        }
    }

    @Test("gives back what a spreadsheet must not calculate")
    func formulas() throws {
        var table = CSV(columns: AnswerSheet.columns.map { Wording($0) })
        let words = ["=1+1", "-no", "@cmd", "+49", "plain", "＝x", "'quoted'"]
        for word in words { table.append(["K", "1", "pa", "press", "", Wording(word), ""]) }
        let text = String(decoding: table.file.bytes, as: UTF8.self)
        #expect(!text.contains(",=1") && !text.contains(",@") && !text.contains(",-"))
        #expect(try AnswerSheet.rows(of: table.file.bytes).map(\.comment) == words)
    }

    @Test("keeps line breaks inside a cell, and counts lines as an editor does")
    func lines() throws {
        let rows = try rows("\(Self.head)\nK,1,pa,press,yes,\"one\ntwo\r\nthree\",\nK,2,pb,press,no,,\n")
        #expect(rows.map(\.line) == [2, 5])
    }

    @Test(
        "is refused when it is none, with the place",
        arguments: [
            ("", "line 1 does not name"), ("hello\nworld\n", "line 1 does not name"),
            ("review,proof,purpose,answer\nK,1,press,yes\n", "no column “check”"),
            ("review,proof,check,purpose,answer,answer\n", "two columns “answer”"),
            ("review,proof,check,purpose,answer\nK,1,pa,press,\"yes\n", "line 2: a quotation mark"),
        ])
    func refusals(text: String, words: String) throws {
        let error = #expect(throws: ExportError.self) { _ = try rows(text) }
        #expect(error?.details.joined().contains(words) == true, "\(error?.details ?? [])")
    }

    @Test("is bounded, whatever it is made of")
    func bounds() throws {
        let long = String(repeating: "a", count: 30_000)
        #expect(throws: ExportError.self) { _ = try rows("\(Self.head)\nK,1,pa,press,yes,\(long),\n") }
        #expect(throws: ExportError.self) { _ = try rows(Self.head + String(repeating: ",", count: 5_000)) }
        #expect(throws: ExportError.self) {
            _ = try AnswerSheet.rows(of: [UInt8](repeating: 0x2C, count: AnswerSheet.largest + 1))
        }
    }

    @Test("that is nearly all commas keeps of each line the cells that are asked for, and no others")
    func commas() throws {
        let line = ",yes" + String(repeating: ",", count: 990) + "\n"
        var lines = AnswerLines("\(line)\(line)K,no\n\n", separatedBy: ",")
        var found: [[String]] = []
        var blanks: [Bool] = []
        while let line = try lines.next(keeping: [1: 0, 400: 2]) {
            found.append(line.cells)
            blanks.append(line.isBlank)
        }
        #expect(found == [["yes", "", ""], ["yes", "", ""], ["no", "", ""], ["", "", ""]])
        #expect(blanks == [false, false, false, true])
        let text =
            "\(Self.head)\n" + String(repeating: String(repeating: ",", count: 990) + "\n", count: 3_000)
        #expect(try rows(text + "K,1,pa,press,yes,,Anna\n").map(\.line) == [3_002])
    }

    @Test("without the columns that it need not have is read, and says nothing there")
    func narrow() throws {
        let rows = try rows("answer,review,proof,check,purpose\nyes,K,1,pa,press\n")
        #expect(rows.first?.answer == "yes" && rows.first?.comment == "" && rows.first?.name == "")
    }

    @Test("written and read again says the same, in every dialect", arguments: 0..<300)
    func roundTrip(seed: Int) throws {
        var random = Dice(state: UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1)
        let pieces = ["a", "ü", ",", ";", "\"", "\n", "\t", " ", "=", "'", "-", "🌵", "\r\n", "yes"]
        let separator = [",", ";", "\t"].randomElement(using: &random) ?? ","
        let columns = AnswerSheet.columns.shuffled(using: &random)
        var wanted: [[String: String]] = []
        var text = columns.joined(separator: separator) + "\r\n"
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            var row: [String: String] = [:]
            for column in columns {
                let cell = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                    pieces.randomElement(using: &random) ?? ""
                }.joined()
                row[column] = column == "review" ? "K" : cell
            }
            text +=
                columns.map { "\"" + (row[$0] ?? "").replacing("\"", with: "\"\"") + "\"" }
                .joined(separator: separator) + "\r\n"
            wanted.append(row)
        }
        let found = try rows(text)
        try #require(found.count == wanted.count, "seed \(seed)")
        for (row, want) in zip(found, wanted) {
            #expect(row.comment == AnswerSheetTests.plain(want["comment"] ?? ""), "seed \(seed)")
            #expect(row.answer == AnswerSheetTests.plain(want["answer"] ?? ""), "seed \(seed)")
        }
    }

    @Test("of random bytes is refused or read, and never more", arguments: 0..<300)
    func noise(seed: Int) throws {
        var random = Dice(state: UInt64(seed) &+ 99)
        var bytes = Array((Self.head + "\nK,1,pa,press,yes,,\n").utf8)
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        _ = try? AnswerSheet.rows(of: bytes)
    }

    /// Without blanks at its ends, and without the apostrophe before what a spreadsheet would calculate.
    private static func plain(_ cell: String) -> String {
        var text = cell.trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasPrefix("'"), let second = text.dropFirst().first, "=+-@".contains(second) {
            text.removeFirst()
        }
        return text
    }

    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }
}
