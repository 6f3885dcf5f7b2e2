public import Files
internal import Storage

/// Proofs that an artist was sent, and what they were asked.
public struct Review: Hashable, Sendable {
    /// Its key.
    let id: Int64
    /// The change it was sent by.
    let stamp: Int64
    /// What the house calls it.
    public let name: String
    /// What it is called outside.
    public let code: String
    /// Who was asked.
    public let artist: String
    /// When, in milliseconds since 1970.
    public let at: Int64
    /// Who asked.
    public let person: String
    /// The words that went with it.
    public let note: String?
    /// Where it was written.
    public let place: String
    /// SHA-256 of the list of its files and their digests.
    public let seal: SHA256Digest
    /// About which purposes, in their order.
    public let purposes: [Purpose]
    /// How many proofs it has.
    public let proofs: Int
    /// How many of the questions are answered: yes, and no.
    public let answered: Tally
    /// When the last answer was recorded, in milliseconds since 1970.
    public let answeredAt: Int64?
    /// When it was closed, by whom, and why.
    public let end: Closing?

    /// Answers that count.
    public struct Tally: Hashable, Sendable {
        /// How many say yes.
        public let yes: Int
        /// How many say no.
        public let no: Int
    }

    /// How a review came to its end.
    public struct Closing: Hashable, Sendable {
        /// When, in milliseconds since 1970.
        public let at: Int64
        /// Who closed it.
        public let person: String
        /// Why.
        public let reason: String?
    }

    /// How many questions it asks: every purpose of every proof.
    public var questions: Int { proofs * purposes.count }
    /// How many wait for an answer.
    public var open: Int { questions - answered.yes - answered.no }
}

/// What one proof was asked for one purpose, and what came back.
public struct ReviewQuestion: Hashable, Sendable {
    /// The proof's number.
    public let number: Int
    /// The asset it shows.
    public let asset: AssetID
    /// The proof's file.
    public let name: String
    /// Its SHA-256 as it left.
    public let digest: SHA256Digest
    /// The purpose.
    public let purpose: Purpose
    /// The answer that counts; nil is none yet.
    public let answer: ReviewAnswer?
}

/// An answer on record.
public struct ReviewAnswer: Hashable, Sendable {
    /// True for yes.
    public let isYes: Bool
    /// What was written beside it.
    public let comment: String?
    /// Who filled in the table.
    public let name: String?
    /// The decision that was recorded for it.
    public let decision: Int64
    /// The file that holds it.
    public let evidence: String
    /// When it was recorded, in milliseconds since 1970.
    public let at: Int64
}

extension Catalog {
    /// All reviews, the newest first.
    public func reviews() throws -> [Review] { try reviews(where: "1", []) }

    /// The review of this name, or of this code.
    ///
    /// Throws `CatalogError` when there is none.
    public func review(named name: String) throws -> Review {
        let found = try reviews(where: "lower(r.name) = lower(?1) OR r.code = upper(?1)", [.text(name)])
        if let review = found.first { return review }
        let nearest = nearestWord(to: name, among: try reviews().map(\.name))
        throw CatalogError(
            .notFound, "there is no review “\(name)”" + (nearest.map { "; did you mean “\($0)”?" } ?? ""),
            next: "valhalla review list shows all")
    }

    private func reviews(where condition: String, _ values: [Value]) throws -> [Review] {
        let purposes = Dictionary(
            grouping: try connection.rows("SELECT review, purpose FROM review_purpose") {
                (review: $0.integer(0), purpose: Purpose(rawValue: $0.text(1)))
            }, by: \.review)
        return try connection.rows(
            """
            SELECT r.id, r.name, r.code, r.artist, r.at, r.person, r.note, r.place, r.seal,
                   (SELECT count(*) FROM review_item AS i WHERE i.review = r.id),
                   (SELECT count(*) FROM (\(Catalog.counting)) WHERE answer = 'yes'),
                   (SELECT count(*) FROM (\(Catalog.counting)) WHERE answer = 'no'),
                   (SELECT max(x.at) FROM review_answer AS x WHERE x.review = r.id AND x.present = 1),
                   e.at, e.person, e.reason, r.stamp
              FROM review          AS r
              LEFT JOIN review_end AS e ON e.review = r.id AND e.present = 1
             WHERE \(condition)
             ORDER BY r.id DESC
            """, values
        ) { row in
            let asked = Set((purposes[row.integer(0)] ?? []).compactMap(\.purpose))
            return Review(
                id: row.integer(0), stamp: row.integer(16), name: row.text(1), code: row.text(2),
                artist: row.text(3),
                at: row.integer(4), person: row.text(5), note: row.textOrNil(6), place: row.text(7),
                seal: try Catalog.digest(row, 8), purposes: Purpose.outside.filter(asked.contains),
                proofs: row.int(9), answered: Review.Tally(yes: row.int(10), no: row.int(11)),
                answeredAt: row.integerOrNil(12),
                end: row.integerOrNil(13).map {
                    Review.Closing(at: $0, person: row.text(14), reason: row.textOrNil(15))
                })
        }
    }

