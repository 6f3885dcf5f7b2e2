/// One step in the life of a database's shape.
public struct MigrationStep: Sendable {
    /// Its place in the order, from 1 without gaps.
    public let number: Int
    /// What it does.
    public let name: String
    /// Its statements.
    public let sql: String

    /// A step of this number, name and text.
    public init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }
}

/// Why a database cannot be brought to the shape that the program wants.
public enum MigrationError: Error, Sendable, Equatable {
    /// The database was made by a later program.
    case fromTheFuture(found: Int, understood: Int)
    /// A step that was taken is not the step of that number any more.
    case rewrittenHistory(number: Int, taken: String, now: String)
    /// The database refers to rows that are not there, after this step.
    case brokenReferences(number: Int, name: String, [String])
}

extension Connection {
    /// Takes the steps that this database has not taken yet, each in a transaction of its own with the note that it was
    /// taken, and tells which.
    ///
    /// Throws `MigrationError` or `StorageError`; steps before the one that failed stay taken.
    @discardableResult
    public func migrate(_ steps: [MigrationStep], at now: Int64) throws -> [MigrationStep] {
        try execute(
            """
            CREATE TABLE IF NOT EXISTS migration (
                number   INTEGER PRIMARY KEY,
                name     TEXT    NOT NULL,
                length   INTEGER NOT NULL,
                taken_at INTEGER NOT NULL
            ) STRICT
            """
        )
        let taken = try takenSteps()
        if let newest = taken.last, newest.number > steps.count {
            throw MigrationError.fromTheFuture(found: newest.number, understood: steps.count)
        }
        for (old, step) in zip(taken, steps) where old.name != step.name {
            throw MigrationError.rewrittenHistory(number: old.number, taken: old.name, now: step.name)
        }
        let pending = Array(steps.dropFirst(taken.count))
        for step in pending { try take(step, at: now) }
        return pending
    }

    /// The number of the last step that was taken; 0 for a database without any.
    public func migrationLevel() throws -> Int {
        let isKept = try first("SELECT 1 FROM sqlite_schema WHERE name = 'migration'") { _ in true } ?? false
        return isKept ? try first("SELECT coalesce(max(number), 0) FROM migration") { $0.int(0) } ?? 0 : 0
    }

    private func takenSteps() throws -> [(number: Int, name: String)] {
        try rows("SELECT number, name FROM migration ORDER BY number") { ($0.int(0), $0.text(1)) }
    }

    private func take(_ step: MigrationStep, at now: Int64) throws {
        try transaction {
            try execute(step.sql)
            let broken = try rows("PRAGMA foreign_key_check") { "\($0.text(0)) row \($0.integer(1))" }
            guard broken.isEmpty else {
                throw MigrationError.brokenReferences(number: step.number, name: step.name, broken)
            }
            try run(
                "INSERT INTO migration (number, name, length, taken_at) VALUES (?, ?, ?, ?)",
                [.integer(step.number), .text(step.name), .integer(step.sql.utf8.count), .integer(now)]
            )
        }
    }
}
