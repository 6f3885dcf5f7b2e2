import Chance
import Foundation
import MediaProtocol
import Testing

@testable import valhalla_media

@Suite("What an editor asks of a clip is read")
struct FootageTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// A second of a test picture.
    private func clip(_ name: String, rate: String = "25", size: String = "320x240", _ more: String...) throws
        -> String
    {
        let path = scratch.path(name)
        let source = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=r=\(rate):s=\(size):d=1"]
        let outcome = try run("/usr/bin/env", ["ffmpeg"] + source + more + ["-y", path])
        guard outcome.status == 0 else { throw ToolFailure(description: outcome.errors) }
        return path
    }

    private func footage(_ path: String) throws -> Footage { try #require(try reading(path).footage) }

    @Test("how the picture is stored, and how it is shown")
    func stored() throws {
        let path = try clip("a.mp4", size: "1440x1080", "-c:v", "libx264", "-vf", "setsar=4/3")
        let found = try footage(path)
        #expect([found.storedWidth, found.storedHeight] == [1440, 1080])
        #expect(found.pixelAspect == Rational(4, 3))
        #expect(found.rotation == nil)
        #expect(found.scan == .progressive)
        #expect(found.bitDepth == 8 && found.chroma == "4:2:0")
        #expect(found.audioTracks == 0 && found.audioChannels == 0)
        let turned = scratch.path("turned.mp4")
        // FFmpeg counts anticlockwise.
        try tool("ffmpeg", "-v", "error", "-i", path, "-c", "copy", "-metadata:s:v", "rotate=270", turned)
        #expect(try footage(turned).rotation == 90)
    }

    @Test(
        "which field of a frame comes first",
        arguments: [
            (
                "a.mp4", ["-c:v", "libx264", "-flags", "+ilme+ildct", "-x264opts", "tff=1"],
                Footage.Scan.topFieldFirst
            ),
            ("b.mp4", ["-c:v", "libx264", "-flags", "+ilme+ildct", "-x264opts", "bff=1"], .bottomFieldFirst),
            ("a.mpg", ["-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-top", "1"], .topFieldFirst),
            ("a.dv", ["-c:v", "dvvideo", "-s", "720x576", "-pix_fmt", "yuv420p"], .bottomFieldFirst),
            ("a.ts", ["-c:v", "libx264"], .progressive),
        ]
    )
    func fields(_ name: String, _ options: [String], _ expected: Footage.Scan) throws {
        let path = scratch.path(name)
        let source = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=r=25:s=720x576:d=1"]
        #expect(try run("/usr/bin/env", ["ffmpeg"] + source + options + [path]).status == 0)
        #expect(try footage(path).scan == expected)
    }

    @Test("the sampling of a picture of ten bits, and a curve whose standard has another name")
    func sampling() throws {
        let found = try reading(
            try clip(
                "a.mov", "-c:v", "libx265", "-x265-params", "log-level=error", "-pix_fmt", "yuv422p10le",
                "-color_trc", "arib-std-b67", "-color_primaries", "bt2020", "-colorspace", "bt2020nc"
            )
        )
        #expect(found.footage?.bitDepth == 10 && found.footage?.chroma == "4:2:2")
        #expect(found.footage?.gamma == "HLG")
        #expect(found.color == "bt2020/arib-std-b67/bt2020nc")
    }

    @Test("the rate that a timecode counts at, dropping or not")
    func timecodeRate() throws {
        let dropping = try reading(
            try clip("a.mov", rate: "60000/1001", "-c:v", "libx264", "-timecode", "01:00:00;00")
        )
        #expect(dropping.timecode == "01:00:00;00" && dropping.footage?.timecodeRate == 60)
        let material = try reading(
            try clip("a.mxf", rate: "30000/1001", "-c:v", "mpeg2video", "-timecode", "01:00:00;02")
        )
        #expect(material.timecode == "01:00:00;02" && material.footage?.timecodeRate == 30)
        #expect(material.footage?.umid?.count == 64)
        let none = try reading(try clip("b.mov", "-c:v", "libx264"))
        #expect(none.timecode == nil && none.footage?.timecodeRate == nil)
    }

    @Test("tracks of sound that are alike are counted")
    func tracks() throws {
        let sine = ["-f", "lavfi", "-i", "sine=r=48000:d=1"]
        let path = scratch.path("a.mov")
        let arguments =
            ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=d=1"] + sine + sine
            + ["-map", "0", "-map", "1", "-map", "2", "-c:v", "mjpeg", "-c:a", "pcm_s24le", path]
        #expect(try run("/usr/bin/env", arguments).status == 0)
        let found = try reading(path)
        #expect(found.audio == "2 × 1 channel, 48000 Hz, 24 bit")
        #expect(found.footage?.audioTracks == 2 && found.footage?.audioChannels == 2)
        #expect(found.footage?.sampleRate == 48_000)
    }

    // MARK: Boxes of makers

    /// A drawn MP4 with boxes added to its `moov`, which stands last.
    private func clip(withUserData boxes: [UInt8], inMovie extra: [UInt8] = [], behind: [UInt8] = []) throws
        -> String
    {
        let path = try clip("plain.mp4", "-c:v", "libx264")
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let moov = try #require(
            bytes.indices.dropLast(8).last { Array(bytes[($0 + 4)..<($0 + 8)]) == Array("moov".utf8) }
        )
        let added = (boxes.isEmpty ? [] : box("udta", boxes)) + extra
        let size = bytes.count - moov + added.count
        bytes.replaceSubrange(moov..<moov + 4, with: big(size, 4))
        return try scratch.write(bytes + added + behind, "made.mp4")
    }

    private func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
        big(content.count + 8, 4) + Array(name.utf8) + content
    }

    private func big(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    @Test("a GoPro names itself in its firmware's box and its list of settings")
    func goPro() throws {
        func entry(_ key: String, _ text: String) -> [UInt8] {
            let padding = (4 - text.utf8.count % 4) % 4
            return Array(key.utf8) + [UInt8(ascii: "c"), 1] + big(text.utf8.count, 2) + Array(text.utf8)
                + [UInt8](repeating: 0, count: padding)
        }
        let entries = entry("MINF", "HERO7 Black") + entry("CASN", "C3281324545448")
        let list = Array("DEVC".utf8) + [0, 1] + big(entries.count, 2) + entries
        let found = try reading(
            try clip(withUserData: box("FIRM", Array("HD7.01.01.90.00".utf8)) + box("GPMF", list))
        )
        #expect(found.make == "GoPro" && found.model == "HERO7 Black" && found.serial == "C3281324545448")
    }

    @Test("Canon's still holds the camera's clock, its exposure and its place")
    func canon() throws {
        let still = scratch.path("still.jpg")
        let plain = scratch.path("plain.ppm")
        try Pixels(width: 32, height: 32) { _, _ in (1, 2, 3) }.write(plain)
        try tool("vips", "jpegsave", plain, still)
        try tool(
            "exiftool", "-q", "-overwrite_original", "-Make=Canon", "-Model=Canon EOS R5",
            "-DateTimeOriginal=2016:05:13 20:15:30", "-OffsetTimeOriginal=+01:00", "-ISO=800",
            "-ExposureTime=1/50", "-GPSLatitude=51.5", "-GPSLatitudeRef=N", "-GPSLongitude=0.17",
            "-GPSLongitudeRef=W", still
        )
        let jpeg = Array(try Data(contentsOf: URL(fileURLWithPath: still)))
        let found = try reading(
            try clip(
                withUserData: box("CNMN", Array("Canon EOS R5\0".utf8)) + box("CNTH", box("CNDA", jpeg))
            )
        )
        #expect(found.make == "Canon" && found.model == "Canon EOS R5" && found.iso == 800)
        #expect(
            found.taken
                == WallTime(
                    milliseconds: 1_463_170_530_000,
                    offsetMinutes: 60,
                    source: "Exif.DateTimeOriginal"
                )
        )
        #expect(abs((found.latitude ?? 0) - 51.5) < 1e-6 && abs((found.longitude ?? 0) + 0.17) < 1e-6)
    }

    @Test(
        "Sony's XML within the clip tells the curve, the primaries, the sensor's rate and the clock's offset")
    func sony() throws {
        let document = """
            <?xml version="1.0" encoding="UTF-8"?><NonRealTimeMeta xmlns="urn:schemas-professionalDisc:nonRealTimeMeta:ver.2.20">
            <TargetMaterial umidRef="060A2B340101010501010D43130000004E41F241907305CE784B87FFFEBA9815"/>
            <CreationDate value="2016-05-13T20:15:30+01:00"/>
            <VideoFormat><VideoFrame videoCodec="AVC" captureFps="119.88p" formatFps="23.98p"/></VideoFormat>
            <Device manufacturer="Sony" modelName="ILCE-7SM3" serialNo="4294967295"/>
            <AcquisitionRecord><Group name="CameraUnitMetadataSet">
            <Item name="CaptureGammaEquation" value="s-log3-cine"/>
            <Item name="CaptureColorPrimaries" value="s-gamut3-cine"/></Group></AcquisitionRecord>
            <RelevantFiles><RelatedTo rel="LUT" file="SL3SG3Ctos709.cube"/></RelevantFiles></NonRealTimeMeta>
            """
        let handler = box(
            "hdlr", [0, 0, 0, 0, 0, 0, 0, 0] + Array("nrtm".utf8) + [UInt8](repeating: 0, count: 13))
        let meta = box("meta", [0, 0, 0, 0] + handler + box("xml ", [0, 0, 0, 0] + Array(document.utf8)))
        let found = try reading(try clip(withUserData: [], behind: meta))
        #expect(found.make == "Sony" && found.model == "ILCE-7SM3")
        #expect(found.taken?.offsetMinutes == 60 && found.taken?.source == "NonRealTimeMeta.CreationDate")
        #expect(found.footage?.gamma == "S-Log3" && found.footage?.gamut == "S-Gamut3.Cine")
        #expect(found.footage?.captureRate == Rational(120_000, 1001))
        #expect(found.footage?.look == "SL3SG3Ctos709.cube")
        #expect(found.footage?.umid?.hasSuffix("FEBA9815") == true)
    }

    @Test("a clock that only a track has is told as the track's")
    func trackClock() throws {
        let path = try clip("a.mp4", "-c:v", "libx264", "-metadata", "creation_time=2016-05-13T19:15:31Z")
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let header = try #require(
            bytes.indices.dropLast(20).first { Array(bytes[$0..<$0 + 4]) == Array("mvhd".utf8) }
        )
        bytes.replaceSubrange(header + 8..<header + 12, with: [0, 0, 0, 0])
        let found = try reading(try scratch.write(bytes, "b.mp4"))
        #expect(found.taken == WallTime(milliseconds: 1_463_166_931_000, offsetMinutes: nil, source: "mdhd"))
    }

    @Test("Matroska's own clock is UTC, and a date that somebody copied into it has no offset")
    func matroska() throws {
        let own = try reading(
            try clip("a.mkv", "-c:v", "libx264", "-metadata", "creation_time=2016-05-13T19:15:31Z")
        )
        #expect(own.taken == WallTime(milliseconds: 1_463_166_931_000, offsetMinutes: 0, source: "DateUTC"))
        let recorded = try reading(
            try clip("b.mkv", "-c:v", "libx264", "-metadata", "DATE_RECORDED=2016-05-13 20:15:31")
        )
        #expect(recorded.taken?.offsetMinutes == nil && recorded.taken?.source == "date_recorded")
    }

    @Test("a recorder's book-keeping is no caption, and its iXML names scene and take")
    func recorder() throws {
        let path = scratch.path("a.wav")
        try tool(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=r=48000:d=1", "-write_bext", "1", "-metadata",
            "description=sSCENE=A101\r\nsTAKE=3\r\n", path
        )
        let document =
            "<?xml version=\"1.0\"?><BWFXML><SCENE>A101</SCENE><TAKE>3</TAKE><TAPE>18Y12M31</TAPE></BWFXML>"
        let text = Array(document.utf8) + [UInt8](repeating: 0, count: document.utf8.count % 2)
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes += Array("iXML".utf8) + big(text.count, 4).reversed() + text
        bytes.replaceSubrange(4..<8, with: big(bytes.count - 8, 4).reversed())
        let found = try reading(try scratch.write(bytes, "b.wav"))
        #expect(found.caption == nil)
        #expect(found.reel == "18Y12M31" && found.footage?.clipName == "A101-3")
    }

    @Test("a Redcode file of the second generation is known by its head")
    func red() throws {
        func entry(_ tag: Int, _ text: String) -> [UInt8] {
            big(text.utf8.count + 5, 2) + big(tag, 2) + Array(text.utf8) + [0]
        }
        let entries =
            entry(0x1001, "01:02:03:04") + entry(0x1005, "20160513201530") + entry(0x1006, "102-25A-DE3")
            + entry(0x101A, "A001") + entry(0x1056, "A001_C002_0513AB_001.R3D")
            + entry(0x1071, "EPIC-M DRAGON")
        var head = [UInt8](repeating: 0, count: 0x5C)
        head.replaceSubrange(4..<8, with: Array("RED2".utf8))
        head[0x40] = 1
        head.replaceSubrange(0x4C..<0x54, with: big(5120, 4) + big(2700, 4))
        head.replaceSubrange(0x56..<0x5C, with: big(1001, 2) + big(24_000, 4))
        head += big(entries.count, 2) + entries
        head.replaceSubrange(0..<4, with: big(head.count, 4))
        let found = try reading(try scratch.write(head + [UInt8](repeating: 0, count: 4096), "a.R3D"))
        #expect(found.format == "R3D" && found.model == "EPIC-M DRAGON" && found.serial == "102-25A-DE3")
        #expect([found.width, found.height] == [5120, 2700])
        #expect(found.frameRate == Rational(24_000, 1001) && found.timecode == "01:02:03:04")
        #expect(found.reel == "A001" && found.footage?.clipName == "A001_C002_0513AB_001")
        #expect(found.taken?.milliseconds == 1_463_170_530_000)
    }
}

