import CFFmpeg
import MediaProtocol

/// What is read off a stream's parameters without decoding.
enum StreamFacts {
    /// The demuxers that know their streams when they are opened; the others learn them from the packets.
    private static let selfDescribing = [
        "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "wav", "w64", "aiff", "caf",
    ]

    /// True when opening has left a gap: a fragmented MP4 has no duration, MXF neither that nor the right height, a
    /// transport stream nothing.
    static func areIncomplete(in container: borrowing Container) -> Bool {
        guard selfDescribing.contains(container.demuxer) else { return true }
        let streams = container.streams
        let usable = streams.filter { $0.isVideo || $0.isAudio }
        guard !usable.isEmpty else { return true }
        for stream in usable {
            let parameters = stream.parameters
            if parameters.codec_id == AV_CODEC_ID_NONE { continue }
            if stream.isVideo, parameters.width <= 0 || frameRate(of: stream) == nil { return true }
            if stream.isAudio, parameters.sample_rate <= 0 || parameters.ch_layout.nb_channels <= 0 {
                return true
            }
        }
        return duration(of: container, streams: streams) == nil
    }

    /// Seconds, by the container or by its longest stream.
    static func duration(of container: borrowing Container, streams: [MediaStream]) -> Double? {
        if let duration = container.duration { return duration }
        return streams.filter { $0.isVideo || $0.isAudio }.compactMap(\.duration).max()
    }

    /// Frames a second as a person would state it.
    ///
    /// FFmpeg has two answers. The "real" rate is the nominal one, which a phone's clip of varying rate has too; but for
    /// interlaced pictures it counts fields, and where time stamps are coarse it is that of the clock. So it counts
    /// unless it is far above the average.
    static func frameRate(of stream: MediaStream) -> Rational? {
        let nominal = rational(stream.pointer.pointee.r_frame_rate)
        let average = rational(stream.pointer.pointee.avg_frame_rate)
        guard let nominal else { return average }
        guard let average else { return nominal }
        return nominal.value <= average.value * 1.25 ? nominal : average
    }

    private static func rational(_ rate: AVRational) -> Rational? {
        guard rate.num > 0, rate.den > 0, rate.num / rate.den <= 20_000 else { return nil }
        return Rational(Int64(rate.num), Int64(rate.den))
    }

    /// Frames, where the file counts them: as samples, or as a duration in units of one frame as MXF does.
    static func frames(of stream: MediaStream, rate: Rational?) -> Int? {
        let counted = stream.pointer.pointee.nb_frames
        if counted > 0 { return Int(counted) }
        let base = stream.pointer.pointee.time_base
        let duration = stream.pointer.pointee.duration
        guard let rate, duration != cffmpeg_no_time, duration > 0,
            Int64(base.num) * rate.numerator == Int64(base.den) * rate.denominator
        else { return nil }
        return Int(duration)
    }

    /// The profile's name; nil where there is none.
    static func profile(of parameters: AVCodecParameters) -> String? {
        if let stated = profile(parameters.profile, of: parameters.codec_id) { return stated }
        guard parameters.codec_id == AV_CODEC_ID_AAC, let extra = parameters.extradata,
            parameters.extradata_size >= 2
        else { return nil }
        // AudioSpecificConfig begins with the type of object: 2 is LC, 5 adds the high frequencies, 29 the stereo.
        switch extra[0] >> 3 {
        case let object where (1...4).contains(object): return profile(Int32(object) - 1, of: AV_CODEC_ID_AAC)
        case 5: return profile(FF_PROFILE_AAC_HE, of: AV_CODEC_ID_AAC)
        case 29: return profile(FF_PROFILE_AAC_HE_V2, of: AV_CODEC_ID_AAC)
        default: return nil
        }
    }

    static func profile(_ number: Int32, of codec: AVCodecID) -> String? {
        avcodec_profile_name(codec, number).map { String(cString: $0) }
    }

    /// Primaries, transfer and matrix; nil when none of the three is known.
    static func color(
        _ primaries: AVColorPrimaries,
        _ transfer: AVColorTransferCharacteristic,
        _ matrix: AVColorSpace
    ) -> String? {
        let names = [
            av_color_primaries_name(primaries), av_color_transfer_name(transfer), av_color_space_name(matrix),
        ].map { $0.map { String(cString: $0) } ?? "unknown" }
        return names.allSatisfy { $0 == "unknown" } ? nil : names.joined(separator: "/")
    }
}

