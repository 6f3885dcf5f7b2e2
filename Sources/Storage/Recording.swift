internal import CSQLite

/// Watches what a connection writes to some tables, to tell afterwards how to take it back.
///
/// What it gives has the form of SQLite's session extension, which reads it again, and means the same: a row that was
/// written many times appears once, with what it was before the first and after the last. It is heard from the same hook
/// that the extension listens to, but each row is put down while SQLite has it in its hands. The extension keeps only the
/// keys, looks every row up again at the end, and finds its keys by a hash under which all keys of one machine fall into
/// one bucket: that cost a fifth of an import.
///
/// Only the named tables are watched, and not those that an index keeps for itself. A table needs a declared primary key.
public final class Recording {
    /// Much is given in parts, so that nobody has to hold all of it to take it back.
    private static let longestPart = 1 << 20

    private let connection: Connection
    private let names: Set<String>
    private var tables: [RecordedTable] = []
    /// Places in `tables` by the table's name as SQLite holds it, −1 for one that is not watched: names stay where they
    /// are while a transaction is open, so most rows need no comparison of letters.
    private var places: [(name: UnsafePointer<CChar>, table: Int)] = []
    /// In the order in which they were first written to.
    private var written: [Int] = []
    private var finished: [[UInt8]] = []
    private var isPaused = false
    private var failure: StorageError?
    /// How many rows were heard of.
    private(set) var heard = 0

    /// Begins to watch these tables.
    public init(of tables: [String], on connection: Connection) {
        self.connection = connection
        names = Set(tables)
        connection.recording = self
        sqlite3_preupdate_hook(connection.handle, hear, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { stop() }

    /// What was written since the recording began, in order, and ends the recording; nothing when nothing was written.
    ///
    /// Throws `StorageError` when what was heard is not what was done.
    public func changesets() throws -> [[UInt8]] {
        stop()
        endPart()
        if let failure { throw failure }
        return finished
    }

    private func stop() {
        // Another one may have begun since.
        guard connection.recording == nil || connection.recording === self else { return }
        connection.recording = nil
        sqlite3_preupdate_hook(connection.handle, nil, nil)
    }

    fileprivate func pause(_ isPaused: Bool) { self.isPaused = isPaused }

    /// Hears that a statement failed, of which some rows may have been heard before it was taken back.
    func statementFailed(having before: Int, _ error: any Error) {
        guard heard != before, failure == nil else { return }
        failure =
            error as? StorageError
            ?? StorageError(
                code: SQLITE_ERROR, message: "a statement was taken back", doing: "recording changes")
    }

    fileprivate func note(_ row: WrittenRow, in name: UnsafePointer<CChar>) {
        guard !isPaused, failure == nil else { return }
        do {
            guard let table = try place(of: name) else { return }
            heard += 1
            if tables[table].isEmpty { written.append(table) }
            try tables[table].note(row)
            if tables[table].size > Recording.longestPart { endPart() }
        } catch {
            failure = error as? StorageError
        }
    }

    private func place(of name: UnsafePointer<CChar>) throws -> Int? {
        if let known = places.first(where: { $0.name == name }) { return known.table < 0 ? nil : known.table }
        let text = String(cString: name)
        guard names.contains(text) else {
            places.append((name, -1))
            return nil
        }
        tables.append(RecordedTable(try connection.shape(of: text)))
        places.append((name, tables.count - 1))
        return tables.count - 1
    }

    private func endPart() {
        var part: [UInt8] = []
        part.reserveCapacity(written.reduce(0) { $0 + tables[$1].size })
        for table in written { tables[table].take(into: &part) }
        written = []
        if !part.isEmpty { finished.append(part) }
    }
}

/// What the hook passes on.
private func hear(
    _ recording: UnsafeMutableRawPointer?,
    _ database: OpaquePointer?,
    _ operation: Int32,
    _ schema: UnsafePointer<CChar>?,
    _ table: UnsafePointer<CChar>?,
    _ before: Int64,
    _ after: Int64
) {
    // Temporary tables are nobody's memory.
    guard let recording, let database, let table, let schema,
        schema[0] == CChar(bitPattern: UInt8(ascii: "m"))
    else { return }
    Unmanaged<Recording>.fromOpaque(recording).takeUnretainedValue()
        .note(WrittenRow(database: database, operation: operation), in: table)
}

extension Connection {
    /// Writes what follows from other rows, and can be made from them again: it is not recorded, and whoever takes a
    /// change back derives it anew.
    @discardableResult
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
