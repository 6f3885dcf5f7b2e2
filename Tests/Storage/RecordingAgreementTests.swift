import Chance
import CSQLite
import Storage
import Testing

/// SQLite's own session extension is the authority on what a changeset says: the same writes on two databases, heard by
/// ours and by it.
@Suite("A recording and SQLite's session extension")
struct RecordingAgreementTests {
    static let schema = """
        CREATE TABLE kept (id INTEGER PRIMARY KEY, name TEXT, note ANY, size REAL, data BLOB) STRICT;
        CREATE TABLE pair (a INTEGER, b TEXT, note TEXT, PRIMARY KEY (b, a)) STRICT, WITHOUT ROWID;
        CREATE TABLE heard (id INTEGER PRIMARY KEY, times INTEGER NOT NULL) STRICT;
        CREATE TABLE ignored (id INTEGER PRIMARY KEY, name TEXT UNIQUE) STRICT;
        CREATE TRIGGER note_kept AFTER UPDATE OF name ON kept WHEN NEW.id % 2 = 0
        BEGIN
            INSERT INTO heard (id, times) VALUES (NEW.id, 1) ON CONFLICT (id) DO UPDATE SET times = times + 1;
            UPDATE kept SET note = coalesce(note, 0) WHERE id = NEW.id;
        END;
        INSERT INTO kept VALUES (1, 'one', 'old', 1, x'00'), (2, NULL, 2, 2.5, NULL), (3, 'three', 3.5, NULL, x'');
        INSERT INTO pair VALUES (1, 'x', 'old'), (2, 'y', NULL);
        ALTER TABLE pair ADD COLUMN later TEXT;
        """

    @Test("tell of the same rows the same", arguments: 0..<120)
    func random(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let writes = (0..<Int.random(in: 1...80, using: &random)).map { _ in Self.write(using: &random) }
        #expect(
            try Self.heardByOurs(writes) == Self.heardBySession(writes),
            "seed \(seed): \(writes.joined(separator: "; "))")
    }

    private static func write(using random: inout SeededRandom) -> String {
        let id = Int.random(in: 1...6, using: &random)
        let other = Int.random(in: 1...6, using: &random)
        let value =
            ["NULL", "7", "-9223372036854775808", "2.0", "'é🎸'", "''", "x'00FF'", "x''"]
            .randomElement(using: &random) ?? "NULL"
        let text =
            ["NULL", "'a'", "''", "'\(String(repeating: "long ", count: 60))'"].randomElement(using: &random)
            ?? "NULL"
        let number = ["NULL", "1", "0.1", "9007199254740993", "-3"].randomElement(using: &random) ?? "1"
        return switch Int.random(in: 0..<13, using: &random) {
        case 0: "INSERT OR IGNORE INTO kept VALUES (\(id), \(text), \(value), \(number), x'01')"
        case 1: "INSERT OR REPLACE INTO kept VALUES (\(id), \(text), \(value), \(number), NULL)"
        case 2: "UPDATE kept SET name = \(text) WHERE id = \(id)"
        case 3: "UPDATE kept SET size = \(number), note = \(value)"
        case 4: "DELETE FROM kept WHERE id = \(id)"
        case 5: "UPDATE OR IGNORE kept SET id = \(other) WHERE id = \(id)"
        case 6: "INSERT OR IGNORE INTO pair (a, b, note, later) VALUES (\(id), 'x', \(text), \(text))"
        case 7: "UPDATE pair SET note = \(text), later = 'now' WHERE a = \(id)"
        case 8: "UPDATE OR IGNORE pair SET a = \(other), b = 'z' WHERE a = \(id)"
        case 9: "DELETE FROM pair WHERE a = \(id)"
        case 10: "INSERT INTO ignored (name) VALUES (\(text)) ON CONFLICT DO NOTHING"
        case 11:
            "INSERT INTO pair (a, b, note) VALUES (\(id), 'x', \(text)) ON CONFLICT (a, b) DO UPDATE SET note = excluded.note"
        default: "DELETE FROM kept"
        }
    }

    private static func heardByOurs(_ writes: [String]) throws -> [String] {
        let scratch = try Scratch()
        let connection = try Connection(path: scratch.path("a.sqlite"), access: .create)
        try connection.execute(schema)
        let recording = Recording(of: ["kept", "pair", "heard"], on: connection)
        for write in writes { try connection.run(write) }
        return try rows(of: try recording.changesets())
    }

    private static func heardBySession(_ writes: [String]) throws -> [String] {
        let scratch = try Scratch()
        var database: OpaquePointer?
        defer { sqlite3_close_v2(database) }
        try #require(sqlite3_open(scratch.path("b.sqlite"), &database) == SQLITE_OK)
        try #require(sqlite3_exec(database, schema, nil, nil, nil) == SQLITE_OK)
        var session: OpaquePointer?
        try #require(sqlite3session_create(database, "main", &session) == SQLITE_OK)
        defer { sqlite3session_delete(session) }
        for table in ["kept", "pair", "heard"] {
            try #require(sqlite3session_attach(session, table) == SQLITE_OK)
        }
        for write in writes { try #require(sqlite3_exec(database, write, nil, nil, nil) == SQLITE_OK) }
        var count: Int32 = 0
        var bytes: UnsafeMutableRawPointer?
        try #require(sqlite3session_changeset(session, &count, &bytes) == SQLITE_OK)
        defer { sqlite3_free(bytes) }
        return try rows(of: [Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))])
    }

    /// In an order of their own: a session's rows come by their hash.
    private static func rows(of changesets: [[UInt8]]) throws -> [String] {
        var rows: [String] = []
        for changeset in changesets where !changeset.isEmpty {
            try eachChange(in: changeset) { change in
                rows.append(
                    "\(change.table) \(change.operation) \(change.before) \(change.after) \(change.isKey)")
            }
        }
        return rows.sorted()
    }
}
