internal import Storage

/// How the rows of a table are put back.
private enum UndoRule {
    /// What people make: the row gets its former values, or becomes not present, under a new stamp, so that no other
    /// machine's copy of it wins later.
    case stamped
    /// What was seen on a disk: the row is put back as it was.
    case observed
    /// Decisions are never deleted: one more says that the first counts no longer, and the next one that it does again.
    case decision
    /// What left cannot be taken back.
    case departure

    init(table: String) {
        self =
            switch table {
            case "copy", "stray", "manifest_entry": .observed
            case "clearance": .decision
            case "delivery", "delivery_item", "delivery_ground", "review", "review_purpose", "review_item":
                .departure
            default: .stamped
            }
    }
}

extension Catalog {
    /// Takes a change back, as a change of its own, and returns its record.
    ///
    /// Undoing an undo brings back.
    ///
    /// Throws `CatalogError`, and leaves everything as it is, when a later change depends on this one: it is named.
    @discardableResult
    public func undo(_ logged: LoggedChange, command: String) throws -> LoggedChange {
        try undo(logged, command: command, isRehearsal: false)
    }

    /// Throws what `undo` of a change would, and changes nothing.
    public func rehearseUndo(of logged: LoggedChange, command: String) throws {
        do { _ = try undo(logged, command: command, isRehearsal: true) } catch is Rehearsed {}
    }

    /// Ends a rehearsal, so that its transaction is taken back.
    private struct Rehearsed: Error {}

    private func undo(_ logged: LoggedChange, command: String, isRehearsal: Bool) throws -> LoggedChange {
        try refuseWhatCannotBeUndone(logged)
        let parts = try connection.rows(
            "SELECT part FROM change_part WHERE change = ? ORDER BY part DESC", [.integer(logged.id)]
        ) { $0.integer(0) }
        guard !parts.isEmpty else {
            throw CatalogError(
                .refused,
                "change \(logged.number) was stopped before it wrote anything: there is nothing to take back",
                details: [logged.command])
        }
        let number = try change(command, kind: .undo, undoing: logged.id) { change in
            change.summary = "took back \(logged.number): \(logged.command)"
            var undoing = Undoing(logged, by: change)
            for part in parts {
                // One at a time: a long import is a gigabyte in all.
                let changeset = try connection.first(
                    "SELECT changeset FROM change_part WHERE change = ? AND part = ?",
                    [.integer(logged.id), .integer(part)]
                ) { $0.blob(0) }
                try undoing.takeBack(changeset ?? [])
            }
            try undoing.finish()
            if isRehearsal { throw Rehearsed() }
            return try connection.first("SELECT max(number) FROM change") { $0.int(0) } ?? 0
        }
        return try self.change(numbered: number)
    }

    private func refuseWhatCannotBeUndone(_ logged: LoggedChange) throws {
        if let undoer = logged.undoneBy {
            throw CatalogError(
                .refused, "change \(logged.number) was taken back already, by change \(undoer)",
                next: "valhalla undo \(undoer) brings it back")
        }
        switch logged.kind {
        case .delivery:
            try refuseWhatSentProofs(logged)
            let earlier = try changes(
                where: """
                    c.id < ? AND c.kind NOT IN ('observation', 'undo', 'delivery') AND undoer.number IS NULL
                    AND EXISTS (SELECT 1 FROM change_part AS part WHERE part.change = c.id)
                    """, [.integer(logged.id)], limit: 1
            ).first
            throw CatalogError(
                .refused, "change \(logged.number) is a delivery: what was delivered cannot be taken back",
                details: [logged.command],
                next: "valhalla deliveries tells who has it"
                    + (earlier.map {
                        "; valhalla undo \($0.number) takes back what came before: \($0.command)"
                    } ?? ""))
        case .observation:
            try refuseWhatWroteSidecars(logged)
            throw CatalogError(
                .refused, "change \(logged.number) only looked at files: there is nothing to take back",
                details: [logged.command])
        case .edit, .importing, .decision, .undo: return
        }
    }
}

extension Catalog {
    /// Proofs that left are out of the house; what can be ended is the waiting for answers.
    private func refuseWhatSentProofs(_ logged: LoggedChange) throws {
        guard let review = try reviews().first(where: { $0.stamp == logged.id }) else { return }
        throw CatalogError(
            .refused,
            "change \(logged.number) sent proofs to \(review.artist): what left the house cannot be taken back",
            details: [logged.command],
            next: "valhalla review close \"\(review.name)\" ends the waiting for answers")
    }
}

