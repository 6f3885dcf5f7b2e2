import Chance
import Files
import Foundation
import Storage
import Testing

@testable import Catalog

/// A catalogue with an artist, and reviews made of nothing but their rows.
private final class ReviewFixture {
    let fixture: CatalogFixture
    var catalog: Catalog { fixture.catalog }
    let assets: [AssetID]

    init(_ count: Int = 4) throws {
        fixture = try CatalogFixture()
        assets = try fixture.importing(Array(1...count), session: "Desert")
        try catalog.change("artists add") { try $0.add(artist: "Josh Homme", .clear, in: nil, by: nil) }
    }

    func question(_ purposes: [Purpose] = [.exhibit, .press], evenHeld: Bool = false) -> ShowingQuestion {
        ShowingQuestion(artist: "Josh Homme", purposes: purposes, evenHeld: evenHeld, at: fixture.now)
    }

    @discardableResult
    func send(
        _ name: String, _ assets: [AssetID]? = nil, _ purposes: [Purpose] = [.exhibit, .press],
        evenHeld: Bool = false
    )
        throws -> Review
    {
        let gated = try catalog.gate(review: assets ?? self.assets, question(purposes, evenHeld: evenHeld))
        let code = try catalog.nextReviewCode()
        let proofs = gated.shown.map {
            SentProof(
                number: $0.number, name: "00\($0.number).jpg",
                digest: Digests(of: Array("\(code) \($0.number)".utf8)).sha256, size: 1)
        }
        try catalog.change("review new", kind: .delivery) {
            try $0.record(
                review: name, code: code, note: nil, of: gated, place: Path("/out"),
                seal: Digests(of: []).sha256, proofs: proofs)
        }
        return try catalog.review(named: name)
    }

    /// The table as it was sent, with these answers: `["1 exhibit": "yes"]`.
    func rows(_ review: Review, _ answers: [String: String], comments: [String: String] = [:]) throws
        -> [AnswerRow]
    {
        try catalog.questions(of: review).enumerated().map { index, question in
            let key = "\(question.number) \(question.purpose.rawValue)"
            return AnswerRow(
                line: index + 2, review: review.code, proof: "\(question.number)",
                check: ReviewAnswer.check(of: question.digest), purpose: question.purpose.rawValue,
                answer: answers[key] ?? "", comment: comments[key] ?? "", name: "")
        }
    }

    @discardableResult
    func apply(_ rows: [AnswerRow]) throws -> ReviewPlan {
        try catalog.change("review apply", kind: .decision) {
            let table = Digests(of: Array("\(rows)".utf8)).sha256
            return try $0.apply(rows, table: table, evidence: "answers.csv, sha256 \(table.hex)")
        }
    }

    func states(_ purpose: Purpose) throws -> [ClearanceState] {
        try assets.map { Gate.state(of: try catalog.dossier(of: $0), for: purpose, at: fixture.now) }
    }

    func decide(_ kind: DecisionKind, _ asset: AssetID, _ purpose: Purpose? = nil, by person: String) throws {
        try catalog.change("decide", kind: .decision) {
            var decision = NewDecision(kind, purpose: purpose, by: person)
            decision.reason = "so"
            try $0.decide(decision, about: [asset])
        }
    }
}

