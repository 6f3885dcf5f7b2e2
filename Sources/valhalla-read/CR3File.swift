import MediaProtocol

/// Canon's third raw format: ISO boxes, in one of which four small TIFFs hold what was one TIFF before.
///
/// exiv2 reads it only while the file is whole; these boxes stand at its beginning and can be read anyway.
struct CR3File {
    private var parts: [String: [UInt8]] = [:]
    private var packet: [UInt8]?
    private var sensor: PixelSize?
    private let isWhole: Bool

    private static let canon: [UInt8] = [
        0x85, 0xC0, 0xB6, 0x87, 0x82, 0x0F, 0x11, 0xE0, 0x81, 0x11, 0xF4, 0xCE, 0x46, 0x2B, 0x6A, 0x48,
    ]
    private static let xmp: [UInt8] = [
        0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC,
    ]

    init(_ file: borrowing OpenFile) throws(OpenFile.Refusal) {
        let list = Box.list(in: file, 0..<file.size)
        isWhole = list.isWhole
        for box in list.boxes {
            if box.isType("moov"),
                let bytes = file.bytes(at: box.content.lowerBound, count: box.content.count)
            {
                for inner in Box.list(in: bytes, 0..<bytes.count) {
                    if inner.isType("trak") { readTrack(bytes, inner.content) }
                    guard inner.isType("uuid"), bytes[inner.content].starts(with: CR3File.canon) else {
                        continue
                    }
                    for part in Box.list(in: bytes, inner.content.dropFirst(16)) {
                        parts[String(decoding: part.type, as: UTF8.self)] = Array(bytes[part.content])
                    }
                }
            } else if box.isType("uuid"), box.content.count > 16,
                let bytes = file.bytes(at: box.content.lowerBound, count: min(box.content.count, 4 << 20)),
                bytes.starts(with: CR3File.xmp)
            {
                packet = Array(bytes[16...])
            }
        }
        guard !parts.isEmpty else { throw OpenFile.Refusal(reason: "ends inside its header") }
    }

    /// The raw track has a sample description of its own, `CRAW`, with width and height where every picture has them.
    private mutating func readTrack(_ bytes: [UInt8], _ track: Range<Int>) {
        var ranges = [track]
        for name in ["mdia", "minf", "stbl", "stsd"] as [StaticString] {
            ranges = ranges.flatMap { Box.list(in: bytes, $0).filter { $0.isType(name) }.map(\.content) }
        }
        for range in ranges {
            for entry in Box.list(in: bytes, range.dropFirst(8)) where entry.isType("CRAW") {
                guard let width = bytes.big16(entry.content.lowerBound + 24),
                    let height = bytes.big16(entry.content.lowerBound + 26), width > sensor?.width ?? 0
                else { continue }
                sensor = PixelSize(width: width, height: height)
            }
        }
    }

    func reading(_ findings: Findings) -> Reading {
        if let exif = StitchedTIFF(
            image: parts["CMT1"],
            photo: parts["CMT2"],
            note: parts["CMT3"],
            gps: parts["CMT4"]
        ) {
            findings.addExif(exif.bytes)
        } else {
            findings.note(damage: "the Exif block is damaged")
        }
        if let packet { findings.addXMP(packet) }
        if !isWhole { findings.note(damage: "the file ends before its parts do") }
        findings.settle()
        return Reading(photo: "CR3", size: PixelSize.developed(sensor, findings), findings)
    }
}

/// One TIFF made of several: each keeps its bytes, its offsets are moved, and the first directory points to the others.
struct StitchedTIFF {
    private(set) var bytes: [UInt8] = Array("II*\0\0\0\0\0".utf8)

    private struct Entry {
        let tag: Int
        var bytes: [UInt8]
    }

    /// Nil when there is no first part, or it is not in Intel's byte order as all of Canon's are.
    init?(image: [UInt8]?, photo: [UInt8]?, note: [UInt8]?, gps: [UInt8]?) {
        guard let image, var first = take(image) else { return nil }
        var second = photo.flatMap { take($0) } ?? []
        if let note, let directory = take(note) {
            // A maker note is data whose offsets count from the TIFF's beginning, as those of a directory do.
            let place = write(directory)
            second.append(StitchedTIFF.pointer(0x927C, type: 7, count: bytes.count - place, to: place))
        }
        if !second.isEmpty {
            first.append(StitchedTIFF.pointer(0x8769, type: 4, count: 1, to: write(second)))
        }
        if let gps, let third = take(gps) {
            first.append(StitchedTIFF.pointer(0x8825, type: 4, count: 1, to: write(third)))
        }
        let place = write(first)
        bytes.replaceSubrange(4..<8, with: StitchedTIFF.little(place))
    }

    private static func little(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).littleEndian) { Array($0) }
    }

    private static func pointer(_ tag: Int, type: UInt8, count: Int, to place: Int) -> Entry {
        let head = [UInt8(truncatingIfNeeded: tag), UInt8(truncatingIfNeeded: tag >> 8), type, 0]
        return Entry(tag: tag, bytes: head + little(count) + little(place))
    }

    /// Appends a part's bytes, and gives its first directory with its offsets moved to where they are now.
    private mutating func take(_ part: [UInt8]) -> [Entry]? {
        guard part.has("II*\0"), let start = part.little32(4), let count = part.little16(start),
            start + 2 + count * 12 <= part.count
        else { return nil }
        let base = bytes.count
        bytes += part
        if bytes.count % 2 == 1 { bytes.append(0) }
        return (0..<count).map { index in
            let at = start + 2 + index * 12
            var entry = Entry(tag: part.little16(at) ?? 0, bytes: Array(part[at..<at + 12]))
            let sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4]
            let type = part.little16(at + 2) ?? 0
            let length = (sizes.indices.contains(type) ? sizes[type] : 1) * (part.little32(at + 4) ?? 0)
            if length > 4, let offset = part.little32(at + 8) {
                entry.bytes.replaceSubrange(8..<12, with: StitchedTIFF.little(offset + base))
            }
            return entry
        }
    }

    /// Appends a directory and gives its place.
    ///
    /// Its entries stand in the order of their tags.
    private mutating func write(_ entries: [Entry]) -> Int {
        let place = bytes.count
        bytes += [UInt8(truncatingIfNeeded: entries.count), UInt8(truncatingIfNeeded: entries.count >> 8)]
        for entry in entries.sorted(by: { $0.tag < $1.tag }) { bytes += entry.bytes }
        bytes += [0, 0, 0, 0]
        return place
    }
}
