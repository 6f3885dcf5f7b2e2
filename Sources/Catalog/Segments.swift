public import MediaProtocol
internal import Storage

/// What one file says of itself as a part of a recording, while its asset speaks for all of them.
public struct SegmentFacts: Hashable, Sendable {
    /// What the parts of one recording have in common; it says where to look, and proves nothing.
    ///
    /// Nil where the card's own folder holds them together.
    public var recording: String?
    /// Its number among them, as its name gives it.
    public var number: Int?
    /// Its own identifier, where the camera's XML gives one.
    public var own: String?
    /// The identifier of the part before it.
    public var previous: String?
    /// The identifier of the part behind it.
    public var next: String?
    /// The camera's wall clock when it begins, in milliseconds.
    public var wallMilliseconds: Int64?
    /// Length in seconds.
    public var duration: Double?
    /// Length in frames.
    public var frames: Int?
    /// Frames a second.
    public var frameRate: Rational?
    /// Start timecode.
    public var timecode: String?
    /// Camera maker.
    public var make: String?
    /// Camera model.
    public var model: String?
    /// Camera serial number.
    public var serial: String?

    /// What a reading says.
    public init(recording: String?, number: Int?, reading: Reading?) {
        self.recording = recording
        self.number = number
        own = reading?.part?.own
        previous = reading?.part?.previous
        next = reading?.part?.next
        wallMilliseconds = reading?.taken?.milliseconds
        duration = reading?.duration
        frames = reading?.frames
        frameRate = reading?.frameRate
        timecode = reading?.timecode
        make = reading?.make
        model = reading?.model
        serial = reading?.serial
    }
}

extension SegmentFacts {
    /// The columns in the order that `init(_:from:)` reads them, over `segment AS s`.
    static let columns = """
        s.file, s.recording, s.number, s.own, s.previous, s.next, s.wall_ms, s.duration, s.frames, s.frame_rate,
        s.timecode, s.make, s.model, s.serial
        """

    /// Nil where there is no such row.
    init?(_ row: Row, from first: Int) {
        guard row.integerOrNil(first) != nil else { return nil }
        recording = row.textOrNil(first + 1)
        number = row.intOrNil(first + 2)
        own = row.textOrNil(first + 3)
        previous = row.textOrNil(first + 4)
        next = row.textOrNil(first + 5)
        wallMilliseconds = row.integerOrNil(first + 6)
        duration = row.realOrNil(first + 7)
        frames = row.intOrNil(first + 8)
        let rate = row.textOrNil(first + 9)?.split(separator: "/").compactMap { Int64($0) } ?? []
        frameRate = rate.count == 2 ? Rational(rate[0], rate[1]) : nil
        timecode = row.textOrNil(first + 10)
        make = row.textOrNil(first + 11)
        model = row.textOrNil(first + 12)
        serial = row.textOrNil(first + 13)
    }
}

extension ClearedItem {
    /// Its original, and behind it the further segments of a clip in their order: what a person takes for the work.
    public var parts: [AssetFile] { files.filter { [.original, .segment].contains($0.role) } }
}

