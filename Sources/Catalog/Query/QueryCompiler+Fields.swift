internal import Storage

extension QueryCompiler {
    /// The condition of a field that is not joined by a name.
    func condition(_ field: Query.Field, _ test: Query.Test) throws -> SQLCondition {
        switch test {
        case .words(let words):
            return .any(of: try words.map { try condition(field, word: $0) })
        case .numbers(let intervals):
            let column = numberColumn(field)
            return .any(of: intervals.map { condition(column, $0, isWhole: isWhole(field)) })
        case .dates(let intervals):
            return .any(of: intervals.map { condition(field, $0) })
        case .like(let patterns):
            return .any(of: patterns.map { condition(field, $0) })
        case .exactly(let texts):
            return .any(of: texts.map { condition(field, exactly: $0) })
        case .near(let circles): return try condition(around: circles)
        case .within(let areas): return try condition(within: areas)
        }
    }

    // MARK: Fixed words

    private func condition(_ field: Query.Field, word: String) throws -> SQLCondition {
        switch field {
        case .id:
            return QueryCompiler.digest(word)
        case .similar:
            return SQLCondition(
                "a.file IN (SELECT value FROM json_each(?))",
                [QueryCompiler.list(try context.filesAlike(word))]
            )
        case .pick:
            return switch word {
            case "picked": SQLCondition("a.pick = 1")
            case "rejected": SQLCondition("a.pick = -1")
            default: SQLCondition("coalesce(a.pick, 0) = 0")
            }
        case .offset:
            return SQLCondition("a.offset_min IS \(word == "known" ? "NOT " : "")NULL")
        case .gps:
            let isKnown = SQLCondition("(a.latitude IS NOT NULL AND a.longitude IS NOT NULL)")
            return word == "yes" ? isKnown : isKnown.negated
        case .scan:
            return word == "interlaced"
                ? SQLCondition("a.scan LIKE 'interlaced%'") : SQLCondition("a.scan = 'progressive'")
        case .held:
            // Only what is held has a row that says so.
            return try filter(Standing.isIn(.held, at: context.now), about: assetsAsked).negated
        case .clearance:
            return try filter(Standing.isReviewed(at: context.now), about: assetsAsked).negated
        case .recalled:
            return QueryCompiler.recalled(word)
        case .manifest:
            return try found(byManifests: word)
        default:
            return try Query.State(rawValue: word).map(condition) ?? .never
        }
    }

    /// Few things are ever asked back: the recalls are walked, and not the assets.
    private static func recalled(_ word: String) -> SQLCondition {
        let which =
            switch word {
            case "open": " AND r.answered_at IS NULL"
            case "answered": " AND r.answered_at IS NOT NULL"
            default: ""
            }
        let isRecalled = SQLCondition(
            """
            a.id IN (
                SELECT y.asset
                  FROM recall            AS r
                 CROSS JOIN recall_item AS y ON y.recall = r.id AND y.present = 1
                 WHERE r.present = 1\(which)
                 UNION ALL
                SELECT p.asset
                  FROM recall             AS r
                 CROSS JOIN recall_proof AS p ON p.recall = r.id AND p.present = 1
                 WHERE r.present = 1\(which)
            )
            """)
        return word == "no" ? isRecalled.negated : isRecalled
    }

    /// What is as it was listed may be every asset there is, and is then asked one by one; what is not is rare.
    private func found(byManifests word: String) throws -> SQLCondition {
        if word == "mismatched" {
            return SQLCondition(
                """
                a.id IN (
                    SELECT x.asset
                      FROM manifest_entry AS e
                      JOIN asset_file     AS x ON x.file = e.file AND x.present = 1
                     WHERE e.outcome = 'mismatched'
                )
                """
            )
        }
        let limit = context.walkFrom
        if limit < Int.max, try context.count(.foundByManifests(word), limit + 1) > limit {
            return SQLCondition(
                "EXISTS (SELECT 1 FROM manifest_entry AS e WHERE e.outcome = ? AND e.file = a.file)",
                [.text(word)])
        }
        return SQLCondition(
            "a.file IN (SELECT e.file FROM manifest_entry AS e WHERE e.outcome = ? AND e.file IS NOT NULL)",
            [.text(word)]
        )
    }

    /// Half a byte at the end of the digits is the upper half.
    static func digest(_ digits: String) -> SQLCondition {
        var low: [UInt8] = []
        for (index, digit) in digits.utf8.enumerated() {
            let value = digit >= 0x61 ? digit - 0x61 + 10 : digit - 0x30
            if index % 2 == 0 { low.append(value << 4) } else { low[index / 2] |= value }
        }
        // The next digest that does not begin so: one more in the last place, with its carry.
        var high = low
        var carry: UInt8 = digits.utf8.count % 2 == 0 ? 1 : 16
        for index in high.indices.reversed() where carry > 0 {
            let (sum, overflow) = high[index].addingReportingOverflow(carry)
            high[index] = sum
            carry = overflow ? 1 : 0
        }
        let below = carry > 0 ? "" : "AND f.sha256 < ?"
        return SQLCondition(
            "a.file IN (SELECT f.id FROM file AS f WHERE f.sha256 >= ? \(below))",
            [.blob(low)] + (carry > 0 ? [] : [.blob(high)])
        )
    }

