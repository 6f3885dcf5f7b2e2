internal import Storage

/// A change as the log shows it.
public struct LoggedChange: Hashable, Sendable {
    /// Its key, which is the stamp of all that it wrote.
    public let id: Int64
    /// The number that `undo` takes.
    public let number: Int
    /// When, in milliseconds since 1970.
    public let at: Int64
    /// Who.
    public let person: String
    /// On which machine.
    public let machine: String
    /// The command in words.
    public let command: String
    /// What came of it.
    public let summary: String
    /// What sort of change it is.
    public let kind: ChangeKind
    /// The number of the change that this one took back.
    public let undoes: Int?
    /// The number of the change that took this one back and stands.
    public let undoneBy: Int?
}

extension Catalog {
    /// The changes, newest first.
    public func log(limit: Int? = nil) throws -> [LoggedChange] {
        try changes(where: "1 = 1", [], limit: limit)
    }

    /// The change of this number.
    ///
    /// Throws `CatalogError` when there is none.
    public func change(numbered number: Int) throws -> LoggedChange {
        guard let found = try changes(where: "c.number = ?", [.integer(number)], limit: 1).first else {
            throw CatalogError(.notFound, "there is no change \(number)", next: "valhalla log lists all")
        }
        return found
    }

    /// The newest change that can be taken back and was not.
    public func lastUndoableChange() throws -> LoggedChange? {
        try changes(
            where: """
                c.kind NOT IN ('observation', 'undo')
                AND undoer.number IS NULL
                AND EXISTS (SELECT 1 FROM change_part AS part WHERE part.change = c.id)
                """, [], limit: 1
        ).first
    }

    func changes(where condition: String, _ values: [Value], limit: Int?) throws -> [LoggedChange] {
        try connection.rows(
            """
            SELECT c.id, c.number, c.at, c.person, m.name, c.command, c.summary, c.kind, undone.number, undoer.number
              FROM change      AS c
              JOIN machine     AS m      ON m.number  = c.machine
              LEFT JOIN change AS undone ON undone.id = c.undoes
              LEFT JOIN change AS undoer ON undoer.undoes = c.id
                   AND NOT EXISTS (SELECT 1 FROM change AS redo WHERE redo.undoes = undoer.id)
             WHERE \(condition)
             ORDER BY c.id DESC
             LIMIT ?
            """,
            values + [.integer(limit ?? -1)]
        ) { row in
            LoggedChange(
                id: row.integer(0), number: row.int(1), at: row.integer(2), person: row.text(3),
                machine: row.text(4),
                command: row.text(5), summary: row.text(6), kind: ChangeKind(rawValue: row.text(7)) ?? .edit,
                undoes: row.intOrNil(8), undoneBy: row.intOrNil(9))
        }
    }
}
