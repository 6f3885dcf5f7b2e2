import Files
import Foundation
import Synchronization

/// Tiny clips drawn by FFmpeg, each once: a second and more of one colour, with timecode and a clock.
enum DrawnClip {
    private static let drawn = Mutex<[String: [UInt8]]>([:])

    /// A clip of so many seconds that begins `at` seconds after ten o'clock, by its timecode and its clock.
    static func clip(_ container: String = "mp4", at second: Int = 0, seconds: Int = 2, color: String = "red")
        throws -> Tree.Node
    {
        let key = "\(container) \(second) \(seconds) \(color)"
        if let known = drawn.withLock({ $0[key] }) { return .file(known) }
        let clock = String(format: "10:%02d:%02d", second / 60, second % 60)
        let folder = try Scratch()
        let file = folder.path("clip").text ?? ""
        let codec = ["mxf": "mpeg2video", "mpegts": "mpeg2video"][container] ?? "mpeg4"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i"]
            + ["color=c=\(color):s=64x36:r=25:d=\(seconds)", "-c:v", codec, "-timecode", "\(clock):00"]
            + ["-metadata", "creation_time=2023-05-01T\(clock)Z", "-f", container, file]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        drawn.withLock { $0[key] = bytes }
        return .file(bytes)
    }
}
