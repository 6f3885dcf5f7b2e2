public import Files
internal import Storage

extension Catalog {
    /// The key of a volume, or nil when it was never seen.
    public func volume(withKey key: String) throws -> Int64? {
        try describingErrors("look for a volume") {
            try connection.first("SELECT id FROM volume WHERE key = ?", [.text(key)]) { $0.integer(0) }
        }
    }

    /// The key of a content that the archive holds a copy of, or nil.
    ///
    /// One whose import was taken back is known, but not held.
    public func heldContent(_ digest: SHA256Digest) throws -> Int64? {
        try describingErrors("look for a content") {
            try connection.first(
                """
                SELECT f.id FROM file AS f WHERE f.sha256 = ? AND EXISTS (SELECT 1 FROM copy AS c WHERE c.file = f.id)
                """,
                [.blob(digest.bytes)]
            ) { $0.integer(0) }
        }
    }

    /// What the files of these copies are, for groups of which only a part is new.
    ///
    /// Files of several assets appear once for each.
    public func members(ofCopies copies: [Int64]) throws -> [GroupMember] {
        try copies.flatMap { copy in
            try connection.rows(
                """
                SELECT c.id, c.file, af.role, af.asset, f.sha256, f.format, a.wall_ms, a.model
                  FROM copy            AS c
                  JOIN file            AS f  ON f.id = c.file
                  LEFT JOIN asset_file AS af ON af.file = c.file AND af.present = 1
                  LEFT JOIN asset      AS a  ON a.id = af.asset
                 WHERE c.id = ?
                """,
                [.integer(copy)]
            ) { row in
                guard let digest = SHA256Digest(bytes: row.blob(4)) else {
                    throw CatalogError(
                        .broken,
                        "the catalogue has a file without a digest",
                        next: "valhalla verify"
                    )
                }
                return GroupMember(
                    copy: row.integer(0),
                    file: row.integer(1),
                    role: row.textOrNil(2).flatMap(FileRole.init(rawValue:)),
                    asset: row.integerOrNil(3).map(AssetID.init(rawValue:)),
                    digest: digest,
                    format: row.text(5),
                    wallMilliseconds: row.integerOrNil(6),
                    model: row.textOrNil(7)
                )
            }
        }
    }
}
