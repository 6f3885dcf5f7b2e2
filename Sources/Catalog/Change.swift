internal import Storage

/// What a change does, which decides whether and how it can be taken back.
public enum ChangeKind: String, Sendable {
    /// People's words: tags, titles, sessions, selections.
    case edit
    /// Files came in.
    case importing = "import"
    /// The gate was opened or closed.
    case decision
    /// Something left the house.
    case delivery
    /// Files were looked at, and nothing that people made was touched.
    case observation
    /// An earlier change was taken back.
    case undo
}

/// The door that every write goes through: a transaction, its record, and the verbs that are allowed inside.
public final class Change {
    let catalog: Catalog
    let stamp: Stamp
    /// Words for the log about what came of it: `12 photographs tagged`.
    public var summary = ""
    /// What is done when all else is written, and only the end of the transaction is still to come.
    private(set) var lastly: [() throws -> Void] = []
    /// What the full-text index does not know yet.
    var stale = StaleText()
    /// The keys of tags that this transaction met, by their path or a file's keyword.
    var tagKeys: [String: Int64] = [:]
    /// The same for the names of people.
    var personKeys: [String: Int64] = [:]
    /// The words of the tags that it met.
    var tagWords: [Int64: String?] = [:]

    var connection: Connection { catalog.connection }

    init(catalog: Catalog, stamp: Stamp) {
        self.catalog = catalog
        self.stamp = stamp
    }

    /// Does something outside of the catalogue, as putting a delivery in its place, when nothing of the change is left to
    /// write: the shorter the time in which the one is done and the other is not on record.
    ///
    /// When it throws, nothing is written.
    public func lastly(_ body: @escaping () throws -> Void) { lastly.append(body) }

    /// Forgets the tags that were met: others may have renamed them since.
    func forgetTags() {
        tagKeys = [:]
        personKeys = [:]
        tagWords = [:]
    }

    /// A new key, unique on every machine.
    func mint() -> Int64 { catalog.clock.next().rawValue }

    /// When the change is made, in milliseconds since 1970.
    var now: Int64 { stamp.milliseconds }

    /// Calls `body` with lists for `json_each` that together name all these keys, in order: one statement for thousands of
    /// rows spares what it costs to begin and end one for each.
    func eachBatch(of keys: [Int64], _ body: (Value) throws -> Void) throws {
        let ordered = keys.sorted()
        for start in stride(from: 0, to: ordered.count, by: Change.batch) {
            try body(QueryCompiler.list(Array(ordered[start..<min(start + Change.batch, ordered.count)])))
        }
    }

    /// How many keys a list names: some 400 kB.
    private static let batch = 20_000
}

extension Catalog {
    /// Tables whose rows are recorded, so that a change can be taken back.
    static let recordedTables = [
        "asset", "asset_file", "asset_session", "asset_tag", "clearance", "copy", "delivery", "delivery_item",
        "edit", "manifest_entry", "artist", "delivery_ground", "derivation", "review", "review_purpose",
        "review_item", "review_answer", "review_end", "recall", "recall_item", "recall_proof",
        "selection", "selection_item", "session", "stray", "tag",
    ]

    /// Makes one change: opens the transaction, lets `body` write, keeps how to take it back, and commits.
    ///
    /// A change that wrote nothing leaves no trace.
    ///
    /// `command` is the change in the words of who made it. Throws `CatalogError`, or what `body` throws; nothing is
    /// written then.
    @discardableResult
    public func change<Result>(
        _ command: String,
        kind: ChangeKind = .edit,
        undoing: Int64? = nil,
        _ body: (Change) throws -> Result
    ) throws -> Result {
        do {
            return try connection.transaction {
                let latest =
                    try connection.first("SELECT coalesce(max(id), 0) FROM change") { $0.integer(0) } ?? 0
                clock.saw(latest)
                let change = Change(catalog: self, stamp: clock.next())
                try open(change, command: command, kind: kind, undoing: undoing)
                let recording = Recording(of: Catalog.recordedTables, on: connection)
                let result = try body(change)
                try connection.indexPositions()
                try connection.refreshStanding(stamp: change.stamp.rawValue)
                try change.writeText()
                try close(change, changesets: try recording.changesets())
                for body in change.lastly { try body() }
                return result
            }
        } catch let error as StorageError {
            throw CatalogError.describing(error, doing: "write to the catalogue", path: path)
        }
    }

    func open(_ change: Change, command: String, kind: ChangeKind, undoing: Int64? = nil) throws {
        writerNote.leave(
            "\(author.person) on \(author.machineName), since \(CivilTime(milliseconds: now()).isoText)Z: \(command)"
        )
        try connection.run(
            """
            INSERT INTO change (id, number, at, person, machine, command, kind, undoes)
            VALUES (?, (SELECT coalesce(max(number), 0) + 1 FROM change), ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(change.stamp.rawValue), .integer(now()), .text(author.person), .integer(machine),
                .text(command), .text(kind.rawValue), .integer(undoing),
            ]
        )
    }

    private func close(_ change: Change, changesets: [[UInt8]]) throws {
        guard !changesets.isEmpty else {
            try connection.run("DELETE FROM change WHERE id = ?", [.integer(change.stamp.rawValue)])
            return
        }
        for (part, changeset) in changesets.enumerated() { try keep(changeset, of: change, part: part) }
        try connection.run(
            "UPDATE change SET summary = ? WHERE id = ?",
            [.text(change.summary), .integer(change.stamp.rawValue)]
        )
    }

    func keep(_ changeset: [UInt8], of change: Change, part: Int) throws {
        try connection.run(
            "INSERT INTO change_part (change, part, changeset) VALUES (?, ?, ?)",
            [.integer(change.stamp.rawValue), .integer(part), .blob(changeset)]
        )
    }
}
