import CFFmpeg
import MediaProtocol

extension Reading {
    /// What a clip or a sound says about itself.
    ///
    /// Opening is enough for most; the streams are completed only where that leaves a gap, because it costs 20 to 80 ms.
    init(container path: [UInt8]) throws(Failure) {
        let container = try Container(path: path)
        if StreamFacts.areIncomplete(in: container) { container.completeStreams() }
        let streams = container.streams
        let video = streams.first { $0.isVideo && $0.parameters.width > 0 } ?? streams.first(where: \.isVideo)
        let sounds = streams.filter(\.isAudio)
        guard video != nil || !sounds.isEmpty else {
            throw Failure("holds neither moving pictures nor sound")
        }

        self.init(
            format: ContainerFormat.name(of: container, hasVideo: video != nil),
            kind: video == nil ? .sound : .clip
        )
        if let video { readVideo(video, in: container) }
        codec = (video ?? sounds.first)?.codec
        if video == nil, let sound = sounds.first { codecProfile = StreamFacts.profile(of: sound.parameters) }
        duration = StreamFacts.duration(of: container, streams: streams)
        let layouts = sounds.compactMap { StreamFacts.audio($0.parameters) }
        audio = layouts.isEmpty ? nil : layouts.joined(separator: " + ")

        let all = [container.tags] + streams.map(\.tags)
        readTimecode(from: all, video: video)
        readWords(from: all)
        let sampleRate = Int(sounds.first?.parameters.sample_rate ?? 0)
        let recorder = BroadcastWave(demuxer: container.demuxer, tags: container.tags, sampleRate: sampleRate)
        timecode = timecode ?? recorder?.timecode
        reel = reel ?? recorder?.reel
        taken = ClipTime.taken(tags: all, demuxer: container.demuxer, recorder: recorder, make: make)
        if let outline = try? BoxOutline(path: path), outline.missing > 0 {
            damage = "the file ends \(outline.missing) bytes before it should"
        }
        (rawTags, rawDictionary) = (
            RawTags(container: container, streams: streams, reading: self).compressed(), 0
        )
    }

    private mutating func readVideo(_ video: MediaStream, in container: borrowing Container) {
        let facts = PictureFacts(video, in: container)
        codecProfile = facts.profile
        pixelFormat = facts.pixelFormat
        color = facts.color
        (width, height) = facts.displayedSize
        frameRate = StreamFacts.frameRate(of: video)
        frames = StreamFacts.frames(of: video, rate: frameRate)
    }

    /// The picture's own timecode counts before the one of a sound or of the container.
    private mutating func readTimecode(from all: [MediaTags], video: MediaStream?) {
        let ordered = (video.map { [$0.tags] } ?? []) + all
        timecode = ordered.lazy.compactMap { $0["timecode"] }.first
        reel = ordered.lazy.compactMap { $0["reel_name"] }.first
    }

    private mutating func readWords(from all: [MediaTags]) {
        func first(_ names: String...) -> String? {
            for name in names {
                if let found = all.lazy.compactMap({ $0[name] }).first { return found }
            }
            return nil
        }
        make = first("com.apple.quicktime.make", "make", "com.android.manufacturer", "manufacturer")
        model = first("com.apple.quicktime.model", "model", "com.android.model")
        serial = first(
            "com.apple.proapps.serialno",
            "com.arri.camera.CameraSerialNumber",
            "serial_number",
            "serial",
            "camera_serial_number"
        )
        lens = first("com.apple.quicktime.camera.lens_model", "com.arri.camera.LensType", "lens")
        title = first("com.apple.quicktime.title", "com.apple.quicktime.displayname", "title")
        caption = first(
            "com.apple.quicktime.description",
            "com.apple.quicktime.comment",
            "description",
            "comment"
        )
        creator = first(
            "com.apple.quicktime.author",
            "com.apple.quicktime.artist",
            "artist",
            "author",
            "originator"
        )
        copyright = first("com.apple.quicktime.copyright", "copyright")
        contentIdentifier = first("com.apple.quicktime.content.identifier")
        if reel == nil { reel = first("com.apple.proapps.reel", "reel", "tape") }
        let places = ["com.apple.quicktime.location.ISO6709", "location"]
        if let place = places.lazy.compactMap({ first($0) }).compactMap(GeographicPoint.init(iso6709:)).first
        {
            (latitude, longitude, altitude) = (place.latitude, place.longitude, place.altitude)
        }
    }
}
