import Catalog
import Export
import Files
import Foundation
import MediaProtocol
import Testing

@Suite("A review package")
struct ReviewPackageTests {
    private func review(
        _ fixture: ExportFixture, _ assets: [AssetID], note: String? = nil, captions: Bool = false,
        purposes: [Purpose] = [.exhibit, .press]
    ) throws -> (report: ExportReport, folder: Path, gated: GatedReview) {
        try fixture.catalog.change("artists add") {
            try $0.add(artist: "Josh Homme", .clear, in: nil, by: nil)
        }
        let gated = try fixture.catalog.gate(
            review: assets, ShowingQuestion(artist: "Josh Homme", purposes: purposes, at: fixture.now))
        let out = fixture.scratch.folder.deletingLastPathComponent().appending(path: "out")
        try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
        let folder = Path(out.path()).appending("review-22AA-33BB")
        let report = try Exporter(media: ExportFixture.media).review(
            gated,
            ReviewRequest(
                destination: folder, code: "22AA-33BB", house: "Andreas Neumann", note: note,
                hasCaptions: captions, day: "13 May 2016"),
            record: { report, place in
                try fixture.catalog.change("review new", kind: .delivery) {
                    try $0.record(
                        review: "canary-review-name", code: "22AA-33BB", note: note, of: gated,
                        place: report.place, seal: report.seal, proofs: report.proofs)
                    try place()
                }
            })
        return (report, folder, gated)
    }

    @Test("says nothing of what it shows, of the house, its neighbours and what was decided, in any byte")
    func leaks() throws {
        let fixture = try ExportFixture()
        let first = try fixture.photograph("canary-title")
        let clip = try fixture.clip("canary-clip-words")
        let held = try fixture.photograph("canary-held")
        let sound = try fixture.sound("canary-sound")
        let last = try fixture.photograph("canary-last", width: 200, height: 300)
        try fixture.catalog.change("hold", kind: .decision) {
            var hold = NewDecision(.held, purpose: nil, by: "canary-holder")
            hold.reason = "canary-reason"
            try $0.decide(hold, about: [held])
        }
        let (report, folder, gated) = try review(
            fixture, [first, clip, held, sound, last], note: "Look at these.")
        #expect(gated.kept.map(\.asset.id) == [held, sound])
        #expect(report.proofs.map(\.name) == ["001.jpg", "002.jpg", "003.jpg"])
        let root = URL(fileURLWithPath: folder.display)
        let files = try #require(FileManager.default.enumerator(atPath: root.path())).compactMap {
            $0 as? String
        }
        #expect(
            Set(files) == [
                "001.jpg", "002.jpg", "003.jpg", "small", "small/001.jpg", "small/002.jpg", "small/003.jpg",
                "review.html", "answers.csv", "README.txt",
            ])
        var secrets = fixture.secrets.map { Array($0.utf8) }
        for asset in [first, clip, held, sound, last] {
            let known = try fixture.catalog.asset(asset)
            secrets += [Array(known.shortName.utf8), Array(known.name.utf8), Array("\(asset.rawValue)".utf8)]
        }
        for name in files where name != "small" {
            let bytes = [UInt8](try Data(contentsOf: root.appending(path: name)))
            #expect(!bytes.isEmpty)
            let folded = bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
            for secret in secrets {
                let wanted = secret.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
                #expect(!holds(folded, wanted), "\(name) holds \(String(decoding: secret, as: UTF8.self))")
            }
        }
    }

    @Test("is what the catalogue has on record, file for file, and its table answers it")
    func record() throws {
        let fixture = try ExportFixture()
        let assets = [try fixture.photograph("One"), try fixture.photograph("Two")]
        let (report, folder, _) = try review(fixture, assets)
        let kept = try fixture.catalog.review(named: "22aa-33bb")
        #expect(kept.seal == report.seal && kept.proofs == 2 && kept.purposes == [.exhibit, .press])
        for question in try fixture.catalog.questions(of: kept) {
            let bytes = [UInt8](
                try Data(contentsOf: URL(fileURLWithPath: folder.display).appending(path: question.name)))
            #expect(Digests(of: bytes).sha256 == question.digest)
        }
        let table = try AnswerSheet.Table(at: folder.appending("answers.csv"))
        #expect(table.rows.count == 4)
        let plan = try fixture.catalog.plan(table.rows, table: table.digest)
        #expect(plan.steps.isEmpty && plan.blank == 4)
        // The page holds the same numbers and checks as the table.
        let page = try String(
            contentsOf: URL(fileURLWithPath: folder.display + "/review.html"), encoding: .utf8)
        for row in table.rows {
            #expect(page.contains("data-number=\"\(row.proof)\" data-check=\"\(row.check)\""))
        }
        #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("url("))
    }

    @Test("shows titles and captions only when they were asked for, and never as a page's own code")
    func captions() throws {
        let fixture = try ExportFixture()
        let asset = try fixture.photograph("The <script>alert(1)</script> & \"ridge\"") {
            $0.caption = "At dusk"
        }
        let (_, folder, _) = try review(
            fixture, [asset], note: "<img src=x>", captions: true, purposes: [.exhibit])
        let page = try String(
            contentsOf: URL(fileURLWithPath: folder.display + "/review.html"), encoding: .utf8)
        #expect(page.contains("The &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;ridge&quot;"))
        #expect(
            page.contains("At dusk") && page.contains("&lt;img src=x&gt;") && !page.contains("<script>alert"))
    }

    @Test("is not there at all when it cannot go on record")
    func refused() throws {
        let fixture = try ExportFixture()
        let asset = try fixture.photograph("One")
        _ = try review(fixture, [asset])
        #expect(throws: (any Error).self) { _ = try review(fixture, [asset]) }
        let out = fixture.scratch.folder.deletingLastPathComponent().appending(path: "out")
        #expect(try FileManager.default.contentsOfDirectory(atPath: out.path()) == ["review-22AA-33BB"])
    }

    private func holds(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first, bytes.count >= wanted.count else { return false }
        return bytes.indices.dropLast(wanted.count - 1).contains { place in
            bytes[place] == first && bytes[place..<place + wanted.count].elementsEqual(wanted)
        }
    }
}
