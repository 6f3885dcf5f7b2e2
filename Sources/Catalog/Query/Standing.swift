internal import Storage

/// What the gate says about many assets at an instant, in SQL: a look into `standing`, which the gate itself fills.
///
/// `Gate.rule` decides what leaves; these conditions only find assets, and a test holds the two together. They answer for
/// a recipient and a country that are not named: what is cleared for one country alone is not found.
enum Standing {
    /// The link that a word of a clearance field asks for; nil for what an asset without any row is, too.
    static func link(_ field: Query.Field, _ word: String, at instant: Int64) -> QueryLink? {
        switch field {
        case .held where word == "yes": isIn(.held, at: instant)
        case .cleared: mayLeave(for: word, at: instant)
        case .blocked:
            chosen("s.purpose IN (?, '*') AND s.answer = 'blocked'", [.text(word)], instant)
        case .submitted:
            chosen(
                "s.state = ? AND s.purpose IN (?, '*')",
                [.text(ClearanceState.submitted.rawValue), .text(word)], instant)
        case .clearance:
            ClearanceState(rawValue: word).flatMap { $0 == .unreviewed ? nil : isIn($0, at: instant) }
        case .expiring:
            Query.spanMilliseconds(word).map { expires(within: $0, at: instant) }
        default: nil
        }
    }

    /// In this state at `instant`, for any purpose.
    static func isIn(_ state: ClearanceState, at instant: Int64) -> QueryLink {
        chosen("s.state = ?", [.text(state.rawValue)], instant)
    }

    /// Something was decided at `instant`, for any purpose.
    static func isReviewed(at instant: Int64) -> QueryLink {
        chosen("s.state <> ?", [.text(ClearanceState.unreviewed.rawValue)], instant)
    }

    /// May leave for this purpose at `instant`.
    private static func mayLeave(for purpose: String, at instant: Int64) -> QueryLink {
        chosen("s.purpose IN (?, '*') AND s.answer = 'allowed'", [.text(purpose)], instant, also: isKnown)
    }

    /// May leave at `instant`, and no longer so many milliseconds later.
    private static func expires(within span: Int64, at instant: Int64) -> QueryLink {
        let purposes = (Purpose.outside.map(\.rawValue) + ["*"]).map { "'\($0)'" }.joined(separator: ", ")
        return chosen(
            "s.purpose IN (\(purposes)) AND s.answer = 'allowed' AND s.until_at <= ?",
            [.integer(instant + span)], instant, also: isKnown)
    }

    /// Nothing about it waits to be worked out, as in a catalogue that was written to by other hands than ours.
    private static let isKnown = SQLCondition("NOT EXISTS (SELECT 1 FROM stale AS w WHERE w.asset = a.id)")

    private static func chosen(
        _ condition: String, _ values: [Value], _ instant: Int64, also: SQLCondition? = nil
    ) -> QueryLink {
        let test = SQLCondition(
            "\(condition)\n       AND s.until_at > ?\n       AND s.from_at <= ?",
            values + [.integer(instant), .integer(instant)])
        return QueryLink(.standing(test), .standing(test, also: also))
    }
}
