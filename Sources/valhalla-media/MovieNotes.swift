import CameraXML
import MediaProtocol

/// What cameras write into boxes of MP4 and MOV that libavformat passes over.
///
/// `udta` holds the most of it: a maker's text, a still with Exif, a block of binary tags. Sony adds an XML document
/// in a `meta` box of its own.
struct MovieNotes: ~Copyable {
    private(set) var notes = ContainerNotes()
    /// True when the camera is a GoPro, whose track of measurements may name it.
    private(set) var isGoPro = false

    private let file: InputFile
    private var boxes = 0
    /// Bytes that may still be read: a hostile file could be all notes.
    private var budget = 16 << 20

    /// Boxes within boxes, at the most.
    private static let deepest = 10
    /// Boxes looked at; a clip has a few hundred.
    private static let most = 20_000
    /// The longest box that is read: stills and XML documents of cameras are far shorter.
    private static let longest = 1 << 20

    init(path: [UInt8]) throws(Failure) {
        file = try InputFile(path: path)
        walk(0..<file.size, in: "", depth: 0)
    }

    private mutating func walk(_ range: Range<Int>, in parent: String, depth: Int) {
        guard depth < MovieNotes.deepest else { return }
        var place = range.lowerBound
        while place + 8 <= range.upperBound, boxes < MovieNotes.most {
            boxes += 1
            let header = ByteView(file.bytes(at: place, count: min(16, range.upperBound - place)))
            guard var size = header.big(0, 4), let name = header.part(4, 4) else { return }
            var start = place + 8
            if size == 1, let large = header.big(8, 8) {
                size = large
                start = place + 16
            } else if size == 0 {
                // To the end of the file; within a list four zeros close it.
                guard depth == 0 else { return }
                size = range.upperBound - place
            }
            guard size >= start - place else { return }
            // A box that reaches past the end is damage that is told elsewhere; what is there of it may still be read.
            let end = size > range.upperBound - place ? range.upperBound : place + size
            box(MediaTags.text(Array(name)), start..<end, in: parent, depth: depth)
            place = end
        }
    }

    private mutating func box(_ name: String, _ content: Range<Int>, in parent: String, depth: Int) {
        switch (parent, name) {
        case ("", "moov"), ("moov", "trak"), ("moov", "udta"), ("", "udta"), ("trak", "udta"),
            ("udta", "NCDT"),
            ("", "NCDT"):
            walk(content, in: name, depth: depth + 1)
        case (_, "meta"):
            // The ISO form begins with a version; QuickTime's with its first box.
            let isPlain = ByteView(file.bytes(at: content.lowerBound, count: 8)).has("hdlr", at: 4)
            walk(content.dropFirst(isPlain ? 0 : 4), in: "meta", depth: depth + 1)
        case ("meta", "xml "):
            readXML(bytes(content).dropFirst(4))
        case ("", "uuid"), ("moov", "uuid"):
            readIdentified(content)
        case ("NCDT", "NCTG"):
            notes.add(NikonNotes(bytes(content)).reading())
        case ("udta", "meta"), ("", _), ("moov", _), ("trak", _), ("meta", _):
            break
        default:
            readUserData(name, content)
        }
    }

    private mutating func bytes(_ content: Range<Int>) -> ArraySlice<UInt8> {
        let found = file.bytes(at: content.lowerBound, count: min(content.count, MovieNotes.longest, budget))
        budget -= found.count
        return found[...]
    }

    private mutating func readXML(_ document: ArraySlice<UInt8>) {
        let places = XMLDocument.places(document)
        for (place, value) in places.all { notes.add("xml.\(place)", value) }
        if let reading = CameraDocument.reading(of: places) { notes.add(reading) }
    }

    private mutating func readIdentified(_ content: Range<Int>) {
        let id = file.bytes(at: content.lowerBound, count: 16)
        if id.starts(with: "USMT".utf8) {
            walk(content.dropFirst(16), in: "USMT", depth: 1)
        } else if id.starts(with: "JpgTiffExif->JP2".utf8), let exif = ExifNote(bytes(content).dropFirst(16))
        {
            notes.add(exif.reading())
        } else if Array(id).hexadecimal == "be7acfcb97a942e89c71999491e3afac" {
            readXMP(bytes(content).dropFirst(16))
        }
    }

    private mutating func readXMP(_ packet: ArraySlice<UInt8>) {
        let items = XMPListing(packet).items
        for item in items { notes.add(item.key, item.value) }
        notes.add(XMPNote(items).reading())
    }

    // MARK: User data

    private mutating func readUserData(_ name: String, _ content: Range<Int>) {
        switch name {
        case "XMP_": readXMP(bytes(content))
        case "CNTH", "PANA", "LEIC", "MVTG", "thmb", "scrn":
            let block = bytes(content)
            if let exif = ExifNote(within: block) { notes.add(exif.reading()) }
            if name == "PANA" || name == "LEIC" { notes.add(BinaryTags.panasonic(ByteView(block))) }
        case "TAGS": notes.add(BinaryTags.tags(ByteView(bytes(content))))
        case "GPMF":
            isGoPro = true
            notes.add(GoProNotes(bytes(content)).reading())
        case "MTDT": notes.add(SonyUserMedia.reading(ByteView(bytes(content))))
        default:
            guard content.count <= 4096, let text = MovieNotes.text(ByteView(bytes(content))) else { return }
            readText(name, text)
        }
    }

    /// Text as it stands, or behind the four zeros and the language that 3GPP puts in front.
    private static func text(_ view: ByteView) -> String? {
        let isMarked = view.big(0, 4) == 0 && view.count > 6
        guard let text = view.text(isMarked ? 6 : 0, view.count) else { return nil }
        let isText = text.unicodeScalars.allSatisfy {
            $0.value >= 0x20 || $0 == "\n" || $0 == "\r" || $0 == "\t"
        }
        return isText ? text : nil
    }

    private mutating func readText(_ name: String, _ text: String) {
        notes.add("udta.\(name)", text)
        notes.note { note in
            switch name {
            case "manu", "@mak": note.make = text
            case "vndr": note.make = text
            case "modl", "@mod", "cmnm", "CNMN": note.model = text
            case "slno", "SNum": note.serial = text
            case "date", "@day": note.taken = WallTime(text: text, source: "udta.\(name)")
            case "reel": note.reel = text
            case "clfn":
                note.footage = Footage()
                note.footage?.clipName = text
            case "angl", "cmid":
                // A letter is the camera's among others; longer words are an identifier of the body.
                guard text.count <= 2 else { return }
                note.footage = Footage()
                note.footage?.cameraLetter = text
            case "@xyz":
                guard let point = GeographicPoint(iso6709: text) else { return }
                (note.latitude, note.longitude, note.altitude) = (
                    point.latitude, point.longitude, point.altitude
                )
            case "titl": note.title = text
            case "dscp": note.caption = text
            case "auth": note.creator = text
            case "cprt": note.copyright = text
            default: break
            }
        }
        if name == "FIRM" || name == "GoPr" {
            isGoPro = true
            notes.note { $0.make = "GoPro" }
        }
        if name == "CNMN" || name == "CNCV" { notes.note { $0.make = "Canon" } }
    }
}
