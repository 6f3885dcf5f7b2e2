import Catalog
import Export
import Files
import Foundation
import Testing

@Suite("What was refused")
struct RefusalTests {
    private func contents(_ folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
            let path = folder + "/" + name
            files[name] =
                FileManager.default.directoryExists(atPath: path)
                ? Data() : try Data(contentsOf: URL(fileURLWithPath: path))
        }
        return files
    }

    /// Numbers, counts, manifests, the page's rows and its hero, sizes: all of it follows from what may leave alone.
    @Test("leaves no trace: a package is byte for byte the one that would be if nobody had ever chosen it")
    func noTrace() throws {
        let fixture = try ExportFixture()
        let outbox = try fixture.outbox()
        let first = try fixture.photograph("canary first held", width: 900, height: 350)
        let ridge = try fixture.photograph("A figure on the ridge")
        let middle = try fixture.clip("canary held clip")
        let encore = try fixture.clip("Encore")
        let sky = try fixture.photograph("Red sky", width: 300, height: 450)
        let last = try fixture.sound("canary held sound")
        let held = [first, middle, last]
        try fixture.select(
            "Wall", note: "Words for the page.", [first, ridge, middle, encore, sky, last], held: Set(held))
        try fixture.export("Wall", to: outbox.path("with"))
        try fixture.catalog.change("select canary") { _ = try $0.remove(held, fromSelection: "Wall") }
        #expect(try fixture.gated("Wall").denied.isEmpty)
        try fixture.export("Wall", to: outbox.path("without"))

        let (with, without) = (try contents(outbox.path("with")), try contents(outbox.path("without")))
        #expect(Set(with.keys) == Set(without.keys))
        for (name, bytes) in with { #expect(bytes == without[name], "\(name)") }
        #expect(with.count > 15)
    }

    @Test("is told to the operator whole, by every reason")
    func told() throws {
        let fixture = try ExportFixture()
        let held = try fixture.photograph("One")
        try fixture.select("Wall", [held], held: [held])
        let denials = try #require(try fixture.gated("Wall").denied.first?.denials)
        #expect(
            denials.contains {
                if case .held(let decision) = $0 { decision.reason == "canary-hold-reason" } else { false }
            })
    }
}
