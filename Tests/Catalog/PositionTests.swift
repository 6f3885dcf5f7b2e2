import Chance
import Files
import Foundation
import MediaProtocol
import Storage
import Testing

@testable import Catalog

@Suite("Positions")
struct PositionTests {
    let fixture: CatalogFixture
    var catalog: Catalog { fixture.catalog }

    init() throws { fixture = try CatalogFixture() }

    private func take(_ number: Int, _ latitude: Double? = nil, _ longitude: Double? = nil) throws -> AssetID
    {
        try #require(
            try fixture.importing([number], session: "Desert") { _, reading in
                (reading.latitude, reading.longitude, reading.altitude) = (
                    latitude, longitude, latitude.map { _ in 7 }
                )
            }.first)
    }

    private func byHand(_ latitude: Double, _ longitude: Double) throws -> Position {
        try #require(Position(latitude: latitude, longitude: longitude, source: Position.byHand))
    }

    private func place(_ asset: AssetID, _ position: Position) throws {
        try catalog.change("geotag") { try $0.place([(asset, position)]) }
    }

    private func numbers(_ query: String) throws -> [AssetID] { try catalog.assets(try Query.parse(query)) }

    @Test("come back as they were written")
    func text() throws {
        let positions = [
            Position(latitude: 34.1339, longitude: -116.3131),
            Position(latitude: -0.000_05, longitude: 0, altitude: -3.5, source: "person"),
            Position(
                latitude: 90, longitude: -180, altitude: 8_848.86, source: "track my walk, 2.gpx, 3 s from …"),
        ]
        for position in positions.compactMap(\.self) { #expect(Position(text: position.text) == position) }
        for text in ["", "1", "1,x", "91,0", "0,181", "1,2,x", "nan,1", "inf,0", "1,2,1e9"] {
            #expect(Position(text: text) == nil, "\(text)")
        }
    }

    @Test("that a person gives count, and the camera’s own is kept beneath")
    func edits() throws {
        let asset = try take(1, 51.501, -0.1774)
        let own = try #require(try catalog.asset(asset).position)
        try place(asset, try byHand(34.1339, -116.3131))
        #expect(try catalog.asset(asset).position == (try byHand(34.1339, -116.3131)))
        try place(asset, try byHand(35, -117))
        #expect(try catalog.edits(of: asset).first?.positions?.was == own)
        let cleared = try catalog.change("geotag --clear") { try $0.clearPositions(of: [asset]) }
        #expect(cleared == 1)
        #expect(try catalog.asset(asset).position == own)
        try catalog.undo(try #require(try catalog.log().first), command: "undo")
        #expect(try catalog.asset(asset).position == (try byHand(35, -117)))
        #expect(try catalog.count(try Query.parse("is:edited")) == 1)
    }

    @Test("outlive another reading of the file, and give way to what it says then")
    func readAgain() throws {
        let asset = try take(1)
        try place(asset, try byHand(34, -116))
        try catalog.change("set title=Ridge") { try $0.set([.text(.title, "Ridge")], of: [asset]) }
        try catalog.change("set title=") { try $0.set([.clear(.title)], of: [asset]) }
        let run = try catalog.beginImport(source: Path("/shoot"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:1", name: "SHOOT-A", mount: Path("/"))
        var group = CatalogFixture.photograph(1, volume: volume) {
            ($0.latitude, $0.longitude, $0.title) = (10, 20, "As the sidecar says")
        }
        group.asset = asset
        _ = try run.record(groups: [group], strays: [])
        try run.finish(ImportCounts())
        #expect(try catalog.asset(asset).latitude == 34)
        #expect(try numbers("near:34,-116,1km") == [asset])
        try catalog.change("geotag --clear") { try $0.clearPositions(of: [asset]) }
        #expect(try catalog.asset(asset).position == Position(latitude: 10, longitude: 20))
        #expect(try numbers("near:34,-116,1km") == [])
        #expect(try numbers("near:10,20,1km") == [asset])
        // A word that was taken back before the file was read again does not bring the old one.
        #expect(try catalog.asset(asset).title == "As the sidecar says")
    }

    @Test("are found while their assets are present")
    func presence() throws {
        let asset = try take(1, 34, -116)
        #expect(try numbers("near:34,-116,1km") == [asset])
        try catalog.undo(try #require(try catalog.lastUndoableChange()), command: "undo")
        #expect(try numbers("near:34,-116,1km") == [])
        try catalog.undo(try #require(try catalog.log().first), command: "undo")
        #expect(try numbers("near:34,-116,1km") == [asset])
    }

    @Test("of an asset or a session are a place to look around")
    func middles() throws {
        let hall = try take(1, 51.501, -0.1774)
        let door = try take(2, 51.5012, -0.1776)
        let far = try take(3, 51.6, -0.1774)
        let digits = CatalogFixture.digests(1).sha256.hex.prefix(12)
        #expect(try numbers("near:\(digits),100m") == [hall, door])
        try catalog.change("session edit") {
            var session = try catalog.session(named: "Desert")
            session.place = "Royal Albert Hall, London"
            try $0.update(session: "Desert", to: session)
        }
        #expect(try numbers(#"near:"royal albert hall",1km"#) == [hall, door])
        #expect(try numbers("near:desert,20km") == [hall, door, far])
        #expect(try catalog.remarks(on: try Query.parse("near:Atlantis,1km")).count == 1)
        #expect(try catalog.remarks(on: try Query.parse("near:desert,1km")) == [])
    }

    // MARK: The index

    /// The angle between two points, by another formula than the catalogue's: from their vectors.
    private static func metres(_ a: (Double, Double), _ b: (Double, Double)) -> Double {
        func vector(_ point: (Double, Double)) -> SIMD3<Double> {
            let (north, east) = (point.0 * .pi / 180, point.1 * .pi / 180)
            return SIMD3(cos(north) * cos(east), cos(north) * sin(east), sin(north))
        }
        let (u, v) = (vector(a), vector(b))
        let cross = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
        return atan2((cross * cross).sum().squareRoot(), (u * v).sum()) * Bounds.earth
    }

    /// Points of every sort: anywhere, at the 180th meridian, at the poles, and close together.
    private static func points(_ random: inout SeededRandom) -> [(Double, Double)] {
        func around(_ middle: Double, _ reach: Double, _ limit: Double) -> Double {
            min(max(middle + Double.random(in: -reach...reach, using: &random), -limit), limit)
        }
        func turned(_ east: Double) -> Double { east > 180 ? east - 360 : east < -180 ? east + 360 : east }
        return (0..<60).map { index in
            switch index % 5 {
            case 0: (around(0, 90, 90), around(0, 180, 180))
            case 1: (around(-17, 1, 90), turned(180 + Double.random(in: -1...1, using: &random)))
            case 2: (around(90, 0.5, 90), around(0, 180, 180))
            case 3: (around(-90, 0.5, 90), around(0, 180, 180))
            default: (around(34.1339, 0.01, 90), around(-116.3131, 0.01, 180))
            }
        } + [(0, 180), (0, -180), (90, 0), (-90, 12)]
    }

    @Test("near a point are those that geometry says, and within an area as well", arguments: 0..<12)
    func agreement(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let points = Self.points(&random)
        let assets = try fixture.importing(Array(points.indices)) { number, reading in
            (reading.latitude, reading.longitude) = points[number]
        }
        func expected(_ chooses: ((Double, Double)) -> Bool) -> Set<AssetID> {
            Set(points.indices.filter { chooses(points[$0]) }.map { assets[$0] })
        }
        for _ in 0..<25 {
            let middle = points.randomElement(using: &random) ?? (0, 0)
            let metres = pow(10, Double.random(in: 1...7.3, using: &random))
            let radius = "\(Int(metres.rounded()))"
            let near = expected { Self.metres($0, middle) <= Double(Int(metres.rounded())) }
            let term = "near:\(middle.0),\(middle.1),\(radius)m"
            // Numbers with an exponent are no degrees.
            guard !term.contains("e-") else { continue }
            #expect(Set(try numbers(term)) == near, "seed \(seed): \(term)")
            #expect(Set(try numbers("not \(term)")) == Set(assets).subtracting(near), "seed \(seed): \(term)")

            let other = points.randomElement(using: &random) ?? (0, 0)
            let (south, north) = (min(middle.0, other.0), max(middle.0, other.0))
            let (west, east) = (middle.1, other.1)
            let area = "within:\(south),\(west),\(north),\(east)"
            guard !area.contains("e-") else { continue }
            let inside = expected { point in
                let turns = [point.1] + (abs(point.1) == 180 ? [-point.1] : [])
                return (south...north).contains(point.0)
                    && turns.contains { west <= east ? (west...east).contains($0) : $0 >= west || $0 <= east }
            }
            #expect(Set(try numbers(area)) == inside, "seed \(seed): \(area)")
        }
    }

    @Test("are in the index what they are in the columns, after any history", arguments: 0..<8)
    func histories(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var assets: [AssetID] = []
        for step in 0..<30 {
            let chosen = assets.filter { _ in Bool.random(using: &random) }
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                assets.append(try take(step, Bool.random(using: &random) ? Double(step) : nil, Double(step)))
            case 1:
                let position = try byHand(Double(step), Double.random(in: -180...180, using: &random))
                try catalog.change("geotag") { try $0.place(chosen.map { ($0, position) }) }
            case 2: try catalog.change("clear") { try $0.clearPositions(of: chosen) }
            default:
                guard let last = try catalog.lastUndoableChange() else { continue }
                try catalog.undo(last, command: "undo")
            }
            let columns = try catalog.connection.rows(
                """
                SELECT id || ' ' || round(latitude, 3) || ' ' || round(longitude, 3) FROM asset
                 WHERE present = 1 AND latitude IS NOT NULL AND longitude IS NOT NULL ORDER BY id
                """
            ) { $0.text(0) }
            let index = try catalog.connection.rows(
                """
                SELECT id || ' ' || round((south + north) / 2, 3) || ' ' || round((west + east) / 2, 3)
                  FROM asset_position ORDER BY id
                """
            ) { $0.text(0) }
            #expect(columns == index, "seed \(seed), step \(step)")
        }
        #expect(try catalog.check() == [])
    }
}
