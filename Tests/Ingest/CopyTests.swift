import Catalog
import Files
import Foundation
import Glibc
import Ingest
import Synchronization
import Testing

@Suite("An import that copies")
struct CopyTests {
    static let card: Tree = [
        "DCIM/100/1.JPG": .photo(at: 1), "DCIM/100/2.JPG": .photo(at: 2),
        "DCIM/100/2.DNG": .photo(at: 2, raw: true),
        "DCIM/100/notes.doc": .text("left where it is"),
    ]

    func names(below folder: Path) throws -> [String] {
        let walk = try Walk(folder, access: FileAccess())
        var names: [String] = []
        while let entry = walk.next() {
            if case .folder = entry.kind { continue }
            names.append(entry.path.display)
        }
        return names
    }

    @Test("puts the tree below the destination, verifies it, and touches nothing at the source")
    func copies() throws {
        let shoot = try Shoot(Self.card)
        let one = shoot.scratch.path("archive")
        let two = shoot.scratch.path("second/disk")
        let before = try names(below: shoot.source)
        let report = try shoot.importing { $0.copyTo = [one, two] }
        #expect(report.counts.words == "4 seen: 3 new, 0 known, 0 changed, 1 other, 0 failed")
        #expect(report.copied == 6)
        #expect(report.verified == 6)
        #expect(report.destinations == [one.appending("shoot"), two.appending("shoot")])
        for place in report.destinations {
            #expect(try names(below: place) == ["DCIM/100/1.JPG", "DCIM/100/2.DNG", "DCIM/100/2.JPG"])
        }
        #expect(try names(below: shoot.source) == before)
        let asset = try #require(try shoot.find("name:1.JPG").first?.asset.id)
        let file = try #require(try shoot.catalog.files(of: asset).first)
        let copies = try shoot.catalog.copies(of: file.file)
        #expect(copies.filter { $0.kind == .archive }.count == 2)
        #expect(copies.filter { $0.kind == .source }.count == 1)
        #expect(copies.allSatisfy { $0.kind == .source || $0.checkedAt != nil })
    }

