import Chance
import Testing

@testable import Catalog

@Suite("Templates")
struct TemplateTests {
    static let values: [String: TemplateValue] = [
        "id": .text("3f9a2c1"), "name": .text("L1004220.DNG"), "number": .integer(7), "rating": .integer(-1),
        "taken": .date(1_463_164_925_042), "tags": .list(["people/Iggy Pop", "live"]), "people": .list([]),
        "width": .integer(5_976), "height": .integer(3_992), "title": .text(""),
        "caption": .text("{raw} power"),
        "timecode": .text("12"),
    ]

    @Test(
        "Places are filled",
        arguments: [
            ("{id} {name}", "3f9a2c1 L1004220.DNG"),
            ("{width}x{height}", "5976x3992"),
            ("{number:03}_{title|name}", "007_L1004220.DNG"),
            ("{number:3}|{number}|{rating:03}|{timecode:04}|{name:03}", "  7|7|-01|0012|L1004220.DNG"),
            ("{title|\"Untitled\"}", "Untitled"),
            ("{title|caption|name}", "{raw} power"),
            ("{title}-{place}", "-"),
            ("{people|tags}", "people/Iggy Pop, live"),
            ("{tags:\"; \"}", "people/Iggy Pop; live"),
            ("{tag} {Name}", "people/Iggy Pop, live L1004220.DNG"),
            ("{taken}", "2016-05-13 18:42:05"),
            ("{taken:%Y-%m-%d}", "2016-05-13"),
            ("{taken:%A %e %B %y %j %u}", "Friday 13 May 16 134 5"),
            ("{taken:%I:%M %p %S.%f %a %b %%}", "06:42 PM 05.042 Fri May %"),
            ("{taken:%F %T}", "2016-05-13 18:42:05"),
            ("{imported:%Y|\"undated\"}", "undated"),
            ("{ title | \"a | }\" }", "a | }"),
            ("a\\tb\\nc\\0d\\\\e", "a\tb\nc\0d\\e"),
            ("{{{id}}}", "{3f9a2c1}"),
            ("\\{id\\}", "{id}"),
            ("", ""),
            ("東京 é", "東京 é"),
        ]
    )
    func fills(text: String, expected: String) throws {
        let template = try Template.parse(text)
        #expect(template.render { TemplateTests.values[$0] } == expected)
    }

    @Test("A template says which fields it needs")
    func fields() throws {
        #expect(try Template.parse("{title|name} {taken:%Y} {name}").fields == ["title", "name", "taken"])
    }

    static let mistakes: [(String, String, Int)] = [
        ("{nmae}", "unknown field \"nmae\"; did you mean name?", 2),
        ("a {date}", "unknown field \"date\"; did you mean taken?", 4),
        ("{keyword}", "unknown field \"keyword\"; did you mean tags?", 2),
        ("{zzzzzz}", "unknown field \"zzzzzz\"", 2),
        ("{name", "this { is not closed; for the brace itself write {{", 1),
        ("{", "this { is not closed; for the brace itself write {{", 1),
        ("name}", "this } closes nothing; for the brace itself write }}", 5),
        ("{}", "the name of a field is missing; for the brace itself write {{", 1),
        ("{name|}", "the name of a field is missing; for the brace itself write {{", 1),
        ("{name id}", "here comes |, : or }", 7),
        ("{\"x\"|name}", "nothing is taken after a text in quotes", 5),
        ("{title|\"x}", "this quote is not closed", 8),
        ("{number:x}", "the width is a number from 1 to 50, such as number:03", 9),
        ("{title:%Y}", "title is no date; % has a meaning in dates only", 8),
        ("{taken:03}", "a date is written with letters such as taken:%Y-%m-%d", 8),
        ("{taken:%Q}", "%Q is unknown: %Y %m %d %H %M %S are year to second, %B %A names", 8),
        ("{taken:%}", "a letter is missing after %; for the sign itself write %%", 8),
        ("{name:}", "after : comes how name is written", 7),
        ("a\\q", "\\q is unknown: \\n is a new line, \\t a tab, \\0 a NUL, \\\\ the \\ itself", 2),
        ("a\\", "a \\ at the end takes nothing; for the character itself write \\\\", 2),
    ]

