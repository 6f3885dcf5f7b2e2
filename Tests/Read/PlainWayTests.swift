import Chance
import CExiv2
import Foundation
import Testing

@testable import valhalla_read

/// The quick ways read what is plain without exiv2 and expat, and whatever they take they must read as those do.
@Suite("The quick way")
struct PlainWayTests {
    typealias Adder = (OpaquePointer?, TagWay, UnsafePointer<UInt8>?, Int) -> Bool

    /// What a way found: the shelf's JSON, and every fact with its rank and place.
    struct Outcome: Equatable {
        let json: String
        let facts: [String]
    }

    final class Ways {
        private let tags: OpaquePointer

        init() throws {
            tags_prepare()
            tags = try #require(tags_create())
        }

        deinit { tags_destroy(tags) }

        /// Nil when the way takes the block for none of its own.
        func outcome(_ way: TagWay, of block: [UInt8], _ add: Adder) -> Outcome? {
            tags_clear(tags)
            let taken = block.withUnsafeBufferPointer { add(tags, way, $0.baseAddress, $0.count) }
            let json = tags_json(tags)
            var count = 0
            let facts = UnsafeBufferPointer(start: tags_facts(tags, &count), count: count)
            func text(_ bytes: TagBytes) -> String {
                String(decoding: UnsafeBufferPointer(start: bytes.bytes, count: bytes.count), as: UTF8.self)
            }
            let outcome = Outcome(
                json: text(json),
                facts: facts.map { "\($0.field) \($0.rank) \($0.item) \(text($0.name)) \(text($0.value))" })
            if !taken, way == .plain {
                // What is left to others is left whole.
                #expect(outcome == Outcome(json: "[]", facts: []))
            }
            return taken ? outcome : nil
        }
    }

    /// True when the quick way took it; a difference is an issue.
    private static func agrees(
        _ block: [UInt8], _ ways: Ways, _ add: Adder, _ words: @autoclosure () -> String
    )
        -> Bool
    {
        guard let plain = ways.outcome(.plain, of: block, add) else { return false }
        let full = ways.outcome(.full, of: block, add)
        #expect(plain == full, "\(words())")
        return true
    }

    /// A few bytes changed, cut, doubled, or something put between.
    private static func damaged(
        _ block: [UInt8], with pieces: [String], using random: inout SeededRandom
    ) -> [UInt8] {
        var block = block
        for _ in 0...Int.random(in: 0...2, using: &random) where block.count > 16 {
            let at = Int.random(in: 0..<block.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: block[at] = UInt8.random(in: 0...255, using: &random)
            case 1: block[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: block.removeLast(min(block.count - 1, Int.random(in: 1...64, using: &random)))
            case 3: block.removeSubrange(at..<min(block.count, at + Int.random(in: 1...12, using: &random)))
            case 4:
                let from = Int.random(in: 0..<block.count, using: &random)
                block.insert(contentsOf: block[from..<min(block.count, from + 12)], at: at)
            default: block.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: at)
            }
        }
        return block
    }

    private static let pieces = [
        "<!-- x -->", "<![CDATA[x]]>", "&lt;", "&#10;", "&#x1F3B8;", "&#0;", "]]>", "\r\n", "\r", "\t",
        "&what;", "é",
        " xmlns:q='urn:q'", " xmlns=''", " xmlns='urn:q'", "<?xml version='1.0'?>", "<?z?>", "<z/>", "'",
        "\"", ":",
        " xml:lang='en'", "/>", "<", "\u{FEFF}", "\u{FFFE}", "\u{1}", "--", "?>", " z='1' z='2'", "rdf:",
    ]

    @Test(
        "through XMP agrees with expat on packets as programs write them, and on damaged ones",
        arguments: 1...3)
    func xmp(seed: Int) throws {
        let ways = try Ways()
        var random = SeededRandom(seed: UInt64(seed))
        var taken = 0
        for round in 0..<400 {
            let packet = Array(RandomPacket(using: &random).text.utf8)
            taken += Self.agrees(packet, ways, tags_add_xmp_by, "seed \(seed), round \(round)") ? 1 : 0
            let worse = Self.damaged(packet, with: Self.pieces, using: &random)
            _ = Self.agrees(worse, ways, tags_add_xmp_by, "seed \(seed), round \(round), damaged")
            _ = Self.agrees(worse, ways, tags_add_xml_by, "seed \(seed), round \(round), as XML")
        }
        // One that takes nothing would agree with everything.
        #expect(taken > 300, "seed \(seed)")
    }

