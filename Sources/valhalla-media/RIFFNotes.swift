import CameraXML
import MediaProtocol

/// What cameras and recorders write into the chunks of AVI and WAV that libavformat passes over.
struct RIFFNotes: ~Copyable {
    private(set) var notes = ContainerNotes()
    private let file: InputFile
    private var chunks = 0
    /// Bytes that may still be read: a hostile file could be all notes.
    private var budget = 16 << 20

    /// Lists within lists, at the most.
    private static let deepest = 5
    /// Chunks looked at; a header has a few dozen.
    private static let most = 5_000
    private static let longest = 1 << 20

    init(path: [UInt8]) throws(Failure) {
        file = try InputFile(path: path)
        walk(12..<file.size, in: "", depth: 0)
    }

    private mutating func walk(_ range: Range<Int>, in list: String, depth: Int) {
        guard depth < RIFFNotes.deepest else { return }
        var place = range.lowerBound
        while place + 8 <= range.upperBound, chunks < RIFFNotes.most {
            chunks += 1
            let header = ByteView(file.bytes(at: place, count: min(12, range.upperBound - place)))
            guard let name = header.part(0, 4), let size = header.little(4, 4) else { return }
            let end = min(range.upperBound, place + 8 + size)
            let content = place + 8..<end
            let kind = MediaTags.text(Array(name))
            if kind == "LIST", let type = header.part(8, 4) {
                let type = MediaTags.text(Array(type))
                if ["hdrl", "strl", "ncdt", "exif", "INFO"].contains(type) {
                    walk(min(content.lowerBound + 4, end)..<end, in: type, depth: depth + 1)
                }
            } else {
                chunk(kind, content, in: list)
            }
            place = end + size % 2
        }
    }

    private mutating func bytes(_ content: Range<Int>) -> ArraySlice<UInt8> {
        let found = file.bytes(at: content.lowerBound, count: min(content.count, RIFFNotes.longest, budget))
        budget -= found.count
        return found[...]
    }

    private mutating func chunk(_ name: String, _ content: Range<Int>, in list: String) {
        switch (list, name) {
        case (_, "IDIT"):
            guard let text = ByteView(bytes(content)).text(0, 64) else { return }
            notes.add("IDIT", text)
            notes.note { $0.taken = RIFFDate.wallTime(text) }
        case ("INFO", "ICRD"):
            guard let text = ByteView(bytes(content)).text(0, 64) else { return }
            notes.note { $0.taken = WallTime(text: text, source: "ICRD") }
        case ("strl", "strd"):
            let block = bytes(content)
            if ByteView(block).has("AVIF"), let exif = ExifNote(headless: block.dropFirst(8)) {
                notes.add(exif.reading())
            }
        case ("ncdt", "nctg"):
            notes.add(NikonNotes(bytes(content), isLittleEndian: true).reading())
        case ("exif", "ecor"), ("exif", "emdl"):
            let text = ByteView(bytes(content)).text(0, 64)
            notes.note { if name == "ecor" { $0.make = text } else { $0.model = text } }
        case ("", "_PMX"):
            let items = XMPListing(bytes(content).prefix { $0 != 0 }).items
            for item in items { notes.add(item.key, item.value) }
            notes.add(XMPNote(items).reading())
        case ("", "iXML"):
            let places = XMLDocument.places(bytes(content))
            for (place, value) in places.all { notes.add("iXML.\(place)", value) }
            notes.add(RecorderNotes(places).reading())
        default: break
        }
    }
}

/// `IDIT`: the words of C's `asctime`, or figures in the order that a maker liked.
enum RIFFDate {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// `Fri Mar 26 21:19:07 2021`, `2005:08:17 11:42:43`, `2001/ 1/27  1:42PM`.
    static func wallTime(_ text: String) -> WallTime? {
        if let plain = WallTime(text: text, source: "IDIT") { return plain }
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\r" }).map(String.init)
        if words.count >= 5, let month = months.firstIndex(of: words[1].lowercased()),
            let year = Int(words[4]), let day = Int(words[2])
        {
            return wallTime(year, month + 1, day, words[3], isAfternoon: nil)
        }
        let figures = text.split(whereSeparator: { !$0.isASCII || !$0.isNumber }).compactMap { Int($0) }
        guard figures.count >= 5, figures[0] > 1900 else { return nil }
        let upper = text.uppercased()
        let isAfternoon = upper.hasSuffix("PM") ? true : upper.hasSuffix("AM") ? false : nil
        let time = figures[3...].prefix(3).map(String.init).joined(separator: ":")
        return wallTime(figures[0], figures[1], figures[2], time, isAfternoon: isAfternoon)
    }

    private static func wallTime(_ year: Int, _ month: Int, _ day: Int, _ time: String, isAfternoon: Bool?)
        -> WallTime?
    {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        var parts = time.split(separator: ":").compactMap { Int($0) }
        guard parts.count >= 2 else { return nil }
        if isAfternoon == true, parts[0] < 12 { parts[0] += 12 }
        if isAfternoon == false, parts[0] == 12 { parts[0] = 0 }
        let clock = parts.prefix(3).map(two).joined(separator: ":")
        return WallTime(text: "\(year)-\(two(month))-\(two(day)) \(clock)", source: "IDIT")
    }
}

/// `iXML` of a field recorder: what the sound is for, and how it counts.
struct RecorderNotes {
    private let places: XMLPlaces

    init(_ places: XMLPlaces) { self.places = places }

    private subscript(_ place: String) -> String? { places["BWFXML/" + place] }

    /// What it says, as a note.
    func reading() -> Reading {
        var reading = ContainerNotes.blank
        reading.reel = self["TAPE"]
        reading.caption = self["NOTE"]
        var footage = Footage()
        let names = [self["SCENE"], self["TAKE"]].compactMap(\.self)
        footage.clipName = names.isEmpty ? nil : names.joined(separator: "-")
        footage.timecodeRate = rate.map { Int($0.value.rounded()) }
        footage.umid = self["FILE_UID"].flatMap(UMID.digits)
        reading.footage = footage.known
        return reading
    }

    /// `SPEED/TIMECODE_RATE`: `24000/1001`.
    var rate: Rational? { self["SPEED/TIMECODE_RATE"].flatMap { ClipRate.fraction($0) } }
}
