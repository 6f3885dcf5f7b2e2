import Catalog
import Export
import Files
import Foundation
import MediaProtocol
import Testing

@Suite("An exhibit")
struct ExhibitTests {
    private func names(in folder: String) -> [String] {
        (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
            .filter { !FileManager.default.directoryExists(atPath: folder + "/" + $0) }.sorted()
    }

    @Test("holds what is cleared in the order of the hang, without a gap where something is held")
    func contents() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let ridge = try fixture.photograph("A figure on the ridge")
        let held = try fixture.photograph("canary-held-title") { $0.caption = "canary-held-caption" }
        let clip = try fixture.clip("Encore, Royal Albert Hall")
        let sound = try fixture.sound("Take eleven")
        let untitled = try fixture.photograph(nil, width: 300, height: 450)
        try fixture.select(
            "Detroit wall",
            note: "Three people, one car and what fitted into it.",
            [ridge, held, clip, sound, untitled],
            held: [held]
        )
        try fixture.catalog.change("describe") {
            var details = ItemDetails()
            details.medium = "Pigment print on cotton paper"
            details.heightCentimetres = 60
            details.widthCentimetres = 90
            details.edition = 1
            details.editionOf = 7
            details.proofs = 2
            try $0.describe(ridge, inSelection: "Detroit wall", as: details)
        }

        let report = try fixture.export("Detroit wall", to: outbox.path("exhibit"))

        let folder = outbox.path("exhibit")
        let found = names(in: folder)
        #expect(
            found == [
                "bag-info.txt", "bagit.txt", "data/001_a-figure-on-the-ridge.jpg",
                "data/002_encore-royal-albert-hall.mov", "data/003_take-eleven.wav", "data/004_untitled.jpg",
                "data/README.txt", "data/ascmhl/0001_data_2016-05-13_180000Z.mhl",
                "data/ascmhl/ascmhl_chain.xml",
                "data/checklist.csv", "data/gallery/001_a-figure-on-the-ridge-2048.jpg",
                "data/gallery/001_a-figure-on-the-ridge-512.jpg",
                "data/gallery/002_encore-royal-albert-hall-2048.jpg",
                "data/gallery/002_encore-royal-albert-hall-512.jpg", "data/gallery/004_untitled-2048.jpg",
                "data/gallery/004_untitled-512.jpg", "data/index.html", "data/labels.csv",
                "manifest-sha256.txt",
                "tagmanifest-sha256.txt",
            ]
        )
        #expect(report.files == found.count)
        #expect(report.delivered.map(\.name).contains("data/002_encore-royal-albert-hall.mov"))
        #expect(report.delivered.allSatisfy { $0.basis != nil })
        #expect(Set(report.delivered.map(\.asset)) == [ridge, clip, sound, untitled])
        #expect(outbox.contents().allSatisfy { $0.hasPrefix("exhibit") })
        #expect(try DeliveryCheck.verify(Path(folder)).seal == report.seal)

        // What the report says is what lies there, and it can be put on record as it is.
        let first = try #require(report.delivered.first)
        let digests = try Digests.ofFile(
            Path(folder + "/" + first.name),
            access: FileAccess(),
            buffer: BlockBuffer()
        )
        #expect(digests.sha256 == first.digest)
        let gated = try fixture.gated("Detroit wall")
        try fixture.catalog.change("export") {
            try $0.record(
                delivery: "2016-0007",
                of: gated,
                preset: "exhibit",
                place: report.place,
                seal: report.seal,
                files: report.delivered
            )
        }
        #expect(try fixture.catalog.deliveries(of: ridge).map(\.number) == ["2016-0007"])

