import Glibc
import MediaProtocol

/// The segments of a JPEG that hold metadata.
///
/// Nothing is decoded here and little is copied.
struct JPEGFile {
    private(set) var size: PixelSize?
    private var profile: String?
    private var hasMetadata = false

    /// Hands over the blocks that it meets on the way from the start of the image to the start of the scan.
    init(_ file: borrowing OpenFile, start: [UInt8], _ findings: Findings) throws(OpenFile.Refusal) {
        var header = JPEGHeader(start)
        var resources = ImageResources()
        var packet: Range<Int>?
        var extended = ExtendedXMP()
        while let (marker, segment) = header.next(in: file, findings) {
            let from = segment.lowerBound
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                if let height = header.bytes.big16(from + 1), let width = header.bytes.big16(from + 3) {
                    size = PixelSize(width: width, height: height)
                }
            case 0xE1 where header.bytes.has("Exif\0", at: from) && segment.count > 6:
                // Editors that add a second block leave the camera's in front.
                if !hasMetadata { findings.addExif(header.bytes[(from + 6)..<segment.upperBound]) }
                hasMetadata = true
            case 0xE1 where header.bytes.has("http://ns.adobe.com/xap/1.0/", at: from):
                // A zero ends the name; some writers put a blank before it.
                let first = header.bytes[(from + 28)..<segment.upperBound].firstIndex {
                    $0 != 0 && $0 != 0x20
                }
                packet = packet ?? first.map { $0..<segment.upperBound }
            case 0xE1 where header.bytes.has("http://ns.adobe.com/xmp/extension/\0", at: from):
                extended.add(header.bytes[(from + 35)..<segment.upperBound])
            case 0xE2
            where header.bytes.has("ICC_PROFILE\0", at: from) && segment.count > 14 && profile == nil:
                profile = ColorProfile.name(header.bytes[(from + 14)..<segment.upperBound])
            case 0xED where header.bytes.has("Photoshop 3.0\0", at: from):
                resources.append(header.bytes[(from + 14)..<segment.upperBound])
            case 0xFE:
                findings.addText("Jpeg.Comment", header.bytes[segment].prefix { $0 != 0 })
            case 0xDA:
                JPEGFile.checkEnd(of: file, read: header.bytes, scan: segment.upperBound, findings)
            default: break
            }
        }
        if let packet { findings.addXMP(header.bytes[packet]) }
        extended.hand(to: findings)
        resources.hand(to: findings)
        guard size != nil || hasMetadata || packet != nil else {
            throw OpenFile.Refusal(reason: findings.damage ?? "begins like a JPEG and holds no picture")
        }
        if size == nil { findings.note(damage: "the file holds no picture") }
    }

    func reading(_ findings: Findings) -> Reading {
        // Where the picture is cut away, its Exif still says how large it was.
        if size == nil { findings.settle() }
        var reading = Reading(photo: "JPEG", size: size ?? PixelSize.developed(nil, findings), findings)
        if let profile { reading.colorProfile = profile }
        return reading
    }

    /// The end of the picture is the first FF D9 behind the scan: inside it FF is always followed by
    /// something else.
    ///
    /// Phones put a film behind it and cameras more pictures, so the file's last bytes are only the quick way
    /// to know.
    private static func checkEnd(
        of file: borrowing OpenFile,
        read start: [UInt8],
        scan: Int,
        _ findings: Findings
    ) {
        if file.bytes(at: file.size - 2, count: 2) == [0xFF, 0xD9] || start.hasImageEnd(from: scan) {
            return
        }
        var offset = max(scan, start.count - 1)
        while let bytes = file.bytes(at: offset, count: 1 << 20), bytes.count > 1 {
            if bytes.hasImageEnd(from: 0) { return }
            offset += bytes.count - 1
        }
        findings.note(damage: "the file ends before the picture does")
    }
}

extension [UInt8] {
    /// By the C library's search, which takes many bytes at once.
    fileprivate func hasImageEnd(from offset: Int) -> Bool {
        guard offset < count else { return false }
        return withUnsafeBytes { all in
            var rest = UnsafeRawBufferPointer(rebasing: all[offset...])
            while let start = rest.baseAddress, let found = memchr(start, 0xFF, rest.count) {
                let at = UnsafeRawPointer(found) - start
                guard at + 1 < rest.count else { return false }
                if rest[at + 1] == 0xD9 { return true }
                rest = UnsafeRawBufferPointer(rebasing: rest[(at + 1)...])
            }
            return false
        }
    }
}

/// The way through the segments in front of the scan.
private struct JPEGHeader {
    private(set) var bytes: [UInt8]
    /// Where the next marker should be.
    private var offset = 2
    private var isAtEnd = false

    init(_ start: [UInt8]) { bytes = start }

    /// The next marker and where its data are; the start of the scan is the last.
    mutating func next(
        in file: borrowing OpenFile,
        _ findings: Findings
    ) -> (marker: UInt8, segment: Range<Int>)? {
        var mistake: String?
        while !isAtEnd {
            guard reach(offset + 4, in: file), let at = marker(), reach(at + 4, in: file),
                let length = bytes.big16(at + 2)
            else { break }
            let marker = bytes[at + 1]
            let segment = at + 4..<max(at + 4, at + 2 + length)
            if bytes[offset..<at].contains(where: { $0 != 0xFF }) {
                mistake = mistake ?? "something stands between the parts of its header"
            }
            guard length >= 2, segment.upperBound <= file.size, reach(segment.upperBound, in: file) else {
                // Either the length is wrong and the next marker is near, or the file ends in the middle of this part.
                mistake = "a part of its header says a wrong length"
                offset = at + 2
                continue
            }
            if let mistake { findings.note(damage: mistake) }
            offset = segment.upperBound
            isAtEnd = marker == 0xDA
            return (marker, segment)
        }
        if !isAtEnd { findings.note(damage: "the file ends before its picture") }
        isAtEnd = true
        return nil
    }

    /// Makes the bytes up to a place available.
    ///
    /// Most headers are in the first piece that was read.
    private mutating func reach(_ end: Int, in file: borrowing OpenFile) -> Bool {
        if end <= bytes.count { return true }
        guard end <= file.size,
            let more = file.bytes(at: 0, count: max(end, min(bytes.count * 4, OpenFile.most)))
        else {
            return false
        }
        bytes = more
        return end <= bytes.count
    }

    /// Any number of FF may stand before a marker.
    private func marker() -> Int? {
        var at = offset
        while at + 1 < bytes.count {
            if bytes[at] == 0xFF, bytes[at + 1] >= 0xC0, bytes[at + 1] != 0xFF, bytes[at + 1] & 0xF8 != 0xD0 {
                return at
            }
            at += 1
        }
        return nil
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
        for piece in pieces.filter({ $0.identifier == first.identifier }).sorted(by: { $0.offset < $1.offset }
        ) {
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
