internal import CSQLite

/// One connection to one database, for one thread.
///
/// Statements are prepared once and kept, by their text: a catalogue has some hundred of them, and an import runs
/// each of a dozen a million times.
public final class Connection {
    /// What a connection may do with the database.
    public enum Access: Sendable {
        /// Read; the file must exist.
        case read
        /// Read a file that nobody can write, because its disk or folder is read-only.
        case frozen
        /// Read and write; the file must exist.
        case write
        /// Read and write, and make the file if it is not there.
        case create
    }

    /// True when nothing can be written through it.
    public let isReadOnly: Bool
    let handle: OpaquePointer
    private var statements: [StatementText: Statement] = [:]
    /// What a recording has to know of tables.
    var shapes: [String: TableShape] = [:]
    private var depth = 0
    /// Who is told of every write; the one that began last.
    weak var recording: Recording?

    /// Opens a database.
    ///
    /// A write waits up to ten seconds for another process's.
    ///
    /// Throws `StorageError` when the file cannot be opened, or is no database.
    public init(path: String, access: Access) throws {
        _ = Connection.countsNoMemory
        let flags =
            switch access {
            case .read: SQLITE_OPEN_READONLY
            case .frozen: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            case .write: SQLITE_OPEN_READWRITE
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        var opened: OpaquePointer?
        let name = access == .frozen ? Connection.frozenName(of: path) : path
        let code = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let opened else {
            throw StorageError(code: code, message: "out of memory", doing: "opening \(path)")
        }
        guard code == SQLITE_OK else {
            let message = String(cString: sqlite3_errmsg(opened))
            sqlite3_close_v2(opened)
            throw StorageError(code: code, message: message, doing: "opening \(path)")
        }
        handle = opened
        isReadOnly = access == .read || access == .frozen
        sqlite3_busy_timeout(handle, 10_000)
        // "oops" in double quotes would otherwise become the text oops where no such column exists.
        _ = csqlite_config_flag(handle, SQLITE_DBCONFIG_DQS_DML, 0)
        _ = csqlite_config_flag(handle, SQLITE_DBCONFIG_DQS_DDL, 0)
        // A catalogue may come from a stranger: its views and triggers get no dangerous functions.
        _ = csqlite_config_flag(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
        _ = csqlite_config_flag(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
        try prepareForUse(access)
    }

    /// How much memory SQLite has is nobody's question, and its counter has a lock that every allocation takes: 50,000
    /// instructions a photograph.
    private static let countsNoMemory = csqlite_count_no_memory() == SQLITE_OK

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// NORMAL in WAL mode may lose the last commits when the power fails, never the database: an import that
    /// is run again finds what is missing.
    ///
    /// FULL costs a disk flush for every star that is set.
    private func prepareForUse(_ access: Access) throws {
        if access == .write || access == .create {
            try execute("PRAGMA journal_mode = WAL")
            try execute("PRAGMA synchronous = NORMAL")
            // 16 MB, four transactions of an import: what all of them write to the same pages goes to the file once, and the
            // disk is asked four times less often to be done with it.
            try execute("PRAGMA wal_autocheckpoint = 4000")
        }
        try execute("PRAGMA foreign_keys = ON")
        try execute("PRAGMA temp_store = MEMORY")
        try execute("PRAGMA cache_size = -65536")
    }

    /// A database in WAL mode wants two files beside it even to be read, unless it is said that nobody writes.
    private static func frozenName(of path: String) -> String {
        var name: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"):
                name += Array("%\(String(byte, radix: 16))".utf8)
            default: name.append(byte)
            }
        }
        return "file:" + String(decoding: name, as: UTF8.self) + "?immutable=1"
    }

    /// The prepared statement of this text, ready to be bound.
    func statement(_ sql: String) throws -> Statement {
        let text = StatementText(sql: sql)
        if let known = statements[text], !known.isRunning {
            return known
        }
        let prepared = try Statement(sql, on: self)
        statements[text] = prepared
        return prepared
    }

    /// Runs one statement that returns no rows, and tells how many rows it changed.
    @discardableResult
    public func run(_ sql: String, _ values: [Value] = []) throws -> Int {
        let statement = try statement(sql)
        try statement.start(values)
        defer { statement.stop() }
        let heard = recording?.heard ?? 0
        do {
            while try statement.step() {}
        } catch {
            recording?.statementFailed(having: heard, error)
            throw error
        }
        return Int(sqlite3_changes64(handle))
    }

    /// Runs one or more statements without values, such as a migration.
    public func execute(_ sql: String) throws {
        shapes = [:]
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else {
            throw failure(code, "running \(firstLine(of: sql))")
        }
    }

    /// Calls `body` with each row.
    ///
    /// The row is valid only during the call.
    public func each(_ sql: String, _ values: [Value] = [], _ body: (Row) throws -> Void) throws {
        let statement = try statement(sql)
        try statement.start(values)
        defer { statement.stop() }
        while try statement.step() {
            try body(Row(statement: statement))
        }
    }

    /// The rows, each made into a value.
    public func rows<Element>(
        _ sql: String,
        _ values: [Value] = [],
        _ make: (Row) throws -> Element
    ) throws -> [Element] {
        var all: [Element] = []
        try each(sql, values) { all.append(try make($0)) }
        return all
    }

    /// The first row made into a value, or nil when there is none.
    public func first<Element>(
        _ sql: String,
        _ values: [Value] = [],
        _ make: (Row) throws -> Element
    ) throws -> Element? {
        let statement = try statement(sql)
        try statement.start(values)
        defer { statement.stop() }
        return try statement.step() ? try make(Row(statement: statement)) : nil
    }

    /// The rows one after another, at the caller's pace.
    ///
    /// The cursor keeps its own statement.
    public func cursor(_ sql: String, _ values: [Value] = []) throws -> Cursor {
        let statement = try Statement(sql, on: self)
        try statement.start(values)
        return Cursor(statement: statement)
    }

    /// The key of the row inserted last.
    public var lastInserted: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Runs `body` in a transaction that is committed when it returns and rolled back when it throws.
    ///
    /// The transaction is immediate: a deferred one fails as busy at its first write and cannot be tried again.
    /// An inner transaction is part of the outer one.
    @discardableResult
    public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        if depth > 0 { return try body() }
        try run("BEGIN IMMEDIATE")
        depth += 1
        defer { depth -= 1 }
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // After a full disk SQLite has already rolled back, and says so by refusing this.
            if sqlite3_get_autocommit(handle) == 0 { _ = try? run("ROLLBACK") }
            throw error
        }
    }

    /// Runs `body` on one unchanging state of the database, however long it takes and whoever writes.
    @discardableResult
    public func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        if depth > 0 { return try body() }
        try run("BEGIN")
        depth += 1
        defer {
            depth -= 1
            _ = try? run("ROLLBACK")
        }
        return try body()
    }

    /// What SQLite reports as wrong with the database, whole and in its references; nothing when all is well.
    public func check() throws -> [String] {
        let structure = try rows("PRAGMA integrity_check(100)") { $0.text(0) }.filter { $0 != "ok" }
        let references = try rows("PRAGMA foreign_key_check") { row in
            "\(row.text(0)) row \(row.integer(1)) refers to a row of \(row.text(2)) that is not there"
        }
        return structure + references.prefix(100)
    }

    /// Copies the database, as it is at this moment, to a new file, while others read and write.
    ///
    /// Throws `StorageError`; the file is then not to be used.
    public func backUp(to path: String) throws {
        try run("VACUUM INTO ?", [.text(path)])
    }

    /// How SQLite would go about a statement, one step a line, for the tests that hold queries to their indexes.
    public func plan(_ sql: String, _ values: [Value] = []) throws -> [String] {
        try rows("EXPLAIN QUERY PLAN " + sql, values) { $0.text(3) }
    }

    func failure(_ code: Int32, _ doing: String) -> StorageError {
        StorageError(
            code: sqlite3_extended_errcode(handle) == SQLITE_OK ? code : sqlite3_extended_errcode(handle),
            message: String(cString: sqlite3_errmsg(handle)),
            doing: doing
        )
    }
}

/// A statement's text, as the key under which it is kept.
///
/// There are some hundred of them, of some hundred bytes each: to tell them apart it is enough to hash their length and
/// their ends, and comparing the same text with itself is one look at where it lies.
private struct StatementText: Hashable {
    let sql: String

    func hash(into hasher: inout Hasher) {
        let bytes = sql.utf8
        hasher.combine(bytes.count)
        let isSampled =
            bytes.withContiguousStorageIfAvailable { bytes in
                let raw = UnsafeRawBufferPointer(bytes)
                guard raw.count >= 16 else { return false }
                hasher.combine(raw.loadUnaligned(fromByteOffset: raw.count / 2 - 4, as: UInt64.self))
                hasher.combine(raw.loadUnaligned(fromByteOffset: raw.count - 8, as: UInt64.self))
                return true
            } ?? false
        if !isSampled { hasher.combine(sql) }
    }
}

func firstLine(of sql: String) -> String {
    let words = sql.split(whereSeparator: \.isWhitespace).prefix(12).joined(separator: " ")
    return words.count > 90 ? words.prefix(90) + "…" : words
}
