public import MediaProtocol

/// `MEDIAPRO.XML` of a Sony card: which clips it holds, and which files belong to each.
///
/// Where names are ambiguous this list decides, for the camera keeps it.
public struct MediaProfile {
    private let places: XMLPlaces

    /// A list out of a parsed document.
    public init(_ places: XMLPlaces) { self.places = places }

    /// Clips beyond this many are not listed: a card holds hundreds, and a hostile file what it likes.
    private static let most = 10_000

    /// What it says, as the reading of a sidecar.
    public func reading() -> Reading {
        var reading = Reading(format: "MEDIAPRO", kind: .sidecar)
        reading.make = places["MediaProfile/Properties/System@systemKind"] == nil ? nil : "Sony"
        reading.model = places["MediaProfile/Properties/System@systemKind"]
        var footage = Footage()
        footage.mediaID = places["MediaProfile/Properties/Attached@mediaId"]
        reading.footage = footage.known
        reading.listing = clips
        return reading
    }

    /// In the list's order; what stands in an element belongs to the clip that was begun last.
    private var clips: [ListedClip] {
        let material = "MediaProfile/Contents/Material"
        var clips: [ListedClip] = []
        var pending = ListedClip(path: "")
        for (place, value) in places.all {
            guard place.hasPrefix(material) else { continue }
            let name = place.dropFirst(material.count)
            if name.hasPrefix("@") {
                // Attributes stand in any order: a clip begins with the first of them behind an element of its own.
                if !pending.beside.isEmpty || (name == "@uri" && !pending.path.isEmpty) {
                    finish(&pending, &clips)
                }
                switch name {
                case "@uri": pending.path = MediaProfile.path(value)
                case "@umid": pending.umid = UMID.digits(value)
                case "@dur": pending.frames = Int(value)
                default: break
                }
            } else if name.hasSuffix("@uri"), pending.beside.count < 100 {
                pending.beside.append(MediaProfile.path(value))
            }
            if clips.count >= MediaProfile.most { return clips }
        }
        finish(&pending, &clips)
        return clips
    }

    private func finish(_ pending: inout ListedClip, _ clips: inout [ListedClip]) {
        if !pending.path.isEmpty { clips.append(pending) }
        pending = ListedClip(path: "")
    }

    /// `./CLIP/C0001.MP4` is `CLIP/C0001.MP4`.
    private static func path(_ uri: String) -> String {
        uri.hasPrefix("./") ? String(uri.dropFirst(2)) : uri
    }
}
