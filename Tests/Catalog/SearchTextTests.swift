import Catalog
import Chance
import Files
import MediaProtocol
import Storage
import Testing

@Suite("The full-text index")
struct SearchTextTests {
    /// What the index holds, and what is known of assets, where they differ; and what the index finds wrong with itself.
    private static func differences(_ path: String) throws -> [String] {
        let connection = try Connection(path: path, access: .write)
        try connection.execute("INSERT INTO asset_text (asset_text) VALUES ('integrity-check')")
        let columns =
            "name || '|' || coalesce(title, '') || '|' || coalesce(caption, '') || '|' || coalesce(tags, '')"
            + " || '|' || coalesce(sessions, '') || '|' || coalesce(place, '') || '|' || coalesce(creator, '')"
        let held = try connection.rows("SELECT rowid, \(columns) FROM asset_text ORDER BY rowid") {
            "\($0.integer(0)): \($0.text(1))"
        }
        let known = try connection.rows(
            """
            SELECT id, \(columns)
              FROM (SELECT a.id, a.name, a.title, a.caption, a.place, a.creator,
                           (SELECT group_concat(t.path, ' | ')
                              FROM asset_tag AS x JOIN tag AS t ON t.id = x.tag
                             WHERE x.asset = a.id AND x.present = 1 AND t.present = 1) AS tags,
                           (SELECT group_concat(s.name || ' ' || coalesce(s.place, ''), ' | ')
                              FROM asset_session AS x JOIN session AS s ON s.id = x.session
                             WHERE x.asset = a.id AND x.present = 1 AND s.present = 1) AS sessions
                      FROM asset AS a WHERE a.present = 1)
             ORDER BY id
            """
        ) { "\($0.integer(0)): \($0.text(1))" }
        return held == known
            ? []
            : zip(held, known).filter { $0 != $1 }.map { "held \($0), known \($1)" }
                + ["\(held.count) held, \(known.count) known"]
    }

    @Test(
        "says what is known after any history of imports, tags, sessions, words and undoing",
        arguments: 0..<12)
    func history(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let fixture = try CatalogFixture()
        let catalog = fixture.catalog
        var assets = try fixture.importing([1, 2, 3], session: "Desert", tags: ["people/Iggy Pop"])
        for step in 0..<30 {
            let some = assets.filter { _ in Bool.random(using: &random) }
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                assets += try fixture.importing(
                    [step * 2 + 10, step * 2 + 11], session: Bool.random(using: &random) ? "Rancho" : nil
                ) { number, reading in reading.keywords = ["live", "tour/2016"].prefix(number % 3).map { $0 }
                }
            case 1: try catalog.change("tag") { try $0.add(tags: [try TagPath("tour/2016")], to: some) }
            case 2:
                try catalog.change("untag") { _ = try? $0.remove(tags: [try TagPath("tour")], from: some) }
            case 3:
                try catalog.change("rename") {
                    _ = try? $0.rename(tag: try TagPath("tour"), to: try TagPath("journey\(step)"))
                }
            case 4: try catalog.change("rate") { try $0.set([.number(.rating, step % 6)], of: some) }
            case 5: try catalog.change("title") { try $0.set([.text(.title, "title \(step)")], of: some) }
            case 6: try catalog.change("join") { _ = try? $0.add(some, toSession: "Desert") }
            case 7: try catalog.change("leave") { _ = try? $0.remove(some, fromSession: "Desert") }
            default:
                if let last = try catalog.log(limit: 8).randomElement(using: &random) {
                    _ = try? catalog.undo(last, command: "undo")
                }
            }
            #expect(
                try SearchTextTests.differences(fixture.databasePath) == [], "seed \(seed), step \(step)")
        }
    }

    @Test("is written for thousands at once, and merges as ever afterwards")
    func thousands() throws {
        let fixture = try CatalogFixture()
        let assets = try fixture.importing(Array(1...2_500))
        let tag = try TagPath("tour/2016")
        #expect(try fixture.catalog.change("tag") { try $0.add(tags: [tag], to: assets) } == 2_500)
        #expect(try fixture.catalog.change("tag") { try $0.add(tags: [tag], to: assets) } == 0)
        #expect(try fixture.catalog.count(try Query.parse("2016")) == 2_500)
        #expect(try SearchTextTests.differences(fixture.databasePath) == [])

        let change = try #require(try fixture.catalog.lastUndoableChange())
        try fixture.catalog.undo(change, command: "undo")
        #expect(try fixture.catalog.count(try Query.parse("2016")) == 0)
        #expect(try SearchTextTests.differences(fixture.databasePath) == [])
        let connection = try Connection(path: fixture.databasePath, access: .read)
        let merging = try connection.rows(
            "SELECT v FROM asset_text_config WHERE k IN ('automerge', 'crisismerge') ORDER BY k"
        ) { $0.int(0) }
        #expect(merging == [4, 16])
    }

    @Test("keeps its row for an asset whose words stay as they are")
    func stays() throws {
        let fixture = try CatalogFixture()
        let assets = try fixture.importing([1, 2])
        let connection = try Connection(path: fixture.databasePath, access: .read)
        func written() throws -> [Int] {
            try connection.rows("SELECT length(block) FROM asset_text_data ORDER BY id") { $0.int(0) }
        }
        let before = try written()
        try fixture.catalog.change("rate") { try $0.set([.number(.rating, 4)], of: assets) }
        let change = try #require(try fixture.catalog.lastUndoableChange())
        try fixture.catalog.undo(change, command: "undo")
        #expect(try written() == before)
    }
}
