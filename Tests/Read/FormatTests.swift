import TagShelf
import CameraXML
import Foundation
import MediaProtocol
import Testing
import Workers

@testable import valhalla_read

/// Files built for the test, read by the real reader.
@Suite("A file built by hand")
final class FormatTests {
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

    private func reading(_ bytes: [UInt8], _ name: String = "file") throws -> Reading {
        let file = folder.appending(path: name)
        try Data(bytes).write(to: file)
        let answer = try worker.answers(to: [.read(path: Array(file.path().utf8))]).first
        guard case .reply(.reading(let reading)) = answer else { throw Unread(answer: answer) }
        return reading
    }

    /// The raw tags of a reading, unpacked: each a key, a type and a value.
    private func tags(_ reading: Reading) throws -> [[String]] {
        let json = try unpackedTags(reading.rawTags, dictionary: reading.rawDictionary)
        return try JSONDecoder().decode([[String]].self, from: Data(json))
    }

    private func exif(_ tiff: [UInt8]) -> (UInt8, [UInt8]) { (0xE1, Array("Exif\0\0".utf8) + tiff) }

    @Test("keeps every tag verbatim, and text that is not UTF-8 as marked bytes")
    func verbatim() throws {
        let latin = Array("Andr".utf8) + [0xE9]
        let tiff = TinyFile.tiff([
            (0x010F, .text(Array("Canon".utf8))), (0x0112, .short(6)), (0x013B, .text(latin)),
            (0x9003, .text(Array("2016:05:13 20:15:30".utf8))), (0x829A, .fractions([(10, 2_500)])),
        ])
        let reading = try reading(TinyFile.jpeg([exif(tiff), (0xFE, Array("a \"word\"\n".utf8))]))
        let tags = try tags(reading)
        #expect(tags.contains(["Exif.Image.Make", "Ascii", "Canon"]))
        #expect(tags.contains(["Exif.Image.Orientation", "Short", "6"]))
        #expect(tags.contains(["Exif.Image.Artist", "Bytes", "416e6472e9"]))
        #expect(tags.contains(["Exif.Image.ExposureTime", "Rational", "10/2500"]))
        #expect(tags.contains(["Jpeg.Comment", "Text", "a \"word\"\n"]))
        #expect(reading.creator == "André")
        #expect(reading.exposure == Rational(1, 250))
        #expect([reading.width, reading.height] == [480, 640])
        #expect(reading.taken?.source == "Exif.Image.DateTimeOriginal")
        #expect(reading.damage == nil)
    }

    @Test(
        "says the same in every spelling of RDF",
        arguments: [
            // Elements, with prefixes of the file's own choice.
            """
            <rdf:Description xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
            <d:title><rdf:Alt><rdf:li xml:lang="de">Das Haus</rdf:li><rdf:li xml:lang="x-default">The house</rdf:li></rdf:Alt></d:title>
            <e:LocationShown><rdf:Bag><rdf:li><rdf:Description><e:City>Joshua Tree</e:City><e:CountryName>USA</e:CountryName>
            </rdf:Description></rdf:li></rdf:Bag></e:LocationShown></rdf:Description>
            <rdf:Description xmlns:q="http://ns.adobe.com/xap/1.0/"><q:Rating>4</q:Rating></rdf:Description>
            """,
            // Attributes, and a structure by parseType.
            """
            <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"
            xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"><dc:title>The house</dc:title>
            <Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:City>Joshua Tree</Iptc4xmpExt:City>
            <Iptc4xmpExt:CountryName>USA</Iptc4xmpExt:CountryName></rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown></rdf:Description>
            """,
            // A structure by attributes, and a value with a qualifier.
            """
            <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
            xmlns:x="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"><xmp:Rating rdf:parseType="Resource">
            <rdf:value>4</rdf:value><xmp:by>a person</xmp:by></xmp:Rating>
            <dc:title><rdf:Alt><rdf:li xml:lang="x-default">The house</rdf:li></rdf:Alt></dc:title>
            <x:LocationShown><rdf:Bag><rdf:li x:City="Joshua Tree" x:CountryName="USA"/></rdf:Bag></x:LocationShown>
            </rdf:Description>
            """,
        ]
    )
    func spellings(properties: String) throws {
        let reading = try reading(Array(TinyFile.packet(properties).utf8))
        #expect(reading.format == "XMP" && reading.kind == .sidecar)
        #expect(reading.title == "The house")
        #expect(reading.place == "Joshua Tree, USA")
        #expect(reading.rating == 4)
        #expect(reading.damage == nil)
        let keys = try tags(reading).map { $0[0] }
        #expect(keys.contains("Xmp.Iptc4xmpExt.LocationShown[1]/Iptc4xmpExt:City"))
        #expect(keys.contains("Xmp.dc.title"))
    }

