import CFFmpeg
import Glibc

/// Puts the streams of a clip or sound, untouched, into a new container that says nothing of itself.
///
/// What goes along is what it takes to play it as it was meant: pictures, sound, how they are turned and coloured, and
/// the timecode. Tracks of other kinds stay behind: cameras write positions and serial numbers there.
final class Remux {
    private let source: Container
    private let output: UnsafeMutablePointer<AVFormatContext>
    /// For each stream of the source, its number in the new container, or -1.
    private var places: [Int32] = []
    /// For each stream of the source that may hold notes, what takes them out.
    private var notes: [Int: SampleNotes] = [:]
    /// When the packet before was decoded, by stream, in the units of the new container.
    private var lastTimes: [Int32: Int64] = [:]

    /// What says how pictures are shown; all other side data stays behind.
    private static let kept = [
        AV_PKT_DATA_DISPLAYMATRIX, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, AV_PKT_DATA_CONTENT_LIGHT_LEVEL,
    ]

    init(source path: [UInt8], destination: [UInt8]) throws(Failure) {
        source = try Container(path: path)
        source.completeStreams()
        let format = try Remux.format(for: source, ending: Remux.ending(of: destination))
        var made: UnsafeMutablePointer<AVFormatContext>?
        let code = avformat_alloc_output_context2(&made, nil, format, nil)
        guard code >= 0, let made else { throw Failure(Container.message(code)) }
        output = made
        // Neither FFmpeg's name nor its version, nor the time.
        output.pointee.flags |= AVFMT_FLAG_BITEXACT
        source.context.pointee.flags |= AVFMT_FLAG_GENPTS
        try addStreams()
        try Remux.create(destination)
        let address = (Array("file:".utf8) + destination + [0]).map(CChar.init(bitPattern:))
        let opened = avio_open(&output.pointee.pb, address, AVIO_FLAG_WRITE)
        guard opened >= 0 else { throw Failure("cannot be written: \(Container.message(opened))") }
    }

    deinit {
        avio_closep(&output.pointee.pb)
        avformat_free_context(output)
    }

    /// Copies every packet.
    func run() throws(Failure) {
        let begun = avformat_write_header(output, nil)
        guard begun >= 0 else {
            throw Failure("does not fit into the new container: \(Container.message(begun))")
        }
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        guard let packet else { throw Failure("there is no memory for a packet") }
        while true {
            let code = av_read_frame(source.context, packet)
            if code == cffmpeg_end { break }
            guard code >= 0 else { throw Failure("cannot be read to its end: \(Container.message(code))") }
            let index = Int(packet.pointee.stream_index)
            guard places.indices.contains(index), places[index] >= 0,
                let from = source.context.pointee.streams[index],
                let to = output.pointee.streams[Int(places[index])]
            else {
                av_packet_unref(packet)
                continue
            }
            packet.pointee.stream_index = places[index]
            packet.pointee.pos = -1
            av_packet_rescale_ts(packet, from.pointee.time_base, to.pointee.time_base)
            settleTime(of: packet)
            try takeNotes(outOf: packet, index)
            if packet.pointee.size == 0 {
                av_packet_unref(packet)
                continue
            }
            let written = av_interleaved_write_frame(output, packet)
            guard written >= 0 else { throw Failure("cannot be written: \(Container.message(written))") }
        }
        let ended = av_write_trailer(output)
        guard ended >= 0 else { throw Failure("cannot be written: \(Container.message(ended))") }
    }

