import Foundation
import Testing

/// A shoot of one file of every format, with a canary wherever the format has room for a word.
///
/// What may leave is green and blue; magenta is what must not be seen: embedded pictures of the whole frame, and the held.
final class PlantedShoot {
    private(set) var canaries = Canaries()
    /// The numbers that stand in a file of this shoot, by its format: looked for in the file itself, so that nothing counts
    /// as planted that the planting tool dropped.
    private(set) var planted: [String: Set<Int>] = [:]
    private let shell: Shell
    let folder: String

    /// Tags of a group that exiftool can write, asked once.
    private var lists: [String: [String]] = [:]

    init(in shell: Shell) throws {
        self.shell = shell
        folder = canaries.word(for: "folder of the source")
        try FileManager.default.createDirectory(at: url(""), withIntermediateDirectories: true)
        try pictures()
        try clips()
        try sounds()
    }

    func word(_ place: String) -> String { canaries.word(for: place) }

    private func url(_ name: String) -> URL { shell.folder.appending(path: folder).appending(path: name) }

    private func run(_ line: String) throws {
        let result = try shell.run(line)
        try #require(result.code == 0, "\(line): \(result.errors.prefix(400))")
    }

    private func name(_ format: String, _ ending: String) -> String {
        "\(canaries.word(for: "file name of \(format)")).\(ending)"
    }

    /// Notes which canaries a finished file holds.
    private func settle(_ format: String, _ file: String) throws {
        let found = CanarySearch.numbers(in: try Data(contentsOf: url(file)))
        planted[format] = Set(found.compactMap(\.self))
        #expect(!planted[format, default: []].isEmpty, "\(format) took no canaries")
    }

    // MARK: Words of tags

    /// Writes a canary into every tag of these groups that takes one.
    private func tag(_ format: String, _ file: String, _ groups: String..., more: String...) throws {
        var lines: [String] = []
        for group in groups {
            if lists[group] == nil {
                let text = try shell.run("exiftool -listw -\(group):All").output
                lists[group] = text.split(separator: "\n").dropFirst().flatMap {
                    $0.split(separator: " ").map(String.init)
                }
            }
            for tag in lists[group, default: []] {
                lines.append("-\(group):\(tag)=" + canaries.word(for: "\(group):\(tag) in \(format)"))
            }
        }
        try Data((lines + more).joined(separator: "\n").utf8).write(to: shell.folder.appending(path: "args"))
        // It warns of every tag that takes no words, and writes the others.
        _ = try shell.run("exiftool -q -q -m -overwrite_original -@ args '\(folder)/\(file)'")
    }

    private func append(_ bytes: Data, to file: String) throws {
        let handle = try FileHandle(forUpdating: url(file))
        try handle.seekToEnd()
        try handle.write(contentsOf: bytes)
        try handle.close()
    }

    private func data(_ place: String) -> Data { Data(canaries.word(for: place).utf8) }

    // MARK: Pictures

    private static let green = "gradients=s=320x214:c0=0x106030:c1=0x103070"
    private static let magenta = "color=s=160x120:c=0xff00ff"

    private func draw(_ source: String, _ arguments: String, _ file: String, seed: Int = 1) throws {
        let isStill = !arguments.contains("-c:v")
        try run(
            "ffmpeg -nostdin -v error -y -f lavfi -i '\(source)\(source.hasPrefix("gradients") ? ":seed=\(seed)" : "")'"
                + " \(isStill ? "-frames:v 1" : "") \(arguments) '\(folder)/\(file)'")
    }

