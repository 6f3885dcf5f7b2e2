internal import Files

/// What the stems of files have in common though they are not the same: cameras and phones add to a name what the file is.
enum StemName {
    /// The part of a file's name that all files share which may be one asset.
    static func shared(by path: Path, isStem: Bool = false) -> Path {
        let stem = isStem ? path.name : path.stem
        if !isStem, path.ending == "ari", let frame = FrameName(path) { return frame.clip }
        return exposure(stem)
    }

    /// `PXL_20210412_101112345` of `PXL_20210412_101112345.RAW-01.COVER`: Pixel phones name the two pictures of one exposure
    /// so.
    static func exposure(_ stem: Path) -> Path {
        let mark = Array(".RAW-0".utf8)
        let bytes = stem.bytes
        guard bytes.count > mark.count, let start = firstIndex(of: mark, in: bytes), start > 0 else {
            return stem
        }
        return Path(bytes: Array(bytes[..<start]))
    }

    private static func firstIndex(of mark: [UInt8], in bytes: [UInt8]) -> Int? {
        (0...(bytes.count - mark.count)).first { bytes[$0..<$0 + mark.count].elementsEqual(mark) }
    }

    /// `GX010034` and `GH010034` for `GL010034.LRV`: GoPro's small stand-ins have a letter of their own.
    static func clips(ofProxy path: Path) -> [Path] {
        guard path.ending == "lrv", let stem = path.stem.text, stem.count == 8, stem.hasPrefix("GL") else {
            return []
        }
        return ["GX", "GH", "GS"].map { path.folder.appending($0 + stem.dropFirst(2)) }
    }
}

/// `A003C005_150831_R1JL.0086412.ari`: one frame of a clip, a file of its own.
struct FrameName: Hashable {
    /// What the names of all frames begin with.
    let clip: Path
    /// The frame's number.
    let number: Int

    /// Nil when the name does not end in four or more digits behind a dot or a line.
    init?(_ path: Path) {
        let stem = path.stem.bytes
        let digits = stem.reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
        guard (4...10).contains(digits), stem.count > digits + 1,
            [UInt8(ascii: "."), UInt8(ascii: "_")].contains(stem[stem.count - digits - 1]),
            let number = Int(String(decoding: stem.suffix(digits), as: UTF8.self))
        else { return nil }
        clip = Path(bytes: Array(stem.dropLast(digits + 1)))
        self.number = number
    }
}