/// One change being taken back, row for row.
private struct Undoing {
    let logged: LoggedChange
    let change: Change
    /// The columns of each table, in order.
    private var columns: [String: [String]] = [:]
    /// Assets whose columns follow from edits that are put back.
    private var edited: Set<Int64> = []
    /// Assets about which the full-text index may say what is no longer so.
    private var worded: Set<Int64> = []
    /// Assets whose time follows from what is put back.
    private var timed: Set<Int64> = []
    /// Sessions that are put back, whose zone tells the offset of their assets; true where the words of these change too.
    private var sessions: [Int64: Bool] = [:]
    private var left: Set<Int64> = []

    private var connection: Connection { change.connection }

    init(_ logged: LoggedChange, by change: Change) {
        self.logged = logged
        self.change = change
    }

    /// Puts back what one transaction did.
    mutating func takeBack(_ changeset: [UInt8]) throws {
        var rows: [RowChange] = []
        try eachChange(in: changeset) { rows.append($0) }
        // A changeset lists tables in the order they were first written, so parents stand before children; going
        // backwards keeps every reference whole.
        for row in rows.reversed() {
            if row.table == "artist" { try refuseUnlessEntitled() }
            switch UndoRule(table: row.table) {
            case .stamped: try takeBackStamped(row)
            case .observed: try takeBackObserved(row)
            case .decision: try takeBackDecision(row)
            case .departure: try refuse(row)
            }
        }
    }

    /// Brings what is derived to what the rows say now.
    mutating func finish() throws {
        for (session, isWorded) in sessions {
            let assets = try connection.rows(
                "SELECT asset FROM asset_session WHERE session = ? AND present = 1", [.integer(session)]
            ) { $0.integer(0) }
            timed.formUnion(assets)
            if isWorded { worded.formUnion(assets) }
        }
        for asset in edited.sorted() { try change.applyEdits(of: asset) }
        for asset in worded { change.refreshText(of: asset) }
        try change.settleTimes(of: timed.sorted())
        // Those that an asset was taken out of had a say in where others stand.
        try change.catalog.timeLine.align(left)
    }

    private mutating func takeBackStamped(_ row: RowChange) throws {
        let names = try names(of: row)
        guard let stampColumn = names.firstIndex(of: "stamp") else { return }
        note(row, names)
        switch row.operation {
        case .insert:
            try refuseIfMovedOn(row, names)
            if row.table == "asset" { try refuseIfDependedOn(row) }
            try set([("present", .integer(0))], of: row, names, stamped: true)
        case .update:
            // The asset's own columns change with every title and every clock; only a change of presence or of
            // its file carries a stamp.
            let isStamped = row.after[stampColumn] != nil
            if isStamped { try refuseIfMovedOn(row, names) }
            if isStamped, row.table == "asset",
                row.before[names.firstIndex(of: "present") ?? 0] == .integer(0)
            {
                try refuseIfDependedOn(row)
            }
            let former = zip(names, row.before).enumerated().compactMap { index, pair -> (String, Value)? in
                guard !row.isKey[index], pair.0 != "stamp", let value = pair.1 else { return nil }
                return (pair.0, value)
            }
            try set(former, of: row, names, stamped: isStamped)
        case .delete:
            throw CatalogError(
                .broken, "change \(logged.number) deleted a row of \(row.table), which nothing may do")
        }
    }

    private mutating func takeBackObserved(_ row: RowChange) throws {
        let names = try names(of: row)
        switch row.operation {
        case .insert:
            let (condition, key) = keyCondition(row, names)
            try connection.run("DELETE FROM \(row.table) WHERE \(condition)", key)
        case .update:
            let former = zip(names, row.before).enumerated().compactMap { index, pair -> (String, Value)? in
                guard !row.isKey[index], let value = pair.1 else { return nil }
                return (pair.0, value)
            }
            try set(former, of: row, names, stamped: false)
        case .delete:
            let values = row.before.map { $0 ?? .null }
            let places = Array(repeating: "?", count: values.count).joined(separator: ", ")
            // Another file may have taken the path since; what is there today is right.
            try connection.run(
                "INSERT OR IGNORE INTO \(row.table) (\(names.joined(separator: ", "))) VALUES (\(places))",
                values)
        }
    }