    /// The answers of a review that count: of each question the last.
    private static let counting = """
        SELECT answer, max(x.id) FROM review_answer AS x
                             WHERE x.review = r.id AND x.present = 1 GROUP BY x.number, x.purpose
        """

    static func digest(_ row: Row, _ column: Int) throws -> SHA256Digest {
        guard let digest = SHA256Digest(bytes: row.blob(column)) else {
            throw CatalogError(.broken, "the catalogue has a digest that is none")
        }
        return digest
    }

    /// Everything that a review asks, in the order of its proofs, with the answers that count.
    public func questions(of review: Review) throws -> [ReviewQuestion] {
        let answers = try answers(of: review)
        return try connection.rows(
            "SELECT number, asset, name, sha256 FROM review_item WHERE review = ? ORDER BY number",
            [.integer(review.id)]
        ) { row in
            let digest = try Catalog.digest(row, 3)
            return review.purposes.map { purpose in
                ReviewQuestion(
                    number: row.int(0), asset: AssetID(rawValue: row.integer(1)), name: row.text(2),
                    digest: digest, purpose: purpose,
                    answer: answers[AnswerKey(number: row.int(0), purpose: purpose)])
            }
        }
        .flatMap(\.self)
    }

    struct AnswerKey: Hashable {
        let number: Int
        let purpose: Purpose
    }

    private func answers(of review: Review) throws -> [AnswerKey: ReviewAnswer] {
        var answers: [AnswerKey: ReviewAnswer] = [:]
        try connection.each(
            """
            SELECT number, purpose, answer, comment, name, decision, evidence, at
              FROM review_answer
             WHERE review = ? AND present = 1
             ORDER BY id
            """, [.integer(review.id)]
        ) { row in
            guard let purpose = Purpose(rawValue: row.text(1)) else { return }
            answers[AnswerKey(number: row.int(0), purpose: purpose)] = ReviewAnswer(
                isYes: row.text(2) == "yes", comment: row.textOrNil(3), name: row.textOrNil(4),
                decision: row.integer(5), evidence: row.text(6), at: row.integer(7))
        }
        return answers
    }

    /// The files that proofs stood for when they were sent, by the proofs' numbers.
    func contents(of review: Review) throws -> [Int: SHA256Digest] {
        Dictionary(
            uniqueKeysWithValues: try connection.rows(
                "SELECT number, content FROM review_item WHERE review = ?", [.integer(review.id)]
            ) { ($0.int(0), try Catalog.digest($0, 1)) })
    }

    /// In which reviews an asset was shown, the newest first, each with its number there.
    public func reviews(showing asset: AssetID) throws -> [(review: Review, number: Int)] {
        let numbers = try connection.rows(
            "SELECT review, number FROM review_item WHERE asset = ?", [.integer(asset.rawValue)]
        ) { (review: $0.integer(0), number: $0.int(1)) }
        guard !numbers.isEmpty else { return [] }
        return try reviews(
            where: "r.id IN (SELECT value FROM json_each(?))", [QueryCompiler.list(numbers.map(\.review))]
        ).flatMap { review in
            numbers.filter { $0.review == review.id }.map { (review, $0.number) }
        }
    }

