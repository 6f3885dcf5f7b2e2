import Testing

@testable import Catalog

@Suite("Mistakes in queries")
struct QueryMistakeTests {
    /// Text, what is said about it, and what the caret points at.
    static let mistakes: [(String, String, String)] = [
        ("sesion:desert", #"unknown field "sesion"; did you mean session?"#, "sesion"),
        ("date:2016", #"unknown field "date"; did you mean taken?"#, "date"),
        ("stars>=4", #"unknown field "stars"; did you mean rating?"#, "stars"),
        ("http://x", #"unknown field "http"; to look for the text, write "http://x""#, "http"),
        ("kind:foto", #"kind: is one of photo, clip, sound, not "foto"; did you mean photo?"#, "foto"),
        ("kind:video", #"kind: is one of photo, clip, sound, not "video"; did you mean clip?"#, "video"),
        (
            "is:unsroted",
            #"is: is one of unreadable, damaged, unsorted, untagged, raw, edited, delivered, missing, incomplete, burst, duplicate, original-offline, without-preview, warned, derived, not "unsroted"; did you mean unsorted?"#,
            "unsroted"
        ),
        (
            "cleared:exibit",
            #"cleared: is one of exhibit, press, edit, web, print, not "exibit"; did you mean exhibit?"#,
            "exibit"
        ),
        ("held:maybe", #"held: is yes or no, not "maybe""#, "maybe"),
        ("rating>=6", #"rating is 0 to 5 stars, or -1 for rejected, not "6""#, "6"),
        ("rating >= 4", "a field is missing before >, with no space between: rating>=4", ">"),
        ("rating>= 4", "a value is missing after rating>=; it follows without a space", "="),
        ("rating=4", "= sets a value; to look for one, write rating:", "="),
        ("kind:held", "kind: is one of photo, clip, sound, not \"held\"; did you mean state:held?", "held"),
        ("kind:burst", "kind: is one of photo, clip, sound, not \"burst\"; did you mean is:burst?", "burst"),
        ("kind>photo", "kind has no order; write kind:", ">"),
        ("iso:1.5", #"iso is a whole number, such as iso>=1600, not "1.5""#, "1.5"),
        ("iso:1600..100", "this range ends before it begins; turn it round: 100..1600", "1600..100"),
        ("taken:2017..2016", "this range ends before it begins; turn it round: 2016..2017", "2017..2016"),
        (
            "taken:13.5.2016",
            #""13.5.2016" is not a date: write 2016, 2016-05, 2016-05-13 or 2016-05-13T18:42, or -2w for two weeks ago"#,
            "13.5.2016"
        ),
        (
            "taken:2016-02-30",
            #""2016-02-30" is not a date: write 2016, 2016-05, 2016-05-13 or 2016-05-13T18:42, or -2w for two weeks ago"#,
            "2016-02-30"
        ),
        ("imported:-2w", "-2w is a distance; since then is imported:-2w..", "-2w"),
        ("duration>1min", #"duration is a length, such as 90s, 1m30s or 1:30, not "1min""#, "1min"),
        (
            "exposure:1/0", #"exposure is seconds or a fraction of one, such as exposure:1/250, not "1/0""#,
            "1/0"
        ),
        ("id:xyz", "an id is 4 to 64 of the digits 0–9 and a–f", "xyz"),
        ("-crew desert", "a word cannot begin with -; to leave it out, write not crew", "-crew"),
        ("desert (a or b", "this ( is not closed", "("),
        ("desert) a", "this ) closes nothing", ")"),
        ("a or", "or needs something after it; to look for the word, write \"or\"", "or"),
        ("or a", "or needs something before it; to look for the word, write \"or\"", "or"),
        ("a or and b", "or cannot be followed by and", "and"),
        ("not", "not needs something after it; to look for the word, write \"not\"", "not"),
        ("()", "there is nothing in these parentheses", "()"),
        ("\"raw power", "this quote is not closed", "\""),
        ("title:", "a value is missing after title:, such as title:desert", ":"),
        ("title:\"\"", "a value is missing after title:; without any: not title:*", "\"\""),
        ("tag:(a|b)", "a value cannot begin with (; alternatives are written tag:a|b", "("),
        ("gu*ar", "in text, * can stand only at the end of a word; in names anywhere: name:*_2016*", "gu*ar"),
        ("*", "* alone says nothing; all means everything", "*"),
        ("desert & guitar", "there is no letter or digit here to look for", "&"),
        ("", "nothing is asked; all means everything", ""),
        ("rating:4|", "a value is missing after rating:, such as rating>=4", "|"),
    ]

    @Test("A word that another field takes is answered with that field")
    func otherField() {
        for (text, meant) in [
            ("is:clip", "kind:clip"), ("is:video", "kind:clip"), ("is:held", "state:held"),
            ("is:picked", "pick:picked"),
            ("is:offline", "original-offline"), ("kind:raw", "is:raw"), ("is:brust", "burst"),
        ] {
            let error = #expect(throws: QueryError.self) { try Query.parse(text) }
            #expect(error?.suggestion == meant, "\(text)")
        }
    }

    @Test(
        "A mistake is answered with its place, what was expected, and the nearest right word",
        arguments: mistakes.indices
    )
    func answer(index: Int) {
        let (text, message, place) = QueryMistakeTests.mistakes[index]
        let error = #expect(throws: QueryError.self, "\(text)") { try Query.parse(text) }
        #expect(error?.message == message)
        let pointed = error.map { String(String.UnicodeScalarView($0.mistake.source[$0.mistake.place])) }
        #expect(pointed == place)
    }

    @Test("The caret stands under the place")
    func caret() throws {
        let error = #expect(throws: QueryError.self) { try Query.parse("desert sesion:x") }
        #expect(
            error?.description == """
                unknown field "sesion"; did you mean session?
                  desert sesion:x
                         ^^^^^^
                """
        )
        #expect(error?.column == 8)
        #expect(error?.suggestion == "session")
    }

    @Test("The caret is right behind wide letters, accents, tabs and a long beginning")
    func caretColumns() throws {
        let wide = #expect(throws: QueryError.self) { try Query.parse("東京 e\u{301}\tsesion:x") }
        #expect(wide?.excerpt == "  東京 e\u{301} sesion:x\n         ^^^^^^")
        let long = String(repeating: "desert ", count: 30) + "sesion:x"
        let error = #expect(throws: QueryError.self) { try Query.parse(long) }
        let lines = (error?.excerpt ?? "").split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("  …") == true)
        let caret = lines.last?.firstIndex(of: "^").map {
            lines[1].distance(from: lines[1].startIndex, to: $0)
        }
        let word = lines.first?.firstRange(of: "sesion").map {
            lines[0].distance(from: lines[0].startIndex, to: $0.lowerBound)
        }
        #expect(caret == word)
    }
}
