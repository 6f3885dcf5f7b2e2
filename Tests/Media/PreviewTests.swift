import Chance
import Foundation
import MediaProtocol
import Testing

@Suite("Previews are made")
struct PreviewTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures").path()

    private static let red: (UInt8, UInt8, UInt8) = (220, 30, 30)
    private static let green: (UInt8, UInt8, UInt8) = (30, 160, 60)
    private static let blue: (UInt8, UInt8, UInt8) = (30, 50, 200)
    private static let grey: (UInt8, UInt8, UInt8) = (128, 128, 128)

    /// Four fields: red, green, blue and grey, as one reads.
    private func fields(width: Int, height: Int) throws -> String {
        let path = scratch.path("fields.ppm")
        try Pixels(width: width, height: height) { x, y in
            y < height / 2 ? (x < width / 2 ? Self.red : Self.green) : (x < width / 2 ? Self.blue : Self.grey)
        }.write(path)
        return path
    }

    private func corners(_ path: String) throws -> [[Int]] {
        let seen = try Pixels(decoding: path)
        let (right, bottom) = (seen.width - 9, seen.height - 9)
        return [seen[8, 8], seen[right, 8], seen[8, bottom], seen[right, bottom]]
    }

    private func previews(_ source: String, small: Bool = false, strip: Bool = false) throws -> PreviewFacts {
        let reply = try previewReply(source, small: small, strip: strip)
        guard case .previewed(let facts) = reply else { throw ToolFailure(description: "\(reply)") }
        return facts
    }

    private func previewReply(_ source: String, small: Bool = false, strip: Bool = false) throws -> Reply {
        for name in ["small.jpg", "large.jpg", "strip.jpg"] {
            try? FileManager.default.removeItem(atPath: scratch.path(name))
        }
        let order = PreviewOrder(
            source: Array(source.utf8),
            small: Array(scratch.path("small.jpg").utf8),
            large: small ? nil : Array(scratch.path("large.jpg").utf8),
            strip: strip ? Array(scratch.path("strip.jpg").utf8) : nil
        )
        return try #require(try ask([.preview(order)]).first)
    }

    private func size(_ picture: PreviewFacts.Picture) -> String { "\(picture.width) × \(picture.height)" }

    private func distance(_ one: PreviewFacts, _ other: PreviewFacts) throws -> Int {
        (try #require(one.hash) ^ #require(other.hash)).nonzeroBitCount
    }

    // MARK: Photographs

    @Test("Every one of the eight orientations comes out upright in both sizes", arguments: 1...8)
    func orientations(_ orientation: Int) throws {
        let stored = scratch.path("stored.jpg")
        try tool("vips", "jpegsave", try fields(width: 2400, height: 1600), stored, "--Q", "90")
        try tool("exiftool", "-q", "-overwrite_original", "-n", "-Orientation=\(orientation)", stored)
        let facts = try previews(stored)
        let lies = orientation >= 5
        #expect(facts.small.width == (lies ? 341 : 512))
        #expect(facts.small.height == (lies ? 512 : 341))
        #expect(facts.large?.width == (lies ? 1365 : 2048))
        #expect(facts.large?.height == (lies ? 2048 : 1365))
        let (red, green, blue, grey) = ([220, 30, 30], [30, 160, 60], [30, 50, 200], [128, 128, 128])
        let wanted = [
            [red, green, blue, grey], [green, red, grey, blue], [grey, blue, green, red],
            [blue, grey, red, green], [red, blue, green, grey], [blue, red, grey, green],
            [grey, green, blue, red], [green, grey, red, blue],
        ][orientation - 1]
        for name in ["small.jpg", "large.jpg"] {
            for (corner, color) in zip(try corners(scratch.path(name)), wanted) {
                #expect(isClose(corner, color, within: 8), "\(name) of orientation \(orientation)")
            }
        }
        #expect(isClose(facts.color.map(Int.init), [102, 92, 104], within: 4))
    }

    @Test("They say nothing about themselves")
    func metadata() throws {
        _ = try previews(Self.fixtures + "/desert/100EOS5D/IMG_4117.JPG")
        for name in ["small.jpg", "large.jpg"] {
            #expect(try inspect(scratch.path(name)).map(\.key).allSatisfy { $0.hasPrefix("JFIF") }, "\(name)")
        }
    }

    @Test("A picture is never enlarged, and has no large preview where that would show no more")
    func small() throws {
        let tiny = scratch.path("tiny.png")
        try tool("vips", "copy", try fields(width: 96, height: 64), tiny)
        var facts = try previews(tiny)
        #expect(size(facts.small) == "96 × 64")
        #expect(facts.large == nil && !facts.hasMore)
        try tool("vips", "copy", try fields(width: 700, height: 500), tiny)
        facts = try previews(tiny)
        #expect(size(facts.small) == "512 × 366")
        #expect(facts.large.map(size) == "700 × 500")
        facts = try previews(tiny, small: true)
        #expect(facts.large == nil && facts.hasMore)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("large.jpg")))
    }

    @Test(
        "Of a raw file the preview is taken that shows the picture, not the first, which carries a stamp",
        arguments: ["100LEICA/L1002340", "100LEICA/L1002346"]
    )
    func raw(_ stem: String) throws {
        let raw = try previews(Self.fixtures + "/desert/\(stem).DNG")
        #expect(raw.origin == .embedded)
        #expect(raw.large.map(size) == "900 × 600")
        let beside = try previews(Self.fixtures + "/desert/\(stem).JPG")
        #expect(try distance(raw, beside) <= 4)
    }

    @Test(
        "Other formats are opened as well, and look as they do elsewhere",
        arguments: ["heic", "avif", "webp", "png", "tif", "jxl"]
    )
    func formats(_ ending: String) throws {
        let path = scratch.path("picture.\(ending)")
        let (q, source) = (
            ending == "png" || ending == "tif" ? "" : "[Q=95]", try fields(width: 600, height: 400)
        )
        if try run("/usr/bin/env", ["vips", "copy", source, path + q]).status != 0 {
            // Debian's libvips may come without an encoder that it has the decoder of.
            return
        }
        let facts = try previews(path)
        #expect(size(facts.small) == "512 × 341")
        let wanted = [[220, 30, 30], [30, 160, 60], [30, 50, 200], [128, 128, 128]]
        for (corner, color) in zip(try corners(scratch.path("small.jpg")), wanted) {
            #expect(isClose(corner, color, within: 12))
        }
    }

    // MARK: Previews within a JPEG

    /// A photograph with a smaller version behind it, as cameras write them: the version is green, the picture red.
    private func multiPicture(smallSize: (Int, Int) = (640, 480), cut: Int = 0) throws -> [UInt8] {
        func jpeg(_ color: (UInt8, UInt8, UInt8), _ width: Int, _ height: Int) throws -> [UInt8] {
            let path = scratch.path("part.ppm")
            try Pixels(width: width, height: height) { x, _ in x % 64 < 32 ? color : Self.blue }.write(path)
            try tool("vips", "jpegsave", path, scratch.path("part.jpg"), "--Q", "80", "--strip")
            return Array(try Data(contentsOf: URL(fileURLWithPath: scratch.path("part.jpg"))))
        }
        let main = try jpeg(Self.red, 1600, 1200)
        let small = try jpeg(Self.green, smallSize.0, smallSize.1)
        func big(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        // One directory of one entry, then its two pictures of 16 bytes each.
        let segmentLength = 2 + 4 + 8 + 2 + 12 + 4 + 32
        let firstSize = main.count + 2 + segmentLength
        let base = 2 + 4 + 4
        var segment = [0xff, 0xe2] + big(segmentLength, 2) + Array("MPF\0MM\0*".utf8) + big(8, 4)
        segment += big(1, 2) + big(0xb002, 2) + big(7, 2) + big(32, 4) + big(26, 4) + big(0, 4)
        segment += big(0x030000, 4) + big(firstSize, 4) + big(0, 4) + big(0, 4)
        segment += big(0x010001, 4) + big(small.count, 4) + big(firstSize - base, 4) + big(0, 4)
        #expect(segment.count == segmentLength + 2)
        var whole = main
        whole.removeLast(cut)
        return Array(whole[..<2]) + segment + whole[2...] + small
    }

    @Test("The camera’s own smaller version serves for a small preview alone")
    func embedded() throws {
        let path = try scratch.write(try multiPicture(), "a.jpg")
        let facts = try previews(path, small: true)
        #expect(facts.origin == .embedded)
        #expect(size(facts.small) == "512 × 384")
        #expect(facts.hasMore)
        #expect(isClose(try Pixels(decoding: scratch.path("small.jpg"))[8, 8], [30, 160, 60], within: 10))
        let both = try previews(path)
        #expect(both.origin == .picture)
        #expect(isClose(try Pixels(decoding: scratch.path("small.jpg"))[8, 8], [220, 30, 30], within: 10))
    }

    @Test("A thumbnail whose length is a fraction, below nothing at that, costs nobody the preview")
    func fractions() throws {
        func big(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        func entry(_ tag: UInt64, _ type: UInt64, at place: UInt64) -> [UInt8] {
            big(tag, 2) + big(type, 2) + big(1, 4) + big(place, 4)
        }
        let whole = try multiPicture()
        for value: UInt64 in [.max, 1 << 63, (1 << 63) - 1] {
            // Two directories, each with what a fraction's eight bytes say: where Exif is, where the thumbnail ends.
            let values: UInt64 = 8 + 18 + 30
            let exif =
                Array("Exif\0\0MM\0*".utf8) + big(8, 4)
                + big(1, 2) + entry(0x8769, 5, at: values) + big(26, 4)
                + big(2, 2) + big(0x0201, 2) + big(4, 2) + big(1, 4) + big(8, 4)
                + entry(0x0202, 5, at: values)
                + big(0, 4) + big(value, 8)
            let segment = [0xff, 0xe1] + big(UInt64(exif.count + 2), 2) + exif
            let path = try scratch.write(Array(whole[..<2]) + segment + whole[2...], "fraction.jpg")
            #expect(try previews(path, small: true).small.width == 512)
        }
    }

    @Test(
        "A smaller version is not believed once the picture was written anew, or has another shape or colours"
    )
    func staleEmbedded() throws {
        let cut = try scratch.write(try multiPicture(cut: 100), "cut.jpg")
        #expect(try previews(cut, small: true).origin == .picture)
        let crop = try scratch.write(try multiPicture(smallSize: (640, 426)), "crop.jpg")
        #expect(try previews(crop, small: true).origin == .picture)
        let colours = try scratch.write(try multiPicture(), "colours.jpg")
        try tool("exiftool", "-q", "-overwrite_original", "-n", "-ColorSpace=65535", colours)
        #expect(try previews(colours, small: true).origin == .picture)
        let tiny = try scratch.write(try multiPicture(smallSize: (320, 240)), "tiny.jpg")
        #expect(try previews(tiny, small: true).origin == .picture)
    }

    // MARK: Clips

    private func clip(_ name: String, _ filter: String, _ more: [String] = []) throws -> String {
        let path = scratch.path(name)
        let arguments =
            ["-v", "error", "-f", "lavfi", "-i", filter, "-pix_fmt", "yuv420p"] + more + ["-y", path]
        let outcome = try run("/usr/bin/env", ["ffmpeg"] + arguments)
        guard outcome.status == 0 else { throw ToolFailure(description: outcome.errors) }
        return path
    }

    @Test("The poster of a clip that begins in black, and has one keyframe, is not black")
    func blackBeginning() throws {
        let path = try clip(
            "a.mp4", "color=black:s=320x180:d=1:r=25[a];testsrc=s=320x180:d=1:r=25[b];[a][b]concat",
            ["-c:v", "libx264", "-g", "1000"])
        let facts = try previews(path, strip: true)
        #expect(facts.origin == .frame)
        #expect(facts.color.reduce(0) { $0 + Int($1) } > 200)
        #expect(facts.hash != nil)
        #expect(
            facts.strip
                == PreviewFacts.Strip(frames: 10, width: 320, height: 180, bytes: facts.strip?.bytes ?? 0))
        let strip = try Pixels(decoding: scratch.path("strip.jpg"))
        #expect(strip.width == 3200 && strip.height == 180)
        #expect(isClose(strip[160, 20], [0, 0, 0], within: 8), "the first frame is black")
        #expect(!isClose(strip[3040, 20], [0, 0, 0], within: 40), "the last is not")
        #expect(try previews(path).color == facts.color, "the poster is the same without a strip")
    }

    @Test("A clip that is black throughout has a poster, and nothing to be compared by")
    func blackThroughout() throws {
        let facts = try previews(
            try clip("a.mp4", "color=black:s=320x180:d=1", ["-c:v", "libx264"]), strip: true)
        #expect(facts.color.allSatisfy { $0 < 4 })
        #expect(facts.hash == nil)
    }

    @Test("A clip that was turned stands upright, in its poster and in its strip")
    func turnedClip() throws {
        let lying = try clip(
            "lying.mp4",
            "color=red:s=320x180:d=1:r=10,drawbox=x=160:y=0:w=160:h=180:c=lime:t=fill", ["-c:v", "libx264"])
        let path = scratch.path("turned.mp4")
        try tool(
            "ffmpeg", "-v", "error", "-i", lying, "-c", "copy", "-metadata:s:v", "rotate=90", "-y", path)
        let facts = try previews(path, strip: true)
        #expect(size(facts.small) == "180 × 320")
        // FFmpeg's “rotate” of 90 turns anticlockwise: what was right is at the top.
        let poster = try Pixels(decoding: scratch.path("small.jpg"))
        #expect(isClose(poster[90, 20], [0, 254, 0], within: 12))
        #expect(isClose(poster[90, 300], [254, 0, 0], within: 12))
        let strip = try Pixels(decoding: scratch.path("strip.jpg"))
        #expect(strip.width == 1800 && strip.height == 320)
        #expect(isClose(strip[990, 20], [0, 254, 0], within: 12))
        #expect(isClose(strip[990, 300], [254, 0, 0], within: 12))
    }

    /// A clip whose four fields are laid by this matrix (ISO/IEC 14496-12 §8.3.2): a, b, c and d of each ±1 or 0.
    private func laidClip(_ matrix: [Int32]) throws -> String {
        let fields = try fields(width: 320, height: 180)
        let plain = scratch.path("plain.mp4")
        try tool(
            "ffmpeg", "-v", "error", "-loop", "1", "-i", fields, "-t", "1", "-r", "10", "-c:v", "libx264",
            "-pix_fmt", "yuv420p", "-y", plain)
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: plain)))
        let name = Array("tkhd".utf8)
        let box = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
        // Behind the name: version and flags, two times, number, reserved, duration, and sixteen bytes more.
        for (place, value) in zip([0, 1, 3, 4], matrix) {
            let start = box + 44 + place * 4
            withUnsafeBytes(of: (value << 16).bigEndian) {
                bytes.replaceSubrange(start..<start + 4, with: $0)
            }
        }
        return try scratch.write(bytes, "laid.mp4")
    }

    @Test(
        "A clip that is mirrored, turned, or both, is shown as its matrix says, in its poster and in its strip",
        arguments: [[1, 0, 0, 1], [-1, 0, 0, 1], [1, 0, 0, -1], [-1, 0, 0, -1]]
            + [[0, 1, 1, 0], [0, 1, -1, 0], [0, -1, 1, 0], [0, -1, -1, 0]])
    func laid(matrix: [Int32]) throws {
        _ = try previews(try laidClip(matrix), strip: true)
        let stored: [(x: Int32, y: Int32, color: (UInt8, UInt8, UInt8))] = [
            (-1, -1, Self.red), (1, -1, Self.green), (-1, 1, Self.blue), (1, 1, Self.grey),
        ]
        let poster = try Pixels(decoding: scratch.path("small.jpg"))
        let strip = try Pixels(decoding: scratch.path("strip.jpg"))
        let frame = strip.width / 10
        for field in stored {
            // x′ = a·x + c·y and y′ = b·x + d·y, seen from the middle of the picture.
            let x = matrix[0] * field.x + matrix[2] * field.y
            let y = matrix[1] * field.x + matrix[3] * field.y
            let wanted = [Int(field.color.0), Int(field.color.1), Int(field.color.2)]
            let shown = poster[x < 0 ? 12 : poster.width - 13, y < 0 ? 12 : poster.height - 13]
            #expect(isClose(shown, wanted, within: 20), "poster by \(matrix): \(shown) and not \(wanted)")
            let inStrip = strip[frame * 5 + (x < 0 ? 12 : frame - 13), y < 0 ? 12 : strip.height - 13]
            #expect(isClose(inStrip, wanted, within: 20), "strip by \(matrix): \(inStrip) and not \(wanted)")
        }
    }

    @Test("Pixels that are not square are made so")
    func anamorphic() throws {
        let facts = try previews(
            try clip("a.mp4", "testsrc=s=360x288:d=1,setsar=16/11", ["-c:v", "libx264"]), strip: true)
        #expect(facts.small.width == 512)
        let shape = Double(facts.small.width) / Double(facts.small.height)
        #expect(abs(shape - 360.0 * 16 / 11 / 288) < 0.02)
    }

    @Test("What moved between the two fields of an interlaced frame does not show as a comb")
    func interlaced() throws {
        // A bar that stands elsewhere in every other field.
        let path = try clip(
            "a.mpg",
            "color=black:s=352x288:d=1:r=50,format=yuv420p,"
                + "geq=lum='if(between(X,40+mod(N,2)*120,100+mod(N,2)*120),235,16)':cb=128:cr=128,"
                + "tinterlace=interleave_top",
            ["-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-g", "1", "-q:v", "2"])
        _ = try previews(path)
        let poster = try Pixels(decoding: scratch.path("small.jpg"))
        let column = (40..<240).map { poster[70, $0].first ?? 0 }
        let jumps = zip(column, column.dropFirst()).map { abs($0 - $1) }
        #expect(jumps.max() ?? 255 < 60, "lines differ by \(jumps.max() ?? 255)")
    }

    @Test("A stream that is entered between keyframes shows whole frames only")
    func transportStream() throws {
        let path = try clip(
            "a.ts", "testsrc2=s=320x180:d=3:r=25",
            ["-c:v", "mpeg2video", "-g", "20", "-q:v", "3", "-f", "mpegts"])
        let facts = try previews(path, strip: true)
        #expect(facts.strip?.frames == 10)
        let strip = try Pixels(decoding: scratch.path("strip.jpg"))
        for cell in 0..<10 {
            let middle = (0..<20).map { strip[cell * 320 + 8 + $0 * 16, 90] }
            #expect(!middle.allSatisfy { isClose($0, [128, 128, 128], within: 20) }, "frame \(cell) is grey")
        }
    }

    // MARK: What is damaged

    @Test("A picture that ends early shows what there is of it, says so, and is not compared")
    func truncated() throws {
        let whole = scratch.path("whole.jpg")
        try tool("vips", "jpegsave", try fields(width: 1200, height: 800), whole, "--Q", "90")
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: whole)))
        let facts = try previews(try scratch.write(Array(bytes[..<(bytes.count * 6 / 10)]), "cut.jpg"))
        #expect(facts.damage != nil)
        #expect(facts.hash == nil)
        #expect(isClose(try Pixels(decoding: scratch.path("small.jpg"))[8, 8], [220, 30, 30], within: 10))
        let reply = try previewReply(try scratch.write(Array(bytes[..<1000]), "stump.jpg"))
        guard case .failed = reply else {
            Issue.record("of nearly nothing something was made: \(reply)")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("small.jpg")))
    }

    @Test("A picture that is lost but for the stamp in front of it shows that, and says so")
    func stamp() throws {
        let stamp = scratch.path("stamp.jpg")
        try tool("vips", "jpegsave", try fields(width: 160, height: 120), stamp, "--Q", "90", "--strip")
        let whole = scratch.path("whole.jpg")
        try tool("vips", "jpegsave", try fields(width: 1200, height: 900), whole, "--Q", "90")
        try tool("exiftool", "-q", "-overwrite_original", "-Make=Leica", "-ThumbnailImage<=\(stamp)", whole)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: whole)))
        // The frame's head is the last that comes before its pixels.
        let scan = try #require(bytes.indices.dropLast().last { bytes[$0] == 0xff && bytes[$0 + 1] == 0xda })
        let facts = try previews(try scratch.write(Array(bytes[..<(scan + 20)]), "lost.jpg"))
        #expect(size(facts.small) == "160 × 120")
        #expect(
            facts.damage?.hasSuffix("what is shown is the stamp that the camera put in front of it") == true)
        #expect(facts.hash == nil)
        #expect(isClose(try Pixels(decoding: scratch.path("small.jpg"))[8, 8], [220, 30, 30], within: 20))
    }

    @Test("Of a raw file’s previews the smallest that serves is taken, and none that shows something else")
    func smallestServing() throws {
        let (red, green) = (scratch.path("red.jpg"), scratch.path("green.jpg"))
        for (path, color, size) in [(red, Self.red, (720, 480)), (green, Self.green, (640, 480))] {
            let drawn = scratch.path("one.ppm")
            try Pixels(width: size.0, height: size.1) { _, _ in color }.write(drawn)
            try tool("vips", "jpegsave", drawn, path, "--Q", "90", "--strip")
        }
        let raw = Self.fixtures + "/desert/100LEICA/L1002340.DNG"
        let whole = try previews(raw, small: true)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: raw)))
        func with(_ jpeg: String) throws -> PreviewFacts {
            let small = Array(try Data(contentsOf: URL(fileURLWithPath: jpeg)))
            return try previews(try scratch.write(chained(small, behind: bytes), "more.dng"), small: true)
        }
        let smaller = try with(red)
        #expect(smaller.origin == .embedded)
        #expect(isClose(smaller.color.map(Int.init), [220, 30, 30], within: 8), "the smaller one serves")
        let cropped = try with(green)
        #expect(cropped.color == whole.color, "one of another shape does not")
    }

    /// A raw file with a further preview, in a directory that the first one leads to.
    private func chained(_ jpeg: [UInt8], behind raw: [UInt8]) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(value >> ($0 * 8) & 255) }
        }
        func number(_ place: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(raw[place + $1]) << ($1 * 8) }
        }
        var bytes = raw + (raw.count % 2 == 0 ? [] : [0])
        let place = bytes.count
        bytes += jpeg + (jpeg.count % 2 == 0 ? [] : [0])
        let directory = bytes.count
        let entries = [(254, 4, 1), (259, 3, 7), (273, 4, place), (279, 4, jpeg.count)]
        bytes += little(entries.count, 2)
        for (tag, type, value) in entries {
            bytes += little(tag, 2) + little(type, 2) + little(1, 4) + little(value, 4)
        }
        bytes += little(0, 4)
        let first = number(4, 4)
        bytes.replaceSubrange(
            first + 2 + number(first, 2) * 12..<first + 6 + number(first, 2) * 12, with: little(directory, 4))
        return bytes
    }

    @Test("Why a picture cannot be made is said in plain words")
    func plainWords() throws {
        let picture = scratch.path("a.png")
        try tool("vips", "pngsave", try fields(width: 60, height: 40), picture)
        var png = Array(try Data(contentsOf: URL(fileURLWithPath: picture)))
        png[17] ^= 1
        let heic = Array(
            try Data(contentsOf: URL(fileURLWithPath: Self.fixtures + "/rancho/stills/the-house.heic")))
        let damaged: [(String, [UInt8])] = [
            ("a.jpg", [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2]), ("a.png", png), ("b.png", Array(png[..<30])),
            ("a.heic", Array(heic[..<200])), ("a.tif", Array("II*\0\u{10}\0\0\0".utf8)),
        ]
        for (name, bytes) in damaged {
            guard case .failed(let reason) = try previewReply(try scratch.write(bytes, name)) else {
                Issue.record("of \(name) something was made")
                continue
            }
            for word in ["vips", "heif:", "png:", "libpng", "magick", "CRC", "marker", "(2."] {
                #expect(!reason.lowercased().contains(word.lowercased()), "\(name): \(reason)")
            }
        }
    }

    @Test("Files that were damaged at random give an answer each", arguments: 0..<4)
    func random(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed) &+ 1)
        let sources = [
            "desert/100LEICA/L1002340.DNG", "desert/100EOS5D/IMG_4118.TIF", "rancho/stills/the-house.heic",
            "rancho/stills/pilot-light.avif", "rancho/film/A001C001.MOV", "desert/100EOS5D/IMG_4124.JPG",
            "rancho/film/RDL_0003.MXF", "rancho/stills/microphone.webp",
        ]
        for (index, source) in sources.enumerated() {
            var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: Self.fixtures + "/" + source)))
            for _ in 0..<40 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            let path = try scratch.write(bytes, "random\(index)")
            // Through a worker's life as it is in the program: one that dies is no failure of the others.
            _ = try? previewReply(path, strip: true)
        }
        #expect(try previews(Self.fixtures + "/desert/100LEICA/L1002338.JPG").hash != nil, "seed \(seed)")
    }

    @Test("What lies where a preview is to go is left alone")
    func inTheWay() throws {
        let there = try scratch.write(Array("mine".utf8), "there.jpg")
        let order = PreviewOrder(
            source: Array((Self.fixtures + "/desert/100LEICA/L1002338.JPG").utf8), small: Array(there.utf8))
        guard case .failed(let reason) = try ask([.preview(order)]).first else {
            Issue.record("it was overwritten")
            return
        }
        #expect(reason.contains("exists already"))
        #expect(try String(contentsOfFile: there, encoding: .utf8) == "mine")
    }

    // MARK: Likeness

    /// What is done to a picture, as arguments of the `vips` tool, and how far its hash may move.
    static let changes: [(name: String, steps: [[String]], most: Int)] = [
        ("half the size", [["resize", "IN", "OUT.jpg[Q=85]", "0.5"]], 2),
        ("a third of the size", [["resize", "IN", "OUT.jpg[Q=85]", "0.33"]], 4),
        ("coded coarsely", [["copy", "IN", "OUT.jpg[Q=25]"]], 4),
        ("half a stop darker", [["linear", "IN", "OUT.jpg", "0.7", "0", "--uchar"]], 4),
        ("in grey", [["colourspace", "IN", "OUT.jpg", "b-w"]], 4),
        ("cropped by 2 %", [["crop", "IN", "OUT.jpg", "9", "6", "882", "588"]], 6),
        ("cropped by 5 %", [["crop", "IN", "OUT.jpg", "22", "15", "855", "570"]], 10),
    ]

    @Test("What does not change a picture to the eye hardly changes its hash", arguments: changes.indices)
    func invariance(_ index: Int) throws {
        let change = Self.changes[index]
        let pictures = [
            "desert/100EOS5D/IMG_4117.JPG", "desert/100EOS5D/IMG_4126.JPG", "desert/100LEICA/L1002338.JPG",
            "desert/101LEICA/L1002347.JPG", "rancho/stills/L1000871.JPG",
            "royal-albert-hall/DCIM/100MSDCF/DSC04131.JPG", "royal-albert-hall/DCIM/100MSDCF/DSC04177.JPG",
        ]
        for picture in pictures {
            let source = Self.fixtures + "/" + picture
            let out = scratch.path("changed")
            for step in change.steps {
                let words = step.map { $0.replacing("IN", with: source).replacing("OUT", with: out) }
                let outcome = try run("/usr/bin/env", ["vips"] + words)
                guard outcome.status == 0 else { throw ToolFailure(description: outcome.errors) }
            }
            let moved = try distance(try previews(source), try previews(out + ".jpg"))
            #expect(moved <= change.most, "\(picture), \(change.name): \(moved)")
        }
    }

    @Test("Different pictures are far apart")
    func separation() throws {
        let pictures = [
            "desert/100EOS5D/IMG_4117.JPG", "desert/100EOS5D/IMG_4120.JPG", "desert/100EOS5D/IMG_4124.JPG",
            "desert/100EOS5D/IMG_4126.JPG", "desert/100EOS5D/IMG_4130.JPG", "desert/100LEICA/L1002338.JPG",
            "desert/100LEICA/L1002339.JPG", "desert/101LEICA/L1002348.JPG", "rancho/stills/L1000871.JPG",
            "rancho/stills/the-house.heic", "rancho/stills/microphone.webp", "rancho/stills/take-eleven.png",
            "royal-albert-hall/DCIM/100MSDCF/DSC04104.JPG", "royal-albert-hall/DCIM/100MSDCF/DSC04136.JPG",
            "royal-albert-hall/DCIM/100MSDCF/DSC04177.JPG",
        ]
        let facts = try pictures.map { try previews(Self.fixtures + "/" + $0) }
        for (index, one) in facts.enumerated() {
            for (other, name) in zip(facts[..<index], pictures) {
                let apart = try distance(one, other)
                #expect(apart > 14, "\(pictures[index]) and \(name): \(apart)")
            }
        }
    }
}
