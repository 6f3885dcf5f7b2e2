internal import Catalog
internal import Files
internal import MediaProtocol

/// What manifests say of one folder: the generations of an ASC MHL history, or one list that stands alone.
final class History {
    /// A manifest as it was read; those that could not be have no place in it.
    struct Generation {
        var name: Path
        var record: ManifestRecord
        var summary: ManifestSummary
    }

    /// What is known of one file.
    struct Listing {
        /// The oldest digest of each kind that was not taken as failed; the manifest by its place.
        var listed: [(digest: ListedDigest, manifest: Int)] = []
        var size: Int64?
        /// The newest manifest that lists it, by its place.
        var manifest: Int
        /// The manifest in which it had changed, by its place.
        var failed: Int?
        var isMet = false
    }

    /// Its place in the report.
    let number: Int
    /// The folder that its paths begin at, from the source's root; the source lies below it when `above` is not empty.
    let folder: Path
    /// The source's path from the history's root, for a history of a folder above it.
    let above: Path
    /// The generations, oldest first.
    let generations: [Generation]
    /// Where its newest manifest lies, for people: from the source's root, or the whole path.
    let name: Path
    var faults: [String]
    var keys = HistoryKeys()

    private(set) var listings: [Path: Listing] = [:]
    /// Listed paths that are not ASCII, as Swift compares text: composed and decomposed accents are one.
    private var folded: [String: Path] = [:]
    private let ignored: IgnorePatterns
    /// What is not listed counts below these: everywhere in an ASC MHL's folder; where all lies that a single list names.
    private let scopes: Set<Path>

    /// What was read in the folder that lies `here`.
    init(
        _ read: ReadHistory,
        number: Int,
        folder: Path,
        above: Path,
        name: Path,
        here: (volume: Int64, path: Path)
    ) {
        self.number = number
        self.folder = folder
        self.above = above
        self.name = name
        faults = read.faults
        generations = read.lists.map { list in
            let path = list.generation == nil ? list.name : ManifestName.folder.appending(list.name)
            return Generation(
                name: list.name,
                record: ManifestRecord(list, at: here.path.appending(path)),
                summary: list.manifest.summary
            )
        }
        let patterns = generations.flatMap(\.summary.ignore)
        ignored = IgnorePatterns(patterns.isEmpty ? History.litter : patterns)
        let isChained = generations.contains { $0.record.generation != nil }
        var listings: [Path: Listing] = [:]
        for (place, list) in read.lists.enumerated() {
            History.add(list.manifest.entries, place, to: &listings)
        }
        if !above.bytes.isEmpty { listings = listings.filter { $0.key.lies(below: above) } }
        scopes =
            isChained
            ? [Path(bytes: [])]
            : Set(read.lists.map { History.common($0.manifest.entries.map { Path($0.path) }) })
        for path in listings.keys where path.bytes.contains(where: { $0 >= 0x80 }) {
            if let text = path.text { folded[text] = path }
        }
        self.listings = listings
    }

    /// The manifests of histories below, by their paths from the source's root.
    var references: [(path: Path, c4: ListedDigest, by: Path)] {
        generations.flatMap { generation in
            generation.summary.references.compactMap { reference in
                guard let digest = reference.digests.first,
                    let c4 = ListedDigest(element: digest.element, text: digest.text),
                    let path = fromSource(Path(reference.path))
                else { return nil }
                return (path, c4, generation.name)
            }
        }
    }

    /// Generations say what changed: what they leave out still stands, and a rename carries its digests along.
    private static func add(_ entries: [ManifestEntry], _ place: Int, to listings: inout [Path: Listing]) {
        var moved: [String: Listing] = [:]
        for entry in entries {
            guard let previous = entry.previousPath else { continue }
            moved[entry.path] = listings[Path(previous)]
        }
        for previous in entries.compactMap(\.previousPath) { listings[Path(previous)] = nil }
        for entry in entries {
            let path = Path(entry.path)
            var listing = moved[entry.path] ?? listings[path] ?? Listing(manifest: place)
            listing.manifest = place
            listing.size = entry.size ?? listing.size
            var hasFailed = false
            for digest in entry.digests {
                if digest.action == "failed" {
                    hasFailed = true
                    continue
                }
                guard let known = ListedDigest(element: digest.element, text: digest.text),
                    !listing.listed.contains(where: { $0.digest.algorithm == known.algorithm })
                else { continue }
                listing.listed.append((known, place))
            }
            if hasFailed { listing.failed = listing.failed ?? place }
            // A size that was taken with a failed digest is that of the changed file.
            if hasFailed { listing.size = listings[path]?.size }
            listings[path] = listing
        }
    }

