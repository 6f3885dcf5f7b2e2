internal import Storage

/// What a person may set about an asset.
public enum EditableField: String, Sendable, CaseIterable {
    case title
    case caption
    case creator
    case credit
    case copyright
    case usageTerms = "usage-terms"
    case instructions
    case place
    case rating
    case label
    case pick

    var column: String { rawValue.replacing("-", with: "_") }

    /// True for stars and picks, false for words.
    public var isNumber: Bool { self == .rating || self == .pick }
}

/// One thing to set: `title=Red sky`, `caption+=…`, `label=`.
public enum FieldEdit: Hashable, Sendable {
    /// The field has this text.
    case text(EditableField, String)
    /// The field has this number.
    case number(EditableField, Int)
    /// The text gets more behind it, after a space where both are words.
    case append(EditableField, String)
    /// This part is taken out of the text.
    case cut(EditableField, String)
    /// A person's word is taken back and the file's counts again; where only the file has a word, the field is empty.
    ///
    /// An empty `FIELD=`.
    case clear(EditableField)

    /// The field it is about.
    public var field: EditableField {
        switch self {
        case .text(let field, _), .number(let field, _), .append(let field, _), .cut(let field, _),
            .clear(let field):
            field
        }
    }

    /// An edit as a person types it.
    ///
    /// Throws `CatalogError` that names the nearest field or the values a field takes.
    public init(_ text: String) throws {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw CatalogError(
                .refused, "“\(text)” sets nothing",
                next: "write FIELD=VALUE, such as title=\"Red sky\" or rating=5")
        }
        let before = text.index(before: equals)
        let sign = text[before]
        let end = sign == "+" || sign == "-" ? before : equals
        let name = text[..<end].lowercased()
        let value = String(text[text.index(after: equals)...])
        guard let field = EditableField(rawValue: name.replacing("_", with: "-")) else {
            let all = EditableField.allCases.map(\.rawValue)
            throw CatalogError(
                .refused,
                "there is no field “\(name)” to set"
                    + (nearestWord(to: name, among: all).map { "; did you mean \($0)?" } ?? ""),
                next: "fields: " + all.joined(separator: ", "))
        }
        if field.isNumber {
            guard end == equals else {
                throw CatalogError(
                    .refused, "\(field.rawValue) is set as a whole", next: "\(field.rawValue)=VALUE")
            }
            self = try FieldEdit.number(of: field, value)
        } else if end != equals {
            self = sign == "+" ? .append(field, value) : .cut(field, value)
        } else {
            self = value.isEmpty ? .clear(field) : .text(field, value)
        }
    }

    private static func number(of field: EditableField, _ value: String) throws -> FieldEdit {
        if value.isEmpty { return .clear(field) }
        if field == .rating {
            guard let stars = Int(value), (-1...5).contains(stars) else {
                throw CatalogError(.refused, "“\(value)” is no rating", next: "0 to 5, or -1 for rejected")
            }
            return .number(field, stars)
        }
        switch value.lowercased() {
        case "picked", "pick", "yes", "1": return .number(field, 1)
        case "rejected", "reject", "no", "-1": return .number(field, -1)
        case "none", "0": return .clear(field)
        default: throw CatalogError(.refused, "“\(value)” is no pick", next: "pick=picked, rejected or none")
        }
    }
}

/// A clock's correction, or the offset a person knows.
public enum TimeEdit: Hashable, Sendable {
    /// This much is added to the camera's clock, on top of what was corrected before; milliseconds.
    case shift(Int64)
    /// The corrected wall-clock time was read so many minutes east of UTC.
    case offset(Int)
}

/// What a person set about an asset, beside the file's own word.
public struct RecordedEdit: Hashable, Sendable {
    /// The field, as `set` names it; `correction` and `offset` for time.
    public let field: String
    /// What counts.
    public let value: String
    /// What the file says.
    public let was: String?
}

extension Catalog {
    /// What people set about an asset.
    public func edits(of asset: AssetID) throws -> [RecordedEdit] {
        try connection.rows(
            "SELECT field, value, was FROM edit WHERE asset = ? AND present = 1 ORDER BY field",
            [.integer(asset.rawValue)]
        ) { RecordedEdit(field: $0.text(0), value: $0.text(1), was: $0.textOrNil(2)) }
    }
}

extension Change {
    /// Sets fields of assets, and tells how many assets are not as they were.
    @discardableResult
    public func set(_ edits: [FieldEdit], of assets: [AssetID]) throws -> Int {
        var changed = 0
        for asset in assets {
            var isChanged = false
            for edit in edits where try apply(edit, to: asset.rawValue) { isChanged = true }
            guard isChanged else { continue }
            changed += 1
            try refreshText(of: asset.rawValue)
        }
        return changed
    }

    /// Corrects the time of assets, and tells how many have another.
    ///
    /// Those without any time stay without.
    ///
    /// `edit` is asked for each asset: an offset depends on the day in zones that save daylight.
    @discardableResult
    public func correctTime(
        of assets: [AssetID],
        _ edit: (CaptureTime) throws -> [TimeEdit]
    ) throws -> Int {
        var changed = 0
        for asset in assets {
            let time = try catalog.asset(asset).time
            guard time.wallMilliseconds != nil else { continue }
            var isChanged = false
            for edit in try edit(time) {
                switch edit {
                case .shift(let milliseconds):
                    let total = time.correctionMilliseconds + milliseconds
                    if try write("correction", .integer(total), was: .integer(0), of: asset.rawValue) {
                        isChanged = true
                    }
                case .offset(let minutes):
                    let was: Value = time.offsetSource == "person" ? .null : .integer(time.offsetMinutes)
                    if try write("offset", .integer(minutes), was: was, of: asset.rawValue) {
                        isChanged = true
                    }
                }
            }
            guard isChanged else { continue }
            try applyEdits(of: asset.rawValue)
            changed += 1
        }
        return changed
    }

