import Chance
import Catalog
import Files
import MediaProtocol
import Storage
import Testing

@Suite("Counts that are kept")
struct TallyTests {
    /// What the tallies say and what counting says, where they differ.
    static func differences(_ path: String) throws -> [String] {
        let connection = try Connection(path: path, access: .read)
        let pairs = [
            (
                "SELECT period, assets FROM asset_tally WHERE assets <> 0",
                "SELECT sort_at >> 31, count(*) FROM asset WHERE present = 1 GROUP BY 1"
            ),
            (
                "SELECT tag || ' ' || period, assets FROM tag_tally WHERE assets <> 0",
                """
                SELECT x.tag || ' ' || (a.sort_at >> 31), count(*)
                  FROM asset_tag AS x JOIN asset AS a ON a.id = x.asset
                 WHERE x.present = 1 AND a.present = 1 GROUP BY 1
                """
            ),
            (
                "SELECT session || ' ' || period, assets FROM session_tally WHERE assets <> 0",
                """
                SELECT x.session || ' ' || (a.sort_at >> 31), count(*)
                  FROM asset_session AS x JOIN asset AS a ON a.id = x.asset
                 WHERE x.present = 1 AND a.present = 1 GROUP BY 1
                """
            ),
            (
                "SELECT year || '|' || model || '|' || make || '|' || kind || rating, assets FROM feature_tally WHERE assets <> 0",
                """
                SELECT coalesce(CAST(strftime('%Y', taken_ms / 1000, 'unixepoch') AS INTEGER), -1) || '|'
                       || coalesce(model, '') || '|' || coalesce(make, '') || '|' || kind || coalesce(rating, -2), count(*)
                  FROM asset WHERE present = 1 GROUP BY 1
                """
            ),
            (
                "SELECT volume || kind || finding, copies || ' ' || bytes FROM copy_tally WHERE copies <> 0",
                "SELECT volume || kind || finding, count(*) || ' ' || sum(size) FROM copy GROUP BY 1"
            ),
        ]
        return try pairs.flatMap { kept, counted in
            func rows(_ sql: String) throws -> [String] {
                try connection.rows(sql) { "\($0.text(0)): \($0.text(1))" }.sorted()
            }
            let (kept, counted) = (try rows(kept), try rows(counted))
            return kept == counted ? [] : ["kept \(kept), counted \(counted)"]
        }
    }

    @Test("are what counting says after any history of imports, words, clocks and undoing", arguments: 0..<12)
    func history(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let fixture = try CatalogFixture()
        var assets: [AssetID] = []
        var next = 1
        for step in 0..<25 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1:
                let numbers = Array(next..<(next + 3))
                next += 3
                assets += try fixture.importing(
                    numbers, session: ["Desert", "Rancho", nil].randomElement(using: &random) ?? nil,
                    tags: ["people/Iggy Pop"]
                ) { number, reading in
                    reading.model = ["LEICA M10", "Q2", nil][number % 3]
                    reading.keywords = ["live", "people/Josh Homme"].prefix(number % 3).map { String($0) }
                }
            case 2 where !assets.isEmpty:
                let some = assets.filter { _ in Bool.random(using: &random) }
                try fixture.catalog.change("tag") { try $0.add(tags: [try TagPath("tour/2016")], to: some) }
            case 3 where !assets.isEmpty:
                let some = assets.filter { _ in Bool.random(using: &random) }
                try fixture.catalog.change("untag") { change in
                    if !some.isEmpty { _ = try? change.remove(tags: [try TagPath("tour")], from: some) }
                }
            case 4 where !assets.isEmpty:
                let some = assets.filter { _ in Bool.random(using: &random) }
                try fixture.catalog.change("shift") {
                    _ = try $0.correctTime(of: some) { _ in
                        [.shift(Int64.random(in: -40_000_000...40_000_000, using: &random) * 1_000)]
                    }
                }
            case 5 where !assets.isEmpty:
                let some = assets.filter { _ in Bool.random(using: &random) }
                try fixture.catalog.change("rate") { change in
                    try change.set([.number(.rating, Int.random(in: 0...5, using: &random))], of: some)
                }
            default:
                if let last = try fixture.catalog.log(limit: 6).randomElement(using: &random) {
                    _ = try? fixture.catalog.undo(last, command: "undo")
                }
            }
            #expect(try TallyTests.differences(fixture.databasePath) == [], "seed \(seed), step \(step)")
        }
        for text in [
            "all", "tag:people", "tag:live", "session:Desert", "camera:M10", "rating>=3", "taken:2016",
            "kind:photo",
        ] {
            let query = try Query.parse(text)
            #expect(
                try fixture.catalog.count(query) == fixture.catalog.find(query).count, "seed \(seed): \(text)"
            )
        }
        for facet in Facet.allCases {
            // Asked of the tallies, and asked of each asset.
            let whole = try fixture.catalog.counts(of: .all, by: facet)
            let each = try fixture.catalog.counts(of: try Query.parse("not name:nothing"), by: facet)
            #expect(whole == each, "seed \(seed): \(facet)")
        }
    }

    @Test("are made of what an older archive holds")
    func olderArchive() throws {
        let archive = try OlderArchive()
        _ = try archive.open()
        #expect(try TallyTests.differences(archive.path) == [])
    }
}
