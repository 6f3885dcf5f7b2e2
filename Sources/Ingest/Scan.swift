internal import Catalog
internal import Files

/// Walks the source beside what the catalogue knows of it, both in byte order, and gives out what has to be read.
///
/// Nothing is held but the folders that the walk is in, and no file is opened.
final class Scan {
    private let source: Path
    /// The only names that count; nil where all do.
    let names: Set<Path>?
    private let catalog: Catalog
    private let access: FileAccess
    private let volume: (VolumeLocation) throws -> Int64
    private let isCopying: Bool
    private var destinations: [DestinationLookup]
    private let walk: Walk
    private let stop: () -> Bool
    private let manifests: ManifestWatch?

    private var places: [ScannedPlace] = []
    private var units: [ScannedUnit] = []
    private var ready: [ClusterWork] = []
    private var nextReady = 0
    private var sequence = 0
    private var isAtEnd = false
    /// Folders that could not be looked into, or that another file system covers: what lies there is not missing.
    private var unseen: [Path] = []
    /// Those of them that could not be looked into.
    private var unread: [Path] = []

    /// Where the scan was, by volume.
    private(set) var roots: [(volume: Int64, path: Path)] = []

    /// Files that the walk came past.
    private(set) var seen = 0
    /// Files that need nothing, with their bytes; taken and set to nothing by who counts.
    var settled: [Int64] = []
    /// Files that are not taken; taken and emptied by who records.
    var notTaken: [NotTaken] = []
    /// Copies whose rows want a touch, though their files need not be read.
    var touched: [GroupRecord] = []
    /// Recorded copies that were not met, and their contents.
    private(set) var missing: [(copy: Int64, file: Int64, volume: Int64)] = []
    /// Strays that were not met.
    private(set) var goneStrays: [(volume: Int64, path: Path)] = []
    /// The cards whose trees were met.
    private(set) var cards: [(name: String, path: Path)] = []
    /// True when it was stopped before its end.
    private(set) var wasStopped = false

    /// A scan of the folder `source`, without links in its path; of some files in it where there are `names`.
    ///
    /// `volume` gives the catalogue's key of a volume, −1 for one it never saw. `manifests` goes along with it, where what
    /// offloads wrote is to be read.
    init(
        source: Path,
        names: Set<Path>? = nil,
        catalog: Catalog,
        access: FileAccess,
        destinations: [DestinationLookup],
        manifests: ManifestWatch? = nil,
        stop: @escaping () -> Bool,
        volume: @escaping (VolumeLocation) throws -> Int64
    ) throws {
        self.source = source
        self.names = names
        self.catalog = catalog
        self.access = access
        self.destinations = destinations
        self.manifests = manifests
        self.stop = stop
        self.volume = volume
        isCopying = !destinations.isEmpty
        walk = try Walk(source, enteringFolders: names == nil, access: access)
        try enterPlace(at: Path(bytes: []), device: walk.device)
        units = [
            ScannedUnit(folder: Path(bytes: []), layout: layout(of: Path(bytes: []), named: source.name))
        ]
        try meetManifests(in: Path(bytes: []))
    }

    /// The next clusters to be read, or nil at the end.
    func nextChunk() throws -> Chunk? {
        if let manifests, hasEnoughChecks { return nextChecks(of: manifests) }
        var clusters: [ClusterWork] = []
        var files = 0
        var bytes: Int64 = 0
        while let cluster = try nextCluster() {
            let isFull =
                files + cluster.files.count > Chunk.mostFiles || bytes + cluster.bytes > Chunk.mostBytes
            if isFull, !clusters.isEmpty {
                nextReady -= 1
                break
            }
            clusters.append(cluster)
            files += cluster.files.count
            bytes += cluster.bytes
        }
        guard !clusters.isEmpty else {
            guard let manifests, !manifests.checks.isEmpty else { return nil }
            return nextChecks(of: manifests)
        }
        sequence += 1
        return Chunk(sequence: sequence - 1, clusters: clusters)
    }

    private var hasEnoughChecks: Bool { manifests.map { $0.checks.count >= Chunk.mostFiles } ?? false }

    private func nextChecks(of manifests: ManifestWatch) -> Chunk {
        let checks = Array(manifests.checks.prefix(Chunk.mostFiles))
        manifests.checks.removeFirst(checks.count)
        sequence += 1
        return Chunk(sequence: sequence - 1, clusters: [], checks: checks)
    }

    private func nextCluster() throws -> ClusterWork? {
        while nextReady == ready.count {
            ready = []
            nextReady = 0
            if isAtEnd || hasEnoughChecks { return nil }
            try advance()
        }
        nextReady += 1
        return ready[nextReady - 1]
    }