@Suite("Reviews")
struct ReviewTests {
    @Test("What is sent is submitted, for what was asked and nothing else, and is on record")
    func sends() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look")
        #expect(review.questions == 8 && review.open == 8 && review.artist == "Josh Homme")
        #expect(try made.states(.exhibit) == [.submitted, .submitted, .submitted, .submitted])
        #expect(try made.states(.press) == [.submitted, .submitted, .submitted, .submitted])
        #expect(try made.states(.web) == [.unreviewed, .unreviewed, .unreviewed, .unreviewed])
        #expect(try made.catalog.count(try Query.parse("review:open")) == 4)
        #expect(try made.catalog.count(try Query.parse("review:first")) == 4)
        #expect(try made.catalog.count(try Query.parse("review:second")) == 0)
        #expect(throws: CatalogError.self) { try made.send("first LOOK") }
        #expect(throws: CatalogError.self) { try made.catalog.confirm(reviewName: "open") }
    }

    @Test(
        "Yes clears, no holds, each with its comment and the table as evidence; what is empty stays submitted"
    )
    func answers() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look")
        let rows = try made.rows(
            review, ["1 exhibit": "Yes", "1 press": "nein", "2 exhibit": "oui"],
            comments: ["1 press": "too dark"])
        let plan = try made.apply(rows)
        #expect(plan.yes.count == 2 && plan.no.count == 1 && plan.known == 0 && plan.blank == 5)
        #expect(try made.states(.exhibit) == [.cleared, .cleared, .submitted, .submitted])
        #expect(try made.states(.press) == [.held, .submitted, .submitted, .submitted])
        let hold = try #require(try made.catalog.decisions(about: made.assets[0]).last { $0.kind == .held })
        #expect(
            hold.person == "Josh Homme" && hold.reason == "too dark"
                && hold.evidence?.hasPrefix("answers.csv, sha256 ") == true)
        let source = try #require(try made.catalog.reviewSources(of: made.assets[0])[hold.id])
        #expect(source.review == "First look" && source.number == 1)
        let after = try made.catalog.review(named: review.code)
        #expect(after.answered.yes == 2 && after.answered.no == 1 && after.open == 5)
    }

    @Test("The same table again changes nothing")
    func again() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look")
        let rows = try made.rows(review, ["1 exhibit": "yes", "2 press": "no"])
        try made.apply(rows)
        let number = try made.catalog.log(limit: 1).first?.number
        let plan = try made.apply(rows)
        #expect(plan.steps.isEmpty && plan.known == 2 && plan.blank == 6)
        #expect(try made.catalog.log(limit: 1).first?.number == number)
    }

    @Test("A later answer counts instead, both ways, and both stay on record")
    func later() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        try made.apply(try made.rows(review, ["1 exhibit": "no", "2 exhibit": "yes"]))
        try made.apply(try made.rows(review, ["1 exhibit": "yes", "2 exhibit": "no"]))
        #expect(try made.states(.exhibit).prefix(2) == [.cleared, .held])
        #expect(
            try made.catalog.decisions(about: made.assets[0]).map(\.kind) == [
                .submitted, .held, .lifted, .cleared,
            ])
        #expect(
            try made.catalog.decisions(about: made.assets[1]).map(\.kind) == [.submitted, .cleared, .held])
    }

    @Test("A later yes ends the hold that the review made, and nobody else's")
    func othersHold() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        try made.apply(try made.rows(review, ["1 exhibit": "no"]))
        try made.decide(.held, made.assets[0], by: "The label")
        let plan = try made.apply(try made.rows(review, ["1 exhibit": "yes"]))
        #expect(try made.states(.exhibit)[0] == .held)
        #expect(try made.catalog.stillClosed(plan).map(\.question.number) == [1])
    }

    @Test("An answer is taken back by undo, and can be given again")
    func undone() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        let rows = try made.rows(review, ["1 exhibit": "yes"])
        try made.apply(rows)
        try made.catalog.undo(try #require(try made.catalog.lastUndoableChange()), command: "undo")
        #expect(try made.states(.exhibit)[0] == .submitted)
        #expect(try made.catalog.review(named: "First look").open == 4)
        #expect(try made.apply(rows).yes.count == 1)
        #expect(try made.states(.exhibit)[0] == .cleared)
    }

    @Test("Proofs stand in the order of the selection that the query names, whatever else it asks")
    func order() throws {
        let made = try ReviewFixture()
        let wanted = [made.assets[2], made.assets[0], made.assets[3]]
        try made.catalog.change("select new") {
            try $0.make(selection: "Detroit wall", note: nil)
            for asset in wanted { try $0.add([asset], toSelection: "Detroit wall") }
        }
        for text in [#"selection:"detroit wall""#, #"kind:photo selection:="Detroit wall""#] {
            #expect(try made.catalog.assetsInOrder(try Query.parse(text)) == wanted, "\(text)")
        }
        #expect(try made.catalog.assetsInOrder(try Query.parse("selection:Detroit*")) != wanted)
    }

    @Test("An older table that comes again takes back nothing of a later one")
    func oldTables() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        let first = try made.rows(review, ["1 exhibit": "yes"])
        try made.apply(first)
        try made.apply(try made.rows(review, ["1 exhibit": "no"], comments: ["1 exhibit": "take it out"]))
        let plan = try made.apply(first)
        #expect(plan.steps.isEmpty && plan.known == 1)
        #expect(try made.states(.exhibit)[0] == .held)
    }

    @Test("A yes lifts every hold that the review’s own no made, however often it was said and taken back")
    func everyHold() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        try made.apply(try made.rows(review, ["1 exhibit": "no"], comments: ["1 exhibit": "dark"]))
        try made.apply(try made.rows(review, ["1 exhibit": "no"], comments: ["1 exhibit": "too dark"]))
        for _ in 0..<2 {
            try made.catalog.undo(try #require(try made.catalog.log(limit: 1).first), command: "undo")
        }
        #expect(try made.states(.exhibit)[0] == .held)
        try made.apply(try made.rows(review, ["1 exhibit": "yes"]))
        #expect(try made.states(.exhibit)[0] == .cleared)
    }

    @Test("A yes that cannot clear yet stays submitted, and every no of the table is recorded")
    func noIsAlwaysRecorded() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        try made.catalog.connection.run(
            "INSERT INTO warning (asset, field, words, text, stamp) VALUES (?, 'caption', 'do not reuse', 'do not reuse', 1)",
            [.integer(made.assets[0].rawValue)])
        try made.decide(.withdrawn, made.assets[2], by: "Andreas Neumann")
        let rows = try made.rows(
            review, ["1 exhibit": "yes", "2 exhibit": "no", "3 exhibit": "yes", "4 exhibit": "yes"])
        let plan = try made.apply(rows)
        #expect(plan.no.map(\.question.number) == [2] && plan.yes.map(\.question.number) == [4])
        #expect(plan.waiting.map(\.step.question.number).sorted() == [1, 3])
        #expect(try made.states(.exhibit)[1] == .held)
        #expect(try made.states(.exhibit)[3] == .cleared)
        #expect(try made.catalog.review(named: "First look").open == 2)
    }

    @Test("What was sent cannot be taken back; it can be closed, and that can be taken back")
    func closes() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        let sent = try #require(try made.catalog.log(limit: 1).first)
        let error = #expect(throws: CatalogError.self) { try made.catalog.undo(sent, command: "undo") }
        #expect(error?.next?.contains("review close") == true)
        #expect(throws: CatalogError.self) {
            try made.catalog.rehearseUndo(of: sent, command: "undo --dry-run")
        }
        try made.catalog.change("review close") { try $0.close(review: review, reason: "called off") }
        let rows = try made.rows(review, ["1 exhibit": "yes"])
        #expect(throws: CatalogError.self) { try made.apply(rows) }
        #expect(try made.catalog.count(try Query.parse("review:open")) == 0)
        #expect(try made.states(.exhibit)[0] == .submitted)
        try made.catalog.undo(try #require(try made.catalog.lastUndoableChange()), command: "undo")
        #expect(try made.apply(rows).yes.count == 1)
    }

    @Test("A table that does not fit what was sent changes nothing, and every fault has its line and column")
    func refuses() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look")
        let other = try made.send("Second look", nil, [.web])
        let good = try made.rows(review, ["1 exhibit": "yes", "2 exhibit": "yes"])
        func fault(_ spoil: (inout [AnswerRow]) throws -> Void) throws -> String {
            var rows = good
            try spoil(&rows)
            do {
                _ = try made.apply(rows)
                return "nothing was refused"
            } catch let error as CatalogError {
                return ([error.summary] + error.details).joined(separator: "; ")
            }
        }
        #expect(try fault { $0[0].proof = "9" }.contains("line 2, proof: there is no proof “9”"))
        #expect(try fault { $0[0].proof = "2" }.contains("line 2, check:"))
        #expect(try fault { $0[0].purpose = "web" }.contains("line 2, purpose: “web” was not asked"))
        #expect(
            try fault { $0[0].answer = "perhaps" }.contains("line 2, answer: “perhaps” is neither yes nor no")
        )
        #expect(try fault { $0.append($0[0]) }.contains("has an answer on line 2 already"))
        #expect(try fault { $0[3].review = other.code }.contains("line 5, review:"))
        #expect(try fault { $0[0].review = "NONE-NONE" }.contains("did not send"))
        #expect(try fault { $0 = [] }.contains("no rows"))
        #expect(try made.states(.exhibit) == [.submitted, .submitted, .submitted, .submitted])
        #expect(try made.catalog.review(named: "First look").open == 8)
    }

    @Test("An answer about a picture whose files changed since it was sent is refused")
    func changed() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        try made.catalog.connection.run(
            "UPDATE review_item SET content = zeroblob(32) WHERE review = ? AND number = 2",
            [.integer(review.id)])
        let rows = try made.rows(review, ["1 exhibit": "yes", "2 exhibit": "yes"])
        let error = #expect(throws: CatalogError.self) { try made.apply(rows) }
        #expect(error?.details.first?.hasPrefix("line 3, proof: the files of proof 2 changed") == true)
        // Where nothing is said of it, the others count.
        #expect(try made.apply(try made.rows(review, ["1 exhibit": "yes"])).yes.count == 1)
    }

    @Test("Spreadsheets' habits with numbers, and the words of other people, are understood")
    func words() throws {
        for word in ["yes", "YES", " y ", "Ja", "oui", "1", "Yes!", "✓", "ok"] {
            #expect(ReviewAnswer.meaning(of: word) == .some(true), "\(word)")
        }
        for word in ["no", "N", "Nein", "non", "0", "hold", "No."] {
            #expect(ReviewAnswer.meaning(of: word) == .some(false), "\(word)")
        }
        for word in ["", "  "] { #expect(ReviewAnswer.meaning(of: word) == .some(nil)) }
        // “o” may be a oui, and is as near to 0.
        for word in ["maybe", "yes no", "2", "y?", "x", "o", "O"] {
            #expect(ReviewAnswer.meaning(of: word) == nil, "\(word)")
        }
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        var rows = try made.rows(review, ["1 exhibit": "yes"])
        rows[0].proof = "001"
        rows[1].proof = "2.0"
        #expect(try made.apply(rows).yes.count == 1)
    }

    @Test("A no that is said anew holds anew, where its hold was lifted since")
    func noAgain() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        var rows = try made.rows(review, ["1 exhibit": "no", "2 exhibit": "no"])
        try made.apply(rows)
        try made.catalog.change("lift", kind: .decision) {
            try $0.lift(from: [made.assets[0]], by: "Josh Homme", reason: "on the telephone")
        }
        try made.decide(.cleared, made.assets[0], .exhibit, by: "Josh Homme")
        #expect(try made.states(.exhibit)[0] == .cleared)
        rows[0].name = "Anna"
        let plan = try made.apply(rows)
        #expect(plan.no.map(\.question.number) == [1] && plan.known == 1)
        #expect(try made.states(.exhibit).prefix(2) == [.held, .held])
    }

    @Test(
        "A yes that is said anew clears anew, where it was withdrawn and submitted since, and waits until then"
    )
    func yesAgain() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        var rows = try made.rows(review, ["1 exhibit": "yes", "2 exhibit": "yes"])
        try made.apply(rows)
        try made.decide(.withdrawn, made.assets[0], .exhibit, by: "Iggy Pop")
        rows[0].name = "Anna"
        let early = try made.apply(rows)
        #expect(early.waiting.map(\.why) == [.withdrawn] && early.steps.isEmpty && early.known == 1)
        try made.catalog.change("submit", kind: .decision) {
            try $0.submit([made.assets[0]], for: .exhibit, by: "Josh Homme", reason: "asked again")
        }
        let plan = try made.apply(rows)
        #expect(plan.yes.map(\.question.number) == [1] && plan.known == 1)
        #expect(try made.states(.exhibit).prefix(2) == [.cleared, .cleared])
    }

    @Test("What was shown is what is recorded: where somebody decided meanwhile, nothing is")
    func shown() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        let rows = try made.rows(review, ["1 exhibit": "yes", "2 exhibit": "yes"])
        let table = Digests(of: Array("x".utf8)).sha256
        func apply(_ shown: ReviewPlan) throws {
            try made.catalog.change("review apply", kind: .decision) {
                try $0.apply(rows, table: table, evidence: "a.csv, sha256 \(table.hex)", asShown: shown)
            }
        }
        let shown = try made.catalog.plan(rows, table: table)
        try made.decide(.withdrawn, made.assets[0], by: "Iggy Pop")
        let error = try #require(throws: CatalogError.self) { try apply(shown) }
        #expect(error.summary.contains("changed") && error.next != nil)
        #expect(try made.catalog.review(named: "First look").open == 4)
        try apply(try made.catalog.plan(rows, table: table))
        #expect(try made.catalog.review(named: "First look").open == 3)
    }

    @Test("What stays closed though it says yes is told of every purpose, in the order of the proofs")
    func stillClosed() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look")
        try made.decide(.held, made.assets[2], .press, by: "The label")
        try made.decide(.held, made.assets[0], by: "The label")
        let plan = try made.apply(
            try made.rows(
                review,
                [
                    "1 exhibit": "yes", "1 press": "yes", "2 exhibit": "yes", "3 exhibit": "yes",
                    "3 press": "yes",
                ]
            ))
        let closed = try made.catalog.stillClosed(plan)
        #expect(closed.map(\.question.number) == [1, 1, 3])
        #expect(closed.map(\.question.purpose) == [.exhibit, .press, .press])
    }

    @Test("A comment without an answer is told, and changes nothing")
    func remarks() throws {
        let made = try ReviewFixture()
        let review = try made.send("First look", nil, [.exhibit])
        let plan = try made.apply(try made.rows(review, [:], comments: ["3 exhibit": "call me"]))
        #expect(plan.steps.isEmpty && plan.blank == 4)
        #expect(plan.remarks.map(\.comment) == ["call me"] && plan.remarks.first?.number == 3)
    }
}

