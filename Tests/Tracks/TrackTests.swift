import Chance
import Catalog
import MediaProtocol
import Testing
import Tracks

@Suite("A track")
struct TrackTests {
    private func track(_ points: [(Int64, Double, Double, Double?)], name: String = "ridge.gpx") -> Track {
        Track(
            name: name,
            points: points.map { second, north, east, height in
                TrackPoint(
                    instant: second * 1_000, north: Int32((north * 1e7).rounded()),
                    east: Int32((east * 1e7).rounded()), height: height.map { Int32($0 * 1_000) }, track: 1)
            }[...])
    }

    private func position(_ fix: TrackFix?) throws -> Position {
        try #require(fix?.position)
    }

    @Test(
        "places what was taken between two points on the straight way, at an even pace, and its height as well"
    )
    func between() throws {
        let track = track([(0, 34, -116, 1_000), (100, 35, -118, 1_200)])
        let place = try position(track.fix(at: 25_000, longestGap: 300_000))
        #expect(place.latitude == 34.25)
        #expect(place.longitude == -116.5)
        #expect(place.altitude == 1_050)
        #expect(place.source == "track ridge.gpx, between points 100 s apart")
        let point = try position(track.fix(at: 100_000, longestGap: 300_000))
        #expect(point.source == "track ridge.gpx")
        #expect(point.longitude == -118)
    }

    @Test("goes the short way round at the 180th meridian")
    func antimeridian() throws {
        let east = track([(0, -17, 179.9, nil), (100, -17, -179.9, nil)])
        #expect(try position(east.fix(at: 25_000, longestGap: 300_000)).longitude == 179.95)
        #expect(try position(east.fix(at: 75_000, longestGap: 300_000)).longitude == -179.95)
        let west = track([(0, -17, -179.9, nil), (100, -17, 179.9, nil)])
        #expect(try position(west.fix(at: 75_000, longestGap: 300_000)).longitude == 179.95)
        #expect(try position(west.fix(at: 50_000, longestGap: 300_000)).altitude == nil)
    }

    @Test("bridges no gap longer than it may, and stays at a point for half of that")
    func gaps() throws {
        let track = track([(0, 34, -116, nil), (600, 35, -116, nil)])
        func fix(_ second: Int64) -> TrackFix? { track.fix(at: second * 1_000, longestGap: 300_000) }
        #expect(try position(fix(150)).latitude == 34)
        #expect(try position(fix(150)).source == "track ridge.gpx, 3 min from its nearest point")
        #expect(fix(151) == .tooFar(151_000))
        #expect(fix(300) == .tooFar(300_000))
        #expect(try position(fix(450)).latitude == 35)
        #expect(try position(fix(-150)).latitude == 34)
        #expect(fix(-151) == .tooFar(151_000))
        #expect(fix(4_000) == .tooFar(3_400_000))
        #expect(try position(track.fix(at: 300_000, longestGap: 600_000)).latitude == 34.5)
        #expect(Track(name: "none", points: []).fix(at: 0, longestGap: 1) == nil)
    }

    @Test("of another receiver is never mixed in: the one that knows most tells")
    func several() throws {
        let sparse = track([(0, 10, 10, nil), (200, 20, 20, nil)], name: "sparse")
        let dense = track([(90, 50, 50, nil), (110, 50, 50, nil)], name: "dense")
        #expect(try position([sparse, dense].fix(at: 100_000, longestGap: 300_000)).latitude == 50)
        #expect(try position([sparse, dense].fix(at: 20_000, longestGap: 300_000)).latitude == 11)
        #expect([Track]().fix(at: 0, longestGap: 1) == nil)
    }

