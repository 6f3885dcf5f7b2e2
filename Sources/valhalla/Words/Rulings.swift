internal import Catalog

extension Denial {
    /// Why something may not leave, as a list has it: `held by Josh Homme, 2 June 2016: “do not reuse”`.
    var words: String {
        switch self {
        case .held(let decision):
            "held\(decision.within) by \(decision.person), \(dateWords(decision.decidedAt))"
                + (decision.until.map { ", until \(lastMomentWords($0))" } ?? "") + decision.why
        case .withdrawn(let decision):
            "withdrawn by \(decision.person), \(dateWords(decision.decidedAt))" + decision.why
        case .refused(let decision):
            "refused by \(decision.person), who is in it, \(dateWords(decision.decidedAt))" + decision.why
        case .notApproved(let name): "\(name) is in it and has not agreed"
        case .embargo(let decision):
            "under embargo\(decision.within) until \(momentWords(decision.from ?? 0)), by \(decision.person)"
                + decision.why
        case .release(let release):
            release.status == .missing
                ? "no \(release.releaseWords)" : "the \(release.releaseWords) does not reach so far"
        case .noRelease(let decision):
            "no \(decision.terms.release?.rawValue ?? "") release is known, which \(decision.person) asks for"
                + decision.within
        case .warned(let warning): "its \(warning.said)"
        case .changedSince(let decision):
            "cleared on \(dateWords(decision.decidedAt)), and a file of it came in or changed since"
        case .otherPurposes(let purposes): "cleared for \(listed(purposes.map(\.rawValue))) only"
        case .notYet(let decision):
            "cleared only from \(momentWords(decision.from ?? 0))\(decision.behindCountries)"
        case .ended(let decision):
            decision.kind == .restricted
                ? "restricted\(decision.within) by \(decision.person) to before \(momentWords(decision.until ?? 0))"
                : "clearance ended on \(lastDayWords(decision.until ?? 0))"
        case .otherTerritory(let decision):
            decision.kind == .restricted
                ? "restricted\(decision.within) by \(decision.person): \(decision.limits)"
                : "cleared \(decision.countries)"
        case .otherRecipient(let decision):
            (decision.kind == .restricted ? "kept\(decision.within) for " : "cleared for ")
                + (decision.terms.recipient ?? "") + " only"
                + (decision.terms.exclusiveUntil.map { ", until \(lastMomentWords($0))" } ?? "")
        case .usedUp(let decision):
            "to be delivered \(usesWords(decision.terms.uses ?? 0)), says \(decision.person)\(decision.within)"
        case .submitted(let decision):
            "submitted by \(decision.person), \(dateWords(decision.decidedAt)); nobody has cleared it"
        case .undecided: "nobody has cleared it"
        }
    }

    /// True when a person said no.
    var isHeld: Bool {
        switch self {
        case .held, .withdrawn, .refused: true
        default: false
        }
    }

