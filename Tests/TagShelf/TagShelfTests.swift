import Testing

@testable import TagShelf

@Suite("Packed tags")
struct TagShelfTests {
    static func packed(_ text: String, version: Int = TagDictionary.newest) throws -> [UInt8] {
        let packer = try #require(TagPacker(version: version))
        return Array(text.utf8).withUnsafeBufferPointer { packer.packed($0) }
    }

    @Test("are read back as they were, whichever dictionary packed them", arguments: 1...TagDictionary.newest)
    func roundTrip(version: Int) throws {
        let short = #"[["Exif.Image.Make","Ascii","Canon"]]"#
        // Longer than zstd looks back, and text that no dictionary knows.
        let long =
            "[" + (0..<20_000).map { #"["Xmp.ö.\#($0 * 7919)","XmpText","🎸 \#($0)"]"# }.joined(separator: ",")
            + "]"
        for text in [short, long, short] {
            let bytes = try Self.packed(text, version: version)
            #expect(try unpackedTags(bytes, dictionary: version) == Array(text.utf8))
        }
    }

    @Test("packed without a dictionary are still read")
    func withoutOne() throws {
        // Of `[["Exif.Image.Make","Ascii","Canon"]]`, by zstd's own command.
        let frame: [UInt8] = [
            0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x25, 0x29, 0x01, 0x00, 0x5B, 0x5B, 0x22, 0x45, 0x78, 0x69, 0x66,
            0x2E,
            0x49, 0x6D, 0x61, 0x67, 0x65, 0x2E, 0x4D, 0x61, 0x6B, 0x65, 0x22, 0x2C, 0x22, 0x41, 0x73, 0x63,
            0x69,
            0x69, 0x22, 0x2C, 0x22, 0x43, 0x61, 0x6E, 0x6F, 0x6E, 0x22, 0x5D, 0x5D,
        ]
        #expect(
            String(decoding: try unpackedTags(frame, dictionary: 0), as: UTF8.self)
                == #"[["Exif.Image.Make","Ascii","Canon"]]"#)
    }

    @Test("that another program's dictionary packed are refused by its number, and damaged ones as such")
    func refusals() throws {
        let bytes = try Self.packed(#"[["Exif.Image.Make","Ascii","Canon"]]"#)
        #expect(throws: TagUnpackingError.unknownDictionary(99)) { try unpackedTags(bytes, dictionary: 99) }
        #expect(throws: TagUnpackingError.unknownDictionary(-1)) { try unpackedTags(bytes, dictionary: -1) }
        for wrong in [[], [0x28], Array(bytes.dropLast(3)), Array("[]".utf8)] {
            #expect(throws: TagUnpackingError.damaged) {
                try unpackedTags(wrong, dictionary: TagDictionary.newest)
            }
        }
        // The frame names the dictionary that it needs.
        #expect(throws: TagUnpackingError.damaged) { try unpackedTags(bytes, dictionary: 0) }
    }

    /// Of a photograph that the list of the dictionary was not made from.
    private static let photograph = """
        [["Exif.Image.Make","Ascii","Leica Camera AG"],["Exif.Image.Model","Ascii","LEICA M (Typ 240)"],\
        ["Exif.Image.Orientation","Short","1"],["Exif.Image.XResolution","Rational","300/1"],\
        ["Exif.Image.YResolution","Rational","300/1"],["Exif.Image.ResolutionUnit","Short","2"],\
        ["Exif.Image.Software","Ascii","2.0.1.5"],["Exif.Image.DateTime","Ascii","2016:03:07 17:12:40"],\
        ["Exif.Image.ExifTag","Long","418"],["Exif.Photo.ExposureTime","Rational","1/180"],\
        ["Exif.Photo.ISOSpeedRatings","Short","500"],["Exif.Photo.ExifVersion","Undefined","48 50 51 48"],\
        ["Exif.Photo.DateTimeOriginal","Ascii","2016:03:07 17:12:40"],\
        ["Exif.Photo.DateTimeDigitized","Ascii","2016:03:07 17:12:40"],\
        ["Exif.Photo.ExposureBiasValue","SRational","0/1"],["Exif.Photo.MeteringMode","Short","2"],\
        ["Exif.Photo.LightSource","Short","0"],["Exif.Photo.Flash","Short","0"],\
        ["Exif.Photo.FocalLength","Rational","35/1"],["Exif.Photo.ColorSpace","Short","1"],\
        ["Exif.Photo.PixelXDimension","Long","5952"],["Exif.Photo.PixelYDimension","Long","3976"],\
        ["Exif.Photo.BodySerialNumber","Ascii","4402117"],["Xmp.xmp.Rating","XmpText","3"],\
        ["Xmp.dc.creator[1]","XmpSeq","Andreas Neumann"],["Xmp.photoshop.City","XmpText","Joshua Tree"]]
        """

    @Test(
        "of one photograph take at most a quarter of their room: alone, without one before it to learn from")
    func ratio() throws {
        let size = Self.photograph.utf8.count
        #expect(try Self.packed(Self.photograph).count * 4 < size)
    }

    @Test("find every dictionary as it was published: a changed one would make rows unreadable for ever")
    func published() throws {
        // FNV-1a, 64 bits: it need not be safe, only tell.
        let digests = try (1...TagDictionary.newest).map { version in
            try #require(TagDictionary.bytes(version)).reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01B3
            }
        }
        #expect(digests == [0x4C1D_BD92_11E7_F4DD])
        #expect(TagDictionary.bytes(0) == nil)
        #expect(TagDictionary.bytes(TagDictionary.newest + 1) == nil)
    }
}
