internal import Files
internal import Migrations
internal import Storage

/// The machine and the person that changes are signed with.
public struct Author: Hashable, Sendable {
    /// What tells this machine from every other, such as `/etc/machine-id`.
    public var machineIdentity: String
    /// The machine's name, for people.
    public var machineName: String
    /// Who is at work.
    public var person: String

    /// A person at a machine.
    public init(machineIdentity: String, machineName: String, person: String) {
        self.machineIdentity = machineIdentity
        self.machineName = machineName
        self.person = person
    }
}

/// What the archive knows: one SQLite file, read by anyone, written through one door.
///
/// A catalogue belongs to the thread that opened it; another thread opens another. Readers never wait for a writer.
public final class Catalog {
    let connection: Connection
    let clock: StampClock
    let author: Author
    /// Milliseconds since 1970, UTC.
    let now: () -> Int64
    let machine: Int64
    let timeLine: TimeLine
    let memory: QueryMemory

    /// Where the database lies.
    public let path: String

    /// Whether a volume can be read now.
    ///
    /// The catalogue knows no file system, so whoever opens it tells.
    public var isMounted: (Volume) -> Bool = { _ in true }

    /// Opens the catalogue at `path`, brings it to the shape this program wants, and makes it if `creating`.
    ///
    /// One that lies where nothing may be written is opened for reading. `now` gives milliseconds since 1970. Throws
    /// `CatalogError`.
    public init(path: String, creating: Bool = false, author: Author, now: @escaping () -> Int64) throws {
        self.path = path
        self.author = author
        self.now = now
        do {
            (connection, machine) = try Catalog.connect(path, creating: creating, author: author, now: now())
            let latest =
                try connection.first("SELECT coalesce(max(id), 0) FROM change") { $0.integer(0) } ?? 0
            clock = StampClock(machine: machine, after: latest, now: now)
            timeLine = TimeLine(connection)
            memory = QueryMemory(connection)
            try standAnew()
        } catch {
            throw CatalogError.describing(error, doing: "open the catalogue", path: path)
        }
    }

    private static func connect(
        _ path: String, creating: Bool, author: Author, now: Int64
    ) throws -> (Connection, machine: Int64) {
        do {
            let connection = try Connection(path: path, access: creating ? .create : .write)
            let taken = try connection.migrate(steps, at: now)
            // What a zone says of an asset's offset cannot be told in SQL.
            if let first = taken.first, first.number > 1 {
                try connection.transaction { try TimeLine(connection).settleAllZones() }
            }
            return (connection, try register(author, on: connection))
        } catch let error as StorageError where !creating && (error.isReadOnly || error.isUnopened) {
            // What was written and not yet put into the file proper would be missed, so it must not be there.
            guard WriterNote(path: Path(path + "-wal")).text() == nil,
                let frozen = try? Connection(path: path, access: .frozen),
                try frozen.migrationLevel() == steps.count
            else { throw error }
            return (frozen, 0)
        }
    }

    /// Works out where assets stand that a migration, or another program, left to be.
    private func standAnew() throws {
        guard try connection.first("SELECT 1 FROM stale LIMIT 1", [], { _ in true }) == true,
            !connection.isReadOnly
        else { return }
        try connection.transaction {
            let stamp = clock.next().rawValue
            try connection.noteStaleWarnings(stamp: stamp)
            try connection.acknowledgeEarlierWarnings()
            try connection.refreshStanding(stamp: stamp)
        }
    }

    static let steps = Migration.all.map { MigrationStep(number: $0.number, name: $0.name, sql: $0.sql) }

    /// Beside the database, in the archive's own folder.
    var writerNote: WriterNote {
        WriterNote(path: Path(path).folder.appending("writer"))
    }

    /// A second connection, for reading on while this one writes.
    func reader() throws -> Connection {
        try Connection(path: path, access: .read)
    }

