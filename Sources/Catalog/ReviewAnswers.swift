public import Files
internal import Storage

/// A row of a table that came back, as it is written there.
public struct AnswerRow: Hashable, Sendable {
    /// The line it begins on, from 1.
    public var line: Int
    /// The review's code.
    public var review: String
    /// The proof's number.
    public var proof: String
    /// The first digits of the proof's digest, which hold the number to the picture.
    public var check: String
    /// What it is asked for.
    public var purpose: String
    /// Yes, no, or nothing, in many people's words.
    public var answer: String
    /// What was written beside it.
    public var comment: String
    /// Who filled it in.
    public var name: String

    /// A row.
    public init(
        line: Int, review: String, proof: String, check: String, purpose: String, answer: String,
        comment: String,
        name: String
    ) {
        self.line = line
        self.review = review
        self.proof = proof
        self.check = check
        self.purpose = purpose
        self.answer = answer
        self.comment = comment
        self.name = name
    }
}

/// What a table of answers changes.
public struct ReviewPlan: Sendable {
    /// One answer that is not on record yet.
    public struct Step: Hashable, Sendable {
        /// What it answers, and what was answered before.
        public let question: ReviewQuestion
        /// True for yes.
        public let isYes: Bool
        /// What was written beside it.
        public let comment: String?
        /// Who filled it in.
        public let name: String?
    }

    /// The review it answers.
    public let review: Review
    /// The answers that are not on record yet, in the order of the proofs.
    public let steps: [Step]
    /// How many answers are on record already.
    public let known: Int
    /// How many questions this table does not answer.
    public let blank: Int
    /// What was written where no answer stands: the question stays open, and a person reads it.
    public let remarks: [(number: Int, purpose: Purpose, comment: String)]

    /// The answers that say yes.
    public var yes: [Step] { steps.filter(\.isYes) }
    /// The answers that say no.
    public var no: [Step] { steps.filter { !$0.isYes } }
}

extension ReviewAnswer {
    private static let yes: Set = [
        "yes", "y", "ja", "j", "oui", "o", "si", "sí", "sim", "x", "1", "true", "wahr", "vrai", "ok", "okay",
        "cleared", "✓", "✔", "☑",
    ]
    private static let no: Set = [
        "no", "n", "nein", "non", "não", "0", "false", "falsch", "faux", "hold", "held", "✗", "✘", "☒",
    ]

    /// What somebody meant who wrote this: yes, no, or nothing (nil); the outer nil is no word that is known.
    static func meaning(of text: String) -> Bool?? {
        let word = text.trimmed.lowercased().filter { $0 != "." && $0 != "!" && $0 != "\u{FE0F}" }
        if word.isEmpty { return .some(nil) }
        if yes.contains(word) { return true }
        if no.contains(word) { return false }
        return nil
    }

    /// How many digits of a proof's digest stand beside its number.
    public static let checkDigits = 6

    /// What stands beside a proof's number.
    ///
    /// Never digits alone, nor what a spreadsheet takes for a number such as `12e456`.
    public static func check(of digest: SHA256Digest) -> String {
        "p" + digest.hex.prefix(checkDigits)
    }
}

extension Catalog {
    /// Holds a table that came back against what was sent, and tells what it changes.
    ///
    /// Throws `CatalogError` that names line and column of everything that does not fit; such a table changes nothing.
    public func plan(_ rows: [AnswerRow]) throws -> ReviewPlan {
        let review = try review(answeredBy: rows)
        let questions = try questions(of: review)
        var judge = AnswerJudge(review: review, questions: questions)
        for row in rows { judge.take(row) }
        let answered = Set(judge.answers.keys.map(\.number))
        let changed = try changedProofs(of: review, among: answered, questions)
        for row in rows where judge.lines[row.line].map(changed.contains) == true {
            judge.fault(
                row, "proof", "the files of proof \(row.proof.trimmed) changed since it was sent: ask anew")
        }
        guard judge.faults.isEmpty else {
            let shown = 12
            throw CatalogError(
                .refused, "the answers do not fit what was sent (nothing recorded)",
                details: judge.faults.prefix(shown)
                    + (judge.faults.count > shown ? ["and \(judge.faults.count - shown) more"] : []),
                next:
                    "ask \(review.artist)’s office; valhalla review show \"\(review.name)\" lists what was sent"
            )
        }
        var steps: [ReviewPlan.Step] = []
        var known = 0
        for question in questions {
            let key = AnswerKey(number: question.number, purpose: question.purpose)
            guard let answer = judge.answers[key] else { continue }
            if let before = question.answer, before.isYes == answer.isYes, before.comment == answer.comment {
                known += 1
                continue
            }
            steps.append(
                ReviewPlan.Step(
                    question: question, isYes: answer.isYes, comment: answer.comment, name: answer.name))
        }
        return ReviewPlan(
            review: review, steps: steps, known: known, blank: questions.count - known - steps.count,
            remarks: judge.remarks)
    }