@Suite("What an artist is shown")
struct ShowingTests {
    @Test("Nobody is shown what is not theirs to decide")
    func noSay() throws {
        let made = try ReviewFixture()
        var question = made.question()
        question.artist = "Iggy Pop"
        let gated = try made.catalog.gate(review: made.assets, question)
        #expect(gated.shown.isEmpty && gated.kept.allSatisfy { $0.denials == [.noSay] })
    }

    @Test("What another holds, withdrew, keeps or refused is not shown, and leaves no gap in the numbers")
    func closed() throws {
        let made = try ReviewFixture(6)
        let ids = made.assets
        try made.decide(.held, ids[0], by: "The label")
        try made.decide(.cleared, ids[1], .press, by: "Josh Homme")
        try made.decide(.withdrawn, ids[1], .press, by: "Josh Homme")
        try made.decide(.refused, ids[2], .web, by: "Dean Fertita")
        try made.catalog.change("restrict", kind: .decision) {
            var kept = NewDecision(.restricted, purpose: nil, by: "Iggy Pop")
            kept.terms.recipient = "Le Monde"
            try $0.decide(kept, about: [ids[3]])
        }
        let gated = try made.catalog.gate(review: ids, made.question())
        #expect(gated.shown.map(\.asset.id) == [ids[4], ids[5]])
        #expect(gated.shown.map(\.number) == [1, 2])
        let even = try made.catalog.gate(review: ids, made.question(evenHeld: true))
        #expect(even.shown.map(\.asset.id) == [ids[0], ids[4], ids[5]])
        // Asked about another purpose, a withdrawal for the press keeps nothing back; a person's refusal does.
        let exhibit = try made.catalog.gate(review: ids, made.question([.exhibit]))
        #expect(exhibit.shown.map(\.asset.id) == [ids[1], ids[4], ids[5]])
    }