    private func advance() throws {
        if stop() {
            wasStopped = true
            isAtEnd = true
            return
        }
        guard let entry = walk.next() else {
            while !units.isEmpty { try leaveUnit() }
            try manifests?.leaveAll { isUnread($0) }
            while !places.isEmpty { try leavePlace() }
            isAtEnd = true
            return
        }
        while let unit = units.last, !entry.path.lies(below: unit.folder), unit.folder != entry.path {
            try leaveUnit()
        }
        try manifests?.leave(before: entry.path) { isUnread($0) }
        while let place = places.last, places.count > 1, !entry.path.lies(below: place.prefix),
            place.prefix != entry.path
        {
            try leavePlace()
        }
        if let names, !names.contains(entry.path) { return try meetNeighbour(entry) }
        switch entry.kind {
        case .file: try meet(entry)
        case .folder(let device): try enter(entry.path, device: device)
        case .leftover: break
        case .special(let words): meetStray(entry, .other, words)
        case .failed(let error):
            unseen.append(entry.path)
            unread.append(entry.path)
            meetStray(entry, .failed, error.reason)
        }
    }

    // MARK: File systems

    private func enter(_ folder: Path, device: UInt64) throws {
        if let place = places.last, !place.devices.contains(device) {
            try enterPlace(at: folder, device: device)
        }
        if let last = units.indices.last, units[last].layout != nil {
            units[last].folders.append(folder)
        } else {
            units.append(ScannedUnit(folder: folder, layout: layout(of: folder, named: folder.name)))
        }
        try meetManifests(in: folder)
    }

    private func meetManifests(in folder: Path) throws {
        guard let manifests, let place = places.last else { return }
        try manifests.enter(
            folder,
            place: { (place.volume, place.path(of: folder)) },
            names: {
                walk.namesHere { name, isFolder in
                    isFolder ? name.elementsEqual(ManifestName.folder.bytes) : ManifestName.isList(name)
                }
            }
        )
    }

    /// True of what was not looked at: below a folder that could not be, or beside the files that were named.
    private func isUnread(_ path: Path) -> Bool {
        if let names { return !names.contains(path) }
        return unread.contains { path == $0 || path.lies(below: $0) }
    }

    /// The kind of card whose tree begins with the folder that the walk has just entered.
    private func layout(of folder: Path, named name: Path) -> CardLayout? {
        guard names == nil else { return nil }
        let (folders, files) = walk.namesHere()
        // A tree has folders; only a RED clip's own folder has none, and tells by its name.
        guard !folders.isEmpty || name.ending == "rdc" else { return nil }
        let pictures = folders.filter { $0.text?.uppercased() == "DCIM" }.flatMap { walk.folders(in: $0) }
        let found = CardLayout.of(
            CardFolder(name: name, folders: folders, files: files, pictures: pictures))
        if let found, cards.count < ImportReport.longestList { cards.append((found.name, folder)) }
        return found
    }

    /// Another file system begins here; what the catalogue knows of it is another list.
    private func enterPlace(at folder: Path, device: UInt64) throws {
        let (location, path) = try VolumeLocation.of(source.appending(folder), access: access)
        let key = try volume(location)
        if let last = places.indices.last, places[last].volume == key, places[last].path(of: folder) == path {
            // A subvolume has a device number of its own and is the same volume all the same.
            places[last].devices.insert(device)
            return
        }
        if !folder.bytes.isEmpty { unseen.append(folder) }
        roots.append((key, path))
        places.append(
            try ScannedPlace(
                prefix: folder,
                volume: key,
                base: path,
                device: device,
                known: try catalog.knownCopies(volume: key, below: path),
                strays: try catalog.knownStrays(volume: key, below: path)
            )
        )
    }

    private func leavePlace() throws {
        guard let place = places.popLast() else { return }
        try place.finish { noteMissing($0, of: place) }
        guard names == nil else { return }
        for stray in place.strays.values where !isHidden(stray.path, of: place) {
            goneStrays.append((place.volume, stray.path))
        }
    }

    private func noteMissing(_ copy: KnownCopy, of place: ScannedPlace) {
        guard names == nil, !isHidden(copy.path, of: place) else { return }
        missing.append((copy.id, copy.file, place.volume))
    }

    private func isHidden(_ path: Path, of place: ScannedPlace) -> Bool {
        guard !unseen.isEmpty, let inside = path.relative(to: place.base) else { return false }
        let path = place.prefix.appending(inside)
        // A place's own beginning hides what lies under it, not what lies in it.
        return unseen.contains { $0 != place.mountPoint && (path == $0 || path.lies(below: $0)) }
    }

    // MARK: Files

    /// A file beside those that were named: it counts for nothing, and may be of one asset with them if the archive has it.
    private func meetNeighbour(_ entry: Walk.Entry) throws {
        guard case .file = entry.kind, let place = places.last, let unit = units.indices.last,
            let known = try place.known(at: place.path(of: entry.path), passing: { _ in }),
            known.isUnchanged(entry.identity)
        else { return }
        units[unit].files.append(
            .init(path: entry.path, content: .settled(copy: known.id, file: known.file))
        )
    }

