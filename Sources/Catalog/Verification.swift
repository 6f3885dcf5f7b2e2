public import Files
internal import Storage

/// A reading-back of copies: the whole, or one part of several.
public struct Verification: Hashable, Sendable {
    /// Its key.
    public let id: Int64
    /// When it began, in milliseconds since 1970; copies checked since are done.
    public let startedAt: Int64
    /// Which part, from 1.
    public let part: Int
    /// Of how many.
    public let parts: Int
}

/// What reading a copy back found.
public enum CopyFinding: String, Sendable, CaseIterable {
    /// The bytes are the recorded ones.
    case verified
    /// The bytes are others.
    case differs
    /// There is no file.
    case missing
    /// It could not be read.
    case unreadable
}

/// A copy to be read back, with what its bytes must be.
public struct CopyToVerify: Hashable, Sendable {
    /// The copy.
    public let copy: FileCopy
    /// What its bytes must be.
    public let digests: Digests
    /// How many they must be.
    public let size: Int64
}

extension Catalog {
    /// The reading-back that was begun and not finished, newest first.
    public func unfinishedVerification() throws -> Verification? {
        try connection.first(
            """
            SELECT id, started_at, part, parts FROM verification WHERE finished_at IS NULL ORDER BY id DESC LIMIT 1
            """
        ) { Verification(id: $0.integer(0), startedAt: $0.integer(1), part: $0.int(2), parts: $0.int(3)) }
    }

    /// Begins to read back one part of several; an unfinished one is given up.
    public func beginVerification(part: Int = 1, of parts: Int = 1) throws -> Verification {
        guard parts >= 1, (1...parts).contains(part) else {
            throw CatalogError(
                .refused, "there is no part \(part) of \(parts)", next: "--subset 1/10 is the first tenth")
        }
        return try describingErrors("begin to verify") {
            let id = clock.next().rawValue
            let started = now()
            try connection.transaction {
                try connection.run("DELETE FROM verification WHERE finished_at IS NULL")
                try connection.run(
                    "INSERT INTO verification (id, started_at, part, parts) VALUES (?, ?, ?, ?)",
                    [.integer(id), .integer(started), .integer(part), .integer(parts)])
            }
            return Verification(id: id, startedAt: started, part: part, parts: parts)
        }
    }

    /// The first two bytes of a content's digest as a number, which spreads contents evenly over any number of parts.
    ///
    /// Keys would not: they are minted at a stride, so their remainders leave some parts empty.
    private static let share = (1...4).reversed().enumerated().map { power, digit in
        "(instr('123456789ABCDEF', substr(hex(substr(f.sha256, 1, 2)), \(digit), 1)) << \(4 * power))"
    }
    .joined(separator: " + ")

    /// The next copies of a reading-back behind a copy's key, with their place by volume and path, at most `limit`.
    ///
    /// A part is told by the digest of the content, so that all copies of one content fall into the same part.
    public func copiesToVerify(
        _ verification: Verification,
        after last: Int64 = 0,
        limit: Int = 500
    ) throws -> [CopyToVerify] {
        try connection.rows(
            """
            SELECT c.id, v.key, v.name, v.mount, c.path, c.kind, c.size, c.modified_ns, c.inode, c.checked_at, c.finding,
                   f.sha256, f.xxh128, f.size
              FROM copy   AS c
              JOIN volume AS v ON v.id = c.volume
              JOIN file   AS f ON f.id = c.file
             WHERE c.id > ?
               AND c.kind = 'archive'
               AND (c.checked_at IS NULL OR c.checked_at < ?)
               AND (\(Catalog.share)) % ? = ?
             ORDER BY c.id
             LIMIT ?
            """,
            [
                .integer(last), .integer(verification.startedAt), .integer(verification.parts),
                .integer(verification.part - 1), .integer(limit),
            ]
        ) { row in
            guard let sha256 = SHA256Digest(bytes: row.blob(11)),
                let xxh128 = XXH128Digest(bytes: row.blob(12))
            else {
                throw CatalogError(.broken, "the catalogue has a file without digests")
            }
            return CopyToVerify(
                copy: Catalog.copy(row), digests: Digests(sha256: sha256, xxh128: xxh128),
                size: row.integer(13))
        }
    }

    /// How many copies, and how many bytes, a reading-back still has before it.
    public func remaining(of verification: Verification) throws -> (copies: Int, bytes: Int64) {
        try connection.first(
            """
            SELECT count(*), coalesce(sum(f.size), 0)
              FROM copy AS c JOIN file AS f ON f.id = c.file
             WHERE c.kind = 'archive'
               AND (c.checked_at IS NULL OR c.checked_at < ?)
               AND (\(Catalog.share)) % ? = ?
            """,
            [.integer(verification.startedAt), .integer(verification.parts), .integer(verification.part - 1)]
        ) { ($0.int(0), $0.integer(1)) } ?? (0, 0)
    }

    /// Keeps what was found, a few hundred copies in one transaction.
    ///
    /// What is seen on a disk is an observation: it is not part of the log, and nothing takes it back.
    public func record(findings: [(copy: Int64, finding: CopyFinding, at: Int64)]) throws {
        try describingErrors("record what was verified") {
            try connection.transaction {
                for found in findings {
                    try connection.run(
                        "UPDATE copy SET finding = ?, checked_at = ? WHERE id = ?",
                        [.text(found.finding.rawValue), .integer(found.at), .integer(found.copy)])
                }
            }
        }
    }

    /// Ends a reading-back, and notes in the log what came of it.
    public func finish(_ verification: Verification, command: String, summary: String) throws {
        try describingErrors("finish the verification") {
            try connection.transaction {
                try connection.run(
                    "UPDATE verification SET finished_at = ? WHERE id = ?",
                    [.integer(now()), .integer(verification.id)])
                let note = Change(catalog: self, stamp: clock.next())
                try open(note, command: command, kind: .observation)
                try connection.run(
                    "UPDATE change SET summary = ? WHERE id = ?",
                    [.text(summary), .integer(note.stamp.rawValue)])
            }
        }
    }

    /// The volumes that hold files, with how many copies lie on each.
    public func volumes() throws -> [Volume] {
        try connection.rows(
            """
            SELECT v.id, v.key, v.name, v.mount, v.seen_at,
                   coalesce(sum(y.copies), 0), coalesce(sum(y.bytes), 0),
                   coalesce(sum(y.copies) FILTER (WHERE y.kind = 'source'), 0),
                   coalesce(sum(y.copies) FILTER (WHERE y.finding IN ('missing', 'differs', 'unreadable')), 0),
                   (SELECT min(c.checked_at) FROM copy AS c WHERE c.volume = v.id AND c.checked_at IS NOT NULL)
              FROM volume AS v LEFT JOIN copy_tally AS y ON y.volume = v.id
             GROUP BY v.id
             ORDER BY v.name, v.id
            """
        ) { row in
            Volume(
                id: row.integer(0), key: row.text(1), name: row.text(2), mount: Path(row.text(3)),
                seenAt: row.integer(4), copies: row.int(5), bytes: row.integer(6), sourceCopies: row.int(7),
                faults: row.int(8), oldestCheck: row.integerOrNil(9))
        }
    }
}
