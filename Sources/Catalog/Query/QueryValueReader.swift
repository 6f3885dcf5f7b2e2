/// One value of a term as it stands in the text.
struct QueryValue {
    /// What stands between its stars.
    var pieces: [String]
    var isQuoted: Bool
    /// The operator that holds for it: `:`, `:=`, `<`, `<=`, `>` or `>=`.
    var order: String
    var place: Range<Int>
}

/// Makes of written values what their field understands.
struct QueryValueReader {
    let source: [Unicode.Scalar]
    let field: Query.Field

    func test(_ values: [QueryValue], operation: String) throws(Mistake) -> Query.Test {
        switch field.shape {
        case .choice(let words):
            var chosen: [String] = []
            for value in values { chosen.append(try word(value, among: words)) }
            return .words(chosen)
        case .digest:
            var digits: [String] = []
            for value in values { digits.append(try digest(value)) }
            return .words(digits)
        case .span:
            var spans: [String] = []
            for value in values { spans.append(try span(value)) }
            return .words(spans)
        case .text, .name, .path:
            if operation == ":=" { return .exactly(values.map { $0.pieces.joined(separator: "*") }) }
            return .like(values.map { Query.Pattern(pieces: $0.pieces) })
        case .number(let unit):
            var intervals: [Query.Interval<Query.Quantity>] = []
            for value in values {
                let read = { (text: String) throws(Mistake) in try quantity(text, unit, value) }
                intervals.append(try interval(value, read, isOrdered: { $0.value <= $1.value }))
            }
            return .numbers(intervals)
        case .date:
            var intervals: [Query.Interval<Query.Moment>] = []
            for value in values {
                let read = { (text: String) throws(Mistake) in try moment(text, value) }
                let dates = try interval(value, read, isOrdered: areOrdered)
                if case .at(let moment) = dates, moment.isDistance {
                    throw mistake(
                        "\(moment.spelling) is a distance; since then is \(field.rawValue):\(moment.spelling)..",
                        value
                    )
                }
                intervals.append(dates)
            }
            return .dates(intervals)
        case .circle:
            var circles: [Query.Circle] = []
            for value in values { circles.append(try circle(value)) }
            return .near(circles)
        case .area:
            var areas: [Query.Area] = []
            for value in values { areas.append(try area(value)) }
            return .within(areas)
        }
    }

    // MARK: Places

    private func circle(_ value: QueryValue) throws(Mistake) -> Query.Circle {
        let text = value.pieces.joined(separator: "*")
        do throws(Query.Circle.Fault) {
            return try Query.Circle(text, isQuoted: value.isQuoted)
        } catch {
            switch error {
            case .noDistance:
                throw mistake("how near? A distance belongs behind the place: \(field.example)", value)
            case .distance(let written):
                throw mistake(
                    "\"\(written)\" is no distance: write 500m, 5km or 3mi, such as \(field.example)", value)
            case .middle(let written):
                throw mistake(
                    "\"\(written)\" is no place: write degrees north and east, an id, or a session's name or place; "
                        + "such as \(field.example)", value)
            }
        }
    }

