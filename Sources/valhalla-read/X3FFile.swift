import CExiv2
import MediaProtocol

/// Sigma's raw format: a header with the size, and a directory at the end of the file.
///
/// What the camera says is in properties of its own, and since the SD14 in the Exif of the picture that can be shown.
struct X3FFile {
    private let size: PixelSize
    private let turns: Int
    private var properties: [String: String] = [:]
    private var exif: ArraySlice<UInt8>?

    init(_ file: borrowing OpenFile, start: [UInt8], _ findings: Findings) throws(OpenFile.Refusal) {
        // The fourth version put more in front.
        let at = (start.little16(6) ?? 0) < 4 ? 28 : 40
        guard let width = start.little32(at), let height = start.little32(at + 4), width > 0, height > 0
        else {
            throw OpenFile.Refusal(reason: "ends inside its header")
        }
        size = PixelSize(width: width, height: height)
        turns = start.little32(at + 8) ?? 0
        guard let place = file.bytes(at: file.size - 4, count: 4)?.little32(0),
            let head = file.bytes(at: place, count: 12), head.has("SECd"), let count = head.little32(8),
            let entries = file.bytes(at: place + 12, count: min(count, 256) * 12)
        else {
            findings.note(damage: "the file ends before its directory")
            return
        }
        for entry in stride(from: 0, to: entries.count - 11, by: 12) {
            guard let place = entries.little32(entry), let length = entries.little32(entry + 4) else {
                continue
            }
            if entries.has("PROP", at: entry + 8), let section = file.bytes(at: place, count: length) {
                readProperties(section)
            } else if entries.has("IMA", at: entry + 8), exif == nil,
                let picture = file.bytes(at: place + 28, count: min(length, 128 << 10))
            {
                exif = picture.exifOfJPEG
            }
        }
    }

    /// Pairs of places among UTF-16 text: of a name and of a value, each ended by a zero.
    private mutating func readProperties(_ section: [UInt8]) {
        guard section.has("SECp"), let count = section.little32(8), count <= 1_024 else { return }
        let base = 24 + count * 8
        func text(_ place: Int?) -> String? {
            guard let place, place < section.count else { return nil }
            let units = stride(
                from: base + place * 2, to: min(section.count - 1, base + place * 2 + 512), by: 2
            )
            .lazy.compactMap { section.little16($0) }.map { UInt16($0) }.prefix { $0 != 0 }
            return String(decoding: Array(units), as: UTF16.self).nonBlank
        }
        for index in 0..<count {
            guard let name = text(section.little32(24 + index * 8)),
                let value = text(section.little32(28 + index * 8))
            else { continue }
            properties[name] = value
        }
    }

    func reading(_ findings: Findings) -> Reading {
        for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
            findings.addText("X3F." + name, value.utf8)
        }
        if let exif {
            findings.addExif(exif)
        } else {
            for (name, tag) in [("CAMMANUF", 0x010F), ("CAMMODEL", 0x0110)] as [(String, UInt16)] {
                if let value = properties[name] {
                    findings.addTag(.image, tag, type: "Ascii", Array(value.utf8))
                }
            }
            let numbers: [(String, UInt16)] = [
                ("EXPTIME", 0x829A), ("APERTURE", 0x829D), ("ISO", 0x8827), ("FLENGTH", 0x920A),
                ("CAMSERIAL", 0xA431),
            ]
            for (name, tag) in numbers {
                guard let value = properties[name] else { continue }
                // Microseconds.
                let text = name == "EXPTIME" ? value + "/1000000" : value
                findings.addTag(.photo, tag, type: "Text", Array(text.utf8))
            }
        }
        var reading = Reading(photo: "X3F", size: nil, findings)
        let isTurned = turns == 90 || turns == 270
        (reading.width, reading.height) = isTurned ? (size.height, size.width) : (size.width, size.height)
        // Seconds on the camera's own clock.
        if reading.taken == nil, let seconds = properties["TIME"].flatMap({ Int64($0) }), seconds > 0,
            seconds < 1 << 32
        {
            reading.taken = WallTime(milliseconds: seconds * 1_000, offsetMinutes: nil, source: "X3F.TIME")
        }
        return reading
    }
}

extension [UInt8] {
    /// The Exif block of a JPEG that begins here; nil where there is none before the picture.
    var exifOfJPEG: ArraySlice<UInt8>? {
        guard starts(with: [0xFF, 0xD8]) else { return nil }
        var at = 2
        while let length = big16(at + 2), self[at] == 0xFF, self[at + 1] != 0xDA, length >= 2 {
            if self[at + 1] == 0xE1, has("Exif\0", at: at + 4), length > 8 {
                return self[(at + 10)..<Swift.min(at + 2 + length, count)]
            }
            at += 2 + length
        }
        return nil
    }
}
