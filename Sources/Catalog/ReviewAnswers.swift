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

    /// What keeps a yes from clearing.
    public enum Obstacle: Hashable, Sendable {
        /// Words that came with the file forbid it, and nobody said that they were read.
        case words(Warning)
        /// It was withdrawn since it was shown.
        case withdrawn
        /// It is not theirs to decide any more.
        case noSay
    }

    /// The review it answers.
    public let review: Review
    /// The answers that are not on record yet, in the order of the proofs.
    public internal(set) var steps: [Step]
    /// How many answers are on record already.
    public let known: Int
    /// How many questions this table does not answer.
    public let blank: Int
    /// What says yes and cannot clear yet, and why: it stays submitted, and the rest of the table counts all the same.
    public internal(set) var waiting: [(step: Step, why: Obstacle)] = []
    /// What was written where no answer stands: the question stays open, and a person reads it.
    public let remarks: [(number: Int, purpose: Purpose, comment: String)]

    /// The answers that say yes.
    public var yes: [Step] { steps.filter(\.isYes) }
    /// The answers that say no.
    public var no: [Step] { steps.filter { !$0.isYes } }

    /// True when both record the same, and leave the same waiting.
    func isAlike(_ other: ReviewPlan) -> Bool {
        steps == other.steps && waiting.elementsEqual(other.waiting, by: ==)
    }
}

extension ReviewAnswer {
    private static let yes: Set = [
        "yes", "y", "ja", "j", "oui", "si", "sí", "sim", "1", "true", "wahr", "vrai", "ok", "okay", "cleared",
        "✓", "✔", "☑",
    ]
    private static let no: Set = [
        "no", "n", "nein", "non", "não", "0", "false", "falsch", "faux", "hold", "held", "✗", "✘", "☒",
    ]

    /// What somebody meant who wrote this: yes, no, or nothing (nil); the outer nil is no word that is known.
    ///
    /// The letter o is none: it may stand for a oui or for a nought.
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
    /// A table that was recorded already, by its digest, says nothing again, whatever was answered since: it comes twice by
    /// mail, and an older one must not take back a later.
    ///
    /// Throws `CatalogError` that names line and column of everything that does not fit; such a table changes nothing.
    public func plan(_ rows: [AnswerRow], table: SHA256Digest, despiteWarnings: Bool = false) throws
        -> ReviewPlan
    {
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
        let recorded = try recordedAnswers(to: review, from: table)
        let hearings = try hearings(of: Set(questions.filter { answered.contains($0.number) }.map(\.asset)))
        var steps: [ReviewPlan.Step] = []
        var known = 0
        for question in questions {
            let key = AnswerKey(number: question.number, purpose: question.purpose)
            guard let answer = judge.answers[key] else { continue }
            // What was lifted, withdrawn or taken back since is said anew.
            let isRepeated = question.answer.map {
                $0.isYes == answer.isYes && $0.comment == answer.comment
                    && hearings[question.asset]?.stands($0.decision, for: question.purpose) == true
            }
            if isRepeated == true || recorded.contains(key) {
                known += 1
                continue
            }
            steps.append(
                ReviewPlan.Step(
                    question: question, isYes: answer.isYes, comment: answer.comment, name: answer.name))
        }
        let obstacles = try obstacles(to: steps, of: review, hearings, despiteWarnings: despiteWarnings)
        var plan = ReviewPlan(
            review: review, steps: steps.filter { obstacles[$0] == nil }, known: known,
            blank: questions.count - known - steps.count, remarks: judge.remarks)
        plan.waiting = steps.compactMap { step in obstacles[step].map { (step, $0) } }
        return plan
    }

    private func hearings(of assets: Set<AssetID>) throws -> [AssetID: Hearing] {
        var hearings: [AssetID: Hearing] = [:]
        try connection.eachDossier(of: assets.map(\.rawValue)) {
            hearings[AssetID(rawValue: $0)] = Hearing($1)
        }
        return hearings
    }

    /// The questions that this very table answered before.
    private func recordedAnswers(to review: Review, from table: SHA256Digest) throws -> Set<AnswerKey> {
        Set(
            try connection.rows(
                """
                SELECT number, purpose
                  FROM review_answer
                 WHERE review = ? AND present = 1 AND evidence LIKE '%sha256 ' || ?
                """,
                [.integer(review.id), .text(table.hex)]
            ) { row in
                Purpose(rawValue: row.text(1)).map { AnswerKey(number: row.int(0), purpose: $0) }
            }
            .compactMap(\.self))
    }

