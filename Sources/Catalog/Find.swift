internal import Storage

/// By what a list is ordered.
public enum SortField: String, Sendable, CaseIterable {
    /// When it was taken: stills and clips of several cameras on one line, where their offsets are known.
    case taken
    /// When it came into the archive.
    case imported
    case name
    case kind
    case camera
    case rating
    case iso
    case size
    case duration
    case title

    var column: String {
        switch self {
        case .taken: "a.sort_at"
        case .imported: "a.id"
        case .name: "a.name COLLATE NOCASE"
        case .kind: "a.kind"
        case .camera: "a.model COLLATE NOCASE"
        case .rating: "a.rating"
        case .iso: "a.iso"
        case .size: "f.size"
        case .duration: "a.duration"
        case .title: "a.title COLLATE NOCASE"
        }
    }
}

/// A field, and whether the largest comes first.
public struct SortKey: Hashable, Sendable {
    /// The field.
    public var field: SortField
    /// The largest first.
    public var isDescending: Bool

    /// A field in a direction.
    public init(_ field: SortField, isDescending: Bool = false) {
        self.field = field
        self.isDescending = isDescending
    }

    /// A key as a person types it: `taken`, or `taken-` for the newest first.
    ///
    /// Throws `CatalogError` that names the nearest field.
    public init(_ text: String) throws {
        let name = text.hasSuffix("-") || text.hasSuffix("+") ? String(text.dropLast()) : text
        guard let field = SortField(rawValue: name.lowercased()) else {
            let all = SortField.allCases.map(\.rawValue)
            throw CatalogError(
                .refused,
                "cannot sort by “\(name)”"
                    + (nearestWord(to: name, among: all).map { "; did you mean \($0)?" } ?? ""),
                next: "fields: " + all.joined(separator: ", ") + "; with - behind it the largest comes first")
        }
        self.init(field, isDescending: text.hasSuffix("-"))
    }
}

/// An asset in a list, with what the list shows besides.
public struct FoundAsset: Hashable, Sendable {
    /// What counts about it.
    public let asset: Asset
    /// The sessions it belongs to.
    public let sessions: [String]
    /// Its tags.
    public let tags: [TagPath]
    /// The purposes it may leave for at present, where no country is named.
    public let clearedFor: [Purpose]
    /// True while somebody holds it.
    public let isHeld: Bool
}

extension Catalog {
    /// Calls `body` with each asset that a query chooses, in order; those of one rank by their keys.
    ///
    /// Rows are read as they are asked for, so a million of them need no memory.
    public func each(
        _ query: Query,
        sortedBy keys: [SortKey] = [SortKey(.taken)],
        limit: Int? = nil,
        offset: Int = 0,
        _ body: (FoundAsset) throws -> Void
    ) throws {
        try describingErrors("search the catalogue") {
            try connection.snapshot {
                let instant = now()
                let condition = try condition(of: query, sortedBy: keys, limit: limit.map { $0 + offset })
                // What must be sorted is sorted by itself: with all that is known of each, a million are more than
                // memory should hold.
                let isSorted = keys.count != 1 || keys[0].order == nil
                try connection.each(
                    """
                    SELECT \(isSorted ? "a.id" : Asset.columns)
                      FROM asset AS a
                      JOIN file  AS f ON f.id = a.file
                     WHERE a.present = 1 AND \(condition.text)
                     ORDER BY \(Catalog.order(keys))
                     LIMIT ? OFFSET ?
                    """,
                    condition.values + [.integer(limit ?? -1), .integer(offset)]
                ) { row in
                    let asset = try isSorted ? asset(AssetID(rawValue: row.integer(0))) : Asset(row: row)
                    try body(try found(asset, at: instant))
                }
            }
        }
    }

    /// The assets that a query chooses, in order.
    public func find(
        _ query: Query,
        sortedBy keys: [SortKey] = [SortKey(.taken)],
        limit: Int? = nil,
        offset: Int = 0
    ) throws -> [FoundAsset] {
        var all: [FoundAsset] = []
        try each(query, sortedBy: keys, limit: limit, offset: offset) { all.append($0) }
        return all
    }

