internal import Catalog
internal import Files
internal import MediaProtocol

/// Goes along with a scan, reads the manifests of the folders that it enters, and says of each file what they list.
///
/// It is in the folders that the scan is in, and knows no others; what it learns is taken by who counts.
final class ManifestWatch {
    /// Where a folder lies, as the catalogue knows it.
    typealias Place = (volume: Int64, path: Path)

    /// What was found of files that nobody has to read; taken and emptied by who counts.
    var findings: [Finding] = []
    /// Known files that have to be read for their digests; taken and emptied by who hands out work.
    var checks: [ManifestCheck] = []
    /// Manifests that lie above the source, which no scan comes past.
    private(set) var evidence: [GroupRecord] = []
    /// Every history that was met, by its number.
    private(set) var histories: [History] = []

    private let source: Path
    private let access: FileAccess
    private let catalog: Catalog
    private let reader: HistoryReader
    /// Nil when nothing is written.
    private let run: ImportRun?
    /// The histories of the folders that we are in, outermost first.
    private var open: [History] = []
    /// What manifests say of those of folders below; by their paths from the source's root.
    private var seals: [Path: (c4: ListedDigest, by: Path, history: Int)] = [:]

    init(source: Path, access: FileAccess, catalog: Catalog, reader: ManifestReader, run: ImportRun?) {
        self.source = source
        self.access = access
        self.catalog = catalog
        self.reader = HistoryReader(access: access, reader: reader)
        self.run = run
    }

    // MARK: Folders

    /// Reads what lies above the source, up to where its file system begins.
    ///
    /// `place` tells where a folder lies. What says nothing of the source is about something else and left alone.
    func lookAbove(isCopying: Bool, place: (Path) throws -> Place) throws {
        let device = try access.status(of: source).device
        var folders: [Path] = []
        var folder = source.folder
        while !folder.bytes.isEmpty, let status = try? access.status(of: folder), status.device == device {
            folders.append(folder)
            if folder == folder.folder { break }
            folder = folder.folder
        }
        for folder in folders.reversed() {
            // A folder that may not be listed keeps its manifests to itself.
            let names = try? access.names(in: folder) {
                $0 == ManifestName.folder || ManifestName.isList($0.bytes)
            }
            guard let names, !names.isEmpty, let above = source.relative(to: folder) else { continue }
            for read in try read(names, in: folder).map({ $0.speaking(of: above) }) where !read.lists.isEmpty
            {
                let here = try place(folder)
                let history = History(
                    read, number: histories.count, folder: Path(bytes: []), above: above,
                    name: folder.appending(read.name), here: here)
                try enter(history, here)
                for (path, manifest) in read.evidence { try keep(manifest, here, path, isCopying: isCopying) }
            }
        }
    }

    /// Reads what lies in a folder that the scan has entered; `names` is asked for what may be a manifest.
    func enter(_ folder: Path, place: () -> Place, names: () -> [Path]) throws {
        guard folder.name != ManifestName.folder else { return }
        let names = names()
        guard !names.isEmpty else { return }
        let here = place()
        for read in try read(names, in: folder.bytes.isEmpty ? source : source.appending(folder)) {
            let history = History(
                read, number: histories.count, folder: folder, above: Path(bytes: []),
                name: folder.appending(read.name), here: here)
            checkSeals(of: read, history)
            try enter(history, here)
        }
    }

    /// The history of a folder, and the lists that stand alone in it, as far as it has either.
    private func read(_ names: [Path], in folder: Path) throws -> [ReadHistory] {
        var read: [ReadHistory] = []
        let isFolder = (try? access.status(of: folder.appending(ManifestName.folder)))?.isFolder == true
        if names.contains(ManifestName.folder), isFolder, let chained = try reader.chained(in: folder) {
            read.append(chained)
        }
        let lists = names.filter { $0 != ManifestName.folder }.sorted()
        if !lists.isEmpty { read.append(try reader.single(lists, in: folder)) }
        return read
    }

    private func enter(_ history: History, _ here: Place) throws {
        let record = HistoryRecord(
            volume: here.volume, root: here.path, manifests: history.generations.map(\.record))
        history.keys = try run.map { try $0.history(record) } ?? catalog.historyKeys(of: record)
        for reference in history.references {
            seals[reference.path] = (reference.c4, reference.by, history.number)
        }
        histories.append(history)
        open.append(history)
    }

    /// What manifests of folders above say of this history's.
    private func checkSeals(of read: ReadHistory, _ history: History) {
        for list in read.lists {
            let path = history.folder.appending(ManifestName.folder).appending(list.name)
            guard let seal = seals.removeValue(forKey: path), seal.c4 != list.manifest.c4 else { continue }
            history.faults.append(
                "\(list.name.display) is not the one that \(seal.by.display) above it seals")
        }
    }

