internal import Storage

/// A tag and how often it is used.
public struct TagCount: Hashable, Sendable {
    /// Its path.
    public let path: TagPath
    /// How many assets carry exactly it.
    public let assets: Int
}

/// Who attached a tag.
enum TagSource: String {
    case file
    case person
}

extension Catalog {
    /// All tags in use or made, by path, with the number of assets that carry each.
    public func tags() throws -> [TagCount] {
        try connection.rows(
            """
            SELECT t.path,
                   coalesce((SELECT sum(y.assets) FROM tag_tally AS y WHERE y.tag = t.id), 0)
              FROM tag AS t
             WHERE t.present = 1
             ORDER BY t.path
            """
        ) { row in
            TagPath(fromFile: row.text(0)).map { TagCount(path: $0, assets: row.int(1)) }
        }
        .compactMap(\.self)
    }

    /// The tags of an asset, by path.
    public func tags(of asset: AssetID) throws -> [TagPath] {
        try connection.rows(
            """
            SELECT t.path
              FROM asset_tag AS at JOIN tag AS t ON t.id = at.tag
             WHERE at.asset = ? AND at.present = 1 AND t.present = 1
             ORDER BY t.path
            """,
            [.integer(asset.rawValue)]
        ) { TagPath(fromFile: $0.text(0)) }
        .compactMap(\.self)
    }
}

extension Change {
    /// Attaches tags to assets, and tells how many taggings that made.
    @discardableResult
    public func add(tags: [TagPath], to assets: [AssetID]) throws -> Int {
        let keys = assets.map(\.rawValue)
        var made = 0
        for tag in try tags.map({ try tag($0) }) { made += try attach(tag: tag, to: keys) }
        for asset in keys { refreshText(of: asset) }
        return made
    }

    /// Takes tags from assets, with all that lies below each, and tells how many taggings that ended.
    @discardableResult
    public func remove(tags: [TagPath], from assets: [AssetID]) throws -> Int {
        let tagKeys = try tags.flatMap { try keys(in: $0) }
        var ended = 0
        try eachBatch(of: assets.map(\.rawValue)) { list in
            for key in tagKeys {
                ended += try connection.run(
                    """
                    UPDATE asset_tag SET present = 0, source = 'person', stamp = ?
                     WHERE asset IN (SELECT value FROM json_each(?)) AND tag = ? AND present = 1
                    """,
                    [.integer(stamp.rawValue), list, .integer(key)]
                )
            }
        }
        for asset in assets { refreshText(of: asset.rawValue) }
        return ended
    }

    /// Gives a tag another path, and all that lies below it with it; where the new path exists the two become
    /// one.
    ///
    /// Tells how many assets carry another word now.
    @discardableResult
    public func rename(tag old: TagPath, to new: TagPath) throws -> Int {
        guard !new.lies(in: old) || new == old else {
            throw CatalogError(.refused, "“\(new)” lies below “\(old)”, which would then be gone")
        }
        var touched: Set<Int64> = []
        let keys = try keys(in: old)
        try refuseWhatIsBound(keys, to: old)
        for key in keys {
            guard let path = try path(ofTag: key) else { continue }
            guard let renamed = TagPath(names: new.names + path.names.dropFirst(old.names.count)) else {
                continue
            }
            touched.formUnion(try move(tag: key, to: renamed))
        }
        for asset in touched { refreshText(of: asset) }
        return touched.count
    }

    /// Every asset of one tag gets another instead; the first is gone then.
    @discardableResult
    public func merge(tag old: TagPath, into new: TagPath) throws -> Int {
        try rename(tag: old, to: new)
    }

    private func move(tag key: Int64, to path: TagPath) throws -> [Int64] {
        let target = try tag(path)
        guard target != key else { return [] }
        forgetTags()
        let assets = try connection.rows(
            "SELECT asset FROM asset_tag WHERE tag = ? AND present = 1", [.integer(key)]
        ) { $0.integer(0) }
        try attach(tag: target, to: assets)
        try connection.run(
            "UPDATE asset_tag SET present = 0, source = 'person', stamp = ? WHERE tag = ? AND present = 1",
            [.integer(stamp.rawValue), .integer(key)])
        try connection.run(
            "UPDATE tag SET present = 0, stamp = ? WHERE id = ?", [.integer(stamp.rawValue), .integer(key)])
        return assets
    }

    /// The key of the tag that a file's keyword means, made now if need be; nil for a keyword that means nothing.
    func tag(fromFile keyword: String) throws -> Int64? {
        if let known = tagKeys[keyword] { return known }
        guard let path = TagPath(fromFile: keyword) else { return nil }
        let key = try tag(path)
        tagKeys[keyword] = key
        return key
    }

    /// The key of the tag of a person whom a file shows; nil for a name that is none.
    func tag(ofPerson name: String) throws -> Int64? {
        if let known = personKeys[name] { return known }
        guard let path = TagPath.person(name) else { return nil }
        // As a file's keyword, so that both words for one person are one tag.
        let key = try tag(fromFile: path.description)
        personKeys[name] = key
        return key
    }

    /// The words of a tag in the full-text index; nil for one that is not present.
    func words(ofTag key: Int64) throws -> String? {
        if let known = tagWords[key] { return known }
        let path = try connection.first("SELECT path FROM tag WHERE id = ? AND present = 1", [.integer(key)])
        {
            $0.text(0)
        }
        tagWords[key] = .some(path)
        return path
    }

