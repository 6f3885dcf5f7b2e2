public import Files
internal import Storage

/// What one recipient was asked to give up.
public struct Recall: Hashable, Sendable {
    /// Its number, `R-K7F2-93QD`, which the recipient quotes: a code that tells nothing.
    ///
    /// Older ones count by their year, `R2016-0002`.
    public let number: String
    /// When it was asked, in milliseconds since 1970.
    public let at: Int64
    /// Who asks, as the letter is signed.
    public let person: String
    /// Who is asked.
    public let recipient: String
    /// What the letter tells of why; nil tells nothing.
    public let reason: String?
    /// By when an answer is asked for: the instant from which it is late.
    public let dueAt: Int64
    /// When they answered; nil while they have not.
    public let answeredAt: Int64?
    /// The file that holds the answer, by its name and digest.
    public let evidence: String?
    /// What was noted of the answer.
    public let note: String?
    /// How many files were asked back.
    public let files: Int
}

/// What a letter to a recipient may say: what they have, by the names they know it by, and nothing else.
///
/// Only the catalogue makes one, of one recall: a letter to one recipient cannot name what another has.
public struct RecallLetter: Hashable, Sendable {
    /// A delivery, and the files of it that are asked back.
    public struct Part: Hashable, Sendable {
        /// The delivery’s number.
        public let delivery: String
        /// When it left, in milliseconds since 1970.
        public let at: Int64
        /// What it was for.
        public let purpose: String
        /// The files, in the order in which they lie in the package.
        public internal(set) var files: [File]
    }

    /// A file as its recipient knows it.
    public struct File: Hashable, Sendable {
        /// Its name in the delivery.
        public let name: String
        /// Its SHA-256 as it left.
        public let digest: SHA256Digest
        /// Its size in bytes.
        public let size: Int64
    }

    /// The proofs of a review that are asked back.
    public struct Proofs: Hashable, Sendable {
        /// What the review is called outside.
        public let review: String
        /// When they were sent, in milliseconds since 1970.
        public let at: Int64
        /// The proofs, in their order.
        public internal(set) var files: [File]
    }

    /// The recall.
    public let recall: Recall
    /// What the recipient has.
    public let parts: [Part]
    /// What the recipient was sent to decide on.
    public let proofs: [Proofs]

    init(recall: Recall, parts: [Part], proofs: [Proofs]) {
        self.recall = recall
        self.parts = parts
        self.proofs = proofs
    }

    /// How many files are asked back.
    public var files: Int {
        parts.reduce(0) { $0 + $1.files.count } + proofs.reduce(0) { $0 + $1.files.count }
    }
}

extension Catalog {
    /// What was asked back, newest first: all, by recipient, by delivery, or by number.
    public func recalls(
        to recipient: String? = nil, numbered number: String? = nil, ofDelivery delivery: String? = nil,
        onlyOpen: Bool = false
    ) throws -> [Recall] {
        try connection.rows(
            """
            SELECT c.number, c.at, c.person, c.recipient, c.reason, c.due_at, c.answered_at, c.evidence, c.note,
                   (SELECT count(*)
                      FROM recall_item AS i
                     WHERE i.recall = c.id AND i.present = 1
                       AND (?3 IS NULL OR i.delivery = (SELECT d.id FROM delivery AS d WHERE d.number = ?3)))
                   + (SELECT count(*)
                        FROM recall_proof AS p
                       WHERE p.recall = c.id AND p.present = 1 AND ?3 IS NULL)
                   AS files
              FROM recall AS c
             WHERE c.present = 1
               AND (?1 IS NULL OR c.recipient = ?1)
               AND (?2 IS NULL OR c.number = ?2)
               AND (?3 IS NULL OR c.id IN (SELECT i.recall
                                             FROM delivery    AS d
                                             JOIN recall_item AS i ON i.delivery = d.id AND i.present = 1
                                            WHERE d.number = ?3))
               AND (?4 = 0 OR c.answered_at IS NULL)
             ORDER BY c.at DESC, c.id DESC
            """,
            [.text(recipient), .text(number), .text(delivery), .integer(onlyOpen ? 1 : 0)]
        ) { row in
            Recall(
                number: row.text(0), at: row.integer(1), person: row.text(2), recipient: row.text(3),
                reason: row.textOrNil(4), dueAt: row.integer(5), answeredAt: row.integerOrNil(6),
                evidence: row.textOrNil(7), note: row.textOrNil(8), files: row.int(9))
        }
    }

    /// The recall of this number.
    ///
    /// Throws `CatalogError` when there is none.
    public func recall(numbered number: String) throws -> Recall {
        guard let recall = try recalls(numbered: number.uppercased()).first else {
            throw CatalogError(
                .notFound, "there is no recall \(number)", next: "valhalla recall list shows all")
        }
        return recall
    }

