/// The directories of a TIFF, small or big, or of a raw format with its structure: only what tells the pictures apart.
///
/// exiv2 says what the tags mean; it does not say which of a raw file's five pictures is the photograph.
struct TIFFDirectory {
    /// The numbers that a tag holds, by tag.
    private(set) var numbers: [Int: [Int]] = [:]
    /// The texts: make and model.
    private(set) var texts: [Int: String] = [:]

    func number(_ tag: Int) -> Int? { numbers[tag]?.first }

    /// The size of the picture in this directory.
    var size: PixelSize? {
        guard let width = number(0x0100), let height = number(0x0101), width > 0, height > 0 else {
            return nil
        }
        return PixelSize(width: width, height: height)
    }

    /// What the camera's maker means to be shown: sensors have margins.
    var cropped: PixelSize? {
        guard let crop = numbers[0xC620], crop.count == 2, crop[0] > 0, crop[1] > 0 else { return size }
        return PixelSize(width: crop[0], height: crop[1])
    }

    /// A small version of another picture.
    var isReduced: Bool { (number(0x00FE) ?? 0) & 1 == 1 }

    /// Sensor values, or a compression that only a camera writes.
    var isRaw: Bool {
        [32_803, 34_892].contains(number(0x0106)) || [32_767, 34_713, 65_535].contains(number(0x0103))
    }

    /// Every directory, the first one first, those that others contain after them.
    static func all(of file: borrowing OpenFile, start: [UInt8]) -> [TIFFDirectory] {
        guard let layout = Layout(start) else { return [] }
        var directories: [TIFFDirectory] = []
        var waiting = [layout.first]
        var seen: Set<Int> = []
        // A handful is what cameras write; a loop of directories ends here too.
        while !waiting.isEmpty, directories.count < 32 {
            let offset = waiting.removeFirst()
            guard offset > 0, seen.insert(offset).inserted,
                let (directory, next) = layout.directory(at: offset, of: file)
            else { continue }
            directories.append(directory)
            waiting.append(next)
            waiting += directory.numbers[0x014A] ?? []
        }
        return directories
    }

    private static let wanted: Set<Int> = [
        0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0007, 0x00FE, 0x0100, 0x0101, 0x0103, 0x0106, 0x0112,
        0x014A, 0xC612,
        0xC620,
    ]
    private static let wantedTexts: Set<Int> = [0x010F, 0x0110]

    /// How numbers and directories are written in one file.
    struct Layout {
        let isLittleEndian: Bool
        let isBig: Bool
        let first: Int

        init?(_ start: [UInt8]) {
            let isLittleEndian = start.has("II")
            let isBig = start.has("+", at: isLittleEndian ? 2 : 3)
            let layout = Layout(isLittleEndian: isLittleEndian, isBig: isBig, first: 0)
            guard let first = layout.offset(start, isBig ? 8 : 4) else { return nil }
            self.init(isLittleEndian: isLittleEndian, isBig: isBig, first: first)
        }

        init(isLittleEndian: Bool, isBig: Bool, first: Int) {
            self.isLittleEndian = isLittleEndian
            self.isBig = isBig
            self.first = first
        }

        func short(_ bytes: [UInt8], _ at: Int) -> Int? {
            isLittleEndian ? bytes.little16(at) : bytes.big16(at)
        }

        func long(_ bytes: [UInt8], _ at: Int) -> Int? {
            isLittleEndian ? bytes.little32(at) : bytes.big32(at)
        }

        func offset(_ bytes: [UInt8], _ at: Int) -> Int? {
            guard isBig else { return long(bytes, at) }
            guard let low = long(bytes, at + (isLittleEndian ? 0 : 4)),
                let high = long(bytes, at + (isLittleEndian ? 4 : 0)),
                high < 1 << 30
            else { return nil }
            return high << 32 | low
        }

        func directory(at place: Int, of file: borrowing OpenFile) -> (TIFFDirectory, next: Int)? {
            let (head, entry, pointer) = isBig ? (8, 20, 8) : (2, 12, 4)
            guard let counted = file.bytes(at: place, count: head),
                let count = isBig ? offset(counted, 0) : short(counted, 0), count < 4_096,
                let bytes = file.bytes(at: place + head, count: count * entry + pointer)
            else { return nil }
            var directory = TIFFDirectory()
            for start in stride(from: 0, to: count * entry, by: entry) {
                guard let tag = short(bytes, start), wanted.contains(tag) || wantedTexts.contains(tag),
                    let value = value(of: bytes, at: start, in: file)
                else { continue }
                if wantedTexts.contains(tag) {
                    directory.texts[tag] = value.bytes.text
                } else {
                    directory.numbers[tag] = numbers(in: value)
                }
            }
            return (directory, offset(bytes, count * entry) ?? 0)
        }

        /// How many bytes a number of each type has; 0 for no type.
        static let widths = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

        private func value(of bytes: [UInt8], at start: Int, in file: borrowing OpenFile) -> (
            type: Int, bytes: [UInt8]
        )? {
            let sizes = Layout.widths
            guard let type = short(bytes, start + 2), sizes.indices.contains(type), sizes[type] > 0,
                let count = offset(bytes, start + 4), count > 0, count <= 256
            else { return nil }
            let length = sizes[type] * count
            let place = start + (isBig ? 12 : 8)
            if length <= (isBig ? 8 : 4) {
                guard place + length <= bytes.count else { return nil }
                return (type, Array(bytes[place..<place + length]))
            }
            guard let far = offset(bytes, place), let value = file.bytes(at: far, count: length),
                value.count == length
            else {
                return nil
            }
            return (type, value)
        }

        /// Fractions are rounded: the only ones here are sizes, which DNG allows to be so written.
        private func numbers(in value: (type: Int, bytes: [UInt8])) -> [Int] {
            let bytes = value.bytes
            switch value.type {
            case 1, 6, 7: return bytes.map(Int.init)
            case 3, 8: return stride(from: 0, to: bytes.count, by: 2).compactMap { short(bytes, $0) }
            case 4, 9, 13: return stride(from: 0, to: bytes.count, by: 4).compactMap { long(bytes, $0) }
            case 5, 10:
                return stride(from: 0, to: bytes.count, by: 8).compactMap { at in
                    guard let above = long(bytes, at), let below = long(bytes, at + 4), below > 0 else {
                        return nil
                    }
                    return above / below
                }
            case 16, 17, 18:
                let big = Layout(isLittleEndian: isLittleEndian, isBig: true, first: 0)
                return stride(from: 0, to: bytes.count, by: 8).compactMap { big.offset(bytes, $0) }
            default: return []
            }
        }
    }
}
