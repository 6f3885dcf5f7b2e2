internal import Files
internal import Storage

/// A file that may be a part of a recording, with the asset that it belongs to now.
public struct RecordedPart: Hashable, Sendable {
    /// The asset.
    public let asset: AssetID
    /// The file's content.
    public let file: Int64
    /// Its name.
    public let name: String
    /// Its size in bytes.
    public let size: Int64
    /// What it says of itself.
    public let facts: SegmentFacts
    /// The folders in which its copies lie, each with its volume.
    public let folders: Set<String>

    /// A file of an asset.
    public init(
        asset: AssetID,
        file: Int64,
        name: String,
        size: Int64,
        facts: SegmentFacts,
        folders: Set<String> = []
    ) {
        self.folders = folders
        self.asset = asset
        self.file = file
        self.name = name
        self.size = size
        self.facts = facts
    }
}

/// Files of several assets that are one, and the evidence.
public struct PartsToJoin: Hashable, Sendable {
    /// A part in its place.
    public struct Part: Hashable, Sendable {
        /// The asset that it belongs to now.
        public let asset: AssetID
        /// The file's content.
        public let file: Int64
        /// What it is to the whole.
        public let role: FileRole
        /// Its place among the segments.
        public let position: Int?
        /// Why it belongs there; nil for the first.
        public let because: String?

        /// A part.
        public init(asset: AssetID, file: Int64, role: FileRole, position: Int?, because: String?) {
            self.asset = asset
            self.file = file
            self.role = role
            self.position = position
            self.because = because
        }
    }

    /// In order; the first keeps its asset.
    public let parts: [Part]

    /// Parts of one asset.
    public init(_ parts: [Part]) { self.parts = parts }
}

/// What came of joining.
public enum JoinOutcome: Hashable, Sendable {
    /// So many assets were folded into the first, of what they were.
    case joined([AssetKind])
    /// They stay apart, and why, in words.
    case apart(String)
}

extension CopyRecord {
    /// The folder it lies in, with its volume: what files of one card have in common.
    public var folder: String { CopyRecord.folder(of: path, on: volume) }

    static func folder(of path: Path, on volume: Int64) -> String { "\(volume) \(path.folder.display)" }
}

extension ImportRun {
    /// The files of every recording of which more than one asset has a part, a list a recording.
    public func dividedRecordings() throws -> [[RecordedPart]] {
        let recordings = try connection.rows(
            """
            SELECT s.recording
              FROM segment AS s
              JOIN asset   AS a ON a.file = s.file AND a.present = 1
             WHERE s.recording IS NOT NULL
             GROUP BY s.recording
            HAVING count(*) > 1
            """
        ) { $0.text(0) }
        return try recordings.map { recording in
            try connection.rows(
                """
                SELECT a.id, f.id, af.name, f.size, \(SegmentFacts.columns)
                  FROM segment    AS s
                  JOIN file       AS f  ON f.id = s.file
                  JOIN asset_file AS af ON af.file = s.file AND af.present = 1 AND af.role IN ('original', 'segment')
                  JOIN asset      AS a  ON a.id = af.asset AND a.present = 1
                 WHERE s.recording = ?
                 ORDER BY s.number, s.wall_ms, a.id
                """,
                [.text(recording)]
            ) { row in
                try SegmentFacts(row, from: 4).map {
                    RecordedPart(
                        asset: AssetID(rawValue: row.integer(0)), file: row.integer(1), name: row.text(2),
                        size: row.integer(3), facts: $0, folders: try folders(ofFile: row.integer(1)))
                }
            }
            .compactMap(\.self)
        }
    }

    private func folders(ofFile file: Int64) throws -> Set<String> {
        Set(
            try connection.rows("SELECT volume, path FROM copy WHERE file = ?", [.integer(file)]) {
                CopyRecord.folder(of: Path(bytes: $0.blob(1)), on: $0.integer(0))
            })
    }

    /// True when an import before this one was killed, so that something may be left undone.
    public func followsAKilledOne() throws -> Bool {
        try connection.first(
            "SELECT 1 FROM import_run WHERE finished_at IS NULL AND id <> ? LIMIT 1",
            [.integer(change.stamp.rawValue)]
        ) { _ in true } ?? false
    }

    /// The name of a content, for people.
    public func name(ofFile file: Int64) throws -> String? {
        try connection.first("SELECT name FROM asset_file WHERE file = ? LIMIT 1", [.integer(file)]) {
            $0.text(0)
        }
    }

    /// How many clips of this run have a part that is not here.
    public func incomplete() throws -> Int {
        try connection.first(
            """
            SELECT count(*)
              FROM asset
             WHERE present = 1
               AND incomplete IS NOT NULL
               AND (id > ?1 OR stamp = ?1)
            """,
            [.integer(change.stamp.rawValue)]
        ) { $0.int(0) } ?? 0
    }

