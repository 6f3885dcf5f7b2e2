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

/// What a person set about an asset, beside the file's own word.
public struct RecordedEdit: Hashable, Sendable {
    /// The field, as `set` names it; `correction`, `offset` and `clock` for time, `position` for the place on the Earth.
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
        let isSearched = edits.contains { StaleText.columns.contains($0.field.column) }
        var changed = 0
        for asset in assets {
            var isChanged = false
            for edit in edits where try apply(edit, to: asset.rawValue) { isChanged = true }
            guard isChanged else { continue }
            changed += 1
            if isSearched { refreshText(of: asset.rawValue) }
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
    func write(_ field: String, _ value: Value, was: Value, of asset: Int64) throws -> Bool {
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
        guard try withdraw(field: field.rawValue, of: asset) else { return try blank(field, of: asset) }
        try applyEdits(of: asset)
        return true
    }

    /// True when a person had said something, which does not count any more.
    func withdraw(field: String, of asset: Int64) throws -> Bool {
        try connection.run(
            "UPDATE edit SET present = 0, stamp = ? WHERE asset = ? AND field = ? AND present = 1",
            [.integer(stamp.rawValue), .integer(asset), .text(field)]
        ) > 0
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
    /// Times follow from more than edits: see `settleTimes`.
    func applyEdits(of asset: Int64, renewingCamerasWord: Bool = false) throws {
        let edits = try connection.rows(
            "SELECT field, value, was, present FROM edit WHERE asset = ?", [.integer(asset)]
        ) { (field: $0.text(0), value: $0.value(1), was: $0.value(2), isPresent: $0.int(3) == 1) }
        for edit in edits {
            if edit.field == "position" {
                try applyPosition(
                    of: asset, value: edit.value, was: edit.was, isPresent: edit.isPresent,
                    renewingCamerasWord: renewingCamerasWord)
            }
            guard let column = EditableField(rawValue: edit.field)?.column else { continue }
            if renewingCamerasWord {
                // No file says who is picked: the column holds a person's word still.
                if edit.field == EditableField.pick.rawValue { continue }
                let isEcho = try isEcho(edit.field, column, of: asset)
                // Beneath what was taken back as well: its turn to count may come again.
                if !isEcho { try keepFilesWord(edit.field, column, of: asset) }
                guard edit.isPresent || isEcho else { continue }
            }
            try connection.run(
                "UPDATE asset SET \(column) = ? WHERE id = ?",
                [edit.isPresent ? edit.value : edit.was, .integer(asset)])
        }
        if renewingCamerasWord { try unhearCorrectedTime(of: asset) }
    }
}
