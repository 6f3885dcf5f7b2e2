internal import CSQLite

/// Watches what a connection writes to some tables, to tell afterwards how to take it back.
///
/// Only the named tables are watched: attaching all of them costs 17 µs a file and records the full-text index's
/// own tables too. A table needs a declared primary key.
///
/// SQLite's session finds a row it has seen by a hash that keeps the low bits of an integer key where they are, and takes
/// them for the bucket. Keys whose low bits are alike, as those of one machine are, all fall into one bucket, so that the
/// time for n rows grows with n². So a session is ended, and another begun, after so many writes: what was written comes
/// as several changesets, in order.
public final class Recording {
    private static let mostWrites = 128

    private let tables: [String]
    private unowned let connection: Connection
    private var session: OpaquePointer?
    private var writes = 0
    private var finished: [[UInt8]] = []
    private var isPaused = false

    /// Begins to watch these tables.
    public init(of tables: [String], on connection: Connection) throws {
        self.tables = tables
        self.connection = connection
        try begin()
        connection.recording = self
    }

    deinit {
        if let session { sqlite3session_delete(session) }
    }

    /// What was written since the recording began, in order, and ends the recording; nothing when nothing was written.
    public func changesets() throws -> [[UInt8]] {
        connection.recording = nil
        try end()
        return finished
    }

    fileprivate func pause(_ isPaused: Bool) {
        self.isPaused = isPaused
        if let session { sqlite3session_enable(session, isPaused ? 0 : 1) }
    }

    /// Hears that the connection wrote something.
    func noteWrite() throws {
        writes += 1
        guard writes >= Recording.mostWrites else { return }
        try end()
        try begin()
    }

    private func begin() throws {
        writes = 0
        var code = sqlite3session_create(connection.handle, "main", &session)
        guard code == SQLITE_OK else { throw connection.failure(code, "beginning to record changes") }
        for table in tables {
            code = sqlite3session_attach(session, table)
            guard code == SQLITE_OK else { throw connection.failure(code, "recording changes of \(table)") }
        }
        if isPaused { sqlite3session_enable(session, 0) }
    }

    private func end() throws {
        guard let ended = session else { return }
        session = nil
        defer { sqlite3session_delete(ended) }
        var count: Int32 = 0
        var bytes: UnsafeMutableRawPointer?
        let code = sqlite3session_changeset(ended, &count, &bytes)
        defer { sqlite3_free(bytes) }
        guard code == SQLITE_OK else {
            throw StorageError(
                code: code, message: "the changes could not be recorded", doing: "recording changes")
        }
        if count > 0 { finished.append(Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))) }
    }
}

extension Connection {
    /// Writes what follows from other rows, and can be made from them again: it is not recorded, and whoever takes a
    /// change back derives it anew.
    public func unrecorded<Result>(_ body: () throws -> Result) rethrows -> Result {
        recording?.pause(true)
        defer { recording?.pause(false) }
        return try body()
    }
}

/// What one statement did to one row.
public struct RowChange: Sendable {
    /// The three things that can happen to a row.
    public enum Operation: Sendable {
        /// The row was not there before.
        case insert
        /// Some columns have other values.
        case update
        /// The row is no longer there.
        case delete
    }

    /// The table's name.
    public let table: String
    /// What happened.
    public let operation: Operation
    /// By column number: the value before.
    ///
    /// The key's columns, and for an update those that changed; nil elsewhere.
    public let before: [Value?]
    /// By column number: the value after; nil where it did not change.
    public let after: [Value?]
    /// By column number: whether the column is part of the primary key.
    public let isKey: [Bool]
}

/// Calls `body` with each row's change of a changeset, in its order.
public func eachChange(in changeset: [UInt8], _ body: (RowChange) throws -> Void) throws {
    var copy = changeset
    let count = Int32(copy.count)
    try copy.withUnsafeMutableBytes { buffer in
        var iterator: OpaquePointer?
        var code = sqlite3changeset_start(&iterator, count, buffer.baseAddress)
        guard code == SQLITE_OK, let iterator else {
            throw StorageError(code: code, message: "damaged changeset", doing: "reading a recorded change")
        }
        defer { sqlite3changeset_finalize(iterator) }
        while true {
            code = sqlite3changeset_next(iterator)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else {
                throw StorageError(
                    code: code, message: "damaged changeset", doing: "reading a recorded change")
            }
            try body(rowChange(at: iterator))
        }
    }
}

private func rowChange(at iterator: OpaquePointer) throws -> RowChange {
    var name: UnsafePointer<CChar>?
    var columns: Int32 = 0
    var operation: Int32 = 0
    var indirect: Int32 = 0
    sqlite3changeset_op(iterator, &name, &columns, &operation, &indirect)
    var keyFlags: UnsafeMutablePointer<UInt8>?
    var keyCount: Int32 = 0
    sqlite3changeset_pk(iterator, &keyFlags, &keyCount)

    var before: [Value?] = []
    var after: [Value?] = []
    var isKey: [Bool] = []
    for column in 0..<columns {
        var value: OpaquePointer?
        if operation != SQLITE_INSERT { sqlite3changeset_old(iterator, column, &value) }
        before.append(value.map(storedValue))
        value = nil
        if operation != SQLITE_DELETE { sqlite3changeset_new(iterator, column, &value) }
        after.append(value.map(storedValue))
        isKey.append((keyFlags?[Int(column)] ?? 0) != 0)
    }
    let kind: RowChange.Operation =
        switch operation {
        case SQLITE_INSERT: .insert
        case SQLITE_DELETE: .delete
        default: .update
        }
    return RowChange(
        table: name.map { String(cString: $0) } ?? "",
        operation: kind,
        before: before,
        after: after,
        isKey: isKey
    )
}

private func storedValue(_ value: OpaquePointer) -> Value {
    switch sqlite3_value_type(value) {
    case SQLITE_INTEGER:
        return .integer(sqlite3_value_int64(value))
    case SQLITE_FLOAT:
        return .real(sqlite3_value_double(value))
    case SQLITE_TEXT:
        let count = Int(sqlite3_value_bytes(value))
        guard let bytes = sqlite3_value_text(value) else { return .text("") }
        return .text(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
    case SQLITE_BLOB:
        let count = Int(sqlite3_value_bytes(value))
        guard let bytes = sqlite3_value_blob(value) else { return .blob([]) }
        return .blob(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
    default:
        return .null
    }
}
