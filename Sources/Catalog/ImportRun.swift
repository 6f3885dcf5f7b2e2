public import Files
internal import MediaProtocol
internal import Storage

/// One import: many transactions, one change, so that ten thousand files can be taken back at once and an import
/// that was stopped goes on where it was.
public final class ImportRun {
    let catalog: Catalog
    let change: Change
    let session: Int64?
    let tags: [Int64]
    private var part = 0
    /// Assets whose times follow from more than their files, to be settled in the transaction that wrote them.
    private var unsettled: [Int64] = []
    /// Sessions in which those whose offset nobody knows are put in order at the end, once for the run.
    private var unaligned: Set<Int64> = []
    /// What is to be written of assets that were made in the transaction that is open.
    var made = MadeAssets()
    /// The words of the run's session, as the full-text index has them.
    var sessionWords: String??

    var connection: Connection { catalog.connection }

    init(catalog: Catalog, change: Change, session: Int64?, tags: [Int64], part: Int) {
        self.catalog = catalog
        self.change = change
        self.session = session
        self.tags = tags
        self.part = part
    }

    /// The key of a volume, recorded now if it was never seen; `mount` is where it is mounted today.
    public func volume(key: String, name: String, mount: Path) throws -> Int64 {
        try catalog.recordVolume(key: key, name: name, mount: mount)
    }

    /// What the files of these copies are, for groups of which only a part is new.
    ///
    /// Files of several assets appear once for each.
    public func members(ofCopies copies: [Int64]) throws -> [GroupMember] {
        try catalog.members(ofCopies: copies)
    }

    /// Where a content lies, archive copies first.
    public func copies(of digest: SHA256Digest) throws -> [FileCopy] {
        try catalog.copies(ofContent: digest)
    }

    /// Records groups, strays and what manifests say of the files in one transaction, and tells what became of each
    /// group, in order.
    public func record(
        groups: [GroupRecord],
        strays: [StrayRecord],
        verdicts: [ManifestVerdict] = []
    ) throws -> [GroupOutcome] {
        try recorded {
            for stray in strays { try record(stray) }
            let outcomes = try groups.map(record)
            try made.flush(to: connection)
            // Behind the groups: a verdict names the content that was recorded with its group.
            for verdict in verdicts { try record(verdict) }
            try settleTimes()
            return outcomes
        }
    }

    /// Tells the catalogue which recorded copies the scan did not find any more.
    ///
    /// A content that this run met at another path of the same volume has moved; the others are missing.
    public func missing(copies: [Int64]) throws -> (moved: Int, missing: Int) {
        guard !copies.isEmpty else { return (0, 0) }
        return try recorded {
            var moved = 0
            var missing = 0
            for copy in copies {
                let hasNewPlace =
                    try connection.first(
                        """
                        SELECT 1
                          FROM copy AS gone
                          JOIN copy AS here ON here.file = gone.file AND here.volume = gone.volume
                         WHERE gone.id = ? AND here.id <> gone.id AND here.seen_at >= ?
                         LIMIT 1
                        """,
                        [.integer(copy), .integer(change.now)]
                    ) { _ in true } ?? false
                if hasNewPlace {
                    moved += try connection.run("DELETE FROM copy WHERE id = ?", [.integer(copy)])
                } else {
                    missing += try connection.run(
                        "UPDATE copy SET finding = 'missing', seen_at = ? WHERE id = ? AND finding <> 'missing'",
                        [.integer(change.now), .integer(copy)]
                    )
                }
            }
            return (moved, missing)
        }
    }

    /// Older copies, on the same volume, of what this run met at another path: either a content lies there
    /// twice, or it moved and the old path is empty.
    ///
    /// Only who can look at the disk knows.
    public func copiesElsewhere() throws -> [FileCopy] {
        try connection.rows(
            """
            SELECT old.id, v.key, v.name, v.mount, old.path, old.kind, old.size, old.modified_ns, old.inode,
                   old.checked_at, old.finding
              FROM copy   AS here
              JOIN copy   AS old ON old.file = here.file AND old.volume = here.volume AND old.id <> here.id
              JOIN volume AS v   ON v.id = old.volume
             WHERE here.seen_at >= ?1 AND old.seen_at < ?1 AND old.finding IN ('recorded', 'verified')
            """,
            [.integer(change.now)],
            Catalog.copy
        )
    }

