/// A picture to judge by, and not to use: reduced, with words laid over all of it.
///
/// A request of its own and no option of `Rendition`: a worker that does not know it refuses, and makes no picture that
/// lacks the words.
public struct Proof: Hashable, Sendable {
    /// How many bytes the words may have.
    public static let longestMark = 400
    /// How many frames of a clip one proof may show.
    public static let mostFrames = 24

    /// The picture; its metadata says what the proof says of itself.
    public var rendition: Rendition
    /// The words: never none.
    public var mark: String
    /// Of a clip, how many frames stand side by side, evenly spaced over its length.
    public var frames: Int

    /// A proof with these words.
    public init(_ rendition: Rendition, mark: String, frames: Int) {
        self.rendition = rendition
        self.mark = mark
        self.frames = frames
    }
}

extension Proof {
    func write(to json: inout JSONWriter) {
        rendition.write(to: &json)
        json.member("mark", mark)
        json.member("frames", frames)
    }

    init(_ json: JSON) throws(ProtocolError) {
        guard let mark = json["mark"]?.text, !mark.isEmpty else {
            throw ProtocolError(expected: "the words of a proof", offset: 0)
        }
        guard let frames = json["frames"]?.integer, (1...Int64(Proof.mostFrames)).contains(frames) else {
            throw ProtocolError(expected: "a number of frames from 1 to \(Proof.mostFrames)", offset: 0)
        }
        self.init(try Rendition(json), mark: mark, frames: Int(frames))
    }
}
