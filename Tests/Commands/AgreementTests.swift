import Foundation
import Testing

/// What is read of the fixtures, beside ExifTool: the comparison that `make agreement` makes of any folder.
@Suite("The agreement with the peers")
struct AgreementTests {
    @Test("finds no field of the fixtures' stills in which the reader differs or is silent")
    func fixtures() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", root.appending(path: "Benchmarks/agreement").path(percentEncoded: false),
            Bundle.main.bundleURL.path(percentEncoded: false),
            root.appending(path: "Fixtures").path(percentEncoded: false),
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        // The first table is the stills': agreed, argued, differing, ours alone, theirs alone, and the share.
        let all = try #require(text.split(separator: "\n").first { $0.hasPrefix("  all") })
        let counts = all.split(separator: " ").dropFirst().prefix(5).compactMap { Int($0) }
        #expect(counts.count == 5 && counts[0] > 600, "\(text)")
        #expect(Array(counts.dropFirst()) == [0, 0, 0, 0], "\(text)")
    }
}
