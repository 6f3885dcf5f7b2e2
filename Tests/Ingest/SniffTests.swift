import Chance
import Foundation
import Testing

@testable import Ingest

@Suite("Sniffing")
struct SniffTests {
    func sniffed(_ bytes: [UInt8], _ ending: String) -> Sniffed {
        bytes.withUnsafeBytes { Sniffed(head: $0, ending: ending) }
    }

    func sniffed(_ text: String, _ ending: String) -> Sniffed { sniffed(Array(text.utf8), ending) }

    @Test("goes by content, and says when the name promises something else")
    func content() {
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D]
        #expect(sniffed(png, "png") == Sniffed(nature: .photo, format: "PNG", remark: nil))
        #expect(sniffed(png, "jpg") == Sniffed(nature: .photo, format: "PNG", remark: "named .jpg, is PNG"))
        #expect(sniffed(png, "xmp") == Sniffed(nature: .photo, format: "PNG", remark: "named .xmp, is PNG"))
        #expect(sniffed(png, "") == Sniffed(nature: .photo, format: "PNG", remark: nil))
        #expect(sniffed(png, "bak") == Sniffed(nature: .photo, format: "PNG", remark: nil))
        #expect(sniffed("\0\0\0\u{18}ftypmp42\0\0\0\0mp42isom", "mov").remark == nil)
        #expect(sniffed("\0\0\0\u{18}ftypheic\0\0\0\0mif1heic", "jpg").remark == "named .jpg, is HEIC")
    }

    @Test("takes a container that was cut short for the sound that its name says it is")
    func namedSounds() {
        let mp4 = "\0\0\0\u{18}ftypisom\0\0\0\0isommp41"
        #expect(sniffed(mp4, "m4a") == Sniffed(nature: .sound, format: "MP4", remark: nil))
        #expect(
            sniffed([0x1A, 0x45, 0xDF, 0xA3], "mka")
                == Sniffed(nature: .sound, format: "Matroska", remark: nil))
        #expect(sniffed(mp4, "wav") == Sniffed(nature: .sound, format: "MP4", remark: "named .wav, is MP4"))
        #expect(sniffed(mp4, "mp4").nature == .clip)
    }

    @Test("keeps what has a picture's name and no content that is known, and leaves the rest aside")
    func unknown() {
        #expect(sniffed("???", "cr2") == Sniffed(nature: .photo, format: nil, remark: nil))
        #expect(sniffed("", "mov") == Sniffed(nature: .clip, format: nil, remark: nil))
        #expect(sniffed("???", "wav").nature == .sound)
        #expect(sniffed("hello", "txt").nature == .other)
        #expect(sniffed("hello", "").nature == .other)
        #expect(sniffed("class A {}", "ts").nature == .other)
        #expect(sniffed("%PDF-1.7", "pdf").nature == .other)
    }

    @Test("tells sidecars by their names, and XMP by its words as well")
    func sidecars() {
        #expect(
            sniffed("<?xml version=\"1.0\"?><a/>", "xml")
                == Sniffed(nature: .sidecar, format: "XML", remark: nil)
        )
        #expect(sniffed("1\n00:00:00,000 --> 00:00:01,000", "srt").nature == .sidecar)
        #expect(sniffed("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">", "xmp").format == "XMP")
        #expect(sniffed("<?xpacket begin=\"\u{FEFF}\"?>", "").format == "XMP")
        #expect(
            sniffed("<?xml version=\"1.0\"?>\n<x:xmpmeta>", "xml")
                == Sniffed(nature: .sidecar, format: "XMP", remark: nil)
        )
        #expect(sniffed("garbage", "xmp").nature == .sidecar)
        #expect(
            sniffed([0xFF, 0xD8, 0xFF, 0xE0], "thm")
                == Sniffed(nature: .thumbnail, format: "JPEG", remark: nil)
        )
        #expect(sniffed("\0\0\0\u{18}ftypmp41\0\0\0\0mp41", "lrv").nature == .proxy)
        #expect(sniffed("garbage", "thm").nature == .sidecar)
    }

    @Test("does not take macOS's files beside a picture for the picture")
    func appleDouble() {
        #expect(sniffed([0, 5, 0x16, 7, 0, 2, 0, 0], "jpg").nature == .other)
    }

    @Test("takes no text for sound, though two of its bytes look like it")
    func notSound() {
        #expect(sniffed([0xFF, 0xFB, 0x90, 0x00] + [UInt8](repeating: 0, count: 900), "").nature == .other)
        let frame: [UInt8] = [0xFF, 0xFB, 0x90, 0x00] + [UInt8](repeating: 0, count: 413)
        #expect(sniffed(frame + frame, "") == Sniffed(nature: .sound, format: "MP3", remark: nil))
        #expect(sniffed([0xFF, 0xFE] + Array("h\0i\0".utf8), "txt").nature == .other)
    }

    @Test("never reads past the end of what it has", arguments: 0..<200)
    func truncated(seed: Int) throws {
        var random = SeededRandom(seed: seed)
        let marks = [
            "II*\0\u{8}\0\0\0\u{FF}", "MM\0*", "\0\0\0\u{20}ftypmif1", "RIFF", "ID3", "FORM", "8BPS", "G",
            "FUJIFILM", "<?xml",
        ]
        let mark = Array((marks.randomElement(using: &random) ?? "").utf8)
        let tail = (0..<Int.random(in: 0..<64, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
        let bytes = Array((mark + tail).prefix(Int.random(in: 0..<72, using: &random)))
        for ending in ["jpg", "nef", "xmp", ""] {
            let result = sniffed(bytes, ending)
            #expect(result == sniffed(bytes, ending), "seed \(seed)")
        }
    }

    /// What exiftool calls a file, where its word is another than ours for the same thing.
    static let exiftoolNames = [
        "MOV": "QuickTime", "M4P": "M4A", "MKV": "Matroska", "M2T": "MPEG-TS", "MPEG": "MPEG-PS",
        "MPO": "JPEG",
        "THM": "JPEG", "Extended WEBP": "WebP", "WEBP": "WebP", "JXL": "JPEG XL", "BTF": "TIFF",
        "HEIFS": "HEIF",
        "NRW": "NEF",
    ]

    @Test(
        "agrees with exiftool on real files",
        .enabled(if: FileManager.default.fileExists(atPath: corpusFolder + ".reference.json"))
    )
    func corpus() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: corpusFolder + ".reference.json"))
        let reference = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let files = try #require(reference["files"] as? [[String: Any]])
        var compared = 0
        for file in files {
            guard let path = file["path"] as? String, let tags = file["exiftool"] as? [String: Any],
                let type = tags["File:FileType"] as? String,
                let contents = FileManager.default.contents(atPath: corpusFolder + "/" + path)
            else { continue }
            let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
            let found = sniffed(Array(contents.prefix(1 << 20)), ending)
            let expected = Self.exiftoolNames[type] ?? type
            // Words that differ on purpose: raw Exif has no picture, and of HEIF we name the coding where it is told.
            if ["EXIF", "AAE", "HEIF", "HEIFS"].contains(type) || found.format == "AVIF"
                || found.format == "MPEG video"
            {
                continue
            }
            compared += 1
            #expect((found.format ?? found.nature.words).uppercased() == expected.uppercased(), "\(path)")
        }
        #expect(compared > 200)
    }
}

extension Sniffed.Nature {
    var words: String { "\(self)" }
}

/// Real files of other people's, with what exiftool says of them; the test is skipped where they are not.
private let corpusFolder = ProcessInfo.processInfo.environment["VALHALLA_CORPUS"] ?? "not given"
