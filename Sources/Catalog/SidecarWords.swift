public import Files
internal import Storage

/// What people said about an asset, as far as a sidecar can hold it, and what is known of those that lie beside it.
public struct SidecarWords: Hashable, Sendable {
    /// A field that a person set, or set once.
    public struct Edit: Hashable, Sendable {
        /// What counts; nil for left out.
        public var value: String?
        /// What the file says.
        public var was: String?
        /// False when the person took it back.
        public var isPresent: Bool
        /// True when the file has said something else since the person set it.
        public var isContested: Bool
        /// When it was set.
        public var stamp: Int64

        /// A field that a person set.
        public init(
            value: String?, was: String?, isPresent: Bool = true, isContested: Bool = false, stamp: Int64 = 0
        ) {
            self.value = value
            self.was = was
            self.isPresent = isPresent
            self.isContested = isContested
            self.stamp = stamp
        }
    }

    /// A tag that the asset carries, or carried.
    public struct Tagging: Hashable, Sendable {
        /// Its path.
        public var path: TagPath
        /// True when a person said so, false when a file did.
        public var isPersons: Bool
        /// False when it was taken away.
        public var isPresent: Bool
        /// When.
        public var stamp: Int64

        /// A tag.
        public init(path: TagPath, isPersons: Bool, isPresent: Bool, stamp: Int64) {
            self.path = path
            self.isPersons = isPersons
            self.isPresent = isPresent
            self.stamp = stamp
        }
    }

    /// By the field's name, as in `RecordedEdit`.
    public var edits: [String: Edit]
    /// By path.
    public var tags: [Tagging]

    /// What people said.
    public init(edits: [String: Edit], tags: [Tagging]) {
        self.edits = edits
        self.tags = tags
    }

    /// True when no sidecar would say anything of it.
    public var isSilent: Bool {
        edits.isEmpty && !tags.contains(where: \.isPersons)
    }
}

/// An archive copy of an asset's original, beside which its sidecar belongs.
public struct OriginalPlace: Hashable, Sendable {
    /// The asset.
    public let asset: AssetID
    /// The volume's key in the catalogue.
    public let volume: Int64
    /// The copy.
    public let copy: FileCopy
}

/// A file that lies in the folder of an original, and belongs to the same asset.
public struct NeighbourCopy: Hashable, Sendable {
    /// The copy.
    public let known: KnownCopy
    /// What it is to the asset.
    public let role: FileRole
}

/// A word of a sidecar that is ours.
public struct WrittenWord: Hashable, Sendable {
    /// What we wrote; nil where we took something out.
    public var value: String?
    /// What stood there before the first word of ours.
    public var before: String?

    /// A word that is ours.
    public init(_ value: String?, before: String?) {
        self.value = value
        self.before = before
    }
}

/// What the catalogue knows of a sidecar's content.
public struct KnownSidecar: Hashable, Sendable {
    /// The words that it has from us, or that the one before it had, by field.
    public var written: [String: WrittenWord]
    /// When the asset got it; later than everything when it is not recorded.
    public var arrived: Int64
    /// True when the content is recorded with the asset.
    public var isRecorded: Bool

    /// A content.
    public init(written: [String: WrittenWord], arrived: Int64, isRecorded: Bool) {
        self.written = written
        self.arrived = arrived
        self.isRecorded = isRecorded
    }
}

extension Catalog {
    /// What people said about an asset, as far as a sidecar can hold it.
    public func sidecarWords(of asset: AssetID) throws -> SidecarWords {
        var edits: [String: SidecarWords.Edit] = [:]
        let rows = try connection.rows(
            "SELECT field, value, was, present, heard IS NOT NULL, stamp FROM edit WHERE asset = ?",
            [.integer(asset.rawValue)]
        ) { row in
            (
                row.text(0),
                SidecarWords.Edit(
                    value: row.textOrNil(1), was: row.textOrNil(2), isPresent: row.int(3) == 1,
                    isContested: row.int(4) == 1, stamp: row.integer(5))
            )
        }
        for (field, edit) in rows { edits[field] = edit }
        let tags = try connection.rows(
            """
            SELECT t.path, at.source, at.present AND t.present, at.stamp
              FROM asset_tag AS at JOIN tag AS t ON t.id = at.tag
             WHERE at.asset = ?
             ORDER BY t.path
            """,
            [.integer(asset.rawValue)]
        ) { row in
            TagPath(fromFile: row.text(0)).map { path in
                SidecarWords.Tagging(
                    path: path, isPersons: row.text(1) == TagSource.person.rawValue,
                    isPresent: row.int(2) == 1, stamp: row.integer(3))
            }
        }
        return SidecarWords(edits: edits, tags: tags.compactMap(\.self))
    }

