internal import Storage

/// An ordered choice of assets.
public struct Selection: Hashable, Sendable {
    /// Its name, which is unique.
    public let name: String
    /// A remark; the words that open a gallery.
    public let note: String?
    /// How many assets it holds.
    public let count: Int
}

/// What the wall says about one item of a selection, beyond what the asset says itself.
public struct ItemDetails: Hashable, Sendable {
    /// The label's words, below the title.
    public var label: String?
    /// `Pigment print on cotton paper`.
    public var medium: String?
    /// Height of the printed image in centimetres.
    public var heightCentimetres: Double?
    /// Width of the printed image in centimetres.
    public var widthCentimetres: Double?
    /// Which print of the edition it is.
    public var edition: Int?
    /// How many prints the edition has.
    public var editionOf: Int?
    /// How many artist's proofs there are besides.
    public var proofs: Int?

    /// Nothing said.
    public init() {}
}

/// One item of a selection.
public struct SelectionItem: Hashable, Sendable {
    /// Its place in the order, from 1.
    public let number: Int
    /// The asset.
    public let asset: AssetID
    /// What the wall says about it.
    public let details: ItemDetails
}

/// Where an item goes when it is moved.
public enum SelectionPlace: Hashable, Sendable {
    /// Before all others.
    case first
    /// Behind all others.
    case last
    /// At this number, from 1.
    case number(Int)
    /// Right before this asset.
    case before(AssetID)
    /// Right behind this asset.
    case after(AssetID)
}

extension Catalog {
    /// All selections by name.
    public func selections() throws -> [Selection] {
        try connection.rows(
            """
            SELECT s.name, s.note,
                   (SELECT count(*)
                      FROM selection_item AS i
                     WHERE i.selection = s.id
                       AND i.present = 1
                       AND i.asset NOT IN (SELECT a.id FROM asset AS a WHERE a.present = 0))
              FROM selection AS s
             WHERE s.present = 1
             ORDER BY s.name
            """
        ) { Selection(name: $0.text(0), note: $0.textOrNil(1), count: $0.int(2)) }
    }

    /// The selection of this name, whatever its capitals.
    public func selection(named name: String) throws -> Selection {
        let all = try selections()
        if let found = all.first(where: { $0.name == name })
            ?? all.first(where: { $0.name.lowercased() == name.lowercased() })
        {
            return found
        }
        throw CatalogError.noSelection(name, nearest: nearestWord(to: name, among: all.map(\.name)))
    }

    /// The names of the selections that an asset is in.
    public func selections(of asset: AssetID) throws -> [String] {
        try connection.rows(
            """
            SELECT s.name
              FROM selection_item AS i
              JOIN selection      AS s ON s.id = i.selection
             WHERE i.asset = ? AND i.present = 1 AND s.present = 1
             ORDER BY s.name
            """, [.integer(asset.rawValue)]
        ) { $0.text(0) }
    }

    /// The items of a selection in their order.
    public func items(of selection: String) throws -> [SelectionItem] {
        let name = try self.selection(named: selection).name
        var number = 0
        return try connection.rows(
            """
            SELECT i.asset, i.label, i.medium, i.height_cm, i.width_cm, i.edition, i.edition_of, i.proofs
              FROM selection      AS s
              JOIN selection_item AS i ON i.selection = s.id
              JOIN asset          AS a ON a.id = i.asset
             WHERE s.name = ? AND i.present = 1 AND a.present = 1
             ORDER BY i.position, i.asset
            """,
            [.text(name)]
        ) { row in
            number += 1
            var details = ItemDetails()
            details.label = row.textOrNil(1)
            details.medium = row.textOrNil(2)
            details.heightCentimetres = row.realOrNil(3)
            details.widthCentimetres = row.realOrNil(4)
            details.edition = row.intOrNil(5)
            details.editionOf = row.intOrNil(6)
            details.proofs = row.intOrNil(7)
            return SelectionItem(number: number, asset: AssetID(rawValue: row.integer(0)), details: details)
        }
    }
}

extension Change {
    /// Makes a selection.
    ///
    /// Throws `CatalogError` when there is one of that name.
    public func make(selection name: String, note: String?) throws {
        guard !name.isEmpty else { throw CatalogError(.refused, "a selection needs a name") }
        let known = try connection.first(
            "SELECT id, present FROM selection WHERE name = ? COLLATE NOCASE", [.text(name)]
        ) { (id: $0.integer(0), isPresent: $0.int(1) == 1) }
        if let known {
            guard !known.isPresent else {
                throw CatalogError(
                    .refused, "there is a selection “\(name)” already",
                    next: "valhalla select add \"\(name)\" QUERY puts more into it")
            }
            try connection.run(
                "UPDATE selection SET present = 1, note = ?, stamp = ? WHERE id = ?",
                [.text(note), .integer(stamp.rawValue), .integer(known.id)])
            return
        }
        try connection.run(
            "INSERT INTO selection (id, name, note, stamp) VALUES (?, ?, ?, ?)",
            [.integer(mint()), .text(name), .text(note), .integer(stamp.rawValue)])
    }

    /// Says something else about a selection.
    public func note(_ note: String?, onSelection name: String) throws {
        try connection.run(
            "UPDATE selection SET note = ?, stamp = ? WHERE id = ?",
            [.text(note), .integer(stamp.rawValue), .integer(try key(ofSelection: name))])
    }

