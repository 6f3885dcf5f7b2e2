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

    var connection: Connection { catalog.connection }

    init(catalog: Catalog, stamp: Stamp) {
        self.catalog = catalog
        self.stamp = stamp
    }

    /// A new key, unique on every machine.
    func mint() -> Int64 { catalog.clock.next().rawValue }

    /// When the change is made, in milliseconds since 1970.
    var now: Int64 { stamp.milliseconds }
}

extension Catalog {
    /// Tables whose rows are recorded, so that a change can be taken back.
    static let recordedTables = [
        "asset", "asset_file", "asset_session", "asset_tag", "clearance", "copy", "delivery", "delivery_item", "edit",
        "selection", "selection_item", "session", "stray", "tag",
    ]

    /// Makes one change: opens the transaction, lets `body` write, keeps how to take it back, and commits.
    /// A change that wrote nothing leaves no trace.
    ///
    /// `command` is the change in the words of who made it. Throws `CatalogError`; nothing is written then.
    @discardableResult
    public func change<Result>(
        _ command: String,
        kind: ChangeKind = .edit,
        undoing: Int64? = nil,
        _ body: (Change) throws -> Result
    ) throws -> Result {
        do {
            return try connection.transaction {
                let latest = try connection.first("SELECT coalesce(max(id), 0) FROM change") { $0.integer(0) } ?? 0
                clock.saw(latest)
                let change = Change(catalog: self, stamp: clock.next())
                try open(change, command: command, kind: kind, undoing: undoing)
                let recording = try Recording(of: Catalog.recordedTables, on: connection)
                let result = try body(change)
                try close(change, changeset: try recording.changeset(), part: 0)
                return result
            }
        } catch {
            throw CatalogError.describing(error, doing: "write to the catalogue", path: path)
        }
    }

    func open(_ change: Change, command: String, kind: ChangeKind, undoing: Int64? = nil) throws {
        writerNote.leave("\(author.person) on \(author.machineName), since \(utcText(now())): \(command)")
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

    private func close(_ change: Change, changeset: [UInt8], part: Int) throws {
        guard !changeset.isEmpty else {
            try connection.run("DELETE FROM change WHERE id = ?", [.integer(change.stamp.rawValue)])
            return
        }
        try keep(changeset, of: change, part: part)
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

/// An instant as ISO 8601 in UTC, without a calendar library: days since 1970 by the proleptic Gregorian rule.
func utcText(_ milliseconds: Int64) -> String {
    let seconds = milliseconds.quotientRoundedDown(by: 1000)
    let days = seconds.quotientRoundedDown(by: 86_400)
    let time = seconds - days * 86_400
    // Counted from 1 March of year 0, so that a leap day is the last day of its year.
    let shifted = days + 719_468
    let era = shifted.quotientRoundedDown(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let calendarMonth = month < 10 ? month + 3 : month - 9
    let year = yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0)
    func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(calendarMonth, 2))-\(padded(day, 2))T"
        + "\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))Z"
}

extension Int64 {
    fileprivate func quotientRoundedDown(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
