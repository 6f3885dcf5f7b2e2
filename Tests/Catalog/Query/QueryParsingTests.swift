import Chance
import Testing

@testable import Catalog

@Suite("Reading queries")
struct QueryParsingTests {
    @Test(
        "A query is written back in its plainest form",
        arguments: [
            ("all", "all"),
            ("desert", "desert"),
            ("Desert  guitar", "Desert guitar"),
            ("\"raw power\"", "\"raw power\""),
            ("“raw power”", "\"raw power\""),
            ("guit*", "guit*"),
            ("AC/DC", "AC/DC"),
            ("a or b c", "a or (b c)"),
            ("a AND b", "a b"),
            ("(a or b) c", "(a or b) c"),
            ("not (a b)", "not (a b)"),
            ("not(a or b)", "not (a or b)"),
            ("not not a", "not not a"),
            ("\"or\"", "\"or\""),
            (
                "session:desert kind:photo rating>=4 not tag:people/Crew",
                "session:desert kind:photo rating>=4 not tag:people/Crew"
            ),
            ("Kind:PHOTO|clip", "kind:photo|clip"),
            ("kind!=photo", "not kind:photo"),
            ("taken:2016-01..2016-03", "taken:2016-01..2016-03"),
            ("taken:2016..", "taken>=2016"),
            ("taken:..2016", "taken<=2016"),
            ("taken:\"2016-05-13 18:42\"", "taken:\"2016-05-13 18:42\""),
            ("imported:-2w..", "imported>=-2w"),
            ("iso:>=1600", "iso>=1600"),
            ("iso:100|200..400|>3200", "iso:100|200..400|>3200"),
            ("exposure<1/250", "exposure<1/250"),
            ("camera:\"Leica M\"", "camera:\"Leica M\""),
            ("name:L100*", "name:L100*"),
            ("name:\\*", "name:\"\\*\""),
            ("name:IMG_1(2).jpg", "name:\"IMG_1(2).jpg\""),
            ("tag:=people", "tag:=people"),
            ("tag:=people|\"place/Royal Albert Hall\"", "tag:=people|\"place/Royal Albert Hall\""),
            ("tag:people/Crew|people/Band", "tag:people/Crew|people/Band"),
            ("title:*", "title:*"),
            ("timecode:01:00:*", "timecode:\"01:00:*\""),
            ("id:3F9A2C", "id:3f9a2c"),
            (
                "cleared:exhibit held:no copies<2 duration>1m is:unreadable",
                "cleared:exhibit held:no copies<2 duration>1m is:unreadable"
            ),
            ("is:original-offline", "is:original-offline"),
            ("usage-terms:press", "usage-terms:press"),
            ("Björk", "Björk"),
            ("12:30", "\"12:30\""),
            ("rating:-1", "rating:-1"),
        ]
    )
    func plainForm(text: String, plain: String) throws {
        let query = try Query.parse(text)
        #expect(query.description == plain)
        #expect(try Query.parse(plain) == query)
    }

    @Test("Random queries are written so that they parse to themselves", arguments: 0..<400)
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let query = Query(root: RandomQuery.node(&random, depth: 4))
        let text = query.description
        let again = try Query.parse(text)
        #expect(again == query, "seed \(seed): \(text) became \(again)")
    }

    @Test("Random characters give a query or a mistake, never a crash", arguments: 0..<400)
    func noise(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let atoms = [
            "(", ")", " ", "or", "not", "and", "\"", "\\", "*", "|", "..", "-", ":", ":=", ">", "<=", "!=",
            "!", "kind",
            "tag", "taken", "rating", "2016", "-2w", "1/250", "é", "e\u{301}", "“", "”", "\u{0}", "\n", "👩‍🚀",
            "id", "ffff",
        ]
        let text = (0..<Int.random(in: 1...20, using: &random)).map { _ in
            atoms.randomElement(using: &random) ?? ""
        }
        .joined()
        do {
            let query = try Query.parse(text)
            #expect((try? Query.parse(query.description)) == query, "seed \(seed): \(text)")
        } catch {
            #expect(error.description.split(separator: "\n").count == 3, "seed \(seed): \(error)")
        }
    }

    @Test("Parentheses beyond measure are refused, not followed")
    func depth() {
        let many = String(repeating: "(", count: 60_000)
        #expect(throws: QueryError.self) { try Query.parse(many) }
        let more = String(repeating: "(", count: 100_000)
        #expect(throws: QueryError.self) { try Query.parse(more) }
        let nots = String(repeating: "not ", count: 10_000) + "a"
        #expect(throws: QueryError.self) { try Query.parse(nots) }
        let words = Array(repeating: "a", count: 501).joined(separator: " ")
        #expect(throws: QueryError.self) { try Query.parse(words) }
    }

    @Test("What is allowed at the most is read and written")
    func limits() throws {
        let deep =
            String(repeating: "(", count: Query.deepest) + "a" + String(repeating: ")", count: Query.deepest)
        #expect(try Query.parse(deep).description == "a")
        let words = Array(repeating: "a", count: 500).joined(separator: " or ")
        #expect(try Query.parse(words).description == words)
    }

    @Test(
        "Words of a command line keep their spaces",
        arguments: [
            (["camera:Leica M", "rating>=4"], "camera:\"Leica M\" rating>=4"),
            (["raw power"], "\"raw power\""),
            (["not", "tag:people/Iggy Pop"], "not tag:\"people/Iggy Pop\""),
            (["session:desert rating>=4"], "session:desert rating>=4"),
            (["not tag:people/Crew"], "not tag:people/Crew"),
            (["kind:photo", "session:a or rating>=4"], "kind:photo (session:a or rating>=4)"),
            (["(", "kind:photo", "or", "kind:clip", ")", "x"], "(kind:photo or kind:clip) x"),
            (["session:Royal Albert Hall|Rancho"], "session:\"Royal Albert Hall\"|Rancho"),
            (["session:\"Royal Albert Hall\""], "session:\"Royal Albert Hall\""),
            (["tag:=people/Iggy Pop"], "tag:=\"people/Iggy Pop\""),
            (["taken:2016-05-13 18:42"], "taken:\"2016-05-13 18:42\""),
            (["taken:2016-01 .. 2016-03"], "taken:2016-01..2016-03"),
            (["not", "camera!=Leica M"], "not not camera:\"Leica M\""),
            (["name:L 100*"], "name:\"L 100*\""),
            (["desert", "guitar"], "desert guitar"),
        ]
    )
    func words(words: [String], plain: String) throws {
        #expect(try Query(words: words).description == plain)
    }

    @Test("Every example of the help is a query, and every field and word is explained")
    func help() throws {
        for entry in QueryHelp.fields + QueryHelp.states + QueryHelp.grammar {
            #expect(throws: Never.self, "\(entry.example)") { try Query.parse(entry.example) }
            #expect(!entry.meaning.isEmpty)
        }
        let text = QueryHelp.text()
        for field in Query.Field.allCases {
            #expect(text.contains("  \(field.rawValue) "))
            #expect(QueryHelp.markdown().contains("| `\(field.rawValue)` |"))
        }
        for word in Query.Field.otherWords.values { #expect(Query.Field(rawValue: word) != nil) }
    }
}