    /// Each alone in a packet that is plain without it; what expat makes of it is expat's business.
    @Test(
        "leaves to expat what is not plain, and damage",
        arguments: [
            "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "<x><![CDATA[a]]></x>", "<x>&other;</x>",
            "<x a='1' a='2'/>",
            "<x xmlns:a='urn:a' xmlns:b='urn:a' a:n='1' b:n='2'/>", "<x>]]></x>", "<x><y></x></y>", "<x",
            "<x/><y/>",
            "<x a='<'/>", "<x a=1/>", "<x a='1'b='2'/>", "<q:x/>", "<x q:a='1'/>", "<x xmlns:q=''/>",
            "<x>&#0;</x>",
            "<x>&#xD800;</x>", "<x>\u{1}</x>", "<x>\u{FFFF}</x>", "<é/>", "<x:y:z/>", "x<x/>", "<x/>x",
            "<x/><?xml?>",
            "<?xml version='1.0' encoding='ISO-8859-1'?><x/>", "<!-- -- --><x/>", "<x></x", "", " ",
            "<xmlns:x/>",
        ])
    func left(document: String) throws {
        let ways = try Ways()
        #expect(ways.outcome(.plain, of: Array(document.utf8), tags_add_xml_by) == nil)
    }

    @Test(
        "takes what cameras and programs write, however they end their lines and quote",
        arguments: [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<x a='1\r\n2\t3'>a\rb\r\nc</x>\n\n",
            "\u{FEFF}<?xpacket begin='\u{FEFF}'?><x><!-- a - b --><y z=\"&quot;&#228;&#x1F3B8;\"/></x><?xpacket end='w'?>   ",
            "<a:x xmlns:a='urn:a' xmlns='urn:b' b='1' a:b='2' xml:lang='de'><x>1 ]] > 2</x ></a:x >",
        ])
    func taken(document: String) throws {
        let ways = try Ways()
        #expect(Self.agrees(Array(document.utf8), ways, tags_add_xml_by, document))
    }

    @Test("through Exif agrees with exiv2 on whatever a directory may hold", arguments: 1...3)
    func exif(seed: Int) throws {
        let ways = try Ways()
        var random = SeededRandom(seed: UInt64(seed) << 32)
        var taken = 0
        for round in 0..<400 {
            let block = RandomExif(using: &random).bytes
            taken += Self.agrees(block, ways, tags_add_exif_by, "seed \(seed), round \(round)") ? 1 : 0
            let worse = Self.damaged(block, with: ["\0", "Apple", "\u{7}"], using: &random)
            _ = Self.agrees(worse, ways, tags_add_exif_by, "seed \(seed), round \(round), damaged")
        }
        #expect(taken > 200, "seed \(seed)")
    }

    @Test("through IIM agrees with exiv2, in order, kind and what may stand only once", arguments: 1...3)
    func iptc(seed: Int) throws {
        let ways = try Ways()
        var random = SeededRandom(seed: UInt64(seed) << 40)
        let values: [[UInt8]] = [
            Array("Joshua Tree".utf8), Array("20160513".utf8), Array("214000+0100".utf8),
            Array("214000-0030".utf8),
            Array("214000-0000".utf8), Array("20161301".utf8), [0, 4], [0x1B, 0x25, 0x47], [0xE9], [],
            Array("20160231".utf8),
        ]
        let datasets: [(UInt8, UInt8)] = [
            (1, 90), (1, 0), (2, 0), (2, 5), (2, 25), (2, 25), (2, 55), (2, 60), (2, 120), (2, 202), (2, 255),
            (3, 10),
        ]
        var taken = 0
        for round in 0..<1_500 {
            var block: [UInt8] = []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let (record, dataset) = try #require(datasets.randomElement(using: &random))
                let value = try #require(values.randomElement(using: &random))
                block += [0x1C, record, dataset, 0, UInt8(value.count)] + value
            }
            if round % 3 == 0 { block += [UInt8](repeating: 0, count: round % 7) }
            taken += Self.agrees(block, ways, tags_add_iptc_by, "seed \(seed), round \(round)") ? 1 : 0
            let worse = Self.damaged(block, with: ["\u{1C}", "\0\0"], using: &random)
            _ = Self.agrees(worse, ways, tags_add_iptc_by, "seed \(seed), round \(round), damaged")
        }
        #expect(taken > 150, "seed \(seed)")
    }
}
