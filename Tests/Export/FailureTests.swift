import Catalog
import Export
import Files
import Foundation
import Glibc
import Synchronization
import Testing
import Workers

@Suite("An export that cannot be finished")
struct FailureTests {
    /// Runs an export that must fail, and shows that nothing is left of it.
    private func failure(
        _ fixture: ExportFixture,
        _ outbox: Scratch,
        _ name: String = "Wall",
        to folder: String = "exhibit",
        access: FileAccess = FileAccess(),
        media: WorkerProgram = ExportFixture.media,
        interruption: Interruption = Interruption(),
        progress: @escaping @Sendable (ExportEvent) -> Void = { _ in }
    ) -> ExportError? {
        let before = outbox.contents()
        let error = #expect(throws: ExportError.self) {
            try fixture.export(
                name,
                to: outbox.path(folder),
                access: access,
                media: media,
                interruption: interruption,
                progress: progress
            )
        }
        #expect(outbox.contents() == before)
        return error
    }

    private func wall(_ count: Int = 3) throws -> (ExportFixture, Scratch, [AssetID]) {
        let fixture = try ExportFixture()
        let assets = try (1...count).map { try fixture.photograph("No. \($0)", width: 240, height: 160) }
        try fixture.select("Wall", assets)
        return (fixture, try fixture.outbox(), assets)
    }

    @Test("leaves nothing when it is stopped in the middle")
    func stopped() throws {
        let (fixture, outbox, _) = try wall()
        let interruption = Interruption()
        let error = failure(fixture, outbox, interruption: interruption) { event in
            if case .made = event { interruption.stop() }
        }
        #expect(error?.kind == .stopped)
    }

    @Test("leaves nothing when it is stopped while the whole is read again")
    func stoppedLate() throws {
        let (fixture, outbox, _) = try wall()
        let interruption = Interruption()
        let error = failure(fixture, outbox, interruption: interruption) { event in
            if case .progress(.checking, _, _) = event { interruption.stop() }
        }
        #expect(error?.kind == .stopped)
    }

    @Test("leaves nothing, whichever call to the file system fails")
    func everyCall() throws {
        let (fixture, outbox, _) = try wall(1)
        let calls = Atomic<Int>(0)
        let counting = FileAccess { call, _ in
            if FailureTests.writes(call) { calls.add(1, ordering: .relaxed) }
            return nil
        }
        try fixture.export("Wall", to: outbox.path("whole"), access: counting)
        let total = calls.load(ordering: .relaxed)
        #expect(total > 30)
        for broken in 1...total {
            let count = Atomic<Int>(0)
            let access = FileAccess { call, _ in
                guard FailureTests.writes(call) else { return nil }
                return count.add(1, ordering: .relaxed).newValue == broken ? ENOSPC : nil
            }
            let error = failure(fixture, outbox, access: access)
            #expect(
                error?.details.contains { $0.contains("space") } ?? false,
                "call \(broken): \(String(describing: error))"
            )
        }
    }

    private static func writes(_ call: FileAccess.Call) -> Bool {
        switch call {
        case .create, .write, .sync, .rename, .makeFolder: true
        default: false
        }
    }

    @Test("is refused when a picture was changed since it was recorded, though its size is the same")
    func changedOriginal() throws {
        let (fixture, outbox, assets) = try wall()
        let file = try #require(try fixture.file(of: assets[1]).text)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        bytes[bytes.count - 40] ^= 0x10
        try bytes.write(to: URL(fileURLWithPath: file))
        let error = failure(fixture, outbox)
        #expect(error?.kind == .damaged || error?.kind == .broken)
        #expect(error?.kind == .damaged, "\(String(describing: error))")
    }

    @Test("is refused when a clip was changed since it was recorded")
    func changedClip() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let clip = try fixture.clip("Clean", isClean: true)
        try fixture.select("Wall", [clip])
        let file = try #require(try fixture.file(of: clip).text)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        let place = try #require(bytes.range(of: Data("mdat".utf8))).upperBound + 2000
        bytes[place] ^= 1
        try bytes.write(to: URL(fileURLWithPath: file))
        #expect(failure(fixture, outbox)?.kind == .damaged)
    }

    @Test("names every item that cannot be made at once, and how to go without them")
    func unmade() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let cut = [try fixture.cutPhotograph("One"), try fixture.cutPhotograph("Three")]
        try fixture.select("Wall", [cut[0], try fixture.photograph("Two"), cut[1]])
        let error = try #require(failure(fixture, outbox))
        let names = try cut.map { try fixture.catalog.asset($0).shortName }
        #expect(error.summary == "2 of the items cannot be made (nothing delivered)")
        #expect(error.details.count == 2)
        for (line, name) in zip(error.details, names) { #expect(line.hasPrefix(name + "  canary-cut-")) }
        #expect(error.next?.contains("'id:\(names[0]) or id:\(names[1])'") == true)
    }

    @Test("is refused when a clip’s codec has a place for notes that nobody here empties")
    func notedCodec() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        try fixture.select("Wall", [try fixture.clip("Clean", isClean: true, codec: "cfhd")])
        let error = try #require(failure(fixture, outbox))
        #expect(error.details.contains { $0.contains("its codec is cfhd") }, "\(error)")
    }

    @Test("names the file that is gone and the volume it was on, before anything is written")
    func missing() throws {
        let (fixture, outbox, assets) = try wall()
        let file = try #require(try fixture.file(of: assets[2]).text)
        try FileManager.default.removeItem(atPath: file)
        let error = try #require(
            failure(
                fixture,
                outbox,
                access: FileAccess { call, path in
                    if call == .makeFolder || call == .create { Issue.record("\(path.display) was written") }
                    return nil
                }
            )
        )
        #expect(error.kind == .missing)
        #expect(
            error.details.contains { $0.contains("canary-name-3.jpg on canary-volume: it is missing") },
            "\(error.details)"
        )
    }

    @Test("is refused when nothing is selected, or nothing of it is cleared")
    func empty() throws {
        let (fixture, outbox, assets) = try wall(1)
        try fixture.catalog.change("select") { try $0.make(selection: "Nothing", note: nil) }
        #expect(failure(fixture, outbox, "Nothing")?.kind == .refused)
        try fixture.catalog.change("select") {
            try $0.make(selection: "Held", note: nil)
            try $0.add(assets, toSelection: "Held")
        }
        try fixture.catalog.change("hold", kind: .decision) {
            try $0.decide(NewDecision(.held, purpose: nil, by: "Josh Homme"), about: assets)
        }
        #expect(failure(fixture, outbox, "Held")?.kind == .refused)
    }

    @Test("never writes over what is there, be it a folder, a file or a link to nowhere")
    func inTheWay() throws {
        let (fixture, outbox, _) = try wall(1)
        try FileManager.default.createDirectory(
            atPath: outbox.path("folder"),
            withIntermediateDirectories: false
        )
        try Data("mine".utf8).write(to: URL(fileURLWithPath: outbox.path("file")))
        try FileManager.default.createSymbolicLink(
            atPath: outbox.path("link"),
            withDestinationPath: "nowhere"
        )
        for name in ["folder", "file", "link"] {
            #expect(failure(fixture, outbox, to: name)?.kind == .refused)
        }
        #expect(failure(fixture, outbox, to: "no/such/folder")?.kind == .refused)
    }

    @Test("takes what appears at the destination while it works for what it is: somebody else's")
    func lateInTheWay() throws {
        let (fixture, outbox, _) = try wall(1)
        let folder = outbox.path("exhibit")
        let error = #expect(throws: ExportError.self) {
            try fixture.export("Wall", to: folder) { event in
                if case .progress(.checking, _, _) = event {
                    try? FileManager.default.createDirectory(
                        atPath: folder,
                        withIntermediateDirectories: true
                    )
                }
            }
        }
        #expect(error?.kind == .refused)
        #expect(outbox.contents() == ["exhibit"])
    }

    @Test("is swept up by the next one when it was killed, unless it is still running")
    func leftover() throws {
        let (fixture, outbox, _) = try wall(1)
        let dead = outbox.path(".valhalla-part-1-1/data/gallery")
        try FileManager.default.createDirectory(atPath: dead, withIntermediateDirectories: true)
        try Data("half".utf8).write(to: URL(fileURLWithPath: dead + "/001.jpg"))
        try FileManager.default.createSymbolicLink(
            atPath: dead + "/link",
            withDestinationPath: fixture.source.path()
        )
        let running = try TemporaryFolder(beside: Path(outbox.path("other")), access: FileAccess())
        try fixture.export("Wall", to: outbox.path("exhibit"))
        let names = try FileManager.default.contentsOfDirectory(atPath: outbox.folder.path())
        #expect(Set(names) == ["exhibit", running.path.name.display])
        #expect(!(try FileManager.default.contentsOfDirectory(atPath: fixture.source.path()).isEmpty))
    }

    @Test("delivers nothing when the worker dies, hangs or lies about what a file says")
    func workers() throws {
        let (fixture, outbox, _) = try wall(1)
        let real = String(decoding: ExportFixture.media.path, as: UTF8.self)
        func worker(_ name: String, _ script: String) throws -> WorkerProgram {
            let file = fixture.scratch.path(name)
            try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
            return WorkerProgram(
                path: Array(file.utf8),
                name: "the media reader",
                memoryLimit: 1 << 31,
                secondsPerRequest: 2
            )
        }
        let dying = try worker("dying", "read -r line; kill -SEGV $$")
        #expect(failure(fixture, outbox, media: dying)?.details.contains { $0.contains("crashed") } ?? false)
        let hanging = try worker("hanging", "sleep 60")
        #expect(failure(fixture, outbox, media: hanging)?.details.contains { $0.contains("longer") } ?? false)
        let leaking = try worker(
            "leaking",
            """
            while read -r line; do
              case $line in
              *inspect*) printf '{"inspected":[["Exif.GPSInfo.GPSLatitude","34/1 6/1 0/1"]]}\\n' ;;
              *) printf '%s\\n' "$line" | '\(real)' ;;
              esac
            done
            """
        )
        let error = failure(fixture, outbox, media: leaking)
        #expect(error?.kind == .leak, "\(String(describing: error))")
        #expect(error?.details.contains { $0.contains("GPSLatitude") } ?? false)
    }
}
