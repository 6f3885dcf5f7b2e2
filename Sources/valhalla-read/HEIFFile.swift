import MediaProtocol

/// HEIC and AVIF: items with properties (ISO 23008-12).
///
/// The primary item is the picture; Exif and XMP are items too.
struct HEIFFile {
    private struct Item {
        var type: [UInt8] = []
        var contentType: [UInt8] = []
        var isInsideMeta = false
        var extents: [(offset: Int, length: Int)] = []
    }

    /// One of each is the rule.
    private static let mostItems = 16

    private let format: String
    private var items: [Int: Item] = [:]
    private var primary = 0
    private var properties: [Box] = []
    private var propertiesOfPrimary: [Int] = []
    private var bytes: [UInt8] = []
    private var data = 0..<0
    /// The items that describe the primary one.
    private var descriptions: Set<Int> = []
    /// Of a sequence without a still: its track's.
    private var trackSize: PixelSize?
    private let isWhole: Bool

    init(_ file: borrowing OpenFile, start: [UInt8]) throws(OpenFile.Refusal) {
        let brand = Array(start[8..<min(12, start.count)])
        let isAVIF = brand.has("avi") || (brand.has("mif1") && start.prefix(64).contains(sequence: "avif"))
        let list = Box.list(in: file, 0..<file.size)
        isWhole = list.isWhole
        format = isAVIF ? "AVIF" : brand.has("mif1") || brand.has("msf1") ? "HEIF" : "HEIC"
        guard let meta = list.boxes.first(where: { $0.isType("meta") }), meta.content.count > 4,
            let bytes = file.bytes(at: meta.content.lowerBound, count: meta.content.count),
            bytes.count == meta.content.count
        else {
            // A sequence may have no still besides its frames.
            trackSize = HEIFFile.trackSize(list.boxes, file)
            guard trackSize == nil else { return }
            throw isWhole ? OpenFile.Refusal.unknown : OpenFile.Refusal(reason: "ends inside its header")
        }
        self.bytes = bytes
        for box in Box.list(in: bytes, 4..<bytes.count) {
            let at = box.content.lowerBound
            if box.isType("pitm") {
                primary =
                    (bytes[at..<box.content.upperBound].first == 0
                        ? bytes.big16(at + 4) : bytes.big32(at + 4)) ?? 0
            } else if box.isType("iinf") {
                readTypes(box.content)
            } else if box.isType("iloc") {
                readPlaces(box.content)
            } else if box.isType("idat") {
                data = box.content
            }
        }
        for box in Box.list(in: bytes, 4..<bytes.count) {
            if box.isType("iprp") { readProperties(box.content) }
            if box.isType("iref") { readReferences(box.content) }
        }
    }

    /// The size that the first track's header gives, in whole pixels and fractions of them.
    private static func trackSize(_ boxes: [Box], _ file: borrowing OpenFile) -> PixelSize? {
        guard let movie = boxes.first(where: { $0.isType("moov") }),
            let bytes = file.bytes(at: movie.content.lowerBound, count: movie.content.count)
        else { return nil }
        for track in Box.list(in: bytes, 0..<bytes.count) where track.isType("trak") {
            for header in Box.list(in: bytes, track.content) where header.isType("tkhd") {
                let end = header.content.upperBound
                if let width = bytes.big16(end - 8), let height = bytes.big16(end - 4), width > 0, height > 0
                {
                    return PixelSize(width: width, height: height)
                }
            }
        }
        return nil
    }

    /// `cdsc`: which item describes which others.
    private mutating func readReferences(_ range: Range<Int>) {
        guard let version = bytes[range].first else { return }
        let width = version == 0 ? 2 : 4
        for box in Box.list(in: bytes, range.dropFirst(4)) where box.isType("cdsc") {
            var reader = FieldReader(bytes: bytes, at: box.content.lowerBound, end: box.content.upperBound)
            let from = reader.number(width)
            let count = reader.number(2)
            for _ in 0..<count {
                guard !reader.isBroken else { break }
                if reader.number(width) == primary { descriptions.insert(from) }
            }
        }
    }

