import Catalog
import Export
import Files
import Foundation
import Testing

@Suite("A clip of several segments")
struct SegmentTests {
    /// One clip of as many files as there are positions.
    private func clip(_ title: String, at positions: [Int], in fixture: ExportFixture) throws -> AssetID {
        let parts = try positions.map { _ in try fixture.clip(title) }
        let run = try fixture.catalog.beginImport(
            source: Path("/canary-card"), command: "import canary", session: nil, tags: [])
        let outcome = try run.join(
            PartsToJoin(
                try zip(positions, parts).enumerated().map { index, part in
                    PartsToJoin.Part(
                        asset: part.1,
                        file: try #require(try fixture.catalog.files(of: part.1).first?.file),
                        role: index == 0 ? .original : .segment,
                        position: part.0,
                        because: index == 0 ? nil : "canary-because"
                    )
                }
            )
        )
        try run.finish(ImportCounts())
        #expect(outcome == .joined(Array(repeating: .clip, count: positions.count - 1)))
        return parts[0]
    }

    @Test("leaves whole: every part a file of its own, in order, and one work on the page and the list")
    func whole() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let film = try clip("Long take", at: [1, 2, 3], in: fixture)
        let other = try fixture.clip("Encore")
        try fixture.select("Wall", [film, other])
        let report = try fixture.export("Wall", to: outbox.path("exhibit"))
        let parts = (1...3).map { "data/001_long-take_0\($0).mov" }
        #expect(
            report.delivered.map(\.name).filter { $0.hasSuffix(".mov") } == parts + ["data/002_encore.mov"]
        )
        #expect(Set(report.delivered.filter { parts.contains($0.name) }.map(\.asset)) == [film])
        #expect(Set(report.delivered.filter { parts.contains($0.name) }.map(\.digest)).count == 3)
        func text(_ name: String) throws -> String {
            try String(contentsOfFile: outbox.path("exhibit/data/\(name)"), encoding: .utf8)
        }
        let page = try text("index.html")
        #expect(page.contains("data-film=\"001_long-take_02.mov|001_long-take_03.mov\""))
        #expect(page.contains("In 3 parts: <a href=\"001_long-take_01.mov\">1</a>"))
        #expect(page.contains("2 clips"))
        #expect(!page.contains("canary"))
        let checklist = try text("checklist.csv")
        #expect(checklist.split(separator: "\r\n").count == 3)
        #expect(checklist.contains("001_long-take_01.mov; 001_long-take_02.mov; 001_long-take_03.mov"))
        #expect(try text("README.txt").contains("in 3 parts, one after another\n   001_long-take_02.mov"))
    }

    @Test("does not leave while a part of it is missing, and nothing else does with it")
    func incomplete() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        try fixture.select(
            "Wall", [try fixture.photograph("Ridge"), try clip("Take", at: [1, 3], in: fixture)])
        let error = #expect(throws: ExportError.self) {
            try fixture.export("Wall", to: outbox.path("exhibit"))
        }
        #expect(error?.summary.contains("not whole") == true)
        #expect(error?.details.first?.contains("segment 2 of 3 is not here") == true)
        #expect(!FileManager.default.fileExists(atPath: outbox.path("exhibit")))
    }

    @Test("is held and cleared as one: the gate asks about the asset, for every file of it")
    func gate() throws {
        let fixture = try ExportFixture()
        let film = try clip("Take", at: [1, 2], in: fixture)
        try fixture.select("Wall", [film], held: [film])
        let gated = try fixture.gated("Wall")
        #expect(gated.cleared.isEmpty)
        #expect(gated.denied.map(\.asset.id) == [film])
    }
}
