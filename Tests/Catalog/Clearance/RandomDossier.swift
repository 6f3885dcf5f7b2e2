import Chance
import Catalog

/// Dossiers of every mixture, from a seed; instants lie between 0 and 1,000.
struct RandomDossier {
    var random: SeededRandom
    private var key: Int64 = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    static let recipients = ["Le Monde", "Der Spiegel"]

    mutating func question() -> GateQuestion {
        GateQuestion(
            purpose: Purpose.outside.randomElement(using: &random) ?? .press,
            recipient: Self.recipients.randomElement(using: &random) ?? "",
            territory: [nil, "US", "DE"].randomElement(using: &random) ?? nil,
            at: Int64.random(in: 0..<1_000, using: &random))
    }

    mutating func dossier() -> Dossier {
        var dossier = Dossier(own: sheet(), parents: maybe(4) ? [sheet()] : [])
        let clearances = dossier.own.decisions.filter { $0.kind == .cleared }.map(\.id)
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            key += 1
            let use = Dossier.Use(
                delivery: key, purpose: ["press", "exhibit"].randomElement(using: &random) ?? "",
                grounds: Set(clearances.filter { _ in Bool.random(using: &random) }))
            dossier.own.uses.append(use)
            // What left of it left of what it was made from.
            for parent in dossier.parents.indices { dossier.parents[parent].uses.append(use) }
        }
        if maybe(3) { dossier.filesSince = Int64.random(in: 0...key + 1, using: &random) }
        return dossier
    }

    mutating func sheet() -> Dossier.Sheet {
        var sheet = Dossier.Sheet()
        for _ in 0..<Int.random(in: 0...7, using: &random) {
            let kinds: [DecisionKind] = [
                .cleared, .cleared, .cleared, .cleared, .held, .lifted, .lifted, .retracted, .withdrawn,
                .restricted,
                .submitted, .approved, .approved, .refused, .absent, .released,
            ]
            sheet.decisions.append(
                decision(kinds.randomElement(using: &random) ?? .held, after: sheet.decisions))
        }
        if maybe(5) { sheet.warnings = [Self.warning] }
        if maybe(4) { sheet.people = [Dossier.Person(name: "Iggy Pop", purpose: maybe(2) ? .press : nil)] }
        return sheet
    }

    static let warning = Warning(field: "caption", words: "do not reuse", text: "Do not reuse.")

    mutating func decision(_ kind: DecisionKind, after others: [Decision]) -> Decision {
        key += 1
        let opens = kind == .cleared || kind == .lifted || kind == .absent
        let target = maybe(5) ? nil : others.randomElement(using: &random)?.id
        let statuses: [ReleaseStatus] = [.missing, .notApplicable, .unlimited, .limited]
        return Decision(
            id: key, kind: kind,
            purpose: kind == .lifted || kind == .retracted
                ? nil : ([nil, nil, .press, .exhibit] as [Purpose?]).randomElement(using: &random) ?? nil,
            person: ["Josh Homme", "Iggy Pop"].randomElement(using: &random) ?? "", decidedAt: key,
            from: instant(kind), until: instant(kind), territory: maybe(5) ? "US" : nil, reason: nil,
            evidence: nil,
            retracts: kind == .retracted ? target : nil, lifts: kind == .lifted ? target : nil,
            authority: opens && !maybe(4) ? (maybe(6) ? 0 : 1) : nil,
            despite: kind == .cleared && maybe(2) ? "|do not reuse|" : nil,
            terms: terms(kind), status: kind == .released ? statuses.randomElement(using: &random) : nil,
            subject: kind == .released || kind == .absent ? "Iggy Pop" : nil)
    }

    /// As undo writes it.
    mutating func retraction(of decision: Decision) -> Decision {
        key += 1
        return Decision(
            id: key, kind: .retracted, purpose: nil, person: "Josh Homme", decidedAt: key, from: nil,
            until: nil, territory: nil, reason: nil, evidence: nil, retracts: decision.id)
    }

    mutating func terms(_ kind: DecisionKind) -> Terms {
        var terms = Terms()
        guard kind == .cleared || kind == .restricted || kind == .released else { return terms }
        if kind == .released || kind == .restricted && maybe(4) {
            terms.release = maybe(2) ? .model : .property
        }
        guard kind != .released else { return terms }
        if maybe(5) { terms.notIn = "DE" }
        if maybe(5) { terms.recipient = Self.recipients.randomElement(using: &random) }
        if terms.recipient != nil, maybe(2) {
            terms.exclusiveUntil = Int64.random(in: 0..<1_000, using: &random)
        }
        if maybe(6) { terms.uses = Int.random(in: 0...2, using: &random) }
        if maybe(6) { terms.credit = "© Andreas Neumann" }
        terms.noCrop = maybe(6)
        return terms
    }

    mutating func maybe(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }

    private mutating func instant(_ kind: DecisionKind) -> Int64? {
        guard kind != .lifted, kind != .retracted, maybe(3) else { return nil }
        return Int64.random(in: 0..<1_000, using: &random)
    }
}
