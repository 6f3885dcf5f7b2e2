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
            // The profile that our pictures get, and no other that may be called so.
            case "ICC profile", "ICC dmdd": item.value == "sRGB"
            case "ICC dmnd": item.value == "lcms generated "
            case "ICC header": item.value == "lcms"
            case "ICC cprt": item.value == "no copyright, use freely"
            // The encoder's statement of the format: a version, and pixels that are square.
            case "JFIF": item.value == "1.01, unit 0, 1 × 1"
            default: words[item.key]?.contains(item.value) ?? false
            }
        }
    }

    /// Pages say beside their text: their title, the day they were told, and the library that drew them.
    static func paper(_ order: PaperOrder) -> MetadataRule {
        let date = PlainDate(milliseconds: order.date)
        let instant = (date.day8601 + date.time8601).filter(\.isNumber) + "Z"
        return MetadataRule { [title = order.title] item in
            switch item.key {
            case "PDF /Title": item.value == title
            // Some releases write `D:` before it.
            case "PDF /CreationDate": item.value == instant || item.value == "D:\(instant)"
            case "PDF /Producer":
                item.value.wholeMatch(of: /cairo [0-9.]+ \(https:\/\/cairographics\.org\)/) != nil
            // The library counts what it tags.
            case "PDF comment": item.value.allSatisfy { $0 == " " || $0.isWholeNumber }
            // Of an embedded font, whichever this machine has in the place of ours.
            case "PDF /FontFamily": true
            // How the characters of an embedded font are numbered.
            case "PDF /Registry": item.value == "Adobe"
            case "PDF /Ordering": item.value == "Identity" || item.value == "UCS"
            default: false
            }
        }
    }

    /// Brands that every player and every recorder writes, and none by which a maker is known.
    private static let brands: Set = ["qt", "isom", "iso2", "avc1", "mp41", "mp42"]

    /// What containers of a kind say alike, to the byte: who FFmpeg says wrote a description, and how a player is to draw
    /// the timecode (a matrix; the size, place, colours and font of the figures).
    private static let alike = [
        "moov/trak/mdia/minf/stbl/stsd vendor": "FFMP",
        "moov/trak/mdia/minf/gmhd/text":
            "000100000000000000000000000000000001000000000000000000000000000040000000",
        "moov/trak/mdia/minf/gmhd/tmcd":
            "0000002e74636d690000000000000000000c0000000000000000ffffffffffff0d4c7563696461204772616e6465",
    ]

    /// A clip or sound says nothing: what is left are the names that every container of its kind has, and the track
    /// that counts the timecode.
    static let stream = MetadataRule { item in
        let names: Set = [
            "VideoHandler", "SoundHandler", "TimeCodeHandler", "DataHandler", "Apple Video Media Handler",
            "Apple Sound Media Handler", "Apple Alias Data Handler", "Time Code Media Handler", "Lavf",
        ]
        if item.key.hasSuffix("hdlr name") { return names.contains(item.value) }
        if item.key == "ftyp" {
            return item.value.split(separator: ", ").allSatisfy { brands.contains(String($0)) }
        }
        if let value = alike[item.key] { return item.value == value }
        return item.key.hasPrefix("track ") && item.value == "tmcd tmcd: neither picture nor sound"
    }
}
