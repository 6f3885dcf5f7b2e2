import CZlib
import Foundation

/// Words that stand nowhere else in the world, each of them planted in one place.
struct Canaries {
    private(set) var places: [String] = []

    /// What all begin with; six digits follow, the first of them nought.
    static let stem = "kanarie"

    /// A word for one more place, told by what is planted: `EXIF:Artist in TIFF`.
    mutating func word(for place: String) -> String {
        places.append(place)
        let digits = String(places.count)
        return Canaries.stem + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The place of a number that was found; nothing when the number was cut off or made unreadable.
    func place(_ number: Int?) -> String {
        guard let number, places.indices.contains(number - 1) else { return "a canary that cannot be told" }
        return places[number - 1]
    }
}

/// Looks for canaries in every byte, however they are written, and in whatever is packed there.
enum CanarySearch {
    /// The numbers found; nil stands for one that was found in a writing that hides its number.
    static func numbers(in bytes: Data) -> Set<Int?> { numbers(in: bytes, depth: 0) }

    private static func numbers(in bytes: Data, depth: Int) -> Set<Int?> {
        var found = plain(bytes)
        for writing in writings where bytes.range(of: writing) != nil { found.insert(nil) }
        guard depth < 3 else { return found }
        for packed in packedParts(of: bytes) { found.formUnion(numbers(in: packed, depth: depth + 1)) }
        return found
    }

    /// The stem as it is, in capitals, with one, backwards; in UTF-8, and with the noughts of UTF-16 and UTF-32 between.
    private static let stems: [Data] = [
        Canaries.stem, Canaries.stem.capitalized, Canaries.stem.uppercased(),
        String(Canaries.stem.reversed()),
    ].flatMap { stem in
        [0, 1, 3].map { noughts in
            Data(stem.utf8.map { [$0] }.joined(separator: [UInt8](repeating: 0, count: noughts)))
        }
    }

    private static func plain(_ bytes: Data) -> Set<Int?> {
        var found: Set<Int?> = []
        for stem in stems {
            var place = bytes.startIndex
            while let range = bytes.range(of: stem, in: place..<bytes.endIndex) {
                let digits = bytes[range.upperBound...].prefix(27).filter { $0 != 0 }.prefix(6)
                let isNumber = digits.count == 6 && digits.allSatisfy { (0x30...0x39).contains($0) }
                found.insert(isNumber ? Int(String(decoding: digits, as: UTF8.self)) : nil)
                place = range.upperBound
            }
        }
        return found
    }

    /// The stem as base64 at each of three places, as hexadecimal digits, in percent codes and in references of HTML.
    private static let writings: [Data] = {
        let stem = Data(Canaries.stem.utf8)
        var writings = (0..<3).map { shift in
            let padded = Data(repeating: 0x20, count: shift) + stem + Data("0".utf8)
            // The first group holds what stands before the stem, and the last what stands behind it.
            return String(padded.base64EncodedString().dropFirst(shift == 0 ? 0 : 4).prefix(8))
        }
        for letter in ["%02x", "%02X", "%%%02x", "%%%02X", "&#%d;", "&#x%x;", "&#x%X;", "\\u%04x", "\\u%04X"]
        {
            writings.append(stem.map { String(format: letter, Int($0)) }.joined())
        }
        return writings.map { Data($0.utf8) }
    }()

    /// What zlib, gzip and zip packed, wherever it begins: in a PDF's streams, a PNG's chunks, a document's parts.
    private static func packedParts(of bytes: Data) -> [Data] {
        var parts: [Data] = []
        func each(_ mark: [UInt8], _ body: (Int) -> Void) {
            var place = bytes.startIndex
            while let range = bytes.range(of: Data(mark), in: place..<bytes.endIndex) {
                body(range.lowerBound)
                place = range.lowerBound + 1
            }
        }
        // The four levels that a zlib header tells of, with the largest window.
        for level: UInt8 in [0x01, 0x5e, 0x9c, 0xda] {
            each([0x78, level]) { parts += inflated(bytes[$0...], window: 15) }
        }
        each([0x1f, 0x8b, 8]) { parts += inflated(bytes[$0...], window: 31) }
        each([0x50, 0x4b, 3, 4]) { start in
            guard start + 30 <= bytes.endIndex else { return }
            func count(_ place: Int) -> Int { Int(bytes[start + place]) | Int(bytes[start + place + 1]) << 8 }
            let content = start + 30 + count(26) + count(28)
            if content < bytes.endIndex { parts += inflated(bytes[content...], window: -15) }
        }
        return parts
    }

    private static func inflated(_ packed: Data, window: Int32) -> [Data] {
        var stream = z_stream()
        guard inflateInit2_(&stream, window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return []
        }
        defer { inflateEnd(&stream) }
        var input = Array(packed)
        var output = Data()
        var piece = [UInt8](repeating: 0, count: 65_536)
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            var status = Z_OK
            while status == Z_OK, output.count < 64 << 20 {
                let room = piece.count
                piece.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(room)
                    status = inflate(&stream, Z_NO_FLUSH)
                }
                output += piece[..<(room - Int(stream.avail_out))]
                if stream.avail_out > 0, status == Z_OK, stream.avail_in == 0 { break }
            }
        }
        return output.count > 8 ? [output] : []
    }
}
