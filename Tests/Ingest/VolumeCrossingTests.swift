import Catalog
import Files
import Foundation
import Glibc
import Ingest
import Testing

@Suite("An import across file systems")
struct VolumeCrossingTests {
    @Test("records each file on its own volume, and calls nothing missing that is only covered or away")
    func mounted() throws {
        let shoot = try Shoot([
            "a/1.JPG": .photo(at: 1), "card/2.JPG": .photo(at: 2), "card/deep/3.JPG": .photo(at: 3),
            "d.JPG": .photo(at: 4),
        ])
        #expect(try shoot.importing().counts.new == 4)
        let point = shoot.source.appending("card").text ?? ""
        guard mount("tmpfs", point, "tmpfs", 0, "size=1m") == 0 else {
            // Mounting is root's privilege.
            return
        }
        var isMounted = true
        defer { if isMounted { umount(point) } }
        try shoot.write(["card/4.JPG": .photo(at: 5), "card/2.JPG": .photo(at: 6)])
        let across = try shoot.importing()
        #expect(across.counts.words == "4 seen: 2 new, 2 known, 0 changed, 0 other, 0 failed")
        #expect(across.missing == 0)
        let places = try shoot.find("name:4.JPG").flatMap { try shoot.catalog.files(of: $0.asset.id) }
            .flatMap { try shoot.catalog.copies(of: $0.file) }
        #expect(places.contains { $0.path == Path("4.JPG") })
        try shoot.remove("card/4.JPG")
        #expect(try shoot.importing().missing == 1)
        umount(point)
        isMounted = false
        let after = try shoot.importing()
        #expect(after.counts.words == "4 seen: 0 new, 4 known, 0 changed, 0 other, 0 failed")
        #expect(after.missing == 0)
    }

    @Test("through a link to the source is an import of the source")
    func linkedSource() throws {
        let shoot = try Shoot(["1.JPG": .photo(at: 1)])
        try shoot.importing()
        let link = shoot.scratch.path("link")
        _ = link.withCString { symlink(shoot.source.text ?? "", $0) }
        #expect(try shoot.importing { $0.source = link }.counts.known == 1)
    }

    @Test("takes a folder that is only called like a card's for a folder")
    func notACard() throws {
        let shoot = try Shoot([
            "M4ROOT/1.JPG": .photo(at: 1), "M4ROOT/sub/1.xmp": .xmp(rating: 1),
            "M4ROOT/1.xmp": .xmp(rating: 4),
            "M4ROOT/x.doc": .text("x"),
        ])
        let report = try shoot.importing()
        #expect(report.counts.words == "4 seen: 3 new, 0 known, 0 changed, 1 other, 0 failed")
        #expect(try shoot.find().map(\.asset.rating) == [4])
    }
}