    private func pictures() throws {
        try draw(Self.magenta, "", "thumbnail.jpg")
        defer { try? FileManager.default.removeItem(at: url("thumbnail.jpg")) }
        let thumbnail = "\(folder)/thumbnail.jpg"
        let small = try Data(contentsOf: url("thumbnail.jpg"))

        let jpeg = name("JPEG", "jpg")
        try draw(Self.green, "", jpeg)
        try tag(
            "JPEG", jpeg, "EXIF", "IPTC", "XMP", "Photoshop",
            more: "-ThumbnailImage<=\(thumbnail)", "-PhotoshopThumbnail<=\(thumbnail)",
            "-Comment=" + canaries.word(for: "comment of JPEG"))
        try splice(jpeg)
        try append(small + data("trailing bytes of JPEG"), to: jpeg)
        try settle("JPEG", jpeg)
        // What lies beside it is read with it.
        let sidecar = jpeg.replacing(".jpg", with: ".jpg.xmp")
        try run(
            "exiftool -q -q -o '\(folder)/\(sidecar)' -XMP:Creator=\(canaries.word(for: "creator in a sidecar")) '\(folder)/\(jpeg)'"
        )
        try tag("sidecar", sidecar, "XMP")
        try settle("sidecar", sidecar)

        for (index, (format, ending)) in [("TIFF", "tif"), ("PNG", "png"), ("WebP", "webp")].enumerated() {
            let file = name(format, ending)
            try draw(Self.green, "", file, seed: index + 2)
            try tag(format, file, "EXIF", "XMP", more: "-PNG:Author=" + canaries.word(for: "PNG:Author"))
            if format == "TIFF" { try tag(format, file, "IPTC") }
            try append(data("trailing bytes of \(format)"), to: file)
            try settle(format, file)
        }
        for (format, fixture, ending) in [
            ("DNG", "desert/100LEICA/L1002345.DNG", "dng"), ("HEIC", "rancho/stills/the-house.heic", "heic"),
            ("AVIF", "rancho/stills/pilot-light.avif", "avif"),
        ] {
            let file = name(format, ending)
            try FileManager.default.copyItem(
                at: Shell.package.appending(path: "Fixtures/\(fixture)"), to: url(file))
            // Of a raw file's own tags some say how it is developed: those are left as they are.
            if format == "DNG" {
                let tags = [
                    "Artist", "Copyright", "ImageDescription", "UserComment", "SerialNumber", "OwnerName",
                    "Software",
                ]
                let words = tags.map { "-EXIF:\($0)=" + canaries.word(for: "EXIF:\($0) in DNG") }.joined(
                    separator: " ")
                _ = try shell.run("exiftool -q -q -m -overwrite_original \(words) '\(folder)/\(file)'")
            }
            let groups = ["XMP-dc", "XMP-photoshop", "XMP-iptcExt"] + (format == "DNG" ? [] : ["EXIF"])
            for group in groups { try tag(format, file, group) }
            try settle(format, file)
        }
    }

    /// Segments that exiftool does not write: makers' own, a thumbnail in JFIF's extension, a profile that says whose it is.
    private func splice(_ file: String) throws {
        var bytes = try Data(contentsOf: url(file))
        var segments = Data()
        func add(_ marker: UInt8, _ payload: Data) {
            let length = payload.count + 2
            segments += Data([0xff, marker, UInt8(length >> 8), UInt8(length & 255)]) + payload
        }
        let thumbnail = try Data(contentsOf: url("thumbnail.jpg"))
        add(0xe0, Data("JFXX\0\u{10}".utf8) + thumbnail)
        for number: UInt8 in [3, 4, 5, 7, 10, 11, 15] { add(0xe0 + number, data("APP\(number) of JPEG")) }
        add(0xfe, data("second comment of JPEG"))
        try run("vips black profile.v 8 8 --bands 3 && vips jpegsave profile.v profile.jpg --profile srgb")
        try run("exiftool -q -q -b -ICC_Profile profile.jpg > profile.icc")
        var profile = try Data(contentsOf: shell.folder.appending(path: "profile.icc"))
        if let range = profile.range(of: Data("no copyright".utf8)) {
            profile.replaceSubrange(range, with: data("ICC copyright of JPEG"))
        }
        add(0xe2, Data("ICC_PROFILE\0\u{1}\u{1}".utf8) + profile)
        bytes.insert(contentsOf: segments, at: 2)
        try bytes.write(to: url(file))
    }

    // MARK: Clips

