extension Collection<Decision> {
    /// The keys of the decisions that were taken back, and not brought back since.
    ///
    /// To bring back is to take the retraction back. The decision keeps its key, which tells what came after it: files
    /// that it did not see, deliveries that it counts, a withdrawal that ended it.
    public var takenBack: Set<Int64> {
        var named: [Int64: Int64] = [:]
        for decision in self where decision.kind == .retracted { named[decision.id] = decision.retracts }
        guard !named.isEmpty else { return [] }
        var open: [Int64: Int] = [:]
        for key in named.values { open[key, default: 0] += 1 }
        // From the ends of the chains: whether a retraction counts is known when all that name it are settled. Keys
        // alone do not tell their order, for a machine's clock may have been behind the one before it.
        var settled = named.keys.filter { open[$0] == nil }
        var gone: Set<Int64> = []
        while let retraction = settled.popLast() {
            guard let key = named[retraction] else { continue }
            if !gone.contains(retraction) { gone.insert(key) }
            let left = (open[key] ?? 0) - 1
            open[key] = left
            if left == 0 { settled.append(key) }
        }
        return gone
    }
}

extension Catalog {
    /// The decisions about an asset itself that were not taken back.
    func standingDecisions(about asset: AssetID) throws -> [Decision] {
        Hearing.standing(try decisions(about: asset))
    }
}
