import Files
import Foundation
import MediaProtocol
import Storage
import Testing

@testable import Catalog

@Suite("Near doubles and exact ones")
struct LikenessTests {
    private func facts(_ hash: UInt64?) -> PreviewFacts {
        PreviewFacts(
            small: .init(width: 512, height: 341, bytes: 30_000),
            large: .init(width: 2048, height: 1365, bytes: 300_000),
            hasMore: true, strip: nil, color: [10, 20, 30], hash: hash, hashVersion: 1, origin: .picture,
            damage: nil)
    }

    @Test("The quarters that are looked up are all within the distance, and each is looked up once")
    func probes() {
        for distance in 0...15 {
            let values = Likeness.probes(of: 0xA5C3, distance: distance)
            let expected = (0...UInt16.max).filter { ($0 ^ 0xA5C3).nonzeroBitCount <= distance / 4 }.map(
                Int64.init)
            #expect(values.sorted() == expected, "\(distance)")
        }
    }

    @Test("What is found is what a comparison with every picture finds", arguments: 0..<8)
    func agreement(seed: Int) throws {
        var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
        let fixture = try CatalogFixture()
        let assets = try fixture.importing(Array(0..<120))
        // Clusters of hashes around a few, with up to 20 bits turned.
        let centres = (0..<4).map { _ in next() }
        var hashes: [UInt64] = []
        for index in assets.indices {
            var hash = centres[index % 4]
            for _ in 0..<Int(next() >> 8 % 20) where next() & 1 == 0 { hash ^= 1 << (next() >> 16 & 63) }
            hashes.append(hash)
        }
        let files = try fixture.catalog.connection.rows("SELECT file FROM asset ORDER BY id") {
            $0.integer(0)
        }
        try fixture.catalog.record(
            previews: zip(files, hashes).map { (file: $0, outcome: .made(facts($1), triedStrip: false)) })
        for distance in [0, 3, 4, 7, 10, 15] {
            let found = try fixture.catalog.alike(to: assets[0], within: distance)
            let expected = assets.indices.dropFirst().filter {
                (hashes[$0] ^ hashes[0]).nonzeroBitCount <= distance
            }
            #expect(
                Set(found.map(\.asset)) == Set(expected.map { assets[$0] }),
                "seed \(seed), distance \(distance)")
            #expect(found.map(\.distance) == found.map(\.distance).sorted())
        }
    }

    @Test("Each quarter is looked up in its own index, and no row is read")
    func plan() throws {
        let fixture = try CatalogFixture()
        for (number, sql) in Likeness.lookups.enumerated() {
            let plan = try fixture.catalog.connection.plan(sql, [.text("[1,2]")]).joined(separator: "\n")
            #expect(
                plan.contains("SEARCH p USING COVERING INDEX preview_band_\(number) (<expr>=?"), "\(plan)")
        }
    }

    @Test("Exact doubles are read off an index alone")
    func duplicatePlan() throws {
        let fixture = try CatalogFixture()
        let condition = try fixture.catalog.condition(
            of: try Query.parse("is:duplicate"), sortedBy: [], limit: nil)
        let plan = try fixture.catalog.connection.plan(
            "SELECT a.id FROM asset AS a WHERE a.present = 1 AND \(condition.text)", condition.values
        ).joined(separator: "\n")
        #expect(plan.contains("SCAN c USING COVERING INDEX copy_file"), "\(plan)")
        #expect(!plan.contains("TEMP B-TREE FOR GROUP"), "\(plan)")
    }

    @Test("The newest pages of what previews are made of walk the dates")
    func workPlan() throws {
        let fixture = try CatalogFixture()
        try fixture.importing([1, 2, 3])
        let first = try fixture.catalog.previewWork(.all, limit: 2)
        #expect(first.count == 2)
        #expect(first[0].sortAt > first[1].sortAt)
        let rest = try fixture.catalog.previewWork(.all, behind: first[1], limit: 2)
        #expect(rest.map(\.name) == ["L1001.JPG"])
        #expect(try fixture.catalog.previewWork(.all, behind: rest[0], limit: 2).isEmpty)
    }

    @Test("A second copy on the same volume is a double; a backup on another is not, nor one that is gone")
    func duplicates() throws {
        let fixture = try CatalogFixture()
        try fixture.importing([1, 2, 3])
        let file = try #require(
            try fixture.catalog.connection.first("SELECT file FROM asset ORDER BY id LIMIT 1") {
                $0.integer(0)
            })
        func copy(_ key: Int, volume: Int, finding: String = "recorded") throws {
            try fixture.catalog.connection.run(
                """
                INSERT INTO copy (id, file, volume, path, kind, size, modified_ns, inode, seen_at, finding)
                SELECT ?1, ?2, CASE ?3 WHEN 1 THEN (SELECT min(id) FROM volume WHERE key = 'uuid:1') ELSE 77 END,
                       'again/' || ?1, 'archive', 1, 1, 1, 1, ?4
                """,
                [.integer(key), .integer(file), .integer(volume), .text(finding)])
        }
        try fixture.catalog.connection.run(
            "INSERT INTO volume (id, key, name, mount, seen_at) VALUES (77, 'uuid:2', 'BACKUP', '/b', 1)")
        let query = try Query.parse("is:duplicate")
        try copy(1, volume: 2)
        #expect(try fixture.catalog.count(query) == 0)
        try copy(2, volume: 1, finding: "missing")
        #expect(try fixture.catalog.count(query) == 0)
        try copy(3, volume: 1)
        #expect(try fixture.catalog.count(query) == 1)
    }

    @Test("An archive of before has no previews, loses nothing, and gets them like any other")
    func olderArchive() throws {
        let archive = try OlderArchive()
        let assets = try archive.rows("SELECT count(*) || '' FROM asset")
        let catalog = try archive.open()
        #expect(try archive.rows("SELECT count(*) || '' FROM asset") == assets)
        #expect(try catalog.check().isEmpty)
        let standing = try catalog.previewStanding()
        #expect(standing.assets > 0 && standing.made == 0 && standing.missing == standing.assets)
        #expect(try catalog.previewBound() == nil)
        let work = try catalog.previewWork(.all, limit: 10)
        try catalog.record(previews: work.map { ($0.file, .made(facts(42), triedStrip: false)) })
        #expect(try catalog.previewStanding().made == work.count)
        #expect(try catalog.alike(to: work[0].asset).count == work.count - 1)
        #expect(try catalog.count(try Query.parse("is:without-preview")) == 0)
    }

    @Test("A picture without a hash, a sound and a picture without a preview say why they are like nothing")
    func reasons() throws {
        let fixture = try CatalogFixture()
        let assets = try fixture.importing([1, 2, 3])
        let files = try fixture.catalog.connection.rows("SELECT file FROM asset ORDER BY id") {
            $0.integer(0)
        }
        try fixture.catalog.record(previews: [
            (files[0], .made(facts(nil), triedStrip: false)), (files[1], .failed(reason: "it is broken")),
        ])
        let words = try assets.map { asset in
            try #require(throws: CatalogError.self) { try fixture.catalog.alike(to: asset) }.summary
        }
        #expect(words[0].contains("plain surface"))
        #expect(words[1].contains("no preview can be made"))
        #expect(words[2].contains("no preview yet"))
    }
}
