import MediaProtocol

/// Every piece of metadata in a finished file.
///
/// It proves that nothing leaks, so it shares no code with what writes the files or reads them for the catalogue, and
/// what it does not understand it lists by name and size.
struct Inspection {
    private(set) var items: [MetadataItem] = []

    /// A finished still is some tens of megabytes; more than this is none of ours and would not fit beside the decoder.
    private static let largestStill = 768 << 20

    init(path: [UInt8]) throws(Failure) {
        let file = try InputFile(path: path)
        let head = file.bytes(at: 0, count: Content.headLength)
        switch Content(head: head) {
        case .jpeg:
            inspect(jpeg: try Inspection.whole(file))
        case .png:
            inspect(png: try Inspection.whole(file))
        case .other where MovieInspection.isMovie(head: head):
            items = MovieInspection(file: file).items
        case .other where SoundInspection.isWave(head: head):
            items = SoundInspection(file: file).items
        case .other where PaperInspection.isPaper(head: head):
            items = PaperInspection(try Inspection.whole(file)).items
        default:
            throw Failure("is no JPEG, PNG, MP4, MOV, WAV or PDF: what it carries cannot be proven")
        }
    }

    private static func whole(_ file: borrowing InputFile) throws(Failure) -> [UInt8] {
        guard file.size <= largestStill else {
            throw Failure("is too large to be inspected (\(file.size) bytes)")
        }
        let bytes = file.bytes(at: 0, count: file.size)
        guard bytes.count == file.size else { throw Failure("cannot be read to its end: \(systemError())") }
        return bytes
    }

    private mutating func add(_ key: String, _ value: String) {
        items.append(MetadataItem(key: key, value: value))
    }

    private mutating func add(_ key: String, bytes count: Int) {
        add(key, "\(count) bytes")
    }

    // MARK: JPEG

    private mutating func inspect(jpeg bytes: [UInt8]) {
        var profile: [UInt8] = []
        var place = 2
        while place < bytes.count {
            // Between segments stand markers, and behind a scan's header its data, in which 0xff is followed by 0 or by
            // a restart marker.
            guard bytes[place] == 0xff else {
                let start = place
                while place < bytes.count, bytes[place] != 0xff { place += 1 }
                add("JPEG bytes between segments", bytes: place - start)
                continue
            }
            guard place + 1 < bytes.count else { break }
            let marker = bytes[place + 1]
            if marker == 0xff {
                let start = place
                while place + 1 < bytes.count, bytes[place + 1] == 0xff { place += 1 }
                add("JPEG fill bytes", bytes: place - start)
                continue
            }
            if marker == 0xd9 {
                let rest = bytes.count - place - 2
                if rest > 0 { add("trailing bytes", bytes: rest) }
                add(profile: profile)
                return
            }
            guard place + 4 <= bytes.count else { break }
            let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
            let end = min(bytes.count, place + 2 + max(2, length))
            let payload = bytes[min(place + 4, end)..<end]
            if marker == 0xe2, payload.starts(with: "ICC_PROFILE\0".utf8) {
                profile += payload.dropFirst(14)
            } else {
                inspect(segment: marker, payload)
            }
            place = marker == 0xda ? Inspection.endOfScan(bytes, from: end) : end
        }
        add(profile: profile)
        add("JPEG without an end", bytes: bytes.count)
    }

    private static func endOfScan(_ bytes: [UInt8], from start: Int) -> Int {
        var place = start
        while place + 1 < bytes.count {
            if bytes[place] == 0xff {
                let next = bytes[place + 1]
                if next != 0, !(0xd0...0xd7).contains(next), next != 0xff { return place }
            }
            place += 1
        }
        return bytes.count
    }

