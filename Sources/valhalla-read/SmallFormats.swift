import MediaProtocol

/// A GIF says its size and little else; Adobe's programs put an XMP packet behind a name.
struct GIFFile {
    private let size: PixelSize

    init(start: [UInt8], _ findings: Findings) throws(OpenFile.Refusal) {
        guard let width = start.little16(6), let height = start.little16(8) else {
            throw OpenFile.Refusal(reason: "ends inside its header")
        }
        size = PixelSize(width: width, height: height)
        if let name = start.firstIndex(of: "XMP DataXMP") {
            // Not in blocks with their lengths as everything else is, and so ended by its own last tag.
            let end = start.firstIndex(of: "<?xpacket end", from: name) ?? start.count
            findings.addXMP(start[(name + 11)..<end])
        }
    }

    func reading(_ findings: Findings) -> Reading { Reading(photo: "GIF", size: size, findings) }
}

/// A WebP is a RIFF: its chunks hold Exif, XMP and a profile as they are.
struct WebPFile {
    private var size: PixelSize?
    private var profile: String?

    init(_ file: borrowing OpenFile, _ findings: Findings) throws(OpenFile.Refusal) {
        var offset = 12
        while offset + 8 <= file.size, let head = file.bytes(at: offset, count: 18),
            let length = head.little32(4)
        {
            if offset + 8 + length > file.size {
                findings.note(damage: "the file ends before the picture does")
            }
            switch true {
            case head.has("VP8X"):
                // Width and height less one, three bytes each.
                if let low = head.little32(12), let high = head.little16(16) {
                    size = PixelSize(width: low & 0xFF_FFFF + 1, height: low >> 24 | high << 8 + 1)
                }
            case head.has("VP8L") && size == nil:
                if let bits = head.little32(9) {
                    size = PixelSize(width: bits & 0x3FFF + 1, height: bits >> 14 & 0x3FFF + 1)
                }
            case head.has("VP8 ") && size == nil:
                if let width = head.little16(14), let height = head.little16(16) {
                    size = PixelSize(width: width & 0x3FFF, height: height & 0x3FFF)
                }
            case head.has("ICCP"):
                profile = file.bytes(at: offset + 8, count: min(length, 1 << 20)).flatMap {
                    ColorProfile.name($0)
                }
            case head.has("EXIF"):
                // Some writers put the name in front that belongs into a JPEG.
                let block = file.bytes(at: offset + 8, count: length) ?? []
                findings.addExif(block.has("Exif\0\0") ? block[6...] : block[...])
            case head.has("XMP "):
                findings.addXMP(file.bytes(at: offset + 8, count: length) ?? [])
            default: break
            }
            offset += 8 + (length + 1) & ~1
        }
        guard size != nil else { throw OpenFile.Refusal(reason: "begins like a WebP and holds no picture") }
    }

    func reading(_ findings: Findings) -> Reading {
        var reading = Reading(photo: "WebP", size: size, findings)
        if let profile { reading.colorProfile = profile }
        return reading
    }
}

/// A Photoshop document, small (PSD) or large (PSB): its image resources hold all metadata.
struct PSDFile {
    private let size: PixelSize
    private let format: String
    private var profile: String?

    init(_ file: borrowing OpenFile, start: [UInt8], _ findings: Findings) throws(OpenFile.Refusal) {
        format = start.big16(4) == 2 ? "PSB" : "PSD"
        guard let height = start.big32(14), let width = start.big32(18), let colors = start.big32(26) else {
            throw OpenFile.Refusal(reason: "ends inside its header")
        }
        size = PixelSize(width: width, height: height)
        guard let head = file.bytes(at: 30 + colors, count: 4), let length = head.big32(0),
            let bytes = file.bytes(at: 34 + colors, count: length), bytes.count == length
        else {
            findings.note(damage: "the file ends inside its header")
            return
        }
        let resources = ImageResources(bytes)
        var name: String?
        resources.each { number, data in
            switch number {
            case 0x0422: findings.addExif(data)
            case 0x0424: findings.addXMP(data)
            case 0x040F: name = ColorProfile.name(data)
            default: break
            }
        }
        profile = name
        resources.hand(to: findings)
    }

    func reading(_ findings: Findings) -> Reading {
        var reading = Reading(photo: format, size: size, findings)
        if let profile { reading.colorProfile = profile }
        return reading
    }
}

extension [UInt8] {
    func little16(_ at: Int) -> Int? {
        guard at >= 0, at + 2 <= count else { return nil }
        return Int(self[at]) | Int(self[at + 1]) << 8
    }
}