/// What the pictures of a clip are like, from the header where possible and else from the first packet.
struct PictureFacts {
    private(set) var profile: String?
    private(set) var pixelFormat: String?
    private(set) var color: String?
    /// As shown, upright: with square pixels and turned.
    private(set) var displayedSize: (width: Int?, height: Int?)
    /// Width of a pixel in its heights, where it is stated.
    private(set) var pixelAspect: Rational?

    init(_ stream: MediaStream, in container: borrowing Container) {
        let parameters = stream.parameters
        var aspect = stream.pointer.pointee.sample_aspect_ratio
        if aspect.num <= 0 { aspect = parameters.sample_aspect_ratio }
        profile = StreamFacts.profile(of: parameters)
        pixelFormat = PictureFacts.name(AVPixelFormat(parameters.format))
        color = StreamFacts.color(parameters.color_primaries, parameters.color_trc, parameters.color_space)
        if pixelFormat == nil {
            if parameters.codec_id == AV_CODEC_ID_H264,
                let header = H264Parameters(configuration: PictureFacts.extradata(parameters))
            {
                adopt(header, stated: parameters, aspect: &aspect)
            } else {
                adoptFirstPacket(of: stream, in: container, aspect: &aspect)
            }
        }
        displayedSize = PictureFacts.displayed(parameters, aspect: aspect, orientation: stream.orientation)
        if aspect.num > 0 { pixelAspect = Rational(Int64(aspect.num), Int64(aspect.den)) }
    }

    private mutating func adopt(_ header: H264Parameters, stated: AVCodecParameters, aspect: inout AVRational)
    {
        pixelFormat = header.pixelFormat
        // FFmpeg names full range by the format when the container says so too.
        if stated.color_range == AVCOL_RANGE_JPEG, header.bitDepth == 8, let plain = pixelFormat,
            plain.hasPrefix("yuv4")
        {
            pixelFormat = "yuvj" + plain.dropFirst(3)
        }
        profile = StreamFacts.profile(header.libavProfile, of: AV_CODEC_ID_H264)
        if color == nil, let stated = header.color {
            color = StreamFacts.color(
                AVColorPrimaries(UInt32(stated.primaries)),
                AVColorTransferCharacteristic(UInt32(stated.transfer)),
                AVColorSpace(UInt32(stated.matrix))
            )
        }
        if aspect.num <= 0, let stated = header.pixelAspect, stated.height > 0 {
            aspect = AVRational(num: Int32(stated.width), den: Int32(stated.height))
        }
    }

    /// Lets the decoder read the head of the first packet and skip its pixels: most fill in the format even so.
    private mutating func adoptFirstPacket(
        of stream: MediaStream,
        in container: borrowing Container,
        aspect: inout AVRational
    ) {
        var wanted = PacketReader(stream: stream)
        guard let decoder = Decoder(stream: stream, skippingPixels: true) else { return }
        guard wanted.next(from: container) else { return }
        decoder.feed(wanted)
        let found = decoder.context.pointee
        pixelFormat = PictureFacts.name(found.pix_fmt)
        profile = StreamFacts.profile(found.profile, of: found.codec_id) ?? profile
        if aspect.num <= 0 { aspect = found.sample_aspect_ratio }
        if color == nil {
            color = StreamFacts.color(found.color_primaries, found.color_trc, found.colorspace)
        }
    }

    private static func name(_ format: AVPixelFormat) -> String? {
        av_get_pix_fmt_name(format).map { String(cString: $0) }
    }

    private static func extradata(_ parameters: AVCodecParameters) -> [UInt8] {
        guard let bytes = parameters.extradata, parameters.extradata_size > 0 else { return [] }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(parameters.extradata_size)))
    }

    static func displayed(
        _ parameters: AVCodecParameters,
        aspect: AVRational,
        orientation: Int
    ) -> (width: Int?, height: Int?) {
        guard parameters.width > 0, parameters.height > 0 else { return (nil, nil) }
        var width = Int(parameters.width)
        let height = Int(parameters.height)
        if aspect.num > 0, aspect.den > 0, aspect.num != aspect.den {
            let square = (Double(width) * Double(aspect.num) / Double(aspect.den)).rounded()
            // A ratio beyond reason is a damaged header, not an anamorphic lens.
            if square >= Double(width) / 8, square <= Double(width) * 8 { width = Int(square) }
        }
        return orientation >= 5 ? (height, width) : (width, height)
    }
}
