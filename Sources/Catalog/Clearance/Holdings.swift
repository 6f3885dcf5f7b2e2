public import Files
internal import Storage

/// A file that somebody outside has, as it left.
public struct Holding: Hashable, Sendable {
    /// What the file is to the asset that was asked about.
    public enum Link: String, Sendable {
        /// It shows the asset.
        case itself = "same"
        /// It shows what was made from it: a grade, a crop, a still.
        case made
        /// It shows what was said to be made from it for a time, and is not any more: what closed it then closes that too.
        case once
        /// It shows an asset that is a delivered file which came back into the archive.
        case returned = "back"
    }

    /// The asset that the file shows.
    public let asset: AssetID
    /// The asset that was asked about.
    public let origin: AssetID
    /// What the one is to the other.
    public let link: Link
    /// The delivery’s number.
    public let delivery: String
    /// When it left, in milliseconds since 1970.
    public let at: Int64
    /// What for.
    public let purpose: String
    /// To whom.
    public let recipient: String
    /// Into which country, as an ISO 3166 code; nil was not said.
    public let territory: String?
    /// The file’s name in the delivery: what the recipient knows it by.
    public let name: String
    /// Its SHA-256 as it left.
    public let digest: SHA256Digest
    /// Its size in bytes.
    public let size: Int64
    /// The decision it left on; nil when it stayed inside.
    public let basis: Int64?
    /// The recall that asked it back already.
    public let recall: String?

    /// The delivery’s key.
    let deliveryKey: Int64

    /// True for what left the house.
    public var isOutside: Bool { purpose != Purpose.internal.rawValue }
}

/// The proofs of a review that an artist was sent.
public struct ShownProofs: Hashable, Sendable {
    /// The review’s name.
    public let review: String
    /// Who has them.
    public let artist: String
    /// When they left, in milliseconds since 1970.
    public let at: Int64
    /// How many they are.
    public let proofs: Int
}

/// A proof that an artist was sent, as it left.
public struct HeldProof: Hashable, Sendable {
    /// The asset that it shows.
    public let asset: AssetID
    /// The asset that was asked about: the same, or what it was made from.
    public let origin: AssetID
    /// The review’s name.
    public let review: String
    /// What it is called outside.
    public let code: String
    /// Who has it.
    public let artist: String
    /// About which purposes they were asked.
    public let purposes: [Purpose]
    /// When it left, in milliseconds since 1970.
    public let at: Int64
    /// Its number in the review.
    public let number: Int
    /// Its file: what the artist knows it by.
    public let name: String
    /// Its SHA-256 as it left.
    public let digest: SHA256Digest
    /// Its size in bytes.
    public let size: Int64
    /// The recall that asked it back already.
    public let recall: String?

    /// The review’s key.
    let reviewKey: Int64
}

extension Catalog {
    /// The proofs that artists have of these assets and of what was made from them, the oldest first; by each asset that
    /// was asked about.
    public func heldProofs(of assets: [AssetID]) throws -> [HeldProof] {
        try connection.rows(
            """
            WITH RECURSIVE reach (origin, asset) AS (
                SELECT value, value FROM json_each(?)
                 UNION
                SELECT r.origin, d.asset FROM reach AS r JOIN derivation AS d ON d.parent = r.asset AND d.present = 1
            )
            SELECT r.asset, r.origin, v.name, v.code, v.artist, v.at, i.number, i.name, i.sha256, i.size, v.id,
                   (SELECT group_concat(q.purpose) FROM review_purpose AS q WHERE q.review = v.id),
                   (SELECT c.number
                      FROM recall_proof AS y
                      JOIN recall       AS c ON c.id = y.recall AND c.present = 1
                     WHERE y.review = i.review AND y.number = i.number AND y.present = 1
                     ORDER BY c.id
                     LIMIT 1)
              FROM reach       AS r
              JOIN review_item AS i ON i.asset = r.asset
              JOIN review      AS v ON v.id    = i.review
             ORDER BY v.id, i.number, r.asset <> r.origin, r.origin
            """,
            [QueryCompiler.list(assets.map(\.rawValue))]
        ) { row in
            let asked = row.text(11).split(separator: ",").compactMap { Purpose(rawValue: String($0)) }
            return HeldProof(
                asset: AssetID(rawValue: row.integer(0)), origin: AssetID(rawValue: row.integer(1)),
                review: row.text(2), code: row.text(3), artist: row.text(4),
                purposes: Purpose.outside.filter(asked.contains), at: row.integer(5), number: row.int(6),
                name: row.text(7), digest: try Catalog.digest(row, 8), size: row.integer(9),
                recall: row.textOrNil(12), reviewKey: row.integer(10))
        }
    }

