import CVips

/// The smaller versions that cameras put behind a JPEG's picture (CIPA DC-007, Multi-Picture Format).
///
/// They spare decoding the picture itself, which is five times the work. They are believed only as long as they
/// are the camera's word on this very picture: an editor that crops or tones a photograph may carry the directory along,
/// and what it points at then shows what was there before.
enum JPEGPreviews {
    /// The least longer side that serves as a large preview: that of the Full HD class.
    private static let leastForLarge = 1900
    /// The MPF types of what is the same picture in small: VGA class and Full HD class.
    private static let thumbnailTypes: Set = [0x010001, 0x010002]

    /// The smallest version that serves for a longer side of `edge`, with that of the picture itself; nil when none
    /// does, or there is doubt.
    static func serving(_ edge: Int, in path: [UInt8]) -> (preview: RawPreview, fullEdge: Int)? {
        guard let file = try? InputFile(path: path) else { return nil }
        let head = JPEGHead(file)
        guard head.leadsToPixels, let directory = head.multiPicture,
            head.isPlainSRGB, head.width > 0, head.height > 0
        else { return nil }
        let fullEdge = max(head.width, head.height)
        let wanted = edge <= 512 ? edge : leastForLarge
        guard fullEdge > edge, head.isUntouched(in: file) else { return nil }
        let found = directory.filter { thumbnailTypes.contains($0.type) }.compactMap { entry in
            preview(entry, of: head, in: file)
        }
        return found.filter { $0.longEdge >= wanted }.min { $0.longEdge < $1.longEdge }
            .map { ($0, fullEdge) }
    }

    /// The stamp that Exif keeps in front of a picture, for a picture that is lost itself; nil when there is none.
    static func stamp(in path: [UInt8]) -> RawPreview? {
        guard let file = try? InputFile(path: path) else { return nil }
        let head = JPEGHead(file)
        guard let bytes = head.stamp, bytes.starts(with: [0xff, 0xd8, 0xff]) else { return nil }
        var (width, height): (Int32, Int32) = (0, 0)
        let isPicture = bytes.withUnsafeBytes {
            cvips_jpeg_size($0.baseAddress, $0.count, &width, &height) == 0
        }
        guard isPicture, width > 0, height > 0 else { return nil }
        return RawPreview(
            bytes: bytes,
            longEdge: Int(max(width, height)),
            orientation: Int32(head.orientation),
            isAdobeRGB: false
        )
    }

    private static func preview(_ entry: JPEGHead.Entry, of head: JPEGHead, in file: borrowing InputFile)
        -> RawPreview?
    {
        // A version of less than Full HD size has no more than two megabytes.
        guard entry.size >= 1024, entry.size <= 8 << 20 else { return nil }
        let bytes = file.bytes(at: entry.offset, count: entry.size)
        guard bytes.count == entry.size, bytes.starts(with: [0xff, 0xd8, 0xff]) else { return nil }
        var (width, height): (Int32, Int32) = (0, 0)
        let isPicture = bytes.withUnsafeBytes {
            cvips_jpeg_size($0.baseAddress, $0.count, &width, &height) == 0
        }
        guard isPicture, width > 0, height > 0 else { return nil }
        // Another shape is a crop, or has bars; two pixels are rounding.
        let expected = Double(width) * Double(head.height) / Double(head.width)
        guard abs(expected - Double(height)) <= 2 else { return nil }
        return RawPreview(
            bytes: bytes,
            longEdge: Int(max(width, height)),
            orientation: Int32(head.orientation),
            isAdobeRGB: false
        )
    }
}

/// What the segments in front of a JPEG's pixels say.
private struct JPEGHead {
    /// A picture in the multi-picture directory.
    struct Entry {
        let type: Int
        let size: Int
        /// From the start of the file.
        let offset: Int
    }

    private(set) var width = 0
    private(set) var height = 0
    private(set) var orientation = 1
    private(set) var multiPicture: [Entry]?
    /// False when the pixels mean other colours than sRGB's: a preview may not say so.
    private(set) var isPlainSRGB = true
    /// False when the file ends, or makes no sense, before its pixels.
    private(set) var leadsToPixels = false
    /// The JPEG in Exif's second directory (Exif 2.32 §4.5.5).
    private(set) var stamp: [UInt8]?