    /// The key of a tag, made now if need be.
    func tag(_ path: TagPath) throws -> Int64 {
        let known = try connection.first(
            "SELECT id, present FROM tag WHERE path = ?", [.text(path.description)]
        ) { (id: $0.integer(0), present: $0.int(1) == 1) }
        if let known {
            if !known.present {
                try connection.run(
                    "UPDATE tag SET present = 1, stamp = ? WHERE id = ?",
                    [.integer(stamp.rawValue), .integer(known.id)])
            }
            return known.id
        }
        let key = mint()
        try connection.run(
            "INSERT INTO tag (id, path, stamp) VALUES (?, ?, ?)",
            [.integer(key), .text(path.description), .integer(stamp.rawValue)]
        )
        return key
    }

    /// True when the asset did not carry the tag before.
    @discardableResult
    func attach(tag: Int64, to asset: Int64, source: TagSource) throws -> Bool {
        try connection.run(
            """
            INSERT INTO asset_tag (asset, tag, source, stamp) VALUES (?, ?, ?, ?)
                ON CONFLICT (asset, tag) DO UPDATE
               SET present = 1, source = excluded.source, stamp = excluded.stamp
             WHERE present = 0
            """,
            [.integer(asset), .integer(tag), .text(source.rawValue), .integer(stamp.rawValue)]
        ) > 0
    }

    /// The same for a person's tag and many assets; tells to how many it was new.
    @discardableResult
    private func attach(tag: Int64, to assets: [Int64]) throws -> Int {
        var made = 0
        try eachBatch(of: assets) { list in
            made += try connection.run(
                """
                INSERT INTO asset_tag (asset, tag, source, stamp)
                SELECT named.value, ?, 'person', ? FROM json_each(?) AS named WHERE true
                    ON CONFLICT (asset, tag) DO UPDATE
                   SET present = 1, source = excluded.source, stamp = excluded.stamp
                 WHERE present = 0
                """,
                [.integer(tag), .integer(stamp.rawValue), list]
            )
        }
        return made
    }

    /// A keyword of the file.
    ///
    /// A person who took it away knew better than the file, and keeps being right when the file is read
    /// again; what the file itself took away it may give again.
    func attachFromFile(tag: Int64, to asset: Int64) throws {
        try connection.run(
            """
            INSERT INTO asset_tag (asset, tag, source, stamp) VALUES (?, ?, 'file', ?)
                ON CONFLICT (asset, tag) DO UPDATE
               SET present = 1, stamp = excluded.stamp
             WHERE present = 0 AND source = 'file'
            """,
            [.integer(asset), .integer(tag), .integer(stamp.rawValue)]
        )
    }

    /// Takes away the tags that only a file gave and none gives any more.
    func detachFromFile(keeping tags: Set<Int64>, of asset: Int64) throws {
        let gone = try connection.rows(
            "SELECT tag FROM asset_tag WHERE asset = ? AND source = 'file' AND present = 1", [.integer(asset)]
        ) { $0.integer(0) }
        for tag in gone where !tags.contains(tag) {
            try connection.run(
                "UPDATE asset_tag SET present = 0, stamp = ? WHERE asset = ? AND tag = ?",
                [.integer(stamp.rawValue), .integer(asset), .integer(tag)]
            )
        }
    }

    /// A hold goes with its tag's key, and a person's right with the person's name: under another they would bind no more.
    private func refuseWhatIsBound(_ keys: [Int64], to path: TagPath) throws {
        let bound = try connection.first(
            """
            SELECT t.path
              FROM tag AS t
             WHERE t.id IN (SELECT value FROM json_each(?))
               AND (   EXISTS (SELECT 1 FROM clearance AS d WHERE d.tag = t.id AND d.decision IN ('held', 'restricted'))
                    OR EXISTS (SELECT 1 FROM artist AS r WHERE r.tag = t.id AND r.present = 1))
             LIMIT 1
            """,
            [QueryCompiler.list(keys)]
        ) { $0.text(0) }
        guard let bound = try bound ?? whoMustAgree(among: keys) else { return }
        throw CatalogError(
            .notCleared, "“\(bound)” has decisions or rights that go with it, so it keeps its name",
            next: "valhalla tag add NEW-TAG 'tag:\"\(path)\"' gives its assets another one besides")
    }

    /// The first of these tags that names somebody who must agree.
    private func whoMustAgree(among keys: [Int64]) throws -> String? {
        let names = try catalog.artists().filter { $0.right == .approve }.map(\.name)
        guard !names.isEmpty else { return nil }
        let people = try connection.rows(
            "SELECT path FROM tag WHERE id IN (SELECT value FROM json_each(?)) AND path LIKE 'people/%'",
            [QueryCompiler.list(keys)]
        ) { $0.text(0) }
        return people.first { path in
            let last = path.split(separator: "/").last.map(String.init) ?? ""
            return names.contains { Hearing.same($0, last) }
        }
    }

    private func keys(in path: TagPath) throws -> [Int64] {
        let text = path.description
        let found = try connection.rows(
            """
            SELECT id FROM tag WHERE present = 1 AND (path = ? OR (path >= ? AND path < ?)) ORDER BY path
            """,
            [.text(text), .text(text + "/"), .text(text + "0")]
        ) { $0.integer(0) }
        guard !found.isEmpty else {
            let all = try connection.rows("SELECT path FROM tag WHERE present = 1") { $0.text(0) }
            throw CatalogError.noTag(text, nearest: nearestWord(to: text, among: all))
        }
        return found
    }

    private func path(ofTag key: Int64) throws -> TagPath? {
        try connection.first("SELECT path FROM tag WHERE id = ?", [.integer(key)]) {
            TagPath(fromFile: $0.text(0))
        }
            ?? nil
    }
}
