/// How a camera's own list or XML says that a file is one part of a longer recording.
///
/// Panasonic's P2 writes it into the XML of every clip of a span: `Relation` with `GlobalShotID`, `OffsetInShot` and the
/// `GlobalClipID` of the parts before and behind.
public struct RecordingPart: Hashable, Sendable {
    /// What all parts of the recording share.
    public var recording: String
    /// The frames of the recording that come before this part.
    public var offset: Int?
    /// This part's own identifier.
    public var own: String?
    /// The identifier of the part before it; nil for the first.
    public var previous: String?
    /// The identifier of the part behind it; nil for the last.
    public var next: String?

    /// A part of a recording.
    public init(
        recording: String,
        offset: Int? = nil,
        own: String? = nil,
        previous: String? = nil,
        next: String? = nil
    ) {
        self.recording = recording
        self.offset = offset
        self.own = own
        self.previous = previous
        self.next = next
    }
}

extension RecordingPart {
    func write(to json: inout JSONWriter) {
        json.member("recording", recording)
        json.member("offset", offset)
        json.member("own", own)
        json.member("previous", previous)
        json.member("next", next)
    }

    /// Nil when it names no recording.
    init?(_ json: JSON) {
        guard let recording = json["recording"]?.text else { return nil }
        self.init(
            recording: recording,
            offset: json["offset"]?.integer.flatMap(Int.init(exactly:)),
            own: json["own"]?.text,
            previous: json["previous"]?.text,
            next: json["next"]?.text
        )
    }
}
