internal import Catalog
internal import Files
internal import MediaProtocol

/// What leaves together: a list of files to make, and what the whole says about itself.
struct Package: Sendable {
    /// How the whole is sealed.
    var sealing: Sealing
    /// The files, in the order in which they are made; pages come behind the pictures they show.
    var files: [PackageFile]
    /// What its texts and names may say beside the words of their templates.
    ///
    /// It is declared apart from what writes them, and every finished text is held against it.
    var said: @Sendable (MadeFiles) -> SaidWords

    /// A package of these files.
    init(info: BagInfo, files: [PackageFile], said: @escaping @Sendable (MadeFiles) -> SaidWords) {
        sealing = .bag(info)
        self.files = files
        self.said = said
    }

    /// A plain folder of these files, whose digests stay in the house.
    init(onRecord files: [PackageFile], said: @escaping @Sendable (MadeFiles) -> SaidWords) {
        sealing = .record
        self.files = files
        self.said = said
    }
}

/// How whoever has a package can tell that it is whole.
enum Sealing: Sendable {
    /// A BagIt bag with an ASC MHL history: whoever gets it can check it.
    case bag(BagInfo)
    /// Nothing but the files, for people who only look: the catalogue keeps their digests.
    case record
}

/// One file to make.
struct PackageFile: Sendable {
    /// Its path from the payload's folder: lower-case ASCII, with `/` between names.
    let path: String
    /// What it shows, which leaves; nil for a page, a table or a proof.
    let item: ClearedItem?
    /// What it is a proof of; nil for everything else.
    let shown: ShownItem?
    /// How it is made.
    let rendering: Rendering

    /// A file that shows an asset, which only a value from the gate can stand for.
    init(path: String, of item: ClearedItem, _ rendering: MediaRendering) {
        self.path = path
        self.item = item
        shown = nil
        self.rendering = .media(rendering)
    }

    /// A proof of what may be shown to an artist; nothing else can be made of that.
    init(path: String, of item: ShownItem, _ proof: ProofRendering) {
        self.path = path
        self.item = nil
        shown = item
        rendering = .proof(proof)
    }

    /// A page or table, made when the pictures are.
    init(path: String, _ text: @escaping @Sendable (MadeFiles) -> Wording) {
        self.path = path
        item = nil
        shown = nil
        rendering = .text(text)
    }
}

/// How a file of a package is made.
enum Rendering: Sendable {
    /// From an asset's file.
    case media(MediaRendering)
    /// From an asset's file, with words over all of it.
    case proof(ProofRendering)
    /// From words, and from what was made before.
    case text(@Sendable (MadeFiles) -> Wording)
}

/// How a file that shows an asset is made.
enum MediaRendering: Sendable {
    /// A JPEG, upright and sRGB, that says of itself what `metadata` says and nothing else.
    case picture(from: PictureSource, longEdge: Int?, quality: Int, metadata: PublicMetadata)
    /// A clip or sound as it is, if it says nothing of itself; if it does, the same streams in a new container.
    case stream(of: AssetFile)
}

/// How a proof is made.
enum ProofRendering: Sendable {
    /// A reduced JPEG with these words over all of it; of a clip, several frames.
    case marked(words: String, longEdge: Int, quality: Int, metadata: PublicMetadata)
    /// A smaller one of a proof that was made before, by its path.
    case smaller(of: String, longEdge: Int, quality: Int, metadata: PublicMetadata)
}

/// What a picture is made from.
enum PictureSource: Sendable {
    /// A file of the archive.
    case original(AssetFile)
    /// A picture of this package that was made before, by its path.
    case made(String)
}

/// What has been made of a package so far, for the pages that show it.
struct MadeFiles: Sendable {
    /// A picture that was made.
    struct Picture: Hashable, Sendable {
        /// Width in pixels.
        let width: Int
        /// Height in pixels.
        let height: Int
        /// Its mean colour as `#7a6a5c`, to be shown until it is there.
        let color: String?
    }

    var pictures: [String: Picture] = [:]
    var sizes: [String: Int64] = [:]
    var digests: [String: SHA256Digest] = [:]

    /// The picture at this path.
    func picture(_ path: String) -> Picture? { pictures[path] }

    /// The SHA-256 of the file at this path.
    func digest(_ path: String) -> SHA256Digest? { digests[path] }

    /// The size in bytes of the file at this path.
    func size(_ path: String) -> Int64? { sizes[path] }
}