    /// The archive copies of an asset's original, wherever they are; those on cards are nobody's to write beside.
    public func originalPlaces(of asset: AssetID) throws -> [OriginalPlace] {
        try connection.rows(
            """
            SELECT c.id, v.key, v.name, v.mount, c.path, c.kind, c.size, c.modified_ns, c.inode, c.checked_at, c.finding,
                   v.id
              FROM asset  AS a
              JOIN copy   AS c ON c.file = a.file
              JOIN volume AS v ON v.id = c.volume
             WHERE a.id = ? AND c.kind = 'archive'
             ORDER BY v.name, v.id, c.path
            """,
            [.integer(asset.rawValue)]
        ) { OriginalPlace(asset: asset, volume: $0.integer(11), copy: Catalog.copy($0)) }
    }

    /// What of an asset lies beside one of its originals, that included: its names begin as the original's stem does.
    ///
    /// Found by the path and not by the content, which many assets may share: ten thousand pictures that were tagged alike
    /// have one sidecar's bytes in ten thousand places.
    public func neighbours(of place: OriginalPlace) throws -> [NeighbourCopy] {
        let folder = place.copy.path.folder
        let stem = folder.appending(place.copy.path.stem)
        // Behind every name that goes on in UTF-8.
        let end = stem.text.map { Value.text($0 + "\u{10FFFF}") } ?? .blob(stem.bytes + [0xFF])
        return try connection.rows(
            """
            SELECT c.id, c.file, c.path, c.size, c.modified_ns, c.inode, c.kind, c.finding, af.role
              FROM copy AS c
             CROSS JOIN asset_file AS af ON af.asset = ? AND af.file = c.file
             WHERE c.volume = ? AND c.path >= ? AND c.path < ?
               AND af.present = 1 AND af.role <> 'former'
             ORDER BY c.path
            """,
            [.integer(place.asset.rawValue), .integer(place.volume), stem.stored, end]
        ) { row in
            NeighbourCopy(known: KnownCopies.copy(row), role: FileRole(rawValue: row.text(8)) ?? .sidecar)
        }
        .filter { $0.known.path.folder == folder }
    }

    /// The recorded copy at a path of a volume, whosever it is.
    public func knownCopy(at path: Path, on volume: Int64) throws -> KnownCopy? {
        try connection.first(
            """
            SELECT id, file, path, size, modified_ns, inode, kind, finding FROM copy WHERE volume = ? AND path = ?
            """,
            [.integer(volume), path.stored],
            KnownCopies.copy
        )
    }

    /// How many other assets have a picture, clip or sound of this stem in this folder, so that a sidecar named after
    /// the stem alone would speak for them too.
    public func namesakes(of place: OriginalPlace) throws -> Int {
        let stem = place.copy.path.folder.appending(place.copy.path.stem)
        // The byte after the dot is the slash: between the two lies every ending.
        let from = Path(bytes: stem.bytes + Array(".".utf8))
        let to = from.text == nil ? Value.blob(stem.bytes + Array("/".utf8)) : .text((stem.text ?? "") + "/")
        return try connection.first(
            """
            SELECT count(DISTINCT a.id)
              FROM copy       AS c
              JOIN asset_file AS af ON af.file = c.file AND af.present = 1 AND af.role IN ('original', 'companion')
              JOIN asset      AS a  ON a.id = af.asset AND a.present = 1
             WHERE c.volume = ? AND c.path >= ? AND c.path < ? AND a.id <> ?
            """,
            [
                .integer(place.volume), from.stored, to, .integer(place.asset.rawValue),
            ]
        ) { $0.int(0) } ?? 0
    }

