internal import CSQLite

/// A prepared statement, bound and stepped by its connection.
final class Statement {
    private let handle: OpaquePointer
    private let sql: String
    private unowned let connection: Connection
    private(set) var isRunning = false
    /// True when it can write nothing.
    let isReadOnly: Bool

    init(_ sql: String, on connection: Connection) throws {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else {
            throw connection.failure(code, "preparing \(firstLine(of: sql))")
        }
        handle = prepared
        isReadOnly = sqlite3_stmt_readonly(prepared) != 0
        self.sql = sql
        self.connection = connection
    }

    deinit {
        sqlite3_finalize(handle)
    }

    func start(_ values: [Value]) throws {
        sqlite3_reset(handle)
        guard values.count == Int(sqlite3_bind_parameter_count(handle)) else {
            throw StorageError(
                code: SQLITE_RANGE,
                message: "\(values.count) values for \(sqlite3_bind_parameter_count(handle)) places",
                doing: "binding \(firstLine(of: sql))"
            )
        }
        var index: Int32 = 1
        for value in values {
            let code = bind(value, at: index)
            guard code == SQLITE_OK else { throw connection.failure(code, "binding \(firstLine(of: sql))") }
            index += 1
        }
        isRunning = true
    }

    private func bind(_ value: Value, at index: Int32) -> Int32 {
        switch value {
        case .null:
            return sqlite3_bind_null(handle, index)
        case .integer(let number):
            return sqlite3_bind_int64(handle, index, number)
        case .real(let number):
            return sqlite3_bind_double(handle, index, number)
        case .text(var text):
            return text.withUTF8 { utf8 in
                // An empty text has no bytes to point at, and SQLite takes a null pointer for NULL.
                guard let start = utf8.baseAddress else { return csqlite_bind_text(handle, index, "", 0) }
                return start.withMemoryRebound(to: CChar.self, capacity: utf8.count) {
                    csqlite_bind_text(handle, index, $0, Int32(utf8.count))
                }
            }
        case .blob(let bytes):
            return bytes.withUnsafeBytes {
                csqlite_bind_blob(handle, index, $0.baseAddress, Int32($0.count))
            }
        }
    }

    /// True when there is a row to read.
    func step() throws -> Bool {
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw connection.failure(code, "running \(firstLine(of: sql))")
        }
    }

    func stop() {
        sqlite3_reset(handle)
        isRunning = false
    }

    func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
    }

    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

    func real(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }

    func text(_ column: Int) -> String {
        guard let bytes = sqlite3_column_text(handle, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func blob(_ column: Int) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(handle, Int32(column)) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    func value(_ column: Int) -> Value {
        switch sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_INTEGER: .integer(integer(column))
        case SQLITE_FLOAT: .real(real(column))
        case SQLITE_TEXT: .text(text(column))
        case SQLITE_BLOB: .blob(blob(column))
        default: .null
        }
    }

    var columnCount: Int { Int(sqlite3_column_count(handle)) }
}

/// One row of a result, readable until the next step.
public struct Row {
    let statement: Statement

    /// True when the column holds nothing.
    public func isNull(_ column: Int) -> Bool { statement.isNull(column) }
    /// The column as an integer; 0 for null.
    public func integer(_ column: Int) -> Int64 { statement.integer(column) }
    /// The column as an integer, or nil for null.
    public func integerOrNil(_ column: Int) -> Int64? { isNull(column) ? nil : statement.integer(column) }
    /// The column as a machine-sized integer; 0 for null.
    public func int(_ column: Int) -> Int { Int(statement.integer(column)) }
    /// The column as a machine-sized integer, or nil for null.
    public func intOrNil(_ column: Int) -> Int? { isNull(column) ? nil : Int(statement.integer(column)) }
    /// The column as a double; 0 for null.
    public func real(_ column: Int) -> Double { statement.real(column) }
    /// The column as a double, or nil for null.
    public func realOrNil(_ column: Int) -> Double? { isNull(column) ? nil : statement.real(column) }
    /// The column as text; empty for null.
    ///
    /// What is not UTF-8 is repaired with U+FFFD.
    public func text(_ column: Int) -> String { statement.text(column) }
    /// The column as text, or nil for null.
    public func textOrNil(_ column: Int) -> String? { isNull(column) ? nil : statement.text(column) }
    /// The column's bytes; none for null.
    ///
    /// Text gives its UTF-8.
    public func blob(_ column: Int) -> [UInt8] { statement.blob(column) }
    /// The column as it is stored.
    public func value(_ column: Int) -> Value { statement.value(column) }
    /// How many columns the row has.
    public var count: Int { statement.columnCount }
}

/// Rows one after another, at the caller's pace, on a statement of its own.
public final class Cursor {
    private let statement: Statement
    private var ended = false

    init(statement: Statement) {
        self.statement = statement
    }

    deinit {
        statement.stop()
    }

    /// The next row, valid until the next call, or nil at the end.
    public func next() throws -> Row? {
        guard !ended else { return nil }
        guard try statement.step() else {
            ended = true
            statement.stop()
            return nil
        }
        return Row(statement: statement)
    }
}
