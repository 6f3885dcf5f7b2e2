import Catalog
import Files
import Foundation
import MediaProtocol
import Testing

@Suite("What once went wrong")
struct RegressionTests {
    let fixture: CatalogFixture
    var catalog: Catalog { fixture.catalog }

    init() throws {
        fixture = try CatalogFixture()
    }

    @Test("An import that was killed before it wrote anything does not stand in the way of undo")
    func emptyImport() throws {
        let asset = try #require(try fixture.importing([1]).first)
        try catalog.change("set rating=5") { try $0.set([.number(.rating, 5)], of: [asset]) }
        // Begun, and never heard of again.
        _ = try catalog.beginImport(source: Path("/many"), command: "import /many", session: nil, tags: [])
        let last = try #require(try catalog.lastUndoableChange())
        #expect(last.command == "set rating=5")
        try catalog.undo(last, command: "undo")
        #expect(try catalog.asset(asset).rating == nil)
        let empty = try #require(try catalog.log().first { $0.command == "import /many" })
        #expect(throws: CatalogError.self) { try catalog.undo(empty, command: "undo") }
    }

    @Test("Importing again with a session and a tag gives them to what is known already")
    func gather() throws {
        let assets = try fixture.importing([1, 2])
        let run = try catalog.beginImport(
            source: Path("/shoot"), command: "import", session: "Late", tags: [try TagPath("tour")])
        let volume = try run.volume(key: "uuid:1", name: "SHOOT-A", mount: Path("/"))
        try run.gather(volume: volume, below: Path("shoot"))
        try run.finish(ImportCounts())
        #expect(try catalog.session(named: "Late").assets == 2)
        #expect(try catalog.tags(of: assets[0]).map(\.description) == ["tour"])
        #expect(try catalog.count(try Query.parse("late tour")) == 2)
    }

    @Test("A session without a name, and one whose name differs only in capitals, are refused")
    func sessionNames() throws {
        try catalog.change("session new") { try $0.make(session: Session(name: "desert")) }
        for name in ["", " ", "Desert"] {
            #expect(throws: CatalogError.self) {
                try catalog.change("session new") { try $0.make(session: Session(name: name)) }
            }
        }
        #expect(try catalog.sessions().map(\.name) == ["desert"])
    }

    @Test("An archive that nobody may write to can be read")
    func frozen() throws {
        try fixture.importing([1, 2])
        let copy = fixture.folder.appending(path: "a 100%?#.sqlite").path(percentEncoded: false)
        try catalog.backUp(to: copy)
        // Root may write anything but /proc, so the file is read through it: `/proc/self/fd` takes no names beside it.
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: copy))
        defer { try? file.close() }
        let frozen = try Catalog(
            path: "/proc/self/fd/\(file.fileDescriptor)",
            author: Author(machineIdentity: "other", machineName: "other", person: "x"), now: { 0 })
        #expect(try frozen.count(.all) == 2)
    }

    @Test("What a delivery holds is asked of the gate again when it goes on record")
    func heldMeanwhile() throws {
        let asset = try #require(try fixture.importing([1]).first)
        try catalog.change("select") {
            try $0.make(selection: "wall", note: nil)
            try $0.add([asset], toSelection: "wall")
            try $0.add(artist: "Josh Homme", .clear, in: nil, by: nil)
            try $0.decide(NewDecision(.cleared, purpose: .exhibit, by: "Josh Homme"), about: [asset])
        }
        let question = GateQuestion(purpose: .exhibit, recipient: "DIA", territory: nil, at: fixture.now)
        let gated = try catalog.gate(selection: "wall", question)
        try catalog.change("hold", kind: .decision) {
            try $0.decide(NewDecision(.held, purpose: nil, by: "Iggy Pop"), about: [asset])
        }
        let error = try #require(throws: CatalogError.self) {
            try catalog.change("export", kind: .delivery) {
                try $0.record(
                    delivery: "2016-0001", of: gated, preset: "exhibit", place: Path("/out"),
                    seal: CatalogFixture.digests(1).sha256, files: [])
            }
        }
        #expect(error.kind == .notCleared)
        #expect(try catalog.deliveries().isEmpty)
    }
}
