import Catalog
import Files
import Foundation
import Ingest
import MediaProtocol
import Testing
import Workers

@testable import Previews

/// An archive of a test's own with a copy of a fixture shoot in it, imported.
final class Studio {
    let folder: Path
    let catalog: Catalog
    let previews: PreviewFolder
    let shoot: Path

    static let fixtures = Path(
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures").path()
    )

    init(_ shoots: [String] = ["desert/100EOS5D"]) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = try FileAccess().resolved(Path(url.path()))
        shoot = folder.appending("shoot")
        for name in shoots {
            let place = URL(fileURLWithPath: "\(shoot.display)/\(name)")
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: URL(fileURLWithPath: Self.fixtures.appending(name).display), to: place)
        }
        let archive = Archive(folder: folder)
        let author = Author(machineIdentity: "laptop", machineName: "laptop", person: "Andreas Neumann")
        catalog = try archive.create(by: author) { Int64(Date().timeIntervalSince1970 * 1_000) }
        previews = try #require(PreviewFolder(archive.previewFolder))
        try importShoot()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.display) }

    func importShoot() throws {
        _ = try Importer.run(
            ImportRequest(source: shoot, command: "import", workers: Self.workers), catalog: catalog)
    }

    /// The programs that were built beside the tests.
    static var workers: [UInt8] {
        let itself = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return Path(itself).folder.bytes
    }

    func request(_ query: String = "all", adjust: (inout PreviewRequest) -> Void = { _ in }) throws
        -> PreviewRequest
    {
        var request = PreviewRequest(query: try Query.parse(query), folder: previews, workers: Self.workers)
        request.threads = 2
        adjust(&request)
        return request
    }

    @discardableResult
    func build(_ query: String = "all", adjust: (inout PreviewRequest) -> Void = { _ in }) throws
        -> PreviewReport
    {
        let report = try PreviewBuilder(try request(query, adjust: adjust), catalog: catalog).run()
        #expect(report.addsUp, "\(report)")
        return report
    }

    /// The files that lie there, by their sizes.
    func files() throws -> [Path: Int64] {
        var files: [Path: Int64] = [:]
        try previews.cache.each { name, bytes throws(FileError) in files[name] = bytes }
        return files
    }

    func bytes() throws -> Int64 { try files().values.reduce(0, +) }

    func digest(_ name: String) throws -> SHA256Digest {
        try #require(try catalog.find(try Query.parse("name:\(name)")).first).asset.digest
    }
}

@Suite("Previews are kept")
struct PreviewBuilderTests {
    @Test("Each photograph has two, a clip a strip as well, a sound none; once made they are not made again")
    func build() throws {
        let studio = try Studio(["rancho"])
        let report = try studio.build()
        #expect(report.madeKinds == [.photo: 7, .clip: 4])
        #expect(report.sounds == 1)
        #expect(report.failed == 0 && report.stop == nil)
        // One clip has no more pixels than its small preview.
        #expect(try studio.files().count == 11 + 10 + 4)
        #expect(try studio.bytes() == report.bytes)
        #expect(try studio.catalog.previewBytes() == report.bytes)
        let again = try studio.build()
        #expect(again.made == 0 && again.there == 11)
        let clip = try #require(try studio.catalog.find(try Query.parse("name:A001C001.MOV")).first)
        let known = try #require(try studio.catalog.preview(of: clip.asset.id))
        #expect(known.strip?.frames == 10)
        #expect(known.origin == .frame)
        #expect(known.hash != nil)
        #expect(try studio.catalog.count(try Query.parse("is:without-preview")) == 0)
    }

