import MediaProtocol

/// A PNG's chunks: Exif in one of its own or among the texts, XMP and IIM among the texts, a profile.
struct PNGFile {
    private let size: PixelSize
    private var exif: [UInt8]?
    private var packet: [UInt8]?
    private var iptc: [UInt8]?
    private var profile: String?
    private var texts: [String: String] = [:]

    init(_ file: borrowing OpenFile, start: [UInt8], _ findings: Findings) throws(OpenFile.Refusal) {
        guard start.has("IHDR", at: 12), let width = start.big32(16), let height = start.big32(20) else {
            throw OpenFile.Refusal(reason: "ends inside its header")
        }
        size = PixelSize(width: width, height: height)
        var offset = 8
        var hasEnd = false
        while !hasEnd, let head = file.bytes(at: offset, count: 8), let length = head.big32(0),
            head.count == 8
        {
            hasEnd = head.has("IEND", at: 4)
            if offset + 12 + length > file.size { break }
            let isWanted = ["eXIf", "iTXt", "tEXt", "zTXt", "iCCP"].contains { head.has($0, at: 4) }
            if isWanted, let content = file.bytes(at: offset + 8, count: length) {
                take(String(decoding: head[4...], as: UTF8.self), content, findings)
            } else if head.has("sRGB", at: 4) {
                profile = profile ?? "sRGB"
            }
            offset += length + 12
        }
        if !hasEnd { findings.note(damage: "the file ends before the picture does") }
    }

    private mutating func take(_ chunk: String, _ content: [UInt8], _ findings: Findings) {
        let key = content.prefix { $0 != 0 }
        switch chunk {
        case "eXIf":
            // Some writers put the name in front that belongs into a JPEG.
            exif = content.has("Exif\0\0") ? Array(content[6...]) : content
        case "iCCP":
            // Behind the name and its zero: how it is packed.
            if let name = Inflating.bytes(of: content.dropFirst(key.count + 2)).flatMap({
                ColorProfile.name($0)
            }) {
                profile = name
            }
        case "tEXt": take(text: content.dropFirst(key.count + 1), key, findings)
        case "zTXt":
            if let text = Inflating.bytes(of: content.dropFirst(key.count + 2)) {
                take(text: text[...], key, findings)
            }
        default:
            // Whether it is packed and how, a language, a translated key.
            guard content.count > key.count + 3 else { return }
            let parts = content[(key.count + 3)...].split(
                separator: 0,
                maxSplits: 2,
                omittingEmptySubsequences: false
            )
            guard parts.count == 3 else { return }
            if content[key.count + 1] == 0 {
                take(text: parts[2], key, findings)
            } else if let text = Inflating.bytes(of: parts[2]) {
                take(text: text[...], key, findings)
            }
        }
    }

    private mutating func take(text: ArraySlice<UInt8>, _ key: ArraySlice<UInt8>, _ findings: Findings) {
        let name = key.text ?? ""
        switch name.lowercased() {
        case "xml:com.adobe.xmp": packet = packet ?? Array(text)
        case "raw profile type exif": exif = exif ?? PNGFile.rawProfile(text)
        case "raw profile type xmp": packet = packet ?? PNGFile.rawProfile(text)
        case "raw profile type iptc", "raw profile type 8bim": iptc = iptc ?? PNGFile.rawProfile(text)
        case "raw profile type app1":
            // Of a JPEG's two kinds of such segments either.
            guard let bytes = PNGFile.rawProfile(text) else { return }
            if bytes.has("http://ns.adobe.com/xap/1.0/") {
                packet = packet ?? Array(bytes.dropFirst(29))
            } else {
                exif = exif ?? bytes
            }
        default:
            findings.addText("Png." + name, text)
            if texts[name] == nil, texts.count < 256, let words = text.text { texts[name] = words }
        }
    }

    /// ImageMagick's way before there was a chunk for Exif: a name and a length, then hexadecimal in lines.
    private static func rawProfile(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let lines = text.split(separator: UInt8(ascii: "\n"))
        guard lines.count > 2 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in lines.dropFirst(2).joined() {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init) else { continue }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes.has("Exif\0\0") ? Array(bytes.dropFirst(6)) : bytes
    }

    func reading(_ findings: Findings) -> Reading {
        if let exif { findings.addExif(exif) }
        if let packet { findings.addXMP(packet) }
        if let iptc {
            if iptc.has("8BIM") {
                ImageResources(iptc).hand(to: findings)
            } else {
                findings.addIptc(iptc)
            }
        }
        var reading = Reading(photo: "PNG", size: size, findings)
        if let profile { reading.colorProfile = profile }
        // The keywords that the format itself names count where nothing else speaks.
        reading.title = reading.title ?? texts["Title"]
        reading.caption = reading.caption ?? texts["Description"]
        reading.creator = reading.creator ?? texts["Author"]
        reading.copyright = reading.copyright ?? texts["Copyright"]
        reading.taken =
            reading.taken
            ?? texts["Creation Time"].flatMap { WallTime(text: $0, source: "Png.Creation Time") }
        return reading
    }
}
