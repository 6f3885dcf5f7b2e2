/// What a person calls a container.
enum ContainerFormat {
    /// The name for an open container; the QuickTime family is told apart by its brand.
    static func name(of container: borrowing Container, hasVideo: Bool) -> String {
        let demuxer = container.demuxer
        if demuxer.hasPrefix("mov,") {
            return byBrand(container.tags["major_brand"] ?? "qt", hasVideo: hasVideo)
        }
        return names[demuxer] ?? demuxer
    }

    private static let names = [
        "matroska,webm": "Matroska", "mxf": "MXF", "avi": "AVI", "mpegts": "MPEG-TS", "mpeg": "MPEG-PS",
        "mpegvideo": "MPEG video", "dv": "DV", "gxf": "GXF", "asf": "ASF", "flv": "FLV", "rm": "RealMedia",
        "ogg": "Ogg", "r3d": "R3D", "wav": "WAV", "w64": "Wave64", "aiff": "AIFF", "mp3": "MP3", "aac": "AAC",
        "ac3": "AC-3", "eac3": "E-AC-3", "flac": "FLAC", "caf": "CAF", "au": "AU", "amr": "AMR",
        "ape": "Monkey's Audio", "wv": "WavPack", "tta": "True Audio", "dsf": "DSF",
    ]

    /// The name that goes with a brand.
    ///
    /// A file without one is older than brands: QuickTime. Brands are four characters, the last often a blank.
    private static func byBrand(_ brand: String, hasVideo: Bool) -> String {
        switch brand.prefix(3) {
        case "qt": "QuickTime"
        case "M4V": "M4V"
        case "M4A", "M4B", "M4P": "M4A"
        case "3gp", "3gr", "3gs", "3ge", "3gg": "3GP"
        case "3g2": "3G2"
        default: "MP4"
        }
    }
}
