/// The directories of a TIFF structure, as Exif and most RAW files use it: every entry, known or not.
struct TIFFDirectory {
    /// One entry of a directory.
    struct Entry {
        let tag: Int
        let type: Int
        let count: Int
        /// The value's bytes, in the file's byte order; fewer than stated when they reach past the end.
        let bytes: ArraySlice<UInt8>
        /// Where the value stands.
        let range: Range<Int>
    }

    private let bytes: ArraySlice<UInt8>
    private let base: Int
    private let isLittleEndian: Bool
    /// Where the first directory stands.
    let first: Int
    /// No directory stands before this.
    private let lowest: Int

    /// A directory without the header that says where it begins, at the first of these bytes; little-endian, as AVI is.
    init(headless bytes: ArraySlice<UInt8>) {
        base = bytes.startIndex
        self.bytes = bytes
        isLittleEndian = true
        (first, lowest) = (0, 0)
    }

    /// Nil when the bytes do not start as TIFF does.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= 8 else { return nil }
        base = bytes.startIndex
        self.bytes = bytes
        if bytes.starts(with: "II".utf8) {
            isLittleEndian = true
        } else if bytes.starts(with: "MM".utf8) {
            isLittleEndian = false
        } else {
            return nil
        }
        first = TIFFDirectory.number(bytes[base + 4..<base + 8], isLittleEndian)
        lowest = 8
    }

    private static func number(_ bytes: ArraySlice<UInt8>, _ isLittleEndian: Bool) -> Int {
        (isLittleEndian ? Array(bytes.reversed()) : Array(bytes)).reduce(0) { $0 << 8 | Int($1) }
    }

    /// A whole number of these bytes, in the file's byte order.
    func number(_ bytes: ArraySlice<UInt8>) -> Int { TIFFDirectory.number(bytes, isLittleEndian) }

    /// Bytes of one value by type: 1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL … 13 IFD; what is no type is bytes.
    static func size(ofType type: Int) -> Int {
        sizes.indices.contains(type) ? sizes[type] : 1
    }

    private static let sizes = [1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4]

    /// The entries of the directory at an offset, where the next one stands (0 is nowhere), and the bytes it takes up.
    func directory(at offset: Int) -> (entries: [Entry], next: Int, range: Range<Int>)? {
        guard offset >= lowest, offset + 2 <= bytes.count else { return nil }
        let count = number(bytes[base + offset..<base + offset + 2])
        let end = offset + 2 + count * 12
        guard end <= bytes.count else { return nil }
        let entries = (0..<count).map { entry(at: offset + 2 + $0 * 12) }
        let hasNext = end + 4 <= bytes.count
        let next = hasNext ? number(bytes[base + end..<base + end + 4]) : 0
        return (entries, next, offset..<(hasNext ? end + 4 : end))
    }

    private func entry(at offset: Int) -> Entry {
        let start = base + offset
        let type = number(bytes[start + 2..<start + 4])
        let count = number(bytes[start + 4..<start + 8])
        let size = TIFFDirectory.size(ofType: type).multipliedReportingOverflow(by: count)
        let length = size.overflow ? Int.max : size.partialValue
        let place = length <= 4 ? offset + 8 : number(bytes[start + 8..<start + 12])
        let from = min(place, bytes.count)
        let to = length > bytes.count - from ? bytes.count : from + length
        return Entry(
            tag: number(bytes[start..<start + 2]),
            type: type,
            count: count,
            bytes: bytes[base + from..<base + to],
            range: from..<to
        )
    }
}