    /// The number that keys made here carry.
    ///
    /// It is the machine's alone within the catalogue; a stranger's number is not taken over when the file
    /// was copied to another machine.
    private static func register(_ author: Author, on connection: Connection) throws -> Int64 {
        let known = try connection.first(
            "SELECT number FROM machine WHERE identity = ?", [.text(author.machineIdentity)]
        ) { $0.integer(0) }
        if let known { return known }
        return try connection.transaction {
            let taken = Set(try connection.rows("SELECT number FROM machine") { $0.integer(0) })
            var number = Int64(truncatingIfNeeded: stableHash(author.machineIdentity) & 0xFFF)
            while taken.contains(number) { number = (number + 1) & 0xFFF }
            try connection.run(
                "INSERT INTO machine (number, identity, name) VALUES (?, ?, ?)",
                [.integer(number), .text(author.machineIdentity), .text(author.machineName)]
            )
            return number
        }
    }

    /// FNV-1a.
    ///
    /// Swift's own hash is seeded anew in every process; this number must be the same tomorrow.
    private static func stableHash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// Reports what is wrong with the database itself; nothing when all is well.
    public func check() throws -> [String] {
        try connection.check()
    }

    /// Copies the catalogue, as it is now, to a new file and checks the copy; others may go on writing.
    public func backUp(to path: String) throws {
        do {
            try connection.backUp(to: path)
            let copy = try Connection(path: path, access: .read)
            let faults = try copy.check()
            guard faults.isEmpty else {
                throw CatalogError(
                    .broken, "the backup does not check out", details: faults, next: "try another disk")
            }
        } catch {
            throw CatalogError.describing(error, doing: "back up the catalogue", path: path)
        }
    }
}

extension CatalogError {
    /// An error of the storage below, in words for a person; errors that are so already pass unchanged.
    static func describing(_ error: any Error, doing: String, path: String) -> CatalogError {
        if let known = error as? CatalogError { return known }
        if let migration = error as? MigrationError { return describing(migration, path: path) }
        guard let storage = error as? StorageError else {
            return CatalogError(.broken, "could not \(doing)", details: ["path: \(path)", "cause: \(error)"])
        }
        let cause = ["path:  \(path)", "cause: \(storage.message)"]
        if storage.isBusy {
            let writer = WriterNote(path: Path(path).folder.appending("writer")).text()
            return CatalogError(
                .locked, "could not \(doing): another program is writing to it",
                details: ["path:  \(path)"] + (writer.map { ["by:    \($0)"] } ?? []),
                next: "wait until it is done, and run the command again")
        }
        if storage.isFull {
            return CatalogError(
                .broken, "could not \(doing): the disk is full", details: ["path:  \(path)"],
                next: "make room and run the command again; what was committed before is kept")
        }
        if storage.isReadOnly || storage.isUnopened {
            return CatalogError(
                .broken, "could not \(doing): it may not be written to", details: cause,
                next:
                    "check the permissions of the file and its folder, and that the disk is mounted for writing"
            )
        }
        if storage.isDamaged {
            return CatalogError(
                .broken, "could not \(doing): it is damaged, or not a catalogue", details: cause,
                next: "put back the newest backup; the originals are not touched by this")
        }
        return CatalogError(.broken, "could not \(doing)", details: cause + ["while: \(storage.doing)"])
    }

    private static func describing(_ error: MigrationError, path: String) -> CatalogError {
        switch error {
        case .fromTheFuture(let found, let understood):
            CatalogError(
                .broken, "this catalogue was made by a newer program",
                details: [
                    "path:  \(path)", "cause: its shape is \(found), this program understands \(understood)",
                ],
                next: "install the newer valhalla, or put back a backup made before")
        case .rewrittenHistory(let number, let taken, let now):
            CatalogError(
                .broken, "this catalogue was made by a program of another family",
                details: ["path:  \(path)", "cause: step \(number) was “\(taken)” and is “\(now)” here"],
                next: "use the program that made it")
        case .brokenReferences(_, let name, let rows):
            CatalogError(
                .broken, "the catalogue could not be brought to today's shape (\(name))",
                details: ["path:  \(path)"] + rows,
                next: "put back the newest backup, and keep this file for a look")
        }
    }
}
