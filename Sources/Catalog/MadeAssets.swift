internal import Storage

/// What an import writes of the assets that it made in the open transaction, gathered to be written together.
struct MadeAssets {
    private var files = RowBatch(
        "INSERT INTO asset_file (asset, file, role, name, stamp, position, because)", width: 7,
        // Two files of a group may have the same bytes; the better role is the later one, but for the original's.
        """
        ON CONFLICT (asset, file) DO UPDATE
           SET role = excluded.role, name = excluded.name, position = excluded.position, because = excluded.because
         WHERE role <> excluded.role AND role <> 'original'
        """)
    private var sessions = RowBatch("INSERT INTO asset_session (asset, session, stamp)", width: 3)
    private var tags = RowBatch("INSERT INTO asset_tag (asset, tag, source, stamp)", width: 4)

    mutating func add(_ file: FileRecord, _ key: Int64, to asset: Int64, stamp: Stamp) {
        files.add(
            .integer(asset), .integer(key), .text(file.role.rawValue), .text(file.name),
            .integer(stamp.rawValue),
            .integer(file.position), .text(file.because))
    }

    mutating func add(session: Int64, to asset: Int64, stamp: Stamp) {
        sessions.add(.integer(asset), .integer(session), .integer(stamp.rawValue))
    }

    mutating func add(tag: Int64, of source: TagSource, to asset: Int64, stamp: Stamp) {
        tags.add(.integer(asset), .integer(tag), .text(source.rawValue), .integer(stamp.rawValue))
    }

    mutating func flush(to connection: Connection) throws {
        try files.flush(to: connection)
        try sessions.flush(to: connection)
        try tags.flush(to: connection)
    }
}
