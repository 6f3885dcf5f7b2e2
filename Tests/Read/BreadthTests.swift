import Foundation
import MediaProtocol
import Testing
import Workers

/// One fact in every way that files write it, read by the real reader.
@Suite("A still, however it is written")
final class BreadthTests {
    let worker = Worker(.reader(in: Array(Bundle.main.bundleURL.path().utf8)))
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private struct Unread: Error { let answer: WorkerAnswer? }

    private func reading(_ bytes: [UInt8]) throws -> Reading {
        let file = folder.appending(path: "file")
        try Data(bytes).write(to: file)
        let answer = try worker.answers(to: [.read(path: Array(file.path().utf8))]).first
        guard case .reply(.reading(let reading)) = answer else { throw Unread(answer: answer) }
        return reading
    }

    private func text(_ text: String) -> TinyFile.Value { .text(Array(text.utf8)) }

    private func exif(_ tiff: [UInt8]) -> (UInt8, [UInt8]) { (0xE1, Array("Exif\0\0".utf8) + tiff) }

    private func picture(_ entries: [(tag: Int, value: TinyFile.Value)]) throws -> Reading {
        try reading(TinyFile.tiff([(0x0100, .short(4)), (0x0101, .short(3))] + entries))
    }

    private static let spaces = [
        "dc": "http://purl.org/dc/elements/1.1/", "exif": "http://ns.adobe.com/exif/1.0/",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/", "lr": "http://ns.adobe.com/lightroom/1.0/",
        "tiff": "http://ns.adobe.com/tiff/1.0/",
        "pur": "http://prismstandard.org/namespaces/prismusagerights/2.1/",
        "MicrosoftPhoto": "http://ns.microsoft.com/photo/1.0/", "MP": "http://ns.microsoft.com/photo/1.2/",
        "MPRI": "http://ns.microsoft.com/photo/1.2/t/RegionInfo#",
        "digiKam": "http://www.digikam.org/ns/1.0/",
        "MPReg": "http://ns.microsoft.com/photo/1.2/t/Region#", "acdsee": "http://ns.acdsee.com/iptc/1.0/",
        "mediapro": "http://ns.iview-multimedia.com/mediapro/1.0/",
        "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
        "aux": "http://ns.adobe.com/exif/1.0/aux/",
    ]

