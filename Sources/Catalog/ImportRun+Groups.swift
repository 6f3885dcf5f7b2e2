internal import Files
internal import MediaProtocol
internal import Storage

/// What one group of files comes to: contents, copies, an asset and what is said of it.
extension ImportRun {
    /// Records files that are one asset, or belong to none.
    func record(_ group: GroupRecord) throws -> GroupOutcome {
        var outcomes: [FileOutcome] = []
        var files: [RecordedContent] = []
        for file in group.files {
            let (content, outcome) = try record(file.content)
            files.append(content)
            outcomes.append(outcome)
            for copy in file.copies { try record(copy, of: content.key) }
        }
        guard let kind = group.kind, let original = files.first else {
            return GroupOutcome(asset: nil, isNewAsset: false, files: outcomes)
        }
        let (asset, standing, isMade) = try recordAsset(of: group, kind: kind, original: original)
        if isMade {
            try recordMade(asset, group, files.map(\.key))
        } else {
            for (file, key) in zip(group.files, files.map(\.key)) {
                try recordMembership(of: key, as: file, in: asset, settlesRoles: standing != .double)
                if file.role == .original, standing != .double {
                    try renameFormer(originalsOf: asset, but: key)
                }
            }
            try recordWords(of: group, asset: asset, standing)
        }
        for (file, key) in zip(group.files, files.map(\.key)) {
            if let segment = file.segment { try change.record(segment, of: key) }
        }
        if kind == .clip { try change.settleSegments(of: asset) }
        try noteTimes(of: asset, isNew: isMade)
        return GroupOutcome(asset: AssetID(rawValue: asset), isNewAsset: standing == .new, files: outcomes)
    }

    /// What is said of an asset that was made this moment: nothing can have been said of it before.
    private func recordMade(_ asset: Int64, _ group: GroupRecord, _ files: [Int64]) throws {
        for (file, key) in zip(group.files, files) { made.add(file, key, to: asset, stamp: change.stamp) }
        if let session { made.add(session: session, to: asset, stamp: change.stamp) }
        var tags = Set(self.tags)
        for tag in self.tags { made.add(tag: tag, of: .person, to: asset, stamp: change.stamp) }
        if let reading = group.reading {
            for tag in try fileTags(of: reading) where tags.insert(tag).inserted {
                made.add(tag: tag, of: .file, to: asset, stamp: change.stamp)
            }
            try connection.noteWarnings(in: reading.caveats, of: asset, stamp: change.stamp.rawValue)
        }
        change.refreshText(of: asset, isNew: true, words: try words(about: group, tags: tags))
        // A clip's parts are counted, and a pair's are looked for, where they are written.
        if group.kind == .clip || files.count > 1 { try made.flush(to: connection) }
    }

    /// The full-text index's columns for an asset that was made this moment, as a query would give them.
    private func words(about group: GroupRecord, tags: Set<Int64>) throws -> [Value] {
        let reading = group.reading
        let paths = try tags.sorted().compactMap { try change.words(ofTag: $0) }
        return [
            .text(group.name), .text(reading?.title), .text(reading?.caption),
            paths.isEmpty ? .null : .text(paths.joined(separator: " | ")), .text(try wordsOfSession()),
            .text(reading?.place), .text(reading?.creator),
        ]
    }

    private func wordsOfSession() throws -> String? {
        guard let session else { return nil }
        if let known = sessionWords { return known }
        let words = try connection.first(
            "SELECT name || ' ' || coalesce(place, '') FROM session WHERE id = ? AND present = 1",
            [.integer(session)]
        ) { $0.text(0) }
        sessionWords = .some(words)
        return words
    }

    private func fileTags(of reading: Reading) throws -> [Int64] {
        try reading.keywords.compactMap { try change.tag(fromFile: $0) }
            + reading.people.compactMap { try change.tag(ofPerson: $0) }
    }

    /// The row of a content.
    private struct RecordedContent {
        var key: Int64
        /// True when the row was made this moment, so that nothing can refer to it.
        var isMade = false
    }

