import Storage
import Testing

@Suite("A recording")
struct RecordingTests {
    let scratch: Scratch
    let connection: Connection

    init() throws {
        scratch = try Scratch()
        connection = try Connection(path: scratch.path("a.sqlite"), access: .create)
        try connection.execute(
            """
            CREATE TABLE kept (id INTEGER PRIMARY KEY, name TEXT, note TEXT) STRICT;
            CREATE TABLE pair (a INTEGER, b INTEGER, note TEXT, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;
            CREATE TABLE ignored (id INTEGER PRIMARY KEY) STRICT;
            INSERT INTO kept VALUES (1, 'one', 'old'), (2, 'two', NULL);
            """)
    }

    @Test("tells of each row what it was and what it became")
    func rows() throws {
        let recording = Recording(of: ["kept", "pair"], on: connection)
        try connection.run("UPDATE kept SET note = 'new' WHERE id = 1")
        try connection.run("DELETE FROM kept WHERE id = 2")
        try connection.run("INSERT INTO kept VALUES (3, 'three', NULL)")
        try connection.run("INSERT INTO pair VALUES (7, 8, 'x')")
        var changes: [String] = []
        for changeset in try recording.changesets() {
            try eachChange(in: changeset) { change in
                changes.append(
                    "\(change.table) \(change.operation) \(change.before) \(change.after) \(change.isKey)")
            }
        }
        #expect(
            changes.sorted() == [
                "kept delete [Optional(Storage.Value.integer(2)), Optional(Storage.Value.text(\"two\")), "
                    + "Optional(Storage.Value.null)] [nil, nil, nil] [true, false, false]",
                "kept insert [nil, nil, nil] [Optional(Storage.Value.integer(3)), Optional(Storage.Value.text(\"three\")), "
                    + "Optional(Storage.Value.null)] [true, false, false]",
                "kept update [Optional(Storage.Value.integer(1)), nil, Optional(Storage.Value.text(\"old\"))] "
                    + "[nil, nil, Optional(Storage.Value.text(\"new\"))] [true, false, false]",
                "pair insert [nil, nil, nil] [Optional(Storage.Value.integer(7)), Optional(Storage.Value.integer(8)), "
                    + "Optional(Storage.Value.text(\"x\"))] [true, true, false]",
            ])
    }

    @Test("is empty when nothing came of it")
    func nothing() throws {
        let recording = Recording(of: ["kept"], on: connection)
        try connection.run("INSERT INTO kept VALUES (9, 'gone', NULL)")
        try connection.run("DELETE FROM kept WHERE id = 9")
        try connection.run("INSERT INTO ignored VALUES (1)")
        #expect(try recording.changesets().isEmpty)
    }

    @Test("comes in parts when much is written, in order, and nothing falls between them")
    func parts() throws {
        let recording = Recording(of: ["kept"], on: connection)
        let name = Value.text(String(repeating: "many ", count: 200))
        for number in 10..<3_010 {
            try connection.run("INSERT INTO kept VALUES (?, ?, NULL)", [.integer(number), name])
        }
        try connection.run("UPDATE kept SET note = 'first of many' WHERE id = 10")
        let parts = try recording.changesets()
        #expect(parts.count > 1)
        var inserted: Set<Int64> = []
        var updated: [(part: Int, note: Value?)] = []
        for (part, changeset) in parts.enumerated() {
            try eachChange(in: changeset) { change in
                switch change.operation {
                case .insert: if case .integer(let id)? = change.after[0] { inserted.insert(id) }
                case .update: updated.append((part, change.after[2]))
                case .delete: Issue.record("nothing was deleted")
                }
            }
        }
        #expect(inserted == Set(10..<3_010))
        #expect(updated.map(\.part) == [parts.count - 1])
        #expect(updated.first?.note == .text("first of many"))
        // What is written when nobody records any more is nobody's business.
        try connection.run("DELETE FROM kept WHERE id > 9")
        #expect(try recording.changesets().count == parts.count)
    }

    @Test("is refused when a statement of it was taken back after some of its rows were heard")
    func halfWritten() throws {
        let recording = Recording(of: ["kept"], on: connection)
        #expect(throws: StorageError.self) {
            try connection.run("INSERT INTO kept VALUES (8, 'before', NULL), (1, 'there already', NULL)")
        }
        #expect(throws: StorageError.self) { try recording.changesets() }
    }

    @Test("is none the worse for a statement that failed before it wrote")
    func refused() throws {
        let recording = Recording(of: ["kept"], on: connection)
        #expect(throws: StorageError.self) {
            try connection.run("INSERT INTO kept VALUES (1, 'there already', NULL)")
        }
        try connection.run("INSERT INTO kept VALUES (8, 'eight', NULL)")
        #expect(try recording.changesets().count == 1)
    }

    @Test("leaves out what follows from other rows, and hears again behind it")
    func unrecorded() throws {
        let recording = Recording(of: ["kept"], on: connection)
        try connection.unrecorded { try connection.run("UPDATE kept SET note = 'derived' WHERE id = 2") }
        #expect(try recording.changesets().isEmpty)
        let next = Recording(of: ["kept"], on: connection)
        try connection.unrecorded { try connection.run("UPDATE kept SET note = 'again' WHERE id = 2") }
        try connection.run("DELETE FROM kept WHERE id = 1")
        #expect(try next.changesets().count == 1)
    }

    @Test("is refused, not trusted, when its bytes are damaged")
    func damaged() throws {
        let recording = Recording(of: ["kept"], on: connection)
        try connection.run("INSERT INTO kept VALUES (9, 'a long enough name', 'and a note')")
        let whole = try #require(try recording.changesets().first)
        #expect(throws: StorageError.self) {
            try eachChange(in: Array(whole.dropLast(9))) { _ in }
        }
    }
}

