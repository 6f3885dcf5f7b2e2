internal import Catalog
internal import Files
internal import Glibc
internal import MediaProtocol
internal import Workers

/// One thread's place to make files: a worker of its own, and a buffer to read through.
final class Bench {
    /// A file that was made, read again and found to say nothing that it must not.
    struct Made {
        let sealed: SealedFile
        let picture: MadeFiles.Picture?
    }

    private let sources: SourceFiles
    private let payload: Path
    private let writer: PackageWriter
    private let worker: Worker
    private let buffer = BlockBuffer()
    /// Originals whose bytes were read and found to be those on record, and what the file looked like then.
    private var verified: [SHA256Digest: FileIdentity] = [:]

    /// What the slowest disk that anybody works from reads in a second.
    private static let slowest: Int64 = 10_000_000

    init(sources: SourceFiles, payload: Path, writer: PackageWriter) {
        self.sources = sources
        self.payload = payload
        self.writer = writer
        worker = Worker(writer.media)
    }

    func make(_ file: PackageFile) throws -> Made {
        if case .proof(let rendering) = file.rendering, let shown = file.shown {
            return try proof(file, shown, rendering)
        }
        guard case .media(let rendering) = file.rendering, let item = file.item else {
            throw ExportError(.broken, "a page cannot be made here", details: [file.path])
        }
        let destination = payload.appending(file.path)
        switch rendering {
        case .picture(let source, let longEdge, let quality, let metadata):
            var picture = try render(item, source, to: destination, longEdge, quality, metadata)
            let sealed = try finish(file, item.asset, rule: .picture(metadata))
            // The smallest picture is enough to know the colour by, and the quickest to ask.
            if case .made = source, let color = try color(of: destination) {
                picture = MadeFiles.Picture(width: picture.width, height: picture.height, color: color)
            }
            return Made(sealed: sealed, picture: picture)
        case .stream(let original):
            try copy(item, original, to: destination)
            return Made(sealed: try finish(file, item.asset, rule: .stream), picture: nil)
        }
    }

    // MARK: Pictures

    private func render(
        _ item: ClearedItem,
        _ source: PictureSource,
        to destination: Path,
        _ longEdge: Int?,
        _ quality: Int,
        _ metadata: PublicMetadata
    ) throws -> MadeFiles.Picture {
        func request(_ path: Path) -> Request {
            .render(
                Rendition(
                    source: path.bytes,
                    destination: destination.bytes,
                    longEdge: longEdge,
                    quality: quality,
                    metadata: metadata
                )
            )
        }
        let answer: WorkerAnswer
        switch source {
        case .made(let path): answer = try ask(worker, request(payload.appending(path)))
        case .original(let file):
            answer = try ask(worker, request(sources.place(of: file)), whileVerifying: file, of: item.asset)
        }
        guard case .reply(.rendered(let width, let height)) = answer else {
            throw Bench.failure(answer, item.asset, doing: "make a picture")
        }
        return MadeFiles.Picture(width: width, height: height, color: nil)
    }

    private func color(of path: Path) throws -> String? {
        guard
            case .reply(.meanColor(let red, let green, let blue)) = try ask(
                worker,
                .meanColor(path: path.bytes)
            )
        else {
            return nil
        }
        return "#" + hexadecimal([red, green, blue])
    }

    // MARK: Proofs

    /// How many frames of a clip a proof shows.
    private static let proofFrames = 6

    private func proof(_ file: PackageFile, _ item: ShownItem, _ rendering: ProofRendering) throws -> Made {
        let destination = payload.appending(file.path).bytes
        let answer: WorkerAnswer
        let said: PublicMetadata
        switch rendering {
        case .marked(let words, let longEdge, let quality, let metadata):
            let rendition = Rendition(
                source: sources.place(of: item.original).bytes, destination: destination, longEdge: longEdge,
                quality: quality, metadata: metadata)
            answer = try ask(
                worker, .proof(Proof(rendition, mark: words, frames: Bench.proofFrames)),
                whileVerifying: item.original, of: item.asset)
            said = metadata
        case .smaller(let path, let longEdge, let quality, let metadata):
            let rendition = Rendition(
                source: payload.appending(path).bytes, destination: destination, longEdge: longEdge,
                quality: quality, metadata: metadata)
            answer = try ask(worker, .render(rendition))
            said = metadata
        }
        guard case .reply(.rendered(let width, let height)) = answer else {
            throw Bench.failure(answer, item.asset, doing: "make a proof")
        }
        let sealed = try finish(file, item.asset, rule: .picture(said))
        return Made(sealed: sealed, picture: MadeFiles.Picture(width: width, height: height, color: nil))
    }

    // MARK: Clips and sounds

    /// Codecs that have no place for notes among the pictures or the sound, where no inspection looks; the worker has the
    /// longer list of those that it takes out of their container (`SampleNotes`), and each of these must stand there.
    private static let silentCodecs: Set = ["prores", "dnxhd", "v210", "rawvideo", "aac", "alac"]

