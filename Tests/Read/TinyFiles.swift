import Foundation

/// Small files built byte by byte, where the format is the point.
enum TinyFile {
    /// A TIFF in Intel's order with one directory; texts, numbers and fractions.
    enum Value {
        case text([UInt8])
        case data([UInt8])
        case short(Int)
        case long(Int)
        case fractions([(Int, Int)])

        var typed: (type: Int, count: Int, bytes: [UInt8]) {
            switch self {
            case .text(let text): (2, text.count + 1, text + [0])
            case .data(let bytes): (7, bytes.count, bytes)
            case .short(let number): (3, 1, TinyFile.little(number, 2) + [0, 0])
            case .long(let number): (4, 1, TinyFile.little(number, 4))
            case .fractions(let list):
                (5, list.count, list.flatMap { TinyFile.little($0.0, 4) + TinyFile.little($0.1, 4) })
            }
        }
    }

    static func little(_ number: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    static func big(_ number: Int, _ width: Int) -> [UInt8] { little(number, width).reversed() }

    static func tiff(_ entries: [(tag: Int, value: Value)]) -> [UInt8] {
        var head = Array("II*\0".utf8) + little(8, 4) + little(entries.count, 2)
        var data: [UInt8] = []
        let start = 8 + 2 + entries.count * 12 + 4
        for entry in entries.sorted(by: { $0.tag < $1.tag }) {
            let (type, count, bytes) = entry.value.typed
            head += little(entry.tag, 2) + little(type, 2) + little(count, 4)
            if bytes.count <= 4 {
                head += bytes + [UInt8](repeating: 0, count: 4 - bytes.count)
            } else {
                head += little(start + data.count, 4)
                data += bytes
                if data.count % 2 == 1 { data.append(0) }
            }
        }
        return head + [0, 0, 0, 0] + data
    }

    static func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        big(content.count + 8, 4) + Array(type.utf8) + content
    }

    /// A JPEG of no picture worth the name: its segments, a frame, a scan of two bytes and the end.
    static func jpeg(_ segments: [(marker: UInt8, data: [UInt8])], width: Int = 640, height: Int = 480)
        -> [UInt8]
    {
        let frame = [8] + big(height, 2) + big(width, 2) + [1, 1, 0x11, 0]
        let all = segments + [(0xC0, frame), (0xDA, [1, 1, 0, 0, 63, 0])]
        return [0xFF, 0xD8] + all.flatMap { [0xFF, $0.marker] + big($0.data.count + 2, 2) + $0.data }
            + [0x12, 0x34, 0xFF, 0xD9]
    }

    static func packet(_ properties: String) -> String {
        """
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        \(properties)</rdf:RDF></x:xmpmeta>
        """
    }
}
