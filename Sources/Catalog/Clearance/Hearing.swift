/// A dossier made ready to be asked: what was taken back or lifted is out, and what is left stands where it matters.
///
/// Nothing here depends on the order of rows: two machines that learned of the same decisions one after the other
/// answer alike.
struct Hearing {
    /// What closes: holds, withdrawals, refusals of those it shows, restrictions; of the asset, its sessions, tags and
    /// parents.
    private(set) var closing: [Decision] = []
    /// Clearances that count, oldest first.
    private(set) var cleared: [Decision] = []
    /// Clearances of what it was made from: they open nothing here, and how it must be shown holds for what was made of it.
    private var origins: [Decision] = []
    private(set) var submitted: [Decision] = []
    private(set) var warnings: [Warning] = []
    /// Who must agree, and who has; a person of a parent may have agreed to the parent.
    private(set) var people: [(person: Dossier.Person, answers: [Decision])] = []
    private(set) var releases: [Decision] = []
    /// The deliveries of the asset itself and of what was made from it.
    private let uses: [Dossier.Use]
    /// How often each restriction that counts uses was made use of, whoever of the line left.
    private var usesSince: [Int64: Int] = [:]
    private let filesSince: Int64

    init(_ dossier: Dossier) {
        uses = dossier.own.uses
        filesSince = dossier.filesSince ?? .min
        let own = Hearing.standing(dossier.own.decisions)
        take(dossier.own, own, with: [])
        cleared = own.filter { $0.kind == .cleared && $0.authority != nil }
        submitted = own.filter { $0.kind == .submitted }
        dropWhatWasWithdrawn(own, by: own)
        for parent in dossier.parents {
            let theirs = Hearing.standing(parent.decisions)
            take(parent, theirs, with: own)
            dropWhatWasWithdrawn(theirs, by: theirs + own)
            origins += theirs.filter { $0.kind == .cleared && $0.authority != nil }
        }
        // Of what was read first the answer must not depend.
        closing.sort { $0.id < $1.id }
        cleared.sort { $0.id < $1.id }
        releases.sort { $0.id < $1.id }
        origins.sort { $0.id < $1.id }
    }

    /// What was cleared before a withdrawal, of the asset or of what it was made from, does not come back when that is
    /// lifted.
    private mutating func dropWhatWasWithdrawn(_ decisions: [Decision], by lifts: [Decision]) {
        for withdrawal in decisions where withdrawal.kind == .withdrawn {
            guard let lift = lifts.filter({ Hearing.lift($0, ends: withdrawal) }).map(\.id).max() else {
                continue
            }
            cleared.removeAll {
                $0.id < lift
                    && (withdrawal.purpose == nil || $0.purpose == nil || $0.purpose == withdrawal.purpose)
            }
        }
    }

    /// `own` are the asset's decisions, where the sheet is a parent's: its lifts and answers reach what it inherits.
    private mutating func take(_ sheet: Dossier.Sheet, _ decisions: [Decision], with own: [Decision]) {
        let all = own.isEmpty ? decisions : decisions + own
        for decision in decisions {
            switch decision.kind {
            case .held, .withdrawn, .restricted, .refused, .released:
                guard !all.contains(where: { Hearing.lift($0, ends: decision) }) else { continue }
                if decision.kind == .released { releases.append(decision) } else { closing.append(decision) }
                if decision.terms.uses != nil { count(sheet.uses, since: decision) }
            case .cleared, .lifted, .retracted, .submitted, .approved, .absent: break
            }
        }
        warnings += sheet.warnings
        for person in sheet.people {
            people.append((person, all.filter { Hearing.isAnswer($0, for: person.name) }))
        }
    }

    /// The strictest count stands: a session's restriction reaches an asset by itself and through what it was made from.
    private mutating func count(_ uses: [Dossier.Use], since restriction: Decision) {
        let since = uses.filter {
            $0.delivery > restriction.id
                && (restriction.purpose == nil || $0.purpose == restriction.purpose?.rawValue)
        }
        usesSince[restriction.id] = max(usesSince[restriction.id] ?? 0, Set(since.map(\.delivery)).count)
    }

    /// Who is in it agrees; or that person or an artist says that it is somebody else.
    static func isAnswer(_ decision: Decision, for name: String) -> Bool {
        switch decision.kind {
        case .approved: same(decision.person, name)
        case .absent:
            same(decision.subject ?? decision.person, name) && maySayAbsent(decision)
        default: false
        }
    }

    /// That somebody is not in it says that person, or an artist.
    static func maySayAbsent(_ decision: Decision) -> Bool {
        decision.authority != nil || same(decision.person, decision.subject ?? decision.person)
    }

    /// The decisions that were not taken back.
    static func standing(_ decisions: [Decision]) -> [Decision] {
        // A decision has many words: where nothing was ever taken back, none is copied.
        guard decisions.contains(where: { $0.kind == .retracted }) else { return decisions }
        let gone = decisions.takenBack
        return decisions.filter { $0.kind != .retracted && !gone.contains($0.id) }
    }

