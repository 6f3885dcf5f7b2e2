internal import Storage

extension QueryCompiler {
    /// Where the text of a field stands.
    private enum Home {
        /// A column, or an expression of columns.
        case column(String)
        /// A column that full-text search knows too, by this name.
        case searched(String, as: String)
        /// A column of other rows: the start of a subquery that gives assets, up to the column.
        case others(String)
    }

    private func home(_ field: Query.Field) -> Home {
        switch field {
        case .title: .searched("a.title", as: "title")
        case .caption: .searched("a.caption", as: "caption")
        case .creator: .searched("a.creator", as: "creator")
        case .place: .searched("a.place", as: "place")
        case .format: .column("a.format")
        case .credit: .column("a.credit")
        case .copyright: .column("a.copyright")
        case .usageTerms: .column("a.usage_terms")
        case .instructions: .column("a.instructions")
        case .label: .column("a.label")
        case .lens: .column("a.lens")
        case .serial: .column("a.serial")
        case .timecode: .column("a.timecode")
        case .reel: .column("a.reel")
        case .burst: .column("a.burst")
        case .codec:
            .column("nullif(rtrim(coalesce(a.codec, '') || ' ' || coalesce(a.codec_profile, '')), '')")
        case .chroma: .column("a.chroma")
        case .look: .column("a.look")
        case .clip: .column("a.clip_name")
        case .umid: .column("a.umid")
        case .media: .column("a.media_id")
        case .audio: .column("a.audio")
        case .color: .column(QueryCompiler.colorWords)
        case .delivered:
            .others(
                "SELECT i.asset FROM delivery AS d JOIN delivery_item AS i ON i.delivery = d.id WHERE d.recipient"
            )
        case .review:
            // Crossed, so that the few reviews are walked, and never the many items.
            .others(
                "SELECT i.asset FROM review AS r CROSS JOIN review_item AS i ON i.review = r.id WHERE r.name")
        default:
            // Companions and sidecars have names, too; and these rows are a tenth of the assets' bytes to walk.
            .others("SELECT n.asset FROM asset_file AS n WHERE n.present = 1 AND n.name")
        }
    }

    /// Everything that a file calls its colours by, one behind the other.
    private static let colorWords =
        "nullif(trim("
        + ["color_profile", "gamma", "gamut", "color"].map { "coalesce(a.\($0), '')" }
        .joined(separator: " || ' ' || ") + "), '')"

    /// A review that is not closed waits for an answer about it.
    private var openReview: SQLCondition {
        SQLCondition(
            """
            a.id IN (
                SELECT i.asset
                  FROM review               AS r
                 CROSS JOIN review_purpose AS p ON p.review = r.id
                 CROSS JOIN review_item    AS i ON i.review = r.id
                 WHERE NOT EXISTS (SELECT 1 FROM review_end AS e WHERE e.review = r.id AND e.present = 1)
                   AND NOT EXISTS (
                           SELECT 1
                             FROM review_answer AS x
                            WHERE x.review  = r.id
                              AND x.number  = i.number
                              AND x.purpose = p.purpose
                              AND x.present = 1
                       )
            )
            """
        )
    }

    /// The text holds the words, or is the whole pattern.
    func condition(_ field: Query.Field, _ pattern: Query.Pattern) -> SQLCondition {
        if field == .review, pattern.literal?.lowercased() == "open" { return openReview }
        if field == .burst, let beginning = pattern.literal { return burst(beginning) }
        switch home(field) {
        case .column(let column):
            return like(pattern) { "\(column) \($0)" }
        case .others(let rows):
            return like(pattern) { "a.id IN (\(rows) \($0))" }
        case .searched(let column, let name):
            // Full text has words and beginnings of words; it finds them among a million assets in milliseconds.
            let isBeginning = pattern.pieces.count == 2 && pattern.pieces[1].isEmpty
            guard pattern.literal != nil || isBeginning, Query.Phrase.isSearchable(pattern.pieces[0]) else {
                return like(pattern) { "\(column) \($0)" }
            }
            let phrase = Query.Phrase(text: pattern.pieces[0], isPrefix: isBeginning)
            return SQLCondition(
                "a.id IN (SELECT rowid FROM asset_text WHERE asset_text MATCH ?)",
                [.text(match(phrase, in: name))]
            )
        }
    }

    /// Its identifier begins so, whether a camera gave it or not; the index finds both.
    private func burst(_ beginning: String) -> SQLCondition {
        let low = beginning
        let marked = Burst.mark + beginning.lowercased()
        let frames = """
                SELECT b.id
                  FROM asset AS b
                 WHERE b.present = 1
                   AND b.burst IS NOT NULL
                   AND b.burst >= ?
                   AND b.burst < ?
            """
        return SQLCondition(
            "a.id IN (\n\(frames)\n     UNION ALL\n\(frames)\n)",
            [low, low + "\u{10FFFF}", marked, marked + "\u{10FFFF}"].map { .text($0) }
        )
    }

    func condition(_ field: Query.Field, exactly text: String) -> SQLCondition {
        if field == .burst {
            return SQLCondition(
                """
                a.id IN (
                    SELECT b.id
                      FROM asset AS b
                     WHERE b.present = 1
                       AND b.burst IS NOT NULL
                       AND b.burst IN (?, ?)
                )
                """,
                [.text(text), .text(Burst.mark + text)]
            )
        }
        return otherCondition(field, exactly: text)
    }

    private func otherCondition(_ field: Query.Field, exactly text: String) -> SQLCondition {
        switch home(field) {
        case .column where field == .codec:
            SQLCondition("a.codec = ?", [.text(text)])
        case .column(let column), .searched(let column, _):
            SQLCondition("\(column) = ?", [.text(text)])
        case .others(let rows):
            SQLCondition("a.id IN (\(rows) = ?)", [.text(text)])
        }
    }

    /// `body` gets what stands right of the column.
    private func like(_ pattern: Query.Pattern, _ body: (String) -> String) -> SQLCondition {
        if pattern.isAnything { return SQLCondition(body("<> ''")) }
        let isPart = pattern.literal != nil
        let conditions = QueryCompiler.cases(of: pattern).map { pieces in
            let escaped = pieces.map { piece in
                piece.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
            }
            let whole = escaped.joined(separator: "%")
            return SQLCondition(body(#"LIKE ? ESCAPE '\'"#), [.text(isPart ? "%\(whole)%" : whole)])
        }
        return .any(of: conditions)
    }

    /// SQLite's LIKE takes e for E but not é for É: such words are looked for as written, small and in capitals.
    private static func cases(of pattern: Query.Pattern) -> [[String]] {
        let spellings = [
            pattern.pieces, pattern.pieces.map { $0.lowercased() }, pattern.pieces.map { $0.uppercased() },
        ]
        guard !pattern.pieces.allSatisfy({ $0.utf8.allSatisfy { $0 < 0x80 } }) else {
            return [pattern.pieces]
        }
        var distinct: [[String]] = []
        for spelling in spellings where !distinct.contains(spelling) { distinct.append(spelling) }
        return distinct
    }
}
