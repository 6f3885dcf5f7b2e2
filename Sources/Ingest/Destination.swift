internal import Catalog
internal import Files

/// A folder into which the source is copied, tree and names as they are.
struct Destination: Sendable {
    /// The folder of this source's copies: `DIR/NAME`, or `DIR/NAME-2` and so on when another card has that name.
    let root: Path
    /// It, and those of the same name with other numbers, in which an earlier import may have put a file.
    let siblings: [Path]

    /// The folders below each of `folders` for the copies of `source`: the first number at which no file of another
    /// card lies in the way of one of these.
    static func choose(for source: Path, in folders: [Path], access: FileAccess) throws -> [Destination] {
        for folder in folders {
            let place = try access.resolved(existing(folder, access: access))
            guard place != source, !place.lies(below: source) else {
                throw FileError("copy into it", folder, .isNot("outside the folder that is imported"))
            }
        }
        var number = 1
        while true {
            let roots = folders.map { numbered($0, source, number) }
            if try roots.allSatisfy({ try !isTaken($0, byAnotherThan: source, access: access) }) {
                return zip(folders, roots).map { folder, root in
                    Destination(root: root, siblings: (1...number).map { numbered(folder, source, $0) })
                }
            }
            number += 1
        }
    }

    private static func numbered(_ folder: Path, _ source: Path, _ number: Int) -> Path {
        let name = source.name.bytes == [UInt8(ascii: "/")] ? Path("root") : source.name
        return folder.appending(number == 1 ? name : Path(bytes: name.bytes + Array("-\(number)".utf8)))
    }

    /// The nearest folder above, or the path itself, that is there.
    static func existing(_ path: Path, access: FileAccess) throws -> Path {
        var path = path
        while try access.statusIfThere(of: path) == nil {
            let above = path.folder
            path = above.bytes.isEmpty ? Path(".") : above
        }
        return path
    }

    /// True when a file lies at the path of one of the source's and is not that file, by size and time.
    private static func isTaken(_ root: Path, byAnotherThan source: Path, access: FileAccess) throws -> Bool {
        guard try access.statusIfThere(of: root) != nil else { return false }
        let ours = try Walk(source, access: access)
        let theirs = try Walk(root, access: access)
        var left = ours.next()
        var right = theirs.next()
        while let one = left, let two = right {
            let order = one.path.order(to: two.path)
            if order == 0, !isSame(one, two) { return true }
            if order <= 0 { left = ours.next() }
            if order >= 0 { right = theirs.next() }
        }
        return false
    }

    private static func isSame(_ left: Walk.Entry, _ right: Walk.Entry) -> Bool {
        switch (left.kind, right.kind) {
        case (.file, .file):
            return left.identity.size == right.identity.size
                && isSameTime(left.identity.modifiedNanoseconds, copied: right.identity.modifiedNanoseconds)
        case (.folder, .folder), (_, .leftover), (.leftover, _), (.special, .special), (.failed, _),
            (_, .failed):
            return true
        default: return false
        }
    }

    /// FAT keeps times in steps of two seconds and exFAT in hundredths, so a copy's time may be a little off;
    /// but then it is a round one.
    ///
    /// The copying itself compares the bytes.
    private static func isSameTime(_ time: Int64, copied: Int64) -> Bool {
        time == copied || (copied % 10_000_000 == 0 && abs(time - copied) < 2_000_000_000)
    }

    /// Removes what a killed run left unfinished.
    func removeLeftovers(access: FileAccess) throws {
        guard try access.statusIfThere(of: root) != nil else { return }
        let walk = try Walk(root, access: access)
        while let entry = walk.next() {
            if case .leftover = entry.kind { _ = try access.discardLeftover(root.appending(entry.path)) }
        }
    }
}

/// What the catalogue knows to lie at a destination, asked in byte order alongside the walk.
final class DestinationLookup {
    private let root: Path
    private let volume: Int64
    private let base: Path
    private let access: FileAccess
    private var lists: [(folder: Path, base: Path, copies: KnownCopies, ahead: KnownCopy?)] = []

    init(
        _ destination: Destination,
        catalog: Catalog,
        access: FileAccess,
        volume: (VolumeLocation) throws -> Int64
    ) throws {
        self.access = access
        root = destination.root
        let there = try access.resolved(Destination.existing(destination.root, access: access))
        let (location, path) = try VolumeLocation.of(there, access: access)
        self.volume = try volume(location)
        func inside(_ folder: Path) throws -> Path {
            let missing = try access.resolved(Destination.existing(folder, access: access))
            // What is not there yet lies in what is.
            let rest = folder.bytes.dropFirst(try Destination.existing(folder, access: access).bytes.count)
            let tail = Path(bytes: Array(rest.drop { $0 == UInt8(ascii: "/") }))
            return (missing.relative(to: there) ?? Path(bytes: [])).appending(tail)
        }
        base = path.appending(try inside(destination.root))
        for sibling in destination.siblings {
            let siblingBase = sibling == destination.root ? base : base.folder.appending(sibling.name)
            let copies = try catalog.knownCopies(volume: self.volume, below: siblingBase)
            lists.append((sibling, siblingBase, copies, try copies.next()))
        }
    }

    /// Where a file of the source goes.
    func target(for path: Path) -> FoundFile.Target {
        .init(volume: volume, volumePath: base.appending(path), path: root.appending(path))
    }

    /// True when a copy of this content is known to lie at this path in one of the folders, was not found wanting, and is
    /// still there.
    ///
    /// Paths must be asked in byte order.
    func holds(_ file: Int64, at path: Path) throws -> Bool {
        var holds = false
        for index in lists.indices {
            let wanted = lists[index].base.appending(path)
            while let copy = lists[index].ahead {
                let order = copy.path.order(to: wanted)
                if order > 0 { break }
                if order == 0, copy.file == file, copy.kind == .archive,
                    ["recorded", "verified"].contains(copy.finding),
                    try isStillThere(copy, as: lists[index].folder.appending(path))
                {
                    holds = true
                }
                if order == 0 { break }
                lists[index].ahead = try lists[index].copies.next()
            }
        }
        return holds
    }

    /// What the catalogue remembers may have been removed or overwritten since; a copy is only there when it is.
    private func isStillThere(_ copy: KnownCopy, as path: Path) throws -> Bool {
        guard let status = try access.statusIfThere(of: path), status.isRegularFile else { return false }
        return copy.isUnchanged(status.identity)
    }
}
