internal import Storage

/// What the decisions about an asset amount to at an instant, in SQL: the gate's rule for many assets at once.
///
/// `Gate.rule` decides what leaves; these conditions only find assets, and a test holds the two together. A decision
/// counts unless another takes it back. A hold that has begun and not ended stands until a later lift, and wins.
/// A clearance that is bound to territories does not clear where no territory is named.
enum Standing {
    /// Held at `instant`.
    ///
    /// `probing` asks the decisions of one asset after another; otherwise all decisions are read once.
    static func held(at instant: Int64, probing: Bool) -> SQLCondition {
        chosen(
            probing,
            """
            FROM clearance AS d
             WHERE d.decision = 'held'
               AND (d.from_at  IS NULL OR d.from_at <= ?)
               AND (d.until_at IS NULL OR d.until_at > ?)
               AND \(isNotTakenBack("d"))
               AND NOT EXISTS (
                       SELECT 1
                         FROM clearance AS lift
                        WHERE lift.asset = d.asset
                          AND lift.decision = 'lifted'
                          AND lift.id > d.id
                          AND \(isNotTakenBack("lift").replacing("\n", with: "\n           "))
                   )
            """,
            [.integer(instant), .integer(instant)]
        )
    }

    /// Cleared for this purpose at `instant`, holds apart.
    static func cleared(for purpose: String, at instant: Int64, probing: Bool) -> SQLCondition {
        chosen(
            probing,
            """
            FROM clearance AS d
             WHERE d.decision = 'cleared'
               AND (d.purpose   IS NULL OR d.purpose = ?)
               AND (d.from_at   IS NULL OR d.from_at <= ?)
               AND (d.until_at  IS NULL OR d.until_at > ?)
               AND d.territory IS NULL
               AND \(isNotTakenBack("d"))
            """,
            [.text(purpose), .integer(instant), .integer(instant)]
        )
    }

    /// May leave for this purpose at `instant`.
    static func mayLeave(for purpose: String, at instant: Int64, probing: Bool) -> SQLCondition {
        // The hold is asked of each cleared asset: there are few of those, and seldom a hold.
        .all(of: [
            cleared(for: purpose, at: instant, probing: probing),
            held(at: instant, probing: true).negated,
        ])
    }

    private static func chosen(_ probing: Bool, _ decisions: String, _ values: [Value]) -> SQLCondition {
        if probing {
            return SQLCondition("EXISTS (\n    SELECT 1 \(decisions)\n       AND d.asset = a.id\n)", values)
        }
        return SQLCondition("a.id IN (\n    SELECT d.asset \(decisions)\n)", values)
    }

    private static func isNotTakenBack(_ decision: String) -> String {
        """
        NOT EXISTS (
                       SELECT 1
                         FROM clearance AS later
                        WHERE later.asset = \(decision).asset
                          AND later.decision = 'retracted'
                          AND later.retracts = \(decision).id
                   )
        """
    }
}
