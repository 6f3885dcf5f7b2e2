import MediaProtocol

/// Every box of an MP4 or MOV that is not the pictures, the sound or their index.
///
/// What a stream carries inside its samples (an encoder's note in H.264, say) is not looked at, `SampleNotes` takes it
/// out; but a track that is neither pictures nor sound is named, for cameras write positions and serial numbers as timed
/// metadata, and so are samples that no track leads to.
struct MovieInspection: ~Copyable {
    private(set) var items: [MetadataItem] = []
    private let file: InputFile
    /// Names of an `mdta` list, by which the values that follow are numbered.
    private var keys: [String] = []
    private var track = 0
    private var handler = ""
    private var samples = SampleMap()

    /// Text longer than this is listed by its size.
    private static let longestText = 65_536
    /// Boxes within boxes, at the most: files nest a dozen, hostile ones thousands.
    private static let deepest = 24

    static func isMovie(head: [UInt8]) -> Bool {
        ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"].contains {
            head.dropFirst(4).starts(with: $0.utf8)
        }
    }

    init(file: consuming InputFile) {
        self.file = file
        let size = self.file.size
        walk(0..<size, in: "", depth: 0)
        // What was cut out of a clip may lie in it still, though no track leads there.
        if let hidden = samples.unclaimed(in: self.file) {
            add("mdat bytes of no track", hidden == .max ? "as many as cannot be told" : "\(hidden) bytes")
        }
    }

    private mutating func add(_ key: String, _ value: String) {
        items.append(MetadataItem(key: key, value: value))
    }

    private mutating func walk(_ range: Range<Int>, in parent: String, depth: Int) {
        guard depth < MovieInspection.deepest else {
            add(parent, "\(range.count) bytes, nested too deeply")
            return
        }
        var place = range.lowerBound
        while place < range.upperBound {
            let header = file.bytes(at: place, count: min(16, range.upperBound - place))
            guard header.count >= 8 else {
                addTail(place..<range.upperBound, in: parent)
                return
            }
            var size = MovieInspection.number(header[0..<4])
            var start = place + 8
            if size == 1, header.count == 16 {
                size = Int(clamping: header[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
                start = place + 16
            } else if size == 0, depth == 0 {
                size = range.upperBound - place
            }
            guard size >= start - place, size <= range.upperBound - place else {
                addTail(place..<range.upperBound, in: parent)
                return
            }
            let name = MediaTags.text(Array(header[4..<8]))
            let path = parent.isEmpty ? name : "\(parent)/\(name)"
            box(name, header[4..<8], start..<place + size, path: path, parent: parent, depth: depth)
            place += size
        }
    }

    /// QuickTime closes some lists with four zeros; anything else there does not belong.
    private mutating func addTail(_ range: Range<Int>, in parent: String) {
        let bytes = file.bytes(at: range.lowerBound, count: min(range.count, 16))
        if range.count <= 8, bytes.allSatisfy({ $0 == 0 }) { return }
        add(parent.isEmpty ? "trailing bytes" : "\(parent) trailing bytes", "\(range.count) bytes")
    }

    private mutating func box(
        _ name: String,
        _ type: ArraySlice<UInt8>,
        _ content: Range<Int>,
        path: String,
        parent: String,
        depth: Int
    ) {
        if parent.hasSuffix("ilst") {
            listItem(name, type, content, path: path)
            return
        }
        if parent.hasSuffix("udta"), name != "meta" {
            add(path, text(of: content))
            return
        }
        switch name {
        case "trak":
            track += 1
            samples.beginTrack()
            walk(content, in: path, depth: depth + 1)
        case "moov", "mdia", "minf", "stbl", "dinf", "edts", "udta", "gmhd", "tapt", "ilst":
            walk(content, in: path, depth: depth + 1)
        case "meta":
            // The ISO form begins with a version; QuickTime's with its first box.
            let head = file.bytes(at: content.lowerBound, count: 8)
            let isPlain = head.count == 8 && head[4...].elementsEqual("hdlr".utf8)
            walk(content.dropFirst(isPlain ? 0 : 4), in: path, depth: depth + 1)
        case "mvhd", "tkhd", "mdhd":
            addClock(content, path: path)
            addSurplus(name, content, path: path)
        case "hdlr": addHandler(content, path: path, isTrack: parent.hasSuffix("mdia"))
        case "keys": readKeys(content)
        case "stsd": addSamples(content, path: path)
        case "free", "skip", "wide":
            if !file.isZero(content) { add(path, "\(content.count) bytes, not all zero") }
        case "uuid": addIdentified(content, path: path)
        case "ftyp": addBrands(content, path: path)
        case "mdat": samples.data.append(content)
        case "dref": addReferences(content, path: path)
        case "tref":
            // Which track counts for which: a kind, and numbers of tracks.
            if content.count > 256 { add(path, "\(content.count) bytes") }
        case _ where MovieTables.names.contains(name):
            samples.note(name, content)
            addSurplus(name, content, path: path)
        default: add(path, text(of: content))
        }
    }

    /// An item of `ilst`: numbered by `keys`, or named as iTunes does; its values stand in `data` boxes.
    private mutating func listItem(
        _ name: String,
        _ type: ArraySlice<UInt8>,
        _ content: Range<Int>,
        path: String
    ) {
        let number = MovieInspection.number(type)
        let key = keys.indices.contains(number - 1) ? keys[number - 1] : path
        let bytes = file.bytes(at: content.lowerBound, count: min(content.count, MovieInspection.longestText))
        // size, `data`, type, locale, value
        guard content.count <= bytes.count, bytes.count >= 16, bytes[4..<8].elementsEqual("data".utf8),
            let value = MovieInspection.readable(bytes[16...])
        else {
            add(key, "\(content.count) bytes")
            return
        }
        add(key, value)
    }

    private mutating func readKeys(_ content: Range<Int>) {
        let bytes = file.bytes(at: content.lowerBound, count: min(content.count, 1 << 20))
        keys = []
        var place = 8
        while place + 8 <= bytes.count {
            let size = MovieInspection.number(bytes[place..<place + 4])
            guard size >= 8, place + size <= bytes.count else { return }
            keys.append(MediaTags.text(Array(bytes[place + 8..<place + size])))
            place += size
        }
    }

    private mutating func addClock(_ content: Range<Int>, path: String) {
        let bytes = file.bytes(at: content.lowerBound, count: 20)
        guard let version = bytes.first, bytes.count == 20 else { return }
        let width = version == 1 ? 8 : 4
        let created = MovieInspection.number(bytes[4..<4 + width])
        let changed = MovieInspection.number(bytes[4 + width..<4 + 2 * width])
        // Seconds since 1904.
        if created != 0 { add("\(path) creation time", "\(created)") }
        if changed != 0 { add("\(path) modification time", "\(changed)") }
    }

    private mutating func addHandler(_ content: Range<Int>, path: String, isTrack: Bool) {
        let bytes = file.bytes(at: content.lowerBound, count: min(content.count, 512))
        guard bytes.count >= 24 else { return }
        if isTrack { handler = MediaTags.text(Array(bytes[8..<12])) }
        // QuickTime counts the characters in front, MP4 ends them with a zero.
        let name = bytes[24...].filter { $0 >= 0x20 }
        if !name.isEmpty { add("\(path) name", MediaTags.text(Array(name))) }
    }

    /// A table is as long as its own count says, and a header as its version: more has been put into it.
    private mutating func addSurplus(_ name: String, _ content: Range<Int>, path: String) {
        let surplus = MovieTables.surplus(of: name, content, in: file)
        if surplus != 0 { add(path, "\(surplus) bytes too many") }
    }

    /// Brands are names that makers register, some of them their own.
    private mutating func addBrands(_ content: Range<Int>, path: String) {
        let bytes = file.bytes(at: content.lowerBound, count: min(content.count, 256))
        guard bytes.count >= 8, bytes.count % 4 == 0, bytes.count == content.count else {
            add(path, "\(content.count) bytes")
            return
        }
        let brands = stride(from: 0, to: bytes.count, by: 4).filter { $0 != 4 }
            .map { MediaTags.text(Array(bytes[$0..<$0 + 4])).trimmed }
        add(path, brands.joined(separator: ", "))
        let version = MovieInspection.number(bytes[4..<8])
        if version != 0, version != 0x200 { add("\(path) version", "\(version)") }
    }

    /// Where the samples lie: in this file, or under the path or address that is written here.
    private mutating func addReferences(_ content: Range<Int>, path: String) {
        let bytes = file.bytes(at: content.lowerBound, count: min(content.count, 4096))
        var place = 8
        while place + 12 <= bytes.count, MovieInspection.number(bytes[place..<place + 4]) == 12,
            bytes[place + 11] == 1
        {
            place += 12
        }
        if place != content.count { add(path, "leads to another file") }
    }

    /// The kinds of samples of a track, and whatever their descriptions say beyond what a decoder needs.
    private mutating func addSamples(_ content: Range<Int>, path: String) {
        let bytes = file.bytes(at: content.lowerBound, count: min(content.count, 1 << 20))
        guard bytes.count >= 16, bytes.count == content.count else {
            add(path, "\(content.count) bytes")
            return
        }
        let kind = MediaTags.text(Array(bytes[12..<16]))
        if handler != "vide", handler != "soun" {
            add("track \(track)", "\(handler) \(kind): neither picture nor sound")
        }
        for item in SampleDescriptions(bytes, handler: handler).items {
            add("\(path) \(item.key)", item.value)
        }
    }

    private mutating func addIdentified(_ content: Range<Int>, path: String) {
        let bytes = file.bytes(at: content.lowerBound, count: min(content.count, 16 << 20))
        let id = Array(bytes.prefix(16)).hexadecimal
        if id == "be7acfcb97a942e89c71999491e3afac" {
            items += XMPListing(bytes.dropFirst(16)).items
        } else {
            add("\(path) \(id)", "\(content.count) bytes")
        }
    }

    /// The text of a box, whatever stands in front of it, or its size.
    private func text(of content: Range<Int>) -> String {
        let bytes = file.bytes(at: content.lowerBound, count: min(content.count, MovieInspection.longestText))
        guard content.count <= bytes.count else { return "\(content.count) bytes" }
        if bytes.count > 4, MovieInspection.number(bytes[0..<2]) == bytes.count - 4,
            let text = MovieInspection.readable(bytes[4...])
        {
            return text
        }
        if let text = MovieInspection.readable(bytes[...]) { return text }
        // What is short is told in full, so that a rule can know it again.
        return bytes.count <= 64 ? Array(bytes).hexadecimal : "\(content.count) bytes"
    }

    /// Text if every character is one; numbers and pictures are not.
    private static func readable(_ bytes: ArraySlice<UInt8>) -> String? {
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 })
        else { return nil }
        return MediaTags.text(Array(bytes))
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        Int(clamping: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
