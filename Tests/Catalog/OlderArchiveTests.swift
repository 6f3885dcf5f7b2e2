import Catalog
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
