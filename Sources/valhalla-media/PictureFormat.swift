import CFFmpeg
import MediaProtocol

/// What a pixel format's name stands for.
struct PictureFormat {
    /// Bits a sample.
    let bitDepth: Int?
    /// `4:2:2`; nil for pictures without colour and for raw ones.
    let chroma: String?

    init(_ name: String?) {
        guard let name, let description = av_pix_fmt_desc_get(av_get_pix_fmt(name))?.pointee else {
            (bitDepth, chroma) = (nil, nil)
            return
        }
        let depth = description.comp.0.depth
        bitDepth = depth > 0 ? Int(depth) : nil
        let isBayer = description.flags & UInt64(AV_PIX_FMT_FLAG_BAYER) != 0
        guard description.nb_components >= 3, !isBayer else {
            chroma = nil
            return
        }
        let isRGB = description.flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) != 0
        switch (isRGB, description.log2_chroma_w, description.log2_chroma_h) {
        case (true, _, _), (_, 0, 0): chroma = "4:4:4"
        case (_, 1, 0): chroma = "4:2:2"
        case (_, 1, 1): chroma = "4:2:0"
        case (_, 2, 0): chroma = "4:1:1"
        case (_, 2, 2): chroma = "4:1:0"
        case (_, 0, 1): chroma = "4:4:0"
        default: chroma = nil
        }
    }
}

extension Footage.Scan {
    /// From FFmpeg's order of fields, of which the second letter is what is shown first.
    init?(_ order: AVFieldOrder) {
        switch order {
        case AV_FIELD_PROGRESSIVE: self = .progressive
        case AV_FIELD_TT, AV_FIELD_BT: self = .topFieldFirst
        case AV_FIELD_BB, AV_FIELD_TB: self = .bottomFieldFirst
        default: return nil
        }
    }
}

extension MediaStream {
    /// How the lines follow each other, by the header; else by the first picture where its codec's parser can tell.
    ///
    /// A header of H.264 that allows no fields needs no more asking.
    func scan(in container: borrowing Container) -> Footage.Scan? {
        if let stated = Footage.Scan(parameters.field_order) { return stated }
        guard [AV_CODEC_ID_H264, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_VC1].contains(parameters.codec_id) else {
            return nil
        }
        if let extra = parameters.extradata, parameters.codec_id == AV_CODEC_ID_H264 {
            let configuration = Array(
                UnsafeBufferPointer(start: extra, count: Int(max(0, parameters.extradata_size)))
            )
            if H264Parameters(configuration: configuration)?.hasFramesOnly == true { return .progressive }
        }
        return parsedScan(in: container)
    }

    private func parsedScan(in container: borrowing Container) -> Footage.Scan? {
        guard let parser = av_parser_init(Int32(bitPattern: parameters.codec_id.rawValue)) else { return nil }
        defer { av_parser_close(parser) }
        var context = avcodec_alloc_context3(nil)
        defer { avcodec_free_context(&context) }
        guard let context, avcodec_parameters_to_context(context, pointer.pointee.codecpar) >= 0 else {
            return nil
        }
        parser.pointee.flags |= PARSER_FLAG_COMPLETE_FRAMES
        var reader = PacketReader(stream: self)
        // A picture or two tell; damaged ones may not.
        for _ in 0..<4 {
            guard reader.next(from: container), let packet = reader.packet?.pointee else { return nil }
            var output: UnsafeMutablePointer<UInt8>?
            var size: Int32 = 0
            _ = av_parser_parse2(
                parser, context, &output, &size, packet.data, packet.size, packet.pts, packet.dts, packet.pos
            )
            if let found = Footage.Scan(parser.pointee.field_order) { return found }
        }
        return nil
    }
}
