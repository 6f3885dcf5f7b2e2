/// What only clips and sounds have, and an editor asks for.
///
/// It travels as one object of a reading, so that a photograph pays nothing for it.
public struct Footage: Hashable, Sendable {
    /// The clip's name as the camera or its operator gave it, which may differ from the file's.
    public var clipName: String?
    /// The letter or number of the camera among those of the shoot: `A`.
    public var cameraLetter: String?
    /// Frames that the timecode counts a second: 30 of 29.97, dropping or not.
    public var timecodeRate: Int?
    /// Frames a second that the sensor gave: more than the clip's where time is stretched.
    public var captureRate: Rational?
    /// Width of the picture as it is stored, before pixel aspect and rotation.
    public var storedWidth: Int?
    /// Height of the picture as it is stored.
    public var storedHeight: Int?
    /// Width of a pixel in its heights, where the file states it.
    public var pixelAspect: Rational?
    /// Degrees clockwise that the picture is turned by to be shown: 90, 180 or 270.
    public var rotation: Int?
    /// How the lines of a picture follow each other.
    public var scan: Scan?
    /// Bits a sample: of the picture, or of a sound that has none.
    public var bitDepth: Int?
    /// How colour is sampled beside brightness: `4:2:2`.
    public var chroma: String?
    /// The transfer curve by its maker's name: `S-Log3`, `HLG`.
    public var gamma: String?
    /// The primaries by their maker's name: `S-Gamut3.Cine`.
    public var gamut: String?
    /// The look or lookup table that goes with the clip.
    public var look: String?
    /// SMPTE ST 330 identifier, in capital hexadecimal digits.
    public var umid: String?
    /// Identifier of the card, disc or magazine that was recorded on.
    public var mediaID: String?
    /// Sound tracks.
    public var audioTracks: Int?
    /// Channels of all tracks together; 0 of a clip that has no sound.
    public var audioChannels: Int?
    /// Sound samples a second.
    public var sampleRate: Int?

    /// How the lines of a picture follow each other.
    public enum Scan: String, Hashable, Sendable, CaseIterable {
        case progressive
        /// Two fields a frame; the file does not say which comes first.
        case interlaced
        case topFieldFirst = "interlaced, top field first"
        case bottomFieldFirst = "interlaced, bottom field first"
    }

    /// Footage of which nothing is known yet.
    public init() {}

    /// Nil when nothing is known.
    public var known: Footage? { self == Footage() ? nil : self }
}

extension Footage {
    func write(to json: inout JSONWriter) {
        for (key, text) in Footage.texts { json.member(key, self[keyPath: text]) }
        for (key, number) in Footage.integers { json.member(key, self[keyPath: number]) }
        json.member("scan", scan?.rawValue)
        for (key, fraction) in [("captureRate", captureRate), ("pixelAspect", pixelAspect)] {
            guard let fraction else { continue }
            json.array(key) { json in
                json.member(nil, fraction.numerator)
                json.member(nil, fraction.denominator)
            }
        }
    }

    init(_ json: JSON) {
        for (key, text) in Footage.texts { self[keyPath: text] = json[key]?.text }
        for (key, number) in Footage.integers {
            self[keyPath: number] = json[key]?.integer.flatMap(Int.init(exactly:))
        }
        scan = json["scan"]?.text.flatMap(Scan.init(rawValue:))
        captureRate = json["captureRate"].flatMap(Rational.init)
        pixelAspect = json["pixelAspect"].flatMap(Rational.init)
    }

    private static var texts: [(String, WritableKeyPath<Footage, String?>)] {
        [
            ("clipName", \.clipName), ("cameraLetter", \.cameraLetter), ("chroma", \.chroma),
            ("gamma", \.gamma), ("gamut", \.gamut), ("look", \.look), ("umid", \.umid),
            ("mediaID", \.mediaID),
        ]
    }

    private static var integers: [(String, WritableKeyPath<Footage, Int?>)] {
        [
            ("timecodeRate", \.timecodeRate), ("storedWidth", \.storedWidth),
            ("storedHeight", \.storedHeight), ("rotation", \.rotation), ("bitDepth", \.bitDepth),
            ("audioTracks", \.audioTracks), ("audioChannels", \.audioChannels),
            ("sampleRate", \.sampleRate),
        ]
    }
}