    private func packet(_ properties: String) -> [UInt8] {
        let names = Self.spaces.sorted { $0.key < $1.key }.map { #"xmlns:\#($0.key)="\#($0.value)""# }
        return Array(
            TinyFile.packet(
                "<rdf:Description \(names.joined(separator: " "))>\(properties)</rdf:Description>"
            ).utf8
        )
    }

    private func bag(_ name: String, _ items: String...) -> String {
        "<\(name)><rdf:Bag>\(items.map { "<rdf:li>\($0)</rdf:li>" }.joined())</rdf:Bag></\(name)>"
    }

    // MARK: Places

    @Test(
        "finds the degrees in every notation of XMP",
        arguments: [
            ("51,30.054N", "0,10.644W", 51.5009, -0.1774), ("51,30,3.24N", "0,10,38.64W", 51.5009, -0.1774),
            ("51.5009N", "0.1774W", 51.5009, -0.1774), ("+51.5009", "-0.1774", 51.5009, -0.1774),
            ("33,51.5S", "151,12.6e", -33.858_333, 151.21),
        ]
    )
    func degrees(north: String, east: String, latitude: Double, longitude: Double) throws {
        let reading = try reading(
            packet(
                "<exif:GPSLatitude>\(north)</exif:GPSLatitude><exif:GPSLongitude>\(east)</exif:GPSLongitude>")
        )
        #expect(abs((reading.latitude ?? 0) - latitude) < 1e-6)
        #expect(abs((reading.longitude ?? 0) - longitude) < 1e-6)
    }

    @Test("does not take for a place what no earth has", arguments: ["91,0N", "N", "51,30,1,2N", "north"])
    func nowhere(north: String) throws {
        let reading = try reading(
            packet(
                "<exif:GPSLatitude>\(north)</exif:GPSLatitude><exif:GPSLongitude>0,10W</exif:GPSLongitude>")
        )
        #expect(reading.latitude == nil && reading.longitude == nil)
    }

    // MARK: Lens, light, time

    @Test(
        "calls a lens without a name by its reach",
        arguments: [
            ([(18, 1), (55, 1), (7, 2), (28, 5)], "18-55mm f/3.5-5.6"),
            ([(50, 1), (50, 1), (0, 0), (0, 0)], "50mm"),
            ([(425, 100), (425, 100), (18, 10), (18, 10)], "4.25mm f/1.8"),
            ([(705, 100), (705, 100), (18, 10), (18, 10)], "7.05mm f/1.8"),
            ([(0, 0), (0, 0), (0, 0), (0, 0)], nil),
        ] as [([(Int, Int)], String?)]
    )
    func reach(fractions: [(Int, Int)], name: String?) throws {
        #expect(try picture([(0xA432, .fractions(fractions))]).lens == name)
    }

    @Test(
        "makes seconds of a power of two as a person would write them",
        arguments: [((8, 1), Rational(1, 256)), ((1_585, 1_000), Rational(1, 3)), ((0, 1), Rational(1, 1))]
    )
    func shutter(value: (Int, Int), seconds: Rational?) throws {
        #expect(try picture([(0x9201, .fractions([value]))]).exposure == seconds)
    }

    @Test(
        "reads a time that a camera did not write quite by the book",
        arguments: [
            ("2003: 5: 1  9:30:00", 1_051_781_400_000), ("2003:05:01 09:30:00 AM", 1_051_781_400_000),
            ("2003-05-01T09:30:00", 1_051_781_400_000),
        ]
    )
    func times(text: String, milliseconds: Int64) throws {
        #expect(try picture([(0x9003, self.text(text))]).taken?.milliseconds == milliseconds)
    }

    @Test("reads a time of XMP without seconds and keeps its offset")
    func withoutSeconds() throws {
        let reading = try reading(
            packet("<photoshop:DateCreated>2007-11-19T00:00-08:00</photoshop:DateCreated>"))
        #expect(reading.taken?.milliseconds == 1_195_430_400_000)
        #expect(reading.taken?.offsetMinutes == -480)
    }

    @Test("follows a Canon note that an editor moved without its offsets")
    func movedNote() throws {
        let lens = Array("EF50mm f/1.8 II\0".utf8)
        func entry(_ tag: Int, _ type: Int, _ count: Int, _ value: Int) -> [UInt8] {
            TinyFile.little(tag, 2) + TinyFile.little(type, 2) + TinyFile.little(count, 4)
                + TinyFile.little(value, 4)
        }
        func block(noteWrittenAt first: Int) -> [UInt8] {
            // The note stands at 62, and its text 18 bytes behind its beginning.
            let note =
                [1, 0] + entry(0x0095, 2, lens.count, first + 18) + [0, 0, 0, 0] + lens + Array("II*\0".utf8)
                + TinyFile.little(first, 4)
            let main = [2, 0] + entry(0x010F, 2, 6, 38) + entry(0x8769, 4, 1, 44) + [0, 0, 0, 0]
            let photo = [1, 0] + entry(0x927C, 7, note.count, 62) + [0, 0, 0, 0]
            return Array("II*\0".utf8) + TinyFile.little(8, 4) + main + Array("Canon\0".utf8) + photo + note
        }
        for first in [62, 1_000, 12] {
            let picture = TinyFile.jpeg([(0xE1, Array("Exif\0\0".utf8) + block(noteWrittenAt: first))])
            #expect(try reading(picture).lens == "EF50mm f/1.8 II", "written at \(first)")
        }
    }

    @Test("reads a RAF that was cut off behind the picture that can be shown")
    func cutRAF() throws {
        let exif =
            Array("Exif\0\0".utf8) + TinyFile.tiff([(0x010F, text("FUJIFILM")), (0x0110, text("X-T1"))])
        let shown = TinyFile.jpeg([(0xE1, exif)])
        let head = Array("FUJIFILMCCD-RAW 0201FF129502X-T1".utf8)
        let reading = try reading(
            head + [UInt8](repeating: 0, count: 84 - head.count) + TinyFile.big(160, 4)
                + TinyFile.big(1 << 20, 4)
                + TinyFile.big(1 << 21, 4) + TinyFile.big(1 << 16, 4) + [UInt8](repeating: 0, count: 60)
                + shown
        )
        #expect(reading.format == "RAF" && reading.make == "FUJIFILM" && reading.model == "X-T1")
    }

    // MARK: Words

    @Test("knows every program's hierarchy of keywords, and repeats none of its levels")
    func hierarchies() throws {
        let categories = """
            <acdsee:categories>&lt;Categories&gt;&lt;Category Assigned="0"&gt;instrument&lt;Category Assigned="1"&gt;drums\
            &lt;/Category&gt;&lt;/Category&gt;&lt;/Categories&gt;</acdsee:categories>
            """
        let reading = try reading(
            packet(
                bag("lr:hierarchicalSubject", "people|Iggy Pop") + bag("digiKam:TagsList", "place/Desert")
                    + bag("MicrosoftPhoto:LastKeywordXMP", "place/Desert/Rancho")
                    + bag("mediapro:CatalogSets", "tour|2016") + categories
                    + bag("dc:subject", "Iggy Pop", "Rancho", "drums", "loud")
            )
        )
        #expect(
            reading.keywords == [
                "people/Iggy Pop", "tour/2016", "place/Desert", "place/Desert/Rancho", "instrument/drums",
                "loud",
            ]
        )
    }