    private mutating func takeBackDecision(_ row: RowChange) throws {
        let names = try names(of: row)
        guard row.operation == .insert, case .integer(let id)? = row.after[0] else { return }
        note(row, names)
        if try mayOpen(takingBack: id) { try refuseUnlessEntitled() }
        // What was itself taken back is brought back by the same row: the decision that it named counts again, under
        // the key that tells when it was made.
        try connection.run(
            """
            INSERT INTO clearance (id, asset, session, tag, decision, person, decided_at, retracts, stamp)
            SELECT ?, asset, session, tag, 'retracted', ?, ?, id, ? FROM clearance WHERE id = ?
            """,
            [
                .integer(change.mint()), .text(change.catalog.author.person), .integer(change.now),
                .integer(change.stamp.rawValue), .integer(id),
            ])
    }

    /// True when a decision that may close is to count no more, or one that may open is to count again.
    private func mayOpen(takingBack id: Int64) throws -> Bool {
        var seen: Set<Int64> = []
        var row = id
        while seen.insert(row).inserted {
            let found = try connection.first(
                "SELECT decision, retracts FROM clearance WHERE id = ?", [.integer(row)]
            ) { (kind: DecisionKind(rawValue: $0.text(0)), retracts: $0.integerOrNil(1)) }
            guard let kind = found?.kind else { return true }
            guard kind == .retracted, let named = found?.retracts else {
                return seen.count.isMultiple(of: 2) ? kind.opens : kind.closes
            }
            row = named
        }
        return true
    }

    /// What was closed is opened again by who closed it, to mend a mistake, or by an artist; for everybody else `undo`
    /// would be a way around the gate.
    private func refuseUnlessEntitled() throws {
        let person = change.catalog.author.person
        guard logged.person != person, try !change.catalog.isArtist(person) else { return }
        throw CatalogError(
            .notCleared,
            "change \(logged.number) is \(logged.person)’s, and taking it back could open what it closed",
            details: [logged.command],
            next: "valhalla lift QUERY --by NAME --reason TEXT, on the word of who holds it or of an artist")
    }

    private func refuse(_ row: RowChange) throws {
        throw CatalogError(
            .refused, "change \(logged.number) is a delivery: what left the house cannot be taken back")
    }

    /// A row may be put back while it is as this change left it: no one wrote it since, or what was written since
    /// was itself taken back.
    private func refuseIfMovedOn(_ row: RowChange, _ names: [String]) throws {
        let (condition, key) = keyCondition(row, names)
        let current = try connection.first(
            "SELECT \(names.joined(separator: ", ")) FROM \(row.table) WHERE \(condition)", key
        ) { current in names.indices.map { current.value($0) } }
        guard let current, let stampColumn = names.firstIndex(of: "stamp"),
            case .integer(let stamp) = current[stampColumn], stamp != logged.id,
            stamp != change.stamp.rawValue
        else { return }
        let isAsItWasLeft = names.indices.allSatisfy { index in
            index == stampColumn || (row.table == "asset" && Undoing.derived.contains(names[index]))
                || row.after[index].map { $0 == current[index] } ?? true
        }
        let wasTakenBack =
            try connection.first("SELECT kind = 'undo' FROM change WHERE id = ?", [.integer(stamp)]) {
                $0.int(0) == 1
            }
            ?? false
        guard isAsItWasLeft, wasTakenBack else { try refuse(becauseOf: stamp) }
    }

    /// Columns of an asset that follow from other rows, and change when those do.
    private static let derived: Set = [
        "correction_ms", "offset_min", "offset_source", "taken_ms", "taken_at", "sort_at",
    ]

    /// An asset whose import is taken back must have nothing that people said since.
    private func refuseIfDependedOn(_ row: RowChange) throws {
        guard case .integer(let asset)? = row.after[0] ?? row.before[0] else { return }
        let decisions = try change.catalog.standingDecisions(about: AssetID(rawValue: asset))
        // A decision that was brought back depends as of then.
        let later = try connection.first(
            """
            WITH RECURSIVE decided (id, stamp) AS (
                SELECT id, stamp FROM clearance WHERE id IN (SELECT value FROM json_each(?4))
                 UNION
                SELECT r.id, r.stamp
                  FROM decided JOIN clearance AS r ON r.asset = ?1 AND r.retracts = decided.id
            )
            SELECT max(stamp)
              FROM (SELECT stamp FROM edit           WHERE asset = ?1 AND present = 1
              UNION ALL SELECT stamp FROM asset_tag      WHERE asset = ?1 AND present = 1
              UNION ALL SELECT stamp FROM asset_session  WHERE asset = ?1 AND present = 1
              UNION ALL SELECT stamp FROM selection_item WHERE asset = ?1 AND present = 1
              UNION ALL SELECT stamp FROM decided
              UNION ALL SELECT d.stamp FROM delivery_item AS i JOIN delivery AS d ON d.id = i.delivery
                         WHERE i.asset = ?1
              UNION ALL SELECT r.stamp FROM review_item AS i JOIN review AS r ON r.id = i.review
                         WHERE i.asset = ?1)
             WHERE stamp NOT IN (?2, ?3)
            """,
            [
                .integer(asset), .integer(logged.id), .integer(change.stamp.rawValue),
                QueryCompiler.list(decisions.map(\.id)),
            ]
        ) { $0.integerOrNil(0) }
        guard let later, let stamp = later else { return }
        try refuse(becauseOf: stamp)
    }