    /// The same as a sentence of its own.
    func sentence(for purpose: Purpose) -> String {
        switch self {
        case .held(let decision):
            "No: \(decision.person) holds it\(decision.within) since \(dateWords(decision.decidedAt))"
                + (decision.until.map { ", until \(lastMomentWords($0))" } ?? ", until someone lifts it")
                + decision.why + "."
        case .withdrawn(let decision):
            "No: \(decision.person) withdrew it on \(dateWords(decision.decidedAt))\(decision.why); an artist may submit "
                + "it anew."
        case .refused(let decision):
            "No: \(decision.person), who is in it, refused on \(dateWords(decision.decidedAt))\(decision.why)."
        case .notApproved(let name): "No: \(name) is in it and must agree, and has not."
        case .embargo(let decision):
            "Not yet: \(decision.person) put it under embargo\(decision.within) until \(momentWords(decision.from ?? 0))"
                + decision.why + "."
        case .changedSince(let decision):
            "No longer: \(decision.person) cleared it on \(dateWords(decision.decidedAt)), and a file that would leave with "
                + "it came in or changed since. Whoever may clear must clear it anew."
        case .otherPurposes(let purposes):
            "No: it was cleared for \(listed(purposes.map(\.rawValue))), not for \(purpose.rawValue)."
        case .notYet(let decision):
            "Not yet: \(decision.person) cleared it from \(momentWords(decision.from ?? 0)) on\(decision.behindCountries)."
        case .ended(let decision) where decision.kind == .cleared:
            "No longer: what \(decision.person) cleared ended on \(lastDayWords(decision.until ?? 0))\(decision.behindCountries)."
        case .otherTerritory(let decision) where decision.kind == .cleared:
            "Only \(decision.countries(only: false)): \(decision.person) cleared it for nowhere else."
        case .otherRecipient(let decision) where decision.kind == .cleared:
            "Only for \(decision.terms.recipient ?? ""): \(decision.person) cleared it for nobody else."
        case .warned(let warning):
            "No: its \(warning.said), and nobody cleared it despite them."
        case .release, .noRelease, .usedUp, .ended, .otherTerritory, .otherRecipient: "No: \(words)."
        case .submitted(let decision):
            "No: \(decision.person) submitted it on \(dateWords(decision.decidedAt)), and nobody has cleared it."
        case .undecided: "No: nobody has cleared it."
        }
    }
}

extension Warning {
    /// What the words say, as in `caption says “Do not reuse.”`.
    var said: String {
        let name = field.replacing("-", with: " ")
        return "\(name) \(field.hasSuffix("s") ? "say" : "says") \(quoted(text))"
    }
}

extension Denial {
    /// What whoever is at work may type next: for a terminal alone, and never in what is written down.
    func hint(for question: GateQuestion, _ id: String) -> String? {
        switch self {
        case .otherTerritory(let decision) where question.territory == nil:
            "valhalla show \(id) --rights --territory \(decision.territory.map(codes)?.first ?? "CODE") asks for a "
                + "country, as valhalla export --territory does"
        case .warned:
            "valhalla clear id:\(id) --for \(question.purpose.rawValue) --by NAME --despite-words clears it all the same"
        default: nil
        }
    }
}

extension Ruling {
    /// The answer as sentences: what decides, who said it, until when; every reason has one.
    func sentences(for purpose: Purpose) -> [String] {
        switch self {
        case .allowed(let grant):
            ["Yes: " + grant.basis.sentence + "."] + grant.obligations.sentences(beside: grant.basis)
        case .staysInside: ["Yes, inside the house: every sheet and file says NOT CLEARED."]
        case .denied(let denials): denials.map { $0.sentence(for: purpose) }
        }
    }

    /// The same in one line.
    func sentence(for purpose: Purpose) -> String { sentences(for: purpose).joined(separator: " ") }
}

extension Obligations {
    /// What whoever shows it must honour; where and until when, as far as its basis has not said so.
    func sentences(beside basis: Decision) -> [String] {
        var all = credits.map { "The credit line \(quoted($0)) must stand with it." }
        if noCrop { all.append("It must not be cropped.") }
        if noRetouch { all.append("It must not be retouched.") }
        if let onlyIn, onlyIn != basis.territory.map(codes) {
            all.append("It may be shown in \(listed(onlyIn)) only.")
        }
        if !notIn.isEmpty, notIn != basis.terms.notIn.map(codes) {
            all.append("It must not be shown in \(listed(notIn, "or")).")
        }
        if let until, until != basis.until { all.append("It may be shown until \(lastMomentWords(until)).") }
        return all
    }
}

