/// What the first bytes of a file say, each by the mark that its format's own specification names.
enum Signature {
    case known(String, Sniffed.Nature)
    /// Known, and nothing of ours, whatever its name promises.
    case foreign
    case unknown

    static func of(_ head: UnsafeRawBufferPointer, ending: String) -> Signature {
        let head = Head(head)
        // macOS keeps a file's icon and attributes beside it as ._NAME on cards: never the picture it is named after.
        if head.has([0x00, 0x05, 0x16, 0x07]) { return .foreign }
        return still(head, ending: ending) ?? riffFamily(head) ?? isoFamily(head) ?? stream(
            head,
            ending: ending
        )
            ?? words(head) ?? .unknown
    }

    // MARK: Stills

    private static func still(_ head: Head, ending: String) -> Signature? {
        if head.has([0xFF, 0xD8, 0xFF]) { return .known("JPEG", .photo) }
        if let raw = rawMarks.first(where: { head.has($0.mark, at: $0.offset) }) {
            return .known(raw.format, .photo)
        }
        if head.has("II*\0") || head.has("MM\0*") || head.has("II+\0") || head.has("MM\0+") {
            return .known(TIFFHead(head).format(ending: ending), .photo)
        }
        if head.has([0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A]) { return .known("PNG", .photo) }
        if head.has("GIF87a") || head.has("GIF89a") { return .known("GIF", .photo) }
        if head.has("8BPS\0\u{1}") { return .known("PSD", .photo) }
        if head.has("8BPS\0\u{2}") { return .known("PSB", .photo) }
        if head.has([0xFF, 0x0A]) || head.has([0, 0, 0, 0x0C] + Array("JXL ".utf8)) {
            return .known("JPEG XL", .photo)
        }
        if head.has([0, 0, 0, 0x0C] + Array("jP  ".utf8)) || head.has([0xFF, 0x4F, 0xFF, 0x51]) {
            return .known("JPEG 2000", .photo)
        }
        return nil
    }

    private static let rawMarks: [(mark: [UInt8], offset: Int, format: String)] = [
        (Array("FUJIFILMCCD-RAW".utf8), 0, "RAF"), (Array("IIRO".utf8), 0, "ORF"),
        (Array("IIRS".utf8), 0, "ORF"),
        (Array("MMOR".utf8), 0, "ORF"), (Array("IIU\0".utf8), 0, "RW2"), (Array("HEAPCCDR".utf8), 6, "CRW"),
        (Array("FOVb".utf8), 0, "X3F"), ([0] + Array("MRM".utf8), 0, "MRW"),
    ]

    // MARK: RIFF, IFF

    private static func riffFamily(_ head: Head) -> Signature? {
        if head.has("RIFF") || head.has("RF64") || head.has("BW64") {
            if head.has("WAVE", at: 8) { return .known("WAV", .sound) }
            if head.has("AVI ", at: 8) { return .known("AVI", .clip) }
            if head.has("WEBP", at: 8) { return .known("WebP", .photo) }
        }
        if head.has("FORM"), head.has("AIFF", at: 8) || head.has("AIFC", at: 8) {
            return .known("AIFF", .sound)
        }
        // Sony Wave64: the letters `riff`, then the rest of a GUID.
        if head.has(Array("riff".utf8) + [0x2E, 0x91, 0xCF, 0x11]) { return .known("Wave64", .sound) }
        return nil
    }

    // MARK: ISO base media and QuickTime

    private static func isoFamily(_ head: Head) -> Signature? {
        guard head.has("ftyp", at: 4) else {
            // QuickTime before brands: the first atom has a size and one of these names.
            let atoms = ["moov", "mdat", "wide", "pnot"]
            return atoms.contains { head.has($0, at: 4) } ? .known("QuickTime", .clip) : nil
        }
        let size = min(max(head.bigEndian32(at: 0), 16), 512)
        let brands = [head.text(at: 8, 4)] + stride(from: 16, to: size, by: 4).map { head.text(at: $0, 4) }
        return brand(brands[0], compatible: brands.dropFirst())
    }