    private func condition(_ state: Query.State) throws -> SQLCondition {
        switch state {
        case .unreadable:
            return SQLCondition("a.unreadable IS NOT NULL")
        case .damaged:
            return SQLCondition(
                """
                (
                    a.damage IS NOT NULL
                    OR (a.segments > 1 AND a.unreadable IS NULL AND EXISTS (
                        SELECT 1
                          FROM asset_file AS s
                          JOIN file       AS f ON f.id = s.file
                         WHERE s.asset = a.id
                           AND s.role = 'segment'
                           AND s.present = 1
                           AND f.unreadable IS NOT NULL
                    ))
                )
                """
            )
        case .incomplete:
            return SQLCondition("a.incomplete IS NOT NULL")
        case .burst:
            return SQLCondition("a.burst IS NOT NULL")
        case .raw:
            let formats = QueryCompiler.rawFormats.map { "'\($0)'" }.joined(separator: ", ")
            return SQLCondition("a.format IN (\(formats))")
        case .unsorted:
            return SQLCondition(
                """
                NOT EXISTS (
                    SELECT 1
                      FROM asset_session AS x
                      JOIN session       AS s ON s.id = x.session
                     WHERE x.asset = a.id
                       AND x.present = 1
                       AND s.present = 1
                )
                """
            )
        case .untagged:
            return SQLCondition(
                """
                NOT EXISTS (
                    SELECT 1
                      FROM asset_tag AS x
                      JOIN tag       AS t ON t.id = x.tag
                     WHERE x.asset = a.id
                       AND x.present = 1
                       AND t.present = 1
                )
                """
            )
        case .edited:
            return SQLCondition("EXISTS (SELECT 1 FROM edit AS e WHERE e.asset = a.id AND e.present = 1)")
        case .delivered:
            return SQLCondition("a.id IN (SELECT i.asset FROM delivery_item AS i)")
        case .missing:
            return SQLCondition(
                """
                (
                    NOT EXISTS (
                        SELECT 1
                          FROM copy AS c
                         WHERE c.file = a.file
                           AND c.kind = 'archive'
                           AND c.finding <> 'missing'
                    )
                    OR (a.segments > 1 AND EXISTS (
                        SELECT 1
                          FROM asset_file AS s
                         WHERE s.asset = a.id
                           AND s.role = 'segment'
                           AND s.present = 1
                           AND NOT EXISTS (
                               SELECT 1
                                 FROM copy AS c
                                WHERE c.file = s.file
                                  AND c.kind = 'archive'
                                  AND c.finding <> 'missing'
                           )
                    ))
                )
                """
            )
        case .duplicate:
            return SQLCondition(
                """
                a.file IN (
                    SELECT c.file
                      FROM copy AS c
                     WHERE \(QueryCompiler.isGood)
                     GROUP BY c.file, c.volume
                    HAVING count(*) > 1
                )
                """
            )
        case .originalOffline:
            return try originalOffline()
        case .withoutPreview:
            return SQLCondition(
                """
                (
                    a.kind IN ('photo', 'clip')
                    AND NOT EXISTS (SELECT 1 FROM preview AS p WHERE p.file = a.file AND p.failure IS NULL)
                )
                """
            )
        case .warned:
            return SQLCondition("a.id IN (SELECT w.asset FROM warning AS w)")
        case .derived:
            return SQLCondition("a.id IN (SELECT d.asset FROM derivation AS d WHERE d.present = 1)")
        }
    }

    private func originalOffline() throws -> SQLCondition {
        SQLCondition(
            """
            (
                EXISTS (
                    SELECT 1
                      FROM copy AS c
                     WHERE c.file = a.file
                       AND \(QueryCompiler.isGood)
                )
                AND NOT EXISTS (
                    SELECT 1
                      FROM copy AS c
                     WHERE c.file = a.file
                       AND \(QueryCompiler.isGood)
                       AND c.volume IN (SELECT value FROM json_each(?))
                )
            )
            """,
            [QueryCompiler.list(try context.volumesHere())]
        )
    }

    /// A copy that counts: kept, and not found wanting.
    private static let isGood = "c.kind = 'archive' AND c.finding NOT IN ('missing', 'differs', 'unreadable')"

    /// Formats of cameras' raw files, as readings name them.
    static let rawFormats = [
        "3FR", "ARW", "CR2", "CR3", "CRW", "DCR", "DNG", "ERF", "FFF", "GPR", "IIQ", "KDC", "MEF", "MOS",
        "MRW", "NEF",
        "NRW", "ORF", "PEF", "RAF", "RW2", "RWL", "SR2", "SRF", "SRW", "X3F",
    ]

    // MARK: Numbers and dates

