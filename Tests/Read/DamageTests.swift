import Chance
import Foundation
import MediaProtocol
import Testing
import Workers

/// Files of every format, damaged at random and sent through the real reader.
///
/// The reader may refuse a file and may lose its life to exiv2; it may not hang, and what it says must be one of its answers.
@Suite("A damaged still")
final class DamageTests {
    let worker = Worker(.reader(in: Array(Bundle.main.bundleURL.path().utf8)))
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private static let fixtures = [
        "desert/100EOS5D/IMG_4117.JPG", "desert/100EOS5D/IMG_4118.TIF", "desert/100LEICA/L1002340.DNG",
        "desert/100LEICA/L1002346.DNG.xmp", "rancho/stills/the-house.heic", "rancho/stills/pilot-light.avif",
        "rancho/stills/take-eleven.png", "rancho/stills/microphone.webp",
        "royal-albert-hall/PRIVATE/M4ROOT/CLIP/C0001M01.XML",
    ]

    /// Those that no fixture is of: the smallest that have everything a parser walks through.
    private static let drawn: [[UInt8]] = {
        let exif = TinyFile.tiff([
            (0x010F, .text(Array("Canon".utf8))), (0x0112, .short(6)), (0x829A, .fractions([(1, 250)])),
            (0x9003, .text(Array("2016:05:13 20:15:30".utf8))),
        ])
        let xmp = Array(
            TinyFile.packet(#"<rdf:Description xmlns:t="http://ns.adobe.com/tiff/1.0/" t:Make="X"/>"#).utf8)
        let iptc = [0x1C, 2, 120, 0, 5] + Array("north".utf8)
        func resource(_ number: Int, _ data: [UInt8]) -> [UInt8] {
            Array("8BIM".utf8) + TinyFile.big(number, 2) + [0, 0] + TinyFile.big(data.count, 4) + data
                + (data.count % 2 == 1 ? [0] : [])
        }
        let resources = resource(0x0404, iptc) + resource(0x0422, exif) + resource(0x0424, xmp)
        let psd =
            Array("8BPS".utf8) + [0, 1, 0, 0, 0, 0, 0, 0, 0, 3] + TinyFile.big(40, 4) + TinyFile.big(30, 4)
            + [0, 8, 0, 3] + TinyFile.big(0, 4) + TinyFile.big(resources.count, 4) + resources
        let gif =
            Array("GIF89a".utf8) + [40, 0, 30, 0, 0, 0, 0, 0x21, 0xFF, 11] + Array("XMP DataXMP".utf8) + xmp
            + [1, 0xFF, 0, 0x3B]
        let jp2 =
            TinyFile.box("jP  ", [0x0D, 0x0A, 0x87, 0x0A])
            + TinyFile.box(
                "jp2h",
                TinyFile.box("ihdr", TinyFile.big(800, 4) + TinyFile.big(1_000, 4) + [0, 3, 7, 7, 0, 0])
                    + TinyFile.box("colr", [1, 0, 0, 0, 0, 0, 16])
            ) + TinyFile.box("uuid", Array("JpgTiffExif->JP2".utf8) + exif)
        let jxl =
            TinyFile.box("JXL ", [0x0D, 0x0A, 0x87, 0x0A])
            + TinyFile.box("jxlc", [0xFF, 0x0A, 0x41, 0x42, 0x43, 0x44])
            + TinyFile.box("Exif", [0, 0, 0, 0] + exif) + TinyFile.box("xml ", xmp)
        let canon: [UInt8] = [
            0x85, 0xC0, 0xB6, 0x87, 0x82, 0x0F, 0x11, 0xE0, 0x81, 0x11, 0xF4, 0xCE, 0x46, 0x2B, 0x6A, 0x48,
        ]
        let cr3 =
            TinyFile.box("ftyp", Array("crx \0\0\0\u{1}crx isom".utf8))
            + TinyFile.box(
                "moov",
                TinyFile.box("uuid", canon + TinyFile.box("CMT1", exif) + TinyFile.box("CMT2", exif))
            )
        let bigTIFF =
            Array("II+\0".utf8) + TinyFile.little(8, 4) + TinyFile.little(16, 8) + TinyFile.little(1, 8)
            + TinyFile.little(0x010F, 2) + TinyFile.little(2, 2) + TinyFile.little(6, 8)
            + Array("Canon\0\0\0".utf8)
            + TinyFile.little(0, 8)
        let raws = ["IIRO", "IIU\0", "FUJIFILMCCD-RAW ", "\0MRM"].map { mark in
            Array(mark.utf8) + exif.dropFirst(mark.utf8.count == 4 ? 4 : 0)
                + [UInt8](repeating: 0, count: 128)
        }
        return [psd, gif, jp2, jxl, cr3, bigTIFF] + raws
    }()

    @Test(
        "is answered for within the limits of time and memory, whatever was done to it",
        .timeLimit(.minutes(5)), arguments: 1...12)
    func damage(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed) << 32)
        let whole =
            try Self.fixtures.map {
                Array(try Data(contentsOf: ReaderTests.root.appending(path: "Fixtures/\($0)")))
            }
            + Self.drawn
        var requests: [Request] = []
        for number in 0..<120 {
            let file = folder.appending(path: "\(number)")
            try Data(damaged(whole[number % whole.count], &random)).write(to: file)
            requests.append(.read(path: Array(file.path().utf8)))
        }
        let answers = try worker.answers(to: requests)
        #expect(answers.count == requests.count, "seed \(seed)")
        for (number, answer) in answers.enumerated() {
            guard case .lost(let reason) = answer else { continue }
            // exiv2 may die; the reader's own slowness would be ours.
            #expect(!reason.contains("took longer"), "seed \(seed), file \(number): \(reason)")
        }
    }

    private func damaged(_ whole: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = whole
        let reach = min(bytes.count, [64, 512, 8_192].randomElement(using: &random) ?? 64)
        for _ in 0..<Int.random(in: 1...24, using: &random) {
            let at = Int.random(in: 0..<reach, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
            default:
                // Lengths and counts at their limits are what parsers die of.
                let limits: [[UInt8]] = [
                    [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0],
                    [0, 0, 0, 1],
                ]
                for (index, byte) in (limits.randomElement(using: &random) ?? []).enumerated()
                where at + index < bytes.count {
                    bytes[at + index] = byte
                }
            }
        }
        return Int.random(in: 0..<3, using: &random) == 0
            ? Array(bytes.prefix(Int.random(in: 1...bytes.count, using: &random))) : bytes
    }
}
