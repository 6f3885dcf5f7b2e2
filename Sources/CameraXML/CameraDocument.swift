public import MediaProtocol

/// An XML document that a camera wrote about a clip, by its outermost element.
public enum CameraDocument {
    /// What it says, as the reading of a sidecar; nil when no camera of ours writes such a document.
    public static func reading(of places: XMLPlaces) -> Reading? {
        switch places.root {
        case "NonRealTimeMeta": SonyNotes(places).reading()
        case "P2Main", "ClipMain": PanasonicNotes(places).reading()
        case "ClipContent", "CanonClip", "XFClip": CanonNotes(places).reading()
        case "MediaProfile": MediaProfile(places).reading()
        default: nil
        }
    }
}
