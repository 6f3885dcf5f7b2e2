import Catalog
import Files
import Foundation
import Testing

@Suite("A recall")
struct RecallTests {
    let fixture: CatalogFixture
    let assets: [AssetID]

    var catalog: Catalog { fixture.catalog }

    /// Three pictures, cleared for press and exhibit, with Le Monde, with Detroit, and in a package of the house.
    init() throws {
        fixture = try CatalogFixture()
        assets = try fixture.importing([1, 2, 3])
        let assets = assets
        try fixture.catalog.change("clear") {
            try $0.add(artist: "Josh Homme", .clear, in: nil, by: nil)
            for purpose in [Purpose.press, .exhibit] {
                try $0.decide(NewDecision(.cleared, purpose: purpose, by: "Josh Homme"), about: assets)
            }
        }
        try deliver("2016-0001", [assets[0], assets[1]], .press, "Le Monde")
        try deliver("2016-0002", [assets[0], assets[2]], .exhibit, "Institute of Arts, Detroit")
        try deliver("2016-0003", [assets[0]], .internal, "the house")
    }

    private func deliver(_ number: String, _ some: [AssetID], _ purpose: Purpose, _ recipient: String) throws
    {
        try catalog.change("select") {
            try $0.make(selection: number, note: nil)
            try $0.add(some, toSelection: number)
        }
        let gated = try catalog.gate(
            selection: number,
            GateQuestion(purpose: purpose, recipient: recipient, territory: nil, at: fixture.now))
        try catalog.change("export", kind: .delivery) { change in
            try change.record(
                delivery: number, of: gated, preset: "exhibit", place: Path("/out"),
                seal: CatalogFixture.digests(99).sha256,
                files: gated.cleared.map {
                    DeliveredFile(
                        asset: $0.asset.id, name: "data/\(recipient) \($0.number).jpg",
                        digest: CatalogFixture.digests(Int(number.suffix(1)).map { $0 * 100 } ?? 0).sha256,
                        size: 1,
                        basis: $0.basis?.id)
                })
        }
    }

    private func close(_ asset: AssetID, for purpose: Purpose? = nil, _ kind: DecisionKind = .held) throws {
        var decision = NewDecision(kind, purpose: purpose, by: "Iggy Pop")
        decision.reason = "do not reuse"
        try catalog.change("hold", kind: .decision) { try $0.decide(decision, about: [asset]) }
    }

    @discardableResult
    private func recall(_ some: [AssetID], reason: String? = nil) throws -> [String] {
        let plan = try catalog.recallPlan(of: some)
        return try catalog.change("recall", kind: .decision) {
            try $0.recall(plan, reason: reason, dueAt: fixture.now + 1_000_000) { _ in "Andreas Neumann" }
        }
    }

    @Test("asks back nothing that nobody held or withdrew")
    func open() throws {
        let plan = try catalog.recallPlan(of: assets)
        #expect(plan.outside.isEmpty)
        #expect(plan.open == assets)
    }

    @Test("asks back what left for a purpose that was closed since, and leaves the rest where it is")
    func purposes() throws {
        try close(assets[0], for: .press)
        let plan = try catalog.recallPlan(of: [assets[0]])
        #expect(plan.outside.map(\.delivery) == ["2016-0001"])
        #expect(plan.allowed.map(\.delivery) == ["2016-0002"])
        #expect(plan.inside.map(\.delivery) == ["2016-0003"])
    }

