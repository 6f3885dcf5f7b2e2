import CFFmpeg

/// A clip or a sound, open in libavformat; closed when it goes out of scope.
struct Container: ~Copyable {
    let context: UnsafeMutablePointer<AVFormatContext>

    /// The demuxers that are containers of ours.
    ///
    /// Playlists (`hls`, `concat`, `dash`) and the picture sequences are left out because they open other files, and the
    /// single-picture demuxers because a photograph is no clip of one frame.
    private static let demuxers = """
        mov,matroska,mxf,avi,mpegts,mpeg,mpegvideo,dv,gxf,asf,flv,rm,ogg,r3d,\
        wav,w64,aiff,mp3,aac,ac3,eac3,flac,caf,au,amr,ape,wv,tta,dsf
        """

    init(path: [UInt8]) throws(Failure) {
        let head = try Content.head(of: path)
        guard !head.isEmpty else { throw Failure("the file is empty") }
        switch Content(head: head) {
        case .other: break
        default: throw Failure("is a still picture, neither a clip nor a sound")
        }

        var options: OpaquePointer?
        av_dict_set(&options, "format_whitelist", Container.demuxers, 0)
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        defer { av_dict_free(&options) }
        // With the protocol in front, no name can be taken for an address.
        let address = Array("file:".utf8) + path + [0]
        var opened: UnsafeMutablePointer<AVFormatContext>?
        let code = address.map(CChar.init(bitPattern:)).withUnsafeBufferPointer {
            avformat_open_input(&opened, $0.baseAddress, nil, &options)
        }
        guard code == 0, let opened else { throw Container.failure(code, path: path) }
        context = opened
    }

    deinit {
        var context: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&context)
    }

    /// FFmpeg's words for "cannot make sense of it" are the same for everything; a file's outline tells more.
    private static func failure(_ code: Int32, path: [UInt8]) -> Failure {
        if code == cffmpeg_invalid_argument {
            return Failure("is of a format that is not opened here")
        }
        if let outline = try? BoxOutline(path: path), outline.isMovie, !outline.names.contains("moov") {
            return Failure("has no index (moov): the recording was cut off, or the file is truncated")
        }
        return Failure("cannot be opened as a clip or a sound (FFmpeg: \(message(code)))")
    }

    /// FFmpeg's words for an error code.
    static func message(_ code: Int32) -> String {
        var text = [CChar](repeating: 0, count: 128)
        av_strerror(code, &text, text.count)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The demuxer's name; the QuickTime family is one: `mov,mp4,m4a,3gp,3g2,mj2`.
    var demuxer: String {
        context.pointee.iformat.map { String(cString: $0.pointee.name) } ?? ""
    }

    /// What the container as a whole says about itself.
    var tags: MediaTags { MediaTags(context.pointee.metadata) }

    /// Its streams in their order.
    var streams: [MediaStream] {
        (0..<Int(context.pointee.nb_streams)).compactMap { index in
            context.pointee.streams[index].map(MediaStream.init(pointer:))
        }
    }

    /// Reads on until every stream is known; decodes a keyframe of each, which costs thirty times the opening.
    func completeStreams() {
        avformat_find_stream_info(context, nil)
    }

    /// Seconds that the container states; nil where it states none.
    var duration: Double? {
        let duration = context.pointee.duration
        return duration > 0 ? Double(duration) / Double(AV_TIME_BASE) : nil
    }
}

/// One stream of an open container; valid as long as that is open.
struct MediaStream {
    let pointer: UnsafeMutablePointer<AVStream>

    var index: Int { Int(pointer.pointee.index) }
    var parameters: AVCodecParameters { pointer.pointee.codecpar.pointee }
    var tags: MediaTags { MediaTags(pointer.pointee.metadata) }

