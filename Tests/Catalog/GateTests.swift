import Chance
import Catalog
import Files
import MediaProtocol
import Testing

@Suite("The gate")
struct GateTests {
    static let day: Int64 = 86_400_000
    let fixture: CatalogFixture
    let asset: AssetID
    var catalog: Catalog { fixture.catalog }

    init() throws {
        fixture = try CatalogFixture()
        asset = try #require(try fixture.importing([1]).first)
    }

    private func decide(
        _ kind: DecisionKind, _ purpose: Purpose?, adjust: (inout NewDecision) -> Void = { _ in }
    ) throws {
        var decision = NewDecision(kind, purpose: purpose, by: "Josh Homme")
        adjust(&decision)
        try catalog.change("decide", kind: .decision) { change in
            try change.add(artist: "Josh Homme", .clear, in: nil, by: nil)
            if kind == .lifted {
                try change.lift(from: [asset], by: "Josh Homme", reason: nil)
            } else {
                try change.decide(decision, about: [asset])
            }
        }
    }

    private func ruling(_ purpose: Purpose, territory: String? = nil, at: Int64? = nil) throws -> Ruling {
        try catalog.ruling(
            on: asset,
            GateQuestion(
                purpose: purpose, recipient: "Institute of Arts", territory: territory, at: at ?? fixture.now)
        )
    }

    @Test(
        "denies what nobody has decided, for every purpose but the house's own", arguments: Purpose.allCases)
    func undecided(purpose: Purpose) throws {
        #expect(try ruling(purpose) == (purpose == .internal ? .staysInside : .denied([.undecided])))
    }

    @Test("lets through what was cleared for the purpose, and for no other")
    func purpose() throws {
        try decide(.cleared, .exhibit)
        #expect(try ruling(.exhibit).isAllowed)
        #expect(try ruling(.press) == .denied([.otherPurposes([.exhibit])]))
    }

    @Test("lets a hold win over a clearance, whichever came first")
    func hold() throws {
        try decide(.held, nil) { $0.reason = "do not reuse" }
        try decide(.cleared, .press)
        guard case .held(let hold) = try ruling(.press).denials.first else {
            Issue.record("a held picture passed")
            return
        }
        #expect(hold.reason == "do not reuse")
    }

    @Test("opens again when a hold ends, and when a person lifts it, but not for a later hold")
    func lifting() throws {
        try decide(.cleared, .press)
        try decide(.held, nil) { $0.until = fixture.now + Self.day }
        #expect(!(try ruling(.press).isAllowed))
        #expect(try ruling(.press, at: fixture.now + 2 * Self.day).isAllowed)
        try decide(.lifted, nil)
        #expect(try ruling(.press).isAllowed)
        try decide(.held, nil)
        #expect(!(try ruling(.press).isAllowed))
    }

    @Test("knows a clearance that begins later from one that has ended")
    func window() throws {
        try decide(.cleared, .web) {
            $0.from = fixture.now + Self.day
            $0.until = fixture.now + 2 * Self.day
        }
        guard case .notYet = try ruling(.web).denials.first else {
            Issue.record("it is not cleared yet")
            return
        }
        #expect(try ruling(.web, at: fixture.now + Self.day + 1_000).isAllowed)
        guard case .ended = try ruling(.web, at: fixture.now + 3 * Self.day).denials.first else {
            Issue.record("the clearance has ended")
            return
        }
    }

    @Test("ends a clearance at its last instant, not after it")
    func boundary() throws {
        let end = fixture.now + Self.day
        try decide(.cleared, .web) { $0.until = end }
        #expect(try ruling(.web, at: end - 1).isAllowed)
        #expect(!(try ruling(.web, at: end).isAllowed))
    }

    @Test("denies where the country is another, and where it was not said")
    func territory() throws {
        try decide(.cleared, .exhibit) { $0.territory = "US,CA" }
        #expect(try ruling(.exhibit, territory: "ca").isAllowed)
        #expect(!(try ruling(.exhibit, territory: "GB").isAllowed))
        #expect(!(try ruling(.exhibit).isAllowed))
    }

    @Test("keeps a selection's order, and no gap where it refused")
    func selection() throws {
        let others = try fixture.importing([2, 3])
        try catalog.change("select") {
            try $0.make(selection: "Detroit wall", note: nil)
            try $0.add([asset] + others, toSelection: "Detroit wall")
        }
        try decide(.cleared, .exhibit)
        try catalog.change("clear", kind: .decision) {
            try $0.decide(NewDecision(.cleared, purpose: .exhibit, by: "Josh Homme"), about: [others[1]])
        }
        let gated = try catalog.gate(
            selection: "detroit wall",
            GateQuestion(purpose: .exhibit, recipient: "DIA", territory: nil, at: fixture.now))
        #expect(gated.cleared.map(\.number) == [1, 2])
        #expect(gated.cleared.map(\.asset.id) == [asset, others[1]])
        #expect(gated.denied.map(\.asset.id) == [others[0]])
        #expect(gated.cleared.allSatisfy { $0.basis?.person == "Josh Homme" && !$0.isNotCleared })
    }

    @Test("never turns a denial into a permission by one more hold", arguments: 0..<200)
    func holdsNeverOpen(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let decisions = (0..<Int.random(in: 0...8, using: &random)).map { Self.decision($0, using: &random) }
        let question = GateQuestion(
            purpose: Purpose.allCases.randomElement(using: &random) ?? .press, recipient: "x",
            territory: ["US", nil].randomElement(using: &random) ?? nil, at: 500)
        let before = Gate.rule(on: decisions, question)
        var more = decisions
        let hold = Self.decision(decisions.count, kind: .held, using: &random)
        more.append(hold)
        let after = Gate.rule(on: more, question)
        if !before.isAllowed { #expect(!after.isAllowed, "seed \(seed)") }
        // A lifted or retracted decision that comes later is the only way back.
        if question.purpose != .internal, (hold.from ?? 0) <= 500, 500 < (hold.until ?? 1_000) {
            #expect(!after.isAllowed, "seed \(seed)")
        }
    }

    private static func decision(
        _ id: Int,
        kind: DecisionKind? = nil,
        using random: inout SeededRandom
    ) -> Decision {
        let kinds: [DecisionKind] = [.cleared, .cleared, .held, .lifted, .retracted]
        let chosen = kind ?? kinds.randomElement(using: &random) ?? .held
        return Decision(
            id: Int64(id + 1), kind: chosen,
            purpose: chosen == .cleared
                ? ([nil, .press, .exhibit] as [Purpose?]).randomElement(using: &random) ?? nil : nil,
            person: "a person", decidedAt: Int64(id),
            from: Bool.random(using: &random) ? Int64.random(in: 0..<1_000, using: &random) : nil,
            until: Bool.random(using: &random) ? Int64.random(in: 0..<1_000, using: &random) : nil,
            territory: Bool.random(using: &random) ? "US" : nil, reason: nil, evidence: nil,
            retracts: chosen == .retracted && id > 0 ? Int64.random(in: 1...Int64(id), using: &random) : nil,
            authority: chosen == .cleared || chosen == .lifted ? 0 : nil)
    }
}
