internal import Catalog
internal import Files
internal import MediaProtocol

/// The manifests of one folder as they were read: what they list, and what is wrong with them.
struct ReadHistory {
    /// A manifest.
    struct List {
        let name: Path
        /// Nil for a list that stands alone.
        let generation: Int?
        let manifest: ManifestReader.Manifest
        var seal = ManifestSeal.unsealed
    }

    /// The manifests, oldest first; those that could not be read are not among them.
    var lists: [List] = []
    /// What is wrong, a sentence each.
    var faults: [String] = []
    /// Every manifest and chain that was read, by its path from the folder: evidence to be kept.
    var evidence: [(path: Path, manifest: ManifestReader.Manifest)] = []
    /// Where the newest manifest lies, from the folder; the history's folder when there is none.
    var name = ManifestName.folder

    /// Without the lists that name nothing below a path, and without what is said of those.
    func speaking(of path: Path) -> ReadHistory {
        var rest = self
        rest.lists = lists.filter { list in
            list.manifest.entries.contains { Path($0.path).lies(below: path) }
                || list.manifest.summary.references.contains { Path($0.path).lies(below: path) }
        }
        // The generations of one history belong together, whichever of them speaks.
        if lists.contains(where: { $0.generation != nil }) {
            if !rest.lists.isEmpty { return self }
        } else {
            rest.faults = []
            let names = Set(rest.lists.map(\.name))
            rest.evidence = evidence.filter { names.contains($0.path.name) }
            rest.name = rest.lists.last?.name ?? name
        }
        return rest
    }
}

/// Reads the manifests of a folder and holds them against the chain that seals them.
struct HistoryReader {
    let access: FileAccess
    let reader: ManifestReader

    /// The ASC MHL history of a folder, or nil when its folder for it is empty.
    func chained(in root: Path) throws -> ReadHistory? {
        let folder = root.appending(ManifestName.folder)
        var history = ReadHistory()
        let names: [Path]
        do throws(FileError) {
            names = try access.names(in: folder) { ManifestName.isList($0.bytes) || $0 == ManifestName.chain }
        } catch {
            history.faults.append("\(ManifestName.folder.display) could not be looked into: \(error.reason)")
            return history
        }
        guard !names.isEmpty else { return nil }
        let chain = try chain(root, isThere: names.contains(ManifestName.chain), &history)
        let lists = Set(names).union(chain.keys).subtracting([ManifestName.chain]).sorted {
            (ManifestName.generation($0) ?? Int.max, $0) < (ManifestName.generation($1) ?? Int.max, $1)
        }
        for name in lists {
            let path = ManifestName.folder.appending(name)
            history.name = path
            guard names.contains(name) else {
                history.faults.append("\(name.display) is named in the chain and is not there")
                continue
            }
            let c4 = try read(path, in: root, generation: ManifestName.generation(name) ?? 0, &history)
            if let c4, !chain.isEmpty { seal(name, c4, by: chain[name], &history) }
        }
        return history
    }

    /// The lists that stand alone in a folder, by their names: some tools write one for each clip.
    func single(_ names: [Path], in root: Path) throws -> ReadHistory {
        var history = ReadHistory()
        for name in names {
            history.name = name
            _ = try read(name, in: root, generation: nil, &history)
        }
        return history
    }

    private func chain(_ root: Path, isThere: Bool, _ history: inout ReadHistory) throws -> [Path:
        ListedDigest]
    {
        let name = ManifestName.chain.display
        guard isThere else {
            history.faults.append(
                "\(name) is not there: nothing says whether the manifests are as they were written")
            return [:]
        }
        do {
            let path = ManifestName.folder.appending(ManifestName.chain)
            let chain = try reader.read(root.appending(path))
            history.evidence.append((path, chain))
            guard chain.summary.kind == .chain else { throw ManifestReader.Refusal(reason: "it is no chain") }
            return Dictionary(
                chain.entries.compactMap { entry in
                    entry.digests.first.flatMap { ListedDigest(element: $0.element, text: $0.text) }
                        .map { (Path(entry.path), $0) }
                },
                uniquingKeysWith: { first, _ in first }
            )
        } catch let refusal as ManifestReader.Refusal {
            history.faults.append("\(name) cannot be used: \(refusal.reason)")
            return [:]
        }
    }

    /// The manifest's C4, where it could be taken.
    private func read(_ path: Path, in root: Path, generation: Int?, _ history: inout ReadHistory) throws
        -> ListedDigest?
    {
        let name = path.name.display
        do {
            let manifest = try reader.read(root.appending(path))
            history.evidence.append((path, manifest))
            if manifest.summary.kind == .chain {
                history.faults.append("\(name) cannot be used: it is a chain under the name of a list")
                return manifest.c4
            }
            if manifest.summary.refused > 0 {
                history.faults.append(
                    "\(name) lists \(manifest.summary.refused) paths that lead out of its folder or are none: they are left out"
                )
            }
            history.lists.append(.init(name: path.name, generation: generation, manifest: manifest))
            return manifest.c4
        } catch let refusal as ManifestReader.Refusal {
            history.faults.append("\(name) cannot be used: \(refusal.reason)")
            return refusal.c4
        }
    }

    private func seal(
        _ name: Path, _ c4: ListedDigest, by chained: ListedDigest?, _ history: inout ReadHistory
    ) {
        let seal: ManifestSeal
        switch chained {
        case c4?: seal = .sealed
        case .some:
            seal = .changed
            history.faults.append("\(name.display) was changed after it was sealed")
        case nil:
            seal = .unsealed
            history.faults.append("\(name.display) is not named in the chain: nothing seals it")
        }
        if let last = history.lists.indices.last, history.lists[last].name == name {
            history.lists[last].seal = seal
        }
    }
}