    /// The keys of the assets that a query chooses, in order.
    public func assets(_ query: Query, sortedBy keys: [SortKey] = [SortKey(.taken)]) throws -> [AssetID] {
        try describingErrors("search the catalogue") {
            let condition = try condition(of: query, sortedBy: keys, limit: nil)
            return try connection.rows(
                """
                SELECT a.id
                  FROM asset AS a
                  JOIN file  AS f ON f.id = a.file
                 WHERE a.present = 1 AND \(condition.text)
                 ORDER BY \(Catalog.order(keys))
                """,
                condition.values
            ) { AssetID(rawValue: $0.integer(0)) }
        }
    }

    /// How many assets of each kind a query chooses; kinds without any are left out.
    public func countByKind(_ query: Query) throws -> [(kind: AssetKind, count: Int)] {
        try describingErrors("search the catalogue") {
            let condition = try condition(of: query, sortedBy: [], limit: nil)
            return try connection.rows(
                """
                SELECT a.kind, count(*) FROM asset AS a WHERE a.present = 1 AND \(condition.text) GROUP BY a.kind
                """,
                condition.values
            ) { row in AssetKind(rawValue: row.text(0)).map { (kind: $0, count: row.int(1)) } }
            .compactMap(\.self)
        }
    }

    /// How many of these assets are of each kind.
    public func kinds(of assets: [AssetID]) throws -> [AssetKind: Int] {
        let rows = try connection.rows(
            """
            SELECT a.kind, count(*)
              FROM asset AS a
             WHERE a.id IN (SELECT value FROM json_each(?))
             GROUP BY a.kind
            """,
            [QueryCompiler.list(assets.map(\.rawValue))]
        ) { row in AssetKind(rawValue: row.text(0)).map { ($0, row.int(1)) } }
        return Dictionary(rows.compactMap(\.self), uniquingKeysWith: +)
    }

    /// What a list shows of one asset.
    public func found(_ asset: AssetID) throws -> FoundAsset {
        try found(try self.asset(asset), at: now())
    }

    private func found(_ asset: Asset, at instant: Int64) throws -> FoundAsset {
        let standing = try standing(of: asset.id, at: instant)
        return FoundAsset(
            asset: asset,
            sessions: try sessions(of: asset.id),
            tags: try tags(of: asset.id),
            clearedFor: standing.clearedFor,
            isHeld: standing.isHeld
        )
    }

    /// The condition over `asset AS a` that a query amounts to now.
    func condition(of query: Query, sortedBy keys: [SortKey], limit: Int?) throws -> SQLCondition {
        try query.condition(context(sortedBy: keys, limit: limit))
    }

    /// What a query must know, where so many are wanted in this order.
    func context(sortedBy keys: [SortKey] = [], limit: Int? = nil) -> QueryContext {
        let order = keys.count == 1 ? keys[0].order : nil
        var context = QueryContext(
            connection, now: now(), wanted: order == nil ? nil : limit,
            volumesHere: { [self] in try volumes().filter(isMounted).map(\.id) })
        if let order { context.order = order }
        return memory.remembering(context)
    }

    /// Those of one rank come by their dates, and a last tie is broken by the key, so that a list is the same every time
    /// and a page begins where the last ended.
    static func order(_ keys: [SortKey]) -> String {
        let direction = keys.first?.isDescending == true ? " DESC" : ""
        var columns = keys.map { $0.field.column + ($0.isDescending ? " DESC" : "") }
        if let last = keys.last?.field, last != .taken, last != .imported {
            columns.append("a.sort_at" + direction)
        }
        return (columns + ["a.id" + direction]).joined(separator: ", ")
    }
}

extension SortKey {
    /// What an index gives in this order; nil where everything must be read and sorted.
    fileprivate var order: QueryContext.Order? {
        switch field {
        case .taken: .date(newestFirst: isDescending)
        case .imported: .key(newestFirst: isDescending)
        case .rating, .camera: .other
        case .name, .kind, .iso, .size, .duration, .title: nil
        }
    }
}
