import CVips

/// The smaller versions that a camera or a converter put into a raw file beside the one of full size.
///
/// LibRaw gives the largest alone, whose decoding costs ten times as much as that of a version which serves as well.
enum RawPreviews {
    /// The least longer side that serves as a large preview: that of the Full HD class.
    private static let leastForLarge = 1900
    /// Directories of a raw file are a handful; a chain of them that does not end is none.
    private static let mostDirectories = 16
    private static let mostEntries = 512
    /// A version that is smaller than the whole has no more bytes; beyond this, LibRaw's is as cheap.
    private static let mostBytes = 4 << 20
    /// How far the box that Canon keeps its version in may lie from the start.
    private static let boxReach = 512 << 10

    /// The smallest version that serves for a longer side of `edge` and has the shape of a picture of this size.
    ///
    /// Nil when there is none, or when it is in doubt that it shows the same picture.
    static func serving(_ edge: Int, in path: [UInt8], width: Int, height: Int) -> (
        bytes: [UInt8], width: Int, height: Int
    )? {
        guard let file = try? InputFile(path: path), width > 0, height > 0 else { return nil }
        let wanted = edge <= 512 ? edge : leastForLarge
        let shape = Double(max(width, height)) / Double(min(width, height))
        for place in places(in: file).sorted(by: { $0.count < $1.count }) {
            let bytes = file.bytes(at: place.offset, count: place.count)
            guard bytes.count == place.count, bytes.starts(with: [0xff, 0xd8, 0xff]) else { continue }
            var (across, down): (Int32, Int32) = (0, 0)
            let isPicture = bytes.withUnsafeBytes {
                cvips_jpeg_size($0.baseAddress, $0.count, &across, &down) == 0
            }
            guard isPicture, across > 0, down > 0, Int(max(across, down)) >= wanted else { continue }
            // The whole has margins that a version may lack; a crop, or bars above and below, make another shape.
            let own = Double(max(across, down)) / Double(min(across, down))
            guard abs(own / shape - 1) < 0.02 else { continue }
            return (bytes, Int(across), Int(down))
        }
        return nil
    }

    private typealias Place = (offset: Int, count: Int)

    private static func places(in file: borrowing InputFile) -> [Place] {
        let head = file.bytes(at: 0, count: 16)
        let found = head.dropFirst(4).starts(with: "ftyp".utf8) ? inBoxes(file) : inDirectories(file)
        return found.filter { place in
            place.count >= 1024 && place.count <= mostBytes && place.offset > 0
                && place.offset <= file.size - place.count
        }
    }

    /// JPEGs that a directory points at, in one strip or by JPEGInterchangeFormat (TIFF 6.0, DNG 1.6 “Preview images”).
    private static func inDirectories(_ file: borrowing InputFile) -> [Place] {
        guard let header = TIFFDirectory(file.bytes(at: 0, count: 8)[...]) else { return [] }
        var found: [Place] = []
        var pending = [header.first]
        var seen: Set<Int> = []
        while let offset = pending.popLast(), seen.count < mostDirectories {
            guard offset >= 8, seen.insert(offset).inserted else { continue }
            let count = header.number(file.bytes(at: offset, count: 2)[...])
            guard count > 0, count <= mostEntries else { continue }
            let entries = file.bytes(at: offset + 2, count: count * 12 + 4)
            guard entries.count >= count * 12 else { continue }
            var values: [Int: Int] = [:]
            for start in stride(from: 0, to: count * 12, by: 12) {
                let tag = header.number(entries[start..<start + 2])
                let size = TIFFDirectory.size(ofType: header.number(entries[start + 2..<start + 4]))
                let length = header.number(entries[start + 4..<start + 8])
                let value = entries[start + 8..<start + 12]
                if tag == subdirectories, length > 1, length <= mostDirectories {
                    let list = file.bytes(at: header.number(value), count: length * 4)
                    for one in stride(from: 0, to: list.count - 3, by: 4) {
                        pending.append(header.number(list[one..<one + 4]))
                    }
                } else if length == 1, size <= 4 {
                    values[tag] = header.number(value.prefix(size))
                }
            }
            if let sole = values[subdirectories] { pending.append(sole) }
            if entries.count == count * 12 + 4 { pending.append(header.number(entries[(count * 12)...])) }
            for (place, length) in [(0x0201, 0x0202), (0x0111, 0x0117)] {
                if let place = values[place], let length = values[length] { found.append((place, length)) }
            }
        }
        return found
    }

    /// Canon's box `PRVW`: four bytes of nothing, two each of a one, width, height and another one, then the length.
    private static func inBoxes(_ file: borrowing InputFile) -> [Place] {
        let bytes = file.bytes(at: 0, count: boxReach)
        let name = Array("PRVW".utf8)
        var place = 4
        while let start = bytes[min(place, bytes.count)...].firstIndex(of: name[0]) {
            place = start + 1
            guard start + 20 <= bytes.count, bytes[start..<start + 4].elementsEqual(name) else { continue }
            let length = bytes[start + 16..<start + 20].reduce(0) { $0 << 8 | Int($1) }
            return [(start + 20, length)]
        }
        return []
    }

    private static let subdirectories = 0x014a
}