    /// Gives what lies below a folder already, or only its `names`, the run's session and tags.
    ///
    /// Whoever forgot them imports again.
    public func gather(volume: Int64, below folder: Path, names: Set<Path>? = nil) throws {
        guard session != nil || !tags.isEmpty else { return }
        let range = PathRange(below: folder)
        try recorded {
            var assets: Set<Int64> = []
            try connection.each(
                """
                SELECT af.asset, c.path
                  FROM copy       AS c
                  JOIN asset_file AS af ON af.file = c.file AND af.present = 1
                  JOIN asset      AS a  ON a.id = af.asset AND a.present = 1
                 WHERE c.volume = ?
                   AND ((c.path >= ? AND c.path < ?) OR typeof(c.path) = 'blob')
                   AND c.finding <> 'missing'
                """,
                [.integer(volume), range.from, range.to]
            ) { row in
                // Paths that are not UTF-8 lie in no range: their folder is told here.
                let inside = Path(bytes: row.blob(1)).relative(to: folder)
                if let inside, names?.contains(inside) ?? true { assets.insert(row.integer(0)) }
            }
            for asset in assets.sorted() {
                var isNew = false
                if let session, try change.join(asset: asset, session: session) { isNew = true }
                for tag in tags where try change.attach(tag: tag, to: asset, source: .person) { isNew = true }
                if isNew {
                    change.refreshText(of: asset)
                    unsettled.append(asset)
                }
            }
            try settleTimes()
        }
    }

    private func settleTimes() throws {
        unaligned.formUnion(try catalog.timeLine.settle(unsettled, aligning: false))
        unsettled = []
    }

    /// A new asset of a session without a zone has its time from its file alone, and only its place among the others is
    /// to be found.
    func noteTimes(of asset: Int64, isNew: Bool) throws {
        guard isNew, let session else {
            if !isNew { unsettled.append(asset) }
            return
        }
        if try hasZone(session) { unsettled.append(asset) } else { unaligned.insert(session) }
    }

    private func hasZone(_ session: Int64) throws -> Bool {
        try connection.first("SELECT zone IS NOT NULL FROM session WHERE id = ?", [.integer(session)]) {
            $0.int(0) == 1
        } ?? false
    }

    /// Forgets strays that the scan did not find any more.
    public func forget(strays: [(volume: Int64, path: Path)]) throws {
        guard !strays.isEmpty else { return }
        try recorded {
            for stray in strays {
                try connection.run(
                    "DELETE FROM stray WHERE volume = ? AND path = ?",
                    [.integer(stray.volume), stray.path.stored])
            }
        }
    }

    /// Keeps the counts and ends the run.
    ///
    /// A run that changed nothing leaves nothing behind.
    public func finish(_ counts: ImportCounts) throws {
        try catalog.describingErrors("finish the import") {
            try connection.transaction {
                try catalog.timeLine.align(unaligned)
                guard part > 0 else {
                    try connection.run(
                        "DELETE FROM import_run WHERE id = ?", [.integer(change.stamp.rawValue)])
                    try connection.run("DELETE FROM change WHERE id = ?", [.integer(change.stamp.rawValue)])
                    return
                }
                try connection.run(
                    """
                    UPDATE import_run
                       SET finished_at = ?, seen = ?, new = ?, known = ?, changed = ?, other = ?, failed = ?
                     WHERE id = ?
                    """,
                    [
                        .integer(catalog.now()), .integer(counts.seen), .integer(counts.new),
                        .integer(counts.known), .integer(counts.changed), .integer(counts.other),
                        .integer(counts.failed), .integer(change.stamp.rawValue),
                    ]
                )
                try connection.run(
                    "UPDATE change SET summary = ? WHERE id = ?",
                    [.text("\(counts.new) new of \(counts.seen) files"), .integer(change.stamp.rawValue)]
                )
            }
        }
    }

    func recorded<Result>(_ body: () throws -> Result) throws -> Result {
        try catalog.describingErrors("record what was imported") {
            try connection.transaction {
                let recording = Recording(of: Catalog.recordedTables, on: connection)
                // Between two transactions another program may have renamed them.
                change.forgetTags()
                sessionWords = nil
                made = MadeAssets()
                let result = try body()
                try connection.indexPositions()
                try connection.refreshStanding(stamp: change.stamp.rawValue)
                try change.writeText()
                for changeset in try recording.changesets() {
                    try catalog.keep(changeset, of: change, part: part)
                    part += 1
                }
                return result
            }
        }
    }

