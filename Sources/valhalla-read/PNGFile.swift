import MediaProtocol

/// A PNG's chunks.
///
/// What is compressed in them is left to exiv2; Exif it does not find wherever it may stand.
struct PNGFile {
    private let size: PixelSize
    private var exif: [UInt8]?
    private var packet: [UInt8]?
    private var needsInflating = false

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
            switch true {
            case head.has("eXIf", at: 4): exif = file.bytes(at: offset + 8, count: length)
            case head.has("iTXt", at: 4), head.has("tEXt", at: 4):
                if let text = file.bytes(at: offset + 8, count: length) { take(text, findings) }
            case head.has("zTXt", at: 4), head.has("iCCP", at: 4): needsInflating = true
            default: break
            }
            offset += length + 12
        }
        if !hasEnd { findings.note(damage: "the file ends before the picture does") }
    }

    private mutating func take(_ text: [UInt8], _ findings: Findings) {
        let key = text.prefix { $0 != 0 }
        if key.elementsEqual("XML:com.adobe.xmp".utf8) {
            // Behind the key: whether it is compressed and how, a language, a translated key.
            guard text.count > key.count + 3, text[key.count + 1] == 0 else {
                needsInflating = true
                return
            }
            let parts = text[(key.count + 3)...].split(
                separator: 0,
                maxSplits: 2,
                omittingEmptySubsequences: false
            )
            if parts.count == 3 { packet = Array(parts[2]) }
        } else if key.elementsEqual("Raw profile type exif".utf8)
            || key.elementsEqual("Raw profile type APP1".utf8)
        {
            exif = exif ?? PNGFile.rawProfile(text[(key.count + 1)...])
        } else {
            findings.addText("Png." + (key.text ?? ""), text.dropFirst(key.count + 1).drop { $0 == 0 })
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

    func reading(_ findings: Findings, path: [UInt8]) -> Reading {
        var profile: String?
        if needsInflating, exif == nil {
            profile = ColorProfile.name(findings.addFile(path).profile)
        } else {
            if let exif { findings.addExif(exif) }
            if let packet { findings.addXMP(packet) }
            if needsInflating {
                profile = ColorProfile.name(findings.addFile(path, profileOnly: true).profile)
            }
        }
        var reading = Reading(photo: "PNG", size: size, findings)
        if let profile { reading.colorProfile = profile }
        return reading
    }
}
