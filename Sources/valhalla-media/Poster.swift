import CFFmpeg

/// One frame of a clip that stands for it: a tenth of the way in, or further on while the picture is black.
struct Poster {
    /// Packed RGB, sRGB's curve or near enough, as decoded: square pixels, not yet turned.
    let pixels: [UInt8]
    let width: Int
    let height: Int
    /// Exif orientation that shows it upright.
    let orientation: Int32

    /// Where to look, in parts of the duration.
    private static let places = [0.1, 0.25, 0.5, 0.75, 0.9, 0]
    /// Mean of all bytes below which a frame counts as black.
    private static let darkest = 16

    init(path: [UInt8]) throws(Failure) {
        let container = try Container(path: path)
        if StreamFacts.areIncomplete(in: container) { container.completeStreams() }
        let streams = container.streams
        guard let stream = streams.first(where: \.isVideo) else { throw Failure("holds no moving pictures") }
        guard let decoder = Decoder(stream: stream) else {
            throw Failure("there is no decoder for its pictures (\(stream.codec ?? "unknown codec"))")
        }
        let duration = StreamFacts.duration(of: container, streams: streams)
        var reader = PacketReader(stream: stream)
        var best: (frame: RGBFrame, brightness: Int)?
        for place in Poster.places {
            // Without a duration there is nothing to take a part of: a second in, then wherever reading goes on.
            let seconds = duration.map { $0 * place } ?? (place == Poster.places.first ? 1 : 0)
            container.seek(to: seconds)
            decoder.reset()
            guard let frame = decoder.nextFrame(from: &reader, in: container) else { continue }
            guard let picture = RGBFrame(frame, stream: stream) else { continue }
            let brightness = picture.brightness
            if brightness > (best?.brightness ?? -1) { best = (picture, brightness) }
            if brightness >= Poster.darkest { break }
        }
        if best == nil {
            // An MPEG stream has no index: looked for by time, its one keyframe may lie before every place.
            container.rewind()
            decoder.reset()
            if let frame = decoder.nextFrame(from: &reader, in: container),
                let picture = RGBFrame(frame, stream: stream)
            {
                best = (picture, picture.brightness)
            }
        }
        guard let best else { throw Failure("no frame of it can be decoded") }
        pixels = best.frame.pixels
        width = best.frame.width
        height = best.frame.height
        orientation = Int32(stream.orientation)
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

/// A decoded frame as packed RGB with square pixels.
private struct RGBFrame {
    let pixels: [UInt8]
    let width: Int
    let height: Int

    /// Nil when the conversion is not possible.
    init?(_ frame: UnsafeMutablePointer<AVFrame>, stream: MediaStream) {
        var aspect = stream.pointer.pointee.sample_aspect_ratio
        if aspect.num <= 0 { aspect = frame.pointee.sample_aspect_ratio }
        var coded = stream.parameters
        coded.width = frame.pointee.width
        coded.height = frame.pointee.height
        let size = PictureFacts.displayed(coded, aspect: aspect, orientation: 1)
        guard let width = size.width, let height = size.height, width <= 65_500, height <= 65_500 else {
            return nil
        }
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        let code = pixels.withUnsafeMutableBufferPointer {
            cffmpeg_to_rgb(frame, $0.baseAddress, Int32(width), Int32(height))
        }
        guard code == 0 else { return nil }
        self.pixels = pixels
        self.width = width
        self.height = height
    }

    /// Mean of all bytes, from every 97th: coprime to three, so that all channels count.
    var brightness: Int {
        var sum = 0
        var count = 0
        for place in stride(from: 0, to: pixels.count, by: 97) {
            sum += Int(pixels[place])
            count += 1
        }
        return count == 0 ? 0 : sum / count
    }
}
