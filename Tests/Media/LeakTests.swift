import Chance
import Foundation
import MediaProtocol
import Testing

@Suite("What a finished file carries")
struct LeakTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private var words: PublicMetadata {
        var words = PublicMetadata()
        words.title = "Rancho de la Luna"
        words.caption = "Düne & <Licht>,\n“Gardenia” 🌵"
        words.creator = "Andreas Neumann; Second Name"
        words.credit = "Courtesy of the artists"
        words.copyright = "© 2016 Andreas Neumann"
        words.usageTerms = "Exhibition only"
        words.instructions = "NOT CLEARED"
        return words
    }

    /// A JPEG that says everything a camera, an editor and a careless person could have written into it.
    private func loaded() throws -> String {
        let path = scratch.path("loaded.jpg")
        let plain = scratch.path("plain.ppm")
        try Pixels(width: 320, height: 200) { x, y in (UInt8(x % 256), UInt8(y), 90) }.write(plain)
        try tool("vips", "jpegsave", plain, path, "--Q", "90")
        let thumbnail = scratch.path("thumbnail.jpg")
        try tool("vips", "thumbnail", plain, thumbnail, "64")
        try tool(
            "exiftool",
            "-q",
            "-overwrite_original",
            "-Make=Leica",
            "-Model=M10",
            "-SerialNumber=123456",
            "-GPSLatitude=34.1",
            "-GPSLatitudeRef=N",
            "-GPSLongitude=116.3",
            "-GPSLongitudeRef=W",
            "-DateTimeOriginal=2016:01:02 03:04:05",
            "-Software=Editor 1",
            "-Artist=Somebody",
            "-UserComment=secret",
            "-XMP:Subject=people/Nobody",
            "-XMP:Rating=3",
            "-XMP-xmpMM:DocumentID=xmp.did:1",
            "-IPTC:Keywords=secret",
            "-IPTC:By-line=Somebody",
            "-Comment=a comment",
            "-PersonInImage=Nobody",
            "-ThumbnailImage<=\(thumbnail)",
            path
        )
        // Behind the picture: another one, as phones append clips.
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: try Data(contentsOf: URL(fileURLWithPath: thumbnail)))
        try handle.close()
        return path
    }

    private func keys(_ path: String) throws -> [String] {
        Set(try inspect(path).map(\.key)).sorted()
    }

    @Test("A finished picture carries the words it was given and none of the source's")
    func allowList() throws {
        let out = scratch.path("out.jpg")
        #expect(try render(try loaded(), out, metadata: words) == .rendered(width: 320, height: 200))

        // By another's eyes: every tag that exiftool finds, but what it says about the file and the picture's coding.
        let said = try tool("exiftool", "-a", "-G1", "-s", "-u", "-U", "-j", "-struct", out)
        let tags =
            try #require(
                try JSONSerialization.jsonObject(with: Data(said.utf8)) as? [[String: Any]]
            ).first ?? [:]
        let ignored = ["SourceFile", "ExifTool:", "System:", "File:", "Composite:", "ICC", "JFIF:"]
        let found = tags.keys.filter { key in !ignored.contains { key.hasPrefix($0) } }.sorted()
        #expect(
            found == [
                "IFD0:Artist", "IFD0:Copyright", "IFD0:ImageDescription", "XMP-dc:Creator",
                "XMP-dc:Description",
                "XMP-dc:Rights", "XMP-dc:Title", "XMP-photoshop:Credit", "XMP-photoshop:Instructions",
                "XMP-xmpRights:Marked", "XMP-xmpRights:UsageTerms",
            ]
        )
        #expect(tags["XMP-dc:Title"] as? String == "Rancho de la Luna")
        #expect(tags["XMP-dc:Description"] as? String == "Düne & <Licht>,\n“Gardenia” 🌵")
        #expect(tags["XMP-dc:Creator"] as? [String] == ["Andreas Neumann", "Second Name"])
        #expect(tags["XMP-xmpRights:Marked"] as? Bool == true)
        #expect(tags["XMP-photoshop:Instructions"] as? String == "NOT CLEARED")
        #expect(tags["File:Comment"] == nil)
        let caption = try tool("exiftool", "-b", "-charset", "exif=utf8", "-IFD0:ImageDescription", out)
        #expect(caption == "Düne & <Licht>,\n“Gardenia” 🌵")
        let validation = try tool("exiftool", "-validate", "-a", "-warning", "-s3", out)
        #expect(!validation.contains("Error"), "\(validation)")

        // And by our own.
        #expect(
            try keys(out) == [
                "Exif.Image.Artist", "Exif.Image.Copyright", "Exif.Image.ImageDescription", "ICC cprt",
                "ICC dmdd", "ICC dmnd", "ICC header", "ICC profile", "JFIF",
                "Xmp.dc.creator", "Xmp.dc.description", "Xmp.dc.rights", "Xmp.dc.title",
                "Xmp.photoshop.Credit",
                "Xmp.photoshop.Instructions", "Xmp.xmpRights.Marked", "Xmp.xmpRights.UsageTerms",
            ]
        )
        let items = try inspect(out)
        #expect(
            items.contains(MetadataItem(key: "Xmp.dc.description", value: "Düne & <Licht>,\n“Gardenia” 🌵"))
        )
        #expect(
            items.filter { $0.key == "Xmp.dc.creator" }.map(\.value) == ["Andreas Neumann", "Second Name"]
        )
    }

    @Test("A picture that is given no words carries its profile and nothing else")
    func nothing() throws {
        let out = scratch.path("out.jpg")
        #expect(try render(try loaded(), out) == .rendered(width: 320, height: 200))
        #expect(
            try keys(out) == ["ICC cprt", "ICC dmdd", "ICC dmnd", "ICC header", "ICC profile", "JFIF"])
    }

    @Test("A caption that no JPEG can hold is refused, and one that just fits is not cut")
    func longCaption() throws {
        var words = PublicMetadata()
        words.caption = String(repeating: "a", count: 65_000)
        let source = try loaded()
        #expect(
            try render(source, scratch.path("a.jpg"), metadata: words) == .rendered(width: 320, height: 200)
        )
        #expect(try inspect(scratch.path("a.jpg")).contains { $0.value.count == 65_000 })
        words.caption = String(repeating: "a", count: 66_000)
        #expect(try reason(try render(source, scratch.path("b.jpg"), metadata: words)).contains("64 kB"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("b.jpg")))
    }

    @Test("Control characters in words do not break the packet")
    func controlCharacters() throws {
        var words = PublicMetadata()
        words.title = " a\u{1}b\u{0}c\u{fffe}]]>\r\n"
        words.creator = "x\u{0}y"
        let out = scratch.path("out.jpg")
        #expect(try render(try loaded(), out, metadata: words) == .rendered(width: 320, height: 200))
        let items = try inspect(out)
        #expect(items.contains(MetadataItem(key: "Xmp.dc.title", value: " a b c ]]>\r\n")))
        #expect(items.contains(MetadataItem(key: "Exif.Image.Artist", value: "xy")))
    }

    @Test("Inspection lists everything that a JPEG can hide")
    func hidden() throws {
        let path = try loaded()
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes.replaceSubrange(2..<2, with: [0xff, 0xeb, 0, 8] + Array("JPSECR".utf8))
        let items = try inspect(try scratch.write(bytes, "hidden.jpg"))
        let found = Set(items.map(\.key))
        let wanted: Set = [
            "APP11 JPSECR", "Exif.Image.Make", "Exif.Image.Model", "Exif.Photo.BodySerialNumber",
            "Exif.GPSInfo.GPSLatitude", "Exif.Photo.DateTimeOriginal", "Exif.Image.Software",
            "Exif.Photo.UserComment",
            "Xmp.dc.subject", "Xmp.xmp.Rating", "Xmp.xmpMM.DocumentID", "Xmp.Iptc4xmpExt.PersonInImage",
            "Xmp.x.xmptk", "Iptc.2:25", "Iptc.2:80", "JPEG comment", "thumbnail", "trailing bytes",
        ]
        #expect(wanted.subtracting(found).isEmpty, "\(wanted.subtracting(found))")
        #expect(items.contains(MetadataItem(key: "Iptc.2:25", value: "secret")))
        #expect(items.contains(MetadataItem(key: "Xmp.dc.subject", value: "people/Nobody")))
    }

    @Test("Inspection finds bytes in an Exif block that belong to no entry")
    func slack() throws {
        let out = scratch.path("out.jpg")
        var words = PublicMetadata()
        words.creator = "Somebody"
        #expect(try render(try loaded(), out, metadata: words) == .rendered(width: 320, height: 200))
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: out)))
        let marker = try #require(
            bytes.indices.dropLast().first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xe1 }
        )
        let length = Int(bytes[marker + 2]) << 8 | Int(bytes[marker + 3])
        bytes.insert(contentsOf: Array("34.1 N 116.3 W".utf8), at: marker + 2 + length)
        let longer = length + 14
        bytes.replaceSubrange(marker + 2..<marker + 4, with: [UInt8(longer >> 8), UInt8(longer & 255)])
        let items = try inspect(try scratch.write(bytes, "slack.jpg"))
        #expect(items.contains(MetadataItem(key: "Exif bytes outside of any entry", value: "14 bytes")))
    }

    @Test("Inspection lists the chunks of a PNG")
    func png() throws {
        let path = scratch.path("a.png")
        try tool("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1", path)
        try tool(
            "exiftool",
            "-q",
            "-overwrite_original",
            "-PNG:Author=Somebody",
            "-XMP:Title=Title",
            "-EXIF:Make=Leica",
            path
        )
        let items = try inspect(path)
        #expect(items.contains(MetadataItem(key: "PNG text Author", value: "Somebody")))
        #expect(items.contains(MetadataItem(key: "Xmp.dc.title", value: "Title")))
        #expect(items.contains(MetadataItem(key: "Exif.Image.Make", value: "Leica")))
    }

    @Test(
        "Inspection lists the words, clocks, positions and foreign tracks of a clip",
        arguments: ["a.mov", "a.mp4"]
    )
    func clip(_ name: String) throws {
        let path = scratch.path(name)
        try tool(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "testsrc=s=64x64:d=1",
            "-c:v",
            "libx264",
            "-timecode",
            "01:00:00:00",
            "-metadata",
            "title=Gardenia",
            "-metadata",
            "comment=secret",
            "-metadata",
            "location=+34.1-116.3/",
            "-metadata",
            "creation_time=2016-05-13T19:15:31Z",
            path
        )
        let items = try inspect(path)
        #expect(items.contains { $0.value == "Gardenia" })
        #expect(items.contains { $0.value == "secret" })
        // QuickTime writes the position as text, MP4 in a box of numbers.
        #expect(items.contains { $0.value == "+34.1-116.3/" || $0.key == "moov/udta/loci" })
        #expect(items.contains { $0.key == "moov/mvhd creation time" })
        #expect(items.contains { $0.value.contains("tmcd") && $0.key.hasPrefix("track") })

        let mdta = scratch.path("keys.mov")
        try tool(
            "ffmpeg",
            "-v",
            "error",
            "-i",
            path,
            "-map",
            "0:v",
            "-c",
            "copy",
            "-movflags",
            "use_metadata_tags",
            "-metadata",
            "com.apple.quicktime.make=Apple",
            mdta
        )
        #expect(try inspect(mdta).contains(MetadataItem(key: "com.apple.quicktime.make", value: "Apple")))
    }

    @Test("Stills with bytes changed at random are listed or refused, one for one")
    func mutations() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var generator = SeededRandom(seed: seed)
        let jpeg = try loaded()
        let png = scratch.path("a.png")
        try tool("vips", "copy", scratch.path("plain.ppm"), png)
        try tool("exiftool", "-q", "-overwrite_original", "-tagsFromFile", jpeg, "-all:all", png)
        var requests: [Request] = []
        for (name, path) in [("jpg", jpeg), ("png", png)] {
            let original = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            for round in 0..<150 {
                var bytes = original
                for _ in 0..<Int.random(in: 1...30, using: &generator) {
                    bytes[Int.random(in: 8..<bytes.count, using: &generator)] = UInt8.random(
                        in: 0...255,
                        using: &generator
                    )
                }
                let file = try scratch.write(bytes, "\(round).\(name)")
                requests.append(.inspect(path: Array(file.utf8)))
            }
        }
        #expect(try ask(requests).count == requests.count)
    }

    @Test("What inspection cannot prove it does not call clean")
    func unprovable() throws {
        let path = scratch.path("a.tif")
        try Pixels(width: 8, height: 8) { _, _ in (0, 0, 0) }.write(scratch.path("a.ppm"))
        try tool("vips", "tiffsave", scratch.path("a.ppm"), path)
        let reply = try #require(try ask([.inspect(path: Array(path.utf8))]).first)
        #expect(try reason(reply).contains("cannot be proven"))
    }
}