    /// Removes a selection; its assets stay.
    public func remove(selection name: String) throws {
        let key = try key(ofSelection: name)
        try connection.run(
            "UPDATE selection_item SET present = 0, stamp = ? WHERE selection = ? AND present = 1",
            [.integer(stamp.rawValue), .integer(key)])
        try connection.run(
            "UPDATE selection SET present = 0, stamp = ? WHERE id = ?",
            [.integer(stamp.rawValue), .integer(key)])
    }

    /// Puts assets behind the others of a selection, in the order given, and tells how many were not in it.
    @discardableResult
    public func add(_ assets: [AssetID], toSelection name: String) throws -> Int {
        let key = try key(ofSelection: name)
        var position = try lastPosition(of: key)
        var added = 0
        for asset in assets {
            position += 1024
            added += try connection.run(
                """
                INSERT INTO selection_item (selection, asset, position, stamp) VALUES (?, ?, ?, ?)
                    ON CONFLICT (selection, asset) DO UPDATE
                   SET present = 1, position = excluded.position, stamp = excluded.stamp
                 WHERE present = 0
                """,
                [.integer(key), .integer(asset.rawValue), .real(position), .integer(stamp.rawValue)]
            )
        }
        return added
    }

    /// Takes assets out of a selection, and tells how many were in it.
    @discardableResult
    public func remove(_ assets: [AssetID], fromSelection name: String) throws -> Int {
        let key = try key(ofSelection: name)
        return try assets.reduce(0) { count, asset in
            count
                + (try connection.run(
                    """
                    UPDATE selection_item SET present = 0, stamp = ?
                     WHERE selection = ? AND asset = ? AND present = 1
                    """,
                    [.integer(stamp.rawValue), .integer(key), .integer(asset.rawValue)]
                ))
        }
    }

    /// Moves assets of a selection to a place, keeping their order among themselves.
    public func move(_ assets: [AssetID], ofSelection name: String, to place: SelectionPlace) throws {
        let key = try key(ofSelection: name)
        let order = try catalog.items(of: name).map(\.asset)
        let moving = assets.filter(Set(order).contains)
        var rest = order.filter { !Set(moving).contains($0) }
        let index: Int
        switch place {
        case .first: index = 0
        case .last: index = rest.count
        case .number(let number): index = min(max(number - 1, 0), rest.count)
        case .before(let other), .after(let other):
            guard let found = rest.firstIndex(of: other) else {
                throw CatalogError(
                    .notFound, "the asset to move to is not in “\(name)”, or is being moved itself")
            }
            if case .before = place { index = found } else { index = found + 1 }
        }
        rest.insert(contentsOf: moving, at: index)
        for (number, asset) in rest.enumerated() {
            let position = Double(number + 1) * 1024
            try connection.run(
                """
                UPDATE selection_item SET position = ?, stamp = ?
                 WHERE selection = ? AND asset = ? AND position <> ?
                """,
                [
                    .real(position), .integer(stamp.rawValue), .integer(key), .integer(asset.rawValue),
                    .real(position),
                ])
        }
    }

    /// Says what the wall says about an item.
    ///
    /// Throws `CatalogError` when the asset is not in the selection.
    public func describe(_ asset: AssetID, inSelection name: String, as details: ItemDetails) throws {
        let count = try connection.run(
            """
            UPDATE selection_item
               SET label = ?, medium = ?, height_cm = ?, width_cm = ?, edition = ?, edition_of = ?, proofs = ?, stamp = ?
             WHERE selection = ? AND asset = ? AND present = 1
            """,
            [
                .text(details.label), .text(details.medium), .real(details.heightCentimetres),
                .real(details.widthCentimetres), .integer(details.edition), .integer(details.editionOf),
                .integer(details.proofs), .integer(stamp.rawValue), .integer(try key(ofSelection: name)),
                .integer(asset.rawValue),
            ])
        guard count == 1 else { throw CatalogError(.notFound, "the asset is not in the selection “\(name)”") }
    }

    private func key(ofSelection name: String) throws -> Int64 {
        let found = try catalog.selection(named: name)
        return try connection.first("SELECT id FROM selection WHERE name = ?", [.text(found.name)]) {
            $0.integer(0)
        } ?? 0
    }

    private func lastPosition(of selection: Int64) throws -> Double {
        try connection.first(
            "SELECT coalesce(max(position), 0) FROM selection_item WHERE selection = ? AND present = 1",
            [.integer(selection)]
        ) { $0.real(0) } ?? 0
    }
}

extension Catalog {
    /// The assets of a query, by time; where it asks for a selection by its name, in the order of that.
    public func assetsInOrder(_ query: Query) throws -> [AssetID] {
        let assets = try assets(query)
        guard let name = query.selectionName,
            let selection = try selections().first(where: { $0.name.lowercased() == name.lowercased() })
        else { return assets }
        let places = Dictionary(
            try items(of: selection.name).enumerated().map { ($1.asset, $0) }, uniquingKeysWith: min)
        return assets.enumerated()
            .sorted { (places[$0.element] ?? .max, $0.offset) < (places[$1.element] ?? .max, $1.offset) }
            .map(\.element)
    }
}

extension Query {
    /// The selection that all of its assets must be in, if it names one without a star.
    fileprivate var selectionName: String? {
        let terms = if case .and(let terms) = root { terms } else { [root] }
        for case .field(.selection, let test) in terms {
            switch test {
            case .like(let patterns) where patterns.count == 1: return patterns[0].literal
            case .exactly(let names) where names.count == 1: return names[0]
            default: continue
            }
        }
        return nil
    }
}
