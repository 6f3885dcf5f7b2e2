/// What a file is, judged by its first bytes.
///
/// Names lie: a picture sent on may carry any ending.
enum Content: Hashable {
    case jpeg
    /// TIFF, and the raw formats that are TIFF inside.
    case tiff
    case bigTIFF
    /// A raw format that exiv2 opens by itself, and its name.
    case raw(String)
    case heif
    case cr3
    case x3f
    case png
    case jpegXL
    case jpeg2000
    case webp
    case gif
    case psd
    case xml
    case subtitles
    case ale
    case json
    case propertyList
    /// AVCHD's and Blu-ray's list of what is played.
    case playlist

    /// Nil when it is nothing of ours.
    init?(_ start: [UInt8]) {
        if start.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if start.has("FUJIFILMCCD-RAW ") {
            self = .raw("RAF")
        } else if start.has("IIRO") || start.has("IIRS") || start.has("MMOR") {
            self = .raw("ORF")
        } else if start.has("IIU\0") {
            self = .raw("RW2")
        } else if start.has("HEAPCCDR", at: 6) {
            self = .raw("CRW")
        } else if start.has("FOVb") {
            self = .x3f
        } else if start.has("\0MRM") {
            self = .raw("MRW")
        } else if start.has("II*\0") || start.has("MM\0*") {
            self = .tiff
        } else if start.has("II+\0") || start.has("MM\0+") {
            self = .bigTIFF
        } else if start.has("PNG\r\n", at: 1) {
            self = .png
        } else if start.starts(with: [0xFF, 0x0A]) || start.has("JXL ", at: 4) {
            self = .jpegXL
        } else if start.has("jP  ", at: 4) || start.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) {
            self = .jpeg2000
        } else if start.has("RIFF"), start.has("WEBP", at: 8) {
            self = .webp
        } else if start.has("GIF87a") || start.has("GIF89a") {
            self = .gif
        } else if start.has("8BPS") {
            self = .psd
        } else if start.has("ftyp", at: 4) {
            guard let content = Content(brandsOf: start) else { return nil }
            self = content
        } else if start.has("bplist00") {
            self = .propertyList
        } else if start.has("MPLS") {
            self = .playlist
        } else {
            guard let content = Content(text: start) else { return nil }
            self = content
        }
    }

    private init?(brandsOf start: [UInt8]) {
        let end = Swift.min(start.big32(0) ?? 0, start.count)
        var brands = [8]
        brands += stride(from: 16, to: max(16, end - 3), by: 4)
        for at in brands {
            if start.has("crx ", at: at) {
                self = .cr3
                return
            }
            let stills: [StaticString] = [
                "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis",
            ]
            if stills.contains(where: { start.has($0, at: at) }) {
                self = .heif
                return
            }
        }
        return nil
    }

    private init?(text start: [UInt8]) {
        let characters = start.withoutByteOrderMark
        let first = characters.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        if first.first == UInt8(ascii: "<") {
            guard XMLRoot(Array(first)) != nil else { return nil }
            self = .xml
        } else if first.starts(with: "Heading".utf8), Array(first).contains("FIELD_DELIM") {
            self = .ale
        } else if SubtitleFile.isOne(first) {
            self = .subtitles
        } else if first.first == UInt8(ascii: "{") {
            self = .json
        } else {
            return nil
        }
    }
}

extension [UInt8] {
    /// Without the mark that says it is Unicode; text of two bytes a character is thinned to its ASCII.
    var withoutByteOrderMark: [UInt8] {
        if starts(with: [0xEF, 0xBB, 0xBF]) { return Array(dropFirst(3)) }
        if starts(with: [0xFF, 0xFE]) || starts(with: [0xFE, 0xFF]) {
            return dropFirst(2).filter { $0 != 0 }
        }
        return self
    }

    /// The place of some characters.
    func firstIndex(of text: StaticString, from start: Int = 0) -> Int? {
        guard count >= text.utf8CodeUnitCount, start >= 0 else { return nil }
        return (start..<Swift.max(start, count - text.utf8CodeUnitCount + 1)).first { has(text, at: $0) }
    }

    func contains(_ text: StaticString) -> Bool { firstIndex(of: text) != nil }
}