    @Test("A mistake is answered with its place and the nearest right word", arguments: mistakes.indices)
    func mistake(index: Int) {
        let (text, message, column) = TemplateTests.mistakes[index]
        let error = #expect(throws: TemplateError.self, "\(text)") { try Template.parse(text) }
        #expect(error?.message == message)
        #expect(error?.column == column)
        #expect(error?.description.contains("^") == true)
    }

    @Test("A caller may have fields of its own")
    func ownFields() throws {
        let template = try Template.parse(
            "{number:02} {medium}",
            fields: Template.assetFields + [Template.Field("medium", .text, "what it is printed on")]
        )
        #expect(
            template.render { $0 == "medium" ? .text("gelatin silver") : .integer(4) } == "04 gelatin silver"
        )
    }

    @Test("Random characters give a template or a mistake, never a crash", arguments: 0..<300)
    func noise(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let atoms = [
            "{", "}", "|", ":", "\"", "\\", "%", "name", "taken", "number", "03", "Y", " ", "é", "0",
        ]
        let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
            atoms.randomElement(using: &random) ?? ""
        }
        .joined()
        do {
            let template = try Template.parse(text)
            #expect(template.fields.allSatisfy { name in Template.assetFields.contains { $0.name == name } })
            _ = template.render { TemplateTests.values[$0] }
        } catch {
            #expect(error.description.split(separator: "\n").count >= 2, "seed \(seed): \(text)")
        }
    }

    @Test("Fields are called as in queries where both have them")
    func sameNames() {
        let names = Set(Template.assetFields.map(\.name))
        #expect(names.count == Template.assetFields.count)
        // What a query asks with, but no asset has as one value.
        let askedOnly: Set<Query.Field> = [
            .tag, .person, .selection, .gps, .near, .within, .cleared, .held, .delivered, .manifest,
            .similar, .blocked, .submitted, .clearance, .expiring, .review, .recalled,
            .state,
        ]
        for field in Query.Field.allCases where !askedOnly.contains(field) {
            #expect(names.contains(field.rawValue))
        }
        for name in Template.sameNames.values { #expect(names.contains(name)) }
    }
}

@Suite("Dates of the calendar")
struct CivilTimeTests {
    @Test("Every day from 1800 to 2400 is itself again, one day after the last")
    func days() {
        var expected = CivilTime(year: 1800).milliseconds
        for year in 1800..<2400 {
            for month in 1...12 {
                for day in 1...CivilTime.daysIn(month: month, of: year) {
                    let time = CivilTime(year: year, month: month, day: day, hour: 23, minute: 59, second: 58)
                    guard time.milliseconds == expected + 86_398_000,
                        CivilTime(milliseconds: time.milliseconds) == time
                    else {
                        Issue.record("\(year)-\(month)-\(day)")
                        return
                    }
                    expected += 86_400_000
                }
            }
        }
        #expect(CivilTime(year: 1970).milliseconds == 0)
        #expect(CivilTime(year: 2016, month: 5, day: 13).weekday == 5)
        #expect(CivilTime(milliseconds: -1).year == 1969)
    }

    @Test("Distances are told from today, and months end where they end")
    func distances() throws {
        // 2016-03-31T15:00 on the wall.
        let now = CivilTime(year: 2016, month: 3, day: 31, hour: 15).milliseconds
        func start(_ text: String) -> CivilTime? {
            Query.Moment(text).map { CivilTime(milliseconds: $0.resolved(now: now).start) }
        }
        #expect(start("today") == CivilTime(year: 2016, month: 3, day: 31))
        #expect(start("-1m") == CivilTime(year: 2016, month: 2, day: 29))
        #expect(start("-3m") == CivilTime(year: 2015, month: 12, day: 31))
        #expect(start("-2w") == CivilTime(year: 2016, month: 3, day: 17))
        #expect(start("-1y") == CivilTime(year: 2015, month: 3, day: 31))
        #expect(start("-16h") == CivilTime(year: 2016, month: 3, day: 30, hour: 23))
        #expect(Query.Moment("-9999y") != nil)
        #expect(Query.Moment("-10000y") == nil)
        #expect(start("-9999y") != nil)
    }
}