    private func meet(_ entry: Walk.Entry) throws {
        seen += 1
        guard let place = places.last, let unit = units.indices.last else { return }
        let volumePath = place.path(of: entry.path)
        let standing = manifests?.standing(of: entry.path)
        let known = try place.known(at: volumePath) { noteMissing($0, of: place) }
        if let known, known.isUnchanged(entry.identity) {
            let isHeld = try destinations.indices.allSatisfy {
                try destinations[$0].holds(known.file, at: entry.path)
            }
            if isHeld {
                if known.finding == "missing" || (known.kind == .source && !isCopying) {
                    touched.append(touch(known, entry, place.volume))
                } else {
                    settled.append(entry.identity.size)
                }
                units[unit].files.append(
                    .init(path: entry.path, content: .settled(copy: known.id, file: known.file))
                )
                if let standing {
                    try manifests?.settle(
                        standing, at: entry.path, size: entry.identity.size, file: known.file)
                }
                return
            }
        }
        let stray = place.strays.removeValue(forKey: volumePath)
        if let stray, stray.outcome == .other, units[unit].layout == nil,
            !ManifestName.isEvidence(entry.path),
            entry.identity.isUnchanged(from: stray.identity)
        {
            notTaken.append(
                NotTaken(
                    path: entry.path,
                    record: nil,
                    outcome: .other,
                    reason: stray.reason,
                    size: entry.identity.size
                )
            )
            if let standing {
                try manifests?.settle(standing, at: entry.path, size: entry.identity.size, file: nil)
            }
            return
        }
        let targets = destinations.map { $0.target(for: entry.path) }
        let found = FoundFile(
            path: entry.path,
            identity: entry.identity,
            volume: place.volume,
            volumePath: volumePath,
            known: known,
            wasStray: stray != nil,
            targets: targets,
            standing: standing
        )
        units[unit].files.append(.init(path: entry.path, content: .found(found)))
        units[unit].hasWork = true
    }

    /// The row of a copy that was missing and is back, or that lay on a card and is now to be kept where it lies.
    private func touch(_ known: KnownCopy, _ entry: Walk.Entry, _ volume: Int64) -> GroupRecord {
        let name = entry.path.name.display
        let copy = CopyRecord(
            volume: volume,
            path: known.path,
            kind: isCopying ? known.kind : .archive,
            identity: entry.identity,
            checkedAt: nil,
            existing: known.id
        )
        return GroupRecord(
            kind: nil,
            asset: nil,
            name: name,
            reading: nil,
            unreadable: nil,
            files: [
                FileRecord(role: .sidecar, name: name, content: .recorded(file: known.file), copies: [copy])
            ]
        )
    }

    private func meetStray(_ entry: Walk.Entry, _ outcome: StrayOutcome, _ reason: String) {
        seen += 1
        guard let place = places.last else { return }
        if let standing = manifests?.standing(of: entry.path) {
            manifests?.settle(standing, unreadBecause: reason)
        }
        let record = StrayRecord(
            volume: place.volume,
            path: place.path(of: entry.path),
            identity: entry.identity,
            outcome: outcome,
            reason: reason
        )
        let isRecorded = place.strays.removeValue(forKey: record.path) == record
        notTaken.append(
            NotTaken(
                path: entry.path,
                record: isRecorded ? nil : record,
                outcome: outcome,
                reason: reason,
                size: entry.identity.size
            )
        )
    }

    // MARK: Units

    private func leaveUnit() throws {
        guard let unit = units.popLast() else { return }
        guard unit.hasWork else { return }
        for cluster in unit.clusters() where cluster.files.contains(where: { $0.found != nil }) {
            var cluster = cluster
            for index in cluster.files.indices {
                switch cluster.files[index].content {
                case .settled(let copy, _):
                    cluster.files[index].members = try catalog.members(ofCopies: [copy])
                case .found(let found):
                    if let known = found.known {
                        cluster.files[index].members = try catalog.members(ofCopies: [known.id])
                    }
                }
            }
            ready.append(cluster)
        }
        if unit.layout != nil, isCopying {
            emptyFolders += unit.folders.filter { folder in
                !unit.files.contains { $0.path.lies(below: folder) }
            }
        }
    }

    /// Folders of cards in which there is nothing, but which belong to the card; taken and emptied by who copies.
    var emptyFolders: [Path] = []
}

extension KnownCopy {
    /// The inode alone may change: cards number their files anew each time they are put in.
    func isUnchanged(_ seen: FileIdentity) -> Bool { seen.isUnchanged(from: identity) }
}

extension FileIdentity {
    func isUnchanged(from other: FileIdentity) -> Bool {
        size == other.size && modifiedNanoseconds == other.modifiedNanoseconds
    }
}