    private func record(_ stray: StrayRecord) throws {
        try connection.run(
            """
            INSERT INTO stray (volume, path, size, modified_ns, inode, outcome, reason, run)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (volume, path) DO UPDATE
               SET size = excluded.size, modified_ns = excluded.modified_ns, inode = excluded.inode,
                   outcome = excluded.outcome, reason = excluded.reason
             WHERE (size, modified_ns, inode, outcome, reason)
                   IS NOT (excluded.size, excluded.modified_ns, excluded.inode, excluded.outcome, excluded.reason)
            """,
            [
                .integer(stray.volume), stray.path.stored, .integer(stray.identity.size),
                .integer(stray.identity.modifiedNanoseconds), .integer(stray.identity.inode),
                .text(stray.outcome.rawValue), .text(stray.reason), .integer(change.stamp.rawValue),
            ]
        )
    }
}

extension Catalog {
    /// Begins an import of `source`.
    ///
    /// Its assets join the session, which is made when there is none of that name, and get the tags.
    ///
    /// Throws `CatalogError` when a tag's path is not one.
    public func beginImport(
        source: Path,
        command: String,
        session: String?,
        tags: [TagPath]
    ) throws -> ImportRun {
        try describingErrors("begin the import") {
            try connection.transaction {
                let latest =
                    try connection.first("SELECT coalesce(max(id), 0) FROM change") { $0.integer(0) } ?? 0
                clock.saw(latest)
                let change = Change(catalog: self, stamp: clock.next())
                try open(change, command: command, kind: .importing)
                try connection.run(
                    "INSERT INTO import_run (id, source, started_at) VALUES (?, ?, ?)",
                    [.integer(change.stamp.rawValue), .text(source.display), .integer(now())]
                )
                let recording = Recording(of: Catalog.recordedTables, on: connection)
                let sessionKey = try session.map { try change.sessionKey(named: $0) }
                let tagKeys = try tags.map { try change.tag($0) }
                let changesets = try recording.changesets()
                for (part, changeset) in changesets.enumerated() {
                    try keep(changeset, of: change, part: part)
                }
                return ImportRun(
                    catalog: self, change: change, session: sessionKey, tags: tagKeys,
                    part: changesets.count)
            }
        }
    }

    /// The copies that are known below a folder of a volume, in byte order of their paths, as of now.
    public func knownCopies(volume: Int64, below folder: Path) throws -> KnownCopies {
        try KnownCopies(reader: try reader(), volume: volume, below: folder)
    }

    /// The files below a folder of a volume that an earlier scan saw and did not take, by their paths.
    public func knownStrays(volume: Int64, below folder: Path) throws -> [Path: StrayRecord] {
        let range = PathRange(below: folder)
        let strays = try connection.rows(
            """
            SELECT path, size, modified_ns, inode, outcome, reason
              FROM stray
             WHERE volume = ? AND ((path >= ? AND path < ?) OR typeof(path) = 'blob')
            """,
            [.integer(volume), range.from, range.to]
        ) { row in
            StrayRecord(
                volume: volume,
                path: Path(bytes: row.blob(0)),
                identity: FileIdentity(
                    size: row.integer(1), modifiedNanoseconds: row.integer(2), inode: row.integer(3)),
                outcome: StrayOutcome(rawValue: row.text(4)) ?? .other,
                reason: row.text(5)
            )
        }
        return Dictionary(
            strays.filter { $0.path.relative(to: folder) != nil }.map { ($0.path, $0) },
            uniquingKeysWith: { $1 })
    }

    func recordVolume(key: String, name: String, mount: Path) throws -> Int64 {
        try describingErrors("record the volume \(name)") {
            let known = try connection.first(
                "SELECT id, mount FROM volume WHERE key = ?", [.text(key)]
            ) { (id: $0.integer(0), mount: $0.text(1)) }
            if let known {
                if known.mount != mount.display {
                    try connection.run(
                        "UPDATE volume SET mount = ?, seen_at = ? WHERE id = ?",
                        [.text(mount.display), .integer(now()), .integer(known.id)])
                }
                return known.id
            }
            let id = clock.next().rawValue
            try connection.run(
                "INSERT INTO volume (id, key, name, mount, seen_at) VALUES (?, ?, ?, ?, ?)",
                [.integer(id), .text(key), .text(name), .text(mount.display), .integer(now())]
            )
            return id
        }
    }

    func describingErrors<Result>(_ doing: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as StorageError {
            throw CatalogError.describing(error, doing: doing, path: path)
        }
    }
}