    var isAudio: Bool { parameters.codec_type == AVMEDIA_TYPE_AUDIO }
    /// Moving pictures: a cover that is attached to a sound is none.
    var isVideo: Bool {
        parameters.codec_type == AVMEDIA_TYPE_VIDEO
            && pointer.pointee.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)
                == 0
    }

    /// FFmpeg's name for the codec; for one that it does not know, the four characters that stand in the file.
    var codec: String? {
        if parameters.codec_id != AV_CODEC_ID_NONE {
            return String(cString: avcodec_get_name(parameters.codec_id))
        }
        let tag = parameters.codec_tag
        let characters = (0..<4).map { UInt8(truncatingIfNeeded: tag >> ($0 * 8)) }
        guard characters.allSatisfy({ (0x20...0x7e).contains($0) }) else { return nil }
        return String(decoding: characters, as: UTF8.self)
    }

    /// Seconds that the stream states.
    var duration: Double? {
        let duration = pointer.pointee.duration
        let base = pointer.pointee.time_base
        guard duration != cffmpeg_no_time, duration > 0, base.den != 0 else { return nil }
        return Double(duration) * Double(base.num) / Double(base.den)
    }

    /// How the decoded frame is turned and mirrored to be shown, as an Exif orientation.
    var orientation: Int {
        var size = 0
        guard let bytes = av_stream_get_side_data(pointer, AV_PKT_DATA_DISPLAYMATRIX, &size), size >= 36
        else { return 1 }
        let matrix = UnsafeRawPointer(bytes)
        let (a, b, c, d) = (
            Int64(matrix.loadUnaligned(fromByteOffset: 0, as: Int32.self)),
            Int64(matrix.loadUnaligned(fromByteOffset: 4, as: Int32.self)),
            Int64(matrix.loadUnaligned(fromByteOffset: 12, as: Int32.self)),
            Int64(matrix.loadUnaligned(fromByteOffset: 16, as: Int32.self))
        )
        // x' = a·x + c·y, y' = b·x + d·y, with y downwards. Cameras turn by quarters; what lies between goes to the
        // nearer one.
        if abs(a) + abs(d) >= abs(b) + abs(c) {
            return a >= 0 ? (d >= 0 ? 1 : 4) : (d >= 0 ? 2 : 3)
        }
        return b >= 0 ? (c >= 0 ? 5 : 6) : (c >= 0 ? 8 : 7)
    }
}

/// Keys and values as the container holds them: bytes, for old files are in whatever their maker's country used.
struct MediaTags {
    private(set) var pairs: [(key: [UInt8], value: [UInt8])] = []

    init(_ dictionary: OpaquePointer?) {
        var entry: UnsafeMutablePointer<AVDictionaryEntry>?
        while let next = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX) {
            pairs.append((MediaTags.bytes(next.pointee.key), MediaTags.bytes(next.pointee.value)))
            entry = next
        }
    }

    /// The first value with something in it under one of these names, in their order; case does not count.
    subscript(names: String...) -> String? {
        for name in names {
            for pair in pairs
            where String(decoding: pair.key, as: UTF8.self).lowercased() == name.lowercased() {
                let text = MediaTags.text(pair.value).trimmed
                if !text.isEmpty { return text }
            }
        }
        return nil
    }

    /// UTF-8 if it is that, else Latin-1, which no bytes are invalid in.
    static func text(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private static func bytes(_ text: UnsafeMutablePointer<CChar>?) -> [UInt8] {
        guard let text else { return [] }
        return Array(UnsafeBufferPointer(start: text, count: strlenOf(text)).map(UInt8.init(bitPattern:)))
    }

    private static func strlenOf(_ text: UnsafeMutablePointer<CChar>) -> Int {
        var length = 0
        while text[length] != 0 { length += 1 }
        return length
    }
}

extension String {
    /// Without white space and NULs at either end.
    var trimmed: String {
        func isBlank(_ character: Character) -> Bool { character.isWhitespace || character == "\0" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) })
        else {
            return ""
        }
        return String(self[first...last])
    }
}
