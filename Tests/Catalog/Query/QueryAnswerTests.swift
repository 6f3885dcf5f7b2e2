import Storage
import Testing

@testable import Catalog

@Suite("What queries choose")
struct QueryAnswerTests {
    /// Eight assets, each of which has something that no other has.
    static func archive() throws -> SmallArchive {
        func wall(_ text: String) -> Int64? { Query.Moment(text)?.resolved(now: 0).start }
        var one = SmallAsset(number: 1, name: "L1004220.DNG", digits: "3f9a2c11")
        one.format = "DNG"
        one.taken = wall("2016-03-31t23:59:59")
        one.rating = 5
        one.iso = 1600
        one.pick = 1
        one.size = (5976, 3992)
        one.numbers = [
            "exposure": 1.0 / 250, "aperture": 2.828, "focal_length": 50, "latitude": 34, "longitude": -116,
        ]
        one.texts = [
            "make": "LEICA CAMERA AG", "model": "LEICA M (Typ 240)", "lens": "Summilux-M 50",
            "serial": "4321",
            "title": "Desert road", "caption": "Raw power in the desert", "creator": "Andreas Neumann",
            "label": "Red",
            "place": "Joshua Tree, California", "copyright": "© 2016", "credit": "House archive",
        ]
        one.tags = ["people/Iggy Pop", "place/Joshua Tree"]
        one.sessions = ["Desert"]
        one.selections = ["raw-power"]
        one.copies = [(1, "archive", "verified"), (2, "archive", "recorded")]
        one.companion = "L1004220.JPG"
        one.isEdited = true
        one.listed = ("matched", "mismatched")

        var two = SmallAsset(number: 2, name: "C0001_100%.MP4", digits: "3f9a2d")
        two.kind = "clip"
        two.format = "QuickTime"
        two.taken = wall("2016-04-01")
        two.rating = 0
        two.size = (3840, 2160)
        two.numbers = ["frame_rate": 24_000.0 / 1_001, "duration": 61.2]
        two.texts = [
            "codec": "prores", "codec_profile": "HQ", "timecode": "01:00:00:00", "reel": "A001C003",
            "title": "Édith",
            "instructions": "Embargo until June", "usage_terms": "Editorial only", "make": "Sony",
        ]
        two.tags = ["people/Josh Homme", "Édith"]
        two.sessions = ["Desert night"]
        two.copies = [(1, "archive", "recorded"), (1, "archive", "recorded"), (2, "source", "recorded")]
        two.recipients = ["Le Monde"]

        var three = SmallAsset(number: 3, name: "take.wav", digits: "3f9a2d")
        three.kind = "sound"
        three.format = "WAV"
        three.taken = wall("2016-05-13t18:42:30")
        three.numbers = ["duration": 59]
        three.tags = ["people"]
        three.sessions = ["Royal Albert Hall"]
        three.copies = [(2, "archive", "verified")]
        three.listed.original = "unlisted"

        var four = SmallAsset(number: 4, name: "a_b.jpg", digits: "ffff")
        four.taken = wall("2017")
        four.rating = 3
        four.iso = 400
        four.pick = -1
        four.numbers = ["frame_rate": 25, "exposure": 1.0 / 251, "aperture": 4]
        four.tags = ["peopleless"]
        four.copies = [(1, "archive", "missing")]
        four.listed.original = "matched"

        var five = SmallAsset(number: 5, name: "axb.jpg", digits: "fff0")
        five.rating = -1
        five.texts = ["unreadable": "no picture in it", "damage": "cut short"]
        five.copies = [(1, "archive", "differs")]

        var six = SmallAsset(number: 6, name: "gone.jpg", digits: "aaaa")
        six.isPresent = false
        six.rating = 5
        six.tags = ["people"]
        return try SmallArchive([one, two, three, four, five, six])
    }

