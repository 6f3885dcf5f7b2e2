public import MediaProtocol

/// `ClipContent`, which Canon's XF cameras write beside every clip of a card.
///
/// The elements are those of the XML files of XF and XF-AVC cards; a camera that leaves one out leaves it unknown.
public struct CanonNotes {
    private let places: XMLPlaces

    /// Notes out of a parsed document.
    public init(_ places: XMLPlaces) { self.places = places }

    /// The values whose place ends so, whatever stands around: models nest differently.
    private func ending(_ names: String...) -> String? {
        for name in names {
            let found = places.all.first { pair in
                !pair.value.isEmpty && (pair.place == name || pair.place.hasSuffix("/\(name)"))
            }
            if let found { return found.value }
        }
        return nil
    }

    /// What they say, as the reading of a sidecar.
    public func reading() -> Reading {
        var reading = Reading(format: "Canon XML", kind: .sidecar)
        reading.taken = ending("StartDate", "StartOfContent", "CreationDate", "RecordingDate").flatMap {
            WallTime(text: $0, source: "ClipContent.StartDate")
        }
        reading.make = ending("Manufacturer", "Device/Manufacturer")
        reading.model = ending("ModelName", "Device/ModelName", "Model")
        reading.serial = ending("SerialNo", "SerialNo.", "SerialNumber", "Device/SerialNo.")
        reading.lens = ending("LensModelName", "Lens/ModelName", "LensName")
        reading.frames = ending("Duration").flatMap { Int($0) }
        reading.frameRate =
            ending("EditUnit").flatMap { ClipRate.fraction($0, inverted: true) }
            ?? ending("FrameRate", "VideoFrameRate").flatMap(ClipRate.rate)
        reading.timecode = ending("StartTimecode", "StartTimeCode")
        reading.title = ending("UserClipName", "ClipTitle", "Title")
        reading.reel = ending("ReelName", "ReelNumber", "ReelNo")
        var footage = Footage()
        footage.clipName = ending("ClipName")
        footage.umid = ending("GlobalClipID", "UMID").flatMap(UMID.digits)
        footage.captureRate = ending("CaptureFrameRate", "ShootingFrameRate").flatMap(ClipRate.rate)
        footage.gamma = ending("Gamma", "CaptureGammaEquation").flatMap(CurveName.gamma)
        footage.gamut = ending("ColorSpace", "ColorGamut").flatMap(CurveName.gamut)
        footage.cameraLetter = ending("CameraIndex", "CameraID")
        reading.footage = footage.known
        return reading
    }
}