extension Decision {
    /// Who decided what, when, and how far it reaches.
    var sentence: String {
        var text = "\(person) \(deed) on \(dateWords(decidedAt))"
        if let from { text += ", from \(momentWords(from)) on" }
        if let until {
            text += ", until \(lastMomentWords(until))"
        } else if kind == .cleared {
            text += ", without end"
        }
        text += behindCountries
        if let recipient = terms.recipient {
            text += ", for \(printable(recipient)) alone"
            if let end = terms.exclusiveUntil { text += " until \(lastMomentWords(end))" }
        }
        if let uses = terms.uses { text += ", " + usesWords(uses) }
        text += terms.duties.map { ", \($0)" }.joined()
        if kind == .restricted, let release = terms.release {
            text += ", not without a \(release.rawValue) release"
        }
        if !wordsRead.isEmpty {
            text += ", despite \(listed(wordsRead.map(quoted)))"
        }
        text += why
        if authority == 0, kind == .cleared { text += ", before it was named who may" }
        if let evidence { text += " (evidence: \(printable(Decision.shortened(evidence))))" }
        return text
    }

    private var deed: String {
        let aim = purpose.map { " for \($0.rawValue)" } ?? ""
        switch kind {
        case .cleared: return "cleared it for \(purpose?.rawValue ?? "everything")"
        case .held: return "held \(scope?.words ?? "it")\(aim)"
        case .lifted:
            return lifts == nil ? "lifted the holds before" : "lifted what closed \(scope?.words ?? "it")"
        case .retracted: return "took back an earlier decision"
        case .submitted: return "submitted it\(aim)"
        case .withdrawn: return "withdrew it\(aim)"
        case .restricted: return "restricted \(scope?.words ?? "it")\(aim)"
        case .approved: return "agreed to it\(aim)"
        case .refused: return "refused it\(aim)"
        case .absent: return "said that \(subject ?? person) is not in it"
        case .released: return "noted the \(releaseWords) as \(status?.rawValue ?? "unknown")\(aim)"
        }
    }

    /// ` with the session “Desert”`: what it was decided of, when not of the asset.
    var within: String {
        switch scope {
        case nil: ""
        case .session(let name): " with the session \(quoted(name))"
        case .tag(let path): " with the tag \(printable(path.description))"
        }
    }

    /// The reason behind a colon.
    var why: String { reason.map { ": \(quoted($0))" } ?? "" }

    /// `in US and CA only`, `outside of DE only`.
    var countries: String { countries(only: true) }

    /// `only in US and CA`, `not in DE`: what a restriction allows.
    fileprivate var limits: String {
        let allowed = territory.map { "only in \(listed(codes($0)))" }
        let excluded = terms.notIn.map { "not in \(listed(codes($0), "or"))" }
        return [allowed, excluded].compactMap(\.self).joined(separator: ", ")
    }

    /// `, in US`: where it is for some countries.
    var behindCountries: String {
        territory == nil && terms.notIn == nil ? "" : ", " + countries(only: false)
    }

    fileprivate func countries(only: Bool) -> String {
        let end = only ? " only" : ""
        var parts: [String] = []
        if let territory { parts.append("in \(listed(codes(territory)))\(end)") }
        if let notIn = terms.notIn { parts.append("outside of \(listed(codes(notIn)))\(end)") }
        return parts.joined(separator: ", ")
    }

    /// `model release of Iggy Pop`.
    var releaseWords: String {
        "\(terms.release?.rawValue ?? "") release of \(printable(subject ?? "nobody named"))"
    }

    /// The evidence with as many digits of its digest as a person compares.
    private static func shortened(_ evidence: String) -> String {
        guard let digest = evidence.split(separator: " ").last, digest.utf8.count == 64 else {
            return evidence
        }
        return evidence.dropLast(digest.count - 12) + "…"
    }
}

/// An instant as a sentence has it: a day where it is the beginning of one here, else with the time in UTC.
func momentWords(_ instant: Int64) -> String {
    let clock = WallClock(localAt: instant)
    if clock.hour == 0, clock.minute == 0, clock.second == 0 { return clock.prose }
    let utc = WallClock(milliseconds: instant)
    return "\(utc.prose), \(twoDigits(utc.hour)):\(twoDigits(utc.minute)) UTC"
}

/// The end of something: its last day where it ends with a day here, else the instant.
func lastMomentWords(_ end: Int64) -> String {
    let clock = WallClock(localAt: end)
    return clock.hour == 0 && clock.minute == 0 && clock.second == 0 ? lastDayWords(end) : momentWords(end)
}