    private func numberColumn(_ field: Query.Field) -> String {
        switch field {
        case .iso: "a.iso"
        case .aperture: "a.aperture"
        case .exposure: "a.exposure"
        case .focal: "a.focal_length"
        case .width: "a.width"
        case .height: "a.height"
        case .megapixels: "a.width * a.height / 1e6"
        case .fps: "a.frame_rate"
        case .duration: "a.duration"
        case .captureFps: "a.capture_rate"
        case .depth: "a.bit_depth"
        case .channels: "a.audio_channels"
        // What is in one file is in one segment.
        case .segments: "(CASE WHEN a.kind = 'clip' THEN coalesce(a.segments, 1) END)"
        default: QueryCompiler.copies
        }
    }

    /// Good copies of the original; where a clip has further segments, of the one that has the fewest.
    private static let copies = """
        (CASE WHEN a.segments IS NULL
              THEN (SELECT count(*) FROM copy AS c WHERE c.file = a.file AND \(isGood))
              ELSE (SELECT min((SELECT count(*) FROM copy AS c WHERE c.file = s.file AND \(isGood)))
                      FROM asset_file AS s
                     WHERE s.asset = a.id AND s.role IN ('original', 'segment') AND s.present = 1)
         END)
        """

    private func isWhole(_ field: Query.Field) -> Bool {
        switch field {
        case .iso, .width, .height, .copies, .depth, .channels, .segments: true
        default: false
        }
    }

    /// Everything is below, at, or above a number, and nothing is two of these.
    private func condition(
        _ column: String,
        _ interval: Query.Interval<Query.Quantity>,
        isWhole: Bool
    ) -> SQLCondition {
        func edge(_ quantity: Query.Quantity, _ side: Double) -> Value {
            isWhole ? .integer(Int64(quantity.value)) : .real(quantity.value + side * quantity.tolerance)
        }
        func condition(_ sign: String, _ quantity: Query.Quantity, _ side: Double) -> SQLCondition {
            SQLCondition("\(column) \(sign) ?", [edge(quantity, side)])
        }
        let (after, upTo) = isWhole ? (">", "<=") : (">=", "<")
        switch interval {
        case .at(let value) where isWhole:
            return condition("=", value, 0)
        case .at(let value):
            return .all(of: [condition(">=", value, -1), condition("<", value, 1)])
        case .above(let value): return condition(after, value, 1)
        case .from(let value): return condition(">=", value, -1)
        case .below(let value): return condition("<", value, -1)
        case .upTo(let value): return condition(upTo, value, 1)
        case .between(let low, let high):
            return .all(of: [condition(">=", low, -1), condition(upTo, high, 1)])
        }
    }

    /// Where an interval of dates begins and ends on the wall, in milliseconds; nil where it does not.
    func ends(of interval: Query.Interval<Query.Moment>) -> (start: Int64?, end: Int64?) {
        let now = context.wallNow
        return switch interval {
        case .at(let moment): (moment.resolved(now: now).start, moment.resolved(now: now).end)
        case .above(let moment): (moment.resolved(now: now).end, nil)
        case .from(let moment): (moment.resolved(now: now).start, nil)
        case .below(let moment): (nil, moment.resolved(now: now).start)
        case .upTo(let moment): (nil, moment.resolved(now: now).end)
        case .between(let low, let high): (low.resolved(now: now).start, high.resolved(now: now).end)
        }
    }

    private func condition(_ field: Query.Field, _ interval: Query.Interval<Query.Moment>) -> SQLCondition {
        let (start, end) = ends(of: interval)
        guard field == .taken else {
            // An asset's key begins with the time at which it was minted.
            let key = { (wall: Int64) in QueryCompiler.firstKey(at: context.instant(ofWall: wall)) }
            return within("a.id", start.map(key), end.map(key))
        }
        // `sort_at` is the same time less the offset from UTC: its index finds the range and gives it in order,
        // however long it is. The plus sign leaves the other index alone.
        return .all(of: [
            within(
                walksDates ? "a.sort_at" : "+a.sort_at",
                start.map { $0 - QueryCompiler.widestOffset },
                end.map { $0 + QueryCompiler.widestOffset }
            ),
            within("+a.taken_ms", start, end),
        ])
    }

    /// Zones reach from −12 to +14 hours; cameras that say more are wrong, but not by days.
    static let widestOffset: Int64 = 4 * 86_400_000

    private func within(_ column: String, _ start: Int64?, _ end: Int64?) -> SQLCondition {
        .all(
            of: (start.map { [SQLCondition("\(column) >= ?", [.integer($0)])] } ?? [])
                + (end.map { [SQLCondition("\(column) < ?", [.integer($0)])] } ?? [])
        )
    }

    /// The least key that a clock mints at an instant; keys have room for the years 2010 to 2079.
    static func firstKey(at instant: Int64) -> Int64 {
        let milliseconds = instant - Stamp.epoch
        if milliseconds <= 0 { return 0 }
        return milliseconds >= 1 << 41 ? Int64.max : milliseconds << 22
    }
}