    /// Which review a decision about an asset came from, and as which proof.
    public func reviewSources(of asset: AssetID) throws -> [Int64: (review: String, number: Int)] {
        Dictionary(
            try connection.rows(
                """
                SELECT x.decision, r.name, x.number
                  FROM clearance     AS d
                  JOIN review_answer AS x ON x.decision = d.id
                  JOIN review        AS r ON r.id = x.review
                 WHERE d.asset = ?
                """, [.integer(asset.rawValue)]
            ) { ($0.integer(0), ($0.text(1), $0.int(2))) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Throws `CatalogError` when a review cannot have this name.
    public func confirm(reviewName name: String) throws {
        let name = name.trimmed
        guard !name.isEmpty, !["open", "all"].contains(name.lowercased()) else {
            throw CatalogError(
                .refused, "a review cannot be called “\(name)”",
                next: "name it after what it shows, such as \"Desert, first look\"")
        }
        guard try reviews(where: "lower(r.name) = lower(?1) OR r.code = upper(?1)", [.text(name)]).isEmpty
        else {
            throw CatalogError(
                .refused, "there is a review “\(name)” already",
                next: "what left is on record for good: give this one another name")
        }
    }

    /// What the next review is called outside: eight characters that tell nothing, and look like no other's.
    public func nextReviewCode() throws -> String {
        while true {
            let code = Catalog.randomCode()
            let isTaken = try connection.first("SELECT 1 FROM review WHERE code = ?", [.text(code)]) { _ in
                true
            }
            if isTaken == nil { return code }
        }
    }

    /// Eight characters by chance, `K7F2-93QD`: what somebody outside quotes, and nobody guesses.
    static func randomCode() -> String {
        // Without what is taken for something else when it is written down; and without vowels, by which a spreadsheet
        // finds months (3MAR) and numbers (2E45), and everybody words.
        let letters = Array("BCDFGHJKMNPQRSTVWXYZ")
        let others = Array("23456789") + letters
        let text = String(
            [letters].compactMap { $0.randomElement() } + (0..<7).compactMap { _ in others.randomElement() })
        return text.prefix(4) + "-" + text.suffix(4)
    }
}

/// A proof that left.
public struct SentProof: Hashable, Sendable {
    /// The number of the item it shows.
    public let number: Int
    /// Its path in the folder.
    public let name: String
    /// Its SHA-256.
    public let digest: SHA256Digest
    /// Its size in bytes.
    public let size: Int64

    /// A proof.
    public init(number: Int, name: String, digest: SHA256Digest, size: Int64) {
        self.number = number
        self.name = name
        self.digest = digest
        self.size = size
    }
}

extension Change {
    /// Records proofs that leave, and submits what they show, after asking the gate once more: to make them takes time,
    /// and somebody may have held a picture meanwhile.
    ///
    /// What somebody else holds and is shown all the same stays held; it is submitted for what it is not held for.
    ///
    /// Throws `CatalogError` when something of it may not be shown any longer.
    public func record(
        review name: String,
        code: String,
        note: String?,
        of gated: GatedReview,
        place: Path,
        seal: SHA256Digest,
        proofs: [SentProof]
    ) throws {
        try catalog.confirm(reviewName: name)
        let ids = gated.shown.map(\.asset.id)
        let again = try catalog.gate(review: ids, gated.question)
        let isAsItWas =
            again.kept.isEmpty && zip(again.shown, gated.shown).allSatisfy { $0.content == $1.content }
        guard isAsItWas, proofs.map(\.number) == gated.shown.map(\.number) else {
            throw CatalogError(
                .notCleared, "what may be shown has changed while the proofs were made",
                details: again.kept.map { "\($0.asset.shortName)  \($0.asset.title ?? $0.asset.name)" },
                next: "nothing was sent; run the command again")
        }
        let key = mint()
        try connection.run(
            """
            INSERT INTO review (id, name, code, artist, at, person, note, place, seal, stamp)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(key), .text(name.trimmed), .text(code), .text(gated.question.artist), .integer(now),
                .text(catalog.author.person), .text(note), .text(place.display), .blob(seal.bytes),
                .integer(stamp.rawValue),
            ])
        for purpose in gated.question.purposes {
            try connection.run(
                "INSERT INTO review_purpose (review, purpose) VALUES (?, ?)",
                [.integer(key), .text(purpose.rawValue)])
        }
        for (item, proof) in zip(gated.shown, proofs) {
            try connection.run(
                """
                INSERT INTO review_item (review, number, asset, name, sha256, size, content)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(key), .integer(proof.number), .integer(item.asset.id.rawValue),
                    .text(proof.name), .blob(proof.digest.bytes), .integer(proof.size),
                    .blob(item.content.bytes),
                ])
        }
        for purpose in gated.question.purposes {
            var open: [AssetID] = []
            try connection.eachDossier(of: ids.map(\.rawValue)) { asset, dossier in
                if Gate.state(of: dossier, for: purpose, at: now) == .unreviewed {
                    open.append(AssetID(rawValue: asset))
                }
            }
            try submit(open, for: purpose, by: catalog.author.person, reason: "review \(name.trimmed)")
        }
    }

    /// Says that a review waits for nothing any more; what nobody answered stays submitted.
    ///
    /// Throws `CatalogError` when it is closed already.
    public func close(review: Review, reason: String?) throws {
        guard review.end == nil else {
            throw CatalogError(
                .refused, "the review “\(review.name)” is closed already",
                next: "valhalla review show \"\(review.name)\" tells since when")
        }
        try connection.run(
            """
            INSERT INTO review_end (review, at, person, reason, stamp) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (review) DO UPDATE
               SET at = ?2, person = ?3, reason = ?4, stamp = ?5, present = 1
            """,
            [
                .integer(review.id), .integer(now), .text(catalog.author.person), .text(reason),
                .integer(stamp.rawValue),
            ])
    }
}