    private func refuse(becauseOf stamp: Int64) throws -> Never {
        let later = try change.catalog.changes(where: "c.id = ?", [.integer(stamp)], limit: 1).first
        throw CatalogError(
            .refused,
            "change \(logged.number) cannot be taken back: "
                + (later.map { "change \($0.number) came later and depends on it" }
                    ?? "its rows have changed since"),
            details: later.map { ["\($0.number)  \($0.command)"] } ?? [],
            next: later.map { "take that one back first: valhalla undo \($0.number)" })
    }

    private func set(_ former: [(String, Value)], of row: RowChange, _ names: [String], stamped: Bool) throws
    {
        var assignments = former
        if stamped { assignments.append(("stamp", .integer(change.stamp.rawValue))) }
        guard !assignments.isEmpty else { return }
        let (condition, key) = keyCondition(row, names)
        try connection.run(
            "UPDATE \(row.table) SET \(assignments.map { "\($0.0) = ?" }.joined(separator: ", ")) WHERE \(condition)",
            assignments.map(\.1) + key)
    }

    private func keyCondition(_ row: RowChange, _ names: [String]) -> (String, [Value]) {
        let key = names.indices.filter { row.isKey[$0] }
        let values = key.map { (row.operation == .insert ? row.after[$0] : row.before[$0]) ?? .null }
        return (key.map { "\(names[$0]) = ?" }.joined(separator: " AND "), values)
    }

    private mutating func note(_ row: RowChange, _ names: [String]) {
        if row.table == "session" || row.table == "asset_session",
            let index = names.firstIndex(of: row.table == "session" ? "id" : "session"),
            case .integer(let session)? = row.after[index] ?? row.before[index]
        {
            if row.table == "session" {
                let words = ["name", "place", "present"].compactMap { names.firstIndex(of: $0) }
                sessions[session, default: false] =
                    sessions[session] == true || words.contains { row.after[$0] != nil }
            } else {
                left.insert(session)
            }
        }
        let column = row.table == "asset" ? "id" : "asset"
        guard let index = names.firstIndex(of: column),
            case .integer(let asset)? = row.after[index] ?? row.before[index]
        else { return }
        switch row.table {
        case "asset_tag":
            worded.insert(asset)
        case "asset_session":
            worded.insert(asset)
            timed.insert(asset)
        case "edit":
            edited.insert(asset)
            guard let index = names.firstIndex(of: "field"),
                case .text(let field)? = row.after[index] ?? row.before[index]
            else { return }
            note([EditableField(rawValue: field)?.column ?? field], of: asset)
        case "asset" where row.operation == .update:
            edited.insert(asset)
            note(names.indices.filter { row.after[$0] != nil }.map { names[$0] }, of: asset)
        case "asset", "asset_file":
            edited.insert(asset)
            worded.insert(asset)
            timed.insert(asset)
        default: break
        }
    }

    /// Notes what follows from these columns of an asset.
    private mutating func note(_ columns: [String], of asset: Int64) {
        if columns.contains(where: { $0 == "present" || StaleText.columns.contains($0) }) {
            worded.insert(asset)
        }
        // What people say in words and stars says nothing of time.
        if !columns.allSatisfy(Undoing.said.contains) { timed.insert(asset) }
    }

    private static let said = Set(EditableField.allCases.map(\.column))

    /// The columns that a recorded row has: a change made before a table grew knows only those that were there.
    private mutating func names(of row: RowChange) throws -> [String] {
        if let known = columns[row.table] { return Array(known.prefix(row.after.count)) }
        let found = try connection.rows("SELECT name FROM pragma_table_info(?)", [.text(row.table)]) {
            $0.text(0)
        }
        columns[row.table] = found
        return Array(found.prefix(row.after.count))
    }
}
