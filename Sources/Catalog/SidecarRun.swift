internal import Files
internal import Storage

/// A sidecar that is to be written, or was.
public struct SidecarRecord: Sendable {
    /// The asset that it speaks for.
    public var asset: AssetID
    /// Its bytes, as a reader gives them.
    public var content: ReadContent
    /// The words in it that are ours, by field.
    public var words: [String: WrittenWord]
    /// Its name, for people.
    public var name: String
    /// Where it lies; nil before it was written.
    public var copy: CopyRecord?
    /// The content that lay there before.
    public var former: Int64?

    /// A sidecar that is to be written.
    public init(
        asset: AssetID,
        content: ReadContent,
        words: [String: WrittenWord],
        name: String,
        copy: CopyRecord? = nil,
        former: Int64? = nil
    ) {
        self.asset = asset
        self.content = content
        self.words = words
        self.name = name
        self.copy = copy
        self.former = former
    }
}

/// One writing of sidecars: many transactions, one entry in the log, and no way to take it back.
///
/// The words are recorded as ours before they are written, and the copies behind it: whatever ends the program between
/// the two, what is then read from the disk is known for an echo.
public final class SidecarRun {
    private let catalog: Catalog
    private let change: Change
    private var written = 0

    private var connection: Connection { catalog.connection }

    fileprivate init(catalog: Catalog, change: Change) {
        self.catalog = catalog
        self.change = change
    }

    /// Records what is about to be written.
    public func intend(_ sidecars: [SidecarRecord]) throws {
        try catalog.describingErrors("record which words go into sidecars") {
            try connection.transaction {
                for sidecar in sidecars {
                    let file = try key(of: sidecar.content)
                    for (field, word) in sidecar.words {
                        try connection.run(
                            """
                            INSERT INTO sidecar_word (asset, file, field, value, before) VALUES (?, ?, ?, ?, ?)
                                ON CONFLICT (asset, file, field) DO UPDATE
                               SET value = excluded.value, before = excluded.before
                            """,
                            [
                                .integer(sidecar.asset.rawValue), .integer(file), .text(field),
                                .text(word.value), .text(word.before),
                            ]
                        )
                    }
                }
            }
        }
    }

    /// Records what was written and read back, so that the next import finds nothing new in it.
    public func record(_ sidecars: [SidecarRecord]) throws {
        try catalog.describingErrors("record the sidecars that were written") {
            try connection.transaction {
                for sidecar in sidecars { try record(sidecar) }
            }
        }
    }

    private func record(_ sidecar: SidecarRecord) throws {
        guard let copy = sidecar.copy else { return }
        let file = try key(of: sidecar.content)
        written += 1
        if !sidecar.content.rawTags.isEmpty {
            try connection.run(
                "INSERT OR IGNORE INTO raw (file, dictionary, tags) VALUES (?, ?, ?)",
                [
                    .integer(file), .integer(sidecar.content.rawDictionary), .blob(sidecar.content.rawTags),
                ]
            )
        }
        try connection.run(
            """
            INSERT INTO copy (id, file, volume, path, kind, size, modified_ns, inode, seen_at, checked_at, finding)
            VALUES (?1, ?2, ?3, ?4, 'archive', ?5, ?6, ?7, ?8, ?8, 'verified')
                ON CONFLICT (volume, path) DO UPDATE
               SET file = excluded.file, kind = excluded.kind, size = excluded.size,
                   modified_ns = excluded.modified_ns, inode = excluded.inode, seen_at = excluded.seen_at,
                   checked_at = excluded.checked_at, finding = excluded.finding
            """,
            [
                .integer(change.mint()), .integer(file), .integer(copy.volume), copy.path.stored,
                .integer(copy.identity.size), .integer(copy.identity.modifiedNanoseconds),
                .integer(copy.identity.inode), .integer(catalog.now()),
            ]
        )
        try connection.run(
            "DELETE FROM stray WHERE volume = ? AND path = ?", [.integer(copy.volume), copy.path.stored])
        try connection.run(
            """
            INSERT INTO asset_file (asset, file, role, name, stamp) VALUES (?1, ?2, 'sidecar', ?3, ?4)
                ON CONFLICT (asset, file) DO UPDATE
               SET role = 'sidecar', name = excluded.name, stamp = excluded.stamp, present = 1
             WHERE present = 0 OR role <> 'sidecar'
            """,
            [
                .integer(sidecar.asset.rawValue), .integer(file), .text(sidecar.name),
                .integer(change.stamp.rawValue),
            ]
        )
        // What lay there is kept as what it was, unless it lies elsewhere still, on a disk in a drawer.
        guard let former = sidecar.former, former != file else { return }
        try connection.run(
            """
            UPDATE asset_file
               SET role = 'former', stamp = ?1
             WHERE asset = ?2 AND file = ?3 AND role = 'sidecar' AND present = 1
               AND NOT EXISTS (SELECT 1 FROM copy WHERE file = ?3)
            """,
            [.integer(change.stamp.rawValue), .integer(sidecar.asset.rawValue), .integer(former)]
        )
    }