    private static func brand(_ major: String, compatible: ArraySlice<String>) -> Signature {
        switch major {
        case "crx ": return .known("CR3", .photo)
        case "heic", "heix", "heim", "heis", "hevc", "hevx": return .known("HEIC", .photo)
        case "avif", "avis": return .known("AVIF", .photo)
        case "jxl ": return .known("JPEG XL", .photo)
        case "mif1", "msf1":
            if compatible.contains("avif") || compatible.contains("avis") { return .known("AVIF", .photo) }
            return .known(
                compatible.contains { $0.hasPrefix("hei") || $0.hasPrefix("hev") } ? "HEIC" : "HEIF",
                .photo
            )
        default: break
        }
        switch major.prefix(3) {
        case "qt ": return .known("QuickTime", .clip)
        case "M4V": return .known("M4V", .clip)
        case "M4A", "M4B", "M4P": return .known("M4A", .sound)
        case "3gp", "3gr", "3gs", "3ge", "3gg": return .known("3GP", .clip)
        case "3g2": return .known("3G2", .clip)
        default: return .known("MP4", .clip)
        }
    }

    // MARK: Streams

    private static func stream(_ head: Head, ending: String) -> Signature? {
        if head.has([0x06, 0x0E, 0x2B, 0x34, 0x02, 0x05, 0x01, 0x01, 0x0D, 0x01, 0x02]) {
            return .known("MXF", .clip)
        }
        // The name, and a number that tells the order of bytes.
        if head.has("ARRI"),
            head.has([0x78, 0x56, 0x34, 0x12], at: 4) || head.has([0x12, 0x34, 0x56, 0x78], at: 4)
        {
            return .known("ARRIRAW", .clip)
        }
        if head.has([0x1A, 0x45, 0xDF, 0xA3]) { return .known("Matroska", .clip) }
        if head.has([0x00, 0x00, 0x01, 0xBA]) { return .known("MPEG-PS", .clip) }
        if head.has([0x00, 0x00, 0x01, 0xB3]) { return .known("MPEG video", .clip) }
        if head.repeats(0x47, every: 188, from: 0) || head.repeats(0x47, every: 192, from: 4) {
            return .known("MPEG-TS", .clip)
        }
        if head.has("RED1", at: 4) || head.has("RED2", at: 4) { return .known("R3D", .clip) }
        if head.has([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]) {
            return .known("ASF", ending == "wma" ? .sound : .clip)
        }
        if head.has("FLV\u{1}") { return .known("FLV", .clip) }
        if head.has(".RMF") { return .known("RealMedia", .clip) }
        if head.has("fLaC") { return .known("FLAC", .sound) }
        if head.has("OggS") { return .known("Ogg", ending == "ogv" ? .clip : .sound) }
        if head.has("caff") { return .known("CAF", .sound) }
        if head.has(".snd") { return .known("AU", .sound) }
        if head.has("ID3") { return .known("MP3", .sound) }
        // Two bytes alone make no MP3: another frame must stand where the first one ends.
        if let length = head.mp3Frame(at: 0), head.mp3Frame(at: length) != nil {
            return .known("MP3", .sound)
        }
        return nil
    }

    // MARK: Words

    private static func words(_ head: Head) -> Signature? {
        let marks = ["<?xpacket begin=", "<x:xmpmeta", "\u{FEFF}<?xpacket begin=", "\u{FEFF}<x:xmpmeta"]
        if marks.contains(where: { head.has($0) }) { return .known("XMP", .sidecar) }
        if head.has("MPLS0") { return .known("MPL", .sidecar) }
        // exiftool and darktable write an XML declaration first.
        guard head.has("<?xml") || head.has("\u{FEFF}<?xml") else { return nil }
        let start = head.text(at: 0, 400)
        if start.contains("<smil") { return .known("SMIL", .sidecar) }
        return start.contains("<x:xmpmeta") ? .known("XMP", .sidecar) : nil
    }
}

/// The first bytes of a file, asked without fear of their end.
struct Head {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    func byte(at offset: Int) -> Int? {
        bytes.indices.contains(offset) ? Int(bytes[offset]) : nil
    }

    func has(_ mark: some Collection<UInt8>, at offset: Int = 0) -> Bool {
        bytes.count >= offset + mark.count
            && bytes[offset..<offset + mark.count].elementsEqual(mark)
    }