    @Test("An artist may look at what they hold themselves, and at what is under embargo")
    func own() throws {
        let made = try ReviewFixture()
        try made.decide(.held, made.assets[0], .exhibit, by: "josh homme")
        try made.catalog.change("restrict", kind: .decision) {
            var embargo = NewDecision(.restricted, purpose: nil, by: "The label")
            embargo.from = made.fixture.now + 1_000_000_000
            embargo.territory = "CA"
            try $0.decide(embargo, about: [made.assets[1]])
        }
        let gated = try made.catalog.gate(review: made.assets, made.question())
        #expect(gated.kept.isEmpty && gated.shown.count == 4)
        // It stays held; what it is not held for is submitted.
        try made.send("First look")
        #expect(try made.states(.exhibit)[0] == .held)
        #expect(try made.states(.press)[0] == .submitted)
    }

    @Test("What is held while the proofs are made refuses the whole")
    func meanwhile() throws {
        let made = try ReviewFixture()
        let gated = try made.catalog.gate(review: made.assets, made.question())
        try made.decide(.held, made.assets[1], by: "The label")
        #expect(throws: CatalogError.self) {
            try made.catalog.change("review new", kind: .delivery) {
                try $0.record(
                    review: "Late", code: "2222-2222", note: nil, of: gated, place: Path("/out"),
                    seal: Digests(of: []).sha256,
                    proofs: gated.shown.map {
                        SentProof(number: $0.number, name: "x", digest: Digests(of: []).sha256, size: 0)
                    })
            }
        }
        #expect(try made.catalog.reviews().isEmpty)
        #expect(try made.states(.exhibit) == [.unreviewed, .held, .unreviewed, .unreviewed])
    }

    @Test("a recall tells of the proofs that an artist has, and asks for none of them")
    func proofsOfARecall() throws {
        let reviews = try ReviewFixture()
        try reviews.send("Wall")
        let (first, second, third) = (reviews.assets[0], reviews.assets[1], reviews.assets[2])
        try reviews.catalog.change("derive") { try $0.derive([second], from: first) }
        try reviews.decide(.held, first, by: "Iggy Pop")
        let plan = try reviews.catalog.recallPlan(of: [first, third])
        #expect(plan.outside.isEmpty)
        #expect(plan.proofs.map(\.artist) == ["Josh Homme"])
        #expect(plan.proofs.map(\.review) == ["Wall"])
        #expect(
            plan.proofs.map(\.proofs) == [2],
            "its own, and that of what was made from it; not that of what is open")
    }

    @Test(
        "a recall asks an artist for the proofs of what somebody else withdrew, once, and not for their own")
    func proofsAskedBack() throws {
        let reviews = try ReviewFixture()
        let catalog = reviews.catalog
        let (first, second, third) = (reviews.assets[0], reviews.assets[1], reviews.assets[2])
        let review = try reviews.send("Wall")
        try catalog.change("derive") { try $0.derive([second], from: first) }
        try reviews.decide(.withdrawn, first, by: "Iggy Pop")
        try reviews.decide(.withdrawn, third, by: "Josh Homme")
        var plan = try catalog.recallPlan(of: reviews.assets)
        #expect(plan.proofsOutside.map(\.asset) == [first, second])
        #expect(plan.proofs.map(\.proofs) == [1], "what Josh Homme withdrew is told, and is theirs")
        #expect(plan.recipients == ["Josh Homme"])
        let numbers = try catalog.change("recall", kind: .decision) {
            try $0.recall(plan, reason: nil, dueAt: reviews.fixture.now + 1_000_000) { _ in "Andreas Neumann"
            }
        }
        let letter = try catalog.letter(ofRecall: try #require(numbers.first))
        #expect(letter.parts.isEmpty)
        #expect(letter.proofs.map(\.review) == [review.code])
        #expect(letter.proofs[0].files.map(\.name) == ["001.jpg", "002.jpg"])
        #expect(letter.files == 2 && letter.recall.files == 2)
        #expect(!"\(letter)".contains("Wall") && !"\(letter)".contains("Iggy"))
        #expect(try catalog.count(try Query.parse("recalled:open")) == 2)
        #expect(try catalog.assets(ofRecall: numbers[0]).count == 2)
        plan = try catalog.recallPlan(of: reviews.assets)
        #expect(plan.isEmpty && plan.proofsEarlier.count == 2)
        try catalog.undo(try #require(try catalog.lastUndoableChange()), command: "undo")
        #expect(try catalog.recallPlan(of: reviews.assets).proofsOutside.count == 2)
        #expect(try catalog.count(try Query.parse("recalled:yes")) == 0)
    }

    @Test("No closing decision ever lets an artist see more", arguments: 0..<200)
    func monotone(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed) &+ 77)
        let kinds: [DecisionKind] = [.held, .withdrawn, .refused, .restricted, .cleared, .submitted]
        var decisions: [Decision] = []
        let question = ShowingQuestion(
            artist: "Josh", purposes: [.exhibit, .press], evenHeld: Bool.random(using: &random), at: 1_000)
        var before = 0
        for id in 1...8 {
            var terms = Terms()
            if Bool.random(using: &random) {
                terms.recipient = ["Josh", "Le Monde"].randomElement(using: &random)
            }
            let kind = kinds.randomElement(using: &random) ?? .held
            decisions.append(
                Decision(
                    id: Int64(id), kind: kind,
                    purpose: [nil, .exhibit, .web].randomElement(using: &random) ?? nil,
                    person: ["Josh", "Dean", "Iggy"].randomElement(using: &random) ?? "Dean",
                    decidedAt: Int64(id),
                    from: nil, until: nil, territory: nil, reason: nil, evidence: nil, retracts: nil,
                    authority: kind == .cleared ? 1 : nil, terms: terms))
            let denials = Gate.showing(Dossier(own: .init(decisions: decisions)), question, hasSay: true)
            #expect(denials.count >= before, "seed \(seed)")
            before = denials.count
        }
    }
}