    /// What the letter of a recall may say.
    public func letter(ofRecall number: String) throws -> RecallLetter {
        let recall = try recall(numbered: number)
        var parts: [RecallLetter.Part] = []
        try connection.each(
            """
            SELECT d.number, d.at, d.purpose, i.name, i.sha256, i.size
              FROM recall        AS c
              JOIN recall_item   AS y ON y.recall   = c.id AND y.present = 1
              JOIN delivery      AS d ON d.id       = y.delivery AND d.recipient = c.recipient
              JOIN delivery_item AS i ON i.delivery = y.delivery AND i.name = y.name
             WHERE c.number = ? AND c.present = 1
             ORDER BY d.at, d.id, i.position, i.name
            """,
            [.text(recall.number)]
        ) { row in
            guard let digest = SHA256Digest(bytes: row.blob(4)) else { return }
            if parts.last?.delivery != row.text(0) {
                parts.append(
                    RecallLetter.Part(
                        delivery: row.text(0), at: row.integer(1), purpose: row.text(2), files: []))
            }
            parts[parts.count - 1].files.append(
                RecallLetter.File(name: row.text(3), digest: digest, size: row.integer(5)))
        }
        return RecallLetter(recall: recall, parts: parts, proofs: try proofs(ofRecall: recall))
    }

    private func proofs(ofRecall recall: Recall) throws -> [RecallLetter.Proofs] {
        var proofs: [RecallLetter.Proofs] = []
        try connection.each(
            """
            SELECT v.code, v.at, i.name, i.sha256, i.size
              FROM recall       AS c
              JOIN recall_proof AS y ON y.recall = c.id AND y.present = 1
              JOIN review       AS v ON v.id     = y.review AND v.artist = c.recipient
              JOIN review_item  AS i ON i.review = y.review AND i.number = y.number
             WHERE c.number = ? AND c.present = 1
             ORDER BY v.at, v.id, i.number
            """,
            [.text(recall.number)]
        ) { row in
            guard let digest = SHA256Digest(bytes: row.blob(3)) else { return }
            if proofs.last?.review != row.text(0) {
                proofs.append(RecallLetter.Proofs(review: row.text(0), at: row.integer(1), files: []))
            }
            proofs[proofs.count - 1].files.append(
                RecallLetter.File(name: row.text(2), digest: digest, size: row.integer(4)))
        }
        return proofs
    }

    /// The assets of a recall, each once, with what each was recalled for: itself, or what it was made from.
    public func assets(ofRecall number: String) throws -> [(asset: AssetID, origin: AssetID)] {
        try connection.rows(
            """
            SELECT i.asset, i.origin
              FROM recall      AS c
              JOIN recall_item AS i ON i.recall = c.id AND i.present = 1
             WHERE c.number = ?1 AND c.present = 1
             UNION
            SELECT p.asset, p.origin
              FROM recall       AS c
              JOIN recall_proof AS p ON p.recall = c.id AND p.present = 1
             WHERE c.number = ?1 AND c.present = 1
             ORDER BY 1, 2
            """,
            [.text(number)]
        ) { (asset: AssetID(rawValue: $0.integer(0)), origin: AssetID(rawValue: $0.integer(1))) }
    }

    /// What the next recall is called outside.
    ///
    /// A count would tell whoever gets the second letter that somebody was asked before, and two machines would count to
    /// the same. What was taken back keeps its code, for a letter with it may have been sent.
    fileprivate func nextRecallNumber() throws -> String {
        while true {
            let number = "R-" + Catalog.randomCode()
            let isTaken = try connection.first("SELECT 1 FROM recall WHERE number = ?", [.text(number)]) {
                _ in true
            }
            if isTaken == nil { return number }
        }
    }
}

extension Change {
    /// Puts on record that each recipient of a plan is asked to give up what they have; returns the recalls’ numbers.
    ///
    /// `signer` says who signs the letter to a recipient.
    @discardableResult
    public func recall(
        _ plan: RecallPlan, reason: String?, dueAt: Int64,
        signedBy signer: (_ recipient: String) throws -> String
    ) throws -> [String] {
        var numbers: [String] = []
        for recipient in plan.recipients {
            let (key, number) = (mint(), try catalog.nextRecallNumber())
            numbers.append(number)
            try connection.run(
                """
                INSERT INTO recall (id, number, at, person, recipient, reason, due_at, stamp)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(key), .text(number), .integer(now), .text(try signer(recipient)),
                    .text(recipient),
                    .text(reason),
                    .integer(dueAt), .integer(stamp.rawValue),
                ])
            for holding in plan.outside where holding.recipient == recipient {
                try connection.run(
                    """
                    INSERT INTO recall_item (recall, delivery, name, asset, origin, stamp) VALUES (?, ?, ?, ?, ?, ?)
                    """,
                    [
                        .integer(key), .integer(holding.deliveryKey), .text(holding.name),
                        .integer(holding.asset.rawValue), .integer(holding.origin.rawValue),
                        .integer(stamp.rawValue),
                    ])
            }
            for proof in plan.proofsOutside where proof.artist == recipient {
                try connection.run(
                    "INSERT INTO recall_proof (recall, review, number, asset, origin, stamp) VALUES (?, ?, ?, ?, ?, ?)",
                    [
                        .integer(key), .integer(proof.reviewKey), .integer(proof.number),
                        .integer(proof.asset.rawValue), .integer(proof.origin.rawValue),
                        .integer(stamp.rawValue),
                    ])
            }
        }
        return numbers
    }

    /// Notes that recalls were answered; those that were are noted anew.
    public func answered(_ recalls: [Recall], at instant: Int64, evidence: String?, note: String?) throws {
        for recall in recalls {
            try connection.run(
                """
                UPDATE recall SET answered_at = ?, evidence = coalesce(?, evidence), note = coalesce(?, note), stamp = ?
                 WHERE number = ? AND present = 1
                """,
                [
                    .integer(instant), .text(evidence), .text(note), .integer(stamp.rawValue),
                    .text(recall.number),
                ])
        }
    }
}
