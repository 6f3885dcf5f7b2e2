import Chance
import Catalog
import Files
import Foundation
import Glibc
import Testing

@testable import Ingest

@Suite("An import of what an offload left a manifest of")
struct ManifestTests {
    // MARK: What is found

    @Test("finds every file as it was listed, those that are none of ours too, and reads each once")
    func matched() throws {
        let (shoot, manifest) = try ListedShoot.listed(by: ["md5", "sha1", "xxh128", "xxh3", "xxh64", "c4"])
        try shoot.write(history: [manifest])
        let probe = Probe()
        let report = try shoot.importing { $0.access = probe.access }
        #expect(report.counts.words == "7 seen: 6 new, 0 known, 0 changed, 1 other, 0 failed")
        #expect(report.manifestWords == "5 matched")
        #expect(report.manifests.first?.tool == "Silverstack 8.2")
        #expect(report.manifests.first?.author == "Josh & Dean")
        #expect(report.manifests.first?.path.display == "ascmhl/0001_shoot_2016-05-03_180000Z.mhl")
        for name in ListedShoot.names {
            #expect(probe.opens.filter { $0 == shoot.source.appending(name) }.count == 1)
        }
        let asset = try #require(try shoot.find("name:1.JPG").first?.asset.id)
        let file = try #require(try shoot.catalog.files(of: asset).first?.file)
        let finding = try #require(try shoot.catalog.findings(ofFile: file).first)
        #expect(finding.algorithm == "md5, sha1, xxh128, xxh3, xxh64, c4")
        #expect(try shoot.find("manifest:matched").count == 3)
        #expect(try shoot.find("manifest:mismatched or manifest:unlisted").isEmpty)
    }

