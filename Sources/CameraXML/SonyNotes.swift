public import MediaProtocol

/// `NonRealTimeMeta`, which Sony cameras write beside every clip as `C0001M01.XML`, and into their MP4 files.
///
/// It knows what the clip does not: the clock's offset, the curve and the primaries, the sensor's own rate.
public struct SonyNotes {
    private let places: XMLPlaces

    /// Notes out of a parsed document.
    public init(_ places: XMLPlaces) { self.places = places }

    private subscript(_ place: String) -> String? { places["NonRealTimeMeta/" + place] }

    /// What they say, as the reading of a sidecar.
    public func reading() -> Reading {
        var reading = Reading(format: "Sony XML", kind: .sidecar)
        reading.taken = self["CreationDate@value"].flatMap {
            WallTime(text: $0, source: "NonRealTimeMeta.CreationDate")
        }
        reading.make = self["Device@manufacturer"]
        reading.model = self["Device@modelName"]
        reading.serial = self["Device@serialNo"]
        reading.lens = self["Lens@modelName"]
        reading.frames = self["Duration@value"].flatMap { Int($0) }
        reading.frameRate = self["VideoFormat/VideoFrame@formatFps"].flatMap(ClipRate.rate)
        reading.timecode = self["LtcChangeTable/LtcChange@value"].flatMap(SonyNotes.timecode)
        reading.title = self["Title@usAscii"] ?? self["Title@international"]
        readPlace(&reading)
        reading.footage = footage().known
        return reading
    }

    private func footage() -> Footage {
        var footage = Footage()
        footage.umid = self["TargetMaterial@umidRef"].flatMap(UMID.digits)
        footage.timecodeRate = self["LtcChangeTable@tcFps"].flatMap { Int($0) }
        footage.captureRate = self["VideoFormat/VideoFrame@captureFps"].flatMap(ClipRate.rate)
        footage.gamma = item("CaptureGammaEquation").flatMap(CurveName.gamma)
        footage.gamut = item("CaptureColorPrimaries").flatMap(CurveName.gamut)
        footage.look = look
        footage.clipName = self["Title@usAscii"]
        let places = ["RecordingMode@cameraId", "Device/CameraLetter", "Device@cameraIndex"]
        footage.cameraLetter = places.lazy.compactMap { self[$0] }.first
        return footage
    }

    /// `AcquisitionRecord/Group/Item`: a name and a value.
    private func item(_ name: String) -> String? {
        let place = "NonRealTimeMeta/AcquisitionRecord/Group/Item"
        return places.value("\(place)@value", named: "\(place)@name", equals: name)
    }

    /// The lookup table that the clip refers to, by its file's name.
    private var look: String? {
        let place = "NonRealTimeMeta/RelevantFiles/RelatedTo"
        let names = ["file", "fileName", "uri"]
        return names.lazy.compactMap { name in
            places.value("\(place)@\(name)", named: "\(place)@rel", equals: "LUT")
        }
        .first
    }

    /// `Group@name="ExifGPS"`: latitude as `35:37:30.12` beside its letter.
    private func readPlace(_ reading: inout Reading) {
        guard let latitude = item("Latitude").flatMap(SonyNotes.degrees),
            let longitude = item("Longitude").flatMap(SonyNotes.degrees),
            latitude <= 90, longitude <= 180, item("Status") != "V"
        else { return }
        reading.latitude = item("LatitudeRef") == "S" ? -latitude : latitude
        reading.longitude = item("LongitudeRef") == "W" ? -longitude : longitude
    }

    private static func degrees(_ text: String) -> Double? {
        let parts = text.split(separator: ":").map { Double($0) }
        guard (1...3).contains(parts.count) else { return nil }
        var degrees = 0.0
        for (part, unit) in zip(parts, [1.0, 60, 3600]) {
            guard let part, part >= 0 else { return nil }
            degrees += part / unit
        }
        return degrees
    }

    /// Frames, seconds, minutes and hours in decimal digits, in that order: `16162602` is 02:26:16:16.
    ///
    /// The bit of 40 in the frames says that it drops some.
    public static func timecode(_ text: String) -> String? {
        guard text.utf8.count == 8, let number = UInt32(text, radix: 16) else { return nil }
        let fields = [number & 0x3F, number >> 8 & 0x7F, number >> 16 & 0x7F, number >> 24 & 0x3F]
        let digits = fields.map { field in "\(field >> 4)\(field & 15)" }
        guard fields.allSatisfy({ $0 & 15 < 10 }) else { return nil }
        let drops = number >> 24 & 0x40 != 0
        return "\(digits[0]):\(digits[1]):\(digits[2])\(drops ? ";" : ":")\(digits[3])"
    }
}