    private func review(answeredBy rows: [AnswerRow]) throws -> Review {
        guard let first = rows.first else {
            throw CatalogError(
                .refused, "the table has no rows", next: "take answers.csv out of the folder that was sent")
        }
        let code = first.review.trimmed.uppercased()
        guard let review = try reviews().first(where: { $0.code == code }) else {
            throw CatalogError(
                .refused, "the table answers a review that this archive did not send",
                details: ["line \(first.line), review: “\(first.review)”"],
                next: "valhalla review list shows what was sent")
        }
        if let end = review.end {
            throw CatalogError(
                .refused, "the review “\(review.name)” was closed by \(end.person)",
                next:
                    "valhalla review show \"\(review.name)\" tells why; valhalla log finds the change, and undo opens it again"
            )
        }
        return review
    }

    private func changedProofs(
        of review: Review, among numbers: Set<Int>, _ questions: [ReviewQuestion]
    ) throws -> Set<Int> {
        let contents = try contents(of: review)
        var changed: Set<Int> = []
        for (number, asset) in Set(questions.map { Pair(number: $0.number, asset: $0.asset) }).map({
            ($0.number, $0.asset)
        })
        where numbers.contains(number) {
            if Catalog.content(of: try files(of: asset)) != contents[number] { changed.insert(number) }
        }
        return changed
    }

    private struct Pair: Hashable {
        let number: Int
        let asset: AssetID
    }
}

/// Rows of a table, each held against what was sent.
private struct AnswerJudge {
    let review: Review
    let checks: [Int: String]
    private(set) var answers: [Catalog.AnswerKey: (isYes: Bool, comment: String?, name: String?)] = [:]
    private(set) var faults: [String] = []
    private(set) var remarks: [(number: Int, purpose: Purpose, comment: String)] = []
    /// Which proof an answer on a line is about.
    private(set) var lines: [Int: Int] = [:]
    private var seen: [Catalog.AnswerKey: Int] = [:]

    init(review: Review, questions: [ReviewQuestion]) {
        self.review = review
        checks = Dictionary(
            questions.map { ($0.number, ReviewAnswer.check(of: $0.digest)) },
            uniquingKeysWith: { one, _ in one })
    }

    mutating func fault(_ row: AnswerRow, _ column: String, _ what: String) {
        faults.append("line \(row.line), \(column): \(what)")
    }

    mutating func take(_ row: AnswerRow) {
        guard row.review.trimmed.uppercased() == review.code else {
            return fault(row, "review", "“\(row.review)” is another review than \(review.code) above")
        }
        // Spreadsheets take the noughts from 001, and some write 1.0.
        let digits =
            row.proof.trimmed.hasSuffix(".0") ? String(row.proof.trimmed.dropLast(2)) : row.proof.trimmed
        guard let number = Int(digits), let check = checks[number] else {
            return fault(row, "proof", "there is no proof “\(row.proof)” in this review")
        }
        guard row.check.trimmed.lowercased() == check else {
            return fault(
                row, "check",
                "“\(row.check)” is not what stands beside proof \(number): the rows are out of step")
        }
        guard let purpose = Purpose(rawValue: row.purpose.trimmed.lowercased()),
            review.purposes.contains(purpose)
        else { return fault(row, "purpose", "“\(row.purpose)” was not asked") }
        guard let meaning = ReviewAnswer.meaning(of: row.answer) else {
            return fault(row, "answer", "“\(row.answer)” is neither yes nor no")
        }
        let key = Catalog.AnswerKey(number: number, purpose: purpose)
        if let other = seen[key] {
            return fault(
                row, "proof", "proof \(number) for \(purpose.rawValue) has an answer on line \(other) already"
            )
        }
        seen[key] = row.line
        guard let isYes = meaning else {
            if let comment = AnswerJudge.kept(row.comment) { remarks.append((number, purpose, comment)) }
            return
        }
        lines[row.line] = number
        answers[key] = (isYes, AnswerJudge.kept(row.comment), AnswerJudge.kept(row.name))
    }

