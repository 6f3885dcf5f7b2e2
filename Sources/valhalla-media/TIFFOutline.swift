/// What the first directory of a TIFF file says about the first picture: enough to tell a picture from a RAW file.
struct TIFFOutline {
    /// The picture in front is a small version of another, as RAW files have it.
    private(set) var isThumbnail = false
    /// The file is a finished picture, whatever camera it names.
    ///
    /// LibRaw goes by make and model: it takes an uncompressed greyscale TIFF, saved by an editor that kept them, for
    /// the sensor's data and develops it to a white sheet.
    private(set) var isFinishedPicture = false

    init(path: [UInt8]) throws(Failure) {
        let file = try InputFile(path: path)
        guard let header = TIFFDirectory(file.bytes(at: 0, count: 8)[...]) else { return }
        let count = header.number(file.bytes(at: header.first, count: 2)[...])
        let entries = file.bytes(at: header.first + 2, count: min(count, 1000) * 12)
        var tags: [Int: [Int]] = [:]
        for start in stride(from: 0, to: entries.count - 11, by: 12) {
            let tag = header.number(entries[start..<start + 2])
            guard TIFFOutline.wanted.contains(tag) else { continue }
            let size = TIFFDirectory.size(ofType: header.number(entries[start + 2..<start + 4]))
            // A picture in more than a million strips is none.
            let length = min(header.number(entries[start + 4..<start + 8]), 1 << 20) * size
            let place = header.number(entries[start + 8..<start + 12])
            let value =
                length <= 4
                ? Array(entries[start + 8..<start + 8 + length]) : file.bytes(at: place, count: length)
            tags[tag] = stride(from: 0, to: value.count - size + 1, by: size)
                .map { header.number(value[$0..<$0 + size]) }
        }
        isThumbnail = (tags[TIFFOutline.subfileType]?.first ?? 0) & 1 == 1
        let pixels = (tags[TIFFOutline.stripByteCounts] ?? tags[TIFFOutline.tileByteCounts] ?? []).reduce(
            0,
            +
        )
        // A sensor's data has other photometric interpretations; where a RAW file's first picture has one of these, it
        // is a preview and a small part of the file.
        isFinishedPicture =
            !isThumbnail && tags[TIFFOutline.dngVersion] == nil
            && [0, 1, 2, 5, 6, 8].contains(tags[TIFFOutline.photometric]?.first ?? -1)
            && pixels * 2 >= file.size
    }

    private static let subfileType = 0x00fe
    private static let photometric = 0x0106
    private static let stripByteCounts = 0x0117
    private static let tileByteCounts = 0x0145
    private static let dngVersion = 0xc612
    private static let wanted: Set = [subfileType, photometric, stripByteCounts, tileByteCounts, dngVersion]
}