    @Test(
        "Each field answers",
        arguments: [
            ("all", [1, 2, 3, 4, 5]), ("not all", []),
            ("desert", [1, 2]), ("\"raw power\"", [1]), ("\"power raw\"", []), ("road desert", [1]),
            ("neum*", [1]),
            ("edith", [2]), ("L1004220", [1]), ("\"a AND b\"", []), ("\"NEAR(\"", []),
            ("kind:clip", [2]), ("kind:photo", [1, 4, 5]), ("kind:clip|sound", [2, 3]),
            ("kind!=photo", [2, 3]),
            ("session:desert", [1]), ("session:des", [1, 2]), ("session:DESERT*", [1, 2]),
            ("session:*albert*", [3]),
            ("session:=desert", []), ("session:=Desert", [1]), ("session:none", []), ("session:rancho", []),
            ("tag:people", [1, 2, 3]), ("tag:=people", [3]), ("tag:\"iggy pop\"", [1]), ("tag:Iggy*", [1]),
            ("tag:people/josh*", [2]), ("tag:édith", [2]), ("tag:e\u{301}dith", [2]), ("tag:pop", []),
            ("tag:*pop", [1]),
            ("tag:\"joshua tree\"", [1]), ("tag:peopleless|place", [1, 4]), ("not tag:people", [4, 5]),
            ("person:\"Iggy Pop\"", [1]), ("person:=\"Iggy Pop\"", [1]), ("person:people", []),
            ("person:*", [1, 2]),
            ("selection:raw-power", [1]), ("selection:raw", [1]),
            ("taken:2016", [1, 2, 3]), ("taken:2016-01..2016-03", [1]), ("taken:2016-03-31", [1]),
            ("taken>2016-03", [2, 3, 4]), ("taken>=2016-04..", []), ("taken<=2016-04-01", [1, 2]),
            ("taken<2016-04", [1]),
            ("taken:2016-05-13T18:42", [3]), ("taken:2016-05-13T18", [3]), ("taken:2016-05-13T18:42:31", []),
            ("imported:2016-06-15T11:00:00.000", [3]), ("imported:2016-06-15T11:00:00.001..", [1, 2]),
            ("taken:-6m..", [1, 2, 3, 4]), ("taken:-5w..today", [3]), ("not taken:1900..2100", [5]),
            ("imported:today", [1, 2, 3, 4, 5]), ("imported:-2h..", [1, 2]), ("imported:yesterday", []),
            ("imported:2016-06-15T11", [3]), ("imported<2016-06-15T10", [5]),
            ("imported:..9999", [1, 2, 3, 4, 5]),
            ("name:L100*", [1]), ("name:100", [1, 2]), ("name:100%", [2]), ("name:a_b", [4]),
            ("name:a*b.jpg", [4, 5]),
            ("name:*.JPG", [1, 4, 5]), ("name:=l1004220.dng", []), ("name:=L1004220.JPG", [1]),
            ("format:dng", [1]), ("format:quick*", [2]),
            ("id:3f9a", [1, 2, 3]), ("id:3f9a2", [1, 2, 3]), ("id:3f9a2c", [1]), ("id:3F9A2D", [2, 3]),
            ("id:ffff", [4]),
            ("id:fff0|3f9a2c1", [1, 5]), ("id:fffff", []),
            ("title:road", [1]), ("title:desert*", [1]), ("title:*road", [1]), ("title:EDITH", [2]),
            ("title:*", [1, 2]),
            ("title:=\"Desert road\"", [1]), ("title:=\"desert road\"", []), ("title:raw", []),
            ("caption:\"raw power\"", [1]),
            ("creator:neumann", [1]), ("place:california", [1]), ("not title:*", [3, 4, 5]),
            ("credit:archive", [1]), ("copyright:2016", [1]), ("usage-terms:editorial", [2]),
            ("instructions:embargo", [2]),
            ("rating>=3", [1, 4]), ("rating:0", [2]), ("rating:-1", [5]), ("rating<3", [2, 5]),
            ("not rating>=3", [2, 3, 5]),
            ("rating:3..5", [1, 4]), ("rating:<0|>4", [1, 5]),
            ("label:red", [1]), ("pick:picked", [1]), ("pick:rejected", [4]), ("pick:none", [2, 3, 5]),
            ("camera:\"leica m\"", [1]), ("camera:sony", [2]), ("camera:leica*", [1]),
            ("camera:=\"LEICA M (Typ 240)\"", [1]),
            ("camera:=\"leica m (typ 240)\"", []), ("camera:*", [1, 2]), ("lens:summilux", [1]),
            ("serial:4321", [1]),
            ("iso>=1600", [1]), ("iso:400", [4]), ("iso<1600", [4]), ("aperture:2.8", [1]),
            ("aperture:f/4", [4]),
            ("exposure:1/250", [1, 4]), ("exposure<1/250", []), ("exposure>1/500", [1, 4]),
            ("focal>=50", [1]),
            ("focal:50mm", [1]), ("width>=3840", [1, 2]), ("height:2160", [2]), ("megapixels:24", [1]),
            ("megapixels<20", [2]),
            ("gps:yes", [1]), ("gps:no", [2, 3, 4, 5]),
            ("fps:24", [2]), ("fps:23.976", [2]), ("fps:23.98", [2]), ("fps:25", [4]), ("fps:24.0", [2]),
            ("fps:24.00", []),
            ("fps>24", [4]),
            ("duration>1m", [2]), ("duration<1m", [3]), ("duration:1:01", [2]), ("duration:59s", [3]),
            ("codec:prores", [2]), ("codec:hq", [2]), ("codec:=prores", [2]), ("timecode:01:00*", [2]),
            ("reel:A001*", [2]),
            ("copies<2", [3, 4, 5]), ("copies:2", [1, 2]), ("copies:0", [4, 5]), ("copies>=1", [1, 2, 3]),
            ("is:unreadable", [5]), ("is:damaged", [5]), ("is:unsorted", [4, 5]), ("is:untagged", [5]),
            ("is:raw", [1]),
            ("is:edited", [1]), ("is:delivered", [2]), ("delivered:monde", [2]), ("is:missing", [4]),
            ("is:duplicate", [2]),
            ("is:original-offline", [3]),
            ("manifest:matched", [1, 4]), ("not manifest:matched", [2, 3, 5]), ("manifest:mismatched", [1]),
            ("not manifest:mismatched", [2, 3, 4, 5]), ("manifest:unlisted", [3]),
            ("not manifest:unlisted", [1, 2, 4, 5]), ("manifest:matched|unlisted", [1, 3, 4]),
            ("kind:photo rating>=4", [1]), ("kind:clip or rating:3", [2, 4]),
            ("(kind:clip or rating:3) iso:400", [4]),
            ("tag:people session:desert", [1]), ("tag:people tag:\"place/joshua tree\" desert", [1]),
        ] as [(String, [Int])]
    )
    func field(text: String, expected: [Int]) throws {
        let archive = try QueryAnswerTests.archive()
        if text == "taken>=2016-04.." {
            #expect(throws: QueryError.self) { try Query.parse(text) }
            return
        }
        let query = try Query.parse(text)
        #expect(try archive.numbers(query) == expected)
        // The shape for a popular tag gives the same answer: with one asset wanted of one, everything is popular.
        #expect(try archive.numbers(query, wanted: 0, assets: 1) == expected)
    }