    /// Which of these cannot clear, though they say yes, and why.
    private func obstacles(
        to steps: [ReviewPlan.Step], of review: Review, _ hearings: [AssetID: Hearing], despiteWarnings: Bool
    ) throws -> [ReviewPlan.Step: ReviewPlan.Obstacle] {
        let yes = steps.filter(\.isYes)
        let authorities = try authorities(of: review.artist, over: yes.map(\.question.asset))
        var obstacles: [ReviewPlan.Step: ReviewPlan.Obstacle] = [:]
        for step in yes {
            let hearing = hearings[step.question.asset]
            if authorities[step.question.asset] == nil {
                obstacles[step] = .noSay
            } else if hearing?.isWithdrawn(for: step.question.purpose) == true {
                obstacles[step] = .withdrawn
            } else if !despiteWarnings, let warning = hearing?.warnings.first {
                obstacles[step] = .words(warning)
            }
        }
        return obstacles
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
    /// what was done. Throws `CatalogError` as `plan` and `decide` do, and where somebody decided since the plan was shown
    /// that was agreed to.
    @discardableResult
    public func apply(
        _ rows: [AnswerRow], table: SHA256Digest, evidence: String, despiteWarnings: Bool = false,
        asShown shown: ReviewPlan? = nil
    ) throws -> ReviewPlan {
        let plan = try catalog.plan(rows, table: table, despiteWarnings: despiteWarnings)
        guard shown?.isAlike(plan) ?? true else {
            throw CatalogError(
                .refused, "what the table changes has itself changed since it was shown (nothing recorded)",
                next: "run the command again, and read anew what it records")
        }
        try liftHolds(
            before: plan.yes.filter { $0.question.answer?.isYes == false }, of: plan.review, evidence)
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

    /// Ends the holds by which these yeses were a no before.
    private func liftHolds(before steps: [ReviewPlan.Step], of review: Review, _ evidence: String) throws {
        guard !steps.isEmpty else { return }
        let answers = Dictionary(
            grouping: try connection.rows(
                "SELECT number, purpose, evidence FROM review_answer WHERE review = ?", [.integer(review.id)]
            ) { (number: $0.int(0), purpose: $0.text(1), evidence: $0.text(2)) }, by: \.number)
        let proofs = Dictionary(grouping: steps, by: \.question.asset)
        var holds: [(asset: AssetID, hold: Int64)] = []
        try connection.eachDossier(of: proofs.keys.map(\.rawValue).sorted()) { key, dossier in
            let asset = AssetID(rawValue: key)
            for question in (proofs[asset] ?? []).map(\.question) {
                let tables = Set(
                    (answers[question.number] ?? []).filter { $0.purpose == question.purpose.rawValue }
                        .map(\.evidence))
                for hold in holdsMade(by: tables, question, of: review, in: dossier) {
                    holds.append((asset, hold))
                }
            }
        }
        let authorities = try catalog.authorities(of: review.artist, over: Array(proofs.keys))
        var lift = NewDecision(.lifted, purpose: nil, by: review.artist)
        (lift.reason, lift.evidence) = ("review \(review.name): a later answer", evidence)
        for (asset, hold) in holds {
            try insert(lift, asset: asset.rawValue, lifts: hold, authority: authorities[asset])
        }
    }

    /// The holds that stand because earlier tables said no: each no that was worded anew made one.
    private func holdsMade(
        by tables: Set<String>, _ question: ReviewQuestion, of review: Review, in dossier: Dossier
    ) -> [Int64] {
        let own = Set(dossier.own.decisions.map(\.id))
        return Hearing(dossier).closing.filter { hold in
            hold.kind == .held && hold.scope == nil && hold.purpose == question.purpose
                && own.contains(hold.id) && Hearing.same(hold.person, review.artist)
                && hold.evidence.map(tables.contains) == true
        }
        .map(\.id)
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
        let instant = now()
        var closed: Set<ReviewPlan.Step> = []
        for (purpose, steps) in Dictionary(grouping: plan.yes, by: \.question.purpose) {
            let rulings = try rulings(
                on: steps.map(\.question.asset),
                GateQuestion(purpose: purpose, recipient: "", territory: nil, at: instant))
            closed.formUnion(
                steps.filter { rulings[$0.question.asset]?.denials.contains(where: \.blocks) == true })
        }
        return plan.yes.filter(closed.contains)
    }
}
