import Foundation
import Storage
import Testing

@Suite("A connection")
struct ConnectionTests {
    let scratch: Scratch
    let connection: Connection

    init() throws {
        scratch = try Scratch()
        connection = try Connection(path: scratch.path("a.sqlite"), access: .create)
        try connection.execute(
            "CREATE TABLE thing (id INTEGER PRIMARY KEY, name ANY, UNIQUE (name)) STRICT")
    }

    @Test(
        "gives back every value as it was bound",
        arguments: [
            Value.null, .integer(.min), .integer(.max), .real(0.1), .text(""), .text("e\u{301}"),
            .text("a\u{0}b"),
            .blob([]), .blob([0, 255]),
        ])
    func roundTrip(value: Value) throws {
        try connection.run("INSERT INTO thing (id, name) VALUES (1, ?)", [value])
        #expect(try connection.first("SELECT name FROM thing") { $0.value(0) } == value)
    }

    @Test("keeps a composed and a decomposed name apart")
    func normalisation() throws {
        try connection.run("INSERT INTO thing (name) VALUES (?)", ["\u{e9}"])
        try connection.run("INSERT INTO thing (name) VALUES (?)", ["e\u{301}"])
        #expect(try connection.first("SELECT count(*) FROM thing") { $0.int(0) } == 2)
    }

    @Test("takes back all of a transaction that throws")
    func rollback() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try connection.transaction {
                try connection.run("INSERT INTO thing (name) VALUES ('a')")
                try connection.transaction { try connection.run("INSERT INTO thing (name) VALUES ('b')") }
                throw Stop()
            }
        }
        #expect(try connection.first("SELECT count(*) FROM thing") { $0.int(0) } == 0)
    }

    @Test("names the statement and the system's words in an error, and never the values")
    func errors() throws {
        try connection.run("INSERT INTO thing (name) VALUES (?)", ["private caption"])
        let error = try #require(throws: StorageError.self) {
            try connection.run("INSERT INTO thing (name) VALUES (?)", ["private caption"])
        }
        #expect(error.description.contains("UNIQUE constraint failed: thing.name"))
        #expect(error.description.contains("INSERT INTO thing"))
        #expect(!error.description.contains("private caption"))
    }

    @Test("refuses a statement with too few values")
    func missingValue() throws {
        let error = try #require(throws: StorageError.self) {
            try connection.run("INSERT INTO thing (id, name) VALUES (?, ?)", [1])
        }
        #expect(error.description.contains("1 values for 2 places"))
    }

    @Test("takes text in double quotes for a column's name, not for text")
    func doubleQuotes() {
        #expect(throws: StorageError.self) { try connection.run("SELECT \"oops\"") }
    }

    @Test("lets a reader go on while another writes")
    func readersDoNotWait() throws {
        let path = scratch.path("a.sqlite")
        let reader = try Connection(path: path, access: .read)
        try connection.transaction {
            try connection.run("INSERT INTO thing (name) VALUES ('a')")
            #expect(try reader.first("SELECT count(*) FROM thing") { $0.int(0) } == 0)
        }
        #expect(try reader.first("SELECT count(*) FROM thing") { $0.int(0) } == 1)
    }

    @Test("says that a file which is no database is none")
    func noDatabase() throws {
        let path = scratch.path("b.sqlite")
        try Data("these are words, not pages, and there are enough of them to be read as a header".utf8)
            .write(to: URL(fileURLWithPath: path))
        let error = try #require(throws: StorageError.self) { _ = try Connection(path: path, access: .write) }
        #expect(error.isDamaged)
    }

    @Test("backs up into a file that checks out")
    func backup() throws {
        try connection.run("INSERT INTO thing (name) VALUES ('kept')")
        try connection.backUp(to: scratch.path("copy.sqlite"))
        let copy = try Connection(path: scratch.path("copy.sqlite"), access: .read)
        #expect(try copy.check() == [])
        #expect(try copy.first("SELECT name FROM thing") { $0.text(0) } == "kept")
    }

    @Test("reports a full disk as one, and is usable afterwards")
    func fullDisk() throws {
        try connection.run("PRAGMA max_page_count = 8")
        let error = try #require(throws: StorageError.self) {
            try connection.transaction {
                for number in 0..<100 {
                    try connection.run(
                        "INSERT INTO thing (name) VALUES (?)",
                        [.blob([UInt8](repeating: UInt8(number), count: 4_000))])
                }
            }
        }
        #expect(error.isFull)
        try connection.run("PRAGMA max_page_count = 100000")
        try connection.run("INSERT INTO thing (name) VALUES ('after')")
        #expect(try connection.first("SELECT count(*) FROM thing") { $0.int(0) } == 1)
    }
}
