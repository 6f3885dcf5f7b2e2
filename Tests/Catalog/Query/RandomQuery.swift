import Chance
@testable import Catalog

/// Trees of any shape that the parser can give.
enum RandomQuery {
    static func node(_ random: inout SeededRandom, depth: Int) -> Query.Node {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &random) {
        case 0: return .text(phrase(&random))
        case 1: return .all
        case 2...5: return field(&random)
        case 6: return .not(node(&random, depth: depth - 1))
        case 7, 8: return .and(nodes(&random, depth))
        default: return .or(nodes(&random, depth))
        }
    }

    private static func nodes(_ random: inout SeededRandom, _ depth: Int) -> [Query.Node] {
        (0..<Int.random(in: 2...4, using: &random)).map { _ in node(&random, depth: depth - 1) }
    }

    private static func phrase(_ random: inout SeededRandom) -> Query.Phrase {
        let words = [
            "desert", "raw power", "or", "all", "AC/DC", "don't", "100%", "a\"b", "c\\d", "x*y", "é", "-x",
            "k:v",
        ]
        return Query.Phrase(
            text: words.randomElement(using: &random) ?? "a",
            isPrefix: Bool.random(using: &random)
        )
    }

    private static func field(_ random: inout SeededRandom) -> Query.Node {
        let field = Query.Field.allCases.randomElement(using: &random) ?? .kind
        let count = Int.random(in: 1...3, using: &random)
        switch field.shape {
        case .choice(let words):
            return .field(field, .words((0..<count).map { _ in words.randomElement(using: &random) ?? "" }))
        case .span:
            let spans = ["12h", "30d", "2w", "6m", "9999y"]
            return .field(field, .words((0..<count).map { _ in spans.randomElement(using: &random) ?? "" }))
        case .digest:
            let digits = ["3f9a", "ffff", "0000", "abcde", "3f9a2c7", String(repeating: "f", count: 64)]
            return .field(field, .words((0..<count).map { _ in digits.randomElement(using: &random) ?? "" }))
        case .text, .name, .path:
            if Bool.random(using: &random) {
                return .field(field, .exactly((0..<count).map { _ in text(&random) }))
            }
            return .field(
                field,
                .like(
                    (0..<count).map { _ in
                        let stars = Int.random(in: 0...2, using: &random)
                        return Query.Pattern(
                            pieces: (0...stars).map { _ in text(&random, canBeEmpty: stars > 0) }
                        )
                    }
                )
            )
        case .number(let unit):
            return .field(field, .numbers((0..<count).map { _ in interval(numbers(unit), &random) }))
        case .circle:
            let circles =
                ["34.1,-116.3,5km", "-90,180,1m", "abcd,2.5mi", "3f9a2c,20000km"].compactMap {
                    try? Query.Circle($0, isQuoted: false)
                }
                + ["Joshua Tree,5km", "a \"b\\c*,d,500m", "cafe,1km"].compactMap {
                    try? Query.Circle($0, isQuoted: true)
                }
            return .field(
                field, .near((0..<count).map { _ in circles.randomElement(using: &random) ?? circles[0] }))
        case .area:
            let areas = ["34,-117,35,-116", "-90,-180,90,180", "-18,179,-17,-179"].compactMap {
                Query.Area($0)
            }
            return .field(
                field, .within((0..<count).map { _ in areas.randomElement(using: &random) ?? areas[0] }))
        case .date:
            let moments = [
                "2016", "2016-02", "2016-02-29", "2016-05-13t18:42", "2016-05-13 18", "today", "2017-01-01",
            ]
            .compactMap { Query.Moment($0) }
            return .field(field, .dates((0..<count).map { _ in interval(moments, &random) }))
        }
    }

    private static func text(_ random: inout SeededRandom, canBeEmpty: Bool = false) -> String {
        let texts = [
            "L100", "Leica M", "people/Iggy Pop", "%", "a_b", "x*y", "\"q\"", "\\", "(", "a|b", "..", "not",
            "É",
        ]
        if canBeEmpty, Bool.random(using: &random) { return "" }
        return texts.randomElement(using: &random) ?? "a"
    }

    private static func numbers(_ unit: Query.Unit) -> [Query.Quantity] {
        ["0", "1", "4", "24", "400", "1.5", "1/250", "1m30s", "23.976", "2.8", "-1"].compactMap {
            Query.Quantity($0, unit: unit)
        }
    }

    /// Low before high, as the parser insists; the values come in order.
    private static func interval<Value>(_ values: [Value], _ random: inout SeededRandom)
        -> Query.Interval<Value>
    {
        let low = values[Int.random(in: 0..<values.count, using: &random)]
        return switch Int.random(in: 0..<6, using: &random) {
        case 0: .at(low)
        case 1: .above(low)
        case 2: .from(low)
        case 3: .below(low)
        case 4: .upTo(low)
        default: .between(low, low)
        }
    }
}
