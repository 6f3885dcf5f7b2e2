import MediaProtocol

/// What a camera wrote into a container besides what libavformat reads: each maker in a place of its own.
///
/// Every note is a reading of its own; the container's reading takes from them what it does not know. Their text goes
/// onto the shelf of raw tags as it stands.
struct ContainerNotes {
    private(set) var readings: [Reading] = []
    private(set) var texts: [(key: String, value: String)] = []

    /// Notes beyond this many are left alone: cameras write a dozen.
    private static let most = 2_000

    /// A note that has said nothing yet.
    static var blank: Reading { Reading(format: "", kind: .sidecar) }

    mutating func add(_ reading: Reading) {
        if readings.count < ContainerNotes.most { readings.append(reading) }
    }

    mutating func add(_ key: String, _ value: String) {
        if texts.count < ContainerNotes.most, !value.isEmpty { texts.append((key, value)) }
    }

    /// A note by a few of its fields.
    mutating func note(_ fill: (inout Reading) -> Void) {
        var reading = ContainerNotes.blank
        fill(&reading)
        add(reading)
    }
}

extension Reading {
    /// Takes from a note what is not known yet; when it was taken is decided elsewhere, from all that say so.
    mutating func adopt(_ note: Reading) {
        make = make ?? note.make
        model = model ?? note.model
        serial = serial ?? note.serial
        lens = lens ?? note.lens
        exposure = exposure ?? note.exposure
        aperture = aperture ?? note.aperture
        iso = iso ?? note.iso
        focalLength = focalLength ?? note.focalLength
        if latitude == nil, note.latitude != nil, note.longitude != nil {
            (latitude, longitude, altitude) = (note.latitude, note.longitude, note.altitude)
        }
        timecode = timecode ?? note.timecode
        reel = reel ?? note.reel
        title = title ?? note.title
        caption = caption ?? note.caption
        creator = creator ?? note.creator
        copyright = copyright ?? note.copyright
        rating = rating ?? note.rating
        if keywords.isEmpty { keywords = note.keywords }
        frames = frames ?? note.frames
        frameRate = frameRate ?? note.frameRate
        if let beside = note.footage {
            var own = footage ?? Footage()
            own.adopt(beside)
            footage = own
        }
    }
}

extension Footage {
    /// Takes what is not known yet.
    mutating func adopt(_ note: Footage) {
        clipName = clipName ?? note.clipName
        cameraLetter = cameraLetter ?? note.cameraLetter
        timecodeRate = timecodeRate ?? note.timecodeRate
        captureRate = captureRate ?? note.captureRate
        scan = scan ?? note.scan
        gamma = gamma ?? note.gamma
        gamut = gamut ?? note.gamut
        look = look ?? note.look
        umid = umid ?? note.umid
        mediaID = mediaID ?? note.mediaID
    }
}
