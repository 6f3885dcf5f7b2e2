import CExpat
import Glibc
import MediaProtocol

/// The points of a GPX file, of 1.0 or 1.1: those of its tracks, routes and waypoints that say a time.
///
/// It is read in pieces, so that its size is no matter; what is kept of it is bounded.
struct TrackFile {
    /// By track, and within one by time; of several at one instant the first.
    let points: [TrackPoint]
    /// How many points said no time.
    let untimed: Int
    /// How many said no place on the globe, or a time that is none.
    let unusable: Int

    /// A year of a point a second by daylight; more is none of ours.
    private static let mostPoints = 4_000_000
    /// Bytes without an element or a character of text: no tag of ours is that long, and expat would look at it anew with
    /// every piece.
    private static let longestToken = 1 << 20
    private static let piece = 1 << 16

    init(_ file: borrowing OpenFile) throws(OpenFile.Refusal) {
        guard let parser = XML_ParserCreate(nil) else {
            throw OpenFile.Refusal(reason: "could not be read: there is no memory")
        }
        defer { XML_ParserFree(parser) }
        let walk = TrackWalk(parser: parser, mostPoints: TrackFile.mostPoints)
        TrackFile.listen(parser, walk)
        var offset = 0
        var isEnd = false
        while !isEnd {
            guard let bytes = file.bytes(at: offset, count: TrackFile.piece) else {
                throw OpenFile.Refusal(reason: "could not be read: \(systemWords())")
            }
            offset += bytes.count
            isEnd = bytes.isEmpty || offset >= file.size
            walk.bytesSinceEvent += bytes.count
            let status = bytes.withUnsafeBytes { buffer in
                XML_Parse(
                    parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count),
                    isEnd ? 1 : 0)
            }
            if status != XML_STATUS_OK {
                throw OpenFile.Refusal(reason: walk.fault ?? TrackFile.words(parser))
            }
            guard walk.bytesSinceEvent < TrackFile.longestToken else {
                throw OpenFile.Refusal(reason: "is no GPX: it holds a megabyte without an element")
            }
        }
        points = walk.sorted()
        untimed = walk.untimed
        unusable = walk.unusable
    }

    private static func listen(_ parser: XML_Parser, _ walk: TrackWalk) {
        XML_SetUserData(parser, Unmanaged.passUnretained(walk).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in TrackWalk.of(data)?.start(name, attributes) },
            { data, _ in TrackWalk.of(data)?.end() }
        )
        XML_SetCharacterDataHandler(parser) { data, text, length in
            TrackWalk.of(data)?.read(text, Int(length))
        }
        XML_SetCommentHandler(parser) { data, _ in TrackWalk.of(data)?.note() }
        XML_SetProcessingInstructionHandler(parser) { data, _, _ in TrackWalk.of(data)?.note() }
        // No GPX declares an entity, and what does wants to become large.
        XML_SetEntityDeclHandler(parser) { data, _, _, _, _, _, _, _, _ in
            TrackWalk.of(data)?.stop("is no GPX: it declares entities")
        }
    }

    private static func words(_ parser: XML_Parser) -> String {
        let reason = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "unknown error"
        return "is not well formed in line \(XML_GetCurrentLineNumber(parser)): \(reason)"
    }
}

/// What expat reports, and where in the file we are.
private final class TrackWalk {
    private let parser: XML_Parser
    private let mostPoints: Int
    private var points: [TrackPoint] = []
    private(set) var untimed = 0
    private(set) var unusable = 0
    private(set) var fault: String?
    /// How much was given to expat since it last had something to say.
    var bytesSinceEvent = 0

    private var depth = 0
    /// The depth of the element that is skipped with all below it; 0 for none.
    private var skipping = 0
    private var pointDepth = 0
    private var point: (north: Double, east: Double)?
    private var time: [UInt8] = []
    private var height: [UInt8] = []
    private var reading: Reading?
    private var track: UInt32 = 0
    private var tracks: UInt32 = 0
    /// Waypoints stand between tracks, and are one track of their own.
    private var waypoints: UInt32?

    private enum Reading { case time, height }

    private static let deepest = 64
    private static let mostTracks: UInt32 = 10_000
    private static let longestText = 64

    init(parser: XML_Parser, mostPoints: Int) {
        self.parser = parser
        self.mostPoints = mostPoints
    }

    static func of(_ data: UnsafeMutableRawPointer?) -> TrackWalk? {
        data.map { Unmanaged<TrackWalk>.fromOpaque($0).takeUnretainedValue() }
    }

    func note() { bytesSinceEvent = 0 }

    func stop(_ reason: String) {
        fault = fault ?? reason
        XML_StopParser(parser, 0)
    }

