import Chance
import Testing

@testable import Catalog

@Suite("Queries agree with the plain reading of them")
struct QueryAgreementTests {
    /// Assets with every mixture of what the plain reading below understands.
    static func archive(seed: UInt64) throws -> SmallArchive {
        var random = SeededRandom(seed: seed)
        var decision: Int64 = 1
        let assets = (1...40).map { number in
            var asset = SmallAsset(
                number: number,
                name: "IMG_\(number).jpg",
                digits: filled(String(number, radix: 16), 4)
            )
            asset.isPresent = Int.random(in: 0..<10, using: &random) > 0
            asset.kind = ["photo", "photo", "clip", "sound"].randomElement(using: &random) ?? "photo"
            asset.rating = [nil, -1, 0, 3, 5].randomElement(using: &random) ?? nil
            asset.iso = [nil, 100, 400, 1_600].randomElement(using: &random) ?? nil
            let days = Int64.random(in: 0..<800, using: &random)
            asset.taken =
                days < 100
                ? nil : (16_500 + days) * 86_400_000 + Int64.random(in: 0..<86_400_000, using: &random)
            asset.tags = SmallArchive.tags.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
            asset.sessions = SmallArchive.sessions.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
            asset.decisions = decisions(&random, from: &decision)
            return asset
        }
        return try SmallArchive(assets)
    }

    private static func decisions(_ random: inout SeededRandom, from key: inout Int64) -> [Decision] {
        var made: [Decision] = []
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            let kinds: [DecisionKind] = [.cleared, .cleared, .held, .lifted, .retracted]
            let kind = kinds.randomElement(using: &random) ?? .cleared
            let ends: [Int64?] = [nil, -1, 0, 1]
            let from = (ends.randomElement(using: &random) ?? nil).map { SmallArchive.now + $0 }
            let until = (ends.randomElement(using: &random) ?? nil).map { SmallArchive.now + $0 }
            let purposes: [Purpose?] = [nil, .press, .exhibit]
            made.append(
                Decision(
                    id: key,
                    kind: kind,
                    purpose: purposes.randomElement(using: &random) ?? nil,
                    person: "p",
                    decidedAt: key,
                    from: from,
                    until: until,
                    territory: Int.random(in: 0..<5, using: &random) == 0 ? "US" : nil,
                    reason: nil,
                    evidence: nil,
                    retracts: kind == .retracted ? made.randomElement(using: &random)?.id : nil,
                    authority: kind == .cleared || kind == .lifted ? 0 : nil
                )
            )
            key += 1
        }
        return made
    }

    @Test("Random queries choose what the plain reading chooses, in both shapes", arguments: 0..<120)
    func agree(seed: UInt64) throws {
        let archive = try QueryAgreementTests.archive(seed: seed % 6)
        var random = SeededRandom(seed: seed &+ 1_000)
        for _ in 0..<8 {
            let query = try Query.parse(RandomQuestion.text(&random, depth: 3))
            let expected = archive.assets.filter { $0.isPresent && PlainReading.chooses(query.root, $0) }.map(
                \.number
            )
            #expect(try archive.numbers(query) == expected, "seed \(seed): \(query)")
            #expect(
                try archive.numbers(query, wanted: 0, assets: 1) == expected,
                "seed \(seed), probing: \(query)"
            )
        }
    }

    @Test("Any query whatever can be run", arguments: 0..<150)
    func anyQueryRuns(seed: UInt64) throws {
        let archive = try QueryAgreementTests.archive(seed: 0)
        var random = SeededRandom(seed: seed)
        let query = Query(root: RandomQuery.node(&random, depth: 4))
        #expect(throws: Never.self, "seed \(seed): \(query)") {
            let listed = try archive.numbers(query)
            #expect(try archive.numbers(query, wanted: 0, assets: 1) == listed, "seed \(seed): \(query)")
            let others = try archive.numbers(Query(root: .not(query.root)))
            #expect(Set(listed).isDisjoint(with: others), "seed \(seed): \(query)")
            #expect(
                listed.count + others.count == archive.assets.filter(\.isPresent).count,
                "seed \(seed): \(query)"
            )
        }
    }

    @Test("What is cleared or held is what the gate says", arguments: 0..<60)
    func gate(seed: UInt64) throws {
        let archive = try QueryAgreementTests.archive(seed: seed + 100)
        let present = archive.assets.filter(\.isPresent)
        for purpose in [Purpose.press, .exhibit, .web] {
            let question = GateQuestion(
                purpose: purpose,
                recipient: "x",
                territory: nil,
                at: SmallArchive.now
            )
            // A file's key is its asset's number here, so some decisions are older than the file they are about.
            let allowed = present.filter { asset in
                let dossier = Dossier(
                    own: Dossier.Sheet(decisions: asset.decisions), filesSince: Int64(asset.number))
                return Gate.rule(on: dossier, question).isAllowed
            }.map(\.number)
            let held = present.filter { asset in
                Purpose.outside.contains {
                    let dossier = Dossier(own: Dossier.Sheet(decisions: asset.decisions))
                    return Gate.state(of: dossier, for: $0, at: SmallArchive.now) == .held
                }
            }.map(\.number)
            for (wanted, assets) in [(nil, 1_000_000), (0, 1)] as [(Int?, Int)] {
                let cleared = try archive.numbers(
                    Query.parse("cleared:\(purpose.rawValue)"),
                    wanted: wanted,
                    assets: assets
                )
                #expect(cleared == allowed, "seed \(seed), \(purpose)")
                #expect(
                    try archive.numbers(Query.parse("held:yes"), wanted: wanted, assets: assets) == held,
                    "seed \(seed)"
                )
                let free = try archive.numbers(Query.parse("held:no"), wanted: wanted, assets: assets)
                #expect(free == present.map(\.number).filter { !held.contains($0) }, "seed \(seed)")
            }
        }
    }
}

