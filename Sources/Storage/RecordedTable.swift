internal import CSQLite

/// The columns of a table, as a changeset has to tell of them.
struct TableShape {
    let name: String
    /// For each column its place in the primary key, from 1; 0 for the others.
    let key: [UInt8]
    /// For each column whether it holds numbers with a fraction: SQLite keeps whole ones among them as integers, and says so
    /// to its hook.
    let isReal: [Bool]
}

extension Connection {
    /// The shape of a table; it is kept until a migration may have changed it.
    func shape(of table: String) throws -> TableShape {
        if let known = shapes[table] { return known }
        let columns = try rows("SELECT type, pk FROM pragma_table_info(?)", [.text(table)]) {
            (type: $0.text(0), key: UInt8(clamping: $0.int(1)))
        }
        guard columns.contains(where: { $0.key > 0 }) else {
            throw StorageError(
                code: SQLITE_ERROR, message: "no table \(table) with a primary key",
                doing: "recording changes")
        }
        let shape = TableShape(
            name: table, key: columns.map(\.key), isReal: columns.map { $0.type == "REAL" })
        shapes[table] = shape
        return shape
    }
}

/// A row that is being written: readable only while SQLite's hook runs.
struct WrittenRow {
    let database: OpaquePointer
    /// `SQLITE_INSERT`, `SQLITE_UPDATE` or `SQLITE_DELETE`.
    let operation: Int32

    var columns: Int { Int(sqlite3_preupdate_count(database)) }

    func before(_ column: Int) throws(StorageError) -> OpaquePointer? {
        var value: OpaquePointer?
        try check(sqlite3_preupdate_old(database, Int32(column), &value))
        return value
    }

    func after(_ column: Int) throws(StorageError) -> OpaquePointer? {
        var value: OpaquePointer?
        try check(sqlite3_preupdate_new(database, Int32(column), &value))
        return value
    }

    private func check(_ code: Int32) throws(StorageError) {
        guard code != SQLITE_OK else { return }
        throw StorageError(code: code, message: "a written row could not be read", doing: "recording changes")
    }
}

/// What was written to one table since a part of a recording began.
///
/// Rows stand here as changesets hold them, a type and a value for each column (sqlite3session.c, “Changeset format”). They
/// are looked up by their key only from the first row on that is updated or deleted: an import does neither, and its rows
/// are just put one behind the other.
struct RecordedTable {
    let shape: TableShape

    /// A row, before and after; an empty range where it was not there.
    private struct Entry {
        var before: Range<Int>
        var after: Range<Int>
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    private var entriesByKey: [ArraySlice<UInt8>: Int]?

    init(_ shape: TableShape) { self.shape = shape }

    var isEmpty: Bool { entries.isEmpty }
    /// How many bytes are held.
    var size: Int { bytes.count }

    private static let nothing = 0..<0

    /// Puts down a row that is being written.
    mutating func note(_ row: WrittenRow) throws(StorageError) {
        guard row.columns == shape.key.count else {
            throw StorageError(
                code: SQLITE_SCHEMA, message: "\(shape.name) has other columns than before",
                doing: "recording changes")
        }
        var entry = Entry(before: RecordedTable.nothing, after: RecordedTable.nothing)
        if row.operation != SQLITE_INSERT {
            entry.before = try append { column throws(StorageError) in try row.before(column) }
        }
        if row.operation != SQLITE_DELETE {
            entry.after = try append { column throws(StorageError) in try row.after(column) }
        }
        if row.operation == SQLITE_INSERT, entriesByKey == nil {
            entries.append(entry)
            return
        }
        if entriesByKey == nil { findKeys() }
        guard row.operation == SQLITE_UPDATE, key(of: entry.before) != key(of: entry.after) else {
            merge(entry)
            return
        }
        // A row under another key is another row.
        merge(Entry(before: entry.before, after: RecordedTable.nothing))
        merge(Entry(before: RecordedTable.nothing, after: entry.after))
    }

    private mutating func findKeys() {
        entriesByKey = Dictionary(
            entries.indices.map { (key(of: entries[$0].after), $0) }, uniquingKeysWith: { $1 })
    }

    private mutating func merge(_ entry: Entry) {
        let key = key(of: entry.before.isEmpty ? entry.after : entry.before)
        if let known = entriesByKey?[key] {
            entries[known].after = entry.after
        } else {
            entriesByKey?[key] = entries.count
            entries.append(entry)
        }
    }

    // MARK: Values

