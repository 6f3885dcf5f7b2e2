internal import Storage

/// A point in degrees.
struct Point: Hashable {
    var north: Double
    var east: Double
}

/// What an index of rectangles is asked for: one, or the two beside the 180th meridian.
struct Bounds: Hashable {
    var south: Double
    var north: Double
    /// From west to east.
    var spans: [ClosedRange<Double>]

    /// Between two parallels and two meridians; across the 180th where west is the larger.
    init(south: Double, west: Double, north: Double, east: Double) {
        self.south = south
        self.north = north
        spans = west <= east ? [west...east] : [west...180, -180...east]
        // The 180th has two names.
        if spans.contains(where: { $0.contains(180) }), !spans.contains(where: { $0.contains(-180) }) {
            spans.append(-180 ... -180)
        } else if spans.contains(where: { $0.contains(-180) }), !spans.contains(where: { $0.contains(180) }) {
            spans.append(180...180)
        }
    }

    /// Around a circle on the sphere.
    init(around middle: Point, radius: Double) {
        let angle = radius / Bounds.earth
        let reach = angle * 180 / .pi
        let south = middle.north - reach
        let north = middle.north + reach
        // Around a pole every meridian is near.
        guard south > -90, north < 90 else {
            self.init(south: max(south, -90), west: -180, north: min(north, 90), east: 180)
            return
        }
        let wide = Bounds.width(angle, at: middle.north)
        guard wide < 180 else {
            self.init(south: south, west: -180, north: north, east: 180)
            return
        }
        func turned(_ east: Double) -> Double { east > 180 ? east - 360 : east < -180 ? east + 360 : east }
        self.init(
            south: south, west: turned(middle.east - wide), north: north, east: turned(middle.east + wide))
    }

    /// The mean radius of the Earth in metres (IUGG); the Earth is not a sphere, which makes half a percent.
    static let earth = 6_371_008.8

    /// The degrees of longitude from a circle's middle to where a meridian touches it.
    private static func width(_ angle: Double, at north: Double) -> Double {
        // asin(sin angle / cos latitude), made of what the standard library has: half the chord to its angle.
        let ratio = sine(angle) / cosine(north * .pi / 180)
        guard ratio < 1 else { return 180 }
        return arcsine(ratio) * 180 / .pi
    }
}

extension QueryCompiler {
    /// The condition of `near:` or `within:`.
    func condition(around circles: [Query.Circle]) throws -> SQLCondition {
        .any(
            of: try circles.flatMap { circle in
                try context.middles(circle.middle).map { middle in
                    try condition(
                        Bounds(around: middle, radius: circle.radius),
                        QueryCompiler.isNear(middle, circle.radius))
                }
            })
    }

    /// The condition of `within:`.
    func condition(within areas: [Query.Area]) throws -> SQLCondition {
        .any(
            of: try areas.map { area in
                let bounds = Bounds(south: area.south, west: area.west, north: area.north, east: area.east)
                return try condition(bounds, QueryCompiler.isWithin(bounds))
            })
    }

    /// What may lie there is listed by the index of positions; what does is told by the asset's own columns.
    ///
    /// Where very
    /// many may and only the newest are wanted, the assets are walked by date and asked one by one.
    private func condition(_ bounds: Bounds, _ exact: SQLCondition) throws -> SQLCondition {
        // A row that is listed is read and measured, at 7 µs, and a step of the walk costs 0.15 (measured with a million
        // assets, 330,000 of them somewhere): so they meet at two fifths of where names do.
        let limit = context.walkFrom < Int.max ? context.walkFrom / 5 * 2 : Int.max
        if limit < Int.max, try context.count(.inBounds(bounds), limit + 1) > limit {
            return .all(of: [QueryCompiler.isWithin(bounds), exact])
        }
        let (rows, values) = QueryCompiler.indexed(bounds)
        return .all(of: [
            SQLCondition("a.id IN (\n    \(rows.replacing("\n", with: "\n    "))\n)", values), exact,
        ])
    }

    /// The keys of what may lie within bounds.
    static func indexed(_ bounds: Bounds) -> (rows: String, values: [Value]) {
        let one = """
            SELECT p.id
              FROM asset_position AS p
             WHERE p.north >= ?
               AND p.south <= ?
               AND p.east >= ?
               AND p.west <= ?
            """
        return (
            Array(repeating: one, count: bounds.spans.count).joined(separator: "\nUNION ALL\n"),
            bounds.spans.flatMap { span -> [Value] in
                [.real(bounds.south), .real(bounds.north), .real(span.lowerBound), .real(span.upperBound)]
            }
        )
    }

    private static func isWithin(_ bounds: Bounds) -> SQLCondition {
        .all(of: [
            SQLCondition("a.latitude BETWEEN ? AND ?", [.real(bounds.south), .real(bounds.north)]),
            .any(
                of: bounds.spans.map {
                    SQLCondition("a.longitude BETWEEN ? AND ?", [.real($0.lowerBound), .real($0.upperBound)])
                }),
        ])
    }

    /// The haversine of the distance against that of the radius: no root and no arc is needed.
    private static func isNear(_ middle: Point, _ radius: Double) -> SQLCondition {
        let half = sine(min(radius / Bounds.earth / 2, .pi / 2))
        return SQLCondition(
            """
            pow(sin(radians(a.latitude - ?) / 2), 2)
                + cos(radians(a.latitude)) * ? * pow(sin(radians(a.longitude - ?) / 2), 2) <= ?
            """,
            [
                .real(middle.north), .real(cosine(middle.north * .pi / 180)), .real(middle.east),
                .real(half * half),
            ])
    }
}
