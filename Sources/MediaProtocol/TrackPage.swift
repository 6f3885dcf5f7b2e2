/// Where a receiver was at an instant.
public struct TrackPoint: Hashable, Sendable {
    /// Milliseconds since 1970, UTC.
    public var instant: Int64
    /// Degrees north in ten-millionths.
    public var north: Int32
    /// Degrees east in ten-millionths.
    public var east: Int32
    /// Metres above the sea in thousandths.
    public var height: Int32?
    /// Which track of its file the point belongs to, from 0: two receivers are never mixed.
    public var track: UInt32

    /// A point of a track.
    public init(instant: Int64, north: Int32, east: Int32, height: Int32?, track: UInt32) {
        self.instant = instant
        self.north = north
        self.east = east
        self.height = height
        self.track = track
    }
}

/// A part of a file of tracks, in the order of tracks and times.
///
/// A day of walking has fifty thousand points, and a year of it is asked for page by page.
public struct TrackPage: Hashable, Sendable {
    /// How many points with a time the whole file has.
    public var total: Int
    /// The number of the first point of this page, from 0.
    public var first: Int
    /// How many points of the file say no time, and are left out.
    public var untimed: Int
    /// How many say no place on the globe, or a time that is none, and are left out.
    public var unusable: Int
    /// The points.
    public var points: [TrackPoint]

    /// The most points of a page: half a megabyte on the line.
    public static let most = 16_384

    /// A part of a file.
    public init(total: Int, first: Int, untimed: Int, unusable: Int, points: [TrackPoint]) {
        self.total = total
        self.first = first
        self.untimed = untimed
        self.unusable = unusable
        self.points = points
    }
}

extension TrackPage {
    func write(to json: inout JSONWriter) {
        json.member("total", total)
        json.member("first", first)
        json.member("untimed", untimed)
        json.member("unusable", unusable)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(points.count * TrackPoint.size)
        for point in points { point.append(to: &bytes) }
        json.member("points", base64: bytes)
    }

    init(_ json: JSON) throws(ProtocolError) {
        guard let total = json["total"]?.integer.flatMap(Int.init(exactly:)),
            let first = json["first"]?.integer.flatMap(Int.init(exactly:)),
            let untimed = json["untimed"]?.integer.flatMap(Int.init(exactly:)),
            let unusable = json["unusable"]?.integer.flatMap(Int.init(exactly:)),
            let bytes = json["points"]?.text.flatMap(Base64.bytes(of:)), bytes.count % TrackPoint.size == 0,
            [total, first, untimed, unusable].allSatisfy({ $0 >= 0 })
        else { throw ProtocolError(expected: "a page of a track", offset: 0) }
        var points: [TrackPoint] = []
        points.reserveCapacity(bytes.count / TrackPoint.size)
        for start in stride(from: 0, to: bytes.count, by: TrackPoint.size) {
            points.append(TrackPoint(bytes, at: start))
        }
        self.init(total: total, first: first, untimed: untimed, unusable: unusable, points: points)
    }
}

extension TrackPoint {
    /// Instant, north, east, height and track, each with its lowest byte first.
    static let size = 24

    /// No height of ours: 2,147 kilometres below the sea.
    private static let unknownHeight = Int32.min

    fileprivate func append(to bytes: inout [UInt8]) {
        func put(_ number: UInt64, _ width: Int) {
            for byte in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(byte)))) }
        }
        put(UInt64(bitPattern: instant), 8)
        put(UInt64(UInt32(bitPattern: north)), 4)
        put(UInt64(UInt32(bitPattern: east)), 4)
        put(UInt64(UInt32(bitPattern: height ?? TrackPoint.unknownHeight)), 4)
        put(UInt64(track), 4)
    }

    fileprivate init(_ bytes: [UInt8], at start: Int) {
        func number(_ offset: Int, _ width: Int) -> UInt64 {
            var number: UInt64 = 0
            for byte in (0..<width).reversed() { number = number << 8 | UInt64(bytes[start + offset + byte]) }
            return number
        }
        func signed(_ offset: Int) -> Int32 {
            Int32(bitPattern: UInt32(truncatingIfNeeded: number(offset, 4)))
        }
        let height = signed(16)
        self.init(
            instant: Int64(bitPattern: number(0, 8)),
            north: signed(8),
            east: signed(12),
            height: height == TrackPoint.unknownHeight ? nil : height,
            track: UInt32(truncatingIfNeeded: number(20, 4))
        )
    }
}