    @Test("takes no part in a bomb of entities")
    func bomb() throws {
        let bomb = """
            <?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
            <x:xmpmeta xmlns:x="adobe:ns:meta/">&b;</x:xmpmeta>
            """
        let reading = try reading(Array(bomb.utf8))
        #expect(reading.damage?.contains("it declares entities") == true)
    }

    @Test("says in words what forbids the use in fields for machines, and nothing of a day that is past")
    func caveats() throws {
        func caveats(_ attributes: String) throws -> [String] {
            let space = #"xmlns:u="http://prismstandard.org/namespaces/prismusagerights/2.1/""#
            return try reading(Array(TinyFile.packet("<rdf:Description \(space) \(attributes)/>").utf8))
                .caveats
        }
        #expect(try caveats(#"u:reuseProhibited="True""#) == ["Do not reuse (pur:reuseProhibited)"])
        #expect(try caveats(#"u:reuseProhibited="false" u:embargoDate="2016-03-18""#).isEmpty)
        #expect(
            try caveats(#"u:embargoDate="2199-03-18T00:00Z" u:expirationDate="2017-01-31""#) == [
                "Embargo until 2199-03-18T00:00Z (pur:embargoDate)",
                "Use expires on 2017-01-31 (pur:expirationDate)",
            ])
        #expect(try caveats(#"u:embargoDate="0000-00-00""#).isEmpty)
        for unclear in ["12/25/2026", "2016", "2016-13-01", "when the record is out"] {
            #expect(
                try caveats("u:embargoDate=\"\(unclear)\"") == ["Embargo until \(unclear) (pur:embargoDate)"])
        }
    }

    @Test("finds the rest of an XMP packet that is too long for one segment")
    func extended() throws {
        let identifier = String(repeating: "A1", count: 16)
        let rest = Array(
            TinyFile.packet(
                #"<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>desert</rdf:li>"#
                    + "</rdf:Bag></dc:subject></rdf:Description>"
            ).utf8
        )
        let main = TinyFile.packet(
            #"<rdf:Description xmlns:n="http://ns.adobe.com/xmp/note/" n:HasExtendedXMP="\#(identifier)"/>"#
        )
        func piece(_ range: Range<Int>) -> (UInt8, [UInt8]) {
            let name = Array("http://ns.adobe.com/xmp/extension/\0\(identifier)".utf8)
            return (
                0xE1, name + TinyFile.big(rest.count, 4) + TinyFile.big(range.lowerBound, 4) + rest[range]
            )
        }
        let first = (UInt8(0xE1), Array("http://ns.adobe.com/xap/1.0/\0\(main)".utf8))
        let half = rest.count / 2
        // The pieces may come in any order.
        let whole = try reading(TinyFile.jpeg([first, piece(half..<rest.count), piece(0..<half)]))
        #expect(whole.keywords == ["desert"])
        #expect(whole.damage == nil)
        let torn = try reading(TinyFile.jpeg([first, piece(half..<rest.count)]))
        #expect(torn.damage == "a part of its XMP is missing")
    }

    @Test("sees that the end of a picture is missing, and is not misled by what stands behind one")
    func end() throws {
        let whole = TinyFile.jpeg([])
        #expect(try reading(whole + Array("a film, perhaps".utf8)).damage == nil)
        #expect(try reading(Array(whole.dropLast(2))).damage == "the file ends before the picture does")
    }

    @Test("is a CR3 even when it is cut short: the parts of its Exif become one")
    func cr3() throws {
        let canon: [UInt8] = [
            0x85, 0xC0, 0xB6, 0x87, 0x82, 0x0F, 0x11, 0xE0, 0x81, 0x11, 0xF4, 0xCE, 0x46, 0x2B, 0x6A, 0x48,
        ]
        let image = TinyFile.tiff([
            (0x010F, .text(Array("Canon".utf8))), (0x0110, .text(Array("Canon EOS R5".utf8))),
            (0x0112, .short(8)),
        ])
        let photo = TinyFile.tiff([
            (0x829A, .fractions([(1, 250)])), (0x9003, .text(Array("2016:05:13 20:15:30".utf8))),
            (0x9011, .text(Array("+01:00".utf8))), (0xA431, .text(Array("012345678901".utf8))),
            (0xA002, .long(6_000)), (0xA003, .long(4_000)), (0xA434, .text(Array("RF50mm F1.2 L USM".utf8))),
        ])
        let position = TinyFile.tiff([
            (1, .text(Array("N".utf8))), (2, .fractions([(51, 1), (30, 1), (0, 1)])),
            (3, .text(Array("W".utf8))),
            (4, .fractions([(0, 1), (10, 1), (36, 1)])),
        ])
        let parts =
            canon + TinyFile.box("CMT1", image) + TinyFile.box("CMT2", photo)
            + TinyFile.box("CMT3", TinyFile.tiff([(0x0095, .text(Array("RF50mm".utf8)))]))
            + TinyFile.box("CMT4", position)
        let file =
            TinyFile.box("ftyp", Array("crx \0\0\0\u{1}crx isom".utf8))
            + TinyFile.box("moov", TinyFile.box("uuid", parts)) + TinyFile.big(50_000, 4) + Array("mdat".utf8)
        let reading = try reading(file)
        #expect(reading.format == "CR3")
        #expect(reading.make == "Canon" && reading.model == "Canon EOS R5")
        #expect(reading.serial == "012345678901")
        #expect(reading.lens == "RF50mm F1.2 L USM")
        #expect(reading.exposure == Rational(1, 250))
        #expect(reading.taken?.offsetMinutes == 60)
        #expect([reading.width, reading.height] == [4_000, 6_000])
        #expect(abs((reading.latitude ?? 0) - 51.5) < 1e-9)
        #expect(abs((reading.longitude ?? 0) + 0.176_666_666_7) < 1e-9)
        #expect(reading.damage == "the file ends before its parts do")
        #expect(try tags(reading).contains(["Exif.Canon.LensModel", "Ascii", "RF50mm"]))
    }

    @Test(
        "is Sony's sidecar of a clip: it knows the clock's offset, the camera and where the timecode begins"
    )
    func sony() throws {
        let file = ReaderTests.root.appending(
            path: "Fixtures/royal-albert-hall/PRIVATE/M4ROOT/CLIP/C0001M01.XML"
        )
        let reading = try reading(Array(try Data(contentsOf: file)), "C0001M01.XML")
        #expect(reading.kind == .sidecar && reading.format == "Sony XML")
        #expect(reading.taken?.offsetMinutes == 60)
        #expect(reading.serial == "3785021" && reading.lens == "FE 35mm F1.4 ZA")
        #expect(reading.timecode == "22:04:33:08")
        #expect(reading.frames == 40 && reading.frameRate == Rational(25, 1))
    }

    @Test("is a drone's subtitles, with the place and the time of its first picture")
    func subtitles() throws {
        let text = """
            1
            00:00:00,000 --> 00:00:00,033
            <font size="36">FrameCnt : 1, DiffTime : 33ms
            2021-08-14 16:21:05,123,456
            [iso : 100] [shutter : 1/640.0] [latitude: 34.126104] [longitude: -116.334401] </font>

            2
            00:00:00,033 --> 00:00:00,066
            [latitude: 1.0] [longitude: 2.0]
            """
        let reading = try reading(Array(text.utf8))
        #expect(reading.format == "SRT" && reading.kind == .sidecar)
        #expect(reading.latitude == 34.126104 && reading.longitude == -116.334401)
        #expect(reading.taken?.milliseconds == 1_628_958_065_123)
    }

    @Test("is a card's playlist, in which a divided recording goes on from item to item")
    func playlist() throws {
        func item(_ stem: String, connection: Int) -> [UInt8] {
            let content =
                Array("\(stem)M2TS".utf8) + TinyFile.big(connection, 2) + [0] + TinyFile.big(0, 4)
                + TinyFile.big(90_000, 4)
            return TinyFile.big(content.count, 2) + content
        }
        let items = [("00000", 1), ("00001", 6), ("00002", 6), ("00003", 1), ("00004", 5)]
            .flatMap { item($0.0, connection: $0.1) }
        let head = Array("MPLS0100".utf8) + TinyFile.big(40, 4) + [UInt8](repeating: 0, count: 28)
        let list = TinyFile.big(0, 4) + [0, 0] + TinyFile.big(5, 2) + [0, 0] + items
        let whole = try reading(head + list, "00000.MPL")
        #expect(whole.format == "MPL")
        #expect(whole.kind == .sidecar)
        #expect(whole.recordings == [["00000", "00001", "00002"]])
        // Cut anywhere it says less, and nothing wrong.
        for length in 13..<(head + list).count {
            let cut = try? reading(Array((head + list).prefix(length)), "00000.MPL")
            #expect((cut?.recordings ?? []).allSatisfy { whole.recordings[0].starts(with: $0) })
        }
    }

    @Test("is P2's XML, which names the parts of a span before and behind its clip")
    func span() throws {
        func xml(_ relation: String) -> [UInt8] {
            Array(
                """
                <?xml version="1.0"?><P2Main xmlns="urn:schemas-Professional-Plug-in:P2:ClipMetadata:v3.1"><ClipContent>
                <ClipName>0001AB</ClipName><GlobalClipID>ID2</GlobalClipID>\(relation)</ClipContent></P2Main>
                """.utf8
            )
        }
        let part = try reading(
            xml(
                """
                <Relation><OffsetInShot>7482</OffsetInShot><GlobalShotID>SHOT</GlobalShotID><Connection>
                <Top><GlobalClipID>ID1</GlobalClipID></Top><Previous><GlobalClipID>ID1</GlobalClipID></Previous>
                </Connection></Relation>
                """
            )
        ).part
        #expect(part == RecordingPart(recording: "SHOT", offset: 7482, own: "ID2", previous: "ID1"))
        let alone = "<Relation><GlobalShotID>SHOT</GlobalShotID></Relation>"
        #expect(try reading(xml(alone)).part == nil, "a clip that was not divided")
    }

    @Test("is a log of clips, kept row by row")
    func log() throws {
        let text =
            "Heading\nFIELD_DELIM\tTABS\nFPS\t24\n\nColumn\nName\tTape\n\nData\nA001C001\tA001\nA001C002\t\n"
        let reading = try reading(Array(text.utf8))
        #expect(reading.format == "ALE" && reading.kind == .sidecar)
        #expect(
            try tags(reading) == [
                ["ALE[1].Name", "Text", "A001C001"], ["ALE[1].Tape", "Text", "A001"],
                ["ALE[2].Name", "Text", "A001C002"],
            ]
        )
    }

    @Test("believes the IPTC of a TIFF before its XMP only when the digest shows that it was edited last")
    func digest() throws {
        let caption = Array("looking north".utf8)
        let iptc = [0x1C, 2, 120] + TinyFile.big(caption.count, 2) + caption
        let packet = TinyFile.packet(
            #"<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>"#
                + #"<rdf:li xml:lang="x-default">looking south</rdf:li></rdf:Alt></dc:description></rdf:Description>"#
        )
        func file(digest: [UInt8]) -> [UInt8] {
            let resource = Array("8BIM".utf8) + [0x04, 0x25, 0, 0] + TinyFile.big(16, 4) + digest
            return TinyFile.tiff([
                (0x0100, .short(4)), (0x0101, .short(3)), (0x02BC, .data(Array(packet.utf8))),
                // Padded to a whole number of fours, as writers that call them numbers do.
                (0x83BB, .data(iptc + [UInt8](repeating: 0, count: (4 - iptc.count % 4) % 4))),
                (0x8649, .data(resource)),
            ])
        }
        let current = try reading(file(digest: MD5.digest(of: iptc)))
        #expect(current.caption == "looking south")
        #expect([current.width, current.height] == [4, 3])
        #expect(try reading(file(digest: MD5.digest(of: [1]))).caption == "looking north")
    }

    @Test("waits for nobody at a pipe, and says so")
    func pipe() throws {
        let file = folder.appending(path: "pipe.jpg")
        #expect(mkfifo(file.path(), 0o600) == 0)
        #expect(
            try worker.answers(to: [.read(path: Array(file.path().utf8))])
                == [.reply(.failed(reason: "is not a file"))]
        )
    }
}

@Suite("What the reader knows by heart")
struct KnowledgeTests {
    @Test(
        "MD5 agrees with RFC 1321",
        arguments: [
            ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a"
            ),
        ]
    )
    func md5(text: String, digest: String) {
        let digits = MD5.digest(of: Array(text.utf8)).map { String(format: "%02x", $0) }
        #expect(digits.joined() == digest)
    }

    @Test(
        "a timecode of reversed digits is turned, and tells when it drops frames",
        arguments: [
            ("16162602", "02:26:16:16"), ("08330422", "22:04:33:08"), ("42000001", "01:00:00;02"),
            ("zz", nil), ("1A000000", nil),
        ]
    )
    func timecode(text: String, expected: String?) {
        #expect(SonyNotes.timecode(text) == expected)
    }

    @Test("a rate that is no whole number is a fraction of NTSC's")
    func rates() {
        #expect(ClipRate.rate("23.98p") == Rational(24_000, 1_001))
        #expect(ClipRate.rate("59.94i") == Rational(60_000, 1_001))
        #expect(ClipRate.rate("25p") == Rational(25, 1))
        #expect(ClipRate.rate("p") == nil)
    }
}
