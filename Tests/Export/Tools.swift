import Foundation
import Testing

/// Programs from outside: they draw what the tests export, and give second opinions on what was written.
enum Tool {
    struct Outcome {
        let code: Int32
        let text: String
    }

    static func isThere(_ name: String) -> Bool { path(of: name) != nil }

    private static func path(of name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    @discardableResult
    static func run(_ name: String, _ arguments: String...) throws -> Outcome { try run(name, arguments) }

    @discardableResult
    static func run(_ name: String, _ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path(of: name), "\(name) is not installed"))
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(code: process.terminationStatus, text: String(decoding: bytes, as: UTF8.self))
    }
}

/// A folder of a test's own, gone when the test ends.
final class Scratch {
    let folder: URL

    init(_ name: String = UUID().uuidString) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString)")
            .appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }

    func path(_ name: String) -> String { folder.path() + "/" + name }

    /// Everything below, by path.
    func contents() -> [String] {
        (FileManager.default.enumerator(atPath: folder.path())?.compactMap { $0 as? String } ?? []).sorted()
    }
}
