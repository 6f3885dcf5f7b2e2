extension Query {
    /// What can be asked about an asset.
    ///
    /// Parser, help and README read the one table below.
    public enum Field: String, CaseIterable, Sendable {
        case kind, session, tag, person, selection
        case taken, offset, imported
        case name, format, id
        case title, caption, creator, credit, copyright, usageTerms = "usage-terms", instructions, place
        case rating, label, pick
        case camera, lens, serial, iso, aperture, exposure, focal
        case width, height, megapixels, gps, near, within
        case duration, fps, codec, timecode, reel
        case captureFps = "capture-fps", scan, depth, chroma, color, look, clip, umid, media, audio, channels
        case segments, burst
        case cleared, blocked, submitted, clearance = "state", expiring, held, delivered, review, recalled
        case copies, manifest
        case similar
        case state = "is"
    }

    /// What values a field takes, and so what may be asked of it.
    enum Shape {
        /// One of some words.
        case choice([String])
        /// Text: a part of it, the whole of it with `*`, or exactly it.
        case text
        /// The name of a session or selection: the whole of it, or how it begins.
        case name
        /// A path of names, of which the last ones are enough.
        case path
        /// The first hexadecimal digits of a digest.
        case digest
        /// A number in some unit.
        case number(Unit)
        /// A date or time, of any precision.
        case date
        /// A place and a distance.
        case circle
        /// Two parallels and two meridians.
        case area
        /// A span of days, weeks or months: `30d`.
        case span
    }

    /// How a number is written, and how near is the same.
    enum Unit {
        case whole
        case stars
        case aperture
        case seconds
        case exposure
        case millimetres
        case megapixels
        case framesPerSecond
    }
}

extension Query.Field {
    /// What the field asks, in one line.
    public var meaning: String { definition.meaning }

    /// A term that uses it.
    public var example: String { definition.example }

    /// The words that it takes, where they are fixed.
    public var words: [String] {
        if case .choice(let words) = shape { return words }
        return []
    }

    var shape: Query.Shape { definition.shape }

    /// True when `<`, `>` and ranges mean something.
    var isOrdered: Bool {
        switch shape {
        case .number, .date: true
        case .choice, .text, .name, .path, .digest, .circle, .area, .span: false
        }
    }

    private typealias Definition = (shape: Query.Shape, meaning: String, example: String)