    private func apply(_ edit: FieldEdit, to asset: Int64) throws -> Bool {
        let column = edit.field.column
        let current =
            try connection.first(
                "SELECT \(column) FROM asset WHERE id = ?", [.integer(asset)]
            ) { $0.value(0) } ?? .null
        let wanted: Value
        switch edit {
        case .clear: return try withdraw(edit.field, of: asset)
        case .number(_, let number): wanted = .integer(number)
        case .text(_, let text): wanted = .text(text)
        case .append(_, let more):
            guard case .text(let text) = current, !text.isEmpty else {
                wanted = .text(more)
                break
            }
            wanted = .text(text + (text.last?.isWhitespace == true ? "" : " ") + more)
        case .cut(_, let part):
            guard case .text(let text) = current, text.contains(part) else { return false }
            wanted = .text(text.replacing(part, with: "").split(separator: " ").joined(separator: " "))
        }
        guard try write(edit.field.rawValue, wanted, was: current, of: asset) else { return false }
        try connection.run("UPDATE asset SET \(column) = ? WHERE id = ?", [wanted, .integer(asset)])
        return true
    }

    /// `was` is kept from the first edit only: it is the file's word, not the edit before.
    private func write(_ field: String, _ value: Value, was: Value, of asset: Int64) throws -> Bool {
        try connection.run(
            """
            INSERT INTO edit (asset, field, value, was, stamp) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (asset, field) DO UPDATE
               SET value = excluded.value, stamp = excluded.stamp, heard = NULL,
                   was = CASE present WHEN 1 THEN was ELSE excluded.was END, present = 1
             WHERE present = 0 OR value IS NOT excluded.value
            """,
            [.integer(asset), .text(field), value, was, .integer(stamp.rawValue)]
        ) > 0
    }

    func withdraw(_ field: EditableField, of asset: Int64) throws -> Bool {
        let count = try connection.run(
            "UPDATE edit SET present = 0, stamp = ? WHERE asset = ? AND field = ? AND present = 1",
            [.integer(stamp.rawValue), .integer(asset), .text(field.rawValue)]
        )
        guard count > 0 else { return try blank(field, of: asset) }
        try applyEdits(of: asset)
        return true
    }

    /// Clearing what only the file says is an edit too: the title is to be empty, whatever the file says.
    private func blank(_ field: EditableField, of asset: Int64) throws -> Bool {
        let current =
            try connection.first(
                "SELECT \(field.column) FROM asset WHERE id = ?", [.integer(asset)]
            ) { $0.value(0) } ?? .null
        guard current != .null, try write(field.rawValue, .null, was: current, of: asset) else {
            return false
        }
        try connection.run("UPDATE asset SET \(field.column) = NULL WHERE id = ?", [.integer(asset)])
        return true
    }

    /// Puts into an asset's columns what counts: the edit while it is present, the file's word when it is not.
    ///
    /// `renewingCamerasWord` after the columns were written from the file: then what they hold is the file's word now.
    func applyEdits(of asset: Int64, renewingCamerasWord: Bool = false) throws {
        let edits = try connection.rows(
            "SELECT field, value, was, present FROM edit WHERE asset = ?", [.integer(asset)]
        ) { (field: $0.text(0), value: $0.value(1), was: $0.value(2), isPresent: $0.int(3) == 1) }
        for edit in edits {
            guard let column = EditableField(rawValue: edit.field)?.column else { continue }
            if renewingCamerasWord {
                // No file says who is picked: the column holds a person's word still.
                if edit.field == EditableField.pick.rawValue { continue }
                let isEcho = try isEcho(edit.field, column, of: asset)
                guard edit.isPresent || isEcho else { continue }
                if !isEcho { try keepFilesWord(edit.field, column, of: asset) }
            }
            try connection.run(
                "UPDATE asset SET \(column) = ? WHERE id = ?",
                [edit.isPresent ? edit.value : edit.was, .integer(asset)])
        }
        try applyTimeEdits(of: asset, edits: edits, renewingCamerasWord: renewingCamerasWord)
    }

    private func applyTimeEdits(
        of asset: Int64,
        edits: [(field: String, value: Value, was: Value, isPresent: Bool)],
        renewingCamerasWord: Bool
    ) throws {
        if renewingCamerasWord { try unhearCorrectedTime(of: asset) }
        let correction = edits.first { $0.field == "correction" && $0.isPresent }?.value ?? .integer(0)
        try connection.run("UPDATE asset SET correction_ms = ? WHERE id = ?", [correction, .integer(asset)])
        if let offset = edits.first(where: { $0.field == "offset" }), offset.isPresent || !renewingCamerasWord
        {
            try connection.run(
                "UPDATE asset SET offset_min = ?, offset_source = ? WHERE id = ?",
                [
                    offset.isPresent ? offset.value : offset.was,
                    offset.isPresent ? "person" : (offset.was == .null ? .null : "file"), .integer(asset),
                ])
        }
        try connection.run(
            """
            UPDATE asset
               SET taken_ms = wall_ms + correction_ms,
                   taken_at = wall_ms + correction_ms - offset_min * 60000,
                   sort_at  = coalesce(wall_ms + correction_ms - offset_min * 60000, wall_ms + correction_ms, 0)
             WHERE id = ?
            """,
            [.integer(asset)]
        )
    }
}
