internal import Storage

/// What a recall of some assets comes to.
public struct RecallPlan: Hashable, Sendable {
    /// What is to be asked back, by recipient.
    public internal(set) var outside: [Holding] = []
    /// The proofs that artists are to give up, by review.
    public internal(set) var proofsOutside: [HeldProof] = []
    /// What was asked back already.
    public internal(set) var earlier: [Holding] = []
    /// Proofs that were asked back already.
    public internal(set) var proofsEarlier: [HeldProof] = []
    /// What nobody closed and would not be let out today all the same, and is not to be asked back.
    public internal(set) var barred: [Holding] = []
    /// Every reason why the gate would not let out today what is in `outside` and in `barred`.
    public internal(set) var reasons: [Holding: [Denial]] = [:]
    /// What left for purposes for which it may leave today.
    public internal(set) var allowed: [Holding] = []
    /// What was made for the house itself.
    public internal(set) var inside: [Holding] = []
    /// Assets that nobody holds or withdrew, for any purpose, and of which nothing is to be asked back.
    public internal(set) var open: [AssetID] = []
    /// What artists were shown of what is closed, and may keep: it is theirs to decide about, and often they are who
    /// closed it.
    public internal(set) var proofs: [ShownProofs] = []

    /// True when nobody is to be asked for anything.
    public var isEmpty: Bool { outside.isEmpty && proofsOutside.isEmpty }
    /// How many files are to be asked back.
    public var files: Int { outside.count + proofsOutside.count }

    /// Who has something that is to be asked back, by name.
    public var recipients: [String] {
        Set(outside.map(\.recipient) + proofsOutside.map(\.artist)).sorted()
    }

    /// The assets that a recipient has something of which is to be asked back.
    public func works(with recipient: String) -> Set<AssetID> {
        Set(outside.filter { $0.recipient == recipient }.map(\.asset))
            .union(proofsOutside.filter { $0.artist == recipient }.map(\.asset))
    }
}

extension Catalog {
    /// What recalling these assets comes to: of what left, what was closed since for the purpose it left for.
    ///
    /// A recall decides nothing: what nobody holds, withdrew or refused is not asked back, unless `anyReason` asks for
    /// whatever the gate would not let out today, to the same recipient, into the same country and for the same purpose.
    /// How often something leaves, and that a file of it changed since, binds what leaves next and not what left.
    public func recallPlan(of assets: [AssetID], forAnyReason anyReason: Bool = false) throws -> RecallPlan {
        try connection.snapshot {
            let instant = now()
            let holdings = try holdings(of: assets)
            let proofs = try heldProofs(of: assets)
            let near = Set(
                holdings.flatMap { [$0.asset, $0.origin] } + proofs.flatMap { [$0.asset, $0.origin] })
            var dossiers: [AssetID: Dossier] = [:]
            var plan = RecallPlan()
            try connection.eachDossier(of: (assets + near.subtracting(assets)).map(\.rawValue)) {
                key, dossier in
                let asset = AssetID(rawValue: key)
                if near.contains(asset) { dossiers[asset] = dossier }
                if !dossier.isClosed(at: instant) { plan.open.append(asset) }
            }
            let open = Set(plan.open)
            plan.sort(holdings, dossiers, at: instant, anyReason)
            plan.sort(proofs, dossiers, closed: { !open.contains($0) }, at: instant)
            let asked = Set(
                plan.outside.map(\.origin) + plan.earlier.map(\.origin) + plan.proofsOutside.map(\.origin)
                    + plan.proofsEarlier.map(\.origin))
            plan.open = assets.filter { open.contains($0) && !asked.contains($0) }
            return plan
        }
    }
}