    /// Manifests that no scan comes past are kept as files where they lie.
    private func keep(_ manifest: ManifestReader.Manifest, _ here: Place, _ path: Path, isCopying: Bool)
        throws
    {
        let isKept = try catalog.isRecorded(
            manifest.digests.sha256, volume: here.volume, path: here.path.appending(path),
            identity: manifest.identity)
        guard !isKept else { return }
        let name = path.name.display
        let content = ReadContent(
            digests: manifest.digests, size: manifest.identity.size,
            format: manifest.summary.kind == .chain ? "XML" : "MHL", unreadable: nil, rawTags: [],
            rawDictionary: 0)
        let copy = CopyRecord(
            volume: here.volume, path: here.path.appending(path), kind: isCopying ? .source : .archive,
            identity: manifest.identity, checkedAt: nil, existing: nil)
        evidence.append(
            GroupRecord(
                kind: nil, asset: nil, name: name, reading: nil, unreadable: nil,
                files: [FileRecord(role: .sidecar, name: name, content: .read(content), copies: [copy])]))
    }

    /// Leaves the folders in which the path does not lie; `isHidden` says what could not be looked at.
    func leave(before path: Path, isHidden: (Path) -> Bool) throws {
        while let last = open.last, last.above.bytes.isEmpty, !path.lies(below: last.folder),
            path != last.folder
        {
            try close(isHidden)
        }
    }

    /// Leaves them all.
    func leaveAll(isHidden: (Path) -> Bool) throws {
        while !open.isEmpty { try close(isHidden) }
    }

    private func close(_ isHidden: (Path) -> Bool) throws {
        let history = open.removeLast()
        for (path, seal) in seals where seal.history == history.number {
            seals[path] = nil
            if !isHidden(path) {
                history.faults.append("\(path.display), which \(seal.by.display) seals, is not there")
            }
        }
        for expectation in history.missing(unless: isHidden) {
            note(expectation.missing, try recorded(expectation.missing.verdict))
        }
        try forgetOld(of: history)
    }

    /// What was renamed is not listed any more, and what was never listed may be gone: nothing is to be said of either.
    private func forgetOld(of history: History) throws {
        guard let run, history.keys.history > 0 else { return }
        var old: [Path] = []
        try catalog.eachVerdict(ofHistory: history.keys.history) { path, outcome in
            // What a history above the source says of other folders still stands.
            guard let place = history.fromSource(path) else { return }
            if outcome == .unlisted ? isGone(place) : !history.lists(path) { old.append(path) }
        }
        try run.forget(paths: old, ofHistory: history.keys.history)
    }

    private func isGone(_ path: Path) -> Bool {
        do throws(FileError) {
            return try access.statusIfThere(of: source.appending(path)) == nil
        } catch {
            return false
        }
    }

    // MARK: Files

    /// What all histories say of a file; nil where none has anything to say.
    func standing(of path: Path) -> ManifestStanding? {
        guard !open.isEmpty else { return nil }
        var expectations: [Expectation] = []
        for history in open {
            guard let inside = history.inside(path) else { continue }
            let expectation = history.meet(inside) { twin in
                history.fromSource(twin).map { !isGone($0) } ?? false
            }
            if let expectation { expectations.append(expectation) }
        }
        if !expectations.isEmpty { return ManifestStanding(expectations: expectations) }
        // The nearest history is the one in which it should stand.
        for history in open.reversed() {
            if let unlisted = history.inside(path).flatMap(history.unlisted) {
                return ManifestStanding(expectations: [], unlisted: unlisted)
            }
        }
        return nil
    }

    /// Answers for a file that is as it was the last time: from what was found then, from the digest that is kept of it,
    /// or by having it read.
    func settle(_ standing: ManifestStanding, at path: Path, size: Int64, file: Int64?) throws {
        let content = file.map { ManifestVerdict.Content.recorded(file: $0) } ?? .none
        var unanswered: [Expectation] = []
        for expectation in standing.expectations {
            let earlier = try catalog.verdict(history: expectation.history, path: expectation.path)
            if let earlier, earlier.file == file, expectation.isAnswered(by: earlier.verdict) {
                findings.append(
                    Finding(number: expectation.number, verdict: earlier.verdict, isRecorded: true))
            } else if expectation.listed.isEmpty {
                let finding = expectation.verdict(size: size, digests: [:], content: content)
                note(finding, try recorded(finding.verdict))
            } else if expectation.needsNoReading, let file,
                let digest = try catalog.quickDigest(ofFile: file),
                let known = ListedDigest(.xxh128, bytes: digest.bytes)
            {
                let finding = expectation.verdict(size: size, digests: [.xxh128: known], content: content)
                note(finding, try recorded(finding.verdict))
            } else {
                unanswered.append(expectation)
            }
        }
        if var unlisted = standing.unlisted {
            unlisted.verdict.content = content
            note(unlisted, try recorded(unlisted.verdict))
        }
        if !unanswered.isEmpty {
            checks.append(
                ManifestCheck(
                    path: path, size: size, file: file, standing: ManifestStanding(expectations: unanswered)))
        }
    }

    /// Answers for what is there and cannot be read as a file.
    func settle(_ standing: ManifestStanding, unreadBecause reason: String) {
        findings += standing.findings(unreadBecause: reason)
    }

    private func note(_ finding: Finding, _ isRecorded: Bool) {
        var finding = finding
        finding.isRecorded = isRecorded
        findings.append(finding)
    }

    private func recorded(_ verdict: ManifestVerdict) throws -> Bool {
        try catalog.verdict(history: verdict.history, path: verdict.path)?.verdict == verdict
    }
}
