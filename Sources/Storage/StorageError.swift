internal import CSQLite

/// What SQLite refused to do, and while doing what.
///
/// Bound values are never part of it: errors end up in terminals and bug reports, and captions are private.
public struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// SQLite's extended result code.
    public let code: Int32
    /// SQLite's message.
    public let message: String
    /// What was being done: the statement, or `opening PATH`.
    public let doing: String

    /// An error of this code, with SQLite's words for it.
    public init(code: Int32, message: String, doing: String) {
        self.code = code
        self.message = message
        self.doing = doing
    }

    /// Another process holds the write lock.
    public var isBusy: Bool { code & 0xFF == SQLITE_BUSY || code & 0xFF == SQLITE_LOCKED }
    /// The disk, or a limit on it, is full.
    public var isFull: Bool { code & 0xFF == SQLITE_FULL }
    /// The file or its folder may not be written.
    public var isReadOnly: Bool { code & 0xFF == SQLITE_READONLY || code & 0xFF == SQLITE_PERM }
    /// The file, or one that SQLite needs beside it, could not be opened.
    public var isUnopened: Bool { code & 0xFF == SQLITE_CANTOPEN }
    /// The file is not a database, or is damaged.
    public var isDamaged: Bool { code & 0xFF == SQLITE_CORRUPT || code & 0xFF == SQLITE_NOTADB }
    /// The statement was stopped by `Connection.interrupt`.
    public var isInterrupted: Bool { code & 0xFF == SQLITE_INTERRUPT }

    /// SQLite's words, its code, and what was being done.
    public var description: String {
        "\(message) (SQLite \(code)), while \(doing)"
    }
}