    init(_ file: borrowing InputFile) {
        var place = 2
        // No camera writes more segments than a few dozen.
        for _ in 0..<200 {
            let start = file.bytes(at: place, count: 4)
            guard start.count == 4, start[0] == 0xff else { return }
            if start[1] == 0xff {
                place += 1
                continue
            }
            if start[1] == 0xda {
                leadsToPixels = true
                return
            }
            let length = Int(start[2]) << 8 | Int(start[3])
            guard length >= 2 else { return }
            read(start[1], at: place + 4, count: length - 2, in: file)
            place += 2 + length
        }
    }

    private mutating func read(_ marker: UInt8, at place: Int, count: Int, in file: borrowing InputFile) {
        switch marker {
        case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf:
            let frame = file.bytes(at: place, count: 5)
            guard frame.count == 5 else { return }
            height = Int(frame[1]) << 8 | Int(frame[2])
            width = Int(frame[3]) << 8 | Int(frame[4])
        case 0xe1:
            let payload = file.bytes(at: place, count: count)
            if payload.starts(with: Array("Exif\0\0".utf8)) { readExif(payload.dropFirst(6)) }
        case 0xe2:
            let payload = file.bytes(at: place, count: count)
            if payload.starts(with: Array("MPF\0".utf8)) {
                readDirectory(payload.dropFirst(4), at: place + 4)
            } else if payload.starts(with: Array("ICC_PROFILE\0".utf8)) {
                let profile = payload.dropFirst(14)
                isPlainSRGB =
                    payload.dropFirst(13).first == 1
                    && Array(profile).withUnsafeBufferPointer {
                        cvips_profile_is_srgb($0.baseAddress, $0.count) != 0
                    }
            }
        default: break
        }
    }

    private mutating func readExif(_ bytes: ArraySlice<UInt8>) {
        guard let structure = TIFFDirectory(bytes), let main = structure.directory(at: structure.first)
        else { return }
        func number(_ tag: Int, in entries: [TIFFDirectory.Entry]) -> Int? {
            // A whole number, or a place in the file: a fraction of 64 bits is neither.
            guard let entry = entries.first(where: { $0.tag == tag }), [3, 4, 13].contains(entry.type) else {
                return nil
            }
            let size = TIFFDirectory.size(ofType: entry.type)
            return entry.bytes.count >= size ? structure.number(entry.bytes.prefix(size)) : nil
        }
        if let second = structure.directory(at: main.next)?.entries, let place = number(0x0201, in: second),
            let count = number(0x0202, in: second), place > 0, count >= 0, place <= bytes.count - count
        {
            stamp = Array(bytes[bytes.startIndex + place..<bytes.startIndex + place + count])
        }
        if let stated = number(0x0112, in: main.entries), (1...8).contains(stated) { orientation = stated }
        if let place = number(0x8769, in: main.entries), let exif = structure.directory(at: place),
            let space = number(0xa001, in: exif.entries)
        {
            // 1 is sRGB; whatever else is said, AdobeRGB included, is not.
            if space != 1 { isPlainSRGB = false }
        }
    }

    private mutating func readDirectory(_ bytes: ArraySlice<UInt8>, at base: Int) {
        guard let structure = TIFFDirectory(bytes), let index = structure.directory(at: structure.first),
            let list = index.entries.first(where: { $0.tag == 0xb002 })?.bytes, list.count >= 16
        else { return }
        func number(_ place: Int) -> Int { structure.number(list[place..<place + 4]) }
        multiPicture = stride(
            from: list.startIndex, to: min(list.endIndex - 15, list.startIndex + 16 * 16), by: 16
        )
        .map { place in
            let offset = number(place + 8)
            return Entry(
                type: number(place) & 0xffffff,
                size: number(place + 4),
                offset: offset == 0 ? 0 : base + offset
            )
        }
    }

    /// True when the directory still tells truly where this picture ends: an editor that wrote other pixels did not
    /// hit the same byte.
    func isUntouched(in file: borrowing InputFile) -> Bool {
        guard let first = multiPicture?.first, first.offset == 0, first.size > 4, first.size < file.size
        else {
            return false
        }
        return file.bytes(at: first.size - 2, count: 2) == [0xff, 0xd9]
    }
}
