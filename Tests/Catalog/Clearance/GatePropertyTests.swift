import Testing

@testable import Catalog

/// What must hold of every history, whatever it is; a failure prints its seed.
@Suite("Whatever was decided, the gate")
struct GatePropertyTests {
    @Test("is never opened by a row that closes", arguments: 0..<600 as Range<UInt64>)
    func closingNeverOpens(seed: UInt64) {
        var draw = RandomDossier(seed: seed)
        let dossier = draw.dossier()
        for _ in 0..<12 {
            let question = draw.question()
            let before = Gate.rule(on: dossier, question)
            for kind in [DecisionKind.held, .withdrawn, .restricted, .refused, .submitted] {
                var more = dossier
                let row = draw.decision(kind, after: [])
                if draw.maybe(3) {
                    more.parents.append(Dossier.Sheet(decisions: [row]))
                } else {
                    more.own.decisions.insert(row, at: 0)
                }
                let after = Gate.rule(on: more, question)
                if !before.isAllowed { #expect(!after.isAllowed, "seed \(seed), \(kind), \(question)") }
                let isInForce =
                    row.concerns(question.purpose) && (row.from ?? .min) <= question.at
                    && question.at < (row.until ?? .max)
                if isInForce, [.held, .withdrawn, .refused].contains(kind) {
                    #expect(!after.isAllowed, "seed \(seed), \(kind), \(question)")
                }
            }
            var warned = dossier
            warned.own.warnings.append(Warning(field: "caption", words: "embargo", text: "Embargo"))
            #expect(!Gate.rule(on: warned, question).isAllowed, "seed \(seed): nobody knew of these words")
            var shown = dossier
            shown.own.people.append(Dossier.Person(name: "A passer-by", purpose: nil))
            #expect(!Gate.rule(on: shown, question).isAllowed, "seed \(seed): nobody asked the passer-by")
        }
    }

    @Test("is never opened wider by one more condition", arguments: 0..<600 as Range<UInt64>)
    func conditionsNeverWiden(seed: UInt64) {
        var draw = RandomDossier(seed: seed)
        let dossier = draw.dossier()
        guard
            let index = dossier.own.decisions.indices.filter({
                [.cleared, .restricted].contains(dossier.own.decisions[$0].kind)
            }).randomElement(using: &draw.random)
        else { return }
        let narrowed = (0..<6).map { condition in
            var more = dossier
            more.own.decisions[index] = Self.narrowed(more.own.decisions[index], condition)
            return more
        }
        for _ in 0..<12 {
            let question = draw.question()
            guard !Gate.rule(on: dossier, question).isAllowed else { continue }
            for (condition, more) in narrowed.enumerated() {
                #expect(
                    !Gate.rule(on: more, question).isAllowed,
                    "seed \(seed), condition \(condition), \(question)")
            }
        }
    }

    /// The same decision with one condition more, or one that reaches less far.
    private static func narrowed(_ decision: Decision, _ condition: Int) -> Decision {
        var terms = decision.terms
        var (from, until, territory) = (decision.from, decision.until, decision.territory)
        switch condition {
        case 0: from = max(from ?? .min, 400)
        case 1: until = min(until ?? .max, 600)
        case 2: territory = territory ?? "US"
        case 3: terms.notIn = terms.notIn == nil ? "US" : "DE,US"
        case 4: terms.recipient = terms.recipient ?? "Le Monde"
        default: terms.uses = min(terms.uses ?? .max, 1)
        }
        return Decision(
            id: decision.id, kind: decision.kind, purpose: decision.purpose, person: decision.person,
            decidedAt: decision.decidedAt, from: from, until: until, territory: territory, reason: nil,
            evidence: nil,
            retracts: nil, authority: decision.authority, despite: decision.despite, terms: terms)
    }