    private func key(of content: ReadContent) throws -> Int64 {
        let known = try connection.first(
            "SELECT id FROM file WHERE sha256 = ?", [.blob(content.digests.sha256.bytes)]
        ) { $0.integer(0) }
        if let known { return known }
        let key = change.mint()
        try connection.run(
            "INSERT INTO file (id, sha256, xxh128, size, format, unreadable) VALUES (?, ?, ?, ?, ?, NULL)",
            [
                .integer(key), .blob(content.digests.sha256.bytes), .blob(content.digests.xxh128.bytes),
                .integer(content.size), .text(content.format),
            ]
        )
        return key
    }

    /// Ends the run with a sentence for the log.
    public func finish(_ summary: String) throws {
        try catalog.describingErrors("finish the writing of sidecars") {
            try connection.transaction {
                try connection.run(
                    "UPDATE sidecar_run SET finished_at = ?, written = ? WHERE id = ?",
                    [.integer(catalog.now()), .integer(written), .integer(change.stamp.rawValue)])
                try connection.run(
                    "UPDATE change SET summary = ? WHERE id = ?",
                    [.text(summary), .integer(change.stamp.rawValue)])
            }
        }
    }
}

extension Catalog {
    /// Begins to write sidecars.
    public func beginSidecars(command: String) throws -> SidecarRun {
        try describingErrors("begin to write sidecars") {
            try connection.transaction {
                let latest =
                    try connection.first("SELECT coalesce(max(id), 0) FROM change") { $0.integer(0) } ?? 0
                clock.saw(latest)
                let change = Change(catalog: self, stamp: clock.next())
                try open(change, command: command, kind: .observation)
                try connection.run(
                    "INSERT INTO sidecar_run (id, started_at) VALUES (?, ?)",
                    [.integer(change.stamp.rawValue), .integer(now())])
                return SidecarRun(catalog: self, change: change)
            }
        }
    }

    /// Throws when a change wrote sidecars: what is on a disk is put right by writing again.
    func refuseWhatWroteSidecars(_ logged: LoggedChange) throws {
        let written = try connection.first(
            "SELECT written FROM sidecar_run WHERE id = ?", [.integer(logged.id)]
        ) { $0.int(0) }
        guard written != nil else { return }
        throw CatalogError(
            .refused, "change \(logged.number) wrote sidecars: files on disks are not taken back",
            details: [logged.command],
            next:
                "take back the words (valhalla log lists the changes), and valhalla sidecars write puts the files right"
        )
    }
}

extension Change {
    /// A person’s words stand against those that a file has had since: they are newer from here on.
    public func insist(on fields: [String], of asset: AssetID) throws {
        for field in fields {
            try connection.run(
                "UPDATE edit SET heard = NULL, stamp = ? WHERE asset = ? AND field = ? AND present = 1",
                [.integer(stamp.rawValue), .integer(asset.rawValue), .text(field)])
        }
    }

    /// A person’s words give way to those that a file has had since.
    public func yield(_ fields: [String], of asset: AssetID) throws {
        for field in fields {
            guard let editable = EditableField(rawValue: field) else { continue }
            _ = try withdraw(editable, of: asset.rawValue)
        }
        refreshText(of: asset.rawValue)
    }

    /// Settles tags about which a person and a sidecar differ: what is attached and what is not, as of this change.
    public func settle(attached: [TagPath], gone: [TagPath], of asset: AssetID) throws {
        for (paths, isPresent) in [(attached, 1), (gone, 0)] {
            for path in paths {
                try connection.run(
                    """
                    INSERT INTO asset_tag (asset, tag, source, stamp, present) VALUES (?, ?, 'person', ?, ?)
                        ON CONFLICT (asset, tag) DO UPDATE
                       SET present = excluded.present, source = excluded.source, stamp = excluded.stamp
                    """,
                    [
                        .integer(asset.rawValue), .integer(try tag(path)), .integer(stamp.rawValue),
                        .integer(isPresent),
                    ])
            }
        }
        refreshText(of: asset.rawValue)
    }
}
