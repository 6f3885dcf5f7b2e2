internal import Storage

/// What came of an attempt to lift.
public struct Lifting: Hashable, Sendable {
    /// Assets of which something was lifted; for a session or tag, decisions.
    public var lifted = 0
    /// What stays closed, because this person may not open it.
    public var kept: [Decision] = []
}

extension Change {
    /// Ends the holds and restrictions on assets that this person may end: their own, or with an artist's right all.
    ///
    /// What binds an asset through its session, a tag or a parent is ended for this asset alone. A withdrawal is answered
    /// by `submit`, and a person's refusal by that person's approval.
    @discardableResult
    public func lift(from assets: [AssetID], by person: String, reason: String?, evidence: String? = nil)
        throws -> Lifting
    {
        var decision = NewDecision(.lifted, purpose: nil, by: person)
        (decision.reason, decision.evidence) = (reason, evidence)
        return try lift(decision, from: assets) {
            $0.kind == .held || $0.kind == .restricted || $0.kind == .released
        }
    }

    /// Ends the holds and restrictions on a session or tag that this person may end.
    @discardableResult
    public func lift(from scope: DecisionScope, by person: String, reason: String?) throws -> Lifting {
        let (session, tag) = try keys(of: scope)
        var decision = NewDecision(.lifted, purpose: nil, by: person)
        decision.reason = reason
        let theirs = try catalog.scopedDecisions().filter { $0.scope == scope }
        let standing = Hearing(Dossier(own: Dossier.Sheet(decisions: theirs))).closing
        let authority = try authority(of: person, over: scope)
        var outcome = Lifting()
        for closing in standing {
            guard authority != nil || Hearing.same(closing.person, person) else {
                outcome.kept.append(closing)
                continue
            }
            try insert(decision, session: session, tag: tag, lifts: closing.id, authority: authority)
            outcome.lifted += 1
        }
        return outcome
    }

    /// Asks an artist: assets that nobody decided about for this purpose are submitted, and tells how many.
    ///
    /// What was withdrawn is submitted anew by an artist alone, with a reason; clearances of before stay ended. What is
    /// held is refused: a hold is lifted first.
    @discardableResult
    public func submit(_ assets: [AssetID], for purpose: Purpose, by person: String, reason: String?) throws
        -> Int
    {
        var hearings: [(AssetID, Hearing)] = []
        try connection.eachDossier(of: assets.map(\.rawValue)) {
            hearings.append((AssetID(rawValue: $0), Hearing($1)))
        }
        let held = hearings.filter { $0.1.state(for: purpose, at: now) == .held }.map(\.0)
        guard held.isEmpty else {
            throw CatalogError(
                .notCleared, "\(held.count) of \(assets.count) held: lift the holds first",
                details: try lines(of: held),
                next: "valhalla lift QUERY --by NAME --reason TEXT")
        }
        var decision = NewDecision(.submitted, purpose: purpose, by: person)
        decision.reason = reason
        let withdrawn = hearings.filter { $0.1.state(for: purpose, at: now) == .withdrawn }.map(\.0)
        if !withdrawn.isEmpty {
            guard reason?.trimmed.isEmpty == false else {
                throw CatalogError(
                    .refused,
                    "\(withdrawn.count) of \(assets.count) withdrawn: to submit that anew takes a reason",
                    next: "add --reason TEXT")
            }
            var answer = NewDecision(.lifted, purpose: nil, by: person)
            answer.reason = reason
            let outcome = try lift(answer, from: withdrawn) { $0.kind == .withdrawn && $0.concerns(purpose) }
            guard outcome.kept.isEmpty else {
                throw CatalogError(
                    .notCleared,
                    "\(withdrawn.count) of \(assets.count) withdrawn: only an artist submits that anew",
                    details: try lines(of: withdrawn), next: "valhalla artists list shows who may")
            }
        }
        let open = hearings.filter { _, hearing in
            switch hearing.state(for: purpose, at: now) {
            case .unreviewed, .withdrawn: true
            case .submitted, .cleared, .held: false
            }
        }
        return try decide(decision, about: open.map(\.0))
    }