    /// The files that show these assets or what was made from them, in deliveries, by recipient and in the order in which
    /// they left; each once.
    ///
    /// A delivered file that came back into the archive is an asset whose content says what it is, whatever anybody linked:
    /// what left of it is found, too, and so is the delivery that holds its very bytes.
    public func holdings(of assets: [AssetID]) throws -> [Holding] {
        let rows = try connection.rows(
            """
            WITH RECURSIVE reach (origin, asset, link) AS (
                SELECT value, value, 'same' FROM json_each(?)
                 UNION
                SELECT r.origin, d.asset, CASE WHEN r.link = 'once' OR d.present = 0 THEN 'once' ELSE 'made' END
                  FROM reach AS r JOIN derivation AS d ON d.parent = r.asset
                 UNION
                SELECT r.origin, x.asset, CASE r.link WHEN 'once' THEN 'once' ELSE 'back' END
                  FROM reach         AS r
                  JOIN delivery_item AS i ON i.asset  = r.asset
                  JOIN file          AS f ON f.sha256 = i.sha256
                  JOIN asset_file    AS x ON x.file   = f.id AND x.present = 1
            ),
            held (asset, origin, link, delivery, name) AS (
                SELECT r.asset, r.origin, r.link, i.delivery, i.name
                  FROM reach AS r JOIN delivery_item AS i ON i.asset = r.asset
                 UNION
                SELECT i.asset, r.origin, CASE r.link WHEN 'once' THEN 'once' ELSE 'back' END, i.delivery, i.name
                  FROM reach         AS r
                  JOIN asset_file    AS x ON x.asset  = r.asset AND x.present = 1
                  JOIN file          AS f ON f.id     = x.file
                  JOIN delivery_item AS i ON i.sha256 = f.sha256 AND i.asset <> r.asset
            )
            SELECT r.asset, r.origin, r.link, d.number, d.at, d.purpose, d.recipient, i.name, i.sha256, i.size, i.basis,
                   d.id, d.territory,
                   (SELECT c.number
                      FROM recall_item AS y
                      JOIN recall      AS c ON c.id = y.recall AND c.present = 1
                     WHERE y.delivery = i.delivery AND y.name = i.name AND y.present = 1
                     ORDER BY c.id
                     LIMIT 1)
              FROM held          AS r
              JOIN delivery_item AS i ON i.delivery = r.delivery AND i.name = r.name
              JOIN delivery      AS d ON d.id       = i.delivery
             ORDER BY d.recipient, d.at, d.id, i.position, i.name,
                      CASE r.link WHEN 'same' THEN 0 WHEN 'made' THEN 1 WHEN 'back' THEN 2 ELSE 3 END, r.origin
            """,
            [QueryCompiler.list(assets.map(\.rawValue))]
        ) { row -> Holding? in
            guard let digest = SHA256Digest(bytes: row.blob(8)),
                let link = Holding.Link(rawValue: row.text(2))
            else { return nil }
            return Holding(
                asset: AssetID(rawValue: row.integer(0)), origin: AssetID(rawValue: row.integer(1)),
                link: link,
                delivery: row.text(3), at: row.integer(4), purpose: row.text(5), recipient: row.text(6),
                territory: row.textOrNil(12), name: row.text(7), digest: digest, size: row.integer(9),
                basis: row.integerOrNil(10),
                recall: row.textOrNil(13), deliveryKey: row.integer(11))
        }
        return rows.compactMap(\.self)
    }
}
