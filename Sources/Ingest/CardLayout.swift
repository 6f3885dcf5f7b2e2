internal import Catalog
internal import Files

/// How a camera lays its card out, where one clip is several files in several folders.
///
/// Such a tree is one unit: copied whole, every file of it recorded. A kind of camera is a row of `all`. FAT and exFAT keep
/// the letters of a name and do not tell them apart, so names are compared in capitals.
struct CardLayout: Sendable {
    /// Where a file of the tree belongs.
    struct Place: Hashable, Sendable {
        /// What the files have in common that may be one recording; they are read together.
        let cluster: Path
        /// What the files of one clip have in common; nil for what belongs to the card, and is only heard.
        let clip: Path?
        /// What this one is to the clip.
        let role: FileRole
        /// Which part of its recording it is, from 1, where the card's own folder holds the parts together.
        let part: Int?

        init(cluster: Path? = nil, clip: Path, role: FileRole, part: Int? = nil) {
            self.cluster = cluster ?? clip
            self.clip = clip
            self.role = role
            self.part = part
        }

        /// What tells about the clips of a cluster, and belongs to none.
        init(heardIn cluster: Path) {
            self.cluster = cluster
            clip = nil
            role = .sidecar
            part = nil
        }
    }

    /// What the maker calls it.
    let name: String
    /// Whether a folder is the root of such a tree, by its name and by what lies in it.
    let isRoot: @Sendable (CardFolder) -> Bool
    /// The place of a file by its path within the tree; nil for what belongs to no clip.
    ///
    /// A tree may begin higher or lower than the maker's, so the last names of a path decide.
    let place: @Sendable (CardPath) -> Place?

    /// The kinds that are known, those with the strictest evidence first.
    static let all: [CardLayout] = [
        xavc, xdcamEX, xdcam, p2, canonXF, avchd, red, goPro, dji,
    ]

    /// The kind of tree that begins with a folder, if one does.
    static func of(_ folder: CardFolder) -> CardLayout? {
        all.first { $0.isRoot(folder) }
    }

    /// The place of a file by its path within the tree.
    func place(of path: Path) -> Place? { place(CardPath(path)) }
}

/// What is known of a folder when it is entered: its name, and the names that lie in it.
struct CardFolder: Sendable {
    /// Its own name in capitals.
    let name: String
    /// The folders in it, in capitals.
    let folders: Set<String>
    /// The files in it, in capitals; none where there are so many that it is no card's root.
    let files: Set<String>
    /// The folders in `DCIM`, where it has one.
    let pictures: Set<String>

    init(name: Path, folders: [Path] = [], files: [Path] = [], pictures: [Path] = []) {
        self.name = CardPath.capitals(name)
        self.folders = Set(folders.map(CardPath.capitals))
        self.files = Set(files.map(CardPath.capitals))
        self.pictures = Set(pictures.map(CardPath.capitals))
    }

    func holds(_ names: String...) -> Bool { names.allSatisfy(folders.contains) }
    func holdsAny(_ names: String...) -> Bool { names.contains(where: folders.contains) }
    func hasAnyFile(_ names: String...) -> Bool { names.contains(where: files.contains) }
}

/// A path within a card's tree, as its names in capitals.
struct CardPath: Sendable {
    /// All names, the file's last.
    let names: [String]
    /// The file's name without its ending.
    let stem: String
    /// The file's ending in small letters.
    let ending: String

    init(_ path: Path) {
        names = CardPath.capitals(path).split(separator: "/").map(String.init)
        ending = path.ending
        let name = names.last ?? ""
        stem = ending.isEmpty ? name : String(name.dropLast(ending.count + 1))
    }

    /// The name so many folders above the file; empty past the root.
    func folder(_ above: Int = 1) -> String {
        names.count > above ? names[names.count - 1 - above] : ""
    }

    /// A key for what lies so many folders above this file, which tells two trees within one apart.
    func key(above count: Int, _ names: String...) -> Path {
        Path((self.names.dropLast(count + 1) + names).joined(separator: "/"))
    }

    static func capitals(_ path: Path) -> String { path.display.uppercased() }
}

extension String {
    /// The digits at the end: `01` of `AA000101` when two are asked for; nil when it does not end so.
    func number(ofLast count: Int) -> Int? {
        let digits = suffix(count)
        guard digits.utf8.count == count, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }

    /// What stands before a letter and two digits: `C0001` of `C0001M01`; nil when it does not end so.
    func before(_ letter: Character) -> String? {
        guard number(ofLast: 2) != nil, count > 3, dropLast(2).last == letter else { return nil }
        return String(dropLast(3))
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