    @Test("Every number is below, at, or above another, and only one of these")
    func numbersAreOrdered() throws {
        let archive = try QueryAnswerTests.archive()
        for (field, value) in [
            ("fps", "24"), ("fps", "25"), ("exposure", "1/250"), ("aperture", "2.8"), ("duration", "1m"),
            ("duration", "61"),
            ("focal", "50"), ("megapixels", "8.3"), ("iso", "400"), ("rating", "3"), ("copies", "1"),
        ] {
            let known = try archive.numbers(Query.parse("\(field)<\(value) or \(field)>=\(value)"))
            let parts = try ["<", ":", ">"].flatMap {
                try archive.numbers(Query.parse("\(field)\($0)\(value)"))
            }
            #expect(parts.sorted() == known, "\(field) \(value)")
            let upTo = try archive.numbers(Query.parse("\(field)<=\(value)"))
            let below = try archive.numbers(Query.parse("\(field)<\(value) or \(field):\(value)"))
            #expect(upTo == below, "\(field) \(value)")
        }
    }

    @Test("No word that a person may type is a mistake in full-text search")
    func textIsQuoted() throws {
        let archive = try QueryAnswerTests.archive()
        for word in [
            "AND", "a\"b", "NEAR(x)", "a:b", "(x)", "^a", "a+b", "{a} : b", "a'b", "\\x", "title", "-x",
            "100%",
        ] {
            for isPrefix in [false, true] {
                let query = Query(root: .text(Query.Phrase(text: word, isPrefix: isPrefix)))
                #expect(throws: Never.self, "\(word)") { try archive.numbers(query) }
            }
        }
        let many = (0..<500).map { "w\($0)" }.joined(separator: " ")
        #expect(try archive.numbers(Query.parse(many)).isEmpty)
    }

