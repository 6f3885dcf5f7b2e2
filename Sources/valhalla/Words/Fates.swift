internal import Catalog

extension Fate {
    /// Behind a decision in a list; nothing behind one that counts.
    var words: String {
        switch self {
        case .counts: ""
        case .over: " (over)"
        case .lifted: " (lifted)"
        case .takenBack: " (taken back)"
        case .withdrawn: " (withdrawn)"
        case .ofParent: " (of what it was made from)"
        case .void: " (without a say in it)"
        case .later: " (later)"
        }
    }
}

extension Consent {
    /// What they said last for each purpose, and what the gate misses: `agreed, 2 June 2016, for press`.
    var words: String {
        var said: [Decision] = []
        for decision in (refusals + agreements).reversed()
        where !said.contains(where: { $0.purpose == decision.purpose && $0.kind == decision.kind }) {
            said.insert(decision, at: 0)
        }
        var parts = said.map { decision in
            (decision.kind == .approved ? "agreed" : decision.kind == .refused ? "refused" : "is not in it")
                + ", \(dateWords(decision.decidedAt))"
                + (decision.purpose.map { ", for \($0.rawValue)" } ?? "")
        }
        if !missing.isEmpty {
            let purposes = lacksAll ? "" : " for \(listed(missing.map(\.rawValue)))"
            parts.append("must agree\(purposes), and has not")
        }
        return parts.isEmpty ? "need not agree" : parts.joined(separator: "; ")
    }
}
