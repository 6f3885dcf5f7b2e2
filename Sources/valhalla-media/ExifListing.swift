import MediaProtocol

/// Every entry of an Exif block, the unknown ones by number, and bytes that no entry accounts for.
struct ExifListing {
    private(set) var items: [MetadataItem] = []
    private var accounted: [Range<Int>] = [0..<8]
    private let structure: TIFFDirectory?

    init(_ bytes: ArraySlice<UInt8>) {
        structure = TIFFDirectory(bytes)
        guard let structure else {
            items.append(MetadataItem(key: "Exif", value: "\(bytes.count) bytes that are no Exif"))
            return
        }
        list(at: structure.first, group: "Image", depth: 0)
        let hidden = ExifListing.unaccounted(bytes, accounted)
        if hidden > 0 {
            items.append(MetadataItem(key: "Exif bytes outside of any entry", value: "\(hidden) bytes"))
        }
    }

    private mutating func list(at offset: Int, group: String, depth: Int) {
        // Directories may point at each other in circles.
        guard depth < 8, let structure, let directory = structure.directory(at: offset) else {
            items.append(MetadataItem(key: "Exif.\(group)", value: "a directory that cannot be read"))
            return
        }
        accounted.append(directory.range)
        for entry in directory.entries {
            accounted.append(entry.range)
            if let child = ExifListing.children[entry.tag], group != "Thumbnail" {
                list(at: structure.number(entry.bytes.prefix(4)), group: child, depth: depth + 1)
                continue
            }
            items.append(
                MetadataItem(key: "Exif.\(group).\(ExifListing.name(entry.tag, group))", value: text(entry))
            )
        }
        listThumbnail(directory.entries)
        if directory.next != 0 { list(at: directory.next, group: "Thumbnail", depth: depth + 1) }
    }

    /// A picture within: its place stands in two entries, and its bytes in none.
    private mutating func listThumbnail(_ entries: [TIFFDirectory.Entry]) {
        guard let structure, let place = entries.first(where: { $0.tag == 0x0201 }) else { return }
        let start = structure.number(place.bytes.prefix(4))
        let length = entries.first { $0.tag == 0x0202 }.map { structure.number($0.bytes.prefix(4)) } ?? 0
        accounted.append(start..<start + length)
        items.append(MetadataItem(key: "thumbnail", value: "\(length) bytes"))
    }

    private func text(_ entry: TIFFDirectory.Entry) -> String {
        guard let structure else { return "" }
        let size = TIFFDirectory.size(ofType: entry.type)
        func numbers(_ size: Int) -> [Int] {
            stride(from: entry.bytes.startIndex, to: entry.bytes.endIndex - size + 1, by: size)
                .map { structure.number(entry.bytes[$0..<$0 + size]) }
        }
        if entry.type != 2, entry.count > 64 { return "\(entry.bytes.count) bytes" }
        switch entry.type {
        case 2:
            // Readers stop at the first nought, and whatever stands behind it is seen by none of them.
            let text = entry.bytes.prefix { $0 != 0 }
            let behind = entry.bytes.dropFirst(text.count).filter { $0 != 0 }
            let words = MediaTags.text(Array(text))
            return behind.isEmpty ? words : "\(words), and \(behind.count) bytes behind its end"
        case 3, 4, 13: return numbers(size).map(String.init).joined(separator: " ")
        case 5:
            let parts = numbers(4)
            return stride(from: 0, to: parts.count - 1, by: 2).map { "\(parts[$0])/\(parts[$0 + 1])" }
                .joined(separator: " ")
        case 1, 6, 7: return Array(entry.bytes).hexadecimal
        default: return "\(entry.bytes.count) bytes"
        }
    }

    /// Bytes that are not zero and belong to nothing.
    private static func unaccounted(_ bytes: ArraySlice<UInt8>, _ accounted: [Range<Int>]) -> Int {
        var hidden = 0
        var place = 0
        for range in accounted.sorted(by: { $0.lowerBound < $1.lowerBound }) + [bytes.count..<bytes.count] {
            if range.lowerBound > place, range.lowerBound <= bytes.count {
                let gap = bytes[bytes.startIndex + place..<bytes.startIndex + range.lowerBound]
                hidden += gap.count { $0 != 0 }
            }
            place = max(place, range.upperBound)
        }
        return hidden
    }

    /// Entries that hold the place of another directory.
    private static let children = [0x8769: "Photo", 0x8825: "GPSInfo", 0xa005: "Iop"]

    private static func name(_ tag: Int, _ group: String) -> String {
        let known = group == "GPSInfo" ? places[tag] : names[tag]
        return known ?? "0x\([UInt8(tag >> 8), UInt8(tag & 0xff)].hexadecimal)"
    }

    private static let names = [
        0x010e: "ImageDescription", 0x010f: "Make", 0x0110: "Model", 0x0112: "Orientation",
        0x011a: "XResolution",
        0x011b: "YResolution", 0x0128: "ResolutionUnit", 0x0131: "Software", 0x0132: "DateTime",
        0x013b: "Artist",
        0x0213: "YCbCrPositioning", 0x02bc: "XMLPacket", 0x4746: "Rating", 0x8298: "Copyright",
        0x829a: "ExposureTime",
        0x829d: "FNumber", 0x83bb: "IPTCNAA", 0x8827: "ISOSpeedRatings", 0x9000: "ExifVersion",
        0x9003: "DateTimeOriginal", 0x9004: "DateTimeDigitized", 0x9010: "OffsetTime",
        0x9011: "OffsetTimeOriginal",
        0x920a: "FocalLength", 0x927c: "MakerNote", 0x9286: "UserComment", 0xa001: "ColorSpace",
        0xa002: "PixelXDimension", 0xa003: "PixelYDimension", 0xa430: "CameraOwnerName",
        0xa431: "BodySerialNumber",
        0xa433: "LensMake", 0xa434: "LensModel", 0xa435: "LensSerialNumber", 0xa420: "ImageUniqueID",
    ]

    private static let places = [
        0: "GPSVersionID", 1: "GPSLatitudeRef", 2: "GPSLatitude", 3: "GPSLongitudeRef", 4: "GPSLongitude",
        5: "GPSAltitudeRef", 6: "GPSAltitude", 7: "GPSTimeStamp", 18: "GPSMapDatum", 29: "GPSDateStamp",
    ]
}