    @Test("finds the people whose faces Windows framed")
    func faces() throws {
        let regions = """
            <MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag><rdf:li MPReg:Rectangle="0.1, 0.1, 0.2, 0.2"
            MPReg:PersonDisplayName="Iggy Pop"/></rdf:Bag></MPRI:Regions></MP:RegionInfo>
            """
        #expect(try reading(packet(regions)).people == ["Iggy Pop"])
    }

    @Test("says in the terms of use that something may not go out yet")
    func embargo() throws {
        let terms =
            #"<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">Press only</rdf:li></rdf:Alt></xmpRights:UsageTerms>"#
        let reading = try reading(
            packet(
                terms + bag("pur:embargoDate", "2027-01-31")
                    + "<pur:reuseProhibited>True</pur:reuseProhibited>"
            )
        )
        #expect(reading.usageTerms == "Press only; not before 2027-01-31; not to be reused")
    }

    @Test("takes the words of Windows where nobody else says anything")
    func windows() throws {
        let wide = TinyFile.Value.data("Wüste 🎸".utf16.flatMap { TinyFile.little(Int($0), 2) } + [0, 0])
        let alone = try picture([(0x9C9B, wide), (0x9C9C, wide), (0x9C9D, wide)])
        #expect([alone.title, alone.caption, alone.creator] == ["Wüste 🎸", "Wüste 🎸", "Wüste 🎸"])
        #expect(try picture([(0x9C9D, wide), (0x013B, text("A"))]).creator == "A")
        let keywords = TinyFile.Value.data("one; two;".utf16.flatMap { TinyFile.little(Int($0), 2) })
        #expect(try picture([(0x9C9E, keywords)]).keywords == ["one", "two"])
    }