    @Test("What is gone from the disk, or is not whole, is noticed and made again")
    func lost() throws {
        let studio = try Studio()
        try studio.build()
        let whole = try studio.files()
        let digest = try studio.digest("IMG_4120.JPG")
        try studio.previews.remove(.large, of: digest)
        let other = try studio.digest("IMG_4117.JPG")
        let place = studio.previews.path(.small, of: other).display
        try Data(contentsOf: URL(fileURLWithPath: place)).prefix(100).write(to: URL(fileURLWithPath: place))
        let report = try studio.build()
        #expect(report.made == 2)
        #expect(try studio.files() == whole)
        try FileManager.default.removeItem(atPath: studio.previews.cache.path.display)
        #expect(try studio.build().made == whole.count / 2)
        #expect(try studio.files() == whole)
    }

    @Test("Only small ones are made when that is asked, and the large ones later")
    func smallOnly() throws {
        let studio = try Studio()
        let report = try studio.build { $0.isSmallOnly = true }
        #expect(try studio.files().keys.allSatisfy { $0.display.hasSuffix("-512.jpg") })
        #expect(try studio.build { $0.isSmallOnly = true }.there == report.made)
        #expect(try studio.build().made == report.made)
        #expect(try studio.files().count == report.made * 2)
    }

    @Test(
        "Where room is short, large ones of the pictures taken longest ago give way, and the small ones stay")
    func bound() throws {
        let studio = try Studio()
        let all = try studio.build()
        let small = try studio.files().filter { $0.key.display.hasSuffix("-512.jpg") }.values.reduce(0, +)
        let bound = small + (all.bytes - small) / 2
        let report = try studio.build { $0.bound = bound }
        #expect(report.gaveWay > 0 && report.stop == nil)
        #expect(try studio.bytes() <= bound)
        #expect(try studio.bytes() == report.bytes)
        let assets = try studio.catalog.find(.all, sortedBy: [SortKey(.taken)])
        let kept = assets.map { studio.previews.size(.large, of: $0.asset.digest) != nil }
        let first = try #require(kept.firstIndex(of: true))
        #expect(first > 0 && kept[first...].allSatisfy { $0 }, "the newest are kept: \(kept)")
        #expect(assets.allSatisfy { studio.previews.size(.small, of: $0.asset.digest) != nil })
        // The bound is kept, and a run from the beginning comes to nearly the same: the newest have theirs.
        #expect(try studio.catalog.previewBound() == bound)
        _ = try PreviewRemoval.run(.all, folder: studio.previews, catalog: studio.catalog)
        let anew = try studio.build()
        #expect(try studio.bytes() <= bound)
        #expect(anew.made == assets.count && anew.stop == nil)
        #expect(studio.previews.size(.large, of: assets[assets.count - 1].asset.digest) != nil)
        #expect(studio.previews.size(.large, of: assets[0].asset.digest) == nil)
    }

    @Test("When small ones alone fill the room, it stops and says so, and goes on when there is more")
    func boundOfSmall() throws {
        let studio = try Studio()
        let report = try studio.build {
            $0.bound = 60_000
            $0.threads = 1
        }
        #expect(report.stop == .bound)
        #expect(report.left > 0 && report.made > 0)
        #expect(try studio.files().keys.allSatisfy { $0.display.hasSuffix("-512.jpg") })
        let more = try studio.build { $0.bound = 1_000_000_000 }
        #expect(more.stop == nil)
        #expect(try studio.catalog.previewStanding().missing == 0)
        #expect(try studio.catalog.previewStanding().withoutLarge == 0)
    }

    @Test("A file that cannot be decoded is named once, stops nothing, and is tried again when that is asked")
    func failing() throws {
        let studio = try Studio()
        let source = studio.shoot.appending("desert/100EOS5D/IMG_4117.JPG").display
        let bytes = try Data(contentsOf: URL(fileURLWithPath: source))
        try bytes.prefix(3_000).write(to: URL(fileURLWithPath: "\(studio.shoot.display)/BROKEN.JPG"))
        try studio.importShoot()
        let report = try studio.build()
        #expect(report.failed == 1)
        #expect(report.failures.map(\.name) == ["BROKEN.JPG"])
        #expect(try studio.catalog.previewFailures(limit: 5).map(\.reason) == report.failures.map(\.reason))
        let again = try studio.build()
        #expect(again.failed == 1 && again.failures.isEmpty && again.made == 0)
        #expect(try studio.build("name:BROKEN.JPG") { $0.isAgain = true }.failures.count == 1)
        #expect(try studio.catalog.count(try Query.parse("is:without-preview")) == 1)
    }

