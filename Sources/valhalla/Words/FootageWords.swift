internal import Catalog
internal import Files
internal import MediaProtocol

extension Asset {
    /// `1440 × 1080 pixels of 4:3 as stored, turned by 90° to be shown`; nil where it is shown as it is stored.
    var storedWords: String? {
        guard let storedWidth = footage.storedWidth, let storedHeight = footage.storedHeight else {
            return nil
        }
        var parts: [String] = []
        let aspect = footage.pixelAspect.flatMap { $0.value == 1 ? nil : $0 }
        if aspect != nil || footage.rotation != nil {
            let shape = aspect.map { " pixels of \($0.numerator):\($0.denominator)" } ?? " pixels"
            parts.append("\(storedWidth) × \(storedHeight)\(shape)")
        }
        if let rotation = footage.rotation { parts.append("turned by \(rotation)° to be shown") }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// Codec, profile, sampling, depth and scan: `h264, High 4:2:2, 4:2:2, 10 bit, progressive`.
    var codecWords: String? {
        let isMoving = kind == .clip
        let parts = [
            codec, codecProfile, isMoving ? footage.chroma : nil,
            isMoving ? footage.bitDepth.map { "\($0) bit" } : nil, footage.scan?.rawValue,
        ]
        let known = parts.compactMap(\.self)
        return known.isEmpty ? nil : known.joined(separator: ", ")
    }

    /// The maker's names before the standard's: `S-Log3, S-Gamut3.Cine (bt709)`.
    var footageColorWords: String? {
        let named = [footage.gamma, footage.gamut].compactMap(\.self).joined(separator: ", ")
        guard let standard = color.flatMap(Asset.colorWords) else { return named.isEmpty ? nil : named }
        return named.isEmpty ? standard : "\(named) (\(standard))"
    }

    /// `bt709` where all three are that, else `smpte170m primaries, bt709 transfer, smpte170m matrix` as far as they are known.
    private static func colorWords(_ color: String) -> String? {
        let names = color.split(separator: "/").map(String.init)
        if Set(names).count == 1 { return names[0] == "unknown" ? nil : names[0] }
        let parts = zip(names, ["primaries", "transfer", "matrix"]).filter { $0.0 != "unknown" }
        return parts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }

    /// Where the timecode begins and at which rate it counts: `01:00:00;00, 30 a second, drop-frame`.
    var timecodeWords: String? {
        guard let timecode else { return nil }
        let rate = footage.timecodeRate.map { ", \($0) a second" } ?? ""
        return timecode + rate + (dropsFrames == true ? ", drop-frame" : "")
    }

    /// `59.94 frames a second (60000/1001)`, where it is another than the clip's.
    var captureRateWords: String? {
        guard let rate = footage.captureRate else { return nil }
        let text = FrameRateWords.of(rate)
        guard let frameRate, FrameRateWords.fraction(frameRate) != text else { return nil }
        return "\(text) by the sensor"
    }

    /// True when the timecode leaves numbers out; nil without a timecode.
    var dropsFrames: Bool? { timecode.map { $0.contains(";") } }
}

/// A frame rate in words.
enum FrameRateWords {
    /// `23.976 frames a second (24000/1001)`.
    static func of(_ rate: Rational) -> String {
        fraction(rate.denominator == 1 ? "\(rate.numerator)" : "\(rate.numerator)/\(rate.denominator)")
    }

    /// The same of a rate that is written as a fraction.
    static func fraction(_ text: String) -> String {
        let parts = text.split(separator: "/").compactMap { Double($0) }
        guard parts.count == 2, parts[1] > 0 else { return "\(text) frames a second" }
        let rounded = (parts[0] / parts[1] * 1_000).rounded() / 1_000
        return "\(rounded) frames a second (\(text))"
    }
}

extension Footage {
    /// What it adds to the object of `find --json`.
    func add(to object: inout JSONObject, of asset: Asset) {
        object.add("codec_profile", JSONValue(asset.codecProfile))
        object.add("pixel_format", JSONValue(asset.pixelFormat))
        object.add("bit_depth", JSONValue(bitDepth))
        object.add("chroma", JSONValue(chroma))
        object.add("scan", JSONValue(scan?.rawValue))
        object.add("stored_width", JSONValue(storedWidth))
        object.add("stored_height", JSONValue(storedHeight))
        object.add("pixel_aspect", JSONValue(pixelAspect.map { "\($0.numerator):\($0.denominator)" }))
        object.add("rotation", JSONValue(rotation))
        object.add("color", JSONValue(asset.color))
        object.add("gamma", JSONValue(gamma))
        object.add("gamut", JSONValue(gamut))
        object.add("look", JSONValue(look))
        object.add("capture_rate", JSONValue(captureRateText))
        object.add("timecode_rate", JSONValue(timecodeRate))
        object.add("drop_frame", asset.dropsFrames.map(JSONValue.bool) ?? .null)
        object.add("clip_name", JSONValue(clipName))
        object.add("camera_letter", JSONValue(cameraLetter))
        object.add("umid", JSONValue(umid))
        object.add("media_id", JSONValue(mediaID))
        object.add("audio_tracks", JSONValue(audioTracks))
        object.add("audio_channels", JSONValue(audioChannels))
        object.add("sample_rate", JSONValue(sampleRate))
    }

    /// As the clip's own rate is written: `24000/1001`.
    var captureRateText: String? {
        captureRate.map {
            $0.denominator == 1 ? "\($0.numerator)" : "\($0.numerator)/\($0.denominator)"
        }
    }

    /// The value of a template's field; nil when this is none of footage's.
    func text(_ field: String, of asset: Asset) -> String? {
        switch field {
        case "capture-fps": captureRateText
        case "scan": scan?.rawValue
        case "chroma": chroma
        case "color": asset.footageColorWords ?? asset.colorProfile
        case "gamma": gamma
        case "gamut": gamut
        case "look": look
        case "clip": clipName
        case "umid": umid
        case "media": mediaID
        case "audio": asset.audio
        case "pixel-aspect": pixelAspect.map { "\($0.numerator):\($0.denominator)" }
        default: nil
        }
    }

    /// The value of a template's field that is a number.
    func number(_ field: String, of asset: Asset) -> Int? {
        switch field {
        case "depth": bitDepth
        case "channels": audioChannels
        case "frames": asset.frames
        default: nil
        }
    }
}
