public import MediaProtocol

/// `P2Main`, the XML of a P2 card's `CLIP` folder, and `ClipMain`, the same that Lumix cameras write into their MOV files.
///
/// The one of a card ties a clip's video and sound files together.
public struct PanasonicNotes {
    private let places: XMLPlaces
    private let root: String

    /// Notes out of a parsed document.
    public init(_ places: XMLPlaces) {
        self.places = places
        root = places.root
    }

    private subscript(_ place: String) -> String? { places["\(root)/ClipContent/\(place)"] }

    private subscript(clip place: String) -> String? { self["ClipMetadata/" + place] }

    private subscript(camera place: String) -> String? {
        places["\(root)/UserArea/AcquisitionMetadata/CameraUnitMetadata/\(place)"]
    }

    /// What they say, as the reading of a sidecar.
    public func reading() -> Reading {
        var reading = Reading(format: root == "P2Main" ? "P2 XML" : "Panasonic XML", kind: .sidecar)
        for date in ["Shoot/StartDate", "Access/CreationDate"] where reading.taken == nil {
            reading.taken = self[clip: date].flatMap { text in
                WallTime(text: text, source: "\(root).\(date.split(separator: "/").last ?? "")")
            }
        }
        reading.make = self[clip: "Device/Manufacturer"]
        reading.model = self[clip: "Device/ModelName"]
        reading.serial = self[clip: "Device/SerialNo."] ?? self[clip: "Device/SerialNo"]
        reading.creator = self[clip: "Shoot/Shooter"] ?? self[clip: "Access/Creator"]
        reading.title = self[clip: "UserClipName"]
        reading.place = self[clip: "Shoot/Location/PlaceName"]
        readPosition(&reading)
        reading.frames = self["Duration"].flatMap { Int($0) }
        reading.frameRate = self["EditUnit"].flatMap { ClipRate.fraction($0, inverted: true) }
        reading.iso = self[camera: "ISOSensitivity"].flatMap { Int($0) }
        readTimecode(&reading)
        var footage = Footage()
        footage.clipName = self["ClipName"]
        footage.umid = self["GlobalClipID"].flatMap(UMID.digits)
        footage.captureRate = self["EssenceList/Video/CaptureRate"].flatMap(ClipRate.rate)
        footage.gamma = self[camera: "Gamma/CaptureGamma"].flatMap(CurveName.gamma)
        footage.gamut = self[camera: "Gamut/CaptureGamut"].flatMap(CurveName.gamut)
        reading.footage = footage.known
        return reading
    }

    /// Whether it drops frames stands beside it: `DropFrameFlag` of the rate on cards, `TimecodeType` in clips.
    private func readTimecode(_ reading: inout Reading) {
        guard var timecode = self["EssenceList/Video/StartTimecode"], timecode.utf8.count == 11 else {
            return
        }
        let drops =
            self["EssenceList/Video/FrameRate@DropFrameFlag"] == "true"
            || self["EssenceList/Video/TimecodeType"] == "Drop"
        if drops, let colon = timecode.lastIndex(of: ":") {
            timecode.replaceSubrange(colon...colon, with: ";")
        }
        reading.timecode = timecode
    }

    private func readPosition(_ reading: inout Reading) {
        guard let latitude = self[clip: "Shoot/Location/Latitude"].flatMap(PanasonicNotes.degrees),
            let longitude = self[clip: "Shoot/Location/Longitude"].flatMap(PanasonicNotes.degrees),
            abs(latitude) <= 90, abs(longitude) <= 180
        else { return }
        reading.latitude = latitude
        reading.longitude = longitude
        reading.altitude = self[clip: "Shoot/Location/Altitude"].flatMap { Double($0) }
    }

    /// `N35.6852`, `W120.25`.
    private static func degrees(_ text: String) -> Double? {
        guard let letter = text.first, let number = Double(text.drop { $0.isLetter }), number.isFinite else {
            return nil
        }
        return letter == "S" || letter == "W" ? -number : number
    }
}
