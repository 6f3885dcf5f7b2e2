import Foundation

/// A fresh folder with the three fixture shoots in it, and a shell in which `valhalla` is the program just built.
final class Shell {
    let folder: URL

    static let programs = Bundle.main.bundleURL
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()

    init(shoots: [String] = []) throws {
        let name = "valhalla-commands-\(UUID().uuidString.prefix(8))"
        folder = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for shoot in shoots {
            try FileManager.default.copyItem(
                at: Shell.package.appending(path: "Fixtures/\(shoot)"),
                to: folder.appending(path: shoot)
            )
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// What a command wrote, and its exit code.
    struct Result {
        let output: String
        let errors: String
        let code: Int32
    }

    /// Runs a line of shell; `mixed` puts both streams into one, as a person sees them.
    func run(_ line: String, mixed: Bool = false, environment more: [String: String] = [:]) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder
        process.environment = [
            "PATH": Shell.programs.path() + ":/usr/local/bin:/usr/bin:/bin", "HOME": folder.path(),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8", "VALHALLA_PERSON": "Andreas Neumann",
        ].merging(more) { $1 }
        process.standardInput = FileHandle.nullDevice
        let (out, err) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = mixed ? out : err
        // Both at once, or a program that fills one pipe while the other is read would wait for ever.
        let reader = Reading(err.fileHandleForReading)
        try process.run()
        if mixed { try err.fileHandleForWriting.close() }
        let output = try out.fileHandleForReading.readToEnd() ?? Data()
        let errors = reader.end()
        process.waitUntilExit()
        return Result(
            output: String(decoding: output, as: UTF8.self),
            errors: String(decoding: errors, as: UTF8.self),
            code: process.terminationReason == .uncaughtSignal
                ? 128 + process.terminationStatus : process.terminationStatus
        )
    }
}

/// Reads a pipe to its end on a thread of its own.
private final class Reading: @unchecked Sendable {
    // Unchecked: the data is written before the signal and read behind it.
    private let done = DispatchSemaphore(value: 0)
    private var data = Data()

    init(_ handle: FileHandle) {
        Thread {
            self.data = (try? handle.readToEnd()) ?? Data()
            self.done.signal()
        }
        .start()
    }

    func end() -> Data {
        done.wait()
        return data
    }
}