    func start(
        _ name: UnsafePointer<XML_Char>?,
        _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        bytesSinceEvent = 0
        depth += 1
        guard depth <= TrackWalk.deepest else {
            stop("is no GPX: its elements stand more than \(TrackWalk.deepest) within each other")
            return
        }
        guard skipping == 0, let name = name.map(TrackWalk.local) else { return }
        if depth == 1 {
            if !TrackWalk.is(name, "gpx") {
                stop("is no GPX: its first element is “\(String(cString: name))”")
            }
            return
        }
        if pointDepth > 0 {
            guard depth == pointDepth + 1 else { return }
            reading = TrackWalk.is(name, "time") ? .time : TrackWalk.is(name, "ele") ? .height : nil
            // What programs add for themselves may hold points of its own.
            if reading == nil { skipping = depth }
        } else if TrackWalk.is(name, "trkpt") || TrackWalk.is(name, "rtept") || TrackWalk.is(name, "wpt") {
            if TrackWalk.is(name, "wpt") { beginWaypoint() }
            begin(attributes)
        } else if TrackWalk.is(name, "trk") || TrackWalk.is(name, "rte") {
            track = nextTrack()
        } else if TrackWalk.is(name, "extensions") {
            skipping = depth
        }
    }

    func end() {
        bytesSinceEvent = 0
        if skipping == depth { skipping = 0 }
        if pointDepth == depth { finish() }
        if depth == pointDepth + 1 { reading = nil }
        depth -= 1
    }

    func read(_ characters: UnsafePointer<XML_Char>?, _ length: Int) {
        bytesSinceEvent = 0
        guard let reading, skipping == 0, length > 0 else { return }
        let text = UnsafeRawBufferPointer(start: characters, count: length)
        switch reading {
        case .time: time.append(contentsOf: text.prefix(max(0, TrackWalk.longestText - time.count)))
        case .height: height.append(contentsOf: text.prefix(max(0, TrackWalk.longestText - height.count)))
        }
    }

    // MARK: Points

    private func nextTrack() -> UInt32 {
        tracks += 1
        if tracks > TrackWalk.mostTracks { stop("has more than \(TrackWalk.mostTracks) tracks") }
        return tracks
    }

    private func beginWaypoint() {
        let own = waypoints ?? nextTrack()
        waypoints = own
        track = own
    }

    private func begin(_ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?) {
        pointDepth = depth
        time.removeAll(keepingCapacity: true)
        height.removeAll(keepingCapacity: true)
        var north: Double?
        var east: Double?
        var place = 0
        while let attributes, let name = attributes[place], let value = attributes[place + 1] {
            place += 2
            if TrackWalk.is(name, "lat") { north = TrackWalk.number(value) }
            if TrackWalk.is(name, "lon") { east = TrackWalk.number(value) }
        }
        point = nil
        // Receivers without a fix write zeros, and nothing of ours lies in the Gulf of Guinea.
        guard let north, let east, abs(north) <= 90, abs(east) <= 180, north != 0 || east != 0 else { return }
        point = (north, east)
    }

    private func finish() {
        pointDepth = 0
        reading = nil
        guard let point else {
            unusable += 1
            return
        }
        guard !time.isEmpty else {
            untimed += 1
            return
        }
        guard let instant = TrackTime.instant(time) else {
            unusable += 1
            return
        }
        guard points.count < mostPoints else {
            stop("has more than \(mostPoints) points; split it")
            return
        }
        let metres = TrackWalk.number(height)
        points.append(
            TrackPoint(
                instant: instant,
                north: Int32((point.north * 1e7).rounded()),
                east: Int32((point.east * 1e7).rounded()),
                height: metres.flatMap { abs($0) < 100_000 ? Int32(($0 * 1_000).rounded()) : nil },
                track: track
            ))
    }

    /// By track and time; the order of the file where times are the same.
    func sorted() -> [TrackPoint] {
        func isBefore(_ left: TrackPoint, _ right: TrackPoint) -> Bool {
            (left.track, left.instant) < (right.track, right.instant)
        }
        // Most files are in order, and seeing that is cheaper than sorting.
        let isSorted = zip(points, points.dropFirst()).allSatisfy { !isBefore($1, $0) }
        let ordered =
            isSorted
            ? points
            : points.enumerated().sorted {
                isBefore($0.element, $1.element)
                    || (!isBefore($1.element, $0.element) && $0.offset < $1.offset)
            }.map(\.element)
        var kept: [TrackPoint] = []
        kept.reserveCapacity(ordered.count)
        for point in ordered
        where kept.last.map({ $0.track != point.track || $0.instant != point.instant }) ?? true {
            kept.append(point)
        }
        return kept
    }

    // MARK: Words

    /// A name without its prefix.
    private static func local(_ name: UnsafePointer<XML_Char>) -> UnsafePointer<XML_Char> {
        guard let colon = strrchr(name, 0x3A) else { return name }
        return UnsafePointer(colon + 1)
    }

    private static func `is`(_ name: UnsafePointer<XML_Char>, _ word: StaticString) -> Bool {
        for index in 0..<word.utf8CodeUnitCount where UInt8(bitPattern: name[index]) != word.utf8Start[index]
        {
            return false
        }
        return name[word.utf8CodeUnitCount] == 0
    }

    /// A decimal number, with blanks around it at most; nil for what is none.
    private static func number(_ text: UnsafePointer<XML_Char>) -> Double? {
        var end: UnsafeMutablePointer<CChar>?
        let number = strtod(text, &end)
        guard let end, end != text, number.isFinite else { return nil }
        return end[strspn(end, " \t\r\n")] == 0 ? number : nil
    }

    private static func number(_ text: [UInt8]) -> Double? {
        text.isEmpty || text.contains(0) ? nil : text.withTerminator { number($0) }
    }
}
