import Catalog
import Export
import Files
import Foundation
import Testing

@Suite("Checking a delivered package")
struct CheckTests {
    private func package() throws -> Scratch {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        try fixture.select("Wall", [try fixture.photograph("One", width: 240, height: 160)])
        try fixture.export("Wall", to: outbox.path("exhibit"))
        return outbox
    }

    private func faults(_ outbox: Scratch) throws -> [String] {
        try DeliveryCheck.verify(Path(outbox.path("exhibit"))).faults.map {
            "\($0.path.display) \($0.reason)"
        }
    }

    private func change(_ file: String, _ body: (inout Data) -> Void) throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        body(&bytes)
        try bytes.write(to: URL(fileURLWithPath: file))
    }

    @Test("finds nothing wrong with one that is whole, wherever it was moved to")
    func sound() throws {
        let outbox = try package()
        #expect(try faults(outbox) == [])
        #expect(DeliveryCheck.isPackage(Path(outbox.path("exhibit"))))
        #expect(!DeliveryCheck.isPackage(Path(outbox.folder.path())))
        try FileManager.default.moveItem(atPath: outbox.path("exhibit"), toPath: outbox.path("moved ü"))
        #expect(try DeliveryCheck.verify(Path(outbox.path("moved ü"))).isSound)
    }

    @Test("finds one other bit in any of its files")
    func flipped() throws {
        let outbox = try package()
        let folder = outbox.path("exhibit")
        let files = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
            .filter { !FileManager.default.directoryExists(atPath: folder + "/" + $0) }
        for file in files {
            let whole = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file))
            for place in [0, whole.count / 2, whole.count - 1] {
                try change(folder + "/" + file) { $0[place] ^= 0x04 }
                #expect(!(try faults(outbox).isEmpty), "\(file) at \(place)")
                try whole.write(to: URL(fileURLWithPath: folder + "/" + file))
            }
        }
        #expect(try faults(outbox) == [])
    }

    @Test("names what is missing, what was added, and what took another's name")
    func inventory() throws {
        let outbox = try package()
        let data = outbox.path("exhibit/data")
        try Data("more".utf8).write(to: URL(fileURLWithPath: data + "/notes.txt"))
        try FileManager.default.removeItem(atPath: data + "/labels.csv")
        try Data("tag".utf8).write(to: URL(fileURLWithPath: outbox.path("exhibit/stray.txt")))
        try FileManager.default.createSymbolicLink(
            atPath: data + "/link",
            withDestinationPath: "/etc/hostname"
        )
        let found = try faults(outbox)
        #expect(found.contains("data/notes.txt is not listed in manifest-sha256.txt"))
        #expect(found.contains("data/notes.txt is not in the media hash list"))
        #expect(found.contains("data/labels.csv is listed in manifest-sha256.txt and missing"))
        #expect(found.contains("data/labels.csv is listed in the media hash list and missing"))
        #expect(found.contains("stray.txt is not listed in tagmanifest-sha256.txt"))
        #expect(found.contains("data/link is a link or a device, and no file"))
        #expect(found.contains { $0.hasPrefix("bag-info.txt states another size") })
    }

    @Test("finds two pictures that changed names, though every byte is there")
    func swapped() throws {
        let outbox = try package()
        let gallery = outbox.path("exhibit/data/gallery")
        let names = try FileManager.default.contentsOfDirectory(atPath: gallery).sorted()
        try FileManager.default.moveItem(atPath: "\(gallery)/\(names[0])", toPath: "\(gallery)/x")
        try FileManager.default.moveItem(atPath: "\(gallery)/\(names[1])", toPath: "\(gallery)/\(names[0])")
        try FileManager.default.moveItem(atPath: "\(gallery)/x", toPath: "\(gallery)/\(names[1])")
        let found = try faults(outbox)
        #expect(found.contains("data/gallery/\(names[0]) is not what was sealed: its SHA-256 differs"))
        #expect(found.contains("data/gallery is not arranged as the media hash list says"))
        #expect(!found.contains("data/gallery does not hold what the media hash list says"))
    }

    @Test("is not taken in by manifests that were written again without the others")
    func forged() throws {
        let outbox = try package()
        try change(outbox.path("exhibit/manifest-sha256.txt")) { $0.removeLast(20) }
        #expect(try faults(outbox).contains { $0.hasPrefix("manifest-sha256.txt is not what was sealed") })
        let chain = outbox.path("exhibit/data/ascmhl/ascmhl_chain.xml")
        try change(chain) { bytes in
            bytes = Data(
                String(decoding: bytes, as: UTF8.self).replacing("0001_data", with: "../0001_data").utf8
            )
        }
        #expect(try faults(outbox).contains { $0.contains("names a generation outside its folder") })
    }
}
