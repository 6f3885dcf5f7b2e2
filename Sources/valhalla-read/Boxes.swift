/// One box of an ISO base media file (ISO 14496-12 §4.2): HEIF, AVIF and CR3 are made of them.
struct Box {
    let type: [UInt8]
    /// Where its content begins and ends in the file.
    let content: Range<Int>

    /// The boxes in a part of a file that is open, one after the other.
    ///
    /// A size that reaches too far ends the list.
    static func list(in file: borrowing OpenFile, _ range: Range<Int>) -> (boxes: [Box], isWhole: Bool) {
        var boxes: [Box] = []
        var offset = range.lowerBound
        while offset + 8 <= range.upperBound, boxes.count < 4_096 {
            guard let head = file.bytes(at: offset, count: 16),
                let box = Box(head, at: 0, base: offset, end: range.upperBound)
            else { return (boxes, false) }
            boxes.append(box)
            offset = box.content.upperBound
        }
        return (boxes, true)
    }

    /// The same in bytes that are already here; ranges are places in them.
    static func list(in bytes: [UInt8], _ range: Range<Int>) -> [Box] {
        var boxes: [Box] = []
        var offset = range.lowerBound
        while offset + 8 <= range.upperBound, boxes.count < 4_096,
            let box = Box(bytes, at: offset, base: offset, end: range.upperBound)
        {
            boxes.append(box)
            offset = box.content.upperBound
        }
        return boxes
    }

    private init?(_ bytes: [UInt8], at: Int, base: Int, end: Int) {
        guard let short = bytes.big32(at), at + 8 <= bytes.count else { return nil }
        var size = short
        var head = 8
        if short == 1 {
            guard let long = bytes.big64(at + 8) else { return nil }
            size = long
            head = 16
        } else if short == 0 {
            size = end - base
        }
        guard size >= head, size <= end - base else { return nil }
        type = Array(bytes[at + 4..<at + 8])
        content = base + head..<base + size
    }

    func isType(_ name: StaticString) -> Bool { type.has(name) }
}