    @Test("asks back what would not leave today for any other reason only when it is told to")
    func anyReason() throws {
        var restriction = NewDecision(.restricted, purpose: .press, by: "Iggy Pop")
        restriction.from = fixture.now + 86_400_000
        try catalog.change("restrict", kind: .decision) { try $0.decide(restriction, about: [assets[0]]) }
        var plan = try catalog.recallPlan(of: assets)
        #expect(plan.isEmpty)
        #expect(plan.barred.map(\.delivery) == ["2016-0001"])
        #expect(plan.barred.map(\.asset) == [assets[0]])
        #expect(plan.allowed.map(\.delivery).sorted() == ["2016-0001", "2016-0002", "2016-0002"])
        guard case .embargo = try #require(plan.reasons[plan.barred[0]]?.first) else {
            Issue.record("\(plan.reasons)")
            return
        }
        plan = try catalog.recallPlan(of: assets, forAnyReason: true)
        #expect(plan.outside.map(\.asset) == [assets[0]])
        #expect(plan.barred.isEmpty)
        #expect(plan.open == [assets[1], assets[2]])
    }

    @Test(
        "asks back for any reason what a person in it has not agreed to, and what was kept for other countries since"
    )
    func otherReasons() throws {
        try catalog.change("tag") { try $0.add(tags: [try TagPath("people/Iggy Pop")], to: [assets[1]]) }
        try catalog.change("artists") { try $0.add(artist: "Iggy Pop", .approve, in: nil, by: nil) }
        var restriction = NewDecision(.restricted, purpose: nil, by: "Iggy Pop")
        restriction.terms.notIn = "US"
        try catalog.change("restrict", kind: .decision) { try $0.decide(restriction, about: [assets[2]]) }
        let plan = try catalog.recallPlan(of: assets, forAnyReason: true)
        #expect(Set(plan.outside.map(\.asset)) == [assets[1], assets[2]])
    }

    @Test("asks back for no reason what left as often as it may, or what a new file came to since")
    func uses() throws {
        let more = try fixture.importing([5])
        var once = NewDecision(.cleared, purpose: .press, by: "Josh Homme")
        once.terms.uses = 1
        try catalog.change("clear", kind: .decision) { try $0.decide(once, about: more) }
        try deliver("2016-0006", more, .press, "Le Monde")
        var never = NewDecision(.restricted, purpose: nil, by: "Iggy Pop")
        never.terms.uses = 0
        try catalog.change("restrict", kind: .decision) { try $0.decide(never, about: more) }
        let plan = try catalog.recallPlan(of: more, forAnyReason: true)
        #expect(plan.isEmpty && plan.barred.isEmpty)
        #expect(plan.allowed.map(\.delivery) == ["2016-0006"])
    }

    @Test("finds what was made of an open picture and is held itself")
    func heldChild() throws {
        try catalog.change("derive") { try $0.derive([assets[1]], from: assets[0]) }
        try close(assets[1])
        let plan = try catalog.recallPlan(of: [assets[0]])
        #expect(plan.outside.map(\.asset) == [assets[1]])
        #expect(plan.open == [])
    }

    @Test("reaches what was made of it, however far, and what came back into the archive")
    func derived() throws {
        try catalog.change("derive") {
            try $0.derive([assets[1]], from: assets[0])
            try $0.derive([assets[2]], from: assets[1])
        }
        // The file of delivery 2016-0001 comes in as a picture of its own, and leaves again.
        let back = try fixture.importing([100])
        try catalog.change("clear") {
            try $0.decide(NewDecision(.cleared, purpose: .press, by: "Josh Homme"), about: back)
        }
        try deliver("2016-0004", back, .press, "Der Spiegel")

        try close(assets[0])
        let outside = try catalog.recallPlan(of: [assets[0]]).outside
        let links = outside.filter { $0.recipient != "Der Spiegel" }
        #expect(Set(links.filter { $0.link == .made }.map(\.asset)) == [assets[1], assets[2]])
        #expect(links.count == 4)
        #expect(Set(links.map { $0.delivery + $0.name }).count == 4, "each file once")
        let found = outside.filter { $0.recipient == "Der Spiegel" }
        #expect(found.map(\.link) == [.returned])
    }

    @Test("is one letter for each recipient, which names what they have and nothing of anybody else")
    func letters() throws {
        try close(assets[0])
        let numbers = try recall([assets[0]])
        #expect(numbers.count == 2)
        for number in numbers {
            #expect(number.wholeMatch(of: /R-[A-Z0-9]{4}-[A-Z0-9]{4}/) != nil, "\(number)")
        }
        for (number, recipient, other) in [
            (numbers[0], "Institute of Arts, Detroit", "Le Monde"),
            (numbers[1], "Le Monde", "Institute of Arts, Detroit"),
        ] {
            let letter = try catalog.letter(ofRecall: number)
            #expect(letter.recall.recipient == recipient)
            #expect(letter.files == 1)
            #expect(!"\(letter)".contains(other))
            #expect(!"\(letter)".contains("do not reuse"))
        }
    }

    @Test("asks for each file once, until somebody takes the recall back")
    func once() throws {
        try close(assets[0])
        let first = try recall([assets[0]])
        #expect(try catalog.recallPlan(of: [assets[0]]).outside.isEmpty)
        #expect(try catalog.recallPlan(of: [assets[0]]).earlier.count == 2)
        try catalog.undo(try #require(try catalog.lastUndoableChange()), command: "undo")
        #expect(try catalog.recalls().isEmpty)
        #expect(try catalog.recallPlan(of: [assets[0]]).outside.count == 2)
        #expect(try catalog.count(try Query.parse("recalled:yes")) == 0)
        // A letter with the first numbers may have been sent.
        #expect(Set(try recall([assets[0]])).isDisjoint(with: first))
    }

    @Test("is found while it waits and when it was answered, and an answer can be taken back")
    func answers() throws {
        try close(assets[0])
        try recall([assets[0]])
        #expect(try catalog.count(try Query.parse("recalled:open")) == 1)
        #expect(try catalog.count(try Query.parse("recalled:no")) == 2)
        let monde = try catalog.recalls(to: "Le Monde", onlyOpen: true)
        try catalog.change("answered", kind: .decision) {
            try $0.answered(monde, at: fixture.now, evidence: "reply.eml, sha256 00", note: "deleted")
        }
        #expect(try catalog.recalls(onlyOpen: true).map(\.recipient) == ["Institute of Arts, Detroit"])
        #expect(try catalog.recalls(ofDelivery: "2016-0001").first?.note == "deleted")
        #expect(try catalog.count(try Query.parse("recalled:answered")) == 1)
        try catalog.undo(try #require(try catalog.lastUndoableChange()), command: "undo")
        #expect(try catalog.recalls(onlyOpen: true).count == 2)
    }

    @Test("of what a session holds reaches what left while nobody had held the session")
    func sessions() throws {
        let more = try fixture.importing([4], session: "Desert")
        try catalog.change("clear") {
            try $0.decide(NewDecision(.cleared, purpose: .press, by: "Josh Homme"), about: more)
        }
        try deliver("2016-0005", more, .press, "Le Monde")
        var hold = NewDecision(.held, purpose: nil, by: "Iggy Pop")
        hold.reason = "until the album is out"
        try catalog.change("hold", kind: .decision) { try $0.decide(hold, on: .session("Desert")) }
        #expect(try catalog.recallPlan(of: more).outside.map(\.delivery) == ["2016-0005"])
    }

    @Test("An archive of an older program can ask back what it delivered")
    func older() throws {
        let archive = try OlderArchive()
        let before = try archive.rows("SELECT count(*) FROM delivery_item")
        let catalog = try archive.open()
        #expect(try archive.rows("SELECT count(*) FROM delivery_item") == before)
        #expect(try catalog.recalls().isEmpty)
        let delivered = try catalog.assets(try Query.parse("is:delivered"))
        let first = try #require(delivered.first)
        var hold = NewDecision(.held, purpose: nil, by: "Iggy Pop")
        hold.reason = "no"
        try catalog.change("hold", kind: .decision) { try $0.decide(hold, about: [first]) }
        let plan = try catalog.recallPlan(of: [first])
        #expect(plan.outside.count + plan.inside.count > 0)
    }

    @Test(
        "An item of a report has every decision once and the answer for each purpose, in the order of the list"
    )
    func internalItems() throws {
        try close(assets[1])
        var items: [InternalItem] = []
        let question = GateQuestion(purpose: .internal, recipient: "", territory: nil, at: fixture.now)
        try catalog.eachInternalItem(of: [assets[1], assets[0]], for: [.press, .web], question) {
            items.append($0)
        }
        #expect(items.map(\.number) == [1, 2])
        #expect(items.map(\.asset.id) == [assets[1], assets[0]])
        #expect(items[0].answers.map(\.ruling.isAllowed) == [false, false])
        #expect(items[1].answers.map(\.ruling.isAllowed) == [true, false])
        #expect(items[1].departures.map(\.number) == ["2016-0001", "2016-0002", "2016-0003"])
        #expect(items[0].decisions.map(\.kind) == [.cleared, .cleared, .held])
    }
}
