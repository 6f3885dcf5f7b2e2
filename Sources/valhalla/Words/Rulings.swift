internal import Catalog

extension Denial {
    /// Why something may not leave, as a list has it: `held by Josh Homme, 2 June 2016: “do not reuse”`.
    var words: String { isHeld ? "held " + wordsBehindHeld : wordsBehindHeld }

    /// True when a person said no.
    var isHeld: Bool {
        if case .held = self { true } else { false }
    }

    private var wordsBehindHeld: String {
        switch self {
        case .held(let decision):
            "by \(decision.person), \(dateWords(decision.decidedAt))"
                + (decision.until.map { ", until \(lastDayWords($0))" } ?? "")
                + (decision.reason.map { ": \(quoted($0))" } ?? "")
        case .otherPurposes(let purposes): "cleared for \(listed(purposes.map(\.rawValue))) only"
        case .notYet(let decision): "cleared only from \(dateWords(decision.from ?? 0))"
        case .ended(let decision): "clearance ended on \(lastDayWords(decision.until ?? 0))"
        case .otherTerritory(let decision): "cleared in \(decision.territory ?? "") only"
        case .undecided: "nobody has decided"
        }
    }

    /// The same as a sentence of its own.
    func sentence(for purpose: Purpose) -> String {
        switch self {
        case .held(let decision):
            "No: \(decision.person) holds it since \(dateWords(decision.decidedAt))"
                + (decision.until.map { ", until \(lastDayWords($0))" } ?? ", until someone lifts it")
                + (decision.reason.map { ": \(quoted($0))" } ?? "") + "."
        case .otherPurposes(let purposes):
            "No: it was cleared for \(listed(purposes.map(\.rawValue))), not for \(purpose.rawValue)."
        case .notYet(let decision):
            "Not yet: \(decision.person) cleared it from \(dateWords(decision.from ?? 0)) on."
        case .ended(let decision):
            "No longer: what \(decision.person) cleared ended on \(lastDayWords(decision.until ?? 0))."
        case .otherTerritory(let decision):
            "Only in \(listed(territories(decision))): \(decision.person) cleared it for no other country; "
                + "say --territory when you export."
        case .undecided: "No: nobody has decided."
        }
    }
}

extension Ruling {
    /// The answer as a sentence: what decides, who said it, until when.
    func sentence(for purpose: Purpose) -> String {
        switch self {
        case .allowed(let basis): "Yes: " + basis.sentence + "."
        case .staysInside: "Yes, inside the house: every sheet and file says NOT CLEARED."
        case .denied(let denial): denial.sentence(for: purpose)
        }
    }
}

extension Decision {
    /// Who decided what, when, and how far it reaches.
    var sentence: String {
        let what =
            switch kind {
            case .cleared: "cleared it for \(purpose?.rawValue ?? "everything")"
            case .held: "held it"
            case .lifted: "lifted the holds before"
            case .retracted: "took back an earlier decision"
            }
        var text = "\(person) \(what) on \(dateWords(decidedAt))"
        if let from { text += ", from \(dateWords(from)) on" }
        if let until {
            text += ", until \(lastDayWords(until))"
        } else if kind == .cleared {
            text += ", without end"
        }
        if territory != nil { text += ", in \(listed(territories(self)))" }
        if let reason { text += ": \(quoted(reason))" }
        if let evidence { text += " (evidence: \(printable(Decision.shortened(evidence))))" }
        return text
    }

    /// The evidence with as many digits of its digest as a person compares.
    private static func shortened(_ evidence: String) -> String {
        guard let digest = evidence.split(separator: " ").last, digest.utf8.count == 64 else {
            return evidence
        }
        return evidence.dropLast(digest.count - 12) + "…"
    }
}

private func territories(_ decision: Decision) -> [String] {
    (decision.territory ?? "").split(separator: ",").map { $0.uppercased() }
}
