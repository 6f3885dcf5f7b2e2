import CFFmpeg

/// A clip open for looking at single frames here and there.
struct ClipFrames: ~Copyable {
    let container: Container
    let stream: MediaStream
    private let decoder: Decoder
    private var reader: PacketReader
    /// Seconds; nil where the file does not know.
    let duration: Double?
    /// Where the last keyframe that was decoded stands, in the stream's unit.
    private var lastKeyframe: Int64?
    /// Pixels that may still be decoded on the way from a keyframe to a place.
    private var forwardPixels = ClipFrames.mostForwardPixels

    /// A hundred frames of 1920 × 1080: a clip of a few seconds may have one keyframe, and a film's lie close enough
    /// together.
    private static let mostForwardPixels = 100 * 1920 * 1080

    init(path: [UInt8]) throws(Failure) {
        let container = try Container(path: path)
        if StreamFacts.areIncomplete(in: container) { container.completeStreams() }
        let streams = container.streams
        guard let stream = streams.first(where: \.isVideo) else { throw Failure("holds no moving pictures") }
        guard let decoder = Decoder(stream: stream) else {
            throw Failure("there is no decoder for its pictures (\(stream.codec ?? "unknown codec"))")
        }
        duration = StreamFacts.duration(of: container, streams: streams)
        self.container = container
        self.stream = stream
        self.decoder = decoder
        reader = PacketReader(stream: stream)
    }

    /// A frame near so many seconds from the start: the keyframe before that place, or, where that was given already,
    /// the frame at the place itself.
    ///
    /// It is the decoder's until the next is asked for. Nil when nothing can be decoded there.
    mutating func frame(near seconds: Double) -> UnsafeMutablePointer<AVFrame>? {
        container.seek(to: seconds)
        decoder.reset()
        // Where the index is coarse a seek ends between keyframes: what is built upon others would come out grey.
        decoder.context.pointee.skip_frame = AVDISCARD_NONINTRA
        let keyframe = decoder.nextFrame(from: &reader, in: container)
        decoder.context.pointee.skip_frame = AVDISCARD_DEFAULT
        guard let keyframe else { return goOn(to: seconds) }
        let stands = keyframe.pointee.best_effort_timestamp
        guard stands == lastKeyframe, stands != cffmpeg_no_time else {
            lastKeyframe = stands
            return keyframe
        }
        return goOn(to: seconds)
    }

    /// The file's first frame, read from its first byte.
    ///
    /// An MPEG stream has no index: looked for by time, its one keyframe may lie before every place.
    mutating func firstFrame() -> UnsafeMutablePointer<AVFrame>? {
        container.rewind()
        decoder.reset()
        return decoder.nextFrame(from: &reader, in: container)
    }

    /// Decodes from the keyframe on until the place, as far as there is patience for it.
    private mutating func goOn(to seconds: Double) -> UnsafeMutablePointer<AVFrame>? {
        container.seek(to: seconds)
        decoder.reset()
        let base = stream.pointer.pointee.time_base
        let start = stream.pointer.pointee.start_time
        guard base.num > 0, base.den > 0 else { return nil }
        let unit = Double(base.num) / Double(base.den)
        let origin = start == cffmpeg_no_time ? 0 : Double(start) * unit
        // What no other frame is built upon need not be decoded on the way.
        decoder.context.pointee.skip_frame = AVDISCARD_NONREF
        // A stream without an index is entered anywhere: what comes before a whole frame is built upon nothing.
        var isWhole = false
        // The decoder fills the same frame again and again: at the end of the clip there is none to go back to.
        while let frame = decoder.nextFrame(from: &reader, in: container) {
            forwardPixels -= max(1, Int(frame.pointee.width) * Int(frame.pointee.height))
            let stands = Double(frame.pointee.best_effort_timestamp) * unit - origin
            if frame.pointee.key_frame != 0 || frame.pointee.pict_type == AV_PICTURE_TYPE_I { isWhole = true }
            if isWhole, stands >= seconds { return frame }
            if forwardPixels <= 0 { return isWhole ? frame : nil }
        }
        return nil
    }
}

extension Container {
    /// Goes to the keyframe at or before this many seconds from the start; stays where it is if the file cannot seek.
    borrowing func seek(to seconds: Double) {
        let start = context.pointee.start_time
        let origin = start == cffmpeg_no_time ? 0 : start
        let target = origin + Int64(seconds * Double(AV_TIME_BASE))
        avformat_seek_file(context, -1, Int64.min, target, target, 0)
    }

    /// Goes to the file's first byte.
    borrowing func rewind() {
        avformat_seek_file(context, -1, 0, 0, 0, AVSEEK_FLAG_BYTE)
    }
}

/// A decoded frame as packed RGB with square pixels: sRGB's curve or near enough, as decoded, not yet turned.
struct RGBFrame {
    let pixels: [UInt8]
    let width: Int
    let height: Int

    /// With `longEdge` no larger than that; nil when the conversion is not possible.
    init?(_ frame: UnsafeMutablePointer<AVFrame>, stream: MediaStream, longEdge: Int? = nil) {
        var aspect = stream.pointer.pointee.sample_aspect_ratio
        if aspect.num <= 0 { aspect = frame.pointee.sample_aspect_ratio }
        var coded = stream.parameters
        coded.width = frame.pointee.width
        coded.height = frame.pointee.height
        let size = PictureFacts.displayed(coded, aspect: aspect, orientation: 1)
        guard var width = size.width, var height = size.height, width <= 65_500, height <= 65_500 else {
            return nil
        }
        if let longEdge, max(width, height) > longEdge {
            let scale = Double(longEdge) / Double(max(width, height))
            width = max(1, Int((Double(width) * scale).rounded()))
            height = max(1, Int((Double(height) * scale).rounded()))
        }
        // The converter writes whole vectors and may go past the end of a line.
        var pixels = [UInt8](repeating: 0, count: width * height * 3 + 64)
        let code = pixels.withUnsafeMutableBufferPointer {
            cffmpeg_to_rgb(frame, $0.baseAddress, Int32(width), Int32(height))
        }
        guard code == 0 else { return nil }
        pixels.removeLast(64)
        self.pixels = pixels
        self.width = width
        self.height = height
    }

    /// The mean of the luma, and its standard deviation, from every 7th pixel.
    var light: (mean: Double, spread: Double) {
        var (sum, squares, count) = (0.0, 0.0, 0.0)
        for place in stride(from: 0, to: pixels.count - 2, by: 21) {
            let luma =
                0.299 * Double(pixels[place]) + 0.587 * Double(pixels[place + 1]) + 0.114
                * Double(pixels[place + 2])
            sum += luma
            squares += luma * luma
            count += 1
        }
        guard count > 0 else { return (0, 0) }
        let mean = sum / count
        return (mean, max(0, squares / count - mean * mean).squareRoot())
    }
}
