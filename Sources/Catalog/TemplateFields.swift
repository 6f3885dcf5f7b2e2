extension Template {
    /// A field that templates know.
    public struct Field: Hashable, Sendable {
        /// What its value is, and so how it may be written.
        public enum Kind: Sendable {
            case text, integer, date, list
        }

        /// Its name: the query's, where the query has it too.
        public let name: String
        /// What its value is.
        public let kind: Kind
        /// What it says, in one line.
        public let meaning: String

        /// A field of this name and kind.
        public init(_ name: String, _ kind: Kind, _ meaning: String) {
            self.name = name
            self.kind = kind
            self.meaning = meaning
        }
    }

    /// What is known of an asset wherever it is listed.
    public static let assetFields: [Field] = [
        Field("id", .text, "the first digits of the original's SHA-256"),
        Field("sha256", .text, "all 64 of them"),
        Field("number", .integer, "its place in the list or selection, from 1"),
        Field("kind", .text, "photo, clip or sound"),
        Field("name", .text, "the original's file name"),
        Field("stem", .text, "the file name without its ending"),
        Field("ending", .text, "the file name's ending in small letters"),
        Field("path", .text, "where the original lies"),
        Field("format", .text, "the original's format"),
        Field("size", .integer, "the original's size in bytes"),
        Field("session", .list, "the sessions it is in"),
        Field("tags", .list, "its tags"),
        Field("people", .list, "who is in it"),
        Field("taken", .date, "when it was taken, by the corrected clock of the camera"),
        Field("offset", .text, "how far that clock is from UTC, if known: +02:00"),
        Field("imported", .date, "when it came into the archive"),
        Field("title", .text, "its title"),
        Field("caption", .text, "its caption"),
        Field("creator", .text, "who made it"),
        Field("credit", .text, "the credit line"),
        Field("copyright", .text, "the copyright notice"),
        Field("usage-terms", .text, "the usage terms"),
        Field("instructions", .text, "the instructions"),
        Field("place", .text, "where it was taken, in words"),
        Field("rating", .integer, "its stars"),
        Field("label", .text, "its label"),
        Field("pick", .text, "picked or rejected"),
        Field("camera", .text, "make and model"),
        Field("make", .text, "the camera's maker"),
        Field("model", .text, "the camera's model"),
        Field("lens", .text, "the lens"),
        Field("serial", .text, "the camera's serial number"),
        Field("iso", .integer, "the ISO speed"),
        Field("aperture", .text, "the f-number"),
        Field("exposure", .text, "the exposure time: 1/250"),
        Field("focal", .text, "the focal length in millimetres"),
        Field("width", .integer, "its width in pixels"),
        Field("height", .integer, "its height in pixels"),
        Field("megapixels", .text, "width times height in millions"),
        Field("latitude", .text, "degrees north"),
        Field("longitude", .text, "degrees east"),
        Field("altitude", .text, "metres above the sea"),
        Field("duration", .text, "the length of a clip or sound: 1:30"),
        Field("fps", .text, "frames a second"),
        Field("codec", .text, "the codec"),
        Field("timecode", .text, "the start timecode"),
        Field("reel", .text, "the reel"),
        Field("frames", .integer, "the length in frames"),
        Field("capture-fps", .text, "frames a second that the sensor gave"),
        Field("scan", .text, "progressive or interlaced, and which field is first"),
        Field("depth", .integer, "bits a sample"),
        Field("chroma", .text, "how colour is sampled: 4:2:2"),
        Field("color", .text, "the log curve, gamut and primaries of a clip, the profile of a photograph"),
        Field("gamma", .text, "the transfer curve by its maker's name: S-Log3"),
        Field("gamut", .text, "the primaries by their maker's name: S-Gamut3.Cine"),
        Field("look", .text, "the look or LUT that the camera gave it"),
        Field("pixel-aspect", .text, "the width of a pixel to its height: 4:3"),
        Field("clip", .text, "the clip's name as its camera has it"),
        Field("umid", .text, "the identifier that cameras and editors know the clip by"),
        Field("media", .text, "the identifier of the card or magazine"),
        Field("audio", .text, "the sound tracks in words"),
        Field("channels", .integer, "the sound channels of all tracks together"),
        Field("segments", .integer, "among how many files a clip is divided, where there are several"),
        Field("paths", .list, "where the original and its further segments lie, in order"),
        Field("incomplete", .text, "which part of a clip never came in"),
        Field("burst", .text, "the burst that a frame is of"),
        Field("copies", .integer, "how many good copies there are, of a clip the least of any segment"),
        Field("unreadable", .text, "why the file could not be understood"),
    ]

    /// Names that are as good as the first.
    static let sameNames = ["tag": "tags", "person": "people", "sessions": "session"]
}