    /// The deepest folder that holds all of these.
    private static func common(_ paths: some Sequence<Path>) -> Path {
        var common: [ArraySlice<UInt8>]?
        for path in paths {
            let folders = path.folder.bytes.split(separator: UInt8(ascii: "/"))
            guard let known = common else {
                common = folders
                continue
            }
            common = zip(known, folders).prefix { $0 == $1 }.map(\.0)
        }
        return Path(bytes: Array((common ?? []).joined(separator: [UInt8(ascii: "/")])))
    }

    /// What systems leave on every disk: a list without patterns of its own was not meant to have it.
    private static let litter = [
        ".DS_Store", "._*", ".Spotlight-V100/", ".Trashes/", ".fseventsd/", "Thumbs.db", "desktop.ini",
        "System Volume Information/",
    ]

    // MARK: Paths

    /// The path from the history's root of a path from the source's root; nil when it lies elsewhere.
    func inside(_ path: Path) -> Path? {
        above.bytes.isEmpty ? path.relative(to: folder) : above.appending(path)
    }

    /// The path from the source's root; nil when it lies outside of it.
    func fromSource(_ path: Path) -> Path? {
        above.bytes.isEmpty ? folder.appending(path) : path.relative(to: above)
    }

    // MARK: Files

    /// What it says of the file at a path from its root; nil when it does not list it.
    ///
    /// A name that is composed here and decomposed there is the same name, unless `isThere` finds the other on the disk.
    func meet(_ path: Path, isThere: (Path) -> Bool) -> Expectation? {
        var known = path
        if listings[path] == nil {
            guard path.bytes.contains(where: { $0 >= 0x80 }), let text = path.text, let twin = folded[text],
                twin != path, !isThere(twin)
            else { return nil }
            known = twin
        }
        listings[known]?.isMet = true
        return expectation(known)
    }

    private func expectation(_ path: Path) -> Expectation? {
        guard let listing = listings[path] else { return nil }
        return Expectation(
            number: number,
            history: keys.history,
            path: path,
            manifest: keys.manifests[listing.manifest],
            size: listing.size,
            listed: listing.listed.map { .init(digest: $0.digest, manifest: keys.manifests[$0.manifest]) },
            remark: listing.failed.map { "it had changed already in \(generations[$0].name.display)" }
        )
    }

    /// That a file which no history lists is not listed by this one; nil when it need not be.
    func unlisted(_ path: Path) -> Finding? {
        guard let newest = keys.manifests.last, scopes.contains(where: { path.lies(below: $0) }),
            !ManifestName.isEvidence(path), !ignored.cover(path.bytes)
        else { return nil }
        return Finding(
            number: number,
            verdict: ManifestVerdict(history: keys.history, path: path, manifest: newest, outcome: .unlisted)
        )
    }

    /// The listed files that were not met, in byte order, those apart that the history leaves out by now.
    func missing(unless isHidden: (Path) -> Bool) -> [Expectation] {
        listings.filter { !$0.value.isMet }.keys.sorted().compactMap { path in
            guard !ignored.cover(path.bytes), let place = fromSource(path), !isHidden(place) else {
                return nil
            }
            return expectation(path)
        }
    }

    /// True when it lists this path.
    func lists(_ path: Path) -> Bool { listings[path] != nil }
}

extension ManifestRecord {
    init(_ list: ReadHistory.List, at path: Path) {
        let summary = list.manifest.summary
        self.init(
            path: path,
            sha256: list.manifest.digests.sha256,
            format: (summary.kind == .list ? "ASC MHL " : "MHL ") + (summary.version ?? ""),
            generation: list.generation
        )
        seal = list.seal
        tool = summary.tool
        toolVersion = summary.toolVersion
        created = summary.created
        author = summary.author
        host = summary.host
        location = summary.location
        comment = summary.comment
        process = summary.process
    }
}
