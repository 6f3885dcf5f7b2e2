public import Catalog
public import Files
public import MediaProtocol

/// What leaves together: a list of files to make, and what the whole says about itself.
public struct Package: Sendable {
    /// How the whole is sealed.
    public var sealing: Sealing
    /// The files, in the order in which they are made; pages come behind the pictures they show.
    public var files: [PackageFile]

    /// A package of these files.
    public init(info: BagInfo, files: [PackageFile]) {
        sealing = .bag(info)
        self.files = files
    }

    /// A plain folder of these files, whose digests stay in the house.
    public init(onRecord files: [PackageFile]) {
        sealing = .record
        self.files = files
    }
}

/// How whoever has a package can tell that it is whole.
public enum Sealing: Sendable {
    /// A BagIt bag with an ASC MHL history: whoever gets it can check it.
    case bag(BagInfo)
    /// Nothing but the files, for people who only look: the catalogue keeps their digests.
    case record
}

/// One file to make.
public struct PackageFile: Sendable {
    /// Its path from the payload's folder: lower-case ASCII, with `/` between names.
    public let path: String
    /// What it shows, which leaves; nil for a page, a table or a proof.
    public let item: ClearedItem?
    /// What it is a proof of; nil for everything else.
    public let shown: ShownItem?
    /// How it is made.
    public let rendering: Rendering

    /// A file that shows an asset, which only a value from the gate can stand for.
    public init(path: String, of item: ClearedItem, _ rendering: MediaRendering) {
        self.path = path
        self.item = item
        shown = nil
        self.rendering = .media(rendering)
    }

    /// A proof of what may be shown to an artist; nothing else can be made of that.
    public init(path: String, of item: ShownItem, _ proof: ProofRendering) {
        self.path = path
        self.item = nil
        shown = item
        rendering = .proof(proof)
    }

    /// A page or table, made when the pictures are.
    public init(path: String, _ text: @escaping @Sendable (MadeFiles) -> [UInt8]) {
        self.path = path
        item = nil
        shown = nil
        rendering = .text(text)
    }
}

/// How a file of a package is made.
public enum Rendering: Sendable {
    /// From an asset's file.
    case media(MediaRendering)
    /// From an asset's file, with words over all of it.
    case proof(ProofRendering)
    /// From words, and from what was made before.
    case text(@Sendable (MadeFiles) -> [UInt8])
}

/// How a file that shows an asset is made.
public enum MediaRendering: Sendable {
    /// A JPEG, upright and sRGB, that says of itself what `metadata` says and nothing else.
    case picture(from: PictureSource, longEdge: Int?, quality: Int, metadata: PublicMetadata)
    /// A clip or sound as it is, if it says nothing of itself; if it does, the same streams in a new container.
    case stream(of: AssetFile)
}

/// How a proof is made.
public enum ProofRendering: Sendable {
    /// A reduced JPEG with these words over all of it; of a clip, several frames.
    case marked(words: String, longEdge: Int, quality: Int, metadata: PublicMetadata)
    /// A smaller one of a proof that was made before, by its path.
    case smaller(of: String, longEdge: Int, quality: Int, metadata: PublicMetadata)
}

/// What a picture is made from.
public enum PictureSource: Sendable {
    /// A file of the archive.
    case original(AssetFile)
    /// A picture of this package that was made before, by its path.
    case made(String)
}

/// What has been made of a package so far, for the pages that show it.
public struct MadeFiles: Sendable {
    /// A picture that was made.
    public struct Picture: Hashable, Sendable {
        /// Width in pixels.
        public let width: Int
        /// Height in pixels.
        public let height: Int
        /// Its mean colour as `#7a6a5c`, to be shown until it is there.
        public let color: String?
    }

    var pictures: [String: Picture] = [:]
    var sizes: [String: Int64] = [:]
    var digests: [String: SHA256Digest] = [:]

    /// The picture at this path.
    public func picture(_ path: String) -> Picture? { pictures[path] }

    /// The SHA-256 of the file at this path.
    public func digest(_ path: String) -> SHA256Digest? { digests[path] }

    /// The size in bytes of the file at this path.
    public func size(_ path: String) -> Int64? { sizes[path] }
}
