import Catalog
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

    @Test("can be written to like any other")
    func write() throws {
        let catalog = try archive.open()
        let ridge = try catalog.resolve("f3fa3f2")
        try catalog.change("set caption=…") { try $0.set([.text(.caption, "Walking")], of: [ridge]) }
        try catalog.undo(try #require(try catalog.lastUndoableChange()), command: "undo")
        #expect(try catalog.asset(ridge).caption?.hasPrefix("A man stands") == true)
    }
}
