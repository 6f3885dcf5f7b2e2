public import Files
internal import Storage

/// A file that left, and on whose word.
public struct DeliveredFile: Hashable, Sendable {
    /// The asset it shows.
    public let asset: AssetID
    /// Its path in the delivery.
    public let name: String
    /// Its SHA-256 as it left.
    public let digest: SHA256Digest
    /// Its size in bytes.
    public let size: Int64
    /// The decision it left on; nil when it stayed inside.
    public let basis: Int64?

    /// A file that left.
    public init(asset: AssetID, name: String, digest: SHA256Digest, size: Int64, basis: Int64?) {
        self.asset = asset
        self.name = name
        self.digest = digest
        self.size = size
        self.basis = basis
    }
}

/// What left the house.
public struct Delivery: Hashable, Sendable {
    /// Its number, `2016-0007`.
    public let number: String
    /// When, in milliseconds since 1970.
    public let at: Int64
    /// Who made it.
    public let person: String
    /// The selection it was made from.
    public let selection: String
    /// Which preset.
    public let preset: String
    /// What for.
    public let purpose: String
    /// To whom.
    public let recipient: String
    /// Which country it was for.
    public let territory: String?
    /// Where it was written.
    public let place: String
    /// SHA-256 of the list that names every file and its digest: the bag's tag manifest.
    public let seal: SHA256Digest
    /// How many files show assets.
    public let files: Int
}

extension Catalog {
    /// What left, newest first: all, what showed an asset, or what went to a recipient whose name holds these words.
    public func deliveries(of asset: AssetID? = nil, to recipient: String? = nil) throws -> [Delivery] {
        try connection.rows(
            """
            SELECT d.number, d.at, d.person, d.selection, d.preset, d.purpose, d.recipient, d.territory, d.place, d.seal,
                   (SELECT count(*) FROM delivery_item AS i WHERE i.delivery = d.id)
              FROM delivery AS d
             WHERE (?1 IS NULL OR d.id IN (SELECT delivery FROM delivery_item WHERE asset = ?1))
               AND (?2 IS NULL OR d.recipient LIKE '%' || ?2 || '%')
             ORDER BY d.at DESC, d.id DESC
            """,
            [.integer(asset?.rawValue), .text(recipient)]
        ) { row in
            SHA256Digest(bytes: row.blob(9)).map {
                Delivery(
                    number: row.text(0), at: row.integer(1), person: row.text(2), selection: row.text(3),
                    preset: row.text(4), purpose: row.text(5), recipient: row.text(6),
                    territory: row.textOrNil(7), place: row.text(8), seal: $0, files: row.int(10))
            }
        }
        .compactMap(\.self)
    }

    /// The files of a delivery, in their order, each with the decision it left on.
    public func files(ofDelivery number: String) throws -> [(file: DeliveredFile, basis: Decision?)] {
        let files = try connection.rows(
            """
            SELECT i.asset, i.name, i.sha256, i.size, i.basis
              FROM delivery AS d JOIN delivery_item AS i ON i.delivery = d.id
             WHERE d.number = ?
             ORDER BY i.position, i.name
            """,
            [.text(number)]
        ) { row in
            SHA256Digest(bytes: row.blob(2)).map {
                DeliveredFile(
                    asset: AssetID(rawValue: row.integer(0)), name: row.text(1), digest: $0,
                    size: row.integer(3),
                    basis: row.integerOrNil(4))
            }
        }
        guard !files.isEmpty else {
            throw CatalogError(
                .notFound, "there is no delivery \(number)", next: "valhalla deliveries lists all")
        }
        return try files.compactMap(\.self).map { file in
            (
                file,
                try file.basis.flatMap { basis in try decisions(about: file.asset).first { $0.id == basis } }
            )
        }
    }