        let labels = try String(contentsOfFile: folder + "/data/labels.csv", encoding: .utf8)
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: folder + "/data/labels.csv")).starts(with: [
                0xEF, 0xBB, 0xBF,
            ])
        )
        #expect(
            labels.contains(
                "\r\n1,Andreas Neumann,A figure on the ridge,,Pigment print on cotton paper,"
                    + "60 × 90 cm (23.6 × 35.4 in.),\"Edition 1 of 7, 2 artist’s proofs\",,"
                    + "Courtesy of the artist. © Andreas Neumann\r\n"
            )
        )
        let checklist = try String(contentsOfFile: folder + "/data/checklist.csv", encoding: .utf8)
        #expect(checklist.contains("60 × 90,23.6 × 35.4,1 of 7,2,"))
        #expect(checklist.contains(",0:02,002_encore-royal-albert-hall.mov\r\n"))
    }

    @Test(
        "honours what was asked when it was cleared: the credit line in every place, and what must not be done"
    )
    func obligations() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let ridge = try fixture.photograph("A figure on the ridge")
        let held = try fixture.photograph("canary-held-title")
        try fixture.select("Wall", [held, ridge], held: [held])
        try fixture.catalog.change("clear") { change in
            var clearance = NewDecision(.cleared, purpose: .exhibit, by: "canary-decider")
            clearance.terms.credit = "Photograph by Andreas Neumann"
            clearance.until = fixture.now + 400 * 86_400_000
            try change.decide(clearance, about: [ridge])
            var restriction = NewDecision(.restricted, purpose: nil, by: "canary-decider")
            restriction.terms.noCrop = true
            try change.decide(restriction, on: .session("canary-session"))
            var elsewhere = NewDecision(.restricted, purpose: nil, by: "canary-decider")
            elsewhere.terms.notIn = "DE"
            try change.decide(elsewhere, about: [ridge])
        }
        try fixture.export("Wall", to: outbox.path("exhibit"), territory: "CA")
        let data = outbox.path("exhibit") + "/data"
        let labels = try String(contentsOfFile: data + "/labels.csv", encoding: .utf8)
        #expect(labels.contains("Photograph by Andreas Neumann"))
        #expect(!labels.contains("Courtesy of the artist"))
        let checklist = try String(contentsOfFile: data + "/checklist.csv", encoding: .utf8)
        #expect(checklist.contains("Not to be cropped"))
        #expect(checklist.contains("Not in DE"))
        #expect(checklist.contains("Until the last moment before \(fixture.now + 400 * 86_400_000)"))
        let readMe = try String(contentsOfFile: data + "/README.txt", encoding: .utf8)
        #expect(readMe.contains("Not to be cropped"))
        let picture = try Data(contentsOf: URL(fileURLWithPath: data + "/001_a-figure-on-the-ridge.jpg"))
        #expect(picture.range(of: Data("Photograph by Andreas Neumann".utf8)) != nil)
        // The first of the selection is held: it leaves neither a number nor a word.
        for name in names(in: outbox.path("exhibit")) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: outbox.path("exhibit") + "/" + name))
            #expect(bytes.range(of: Data("canary".utf8)) == nil, "\(name)")
        }
    }

    @Test(
        "is sound by the tools of others",
        .enabled(if: Tool.isThere("bagit.py") && Tool.isThere("ascmhl-debug"))
    )
    func secondOpinions() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let assets = [
            try fixture.photograph("One"), try fixture.clip("Two"), try fixture.photograph("Three & <four>"),
        ]
        try fixture.select("Wall", assets)
        try fixture.export("Wall", to: outbox.path("exhibit"))

        let bag = try Tool.run("bagit.py", "--validate", outbox.path("exhibit"))
        #expect(bag.code == 0, "\(bag.text)")
        let data = outbox.path("exhibit/data")
        let files = try Tool.run("ascmhl-debug", "verify", "-v", data)
        #expect(files.code == 0, "\(files.text)")
        #expect(files.text.contains("001_one.jpg: OK"), "\(files.text)")
        let folders = try Tool.run("ascmhl-debug", "verify", "-dh", "-v", data)
        #expect(folders.code == 0, "\(folders.text)")
        #expect(folders.text.contains("verification of root folder   OK"), "\(folders.text)")
        // Another byte, and both say so: they looked.
        let file = outbox.path("exhibit/data/gallery/001_one-512.jpg")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: file))
        #expect(try Tool.run("bagit.py", "--validate", outbox.path("exhibit")).code == 1)
        #expect(try Tool.run("ascmhl-debug", "verify", data).code == 11)
        #expect(try Tool.run("ascmhl-debug", "verify", "-dh", data).code == 12)
        let faults = try DeliveryCheck.verify(Path(outbox.path("exhibit"))).faults
        #expect(faults.contains { $0.path == Path("data/gallery/001_one-512.jpg") })
    }

    @Test("has pictures that are upright, sRGB, of full size, and say nothing but what a recipient may know")
    func metadata() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let asset = try fixture.photograph("Red sky", width: 640, height: 426) { $0.caption = "Last light" }
        try fixture.select("Wall", [asset])
        try fixture.export("Wall", to: outbox.path("exhibit"))
        guard Tool.isThere("exiftool") else { return }
        for (name, width) in [("001_red-sky.jpg", "640"), ("gallery/001_red-sky-512.jpg", "512")] {
            let listed = try Tool.run("exiftool", "-a", "-G1", "-s", outbox.path("exhibit/data/\(name)")).text
            let lines = listed.split(separator: "\n").map(String.init)
            func value(_ tag: String) -> String? {
                lines.first { $0.contains(" \(tag) ") }?.split(separator: ":", maxSplits: 1).last
                    .map { $0.trimmingCharacters(in: .whitespaces) }
            }
            #expect(value("ImageWidth") == width)
            #expect(value("Title") == "Red sky")
            #expect(value("Description") == "Last light")
            #expect(value("Creator") == "Andreas Neumann")
            #expect(value("Credit") == "Courtesy of the artist")
            #expect(value("UsageTerms") == "For this exhibit only")
            #expect(value("Instructions") == nil)
            let groups = Set(lines.compactMap { $0.firstMatch(of: /^\[([^\]]+)\]/).map { String($0.1) } })
            #expect(
                groups.isSubset(of: [
                    "ExifTool", "System", "File", "JFIF", "IFD0", "XMP-dc", "XMP-photoshop", "XMP-xmpRights",
                    "ICC_Profile", "ICC-header", "ICC-chrm", "Composite",
                ]),
                "\(groups)"
            )
        }
    }

    @Test("keeps every secret of the archive: no byte of it says more than it may")
    func canaries() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let assets = [
            try fixture.photograph("Before the storm"), try fixture.photograph("canary-held-title"),
            try fixture.clip("Sound check", ending: "mp4"), try fixture.clip("Walking back"),
            try fixture.clip("From an old camera", ending: "avi"), try fixture.sound("Room tone"),
            try fixture.notedClip("From a camcorder", codec: "h264", ending: "mts"),
        ]
        try fixture.select("Wall", assets, held: [assets[1]])
        try fixture.export("Wall", to: outbox.path("exhibit"))
        var searched = 0
        for name in names(in: outbox.path("exhibit")) {
            #expect(!name.lowercased().contains("canary"))
            let bytes = try Data(contentsOf: URL(fileURLWithPath: outbox.path("exhibit/\(name)")))
            searched += 1
            for secret in fixture.secrets {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name) holds \(secret)")
                #expect(
                    bytes.range(of: Data(secret.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })) == nil,
                    "\(name)"
                )
            }
            #expect(bytes.range(of: Data(fixture.scratch.folder.lastPathComponent.utf8)) == nil, "\(name)")
        }
        #expect(searched > 20)
        // The same search finds them where they are.
        let original = try Data(
            contentsOf: URL(fileURLWithPath: String(try #require(fixture.file(of: assets[0]).text)))
        )
        if Tool.isThere("exiftool") { #expect(original.range(of: Data("canary-serial".utf8)) != nil) }
    }

    @Test(
        "copies a clip that says nothing byte for byte, and takes the words out of one that does, but not its timecode"
    )
    func clips() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let clean = try fixture.clip("Clean", isClean: true)
        let telling = try fixture.clip("Telling")
        try fixture.select("Wall", [clean, telling])
        try fixture.export("Wall", to: outbox.path("exhibit"))
        let copied = try Digests.ofFile(
            Path(outbox.path("exhibit/data/001_clean.mov")),
            access: FileAccess(),
            buffer: BlockBuffer()
        )
        #expect(copied.sha256 == (try fixture.catalog.asset(clean).digest))
        let probe = try Tool.run(
            "ffprobe",
            "-v",
            "error",
            "-show_entries",
            "stream_tags=timecode:format_tags",
            "-of",
            "compact",
            outbox.path("exhibit/data/002_telling.mov")
        )
        #expect(probe.text.contains("01:02:03:04"), "\(probe.text)")
        #expect(!probe.text.contains("creation_time") && !probe.text.contains("location"), "\(probe.text)")
        // The same pictures to the bit.
        func pictures(_ path: String) throws -> String {
            try Tool.run(
                "ffmpeg",
                "-v",
                "error",
                "-i",
                path,
                "-map",
                "0:v:0",
                "-map",
                "0:a:0",
                "-c",
                "copy",
                "-f",
                "streamhash",
                "-"
            ).text
        }
        let original = try #require(try fixture.file(of: telling).text)
        #expect(try pictures(original) == pictures(outbox.path("exhibit/data/002_telling.mov")))
    }

    @Test(
        "takes the notes out that stand between the pictures of a clip, and no picture",
        arguments: [("h264", "mp4"), ("h264", "mts"), ("hevc", "mp4"), ("hevc", "ts")]
    )
    func notes(codec: String, ending: String) throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let clip = try fixture.notedClip("Noted", codec: codec, ending: ending)
        try fixture.select("Wall", [clip])
        try fixture.export("Wall", to: outbox.path("exhibit"))
        let name = try #require(names(in: outbox.path("exhibit/data")).first { $0.hasPrefix("001_noted.") })
        let before = try #require(try fixture.file(of: clip).text)
        let after = outbox.path("exhibit/data/\(name)")
        for note in ["canary", "x264 - core", "x265 (build", "options:"] {
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: after)).range(of: Data(note.utf8)) == nil,
                "\(note)"
            )
        }
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: before))
                .range(of: Data((codec == "hevc" ? "x265 (build" : "canary-note").utf8)) != nil
        )
        func pictures(_ path: String) throws -> [String] {
            let text = try Tool.run(
                "ffmpeg",
                "-v",
                "error",
                "-i",
                path,
                "-map",
                "0:v:0",
                "-f",
                "framemd5",
                "-"
            ).text
            return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
                .compactMap { $0.split(separator: ",").last?.trimmingCharacters(in: .whitespaces) }
        }
        let shown = try pictures(before)
        #expect(shown.count == 24)
        #expect(try pictures(after) == shown)
    }

    @Test("shows its pictures on a page that asks nobody for anything")
    func page() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        // Stored lying, and shown upright.
        let upright = try fixture.adopt(
            root.appending(path: "Fixtures/desert/100LEICA/L1002339.JPG").path(),
            "Small car"
        )
        let film = try fixture.clip("Encore")
        try fixture.select(
            "Desert",
            note: "Three people, one car.\n\nAnd what fitted into it.",
            [upright, film]
        )
        try fixture.export("Desert", to: outbox.path("exhibit"))
        let page = try String(contentsOfFile: outbox.path("exhibit/data/index.html"), encoding: .utf8)
        let sizes = page.matches(
            of: /001_small-car-2048\.jpg 6\d\dw" sizes="[^"]+" width="(\d+)" height="(\d+)"/
        )
        let size = try #require(sizes.first)
        #expect(try #require(Int(size.1)) < (try #require(Int(size.2))))
        #expect(page.contains("<h1 dir=\"auto\">Desert</h1>"))
        #expect(page.contains("Photographs and films by Andreas Neumann<br>Joshua Tree, 13 May 2016"))
        #expect(
            page.contains(
                "<p dir=\"auto\">Three people, one car.</p>\n<p dir=\"auto\">And what fitted into it.</p>"
            )
        )
        #expect(page.contains("<video controls preload=\"metadata\""))
        #expect(page.contains(/#w-1\{--ratio:0\.66\d\d;--color:#[0-9a-f]{6}\}/))
        #expect(page.contains("default-src 'none'") && !page.contains("unsafe-inline"))
        #expect(
            !page.contains("http:") && !page.contains("https:") && !page.contains(" style=")
                && !page.contains(" onclick=")
        )
        // Everything it names is there.
        for match in page.matches(of: /(?:src|href|data-large)="([^"]+)"/) {
            #expect(
                FileManager.default.fileExists(atPath: outbox.path("exhibit/data/\(match.1)")),
                "\(match.1)"
            )
        }
    }

    @Test("that stays in the house says NOT CLEARED on its name, pages, tables and pictures")
    func notCleared() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let asset = try fixture.photograph("Nobody decided")
        try fixture.catalog.change("select") {
            try $0.make(selection: "Wall", note: nil)
            try $0.add([asset], toSelection: "Wall")
        }
        let report = try fixture.export("Wall", to: outbox.path("sheet"), purpose: .internal)
        #expect(report.place.name == Path("sheet-NOT-CLEARED"))
        #expect(report.delivered.allSatisfy { $0.basis == nil })
        let data = outbox.path("sheet-NOT-CLEARED/data")
        for name in ["index.html", "README.txt", "checklist.csv", "labels.csv"] {
            #expect(
                try String(contentsOfFile: data + "/" + name, encoding: .utf8).contains("NOT CLEARED"),
                "\(name)"
            )
        }
        for name in ["001_nobody-decided.jpg", "gallery/001_nobody-decided-512.jpg"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: data + "/" + name))
            #expect(bytes.range(of: Data("NOT CLEARED".utf8)) != nil, "\(name)")
        }
        #expect(try DeliveryCheck.verify(Path(outbox.path("sheet-NOT-CLEARED"))).isSound)
    }

    @Test("takes titles of every kind, and two that are the same")
    func titles() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let titles = [
            "100 % of\nit", "../../etc/passwd", "🎸 Café Zürich Łódź", "غروب الشمس",
            String(repeating: "long ", count: 60),
            "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "Twice", "Twice",
            "\u{202E}gpj.exe\u{202C} & \"quotes\"",
        ]
        let assets = try titles.map { try fixture.photograph($0, width: 120, height: 80) }
        try fixture.select("<b>Wall</b> & \"more\"", note: "</style><script>alert(2)</script>", assets)
        try fixture.export("<b>Wall</b> & \"more\"", to: outbox.path("exhibit"))
        let pictures = names(in: outbox.path("exhibit/data")).filter {
            $0.hasSuffix(".jpg") && !$0.contains("/")
        }
        #expect(
            pictures == [
                "001_100-of-it.jpg", "002_etc-passwd.jpg", "003_cafe-zurich-lodz.jpg", "004_untitled.jpg",
                "005_long-long-long-long-long-long-long-long-long-long-long-long.jpg",
                "006_script-alert-1-script.jpg",
                "007_cmd-c-calc-a0.jpg", "008_twice.jpg", "009_twice.jpg", "010_gpj-exe-quotes.jpg",
            ]
        )
        let page = try String(contentsOfFile: outbox.path("exhibit/data/index.html"), encoding: .utf8)
        #expect(!page.contains("<script>alert") && !page.contains("<b>Wall"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("غروب الشمس"))
        #expect(!page.unicodeScalars.contains("\u{202E}"))
        #expect(page.contains("<title>&lt;b&gt;Wall&lt;/b&gt; &amp; &quot;more&quot;</title>"))
        let checklist = try String(contentsOfFile: outbox.path("exhibit/data/checklist.csv"), encoding: .utf8)
        #expect(checklist.contains(",'=cmd|' /C calc'!A0,") && checklist.contains(",100 % of it,"))
        if Tool.isThere("bagit.py") {
            #expect(try Tool.run("bagit.py", "--validate", outbox.path("exhibit")).code == 0)
        }
    }
}

extension FileManager {
    func directoryExists(atPath path: String) -> Bool {
        var isFolder: ObjCBool = false
        return fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
