public import Files
internal import MediaProtocol
public import Workers

/// The tracks of a GPX file, as the reader gives them.
public struct TrackLog: Sendable {
    /// They, in the order of the file.
    public let tracks: [Track]
    /// How many points say no time and are of no use.
    public let untimed: Int
    /// How many say no place on the globe, or no time that is one.
    public let unusable: Int

    /// How many points there are to go by.
    public var points: Int { tracks.reduce(0) { $0 + $1.points.count } }

    /// From the first point's instant to the last one's, in milliseconds since 1970; nil without points.
    public var span: ClosedRange<Int64>? {
        guard let first = tracks.compactMap(\.points.first?.instant).min(),
            let last = tracks.compactMap(\.points.last?.instant).max()
        else { return nil }
        return first...last
    }

    /// Reads a file through a worker, page by page.
    ///
    /// Throws `TrackError` when it is no GPX or kills its reader, and `WorkerError` when none can be started.
    public init(reading path: Path, through worker: Worker) throws {
        var points: [TrackPoint] = []
        var counts: TrackPage?
        repeat {
            let request = Request.track(path: path.bytes, first: points.count)
            let page: TrackPage
            switch try worker.answers(to: [request]).first {
            case .reply(.track(let answer))?: page = answer
            case .reply(.failed(let reason))?: throw TrackError(path: path, reason: reason)
            case .lost(let reason)?:
                throw TrackError(path: path, reason: "cost its reader its life, which \(reason)")
            case .reply?, nil:
                throw TrackError(path: path, reason: "was answered with something else than a track")
            }
            // A file that was written to between two pages is another file.
            guard page.first == points.count, page.total == counts?.total ?? page.total,
                !page.points.isEmpty || page.total == points.count,
                points.count + page.points.count <= page.total
            else { throw TrackError(path: path, reason: "changed while it was read") }
            counts = page
            points += page.points
        } while points.count < counts?.total ?? 0
        untimed = counts?.untimed ?? 0
        unusable = counts?.unusable ?? 0
        tracks = TrackLog.split(points, name: path.name.display)
    }

    private static func split(_ points: [TrackPoint], name: String) -> [Track] {
        var tracks: [Track] = []
        var start = points.startIndex
        for index in points.indices where points[index].track != points[start].track {
            tracks.append(Track(name: name, points: points[start..<index]))
            start = index
        }
        if start < points.endIndex { tracks.append(Track(name: name, points: points[start...])) }
        return tracks
    }
}

/// Why a file gives no tracks.
public struct TrackError: Error, Hashable, Sendable {
    /// The file.
    public let path: Path
    /// What is wrong with it, as the end of a sentence.
    public let reason: String
}

extension WorkerProgram {
    /// A reader with the time that a file of half a gigabyte takes.
    public static func trackReader(in folder: [UInt8]) -> WorkerProgram {
        var program = WorkerProgram.reader(in: folder)
        program.secondsPerRequest = 120
        return program
    }
}
