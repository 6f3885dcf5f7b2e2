import CameraXML
import CFFmpeg
import MediaProtocol

extension ContainerNotes {
    /// Everything that cameras wrote beside what libavformat gives, by the kind of container.
    ///
    /// Packets are read last, for that moves on the place from which others would be read.
    init(of container: borrowing Container, path: [UInt8], video: MediaStream?, make: String?) {
        self.init()
        let demuxer = container.demuxer
        var isGoPro = false
        switch demuxer {
        case "mov,mp4,m4a,3gp,3g2,mj2":
            if let movie = try? MovieNotes(path: path) {
                self = movie.notes
                isGoPro = movie.isGoPro
            }
            readPanasonic(container.tags)
        case "avi", "wav":
            if let chunks = try? RIFFNotes(path: path) { self = chunks.notes }
        case "mxf":
            if let header = try? MXFNotes(path: path) { self = header.notes }
        case "r3d":
            if let red = RedFile(path: path) {
                add(red.note())
                for text in red.texts { add(text.key, text.value) }
            }
        default: break
        }
        guard let video else { return }
        if isGoPro, !readings.contains(where: { $0.model != nil }), make == nil || make == "GoPro" {
            readMeasurements(container)
        }
        if demuxer == "mpegts", video.parameters.codec_id == AV_CODEC_ID_H264 {
            readPictures(of: video, container)
        }
        if video.parameters.codec_id == AV_CODEC_ID_DVVIDEO { readFrame(of: video, container) }
    }

    /// Lumix cameras put a whole XML document into one of the tags.
    private mutating func readPanasonic(_ tags: MediaTags) {
        guard let document = tags["com.panasonic.Semi-Pro.metadata.xml"] else { return }
        if let reading = CameraDocument.reading(of: XMLDocument.places(Array(document.utf8)[...])) {
            add(reading)
        }
    }

    /// The first sample of a GoPro's track of measurements.
    private mutating func readMeasurements(_ container: borrowing Container) {
        // `gpmd`, the first character lowest.
        guard let track = container.streams.first(where: { $0.parameters.codec_tag == 0x646D_7067 }) else {
            return
        }
        var reader = PacketReader(stream: track)
        guard reader.next(from: container) else { return }
        add(GoProNotes(reader.bytes[...]).reading())
    }

    /// The notes between the first pictures of AVCHD; a camera writes them with every keyframe.
    private mutating func readPictures(of video: MediaStream, _ container: borrowing Container) {
        guard let notes = StreamNotes(video.parameters) else { return }
        var reader = PacketReader(stream: video)
        for _ in 0..<64 {
            guard reader.next(from: container) else { return }
            let bytes = reader.bytes
            let found = bytes.withUnsafeBufferPointer { notes.unregisteredData($0) }
            if let camera = found.lazy.compactMap({ AVCHDNotes($0) }).first {
                add(camera.reading())
                return
            }
        }
    }

    private mutating func readFrame(of video: MediaStream, _ container: borrowing Container) {
        var reader = PacketReader(stream: video)
        guard reader.next(from: container), let notes = DVNotes(frame: reader.bytes) else { return }
        add(notes.reading())
    }
}

extension PacketReader {
    /// The bytes of the packet that was read.
    var bytes: [UInt8] {
        guard let packet = packet?.pointee, let data = packet.data, packet.size > 0 else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: Int(packet.size)))
    }
}
