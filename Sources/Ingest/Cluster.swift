internal import Catalog
internal import Files

/// Files that may be one asset, judged by their names alone.
///
/// What they are in truth is decided when they were read.
enum Cluster {
    /// The files of one folder, by what their names have in common; indices into `names`, in the order of each
    /// cluster's first file.
    static func inFolder(_ names: [Path]) -> [[Int]] {
        let present = Set(names)
        let stems = Set(names.filter { !SidecarName.isSidecar($0) }.map(\.stem))
        return gathered(names) { SidecarName.cluster(of: $0, among: present, stems: stems) }
    }

    /// The files of a card's tree: paths within it, and what its layout says about each.
    ///
    /// What somebody wrote beside a clip later, `C0001.MP4.xmp`, goes where the clip does.
    static func onCard(_ paths: [Path], places: [CardLayout.Place?]) -> [[Int]] {
        let present = Set(paths)
        let stems = Set(paths.filter { !SidecarName.isSidecar($0) }.map { $0.folder.appending($0.stem) })
        var clusters: [Path: Path] = [:]
        for (path, place) in zip(paths, places) where place?.role == .original {
            clusters[path.folder.appending(path.stem)] = place?.cluster
        }
        return gathered(Array(paths.indices)) { index in
            if let place = places[index] { return place.cluster }
            let own = SidecarName.cluster(of: paths[index], among: present, stems: stems)
            return clusters[own] ?? own
        }
    }

    private static func gathered<Item>(_ items: [Item], by key: (Item) -> Path) -> [[Int]] {
        var places: [Path: Int] = [:]
        var clusters: [[Int]] = []
        for (index, item) in items.enumerated() {
            let key = key(item)
            if let place = places[key] {
                clusters[place].append(index)
            } else {
                places[key] = clusters.count
                clusters.append([index])
            }
        }
        return clusters
    }
}

/// Which file a sidecar's name points to.
enum SidecarName {
    /// What a sidecar is named after.
    enum Target: Hashable, Sendable {
        /// One file, by its whole name: `A.CR2.xmp`.
        case file(Path)
        /// A duplicate's own words in darktable, `A_01.CR2.xmp`: about `A.CR2`, but not about its original version.
        case version(of: Path)
        /// Everything of this stem: `A.xmp`.
        case stem(Path)
    }

    static func isSidecar(_ name: Path) -> Bool {
        switch Sniffed.namedNature(name.ending) {
        case .sidecar, .thumbnail, .proxy: true
        default: false
        }
    }

    /// What the sidecar at `path` is about, among the files that are there.
    ///
    /// Names are compared as bytes.
    static func target(of path: Path, among present: Set<Path>, stems: Set<Path>) -> Target {
        let whole = path.folder.appending(path.stem)
        if present.contains(whole) { return .file(whole) }
        if path.ending == "xmp", let original = unnumbered(whole), present.contains(original) {
            return .version(of: original)
        }
        // Sony's M01.XML keeps its name when a clip's folder is copied without the card around it.
        if path.ending == "xml", let clip = numberedStem(whole, letter: "M"), stems.contains(clip),
            !stems.contains(whole)
        {
            return .stem(clip)
        }
        if !stems.contains(whole), let clip = StemName.clips(ofProxy: path).first(where: stems.contains) {
            return .stem(clip)
        }
        return .stem(whole)
    }

    /// The key that joins a file to the others of its cluster.
    static func cluster(of path: Path, among present: Set<Path>, stems: Set<Path>) -> Path {
        guard isSidecar(path) else { return path.folder.appending(StemName.shared(by: path)) }
        switch target(of: path, among: present, stems: stems) {
        case .file(let file), .version(of: let file):
            // A sidecar may have a sidecar: A.MOV.srt.xmp belongs where A.MOV.srt does.
            return isSidecar(file)
                ? cluster(of: file, among: present, stems: stems)
                : file.folder.appending(StemName.shared(by: file))
        case .stem(let stem): return stem.folder.appending(StemName.shared(by: stem, isStem: true))
        }
    }

    /// `A.CR2` of `A_01.CR2`.
    private static func unnumbered(_ path: Path) -> Path? {
        let stem = path.stem.bytes
        let digits = stem.reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
        guard digits >= 2, stem.count > digits + 1, stem[stem.count - digits - 1] == UInt8(ascii: "_") else {
            return nil
        }
        let ending = path.name.bytes[path.stem.bytes.count...]
        return path.folder.appending(Path(bytes: stem.dropLast(digits + 1) + ending))
    }
}