    private static func kept(_ text: String) -> String? {
        let text = text.trimmed
        return text.isEmpty ? nil : text
    }
}

extension Change {
    /// Records what a table answers, on the artist's word: yes clears, no holds, each with its comment as the reason.
    ///
    /// A later answer takes the place of an earlier one: a yes ends the hold that the no of before made, and no other. Tells
    /// what was done. Throws `CatalogError` as `plan` and `decide` do.
    @discardableResult
    public func apply(_ rows: [AnswerRow], evidence: String, despiteWarnings: Bool = false) throws
        -> ReviewPlan
    {
        let plan = try catalog.plan(rows)
        for step in plan.yes {
            guard let before = step.question.answer, !before.isYes else { continue }
            var lift = NewDecision(.lifted, purpose: nil, by: plan.review.artist)
            (lift.reason, lift.evidence) = ("review \(plan.review.name): a later answer", evidence)
            let asset = step.question.asset
            try insert(
                lift, asset: asset.rawValue, lifts: before.decision,
                authority: try catalog.authorities(of: plan.review.artist, over: [asset])[asset])
        }
        for group in Dictionary(grouping: plan.steps, by: Kind.init).sorted(by: { $0.key < $1.key }) {
            var decision = NewDecision(
                group.key.isYes ? .cleared : .held, purpose: group.key.purpose, by: plan.review.artist)
            decision.reason = group.key.comment.isEmpty ? nil : group.key.comment
            decision.evidence = evidence
            decision.despiteWarnings = despiteWarnings
            try decide(decision, about: group.value.map(\.question.asset))
            for step in group.value { try keep(step, of: plan.review, evidence) }
        }
        return plan
    }

    /// What one decision says of many.
    private struct Kind: Hashable, Comparable {
        let isYes: Bool
        let purpose: Purpose
        let comment: String

        init(_ step: ReviewPlan.Step) {
            (isYes, purpose, comment) = (step.isYes, step.question.purpose, step.comment ?? "")
        }

        static func < (left: Kind, right: Kind) -> Bool {
            (left.isYes ? 0 : 1, left.purpose.rawValue, left.comment)
                < (right.isYes ? 0 : 1, right.purpose.rawValue, right.comment)
        }
    }

    private func keep(_ step: ReviewPlan.Step, of review: Review, _ evidence: String) throws {
        try connection.run(
            """
            INSERT INTO review_answer (id, review, number, purpose, answer, comment, name, decision, evidence, at,
                                       person, stamp)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,
                    (SELECT max(id) FROM clearance WHERE asset = ?8 AND purpose = ?4 AND stamp = ?12
                        AND decision = ?13),
                    ?9, ?10, ?11, ?12)
            """,
            [
                .integer(mint()), .integer(review.id), .integer(step.question.number),
                .text(step.question.purpose.rawValue), .text(step.isYes ? "yes" : "no"), .text(step.comment),
                .text(step.name), .integer(step.question.asset.rawValue), .text(evidence), .integer(now),
                .text(catalog.author.person), .integer(stamp.rawValue),
                .text((step.isYes ? DecisionKind.cleared : .held).rawValue),
            ])
    }
}

extension Catalog {
    /// Of what a table says yes to, the questions that stay closed all the same: somebody else holds it, or a date.
    public func stillClosed(_ plan: ReviewPlan) throws -> [ReviewPlan.Step] {
        var closed: [ReviewPlan.Step] = []
        let instant = now()
        for step in plan.yes {
            let ruling = try ruling(
                on: step.question.asset,
                GateQuestion(purpose: step.question.purpose, recipient: "", territory: nil, at: instant))
            if ruling.denials.contains(where: \.blocks) { closed.append(step) }
        }
        return closed
    }
}
