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

    /// What says how pictures are shown; all other side data stays behind.
    private static let kept = [AV_PKT_DATA_DISPLAYMATRIX, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, AV_PKT_DATA_CONTENT_LIGHT_LEVEL]

    init(source path: [UInt8], destination: [UInt8]) throws(Failure) {
        let format =
            switch Remux.ending(of: destination) {
            case "mov": "mov"
            case "mp4", "m4v", "m4a": "mp4"
            case "wav": "wav"
            case let other: throw Failure("there is no container for the ending “\(other)”")
            }
        var made: UnsafeMutablePointer<AVFormatContext>?
        let code = avformat_alloc_output_context2(&made, nil, format, nil)
        guard code >= 0, let made else { throw Failure(Container.message(code)) }
        output = made
        source = try Container(path: path)
        source.completeStreams()
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
        guard begun >= 0 else { throw Failure("does not fit into the new container: \(Container.message(begun))") }
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        guard let packet else { throw Failure("there is no memory for a packet") }
        while true {
            let code = av_read_frame(source.context, packet)
            if code == cffmpeg_end { break }
            guard code >= 0 else { throw Failure("cannot be read to its end: \(Container.message(code))") }
            let index = Int(packet.pointee.stream_index)
            guard places.indices.contains(index), places[index] >= 0, let from = source.context.pointee.streams[index],
                let to = output.pointee.streams[Int(places[index])]
            else {
                av_packet_unref(packet)
                continue
            }
            packet.pointee.stream_index = places[index]
            packet.pointee.pos = -1
            av_packet_rescale_ts(packet, from.pointee.time_base, to.pointee.time_base)
            let written = av_interleaved_write_frame(output, packet)
            guard written >= 0 else { throw Failure("cannot be written: \(Container.message(written))") }
        }
        let ended = av_write_trailer(output)
        guard ended >= 0 else { throw Failure("cannot be written: \(Container.message(ended))") }
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
            guard let new = avformat_new_stream(output, nil), avcodec_parameters_copy(new.pointee.codecpar, stream.pointer.pointee.codecpar) >= 0
            else { throw Failure("there is no memory for a stream") }
            let parameters = stream.parameters
            new.pointee.codecpar.pointee.codec_tag = cffmpeg_tag(
                output.pointee.oformat, parameters.codec_id, parameters.codec_tag)
            new.pointee.time_base = stream.pointer.pointee.time_base
            new.pointee.avg_frame_rate = stream.pointer.pointee.avg_frame_rate
            new.pointee.r_frame_rate = stream.pointer.pointee.r_frame_rate
            new.pointee.sample_aspect_ratio = stream.pointer.pointee.sample_aspect_ratio
            for kind in Remux.kept { try copySideData(kind, from: stream.pointer, to: new) }
            if stream.isVideo, let timecode { av_dict_set(&new.pointee.metadata, "timecode", timecode, 0) }
            places.append(new.pointee.index)
        }
        guard places.contains(where: { $0 >= 0 }) else { throw Failure("holds neither pictures nor sound") }
    }

    private func copySideData(
        _ kind: AVPacketSideDataType,
        from source: UnsafeMutablePointer<AVStream>,
        to new: UnsafeMutablePointer<AVStream>
    ) throws(Failure) {
        var size = 0
        guard let bytes = av_stream_get_side_data(source, kind, &size) else { return }
        guard let copy = av_stream_new_side_data(new, kind, size) else { throw Failure("there is no memory for a stream") }
        memcpy(copy, bytes, size)
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