@Suite("What cameras write between the pictures")
struct CameraNoteTests {
    @Test("AVCHD tells the camera's clock with its zone, its maker and its exposure")
    func avchd() throws {
        let mark: [UInt8] = [
            0x17, 0xEE, 0x8C, 0x60, 0xF8, 0x4D, 0x11, 0xD9, 0x8C, 0xD6, 0x08, 0x00, 0x20, 0x0C, 0x9A, 0x66,
        ]
        let packs: [[UInt8]] = [
            [0x18, 0x02, 0x20, 0x16, 0x05], [0x19, 0x13, 0x20, 0x15, 0x30], [0xA0, 0, 1, 0, 50],
            [0xA1, 0, 28, 0, 10], [0xE0, 0x01, 0x08, 0, 0],
        ]
        let message = mark + Array("MDPM".utf8) + [UInt8(packs.count)] + packs.flatMap(\.self)
        let found = try #require(AVCHDNotes(message)).reading()
        #expect(
            found.taken
                == WallTime(
                    milliseconds: 1_463_170_530_000,
                    offsetMinutes: 60,
                    source: "MDPM.RecordingDate"
                )
        )
        #expect(found.make == "Sony" && found.aperture == 2.8 && found.exposure == Rational(1, 50))
        #expect(AVCHDNotes(Array(message.dropLast(3)))?.reading().make == nil)
        #expect(AVCHDNotes(mark) == nil)
    }

    @Test("DV tells the camcorder's clock and timecode in its first blocks")
    func dv() throws {
        var frame = [UInt8](repeating: 0xFF, count: 480)
        frame[0] = 0x1F
        frame[80] = 0x3F
        frame.replaceSubrange(86..<91, with: [0x13, 0x48, 0x13, 0x12, 0x11])
        for block in 3..<6 { frame[block * 80] = 0x5F }
        frame.replaceSubrange(243..<248, with: [0x62, 0xFF, 0xD3, 0x05, 0x03])
        frame.replaceSubrange(248..<253, with: [0x63, 0xFF, 0xB0, 0x95, 0xE0])
        let found = try #require(DVNotes(frame: frame)).reading()
        // 13 May 2003, 20:15:30.
        #expect(
            found.taken == WallTime(milliseconds: 1_052_856_930_000, offsetMinutes: nil, source: "DV.RecDate")
        )
        #expect(found.timecode == "11:12:13;08")
        #expect(DVNotes(frame: Array(frame.prefix(100))) == nil)
    }

    @Test(
        "AVI's date is read in every form that cameras write",
        arguments: [
            ("Fri May 13 20:15:30 2016\n\0", 1_463_170_530_000), ("2016:05:13 20:15:30", 1_463_170_530_000),
            ("2016/ 5/13  8:15PM", 1_463_170_500_000), ("2016/05/13/ 20:15", 1_463_170_500_000),
            ("nonsense", nil), ("Fri Foo 13 20:15:30 2016", nil), ("2016:13:40 20:15:30", nil),
        ] as [(String, Int64?)]
    )
    func dates(_ text: String, _ expected: Int64?) {
        #expect(RIFFDate.wallTime(text.trimmed)?.milliseconds == expected)
    }

    @Test("a block that ends in the middle of a value gives what stood before")
    func truncated() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = GoProNotes(bytes[...]).reading()
            _ = NikonNotes(bytes[...]).reading()
            _ = NikonNotes(bytes[...], isLittleEndian: true).reading()
            _ = ExifNote(bytes[...])?.reading()
            _ = ExifNote(headless: bytes[...])?.reading()
            _ = ExifNote(within: (Array("Exif\0\0II*\0".utf8) + bytes)[...])?.reading()
            _ = BinaryTags.tags(ByteView(bytes)).make
            _ = BinaryTags.panasonic(ByteView(bytes)).make
            _ = SonyUserMedia.reading(ByteView(bytes)).title
            _ = DVNotes(frame: bytes + [UInt8](repeating: 0x3F, count: 480))?.reading()
            _ = XMLDocument.places(bytes[...])
        }
    }
}