    /// Every decision that an asset left on with a delivery, oldest first.
    public func grounds(ofDelivery number: String, asset: AssetID) throws -> [Decision] {
        let keys = Set(
            try connection.rows(
                """
                SELECT g.decision
                  FROM delivery AS d JOIN delivery_ground AS g ON g.delivery = d.id
                 WHERE d.number = ? AND g.asset = ?
                """,
                [.text(number), .integer(asset.rawValue)]
            ) { $0.integer(0) })
        return try decisions(about: asset).filter { keys.contains($0.id) }
    }

    /// The number that the next delivery gets: its year and a count.
    public func nextDeliveryNumber(year: Int) throws -> String {
        let used =
            try connection.first(
                "SELECT count(*) FROM delivery WHERE number LIKE ? || '-%'", [.text("\(year)")]
            ) { $0.int(0) } ?? 0
        let digits = String(used + 1)
        return "\(year)-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension Change {
    /// Records what leaves, after asking the gate once more, for this instant: writing a package takes time, and somebody
    /// may have held a picture meanwhile, or asked for a credit that is not in it; a clearance may have ended.
    ///
    /// Throws `CatalogError` when something of it may not leave any longer, or not as it was written.
    public func record(
        delivery number: String,
        of gated: GatedSelection,
        preset: String,
        place: Path,
        seal: SHA256Digest,
        files: [DeliveredFile]
    ) throws {
        var question = gated.question
        question.at = max(question.at, now)
        let rulings = try catalog.rulings(on: gated.cleared.map(\.asset.id), question)
        let late = gated.cleared.filter { item in
            guard let ruling = rulings[item.asset.id], ruling.isAllowed else { return true }
            return ruling.grant != item.grant
        }
        guard late.isEmpty else {
            throw CatalogError(
                .notCleared,
                "\(late.count) of \(gated.cleared.count) may not leave any longer, or not as written: it was decided meanwhile",
                details: late.map { "\($0.asset.shortName)  \($0.asset.title ?? $0.asset.name)" },
                next: "nothing was delivered; run the command again")
        }
        let key = mint()
        try connection.run(
            """
            INSERT INTO delivery (id, number, at, person, selection, preset, purpose, recipient, territory, place,
                                  seal, stamp)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(key), .text(number), .integer(now), .text(catalog.author.person),
                .text(gated.selection.name), .text(preset), .text(gated.question.purpose.rawValue),
                .text(gated.question.recipient), .text(gated.question.territory), .text(place.display),
                .blob(seal.bytes), .integer(stamp.rawValue),
            ])
        for asset in Set(files.map(\.asset)) {
            for ground in rulings[asset]?.grant?.grounds ?? [] {
                try connection.run(
                    "INSERT INTO delivery_ground (delivery, asset, decision) VALUES (?, ?, ?)",
                    [.integer(key), .integer(asset.rawValue), .integer(ground.id)])
            }
        }
        for (position, file) in files.enumerated() {
            try connection.run(
                """
                INSERT INTO delivery_item (delivery, asset, name, sha256, size, basis, position)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(key), .integer(file.asset.rawValue), .text(file.name), .blob(file.digest.bytes),
                    .integer(file.size), .integer(file.basis), .integer(position),
                ])
        }
        try makersStandAnew(after: key)
    }

    /// What may leave once has left when something that was made from it has.
    private func makersStandAnew(after delivery: Int64) throws {
        try connection.run(
            """
            INSERT OR IGNORE INTO stale (asset)
            WITH RECURSIVE above (asset) AS (
                SELECT asset FROM delivery_item WHERE delivery = ?
                 UNION
                SELECT d.parent FROM above JOIN derivation AS d ON d.asset = above.asset
                 UNION
                SELECT i.asset
                  FROM above
                  JOIN asset_file    AS x ON x.asset  = above.asset AND x.present = 1
                  JOIN file          AS f ON f.id     = x.file
                  JOIN delivery_item AS i ON i.sha256 = f.sha256
            )
            SELECT asset FROM above
            """,
            [.integer(delivery)])
    }
}