    @Test(
        "names what is other than listed, what is missing and what is not listed, and archives it all the same"
    )
    func wrong() throws {
        let (shoot, manifest) = try ListedShoot.listed()
        try shoot.write(history: [manifest])
        let good = HandMadeManifest.digest("xxh64", try shoot.bytes(of: "A/1.JPG"))
        try shoot.write(["A/1.JPG": .photo(at: 1, saying: "flipped"), "B/4.JPG": .photo(at: 4)])
        try shoot.remove("A/2.JPG")
        let report = try shoot.importing()
        #expect(report.manifestWords == "3 matched, 1 mismatched, 1 missing, 1 unlisted")
        let items = try #require(report.manifests.first).items
        #expect(items.map(\.path.display) == ["A/1.JPG", "A/2.JPG"])
        #expect(items.first?.verdict.expected == good)
        #expect(
            items.first?.verdict.actual == HandMadeManifest.digest("xxh64", try shoot.bytes(of: "A/1.JPG")))
        #expect(try shoot.find("manifest:mismatched").map(\.asset.name) == ["1.JPG"])
        #expect(try shoot.find("manifest:unlisted").map(\.asset.name) == ["4.JPG"])
        #expect(
            try shoot.outcomes() == [
                "B/3.JPG matched", "B/3.xmp matched", "notes.txt matched", "A/1.JPG mismatched",
                "A/2.JPG missing",
                "B/4.JPG unlisted",
            ])
    }

    @Test("finds what was copied again as it was listed, and forgets what was not listed and is gone")
    func mended() throws {
        let (shoot, manifest) = try ListedShoot.listed()
        try shoot.write(history: [manifest])
        try shoot.write(["A/1.JPG": .photo(at: 1, saying: "flipped"), "B/4.JPG": .photo(at: 4)])
        try shoot.remove("A/2.JPG")
        try shoot.importing()
        try shoot.write(["A/1.JPG": .photo(at: 1), "A/2.JPG": .photo(at: 2)])
        try shoot.remove("B/4.JPG")
        #expect(try shoot.importing().manifestWords == "5 matched")
        #expect(try shoot.outcomes().allSatisfy { $0.hasSuffix(" matched") })
    }

    @Test("marks an asset whose sidecar is not the one that was listed")
    func sidecar() throws {
        let (shoot, manifest) = try ListedShoot.listed()
        try shoot.write(history: [manifest])
        try shoot.write(["B/3.xmp": .xmp(rating: 5)])
        try shoot.importing()
        #expect(try shoot.find("manifest:mismatched").map(\.asset.name) == ["3.JPG"])
        #expect(try shoot.find("manifest:matched").count == 3)
    }

    @Test(
        "understands each way in which a legacy manifest writes a digest",
        arguments: ["md5", "sha1", "xxhash", "xxhash64", "xxhash64be"]
    )
    func legacy(element: String) throws {
        let (shoot, manifest) = try ListedShoot.listed(by: [element])
        try shoot.put(manifest.legacy, at: "shoot_2016-05-03_180500.mhl")
        let report = try shoot.importing()
        #expect(report.manifestWords == "5 matched")
        #expect(report.manifests.first?.tool == "OffShoot 24.1")
        try shoot.write(["A/1.JPG": .photo(at: 1, saying: "flipped")])
        #expect(try shoot.importing().manifestWords == "4 matched, 1 mismatched")
    }

    @Test("compares the size where a list has no digest, and claims no more than that")
    func sizeOnly() throws {
        let (shoot, manifest) = try ListedShoot.listed(by: ["null"])
        try shoot.put(manifest.legacy, at: "shoot.mhl")
        try shoot.write(["A/1.JPG": .photo(at: 1, saying: "longer")])
        let report = try shoot.importing()
        #expect(report.manifestWords == "1 mismatched, 4 unproven")
        #expect(report.manifests.first?.items.first?.verdict.algorithm == "size")
        #expect(try shoot.importing().manifestWords == "1 mismatched, 4 unproven")
    }

    @Test(
        "counts what a legacy list does not name only where all that it names lies, and not what systems leave"
    )
    func legacyScope() throws {
        let shoot = try Shoot(ListedShoot.tree)
        var manifest = HandMadeManifest()
        for name in ["A/1.JPG", "A/2.JPG"] { manifest.list(name, try shoot.bytes(of: name), by: ["md5"]) }
        try shoot.put(manifest.legacy, at: "A001.mhl")
        try shoot.write(["A/.DS_Store": .text("x"), "A/5.JPG": .photo(at: 5)])
        #expect(try shoot.importing().manifestWords == "2 matched, 1 unlisted")
    }

    @Test("says of what cannot be read that it was not compared")
    func unread() throws {
        let (shoot, manifest) = try ListedShoot.listed()
        try shoot.write(history: [manifest])
        let probe = Probe { call, path in call == .open && path.name == Path("1.JPG") ? EIO : nil }
        let report = try shoot.importing { $0.access = probe.access }
        #expect(report.manifestWords == "4 matched, 1 unproven")
        #expect(report.manifests.first?.items.first?.verdict.reason?.contains("could not open it") == true)
    }

    @Test("tells nothing missing when it was stopped")
    func stopped() throws {
        let (shoot, manifest) = try ListedShoot.listed()
        try shoot.write(history: [manifest])
        try shoot.remove("A/1.JPG")
        let report = try shoot.importing { $0.interruption.stop() }
        #expect(report.wasInterrupted)
        #expect(report.manifestWords == "")
    }

    // MARK: The next time

    @Test("a second time opens nothing but the manifests, and leaves nothing in the log")
    func again() throws {
        let (shoot, manifest) = try ListedShoot.listed(by: ["md5"])
        try shoot.write(history: [manifest])
        try shoot.write(["B/4.JPG": .photo(at: 4)])
        try shoot.remove("A/2.JPG")
        try shoot.importing()
        let changes = try shoot.catalog.log().count
        let probe = Probe()
        let report = try shoot.importing { $0.access = probe.access }
        #expect(report.manifestWords == "4 matched, 1 missing, 1 unlisted")
        #expect(probe.opens.allSatisfy { $0.folder.name == Path("ascmhl") })
        #expect(try shoot.catalog.log().count == changes)
    }

    @Test(
        "a new generation is answered from the digest that is kept, and by reading where that cannot answer")
    func newGeneration() throws {
        let shoot = try Shoot(ListedShoot.tree)
        try shoot.importing()
        var first = HandMadeManifest()
        for name in ListedShoot.names { first.list(name, try shoot.bytes(of: name), by: ["xxh128"]) }
        try shoot.write(history: [first])
        var probe = Probe()
        var report = try shoot.importing { $0.access = probe.access }
        // The notes are not kept, so there is no digest of them.
        #expect(report.manifestWords == "5 matched")
        #expect(
            Set(probe.opens.filter { $0.folder.name != Path("ascmhl") }) == [
                shoot.source.appending("notes.txt")
            ])

        var second = HandMadeManifest()
        second.list("A/1.JPG", try shoot.bytes(of: "A/1.JPG"), by: ["md5"], action: "verified")
        try shoot.write(history: [first, second])
        probe = Probe()
        report = try shoot.importing { $0.access = probe.access }
        #expect(report.manifestWords == "5 matched")
        #expect(report.manifests.first?.generations == 2)
        #expect(
            probe.opens.filter { $0.folder.name != Path("ascmhl") } == [shoot.source.appending("A/1.JPG")])
        #expect(report.counts.words == "8 seen: 1 new, 5 known, 1 changed, 1 other, 0 failed")
    }

    @Test("of a hundred known files a new list reads each once, and counts each as known")
    func manyChecks() throws {
        var tree: Tree = [:]
        for number in 0..<100 {
            tree.add(Array("A/\(number).JPG".utf8), .photo(at: number % 60, saying: "\(number)"))
        }
        let shoot = try Shoot(tree)
        try shoot.importing()
        var manifest = HandMadeManifest()
        for number in 0..<100 {
            manifest.list("A/\(number).JPG", try shoot.bytes(of: "A/\(number).JPG"), by: ["md5"])
        }
        try shoot.put(manifest.legacy, at: "A.mhl")
        let probe = Probe()
        let report = try shoot.importing { $0.access = probe.access }
        #expect(report.counts.words == "101 seen: 1 new, 100 known, 0 changed, 0 other, 0 failed")
        #expect(report.manifestWords == "100 matched")
        #expect(probe.opens.filter { $0.ending == "jpg" }.count == 100)
        #expect(Set(probe.opens.filter { $0.ending == "jpg" }).count == 100)
    }

    @Test("of what is not listed and none of ours it reads no more than it would")
    func unlistedStranger() throws {
        let shoot = try Shoot([
            "1.JPG": .photo(at: 1), "film.zip": .file([UInt8](repeating: 7, count: 3 << 20)),
        ])
        var manifest = HandMadeManifest()
        manifest.list("1.JPG", try shoot.bytes(of: "1.JPG"))
        try shoot.write(history: [manifest])
        let report = try shoot.importing()
        #expect(report.manifestWords == "1 matched, 1 unlisted")
        #expect(report.bytes < 1 << 20)
    }

    @Test(
        "a rename that a generation tells of leaves nothing missing, and what was found under the old name is forgotten"
    )
    func renamed() throws {
        let (shoot, first) = try ListedShoot.listed()
        try shoot.write(history: [first])
        try shoot.importing()
        let bytes = try shoot.bytes(of: "A/1.JPG")
        try shoot.put(bytes, at: "A/one.JPG")
        try shoot.remove("A/1.JPG")
        #expect(try shoot.importing().manifestWords == "4 matched, 1 missing, 1 unlisted")
        var second = HandMadeManifest()
        second.list("A/one.JPG", bytes, by: ["md5"], action: "original", previous: "A/1.JPG")
        try shoot.write(history: [first, second])
        #expect(try shoot.importing().manifestWords == "5 matched")
        #expect(try shoot.outcomes().sorted().first == "A/2.JPG matched")
        #expect(try shoot.outcomes().contains("A/one.JPG matched"))
        // The digest of the first generation still counts.
        try shoot.write(["A/one.JPG": .photo(at: 1, saying: "flipped")])
        let item = try shoot.importing().manifests.first?.items.first
        #expect(item?.verdict.algorithm == "xxh64")
        #expect(item?.manifest.display.hasPrefix("0001_") == true)
    }

    @Test("a digest that was taken as failed is never trusted, and a changed file stays changed")
    func failed() throws {
        let (shoot, first) = try ListedShoot.listed()
        try shoot.write(["A/1.JPG": .photo(at: 1, saying: "changed on set")])
        var second = HandMadeManifest()
        second.list("A/1.JPG", try shoot.bytes(of: "A/1.JPG"), by: ["xxh64", "md5"], action: "failed")
        second.list("new.JPG", [1, 2, 3], by: ["md5"], action: "failed")
        try shoot.put([1, 2, 3], at: "new.JPG")
        try shoot.write(history: [first, second])
        let report = try shoot.importing()
        #expect(report.manifestWords == "4 matched, 1 mismatched, 1 unproven")
        let item = report.manifests.first?.items.first
        #expect(item?.verdict.reason == "it had changed already in 0002_shoot_2016-05-03_180001Z.mhl")
        #expect(item?.manifest.display.hasPrefix("0001_") == true)
    }

    @Test("what a history leaves out is neither missing nor unlisted")
    func ignored() throws {
        let (shoot, _) = try ListedShoot.listed()
        var manifest = HandMadeManifest()
        manifest.ignore += ["*.txt", "/B/", "gone.JPG"]
        for name in ["A/1.JPG", "A/2.JPG"] { manifest.list(name, try shoot.bytes(of: name)) }
        manifest.list("gone.JPG", [1])
        try shoot.write(history: [manifest])
        #expect(try shoot.importing().manifestWords == "2 matched")
    }

    // MARK: Around it

    @Test(
        "copies the manifests with the shoot, in one read of each file, and what differs is copied and marked"
    )
    func copying() throws {
        let (shoot, manifest) = try ListedShoot.listed()
        try shoot.write(history: [manifest])
        try shoot.put(Array("about the format".utf8), at: "ascmhl/README.txt")
        try shoot.write(["A/1.JPG": .photo(at: 1, saying: "flipped")])
        let archive = shoot.scratch.path("archive")
        let probe = Probe()
        let report = try shoot.importing {
            $0.copyTo = [archive]
            $0.access = probe.access
        }
        #expect(report.manifestWords == "4 matched, 1 mismatched")
        #expect(report.copied == 7)
        for name in [
            "ascmhl/0001_shoot_2016-05-03_180000Z.mhl", "ascmhl/ascmhl_chain.xml", "ascmhl/README.txt",
            "A/1.JPG",
        ] {
            let copy = try Data(
                contentsOf: URL(fileURLWithPath: archive.appending("shoot/" + name).text ?? ""))
            #expect(Array(copy) == (try shoot.bytes(of: name)))
        }
        for name in ["A/1.JPG", "A/2.JPG"] {
            #expect(probe.opens.filter { $0 == shoot.source.appending(name) }.count == 1)
        }
        #expect(try shoot.find("manifest:mismatched").count == 1)
        // The copies are a shoot of their own, with their own manifest.
        let copied = try shoot.importing { $0.source = archive.appending("shoot") }
        #expect(copied.manifestWords == "3 matched, 1 mismatched, 1 missing")
    }

    @Test("a dry run holds the files against the manifests, tells it, and writes nothing")
    func rehearsal() throws {
        let (shoot, manifest) = try ListedShoot.listed()
        try shoot.write(history: [manifest])
        try shoot.remove("A/2.JPG")
        #expect(try shoot.importing { $0.isRehearsal = true }.manifestWords == "4 matched, 1 missing")
        #expect(try shoot.catalog.manifestHistories().isEmpty)
        try shoot.importing()
        #expect(try shoot.importing { $0.isRehearsal = true }.manifestWords == "4 matched, 1 missing")
    }

    @Test("is taken back whole, and brought back whole")
    func undo() throws {
        let (shoot, manifest) = try ListedShoot.listed()
        try shoot.write(history: [manifest])
        try shoot.importing()
        let before = try shoot.outcomes()
        let undone = try shoot.catalog.undo(try #require(try shoot.catalog.log().first), command: "undo")
        #expect(try shoot.catalog.manifestHistories().isEmpty)
        #expect(try shoot.find("manifest:matched").isEmpty)
        try shoot.catalog.undo(undone, command: "undo")
        #expect(try shoot.outcomes() == before)
        #expect(try shoot.find("manifest:matched").count == 3)
        try shoot.catalog.undo(try #require(try shoot.catalog.log().first), command: "undo")
        #expect(try shoot.importing().manifestWords == "5 matched")
        #expect(try shoot.outcomes() == before)
    }

    @Test("takes a manifest that an earlier program left aside as none of ours")
    func leftAside() throws {
        let (shoot, manifest) = try ListedShoot.listed()
        try shoot.put(manifest.legacy, at: "shoot.mhl")
        let (volume, path) = try VolumeLocation.of(shoot.source, access: FileAccess())
        let run = try shoot.catalog.beginImport(
            source: shoot.source, command: "import", session: nil, tags: [])
        let key = try run.volume(key: volume.key, name: volume.name, mount: volume.mount)
        let identity = try FileAccess().status(of: shoot.source.appending("shoot.mhl")).identity
        _ = try run.record(
            groups: [],
            strays: [
                StrayRecord(
                    volume: key, path: path.appending("shoot.mhl"), identity: identity, outcome: .other,
                    reason: "")
            ])
        try run.finish(ImportCounts())
        let report = try shoot.importing()
        #expect(report.counts.words == "6 seen: 5 new, 0 known, 0 changed, 1 other, 0 failed")
        #expect(try shoot.catalog.heldContent(Digests(of: manifest.legacy).sha256) != nil)
    }

    @Test("a list of a hundred thousand files is held against a shoot in little time")
    func long() throws {
        let (shoot, _) = try ListedShoot.listed()
        var manifest = HandMadeManifest()
        let digest = HandMadeManifest.digest("xxh64", [1])
        for number in 0..<100_000 {
            manifest.hashes.append(
                .init(
                    path: "CLIPS/A\(number / 1_000)/F\(number).JPG", digests: [("xxh64", digest, "original")])
            )
        }
        for name in ListedShoot.names { manifest.list(name, try shoot.bytes(of: name)) }
        try shoot.write(history: [manifest])
        let start = ContinuousClock.now
        let report = try shoot.importing()
        #expect(report.manifestWords == "5 matched, 100000 missing")
        #expect(report.manifests.first?.items.count == ImportReport.longestList)
        #expect(ContinuousClock.now - start < .seconds(300))
        let again = ContinuousClock.now
        #expect(try shoot.importing().manifestWords == "5 matched, 100000 missing")
        #expect(ContinuousClock.now - again < .seconds(300))
    }
}

@Suite("What a history leaves out")
struct IgnoreTests {
    @Test(
        "follows the rules of gitignore",
        arguments: [
            ("*.txt", "a/b/notes.txt", true), ("*.txt", "notes.txt/clip.mov", true),
            ("*.txt", "a.mov", false),
            ("/A/", "A/1.mov", true), ("/A/", "B/A/1.mov", false), ("A/", "B/A/1.mov", true),
            ("A/", "A", false),
            ("A/*.mov", "A/1.mov", true), ("A/*.mov", "B/A/1.mov", false), ("A/*.mov", "A/B/1.mov", false),
            ("**/B/*.mov", "A/C/B/1.mov", true), ("A/**/1.mov", "A/1.mov", true), ("A/**", "A/b/c", true),
            ("[ab]?.mov", "b1.mov", true), ("[!ab]?.mov", "b1.mov", false), ("[a-c].mov", "b.mov", true),
            ("\\*.mov", "*.mov", true), ("\\*.mov", "a.mov", false), ("# words", "# words", false),
            ("", "a", false),
            ("a*b*c*d*e*f*g*h*i*", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
            ("[", "[", true), ("[]]", "]", true), (".DS_Store", "A/.DS_Store", true),
        ]
    )
    func rules(pattern: String, path: String, isCovered: Bool) {
        #expect(IgnorePatterns([pattern]).cover(Array(path.utf8)) == isCovered, "\(pattern) \(path)")
    }

    @Test("lets a later pattern bring a file back, but not out of a folder that is left out")
    func negated() {
        let patterns = IgnorePatterns(["*.mov", "!keep.mov", "gone/"])
        #expect(!patterns.cover(Array("A/keep.mov".utf8)))
        #expect(patterns.cover(Array("A/other.mov".utf8)))
        #expect(patterns.cover(Array("gone/keep.mov".utf8)))
    }

    @Test("takes any pattern there is, and ends", arguments: 0..<200)
    func random(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let letters = Array("ab*?[]!-\\/.^ ".utf8)
        func text(_ most: Int) -> [UInt8] {
            (0..<Int.random(in: 0...most, using: &random)).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &random)]
            }
        }
        let patterns = IgnorePatterns((0..<5).map { _ in String(decoding: text(30), as: UTF8.self) })
        for _ in 0..<20 { _ = patterns.cover(text(60)) }
    }
}
