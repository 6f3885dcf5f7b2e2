import MediaProtocol

/// The segments of a JPEG that hold metadata. Nothing is decoded here and little is copied.
struct JPEGFile {
    private(set) var size: PixelSize?
    private var profile: String?

    /// Walks the markers from the start of image to the start of the scan, and hands over the blocks it meets.
    init(_ file: borrowing OpenFile, start: [UInt8], _ findings: Findings) throws(OpenFile.Refusal) {
        var bytes = start
        var offset = 2
        var resources = ImageResources()
        var packet: Range<Int>?
        var extended = ExtendedXMP()
        var hasExif = false
        walk: while true {
            // Between segments any number of FF may stand.
            while offset + 1 < bytes.count, bytes[offset] == 0xFF, bytes[offset + 1] == 0xFF { offset += 1 }
            if offset + 4 > bytes.count, bytes.count < file.size, let more = file.bytes(at: 0, count: bytes.count * 4) {
                bytes = more
                continue
            }
            guard offset + 4 <= bytes.count, bytes[offset] == 0xFF, let length = bytes.big16(offset + 2), length >= 2 else {
                findings.note(damage: "the file ends before the picture begins")
                break
            }
            let marker = bytes[offset + 1]
            if marker == 0x01 || (0xD0...0xD8).contains(marker) {
                offset += 2
                continue
            }
            let segment = offset + 4..<offset + 2 + length
            if segment.upperBound > bytes.count {
                let wanted = max(segment.upperBound, bytes.count * 4)
                guard segment.upperBound <= file.size, let more = file.bytes(at: 0, count: wanted) else {
                    findings.note(damage: "the file ends inside its header")
                    break
                }
                bytes = more
            }
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                if let height = bytes.big16(segment.lowerBound + 1), let width = bytes.big16(segment.lowerBound + 3) {
                    size = PixelSize(width: width, height: height)
                }
            case 0xE1 where bytes.has("Exif\0", at: segment.lowerBound) && segment.count > 6:
                // Editors that add a second block leave the camera's in front.
                if !hasExif { findings.addExif(bytes[(segment.lowerBound + 6)..<segment.upperBound]) }
                hasExif = true
            case 0xE1 where bytes.has("http://ns.adobe.com/xap/1.0/\0", at: segment.lowerBound):
                packet = packet ?? segment.lowerBound + 29..<segment.upperBound
            case 0xE1 where bytes.has("http://ns.adobe.com/xmp/extension/\0", at: segment.lowerBound):
                extended.add(bytes[(segment.lowerBound + 35)..<segment.upperBound])
            case 0xE2 where bytes.has("ICC_PROFILE\0", at: segment.lowerBound) && profile == nil:
                profile = ColorProfile.name(bytes[(segment.lowerBound + 14)..<max(segment.lowerBound + 14, segment.upperBound)])
            case 0xED where bytes.has("Photoshop 3.0\0", at: segment.lowerBound):
                resources.append(bytes[(segment.lowerBound + 14)..<segment.upperBound])
            case 0xFE:
                findings.addText("Jpeg.Comment", bytes[segment].prefix { $0 != 0 })
            case 0xDA:
                JPEGFile.checkEnd(of: file, scan: segment.upperBound, findings)
                break walk
            case 0xD9:
                break walk
            default: break
            }
            offset = segment.upperBound
        }
        if let packet { findings.addXMP(bytes[packet]) }
        extended.hand(to: findings)
        resources.hand(to: findings)
        guard size != nil || hasExif || packet != nil else {
            throw OpenFile.Refusal(reason: findings.damage ?? "it begins like a JPEG and holds no picture")
        }
        if size == nil { findings.note(damage: "it holds no picture") }
    }

    func reading(_ findings: Findings) -> Reading {
        var reading = Reading(photo: "JPEG", size: size, findings)
        if let profile { reading.colorProfile = profile }
        return reading
    }

    /// The end of the picture is the first FF D9 behind the scan: inside it FF is always followed by something else.
    /// Phones put a film behind it and cameras more pictures, so the file's last bytes are only the quick way to know.
    private static func checkEnd(of file: borrowing OpenFile, scan: Int, _ findings: Findings) {
        if file.bytes(at: file.size - 2, count: 2) == [0xFF, 0xD9] { return }
        var offset = scan
        while offset < file.size {
            guard let bytes = file.bytes(at: offset, count: 1 << 20), bytes.count > 1 else { break }
            var at = 0
            while let found = bytes[at...].firstIndex(of: 0xFF), found + 1 < bytes.count {
                if bytes[found + 1] == 0xD9 { return }
                at = found + 1
            }
            offset += bytes.count - 1
            if offset + 1 >= file.size { break }
        }
        findings.note(damage: "the file ends before the picture does")
    }
}

/// XMP that is too long for one segment: the rest comes in pieces, each with its place.
private struct ExtendedXMP {
    private var pieces: [(identifier: [UInt8], whole: Int, offset: Int, bytes: [UInt8])] = []

    mutating func add(_ segment: ArraySlice<UInt8>) {
        let bytes = Array(segment)
        guard let whole = bytes.big32(32), let offset = bytes.big32(36), bytes.count > 40 else { return }
        pieces.append((Array(bytes[..<32]), whole, offset, Array(bytes[40...])))
    }

    func hand(to findings: Findings) {
        guard let first = pieces.first else { return }
        var packet: [UInt8] = []
        for piece in pieces.filter({ $0.identifier == first.identifier }).sorted(by: { $0.offset < $1.offset }) {
            guard piece.offset == packet.count else { break }
            packet += piece.bytes
        }
        guard packet.count == first.whole else {
            findings.note(damage: "a part of its XMP is missing")
            return
        }
        findings.addXMP(packet)
    }
}
