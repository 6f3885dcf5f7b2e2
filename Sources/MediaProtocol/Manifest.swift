/// A part of what a manifest lists; the last one says what the manifest says of itself.
///
/// A list of a hundred thousand files is many replies, so that neither side holds it twice:
/// `{"manifest":{"entries":[…]}}` … `{"manifest":{"entries":[…],"summary":{…}}}`.
public struct ManifestPage: Hashable, Sendable {
    /// At most so many entries stand in one reply.
    public static let mostEntries = 500

    /// Files that it lists, in its order.
    public var entries: [ManifestEntry]
    /// What it says of itself; nil when more pages follow.
    public var summary: ManifestSummary?

    /// A part of a manifest.
    public init(entries: [ManifestEntry], summary: ManifestSummary? = nil) {
        self.entries = entries
        self.summary = summary
    }
}

/// One file that a manifest lists, or one manifest that a chain or another manifest names.
public struct ManifestEntry: Hashable, Sendable {
    /// Where it lies from the manifest's folder: no `..`, no slash at its beginning, in the bytes of the manifest.
    public var path: String
    /// Its size in bytes, where that is said.
    public var size: Int64?
    /// Where it lay in earlier generations, when it was moved since.
    public var previousPath: String?
    /// Its digests.
    public var digests: [ManifestDigest]

    /// One file that a manifest lists.
    public init(path: String, size: Int64? = nil, previousPath: String? = nil, digests: [ManifestDigest] = [])
    {
        self.path = path
        self.size = size
        self.previousPath = previousPath
        self.digests = digests
    }
}

/// A digest as a manifest writes it.
public struct ManifestDigest: Hashable, Sendable {
    /// The name of its element: `xxh64`, `xxhash64be`, `c4`.
    public var element: String
    /// What stands in it.
    public var text: String
    /// `original`, `verified` or `failed`; nil in a legacy manifest.
    public var action: String?

    /// A digest as a manifest writes it.
    public init(element: String, text: String, action: String? = nil) {
        self.element = element
        self.text = text
        self.action = action
    }
}

/// What a manifest says of itself.
public struct ManifestSummary: Hashable, Sendable {
    /// Which of the formats it is.
    public enum Kind: String, Sendable {
        /// ASC MHL, version 2.0.
        case list
        /// MHL 1.0 or 1.1.
        case legacyList
        /// The chain of an ASC MHL history: its entries are manifests.
        case chain
    }

    /// Which of the formats it is.
    public var kind: Kind
    /// The format's version, as it stands there.
    public var version: String?
    /// The program that wrote it.
    public var tool: String?
    /// Its version.
    public var toolVersion: String?
    /// When, as it stands there: ISO 8601.
    public var created: String?
    /// Who, one name after the other.
    public var author: String?
    /// On which machine.
    public var host: String?
    /// Where.
    public var location: String?
    /// What else they had to say.
    public var comment: String?
    /// `in-place`, `transfer` or `flatten`.
    public var process: String?
    /// Patterns of what is not listed, in the syntax of gitignore.
    public var ignore: [String] = []
    /// The manifests of histories below, with their C4.
    public var references: [ManifestEntry] = []
    /// How many entries were left out because their paths lead out of the folder or are none.
    public var refused = 0

    /// A manifest that says nothing of itself.
    public init(kind: Kind) { self.kind = kind }
}
