/// What the program asks of a worker: one JSON object a line.
///
/// A path is written as `"path"` when its bytes are UTF-8, and as `"path64"` (base64) when they are not.
public enum Request: Hashable, Sendable {
    /// Read the metadata of the file at this absolute path: `{"read":{"path":"/a.jpg"}}`.
    case read(path: [UInt8])
    /// Make a picture of a photograph (or of a clip's frame) and write it to a new file.
    case render(Rendition)
    /// Make a proof of a photograph or clip, with words laid over all of it, and write it to a new file:
    /// `{"proof":{"source":…,"mark":"JOSH HOMME · PROOF 10","frames":6}}`.
    case proof(Proof)
    /// List every piece of metadata that a finished file carries, for the proof that nothing leaks.
    case inspect(path: [UInt8])
    /// Put the pictures, the sound and the timecode of a clip or sound, untouched, into a new container that says nothing:
    /// `{"remux":{"source":"/a.mp4","destination":"/b.mp4"}}`. The destination's ending says which container.
    case remux(source: [UInt8], destination: [UInt8])
    /// The mean colour of a JPEG, to be shown until the picture is there: `{"meanColor":{"path":"/a.jpg"}}`.
    case meanColor(path: [UInt8])
    /// List what an offload manifest lists: an ASC MHL, its chain, or a legacy MHL: `{"manifest":{"path":"/card.mhl"}}`.
    case manifest(path: [UInt8])
    /// Make the previews of an original and write them to new files.
    case preview(PreviewOrder)
    /// A page of the points of a GPX file, from a point on: `{"track":{"path":"/a.gpx","first":0}}`.
    case track(path: [UInt8], first: Int)
    /// Tell what an XMP sidecar says, and what it becomes when it says otherwise; the file is not written to.
    case revise(SidecarRevision)
    /// Draw pages and write them to a new PDF: `{"paper":{"destination":"/a.pdf","size":"a4","blocks":[…],…}}`.
    case paper(PaperOrder)
}

/// A picture to be made: upright, converted to sRGB, as JPEG, carrying exactly the metadata given and none other.
public struct Rendition: Hashable, Sendable {
    /// The original, absolute.
    public var source: [UInt8]
    /// The file to create, absolute; it must not exist.
    public var destination: [UInt8]
    /// The longer side in pixels at the most; nil is full resolution.
    ///
    /// Never enlarged.
    public var longEdge: Int?
    /// JPEG quality, 1…100.
    public var quality: Int
    /// What the picture says about itself.
    public var metadata: PublicMetadata

    /// A picture of `source` in `destination`.
    public init(
        source: [UInt8],
        destination: [UInt8],
        longEdge: Int?,
        quality: Int,
        metadata: PublicMetadata
    ) {
        self.source = source
        self.destination = destination
        self.longEdge = longEdge
        self.quality = quality
        self.metadata = metadata
    }
}

/// The metadata a recipient may have.
///
/// Written as XMP, Exif and nothing else.
public struct PublicMetadata: Hashable, Sendable {
    /// `dc:title`.
    public var title: String?
    /// `dc:description`, Exif ImageDescription.
    public var caption: String?
    /// `dc:creator`, Exif Artist.
    public var creator: String?
    /// `photoshop:Credit`.
    public var credit: String?
    /// `dc:rights`, Exif Copyright.
    public var copyright: String?
    /// `xmpRights:UsageTerms`.
    public var usageTerms: String?
    /// `photoshop:Instructions`; carries NOT CLEARED on internal outputs.
    public var instructions: String?

    /// Metadata that says nothing.
    public init() {}
}

/// What a worker answers, one JSON object a line, in the order of the requests.
public enum Reply: Hashable, Sendable {
    /// The metadata of a file: `{"reading":{…}}`.
    case reading(Reading)
    /// A picture was written: `{"rendered":{"width":…,"height":…}}`.
    case rendered(width: Int, height: Int)
    /// Every piece of metadata in a file, key and value: `{"inspected":[["Xmp.dc.title","…"],…]}`.
    case inspected([MetadataItem])
    /// A clip or sound was put into a new container: `{"remuxed":{}}`.
    case remuxed
    /// A mean colour in sRGB: `{"meanColor":[122,106,92]}`.
    case meanColor(red: UInt8, green: UInt8, blue: UInt8)
    /// A part of a manifest: `{"manifest":{…}}`; one with a summary is the last.
    case manifest(ManifestPage)
    /// Previews were written: `{"previewed":{"small":[512,341,38211],…}}`.
    case previewed(PreviewFacts)
    /// A page of a track's points: `{"track":{"total":…,"first":…,"points":"…"}}`.
    case track(TrackPage)
    /// What a sidecar says, and what it is to become: `{"revised":{"before":{"dc:title":["…"]},"packet":"…"}}`.
    case revised(RevisedSidecar)
    /// Pages were drawn: `{"drawn":{"pages":14}}`.
    case drawn(pages: Int)
    /// The file could not be read or made, and why, in a sentence's words: `{"failed":{"reason":"…"}}`.
    case failed(reason: String)

    /// True when another reply to the same request follows.
    public var isContinued: Bool {
        if case .manifest(let page) = self { page.summary == nil } else { false }
    }
}

/// One piece of metadata in a finished file.
public struct MetadataItem: Hashable, Sendable {
    /// Its key: `Xmp.dc.title`, `ICC profile`, `thumbnail`, `JPEG comment`.
    public var key: String
    /// Its value as text; a size in bytes for what is not text.
    public var value: String

    /// A key and its value.
    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}
