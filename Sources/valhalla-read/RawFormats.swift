import CExiv2
import MediaProtocol

/// A TIFF: a picture by itself, or a raw file that uses its structure.
struct TIFFFile {
    private let directories: [TIFFDirectory]
    private let format: String
    private let isBig: Bool

    init(_ file: borrowing OpenFile, start: [UInt8]) throws(OpenFile.Refusal) {
        directories = TIFFDirectory.all(of: file, start: start)
        guard !directories.isEmpty else {
            throw OpenFile.Refusal(reason: "begins like a TIFF and holds no directory")
        }
        isBig = start.has("+", at: start.has("II") ? 2 : 3)
        format = TIFFFile.format(directories, isCR2: start.has("CR", at: 8))
    }

    /// By what is inside: the raw formats of many makers begin alike, and a scanner writes plain TIFF.
    private static func format(_ directories: [TIFFDirectory], isCR2: Bool) -> String {
        if isCR2 { return "CR2" }
        if directories.contains(where: { $0.numbers[0xC612] != nil }) { return "DNG" }
        // Where the raw picture's directory is cut off, the first one still says that it holds only a small version.
        guard directories.contains(where: \.isRaw) || directories.first?.isReduced == true else {
            return "TIFF"
        }
        let make = directories.compactMap { $0.texts[0x010F] }.first ?? ""
        let makers = [
            ("NIKON", "NEF"), ("SONY", "ARW"), ("PENTAX", "PEF"), ("RICOH", "PEF"), ("KODAK", "KDC"),
            ("EASTMAN", "KDC"),
            ("SAMSUNG", "SRW"), ("HASSELBLAD", "3FR"), ("EPSON", "ERF"), ("MAMIYA", "MEF"), ("LEAF", "MOS"),
            ("PHASE ONE", "IIQ"), ("LEICA", "RWL"), ("CANON", "TIF"), ("OLYMPUS", "ORF"),
        ]
        return makers.first { make.uppercased().hasPrefix($0.0) }?.1 ?? "TIFF"
    }

    /// A raw file's photograph is the largest picture of sensor values, else the largest that is no preview.
    ///
    /// A TIFF is its first picture: others are its pages.
    private var size: PixelSize? {
        if format == "TIFF" { return directories.first { $0.size != nil }?.size }
        let full = directories.filter { !$0.isReduced }
        let raw = full.filter(\.isRaw)
        let candidates = (raw.isEmpty ? full.isEmpty ? directories : full : raw).compactMap(\.cropped)
        return candidates.max { $0.width * $0.height < $1.width * $1.height }
    }

    func reading(_ findings: Findings, _ file: borrowing OpenFile, path: [UInt8]) -> Reading {
        // exiv2 0.27 does not know the big kind.
        let picture = isBig ? nil : findings.addFile(path)
        let plain = picture == nil ? readPlainly(file, findings) : nil
        findings.settle()
        if let resources = findings.value(.exifImageResources), let iptc = findings.value(.exifIptc) {
            ImageResources(Array(resources.bytes)).compareDigest(of: Array(iptc.bytes), findings)
        }
        let profile = findings.value(.exifICCProfile).flatMap { ColorProfile.name($0.bytes) } ?? plain
        let stated = picture.flatMap {
            $0.width > 0 && $0.height > 0 ? PixelSize(width: $0.width, height: $0.height) : nil
        }
        let shown = format == "TIFF" || format == "DNG" ? size : PixelSize.developed(size, findings)
        var reading = Reading(photo: format, size: shown ?? stated, findings)
        if let name = profile ?? picture.flatMap({ ColorProfile.name($0.profile) }) {
            reading.colorProfile = name
        }
        return reading
    }
}

extension TIFFFile {
    /// The name of the profile, if there is one; everything else goes to the findings.
    private func readPlainly(_ file: borrowing OpenFile, _ findings: Findings) -> String? {
        var plain = PlainExif(file.bytes(at: 0, count: 16) ?? [], findings)
        plain?.read { file.bytes(at: $0, count: $1) }
        return plain?.profile
    }
}

/// A raw format that exiv2 opens by itself.
struct RawPicture {
    private let format: String
    private var size: PixelSize?

