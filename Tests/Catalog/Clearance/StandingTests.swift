import Chance
import Catalog
import Files
import MediaProtocol
import Testing

/// `find` answers from a table that is kept, and the gate from every row: they must not come apart.
@Suite("What find says is cleared, blocked, submitted, held or expiring")
struct StandingTests {
    static let hour: Int64 = 3_600_000

    @Test(
        "is what the gate says, after every step of random histories and as time passes",
        arguments: 0..<16 as Range<UInt64>)
    func histories(seed: UInt64) throws {
        let fixture = try CatalogFixture()
        let catalog = fixture.catalog
        var random = SeededRandom(seed: seed)
        let assets = try fixture.importing(Array(1...6), session: "Desert", tags: ["people/Iggy Pop"]) {
            if $0 == 3 { $1.caption = "Embargo until the record is out" }
        }
        try catalog.change("artists") { try $0.add(artist: "Josh Homme", .clear, in: nil, by: nil) }
        for step in 0..<25 {
            let some = assets.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
            do {
                try Self.step(
                    Int.random(in: 0..<17, using: &random), catalog, some, assets, fixture.now, &random)
            } catch let error as CatalogError {
                // What may not be decided is refused, and leaves everything as it was.
                #expect(
                    error.kind == .notCleared || error.kind == .refused || error.kind == .notFound, "\(error)"
                )
            }
            fixture.now += Int64.random(in: 0..<8, using: &random) * Self.hour
            try Self.agree(catalog, assets, at: fixture.now, "seed \(seed), step \(step)")
        }
    }

    private static func step(
        _ kind: Int, _ catalog: Catalog, _ some: [AssetID], _ all: [AssetID], _ now: Int64,
        _ random: inout SeededRandom
    ) throws {
        let purpose = Purpose.outside.randomElement(using: &random) ?? .press
        let later = now + Int64.random(in: -5..<20, using: &random) * hour
        var decision = NewDecision(.cleared, purpose: purpose, by: "Josh Homme")
        if Bool.random(using: &random) { decision.until = later }
        if Int.random(in: 0..<5, using: &random) == 0 { decision.territory = "US" }
        if Int.random(in: 0..<3, using: &random) == 0 { decision.despiteWarnings = true }
        let tag = try TagPath("people/Iggy Pop")
        switch kind {
        case 0...4:
            try catalog.change("clear", kind: .decision) { try $0.decide(decision, about: some) }
        case 5:
            decision.kind = .held
            try catalog.change("hold", kind: .decision) { try $0.decide(decision, about: some) }
        case 6:
            decision.kind = Bool.random(using: &random) ? .held : .restricted
            (decision.from, decision.until) = (now - hour, later > now ? later : nil)
            try catalog.change("hold", kind: .decision) {
                try $0.decide(decision, on: Bool.random(using: &random) ? .session("Desert") : .tag(tag))
            }
        case 7:
            try catalog.change("lift", kind: .decision) {
                try $0.lift(from: all, by: "Josh Homme", reason: "x")
                try $0.lift(from: .session("Desert"), by: "Josh Homme", reason: "x")
                try $0.lift(from: .tag(tag), by: "Josh Homme", reason: "x")
            }
        case 8:
            try catalog.change("submit", kind: .decision) {
                try $0.submit(some, for: purpose, by: "Josh Homme", reason: "x")
            }
        case 9:
            try catalog.change("withdraw", kind: .decision) {
                try $0.withdraw(some, for: purpose, by: "Iggy Pop", reason: "x")
            }
        case 10:
            try catalog.change("join") {
                if Bool.random(using: &random) {
                    try $0.remove(some, fromSession: "Desert")
                } else {
                    try $0.add(some, toSession: "Desert")
                }
                try $0.remove(tags: [tag], from: some)
            }
        case 11:
            try catalog.change("approve", kind: .decision) {
                try $0.add(artist: "Iggy Pop", .approve, in: nil, purpose: purpose, by: nil)
                try $0.answer(NewDecision(.approved, purpose: nil, by: "Iggy Pop"), about: some)
            }
        case 12:
            try catalog.change("derive") { try $0.derive([all[1]], from: all[0]) }
        case 13...15:
            // Any decision or undo, however long ago; and half of the time back again, which leaves all as it was.
            let kinds: Set<ChangeKind> = [.decision, .undo]
            let changes = try catalog.log().filter { kinds.contains($0.kind) && $0.undoneBy == nil }
            guard let change = changes.randomElement(using: &random) else { return }
            let before = try rulings(catalog, all, at: now)
            let undo = try catalog.undo(change, command: "undo")
            guard Bool.random(using: &random) else { return }
            try catalog.undo(undo, command: "undo")
            // A right to agree binds from when it was given again.
            guard try !catalog.log().contains(where: { $0.command == "approve" }) else { return }
            #expect(
                try rulings(catalog, all, at: now) == before, "change \(change.number): \(change.command)")
        default:
            guard let last = try catalog.lastUndoableChange(), last.kind != .importing else { return }
            try catalog.undo(last, command: "undo")
        }
    }

    private static func rulings(_ catalog: Catalog, _ assets: [AssetID], at now: Int64) throws -> [[AssetID:
        Ruling]]
    {
        try Purpose.outside.map {
            try catalog.rulings(
                on: assets, GateQuestion(purpose: $0, recipient: "", territory: nil, at: now))
        }
    }

    private static func agree(_ catalog: Catalog, _ assets: [AssetID], at now: Int64, _ place: String) throws
    {
        let dossiers = try assets.map { ($0, try catalog.dossier(of: $0)) }
        func found(_ query: String) throws -> Set<AssetID> { Set(try catalog.assets(try Query.parse(query))) }
        func meant(_ holds: (Dossier) -> Bool) -> Set<AssetID> {
            Set(dossiers.filter { holds($0.1) }.map(\.0))
        }
        var states: [ClearanceState: Set<AssetID>] = [:]
        var expiring: Set<AssetID> = []
        for purpose in Purpose.outside {
            func ruling(_ dossier: Dossier, at instant: Int64) -> Ruling {
                Gate.rule(
                    on: dossier, GateQuestion(purpose: purpose, recipient: "", territory: nil, at: instant))
            }
            let cleared = meant { ruling($0, at: now).isAllowed }
            #expect(try found("cleared:\(purpose.rawValue)") == cleared, "\(place), cleared:\(purpose)")
            #expect(
                try found("blocked:\(purpose.rawValue)")
                    == meant { ruling($0, at: now).denials.contains(where: \.blocks) },
                "\(place), blocked:\(purpose)")
            for state in ClearanceState.allCases {
                states[state, default: []].formUnion(
                    meant { Gate.state(of: $0, for: purpose, at: now) == state })
            }
            #expect(
                try found("submitted:\(purpose.rawValue)")
                    == meant { Gate.state(of: $0, for: purpose, at: now) == .submitted },
                "\(place), submitted:\(purpose)")
            // A clearance of these histories never comes back within a span once it ended.
            expiring.formUnion(
                meant { dossier in
                    ruling(dossier, at: now).isAllowed
                        && (1...12).contains { !ruling(dossier, at: now + Int64($0) * hour).isAllowed }
                })
        }
        for state in ClearanceState.allCases where state != .unreviewed {
            #expect(try found("state:\(state.rawValue)") == states[state], "\(place), state:\(state)")
        }
        #expect(try found("held:yes") == states[.held], "\(place), held:yes")
        let others = ClearanceState.allCases.filter { $0 != .unreviewed }
        #expect(
            try found("state:unreviewed") == Set(assets).subtracting(others.flatMap { states[$0] ?? [] }),
            "\(place), state:unreviewed")
        #expect(try found("expiring:12h").isSuperset(of: expiring), "\(place), expiring:12h")
        for listed in try catalog.find(.all) {
            let dossier = try catalog.dossier(of: listed.asset.id)
            let meant = Purpose.outside.filter {
                Gate.rule(on: dossier, GateQuestion(purpose: $0, recipient: "", territory: nil, at: now))
                    .isAllowed
            }
            #expect(listed.clearedFor == meant, "\(place), \(listed.asset.shortName)")
        }
    }

    @Test("expires within a span of time: what goes on longer, or ended already, is not meant")
    func expiring() throws {
        let fixture = try CatalogFixture()
        let assets = try fixture.importing([1, 2, 3])
        try fixture.catalog.change("clear", kind: .decision) { change in
            try change.add(artist: "Josh Homme", .clear, in: nil, by: nil)
            for (asset, days) in zip(assets, [20, 40, -1] as [Int64]) {
                var decision = NewDecision(.cleared, purpose: .press, by: "Josh Homme")
                decision.until = fixture.now + days * 24 * Self.hour
                try change.decide(decision, about: [asset])
            }
        }
        #expect(try fixture.catalog.assets(try Query.parse("expiring:30d")) == [assets[0]])
        #expect(try fixture.catalog.assets(try Query.parse("expiring:2m")) == [assets[0], assets[1]])
        fixture.now += 21 * 24 * Self.hour
        #expect(try fixture.catalog.assets(try Query.parse("expiring:30d")) == [assets[1]])
    }
}
