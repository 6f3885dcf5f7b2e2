internal import Catalog
internal import Dispatch
internal import Files
internal import MediaProtocol
internal import Synchronization
internal import Workers

/// Writes a package whole or not at all, and knows nothing of what it is for.
///
/// Every file is made under a temporary folder beside the place, flushed, read again from the disk, hashed and shown to
/// say nothing that it must not. The whole is sealed, read once more against its seals, and renamed.
struct PackageWriter: Sendable {
    let access: FileAccess
    let media: WorkerProgram
    let stop: @Sendable () -> Bool
    let progress: @Sendable (ExportEvent) -> Void

    /// A package that lies in its place.
    struct Written {
        /// The files of the payload in the order of the package, with what they are as they left.
        let files: [(file: PackageFile, sealed: SealedFile)]
        let count: Int
        let bytes: Int64
        let seal: SHA256Digest
    }

    /// `settle` is told what was written, and calls what it is given to put the folder in its place.
    ///
    /// When it throws, nothing is there.
    func write(
        _ package: Package,
        to place: Path,
        settle: (Written, @escaping () throws -> Void) throws -> Void
    ) throws -> Written {
        guard try access.statusIfThere(of: place) == nil else { throw ExportError.inTheWay(place) }
        let parent = place.folder.bytes.isEmpty ? Path(".") : place.folder
        guard try access.statusIfThere(of: parent) != nil else {
            throw ExportError(
                .refused,
                "there is no folder to write to",
                details: ["path:  \(parent.display)"],
                next: "make it, or name another one with --to"
            )
        }
        try PackageWriter.checkOwnership(of: package)
        let sources = try SourceFiles(package.files.compactMap(\.original), access: access)
        try checkRoom(for: package, at: parent)
        try TemporaryFolder.discardLeftovers(in: parent, access: access)

        let folder = try TemporaryFolder(beside: parent.appending(place.name), access: access)
        do {
            let written = try fill(folder.path, with: package, from: sources)
            if stop() { throw ExportError.stopped }
            try settle(written) { try folder.place(at: place) }
            return written
        } catch {
            folder.takeBack(from: place)
            folder.discard()
            if (error as? FileError)?.cause == .inTheWay { throw ExportError.inTheWay(place) }
            throw error
        }
    }

    private func fill(_ folder: Path, with package: Package, from sources: SourceFiles) throws -> Written {
        let payload: Path
        switch package.sealing {
        case .bag: payload = folder.appending(Bag.payload)
        case .record: payload = folder
        }
        for path in Set(package.files.map { payload.appending(Path($0.path).folder) }).sorted() {
            try access.makeFolders(path)
        }
        let work = Work(package: package, sources: sources, payload: payload, writer: self)
        try work.makeMedia()
        let texts = try work.makeTexts()
        let sealed = try work.sealed()
        var check = TextCheck(package.said(work.made), access: access)
        try check.read(texts, in: payload)
        guard case .bag(let info) = package.sealing else {
            try check.readNames(below: folder)
            try check.finish()
            return try confirm(sealed, of: package, in: folder)
        }
        // Before it is sealed, so that a page which tells too much is named by itself.
        try check.finish()
        try seal(info, sealed, in: folder, &check)
        try check.readNames(below: folder)
        try check.finish()
        let delivery = try confirm(folder)
        guard let seal = delivery.seal else { throw ExportError(.broken, "the package has no seal") }
        return Written(
            files: Array(zip(package.files, sealed)),
            count: delivery.files,
            bytes: delivery.bytes,
            seal: seal
        )
    }

    /// A cleared item opens the door for its own files alone: what a file is made from must be one of them, or a picture
    /// of this package that was made of the same item.
    private static func checkOwnership(of package: Package) throws {
        var makers: [String: Int] = [:]
        for file in package.files { makers[file.path] = file.item?.number }
        for file in package.files {
            guard case .media(let rendering) = file.rendering else { continue }
            let isOwn =
                switch rendering {
                case .stream(let original), .picture(from: .original(let original), _, _, _):
                    file.item?.files.contains(original) ?? false
                case .picture(from: .made(let path), _, _, _):
                    makers[path] == file.item?.number && file.item != nil
                }
            guard isOwn else {
                throw ExportError(
                    .leak,
                    "a file would be made from something that the gate did not clear (nothing written)",
                    details: [file.path],
                    next: "this is a fault in valhalla: report it with the lines above"
                )
            }
        }
    }