    static func lift(_ lift: Decision, ends closing: Decision) -> Bool {
        guard lift.kind == .lifted else { return false }
        if let named = lift.lifts { return named == closing.id && may(lift, lift: closing) }
        // An older program's lift: it ends the holds on the same asset before it.
        return lift.authority == 0 && closing.kind == .held && closing.scope == nil && closing.id < lift.id
    }

    /// Who closed it, or an artist; a person's refusal is that person's alone.
    static func may(_ lift: Decision, lift closing: Decision) -> Bool {
        if same(lift.person, closing.person), closing.kind != .withdrawn { return true }
        return lift.authority != nil && closing.kind != .refused
    }

    /// True when it was withdrawn, for this purpose or all of them (nil), and no artist submitted it anew.
    func isWithdrawn(for purpose: Purpose?) -> Bool {
        closing.contains {
            $0.kind == .withdrawn && $0.scope == nil
                && ($0.purpose == nil || purpose == nil || $0.purpose == purpose)
        }
    }

    /// True while a decision of the asset's own counts for a purpose: nobody took it back, lifted or withdrew it since.
    func stands(_ decision: Int64, for purpose: Purpose) -> Bool {
        closing.contains { $0.id == decision }
            || cleared.contains { $0.id == decision } && !isWithdrawn(for: purpose)
    }

    /// Names are compared without regard to capitals.
    static func same(_ one: String, _ other: String) -> Bool {
        one == other || one.lowercased() == other.lowercased()
    }
}

extension Hearing {
    /// Rules on a question; every reason against is named, the weightiest first.
    func ruling(_ question: GateQuestion) -> Ruling {
        guard question.purpose != .internal else { return .staysInside }
        let against = objections(question)
        let fitting = cleared.filter { $0.concerns(question.purpose) }
        var covering: [Decision] = []
        var missing: [Denial] = []
        for clearance in fitting {
            if let denial = shortfall(of: clearance, question) {
                missing.append(denial)
            } else {
                covering.append(clearance)
            }
        }
        if against.isEmpty, !covering.isEmpty {
            return .allowed(
                Grant(
                    grounds: covering,
                    within: closing.filter { $0.kind == .restricted && $0.concerns(question.purpose) },
                    madeFrom: origins.filter { $0.concerns(question.purpose) }))
        }
        guard covering.isEmpty else { return .denied(against) }
        return .denied(
            against + (missing.isEmpty ? [undecided(question)] : Hearing.worthSaying(missing, question)))
    }

    /// Where the asset stands for a purpose.
    ///
    /// Dates are conditions and no states: what was cleared until yesterday is still cleared, and does not leave.
    func state(for purpose: Purpose, at instant: Int64) -> ClearanceState {
        let closed = closing.filter { $0.concerns(purpose) && Hearing.isOpen($0, at: instant) }
        if closed.contains(where: { $0.kind == .held || $0.kind == .refused }) { return .held }
        if closed.contains(where: { $0.kind == .withdrawn }) { return .withdrawn }
        if cleared.contains(where: { $0.concerns(purpose) }) { return .cleared }
        return submitted.contains { $0.concerns(purpose) } ? .submitted : .unreviewed
    }

    /// The instants at which an answer may change by the passing of time alone.
    var turns: [Int64] {
        var all: Set<Int64> = []
        for decision in closing + cleared + releases + people.flatMap(\.answers) {
            for instant in [decision.from, decision.until, decision.terms.exclusiveUntil] {
                if let instant { all.insert(instant) }
            }
        }
        return all.sorted()
    }

    // MARK: What stands against it

    private func objections(_ question: GateQuestion) -> [Denial] {
        let closed = closing.filter { $0.concerns(question.purpose) }
        var denials: [Denial] = []
        for kind in [DecisionKind.held, .withdrawn, .refused] {
            for decision in closed where decision.kind == kind && Hearing.isOpen(decision, at: question.at) {
                denials.append(
                    kind == .held
                        ? .held(decision) : kind == .withdrawn ? .withdrawn(decision) : .refused(decision))
            }
        }
        for decision in closed where decision.kind == .restricted {
            denials += breaches(of: decision, question)
        }
        denials += missing(for: question.purpose, at: question.at).map { .notApproved(by: $0) }
        for kind in ReleaseKind.allCases { denials += releases(kind, question) }
        return denials
    }

    /// Who must agree to this purpose, and has not; each once.
    func missing(for purpose: Purpose, at instant: Int64) -> [String] {
        var names: [String] = []
        for (person, answers) in people where person.purpose == nil || person.purpose == purpose {
            let agrees = answers.contains { $0.concerns(purpose) && Hearing.isOpen($0, at: instant) }
            if !agrees, !names.contains(person.name) { names.append(person.name) }
        }
        return names
    }

