internal import Storage

/// How terms that must all hold are put: which of them is gone along, and how many assets the others are asked about.
struct QueryPlan {
    /// What SQLite goes along.
    enum Way: Hashable {
        /// The assets in the order of the list, each asked.
        case walk
        /// What the index of one term lists.
        case list(Int)
    }

    var way = Way.walk
    /// How many assets are asked.
    var evaluations: Double
    /// Microseconds that it may take.
    var cost: Double
    /// Where a walk begins: before it nothing has all of this.
    var begin: Int64?

    // Microseconds, measured by single commands on an archive of a million assets: it is in the system's memory, but not in
    // the program's. A walk finds neighbours on one page; what a list names lies apart, and each is a page that must be fetched.

    /// To ask an asset that a list names, whatever the link.
    static let apart = 0.7
    /// To read the row of one.
    static let read = 8.0
    /// To make a list and sort it.
    static let once = 20.0
}

extension QueryCompiler {
    /// The assets of a link, and when they were taken; counted no further than pays.
    func spread(of link: QueryLink) throws -> Spread {
        if case .any(let links) = link.form { return .union(try links.map(spread)) }
        guard let population = link.population else { return Spread(size: 0) }
        if case .nothing = link.form { return Spread(size: 0, periods: [:]) }
        if let known = try context.spread(population) { return known }
        // Of words some fifty a microsecond are counted, of rows twenty, and of what many names have five.
        let limit = link.cost > 10 ? 50_000 : link.isOfManyNames ? 5_000 : 20_000
        let size = try context.count(population, limit)
        return Spread(size: size, isWhole: size < limit)
    }

    /// Chooses the quickest way for links that must all hold, and dates between which all lie.
    ///
    /// Steps of a walk are told by the tallies: period for period, from where the walk begins, as many assets are passed as
    /// were taken then, and as many of them fit as the shares of all links make likely. Links are taken to be independent
    /// within a period, and where no period is known, over the whole.
    func plan(_ links: [QueryLink], between dates: ClosedRange<Int64>?) throws -> QueryPlan {
        guard !links.isEmpty else {
            let all = Double(context.assets)
            return QueryPlan(
                evaluations: context.wanted.map { min(all, Double($0) * 50) } ?? all, cost: all * 0.7)
        }
        let spreads = try links.map(spread)
        let course = try Course(context, spreads, between: dates)
        let walk = course.walk(along: nil)
        // The second is asked of those that pass the first.
        let asking = links.indices.map { links[$0].cost(of: walk.steps, size: course.size($0)) }
            .sorted().prefix(2).enumerated().reduce(0) { $0 + $1.element / Double($1.offset + 1) }
        var best = QueryPlan(
            evaluations: walk.steps, cost: walk.steps * course.step + asking + walk.found * 2,
            begin: walk.begin)
        for (index, link) in links.enumerated() where link.isListable {
            let others = links.indices.filter { $0 != index }
            func asking(_ assets: Double) -> Double {
                others.reduce(0) { $0 + links[$1].cost(of: assets, size: course.size($1)) }
            }
            let plan: QueryPlan
            if link.isOrdered, course.isByDate {
                let along = course.walk(along: index)
                plan = QueryPlan(
                    way: .list(index), evaluations: along.steps,
                    cost: along.steps * 0.9 + asking(along.steps), begin: along.begin)
            } else {
                let size = Double(course.size(index))
                let asked = max(asking(size), size * QueryPlan.apart * Double(others.count))
                // Each that remains is read and sorted; keys are sorted without being read.
                let isByKey = if case .key = context.order { true } else { false }
                let remaining = isByKey ? min(course.all, Double(context.wanted ?? .max)) : course.all
                plan = QueryPlan(
                    way: .list(index), evaluations: size,
                    cost: size * 0.2 + asked + remaining * QueryPlan.read + QueryPlan.once)
            }
            if plan.cost < best.cost { best = plan }
        }
        return best
    }
}