    init(_ file: borrowing OpenFile, start: [UInt8], format: String) {
        self.format = format
        switch format {
        case "RW2":
            // The sensor's borders say which part of it is the picture.
            guard let first = TIFFDirectory.all(of: file, start: start).first, let top = first.number(4),
                let left = first.number(5), let bottom = first.number(6), let right = first.number(7),
                right > left, bottom > top
            else { return }
            size = PixelSize(width: right - left, height: bottom - top)
        case "ORF": size = TIFFDirectory.all(of: file, start: start).first?.size
        case "RAF": size = FujiHeader.size(in: file, start: start)
        default: break
        }
    }

    func reading(_ findings: Findings, _ file: borrowing OpenFile, path: [UInt8]) -> Reading {
        let picture = findings.addFile(path)
        if picture == nil { readPlainly(file, findings) }
        findings.settle()
        let stated = picture.flatMap { $0.width > 0 ? PixelSize(width: $0.width, height: $0.height) : nil }
        let shown = PixelSize.developed(size ?? stated, findings)
        var reading = Reading(photo: format, size: shown, findings)
        if let name = picture.flatMap({ ColorProfile.name($0.profile) }) { reading.colorProfile = name }
        return reading
    }

    /// exiv2 wants the whole file; its beginning has all that matters, for RAF in the picture that can be shown.
    private func readPlainly(_ file: borrowing OpenFile, _ findings: Findings) {
        if format == "RAF" {
            guard let head = file.bytes(at: 84, count: 8), let place = head.big32(0),
                let exif = file.bytes(at: place, count: 128 << 10)?.exifOfJPEG
            else { return }
            findings.addExif(exif)
        } else {
            var plain = PlainExif(file.bytes(at: 0, count: 16) ?? [], findings)
            plain?.read { file.bytes(at: $0, count: $1) }
        }
    }
}

extension PixelSize {
    /// The size that a raw file is developed to: Exif states it, a little less than the sensor has, when the
    /// camera knows.
    ///
    /// Where Exif states the size of a small preview, the sensor's counts.
    static func developed(_ sensor: PixelSize?, _ findings: Findings) -> PixelSize? {
        guard let width = findings.text(.exifPixelWidth).flatMap({ Int($0) }),
            let height = findings.text(.exifPixelHeight).flatMap({ Int($0) }), width > 0, height > 0
        else { return sensor }
        let stated = PixelSize(width: width, height: height)
        // Sony's note says it best: Exif may have the sensor's margins.
        if let full = findings.text(.exifFullSize)?.split(separator: " ").compactMap({ Int($0) }),
            full.count == 2,
            full[1] <= width, full[0] <= height, full[1] > width * 9 / 10, full[0] > height * 9 / 10
        {
            return PixelSize(width: full[1], height: full[0])
        }
        guard let sensor, sensor.width > width * 5 / 4 else { return stated }
        return sensor
    }
}

/// A RAF begins with a table of its parts; one of them lists the size of the picture without the sensor's margins.
private enum FujiHeader {
    static func size(in file: borrowing OpenFile, start: [UInt8]) -> PixelSize? {
        guard let place = start.big32(92), let length = start.big32(96), length < 1 << 20,
            let block = file.bytes(at: place, count: length), let count = block.big32(0), count < 1_000
        else { return nil }
        var offset = 4
        var found: PixelSize?
        for _ in 0..<count {
            guard let tag = block.big16(offset), let size = block.big16(offset + 2) else { break }
            if tag == 0x0111, let height = block.big16(offset + 4), let width = block.big16(offset + 6) {
                found = PixelSize(width: width, height: height)
            }
            offset += 4 + size
        }
        return found
    }
}

extension ImageResources {
    /// A TIFF keeps its IPTC in a tag of its own, padded to whole numbers, and the digest among the resources.
    func compareDigest(of iptc: [UInt8], _ findings: Findings) {
        let end = iptc.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        each { number, data in
            guard number == 0x0425, data.count == 16 else { return }
            // Written over the padding by some, and without it by others; at most three bytes are padding.
            let ends = Set([iptc.count] + (end..<min(end + 4, iptc.count + 1)))
            findings.isIptcNewer = !ends.contains { MD5.digest(of: Array(iptc[..<$0])).elementsEqual(data) }
        }
    }
}
