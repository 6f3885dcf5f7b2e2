internal import MediaProtocol

/// What a finished file may say about itself.
///
/// Everything else keeps the whole package at home.
struct MetadataRule: Sendable {
    private let allows: @Sendable (MetadataItem) -> Bool

    /// The items that are not allowed.
    func violations(in items: [MetadataItem]) -> [MetadataItem] {
        items.filter { !allows($0) }
    }

    /// A picture says what it was given, word for word, and how its colours are meant.
    static func picture(_ metadata: PublicMetadata) -> MetadataRule {
        let creators = metadata.creator.map { $0.split(separator: "; ").map(String.init) } ?? []
        var words: [String: Set<String>] = ["Xmp.dc.creator": Set(creators)]
        for (keys, value) in [
            (["Xmp.dc.title"], metadata.title),
            (["Xmp.dc.description", "Exif.Image.ImageDescription"], metadata.caption),
            (["Exif.Image.Artist"], metadata.creator),
            (["Xmp.photoshop.Credit"], metadata.credit),
            (["Xmp.dc.rights", "Exif.Image.Copyright"], metadata.copyright),
            (["Xmp.xmpRights.UsageTerms"], metadata.usageTerms),
            (["Xmp.photoshop.Instructions"], metadata.instructions),
            // That there is a copyright, and no more.
            (["Xmp.xmpRights.Marked"], metadata.copyright == nil ? nil : "True"),
        ] {
            for key in keys { if let value { words[key] = [value] } }
        }
        return MetadataRule { [words] item in
            switch item.key {
            case "ICC profile": item.value.lowercased().hasPrefix("srgb")
            // The encoder's statement of the format: a version, and pixels that are square.
            case "JFIF": true
            default: words[item.key]?.contains(item.value) ?? false
            }
        }
    }

    /// A clip or sound says nothing: what is left are the names that every container of its kind has, and the track
    /// that counts the timecode.
    static let stream = MetadataRule { item in
        let names: Set = [
            "VideoHandler", "SoundHandler", "TimeCodeHandler", "DataHandler", "Apple Video Media Handler",
            "Apple Sound Media Handler", "Apple Alias Data Handler", "Time Code Media Handler", "Lavf",
        ]
        if item.key.hasSuffix("hdlr name") { return names.contains(item.value) }
        // How a player is to draw the timecode: a matrix, and the size and place of figures. Words would show as words.
        let drawing = [
            "moov/trak/mdia/minf/gmhd/text": "36 bytes", "moov/trak/mdia/minf/gmhd/tmcd": "46 bytes",
        ]
        if drawing[item.key] == item.value { return true }
        return item.key.hasPrefix("track ") && item.value.hasPrefix("tmcd tmcd")
    }
}
