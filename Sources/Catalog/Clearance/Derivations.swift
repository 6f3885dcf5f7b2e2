internal import Storage

extension Catalog {
    /// What an asset was made from.
    public func parents(of asset: AssetID) throws -> [AssetID] {
        try connection.rows(
            "SELECT parent FROM derivation WHERE asset = ? AND present = 1 ORDER BY parent",
            [.integer(asset.rawValue)]
        ) { AssetID(rawValue: $0.integer(0)) }
    }

    /// What was made from an asset.
    public func children(of asset: AssetID) throws -> [AssetID] {
        try connection.rows(
            "SELECT asset FROM derivation WHERE parent = ? AND present = 1 ORDER BY asset",
            [.integer(asset.rawValue)]
        ) { AssetID(rawValue: $0.integer(0)) }
    }
}

extension Change {
    /// Says that assets were made from another, so that what closes it closes them too.
    ///
    /// Tells of how many that was not known.
    ///
    /// Throws `CatalogError` when the other was made from one of them.
    @discardableResult
    public func derive(_ assets: [AssetID], from parent: AssetID) throws -> Int {
        var made = 0
        for asset in assets {
            guard asset != parent, try !isMade(parent, from: asset) else {
                let name = try catalog.asset(asset).shortName
                throw CatalogError(
                    .refused,
                    asset == parent
                        ? "\(name) cannot be made from itself"
                        : "\(try catalog.asset(parent).shortName) was made from \(name), so it cannot be the other way round"
                )
            }
            made += try connection.run(
                """
                INSERT INTO derivation (asset, parent, stamp) VALUES (?, ?, ?)
                    ON CONFLICT (asset, parent) DO UPDATE SET present = 1, stamp = excluded.stamp WHERE present = 0
                """,
                [.integer(asset.rawValue), .integer(parent.rawValue), .integer(stamp.rawValue)])
        }
        return made
    }

    /// Says that assets were not made from another after all; what closed it until then goes on closing them.
    @discardableResult
    public func underive(_ assets: [AssetID], from parent: AssetID) throws -> Int {
        try assets.reduce(0) { count, asset in
            count
                + (try connection.run(
                    "UPDATE derivation SET present = 0, stamp = ? WHERE asset = ? AND parent = ? AND present = 1",
                    [.integer(stamp.rawValue), .integer(asset.rawValue), .integer(parent.rawValue)]))
        }
    }

    private func isMade(_ asset: AssetID, from parent: AssetID) throws -> Bool {
        try connection.first(
            """
            WITH RECURSIVE line (ancestor) AS (
                SELECT parent FROM derivation WHERE asset = ?1 AND present = 1
                 UNION
                SELECT d.parent FROM line JOIN derivation AS d ON d.asset = line.ancestor AND d.present = 1
            )
            SELECT 1 FROM line WHERE ancestor = ?2
            """,
            [.integer(asset.rawValue), .integer(parent.rawValue)]
        ) { _ in true } ?? false
    }
}
