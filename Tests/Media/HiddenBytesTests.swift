import Foundation
import MediaProtocol
import Testing

@Suite("Bytes that nobody sees")
struct HiddenBytesTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func picture() throws -> [UInt8] {
        let plain = scratch.path("plain.ppm")
        try Pixels(width: 64, height: 48) { x, y in (UInt8(x), UInt8(y), 90) }.write(plain)
        let source = scratch.path("source.jpg")
        try tool("vips", "jpegsave", plain, source)
        var words = PublicMetadata()
        words.caption = "Last light"
        words.copyright = "© Andreas Neumann"
        let out = scratch.path("picture.jpg")
        #expect(try render(source, out, metadata: words) == .rendered(width: 64, height: 48))
        return Array(try Data(contentsOf: URL(fileURLWithPath: out)))
    }

    /// What inspection says of a changed file and did not say of the unchanged one.
    private func news(_ changed: [UInt8], of original: [UInt8], _ name: String) throws -> [MetadataItem] {
        let before = Set(try inspect(try scratch.write(original, "before-\(name)")))
        return try inspect(try scratch.write(changed, name)).filter { !before.contains($0) }
    }

    private func place(_ text: String, in bytes: [UInt8]) throws -> Int {
        let range = try #require(Data(bytes).range(of: Data(text.utf8)), "\(text)")
        return range.lowerBound
    }

    @Test("in the tables of a JPEG are counted", arguments: [0xc0, 0xc4, 0xda, 0xdb] as [UInt8])
    func tables(marker: UInt8) throws {
        let whole = try picture()
        var bytes = whole
        let start = try #require(
            bytes.indices.dropLast(1).first { bytes[$0] == 0xff && bytes[$0 + 1] == marker })
        let length = Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
        bytes.insert(contentsOf: Array("canary".utf8), at: start + 2 + length)
        bytes[start + 2] = UInt8((length + 6) >> 8)
        bytes[start + 3] = UInt8((length + 6) & 255)
        #expect(
            try news(bytes, of: whole, "a.jpg") == [
                MetadataItem(key: "JPEG marker 0x\(String(marker, radix: 16))", value: "6 bytes too many")
            ])
    }

    @Test("between the markers of a JPEG are counted")
    func fill() throws {
        let whole = try picture()
        var bytes = whole
        bytes.insert(contentsOf: [0xff, 0xff, 0xff], at: 2)
        #expect(
            try news(bytes, of: whole, "a.jpg") == [MetadataItem(key: "JPEG fill bytes", value: "3 bytes")])
    }

    @Test("in a profile that calls itself sRGB are listed: whose it is, and what lies behind words")
    func profile() throws {
        let whole = try picture()
        var owner = whole
        let copyright = try place("no copyright", in: whole)
        owner.replaceSubrange(copyright..<copyright + 6, with: Array("canary".utf8))
        #expect(
            try news(owner, of: whole, "a.jpg").map(\.value) == ["canaryyright, use freely"])
        var hidden = whole
        let maker = try place("lcms generated", in: whole)
        hidden.replaceSubrange(maker + 30..<maker + 36, with: Array("canary".utf8))
        #expect(
            try news(hidden, of: whole, "b.jpg").contains { $0.value.hasSuffix("6 bytes behind its end") })
    }

    @Test("behind the end of Exif's words are counted")
    func behindWords() throws {
        let whole = try picture()
        var bytes = whole
        let caption = try place("Last light", in: whole)
        bytes[caption + 4] = 0
        #expect(
            try news(bytes, of: whole, "a.jpg").contains(
                MetadataItem(key: "Exif.Image.ImageDescription", value: "Last, and 5 bytes behind its end")))
    }

    @Test("in the names of XMP's names, and in a document type, are listed")
    func names() throws {
        let whole = try picture()
        var bytes = whole
        let packet = try place("xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\"", in: whole)
        let length = "xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\"".utf8.count
        let other = Array("xmlns:canary=\"http://ns.adobe.com/canaryshop/1.0/\"".utf8)
        bytes.replaceSubrange(
            packet..<packet + length, with: other + [UInt8](repeating: 0x20, count: length - other.count))
        #expect(
            try news(bytes, of: whole, "a.jpg") == [
                MetadataItem(key: "Xmp namespace canary", value: "http://ns.adobe.com/canaryshop/1.0/")
            ])
    }

    @Test("behind a sound that says it is longer than any file are no trap")
    func endlessSound() throws {
        func little(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        for size: UInt64 in [.max, 1 << 63, (1 << 63) - 1, 1 << 40] {
            let bytes =
                Array("RF64".utf8) + little(0xffff_ffff, 4) + Array("WAVEds64".utf8) + little(28, 4)
                + little(size, 8) + little(size, 8) + little(0, 12) + Array("fmt ".utf8) + little(16, 4)
                + little(1, 2) + little(1, 2) + little(8_000, 4) + little(16_000, 4) + little(2, 2)
                + little(16, 2) + Array("data".utf8) + little(0xffff_ffff, 4)
                + [UInt8](repeating: 0, count: 64)
            let path = try scratch.write(bytes, "endless.wav")
            #expect(
                try inspect(path).contains(MetadataItem(key: "WAV data", value: "reaches beyond the file")))
        }
    }

    // MARK: Clips

    private func clip() throws -> [UInt8] {
        let path = scratch.path("clip.mov")
        try tool(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x64:d=0.5", "-f", "lavfi", "-i",
            "sine=220:d=0.5", "-c:v", "libx264", "-c:a", "aac", "-timecode", "01:00:00:00", path)
        let out = scratch.path("clean.mov")
        #expect(try ask([.remux(source: Array(path.utf8), destination: Array(out.utf8))]) == [.remuxed])
        return Array(try Data(contentsOf: URL(fileURLWithPath: out)))
    }

    @Test("among the samples of a clip, where no track leads, are counted")
    func samples() throws {
        let whole = try clip()
        // The clip's own samples lie in front of its tables: what is put behind the last moves none of them.
        var bytes = whole
        let data = try place("mdat", in: whole)
        let size = whole[data - 4..<data].reduce(0) { $0 << 8 | Int($1) }
        bytes.insert(contentsOf: Array("canary".utf8), at: data - 4 + size)
        let longer = size + 6
        for byte in 0..<4 { bytes[data - 4 + byte] = UInt8(longer >> (24 - 8 * byte) & 255) }
        #expect(
            try news(bytes, of: whole, "a.mov") == [
                MetadataItem(key: "mdat bytes of no track", value: "6 bytes")
            ])
    }

    @Test("by which a clip leads to another file, or names a maker's kind of file, are listed")
    func references() throws {
        let whole = try clip()
        var elsewhere = whole
        let reference = try place("dref", in: whole)
        // Without the flag that says “in this file”.
        elsewhere[reference + 4 + 8 + 11] = 0
        #expect(try news(elsewhere, of: whole, "a.mov").contains { $0.value == "leads to another file" })
        var branded = whole
        let brand = try place("ftyp", in: whole)
        branded.replaceSubrange(brand + 4..<brand + 8, with: Array("niko".utf8))
        #expect(try news(branded, of: whole, "b.mov") == [MetadataItem(key: "ftyp", value: "niko, qt")])
    }

    @Test("in the description of a track are listed: an encoder's name, and a box that no decoder needs")
    func descriptions() throws {
        let whole = try clip()
        var bytes = whole
        let picture = try place("avc1", in: whole)
        bytes.replaceSubrange(picture + 46..<picture + 53, with: [6] + Array("canary".utf8))
        #expect(
            try news(bytes, of: whole, "a.mov").contains(
                MetadataItem(key: "moov/trak/mdia/minf/stbl/stsd compressor", value: "canary")))
        var boxed = whole
        let aspect = try place("pasp", in: whole)
        boxed.replaceSubrange(aspect..<aspect + 4, with: Array("note".utf8))
        #expect(
            try news(boxed, of: whole, "b.mov").contains(
                MetadataItem(key: "moov/trak/mdia/minf/stbl/stsd note", value: "8 bytes")))
    }

    @Test(
        "between the pictures are taken out, and no picture is another",
        arguments: [
            ("mpeg4", "m4v", "m4v", [0, 0, 1, 0xb2], [0, 0, 1, 0xb6]),
            ("mpeg2video", "mpeg2video", "mpegvideo", [0, 0, 1, 0xb2], [0, 0, 1, 1]),
            ("mjpeg", "mjpeg", "mjpeg", [0xff, 0xfe, 0, 8], [0xff, 0xdb]),
            // Behind the end of the picture before.
            ("mjpeg", "mjpeg", "mjpeg", [], [0xff, 0xd8, 0xff]),
        ] as [(String, String, String, [UInt8], [UInt8])]
    )
    func notes(codec: String, muxer: String, demuxer: String, start: [UInt8], before code: [UInt8]) throws {
        let raw = scratch.path("raw")
        try tool(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x64:d=0.5", "-c:v", codec, "-f", muxer,
            raw)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: raw))
        var noted = Data()
        var place = bytes.startIndex
        while let range = bytes.range(of: Data(code), in: place..<bytes.endIndex) {
            noted += bytes[place..<range.lowerBound] + Data(start) + Data("canary".utf8) + Data(code)
            place = range.upperBound
        }
        try (noted + bytes[place...]).write(to: URL(fileURLWithPath: raw))
        let clip = scratch.path("noted.mov")
        try tool("ffmpeg", "-v", "error", "-fflags", "+genpts", "-f", demuxer, "-i", raw, "-c", "copy", clip)
        let canary = Data("canary".utf8)
        #expect(try Data(contentsOf: URL(fileURLWithPath: clip)).range(of: canary) != nil)
        let out = scratch.path("out.mov")
        #expect(try ask([.remux(source: Array(clip.utf8), destination: Array(out.utf8))]) == [.remuxed])
        #expect(try Data(contentsOf: URL(fileURLWithPath: out)).range(of: canary) == nil)
        let pictures = try [clip, out].map { try tool("ffmpeg", "-v", "error", "-i", $0, "-f", "md5", "-") }
        #expect(pictures[0] == pictures[1])
    }

    @Test("in DV's packs are taken out, but for those by which it is played")
    func packs() throws {
        let raw = scratch.path("raw.dv")
        try tool(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=720x576:r=25:d=0.08", "-pix_fmt",
            "yuv420p",
            "-c:v", "dvvideo", raw)
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: raw)))
        var planted = 0
        for block in stride(from: 0, to: bytes.count - 79, by: 80) where bytes[block] >> 5 == 2 {
            for place in stride(from: block + 3, through: block + 68, by: 5)
            where bytes[place..<place + 10].allSatisfy({ $0 == 0xff }) {
                bytes.replaceSubrange(place..<place + 6, with: Array("canary".utf8))
                planted += 1
            }
        }
        #expect(planted > 0)
        let clip = try scratch.write(bytes, "noted.dv")
        let out = scratch.path("out.mov")
        #expect(try ask([.remux(source: Array(clip.utf8), destination: Array(out.utf8))]) == [.remuxed])
        #expect(try Data(contentsOf: URL(fileURLWithPath: out)).range(of: Data("canary".utf8)) == nil)
        let pictures = try [clip, out].map { try tool("ffmpeg", "-v", "error", "-i", $0, "-f", "md5", "-") }
        #expect(pictures[0] == pictures[1])
    }

    @Test(
        "of a codec that nobody here knows, or that has a place for notes, do not leave",
        arguments: [
            ("vorbis", "mkv", ["-f", "lavfi", "-i", "sine=220:d=0.5", "-c:a", "libvorbis"]),
            (
                "cfhd", "mov",
                ["-f", "lavfi", "-i", "testsrc=s=512x288:d=0.5", "-pix_fmt", "yuv422p10", "-c:v", "cfhd"]
            ),
        ])
    func unknownCodec(codec: String, ending: String, drawing: [String]) throws {
        let clip = scratch.path("noted.\(ending)")
        #expect(try run("/usr/bin/env", ["ffmpeg", "-v", "error"] + drawing + [clip]).status == 0)
        let reply = try #require(
            try ask([.remux(source: Array(clip.utf8), destination: Array(scratch.path("a.mov").utf8))]).first)
        #expect(try reason(reply).contains("its codec is \(codec)"))
    }
}
