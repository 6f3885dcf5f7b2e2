import Chance
import Files
import Foundation
import MediaProtocol
import Testing
import Tracks
import Workers

/// GPX as receivers and as enemies write it, read by the real reader.
@Suite("A GPX file")
final class TrackLogTests {
    let worker = Worker(.trackReader(in: Array(Bundle.main.bundleURL.path().utf8)))
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func file(_ bytes: some Sequence<UInt8>) throws -> Path {
        let file = folder.appending(path: "ridge.gpx")
        try Data(bytes).write(to: file)
        return Path(file.path())
    }

    private func log(_ inside: String, root: String = #"<gpx version="1.1" creator="t">"#) throws -> TrackLog
    {
        try TrackLog(
            reading: try file("<?xml version=\"1.0\"?>\(root)\(inside)</gpx>".utf8), through: worker)
    }

    private func reason(_ bytes: some Sequence<UInt8>) throws -> String {
        let path = try file(bytes)
        return try #require(throws: TrackError.self) { try TrackLog(reading: path, through: worker) }.reason
    }

    private func point(
        _ lat: String, _ lon: String, _ time: String?, _ more: String = "", _ name: String = "trkpt"
    )
        -> String
    {
        "<\(name) lat=\"\(lat)\" lon=\"\(lon)\">\(more)\(time.map { "<time>\($0)</time>" } ?? "")</\(name)>"
    }

    /// 2016-01-20T23:00:00Z.
    private let start: Int64 = 1_453_330_800_000

    @Test("of 1.0 or 1.1, with a prefix or without, gives its points in the order of time")
    func versions() throws {
        for root in [
            #"<gpx version="1.0">"#, #"<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">"#,
            #"<g:gpx xmlns:g="http://www.topografix.com/GPX/1/1" version="1.1">"#,
        ] {
            let prefix = root.hasPrefix("<g:") ? "g:" : ""
            let inside =
                "<\(prefix)trk><\(prefix)trkseg>"
                + "<\(prefix)trkpt lon='-116.5' lat='34.25'><\(prefix)ele>1200.5</\(prefix)ele><\(prefix)time>2016-01-20T23:01:00Z</\(prefix)time></\(prefix)trkpt>"
                + "<\(prefix)trkpt lat='34.5' lon='-117'><\(prefix)time>2016-01-20T23:00:00Z</\(prefix)time></\(prefix)trkpt>"
                + "</\(prefix)trkseg></\(prefix)trk>"
            let path = try file("\(root)\(inside)</\(prefix)gpx>".utf8)
            let log = try TrackLog(reading: path, through: worker)
            let points = try #require(log.tracks.first).points
            #expect(points.map(\.instant) == [start, start + 60_000])
            #expect(points.map(\.north) == [345_000_000, 342_500_000])
            #expect(points.map(\.height) == [nil, 1_200_500])
        }
    }

    @Test(
        "has times in every form of the standard",
        arguments: [
            ("2016-01-20T23:00:00Z", 0), ("2016-01-20T23:00:00.250Z", 250),
            ("2016-01-20T23:00:00.1234567Z", 123),
            ("2016-01-20T15:00:00-08:00", 0), ("2016-01-21T04:45:00+05:45", 0),
            (" 2016-01-20T23:00:00Z\n", 0),
            ("2016-01-20T23:00:00", 0), ("2016-01-20T22:59:60Z", -1_000), ("2016-01-20 23:00:00Z", 0),
        ] as [(String, Int64)]
    )
    func times(text: String, later: Int64) throws {
        let log = try log("<trk><trkseg>" + point("34", "-116", text) + "</trkseg></trk>")
        #expect(log.tracks.first?.points.first?.instant == start + later)
    }

    @Test("has points without a time, a place or sense, which are counted and left out")
    func leftOut() throws {
        let inside = [
            point("34", "-116", nil), point("34", "-116", ""), point("34", "-116", "yesterday"),
            point("34", "-116", "2016-13-20T23:00:00Z"), point("91", "-116", "2016-01-20T23:00:00Z"),
            point("x", "-116", "2016-01-20T23:00:00Z"), point("nan", "0x1", "2016-01-20T23:00:00Z"),
            point("0", "0", "2016-01-20T23:00:00Z"),
            "<trkpt lat='34'><time>2016-01-20T23:00:00Z</time></trkpt>",
            point("34", "-116", "2016-01-20T23:00:00Z", "<ele>high</ele>"),
            point("35", "-116", "2016-01-20T23:00:00Z"),
        ].joined()
        let log = try log("<trk><trkseg>\(inside)</trkseg></trk>")
        #expect(log.points == 1, "of two at one instant the first counts")
        #expect(log.tracks.first?.points.first?.north == 340_000_000)
        #expect(log.tracks.first?.points.first?.height == nil)
        #expect(log.untimed == 2)
        #expect(log.unusable == 7)
    }

    @Test("has tracks, routes and waypoints, each its own, and extensions that say nothing")
    func parts() throws {
        let time = "2016-01-20T23:00:00Z"
        let log = try log(
            "<metadata><time>\(time)</time></metadata>" + point("1", "1", time, "", "wpt")
                + "<rte>" + point("2", "2", time, "", "rtept") + "</rte>"
                + "<trk><trkseg>" + point("3", "3", time) + "</trkseg><trkseg>"
                + point("4", "4", "2016-01-20T23:09:00Z")
                + "</trkseg></trk><trk><extensions>" + point("9", "9", time) + "</extensions><trkseg>"
                + point(
                    "5", "5", time, "<extensions><time>2000-01-01T00:00:00Z</time><ele>9</ele></extensions>")
                + "</trkseg></trk>" + point("6", "6", "2016-01-20T23:05:00Z", "", "wpt")
        )
        #expect(log.tracks.map { $0.points.map { $0.north / 10_000_000 } } == [[1, 6], [2], [3, 4], [5]])
        #expect(log.tracks.last?.points.first?.height == nil)
        #expect(log.span == start...(start + 540_000))
    }

    @Test("of half a million points comes page by page")
    func large() throws {
        let count = 500_000
        var text = "<gpx version='1.1'><trk><trkseg>"
        for number in 0..<count {
            let (minute, second) = (number / 60, number % 60)
            let (hour, day) = (minute / 60 % 24, 1 + minute / 1_440)
            text +=
                "<trkpt lat=\"34.\(number)\" lon=\"-116.5\"><ele>12</ele><time>2016-01-\(two(day))T"
                + "\(two(hour)):\(two(minute % 60)):\(two(second))Z</time></trkpt>\n"
        }
        let path = try file((text + "</trkseg></trk></gpx>").utf8)
        let log = try TrackLog(reading: path, through: worker)
        #expect(log.points == count)
        let points = try #require(log.tracks.first).points
        #expect(points[count - 1].instant - points[0].instant == Int64(count - 1) * 1_000)
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    // MARK: What is none

    @Test("that is none is refused, and says why")
    func refused() throws {
        #expect(try reason("<kml><Document/></kml>".utf8) == "is no GPX: its first element is “kml”")
        #expect(try reason("$GPGGA,123519,4807.038,N".utf8).contains("is not well formed in line 1"))
        #expect(try reason("<gpx><trk><trkseg><trkpt lat='1' lon='1'>".utf8).contains("is not well formed"))
        #expect(try reason([]).contains("is empty"))
        #expect(try reason([0xFF, 0xD8, 0xFF, 0xE0]).contains("is not well formed"))
        let gone = Path(folder.appending(path: "none.gpx").path())
        #expect(throws: TrackError.self) { try TrackLog(reading: gone, through: worker) }
    }

    @Test("that wants to become large is stopped early")
    func hostile() throws {
        let laughs = (0..<9).map { "<!ENTITY l\($0 + 1) '\(String(repeating: "&l\($0);", count: 10))'>" }
            .joined()
        #expect(
            try reason("<!DOCTYPE gpx [<!ENTITY l0 'ha'>\(laughs)]><gpx><trk>&l9;</trk></gpx>".utf8)
                == "is no GPX: it declares entities")
        #expect(
            try reason("<!DOCTYPE gpx [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><gpx>&e;</gpx>".utf8)
                == "is no GPX: it declares entities")
        #expect(
            try reason("<gpx>".utf8 + Array(String(repeating: "<a>", count: 100_000).utf8))
                == "is no GPX: its elements stand more than 64 within each other")
        let attribute = "<gpx><trk a='" + String(repeating: "x", count: 3 << 20)
        #expect(try reason(attribute.utf8) == "is no GPX: it holds a megabyte without an element")
        let tracks = "<gpx>" + String(repeating: "<trk/>", count: 10_001)
        #expect(try reason(tracks.utf8) == "has more than 10000 tracks")
        // A long text in a point is cut, not kept.
        let log = try log(
            "<trk><trkseg>" + point("1", "1", String(repeating: "2", count: 2 << 20)) + "</trkseg></trk>")
        #expect(log.unusable == 1)
    }

    @Test("that is damaged anywhere never costs the reader its life", arguments: 0..<60)
    func damaged(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let good = (0..<20).map {
            point(
                "34.\($0)", "-116.\($0)", "2016-01-20T23:00:\(two($0))Z",
                "<ele>\($0)</ele><extensions><a/></extensions>")
        }
        var bytes = Array("<gpx><trk><trkseg>\(good.joined())</trkseg></trk></gpx>".utf8)
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1:
                bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
            default: bytes.insert(contentsOf: bytes.prefix(Int.random(in: 1...60, using: &random)), at: place)
            }
            if bytes.isEmpty { bytes = [0x3C] }
        }
        let path = try file(bytes)
        do {
            let log = try TrackLog(reading: path, through: worker)
            #expect(log.points <= 60, "seed \(seed)")
        } catch let error as TrackError {
            #expect(!error.reason.contains("life"), "seed \(seed): \(error.reason)")
        }
    }
}
