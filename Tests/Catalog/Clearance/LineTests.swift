import Catalog
import Files
import Foundation
import MediaProtocol
import Testing

/// What holds along the line of what was made from what, over time, and against the second look of who decided once.
@Suite("The lock")
struct LineTests {
    let fixture: CatalogFixture
    var catalog: Catalog { fixture.catalog }

    init() throws {
        fixture = try CatalogFixture()
        try catalog.change("artists add") {
            try $0.add(artist: "Josh Homme", .clear, in: nil, by: "Josh Homme")
        }
    }

    private func decide(
        _ kind: DecisionKind, _ purpose: Purpose? = .press, by person: String = "Josh Homme",
        about assets: [AssetID], adjust: (inout NewDecision) -> Void = { _ in }
    ) throws {
        var decision = NewDecision(kind, purpose: purpose, by: person)
        adjust(&decision)
        try catalog.change("decide", kind: .decision) { try $0.decide(decision, about: assets) }
    }

    private func answer(
        _ kind: DecisionKind, by person: String, of subject: String? = nil, about assets: [AssetID]
    ) throws {
        var decision = NewDecision(kind, purpose: nil, by: person)
        decision.subject = subject
        try catalog.change("approve", kind: .decision) { try $0.answer(decision, about: assets) }
    }

    private func ruling(_ asset: AssetID) throws -> Ruling { try catalog.ruling(on: asset, question) }

    private var question: GateQuestion {
        GateQuestion(purpose: .press, recipient: "Le Monde", territory: nil, at: fixture.now + 1_000)
    }

    private func gated(_ assets: [AssetID], as selection: String) throws -> GatedSelection {
        try catalog.change("select") {
            try $0.make(selection: selection, note: nil)
            try $0.add(assets, toSelection: selection)
        }
        return try catalog.gate(selection: selection, question)
    }

    private func count(_ query: String) throws -> Int { try catalog.count(try Query.parse(query)) }

    // MARK: Whose word

    @Test("a refusal is its person’s alone: an artist who says that somebody else is shown does not end it")
    func refusal() throws {
        let assets = try fixture.importing([1])
        try decide(.cleared, about: assets)
        try answer(.refused, by: "Iggy Pop", about: assets)
        try answer(.absent, by: "Josh Homme", of: "Iggy Pop", about: assets)
        #expect(!(try ruling(assets[0]).isAllowed))
        #expect(try catalog.decisions(about: assets[0]).allSatisfy { $0.kind != .lifted })
        try answer(.absent, by: "iggy pop", about: assets)
        #expect(try ruling(assets[0]).isAllowed)
    }

