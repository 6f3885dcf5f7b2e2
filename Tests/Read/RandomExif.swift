import Chance

/// An Exif block such as some camera might write: the directories of the standard with tags of every type, some of them
/// of types, sizes and numbers that the standard does not know.
struct RandomExif {
    let bytes: [UInt8]

    private static let widths = [1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4]

    init(using given: inout SeededRandom) {
        var random = given
        let isLittle = Bool.random(using: &random)
        var bytes: [UInt8] = isLittle ? [0x49, 0x49, 42, 0] : [0x4D, 0x4D, 0, 42]
        func short(_ number: Int) -> [UInt8] {
            let parts = [UInt8(number >> 8 & 255), UInt8(number & 255)]
            return isLittle ? parts.reversed() : parts
        }
        func long(_ number: Int) -> [UInt8] {
            isLittle
                ? short(number & 0xFFFF) + short(number >> 16 & 0xFFFF)
                : short(number >> 16 & 0xFFFF) + short(number & 0xFFFF)
        }
        func put(_ value: [UInt8], _ at: Int) { bytes.replaceSubrange(at..<(at + value.count), with: value) }
        bytes += long(8)

        /// One directory, and what its values need behind it.
        func directory(_ tags: [Int], pointers: [Int: () -> Int], next: (() -> Int)?) -> Int {
            let start = bytes.count
            let some = tags.shuffled(using: &random).prefix(Int.random(in: 0...8, using: &random))
            let all = (some + pointers.keys).sorted()
            bytes += short(all.count) + [UInt8](repeating: 0, count: all.count * 12 + 4)
            for (index, tag) in all.enumerated() {
                let place = start + 2 + index * 12
                put(short(tag), place)
                if let pointer = pointers[tag] {
                    put(short(4) + long(1), place + 2)
                    put(long(pointer()), place + 8)
                    continue
                }
                let isOdd = Int.random(in: 0..<60, using: &random) == 0
                let type =
                    isOdd
                    ? Int.random(in: 0...13, using: &random)
                    : [1, 2, 3, 4, 5, 7, 8, 9, 10].randomElement(using: &random) ?? 3
                let count = [0, 1, 1, 1, 2, 3, 4, 8, 30, 600, 5_000][
                    Int.random(in: isOdd ? 0...10 : 1...9, using: &random)]
                var value = (0..<(count * Self.widths[type])).map { _ in
                    type == 2
                        ? UInt8.random(in: 0x20...0x7E, using: &random)
                        : UInt8.random(in: 0...255, using: &random)
                }
                if type == 2, !value.isEmpty, Bool.random(using: &random) { value[value.count - 1] = 0 }
                if tag == 0x010F { value = Array("Apple".utf8.prefix(value.count)) + value.dropFirst(5) }
                put(short(type) + long(count), place + 2)
                if value.count <= 4 {
                    put(value, place + 8)
                } else {
                    put(long(isOdd ? Int.random(in: 0...70_000, using: &random) : bytes.count), place + 8)
                    bytes += value
                }
            }
            if let next { put(long(next()), start + 2 + all.count * 12) }
            return start
        }
        let image = [
            0x010E, 0x010F, 0x0110, 0x0112, 0x0132, 0x013B, 0x4746, 0x8298, 0x8773, 0x9C9B, 0xA434, 0xC4A5,
            0x9999,
            0x829A, 0x8827,
        ]
        let photo = [
            0x829A, 0x829D, 0x8827, 0x9000, 0x9003, 0x9201, 0x9286, 0xA002, 0xA003, 0xA431, 0xA432, 0xA434,
            0xEA1D,
            0x927C,
        ]
        let position = [0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0007, 0x001B, 0x001D]
        let isShort = Int.random(in: 0..<4, using: &random) == 0
        _ = directory(
            image,
            pointers: isShort
                ? [:]
                : [
                    0x8769: {
                        directory(
                            photo,
                            pointers: [0xA005: { directory([1, 2, 0x1001], pointers: [:], next: nil) }],
                            next: nil)
                    },
                    0x8825: { directory(position, pointers: [:], next: nil) },
                ],
            next: { directory([0x0103, 0x0112, 0x011A, 0x0201, 0x0202], pointers: [:], next: nil) })
        self.bytes = bytes
        given = random
    }
}
