import Catalog
import Files
import Storage
import Testing

@Suite("An archive of an older program")
struct OlderArchiveTests {
    let archive: OlderArchive

    init() throws {
        archive = try OlderArchive()
    }

    @Test("keeps every row that people made when it is brought to the shape of today")
    func rows() throws {
        let tables = [
            "asset", "asset_file", "edit", "asset_tag", "asset_session", "selection_item", "clearance",
        ]
        func counts() throws -> [String] {
            try tables.flatMap { try archive.rows("SELECT count(*) || ' ' || min(stamp) FROM \($0)") }
        }
        let before = try counts()
        let catalog = try archive.open()
        #expect(try counts() == before)
        #expect(try catalog.check().isEmpty)
        let ridge = try catalog.asset(try catalog.resolve("f3fa3f2"))
        #expect(ridge.title == "The ridge")
        #expect(ridge.rating == 5)
        #expect(ridge.time.correctionMilliseconds == 432_000)
        #expect(try catalog.count(try Query.parse("cleared:exhibit")) == 4)
    }

    @Test("has decisions that keep their meaning, and needs artists for the next")
    func decisions() throws {
        let before = try archive.rows(
            "SELECT group_concat(id || decision || coalesce(purpose, '')) FROM clearance")
        let basis = try archive.rows("SELECT count(*) || ' ' || count(DISTINCT basis) FROM delivery_item")
        let catalog = try archive.open()
        #expect(
            try archive.rows("SELECT group_concat(id || decision || coalesce(purpose, '')) FROM clearance")
                == before)
        #expect(
            try archive.rows("SELECT count(*) || ' ' || count(DISTINCT basis) FROM delivery_item") == basis)
        #expect(try archive.rows("SELECT 'x' FROM delivery_ground").count == 4)
        let question = GateQuestion(purpose: .exhibit, recipient: "x", territory: nil, at: 1_800_000_000_000)
        let wall = try catalog.gate(selection: "Wall", question)
        #expect(wall.cleared.count == 4)
        #expect(wall.denied.count == 1)
        guard case .held(let hold)? = wall.denied.first?.denials.first, let held = wall.denied.first?.asset.id
        else {
            Issue.record("what was held is held")
            return
        }
        // The hold is still its holder's to lift; to clear takes an artist, whoever did it before.
        try catalog.change("lift") { try $0.lift(from: [held], by: hold.person, reason: "x") }
        #expect(try catalog.gate(selection: "Wall", question).cleared.count == 5)
        #expect(throws: CatalogError.self) {
            try catalog.change("clear") {
                try $0.decide(NewDecision(.cleared, purpose: .press, by: "Josh Homme"), about: [held])
            }
        }
        let decision = try #require(
            try catalog.log().first { $0.kind == .decision && $0.command.contains("clear") })
        try catalog.undo(decision, command: "undo")
        #expect(try catalog.count(try Query.parse("cleared:exhibit")) == 0)
    }

    @Test("has changes that can still be taken back, edits and imports alike")
    func undo() throws {
        let catalog = try archive.open()
        try catalog.undo(try catalog.change(numbered: 3), command: "undo 3")
        #expect(try catalog.asset(try catalog.resolve("f3fa3f2")).title == "A figure on the ridge")
        try catalog.undo(try catalog.change(numbered: 2), command: "undo 2")
        #expect(try catalog.count(try Query.parse("all")) == 5)
        let back = try #require(try catalog.log().first)
        try catalog.undo(back, command: "undo")
        #expect(try catalog.count(try Query.parse("all")) == 7)
    }

    @Test("has its files in the table that knows segments, as they were, and no reason that nobody gave")
    func files() throws {
        let columns = "asset || ' ' || file || ' ' || role || ' ' || name || ' ' || stamp || ' ' || present"
        let sql = "SELECT \(columns) FROM asset_file ORDER BY asset, file"
        let before = try archive.rows(sql)
        let catalog = try archive.open()
        #expect(try archive.rows(sql) == before)
        #expect(
            try archive.rows(
                "SELECT count(*) || '' FROM asset_file WHERE position IS NULL AND because IS NULL")
                == ["\(before.count)"]
        )
        #expect(try catalog.count(try Query.parse("is:incomplete or segments>1 or is:burst")) == 0)
        #expect(try catalog.count(try Query.parse("segments:1")) == 1, "its one clip is in one file")
    }

    @Test("has no manifests, and takes some")
    func manifests() throws {
        let catalog = try archive.open()
        #expect(try catalog.manifestHistories().isEmpty)
        #expect(try catalog.count(try Query.parse("manifest:matched")) == 0)
        let ridge = try #require(try catalog.files(of: try catalog.resolve("f3fa3f2")).first)
        let run = try catalog.beginImport(source: Path("/shoot"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "v", name: "V", mount: Path("/shoot"))
        let keys = try run.history(
            HistoryRecord(
                volume: volume,
                root: Path("Desert"),
                manifests: [
                    ManifestRecord(
                        path: Path("Desert/a.mhl"), sha256: ridge.digests.sha256, format: "MHL 1.1",
                        generation: nil)
                ]
            )
        )
        var verdict = ManifestVerdict(
            history: keys.history, path: Path("1.DNG"), manifest: keys.manifests[0], outcome: .matched)
        verdict.content = .recorded(file: ridge.file)
        _ = try run.record(groups: [], strays: [], verdicts: [verdict])
        try run.finish(ImportCounts())
        #expect(try catalog.count(try Query.parse("manifest:matched")) == 1)
        #expect(try catalog.manifestHistories().map(\.root) == [Path("/shoot/Desert")])
        #expect(try catalog.check().isEmpty)
    }

    @Test(
        "gives its assets the offset that the zone of their session says, and keeps the file’s silence beneath"
    )
    func zones() throws {
        let connection = try Connection(path: archive.path, access: .write)
        try connection.run("UPDATE session SET zone = 'America/Los_Angeles' WHERE name = 'Desert'")
        try connection.run(
            "INSERT INTO edit (asset, field, value, was, stamp) SELECT id, 'offset', -420, NULL, 1 FROM asset WHERE name = 'L1002341.JPG'"
        )
        try connection.run(
            "UPDATE asset SET offset_min = -420, offset_source = 'person', latitude = 34, longitude = -116 WHERE name = 'L1002341.JPG'"
        )
        let catalog = try archive.open()
        let ridge = try catalog.asset(try catalog.resolve("f3fa3f2"))
        #expect(ridge.time.offsetMinutes == -480)
        #expect(ridge.time.correctionMilliseconds == 432_000)
        #expect(ridge.time.fileOffsetMinutes == nil)
        let edited = try #require(try catalog.find(try Query.parse("near:34,-116,1km")).first?.asset)
        #expect(edited.name == "L1002341.JPG")
        #expect(edited.time.offsetMinutes == -420)
        #expect(edited.time.fileOffsetMinutes == nil)
        #expect(try catalog.check().isEmpty)
    }

    @Test("can be written to like any other")
    func write() throws {
        let catalog = try archive.open()
        let ridge = try catalog.resolve("f3fa3f2")
        try catalog.change("set caption=…") { try $0.set([.text(.caption, "Walking")], of: [ridge]) }
        try catalog.undo(try #require(try catalog.lastUndoableChange()), command: "undo")
        #expect(try catalog.asset(ridge).caption?.hasPrefix("A man stands") == true)
    }
}
