internal import Catalog
internal import Files

/// How a camera lays its card out, where one clip is several files in several folders.
///
/// Such a tree is one unit: copied whole, every file of it recorded. A kind of camera is a row of `all`.
struct CardLayout: Sendable {
    /// Where a file of the tree belongs.
    struct Place: Hashable, Sendable {
        /// What the files of one clip have in common.
        let clip: Path
        /// What this one is to the clip.
        let role: FileRole
    }

    /// What the maker calls it.
    let name: String
    /// The name of the folder that holds the tree.
    let folder: Path
    /// A folder that must be in it, or it is a folder like any other.
    let evidence: Path
    /// The place of a file by its path within the tree; nil for what belongs to no clip.
    let place: @Sendable (Path) -> Place?

    static let all: [CardLayout] = [xavc]

    /// Sony's XAVC S and HS, below `PRIVATE`.
    ///
    /// `CLIP/C0001.MP4`, `CLIP/C0001M01.XML`, `SUB/C0001S03.MP4`, `THMBNL/C0001T01.JPG`.
    static let xavc = CardLayout(name: "XAVC", folder: Path("M4ROOT"), evidence: Path("CLIP")) { path in
        let stem = path.stem
        func clip(_ letter: Character) -> Path? {
            numberedStem(stem, letter: letter).map { Path("CLIP").appending($0) }
        }
        switch (path.folder.text, path.ending) {
        case ("CLIP", "mp4"), ("CLIP", "mxf"):
            return Place(clip: Path("CLIP").appending(stem), role: .original)
        case ("CLIP", "xml"): return clip("M").map { Place(clip: $0, role: .sidecar) }
        case ("SUB", "mp4"): return clip("S").map { Place(clip: $0, role: .proxy) }
        case ("THMBNL", "jpg"): return clip("T").map { Place(clip: $0, role: .thumbnail) }
        default: return nil
        }
    }
}

/// `C0001` of `C0001M01`: what stands before a letter and two digits; nil when it does not end so.
func numberedStem(_ stem: Path, letter: Character) -> Path? {
    let bytes = stem.bytes
    guard bytes.count > 3, let code = letter.asciiValue, bytes[bytes.count - 3] == code,
        bytes.suffix(2).allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Path(bytes: Array(bytes.dropLast(3)))
}
