import CameraXML
import CFFmpeg
import MediaProtocol

extension Reading {
    /// What a clip or a sound says about itself.
    ///
    /// Opening is enough for most; the streams are completed only where that leaves a gap, because it costs 20 to 80 ms.
    init(container path: [UInt8]) throws(Failure) {
        do throws(Failure) {
            try self.init(opening: path)
        } catch {
            // Of the second generation of Redcode only the head is known here.
            guard let red = RedFile(path: path) else { throw error }
            self = red.reading()
        }
    }

    private init(opening path: [UInt8]) throws(Failure) {
        let container = try Container(path: path)
        if StreamFacts.areIncomplete(in: container) { container.completeStreams() }
        let streams = container.streams
        let video = streams.first { $0.isVideo && $0.parameters.width > 0 } ?? streams.first(where: \.isVideo)
        let sounds = streams.filter(\.isAudio)
        let isEmpty = video == nil && sounds.isEmpty
        // A movie whose tracks are lost may still say when and where it was recorded; of others nothing is left.
        guard !isEmpty || container.demuxer.hasPrefix("mov,") else {
            throw Failure("holds neither moving pictures nor sound")
        }

        self.init(
            format: ContainerFormat.name(of: container, hasVideo: video != nil),
            kind: video != nil || isEmpty ? .clip : .sound
        )
        if isEmpty { damage = "holds neither moving pictures nor sound" }
        codec = (video ?? sounds.first)?.codec
        // Blackmagic's raw codecs, of which libavcodec knows none: brxq, brvn, brs2 and others.
        if format == "QuickTime", let codec, codec.hasPrefix("br"), codec.utf8.count == 4 { format = "BRAW" }
        if video == nil, let sound = sounds.first { codecProfile = StreamFacts.profile(of: sound.parameters) }
        duration = StreamFacts.duration(of: container, streams: streams)
        var footage = Footage()
        if let video { readVideo(video, in: container, &footage) }
        if !isEmpty { readSound(SoundTracks(sounds), &footage) }
        self.footage = footage

        let all = [container.tags] + streams.map(\.tags)
        readTimecode(from: all, streams: streams, video: video)
        readWords(from: all)
        readProfessional(from: all)
        let notes = ContainerNotes(of: container, path: path, video: video, make: make)
        readRecorder(container, notes)
        for note in notes.readings { adopt(note) }
        taken = ClipTime.taken(
            tags: all,
            demuxer: container.demuxer,
            recorder: BroadcastWave(demuxer: container.demuxer, tags: container.tags, sampleRate: 0),
            notes: notes.readings,
            make: make
        )
        settleTimecode()
        if let outline = try? BoxOutline(path: path), outline.missing > 0 {
            damage = "the file ends \(outline.missing) bytes before it should"
        }
        (rawTags, rawDictionary) = (
            RawTags(container: container, streams: streams, notes: notes).compressed(), 0
        )
    }

    private mutating func readVideo(
        _ video: MediaStream,
        in container: borrowing Container,
        _ footage: inout Footage
    ) {
        let facts = PictureFacts(video, in: container)
        codecProfile = facts.profile
        pixelFormat = facts.pixelFormat
        color = facts.color
        (width, height) = facts.displayedSize
        frameRate = StreamFacts.frameRate(of: video)
        frames = StreamFacts.frames(of: video, rate: frameRate)
        let parameters = video.parameters
        if parameters.width > 0, parameters.height > 0 {
            footage.storedWidth = Int(parameters.width)
            footage.storedHeight = Int(parameters.height)
        }
        footage.pixelAspect = facts.pixelAspect
        footage.rotation = [3: 180, 6: 90, 8: 270, 4: 180, 5: 90, 7: 270][video.orientation]
        let format = PictureFormat(facts.pixelFormat)
        footage.chroma = format.chroma
        footage.bitDepth =
            parameters.bits_per_raw_sample >= 8 ? Int(parameters.bits_per_raw_sample) : format.bitDepth
        footage.scan = video.scan(in: container)
        // Two curves whose standards' names nobody uses.
        switch facts.color?.split(separator: "/").dropFirst().first {
        case "arib-std-b67": footage.gamma = "HLG"
        case "smpte2084": footage.gamma = "PQ"
        default: break
        }
    }

    private mutating func readSound(_ tracks: SoundTracks, _ footage: inout Footage) {
        audio = tracks.words
        footage.audioTracks = tracks.count
        footage.audioChannels = tracks.channels
        footage.sampleRate = tracks.sampleRate
        if kind == .sound { footage.bitDepth = tracks.bitDepth }
    }

    /// The picture's own timecode counts before the one of a sound or of the container.
    private mutating func readTimecode(from all: [MediaTags], streams: [MediaStream], video: MediaStream?) {
        let ordered = (video.map { [$0.tags] } ?? []) + all
        timecode = ordered.lazy.compactMap { $0["timecode"] }.first
        reel = ordered.lazy.compactMap { $0["reel_name"] }.first
        footage?.timecodeRate = streams.lazy.compactMap(\.timecodeRate).first
    }

    /// A timecode whose track names no rate counts the picture's, rounded up to a whole number.
    private mutating func settleTimecode() {
        if timecode == nil {
            footage?.timecodeRate = nil
        } else if footage?.timecodeRate == nil, let frameRate, frameRate.value > 0, frameRate.value < 1000 {
            footage?.timecodeRate = Int(frameRate.value.rounded())
        }
    }

    private mutating func readRecorder(_ container: borrowing Container, _ notes: ContainerNotes) {
        guard
            let recorder = BroadcastWave(
                demuxer: container.demuxer,
                tags: container.tags,
                sampleRate: footage?.sampleRate ?? 0
            )
        else { return }
        timecode = timecode ?? recorder.timecode
        if timecode != nil { footage?.timecodeRate = recorder.timecodeRate }
        reel = reel ?? recorder.reel
        caption = recorder.caption
        footage?.umid = container.tags["umid"].flatMap(UMID.digits)
    }
}
