import Chance
import Foundation
import MediaProtocol
import Testing

@Suite("Files that are damaged, hostile, or none of ours")
struct HostileTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func clip(_ name: String, _ more: String...) throws -> String {
        let path = scratch.path(name)
        let source = ["-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x180:d=2", "-c:v", "libx264"]
        let outcome = try run("/usr/bin/env", ["ffmpeg"] + source + more + ["-y", path])
        guard outcome.status == 0 else { throw ToolFailure(description: outcome.errors) }
        return path
    }

    private func shorten(_ path: String, by part: Double) throws {
        let content = try Data(contentsOf: URL(fileURLWithPath: path))
        try content.prefix(Int(Double(content.count) * part)).write(to: URL(fileURLWithPath: path))
    }

    @Test("A clip that was cut off before its index says so")
    func cutBeforeIndex() throws {
        let path = try clip("a.mp4")
        try shorten(path, by: 0.5)
        #expect(try reason(try read(path)).contains("moov"))
    }

    @Test("A clip that was cut off behind its index is read, and its damage named")
    func cutBehindIndex() throws {
        let path = try clip("a.mp4", "-movflags", "+faststart")
        try shorten(path, by: 0.7)
        let found = try reading(path)
        #expect(found.codec == "h264")
        #expect(found.damage?.contains("bytes before it should") == true)
        #expect(try reading(try clip("b.mp4", "-movflags", "+faststart")).damage == nil)
    }

    @Test("A playlist that calls itself a clip opens no other file")
    func playlists() throws {
        let clip = try clip("inner.mp4")
        let playlists = [
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n\(clip)\n#EXT-X-ENDLIST\n",
            "ffconcat version 1.0\nfile '\(clip)'\n",
            "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"></MPD>",
            "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        ]
        for (index, text) in playlists.enumerated() {
            let path = try scratch.write(Array(text.utf8), "hostile\(index).mp4")
            _ = try reason(try read(path))
            _ = try reason(try render(path, scratch.path("\(index).jpg")))
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("0.jpg")))
    }

    @Test("A name that looks like an address is a name")
    func address() throws {
        let path = try clip("concat:a|b.mp4")
        #expect(try reading(path).codec == "h264")
    }

    @Test("A still picture is no clip of one frame", arguments: ["png", "jpg", "gif", "tif", "bmp"])
    func stills(_ ending: String) throws {
        let still = scratch.path("a.\(ending)")
        try tool("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1", still)
        let path = scratch.path("b.mov")
        try FileManager.default.moveItem(atPath: still, toPath: path)
        _ = try reason(try read(path))
    }

    @Test("What is no regular file is refused, and does not hold the worker up")
    func special() throws {
        let fifo = scratch.path("a.mp4")
        #expect(mkfifo(fifo, 0o600) == 0)
        #expect(try reason(try read(fifo)) == "is not a regular file")
        #expect(try reason(try read(scratch.folder)) == "is not a regular file")
        #expect(try reason(try read(scratch.path("missing"))).contains("No such file"))
        #expect(try reason(try read(try scratch.write([], "empty.mp4"))) == "the file is empty")
        #expect(
            try reason(try read(try scratch.write(Array("hello\n".utf8), "text.mp4"))).contains(
                "cannot be opened"
            )
        )
    }

    @Test("A request that cannot be understood is answered, and the next one served")
    func nonsense() throws {
        let outcome = try run(
            worker,
            [],
            input: Array("nonsense\n{\"read\":{}}\n{\"read\":{\"path\":\"/\"}}".utf8)
        )
        #expect(outcome.status == 0)
        let lines = outcome.text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.hasPrefix("{\"failed\":") })
    }

    @Test("Clips with bytes changed at random are answered one for one")
    func mutations() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var generator = SeededRandom(seed: seed)
        var requests: [Request] = []
        for name in ["a.mp4", "a.mkv", "a.avi", "a.ts", "a.mxf"] {
            let original = Array(
                try Data(contentsOf: URL(fileURLWithPath: try clip(name, "-t", "0.2", "-r", "25")))
            )
            for round in 0..<30 {
                var bytes = original
                for _ in 0..<Int.random(in: 1...40, using: &generator) {
                    // The head matters most.
                    let reach = Bool.random(using: &generator) ? min(2000, bytes.count) : bytes.count
                    bytes[Int.random(in: 0..<reach, using: &generator)] = UInt8.random(
                        in: 0...255,
                        using: &generator
                    )
                }
                let path = try scratch.write(bytes, "\(round)-\(name)")
                requests.append(.read(path: Array(path.utf8)))
                requests.append(.inspect(path: Array(path.utf8)))
            }
        }
        #expect(try ask(requests).count == requests.count)
    }

    @Test("A picture that would fill the memory fails, and the worker lives")
    func bomb() throws {
        let path = scratch.path("bomb.png")
        // Interlaced, so that a decoder wants all of its 1.2 GB at once; it is 1 MB on disk.
        try tool("vips", "black", scratch.path("black.v"), "20000", "20000", "--bands", "3")
        try tool("vips", "pngsave", scratch.path("black.v"), path, "--interlace", "--compression", "9")
        try FileManager.default.removeItem(atPath: scratch.path("black.v"))
        let good = scratch.path("good.ppm")
        try Pixels(width: 32, height: 32) { _, _ in (10, 20, 30) }.write(good)
        try tool("vips", "copy", good, scratch.path("good.png"))
        let requests = ["bomb.png", "good.png"].map { name in
            Request.render(
                Rendition(
                    source: Array(scratch.path(name).utf8),
                    destination: Array(scratch.path(name + ".jpg").utf8),
                    longEdge: 1024,
                    quality: 80,
                    metadata: PublicMetadata()
                )
            )
        }
        let replies = try ask(requests, memory: "768MiB")
        #expect(replies.count == 2)
        _ = try reason(try #require(replies.first))
        #expect(replies.last == .rendered(width: 32, height: 32))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("bomb.png.jpg")))
    }

    @Test("A JPEG that claims to be huge and is empty fails")
    func emptyGiant() throws {
        let small = scratch.path("a.jpg")
        try Pixels(width: 16, height: 16) { _, _ in (1, 2, 3) }.write(scratch.path("a.ppm"))
        try tool("vips", "jpegsave", scratch.path("a.ppm"), small)
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: small)))
        let frame = try #require(
            bytes.indices.dropLast().first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xc0 }
        )
        bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xff, 0xdc, 0xff, 0xdc])
        let path = try scratch.write(bytes, "giant.jpg")
        _ = try reason(try render(path, scratch.path("out.jpg")))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("out.jpg")))
    }
}
