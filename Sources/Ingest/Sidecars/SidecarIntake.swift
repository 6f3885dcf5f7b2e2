internal import Catalog
internal import Files
internal import Foundation

/// Reads sidecars that somebody else changed, as an import does: with their pictures, so that what all of them say
/// together is weighed anew.
final class SidecarIntake {
    private let catalog: Catalog
    private let request: SidecarRequest
    private let buffer = BlockBuffer()
    private var run: ImportRun?
    private var counts = ImportCounts()

    init(catalog: Catalog, request: SidecarRequest) {
        self.catalog = catalog
        self.request = request
    }

    /// Takes in what one sidecar says now.
    ///
    /// Throws `FileError` when it, or its picture, cannot be read.
    func take(_ plan: SidecarPlan) throws {
        guard let identity = plan.file?.identity else { return }
        let folder = plan.path.folder
        let name = plan.path.name
        let volumePath = plan.place.copy.path.folder.appending(name)
        let neighbours = try catalog.neighbours(of: plan.place)
        let known = try catalog.knownCopy(at: volumePath, on: plan.place.volume)
        var files: [ClusterFile] = []
        for neighbour in neighbours where neighbour.known.path != volumePath {
            let path = neighbour.known.path.name
            // What is gone from the disk has no say.
            guard try request.access.statusIfThere(of: folder.appending(path)) != nil else { continue }
            var file = ClusterFile(
                path: path,
                name: path,
                content: .settled(copy: neighbour.known.id, file: neighbour.known.file)
            )
            file.members = try catalog.members(ofCopies: [neighbour.known.id])
            files.append(file)
        }
        let found = FoundFile(
            path: name,
            identity: identity,
            volume: plan.place.volume,
            volumePath: volumePath,
            known: known,
            wasStray: false,
            targets: []
        )
        var sidecar = ClusterFile(path: name, name: name, content: .found(found))
        if let known { sidecar.members = try catalog.members(ofCopies: [known.id]) }
        files.append(sidecar)
        files.sort { $0.path < $1.path }
        try record(Chunk(sequence: 0, clusters: [ClusterWork(files: files)]), in: folder)
    }

    private func record(_ chunk: Chunk, in folder: Path) throws {
        var importing = ImportRequest(source: folder, command: request.command)
        importing.access = request.access
        importing.stillsReader = request.reader
        importing.mediaReader = request.mediaReader
        let reader = ChunkReader(
            importing,
            source: folder,
            progress: ImportProgress(),
            stop: { false },
            now: { Int64(Date().timeIntervalSince1970 * 1000) }
        )
        let results = reader.take(chunk) + reader.finishAll()
        if let failure = results.lazy.compactMap(\.failure).first { throw failure }
        if let lost = results.lazy.flatMap(\.notTaken).first {
            throw FileError("read it", folder.appending(lost.path), .isNot("to be read: \(lost.reason)"))
        }
        if run == nil {
            run = try catalog.beginImport(source: folder, command: request.command, session: nil, tags: [])
        }
        _ = try run?.record(groups: results.flatMap(\.groups).map(\.record), strays: [])
        counts.seen += 1
        counts.changed += 1
    }

    /// Ends what was begun, if anything was.
    func finish() throws {
        try run?.finish(counts)
    }
}
