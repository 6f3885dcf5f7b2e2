/// What a file turns out to be, judged by its content.
public enum MediaKind: String, Sendable, CaseIterable {
    case photo
    case clip
    case sound
    case sidecar
}

/// An exact fraction: a frame rate is 24000/1001, not 23.976, and an exposure 1/250.
public struct Rational: Hashable, Sendable {
    /// Above the line.
    public var numerator: Int64
    /// Below the line; never zero.
    public var denominator: Int64

    /// Nil when the denominator is zero: cameras write 0/0 for "unknown".
    public init?(_ numerator: Int64, _ denominator: Int64) {
        guard denominator != 0 else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The fraction as a floating-point number.
    public var value: Double { Double(numerator) / Double(denominator) }
}

/// When a picture or clip was taken, as its file says it: wall-clock time, and the offset only if the file states one.
public struct WallTime: Hashable, Sendable {
    /// Milliseconds from 1970-01-01T00:00:00 to the time on the camera's clock, counted as if that clock showed UTC.
    public var milliseconds: Int64
    /// Minutes east of UTC, if the file says so.
    ///
    /// Never guessed.
    public var offsetMinutes: Int?
    /// The field it came from, such as `Exif.Photo.DateTimeOriginal` or `com.apple.quicktime.creationdate`.
    public var source: String

    /// A wall-clock time in milliseconds, with its offset in minutes if known, and the field it was read from.
    public init(milliseconds: Int64, offsetMinutes: Int?, source: String) {
        self.milliseconds = milliseconds
        self.offsetMinutes = offsetMinutes
        self.source = source
    }
}

/// The fields that people search by, as a worker read them from one file.
///
/// What is not known is absent.
///
/// Every tag of the file, verbatim, travels in `rawTags`, compressed by the worker and opened only when a person asks.
public struct Reading: Hashable, Sendable {
    /// What the content is: `JPEG`, `DNG`, `CR3`, `QuickTime`, `MXF`, `WAV`, `XMP` and others.
    public var format: String
    /// What kind of thing the content is.
    public var kind: MediaKind

    /// Width in pixels as displayed: after orientation, rotation and pixel aspect.
    public var width: Int?
    /// Height in pixels as displayed.
    public var height: Int?
    /// Exif orientation 1…8 as stored.
    public var orientation: Int?
    /// The four facts of time begin here; a correction is a person's.
    public var taken: WallTime?

    /// Camera maker, as written.
    public var make: String?
    /// Camera model, as written.
    public var model: String?
    /// Serial number of the camera's body.
    public var serial: String?
    /// Lens model.
    public var lens: String?
    /// Exposure time in seconds.
    public var exposure: Rational?
    /// The f-number.
    public var aperture: Double?
    /// ISO speed.
    public var iso: Int?
    /// Focal length in millimetres.
    public var focalLength: Double?
    /// Degrees north, WGS 84.
    public var latitude: Double?
    /// Degrees east, WGS 84.
    public var longitude: Double?
    /// Metres above sea level.
    public var altitude: Double?
    /// Name of the ICC profile or colour space.
    public var colorProfile: String?

    /// Title (`dc:title`, IIM 2:05).
    public var title: String?
    /// Caption (`dc:description`, IIM 2:120, Exif ImageDescription).
    public var caption: String?
    /// Creator (`dc:creator`, Exif Artist, IIM 2:80); several are joined with `; `.
    public var creator: String?
    /// Credit line (`photoshop:Credit`, IIM 2:110).
    public var credit: String?
    /// Copyright notice (`dc:rights`, Exif Copyright, IIM 2:116).
    public var copyright: String?
    /// Usage terms (`xmpRights:UsageTerms`).
    public var usageTerms: String?
    /// Instructions (`photoshop:Instructions`, IIM 2:40).
    public var instructions: String?
    /// Place in words, from the smallest to the largest: `Royal Albert Hall, London, United Kingdom`.
    public var place: String?
    /// Keywords; a hierarchy is written with `/`: `people/Iggy Pop`.
    public var keywords: [String] = []
    /// Persons shown (`Iptc4xmpExt:PersonInImage`).
    public var people: [String] = []
    /// Texts beside the fields that may forbid the use: a field of machines in words, or what another voice overrode.
    public var caveats: [String] = []
    /// Stars 0…5; −1 is rejected.
    public var rating: Int?
    /// Label, free text.
    public var label: String?

    /// Groups frames of one burst.
    public var burst: String?
    /// Pairs the still and the clip of a Live Photo.
    public var contentIdentifier: String?

    /// Codec of the first video stream, or of the first audio stream of a sound: `h264`, `prores`, `pcm_s24le`.
    public var codec: String?
    /// Codec profile: `High`, `HQ`.
    public var codecProfile: String?
    /// Frames a second, exactly.
    public var frameRate: Rational?
    /// Duration in frames, where the file states it.
    public var frames: Int?
    /// Duration in seconds.
    public var duration: Double?
    /// Start timecode, `01:00:00:00`, with `;` before the frames when it drops.
    public var timecode: String?
    /// Reel or tape name.
    public var reel: String?
    /// Pixel format: `yuv420p10le`.
    public var pixelFormat: String?
    /// Colour primaries, transfer and matrix by FFmpeg's names, separated by `/`: `bt709/bt709/bt709`.
    public var color: String?
    /// Audio in words: `2 channels (stereo), 48000 Hz, 24 bit`; tracks that differ are joined with ` + `, and those
    /// that are alike counted: `8 × 1 channel (mono), 48000 Hz, 24 bit`.
    public var audio: String?
    /// What else a clip or sound says about how it was recorded; nil for photographs.
    public var footage: Footage?

    /// The clips of a card, where the file is the camera's list of them.
    public var listing: [ListedClip] = []

    /// What a camera's XML says of the longer recording that its clip is a part of.
    public var part: RecordingPart?
    /// The recordings that a card's playlist tells: for each the stems of its files, in order.
    public var recordings: [[String]] = []

    /// What was wrong with the file though it could be read in part, in a sentence's words; nil when nothing was.
    public var damage: String?

    /// Every tag the reader gave, as zstd-compressed JSON: an array of `["Exif.Photo.ISOSpeedRatings","Short","400"]`.
    ///
    /// The type `Bytes` marks hexadecimal: text that is not UTF-8, and data. What is longer than anyone reads is cut,
    /// and its type says how much there was: `Bytes of 70000`, `Short of 6000`.
    public var rawTags: [UInt8] = []
    /// The version of the dictionary `rawTags` was compressed with; 0 is none.
    ///
    /// Kept with the row for ever.
    public var rawDictionary: Int = 0

    /// A reading that knows nothing yet but what the content is.
    public init(format: String, kind: MediaKind) {
        self.format = format
        self.kind = kind
    }
}
