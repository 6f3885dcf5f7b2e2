import CZstd
import Foundation
import MediaProtocol
import Testing

@Suite("Clips and sounds are read")
struct ClipTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// Two seconds of a test picture.
    private func clip(_ name: String, rate: String = "25", size: String = "320x180", _ more: String...) throws
        -> String
    {
        let path = scratch.path(name)
        let source = ["-v", "error", "-f", "lavfi", "-i", "testsrc=r=\(rate):s=\(size):d=2"]
        let outcome = try run("/usr/bin/env", ["ffmpeg"] + source + more + ["-y", path])
        guard outcome.status == 0 else { throw ToolFailure(description: outcome.errors) }
        return path
    }

    @Test("Drop-frame timecode keeps its semicolon")
    func dropFrame() throws {
        let found = try reading(
            try clip(
                "a.mov",
                rate: "30000/1001",
                "-c:v",
                "mjpeg",
                "-pix_fmt",
                "yuvj422p",
                "-timecode",
                "01:00:00;00"
            )
        )
        #expect(found.timecode == "01:00:00;00")
        #expect(found.frameRate == Rational(30000, 1001))
        #expect(found.frames == 60)
        #expect(found.format == "QuickTime")
        #expect(found.kind == .clip)
    }

    @Test("23.976 is 24000/1001, and ProRes says its profile")
    func filmRate() throws {
        let found = try reading(
            try clip(
                "a.mov",
                rate: "24000/1001",
                "-c:v",
                "prores_ks",
                "-profile:v",
                "hq",
                "-pix_fmt",
                "yuv422p10le",
                "-metadata:s:v",
                "reel_name=A001R1JL",
                "-timecode",
                "10:11:12:13"
            )
        )
        #expect(found.frameRate == Rational(24000, 1001))
        #expect(found.codec == "prores")
        #expect(found.codecProfile == "HQ")
        #expect(found.pixelFormat == "yuv422p10le")
        #expect(found.timecode == "10:11:12:13")
        #expect(found.reel == "A001R1JL")
    }

    @Test("A clip that is turned has its sides as it is shown")
    func rotation() throws {
        let lying = try clip("lying.mp4", "-c:v", "libx264")
        let path = scratch.path("a.mp4")
        try tool("ffmpeg", "-v", "error", "-i", lying, "-c", "copy", "-metadata:s:v", "rotate=90", path)
        let found = try reading(path)
        #expect([found.width, found.height] == [180, 320])
    }

    @Test("Pixels that are not square are counted as they are shown")
    func anamorphic() throws {
        let found = try reading(try clip("a.mp4", size: "1440x1080", "-c:v", "libx264", "-vf", "setsar=4/3"))
        #expect([found.width, found.height] == [1920, 1080])
    }

    @Test("Apple's creation date wins over the container's clock, with its offset")
    func creationDate() throws {
        let found = try reading(
            try clip(
                "a.mov",
                "-c:v",
                "mjpeg",
                "-movflags",
                "use_metadata_tags",
                "-metadata",
                "com.apple.quicktime.creationdate=2016-05-13T20:15:30+0100",
                "-metadata",
                "creation_time=2016-05-13T19:15:31Z",
                "-metadata",
                "com.apple.quicktime.make=Apple",
                "-metadata",
                "com.apple.quicktime.location.ISO6709=+51.5009-000.1774+023.000/",
                "-metadata",
                "com.apple.quicktime.content.identifier=1EA799FF"
            )
        )
        #expect(
            found.taken
                == WallTime(
                    milliseconds: 1_463_170_530_000,
                    offsetMinutes: 60,
                    source: "com.apple.quicktime.creationdate"
                )
        )
        #expect(found.make == "Apple")
        #expect(found.contentIdentifier == "1EA799FF")
        #expect(found.latitude == 51.5009)
        #expect(found.longitude == -0.1774)
        #expect(found.altitude == 23)
    }

    @Test("The container's clock has no offset, for most cameras write their wall clock into it")
    func containerClock() throws {
        let dated = try reading(
            try clip("a.mp4", "-c:v", "libx264", "-metadata", "creation_time=2016-05-13T19:15:31Z")
        )
        #expect(dated.taken == WallTime(milliseconds: 1_463_166_931_000, offsetMinutes: nil, source: "mvhd"))
        let undated = try reading(try clip("b.mp4", "-c:v", "libx264"))
        #expect(undated.taken == nil)
        let epoch = try reading(
            try clip("c.mp4", "-c:v", "libx264", "-metadata", "creation_time=1970-01-01T00:00:00Z")
        )
        #expect(epoch.taken == nil)
    }

    @Test("A field recorder's WAV has its date, and timecode by the rate that it names")
    func broadcastWave() throws {
        let path = scratch.path("a.wav")
        // Frame 107892 of 29.97 drop-frame is one hour.
        try tool(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "sine=r=48000:d=1",
            "-ac",
            "2",
            "-c:a",
            "pcm_s24le",
            "-write_bext",
            "1",
            "-metadata",
            "origination_date=2016-05-13",
            "-metadata",
            "origination_time=20:15:30",
            "-metadata",
            "time_reference=172799828",
            "-metadata",
            "description=sSPEED=029.97-DF\r\nsTAPE=16Y05M13\r\n",
            path
        )
        let found = try reading(path)
        #expect(found.kind == .sound)
        #expect(found.format == "WAV")
        #expect(found.taken == WallTime(milliseconds: 1_463_170_530_000, offsetMinutes: nil, source: "bext"))
        #expect(found.timecode == "01:00:00;00")
        #expect(found.reel == "16Y05M13")
        #expect(found.audio == "2 channels (stereo), 48000 Hz, 24 bit")
        #expect(found.codec == "pcm_s24le")
    }

    @Test("A WAV whose recorder names no rate has no timecode")
    func broadcastWaveWithoutRate() throws {
        let path = scratch.path("a.wav")
        try tool(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "sine=r=48000:d=1",
            "-write_bext",
            "1",
            "-metadata",
            "time_reference=172799828",
            path
        )
        #expect(try reading(path).timecode == nil)
    }

    @Test("Sound with a cover picture is a sound")
    func cover() throws {
        let cover = scratch.path("cover.png")
        try tool("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1", cover)
        let path = scratch.path("a.m4a")
        try tool(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "sine=d=1",
            "-i",
            cover,
            "-map",
            "0",
            "-map",
            "1",
            "-c:a",
            "aac",
            "-c:v",
            "copy",
            "-disposition:v",
            "attached_pic",
            "-metadata",
            "title=Gardenia",
            path
        )
        let found = try reading(path)
        #expect(found.kind == .sound)
        #expect(found.format == "M4A")
        #expect(found.title == "Gardenia")
        #expect(found.width == nil)
    }

    @Test(
        "What is read from H.264's header is what FFmpeg finds by decoding",
        arguments: [
            ["yuv420p", "high", "bt709", "bt709", "bt709", "tv"],
            ["yuv422p10le", "high422", "bt2020", "arib-std-b67", "bt2020nc", "tv"],
            ["yuv444p", "high444", "bt709", "iec61966-2-1", "bt709", "tv"],
            ["yuv420p", "baseline", "smpte170m", "smpte170m", "smpte170m", "tv"],
            ["yuvj420p", "main", "bt470bg", "bt709", "bt470bg", "pc"],
        ]
    )
    func againstDecoder(_ variant: [String]) throws {
        for name in ["a.mp4", "a.mkv", "a.mov"] {
            let path = try clip(
                name,
                rate: "24000/1001",
                "-c:v",
                "libx264",
                "-pix_fmt",
                variant[0],
                "-profile:v",
                variant[1],
                "-color_primaries",
                variant[2],
                "-color_trc",
                variant[3],
                "-colorspace",
                variant[4],
                "-color_range",
                variant[5]
            )
            let found = try reading(path)
            let probed = try tool(
                "ffprobe",
                "-v",
                "error",
                "-select_streams",
                "v",
                "-of",
                "csv=p=0",
                "-show_entries",
                "stream=profile,width,height,pix_fmt,color_space,color_transfer,color_primaries,r_frame_rate",
                path
            )
            let color = found.color.map { $0.split(separator: "/").map(String.init) } ?? []
            let ours = [
                found.codecProfile ?? "unknown", "\(found.width ?? 0)", "\(found.height ?? 0)",
                found.pixelFormat ?? "unknown", color.dropFirst(2).first ?? "unknown",
                color.dropFirst().first ?? "unknown", color.first ?? "unknown",
                found.frameRate.map { "\($0.numerator)/\($0.denominator)" } ?? "unknown",
            ]
            #expect(
                ours.joined(separator: ",") == probed.trimmingCharacters(in: .whitespacesAndNewlines),
                "\(name)"
            )
        }
    }

    @Test(
        "Containers that say little when opened are read further",
        arguments: [
            ("a.ts", "MPEG-TS", ["-c:v", "libx264"]),
            ("a.mxf", "MXF", ["-c:v", "mpeg2video", "-timecode", "09:58:30:00"]),
            ("b.mp4", "MP4", ["-c:v", "libx264", "-movflags", "frag_keyframe+empty_moov"]),
            ("a.avi", "AVI", ["-c:v", "mjpeg", "-pix_fmt", "yuvj420p"]),
            ("a.3gp", "3GP", ["-c:v", "mpeg4"]),
            ("a.mkv", "Matroska", ["-c:v", "libx264"]),
        ]
    )
    func containers(_ name: String, _ format: String, _ options: [String]) throws {
        let path = scratch.path(name)
        let source = ["-v", "error", "-f", "lavfi", "-i", "testsrc=r=25:s=320x180:d=2"]
        let made = try run("/usr/bin/env", ["ffmpeg"] + source + options + [path])
        #expect(made.status == 0, "\(made.errors)")
        let found = try reading(path)
        #expect(found.format == format)
        #expect(found.frameRate == Rational(25, 1))
        #expect([found.width, found.height] == [320, 180])
        #expect(abs((found.duration ?? 0) - 2) < 0.1)
        #expect(found.pixelFormat != nil)
        if format == "MXF" {
            #expect(found.timecode == "09:58:30:00")
            #expect(found.frames == 50)
        }
    }

    @Test("Every tag of the container is kept, verbatim")
    func rawTags() throws {
        let found = try reading(try clip("a.mkv", "-c:v", "libx264", "-metadata", "tape=\"1\"\n\u{e9}"))
        let size = ZSTD_getFrameContentSize(found.rawTags, found.rawTags.count)
        var json = [UInt8](repeating: 0, count: Int(size))
        let count = ZSTD_decompress(&json, json.count, found.rawTags, found.rawTags.count)
        #expect(count == json.count)
        let rows = try JSONDecoder().decode([[String]].self, from: Data(json))
        #expect(rows.contains(["format.TAPE", "String", "\"1\"\n\u{e9}"]))
        #expect(rows.contains(["stream.0.codec_name", "String", "h264"]))
        #expect(rows.allSatisfy { $0.count == 3 })
    }

    @Test("A clip whose name is not UTF-8 is read")
    func name() throws {
        let path = try clip("a.mp4", "-c:v", "libx264")
        let strange = Array(scratch.path("").utf8) + [0xff, 0x25, 0x0a] + Array(".mp4".utf8)
        let renamed = path.withCString { from in
            (strange + [0]).map(CChar.init(bitPattern:)).withUnsafeBufferPointer { to in
                to.baseAddress.map { rename(from, $0) } ?? -1
            }
        }
        #expect(renamed == 0)
        guard case .reading(let found) = try ask([.read(path: strange)]).first else {
            Issue.record("no reading")
            return
        }
        #expect(found.codec == "h264")
    }
}
