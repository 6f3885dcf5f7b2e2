import Catalog
import Files
import Foundation
import Testing

@testable import Ingest

/// Where the ASC's own tool lies; nil when it is not installed.
private let tool: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/ascmhl" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}()

/// Histories as the ASC's own tool writes them; without it these tests say that they were skipped.
@Suite("An import of what ascmhl made", .enabled(if: tool != nil))
struct ManifestToolTests {
    @discardableResult
    func ascmhl(_ arguments: String..., in folder: Path) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(tool))
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.text ?? "")
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    func shoot() throws -> Shoot {
        try Shoot([
            "A/1.JPG": .photo(at: 1), "A/2.JPG": .photo(at: 2), "B/3.JPG": .photo(at: 3),
            "notes.txt": .text("camera report"), "100% & <co>.JPG": .photo(at: 4),
        ])
    }

    @Test(
        "finds each file as it was listed, by each of its algorithms",
        arguments: ["md5", "sha1", "xxh128", "xxh3", "xxh64", "c4"])
    func algorithms(name: String) throws {
        let shoot = try shoot()
        #expect(try ascmhl("create", "-h", name, ".", in: shoot.source) == 0)
        let report = try shoot.importing()
        #expect(report.manifestWords == "5 matched")
        #expect(report.manifests.first?.faults == [])
        #expect(report.manifests.first?.tool == "ascmhl 1.2")
        #expect(try shoot.catalog.manifestHistories().first?.manifests.map(\.seal) == [.sealed])
    }

    @Test("follows nested histories, generations, a failed file and a chain")
    func generations() throws {
        let shoot = try shoot()
        #expect(try ascmhl("create", "-h", "xxh64", "B", in: shoot.source) == 0)
        #expect(try ascmhl("create", "-h", "xxh64", ".", in: shoot.source) == 0)
        #expect(try shoot.importing().manifestWords == "4 matched / 1 matched")
        try shoot.write(["A/1.JPG": .photo(at: 1, saying: "changed"), "B/5.JPG": .photo(at: 5)])
        #expect(try ascmhl("create", "-h", "md5", ".", in: shoot.source) == 11)
        let report = try shoot.importing()
        #expect(report.manifestWords == "3 matched, 1 mismatched / 2 matched")
        #expect(report.manifests.map(\.generations) == [2, 3])
        #expect(report.manifests.flatMap(\.faults).isEmpty)
        #expect(
            report.manifests.first?.items.first?.verdict.reason?.hasPrefix("it had changed already in 0002_")
                == true)
    }

    @Test("follows a rename that it detected")
    func renamed() throws {
        let shoot = try shoot()
        #expect(try ascmhl("create", "-h", "xxh64", ".", in: shoot.source) == 0)
        let bytes = try shoot.bytes(of: "A/1.JPG")
        try shoot.remove("A/1.JPG")
        try shoot.put(bytes, at: "B/one.JPG")
        #expect(try shoot.importing().manifestWords == "4 matched, 1 missing, 1 unlisted")
        #expect(try ascmhl("create", "-dr", "-h", "xxh64", ".", in: shoot.source) == 0)
        #expect(try shoot.importing().manifestWords == "5 matched")
    }

    @Test("reads a flattened list that stands alone")
    func flattened() throws {
        let shoot = try shoot()
        #expect(try ascmhl("create", "-h", "xxh64", ".", in: shoot.source) == 0)
        try FileAccess().makeFolders(shoot.scratch.path("flat"))
        #expect(try ascmhl("flatten", "-n", ".", "../flat", in: shoot.source) == 0)
        try FileManager.default.removeItem(atPath: shoot.source.appending("ascmhl").text ?? "")
        let names = try FileAccess().names(in: shoot.scratch.path("flat")) { ManifestName.isList($0.bytes) }
        let list = try #require(names.first)
        try FileManager.default.moveItem(
            atPath: shoot.scratch.path("flat").appending(list).text ?? "",
            toPath: shoot.source.appending(list).text ?? "")
        let report = try shoot.importing()
        #expect(report.manifestWords == "5 matched")
        #expect(report.manifests.map(\.path) == [list])
    }

    @Test("tells, as the tool does, that a manifest was edited and that the chain is gone")
    func damage() throws {
        let shoot = try shoot()
        #expect(try ascmhl("create", "-h", "xxh64", ".", in: shoot.source) == 0)
        let folder = shoot.source.appending("ascmhl")
        let name = try #require(try FileAccess().names(in: folder) { ManifestName.isList($0.bytes) }.first)
        let path = "ascmhl/" + name.display
        try shoot.put(try shoot.bytes(of: path) + [0x0A], at: path)
        #expect(try ascmhl("diff", ".", in: shoot.source) == 31)
        #expect(
            try shoot.importing().manifests.first?.faults == [
                "\(name.display) was changed after it was sealed"
            ])
        try shoot.remove("ascmhl/ascmhl_chain.xml")
        #expect(try ascmhl("diff", ".", in: shoot.source) == 32)
        #expect(
            try shoot.importing().manifests.first?.faults.first?.hasPrefix("ascmhl_chain.xml is not there")
                == true)
    }
}
