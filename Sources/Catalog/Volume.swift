public import Files

/// A place that holds files, known by its file system's identity and not by where it is mounted.
public struct Volume: Hashable, Sendable {
    /// Its key in the catalogue.
    public let id: Int64
    /// Its lasting identity.
    public let key: String
    /// Its name, for people.
    public let name: String
    /// Where it was mounted when it was last seen.
    public let mount: Path
    /// When it was last seen, in milliseconds since 1970.
    public let seenAt: Int64
    /// How many copies lie on it.
    public let copies: Int
    /// How many bytes they are.
    public let bytes: Int64
    /// How many of them lie on a card that will be formatted.
    public let sourceCopies: Int
    /// How many of them were found missing, different or unreadable.
    public let faults: Int
    /// When the copy was read back that was not read back for the longest time.
    public let oldestCheck: Int64?
}
