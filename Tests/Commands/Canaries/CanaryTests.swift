import Export
import Foundation
import Testing

/// A canary in every field of every format and in everything that people say, and every byte of what leaves searched.
@Suite("Nothing leaks", .serialized)
struct CanaryTests {
    private static let table = Shell.package.appending(path: "Tests/Commands/Canaries/canaries.md")

    @Test("Every command is a way out that is searched, or writes nothing for others")
    func completeness() throws {
        let dump = try Shell().run("valhalla --experimental-dump-help").output
        let root = try #require(
            (try JSONSerialization.jsonObject(with: Data(dump.utf8)) as? [String: Any])?["command"]
                as? [String: Any])
        let names = Set(
            (root["subcommands"] as? [[String: Any]] ?? []).compactMap { $0["commandName"] as? String })
        #expect(names.count > 20)
        #expect(
            names.subtracting(WayOut.outward).subtracting(WayOut.forTheHouse) == [], "say whom it writes for")
        for command in WayOut.outward {
            #expect(
                WayOut.all.contains { $0.line.contains("valhalla \(command) ") }, "\(command) is not searched"
            )
        }
        for preset in ExportPreset.allCases {
            #expect(WayOut.all.contains { $0.line.contains("--preset \(preset.rawValue) ") })
        }
    }

    @Test("The search finds a canary however it is written")
    func search() throws {
        let word = "kanarie000042"
        let plain = Data(word.utf8)
        #expect(CanarySearch.numbers(in: Data("x Kanarie000042.".utf8)) == [42])
        for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian] {
            #expect(CanarySearch.numbers(in: try #require(word.data(using: encoding))) == [42])
        }
        for shift in 0..<3 {
            let text = (Data(repeating: 0x41, count: shift) + plain).base64EncodedData()
            #expect(CanarySearch.numbers(in: text) == [nil], "base64 at \(shift)")
        }
        #expect(
            CanarySearch.numbers(in: Data(plain.map { String(format: "%02X", $0) }.joined().utf8)) == [nil])
        #expect(
            CanarySearch.numbers(in: Data(plain.map { String(format: "%%%02x", $0) }.joined().utf8)) == [nil])
        #expect(CanarySearch.numbers(in: Data(plain.map { "&#\($0);" }.joined().utf8)) == [nil])
        let shell = try Shell()
        for packer in [
            "gzip -c",
            "python3 -c 'import sys,zlib;sys.stdout.buffer.write(b\"%PDF \"+zlib.compress(sys.stdin.buffer.read()))'",
        ] {
            _ = try shell.run("echo 'some words and kanarie000042 and more words' | \(packer) > packed")
            #expect(
                CanarySearch.numbers(in: try Data(contentsOf: shell.folder.appending(path: "packed"))) == [42]
            )
        }
        #expect(CanarySearch.numbers(in: Data("a canary bird, and kanari".utf8)).isEmpty)
    }

    @Test(
        "Of a shoot full of canaries nothing leaves but what the recipient is meant to read",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/exiftool"))
    )
    func everyWay() throws {
        let shell = try Shell()
        let house = try House(in: shell)
        var rows: [Row] = []
        for way in WayOut.all { rows.append(try search(way, house)) }
        try hold(Self.text(rows, house))
    }

    // MARK: Searching

    /// What one way let out.
    private struct Row {
        let way: WayOut
        /// Places of canaries that the recipient reads, and is meant to.
        let told: Set<String>
        /// By format: how many were planted, and the tags that fill fields which the recipient is meant to read.
        let formats: [(name: String, planted: Int, leaked: Int, found: Int, tags: [String])]
    }

    private func search(_ way: WayOut, _ house: House) throws -> Row {
        let out = house.shell.folder.appending(path: "way-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
        let before = Date()
        let allowed = house.allowed(on: way)
        let result = try house.run(way.line, ["OUT": out.path()])
        #expect(result.code == 0, "\(way.name): \(result.errors)")
        var found: Set<Int?> = []
        let files = (FileManager.default.enumerator(atPath: out.path())?.compactMap { $0 as? String } ?? [])
            .sorted()
        #expect(files.count >= way.fewestFiles, "\(way.name) wrote \(files)")
        for name in files {
            let file = out.appending(path: name)
            found.formUnion(CanarySearch.numbers(in: Data(name.utf8)))
            try checkSurface(file, name, since: before)
            guard !FileManager.default.isDirectory(file) else { continue }
            let bytes = try Data(contentsOf: file)
            let numbers = CanarySearch.numbers(in: bytes)
            for number in numbers.subtracting(allowed) {
                Issue.record("\(way.name): \(name) tells \(house.place(number))")
            }
            found.formUnion(numbers)
            for secret in house.secrets where bytes.range(of: Data(secret.utf8)) != nil {
                Issue.record("\(way.name): \(name) tells “\(secret)”")
            }
            try checkPictures(bytes, file, name, house, showsHeld: way.showsHeld)
        }
        try checkNumbering(files, way)
        for number in found.subtracting(allowed) {
            Issue.record("\(way.name): a name tells \(house.place(number))")
        }
        let numbers = Set(found.compactMap(\.self))
        let formats = house.shoot.planted.sorted { $0.key < $1.key }.map { format, planted in
            let out = planted.intersection(numbers.intersection(allowed.compactMap(\.self)))
            let leaked = planted.intersection(numbers).subtracting(out).count
            let tags = Set(out.map { house.place($0).replacing(" in \(format)", with: "") }).sorted()
            return (format, planted.count, leaked, out.count, tags)
        }
        let inFiles = house.shoot.planted.values.reduce(into: Set<Int>()) { $0.formUnion($1) }
        return Row(
            way: way, told: Set(numbers.subtracting(inFiles).map { house.place($0) }), formats: formats)
    }

    /// A file's time is that of the export, never of the picture; nothing hangs on it beside its bytes.
    private func checkSurface(_ file: URL, _ name: String, since before: Date) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path())
        let changed = try #require(attributes[.modificationDate] as? Date)
        #expect(
            changed.timeIntervalSince(before) > -2 && changed.timeIntervalSinceNow < 2,
            "\(name) is of \(changed)")
        #expect(attributes[.type] as? FileAttributeType != .typeSymbolicLink, "\(name)")
        #expect(
            attributes[.referenceCount] as? Int == 1 || FileManager.default.isDirectory(file),
            "\(name) is linked")
        let extended =
            (attributes[FileAttributeKey(rawValue: "NSFileExtendedAttributes")] as? [String: Data]) ?? [:]
        #expect(extended.keys.filter { $0.hasPrefix("user.") }.isEmpty, "\(name)")
    }

    /// No picture stands within another file, and none has the colour of what is held or was embedded.
    private func checkPictures(
        _ bytes: Data, _ file: URL, _ name: String, _ house: House, showsHeld: Bool
    ) throws {
        let start = Data([0xff, 0xd8, 0xff])
        let isStill = name.hasSuffix(".jpg")
        var place = bytes.startIndex
        var embedded = 0
        while let range = bytes.range(of: start, in: place..<bytes.endIndex) {
            if range.lowerBound > 0 || !isStill { embedded += 1 }
            place = range.upperBound
        }
        // Frames of Motion JPEG are pictures, each on its own.
        if isStill { #expect(embedded == 0, "\(name) holds another picture") }
        guard !showsHeld, isStill || name.hasSuffix(".mov") || name.hasSuffix(".mp4") else { return }
        let colour = try house.shell.run(
            "ffmpeg -nostdin -v quiet -i '\(file.path())' -frames:v 1 -vf scale=1:1:flags=area -pix_fmt rgb24 -f rawvideo - | od -An -tu1"
        ).output.split(separator: " ").compactMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        guard colour.count >= 3 else {
            Issue.record("\(name) cannot be seen")
            return
        }
        #expect(
            !(colour[0] > 180 && colour[1] < 80 && colour[2] > 180), "\(name) shows what is held: \(colour)")
    }

    /// What is held leaves no gap: works count from 1 without one.
    private func checkNumbering(_ files: [String], _ way: WayOut) throws {
        guard let numbering = way.numbering else { return }
        let pattern = try Regex<(Substring, Substring)>(numbering)
        let numbers = Set(files.compactMap { $0.firstMatch(of: pattern).flatMap { Int($0.1) } }).sorted()
        #expect(numbers.count > 3, "\(way.name): \(files)")
        #expect(numbers == Array(1...max(1, numbers.count)), "\(way.name): \(numbers)")
    }

    // MARK: The table

    private static func text(_ rows: [Row], _ house: House) -> String {
        var text = """
            # Canaries: planted, found, and let out on purpose

            Written by `make canaries`, held by a test. A canary is a word that stands nowhere else: one in every tag of
            every format that takes a word, in what people say, in names, paths and notes. *Let out* are those that came
            out in fields which a recipient is meant to read, with the tags that fill them; *leaked* is all else.

            Besides, \(house.said) canaries stand in what people say of assets and around them: the archive's and the source's
            paths, names of files, user, session, tags, keywords, people, instructions, reasons, evidence, who decides, who
            holds, other selections, another recipient of the same; and in \(house.heldCount) fields of held neighbours.

            """
        for row in rows {
            text += "\n## \(row.way.name)\n\n`\(row.way.line)`\n\n"
            text += "| format | planted | leaked | let out | by way of |\n|---|--:|--:|--:|---|\n"
            for format in row.formats {
                text +=
                    "| \(format.name) | \(format.planted) | \(format.leaked) | \(format.found) | \(format.tags.joined(separator: ", ")) |\n"
            }
            let planted = row.formats.reduce(0) { $0 + $1.planted }
            text +=
                "| all | \(planted) | \(row.formats.reduce(0) { $0 + $1.leaked }) | \(row.formats.reduce(0) { $0 + $1.found }) | |\n"
            text +=
                "\nWhat people said, and the recipient reads: \(row.told.sorted().joined(separator: ", ")).\n"
        }
        return text
    }

    private func hold(_ found: String) throws {
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try found.write(to: Self.table, atomically: true, encoding: .utf8)
            Issue.record("the table was recorded: look at the difference, and run without RECORD")
            return
        }
        let wanted = (try? String(contentsOf: Self.table, encoding: .utf8)) ?? ""
        // Another exiftool knows more tags or fewer: how many were planted is told and not held.
        func lines(of text: String) -> [String] {
            text.split(separator: "\n").map { line in
                String(line).replacing(#/^(\| [^|]+ \|) [0-9]+\b/#) { String($0.output.1) }
            }
        }
        let (lines, others) = (lines(of: found), lines(of: wanted))
        for (line, other) in zip(lines, others) { #expect(line == other) }
        #expect(lines.count == others.count)
    }
}

extension FileManager {
    fileprivate func isDirectory(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return fileExists(atPath: url.path(), isDirectory: &isFolder) && isFolder.boolValue
    }
}