    @Test(
        "who must agree is known by a tag however its first name is written",
        arguments: ["people/Iggy Pop", "People/Iggy Pop", "PEOPLE/Band/IGGY POP"])
    func person(tag: String) throws {
        let assets = try fixture.importing([1], tags: [tag])
        try decide(.cleared, about: assets)
        #expect(try count("cleared:press") == 1)
        try catalog.change("artists add") {
            try $0.add(artist: "Iggy Pop", .approve, in: nil, by: "Josh Homme")
        }
        #expect(try ruling(assets[0]).denials == [.notApproved(by: "Iggy Pop")])
        #expect(try count("cleared:press") == 0)
        #expect(throws: CatalogError.self) {
            try catalog.change("tag") { try $0.rename(tag: try TagPath(tag), to: try TagPath("crew/x")) }
        }
    }

    // MARK: The line

    @Test("what was cleared of a still does not come back when its clip is submitted anew after a withdrawal")
    func withdrawnParent() throws {
        let assets = try fixture.importing([1, 2])
        try catalog.change("derive") { try $0.derive([assets[1]], from: assets[0]) }
        for submitted in assets {
            try decide(.cleared, about: assets)
            try catalog.change("withdraw", kind: .decision) {
                try $0.withdraw([assets[0]], for: .press, by: "Josh Homme", reason: "x")
            }
            #expect(!(try ruling(assets[1]).isAllowed))
            try catalog.change("submit", kind: .decision) {
                try $0.submit([submitted], for: .press, by: "Josh Homme", reason: "x")
            }
            #expect(!(try ruling(assets[1]).isAllowed), "nobody cleared it since")
            #expect(try count("cleared:press") == 0)
            try catalog.change("submit", kind: .decision) {
                try $0.submit([assets[0]], for: .press, by: "Josh Homme", reason: "x")
            }
        }
        try decide(.cleared, about: [assets[1]])
        #expect(try ruling(assets[1]).isAllowed)
    }

    @Test("what may leave once has left when something made from it has, and so have its other children")
    func usesOfTheLine() throws {
        let assets = try fixture.importing([1, 2, 3])
        try catalog.change("derive") { try $0.derive([assets[1], assets[2]], from: assets[0]) }
        try decide(.restricted, nil, about: [assets[0]]) { $0.terms.uses = 1 }
        try decide(.cleared, about: assets)
        #expect(try count("cleared:press") == 3)
        try fixture.deliver(try gated([assets[1]], as: "Wall"), "2016-0001", bytes: 9)
        for asset in assets {
            guard case .usedUp? = try ruling(asset).denials.first else {
                Issue.record("it left once: \(try ruling(asset))")
                continue
            }
        }
        #expect(try count("cleared:press") == 0)
    }

    @Test("a delivered file that came back is closed by what closes the work, and its holders are found")
    func returned() throws {
        let assets = try fixture.importing([1])
        try decide(.cleared, about: assets)
        try fixture.deliver(try gated(assets, as: "Wall"), "2016-0001", bytes: 5)
        let back = try fixture.importing([5])
        try decide(.cleared, about: back)
        #expect(try ruling(back[0]).isAllowed)
        #expect(try count("cleared:press") == 2)
        try decide(.held, nil, by: "Iggy Pop", about: assets)
        guard case .held? = try ruling(back[0]).denials.first else {
            Issue.record("it shows what is held")
            return
        }
        #expect(try count("cleared:press") == 0)
        let holdings = try catalog.holdings(of: back)
        #expect(holdings.map(\.delivery) == ["2016-0001"])
        #expect(holdings.map(\.link) == [.returned])
    }

    @Test(
        "what was said to be made from it is asked back for what closed it then, and not for what closes it since"
    )
    func onceMade() throws {
        let assets = try fixture.importing([1, 2, 3])
        try catalog.change("derive") { try $0.derive([assets[1], assets[2]], from: assets[0]) }
        try decide(.cleared, about: assets)
        try fixture.deliver(try gated([assets[1]], as: "One"), "2016-0001", bytes: 8)
        try fixture.deliver(try gated([assets[2]], as: "Two"), "2016-0002", bytes: 9)
        try catalog.change("derive") { try $0.underive([assets[2]], from: assets[0]) }
        try decide(.held, nil, by: "Iggy Pop", about: [assets[0]])
        try catalog.change("derive") { try $0.underive([assets[1]], from: assets[0]) }
        let plan = try catalog.recallPlan(of: [assets[0]])
        #expect(plan.outside.map(\.delivery) == ["2016-0001"])
        #expect(plan.outside.map(\.link) == [.once])
    }

    @Test("how a clip must be shown holds for the still that was made from it, and not where and until when")
    func obligationsOfTheLine() throws {
        let assets = try fixture.importing([1, 2])
        try catalog.change("derive") { try $0.derive([assets[1]], from: assets[0]) }
        try decide(.cleared, about: [assets[0]]) {
            ($0.terms.credit, $0.terms.noCrop, $0.until) = ("© Josh Homme", true, fixture.now + 1_000_000)
        }
        try decide(.cleared, .web, about: [assets[0]]) { $0.terms.credit = "for the web" }
        #expect(!(try ruling(assets[1]).isAllowed), "a clip’s clearance opens no still")
        try decide(.cleared, about: [assets[1]])
        let obligations = try #require(try ruling(assets[1]).grant?.obligations)
        #expect(obligations.credits == ["© Josh Homme"])
        #expect(obligations.noCrop)
        #expect(obligations.until == nil)
    }

    // MARK: The second look

    @Test("who cleared despite one embargo has not read the next, in the same field and the same words")
    func nextText() throws {
        func say(_ text: String) throws -> [AssetID] {
            let assets = try fixture.importing([1]) { $1.instructions = "Embargo until 2016-03-01" }
            try catalog.change("set") { try $0.set([.text(.instructions, text)], of: assets) }
            return assets
        }
        let assets = try say("Embargo until 2016-03-01")
        try decide(.cleared, about: assets) { $0.despiteWarnings = true }
        #expect(try ruling(assets[0]).isAllowed)
        try catalog.change("set") {
            try $0.set([.text(.instructions, "Embargo until 2030-01-01")], of: assets)
        }
        guard case .warned(let warning)? = try ruling(assets[0]).denials.first else {
            Issue.record("nobody has read it")
            return
        }
        #expect(warning.text == "Embargo until 2030-01-01")
        #expect(try count("cleared:press") == 0)
        try decide(.cleared, about: assets) { $0.despiteWarnings = true }
        #expect(try ruling(assets[0]).isAllowed)
        let decision = try #require(try catalog.decisions(about: assets[0]).last)
        #expect(decision.wordsRead == ["embargo"], "each once, as people read them")
    }

    @Test("a package that was written under a clearance that has ended since is not delivered")
    func endedMeanwhile() throws {
        let assets = try fixture.importing([1])
        let end = fixture.now + 60_000
        try decide(.cleared, about: assets) { $0.until = end }
        let gated = try gated(assets, as: "Wall")
        #expect(gated.cleared.count == 1)
        fixture.now = end
        #expect(throws: CatalogError.self) { try fixture.deliver(gated, "2016-0001") }
        #expect(try catalog.deliveries().isEmpty)
    }

    @Test("a package that lacks the credit that was asked for meanwhile is not delivered")
    func askedMeanwhile() throws {
        let assets = try fixture.importing([1])
        try decide(.cleared, about: assets)
        let gated = try gated(assets, as: "Wall")
        try decide(.restricted, nil, about: assets) { $0.terms.credit = "© Andreas Neumann" }
        #expect(throws: CatalogError.self) { try fixture.deliver(gated, "2016-0001") }
        try fixture.deliver(try catalog.gate(selection: "Wall", question), "2016-0001")
        #expect(try catalog.deliveries().count == 1)
    }

    @Test("the folder of a delivery is put in its place last, and nothing is on record when it cannot be")
    func placedLast() throws {
        struct NoPlace: Error {}
        let assets = try fixture.importing([1])
        try decide(.cleared, about: assets)
        let gated = try gated(assets, as: "Wall")
        let digest = CatalogFixture.digests(1).sha256
        #expect(throws: NoPlace.self) {
            try catalog.change("export", kind: .delivery) { change in
                change.lastly { throw NoPlace() }
                try change.record(
                    delivery: "2016-0001", of: gated, preset: "exhibit", place: Path("/out"), seal: digest,
                    files: [])
            }
        }
        #expect(try catalog.deliveries().isEmpty)
    }
}