    private func record(_ content: FileContent) throws -> (RecordedContent, FileOutcome) {
        guard case .read(let content) = content else {
            guard case .recorded(let file) = content else { return (RecordedContent(key: 0), .known) }
            return (RecordedContent(key: file), .known)
        }
        let known = try connection.first(
            "SELECT id FROM file WHERE sha256 = ?", [.blob(content.digests.sha256.bytes)]
        ) { $0.integer(0) }
        if let known {
            return (RecordedContent(key: known), try isHeld(known) ? .double : .new)
        }
        let key = change.mint()
        try connection.run(
            "INSERT INTO file (id, sha256, xxh128, size, format, unreadable) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .integer(key), .blob(content.digests.sha256.bytes), .blob(content.digests.xxh128.bytes),
                .integer(content.size), .text(content.format), .text(content.unreadable),
            ]
        )
        if !content.rawTags.isEmpty {
            try connection.run(
                "INSERT INTO raw (file, dictionary, tags) VALUES (?, ?, ?)",
                [.integer(key), .integer(content.rawDictionary), .blob(content.rawTags)]
            )
        }
        return (RecordedContent(key: key, isMade: true), .new)
    }

    /// A content whose import was undone is known to the catalogue, but not held by it.
    private func isHeld(_ file: Int64) throws -> Bool {
        try connection.first("SELECT 1 FROM copy WHERE file = ? LIMIT 1", [.integer(file)]) { _ in true }
            ?? false
    }

    private func record(_ copy: CopyRecord, of file: Int64) throws {
        let values: [Value] = [
            .integer(change.mint()), .integer(file), .integer(copy.volume), copy.path.stored,
            .text(copy.kind.rawValue), .integer(copy.identity.size),
            .integer(copy.identity.modifiedNanoseconds), .integer(copy.identity.inode),
            .integer(catalog.now()),
            .integer(copy.checkedAt), .text(copy.checkedAt == nil ? "recorded" : "verified"),
        ]
        // Most paths are new; to be ready for both at once makes SQLite keep a copy of each page that it touches.
        if try copy.existing == nil && connection.run(ImportRun.insertNewCopy, values) > 0 { return }
        try connection.run(ImportRun.replaceCopy, values)
    }

    private static let copyRow = """
        INTO copy (id, file, volume, path, kind, size, modified_ns, inode, seen_at, checked_at, finding)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    private static let insertNewCopy = "INSERT OR IGNORE \(copyRow)"
    private static let replaceCopy = """
        INSERT \(copyRow)
            ON CONFLICT (volume, path) DO UPDATE
           SET file = excluded.file, kind = excluded.kind, size = excluded.size,
               modified_ns = excluded.modified_ns, inode = excluded.inode, seen_at = excluded.seen_at,
               checked_at = excluded.checked_at, finding = excluded.finding
        """

    /// What a group is to the archive.
    private enum Standing {
        /// An asset that was not there, or not present.
        case new
        /// Files of an asset that is there, some of them new or changed.
        case renewed
        /// Once more what is there already, at another place.
        case double
    }

    private func recordAsset(
        of group: GroupRecord,
        kind: AssetKind,
        original: RecordedContent
    ) throws -> (Int64, Standing, isMade: Bool) {
        // Who holds the content already is the asset, even where the files at this place used to be another: two
        // assets never share an original.
        if !original.isMade || group.asset != nil { try made.flush(to: connection) }
        let holder = original.isMade ? nil : try holder(of: original.key)
        let values = AssetColumns(group: group, kind: kind, file: original.key)
        guard let asset = holder ?? group.asset?.rawValue else {
            let key = change.mint()
            try connection.run(
                AssetColumns.insert, [.integer(key), .integer(change.stamp.rawValue)] + values.values)
            return (key, .new, isMade: true)
        }
        let isPresent =
            try connection.first("SELECT present FROM asset WHERE id = ?", [.integer(asset)]) {
                $0.int(0) == 1
            }
            ?? false
        guard !isPresent || asset == group.asset?.rawValue else { return (asset, .double, isMade: false) }
        try connection.run(
            AssetColumns.update, [.integer(change.stamp.rawValue)] + values.values + [.integer(asset)])
        try change.applyEdits(of: asset, renewingCamerasWord: true)
        return (asset, isPresent ? .renewed : .new, isMade: false)
    }

    /// The asset that has this content as its original, or else as the picture beside its original or as a segment; last
    /// one that had it as its original, and is not present any more.
    private func holder(of file: Int64) throws -> Int64? {
        let first = try connection.first(
            "SELECT id, present FROM asset WHERE file = ?", [.integer(file)]
        ) { (id: $0.integer(0), isPresent: $0.int(1) == 1) }
        if let first, first.isPresent { return first.id }
        return try connection.first(
            """
            SELECT af.asset
              FROM asset_file AS af JOIN asset AS a ON a.id = af.asset
             WHERE af.file = ? AND af.role IN ('companion', 'segment') AND af.present = 1 AND a.present = 1
             LIMIT 1
            """,
            [.integer(file)]
        ) { $0.integer(0) } ?? first?.id
    }

    /// `settlesRoles` when this group says what its files are to the asset; a double found elsewhere, where the raw
    /// file may be missing, only adds what the asset did not have.
    private func recordMembership(
        of key: Int64,
        as file: FileRecord,
        in asset: Int64,
        settlesRoles: Bool
    ) throws {
        try connection.run(
            """
            INSERT INTO asset_file (asset, file, role, name, stamp, position, because)
            VALUES (?1, ?2, ?3, ?4, ?5, ?7, ?8)
                ON CONFLICT (asset, file) DO UPDATE
               SET role = excluded.role, name = excluded.name, stamp = excluded.stamp, present = 1,
                   position = excluded.position, because = excluded.because
             WHERE present = 0 OR (?6 AND role <> excluded.role AND role <> 'original')
            """,
            [
                .integer(asset), .integer(key), .text(file.role.rawValue), .text(file.name),
                .integer(change.stamp.rawValue), .integer(settlesRoles ? 1 : 0), .integer(file.position),
                .text(file.because),
            ]
        )
    }

    /// What stood in the original's place before is kept, and called what it is.
    private func renameFormer(originalsOf asset: Int64, but key: Int64) throws {
        try connection.run(
            """
            UPDATE asset_file
               SET role = 'former', stamp = ?
             WHERE asset = ? AND role = 'original' AND file <> ? AND present = 1
            """,
            [.integer(change.stamp.rawValue), .integer(asset), .integer(key)]
        )
    }

    private func recordWords(of group: GroupRecord, asset: Int64, _ standing: Standing) throws {
        if let session { try change.join(asset: asset, session: session) }
        for tag in tags { try change.attach(tag: tag, to: asset, source: .person) }
        if let reading = group.reading {
            let tags = try fileTags(of: reading)
            for tag in tags { try change.attachFromFile(tag: tag, to: asset) }
            if standing == .renewed { try change.detachFromFile(keeping: Set(tags), of: asset) }
            try connection.noteWarnings(in: reading.caveats, of: asset, stamp: change.stamp.rawValue)
        }
        change.refreshText(of: asset, isNew: standing == .new)
    }
}