    /// Makes one asset of several, or tells why they stay apart: what people did to a part must not vanish in the whole, and
    /// what was cleared must not grow.
    public func join(_ joint: PartsToJoin) throws -> JoinOutcome {
        guard let first = joint.parts.first else { return .joined([]) }
        var others: [AssetID] = []
        for part in joint.parts where part.asset != first.asset && !others.contains(part.asset) {
            others.append(part.asset)
        }
        let grows = joint.parts.contains { $0.role == .segment && $0.asset != first.asset }
        if grows, try isCleared(first.asset) {
            return .apart("the first part was cleared as it is: lift that, and import again to join them")
        }
        for other in others where try isWorkedOn(other) {
            return .apart("people edited, chose or decided about the part by itself")
        }
        return try recorded {
            let kinds = try others.map { try fold($0, into: first.asset, joint) }
            for part in joint.parts where part.role != .companion {
                try connection.run(
                    "UPDATE asset_file SET position = ?3 WHERE asset = ?1 AND file = ?2 AND position IS NOT ?3",
                    [.integer(first.asset.rawValue), .integer(part.file), .integer(part.position)])
            }
            try change.settleSegments(of: first.asset.rawValue)
            change.refreshText(of: first.asset.rawValue)
            return .joined(kinds)
        }
    }

    private func isCleared(_ asset: AssetID) throws -> Bool {
        try change.catalog.standingDecisions(about: asset).contains { $0.kind == .cleared }
    }

    /// Whether people did more to it than name the session and the tags of its import: what binds it by itself, as the
    /// hold of a session that it was taken out of since, would be lost in the whole.
    private func isWorkedOn(_ asset: AssetID) throws -> Bool {
        let hasWork = try connection.first(
            """
            SELECT EXISTS (SELECT 1 FROM edit           WHERE asset = ?1 AND present = 1)
                OR EXISTS (SELECT 1 FROM selection_item WHERE asset = ?1 AND present = 1)
                OR EXISTS (SELECT 1 FROM delivery_item  WHERE asset = ?1)
                OR EXISTS (SELECT 1 FROM review_item    WHERE asset = ?1)
                OR EXISTS (SELECT 1 FROM derivation     WHERE asset = ?1)
                OR EXISTS (SELECT 1 FROM derivation     WHERE parent = ?1)
                OR EXISTS (SELECT 1
                             FROM asset_session AS x JOIN clearance AS d ON d.session = x.session
                            WHERE x.asset = ?1 AND x.present = 0 AND d.id < x.stamp)
                OR EXISTS (SELECT 1 FROM asset_tag AS x
                            WHERE x.asset = ?1 AND x.present = 0
                              AND EXISTS (SELECT 1 FROM clearance AS d WHERE d.tag IS NOT NULL AND d.id < x.stamp))
            """,
            [.integer(asset.rawValue)]
        ) { $0.int(0) == 1 }
        guard hasWork != true else { return true }
        return try !change.catalog.standingDecisions(about: asset).isEmpty
    }

    /// Gives the files of one asset to another, with its sessions and tags; it is not present any more.
    private func fold(_ other: AssetID, into asset: AssetID, _ joint: PartsToJoin) throws -> AssetKind {
        let stamp = Value.integer(change.stamp.rawValue)
        let files = try connection.rows(
            "SELECT file, role, name, position, because FROM asset_file WHERE asset = ? AND present = 1",
            [.integer(other.rawValue)]
        ) { ($0.integer(0), $0.text(1), $0.text(2), $0.integerOrNil(3), $0.textOrNil(4)) }
        for (file, role, name, position, because) in files {
            let part = joint.parts.first { $0.file == file }
            try connection.run(
                """
                INSERT INTO asset_file (asset, file, role, name, stamp, position, because) VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (asset, file) DO UPDATE
                   SET role = excluded.role, stamp = excluded.stamp, present = 1, position = excluded.position,
                       because = excluded.because
                 WHERE role <> 'original'
                """,
                [
                    .integer(asset.rawValue), .integer(file), .text(part?.role.rawValue ?? role), .text(name),
                    stamp, part.map { .integer($0.position) } ?? .integer(position),
                    .text(part?.because ?? because),
                ])
        }
        for session in try connection.rows(
            "SELECT session FROM asset_session WHERE asset = ? AND present = 1", [.integer(other.rawValue)],
            { $0.integer(0) })
        {
            _ = try change.join(asset: asset.rawValue, session: session)
        }
        for (tag, source) in try connection.rows(
            "SELECT tag, source FROM asset_tag WHERE asset = ? AND present = 1", [.integer(other.rawValue)],
            { ($0.integer(0), $0.text(1)) })
        {
            if source == "person" {
                _ = try change.attach(tag: tag, to: asset.rawValue, source: .person)
            } else {
                try change.attachFromFile(tag: tag, to: asset.rawValue)
            }
        }
        let kind = try connection.first("SELECT kind FROM asset WHERE id = ?", [.integer(other.rawValue)]) {
            AssetKind(rawValue: $0.text(0))
        }
        try connection.run(
            "UPDATE asset_file SET present = 0, stamp = ? WHERE asset = ? AND present = 1",
            [stamp, .integer(other.rawValue)])
        try connection.run(
            "UPDATE asset SET present = 0, stamp = ? WHERE id = ?", [stamp, .integer(other.rawValue)])
        change.refreshText(of: other.rawValue)
        return kind.flatMap(\.self) ?? .clip
    }
}