    private static let words = [
        "title", "comment", "artist", "description", "copyright", "album", "genre", "synopsis", "show",
        "location",
        "keywords", "author", "composer", "encoder", "make", "model", "reel_name", "company_name",
        "product_name", "product_version", "project_name", "material_package_name", "service_name",
        "service_provider",
    ]

    private func metadata(_ format: String) -> String {
        var text = ""
        for word in Self.words { text += " -metadata \(word)=\(canaries.word(for: "\(word) of \(format)"))" }
        for (kind, word) in [("v", "handler_name"), ("a", "handler_name"), ("v", "title"), ("a", "title")] {
            text += " -metadata:s:\(kind) \(word)=\(canaries.word(for: "\(word) of a track of \(format)"))"
        }
        return text + " -metadata creation_time=2016-05-13T10:00:00Z"
    }

    private func clips() throws {
        let chapters = ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle="
        let subtitle = "1\n00:00:00,000 --> 00:00:00,400\n"
        try Data((chapters + canaries.word(for: "chapter of a clip") + "\n").utf8)
            .write(to: shell.folder.appending(path: "chapters.txt"))
        try Data((subtitle + canaries.word(for: "subtitle of a clip") + "\n").utf8)
            .write(to: shell.folder.appending(path: "words.srt"))
        try data("attachment of Matroska").write(to: shell.folder.appending(path: "letter.txt"))
        let picture = "gradients=s=160x90:d=0.5:r=24:c0=0x106030:c1=0x103070"
        let sound = "-f lavfi -i sine=220:d=0.5"
        let note = "17ee8c60-f84d-11d9-8cd6-0800200c9a66+"
        let h264 =
            "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -bsf:v h264_metadata=sei_user_data=\(note)"
        for (format, ending, codecs) in [
            ("MOV", "mov", "\(h264)\(word("SEI of MOV")) -c:a aac -timecode 01:00:00:00"),
            (
                "MP4", "mp4",
                "-i words.srt -i chapters.txt -map 0 -map 1 -map 2 -map_chapters 3 \(h264)\(word("SEI of MP4")) -c:a aac -c:s mov_text"
            ),
            (
                "MKV", "mkv",
                "-i words.srt -i chapters.txt -map 0 -map 1 -map 2 -map_chapters 3 \(h264)\(word("SEI of MKV")) -c:a aac -c:s srt -attach letter.txt -metadata:s:t mimetype=text/plain"
            ),
            ("AVI", "avi", "-c:v mjpeg -c:a pcm_s16le"),
            ("MXF", "mxf", "-c:v mpeg2video -c:a pcm_s16le -ar 48000"),
            ("MPEG-TS", "ts", "-c:v mpeg2video -c:a mp2"), ("ProRes", "mov", "-c:v prores -c:a pcm_s16le"),
        ] {
            let file = name(format, ending)
            try draw(
                picture, "\(sound) \(codecs) \(metadata(format)) -shortest", file, seed: file.hashValue & 255)
            if format == "MOV" || format == "MP4" {
                try tag(format, file, "Keys", "ItemList", "UserData", "XMP")
                for box in ["free", "skip", "uuid", "junk"] {
                    let payload =
                        (box == "uuid" ? Data(repeating: 7, count: 16) : Data())
                        + data("\(box) box of \(format)")
                    let size = UInt32(payload.count + 8).bigEndian
                    try append(withUnsafeBytes(of: size) { Data($0) } + Data(box.utf8) + payload, to: file)
                }
            }
            try settle(format, file)
        }
        try rawStreams(picture)
    }