    private mutating func inspect(segment marker: UInt8, _ payload: ArraySlice<UInt8>) {
        func starts(_ name: String) -> Bool { payload.starts(with: name.utf8) }
        let start = payload.startIndex
        switch marker {
        case 0xc0, 0xc1, 0xc2, 0xc4, 0xda, 0xdb, 0xdd:
            // Tables, frames and scans are the picture, as far as they are as long as they say.
            let surplus = JPEGTables.surplus(of: marker, payload)
            if surplus != 0 { add("JPEG marker 0x\([marker].hexadecimal)", "\(surplus) bytes too many") }
        case 0xe0 where starts("JFIF\0") && payload.count >= 14:
            let density = (8...11).map { Int(payload[start + $0]) }
            let minor = payload[start + 6] < 10 ? "0\(payload[start + 6])" : "\(payload[start + 6])"
            add(
                "JFIF",
                "\(payload[start + 5]).\(minor), unit \(payload[start + 7]), "
                    + "\(density[0] << 8 | density[1]) × \(density[2] << 8 | density[3])"
            )
            if payload.count > 14 { add("thumbnail", bytes: payload.count - 14) }
        case 0xe0 where starts("JFXX\0"):
            add("thumbnail", bytes: payload.count)
        case 0xe1 where starts("Exif\0"):
            // The name ends in two noughts, the second of which is padding.
            if payload.count > 5, payload[start + 5] != 0 { add("Exif padding", bytes: 1) }
            items += ExifListing(payload.dropFirst(6)).items
        case 0xe1 where starts("http://ns.adobe.com/xap/1.0/\0"):
            items += XMPListing(payload.dropFirst(29)).items
        case 0xed where starts("Photoshop 3.0\0"):
            items += PhotoshopListing(payload.dropFirst(14)).items
        case 0xfe:
            add("JPEG comment", MediaTags.text(Array(payload)))
        case 0xe0...0xef:
            let name = payload.prefix(64).prefix { (0x20...0x7e).contains($0) }
            let suffix = name.isEmpty ? "" : " \(String(decoding: name, as: UTF8.self))"
            add("APP\(marker - 0xe0)\(suffix)", bytes: payload.count)
        default:
            add("JPEG marker 0x\([marker].hexadecimal)", bytes: payload.count)
        }
    }

    private mutating func add(profile: [UInt8]) {
        guard !profile.isEmpty else { return }
        items += ProfileListing(profile).items
    }

    // MARK: PNG

    private mutating func inspect(png bytes: [UInt8]) {
        var place = 8
        while place + 12 <= bytes.count {
            let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            let name = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
            guard length <= bytes.count - place - 12 else { break }
            inspect(chunk: name, bytes[place + 8..<place + 8 + length])
            place += 12 + length
            if name == "IEND" {
                if place < bytes.count { add("trailing bytes", bytes: bytes.count - place) }
                return
            }
        }
        add("PNG without an end", bytes: bytes.count - place)
    }

    private mutating func inspect(chunk name: String, _ payload: ArraySlice<UInt8>) {
        let keyword = String(decoding: payload.prefix { $0 != 0 }, as: UTF8.self)
        let behind = payload.dropFirst(keyword.utf8.count + 1)
        switch name {
        case "PLTE", "IDAT", "IEND", "tRNS": break
        case "tEXt":
            add("PNG text \(keyword)", MediaTags.text(Array(behind)))
        case "iTXt" where keyword == "XML:com.adobe.xmp" && behind.first == 0:
            // Two bytes of compression, then language and translated keyword, both empty.
            items += XMPListing(behind.dropFirst(4)).items
        case "zTXt", "iTXt":
            add("PNG text \(keyword)", bytes: behind.count)
        case "eXIf":
            items += ExifListing(payload).items
        case "iCCP":
            add("ICC profile", keyword)
        default:
            add("PNG \(name)", bytes: payload.count)
        }
    }
}

/// Photoshop's image resources: IPTC among them, and a thumbnail of the picture before it was cropped.
struct PhotoshopListing {
    private(set) var items: [MetadataItem] = []

    init(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        func number(_ count: Int) -> Int {
            let value = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
            return value
        }
        while rest.count >= 12, rest.starts(with: "8BIM".utf8) {
            rest = rest.dropFirst(4)
            let id = number(2)
            // The name is a Pascal string, padded to an even length with its count.
            let nameLength = Int(rest.first ?? 0)
            rest = rest.dropFirst((nameLength + 2) & ~1)
            let length = number(4)
            let payload = rest.prefix(length)
            rest = rest.dropFirst((length + 1) & ~1)
            switch id {
            case 0x0404: addIPTC(payload)
            case 0x0409, 0x040c: items.append(MetadataItem(key: "thumbnail", value: "\(payload.count) bytes"))
            default:
                let name = [UInt8(id >> 8), UInt8(id & 0xff)].hexadecimal
                items.append(MetadataItem(key: "Photoshop 0x\(name)", value: "\(payload.count) bytes"))
            }
        }
        if !rest.isEmpty { items.append(MetadataItem(key: "Photoshop", value: "\(rest.count) bytes")) }
    }

    private mutating func addIPTC(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while rest.count >= 5, rest.first == 0x1c {
            let header = Array(rest.prefix(5))
            let length = Int(header[3]) << 8 | Int(header[4])
            // With the top bit the length itself is of that many bytes: no dataset of text is so long.
            guard length < 0x8000, length <= rest.count - 5 else { break }
            let value = rest.dropFirst(5).prefix(length)
            items.append(
                MetadataItem(key: "Iptc.\(header[1]):\(header[2])", value: MediaTags.text(Array(value)))
            )
            rest = rest.dropFirst(5 + length)
        }
        if rest.contains(where: { $0 != 0 }) {
            items.append(MetadataItem(key: "Iptc", value: "\(rest.count) bytes"))
        }
    }
}