    private static func isSilent(_ codec: String?) -> Bool {
        codec.map { silentCodecs.contains($0) || $0.hasPrefix("pcm_") } ?? false
    }

    /// Copies what says nothing of itself as it is: the bytes are those on record.
    ///
    /// Of everything else it takes the same streams, with their timecode, into a container that says nothing.
    private func copy(_ item: ClearedItem, _ original: AssetFile, to destination: Path) throws {
        let source = sources.place(of: original)
        // A codec that nobody recognised is one more reason not to trust what cannot be seen.
        if Bench.isSilent(item.asset.codec), source.ending == destination.ending,
            case .reply(.inspected(let items)) = try ask(worker, .inspect(path: source.bytes)),
            MetadataRule.stream.violations(in: items).isEmpty
        {
            let file = try writer.access.create(destination)
            let digests = try writer.access.read(source).digests(buffer: buffer, stop: writer.stop) {
                block throws(FileError) in try file.write(block)
            }
            try file.sync()
            try check(digests, original, item.asset, source)
            return
        }
        var program = writer.media
        program.secondsPerRequest += Double(original.size / Bench.slowest)
        let remuxer = Worker(program)
        let request = Request.remux(source: source.bytes, destination: destination.bytes)
        let answer = try ask(remuxer, request, whileVerifying: original, of: item.asset)
        guard case .reply(.remuxed) = answer else {
            throw Bench.failure(
                answer, item.asset, doing: "take the metadata out of a \(item.asset.kind.rawValue)")
        }
    }

    // MARK: Originals

    /// Reads the original while the worker works on it, and holds it against its digest.
    private func ask(
        _ worker: Worker,
        _ request: Request,
        whileVerifying file: AssetFile,
        of asset: Asset
    ) throws -> WorkerAnswer {
        let place = sources.place(of: file)
        let before = try writer.access.status(of: place).identity
        try worker.send(request)
        if verified[file.digests.sha256] != before {
            let digests = try Digests.ofFile(place, access: writer.access, buffer: buffer, stop: writer.stop)
            try check(digests, file, asset, place)
            verified[file.digests.sha256] = before
        }
        let answer = try receive(worker)
        guard try writer.access.status(of: place).identity == before else {
            throw FileError("export it", place, .changedWhileReading)
        }
        return answer
    }

    private func check(_ digests: Digests, _ file: AssetFile, _ asset: Asset, _ place: Path) throws {
        guard digests == file.digests else {
            throw ExportError(
                .damaged,
                "an original is not what was recorded (nothing delivered)",
                details: [
                    "path:     \(place.display)", "recorded: \(file.digests.sha256.hex)",
                    "found:    \(digests.sha256.hex)",
                ],
                next:
                    "valhalla verify tells which copies are whole; valhalla show \(asset.shortName) lists them"
            )
        }
    }

    // MARK: Finished files

    /// Sees the file on the disk, reads it again, and has everything listed that it says about itself.
    private func finish(_ file: PackageFile, _ asset: Asset, rule: MetadataRule) throws -> SealedFile {
        let path = payload.appending(file.path)
        try writer.access.syncFile(path)
        try worker.send(.inspect(path: path.bytes))
        let digests = try Digests.ofFile(
            path,
            access: writer.access,
            buffer: buffer,
            fromDisk: true,
            stop: writer.stop
        )
        let answer = try receive(worker)
        guard case .reply(.inspected(let items)) = answer else {
            throw Bench.failure(answer, asset, doing: "prove what a finished file says")
        }
        let violations = rule.violations(in: items)
        guard violations.isEmpty else {
            throw ExportError(
                .leak,
                "a finished file says what its recipient must not know (nothing delivered)",
                details: violations.map { "\(file.path)  \($0.key): \($0.value.prefix(80))" },
                next: "this is a fault in valhalla: report it with the lines above"
            )
        }
        return SealedFile(
            path: file.path,
            size: try writer.access.status(of: path).identity.size,
            digests: digests
        )
    }

    // MARK: The worker

    private func ask(_ worker: Worker, _ request: Request) throws -> WorkerAnswer {
        try worker.send(request)
        return try receive(worker)
    }

    private func receive(_ worker: Worker) throws -> WorkerAnswer {
        let answer = try worker.receive()
        if writer.stop() { throw ExportError.stopped }
        return answer
    }

    private static func failure(_ answer: WorkerAnswer, _ asset: Asset, doing: String) -> Unmade {
        let reason =
            switch answer {
            case .reply(.failed(let reason)), .lost(let reason): reason
            case .reply: "the worker answered something else than it was asked"
            }
        return Unmade(asset: asset, doing: doing, reason: reason)
    }
}

/// How many processors this process may use.
enum Processors {
    static var count: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
