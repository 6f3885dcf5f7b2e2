/// The segments of a JPEG that are the picture: each says by its own counts how long it is (ITU-T T.81 B.2).
enum JPEGTables {
    /// By how many bytes a segment is longer than its counts say; a number below nought when it is shorter.
    static func surplus(of marker: UInt8, _ payload: ArraySlice<UInt8>) -> Int {
        let bytes = Array(payload)
        switch marker {
        case 0xc0, 0xc1, 0xc2: return bytes.count - 6 - 3 * Int(bytes.dropFirst(5).first ?? 0)
        case 0xda: return bytes.count - 4 - 2 * Int(bytes.first ?? 0)
        case 0xdd: return bytes.count - 2
        case 0xc4: return bytes.count - end(of: bytes, huffman)
        case 0xdb: return bytes.count - end(of: bytes, quantisation)
        default: return bytes.count
        }
    }

    /// Where the last whole table ends.
    private static func end(of bytes: [UInt8], _ length: (ArraySlice<UInt8>) -> Int?) -> Int {
        var place = 0
        while place < bytes.count, let size = length(bytes[place...]), size <= bytes.count - place {
            place += size
        }
        return place
    }

    /// A class and number, sixteen counts of codes, and a byte a code.
    private static func huffman(_ table: ArraySlice<UInt8>) -> Int? {
        guard table.count >= 17 else { return nil }
        return 17 + table.dropFirst().prefix(16).reduce(0) { $0 + Int($1) }
    }

    /// A precision and number, and 64 values of one or two bytes.
    private static func quantisation(_ table: ArraySlice<UInt8>) -> Int? {
        table.first.map { $0 >> 4 == 0 ? 65 : 129 }
    }
}