extension RecallPlan {
    /// Puts each file where it belongs, once: what is open by one of its origins may be closed by another.
    fileprivate mutating func sort(
        _ holdings: [Holding], _ dossiers: [AssetID: Dossier], at instant: Int64, _ anyReason: Bool
    ) {
        var seen: Set<[String]> = []
        func isNew(_ holding: Holding) -> Bool { seen.insert([holding.delivery, holding.name]).inserted }
        var waiting: [(holding: Holding, denials: [Denial])] = []
        for holding in holdings {
            let denials = holding.denials(dossiers, at: instant)
            let isClosed = denials.contains(where: \.isClosing)
            guard isClosed || anyReason && !denials.isEmpty || !holding.isOutside else {
                waiting.append((holding, denials))
                continue
            }
            guard isNew(holding) else { continue }
            if !holding.isOutside {
                inside.append(holding)
            } else if holding.recall != nil {
                earlier.append(holding)
            } else {
                outside.append(holding)
                reasons[holding] = denials
            }
        }
        for (holding, denials) in waiting where !denials.isEmpty && isNew(holding) {
            if holding.recall != nil {
                earlier.append(holding)
            } else {
                barred.append(holding)
                reasons[holding] = denials
            }
        }
        allowed = waiting.map(\.holding).filter(isNew)
    }

    fileprivate mutating func sort(
        _ held: [HeldProof], _ dossiers: [AssetID: Dossier], closed isClosed: (AssetID) -> Bool,
        at instant: Int64
    ) {
        var seen: Set<[Int64]> = []
        var kept: [HeldProof] = []
        for proof in held where seen.insert([proof.reviewKey, Int64(proof.number)]).inserted {
            if !proof.isToBeAsked(dossiers, at: instant) {
                if isClosed(proof.origin) { kept.append(proof) }
            } else if proof.recall != nil {
                proofsEarlier.append(proof)
            } else {
                proofsOutside.append(proof)
            }
        }
        for proof in kept {
            let count = kept.count { $0.reviewKey == proof.reviewKey }
            let shown = ShownProofs(review: proof.review, artist: proof.artist, at: proof.at, proofs: count)
            if !proofs.contains(shown) { proofs.append(shown) }
        }
    }
}

extension Dossier {
    /// True when somebody holds, withdrew or refused it, for any purpose.
    fileprivate func isClosed(at instant: Int64) -> Bool {
        let hearing = Hearing(self)
        return Purpose.outside.contains { purpose in
            switch hearing.state(for: purpose, at: instant) {
            case .held, .withdrawn: true
            case .unreviewed, .submitted, .cleared: false
            }
        }
    }
}

extension Denial {
    /// True when somebody said no to what was allowed.
    fileprivate var isClosing: Bool {
        switch self {
        case .held, .withdrawn, .refused: true
        default: false
        }
    }
}

extension Holding {
    /// Why the gate would not let it out today as it did then.
    ///
    /// Of a delivered file that came back in and left again, what it was a file of closes it, too; it needs no clearance of
    /// that.
    fileprivate func denials(_ dossiers: [AssetID: Dossier], at instant: Int64) -> [Denial] {
        guard let purpose = Purpose(rawValue: purpose), purpose != .internal else { return [] }
        let question = GateQuestion(purpose: purpose, recipient: recipient, territory: territory, at: instant)
        func denials(_ asset: AssetID) -> [Denial] {
            var dossier = dossiers[asset] ?? .empty
            (dossier.own.uses, dossier.filesSince) = ([], nil)
            for parent in dossier.parents.indices { dossier.parents[parent].uses = [] }
            return Gate.rule(on: dossier, question).denials.filter {
                if case .usedUp = $0 { false } else { true }
            }
        }
        var all = denials(asset)
        // What was said to be made from it once is bound by what was decided then, and its own dossier knows that.
        for denial in asset == origin || link == .once ? [] : denials(origin)
        where denial.blocks && !all.contains(denial) {
            all.append(denial)
        }
        return all
    }
}

extension HeldProof {
    /// True when it may not be shown to the artist any longer, and somebody else said so for good.
    ///
    /// What somebody holds may be decided about yet, and the artist is who decides.
    fileprivate func isToBeAsked(_ dossiers: [AssetID: Dossier], at instant: Int64) -> Bool {
        let question = ShowingQuestion(artist: artist, purposes: purposes, at: instant)
        return [asset, origin].contains { key in
            Gate.showing(dossiers[key] ?? .empty, question, hasSay: true).contains { denial in
                switch denial {
                case .withdrawn(let decision), .refused(let decision), .keptFor(let decision):
                    !Hearing.same(decision.person, artist)
                case .held, .noSay, .nothingToSee: false
                }
            }
        }
    }
}
