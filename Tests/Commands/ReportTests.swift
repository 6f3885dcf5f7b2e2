import Foundation
import Testing

@Suite("What is written about what left")
struct ReportTests {
    static let hasTools = ["qpdf", "pdftotext"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }

    /// An archive of which one selection went to two recipients, under different names.
    private func archive() throws -> Shell {
        let shell = try Shell(shoots: ["desert"])
        for line in [
            "valhalla init -q", "valhalla import desert --session CANARYSESSION -q",
            "valhalla artists add 'Josh Homme' -q",
            "valhalla clear all --for exhibit,press --by 'Josh Homme' --despite-words -q -y",
            "valhalla select new CANARYWALL title:figure -q",
            "valhalla select new CANARYOTHER title:ridge -q",
            "valhalla export CANARYWALL --preset exhibit --to a --recipient 'Institute of Arts' -q",
            "valhalla export CANARYOTHER --preset exhibit --to b --recipient 'Le Monde' --purpose press -q",
            "valhalla hold id:f3fa3f2 --reason CANARYREASON --by CANARYHOLDER -q",
        ] { _ = try shell.run(line) }
        return shell
    }

    private func text(_ shell: Shell, _ pdf: String) throws -> String {
        try #require(try shell.run("qpdf --check \(pdf)").code == 0)
        return try shell.run("pdftotext -layout \(pdf) -").output
    }

    @Test("A letter has nothing of another recipient, of the archive or of why", .enabled(if: hasTools))
    func leaks() throws {
        let shell = try archive()
        let asked = try shell.run("valhalla recall f3fa3f2 --to letters -q --as CANARYUSER")
        #expect(asked.code == 0, "\(asked.errors)")
        let year = Calendar(identifier: .gregorian).component(.year, from: Date())
        let found = try shell.run("ls letters").output.split(separator: "\n").map(String.init)
        #expect(found.count == 4)
        // By a code that tells nothing, and not by a count.
        let code = /(R-[A-Z0-9]{4}-[A-Z0-9]{4})-(institute-of-arts|le-monde)\.(pdf|txt)/
        var codes: [String: String] = [:]
        for file in found {
            let match = try #require(file.wholeMatch(of: code), "\(file)")
            codes[String(match.2)] = String(match.1)
        }
        let (institute, monde) = (codes["institute-of-arts"] ?? "", codes["le-monde"] ?? "")
        #expect(institute != monde)
        for (name, own, other) in [
            (
                "\(institute)-institute-of-arts", ["Institute of Arts", "\(year)-0001", institute],
                ["Monde", monde, "\(year)-0002"]
            ),
            (
                "\(monde)-le-monde", ["Le Monde", "\(year)-0002", monde],
                ["Institute", institute, "\(year)-0001"]
            ),
        ] {
            let plain = try shell.run("qpdf --qdf --object-streams=disable letters/\(name).pdf -").output
            for text in [
                try text(shell, "letters/\(name).pdf"), try shell.run("cat letters/\(name).txt").output,
            ] {
                for word in own + ["Andreas Neumann"] {
                    #expect(text.contains(word), "\(name) lacks \(word)")
                }
                for word in other + ["CANARY", "f3fa3f2", "desert", shell.folder.path()] {
                    #expect(!text.contains(word), "\(name) has \(word)")
                    #expect(!plain.contains(word), "\(name).pdf has \(word)")
                }
                // The digests tell a file of this delivery from that of another, and stand whole.
                #expect(text.contains(/[0-9a-f]{64}/))
            }
        }
    }

    @Test("What a recipient reads of the last day is what the house reads, wherever it is")
    func lastDay() throws {
        let shell = try Shell(shoots: ["desert"])
        for zone in ["Europe/Berlin", "America/Los_Angeles", "UTC"] {
            let folder = zone.replacing("/", with: "-")
            for line in [
                "valhalla init \(folder) -q", "valhalla import desert --session Desert -q",
                "valhalla artists add 'Josh Homme' -q",
                "valhalla clear all --for exhibit --by 'Josh Homme' --despite-words --until 2217-01-31 -q -y",
                "valhalla restrict id:f3fa3f2 --not-in DE --by 'Josh Homme' -q -y",
                "valhalla select new Wall title:figure -q",
                "valhalla export Wall --preset exhibit --to out-\(folder) --recipient 'Institute of Arts' --territory CA -q",
            ] {
                let result = try shell.run(
                    line, environment: ["TZ": zone, "VALHALLA_ARCHIVE": shell.folder.path() + "/" + folder])
                try #require(result.code == 0, "\(line): \(result.errors)")
            }
            let table = try shell.run("cat out-\(folder)/Wall/data/checklist.csv").output
            #expect(table.contains("Not in DE. Until 31 January 2217"), "\(zone): \(table)")
            let rights = try shell.run(
                "valhalla show f3fa3f2 --rights --territory CA",
                environment: ["TZ": zone, "VALHALLA_ARCHIVE": shell.folder.path() + "/" + folder]
            ).output
            #expect(rights.contains("until 31 January 2217"), "\(zone): \(rights)")
            #expect(rights.contains("It must not be shown in DE."), "\(rights)")
        }
    }

    @Test("A report says NOT CLEARED on every page, adds up, and names every item", .enabled(if: hasTools))
    func report() throws {
        let shell = try archive()
        _ = try shell.run("valhalla previews build -q")
        #expect(
            try shell.run("valhalla clearance report all --pdf r.pdf --csv r.csv --on 2030-01-01 -q").code
                == 0)
        let sheets = try text(shell, "r.pdf").split(separator: "\u{0C}")
        #expect(sheets.count > 3)
        for sheet in sheets { #expect(sheet.contains("NOT CLEARED · confidential, for the house alone")) }
        let all = sheets.joined()
        #expect(all.contains("1 January 2030, 00:00 (+00:00)"))
        #expect(all.contains("CANARYHOLDER holds it"))
        for line in try shell.run("valhalla find all --format '{id}\\n'").output.split(separator: "\n") {
            #expect(all.contains(line), "\(line) is missing")
        }
        // Of each purpose the counts add up to all.
        let lines = all.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        let sums = lines.filter { ["exhibit", "press", "web"].contains($0.first) }.map {
            $0.compactMap(Int.init)
        }
        .filter { $0.count == 5 }
        #expect(sums.count == 3)
        for numbers in sums { #expect(numbers.dropLast().reduce(0, +) == numbers.last) }
        let table = try shell.run("cat r.csv").output
        #expect(table.hasPrefix("\u{FEFF}marking,number,id,"))
        let rows = table.components(separatedBy: "\r\n").dropFirst().dropLast()
        #expect(rows.allSatisfy { $0.hasPrefix("NOT CLEARED,") })
        #expect(
            "\(rows.count)"
                == (try shell.run("valhalla find all --count").output.split(separator: "\n").first ?? ""))
    }
}
