import Catalog
import Files
import MediaProtocol
import Testing

/// What was taken back and brought back is the same decision, made when it was made: nothing that came in between may
/// count as seen by it.
@Suite("A decision that was taken back and brought back")
struct RedoTests {
    let fixture: CatalogFixture
    var catalog: Catalog { fixture.catalog }

    init() throws {
        fixture = try CatalogFixture()
        try catalog.change("artists add") { try $0.add(artist: "Josh Homme", .clear, in: nil, by: nil) }
    }

    private func decide(
        _ kind: DecisionKind, by person: String = "Josh Homme", about assets: [AssetID] = [],
        on scope: DecisionScope? = nil, adjust: (inout NewDecision) -> Void = { _ in }
    ) throws -> LoggedChange {
        var decision = NewDecision(kind, purpose: scope == nil ? .press : nil, by: person)
        adjust(&decision)
        try catalog.change("\(kind)", kind: .decision) { change in
            if let scope {
                try change.decide(decision, on: scope)
            } else {
                try change.decide(decision, about: assets)
            }
        }
        return try newest()
    }

    private func newest() throws -> LoggedChange { try #require(try catalog.log(limit: 1).first) }

    private func ruling(_ asset: AssetID) throws -> Ruling {
        try catalog.ruling(
            on: asset,
            GateQuestion(purpose: .press, recipient: "Le Monde", territory: nil, at: fixture.now + 1_000))
    }

    private func deliver(_ assets: [AssetID], _ number: String) throws {
        try catalog.change("select") {
            try $0.make(selection: number, note: nil)
            try $0.add(assets, toSelection: number)
        }
        let gated = try catalog.gate(
            selection: number,
            GateQuestion(purpose: .press, recipient: "Le Monde", territory: nil, at: fixture.now))
        try fixture.deliver(gated, number)
    }

    private func other(_ person: String) throws -> Catalog {
        try Catalog(
            path: fixture.databasePath,
            author: Author(machineIdentity: person, machineName: person, person: person)
        ) { [fixture] in fixture.now }
    }

    @Test("counts the deliveries that rested on it before")
    func uses() throws {
        let assets = try fixture.importing([1])
        let clear = try decide(.cleared, about: assets) { $0.terms.uses = 1 }
        try deliver(assets, "2016-0001")
        let undo = try catalog.undo(clear, command: "undo")
        try catalog.undo(undo, command: "undo")
        guard case .usedUp? = try ruling(assets[0]).denials.first else {
            Issue.record("it was to leave once: \(try ruling(assets[0]))")
            return
        }
        #expect(try catalog.count(try Query.parse("cleared:press")) == 0)
    }

    @Test("counts, where it restricts, the deliveries since it was made")
    func restrictedUses() throws {
        let assets = try fixture.importing([1])
        _ = try decide(.cleared, about: assets)
        let restriction = try decide(.restricted, about: assets) { $0.terms.uses = 1 }
        try deliver(assets, "2016-0001")
        #expect(!(try ruling(assets[0]).isAllowed))
        let undo = try catalog.undo(restriction, command: "undo")
        #expect(try ruling(assets[0]).isAllowed)
        try catalog.undo(undo, command: "undo")
        #expect(!(try ruling(assets[0]).isAllowed))
    }

    @Test("does not clear the part of a clip that came in between")
    func laterPart() throws {
        let assets = try fixture.importing([1])
        let undo = try catalog.undo(try decide(.cleared, about: assets), command: "undo")
        let run = try catalog.beginImport(source: Path("/more"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:1", name: "SHOOT-A", mount: Path("/"))
        var group = CatalogFixture.photograph(3, volume: volume)
        group.asset = assets[0]
        var part = group.files[0]
        (part.role, part.position) = (.segment, 2)
        group.files = [
            FileRecord(role: .original, name: "A.JPG", content: CatalogFixture.content(1), copies: []), part,
        ]
        _ = try run.record(groups: [group], strays: [])
        try run.finish(ImportCounts())
        try catalog.undo(undo, command: "undo")
        guard case .changedSince? = try ruling(assets[0]).denials.first else {
            Issue.record("nobody saw the second part: \(try ruling(assets[0]))")
            return
        }
    }

    @Test("stays ended by the withdrawal that came in between")
    func withdrawn() throws {
        let assets = try fixture.importing([1])
        let clear = try decide(.cleared, about: assets)
        try catalog.change("withdraw", kind: .decision) {
            try $0.withdraw(assets, for: .press, by: "Iggy Pop", reason: "x")
        }
        let undo = try catalog.undo(clear, command: "undo")
        try catalog.change("submit", kind: .decision) {
            try $0.submit(assets, for: .press, by: "Josh Homme", reason: "x")
        }
        try catalog.undo(undo, command: "undo")
        #expect(!(try ruling(assets[0]).isAllowed))
        #expect(
            Gate.state(of: try catalog.dossier(of: assets[0]), for: .press, at: fixture.now) == .submitted)
    }

    @Test("binds, of a session, what was in it when it was made, though it left in between")
    func session() throws {
        let assets = try fixture.importing([1], session: "Desert")
        _ = try decide(.cleared, about: assets)
        let hold = try decide(.held, by: "Iggy Pop", on: .session("Desert"))
        let undo = try catalog.undo(hold, command: "undo")
        try catalog.change("session") { try $0.remove(assets, fromSession: "Desert") }
        #expect(try ruling(assets[0]).isAllowed)
        try catalog.undo(undo, command: "undo")
        #expect(!(try ruling(assets[0]).isAllowed))
    }

    @Test("counts or not, however often, and is on record once")
    func chain() throws {
        let assets = try fixture.importing([1])
        _ = try decide(.cleared, about: assets)
        for step in 1...5 {
            try catalog.undo(try newest(), command: "undo")
            #expect(try ruling(assets[0]).isAllowed == step.isMultiple(of: 2), "after \(step)")
            #expect(
                try catalog.count(try Query.parse("cleared:press")) == (step.isMultiple(of: 2) ? 1 : 0),
                "after \(step)")
        }
        #expect(try catalog.decisions(about: assets[0]).count { $0.kind == .cleared } == 1)
    }

    @Test("is brought back by who took it back, or by an artist, and by nobody else")
    func entitlement() throws {
        let assets = try fixture.importing([1])
        let clear = try decide(.cleared, about: assets)
        let (mallory, moe) = (try other("Mallory"), try other("Moe"))
        let first = try mallory.undo(clear, command: "undo")
        #expect(throws: CatalogError.self) { try moe.undo(first, command: "undo") }
        let second = try mallory.undo(first, command: "undo")
        #expect(try ruling(assets[0]).isAllowed)
        let third = try moe.undo(second, command: "undo")
        #expect(!(try ruling(assets[0]).isAllowed), "to close is anybody's right")
        #expect(throws: CatalogError.self) { try mallory.undo(third, command: "undo") }
        _ = try moe.undo(third, command: "undo")
        #expect(try ruling(assets[0]).isAllowed)
        _ = try mallory.undo(try #require(try catalog.log(limit: 1).first), command: "undo")
        #expect(!(try ruling(assets[0]).isAllowed))
    }

    @Test(
        "is, where it tells of a release, taken back by nobody else either: one that is missing closes",
        arguments: [ReleaseStatus.missing, .limited, .unlimited])
    func releases(status: ReleaseStatus) throws {
        let assets = try fixture.importing([1])
        _ = try decide(.cleared, about: assets)
        let release = try decide(.released, about: assets) {
            $0.terms.release = .model
            ($0.status, $0.subject) = (status, "A passer-by")
        }
        let error = try #require(throws: CatalogError.self) {
            try other("Mallory").undo(release, command: "undo")
        }
        #expect(error.kind == .notCleared)
        try catalog.undo(release, command: "undo")
        #expect(try ruling(assets[0]).isAllowed)
    }

    @Test("depends on the import again, which is named by the change that brought it back")
    func imported() throws {
        let assets = try fixture.importing([1])
        let imported = try newest()
        let undo = try catalog.undo(try decide(.cleared, about: assets), command: "undo")
        let redo = try catalog.undo(undo, command: "bring back")
        let error = try #require(throws: CatalogError.self) { try catalog.undo(imported, command: "undo") }
        #expect(error.details == ["\(redo.number)  bring back"])
        try catalog.undo(redo, command: "undo")
        try catalog.undo(imported, command: "undo")
        #expect(try catalog.count(try Query.parse("all")) == 0)
    }
}
