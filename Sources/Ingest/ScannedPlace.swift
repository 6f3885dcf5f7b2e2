internal import Catalog
internal import Files

/// A file system that the walk is in, and what the catalogue knows of it, read alongside.
final class ScannedPlace {
    /// Where it begins, from the source's root.
    let prefix: Path
    let volume: Int64
    /// Where that is on the volume.
    let base: Path
    var devices: Set<UInt64>
    /// What an earlier scan left aside, and this one has not met yet; by the volume's paths.
    var strays: [Path: StrayRecord]

    private let copies: KnownCopies
    private var ahead: KnownCopy?

    init(
        prefix: Path,
        volume: Int64,
        base: Path,
        device: UInt64,
        known: KnownCopies,
        strays: [Path: StrayRecord]
    ) throws {
        self.prefix = prefix
        self.volume = volume
        self.base = base
        self.strays = strays
        devices = [device]
        copies = known
        ahead = try known.next()
    }

    /// Where it was found mounted below another one; nil for the one the scan began in.
    var mountPoint: Path? { prefix.bytes.isEmpty ? nil : prefix }

    /// The volume's path of a path from the source's root.
    func path(of path: Path) -> Path {
        base.appending(prefix.bytes.isEmpty ? path : path.relative(to: prefix) ?? path)
    }

    /// The copy recorded at a path; those before it were not met, and are told.
    func known(at path: Path, passing: (KnownCopy) -> Void) throws -> KnownCopy? {
        while let copy = ahead {
            let order = copy.path.order(to: path)
            if order > 0 { return nil }
            ahead = try copies.next()
            if order == 0 { return copy }
            passing(copy)
        }
        return nil
    }

    /// Tells the copies that are left.
    func finish(passing: (KnownCopy) -> Void) throws {
        while let copy = ahead {
            passing(copy)
            ahead = try copies.next()
        }
    }
}

/// A folder, or a whole card's tree, whose files may belong together.
struct ScannedUnit {
    struct File {
        var path: Path
        var content: ClusterFile.Content
    }

    /// From the source's root.
    let folder: Path
    /// How the card is laid out whose tree begins here.
    let layout: CardLayout?
    var files: [File] = []
    /// Folders of the tree, for those that are empty.
    var folders: [Path] = []
    /// True when a file is to be read.
    var hasWork = false

    init(folder: Path, layout: CardLayout?) {
        self.folder = folder
        self.layout = layout
    }

    /// The files by what their names have in common.
    func clusters() -> [ClusterWork] {
        let names = files.map { layout == nil ? $0.path.name : $0.path.relative(to: folder) ?? $0.path }
        let places = names.map { layout?.place(of: $0) }
        let clusters = layout == nil ? Cluster.inFolder(names) : Cluster.onCard(names, places: places)
        return clusters.map { indices in
            ClusterWork(
                files: indices.map { index in
                    ClusterFile(
                        path: files[index].path,
                        name: names[index],
                        content: files[index].content,
                        place: places[index]
                    )
                },
                card: layout?.name
            )
        }
    }
}
