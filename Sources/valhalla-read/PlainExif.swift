import CExiv2

/// Exif as its own standard has it, without the makers' notes.
///
/// It is what can be had of a block that exiv2 gives up as a whole for one bad entry, and of the big kind of TIFF, which
/// exiv2 does not know.
struct PlainExif {
    private let layout: TIFFDirectory.Layout
    private let isBig: Bool
    private let findings: Findings
    /// A colour profile that the first directory holds.
    private(set) var profile: String?

    /// Nil when it does not begin like a TIFF.
    init?(_ start: [UInt8], _ findings: Findings) {
        guard start.has("II") || start.has("MM"), let layout = TIFFDirectory.Layout(start) else { return nil }
        self.layout = layout
        isBig = layout.isBig
        self.findings = findings
    }

    /// Reads the first directory, the two that it points to, and the one that one of these does.
    ///
    /// `bytes` gives the bytes in a place, fewer where there are no more.
    mutating func read(_ bytes: (Int, Int) -> [UInt8]?) {
        let first = directory(.image, at: layout.first, bytes)
        if let place = first[0x8769] {
            let photo = directory(.photo, at: place, bytes)
            if let place = photo[0xA005] { _ = directory(.interop, at: place, bytes) }
        }
        if let place = first[0x8825] { _ = directory(.GPS, at: place, bytes) }
    }

    /// Hands over what one directory holds, and gives where it says that others are.
    private mutating func directory(_ directory: TagDirectory, at place: Int, _ bytes: (Int, Int) -> [UInt8]?)
        -> [Int: Int]
    {
        let (head, width) = isBig ? (8, 20) : (2, 12)
        guard let counted = bytes(place, head),
            let count = isBig ? layout.offset(counted, 0) : layout.short(counted, 0),
            let entries = bytes(place + head, min(count, 1_024) * width)
        else { return [:] }
        var others: [Int: Int] = [:]
        for at in stride(from: 0, to: entries.count - width + 1, by: width) {
            guard let tag = layout.short(entries, at), let type = layout.short(entries, at + 2),
                let value = value(entries, at, type, bytes)
            else { continue }
            switch (directory, tag) {
            case (.image, 0x8769), (.image, 0x8825), (.photo, 0xA005):
                others[tag] = isBig && value.count >= 8 ? layout.offset(value, 0) : layout.long(value, 0)
            case (.image, 0x02BC): findings.addXMP(value)
            case (.image, 0x83BB): findings.addIptc(value)
            case (.image, 0x8773): profile = ColorProfile.name(value)
            // The maker's note, and where pictures lie.
            case (.photo, 0x927C), (.image, 0x0111), (.image, 0x0117), (.image, 0x0144), (.image, 0x0145):
                break
            default: hand(directory, tag, type, value)
            }
        }
        return others
    }

    private func value(_ entries: [UInt8], _ at: Int, _ type: Int, _ bytes: (Int, Int) -> [UInt8]?)
        -> [UInt8]?
    {
        let widths = TIFFDirectory.Layout.widths
        guard widths.indices.contains(type), widths[type] > 0, let count = layout.offset(entries, at + 4),
            count > 0, count <= 16 << 20
        else { return nil }
        let length = widths[type] * count
        let place = at + (isBig ? 12 : 8)
        if length <= (isBig ? 8 : 4) { return Array(entries[place..<place + length]) }
        guard let far = layout.offset(entries, place), let value = bytes(far, length), value.count == length
        else { return nil }
        return value
    }

    private func hand(_ directory: TagDirectory, _ tag: Int, _ type: Int, _ value: [UInt8]) {
        guard value.count <= 65_536 else { return }
        let name = UInt16(truncatingIfNeeded: tag)
        switch type {
        case 2: findings.addTag(directory, name, type: "Ascii", value.dropLast(while: { $0 == 0 }))
        case 3: findings.addTag(directory, name, type: "Short", words(value, 2) { layout.short(value, $0) })
        case 4, 13: findings.addTag(directory, name, type: "Long", words(value, 4) { layout.long(value, $0) })
        case 5:
            findings.addTag(directory, name, type: "Rational", fractions(value) { $0 })
        case 9:
            findings.addTag(
                directory, name, type: "SLong", words(value, 4) { layout.long(value, $0).map(signed) })
        case 10: findings.addTag(directory, name, type: "SRational", fractions(value, signed))
        case 1, 6, 7:
            // The texts that Windows writes are wide, and are bytes by their type.
            if directory == .image, (0x9C9B...0x9C9F).contains(tag) {
                findings.addTag(directory, name, type: "Byte", value)
            } else if value.count <= 32 {
                findings.addTag(directory, name, type: "Byte", words(value, 1) { Int(value[$0]) })
            }
        default: break
        }
    }

    private func words(_ value: [UInt8], _ width: Int, _ number: (Int) -> Int?) -> [UInt8] {
        let numbers = stride(from: 0, to: min(value.count, 256 * width), by: width).compactMap(number)
        return Array(numbers.map(String.init).joined(separator: " ").utf8)
    }

    private func fractions(_ value: [UInt8], _ number: (Int) -> Int) -> [UInt8] {
        let parts = stride(from: 0, to: min(value.count, 2_048), by: 8).compactMap { at -> String? in
            guard let above = layout.long(value, at), let below = layout.long(value, at + 4) else {
                return nil
            }
            return "\(number(above))/\(number(below))"
        }
        return Array(parts.joined(separator: " ").utf8)
    }

    private func signed(_ number: Int) -> Int { Int(Int32(truncatingIfNeeded: number)) }
}

extension [UInt8] {
    fileprivate func dropLast(while isEmpty: (UInt8) -> Bool) -> [UInt8] {
        var end = count
        while end > 0, isEmpty(self[end - 1]) { end -= 1 }
        return Array(self[..<end])
    }
}
