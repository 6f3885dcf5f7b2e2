public import Catalog
public import MediaProtocol

/// Where one receiver was, from its first point to its last.
public struct Track: Sendable {
    /// What its file is called, for people.
    public let name: String
    /// In the order of time, each instant once.
    public let points: ArraySlice<TrackPoint>

    /// A track of these points, which are in the order of time.
    public init(name: String, points: ArraySlice<TrackPoint>) {
        self.name = name
        self.points = points
    }
}

/// What a track says about an instant; spans are milliseconds.
public enum TrackFix: Hashable, Sendable {
    /// On the way between two points that are so far apart in time, or at one of them.
    case between(Position, gap: Int64)
    /// At the point that is nearest in time, so far from it.
    case beside(Position, distance: Int64)
    /// It has no point that is near enough; the nearest is so far away.
    case tooFar(Int64)

    /// Orders what several tracks say: what is known best first.
    fileprivate var rank: (Int, Int64) {
        switch self {
        case .between(_, let gap): (0, gap)
        case .beside(_, let distance): (1, distance)
        case .tooFar(let distance): (2, distance)
        }
    }

    /// The place, where there is one.
    public var position: Position? {
        switch self {
        case .between(let position, _), .beside(let position, _): position
        case .tooFar: nil
        }
    }
}

extension Track {
    /// Where it was at an instant, in milliseconds since 1970; nil when it has no points.
    ///
    /// Between two points no more than `longestGap` milliseconds apart it is on the straight way from one to the other, at
    /// an even pace. Where the next two points are further apart, as at the track's ends, it is at the nearest, while that
    /// is no more than half of `longestGap` away: so no place is told that is further from a point than one in a bridged
    /// gap can be.
    public func fix(at instant: Int64, longestGap: Int64) -> TrackFix? {
        guard !points.isEmpty else { return nil }
        let next = firstPoint(from: instant)
        let after = next < points.endIndex ? points[next] : nil
        let before = next > points.startIndex ? points[next - 1] : nil
        if let after, after.instant == instant { return at(after, distance: 0) }
        if let before, let after, after.instant - before.instant <= longestGap {
            return between(before, after, instant)
        }
        let sides = [before, after].compactMap(\.self)
        guard let nearest = sides.min(by: { abs($0.instant - instant) < abs($1.instant - instant) }) else {
            return nil
        }
        let distance = abs(nearest.instant - instant)
        return distance <= longestGap / 2 ? at(nearest, distance: distance) : .tooFar(distance)
    }

    private func firstPoint(from instant: Int64) -> Int {
        var low = points.startIndex
        var high = points.endIndex
        while low < high {
            let middle = (low + high) / 2
            if points[middle].instant < instant { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func at(_ point: TrackPoint, distance: Int64) -> TrackFix? {
        let words = distance == 0 ? "" : ", \(Track.span(distance)) from its nearest point"
        return position(
            north: Double(point.north) / 1e7, east: Double(point.east) / 1e7,
            height: point.height.map { Double($0) / 1_000 }, words
        ).map { distance == 0 ? .between($0, gap: 0) : .beside($0, distance: distance) }
    }

    private func between(_ before: TrackPoint, _ after: TrackPoint, _ instant: Int64) -> TrackFix? {
        let gap = after.instant - before.instant
        let part = Double(instant - before.instant) / Double(gap)
        // The short way round: from 179.9° east to 179.9° west it is a fifth of a degree.
        var turn = Double(after.east) - Double(before.east)
        if turn > 180e7 { turn -= 360e7 } else if turn < -180e7 { turn += 360e7 }
        var east = (Double(before.east) + turn * part) / 1e7
        if east > 180 { east -= 360 } else if east < -180 { east += 360 }
        let north = (Double(before.north) + (Double(after.north) - Double(before.north)) * part) / 1e7
        var height: Double?
        if let low = before.height, let high = after.height {
            height = (Double(low) + (Double(high) - Double(low)) * part) / 1_000
        }
        return position(north: north, east: east, height: height, ", between points \(Track.span(gap)) apart")
            .map { .between($0, gap: gap) }
    }

    private func position(north: Double, east: Double, height: Double?, _ words: String) -> Position? {
        Position(latitude: north, longitude: east, altitude: height, source: "track \(name)\(words)")
    }

    /// `12 s`, `4 min`: in a source's words, where nobody counts milliseconds.
    private static func span(_ milliseconds: Int64) -> String {
        let seconds = max(1, (milliseconds + 500) / 1_000)
        return seconds < 120 ? "\(seconds) s" : "\((seconds + 30) / 60) min"
    }
}

extension [Track] {
    /// What the track says that knows most about an instant.
    public func fix(at instant: Int64, longestGap: Int64) -> TrackFix? {
        lazy.compactMap { $0.fix(at: instant, longestGap: longestGap) }.min { $0.rank < $1.rank }
    }
}