    func has(_ mark: String, at offset: Int = 0) -> Bool { has(mark.utf8, at: offset) }

    func text(at offset: Int, _ count: Int) -> String {
        guard offset < bytes.count else { return "" }
        return String(decoding: bytes[offset..<min(offset + count, bytes.count)], as: UTF8.self)
    }

    /// Zero past the end.
    func bigEndian32(at offset: Int) -> Int {
        (0..<4).reduce(0) { $0 << 8 | (byte(at: offset + $1) ?? 0) }
    }

    /// A mark that stands at three or more places in a row, as far as these bytes reach.
    func repeats(_ mark: Int, every stride: Int, from start: Int) -> Bool {
        let places = Array(Swift.stride(from: start, to: min(bytes.count, start + 4 * stride), by: stride))
        return places.count >= 3 && places.allSatisfy { byte(at: $0) == mark }
    }

    /// The length of an MPEG audio frame of layer II or III that begins there, if one does.
    func mp3Frame(at offset: Int) -> Int? {
        guard byte(at: offset) == 0xFF, let second = byte(at: offset + 1), let third = byte(at: offset + 2),
            second & 0xE0 == 0xE0
        else { return nil }
        let version = (second >> 3) & 3
        let layer = (second >> 1) & 3
        let rateIndex = third >> 4
        let frequencyIndex = (third >> 2) & 3
        guard version != 1, layer == 1 || layer == 2, (1...14).contains(rateIndex), frequencyIndex < 3 else {
            return nil
        }
        let isFirstVersion = version == 3
        let rates: [Int]
        switch (isFirstVersion, layer) {
        case (true, 1): rates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
        case (true, _): rates = [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384]
        default: rates = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
        }
        let frequency =
            [44_100, 48_000, 32_000][frequencyIndex] >> (isFirstVersion ? 0 : version == 2 ? 1 : 2)
        let samples = !isFirstVersion && layer == 1 ? 72 : 144
        return samples * rates[rateIndex - 1] * 1000 / frequency + ((third >> 1) & 1)
    }
}

/// The beginning of a TIFF, which is also that of most raw formats.
struct TIFFHead {
    private let head: Head
    private let isLittleEndian: Bool

    init(_ head: Head) {
        self.head = head
        isLittleEndian = head.has("II")
    }

    /// DNG and CR2 say so themselves.
    ///
    /// The others are TIFF to the letter, and only the name tells what the camera meant.
    func format(ending: String) -> String {
        if head.has("CR", at: 8) { return "CR2" }
        let named = ending.uppercased()
        switch hasTag(0xC612) {
        case true?: return named == "GPR" ? "GPR" : "DNG"
        case nil where ["DNG", "GPR"].contains(named): return named
        default: return TIFFHead.rawByName.contains(named) ? named : "TIFF"
        }
    }

    private static let rawByName: Set<String> = [
        "NEF", "NRW", "ARW", "SR2", "SRF", "PEF", "KDC", "DCR", "SRW", "3FR", "FFF", "IIQ", "ERF", "MEF",
        "MOS",
    ]

    /// Whether the first directory has this tag; nil when it lies beyond the bytes at hand.
    private func hasTag(_ tag: Int) -> Bool? {
        // BigTIFF has the same directory with eight bytes where there were four or two.
        let isBig = head.has("II+") || head.has("MM\0+")
        let directory = isBig ? number(at: 8, bytes: 8) : number(at: 4, bytes: 4)
        guard head.byte(at: directory) != nil else { return nil }
        let count = number(at: directory, bytes: isBig ? 8 : 2)
        let first = directory &+ (isBig ? 8 : 2)
        let size = isBig ? 20 : 12
        return (0..<min(max(count, 0), 512)).contains { number(at: first &+ $0 * size, bytes: 2) == tag }
    }

    /// Zero where there are no bytes.
    private func number(at offset: Int, bytes count: Int) -> Int {
        let bytes = (0..<count).map { head.byte(at: offset &+ $0) ?? 0 }
        return (isLittleEndian ? bytes.reversed() : bytes).reduce(0) { $0 << 8 | $1 }
    }
}