    private func area(_ value: QueryValue) throws(Mistake) -> Query.Area {
        let text = value.pieces.joined(separator: "*")
        if let area = Query.Area(text) { return area }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Query.trimmed($0) }
        if parts.count == 4,
            Query.Area([parts[2], parts[1], parts[0], parts[3]].joined(separator: ",")) != nil
        {
            throw mistake("its north lies south of its south; an area is south,west,north,east", value)
        }
        throw mistake(
            "\"\(text)\" is no area: write degrees south,west,north,east, such as \(field.example)", value)
    }

    // MARK: Words

    private func word(_ value: QueryValue, among words: [String]) throws(Mistake) -> String {
        let written = value.pieces.joined(separator: "*")
        let lowered = written.lowercased()
        if words.contains(lowered) { return lowered }
        let near = QueryValueReader.otherWords[lowered].flatMap { words.contains($0) ? $0 : nil }
        let nearest = near ?? otherTerm(for: lowered) ?? nearestWord(to: lowered, among: words)
        let choice =
            words.count == 2 ? words.joined(separator: " or ") : "one of " + words.joined(separator: ", ")
        throw Mistake(
            "\(field.rawValue): is \(choice), not \"\(written)\"",
            in: source,
            at: value.place,
            suggestion: nearest
        )
    }

    /// The term of another field that says what this one cannot: `kind:clip` for `is:clip`, `state:held` for `is:held`.
    private func otherTerm(for written: String) -> String? {
        let word = QueryValueReader.otherWords[written] ?? written
        let takers = Query.Field.allCases.filter { other in
            if other != field, case .choice(let words) = other.shape { words.contains(word) } else { false }
        }
        if takers.count == 1 { return "\(takers[0].rawValue):\(word)" }
        return Query.Field(rawValue: written).flatMap { $0 == field ? nil : $0.example }
    }

    private static let otherWords: [String: String] = [
        "foto": "photo", "image": "photo", "still": "photo", "picture": "photo", "photograph": "photo",
        "video": "clip",
        "movie": "clip", "film": "clip", "footage": "clip", "audio": "sound", "true": "yes", "1": "yes",
        "false": "no", "0": "no", "exhibition": "exhibit", "broken": "damaged", "double": "duplicate",
        "offline": "original-offline", "lost": "missing", "exported": "delivered", "pick": "picked",
        "reject": "rejected", "no-preview": "without-preview", "unpreviewed": "without-preview",
    ]

    private func digest(_ value: QueryValue) throws(Mistake) -> String {
        let digits = value.pieces.joined(separator: "*").lowercased()
        guard (4...64).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { throw mistake("an id is 4 to 64 of the digits 0–9 and a–f", value) }
        return digits
    }

    private func span(_ value: QueryValue) throws(Mistake) -> String {
        let written = value.pieces.joined(separator: "*").lowercased()
        guard Query.spanMilliseconds(written) != nil else {
            throw mistake("\(field.rawValue) is a span of time: 12h, 30d, 2w, 6m or 1y", value)
        }
        return written
    }

    // MARK: What is ordered

    private func interval<Value>(
        _ value: QueryValue,
        _ read: (String) throws(Mistake) -> Value,
        isOrdered: (Value, Value) -> Bool
    ) throws(Mistake) -> Query.Interval<Value> {
        guard value.pieces.count == 1 else {
            throw mistake("* means nothing in \(field.rawValue); a range is a..b", value)
        }
        let written = trimmed(value.pieces[0][...])
        guard let dots = written.firstRange(of: "..") else {
            let bound = try read(written)
            switch value.order {
            case ">": return .above(bound)
            case ">=": return .from(bound)
            case "<": return .below(bound)
            case "<=": return .upTo(bound)
            default: return .at(bound)
            }
        }
        guard value.order == ":" else {
            throw mistake("a range has no \(value.order); write \(field.rawValue):\(written)", value)
        }
        let low = trimmed(written[..<dots.lowerBound])
        let high = trimmed(written[dots.upperBound...])
        if low.isEmpty && high.isEmpty {
            throw mistake("a range needs at least one end: \(field.example)", value)
        }
        if high.isEmpty { return .from(try read(low)) }
        if low.isEmpty { return .upTo(try read(high)) }
        let (first, last) = (try read(low), try read(high))
        guard isOrdered(first, last) else {
            throw mistake("this range ends before it begins; turn it round: \(high)..\(low)", value)
        }
        return .between(first, last)
    }

    private func quantity(
        _ text: String,
        _ unit: Query.Unit,
        _ value: QueryValue
    ) throws(Mistake) -> Query.Quantity {
        if let quantity = Query.Quantity(text, unit: unit) { return quantity }
        let expected =
            switch unit {
            case .whole: "a whole number, such as \(field.example)"
            case .stars: "0 to 5 stars, or -1 for rejected"
            case .aperture: "an f-number, such as aperture:2.8"
            case .seconds: "a length, such as 90s, 1m30s or 1:30"
            case .exposure: "seconds or a fraction of one, such as exposure:1/250"
            case .millimetres: "millimetres, such as focal:50"
            case .megapixels: "millions of pixels, such as megapixels>=24"
            case .framesPerSecond: "frames a second, such as fps:24 or fps:23.976"
            }
        throw mistake("\(field.rawValue) is \(expected), not \"\(text)\"", value)
    }

    private func moment(_ text: String, _ value: QueryValue) throws(Mistake) -> Query.Moment {
        if let moment = Query.Moment(text) { return moment }
        throw Mistake(
            "\"\(text)\" is not a date: write 2016, 2016-05, 2016-05-13 or 2016-05-13T18:42, or -2w for two weeks ago",
            in: source,
            at: value.place,
            suggestion: nearestWord(to: text.lowercased(), among: ["today", "yesterday"])
        )
    }

    /// Only dates can be compared before the query is run; distances depend on now.
    private func areOrdered(_ first: Query.Moment, _ last: Query.Moment) -> Bool {
        guard case .fixed(let start, _) = first.meaning, case .fixed(_, let end) = last.meaning else {
            return true
        }
        return start < end
    }

    private func trimmed(_ text: Substring) -> String {
        let kept = text.drop(while: \.isWhitespace)
        guard let end = kept.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(kept[...end])
    }

    private func mistake(_ message: String, _ value: QueryValue) -> Mistake {
        Mistake(message, in: source, at: value.place)
    }
}
