import CFFmpeg

/// One frame of a clip that stands for it: from the first tenth on, the first that is not black and shows something.
struct Poster {
    /// As decoded, not yet turned.
    let frame: RGBFrame
    /// Exif orientation that shows it upright.
    let orientation: Int32

    /// A poster of a clip, no larger than `longEdge` if that is given.
    init(path: [UInt8], longEdge: Int? = nil) throws(Failure) {
        var clip = try ClipFrames(path: path)
        var choice = PosterChoice(longEdge: longEdge)
        for place in PosterChoice.places {
            guard let frame = clip.frame(near: PosterChoice.seconds(place, of: clip.duration)) else {
                continue
            }
            choice.consider(frame, of: clip.stream)
            if choice.isSettled { break }
        }
        try self.init(choice, of: &clip)
    }

    /// The frame that was chosen, or else the first of all.
    init(_ choice: PosterChoice, of clip: inout ClipFrames) throws(Failure) {
        var choice = choice
        if choice.best == nil, let first = clip.firstFrame() { choice.consider(first, of: clip.stream) }
        guard let best = choice.best else { throw Failure("no frame of it can be decoded") }
        frame = best
        orientation = Int32(clip.stream.orientation)
    }
}

/// The frames that were looked at for a poster, and the best of them.
struct PosterChoice {
    /// Where to look, in parts of the duration, the likeliest first; they are the middles of a film strip's parts.
    static let places = [0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 0.05]

    /// Mean luma below which a frame counts as black.
    private static let darkest = 16.0
    /// Standard deviation of the luma below which a frame counts as empty: a slate of one colour has none, fog has ten.
    private static let plainest = 6.0
    /// What frames are measured at.
    private static let glanceEdge = 96

    private let longEdge: Int?
    private(set) var best: RGBFrame?
    /// True once a frame was found that will do.
    private(set) var isSettled = false
    private var bestSpread = -1.0

    init(longEdge: Int?) { self.longEdge = longEdge }

    /// Seconds from the start.
    ///
    /// Without a duration there is nothing to take a part of: a second in, then wherever reading goes on.
    static func seconds(_ place: Double, of duration: Double?) -> Double {
        duration.map { $0 * place } ?? (place == places.first ? 1 : 0)
    }

    /// Looks at a frame, and keeps it if it is better than those before.
    mutating func consider(_ frame: UnsafeMutablePointer<AVFrame>, of stream: MediaStream) {
        guard !isSettled, let glance = RGBFrame(frame, stream: stream, longEdge: PosterChoice.glanceEdge)
        else { return }
        let light = glance.light
        let willDo = light.mean >= PosterChoice.darkest && light.spread >= PosterChoice.plainest
        guard willDo || light.spread > bestSpread,
            let picture = RGBFrame(frame, stream: stream, longEdge: longEdge)
        else { return }
        best = picture
        bestSpread = light.spread
        isSettled = willDo
    }
}