    private mutating func readTypes(_ range: Range<Int>) {
        guard let version = bytes[range].first else { return }
        for entry in Box.list(
            in: bytes,
            range.lowerBound + (version == 0 ? 6 : 8)..<max(range.upperBound, range.lowerBound + 8)
        )
        where entry.isType("infe") {
            let at = entry.content.lowerBound
            guard let version = bytes[entry.content].first, version >= 2 else { continue }
            let wide = version == 2 ? 0 : 2
            guard let number = wide == 0 ? bytes.big16(at + 4) : bytes.big32(at + 4),
                at + 12 + wide <= entry.content.upperBound
            else { continue }
            items[number, default: Item()].type = Array(bytes[(at + 8 + wide)..<(at + 12 + wide)])
            // A name and then a content type, each ended by a zero.
            let texts = bytes[(at + 12 + wide)..<entry.content.upperBound].split(
                separator: 0,
                omittingEmptySubsequences: false
            )
            if texts.count > 1 { items[number]?.contentType = Array(texts[1]) }
        }
    }

    /// `iloc`: where each item's bytes are.
    ///
    /// The widths of its numbers are numbers themselves.
    private mutating func readPlaces(_ range: Range<Int>) {
        guard let version = bytes[range].first, range.count > 8 else { return }
        var reader = FieldReader(bytes: bytes, at: range.lowerBound + 4, end: range.upperBound)
        let widths = reader.number(2)
        let (offsetWidth, lengthWidth) = (widths >> 12 & 15, widths >> 8 & 15)
        let (baseWidth, indexWidth) = (widths >> 4 & 15, version == 0 ? 0 : widths & 15)
        let count = reader.number(version < 2 ? 2 : 4)
        for _ in 0..<count {
            guard !reader.isBroken else { break }
            let number = reader.number(version < 2 ? 2 : 4)
            let method = version == 0 ? 0 : reader.number(2) & 15
            _ = reader.number(2)
            let base = reader.number(baseWidth)
            let extents = reader.number(2)
            var item = items[number] ?? Item()
            item.isInsideMeta = method == 1
            // An extent without any number is none, and sixty thousand of them are an attack.
            guard offsetWidth + lengthWidth > 0 || extents <= 1 else { continue }
            for _ in 0..<extents {
                guard !reader.isBroken else { break }
                _ = reader.number(indexWidth)
                let offset = reader.number(offsetWidth)
                let length = reader.number(lengthWidth)
                item.extents.append((base &+ offset, length))
            }
            // Method 2 builds items of other items; no metadata is kept so.
            if method < 2, !reader.isBroken { items[number] = item }
        }
    }

    private mutating func readProperties(_ range: Range<Int>) {
        for box in Box.list(in: bytes, range) {
            if box.isType("ipco") { properties = Box.list(in: bytes, box.content) }
            guard box.isType("ipma"), let version = bytes[box.content].first else { continue }
            var reader = FieldReader(
                bytes: bytes,
                at: box.content.lowerBound + 3,
                end: box.content.upperBound
            )
            let isWide = reader.number(1) & 1 == 1
            let count = reader.number(4)
            for _ in 0..<count {
                guard !reader.isBroken else { break }
                let number = reader.number(version < 1 ? 2 : 4)
                let associations = reader.number(1)
                let indices = (0..<associations).map { _ in
                    isWide ? reader.number(2) & 0x7FFF : reader.number(1) & 0x7F
                }
                if number == primary { propertiesOfPrimary = indices }
            }
        }
    }

    /// The primary item's property of a type.
    private func property(_ type: StaticString) -> Range<Int>? { properties(of: type).first }

    private func properties(of type: StaticString) -> [Range<Int>] {
        propertiesOfPrimary.compactMap { index in
            index > 0 && index <= properties.count && properties[index - 1].isType(type)
                ? properties[index - 1].content : nil
        }
    }

    private func content(_ item: Item, _ file: borrowing OpenFile) -> [UInt8] {
        var content: [UInt8] = []
        for extent in item.extents where content.count < OpenFile.most {
            let base = item.isInsideMeta ? data.lowerBound : 0
            guard extent.length < OpenFile.most else { break }
            if item.isInsideMeta {
                guard extent.offset >= 0, extent.offset + extent.length <= data.count else { break }
                content += bytes[(base + extent.offset)..<(base + extent.offset + extent.length)]
            } else {
                content += file.bytes(at: extent.offset, count: extent.length) ?? []
            }
        }
        return content
    }