    @Test("A worker that dies over one file is started anew for the others")
    func dying() throws {
        let studio = try Studio()
        let folder = studio.folder.appending("workers").display
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let script = """
            #!/bin/bash
            # A media reader that dies of one picture.
            while IFS= read -r line; do
                case $line in *IMG_4120*) kill -SEGV $$ ;; esac
                printf '%s\\n' "$line" | "\(Path(bytes: Studio.workers).display)/valhalla-media"
            done
            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: folder + "/valhalla-media"))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: folder + "/valhalla-media")
        let report = try studio.build { $0.worker = .media(in: Path(folder).bytes) }
        #expect(report.failures.map(\.name) == ["IMG_4120.JPG"])
        #expect(report.failures.first?.reason.contains("crashed") == true)
        #expect(report.made == report.seen - 1)
        #expect(try studio.files().keys.allSatisfy { !$0.display.contains("valhalla-part") })
    }

    @Test("An original that is another file by now, or gone, gets no preview under the old digest")
    func changed() throws {
        let studio = try Studio()
        let place = studio.shoot.appending("desert/100EOS5D/IMG_4120.JPG").display
        let digest = try studio.digest("IMG_4120.JPG")
        let other = studio.shoot.appending("desert/100EOS5D/IMG_4121.JPG").display
        let size = try Data(contentsOf: URL(fileURLWithPath: place)).count
        var bytes = try Data(contentsOf: URL(fileURLWithPath: other)).prefix(size)
        bytes.append(Data(count: size - bytes.count))
        try bytes.write(to: URL(fileURLWithPath: place))
        try FileManager.default.removeItem(
            atPath: studio.shoot.appending("desert/100EOS5D/IMG_4122.JPG").display)
        let report = try studio.build()
        #expect(report.absent == 2)
        #expect(Set(report.absences.map(\.name)) == ["IMG_4120.JPG", "IMG_4122.JPG"])
        #expect(report.absences.contains { $0.reason == "it holds other bytes than were recorded" })
        #expect(studio.previews.size(.small, of: digest) == nil)
        // A time that moved alone is no other content.
        let touched = studio.shoot.appending("desert/100EOS5D/IMG_4123.JPG").display
        try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: touched)
        #expect(try studio.build("name:IMG_4123.JPG") { $0.isAgain = true }.made == 1)
    }

    @Test("Originals on a disk that is not here are counted by its name, and not accused")
    func offline() throws {
        let studio = try Studio()
        let run = try studio.catalog.beginImport(
            source: Path("/card"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:elsewhere", name: "CARD-B", mount: Path("/media/CARD-B"))
        var bytes = [UInt8](repeating: 7, count: 32)
        bytes[0] = 9
        let digests = Digests(
            sha256: try #require(SHA256Digest(bytes: bytes)),
            xxh128: try #require(XXH128Digest(bytes: Array(bytes.prefix(16)))))
        let content = ReadContent(
            digests: digests, size: 9, format: "JPEG", unreadable: nil, rawTags: [], rawDictionary: 0)
        let copy = CopyRecord(
            volume: volume, path: Path("a.jpg"), kind: .archive,
            identity: FileIdentity(size: 9, modifiedNanoseconds: 0, inode: 0), checkedAt: nil, existing: nil)
        let group = GroupRecord(
            kind: .photo, asset: nil, name: "a.jpg", reading: nil, unreadable: nil,
            files: [FileRecord(role: .original, name: "a.jpg", content: .read(content), copies: [copy])])
        _ = try run.record(groups: [group], strays: [])
        var counts = ImportCounts()
        (counts.seen, counts.new) = (1, 1)
        try run.finish(counts)
        let report = try studio.build()
        #expect(report.offline == ["CARD-B": 1])
        #expect(report.made == report.seen - 1)
    }

    @Test("A run that was stopped goes on where it was, and another cannot run beside it")
    func stopped() throws {
        let studio = try Studio()
        let interruption = Interruption()
        interruption.stop()
        let report = try studio.build { $0.interruption = interruption }
        #expect(report.stop == .person)
        #expect(report.left == report.seen)
        let lock = try #require(try studio.previews.cache.lock())
        #expect(throws: CatalogError.self) { try studio.build() }
        withExtendedLifetime(lock) {}
    }

    @Test("What a killed run left unfinished is cleared away by the next")
    func leftovers() throws {
        let studio = try Studio()
        try FileAccess().makeFolders(studio.previews.cache.path)
        let left = studio.previews.cache.temporary()
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: left.display))
        try studio.build()
        #expect(!FileManager.default.fileExists(atPath: left.display))
    }

    @Test("Previews are thrown away by a query, or all of them with whatever else lies there")
    func remove() throws {
        let studio = try Studio()
        let all = try studio.build()
        let one = try PreviewRemoval.run(
            try Query.parse("name:IMG_4120.JPG"), folder: studio.previews, catalog: studio.catalog)
        #expect(one.files == 2)
        #expect(try studio.catalog.count(try Query.parse("is:without-preview")) == 1)
        let strange = studio.previews.cache.path.appending("00/strange-512.jpg")
        try FileAccess().makeFolders(strange.folder)
        try Data([1]).write(to: URL(fileURLWithPath: strange.display))
        let rest = try PreviewRemoval.run(.all, folder: studio.previews, catalog: studio.catalog)
        #expect(rest.files == all.made * 2 - 2 + 1)
        #expect(try studio.files().isEmpty)
        #expect(try studio.catalog.previewBytes() == 0)
    }

    @Test("A cache lies within an archive’s own folder and nowhere else")
    func place() {
        #expect(PreviewFolder(Path("/home/me/pictures")) == nil)
        #expect(PreviewFolder(Path("/home/me/.valhalla")) == nil)
        #expect(PreviewFolder(Path("/home/.valhalla/../pictures")) == nil)
        #expect(PreviewFolder(Path(".valhalla/previews")) == nil)
        #expect(PreviewFolder(Path("/home/me/.valhalla/previews")) != nil)
    }

    @Test("Near doubles are found once there are previews, the raw file of a picture by its twin among them")
    func alike() throws {
        let studio = try Studio()
        let source = studio.shoot.appending("desert/100EOS5D/IMG_4117.JPG").display
        let twin = studio.shoot.appending("twin.jpg").display
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["vips", "resize", source, twin + "[Q=60,strip]", "0.5"]
        try process.run()
        process.waitUntilExit()
        try studio.importShoot()
        let original = try #require(try studio.catalog.find(try Query.parse("name:IMG_4117.JPG")).first).asset
        #expect(throws: CatalogError.self) { try studio.catalog.alike(to: original.id) }
        #expect(try studio.catalog.lacksPreviews())
        try studio.build()
        #expect(try !studio.catalog.lacksPreviews())
        let alike = try studio.catalog.alike(to: original.id, within: 4)
        #expect(try alike.map { try studio.catalog.asset($0.asset).name } == ["twin.jpg"])
        #expect(alike.first.map { $0.distance <= 2 } == true)
        let query = try Query.parse("similar:\(original.digest.hex.prefix(10))")
        #expect(try Set(studio.catalog.find(query).map(\.asset.name)) == ["twin.jpg", "IMG_4117.JPG"])
    }
}
