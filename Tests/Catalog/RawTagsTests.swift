import Catalog
import Storage
import TagShelf
import Testing

@Suite("Raw tags")
struct RawTagsTests {
    private let fixture: CatalogFixture
    private let asset: AssetID

    init() throws {
        fixture = try CatalogFixture()
        asset = try #require(try fixture.importing([1]).first)
    }

    private func store(_ bytes: [UInt8], dictionary: Int) throws {
        let connection = try Connection(path: fixture.databasePath, access: .write)
        try connection.run("DELETE FROM raw")
        try connection.run(
            "INSERT INTO raw (file, dictionary, tags) SELECT file, ?, ? FROM asset",
            [.integer(Int64(dictionary)), .blob(bytes)])
    }

    private let json = #"[["Exif.Image.Make","Ascii","Canon"],["Jpeg.Comment","Text","a \"word\""]]"#

    @Test("are shown whether a dictionary packed them or none did")
    func versions() throws {
        let packer = try #require(TagPacker())
        try store(Array(json.utf8).withUnsafeBufferPointer { packer.packed($0) }, dictionary: packer.version)
        let expected = [["Exif.Image.Make", "Ascii", "Canon"], ["Jpeg.Comment", "Text", "a \"word\""]]
        #expect(try shown() == expected)
        try store(Self.withoutDictionary, dictionary: 0)
        #expect(try shown() == [expected[0]])
    }

    private func shown() throws -> [[String]] {
        try fixture.catalog.rawTags(of: asset).map { [$0.name, $0.type, $0.value] }
    }

    /// `[["Exif.Image.Make","Ascii","Canon"]]` as archives had it before there was a dictionary.
    private static let withoutDictionary: [UInt8] =
        [0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x25, 0x29, 0x01, 0x00]
        + Array(#"[["Exif.Image.Make","Ascii","Canon"]]"#.utf8)

    @Test("that a newer Valhalla packed are refused in words that say so")
    func newer() throws {
        try store([1, 2, 3], dictionary: 99)
        let refusal = #expect(throws: CatalogError.self) { try fixture.catalog.rawTags(of: asset) }
        #expect(refusal?.summary == "the stored tags of this file were packed by a newer Valhalla")
        #expect(
            refusal?.details == [
                "its dictionary is number 99, and this one knows up to \(TagDictionary.newest)"
            ])
        #expect(refusal?.next == "open the archive with the newer one")
    }

    @Test("that are damaged are refused as damaged", arguments: [0, 1])
    func damaged(dictionary: Int) throws {
        try store([1, 2, 3], dictionary: dictionary)
        let refusal = #expect(throws: CatalogError.self) { try fixture.catalog.rawTags(of: asset) }
        #expect(refusal?.summary == "the stored tags of this file are damaged")
    }
}