    @Test(
        "counts the stars of Windows",
        arguments: [("1", 1), ("25", 2), ("50", 3), ("75", 4), ("99", 5), ("0", 0), ("400", nil)]
            as [(String, Int?)]
    )
    func stars(percent: String, stars: Int?) throws {
        #expect(
            try reading(packet("<MicrosoftPhoto:Rating>\(percent)</MicrosoftPhoto:Rating>")).rating == stars)
    }

    @Test("takes a headline for a title where there is none")
    func headline() throws {
        #expect(try reading(packet("<photoshop:Headline>Leaving</photoshop:Headline>")).title == "Leaving")
    }

    @Test("reads a packet on past zeros that an editor left inside, and says that it is damaged")
    func zeros() throws {
        let whole = packet("<tiff:Make>Canon</tiff:Make>*<photoshop:Headline>Leaving</photoshop:Headline>")
        let torn = whole.flatMap { $0 == UInt8(ascii: "*") ? [0, 0, 0] : [$0] }
        let reading = try reading(torn)
        #expect(reading.make == "Canon" && reading.title == "Leaving")
        #expect(reading.damage?.contains("the XMP packet is damaged") == true)
    }

    // MARK: Formats

    /// Deflate's simplest form: the bytes as they are, in one block.
    private func packed(_ bytes: [UInt8]) -> [UInt8] {
        let size = TinyFile.little(bytes.count, 2)
        var (low, high) = (1, 0)
        for byte in bytes {
            low = (low + Int(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return [0x78, 0x01, 0x01] + size + size.map { ~$0 } + bytes + TinyFile.big(high << 16 | low, 4)
    }

    private func png(_ chunks: [(name: String, content: [UInt8])]) -> [UInt8] {
        let header = TinyFile.big(640, 4) + TinyFile.big(480, 4) + [8, 2, 0, 0, 0]
        let all = [("IHDR", header)] + chunks + [("IEND", [])]
        return [0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A]
            + all.flatMap { TinyFile.big($0.1.count, 4) + Array($0.0.utf8) + $0.1 + [0, 0, 0, 0] }
    }

    @Test("unpacks what a PNG says of itself, and reads it wherever ImageMagick put it")
    func packedTexts() throws {
        let exif = Array("Exif\0\0".utf8) + TinyFile.tiff([(0x010F, text("Canon"))])
        let digits = exif.map { String(format: "%02x", $0) }.joined()
        let profile = Array("\nexif\n    \(exif.count)\n\(digits)\n".utf8)
        let xmp = packet("<photoshop:Headline>Leaving</photoshop:Headline>")
        let reading = try reading(
            png([
                ("zTXt", Array("Raw profile type exif\0\0".utf8) + packed(profile)),
                ("iTXt", Array("XML:com.adobe.xmp\0\u{1}\0\0\0".utf8) + packed(xmp)),
                ("zTXt", Array("Description\0\0".utf8) + packed(Array("a caption".utf8))),
                ("tEXt", Array("Creation Time\02016:05:13 20:15:30".utf8)), ("sRGB", [0]),
            ])
        )
        #expect(reading.make == "Canon" && reading.title == "Leaving" && reading.caption == "a caption")
        #expect(reading.taken?.source == "Png.Creation Time")
        #expect(reading.colorProfile == "sRGB")
        #expect(reading.damage == nil)
    }

    @Test("reads Sigma's raw files by their own properties, and by the Exif of newer ones")
    func sigma() throws {
        func wide(_ words: [String]) -> [UInt8] {
            words.flatMap { ($0 + "\0").utf16.flatMap { TinyFile.little(Int($0), 2) } }
        }
        let words = [
            "CAMMANUF", "SIGMA", "CAMMODEL", "SD10", "ISO", "100", "EXPTIME", "4000", "TIME", "1077840000",
        ]
        var places: [Int] = []
        for index in words.indices { places.append(words[..<index].reduce(0) { $0 + $1.utf16.count + 1 }) }
        let property =
            Array("SECp".utf8) + TinyFile.little(0x0002_0000, 4) + TinyFile.little(words.count / 2, 4)
            + TinyFile.little(0, 4) + TinyFile.little(0, 4) + TinyFile.little(wide(words).count / 2, 4)
            + places.flatMap { TinyFile.little($0, 4) } + wide(words)
        let shown = TinyFile.jpeg([exif(TinyFile.tiff([(0x010F, text("SIGMA")), (0x0110, text("SD14"))]))])
        let picture =
            Array("SECi".utf8) + TinyFile.little(0x0002_0000, 4) + TinyFile.little(2, 4)
            + TinyFile.little(18, 4) + [UInt8](repeating: 0, count: 12) + shown
        func file(_ name: String, _ section: [UInt8]) -> [UInt8] {
            let header =
                Array("FOVb".utf8) + TinyFile.little(0x0002_0002, 4) + [UInt8](repeating: 0, count: 20)
                + TinyFile.little(2_268, 4) + TinyFile.little(1_512, 4) + TinyFile.little(90, 4)
            let directory =
                Array("SECd".utf8) + TinyFile.little(0x0002_0000, 4) + TinyFile.little(1, 4)
                + TinyFile.little(header.count, 4) + TinyFile.little(section.count, 4) + Array(name.utf8)
            return header + section + directory + TinyFile.little(header.count + section.count, 4)
        }
        let old = try reading(file("PROP", property))
        #expect(old.format == "X3F" && [old.width, old.height] == [1_512, 2_268])
        #expect(
            old.make == "SIGMA" && old.model == "SD10" && old.iso == 100 && old.exposure == Rational(1, 250))
        #expect(old.taken?.milliseconds == 1_077_840_000_000)
        #expect(try reading(file("IMA2", picture)).model == "SD14")
    }

    @Test("knows the size of a JPEG XL by its first bits, and what stands in boxes beside it")
    func jpegXL() throws {
        // Not small: 11 bits a side with their selectors, no ratio; then all default.
        func stream(_ width: Int, _ height: Int, _ rest: [(Int, Int)] = [(1, 1)]) -> [UInt8] {
            var bits: [Int] = []
            for (value, count) in [(0, 1), (1, 2), (height - 1, 13), (0, 3), (1, 2), (width - 1, 13)] + rest {
                bits += (0..<count).map { value >> $0 & 1 }
            }
            bits += [Int](repeating: 0, count: 64)
            return [0xFF, 0x0A]
                + stride(from: 0, to: bits.count - 7, by: 8).map { at in
                    UInt8((0..<8).reduce(0) { $0 | bits[at + $1] << $1 })
                }
        }
        let bare = try reading(stream(6_000, 4_000))
        #expect(bare.format == "JPEG XL" && [bare.width, bare.height] == [6_000, 4_000])
        // With extra fields, of which the first is orientation 6.
        let turned = try reading(stream(6_000, 4_000, [(0, 1), (1, 1), (5, 3)]))
        #expect([turned.width, turned.height] == [4_000, 6_000])
        let boxed =
            TinyFile.box("JXL ", [0x0D, 0x0A, 0x87, 0x0A])
            + TinyFile.box("ftyp", Array("jxl \0\0\0\0jxl ".utf8))
            + TinyFile.box("jxlp", [0, 0, 0, 0] + stream(300, 200))
            + TinyFile.box("Exif", [0, 0, 0, 0] + TinyFile.tiff([(0x010F, text("Canon"))]))
            + TinyFile.box("xml ", packet("<photoshop:Headline>Leaving</photoshop:Headline>"))
        let reading = try reading(boxed)
        #expect([reading.width, reading.height] == [300, 200])
        #expect(reading.make == "Canon" && reading.title == "Leaving" && reading.damage == nil)
    }

    @Test("knows a JPEG 2000, bare and in boxes")
    func jpeg2000() throws {
        let size =
            [0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0] as [UInt8]
            + [1_100, 900, 100, 100].flatMap { TinyFile.big($0, 4) }
        let bare = try reading(size)
        #expect(bare.format == "JPEG 2000" && [bare.width, bare.height] == [1_000, 800])
        let header =
            TinyFile.box("ihdr", TinyFile.big(800, 4) + TinyFile.big(1_000, 4) + [0, 3, 7, 7, 0, 0])
            + TinyFile.box("colr", [1, 0, 0, 0, 0, 0, 16])
        let exif = Array("JpgTiffExif->JP2".utf8) + TinyFile.tiff([(0x010F, text("Canon"))])
        let reading = try reading(
            TinyFile.box("jP  ", [0x0D, 0x0A, 0x87, 0x0A]) + TinyFile.box("jp2h", header)
                + TinyFile.box("uuid", exif)
        )
        #expect([reading.width, reading.height] == [1_000, 800])
        #expect(reading.make == "Canon" && reading.colorProfile == "sRGB")
    }

    @Test("reads the words of the big kind of TIFF too")
    func bigTIFF() throws {
        func entry(_ tag: Int, _ type: Int, _ count: Int, _ value: [UInt8]) -> [UInt8] {
            TinyFile.little(tag, 2) + TinyFile.little(type, 2) + TinyFile.little(count, 8)
                + value + [UInt8](repeating: 0, count: 8 - value.count)
        }
        let photo =
            TinyFile.little(1, 8) + entry(0x8827, 3, 1, TinyFile.little(400, 2)) + TinyFile.little(0, 8)
        let entries = [
            entry(0x0100, 3, 1, TinyFile.little(40, 2)), entry(0x0101, 3, 1, TinyFile.little(30, 2)),
            entry(0x010F, 2, 6, Array("Canon\0".utf8)), entry(0x0112, 3, 1, TinyFile.little(6, 2)),
            entry(0x8769, 13, 1, TinyFile.little(16 + 8 + 5 * 20 + 8, 8)),
        ]
        let reading = try reading(
            Array("II+\0".utf8) + TinyFile.little(8, 4) + TinyFile.little(16, 8) + TinyFile.little(5, 8)
                + entries.joined() + TinyFile.little(0, 8) + photo
        )
        #expect(reading.make == "Canon" && reading.iso == 400)
        #expect([reading.width, reading.height] == [30, 40])
    }

    /// A HEIF of nothing but its description.
    private func heif(_ properties: [[UInt8]], iloc: [UInt8] = []) -> [UInt8] {
        let associations = properties.indices.map { UInt8($0 + 1) }
        let meta =
            TinyFile.box("pitm", [0, 0, 0, 0, 0, 1]) + iloc
            + TinyFile.box(
                "iprp",
                TinyFile.box("ipco", properties.flatMap { $0 })
                    + TinyFile.box(
                        "ipma", [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, UInt8(properties.count)] + associations)
            )
        return TinyFile.box("ftyp", Array("heic\0\0\0\0mif1heic".utf8))
            + TinyFile.box("meta", [0, 0, 0, 0] + meta)
    }

    @Test(
        "turns and cuts a HEIF as its properties say",
        arguments: [
            ([], nil, [4_000, 3_000]), ([("irot", [1])], 8, [3_000, 4_000]),
            ([("irot", [2])], 3, [4_000, 3_000]),
            ([("irot", [3])], 6, [3_000, 4_000]), ([("imir", [0])], 2, [4_000, 3_000]),
            (
                [("clap", [3_990, 1, 2_990, 1, 0, 1, 0, 1].flatMap { TinyFile.big($0, 4) }), ("irot", [1])],
                8,
                [2_990, 3_990]
            ),
        ] as [([(String, [UInt8])], Int?, [Int])]
    )
    func properties(list: [(String, [UInt8])], orientation: Int?, size: [Int]) throws {
        let extent = TinyFile.box("ispe", [0, 0, 0, 0] + TinyFile.big(4_000, 4) + TinyFile.big(3_000, 4))
        let reading = try reading(heif([extent] + list.map { TinyFile.box($0.0, $0.1) }))
        #expect(reading.orientation == orientation)
        #expect([reading.width, reading.height] == size)
    }

    @Test("is not kept busy by a HEIF that claims four thousand million items", .timeLimit(.minutes(1)))
    func counts() throws {
        let extent = TinyFile.box("ispe", [0, 0, 0, 0] + TinyFile.big(40, 4) + TinyFile.big(30, 4))
        let claims: [[UInt8]] = [
            // Numbers of no width at all, and more items than there are bytes.
            [2, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0xFF, count: 4_000),
            [1, 0, 0, 0, 0, 0, 0xFF, 0xFF] + [UInt8](repeating: 0xFF, count: 4_000),
        ]
        for claim in claims {
            let reading = try reading(heif([extent], iloc: TinyFile.box("iloc", claim)))
            #expect([reading.width, reading.height] == [40, 30])
        }
    }
}