    @Test("a second time opens nothing and copies nothing")
    func again() throws {
        let shoot = try Shoot(Self.card)
        let archive = shoot.scratch.path("archive")
        try shoot.importing { $0.copyTo = [archive] }
        let probe = Probe()
        let report = try shoot.importing {
            $0.copyTo = [archive]
            $0.access = probe.access
        }
        #expect(report.counts.words == "4 seen: 0 new, 3 known, 0 changed, 1 other, 0 failed")
        #expect(report.copied == 0)
        // Folders are made sure of and synced; no file is opened.
        #expect(probe.opens.filter { !$0.ending.isEmpty }.isEmpty)
        #expect(
            try names(below: archive) == [
                "shoot/DCIM/100/1.JPG", "shoot/DCIM/100/2.DNG", "shoot/DCIM/100/2.JPG",
            ]
        )
    }

    @Test("a second time makes again the copies that were removed or overwritten meanwhile")
    func lostCopies() throws {
        let shoot = try Shoot(Self.card)
        let archive = shoot.scratch.path("archive")
        try shoot.importing { $0.copyTo = [archive] }
        let lost = archive.appending("shoot/DCIM/100/1.JPG")
        #expect(lost.withCString { unlink($0) } == 0)
        let report = try shoot.importing { $0.copyTo = [archive] }
        #expect(report.copied == 1)
        #expect(report.verified == 1)
        #expect(try names(below: archive).contains("shoot/DCIM/100/1.JPG"))
    }

    @Test("keeps a second card with the same names apart from the first")
    func secondCard() throws {
        let shoot = try Shoot(Self.card)
        let archive = shoot.scratch.path("archive")
        try shoot.importing { $0.copyTo = [archive] }
        let second = shoot.scratch.path("other/shoot")
        try (["DCIM/100/1.JPG": .photo(at: 50), "DCIM/100/3.JPG": .photo(at: 51)] as Tree).write(to: second)
        let report = try shoot.importing {
            $0.source = second
            $0.copyTo = [archive]
        }
        #expect(report.destinations == [archive.appending("shoot-2")])
        #expect(report.counts.new == 2)
        #expect(try names(below: archive.appending("shoot-2")) == ["DCIM/100/1.JPG", "DCIM/100/3.JPG"])
        #expect(try shoot.find().count == 4)
        // The first card, once more, finds itself again.
        let first = try shoot.importing { $0.copyTo = [archive] }
        #expect(first.copied == 0)
        #expect(first.destinations == [archive.appending("shoot")])
    }

    @Test("of a card that was formatted and filled again under the same names takes all of it as new")
    func reusedCard() throws {
        let shoot = try Shoot(Self.card)
        let archive = shoot.scratch.path("archive")
        try shoot.importing { $0.copyTo = [archive] }
        try shoot.remove("DCIM")
        try shoot.write(["DCIM/100/1.JPG": .photo(at: 90), "DCIM/100/2.JPG": .photo(at: 91)])
        let report = try shoot.importing { $0.copyTo = [archive] }
        #expect(report.counts.words == "2 seen: 2 new, 0 known, 0 changed, 0 other, 0 failed")
        #expect(try shoot.find().count == 4)
        #expect(try shoot.listing().filter { $0.contains("former") }.isEmpty)
        #expect(try names(below: archive).count == 5)
    }

    @Test("copies what was recorded in place before, when it is asked to")
    func inPlaceBefore() throws {
        let shoot = try Shoot(Self.card)
        try shoot.importing()
        let archive = shoot.scratch.path("archive")
        let report = try shoot.importing { $0.copyTo = [archive] }
        #expect(report.counts.words == "4 seen: 0 new, 3 known, 0 changed, 1 other, 0 failed")
        #expect(report.copied == 3)
        #expect(try shoot.importing { $0.copyTo = [archive] }.copied == 0)
        #expect(try shoot.find("copies<2").isEmpty)
    }

    @Test("takes up again what a killed run had copied, and removes what it left unfinished")
    func resumed() throws {
        let shoot = try Shoot(Self.card)
        let archive = shoot.scratch.path("archive")
        let folder = archive.appending("shoot/DCIM/100")
        try FileAccess().makeFolders(folder)
        // As after a kill: one copy in its place and not recorded, one unfinished.
        try FileManager.default.copyItem(
            atPath: shoot.source.appending("DCIM/100/1.JPG").text ?? "",
            toPath: folder.appending("1.JPG").text ?? ""
        )
        let time = try FileAccess().status(of: shoot.source.appending("DCIM/100/1.JPG")).identity
            .modifiedNanoseconds
        let stamp = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
        _ = folder.appending("1.JPG").withCString { utimensat(AT_FDCWD, $0, [stamp, stamp], 0) }
        try FileAccess().create(folder.appending(".valhalla-part-77-1")).write([1, 2, 3])
        let report = try shoot.importing { $0.copyTo = [archive] }
        #expect(report.copied == 2)
        #expect(report.verified == 3)
        #expect(try names(below: archive).count == 3)
        #expect(report.counts.new == 3)
    }

    @Test("survives a kill at any moment: nothing is half there, and the next run finishes", arguments: 0..<4)
    func killed(round: Int) throws {
        var tree: Tree = [:]
        for number in 0..<40 { tree.nodes.append((Path("\(number).JPG"), .photo(at: number))) }
        let shoot = try Shoot(tree)
        let archive = shoot.scratch.path("archive")
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe")
        child.arguments = ["--testing-library", "swift-testing", "--filter", "KilledImport"]
        child.environment = ProcessInfo.processInfo.environment.merging(
            [
                "KILLED_IMPORT": shoot.scratch.folder.text ?? "", "KILLED_AFTER": "\((20 + round * 25) * 6)",
            ],
            uniquingKeysWith: { $1 }
        )
        child.standardOutput = FileHandle.nullDevice
        child.standardError = FileHandle.nullDevice
        try child.run()
        child.waitUntilExit()
        #expect(child.terminationStatus == SIGKILL, "the child was to die in round \(round)")
        let report = try shoot.importing { $0.copyTo = [archive] }
        #expect(report.counts.seen == 40)
        #expect(report.counts.new + report.counts.known == 40)
        #expect(try names(below: archive.appending("shoot")).count == 40)
        #expect(try shoot.find().count == 40)
        #expect(try shoot.catalog.check().isEmpty)
        for number in 0..<40 {
            let name = "\(number).JPG"
            #expect(
                FileManager.default.contentsEqual(
                    atPath: shoot.source.appending(name).text ?? "",
                    andPath: archive.appending("shoot").appending(name).text ?? ""
                )
            )
        }
    }

    @Test("stops at a full disk with what was recorded before, and goes on when there is room")
    func fullDisk() throws {
        var tree: Tree = [:]
        for number in 0..<60 { tree.nodes.append((Path("\(number).JPG"), .photo(at: number))) }
        let shoot = try Shoot(tree)
        let archive = shoot.scratch.path("archive")
        let created = Atomic<Int>(0)
        let full = FileAccess { call, _ in
            call == .create && created.add(1, ordering: .relaxed).newValue > 40 ? ENOSPC : nil
        }
        let report = try shoot.importing {
            $0.copyTo = [archive]
            $0.access = full
        }
        #expect(report.stoppedBy?.cause == .system(ENOSPC))
        #expect(report.counts.addsUp)
        #expect(report.counts.new < 60)
        let rest = try shoot.importing { $0.copyTo = [archive] }
        #expect(rest.counts.seen == 60)
        #expect(rest.counts.new + rest.counts.known == 60)
        #expect(try names(below: archive).count == 60)
    }

    @Test("says beforehand that there is no room")
    func noRoom() throws {
        let shoot = try Shoot(["big.wav": .wav(1 << 20)])
        let disk = shoot.scratch.path("disk")
        try FileAccess().makeFolders(disk)
        guard mount("tmpfs", disk.text ?? "", "tmpfs", 0, "size=1m") == 0 else { return }
        defer { umount(disk.text ?? "") }
        let error = #expect(throws: FileError.self) { try shoot.importing { $0.copyTo = [disk] } }
        guard case .noRoom(let needed, let available)? = error?.cause else {
            Issue.record("it says \(error?.reason ?? "nothing")")
            return
        }
        #expect(needed > available)
        #expect(try names(below: disk).isEmpty)
        #expect(try shoot.find().isEmpty)
    }

    @Test("to a folder that may not be written says so, and one inside the source is refused")
    func badDestination() throws {
        let shoot = try Shoot(["1.JPG": .photo(at: 1)])
        let closed = Probe { call, _ in call == .makeFolder ? EROFS : nil }
        let error = #expect(throws: FileError.self) {
            try shoot.importing {
                $0.copyTo = [shoot.scratch.path("archive")]
                $0.access = closed.access
            }
        }
        #expect(error?.cause == .system(EROFS))
        #expect(throws: FileError.self) {
            try shoot.importing { $0.copyTo = [shoot.source.appending("inside")] }
        }
    }

    @Test("in a rehearsal tells what would be copied, and makes nothing")
    func rehearsal() throws {
        let shoot = try Shoot(Self.card)
        let archive = shoot.scratch.path("not/there/yet")
        let report = try shoot.importing {
            $0.copyTo = [archive]
            $0.isRehearsal = true
        }
        #expect(report.copied == 3)
        #expect(report.verified == 0)
        #expect(report.counts.new == 3)
        #expect(report.destinations == [archive.appending("shoot")])
        #expect(try FileAccess().statusIfThere(of: shoot.scratch.path("not")) == nil)
    }

    @Test("copies a camera's card whole: index files, others and empty folders")
    func wholeCard() throws {
        let shoot = try Shoot([
            "PRIVATE/M4ROOT/CLIP/C0001.MP4": .text("not a film, but named like one"),
            "PRIVATE/M4ROOT/CLIP/C0001M01.XML": .text("<?xml version=\"1.0\"?><NonRealTimeMeta/>"),
            "PRIVATE/M4ROOT/SUB/C0001S03.MP4": .text("proxy"),
            "PRIVATE/M4ROOT/THMBNL/C0001T01.JPG": .photo(at: 9),
            "PRIVATE/M4ROOT/MEDIAPRO.XML": .text("<?xml version=\"1.0\"?><MediaProfile/>"),
            "PRIVATE/M4ROOT/STATUS.BIN": .file([0, 1, 2, 3]), "PRIVATE/M4ROOT/GENERAL/Sony": .folder,
            "PRIVATE/SONY/SONYCARD.IND": .text("not within the tree"),
        ])
        let archive = shoot.scratch.path("archive")
        let report = try shoot.importing { $0.copyTo = [archive] }
        #expect(report.counts.words == "7 seen: 6 new, 0 known, 0 changed, 1 other, 0 failed")
        #expect(report.assets == [.clip: 1])
        #expect(
            try shoot.listing() == [
                "C0001.MP4, proxy C0001S03.MP4, sidecar C0001M01.XML, thumbnail C0001T01.JPG"
            ]
        )
        #expect(try names(below: archive).count == 6)
        #expect(try FileAccess().status(of: archive.appending("shoot/PRIVATE/M4ROOT/GENERAL/Sony")).isFolder)
    }
}

/// What the test of the kill runs in a process of its own: an import that ends itself as `kill -9` would.
@Suite("KilledImport", .enabled(if: ProcessInfo.processInfo.environment["KILLED_IMPORT"] != nil))
struct KilledImport {
    @Test("dies after so many calls to the file system, in the middle of whatever it does")
    func dies() throws {
        let environment = ProcessInfo.processInfo.environment
        let folder = Path(environment["KILLED_IMPORT"] ?? "")
        let last = Int(environment["KILLED_AFTER"] ?? "") ?? 0
        let calls = Atomic<Int>(0)
        let catalog = try Shoot.open(folder.appending("catalog.sqlite"))
        var request = ImportRequest(
            source: folder.appending("shoot"),
            command: "import",
            workers: Shoot.workers
        )
        request.copyTo = [folder.appending("archive")]
        request.access = FileAccess { _, _ in
            if calls.add(1, ordering: .relaxed).newValue == last { kill(getpid(), SIGKILL) }
            return nil
        }
        _ = try Importer.run(request, catalog: catalog)
    }
}
