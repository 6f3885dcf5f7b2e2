import Catalog
import Testing

@Suite("An archive from before sidecars were written")
struct SidecarMigrationTests {
    @Test("keeps a tag away that a person took away, and the change that did so can be taken back")
    func removedTags() throws {
        let archive = try OlderArchive()
        // As the program before wrote it: the file's own tag, taken away by a person.
        let older = try archive.rows("SELECT count(*) FROM asset_tag WHERE present = 0")
        #expect(older == ["0"])
        let catalog = try archive.open()
        let ridge = try catalog.resolve("f3fa3f2")
        let tag = try #require(try catalog.tags(of: ridge).first)
        try catalog.change("tag remove") { try $0.remove(tags: [tag], from: [ridge]) }
        #expect(
            try archive.rows("SELECT DISTINCT source FROM asset_tag WHERE present = 0") == ["person"]
        )
        try catalog.undo(try #require(try catalog.lastUndoableChange()), command: "undo")
        #expect(try catalog.tags(of: ridge).contains(tag))
        let words = try catalog.sidecarWords(of: ridge)
        #expect(
            words.edits["title"]
                == .init(
                    value: "The ridge", was: "A figure on the ridge", stamp: words.edits["title"]?.stamp ?? 0
                ))
        #expect(words.edits["title"]?.isContested == false)
    }
}
