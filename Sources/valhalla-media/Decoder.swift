import CFFmpeg

/// A decoder for one stream, with one thread: more reserve more address space than the memory limit has.
struct Decoder: ~Copyable {
    let context: UnsafeMutablePointer<AVCodecContext>
    private let frame: UnsafeMutablePointer<AVFrame>

    /// Nil when there is no decoder for the stream; with `skippingPixels` it reads heads only.
    init?(stream: MediaStream, skippingPixels: Bool = false) {
        guard let codec = avcodec_find_decoder(stream.parameters.codec_id),
            let context = avcodec_alloc_context3(codec)
        else { return nil }
        var owned: UnsafeMutablePointer<AVCodecContext>? = context
        context.pointee.thread_count = 1
        guard avcodec_parameters_to_context(context, stream.pointer.pointee.codecpar) >= 0 else {
            avcodec_free_context(&owned)
            return nil
        }
        context.pointee.pkt_timebase = stream.pointer.pointee.time_base
        if skippingPixels { context.pointee.skip_frame = AVDISCARD_ALL }
        guard avcodec_open2(context, codec, nil) >= 0, let frame = av_frame_alloc() else {
            avcodec_free_context(&owned)
            return nil
        }
        self.context = context
        self.frame = frame
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
    }

    /// Gives a packet to the decoder and lets go of whatever it says.
    borrowing func feed(_ packet: borrowing PacketReader) {
        avcodec_send_packet(context, packet.packet)
        avcodec_receive_frame(context, frame)
    }

    /// The next whole frame; nil at the end, and when nothing can be decoded.
    borrowing func nextFrame(
        from reader: inout PacketReader,
        in container: borrowing Container
    ) -> UnsafeMutablePointer<AVFrame>? {
        var isDrained = false
        // A damaged stream may give packet after packet and never a frame.
        for _ in 0..<2000 {
            let code = avcodec_receive_frame(context, frame)
            if code == 0 { return frame }
            guard code == cffmpeg_again, !isDrained else { return nil }
            if reader.next(from: container) {
                avcodec_send_packet(context, reader.packet)
            } else {
                avcodec_send_packet(context, nil)
                isDrained = true
            }
        }
        return nil
    }

    /// Forgets what it has seen, after a seek.
    borrowing func reset() {
        avcodec_flush_buffers(context)
    }
}

/// Reads the packets of one stream.
struct PacketReader: ~Copyable {
    let packet: UnsafeMutablePointer<AVPacket>?
    private let index: Int32

    init(stream: MediaStream) {
        packet = av_packet_alloc()
        index = stream.pointer.pointee.index
    }

    deinit {
        var packet = packet
        av_packet_free(&packet)
    }

    /// Moves on to the stream's next packet; false at the end.
    mutating func next(from container: borrowing Container) -> Bool {
        guard let packet else { return false }
        // The first packet of a stream may stand behind many of another's.
        for _ in 0..<100_000 {
            av_packet_unref(packet)
            guard av_read_frame(container.context, packet) >= 0 else { return false }
            if packet.pointee.stream_index == index { return true }
        }
        return false
    }
}