    /// Takes back what was cleared, for a purpose or for all, and tells of how many assets.
    @discardableResult
    public func withdraw(
        _ assets: [AssetID],
        for purpose: Purpose?,
        by person: String,
        reason: String,
        evidence: String? = nil
    ) throws -> Int {
        var cleared: [AssetID] = []
        try connection.eachDossier(of: assets.map(\.rawValue)) { asset, dossier in
            let hearing = Hearing(dossier)
            let isCleared = (purpose.map { [$0] } ?? Purpose.outside).contains { purpose in
                hearing.cleared.contains { $0.concerns(purpose) }
                    && !hearing.closing.contains { $0.kind == .withdrawn && $0.concerns(purpose) }
            }
            if isCleared { cleared.append(AssetID(rawValue: asset)) }
        }
        var decision = NewDecision(.withdrawn, purpose: purpose, by: person)
        (decision.reason, decision.evidence) = (reason, evidence)
        return try decide(decision, about: cleared)
    }

    /// Records what somebody who is in the pictures says: agrees, refuses, or is not in it at all.
    ///
    /// An agreement ends the same person's refusals, and so does it when they say that they are not in it. An artist who
    /// says so of somebody who refused ends nothing: that refusal is that person's alone.
    @discardableResult
    public func answer(_ decision: NewDecision, about assets: [AssetID]) throws -> Int {
        guard [.approved, .refused, .absent].contains(decision.kind) else {
            throw CatalogError(.refused, "this is no answer of somebody in a picture")
        }
        if decision.kind == .absent {
            let name = decision.subject ?? decision.person
            let authorities = try catalog.authorities(of: decision.person, over: assets)
            let missing = Hearing.same(name, decision.person) ? [] : assets.filter { authorities[$0] == nil }
            guard missing.isEmpty else {
                throw CatalogError(
                    .notCleared, "only \(name) or an artist says that \(name) is not in it",
                    details: try lines(of: missing))
            }
        }
        if decision.kind != .refused,
            Hearing.same(decision.subject ?? decision.person, decision.person)
        {
            var lifted = NewDecision(.lifted, purpose: nil, by: decision.person)
            lifted.reason = decision.reason
            try lift(lifted, from: assets) {
                $0.kind == .refused && Hearing.same($0.person, lifted.person)
                    && (decision.purpose == nil || $0.purpose == decision.purpose)
            }
        }
        return try decide(decision, about: assets)
    }

    @discardableResult
    private func lift(_ decision: NewDecision, from assets: [AssetID], _ isMeant: (Decision) -> Bool) throws
        -> Lifting
    {
        let authorities = try catalog.authorities(of: decision.person, over: assets)
        var found: [(asset: AssetID, closing: [Decision])] = []
        try connection.eachDossier(of: assets.map(\.rawValue)) { asset, dossier in
            let hearing = Hearing(dossier)
            let meant = (hearing.closing + hearing.releases).filter(isMeant)
            if !meant.isEmpty { found.append((AssetID(rawValue: asset), meant)) }
        }
        var outcome = Lifting()
        for (asset, closing) in found {
            let lift = Decision(
                id: 0, kind: .lifted, purpose: nil, person: decision.person, decidedAt: now, from: nil,
                until: nil,
                territory: nil, reason: nil, evidence: nil, retracts: nil, authority: authorities[asset])
            let mine = closing.filter { Hearing.may(lift, lift: $0) }
            for decisionToEnd in mine {
                try insert(
                    decision, asset: asset.rawValue, lifts: decisionToEnd.id, authority: authorities[asset])
            }
            if !mine.isEmpty { outcome.lifted += 1 }
            for other in closing where !mine.contains(other) && !outcome.kept.contains(other) {
                outcome.kept.append(other)
            }
        }
        return outcome
    }

    /// An artist of the archive, or of this session, or of this tag or one above it.
    private func authority(of person: String, over scope: DecisionScope) throws -> Int64? {
        try catalog.artists().first { artist in
            guard artist.right == .clear, Hearing.same(artist.name, person) else { return false }
            switch (artist.scope, scope) {
            case (nil, _): return true
            case (.session(let one), .session(let other)): return one == other
            case (.tag(let one), .tag(let other)): return other.lies(in: one)
            default: return false
            }
        }?.id
    }
}
