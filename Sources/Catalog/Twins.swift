internal import Files
internal import Storage

/// Two files of one moment that lie in two places: raw files on one card and JPEG on the other, a still and its clip under
/// other names.
extension ImportRun {
    /// What this run brought of which the other half is an asset of its own, with the evidence.
    public func twins() throws -> [PartsToJoin] { try livePhotos() + exposures() }

    /// A clip whose content identifier is that of one still, which has no clip yet.
    private func livePhotos() throws -> [PartsToJoin] {
        let pairs = try connection.rows(
            """
            SELECT still.id, still.file, clip.id, clip.file
              FROM asset AS new
              JOIN asset AS still ON still.content_id = new.content_id AND still.present = 1 AND still.kind = 'photo'
              JOIN asset AS clip  ON clip.content_id  = new.content_id AND clip.present  = 1 AND clip.kind = 'clip'
             WHERE new.id > ?
               AND new.present = 1
               AND new.content_id IS NOT NULL
               AND (SELECT count(*)
                      FROM (SELECT 1
                              FROM asset AS x
                             WHERE x.content_id = new.content_id AND x.present = 1
                             LIMIT 17)) <= 16
               AND NOT EXISTS (SELECT 1
                                 FROM asset_file AS af
                                 JOIN segment    AS s ON s.file = af.file
                                WHERE af.asset = clip.id AND af.role = 'segment' AND af.present = 1)
               AND NOT EXISTS (SELECT 1
                                 FROM asset_file AS af
                                 JOIN file       AS f ON f.id = af.file
                                WHERE af.asset = still.id AND af.role = 'companion' AND af.present = 1
                                  AND f.format IN ('QuickTime', 'MP4'))
             GROUP BY still.id, clip.id
            """,
            [.integer(change.stamp.rawValue)], ImportRun.pair)
        return ImportRun.unambiguous(pairs).map {
            ImportRun.companion($0, because: "carries its content identifier: a Live Photo")
        }
    }

    /// Raw file and JPEG of one exposure: the same moment by the clock of one camera, told by its serial number, and the same
    /// image number.
    private func exposures() throws -> [PartsToJoin] {
        let pairs = try connection.rows(
            ImportRun.exposurePairs, [.integer(change.stamp.rawValue)]
        ) { row -> Pair? in
            let stems = [row.text(4), row.text(5)].map { Path($0).stem.display.uppercased() }
            let isRaw = [row.text(6), row.text(7)].map(QueryCompiler.rawFormats.contains)
            let isPlain = [row.text(6), row.text(7)].map(ImportRun.plainFormats.contains)
            guard stems[0] == stems[1] else { return nil }
            let pair = try ImportRun.pair(row)
            if isRaw[0], isPlain[1] { return pair }
            // Where both are new the other way round gives the same pair once more.
            guard isPlain[0], isRaw[1] else { return nil }
            return Pair(
                first: pair.second, firstFile: pair.secondFile, second: pair.first, secondFile: pair.firstFile
            )
        }
        return ImportRun.unambiguous(Array(Set(pairs.compactMap(\.self)))).map {
            ImportRun.companion(
                $0,
                because:
                    "was taken at the same moment by the camera of the same serial number, under the same image number"
            )
        }
    }

    /// CROSS, because the new ones come first: begun at the others, whatever has no time is compared with all that has none,
    /// and twenty thousand scans took three minutes.
    static let exposurePairs = """
        SELECT new.id, new.file, other.id, other.file, new.name, other.name, new.format, other.format
          FROM asset AS new
          CROSS JOIN asset AS other ON other.sort_at = new.sort_at AND other.present = 1 AND other.id <> new.id
         WHERE new.id > ?
           AND new.present = 1
           AND new.kind = 'photo'
           AND new.serial IS NOT NULL
           AND new.wall_ms IS NOT NULL
           AND other.kind = 'photo'
           AND other.serial = new.serial
           AND other.model IS new.model
           AND other.wall_ms = new.wall_ms
           AND (SELECT count(*)
                  FROM (SELECT 1 FROM asset AS x WHERE x.sort_at = new.sort_at AND x.present = 1 LIMIT 65)) <= 64
        """

    private static let plainFormats: Set<String> = ["JPEG", "HEIC", "HEIF", "TIFF"]

    private struct Pair: Hashable {
        var first: AssetID
        var firstFile: Int64
        var second: AssetID
        var secondFile: Int64
    }