    @Test("puts every instant on the line between its two points", arguments: 0..<40)
    func property(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var second: Int64 = 0
        let points = (0..<50).map { _ -> (Int64, Double, Double, Double?) in
            second += Int64.random(in: 1...400, using: &random)
            return (
                second, Double.random(in: -90...90, using: &random),
                Double.random(in: -180...180, using: &random),
                Double.random(in: -400...8_000, using: &random)
            )
        }
        let track = track(points)
        for _ in 0..<200 {
            let instant = Int64.random(in: 0...(second + 500) * 1_000, using: &random)
            let gap = Int64.random(in: 1_000...400_000, using: &random)
            guard let fix = track.fix(at: instant, longestGap: gap) else { continue }
            let next = points.firstIndex { $0.0 * 1_000 >= instant } ?? points.count
            let sides = [next - 1, next].filter { points.indices.contains($0) }.map { points[$0] }
            let nearest = sides.map { abs($0.0 * 1_000 - instant) }.min() ?? 0
            switch fix {
            case .beside(let place, let distance):
                #expect(distance == nearest && distance <= gap / 2, "seed \(seed): \(instant)")
                #expect(
                    sides.contains {
                        abs(place.latitude - $0.1) < 1e-6 && abs(place.longitude - $0.2) < 1e-6
                            && abs($0.0 * 1_000 - instant) == distance
                    }, "seed \(seed): \(instant)")
            case .tooFar(let distance):
                #expect(distance == nearest && distance > gap / 2, "seed \(seed): \(instant)")
                if sides.count == 2 {
                    #expect((sides[1].0 - sides[0].0) * 1_000 > gap, "seed \(seed): \(instant)")
                }
            case .between(let place, let stretch):
                #expect(stretch <= gap, "seed \(seed): \(instant)")
                guard sides.count == 2 else { continue }
                let (a, b) = (sides[0], sides[1])
                var turn = b.2 - a.2
                if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
                var went = place.longitude - a.2
                if went - turn > 180 || (turn < 0 && went > 1e-6) { went -= 360 }
                if turn - went > 180 || (turn > 0 && went < -1e-6) { went += 360 }
                // The same part of the way in each direction, and between the two.
                let part = abs(b.1 - a.1) > 1 ? (place.latitude - a.1) / (b.1 - a.1) : went / turn
                #expect(part > -1e-4 && part < 1 + 1e-4, "seed \(seed): \(instant)")
                #expect(abs(went - part * turn) < 1e-4, "seed \(seed): \(instant)")
                if let height = place.altitude, let low = a.3, let high = b.3 {
                    #expect(abs(height - (low + part * (high - low))) < 1.1, "seed \(seed): \(instant)")
                }
            }
        }
    }

    @Test("counts every asset once, whatever came of it")
    func placing() {
        func facts(_ key: Int64, _ second: Int64?, hasTime: Bool = true, _ position: Position? = nil)
            -> PlacingFacts
        {
            PlacingFacts(
                asset: AssetID(rawValue: key), hasTime: hasTime, instant: second.map { $0 * 1_000 },
                position: position)
        }
        let tracks = [track([(0, 34, -116, nil), (100, 35, -116, nil)])]
        let assets = [
            facts(1, 50), facts(2, 50, Position(latitude: 1, longitude: 1)),
            facts(3, 50, Position(latitude: 1, longitude: 1, source: "person")),
            facts(4, 50, Position(latitude: 1, longitude: 1, source: "track old.gpx")), facts(5, 9_000),
            facts(6, 400),
            facts(7, nil), facts(8, nil, hasTime: false),
        ]
        let placing = Placing(assets, by: tracks, longestGap: 300_000, replacing: false)
        #expect(placing.placed.map(\.asset.rawValue) == [1, 4])
        #expect(
            [placing.hadPlace, placing.tooFar, placing.withoutOffset, placing.withoutTime, placing.all]
                == [2, 2, 1, 1, 8])
        #expect(placing.distances == 300_000...8_900_000)
        let over = Placing(assets, by: tracks, longestGap: 300_000, replacing: true)
        #expect(over.placed.map(\.asset.rawValue) == [1, 2, 3, 4])
        #expect(over.all == 8)
    }
}