    /// The media hash list first and the bag last: the list is a part of what the bag seals.
    private func seal(
        _ info: BagInfo, _ payload: [SealedFile], in folder: Path, _ check: inout TextCheck
    ) throws {
        let history = MediaHashList(of: Bag.payload, files: payload, at: info.at)
        try access.makeFolders(folder.appending(Bag.payload).appending(MediaHashList.folder))
        let lists = [(history.name, history.list), (MediaHashList.chainName, history.chain)]
            .map { (path: "\(Bag.payload)/\(MediaHashList.folder)/\($0)", wording: $1) }
        for list in lists { try create(folder.appending(list.path), list.wording.bytes) }
        let listed =
            payload.map {
                SealedFile(path: "\(Bag.payload)/\($0.path)", size: $0.size, digests: $0.digests)
            } + lists.map { SealedFile(path: $0.path, $0.wording.bytes) }
        var tags = [
            (path: Bag.declarationName, wording: Bag.declaration),
            (path: Bag.infoName, wording: Bag.info(info, payload: listed)),
            (path: Bag.manifestName, wording: Bag.manifest(listed)),
        ]
        let sealedTags = tags.map { SealedFile(path: $0.path, $0.wording.bytes) }
        tags.append((path: Bag.tagManifestName, wording: Bag.manifest(sealedTags)))
        for tag in tags { try create(folder.appending(tag.path), tag.wording.bytes) }
        check.allow { said in
            said.add(info, sealing: listed, by: history)
            said.add(sealing: sealedTags)
        }
        try check.read(lists + tags, in: folder)
    }

    /// Reads all of it again from the disk.
    private func confirm(_ folder: Path) throws -> DeliveryCheck {
        let total = try access.tree(below: folder).reduce(Int64(0)) {
            $0 + ($1.status.isFolder ? 0 : $1.status.identity.size)
        }
        let check = try DeliveryCheck.verify(folder, access: access, stop: stop) { read in
            progress(.progress(.checking, done: read, of: total))
        }
        guard check.isSound else {
            throw ExportError(
                .broken,
                "the disk gave back other bytes than were written (nothing delivered)",
                details: check.faults.map { "\($0.path.display) \($0.reason)" },
                next: "do not trust this disk: export to another one"
            )
        }
        return check
    }

    /// Reads a plain folder again from the disk: it holds the files that were made, and nothing else.
    private func confirm(_ sealed: [SealedFile], of package: Package, in folder: Path) throws -> Written {
        let buffer = BlockBuffer()
        let total = sealed.reduce(Int64(0)) { $0 + $1.size }
        let found = try access.tree(below: folder).filter { !$0.status.isFolder }.map(\.path)
        var faults = Set(found).symmetricDifference(sealed.map { Path($0.path) }).map {
            "\($0.display) is missing, or was not made here"
        }
        var read: Int64 = 0
        for file in sealed where faults.isEmpty {
            let digests = try Digests.ofFile(
                folder.appending(file.path), access: access, buffer: buffer, fromDisk: true, stop: stop)
            if digests != file.digests { faults.append("\(file.path) is not what was written") }
            read += file.size
            progress(.progress(.checking, done: read, of: total))
        }
        guard faults.isEmpty else {
            throw ExportError(
                .broken, "the disk gave back other bytes than were written (nothing delivered)",
                details: faults.sorted(),
                next: "do not trust this disk: write to another one")
        }
        let list = Bag.manifest(sealed.sorted { $0.path < $1.path }).bytes
        return Written(
            files: Array(zip(package.files, sealed)), count: sealed.count, bytes: total,
            seal: Digests(of: list).sha256)
    }

    /// Creates a file and sees it on the disk.
    func create(_ path: Path, _ bytes: [UInt8]) throws {
        let file = try access.create(path)
        try file.write(bytes)
        try file.sync()
    }

    /// A byte for each pixel is more than a JPEG of this quality has, unless it is noise.
    private func checkRoom(for package: Package, at parent: Path) throws {
        var needed: Int64 = 16 << 20
        for file in package.files {
            if case .proof(.marked(_, let longEdge, _, _)) = file.rendering {
                needed += Int64(longEdge) * Int64(longEdge)
            }
            guard case .media(let rendering) = file.rendering, let item = file.item else { continue }
            switch rendering {
            case .stream(let original): needed += original.size
            case .picture(_, let longEdge, _, _):
                let pixels = Int64(item.asset.width ?? 6000) * Int64(item.asset.height ?? 4000)
                needed += min(pixels, longEdge.map { Int64($0) * Int64($0) } ?? .max)
            }
        }
        let available = try access.room(at: parent)
        guard needed <= available else {
            throw ExportError.file(
                FileError("export to it", parent, .noRoom(needed: needed, available: available)),
                doing: "begin the export"
            )
        }
    }
}

