import Catalog
import Files
import Foundation
import Testing

@testable import Ingest

@Suite("A history of manifests")
struct ManifestHistoryTests {
    // MARK: Whether the manifests are whole

    @Test(
        "tells a manifest that was changed after it was sealed, and holds the files against it all the same")
    func tampered() throws {
        let (shoot, manifest) = try ListedShoot.listed()
        try shoot.write(history: [manifest])
        let name = "ascmhl/0001_shoot_2016-05-03_180000Z.mhl"
        try shoot.put(try shoot.bytes(of: name) + Array("<!-- -->".utf8), at: name)
        let report = try shoot.importing()
        #expect(report.manifestWords == "5 matched")
        #expect(
            report.manifests.first?.faults
                == ["0001_shoot_2016-05-03_180000Z.mhl was changed after it was sealed"])
        #expect(report.manifests.first?.isWhole == false)
        let history = try #require(try shoot.catalog.manifestHistories().first)
        #expect(history.manifests.map(\.seal) == [.changed])
        #expect(history.manifests.last?.faults == report.manifests.first?.faults)
    }

    @Test(
        "tells a manifest that is gone, one that no chain names, a chain that is gone, and one that is none")
    func chains() throws {
        let (shoot, manifest) = try ListedShoot.listed()
        try shoot.write(history: [manifest, manifest])
        try shoot.remove("ascmhl/0001_shoot_2016-05-03_180000Z.mhl")
        #expect(
            try shoot.importing().manifests.first?.faults
                == ["0001_shoot_2016-05-03_180000Z.mhl is named in the chain and is not there"])
        try shoot.put(manifest.asc, at: "ascmhl/0003_shoot_2016-05-03_180002Z.mhl")
        #expect(
            try shoot.importing().manifests.first?.faults.last
                == "0003_shoot_2016-05-03_180002Z.mhl is not named in the chain: nothing seals it")
        try shoot.remove("ascmhl/ascmhl_chain.xml")
        let report = try shoot.importing()
        #expect(
            report.manifests.first?.faults
                == [
                    "ascmhl_chain.xml is not there: nothing says whether the manifests are as they were written"
                ])
        #expect(report.manifestWords == "5 matched")
        try shoot.put(Array("<ascmhldirectory><hash".utf8), at: "ascmhl/ascmhl_chain.xml")
        #expect(
            try shoot.importing().manifests.first?.faults.first?
                .hasPrefix("ascmhl_chain.xml cannot be used: it is not well formed at line 1") == true)
    }

    @Test("leaves out paths that lead out of the folder, and says so")
    func paths() throws {
        let shoot = try Shoot(["1.JPG": .photo(at: 1)])
        var manifest = HandMadeManifest()
        for path in ["../secret", "/etc/passwd", "a/../../b", "..", "a/./../x"] { manifest.list(path, [1]) }
        manifest.list("./x//../1.JPG", [1])
        manifest.list(".//1.JPG", try shoot.bytes(of: "1.JPG"))
        try shoot.write(history: [manifest])
        let report = try shoot.importing()
        #expect(report.manifestWords == "1 matched")
        #expect(
            report.manifests.first?.faults == [
                "0001_shoot_2016-05-03_180000Z.mhl lists 6 paths that lead out of its folder or are none: they are left out"
            ])
    }

    // MARK: Where manifests lie

    @Test("a nested history answers for its own folder, and the one above seals its manifests")
    func nested() throws {
        let (shoot, _) = try ListedShoot.listed()
        var below = HandMadeManifest()
        for name in ["3.JPG", "3.xmp"] { below.list(name, try shoot.bytes(of: "B/" + name)) }
        var above = HandMadeManifest()
        for name in ["A/1.JPG", "A/2.JPG", "notes.txt"] { above.list(name, try shoot.bytes(of: name)) }
        let name = "ascmhl/0001_shoot_2016-05-03_180000Z.mhl"
        above.references = [("B/" + name, C4Identifier(of: below.asc).text)]
        try shoot.write(history: [above])
        try shoot.write(history: [below], in: "B")
        try shoot.write(["B/4.JPG": .photo(at: 4)])
        var report = try shoot.importing()
        #expect(report.manifestWords == "3 matched / 2 matched, 1 unlisted")
        #expect(report.manifests.map(\.path.display) == [name, "B/" + name])
        #expect(report.manifests.flatMap(\.faults).isEmpty)

        // Changed, and its chain with it: only the manifest above can know.
        below.list("4.JPG", try shoot.bytes(of: "B/4.JPG"))
        try shoot.write(history: [below], in: "B")
        report = try shoot.importing()
        #expect(report.manifestWords == "3 matched / 3 matched")
        #expect(
            report.manifests.flatMap(\.faults) == [
                "0001_shoot_2016-05-03_180000Z.mhl is not the one that 0001_shoot_2016-05-03_180000Z.mhl above it seals"
            ])
        try FileManager.default.removeItem(atPath: shoot.source.appending("B/ascmhl").text ?? "")
        report = try shoot.importing()
        #expect(report.manifestWords == "3 matched, 3 unlisted")
        #expect(
            report.manifests.flatMap(\.faults) == [
                "B/\(name), which 0001_shoot_2016-05-03_180000Z.mhl seals, is not there"
            ])
    }

    @Test("what lies above the source is read as far as it speaks of it, and kept as a file")
    func above() throws {
        let (shoot, _) = try ListedShoot.listed()
        var manifest = HandMadeManifest()
        for name in ListedShoot.names { manifest.list("shoot/" + name, try shoot.bytes(of: name)) }
        manifest.list("another/9.JPG", [9])
        var list = HandMadeManifest()
        list.list("shoot/A/1.JPG", try shoot.bytes(of: "A/1.JPG"), by: ["md5"])
        var stranger = HandMadeManifest()
        stranger.list("another/9.JPG", [9], by: ["md5"])
        var tree: Tree = ["shoot.mhl": .file(list.legacy), "another.mhl": .file(stranger.legacy)]
        for file in HandMadeManifest.history([manifest]) {
            tree.add(Array("ascmhl/\(file.name)".utf8), .file(file.bytes))
        }
        try tree.write(to: shoot.scratch.folder)
        let report = try shoot.importing()
        #expect(report.counts.words == "5 seen: 4 new, 0 known, 0 changed, 1 other, 0 failed")
        #expect(report.manifestWords == "5 matched / 1 matched")
        #expect(report.manifests.map(\.path).contains(shoot.scratch.path("shoot.mhl")))
        for name in ["shoot.mhl", "ascmhl/ascmhl_chain.xml"] {
            let digest = Digests(of: try shoot.bytes(of: "../" + name)).sha256
            let file = try #require(try shoot.catalog.heldContent(digest), "\(name)")
            #expect(try shoot.catalog.copies(of: file).map(\.location) == [shoot.scratch.path(name)])
        }
        #expect(try shoot.catalog.heldContent(Digests(of: stranger.legacy).sha256) == nil)
        let changes = try shoot.catalog.log().count
        #expect(try shoot.importing().manifestWords == "5 matched / 1 matched")
        #expect(try shoot.catalog.log().count == changes)
    }

    @Test("what a history above says of one folder still stands when another is imported")
    func aboveTwice() throws {
        let (shoot, _) = try ListedShoot.listed()
        let other = shoot.scratch.path("other")
        try (["9.JPG": .photo(at: 9)] as Tree).write(to: other)
        var manifest = HandMadeManifest()
        for name in ListedShoot.names { manifest.list("shoot/" + name, try shoot.bytes(of: name)) }
        manifest.list("other/9.JPG", try shoot.bytes(of: "../other/9.JPG"))
        var tree: Tree = [:]
        for file in HandMadeManifest.history([manifest]) {
            tree.add(Array("ascmhl/\(file.name)".utf8), .file(file.bytes))
        }
        try tree.write(to: shoot.scratch.folder)
        #expect(try shoot.importing().manifestWords == "5 matched")
        #expect(try shoot.importing { $0.source = other }.manifestWords == "1 matched")
        #expect(try shoot.outcomes().count == 6)
    }

    @Test("lists for each clip are one to whoever reads the report")
    func listForEach() throws {
        let shoot = try Shoot(ListedShoot.tree)
        for name in ["A/1.JPG", "A/2.JPG"] {
            var manifest = HandMadeManifest()
            manifest.list(Path(name).name.display, try shoot.bytes(of: name), by: ["md5"])
            try shoot.put(manifest.legacy, at: name + ".mhl")
        }
        try shoot.put(Array("<hashlist".utf8), at: "A/0.mhl")
        try shoot.put([0, 5, 0x16, 7], at: "A/._2.JPG.mhl")
        let report = try shoot.importing()
        #expect(report.manifestWords == "2 matched")
        #expect(report.manifests.map(\.generations) == [2])
        #expect(report.manifests.first?.path.display == "A/2.JPG.mhl")
        #expect(
            report.manifests.first?.faults.first?.hasPrefix(
                "0.mhl cannot be used: it is not well formed at line 1") == true)
        #expect(try shoot.listing() == ["1.JPG", "2.JPG", "3.JPG, sidecar 3.xmp"])
    }

    @Test(
        "a name that is composed in the manifest and decomposed on the disk is one name, unless both are there"
    )
    func accents() throws {
        let composed = "A/\u{C9}dith.JPG"
        let decomposed = "A/E\u{301}dith.JPG"
        var tree: Tree = [:]
        tree.add(Array(decomposed.utf8), .photo(at: 1))
        let shoot = try Shoot(tree)
        var manifest = HandMadeManifest()
        manifest.list(composed, try shoot.bytes(of: decomposed))
        try shoot.write(history: [manifest])
        #expect(try shoot.importing().manifestWords == "1 matched")
        try shoot.put(try shoot.bytes(of: decomposed), at: composed)
        #expect(try shoot.importing().manifestWords == "1 matched, 1 unlisted")
    }
}