    private mutating func append(
        _ value: (Int) throws(StorageError) -> OpaquePointer?
    ) throws(StorageError) -> Range<Int> {
        let start = bytes.count
        for column in shape.key.indices { append(try value(column), isReal: shape.isReal[column]) }
        return start..<bytes.count
    }

    private mutating func append(_ value: OpaquePointer?, isReal: Bool) {
        let type = sqlite3_value_type(value)
        switch type {
        case SQLITE_INTEGER where !isReal:
            bytes.append(UInt8(SQLITE_INTEGER))
            append(UInt64(bitPattern: sqlite3_value_int64(value)))
        case SQLITE_INTEGER, SQLITE_FLOAT:
            bytes.append(UInt8(SQLITE_FLOAT))
            append(sqlite3_value_double(value).bitPattern)
        case SQLITE_TEXT, SQLITE_BLOB:
            // The length is asked for behind the bytes: they are brought into UTF-8 first.
            let start =
                type == SQLITE_TEXT ? UnsafeRawPointer(sqlite3_value_text(value)) : sqlite3_value_blob(value)
            let count = Int(sqlite3_value_bytes(value))
            bytes.append(UInt8(type))
            RecordedTable.append(varint: count, to: &bytes)
            bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
        default:
            bytes.append(UInt8(SQLITE_NULL))
        }
    }

    private mutating func append(_ number: UInt64) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// SQLite's variable-length integer: seven bits a byte, the largest first, and the highest bit where more follow.
    ///
    /// Nothing in a row is longer than 31 bits can tell.
    private static func append(varint number: Int, to bytes: inout [UInt8]) {
        var shift = 28
        while shift > 0, number >> shift == 0 { shift -= 7 }
        while shift > 0 {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift & 0x7F | 0x80))
            shift -= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: number & 0x7F))
    }

    /// Where the value that begins at `start` ends.
    private func end(of start: Int) -> Int {
        switch Int32(bytes[start]) {
        case SQLITE_INTEGER, SQLITE_FLOAT: return start + 9
        case SQLITE_TEXT, SQLITE_BLOB:
            var place = start + 1
            var count = 0
            while true {
                count = count << 7 | Int(bytes[place] & 0x7F)
                place += 1
                if bytes[place - 1] & 0x80 == 0 { return place + count }
            }
        default: return start + 1
        }
    }

    /// The values of a row's primary key.
    private func key(of row: Range<Int>) -> ArraySlice<UInt8> {
        var key: ArraySlice<UInt8> = []
        var start = row.lowerBound
        for column in shape.key.indices where start < row.upperBound {
            let end = end(of: start)
            if shape.key[column] > 0 { key += bytes[start..<end] }
            start = end
        }
        return key
    }

    // MARK: The changeset

    /// Moves what was written to the end of a changeset.
    mutating func take(into changeset: inout [UInt8]) {
        let start = changeset.count
        changeset.append(UInt8(ascii: "T"))
        RecordedTable.append(varint: shape.key.count, to: &changeset)
        changeset += shape.key
        changeset += shape.name.utf8
        changeset.append(0)
        let head = changeset.count
        for entry in entries {
            switch (entry.before.isEmpty, entry.after.isEmpty) {
            case (true, true): break
            case (true, false):
                changeset += [UInt8(SQLITE_INSERT), 0]
                changeset += bytes[entry.after]
            case (false, true):
                changeset += [UInt8(SQLITE_DELETE), 0]
                changeset += bytes[entry.before]
            case (false, false): appendUpdate(entry, to: &changeset)
            }
        }
        if changeset.count == head { changeset.removeSubrange(start...) }
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
        entriesByKey = nil
    }

    /// The columns that have another value, and the key, which tells whose; nothing where none has.
    private func appendUpdate(_ entry: Entry, to changeset: inout [UInt8]) {
        var old: [UInt8] = [UInt8(SQLITE_UPDATE), 0]
        var new: [UInt8] = []
        var isOther = false
        var before = entry.before.lowerBound
        var after = entry.after.lowerBound
        for column in shape.key.indices {
            let (endBefore, endAfter) = (end(of: before), end(of: after))
            let changed = bytes[before..<endBefore] != bytes[after..<endAfter]
            old += changed || shape.key[column] > 0 ? bytes[before..<endBefore] : [0]
            new += changed ? bytes[after..<endAfter] : [0]
            isOther = isOther || changed
            (before, after) = (endBefore, endAfter)
        }
        if isOther { changeset += old + new }
    }
}