    private static func pair(_ row: Row) throws -> Pair {
        Pair(
            first: AssetID(rawValue: row.integer(0)), firstFile: row.integer(1),
            second: AssetID(rawValue: row.integer(2)), secondFile: row.integer(3))
    }

    /// Where one could be the half of two, nothing says of which.
    private static func unambiguous(_ pairs: [Pair]) -> [Pair] {
        var firsts: [AssetID: Int] = [:]
        var seconds: [AssetID: Int] = [:]
        for pair in pairs {
            firsts[pair.first, default: 0] += 1
            seconds[pair.second, default: 0] += 1
        }
        return pairs.filter { firsts[$0.first] == 1 && seconds[$0.second] == 1 }.sorted {
            $0.first < $1.first
        }
    }

    private static func companion(_ pair: Pair, because: String) -> PartsToJoin {
        PartsToJoin([
            .init(asset: pair.first, file: pair.firstFile, role: .original, position: nil, because: nil),
            .init(
                asset: pair.second, file: pair.secondFile, role: .companion, position: nil, because: because),
        ])
    }

    // MARK: Bursts

    /// Marks the frames of this run that one camera took in one go, where no camera gave them an identifier, and returns how
    /// many bursts there are.
    ///
    /// Three or more whose numbers follow on each other and whose times, told to a fraction of a second, are no more than
    /// half a second apart.
    public func markBursts() throws -> Int {
        var bursts: [[Int64]] = []
        var run: [(id: Int64, frame: Frame)] = []
        func finish() {
            if run.count >= Burst.fewest, run.contains(where: { $0.frame.wall % 1000 != 0 }) {
                bursts.append(run.map(\.id))
            }
            run = []
        }
        try connection.each(
            """
            SELECT id, serial, model, wall_ms, name
              FROM asset
             WHERE id > ?
               AND present = 1
               AND kind = 'photo'
               AND burst IS NULL
               AND serial IS NOT NULL
               AND wall_ms IS NOT NULL
             ORDER BY serial, model, wall_ms, name
            """,
            [.integer(change.stamp.rawValue)]
        ) { row in
            guard let number = Burst.number(of: row.text(4)) else { return }
            let frame = Frame(
                camera: row.text(1) + "\n" + (row.textOrNil(2) ?? ""), wall: row.integer(3),
                prefix: number.prefix, number: number.value)
            if let last = run.last?.frame, !frame.follows(last) { finish() }
            run.append((row.integer(0), frame))
        }
        finish()
        guard !bursts.isEmpty else { return 0 }
        try recorded {
            for frames in bursts {
                let first = try catalog.asset(AssetID(rawValue: frames[0])).digest.hex
                for frame in frames {
                    try connection.run(
                        "UPDATE asset SET burst = ? WHERE id = ?",
                        [.text(Burst.mark + first.prefix(16)), .integer(frame)])
                }
            }
        }
        return bursts.count
    }

    private struct Frame {
        var camera: String
        var wall: Int64
        var prefix: String
        var number: Int

        func follows(_ last: Frame) -> Bool {
            camera == last.camera && prefix == last.prefix && number == last.number + 1
                && wall - last.wall <= Burst.longestPause
        }
    }
}

/// Frames that a camera took in one go.
public enum Burst {
    /// Before the identifiers that no camera gave: the first digits of the first frame stand behind it.
    static let mark = "~"
    static let fewest = 3
    static let longestPause: Int64 = 500

    /// The identifier for people, and how it is known.
    public static func words(_ burst: String) -> (identifier: String, evidence: String) {
        burst.hasPrefix(mark)
            ? (
                String(burst.dropFirst()),
                "one camera by its serial number, numbers in a row, no more than half a second between them"
            )
            : (burst, "the camera gave them one identifier")
    }

    /// `IMG_` and 4117 of `IMG_4117.JPG`.
    static func number(of name: String) -> (prefix: String, value: Int)? {
        let stem = Path(name).stem.display
        let digits = stem.reversed().prefix { $0.isASCII && $0.isNumber }.count
        guard (3...8).contains(digits), let value = Int(stem.suffix(digits)) else { return nil }
        return (String(stem.dropLast(digits)), value)
    }
}

extension Catalog {
    /// The frames of a burst in the order in which they were taken, at most `limit` of them.
    public func frames(ofBurst burst: String, limit: Int = 1_000) throws -> [AssetID] {
        try connection.rows(
            "SELECT id FROM asset WHERE burst = ? AND present = 1 ORDER BY sort_at, id LIMIT ?",
            [.text(burst), .integer(limit)]
        ) { AssetID(rawValue: $0.integer(0)) }
    }
}