@Suite("Migrations")
struct MigrationTests {
    let scratch: Scratch
    let connection: Connection
    let first = MigrationStep(
        number: 1, name: "things", sql: "CREATE TABLE thing (id INTEGER PRIMARY KEY) STRICT")
    let second = MigrationStep(number: 2, name: "names", sql: "ALTER TABLE thing ADD COLUMN name TEXT")

    init() throws {
        scratch = try Scratch()
        connection = try Connection(path: scratch.path("a.sqlite"), access: .create)
    }

    @Test("are each taken once, in order, and keep the data")
    func inOrder() throws {
        #expect(try connection.migrate([first], at: 0).map(\.number) == [1])
        try connection.run("INSERT INTO thing VALUES (7)")
        #expect(try connection.migrate([first, second], at: 0).map(\.number) == [2])
        #expect(try connection.migrate([first, second], at: 0).isEmpty)
        #expect(try connection.first("SELECT id, name FROM thing") { $0.integer(0) } == 7)
        #expect(try connection.migrationLevel() == 2)
    }

    @Test("refuse a database of a later program")
    func future() throws {
        try connection.migrate([first, second], at: 0)
        #expect(throws: MigrationError.fromTheFuture(found: 2, understood: 1)) {
            try connection.migrate([first], at: 0)
        }
    }

    @Test("refuse a history that is not theirs")
    func rewritten() throws {
        try connection.migrate([first], at: 0)
        #expect(throws: MigrationError.rewrittenHistory(number: 1, taken: "things", now: "other")) {
            try connection.migrate([MigrationStep(number: 1, name: "other", sql: "")], at: 0)
        }
    }

    @Test("leave nothing of a step that fails halfway")
    func halfway() throws {
        let broken = MigrationStep(
            number: 1, name: "broken",
            sql: "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE a (id)")
        #expect(throws: StorageError.self) { try connection.migrate([broken], at: 0) }
        #expect(
            try connection.first("SELECT count(*) FROM sqlite_schema WHERE name = 'a'") { $0.int(0) } == 0)
        #expect(try connection.migrationLevel() == 0)
    }
}
