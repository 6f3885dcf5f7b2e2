import CameraXML
import MediaProtocol

/// The header metadata of MXF (SMPTE ST 377-1) as far as libavformat keeps it to itself: when the packages were made,
/// by which identifier they are known, and how the timecode counts.
struct MXFNotes {
    private(set) var notes = ContainerNotes()
    private var created: WallTime?
    private var footage = Footage()
    private var timecode: String?

    /// The header is read up to here; behind it come pictures.
    private static let reach = 4 << 20
    /// Sets looked at; a header has a few dozen.
    private static let most = 5_000

    init(path: [UInt8]) throws(Failure) {
        let file = try InputFile(path: path)
        var place = 0
        for _ in 0..<MXFNotes.most where place < min(file.size, MXFNotes.reach) {
            guard let unit = MXFUnit(file: file, at: place) else { break }
            if unit.isEssence { break }
            if unit.length <= 1 << 20 { take(unit, file) }
            place = unit.next
        }
        if footage.known != nil || created != nil || timecode != nil {
            notes.note { note in
                note.taken = created
                note.footage = footage.known
                note.timecode = timecode
            }
        }
    }

    private mutating func take(_ unit: MXFUnit, _ file: borrowing InputFile) {
        guard let kind = unit.setKind else { return }
        let items = MXFItems(file.bytes(at: unit.content, count: unit.length))
        switch kind {
        case 0x36, 0x37:
            // The material package is what is shown; a source package is a file or a tape behind it.
            let time = items[0x4405].flatMap(MXFNotes.time)
            let umid = items[0x4401].flatMap { UMID.digits(Array($0).hexadecimal) }
            if kind == 0x36 {
                created = time ?? created
                footage.umid = umid ?? footage.umid
                // Libraries that know no name write what the set is.
                footage.clipName = items[0x4402].flatMap(MXFNotes.text).flatMap {
                    $0.lowercased().contains("package") ? nil : $0
                }
            } else {
                created = created ?? time
            }
        case 0x14:
            guard timecode == nil, let base = items.number(0x1502), (1...240).contains(base),
                let start = items.number(0x1501), start >= 0
            else { return }
            let drops = items.number(0x1503) == 1
            footage.timecodeRate = base
            timecode = TimecodeRate(nominal: base, isDropping: drops)?.timecode(frame: start)
        default: break
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        let view = ByteView(bytes)
        let units = (0..<bytes.count / 2).compactMap { view.big($0 * 2, 2) }.map {
            UInt16(truncatingIfNeeded: $0)
        }
        let text = String(decoding: units.prefix { $0 != 0 }, as: UTF16.self).trimmed
        return text.isEmpty ? nil : text
    }

    /// Year, month, day, hour, minute, second, and quarters of a hundredth.
    private static func time(_ bytes: ArraySlice<UInt8>) -> WallTime? {
        let view = ByteView(bytes)
        guard bytes.count == 8, let year = view.big(0, 2), (1905...9999).contains(year) else { return nil }
        let fields = (2..<8).compactMap { view.big($0, 1) }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let text =
            "\(year)-\(two(fields[0]))-\(two(fields[1])) \(two(fields[2])):\(two(fields[3])):\(two(fields[4]))"
        var time = WallTime(text: text, source: "MXF.PackageCreationDate")
        time?.milliseconds += Int64(fields[5] % 250) * 4
        return time
    }
}

/// One key, its length, and where its value stands.
private struct MXFUnit {
    private let key: [UInt8]
    let content: Int
    let length: Int

    init?(file: borrowing InputFile, at place: Int) {
        let head = ByteView(file.bytes(at: place, count: 25))
        guard let key = head.part(0, 16), key.starts(with: [0x06, 0x0E, 0x2B, 0x34]),
            let first = head.big(16, 1)
        else { return nil }
        self.key = Array(key)
        if first < 0x80 {
            (content, length) = (place + 17, first)
        } else {
            let count = first & 0x7F
            guard (1...8).contains(count), let long = head.big(17, count), long >= 0 else { return nil }
            (content, length) = (place + 17 + count, long)
        }
        guard length <= file.size - content else { return nil }
    }

    var next: Int { content + length }

    /// Pictures and sound: the header ends before them.
    var isEssence: Bool { key[4...].starts(with: [0x01, 0x02, 0x01]) }

    /// The number of a set of header metadata; nil for what is none.
    var setKind: UInt8? {
        key[4] == 0x02 && key[5] == 0x53 && key[8...].starts(with: [0x0D, 0x01, 0x01, 0x01, 0x01, 0x01])
            ? key[14] : nil
    }
}

/// The items of a set: a tag of two bytes, a length of two, and the value.
private struct MXFItems {
    private var values: [Int: ArraySlice<UInt8>] = [:]

    init(_ bytes: [UInt8]) {
        let view = ByteView(bytes)
        var place = 0
        while let tag = view.big(place, 2), let length = view.big(place + 2, 2),
            let value = view.part(place + 4, length)
        {
            values[tag] = value
            place += 4 + length
        }
    }

    subscript(tag: Int) -> ArraySlice<UInt8>? { values[tag] }

    func number(_ tag: Int) -> Int? {
        values[tag].flatMap { $0.count <= 8 ? ByteView($0).big(0, $0.count) : nil }
    }
}
