internal import Storage

/// What the gate says about many assets at an instant, in SQL: a look into `standing`, which the gate itself fills.
///
/// `Gate.rule` decides what leaves; these conditions only find assets, and a test holds the two together. They answer for
/// a recipient and a country that are not named: what is cleared for one country alone is not found.
enum Standing {
    /// Held at `instant`, for any purpose.
    static func held(at instant: Int64, probing: Bool) -> SQLCondition {
        isIn(.held, at: instant, probing: probing)
    }

    /// In this state at `instant`, for any purpose; unreviewed for all of them.
    static func isIn(_ state: ClearanceState, at instant: Int64, probing: Bool) -> SQLCondition {
        if state == .unreviewed {
            return chosen(true, "s.state <> ?", [.text(state.rawValue)], instant).negated
        }
        return chosen(probing, "s.state = ?", [.text(state.rawValue)], instant)
    }

    /// In this state at `instant` for one purpose.
    static func isIn(_ state: ClearanceState, for purpose: String, at instant: Int64, probing: Bool)
        -> SQLCondition
    {
        chosen(
            probing, "s.state = ? AND s.purpose IN (?, '*')", [.text(state.rawValue), .text(purpose)], instant
        )
    }

    /// May leave for this purpose at `instant`.
    static func mayLeave(for purpose: String, at instant: Int64, probing: Bool) -> SQLCondition {
        .all(of: [
            chosen(probing, "s.purpose IN (?, '*') AND s.answer = 'allowed'", [.text(purpose)], instant),
            isKnown,
        ])
    }

    /// Somebody or something stands in the way at `instant`, whoever clears it.
    static func isBlocked(for purpose: String, at instant: Int64, probing: Bool) -> SQLCondition {
        chosen(probing, "s.purpose IN (?, '*') AND s.answer = 'blocked'", [.text(purpose)], instant)
    }

    /// May leave at `instant`, and no longer so many milliseconds later.
    static func expires(within span: Int64, at instant: Int64, probing: Bool) -> SQLCondition {
        let purposes = (Purpose.outside.map(\.rawValue) + ["*"]).map { "'\($0)'" }.joined(separator: ", ")
        return .all(of: [
            chosen(
                probing, "s.purpose IN (\(purposes)) AND s.answer = 'allowed' AND s.until_at <= ?",
                [.integer(instant + span)], instant),
            isKnown,
        ])
    }

    /// Nothing about it waits to be worked out, as in a catalogue that was written to by other hands than ours.
    private static let isKnown = SQLCondition("NOT EXISTS (SELECT 1 FROM stale AS w WHERE w.asset = a.id)")

    /// `probing` asks one asset after another; otherwise the index lists them.
    private static func chosen(_ probing: Bool, _ condition: String, _ values: [Value], _ instant: Int64)
        -> SQLCondition
    {
        let rows = """
            FROM standing AS s
             WHERE \(condition)
               AND s.until_at > ?
               AND s.from_at <= ?
            """
        let all = values + [.integer(instant), .integer(instant)]
        if probing {
            // With the plus signs SQLite reads the asset's own few rows, and not all that are in one state.
            let own = ["s.state", "s.answer", "s.until_at"].reduce(rows) {
                $0.replacing(" \($1)", with: " +\($1)")
            }
            return SQLCondition("EXISTS (\n    SELECT 1 \(own)\n       AND s.asset = a.id\n)", all)
        }
        return SQLCondition("a.id IN (\n    SELECT s.asset \(rows)\n)", all)
    }
}
