internal import MediaProtocol
internal import Storage

/// The columns of an asset that only clips and sounds fill, in one order for writing and for reading.
enum FootageColumns {
    static let names = [
        "clip_name", "camera_letter", "timecode_rate", "capture_rate", "capture_rate_text", "stored_width",
        "stored_height", "pixel_aspect", "rotation", "scan", "bit_depth", "chroma", "gamma", "gamut", "look",
        "umid", "media_id", "audio_tracks", "audio_channels", "sample_rate",
    ]

    /// What a photograph has in them, made once.
    private static let nothing = [Value](repeating: .null, count: names.count)

    static func values(_ footage: Footage?) -> [Value] {
        guard let footage else { return nothing }
        return [
            .text(footage.clipName), .text(footage.cameraLetter), .integer(footage.timecodeRate),
            .real(footage.captureRate?.value), .text(footage.captureRate.map(text)),
            .integer(footage.storedWidth), .integer(footage.storedHeight),
            .text(footage.pixelAspect.map { "\($0.numerator):\($0.denominator)" }),
            .integer(footage.rotation), .text(footage.scan?.rawValue), .integer(footage.bitDepth),
            .text(footage.chroma), .text(footage.gamma), .text(footage.gamut), .text(footage.look),
            .text(footage.umid), .text(footage.mediaID), .integer(footage.audioTracks),
            .integer(footage.audioChannels), .integer(footage.sampleRate),
        ]
    }

    /// A rate as people read it and as it is told back: `24000/1001`, `25`.
    static func text(_ rate: Rational) -> String {
        rate.denominator == 1 ? "\(rate.numerator)" : "\(rate.numerator)/\(rate.denominator)"
    }

    /// The footage of a row in which these columns begin at `first`.
    static func footage(_ row: Row, from first: Int) -> Footage {
        var footage = Footage()
        footage.clipName = row.textOrNil(first)
        footage.cameraLetter = row.textOrNil(first + 1)
        footage.timecodeRate = row.intOrNil(first + 2)
        footage.captureRate = row.textOrNil(first + 4).flatMap { fraction($0, "/") }
        footage.storedWidth = row.intOrNil(first + 5)
        footage.storedHeight = row.intOrNil(first + 6)
        footage.pixelAspect = row.textOrNil(first + 7).flatMap { fraction($0, ":") }
        footage.rotation = row.intOrNil(first + 8)
        footage.scan = row.textOrNil(first + 9).flatMap(Footage.Scan.init(rawValue:))
        footage.bitDepth = row.intOrNil(first + 10)
        footage.chroma = row.textOrNil(first + 11)
        footage.gamma = row.textOrNil(first + 12)
        footage.gamut = row.textOrNil(first + 13)
        footage.look = row.textOrNil(first + 14)
        footage.umid = row.textOrNil(first + 15)
        footage.mediaID = row.textOrNil(first + 16)
        footage.audioTracks = row.intOrNil(first + 17)
        footage.audioChannels = row.intOrNil(first + 18)
        footage.sampleRate = row.intOrNil(first + 19)
        return footage
    }

    private static func fraction(_ text: String, _ line: Character) -> Rational? {
        let parts = text.split(separator: line).map { Int64($0) }
        guard let above = parts.first ?? nil else { return nil }
        guard parts.count == 2, let below = parts[1] else { return Rational(above, 1) }
        return Rational(above, below)
    }
}