/// Queries in words, of the fields that the plain reading understands.
enum RandomQuestion {
    static func text(_ random: inout SeededRandom, depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0...4: term(&random)
        case 5: "not (\(text(&random, depth: depth - 1)))"
        case 6: "(\(text(&random, depth: depth - 1)) or \(text(&random, depth: depth - 1)))"
        default: "\(text(&random, depth: depth - 1)) (\(text(&random, depth: depth - 1)))"
        }
    }

    private static func term(_ random: inout SeededRandom) -> String {
        let terms = [
            "kind:photo", "kind:clip|sound", "kind!=clip", "rating>=3", "rating:0", "rating<0", "rating:0..3",
            "rating!=5",
            "tag:people", "tag:=people", "tag:\"iggy pop\"", "tag:people/Crew|live", "tag:nothing",
            "tag:édith",
            "session:desert", "session:des", "session:rancho|royal", "iso:400", "iso>100", "iso<=400",
            "iso:100|1600",
            "taken:2016", "taken:2016-03..2016-05", "taken<2016-02-01", "taken>=2016-12", "taken>2016",
            "taken:..2015", "all",
        ]
        return terms.randomElement(using: &random) ?? "all"
    }
}

/// What a query means, said a second time and slowly.
enum PlainReading {
    static func chooses(_ node: Query.Node, _ asset: SmallAsset) -> Bool {
        switch node {
        case .all: true
        case .text: false
        case .not(let other): !chooses(other, asset)
        case .and(let nodes): nodes.allSatisfy { chooses($0, asset) }
        case .or(let nodes): nodes.contains { chooses($0, asset) }
        case .field(let field, let test): chooses(field, test, asset)
        }
    }

    private static func chooses(_ field: Query.Field, _ test: Query.Test, _ asset: SmallAsset) -> Bool {
        switch (field, test) {
        case (.kind, .words(let words)):
            return words.contains(asset.kind)
        case (.rating, .numbers(let intervals)):
            return asset.rating.map { rating in
                intervals.contains { holds($0, Double(rating), \.value, \.value) }
            } ?? false
        case (.iso, .numbers(let intervals)):
            return asset.iso.map { iso in intervals.contains { holds($0, Double(iso), \.value, \.value) } }
                ?? false
        case (.taken, .dates(let intervals)):
            guard let taken = asset.taken else { return false }
            // The last millisecond of a moment belongs to it.
            return intervals.contains { interval in
                holds(interval, taken, { $0.resolved(now: 0).start }, { $0.resolved(now: 0).end - 1 })
            }
        case (.tag, .exactly(let paths)):
            return asset.tags.contains { paths.contains($0) }
        case (.tag, .like(let patterns)):
            let wanted = patterns.compactMap { $0.literal?.lowercased() }
            return asset.tags.contains { tag in
                wanted.contains { ("/" + tag.lowercased() + "/").contains("/" + $0 + "/") }
            }
        case (.session, .like(let patterns)):
            let all = SmallArchive.sessions
            let meant = patterns.flatMap { pattern -> [String] in
                let name = pattern.literal?.lowercased() ?? ""
                let whole = all.filter { $0.lowercased() == name }
                return whole.isEmpty ? all.filter { $0.lowercased().hasPrefix(name) } : whole
            }
            return asset.sessions.contains { meant.contains($0) }
        default:
            return false
        }
    }

    private static func holds<Bound, Number: Comparable>(
        _ interval: Query.Interval<Bound>,
        _ number: Number,
        _ first: (Bound) -> Number,
        _ last: (Bound) -> Number
    ) -> Bool {
        switch interval {
        case .at(let bound): first(bound) <= number && number <= last(bound)
        case .above(let bound): number > last(bound)
        case .from(let bound): number >= first(bound)
        case .below(let bound): number < first(bound)
        case .upTo(let bound): number <= last(bound)
        case .between(let low, let high): first(low) <= number && number <= last(high)
        }
    }
}
