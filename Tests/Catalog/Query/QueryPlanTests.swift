import Storage
import Testing

@testable import Catalog

@Suite("How SQLite finds what a query chooses")
struct QueryPlanTests {
    @Test(
        "A query is answered from its index",
        arguments: [
            ("tag:people", "asset_tag_tag"), ("tag:=people", "asset_tag_tag"),
            ("session:Desert", "asset_session_session"),
            ("taken:2016-05", "asset_sort (sort_at>? AND sort_at<?)"),
            ("taken>=2016", "asset_sort (sort_at>?)"), ("rating:5", "asset_rating"),
            ("rating>=4", "asset_rating"),
            ("id:3f9a2c", "asset_file_primary"), ("id:3f9a2c", "sqlite_autoindex_file_1"),
            ("desert", "VIRTUAL TABLE INDEX"), ("title:desert", "VIRTUAL TABLE INDEX"),
            ("kind:clip", "asset_kind"),
            ("is:unreadable", "asset_unread"), ("is:incomplete", "asset_incomplete"),
            ("is:burst", "asset_frame"), ("burst:3f9a2c1", "asset_burst"), ("burst:=3f9a2c1", "asset_burst"),
            ("imported:2016-05", "USING INTEGER PRIMARY KEY"),
            ("camera:=\"LEICA M (Typ 240)\"", "asset_model"), ("is:duplicate", "asset_file_primary"),
            ("name:L100*", "USING INTEGER PRIMARY KEY"), ("cleared:press", "USING INTEGER PRIMARY KEY"),
            ("held:yes", "USING INTEGER PRIMARY KEY"),
            ("manifest:mismatched", "manifest_entry_found (outcome=?)"),
            ("manifest:mismatched", "USING INTEGER PRIMARY KEY"),
            ("manifest:matched", "manifest_entry_found"), ("manifest:unlisted", "asset_file_primary"),
            ("cleared:press", "standing_answer (purpose=? AND answer=? AND until_at>?)"),
            ("blocked:press", "standing_answer (purpose=? AND answer=? AND until_at>?)"),
            ("expiring:30d", "standing_answer (purpose=? AND answer=? AND until_at>? AND until_at<?)"),
            ("submitted:press", "standing_state (state=? AND until_at>?)"),
            ("state:withdrawn", "standing_state (state=? AND until_at>?)"),
            ("recalled:open", "SEARCH y USING PRIMARY KEY (recall=?)"),
            ("selection:raw-power", "SEARCH x USING PRIMARY KEY (selection=?)"),
            ("review:open", "USING INTEGER PRIMARY KEY"),
            ("review:open", "review_answer_item (review=? AND number=? AND purpose=?)"),
            ("review:first", "SEARCH i USING PRIMARY KEY (review=?)"),
            ("tag:people tag:live rating>=4", "asset_tag_tag"),
            ("near:34.1339,-116.3131,5km", "SCAN p VIRTUAL TABLE INDEX"),
            ("near:34.1339,-116.3131,5km", "USING INTEGER PRIMARY KEY"),
            ("within:34,-117,35,-116", "SCAN p VIRTUAL TABLE INDEX"),
            ("within:-18,179,-17,-179", "SCAN p VIRTUAL TABLE INDEX"),
        ]
    )
    func usesIndex(text: String, index: String) throws {
        let archive = try QueryAnswerTests.archive()
        let plan = try archive.plan(text)
        #expect(plan.contains(index), "\(plan)")
        let steps = plan.split(separator: "\n")
        #expect(!steps.contains("SCAN a") && !steps.contains("SCAN a USING INDEX asset_sort"), "\(plan)")
    }

    @Test(
        "The newest of a popular tag are found by walking the dates, and nothing is sorted",
        arguments: [
            "tag:=people", "tag:people", "session:Desert", "selection:raw-power", "cleared:press", "held:yes",
            "blocked:press", "submitted:press", "state:cleared", "expiring:30d", "state:unreviewed",
            "tag:people rating>=3", "rating>=3", "not held:yes", "taken:2016-01.. tag:people", "rating:5",
            "kind:clip", "manifest:matched", "not manifest:matched", "near:34.1339,-116.3131,5km",
            "within:34,-117,35,-116",
        ]
    )
    func walksDates(text: String) throws {
        let archive = try QueryAgreementTests.archive(seed: 1)
        try archive.connection.run(
            "INSERT INTO selection_item (selection, asset, position, stamp) SELECT 1, id, 1, 1 FROM asset"
        )
        try archive.connection.run("UPDATE asset SET latitude = 34.1339, longitude = -116.3131")
        try archive.connection.indexPositions()
        let plan = try archive.plan(text, wanted: 0, assets: 1)
        #expect(plan.firstMatch(of: /USING (COVERING )?INDEX asset_(sort|rating|kind)/) != nil, "\(plan)")
        #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
        #expect(!plan.contains("SCAN x") && !plan.contains("SCAN s"), "\(plan)")
    }