    /// Notes between the pictures of codecs that ffmpeg writes none into.
    private func rawStreams(_ picture: String) throws {
        func insert(_ note: Data, into raw: String, before code: [UInt8]) throws {
            let bytes = try Data(contentsOf: url(raw))
            var made = Data()
            var place = bytes.startIndex
            while let range = bytes.range(of: Data(code), in: place..<bytes.endIndex) {
                made += bytes[place..<range.lowerBound] + note + Data(code)
                place = range.upperBound
            }
            try (made + bytes[place...]).write(to: url(raw))
        }
        for (format, codec, muxer, ending, start, code) in [
            ("MPEG-4 samples", "mpeg4", "m4v", "mov", [0, 0, 1, 0xb2], [0, 0, 1, 0xb6]),
            ("MPEG-2 samples", "mpeg2video", "mpeg2video", "mpg", [0, 0, 1, 0xb2], [0, 0, 1, 1]),
            ("Motion JPEG samples", "mjpeg", "mjpeg", "mov", [0xff, 0xfe, 0, 15], [0xff, 0xdb]),
        ] as [(String, String, String, String, [UInt8], [UInt8])] {
            let raw = "raw.\(muxer)"
            try draw(picture, "-c:v \(codec) -f \(muxer)", raw, seed: 40)
            try insert(Data(start) + data("user data of \(format)"), into: raw, before: code)
            let file = name(format, ending)
            try run(
                "ffmpeg -nostdin -v error -y -f \(muxer == "mpeg2video" ? "mpegvideo" : muxer) -i '\(folder)/\(raw)' -c copy \(metadata(format)) '\(folder)/\(file)'"
            )
            try FileManager.default.removeItem(at: url(raw))
            try settle(format, file)
        }
        let dv = name("DV", "dv")
        try draw(
            "gradients=s=720x576:d=0.2:r=25:c0=0x106030:c1=0x103070", "-pix_fmt yuv420p -c:v dvvideo", dv,
            seed: 50)
        var bytes = try Data(contentsOf: url(dv))
        let note = data("packs of DV")
        for block in stride(from: 0, to: bytes.count - 79, by: 80) where bytes[block] >> 5 == 2 {
            // Where packs are empty; a player needs the others.
            for place in stride(from: block + 3, through: block + 63, by: 5)
            where bytes[place..<place + 15].allSatisfy({ $0 == 0xff }) {
                bytes.replaceSubrange(place..<place + note.count, with: note)
            }
        }
        try bytes.write(to: url(dv))
        try settle("DV", dv)
    }

    // MARK: Sounds

    private func sounds() throws {
        for (format, ending, codec) in [("WAV", "wav", "pcm_s16le -write_bext 1"), ("M4A", "m4a", "aac")] {
            let file = name(format, ending)
            var words = ""
            for word in Self.words + ["originator", "originator_reference", "coding_history"] {
                words += " -metadata \(word)=\(canaries.word(for: "\(word) of \(format)"))"
            }
            try run(
                "ffmpeg -nostdin -v error -y -f lavfi -i sine=330:d=0.5 -c:a \(codec) \(words) '\(folder)/\(file)'"
            )
            if format == "WAV" {
                for chunk in ["iXML", "axml", "LIST", "id3 ", "JUNK"] {
                    var payload = data("\(chunk) of WAV")
                    if payload.count % 2 == 1 { payload.append(0) }
                    let size = UInt32(payload.count).littleEndian
                    try append(Data(chunk.utf8) + withUnsafeBytes(of: size) { Data($0) } + payload, to: file)
                }
                var bytes = try Data(contentsOf: url(file))
                let size = UInt32(bytes.count - 8).littleEndian
                bytes.replaceSubrange(4..<8, with: withUnsafeBytes(of: size) { Data($0) })
                try bytes.write(to: url(file))
            }
            try settle(format, file)
        }
    }

    /// Two that are held: nothing of them may leave, neither a word nor a colour.
    func neighbours() throws -> [String] {
        let still = name("a held picture", "jpg")
        try draw("color=s=300x200:c=0xff00ff", "", still)
        try tag("a held picture", still, "XMP-dc", "EXIF", "IPTC")
        let clip = name("a held clip", "mov")
        try draw(
            "color=s=160x90:d=0.5:r=24:c=0xff00ff",
            "-c:v mpeg4 -metadata title=\(word("title of a held clip"))", clip)
        return [still, clip]
    }
}