extension Change {
    /// Keeps what a file says of itself; what a later reading knows better replaces it.
    func record(_ facts: SegmentFacts, of file: Int64) throws {
        try connection.run(
            """
            INSERT OR REPLACE INTO segment (file, recording, number, own, previous, next, wall_ms, duration, frames,
                                            frame_rate, timecode, make, model, serial)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(file), .text(facts.recording), .integer(facts.number), .text(facts.own),
                .text(facts.previous), .text(facts.next), .integer(facts.wallMilliseconds),
                .real(facts.duration), .integer(facts.frames),
                .text(facts.frameRate.map { "\($0.numerator)/\($0.denominator)" }), .text(facts.timecode),
                .text(facts.make), .text(facts.model), .text(facts.serial),
            ])
    }

    /// Brings what is derived from its segments to what they are now: how many, how long together, and what is not here.
    func settleSegments(of asset: Int64) throws {
        let parts = try connection.rows(
            """
            SELECT af.position, f.format, s.duration, s.frames, s.previous, s.next, af.role = 'segment', s.number
              FROM asset_file   AS af
              JOIN file         AS f ON f.id = af.file
              LEFT JOIN segment AS s ON s.file = af.file
             WHERE af.asset = ? AND af.present = 1 AND af.role IN ('original', 'segment')
             ORDER BY af.role = 'segment', af.position, af.name
            """,
            [.integer(asset)]
        ) { row in
            Part(
                position: row.intOrNil(0), isFrame: FrameSequence.formats.contains(row.text(1)),
                duration: row.realOrNil(2), frames: row.intOrNil(3), previous: row.textOrNil(4),
                next: row.textOrNil(5))
        }
        guard let first = parts.first,
            parts.count > 1 || first.position != nil || first.next != nil || first.previous != nil
        else { return }
        let missing = Change.missing(parts)
        if first.isFrame {
            try connection.run(
                "UPDATE asset SET segments = ?, incomplete = ?, frames = ? WHERE id = ?",
                [
                    .integer(parts.count > 1 ? parts.count : nil), .text(missing), .integer(parts.count),
                    .integer(asset),
                ])
            return
        }
        guard parts.count > 1 else {
            try connection.run(
                "UPDATE asset SET segments = NULL, incomplete = ? WHERE id = ?",
                [.text(missing), .integer(asset)])
            return
        }
        let durations = parts.compactMap(\.duration)
        let frames = parts.compactMap(\.frames)
        try connection.run(
            """
            UPDATE asset
               SET segments = ?, incomplete = ?, duration = coalesce(?, duration), frames = coalesce(?, frames)
             WHERE id = ?
            """,
            [
                .integer(parts.count), .text(missing),
                .real(durations.isEmpty ? nil : durations.reduce(0, +)),
                .integer(frames.isEmpty ? nil : frames.reduce(0, +)), .integer(asset),
            ])
    }

    private struct Part {
        var position: Int?
        var isFrame: Bool
        var duration: Double?
        var frames: Int?
        var previous: String?
        var next: String?
    }

    /// Which parts never came in, as far as numbers and lists tell; nil when nothing speaks of any.
    private static func missing(_ parts: [Part]) -> String? {
        let positions = parts.compactMap(\.position).sorted()
        if parts.first?.isFrame == true { return FrameSequence.gaps(in: positions) }
        var words: [String] = []
        if let last = positions.last {
            let absent = (1...max(1, last)).filter { !positions.contains($0) }
            let all = max(last, parts.count)
            if absent.count == 1 {
                words.append("segment \(absent[0]) of \(all) is not here")
            } else if let least = absent.first, let most = absent.last {
                let list =
                    absent.count == most - least + 1
                    ? "\(least) to \(most)" : absent.prefix(20).map(String.init).joined(separator: ", ")
                words.append("segments \(list) of \(all) are not here")
            }
        } else if parts.first?.previous != nil {
            words.append("what the card’s list names before it is not here")
        }
        if parts.last?.next != nil { words.append("what the card’s list names behind it is not here") }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }
}

/// A clip whose frames are files of their own.
public enum FrameSequence {
    /// The formats of such frames.
    public static let formats: Set<String> = ["ARRIRAW"]

    /// The frames that are not there between the first and the last; nil when none is missing.
    static func gaps(in numbers: [Int]) -> String? {
        var gaps: [String] = []
        var count = 0
        for (before, after) in zip(numbers, numbers.dropFirst()) where after > before + 1 {
            count += after - before - 1
            if gaps.count < 8 {
                gaps.append(after == before + 2 ? "\(before + 1)" : "\(before + 1) to \(after - 1)")
            }
        }
        guard count > 0 else { return nil }
        let list = gaps.joined(separator: ", ")
        return count == 1 ? "frame \(list) is not here" : "frames \(list) are not here (\(count) in all)"
    }
}
