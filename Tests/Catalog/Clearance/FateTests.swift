import Catalog
import Files
import Testing

/// What a list of decisions says has become of each, beside what the gate answers.
@Suite("What has become of a decision")
struct FateTests {
    let fixture: CatalogFixture
    var catalog: Catalog { fixture.catalog }

    init() throws {
        fixture = try CatalogFixture()
        try catalog.change("artists") {
            try $0.add(artist: "Josh Homme", .clear, in: nil, by: nil)
            try $0.add(artist: "Iggy Pop", .approve, in: nil, by: nil)
        }
    }

    private func decide(
        _ kind: DecisionKind, by person: String = "Iggy Pop", _ asset: AssetID,
        adjust: (inout NewDecision) -> Void = { _ in }
    ) throws {
        var decision = NewDecision(kind, purpose: nil, by: person)
        adjust(&decision)
        try catalog.change("decide", kind: .decision) {
            if kind == .approved {
                try $0.answer(decision, about: [asset])
            } else {
                try $0.decide(decision, about: [asset])
            }
        }
    }

    /// An item of a report, with what has become of each decision in their order.
    private func item(_ asset: AssetID, at instant: Int64? = nil, decidedBefore end: Int64? = nil) throws
        -> (item: InternalItem, fates: [Fate])
    {
        var found: InternalItem?
        let question = GateQuestion(
            purpose: .internal, recipient: "", territory: nil, at: instant ?? fixture.now)
        try catalog.eachInternalItem(of: [asset], for: [.press, .web], question, decidedBefore: end) {
            found = $0
        }
        let item = try #require(found)
        return (item, item.decisions.map(item.fate))
    }

    @Test("A hold whose lift was taken back is not lifted")
    func liftTakenBack() throws {
        let asset = try fixture.importing([1])[0]
        try decide(.held, asset)
        try catalog.change("lift", kind: .decision) {
            try $0.lift(from: [asset], by: "Iggy Pop", reason: "seen")
        }
        #expect(try item(asset).fates == [.lifted, .counts])
        try catalog.undo(try #require(try catalog.lastUndoableChange()), command: "undo")
        #expect(try item(asset).fates == [.counts, .takenBack, .counts])
    }

    @Test("A lift by whom it is not to lift ends nothing")
    func liftWithoutSay() {
        func row(_ id: Int64, _ kind: DecisionKind, _ person: String, lifts: Int64? = nil) -> Decision {
            Decision(
                id: id, kind: kind, purpose: nil, person: person, decidedAt: id, from: nil, until: nil,
                territory: nil, reason: nil, evidence: nil, retracts: nil, lifts: lifts)
        }
        let rows = [
            row(1, .held, "Iggy Pop"), row(2, .lifted, "Mallory", lifts: 1), row(3, .cleared, "Mallory"),
        ]
        let fates = Dossier(own: .init(decisions: rows)).fates(at: 10)
        #expect(fates == [1: .counts, 2: .void, 3: .void])
    }

    @Test("What is lifted for a parent alone is not lifted for what was made from it")
    func liftOfParent() throws {
        let assets = try fixture.importing([1, 2], session: "Desert")
        try catalog.change("derive") { try $0.derive([assets[1]], from: assets[0]) }
        try catalog.change("hold", kind: .decision) {
            try $0.decide(NewDecision(.held, purpose: nil, by: "Iggy Pop"), on: .session("Desert"))
        }
        try catalog.change("lift", kind: .decision) {
            try $0.lift(from: [assets[0]], by: "Iggy Pop", reason: "this one may")
        }
        #expect(try item(assets[0]).fates == [.lifted, .counts])
        #expect(try item(assets[1]).fates == [.counts, .ofParent])
    }

    @Test("A lifted release is no release that is live")
    func release() throws {
        let asset = try fixture.importing([1])[0]
        try decide(.released, by: "Josh Homme", asset) {
            ($0.terms.release, $0.status, $0.subject) = (.model, .missing, "a passer-by")
        }
        try catalog.change("lift", kind: .decision) {
            try $0.lift(from: [asset], by: "Josh Homme", reason: "nobody can be seen")
        }
        #expect(try item(asset).fates.first == .lifted)
    }

    @Test("Who agreed until a day has not agreed from then on, as the gate says")
    func agreement() throws {
        let asset = try fixture.importing([1], tags: ["people/Iggy Pop"])[0]
        #expect(try item(asset).item.shown.map(\.missing) == [[.press, .web]])
        let end = fixture.now + 100_000
        try decide(.approved, asset) { $0.until = end }
        let before = try #require(try item(asset).item.shown.first)
        #expect(before.missing.isEmpty && before.agreements.count == 1)
        let after = try item(asset, at: end)
        #expect(after.item.shown.map(\.missing) == [[.press, .web]])
        #expect(after.item.shown.map(\.agreements.count) == [0])
        #expect(after.fates == [.over])
        #expect(after.item.answers[0].ruling.denials.contains(.notApproved(by: "Iggy Pop")))
    }

    @Test("That somebody is not in it counts on that person’s word, or an artist’s")
    func absent() {
        func dossier(by person: String, authority: Int64?) -> Dossier {
            let row = Decision(
                id: 1, kind: .absent, purpose: nil, person: person, decidedAt: 1, from: nil, until: nil,
                territory: nil, reason: nil, evidence: nil, retracts: nil, authority: authority,
                subject: "Iggy Pop")
            return Dossier(
                own: .init(decisions: [row], people: [.init(name: "Iggy Pop", purpose: nil)]))
        }
        #expect(dossier(by: "Mallory", authority: nil).fates(at: 5) == [1: .void])
        #expect(dossier(by: "iggy pop", authority: nil).fates(at: 5) == [1: .counts])
        #expect(dossier(by: "Josh Homme", authority: 7).fates(at: 5) == [1: .counts])
    }

    @Test("What was decided later than the day that is asked about is listed, and decides nothing")
    func later() throws {
        let asset = try fixture.importing([1])[0]
        try decide(.cleared, by: "Josh Homme", asset)
        let day = fixture.now + 1
        fixture.now += 86_400_000
        try decide(.held, asset)
        let then = try item(asset, at: day, decidedBefore: day)
        #expect(then.fates == [.counts, .later])
        // For press and for web.
        #expect(then.item.answers.map(\.ruling.isAllowed) == [true, true])
        #expect(try item(asset).item.answers.map(\.ruling.isAllowed) == [false, false])
    }

    @Test("The list and the gate never disagree", arguments: 0..<2_000)
    func agreement(seed: Int) {
        var random = RandomDossier(seed: UInt64(seed))
        let (dossier, question) = (random.dossier(), random.question())
        let fates = dossier.fates(at: question.at)
        var closing: Set<Int64> = []
        for denial in Gate.rule(on: dossier, question).denials {
            switch denial {
            case .held(let decision), .withdrawn(let decision), .refused(let decision):
                closing.insert(decision.id)
            default: continue
            }
        }
        var listed: Set<Int64> = []
        for decision in ([dossier.own] + dossier.parents).flatMap(\.decisions)
        where [.held, .withdrawn, .refused].contains(decision.kind) && fates[decision.id] == .counts
            && (decision.purpose == nil || decision.purpose == question.purpose)
            && question.at >= decision.from ?? .min
        {
            listed.insert(decision.id)
        }
        if !Gate.rule(on: dossier, question).isAllowed { #expect(closing == listed, "seed \(seed)") }
        for decision in Gate.rule(on: dossier, question).grant?.grounds ?? [] {
            #expect(fates[decision.id] == .counts, "seed \(seed)")
        }
    }
}