    private func breaches(of restriction: Decision, _ question: GateQuestion) -> [Denial] {
        var denials: [Denial] = []
        if question.at < restriction.from ?? .min { denials.append(.embargo(restriction)) }
        if question.at >= restriction.until ?? .max { denials.append(.ended(restriction)) }
        if !Hearing.covers(restriction, question.territory) { denials.append(.otherTerritory(restriction)) }
        if !Hearing.isFor(restriction, question) { denials.append(.otherRecipient(restriction)) }
        if let uses = restriction.terms.uses, usesSince[restriction.id] ?? 0 >= uses {
            denials.append(.usedUp(restriction))
        }
        if let kind = restriction.terms.release, !releases.contains(where: { $0.terms.release == kind }) {
            denials.append(.noRelease(restriction))
        }
        return denials
    }

    /// A release that was recorded counts: of each person or property one must be wide enough.
    private func releases(_ kind: ReleaseKind, _ question: GateQuestion) -> [Denial] {
        let all = releases.filter { $0.terms.release == kind }
        guard !all.isEmpty else { return [] }
        var denials: [Denial] = []
        var subjects: [String] = []
        for release in all {
            let subject = (release.subject ?? "").lowercased()
            guard !subjects.contains(subject) else { continue }
            subjects.append(subject)
            let its = all.filter { ($0.subject ?? "").lowercased() == subject }
            if !its.contains(where: { isEnough($0, question) }), let last = its.last {
                denials.append(.release(last))
            }
        }
        return denials
    }

    private func isEnough(_ release: Decision, _ question: GateQuestion) -> Bool {
        switch release.status {
        case .notApplicable, .unlimited: true
        case .limited:
            release.concerns(question.purpose) && Hearing.isOpen(release, at: question.at)
                && Hearing.covers(release, question.territory)
        case nil, .missing: false
        }
    }

    // MARK: What a clearance lacks

    private func shortfall(of clearance: Decision, _ question: GateQuestion) -> Denial? {
        // Nobody clears what nobody has seen: a second part of a clip, a picture in the place of another.
        if clearance.id < filesSince { return .changedSince(clearance) }
        if question.at < clearance.from ?? .min { return .notYet(clearance) }
        if question.at >= clearance.until ?? .max { return .ended(clearance) }
        if !Hearing.covers(clearance, question.territory) { return .otherTerritory(clearance) }
        if !Hearing.isFor(clearance, question) { return .otherRecipient(clearance) }
        if let uses = clearance.terms.uses,
            self.uses.count(where: { $0.grounds.contains(clearance.id) }) >= uses
        {
            return .usedUp(clearance)
        }
        return warnings.first { !clearance.acknowledges($0) }.map { .warned($0) }
    }

    /// What ended says nothing where another clearance goes on, and what is for elsewhere nothing where one is for here.
    private static func worthSaying(_ denials: [Denial], _ question: GateQuestion) -> [Denial] {
        var said = denials
        func leave(out isLess: (Denial) -> Bool) {
            if !said.allSatisfy(isLess) { said.removeAll(where: isLess) }
        }
        leave(out: { if case .changedSince = $0 { true } else { false } })
        leave(out: { if case .ended = $0 { true } else { false } })
        if question.territory != nil { leave(out: { if case .otherTerritory = $0 { true } else { false } }) }
        if let last = said.last, case .ended = last { return [last] }
        var once: [Denial] = []
        for denial in said where !once.contains(denial) { once.append(denial) }
        return once
    }

    private func undecided(_ question: GateQuestion) -> Denial {
        let others = cleared.filter { Hearing.isOpen($0, at: question.at) }.compactMap(\.purpose)
        if let asked = submitted.filter({ $0.concerns(question.purpose) }).max(by: { $0.id < $1.id }) {
            return .submitted(asked)
        }
        return others.isEmpty ? .undecided : .otherPurposes(Purpose.allCases.filter(Set(others).contains))
    }

    static func isOpen(_ decision: Decision, at instant: Int64) -> Bool {
        (decision.from ?? .min) <= instant && instant < (decision.until ?? .max)
    }

    /// Where a country is allowed or forbidden, one that was not said may be any.
    private static func covers(_ decision: Decision, _ territory: String?) -> Bool {
        guard let territory else { return decision.territory == nil && decision.terms.notIn == nil }
        if let codes = decision.territory, !Territory.list(codes, holds: territory) { return false }
        if let codes = decision.terms.notIn, Territory.list(codes, holds: territory) { return false }
        return true
    }

    /// A restriction may keep it for one recipient until an instant; a clearance for one is for nobody else, ever.
    private static func isFor(_ decision: Decision, _ question: GateQuestion) -> Bool {
        let end = decision.kind == .restricted ? decision.terms.exclusiveUntil : nil
        guard let recipient = decision.terms.recipient, question.at < end ?? .max else { return true }
        return same(recipient, question.recipient)
    }
}