    /// What is known of a sidecar's content: whether the asset has it, and which of its words are ours.
    public func knownSidecar(_ digest: SHA256Digest, of asset: AssetID) throws -> KnownSidecar {
        let recorded = try connection.first(
            """
            SELECT f.id, af.stamp
              FROM file AS f LEFT JOIN asset_file AS af ON af.file = f.id AND af.asset = ? AND af.present = 1
             WHERE f.sha256 = ?
            """,
            [.integer(asset.rawValue), .blob(digest.bytes)]
        ) { (file: $0.integer(0), arrived: $0.integerOrNil(1)) }
        let own = try recorded.map { try sidecarWords(ofFile: $0.file, asset) } ?? [:]
        return KnownSidecar(
            written: own.isEmpty ? try latestWords(of: asset) : own,
            arrived: recorded?.arrived ?? .max,
            isRecorded: recorded?.arrived != nil || !own.isEmpty)
    }

    private func sidecarWords(ofFile file: Int64, _ asset: AssetID) throws -> [String: WrittenWord] {
        let rows = try connection.rows(
            "SELECT field, value, before FROM sidecar_word WHERE asset = ? AND file = ?",
            [.integer(asset.rawValue), .integer(file)]
        ) { ($0.text(0), WrittenWord($0.textOrNil(1), before: $0.textOrNil(2))) }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    /// The words of the content that was written last for an asset.
    private func latestWords(of asset: AssetID) throws -> [String: WrittenWord] {
        let file = try connection.first(
            """
            SELECT w.file
              FROM sidecar_word AS w JOIN asset_file AS af ON af.asset = w.asset AND af.file = w.file
             WHERE w.asset = ?
             ORDER BY af.stamp DESC
             LIMIT 1
            """,
            [.integer(asset.rawValue)]
        ) { $0.integer(0) }
        return try file.map { try sidecarWords(ofFile: $0, asset) } ?? [:]
    }
}

// MARK: Hearing our own words

extension Change {
    /// True when what was just read in a field is what we wrote into a sidecar: the file itself has said nothing new.
    func isEcho(_ field: String, _ column: String, of asset: Int64) throws -> Bool {
        try connection.first(
            """
            SELECT 1
              FROM asset AS a JOIN sidecar_word AS w ON w.asset = a.id AND w.field = ?
             WHERE a.id = ? AND w.value IS CAST(a.\(column) AS TEXT)
             LIMIT 1
            """,
            [.text(field), .integer(asset)]
        ) { _ in true } ?? false
    }

    /// Keeps what was read in a field as the file's word beneath a person's, and that it is another than it was.
    func keepFilesWord(_ field: String, _ column: String, of asset: Int64) throws {
        try connection.run(
            """
            UPDATE edit
               SET was   = now.word,
                   heard = CASE WHEN was IS NOT now.word AND value IS NOT now.word THEN ? ELSE heard END
              FROM (SELECT \(column) AS word FROM asset WHERE id = ?2) AS now
             WHERE asset = ?2 AND field = ?3
            """,
            [.integer(stamp.rawValue), .integer(asset), .text(field)]
        )
    }

    /// Of a picture whose only clock is a sidecar, the corrected time that we wrote there is not what its clock showed.
    func unhearCorrectedTime(of asset: Int64) throws {
        try connection.run(
            """
            UPDATE asset
               SET wall_ms = (SELECT CAST(w.value AS INTEGER) FROM sidecar_word AS w
                               WHERE w.asset = asset.id AND w.field = 'wall' LIMIT 1)
             WHERE id = ?
               AND wall_source LIKE 'Xmp.%'
               AND EXISTS (SELECT 1 FROM sidecar_word AS w
                            WHERE w.asset = asset.id AND w.field = 'corrected' AND w.value IS CAST(asset.wall_ms AS TEXT))
               AND EXISTS (SELECT 1 FROM sidecar_word AS w WHERE w.asset = asset.id AND w.field = 'wall')
            """,
            [.integer(asset)]
        )
    }
}