/// What lies on the way of a walk, as far as tallies tell.
private struct Course {
    private let spreads: [Spread]
    private let assets: Int
    private let wanted: Double
    /// The periods in the order of the walk, with how many assets each has.
    private var periods: [(number: Int64, assets: Double)]
    let isByDate: Bool
    /// Microseconds for one step.
    let step: Double
    /// How many assets were taken while each link reaches, where that is all that is known of when it has its own.
    private let reached: [Double?]
    /// How many assets are likely to fit.
    private(set) var all = 0.0

    init(_ context: QueryContext, _ spreads: [Spread], between dates: ClosedRange<Int64>?) throws {
        self.spreads = spreads
        assets = max(context.assets, 1)
        wanted = context.wanted.map(Double.init) ?? .infinity
        let known = try context.spread(nil)?.periods
        let span = dates.map { Spread.period(of: $0.lowerBound)...Spread.period(of: $0.upperBound) }
        periods = (known ?? [:]).filter { span?.contains($0.key) ?? true }.map { ($0.key, Double($0.value)) }
        switch context.order {
        case .date(let newestFirst), .key(let newestFirst):
            periods.sort { newestFirst ? $0.number > $1.number : $0.number < $1.number }
        case .other: break
        }
        if case .date = context.order { isByDate = true } else { isByDate = false }
        if case .key = context.order { step = 0.5 } else { step = 0.2 }
        let passed = periods
        reached = spreads.map { spread in
            spread.reach.map { reach in
                passed.reduce(0) { $0 + (reach.contains($1.number) ? $1.assets : 0) }
            }
        }
        all = periods.reduce(0) { $0 + $1.assets * share(in: $1) }
        if known == nil {
            let whole = Double(assets)
            all = spreads.indices.reduce(whole) { $0 * min(1, Double(size($1)) / whole) }
            fitting = (whole, all)
        } else if case .other = context.order, wanted.isFinite {
            // In any other order what fits is spread evenly over all.
            fitting = (periods.reduce(0) { $0 + $1.assets }, all)
        }
    }

    /// Of how many assets how many fit, where periods say nothing of the order.
    private var fitting: (of: Double, found: Double)?

    /// How many a link has; where counting stopped, a quarter of the archive.
    func size(_ index: Int) -> Int {
        spreads[index].isWhole ? spreads[index].size : max(spreads[index].size, assets / 4)
    }

    private func share(of index: Int, in period: (number: Int64, assets: Double)) -> Double {
        let spread = spreads[index]
        guard period.assets > 0 else { return 0 }
        if let own = spread.periods { return min(1, Double(own[period.number] ?? 0) / period.assets) }
        if let reach = spread.reach, !reach.contains(period.number) { return 0 }
        return min(1, Double(size(index)) / max(reached[index] ?? Double(assets), 1))
    }

    private func share(in period: (number: Int64, assets: Double)) -> Double {
        spreads.indices.reduce(1) { $0 * share(of: $1, in: period) }
    }

    /// Steps until enough is found, and where the first of them is worth taking.
    func walk(along link: Int?) -> (steps: Double, found: Double, begin: Int64?) {
        if let fitting {
            let needed = fitting.found > 0 ? wanted * 1.3 * fitting.of / fitting.found : .infinity
            let steps = wanted == 0 ? 0 : min(fitting.of, needed)
            let passed = link.map { Double(size($0)) / Double(assets) } ?? 1
            return (steps * min(1, passed), min(wanted, fitting.found), nil)
        }
        var steps = 0.0
        var found = 0.0
        var begin: Int64?
        for period in periods {
            let share = share(in: period)
            if share > 0, begin == nil { begin = period.number }
            guard begin != nil || !isByDate else { continue }
            let passed = link.map { period.assets * self.share(of: $0, in: period) } ?? period.assets
            let fits = period.assets * share
            if found + fits >= wanted * 1.3 {
                return (steps + passed * (fits > 0 ? (wanted * 1.3 - found) / fits : 1), wanted, begin)
            }
            steps += passed
            found += fits
        }
        // Where nothing can be found a walk would pass all.
        return (begin == nil && wanted > 0 ? Double(assets) : steps, found, begin)
    }
}