    @Test("The largest query that is read can be run")
    func largest() throws {
        let archive = try QueryAnswerTests.archive()
        let rated = Array(repeating: "iso:100", count: 500).joined(separator: " or ")
        #expect(try archive.numbers(Query.parse(rated)).isEmpty)
        for level in ["(iso:1 or ", "not (", "not not ", "(iso:1 (kind:clip or "] {
            let opened = level.filter { $0 == "(" }.count
            let levels = Query.deepest / (opened + level.ranges(of: "not").count)
            for leaf in ["not cleared:press", "is:original-offline", "tag:people tag:live rating>=3"] {
                let leafLevels = leaf.hasPrefix("not") ? levels - 1 : levels
                let text =
                    String(repeating: level, count: leafLevels) + leaf
                    + String(repeating: ")", count: leafLevels * opened)
                let condition = try Query.parse(text).condition(archive.context())
                // Deep within a larger statement, too.
                #expect(throws: Never.self, "\(text)") {
                    try archive.connection.run(
                        """
                        DELETE FROM edit WHERE FALSE AND asset IN (
                            SELECT x.id FROM (SELECT a.id FROM asset AS a WHERE a.present = 1 AND \(condition.text)) AS x
                        )
                        """,
                        condition.values
                    )
                }
            }
        }
        let ids = "id:" + Array(repeating: "3f9a2c", count: 500).joined(separator: "|")
        #expect(try archive.numbers(Query.parse(ids)) == [1])
    }

    @Test("A time is found whatever its offset from UTC")
    func offsets() throws {
        var asset = SmallAsset(number: 1, name: "a.jpg", digits: "1111")
        asset.taken = Query.Moment("2016-05-13")?.resolved(now: 0).start
        let archive = try SmallArchive([asset])
        for hours in [-14, -12, 0, 9, 14] {
            try archive.connection.run(
                "UPDATE asset SET sort_at = taken_ms - ?",
                [.integer(Int64(hours) * 3_600_000)]
            )
            for text in [
                "taken:2016-05-13", "taken:2016-05-13..", "taken<=2016-05-13", "not taken>2016-05-13",
            ] {
                #expect(try archive.numbers(Query.parse(text)) == [1], "\(hours) \(text)")
            }
        }
    }

    @Test("A maker of more models than SQLite joins in one statement is found whole")
    func manyModels() throws {
        let archive = try SmallArchive(
            (1...1_200).map { number in
                var asset = SmallAsset(number: number, name: "\(number).jpg", digits: "\(10_000 + number)")
                asset.texts = ["make": "Leica", "model": "Model \(number)"]
                return asset
            })
        #expect(try archive.numbers(Query.parse("camera:leica")).count == 1_200)
        #expect(try archive.numbers(Query.parse("camera:\"model 77\"")).count == 11)
    }

    @Test("An empty answer is explained by the names that nothing has")
    func remarks() throws {
        let context = try QueryAnswerTests.archive().context()
        func remarks(_ text: String) throws -> [String] { try Query.parse(text).remarks(context) }
        #expect(try remarks("session:dessert") == ["there is no session “dessert”; did you mean “Desert”?"])
        #expect(try remarks("tag:\"Igy Pop\"") == ["there is no tag “Igy Pop”; did you mean “Iggy Pop”?"])
        #expect(try remarks("person:Nobody kind:clip") == ["there is no tag below people “Nobody”"])
        #expect(try remarks("session:desert not tag:people selection:raw") == [])
    }
}