    @Test("answers alike in whatever order two catalogues were united", arguments: 0..<600 as Range<UInt64>)
    func orderNeverMatters(seed: UInt64) {
        var draw = RandomDossier(seed: seed)
        let dossier = draw.dossier()
        var other = dossier
        other.own.decisions.shuffle(using: &draw.random)
        for index in other.parents.indices { other.parents[index].decisions.shuffle(using: &draw.random) }
        other.own.uses.shuffle(using: &draw.random)
        #expect(StandingRow.course(of: dossier) == StandingRow.course(of: other), "seed \(seed)")
        for _ in 0..<12 {
            let question = draw.question()
            #expect(
                Gate.rule(on: dossier, question).isAllowed == Gate.rule(on: other, question).isAllowed,
                "seed \(seed), \(question)")
            #expect(
                Gate.rule(on: dossier, question).grant == Gate.rule(on: other, question).grant,
                "seed \(seed), \(question)")
        }
    }

    @Test(
        "is not opened by taking a clearance back, nor by one from whom nobody gave the right",
        arguments: 0..<400 as Range<UInt64>)
    func retraction(seed: UInt64) {
        var draw = RandomDossier(seed: seed)
        let dossier = draw.dossier()
        var none = dossier
        for decision in dossier.own.decisions where decision.kind == .cleared {
            var retraction = draw.decision(.retracted, after: [decision])
            while retraction.retracts == nil { retraction = draw.decision(.retracted, after: [decision]) }
            none.own.decisions.append(retraction)
        }
        var unentitled = none
        for _ in 0..<3 {
            var clearance = draw.decision(.cleared, after: [])
            while clearance.authority != nil { clearance = draw.decision(.cleared, after: []) }
            unentitled.own.decisions.append(clearance)
        }
        for _ in 0..<12 {
            let question = draw.question()
            #expect(!Gate.rule(on: none, question).isAllowed, "seed \(seed)")
            #expect(!Gate.rule(on: unentitled, question).isAllowed, "seed \(seed)")
        }
    }

    @Test(
        "answers as before when a decision is taken back and brought back, and when that is done once more",
        arguments: 0..<400 as Range<UInt64>)
    func broughtBack(seed: UInt64) {
        var draw = RandomDossier(seed: seed)
        let dossier = draw.dossier()
        guard let chosen = dossier.own.decisions.randomElement(using: &draw.random) else { return }
        var (odd, even) = (dossier, dossier)
        var target = chosen
        for step in 1...4 {
            target = draw.retraction(of: target)
            even.own.decisions.insert(
                target, at: Int.random(in: 0...even.own.decisions.count, using: &draw.random))
            if step == 1 {
                odd = even
            } else if step == 3 {
                #expect(StandingRow.course(of: even) == StandingRow.course(of: odd), "seed \(seed)")
            } else {
                #expect(
                    StandingRow.course(of: even) == StandingRow.course(of: dossier),
                    "seed \(seed), step \(step)")
            }
        }
        for _ in 0..<12 {
            let question = draw.question()
            #expect(
                Gate.rule(on: even, question) == Gate.rule(on: dossier, question), "seed \(seed), \(question)"
            )
        }
    }

    @Test(
        "changes its answer at the instants that its decisions name, and at no other",
        arguments: 0..<400 as Range<UInt64>)
    func timePasses(seed: UInt64) {
        var draw = RandomDossier(seed: seed)
        let dossier = draw.dossier()
        let course = StandingRow.course(of: dossier)
        for instant in (0..<60).map({ _ in Int64.random(in: -10..<1_010, using: &draw.random) }) {
            for purpose in Purpose.outside {
                let row = course.filter {
                    ($0.purpose == nil || $0.purpose == purpose) && $0.from <= instant && instant < $0.until
                }
                #expect(row.count <= 1, "seed \(seed): two answers at \(instant)")
                let ruling = Gate.rule(
                    on: dossier, GateQuestion(purpose: purpose, recipient: "", territory: nil, at: instant))
                #expect(
                    (row.first?.answer == .allowed) == ruling.isAllowed,
                    "seed \(seed) at \(instant), \(purpose)")
                #expect(
                    (row.first?.answer == .blocked) == ruling.denials.contains(where: \.blocks),
                    "seed \(seed) at \(instant), \(purpose)")
                #expect(
                    (row.first?.state ?? .unreviewed) == Gate.state(of: dossier, for: purpose, at: instant),
                    "seed \(seed) at \(instant), \(purpose)")
            }
        }
    }

    @Test("lets some through, and gives a reason for every denial", arguments: 0..<200 as Range<UInt64>)
    func reasons(seed: UInt64) {
        var draw = RandomDossier(seed: seed)
        for _ in 0..<12 {
            let dossier = draw.dossier()
            switch Gate.rule(on: dossier, draw.question()) {
            case .allowed(let grant): #expect(!grant.grounds.isEmpty)
            case .denied(let denials): #expect(!denials.isEmpty, "seed \(seed)")
            case .staysInside: Issue.record("seed \(seed): nothing was asked for the house")
            }
        }
    }

    /// Properties of denials hold of a gate that denies everything, too.
    @Test("says yes often enough for the rest to mean something")
    func isNotAlwaysShut() {
        var allowed = 0
        for seed in 0..<600 as Range<UInt64> {
            var draw = RandomDossier(seed: seed)
            let dossier = draw.dossier()
            for _ in 0..<12 where Gate.rule(on: dossier, draw.question()).isAllowed { allowed += 1 }
        }
        #expect(allowed > 150, "\(allowed) of 7,200")
    }
}
