import CVips

/// The preview of a RAW file from a camera that is newer than LibRaw: better the camera's JPEG than nothing.
enum EmbeddedPreview {
    /// A preview that is smaller is a thumbnail, and no picture to show anyone.
    private static let smallest = 1000
    /// A RAW file larger than this is none that a camera writes.
    private static let largestFile = 512 << 20

    /// The largest preview that there is; throws when it has fewer than `least` pixels on its longer side.
    static func largest(in path: [UInt8], least: Int = smallest) throws(Failure) -> RawPreview {
        let file = try InputFile(path: path)
        guard file.size <= largestFile else {
            throw Failure("is a RAW file of a kind that LibRaw does not know")
        }
        let bytes = file.bytes(at: 0, count: file.size)
        let found = bytes.dropFirst(4).starts(with: "ftyp".utf8) ? inCR3(bytes) : inTIFF(bytes)
        var best: RawPreview?
        for jpeg in found.jpegs where jpeg.starts(with: [0xff, 0xd8]) {
            var (width, height): (Int32, Int32) = (0, 0)
            let isPicture = jpeg.withUnsafeBytes {
                cvips_jpeg_size($0.baseAddress, $0.count, &width, &height) == 0
            }
            guard isPicture, Int(max(width, height)) > best?.longEdge ?? 0 else { continue }
            best = RawPreview(
                bytes: Array(jpeg),
                longEdge: Int(max(width, height)),
                orientation: Int32(found.orientation),
                isAdobeRGB: false
            )
        }
        guard let best else {
            throw Failure("is a RAW file of a kind that LibRaw does not know, without a preview")
        }
        guard best.longEdge >= least else {
            throw Failure(
                "is a RAW file of a kind that LibRaw does not know, and its preview has only \(best.longEdge) pixels"
            )
        }
        return best
    }

    private typealias Found = (jpegs: [ArraySlice<UInt8>], orientation: Int)

    /// Every JPEG that a directory or one of its sub-directories points at.
    private static func inTIFF(_ bytes: [UInt8]) -> Found {
        guard let structure = TIFFDirectory(bytes[...]) else { return ([], 1) }
        var found: Found = ([], 1)
        var pending = [structure.first]
        var seen: Set<Int> = []
        while let offset = pending.popLast(), seen.count < 64 {
            guard seen.insert(offset).inserted, let directory = structure.directory(at: offset) else {
                continue
            }
            func number(_ tag: Int) -> Int? {
                directory.entries.first { $0.tag == tag && $0.count == 1 }.map { entry in
                    structure.number(entry.bytes.prefix(TIFFDirectory.size(ofType: entry.type)))
                }
            }
            // JPEGInterchangeFormat and its length, or one strip of compressed data.
            for (place, length) in [(0x0201, 0x0202), (0x0111, 0x0117)] {
                guard let start = number(place), let count = number(length), start < bytes.count else {
                    continue
                }
                found.jpegs.append(bytes[start..<min(bytes.count, start + count)])
            }
            if offset == structure.first, let orientation = number(0x0112), (1...8).contains(orientation) {
                found.orientation = orientation
            }
            if directory.next != 0 { pending.append(directory.next) }
            for entry in directory.entries where entry.tag == 0x014a {
                for start in stride(from: entry.bytes.startIndex, to: entry.bytes.endIndex - 3, by: 4) {
                    pending.append(structure.number(entry.bytes[start..<start + 4]))
                }
            }
        }
        return found
    }

    /// Canon keeps a JPEG of 1620 pixels in a box called PRVW, and the main directory in one called CMT1.
    private static func inCR3(_ bytes: [UInt8]) -> Found {
        var found: Found = ([], 1)
        // Four bytes of nothing, two each of a one, width, height and another one, then the length.
        if let box = content(of: "PRVW", in: bytes), box.count > 16 {
            let length = box.dropFirst(12).prefix(4).reduce(0) { $0 << 8 | Int($1) }
            found.jpegs.append(box.dropFirst(16).prefix(length))
        }
        if let box = content(of: "CMT1", in: bytes), let structure = TIFFDirectory(box),
            let entries = structure.directory(at: structure.first)?.entries,
            let entry = entries.first(where: { $0.tag == 0x0112 && $0.bytes.count >= 2 })
        {
            let orientation = structure.number(entry.bytes.prefix(2))
            if (1...8).contains(orientation) { found.orientation = orientation }
        }
        return found
    }

    /// The content of the first box of this name, wherever it is nested; both stand in front of the pictures.
    private static func content(of name: String, in bytes: [UInt8]) -> ArraySlice<UInt8>? {
        let wanted = Array(name.utf8)
        for place in 4..<max(4, min(bytes.count - 4, 4 << 20)) where bytes[place] == wanted[0] {
            guard bytes[place..<place + 4].elementsEqual(wanted) else { continue }
            let size = bytes[place - 4..<place].reduce(0) { $0 << 8 | Int($1) }
            guard size >= 8, size <= bytes.count - place + 4 else { continue }
            return bytes[place + 4..<place - 4 + size]
        }
        return nil
    }
}