    private func takeNotes(outOf packet: UnsafeMutablePointer<AVPacket>, _ index: Int) throws(Failure) {
        let bytes = UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size))
        guard let left = notes[index]?.stripped(bytes) else { return }
        // The old bytes may be shared; new ones of the same size or less are made in their place.
        var buffer = av_buffer_alloc(left.count + Int(AV_INPUT_BUFFER_PADDING_SIZE))
        guard let made = buffer?.pointee.data else { throw Failure("there is no memory for a packet") }
        memset(made, 0, left.count + Int(AV_INPUT_BUFFER_PADDING_SIZE))
        left.withUnsafeBytes { if let start = $0.baseAddress { memcpy(made, start, left.count) } }
        swap(&packet.pointee.buf, &buffer)
        av_buffer_unref(&buffer)
        packet.pointee.data = made
        packet.pointee.size = Int32(left.count)
    }

    /// Gives a packet the times that a new container wants: both, and ever later ones.
    ///
    /// MPEG and AVI leave them unsaid, and cameras round a picture's time below that of its decoding.
    private func settleTime(of packet: UnsafeMutablePointer<AVPacket>) {
        let stream = packet.pointee.stream_index
        let none = cffmpeg_no_time
        let last = lastTimes[stream]
        let next = last.map { $0 + 1 }
        if packet.pointee.dts == none {
            let least = next ?? (packet.pointee.pts == none ? 0 : packet.pointee.pts)
            let step = last.map { $0 + max(1, packet.pointee.duration) } ?? least
            packet.pointee.dts = packet.pointee.pts == none ? step : max(least, min(step, packet.pointee.pts))
        }
        if packet.pointee.pts == none { packet.pointee.pts = packet.pointee.dts }
        if packet.pointee.dts > packet.pointee.pts { packet.pointee.dts = packet.pointee.pts }
        if let next, packet.pointee.dts < next { packet.pointee.dts = next }
        packet.pointee.pts = max(packet.pointee.pts, packet.pointee.dts)
        lastTimes[stream] = packet.pointee.dts
    }

    private func addStreams() throws(Failure) {
        let streams = source.streams
        let timecode =
            streams.filter(\.isVideo).compactMap { $0.tags["timecode"] }.first
            ?? streams.compactMap { $0.tags["timecode"] }.first ?? source.tags["timecode"]
        for stream in streams {
            guard stream.isVideo || stream.isAudio, stream.parameters.codec_id != AV_CODEC_ID_NONE else {
                places.append(-1)
                continue
            }
            guard let new = avformat_new_stream(output, nil),
                avcodec_parameters_copy(new.pointee.codecpar, stream.pointer.pointee.codecpar) >= 0
            else { throw Failure("there is no memory for a stream") }
            let parameters = stream.parameters
            new.pointee.codecpar.pointee.codec_tag = cffmpeg_tag(
                output.pointee.oformat,
                parameters.codec_id,
                parameters.codec_tag
            )
            new.pointee.time_base = stream.pointer.pointee.time_base
            new.pointee.avg_frame_rate = stream.pointer.pointee.avg_frame_rate
            new.pointee.r_frame_rate = stream.pointer.pointee.r_frame_rate
            // H.263 states another shape of pixels in its stream than its container does; the container is believed.
            let aspect = stream.pointer.pointee.sample_aspect_ratio
            if aspect.num > 0 {
                new.pointee.sample_aspect_ratio = aspect
                new.pointee.codecpar.pointee.sample_aspect_ratio = aspect
            }
            let notes = try SampleNotes(parameters)
            self.notes[stream.index] = notes
            try takeNotes(notes, outOf: new.pointee.codecpar)
            for kind in Remux.kept { try copySideData(kind, from: stream.pointer, to: new) }
            if stream.isVideo, let timecode { av_dict_set(&new.pointee.metadata, "timecode", timecode, 0) }
            places.append(new.pointee.index)
        }
        guard places.contains(where: { $0 >= 0 }) else { throw Failure("holds neither pictures nor sound") }
    }

    private func takeNotes(
        _ notes: SampleNotes,
        outOf parameters: UnsafeMutablePointer<AVCodecParameters>
    ) throws(Failure) {
        let size = Int(max(0, parameters.pointee.extradata_size))
        let setup = UnsafeBufferPointer(start: parameters.pointee.extradata, count: size)
        guard let data = parameters.pointee.extradata, let left = notes.strippedSetup(setup) else { return }
        memset(data, 0, size)
        left.withUnsafeBytes { if let start = $0.baseAddress { memcpy(data, start, left.count) } }
        parameters.pointee.extradata_size = Int32(left.count)
    }

    private func copySideData(
        _ kind: AVPacketSideDataType,
        from source: UnsafeMutablePointer<AVStream>,
        to new: UnsafeMutablePointer<AVStream>
    ) throws(Failure) {
        var size = 0
        guard let bytes = av_stream_get_side_data(source, kind, &size) else { return }
        guard let copy = av_stream_new_side_data(new, kind, size) else {
            throw Failure("there is no memory for a stream")
        }
        memcpy(copy, bytes, size)
    }

    /// The muxer for a name's ending.
    ///
    /// FFmpeg knows no linear sound in MP4, which Sony's cameras write: such a file keeps its name and becomes QuickTime
    /// inside, as every player that opens one takes the other.
    private static func format(for source: borrowing Container, ending: String) throws(Failure) -> String {
        switch ending {
        case "mov": return "mov"
        case "wav": return "wav"
        case "mp4", "m4v", "m4a":
            let mp4 = av_guess_format("mp4", nil, nil)
            let fits = source.streams.filter { $0.isVideo || $0.isAudio }.allSatisfy {
                avformat_query_codec(mp4, $0.parameters.codec_id, FF_COMPLIANCE_NORMAL) == 1
            }
            return fits ? "mp4" : "mov"
        default: throw Failure("there is no container for the ending “\(ending)”")
        }
    }

    /// FFmpeg would write over what is there.
    private static func create(_ path: [UInt8]) throws(Failure) {
        guard !path.contains(0) else { throw Failure("a path holds a NUL byte") }
        let descriptor = (path + [0]).map(CChar.init(bitPattern:)).withUnsafeBufferPointer { name in
            name.baseAddress.map { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644) } ?? -1
        }
        guard descriptor >= 0 else { throw Failure("the destination cannot be created: \(systemError())") }
        close(descriptor)
    }

    private static func ending(of path: [UInt8]) -> String {
        let ending = path.reversed().prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "/") }
        return String(decoding: ending.reversed(), as: UTF8.self).lowercased()
    }
}