    @Test(
        "Places and manifests turn from listing to walking at the square root of an eighth of wanted times assets"
    )
    func turningPoint() throws {
        let archive = try QueryAnswerTests.archive()
        #expect(archive.context(wanted: 50).pretending(1_000_000).walkFrom == 2_500)
        #expect(archive.context().walkFrom == Int.max)
    }

    /// A million assets in forty periods, of which a tag has these.
    private func condition(
        _ text: String, tagged: [Int64: Int], newestFirst: Bool = true, wanted: Int? = 50
    ) throws -> SQLCondition {
        var context = try QueryAnswerTests.archive().context(wanted: wanted)
        context.assets = 1_000_000
        context.order = .date(newestFirst: newestFirst)
        let all = Dictionary(uniqueKeysWithValues: (0..<40).map { (Int64($0), 25_000) })
        context.spread = { population in
            switch population {
            case nil: Spread(size: 1_000_000, periods: all)
            case .tagged: Spread(size: tagged.values.reduce(0, +), periods: tagged)
            default: nil
            }
        }
        return try Query.parse(text).condition(context)
    }

    @Test("The newest of a tag that is everywhere are walked to, those of a rare one are listed")
    func popularAndRare() throws {
        let everywhere = Dictionary(uniqueKeysWithValues: (0..<40).map { (Int64($0), 7_500) })
        #expect(try condition("tag:people", tagged: everywhere).text.contains("EXISTS"))
        #expect(try condition("tag:people", tagged: [3: 2, 30: 1]).text.hasPrefix("a.id IN"))
        #expect(try condition("tag:people", tagged: [3: 40], wanted: nil).text.hasPrefix("a.id IN"))
    }

    @Test("A walk to what was tagged long ago begins there, and not at the newest")
    func longAgo() throws {
        let old: [Int64: Int] = [4: 12_000, 5: 12_000]
        let newest = try condition("tag:people", tagged: old)
        #expect(newest.text.contains("a.sort_at < ?") && newest.text.contains("EXISTS"), "\(newest.text)")
        #expect(newest.values.first == .integer(6 << 31))
        let oldest = try condition("tag:people", tagged: old, newestFirst: false)
        #expect(oldest.text.contains("a.sort_at >= ?"), "\(oldest.text)")
        #expect(oldest.values.first == .integer(4 << 31))
    }

    @Test(
        "What a negation leaves out is put into a set where very many are asked, and asked for where few are")
    func negated() throws {
        let few = try condition("tag:people not tag:live", tagged: [3: 40])
        #expect(few.text.contains("IS NOT TRUE") && !few.text.contains("+a.id IN"), "\(few.text)")
        let many = try condition("not tag:people", tagged: [3: 40], wanted: nil)
        #expect(many.text.contains("+a.id IN"), "\(many.text)")
    }

    @Test("One tag is asked for along its own index, and several among the asset's own rows")
    func probesAlongIndex() throws {
        let archive = try QueryAnswerTests.archive()
        let one = try archive.plan("tag:=people", wanted: 0, assets: 1)
        #expect(
            one.contains("SEARCH y USING COVERING INDEX asset_tag_tag (tag=? AND asset=?"), "\(one)")
        let several = try archive.plan("tag:people", wanted: 0, assets: 1)
        #expect(several.contains("SEARCH y USING PRIMARY KEY (asset=?)"), "\(several)")
        let session = try archive.plan("session:=Desert", wanted: 0, assets: 1)
        #expect(
            session.contains("SEARCH y USING COVERING INDEX asset_session_session (session=? AND asset=?"),
            "\(session)")
    }

    @Test("Of several tags the rarest is listed and the others are probed")
    func rarestFirst() throws {
        let archive = try QueryAnswerTests.archive()
        let context = archive.context(wanted: 50).pretending(1_000_000)
        let condition = try Query.parse("tag:people tag:\"Iggy Pop\"").condition(context)
        #expect(condition.text.hasPrefix("a.id IN"), "\(condition.text)")
        #expect(condition.text.contains("WHERE y.asset = x.asset"))
        #expect(condition.values.first == .integer(1), "the rarer tag is the one with the key 1")
    }
}