extension PackageFile {
    /// The number of what it shows; nil for a page or table.
    var number: Int? { item?.number ?? shown?.number }

    /// The file of the archive that it is made from.
    var original: AssetFile? {
        switch rendering {
        case .proof: shown?.original
        case .media(.stream(let file)), .media(.picture(.original(let file), _, _, _)): file
        case .media(.picture(.made, _, _, _)), .text: nil
        }
    }
}

extension SealedFile {
    init(path: String, _ bytes: [UInt8]) {
        self.init(path: path, size: Int64(bytes.count), digests: Digests(of: bytes))
    }
}

/// The making of one package's files, by as many threads as there are processors.
private final class Work: Sendable {
    private struct State {
        var made = MadeFiles()
        var sealed: [String: SealedFile] = [:]
        var next = 0
        /// What could not be made, by the place of its group.
        var unmade: [(place: Int, Unmade)] = []
        var failure: (any Error)?
    }

    private let package: Package
    private let sources: SourceFiles
    private let payload: Path
    private let writer: PackageWriter
    private let state = Mutex(State())
    /// The files of each asset are made by one thread in their order, for the small pictures are made from the large.
    private let groups: [[PackageFile]]

    init(package: Package, sources: SourceFiles, payload: Path, writer: PackageWriter) {
        self.package = package
        self.sources = sources
        self.payload = payload
        self.writer = writer
        var groups: [[PackageFile]] = []
        for file in package.files {
            guard let number = file.number else { continue }
            if groups.last?.first?.number == number {
                groups[groups.count - 1].append(file)
            } else {
                groups.append([file])
            }
        }
        self.groups = groups
    }

    func makeMedia() throws {
        let lanes = max(1, min(groups.count, Processors.count))
        DispatchQueue.concurrentPerform(iterations: lanes) { _ in
            let bench = Bench(sources: sources, payload: payload, writer: writer)
            while let (place, group) = nextGroup() {
                do {
                    for file in group {
                        if writer.stop() { throw ExportError.stopped }
                        finished(file, try bench.make(file))
                    }
                } catch let unmade as Unmade {
                    state.withLock { $0.unmade.append((place, unmade)) }
                } catch {
                    state.withLock { if $0.failure == nil { $0.failure = error } }
                }
            }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        let unmade = state.withLock { $0.unmade }.sorted { $0.place < $1.place }.map(\.1)
        if !unmade.isEmpty { throw ExportError.unmade(unmade, of: package) }
    }

    /// What has been made.
    var made: MadeFiles { state.withLock { $0.made } }

    /// Writes the texts, and tells what they are to say.
    func makeTexts() throws -> [(path: String, wording: Wording)] {
        var texts: [(path: String, wording: Wording)] = []
        for file in package.files {
            guard case .text(let text) = file.rendering else { continue }
            if writer.stop() { throw ExportError.stopped }
            let wording = text(made)
            texts.append((file.path, wording))
            let bytes = wording.bytes
            try writer.create(payload.appending(file.path), bytes)
            finished(file, Bench.Made(sealed: SealedFile(path: file.path, bytes), picture: nil))
        }
        return texts
    }

    /// In the order of the package.
    func sealed() throws -> [SealedFile] {
        let sealed = state.withLock { $0.sealed }
        return try package.files.map { file in
            guard let found = sealed[file.path] else {
                throw ExportError(.broken, "two files of the package have one name", details: [file.path])
            }
            return found
        }
    }

    private func nextGroup() -> (place: Int, group: [PackageFile])? {
        state.withLock { state in
            guard state.failure == nil, state.next < groups.count else { return nil }
            state.next += 1
            return (state.next - 1, groups[state.next - 1])
        }
    }

    private func finished(_ file: PackageFile, _ made: Bench.Made) {
        let count = state.withLock { state in
            state.sealed[file.path] = made.sealed
            state.made.sizes[file.path] = made.sealed.size
            state.made.digests[file.path] = made.sealed.digests.sha256
            if let picture = made.picture { state.made.pictures[file.path] = picture }
            return state.sealed.count
        }
        writer.progress(.made(path: file.path))
        writer.progress(.progress(.making, done: Int64(count), of: Int64(package.files.count)))
    }
}
