import Foundation
import Glibc
import MediaProtocol
import Testing

/// A folder of its own for one test; it goes with the test.
final class Scratch {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "/valhalla-media-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ bytes: [UInt8], _ name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }
}

/// What a program said, and how it ended.
struct Outcome {
    let status: Int32
    let output: [UInt8]
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
}

/// A program could not be used as a test needs it.
struct ToolFailure: Error {
    let description: String
}

/// Runs a program to its end.
///
/// Its input and output are closed at exec from their first moment, so that nothing another test starts meanwhile can
/// hold them open.
func run(_ program: String, _ arguments: [String], input: [UInt8] = []) throws -> Outcome {
    let errors = NSTemporaryDirectory() + "/valhalla-media-\(UUID().uuidString).errors"
    defer { unlink(errors) }
    var (stdin, stdout): ([Int32], [Int32]) = ([0, 0], [0, 0])
    // Sockets, as the program itself gives its workers.
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &stdin) == 0, socketpair(AF_UNIX, kind, 0, &stdout) == 0 else {
        throw ToolFailure(description: "no sockets")
    }
    // All of the input is written before any output is read, so it has to fit into the socket.
    guard input.count < 100_000 else {
        throw ToolFailure(description: "\(input.count) bytes are too much input")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, stdin[0], 0)
    posix_spawn_file_actions_adddup2(&actions, stdout[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, program, &actions, nil, &words, environ)
    close(stdin[0])
    close(stdout[1])
    defer { close(stdout[0]) }
    guard code == 0 else {
        close(stdin[1])
        throw ToolFailure(description: "\(program): \(String(cString: strerror(code)))")
    }
    _ = input.withUnsafeBytes { write(stdin[1], $0.baseAddress, $0.count) }
    close(stdin[1])
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = Glibc.read(stdout[0], &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { break }
        output += chunk[..<count]
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    // As a shell says it: the exit code, or 128 and the signal.
    let signal = status & 0x7f
    return Outcome(
        status: signal == 0 ? status >> 8 & 0xff : 128 + signal,
        output: output,
        errors: (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
    )
}

/// Runs one of the tools that make and check test files; they must succeed.
@discardableResult
func tool(_ name: String, _ arguments: String...) throws -> String {
    let outcome = try run("/usr/bin/env", [name] + arguments)
    guard outcome.status == 0 else {
        throw ToolFailure(description: "\(name) \(arguments): \(outcome.errors)")
    }
    return outcome.text
}

/// The worker that was built beside the tests.
let worker =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    .map { ($0 as NSString).deletingLastPathComponent + "/valhalla-media" } ?? ""

/// The worker's replies to these requests, in a process of its own.
func ask(_ requests: [Request], memory: String = "2GiB") throws -> [Reply] {
    let lines = requests.flatMap { $0.line() + [UInt8(ascii: "\n")] }
    let outcome = try run(worker, ["--memory-limit", memory], input: lines)
    #expect(outcome.status == 0, "the worker died")
    return try outcome.output.split(separator: UInt8(ascii: "\n")).map { try Reply(line: $0) }
}

func read(_ path: String) throws -> Reply {
    try #require(try ask([.read(path: Array(path.utf8))]).first)
}

func reading(_ path: String) throws -> Reading {
    let reply = try read(path)
    guard case .reading(let reading) = reply else { throw ToolFailure(description: "\(reply)") }
    return reading
}

func inspect(_ path: String) throws -> [MetadataItem] {
    let reply = try #require(try ask([.inspect(path: Array(path.utf8))]).first)
    guard case .inspected(let items) = reply else { throw ToolFailure(description: "\(reply)") }
    return items
}

func render(
    _ source: String,
    _ destination: String,
    longEdge: Int? = nil,
    quality: Int = 95,
    metadata: PublicMetadata = PublicMetadata(),
    memory: String = "2GiB"
) throws -> Reply {
    let rendition = Rendition(
        source: Array(source.utf8),
        destination: Array(destination.utf8),
        longEdge: longEdge,
        quality: quality,
        metadata: metadata
    )
    return try #require(try ask([.render(rendition)], memory: memory).first)
}

/// The reason of a reply that should be a failure.
func reason(_ reply: Reply) throws -> String {
    guard case .failed(let reason) = reply else { throw ToolFailure(description: "no failure: \(reply)") }
    return reason
}

/// A picture of pixels, as PPM holds it: the plainest file there is.
struct Pixels {
    let width: Int
    let height: Int
    var bytes: [UInt8]

    init(width: Int, height: Int, _ color: (_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8)) {
        self.width = width
        self.height = height
        bytes = []
        for y in 0..<height {
            for x in 0..<width {
                let (red, green, blue) = color(x, y)
                bytes += [red, green, blue]
            }
        }
    }

    /// Decodes any picture with the `vips` tool, without turning it.
    init(decoding path: String) throws {
        let ppm = path + ".decoded.ppm"
        try tool("vips", "copy", path, ppm)
        let content = Array(try Data(contentsOf: URL(fileURLWithPath: ppm)))
        var fields: [Int] = []
        var place = 2
        while fields.count < 3, place < content.count {
            if content[place] == UInt8(ascii: "#") {
                while content[place] != 0x0a { place += 1 }
            } else if (0x30...0x39).contains(content[place]) {
                var number = 0
                while (0x30...0x39).contains(content[place]) {
                    number = number * 10 + Int(content[place] - 0x30)
                    place += 1
                }
                fields.append(number)
            } else {
                place += 1
            }
        }
        guard content.starts(with: "P6".utf8), fields.count == 3, fields[2] == 255 else {
            throw ToolFailure(description: "\(path) is not three bands of 8 bits")
        }
        (width, height, bytes) = (fields[0], fields[1], Array(content[(place + 1)...]))
    }

    /// The colour at a place; nothing for a place outside, so that a wrong size fails a test and does not end it.
    subscript(x: Int, y: Int) -> [Int] {
        guard x < width, y < height else { return [] }
        return (0..<3).map { Int(bytes[(y * width + x) * 3 + $0]) }
    }

    func write(_ path: String) throws {
        let header = Array("P6\n\(width) \(height)\n255\n".utf8)
        try Data(header + bytes).write(to: URL(fileURLWithPath: path))
    }
}

/// True when two colours differ by no more than coding does.
func isClose(_ one: [Int], _ other: [Int], within tolerance: Int = 4) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) <= tolerance }
}
