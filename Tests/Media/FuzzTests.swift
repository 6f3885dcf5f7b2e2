import Chance
import Foundation
import MediaProtocol
import Testing

@Suite("Clips of every container, damaged at random")
struct FuzzTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private static let drawings: [(name: String, options: [String])] = [
        ("a.mp4", ["-c:v", "libx264", "-c:a", "aac"]),
        ("b.mp4", ["-c:v", "libx264", "-movflags", "frag_keyframe+empty_moov"]),
        ("a.mov", ["-c:v", "prores_ks", "-timecode", "01:00:00:00"]),
        ("b.mov", ["-c:v", "mjpeg", "-c:a", "pcm_s24le"]),
        ("a.mkv", ["-c:v", "libx264"]), ("a.webm", ["-c:v", "libvpx", "-c:a", "libopus"]),
        ("a.avi", ["-c:v", "mpeg4", "-c:a", "mp3"]),
        ("b.avi", ["-c:v", "dvvideo", "-s", "720x576", "-pix_fmt", "yuv420p"]),
        ("a.mxf", ["-c:v", "mpeg2video", "-timecode", "01:00:00:00"]), ("a.ts", ["-c:v", "libx264"]),
        ("a.m2ts", ["-c:v", "libx264", "-c:a", "ac3", "-mpegts_m2ts_mode", "1"]),
        ("a.mpg", ["-c:v", "mpeg2video", "-c:a", "mp2"]),
        ("a.dv", ["-an", "-c:v", "dvvideo", "-s", "720x576", "-pix_fmt", "yuv420p"]),
        ("a.wmv", ["-c:v", "wmv2", "-c:a", "wmav2"]),
        ("a.flv", ["-c:v", "flv", "-an"]), ("a.ogv", ["-c:v", "libtheora", "-c:a", "libvorbis"]),
        ("a.wav", ["-vn", "-write_bext", "1", "-metadata", "description=sSPEED=025.000-ND"]),
        ("a.aiff", ["-vn"]),
        ("a.flac", ["-vn"]), ("a.mp3", ["-vn", "-metadata", "title=T"]), ("a.m4a", ["-vn", "-c:a", "aac"]),
        ("a.caf", ["-vn", "-c:a", "pcm_s16le"]),
    ]

    /// The bytes of a drawn clip of each container.
    private func originals() throws -> [(name: String, bytes: [UInt8])] {
        try FuzzTests.drawings.map { drawing in
            let path = scratch.path(drawing.name)
            let source = [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=96x64:r=25:d=0.2", "-f", "lavfi", "-i",
                "sine=r=48000:d=0.2", "-shortest", "-strict", "-1",
            ]
            let outcome = try run("/usr/bin/env", ["ffmpeg"] + source + drawing.options + ["-y", path])
            guard outcome.status == 0 else { throw ToolFailure(description: drawing.name + outcome.errors) }
            return (drawing.name, Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        }
    }

    /// Bytes changed, a piece cut out or put in twice, the end missing, numbers made huge.
    private func damaged(_ original: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...12, using: &random) where bytes.count > 16 {
            // The head matters most.
            let reach = Bool.random(using: &random) ? min(1500, bytes.count) : bytes.count
            let place = Int.random(in: 0..<reach - 8, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 2: bytes.replaceSubrange(place..<place + 4, with: [0xFF, 0xFF, 0xFF, 0xFF])
            case 3: bytes.replaceSubrange(place..<place + 4, with: [0x7F, 0xFF, 0xFF, 0xF0])
            case 4:
                let end = min(bytes.count, place + Int.random(in: 1...64, using: &random))
                if Bool.random(using: &random) {
                    bytes.removeSubrange(place..<end)
                } else {
                    bytes.insert(contentsOf: bytes[place..<end], at: place)
                }
            default: bytes.removeLast(Int.random(in: 0...bytes.count / 2, using: &random))
            }
        }
        return bytes
    }

    @Test("are answered one for one, within the worker's memory", .timeLimit(.minutes(5)))
    func damage() throws {
        // VALHALLA_FUZZ_ROUNDS=500 is a longer campaign; VALHALLA_FUZZ_SEED repeats one.
        let environment = ProcessInfo.processInfo.environment
        let seed =
            environment["VALHALLA_FUZZ_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
        let rounds = environment["VALHALLA_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 12
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        for original in try originals() {
            let requests = try (0..<rounds).map { round in
                let bytes = damaged(original.bytes, &random)
                return Request.read(path: Array(try scratch.write(bytes, "\(round)-\(original.name)").utf8))
            }
            for batch in stride(from: 0, to: rounds, by: 50) {
                let some = Array(requests[batch..<min(rounds, batch + 50)])
                #expect(try ask(some, memory: "1GiB").count == some.count, "\(original.name), seed \(seed)")
            }
        }
    }
}
