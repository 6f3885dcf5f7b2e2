import MediaProtocol

/// JPEG XL, bare or in boxes (ISO 18181): the size is in the first bits of its stream, and metadata in boxes beside it.
struct JXLFile {
    private var size: PixelSize?

    init(_ file: borrowing OpenFile, start: [UInt8], _ findings: Findings) throws(OpenFile.Refusal) {
        if start.starts(with: [0xFF, 0x0A]) {
            size = StreamHeader(start[2...].prefix(64)).size
        } else {
            let list = Box.list(in: file, 0..<file.size)
            for box in list.boxes { take(box, of: file, findings) }
            if !list.isWhole { findings.note(damage: "the file ends before its parts do") }
        }
        guard size != nil else {
            throw OpenFile.Refusal(reason: "begins like a JPEG XL and holds no picture")
        }
    }

    private mutating func take(_ box: Box, of file: borrowing OpenFile, _ findings: Findings) {
        let (at, count) = (box.content.lowerBound, box.content.count)
        if box.isType("jxlc") || box.isType("jxlp"), size == nil {
            // In parts, each begins with its number.
            let head = file.bytes(at: at + (box.isType("jxlp") ? 4 : 0), count: 64) ?? []
            if head.starts(with: [0xFF, 0x0A]) { size = StreamHeader(head.dropFirst(2)).size }
        } else if box.isType("Exif"), let block = file.bytes(at: at, count: count), let skip = block.big32(0),
            skip < block.count
        {
            // Four bytes say how far behind them the TIFF begins.
            findings.addExif(block.dropFirst(4 + skip))
        } else if box.isType("xml "), let packet = file.bytes(at: at, count: count) {
            findings.addXMP(packet)
        }
    }

    func reading(_ findings: Findings) -> Reading {
        var reading = Reading(photo: "JPEG XL", size: nil, findings)
        (reading.width, reading.height) = (size?.width, size?.height)
        return reading
    }

    /// The size as displayed: the stream has an orientation of its own, and Exif's is to be ignored.
    private struct StreamHeader {
        private let bytes: [UInt8]
        private var at = 0
        private(set) var size: PixelSize?

        init(_ start: some Collection<UInt8>) {
            bytes = Array(start)
            let isSmall = bits(1) == 1
            let height = side(isSmall: isSmall)
            let ratio = bits(3)
            let ratios = [(1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1)]
            let width =
                ratio == 0
                ? side(isSmall: isSmall) : height * ratios[ratio - 1].0 / ratios[ratio - 1].1
            // Not all default, and with extra fields: then the first of these turns the picture.
            let isTurned = bits(1) == 0 && bits(1) == 1 && bits(3) >= 4
            guard at <= bytes.count * 8, width > 0 else { return }
            size =
                isTurned
                ? PixelSize(width: height, height: width) : PixelSize(width: width, height: height)
        }

        private mutating func side(isSmall: Bool) -> Int {
            if isSmall { return (bits(5) + 1) * 8 }
            return bits([9, 13, 18, 30][bits(2)]) + 1
        }

        /// From the lowest bit of each byte; zeros past the end.
        private mutating func bits(_ count: Int) -> Int {
            var value = 0
            for index in 0..<count {
                let byte = at >> 3 < bytes.count ? Int(bytes[at >> 3]) : 0
                value |= (byte >> (at & 7) & 1) << index
                at += 1
            }
            return value
        }
    }
}

/// JPEG 2000, bare or in boxes (ISO 15444-1, annex I).
struct JP2File {
    private var size: PixelSize?
    private var profile: String?

    private static let exif = Array("JpgTiffExif->JP2".utf8)
    private static let xmp: [UInt8] = [
        0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC,
    ]
    private static let iptc: [UInt8] = [
        0x33, 0xC7, 0xA4, 0xD2, 0xB8, 0x1D, 0x47, 0x23, 0xA0, 0xBA, 0xF1, 0xA3, 0xE0, 0x97, 0xAD, 0x38,
    ]

    init(_ file: borrowing OpenFile, start: [UInt8], _ findings: Findings) throws(OpenFile.Refusal) {
        if start.starts(with: [0xFF, 0x4F]) {
            // The picture stands on a grid that may begin before it.
            if let right = start.big32(8), let bottom = start.big32(12), let left = start.big32(16),
                let top = start.big32(20), right > left, bottom > top
            {
                size = PixelSize(width: right - left, height: bottom - top)
            }
        } else {
            let list = Box.list(in: file, 0..<file.size)
            for box in list.boxes where box.isType("jp2h") || box.isType("uuid") {
                let bytes = file.bytes(at: box.content.lowerBound, count: box.content.count) ?? []
                if box.isType("jp2h") { readHeader(bytes) } else { JP2File.take(bytes, findings) }
            }
            if !list.isWhole { findings.note(damage: "the file ends before its parts do") }
        }
        guard size != nil else {
            throw OpenFile.Refusal(reason: "begins like a JPEG 2000 and holds no picture")
        }
    }

    private mutating func readHeader(_ bytes: [UInt8]) {
        for box in Box.list(in: bytes, 0..<bytes.count) {
            let at = box.content.lowerBound
            if box.isType("ihdr"), let height = bytes.big32(at), let width = bytes.big32(at + 4) {
                size = PixelSize(width: width, height: height)
            } else if box.isType("colr"), profile == nil, let method = bytes[box.content].first {
                profile =
                    method == 1
                    ? (bytes.big32(at + 3) == 16 ? "sRGB" : nil)
                    : ColorProfile.name(bytes[box.content].dropFirst(3))
            }
        }
    }

    private static func take(_ box: [UInt8], _ findings: Findings) {
        let content = box.dropFirst(16)
        if box.starts(with: exif) {
            findings.addExif(content.starts(with: Array("Exif\0\0".utf8)) ? content.dropFirst(6) : content)
        } else if box.starts(with: xmp) {
            findings.addXMP(content)
        } else if box.starts(with: iptc) {
            findings.addIptc(content)
        }
    }

    func reading(_ findings: Findings) -> Reading {
        var reading = Reading(photo: "JPEG 2000", size: size, findings)
        if let profile { reading.colorProfile = profile }
        return reading
    }
}
