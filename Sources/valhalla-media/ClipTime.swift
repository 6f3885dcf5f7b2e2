import MediaProtocol

/// When a clip or sound was recorded, by whichever of its fields can be believed most.
enum ClipTime {
    /// A field that states its offset comes before one that does not; the container's clock comes last.
    ///
    /// What a maker wrote in a place of its own is the camera's; the container's clock may be that of whoever copied it.
    static func taken(
        tags: [MediaTags],
        demuxer: String,
        recorder: BroadcastWave?,
        notes: [Reading],
        make: String?
    ) -> WallTime? {
        func time(_ name: String, source: String) -> WallTime? {
            tags.lazy.compactMap { $0[name] }.compactMap { clock($0, source: source) }.first
        }
        let noted = notes.compactMap(\.taken)
        let apple = "com.apple.quicktime.creationdate"
        if let stated = time(apple, source: apple) { return stated }
        if let stated = noted.first(where: { $0.offsetMinutes != nil }) { return stated }
        if let recorded = recorder?.taken { return recorded }
        // `©day` is a date that older phones and some cameras write with time and offset; a bare year is none.
        let day = demuxer.hasPrefix("mov,") ? "©day" : "date"
        if let dated = time("date", source: day), dated.offsetMinutes != nil { return dated }
        if let camera = noted.first { return camera }
        if let recorded = time("date_recorded", source: "date_recorded") { return recorded }
        return created(tags: tags, demuxer: demuxer, make: make) ?? time("date", source: day)
    }

    /// The clock of the container, or else of the first of its tracks that has one.
    private static func created(tags: [MediaTags], demuxer: String, make: String?) -> WallTime? {
        for (index, tag) in tags.enumerated() {
            guard let text = tag["creation_time"] else { continue }
            // Matroska may have a tag of that name too, which somebody copied from another file with its clock.
            let isTag = demuxer == "matroska,webm" && !text.hasSuffix("Z")
            let source = isTag ? "CREATION_TIME" : field(of: demuxer, isTrack: index > 0)
            guard var created = clock(text, source: source) else { continue }
            // FFmpeg prints every such time with a Z. MP4's standard wants UTC, but most cameras write their wall clock;
            // Matroska's DateUTC and ASF's creation date are UTC by definition, and only computers write them.
            let isUTC =
                demuxer == "matroska,webm" && !isTag || demuxer == "asf"
                || demuxer.hasPrefix("mov,") && writesUTC(tags: tags, make: make)
            created.offsetMinutes = isUTC ? 0 : nil
            return created
        }
        return nil
    }

    /// A time of day is part of every camera's clock: a date alone says when something was published.
    private static func clock(_ text: String, source: String) -> WallTime? {
        text.utf8.count > 10 ? WallTime(text: text, source: source) : nil
    }

    /// The field behind FFmpeg's `creation_time`, which is its own name for it.
    private static func field(of demuxer: String, isTrack: Bool) -> String {
        switch demuxer {
        case "mov,mp4,m4a,3gp,3g2,mj2": isTrack ? "mdhd" : "mvhd"
        case "matroska,webm": "DateUTC"
        case "avi": "IDIT"
        case "asf": "ASF.CreationDate"
        default: "creation_time"
        }
    }

    /// Apple's and Android's recorders are known to keep to the standard.
    private static func writesUTC(tags: [MediaTags], make: String?) -> Bool {
        make == "Apple" || tags.contains { $0["com.android.version"] != nil }
    }
}

/// A point on the Earth as ISO 6709 writes it in clips: `+33.7490-115.8200+411.2/`.
struct GeographicPoint {
    let latitude: Double
    let longitude: Double
    let altitude: Double?

    /// Nil when the text is none, or the point is off the globe.
    init?(iso6709 text: String) {
        let body = text.prefix { $0 != "/" && !$0.isLetter }
        var parts: [String] = []
        for character in body {
            if character == "+" || character == "-" {
                parts.append(String(character))
            } else if character.isASCII, character.isNumber || character == ".", !parts.isEmpty {
                parts[parts.count - 1].append(character)
            } else {
                return nil
            }
        }
        guard parts.count >= 2, let latitude = GeographicPoint.degrees(parts[0], wholeDigits: 2),
            let longitude = GeographicPoint.degrees(parts[1], wholeDigits: 3),
            abs(latitude) <= 90, abs(longitude) <= 180
        else { return nil }
        self.latitude = latitude
        self.longitude = longitude
        altitude = parts.count > 2 ? Double(parts[2]) : nil
    }

    /// Degrees, degrees and minutes, or those and seconds: told apart by the digits before the point.
    private static func degrees(_ text: String, wholeDigits: Int) -> Double? {
        let digits = text.dropFirst()
        guard let number = Double(digits) else { return nil }
        let sign: Double = text.hasPrefix("-") ? -1 : 1
        let whole = digits.prefix { $0 != "." }.count
        if whole <= wholeDigits { return sign * number }
        if whole <= wholeDigits + 2 {
            let degrees = (number / 100).rounded(.down)
            return sign * (degrees + (number - degrees * 100) / 60)
        }
        let degrees = (number / 10_000).rounded(.down)
        let minutes = ((number - degrees * 10_000) / 100).rounded(.down)
        return sign * (degrees + minutes / 60 + (number - degrees * 10_000 - minutes * 100) / 3600)
    }
}