    func reading(_ findings: Findings, _ file: borrowing OpenFile) -> Reading {
        // Pictures beside the primary one may have a description of their own.
        let ours = descriptions.isEmpty ? items : items.filter { descriptions.contains($0.key) }
        let words = ours.sorted { $0.key < $1.key }.map(\.value).filter {
            $0.type.has("Exif") || $0.type.has("mime")
        }
        for item in words.prefix(HEIFFile.mostItems) {
            if item.type.has("Exif") {
                let block = content(item, file)
                // Four bytes say where behind them the TIFF begins, and are not always right.
                let stated = (block.big32(0) ?? 0) + 4
                let places = [stated, 4, 10, 0].filter {
                    block.has("II*\0", at: $0) || block.has("MM\0*", at: $0)
                }
                if let first = places.first {
                    findings.addExif(block[first...])
                } else {
                    findings.note(damage: "the Exif block is damaged")
                }
            } else if item.type.has("mime"), item.contentType.elementsEqual("application/rdf+xml".utf8) {
                findings.addXMP(content(item, file))
            }
        }
        if !isWhole { findings.note(damage: "the file ends before its parts do") }
        var reading = Reading(photo: format, size: nil, findings)
        let size = displayedSize
        (reading.width, reading.height) = (size?.width, size?.height)
        reading.orientation = reading.orientation ?? orientation
        // A profile says more than numbers do, and may stand behind them.
        let names = properties(of: "colr").map {
            (isNumbers: bytes.has("nclx", at: $0.lowerBound), profile($0))
        }
        if let name = (names.filter { !$0.isNumbers } + names).lazy.compactMap(\.1).first {
            reading.colorProfile = name
        }
        return reading
    }

    /// Quarters of a turn against the clock.
    private var quarters: Int { property("irot").flatMap { bytes[$0].first }.map { Int($0 & 3) } ?? 0 }

    /// The properties cut and turn the picture; Exif's orientation only repeats that, and is to be ignored here
    /// (ISO 23008-12 §6.5).
    private var displayedSize: PixelSize? {
        guard let extent = property("ispe"), var width = bytes.big32(extent.lowerBound + 4),
            var height = bytes.big32(extent.lowerBound + 8)
        else { return trackSize }
        // The clean aperture, in fractions.
        if let clean = property("clap"), let above = bytes.big32(clean.lowerBound),
            let below = bytes.big32(clean.lowerBound + 4),
            let aboveHeight = bytes.big32(clean.lowerBound + 8),
            let belowHeight = bytes.big32(clean.lowerBound + 12), below > 0, belowHeight > 0,
            (1...width).contains(above / below), (1...height).contains(aboveHeight / belowHeight)
        {
            (width, height) = (above / below, aboveHeight / belowHeight)
        }
        return quarters % 2 == 1
            ? PixelSize(width: height, height: width) : PixelSize(width: width, height: height)
    }

    /// In Exif's numbers, what the properties do; nil when they do nothing.
    private var orientation: Int? {
        switch (quarters, property("imir").flatMap { bytes[$0].first }.map { $0 & 1 }) {
        case (0, nil): nil
        case (1, nil): 8
        case (2, nil): 3
        case (3, nil): 6
        // Turned first, then mirrored: 0 at a vertical axis, 1 at a horizontal one.
        case (0, 0?), (2, 1?): 2
        case (0, 1?), (2, 0?): 4
        case (1, 0?), (3, 1?): 7
        default: 5
        }
    }

    private func profile(_ range: Range<Int>) -> String? {
        if bytes.has("nclx", at: range.lowerBound), let primaries = bytes.big16(range.lowerBound + 4),
            let transfer = bytes.big16(range.lowerBound + 6)
        {
            return ColorProfile.name(primaries: primaries, transfer: transfer)
        }
        return ColorProfile.name(bytes[range].dropFirst(4))
    }
}

/// Numbers of a width that the data itself decides.
///
/// Once broken it gives zeros.
private struct FieldReader {
    let bytes: [UInt8]
    var at: Int
    let end: Int
    private(set) var isBroken = false

    init(bytes: [UInt8], at: Int, end: Int) {
        self.bytes = bytes
        self.at = at
        self.end = end
    }

    mutating func number(_ width: Int) -> Int {
        guard width <= 8, at + width <= end else {
            isBroken = true
            return 0
        }
        defer { at += width }
        // What needs the highest bits is no place in a file.
        return bytes[at..<at + width].reduce(0) { $0 << 8 | Int($1) } & Int.max >> 1
    }
}

extension Collection<UInt8> where SubSequence: Collection<UInt8> {
    fileprivate func contains(sequence: StaticString) -> Bool { Array(self).contains(sequence) }
}
