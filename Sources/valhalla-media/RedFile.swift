import MediaProtocol

/// The head of a Redcode file: its size and rate, and the directory in which the camera says what it was.
///
/// libavformat knows the first generation only, and of that no more than the picture.
struct RedFile {
    private var values: [Int: ArraySlice<UInt8>] = [:]
    private var size: (width: Int, height: Int)?
    private var rate: Rational?

    /// Nil for what is no Redcode.
    init?(path: [UInt8]) {
        guard let file = try? InputFile(path: path) else { return nil }
        let head = ByteView(file.bytes(at: 0, count: 1 << 16))
        guard head.has("RED1", at: 4) || head.has("RED2", at: 4), let length = head.big(0, 4), length >= 0x44
        else { return nil }
        if head.has("RED2", at: 4) {
            if let width = head.big(0x4C, 4), let height = head.big(0x50, 4) { size = (width, height) }
            if let below = head.big(0x56, 2), let above = head.big(0x58, 4) {
                rate = Rational(Int64(above), Int64(below))
            }
            readDirectory(head, at: 0x44 + (head.big(0x40, 1) ?? 0) * 0x18)
        } else {
            if let width = head.big(0x36, 2), let height = head.big(0x3A, 2) { size = (width, height) }
            if let above = head.big(0x3E, 4), let below = head.big(0x42, 4) {
                rate = Rational(Int64(above), Int64(below))
            }
            readDirectory(head, at: length + 0x22)
        }
    }

    /// Entries of a length, a tag whose first digit says what kind of value it is, and the value.
    private mutating func readDirectory(_ head: ByteView, at start: Int) {
        guard let length = head.big(start, 2), length >= 4 else { return }
        var place = start + 2
        let end = place + length
        while place + 4 <= end, let size = head.big(place, 2), size >= 4, let tag = head.big(place + 2, 2),
            let value = head.part(place + 4, size - 4)
        {
            values[tag] = value
            place += size
        }
    }

    private func text(_ tag: Int) -> String? {
        values[tag].flatMap { ByteView($0).text(0, $0.count) }
    }

    private func number(_ tag: Int) -> Int? {
        values[tag].flatMap { ByteView($0).big(0, min(2, $0.count)) }
    }

    /// Every text of the directory, for the shelf of raw tags.
    var texts: [(key: String, value: String)] {
        values.keys.sorted().compactMap { tag in
            guard tag >> 12 == 1, let text = text(tag) else { return nil }
            return ("red.\(String(tag, radix: 16))", text)
        }
    }

    /// What the directory says, as a note.
    func note() -> Reading {
        var reading = ContainerNotes.blank
        reading.make = "RED"
        reading.model = text(0x1071) ?? text(0x1019)
        reading.serial = text(0x1006)
        reading.lens = [text(0x106E), text(0x1070)].compactMap(\.self).joined(separator: " ").trimmed
        if reading.lens?.isEmpty == true { reading.lens = nil }
        reading.timecode = text(0x1001).flatMap { $0.utf8.count == 11 ? $0 : nil }
        reading.reel = text(0x101A)
        reading.iso = number(0x403B).flatMap { $0 > 0 ? $0 : nil }
        reading.aperture = number(0x406A).flatMap { $0 > 0 ? Double($0) / 10 : nil }
        reading.focalLength = number(0x406B).flatMap { $0 > 0 ? Double($0) : nil }
        reading.taken = text(0x1005).flatMap(RedFile.time)
        var footage = Footage()
        footage.clipName = text(0x1056).map { String($0.prefix { $0 != "." }) }
        footage.mediaID = text(0x1032)
        reading.footage = footage.known
        return reading
    }

    /// What can be said of a file that libavformat does not open.
    func reading() -> Reading {
        var reading = Reading(format: "R3D", kind: .clip)
        reading.codec = "redcode"
        if let size, (1...32_768).contains(size.width), (1...32_768).contains(size.height) {
            (reading.width, reading.height) = size
            var footage = Footage()
            (footage.storedWidth, footage.storedHeight) = size
            reading.footage = footage
        }
        if let rate, rate.value > 0, rate.value < 1000 { reading.frameRate = rate }
        reading.adopt(note())
        reading.taken = note().taken
        return reading
    }

    /// `20100918174233`, or with underscores between.
    private static func time(_ text: String) -> WallTime? {
        let digits = Array(text.filter { $0.isASCII && $0.isNumber })
        guard digits.count >= 14 else { return nil }
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        return WallTime(
            text:
                "\(part(0..<4))-\(part(4..<6))-\(part(6..<8)) \(part(8..<10)):\(part(10..<12)):\(part(12..<14))",
            source: "R3D.DateTimeOriginal"
        )
    }
}
