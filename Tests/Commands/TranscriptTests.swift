import Foundation
import Testing

/// What a person types, and every character that comes back: `Transcripts/*.txt`.
///
/// A line that begins with `$ ` is run by a shell in a fresh folder, and what follows is what it wrote to both streams,
/// with `[exit N]` behind it when the code was not 0. `RECORD=1` writes the files anew, and fails, so that recording
/// is never mistaken for passing.
@Suite("Transcripts")
struct TranscriptTests {
    private static let folder = Shell.package.appending(path: "Tests/Commands/Transcripts")

    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []).filter {
            $0.hasSuffix(".txt")
        }
        .sorted()

    @Test("There are transcripts")
    func present() {
        #expect(Self.names.count >= 5)
    }

    @Test("What is typed gives what is written", arguments: names)
    func transcript(name: String) throws {
        let file = Self.folder.appending(path: name)
        let expected = try String(contentsOf: file, encoding: .utf8)
        let shell = try Shell(shoots: ["desert", "rancho", "royal-albert-hall"])
        var found = ""
        for line in expected.split(separator: "\n", omittingEmptySubsequences: false) {
            // Remarks keep their place; output is made anew.
            if line.hasPrefix("# ") { found += (found.isEmpty ? "" : "\n") + line + "\n" }
            guard line.hasPrefix("$ ") else { continue }
            let result = try shell.run(String(line.dropFirst(2)), mixed: true)
            found += "\(line)\n" + Self.steady(result.output, shell)
            if !found.hasSuffix("\n") { found += "\n" }
            if result.code != 0 { found += "[exit \(result.code)]\n" }
        }
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try found.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("\(name) was recorded: look at the difference, and run without RECORD")
            return
        }
        let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let got = found.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, pair) in zip(wanted, got).enumerated() where pair.0 != pair.1 {
            Issue.record("\(name), line \(index + 1)\nexpected: \(pair.0)\nfound:    \(pair.1)")
            return
        }
        #expect(wanted.count == got.count, "\(name) has another number of lines")
    }

    /// The output without what is another every day: the folder, today, how long it took.
    private static func steady(_ text: String, _ shell: Shell) -> String {
        let parts = Calendar(identifier: .gregorian).dateComponents(in: .gmt, from: Date())
        let (year, month, day) = (parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        let today = String(format: "%04d-%02d-%02d", year, month, day)
        return
            text
            .replacing(shell.folder.path(), with: "DIR")
            .replacing("\(day) \(months[month - 1]) \(year)", with: "TODAY")
            .replacing(/\b20[0-9]{2}-[01][0-9]-[0-3][0-9][ T-][0-9:]{6,8}Z?/) {
                $0.output.hasPrefix(today) ? "TODAY" : $0.output
            }
            .replacing(today, with: "TODAY")
            .replacing(/TODAY, [0-9]{2}:[0-9]{2}/, with: "TODAY, TIME")
            .replacing("\(year)-00", with: "YEAR-00")
            .replacing(/\bin (less than )?[0-9.]+ s\b/, with: "in TIME")
            .replacing(/[0-9.]+ [kM]B(?=, (checked|written and verified|to ))/, with: "SIZE")
            .replacing(
                /[B-DF-HJ-NP-TV-Z][2-9B-DF-HJ-NP-TV-Z]{3}-[2-9B-DF-HJ-NP-TV-Z]{4}/, with: "CODE-CODE"
            )
            .replacing(/p[0-9a-f]{6}/, with: "pCHECK")
            .replacing(/seal(":"| +)[0-9a-f]{64}/) { "seal\($0.output.1)DIGEST" }
            .replacing(/"seconds":[0-9.e-]+/, with: "\"seconds\":TIME")
    }
}
