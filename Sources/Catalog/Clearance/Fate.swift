internal import Storage

/// What has become of a decision, as far as it bears on one asset.
///
/// It is read from the same hearing that the gate rules on, so that a list of decisions and the gate’s answer cannot
/// disagree: a lift that was taken back, or that nobody with a say made, ends nothing here either.
public enum Fate: Sendable {
    /// It counts.
    case counts
    /// Its time is over.
    case over
    /// Somebody who may ended it.
    case lifted
    /// It was taken back.
    case takenBack
    /// A clearance that was withdrawn: lifting the withdrawal does not bring it back.
    case withdrawn
    /// It opens what the asset was made from, and not the asset.
    case ofParent
    /// Nobody with a say in it said so.
    case void
    /// It was made after the time that is asked about.
    case later
}

/// What somebody who is in a picture said of it, as far as it counts.
public struct Consent: Hashable, Sendable {
    /// The name.
    public let name: String
    /// Refusals that nobody ended, oldest first.
    public let refusals: [Decision]
    /// Agreements, and words that it is somebody else, that hold at the instant asked about, oldest first.
    public let agreements: [Decision]
    /// The purposes for which they must agree and have not.
    public let missing: [Purpose]
    /// True when these are all that were asked about.
    public let lacksAll: Bool
}

extension Dossier {
    /// What was on record before an instant, in milliseconds since 1970.
    ///
    /// Sessions, tags and people are what they are: the catalogue keeps what was decided, and not what was in a tag then.
    func known(before instant: Int64) -> Dossier {
        func known(_ sheet: Sheet) -> Sheet {
            var sheet = sheet
            // By the key: what was brought back after it had been taken back has its old day, and a key of its own.
            sheet.decisions.removeAll { Stamp(rawValue: $0.id).milliseconds >= instant }
            sheet.uses.removeAll { Stamp(rawValue: $0.delivery).milliseconds >= instant }
            return sheet
        }
        var dossier = self
        dossier.own = known(own)
        dossier.parents = parents.map(known)
        if let since = filesSince, Stamp(rawValue: since).milliseconds >= instant { dossier.filesSince = nil }
        return dossier
    }

    /// What has become of each decision at an instant, by its key.
    public func fates(at instant: Int64) -> [Int64: Fate] {
        let hearing = Hearing(self)
        let sheets = [own] + parents
        let standing = Set(sheets.flatMap { Hearing.standing($0.decisions) }.map(\.id))
        let own = Set(own.decisions.map(\.id))
        let closing = Set((hearing.closing + hearing.releases).map(\.id))
        let clearing = Set(hearing.cleared.map(\.id))
        let all = sheets.flatMap(\.decisions)

        func opens(_ lift: Decision) -> Fate {
            let meant = all.filter { standing.contains($0.id) && Hearing.lift(lift, ends: $0) }
            if meant.contains(where: { !closing.contains($0.id) }) { return .counts }
            return meant.isEmpty || own.contains(lift.id) ? .void : .ofParent
        }
        func fate(_ decision: Decision) -> Fate {
            guard decision.kind != .retracted else { return .counts }
            guard standing.contains(decision.id) else { return .takenBack }
            switch decision.kind {
            case .held, .withdrawn, .restricted, .refused, .released:
                guard closing.contains(decision.id) else { return .lifted }
            case .cleared:
                guard decision.authority != nil else { return .void }
                guard clearing.contains(decision.id) else {
                    return own.contains(decision.id) ? .withdrawn : .ofParent
                }
            case .lifted: return opens(decision)
            case .absent: guard Hearing.maySayAbsent(decision) else { return .void }
            case .approved, .submitted, .retracted: break
            }
            // What a restriction ends is not the restriction.
            return decision.kind != .restricted && instant >= decision.until ?? .max ? .over : .counts
        }
        return Dictionary(all.map { ($0.id, fate($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// What each of these people said of it, and of whoever else must agree, as far as it counts at an instant.
    func consents(of names: [String], for purposes: [Purpose], at instant: Int64) -> [Consent] {
        let hearing = Hearing(self)
        let said = ([own] + parents).flatMap { Hearing.standing($0.decisions) }
        var all: [String] = []
        for name in names + hearing.people.map(\.person.name)
        where !all.contains(where: { Hearing.same($0, name) }) {
            all.append(name)
        }
        return all.map { name in
            let missing = purposes.filter { purpose in
                hearing.missing(for: purpose, at: instant).contains { Hearing.same($0, name) }
            }
            var agreements: [Decision] = []
            for answer in said.sorted(by: { $0.id < $1.id })
            where Hearing.isAnswer(answer, for: name) && Hearing.isOpen(answer, at: instant)
                && !agreements.contains(answer)
            {
                agreements.append(answer)
            }
            return Consent(
                name: name,
                refusals: hearing.closing.filter {
                    $0.kind == .refused && Hearing.same($0.person, name) && Hearing.isOpen($0, at: instant)
                },
                agreements: agreements, missing: missing, lacksAll: missing == purposes)
        }
    }
}