    private var definition: Definition {
        switch self {
        case .kind:
            (.choice(["photo", "clip", "sound"]), "what it is", "kind:clip")
        case .session:
            (.name, "the session's name, or how it begins", #"session:"Royal Albert Hall""#)
        case .tag:
            (.path, "the tag or anything below it; := is exactly it", "tag:people")
        case .person:
            (.path, "who is in it: a tag below people", #"person:"Iggy Pop""#)
        case .selection:
            (.name, "in the selection of this name", "selection:raw-power")
        case .taken:
            (.date, "when it was taken, by the corrected clock of the camera", "taken:2016-01..2016-03")
        case .offset:
            (.choice(["known", "unknown"]), "whether its offset from UTC is known", "offset:unknown")
        case .imported:
            (.date, "when it came into the archive", "imported:-2w..")
        case .name:
            (.text, "the name of one of its files", "name:L100*")
        case .format:
            (.text, "the file format, judged by content", "format:DNG")
        case .id:
            (.digest, "the first digits of the original's SHA-256, at least four", "id:3f9a2c")
        case .title:
            (.text, "words of the title", "title:desert")
        case .caption:
            (.text, "words of the caption", #"caption:"raw power""#)
        case .creator:
            (.text, "words of the creator's name", "creator:Neumann")
        case .credit:
            (.text, "a part of the credit line", "credit:archive")
        case .copyright:
            (.text, "a part of the copyright notice", "copyright:2016")
        case .usageTerms:
            (.text, "a part of the usage terms", "usage-terms:editorial")
        case .instructions:
            (.text, "a part of the instructions", "instructions:embargo")
        case .place:
            (.text, "words of the place", #"place:"Joshua Tree""#)
        case .rating:
            (.number(.stars), "stars 0 to 5; -1 is rejected", "rating>=4")
        case .label:
            (.text, "a part of the label", "label:red")
        case .pick:
            (.choice(["picked", "rejected", "none"]), "picked, rejected or neither", "pick:picked")
        case .camera:
            (.text, "a part of the camera's make and model", #"camera:"Leica M""#)
        case .lens:
            (.text, "a part of the lens's name", "lens:Summilux")
        case .serial:
            (.text, "a part of the camera's serial number", "serial:4321")
        case .iso:
            (.number(.whole), "the ISO speed", "iso>=1600")
        case .aperture:
            (.number(.aperture), "the f-number", "aperture<=2.8")
        case .exposure:
            (.number(.exposure), "the exposure time in seconds", "exposure<1/250")
        case .focal:
            (.number(.millimetres), "the focal length in millimetres", "focal:35..50")
        case .width:
            (.number(.whole), "the width in pixels, as displayed", "width>=3840")
        case .height:
            (.number(.whole), "the height in pixels, as displayed", "height>=2160")
        case .megapixels:
            (.number(.megapixels), "width times height in millions", "megapixels>=24")
        case .gps:
            (.choice(["yes", "no"]), "whether its position is known", "gps:yes")
        case .near:
            (
                .circle, "no further from a point, an asset or a session's place than this",
                "near:34.1339,-116.3131,5km"
            )
        case .within:
            (.area, "between south, west, north and east, in degrees", "within:34,-117,35,-116")
        case .duration:
            (.number(.seconds), "the length of a clip or sound", "duration>1m30s")
        case .fps:
            (.number(.framesPerSecond), "frames a second; 24 includes 23.976", "fps:24")
        case .codec:
            (.text, "a part of the codec's name or profile", "codec:prores")
        case .timecode:
            (.text, "a part of the start timecode", "timecode:01:*")
        case .reel:
            (.text, "a part of the reel's name", "reel:A001*")
        case .captureFps:
            (.number(.framesPerSecond), "frames a second that the sensor gave", "capture-fps>=100")
        case .scan:
            (.choice(["progressive", "interlaced"]), "whole frames, or two fields each", "scan:interlaced")
        case .depth:
            (.number(.whole), "bits a sample, of a clip's picture or else of a sound", "depth>=10")
        case .chroma:
            (.text, "how a clip's colour is sampled", "chroma:4:2:2")
        case .color:
            (.text, "a part of the colour profile, log curve, gamut, primaries or matrix", "color:S-Log3")
        case .look:
            (.text, "a part of the name of the look or LUT that a camera gave a clip", "look:Rec709")
        case .clip:
            (.text, "a part of the clip's name as its camera has it", "clip:A001C003*")
        case .umid:
            (.text, "a part of the identifier that cameras and editors know a clip by", "umid:060A2B34*")
        case .media:
            (.text, "a part of the card's or magazine's identifier", "media:0123456789*")
        case .audio:
            (.text, "a part of the sound tracks in words", "audio:48000")
        case .channels:
            (.number(.whole), "the sound channels of all tracks together; 0 is silent", "channels>=4")
        case .segments:
            (.number(.whole), "among how many files a clip is divided", "segments>1")
        case .burst:
            (.text, "how the burst's identifier begins, which show tells", "burst:3f9a2c1")
        case .cleared:
            (.choice(Query.purposes), "may leave for this purpose, and is not held", "cleared:exhibit")
        case .blocked:
            (
                .choice(Query.purposes), "somebody or something stands in the way, whoever clears it",
                "blocked:press"
            )
        case .submitted:
            (.choice(Query.purposes), "an artist was asked, and has not answered", "submitted:press")
        case .clearance:
            (
                .choice(ClearanceState.allCases.map(\.rawValue)),
                "where it stands, for any purpose; unreviewed for all", "state:withdrawn"
            )
        case .expiring:
            (
                .span, "may leave now, and for some purpose no longer after this time: 30d, 2w, 6m",
                "expiring:30d"
            )
        case .held:
            (.choice(["yes", "no"]), "whether a hold is on it now", "held:yes")
        case .delivered:
            (.text, "a part of the name of a recipient who has it", #"delivered:"Le Monde""#)
        case .review:
            (
                .text, "was shown in this review; open: an artist was sent it, and has not answered all",
                "review:open"
            )
        case .recalled:
            (
                .choice(["yes", "open", "answered", "no"]),
                "whether what left of it was asked back; open: and somebody has not answered", "recalled:open"
            )
        case .copies:
            (
                .number(.whole), "how many good copies there are, of a clip the least of any segment",
                "copies<2"
            )
        case .manifest:
            (
                .choice(["matched", "mismatched", "unlisted"]),
                "what an offload manifest says of the original; mismatched: of any of its files",
                "manifest:mismatched"
            )
        case .similar:
            (.digest, "looks like the one with these digits, itself included", "similar:3f9a2c")
        case .state:
            (.choice(Query.State.allCases.map(\.rawValue)), "one of the words below", "is:unsorted")
        }
    }

    /// The field that a person means who uses another program's word.
    static let otherWords: [String: String] = [
        "album": "selection", "author": "creator", "by": "creator", "collection": "selection",
        "date": "taken", "clearance": "state", "expires": "expiring",
        "day": "taken", "description": "caption", "event": "session", "ext": "format", "extension": "format",
        "f": "aperture", "file": "name", "filename": "name", "framerate": "fps", "hash": "id",
        "headline": "title", "mhl": "manifest", "offload": "manifest",
        "keyword": "tag", "keywords": "tag", "length": "duration", "like": "similar", "location": "place",
        "make": "camera",
        "model": "camera", "mp": "megapixels", "people": "person", "photographer": "creator",
        "around": "near", "distance": "near",
        "bbox": "within", "box": "within",
        "zone": "offset",
        "recipient": "delivered",
        "bits": "depth", "card": "media", "clip-name": "clip", "colour": "color", "field-order": "scan",
        "gamma": "color", "gamut": "color", "log": "color", "lut": "look", "profile": "color",
        "slowmo": "capture-fps", "sound": "audio", "subsampling": "chroma", "tape": "reel", "tc": "timecode",
        "sha256": "id", "shoot": "session", "shutter": "exposure", "speed": "iso", "stars": "rating",
        "type": "kind",
        "year": "taken",
    ]
}

extension Query {
    /// What pictures leave the house for.
    ///
    /// Outputs for the house itself (`internal`) need no clearance.
    public static let purposes = Purpose.allCases.filter { $0 != .internal }.map(\.rawValue)

    /// The words of `is:`.
    public enum State: String, CaseIterable, Sendable {
        case unreadable
        case damaged
        case unsorted
        case untagged
        case raw
        case edited
        case delivered
        case missing
        case incomplete
        case burst
        case duplicate
        case originalOffline = "original-offline"
        case withoutPreview = "without-preview"
        case warned
        case derived

        /// What the word says of an asset.
        public var meaning: String {
            switch self {
            case .unreadable: "the file could not be understood"
            case .damaged:
                "it could be read, but something is wrong with the file, or a segment cannot be read"
            case .unsorted: "in no session"
            case .untagged: "without any tag"
            case .raw: "the original is a camera's raw file"
            case .edited: "a person set something about it"
            case .delivered: "it left the house"
            case .missing: "no copy of the original, or of one of its segments, is where it should be"
            case .incomplete: "a part of the clip never came in, as far as names and lists tell"
            case .burst: "one of several frames that were taken in one go"
            case .duplicate: "one volume holds the original twice; backups on other volumes are no doubles"
            case .withoutPreview: "a photograph or clip that no preview was made of, or can be"
            case .warned: "words came with the file that forbid its use, such as do not reuse"
            case .derived: "made from another: a grade, a crop, a still"
            case .originalOffline: "copies of the original exist, but on no volume that is here now"
            }
        }
    }
}
