internal import Catalog
internal import Files
internal import MediaProtocol
internal import Workers

/// One thread's way of reading chunks: it takes the digests of a file while its worker reads the one before.
///
/// A chunk's answers are collected when the next chunk's digests are taken, so that neither waits for the other.
final class ChunkReader {
    private struct Begun {
        var chunk: Chunk
        var clusters: [BegunCluster] = []
        var result: ChunkResult
    }

    private struct BegunCluster {
        var facts: [FileFacts?]
        /// Why the files of this cluster that are new cannot be taken, though they could be read.
        var blocked: String?
    }

    private struct Asked {
        var sequence: Int
        var cluster: Int
        var file: Int
    }

    private let source: Path
    private let access: FileAccess
    private let progress: ImportProgress
    private let copying: VerifiedCopy?
    private let stop: () -> Bool
    private let now: () -> Int64
    private let buffer = BlockBuffer()
    private let stills: Worker
    private let media: Worker
    private var askedStills: [Asked] = []
    private var askedMedia: [Asked] = []
    private var begun: [Begun] = []

    init(
        _ request: ImportRequest,
        source: Path,
        progress: ImportProgress,
        stop: @escaping () -> Bool,
        now: @escaping () -> Int64
    ) {
        self.source = source
        self.progress = progress
        self.stop = stop
        self.now = now
        access = request.access
        stills = Worker(request.stillsReader)
        media = Worker(request.mediaReader)
        copying = request.isRehearsal ? nil : VerifiedCopy(access: access, buffer: buffer)
    }

    /// Takes the digests of a chunk, and gives back the chunks that are finished by now.
    func take(_ chunk: Chunk) -> [ChunkResult] {
        // A film takes minutes: what was read before it does not wait so long to be recorded.
        var finished = chunk.bytes > Chunk.mostBytes ? finishAll() : []
        begin(chunk)
        while begun.count > 1 { finished.append(finishFirst()) }
        return finished
    }

    /// Waits for all answers that are still out.
    func finishAll() -> [ChunkResult] {
        var finished: [ChunkResult] = []
        while !begun.isEmpty { finished.append(finishFirst()) }
        return finished
    }

    var isIdle: Bool { begun.isEmpty }

    // MARK: Bytes

    private func begin(_ chunk: Chunk) {
        var current = Begun(
            chunk: chunk,
            result: ChunkResult(sequence: chunk.sequence, fileCount: chunk.fileCount)
        )
        do {
            for (number, cluster) in chunk.clusters.enumerated() {
                current.clusters.append(
                    BegunCluster(facts: Array(repeating: nil, count: cluster.files.count))
                )
                for file in cluster.files.indices {
                    guard try read(file, of: cluster, number, &current) else { continue }
                    try ask(file, number, current)
                }
            }
            for check in chunk.checks { try read(check, &current.result) }
        } catch {
            current.result.failure = error
        }
        begun.append(current)
    }

    /// Reads one file; false when there is nothing to be asked about it.
    private func read(_ file: Int, of cluster: ClusterWork, _ number: Int, _ current: inout Begun) throws
        -> Bool
    {
        do {
            switch cluster.files[file].content {
            case .found(let found):
                guard let facts = try read(found, isOnCard: cluster.isOnCard, &current.result) else {
                    return false
                }
                current.clusters[number].facts[file] = facts
            case .settled:
                let original = try access.read(source.appending(cluster.files[file].path))
                let head = try original.nextBlock(buffer, limit: 4096)
                current.clusters[number].facts[file] = facts(of: original, head)
            }
            return true
        } catch let error as FileError {
            if error.endsTheRun { throw error }
            if let found = cluster.files[file].found {
                current.result.notTaken.append(notTaken(found, .failed, error.reason))
                current.result.findings += found.standing?.findings(unreadBecause: error.reason) ?? []
                progress.passed(bytes: found.identity.size)
            } else {
                current.clusters[number].blocked =
                    "\(cluster.files[file].path.name.display), which it may belong to, could not be read: \(error.reason)"
            }
            return false
        }
    }

    private func facts(of original: OpenOriginal, _ head: UnsafeRawBufferPointer) -> FileFacts {
        let ending = original.path.ending
        let sniffed = Sniffed(head: head, ending: ending)
        return FileFacts(
            sniffed: sniffed,
            identity: original.identity,
            format: sniffed.format(endingIn: ending)
        )
    }

    /// Nil when the file is none of ours, which is then noted.
    private func read(_ found: FoundFile, isOnCard: Bool, _ result: inout ChunkResult) throws -> FileFacts? {
        let original = try access.read(source.appending(found.path))
        let head = try original.nextBlock(buffer)
        var facts = facts(of: original, head)
        let listed = found.standing?.stream
        if facts.sniffed.nature == .other, !isOnCard, !ManifestName.isEvidence(found.path) {
            if let standing = found.standing, standing.expectations.isEmpty {
                result.findings += standing.findings(unreadBecause: "")
            } else if let standing = found.standing {
                let own = try digests(of: original, head, listed)
                result.findings += standing.findings(
                    size: original.identity.size, own: own, listed, content: .none)
                result.bytes += original.identity.size
            }
            result.notTaken.append(notTaken(found, .other, "no picture, clip, sound or sidecar"))
            progress.passed(bytes: found.identity.size)
            return nil
        }
        let source = CopyRecord(
            volume: found.volume,
            path: found.volumePath,
            kind: sourceKind(of: found),
            identity: original.identity,
            checkedAt: nil,
            existing: found.known?.id
        )
        facts.copies = [source]
        if let copying, !found.targets.isEmpty {
            let outcome = try copying.copy(
                original, head: head, to: found.targets.map(\.path), stop: stop, each: { listed?.update($0) })
            facts.digests = outcome.digests
            for (target, placed) in zip(found.targets, outcome.placed) {
                facts.copies.append(
                    CopyRecord(
                        volume: target.volume,
                        path: target.volumePath,
                        kind: .archive,
                        identity: placed.identity,
                        checkedAt: now(),
                        existing: nil
                    )
                )
                result.copied += placed.wasThere ? 0 : 1
                result.verified += 1
            }
        } else {
            facts.digests = try digests(of: original, head, listed)
            result.copied += found.targets.count
        }
        if let standing = found.standing, let own = facts.digests {
            result.findings += standing.findings(
                size: original.identity.size, own: own, listed, content: .read(own.sha256))
        }
        result.bytes += original.identity.size
        progress.read(Int(original.identity.size))
        progress.passed(bytes: found.identity.size)
        return facts
    }

    /// Our digests of a file, and those that manifests ask for, in one read of it.
    private func digests(
        of original: OpenOriginal,
        _ head: UnsafeRawBufferPointer?,
        _ listed: ListedDigestStream?
    ) throws(FileError) -> Digests {
        try original.digests(
            head: head, buffer: buffer, stop: stop,
            each: { block throws(FileError) in listed?.update(block) })
    }

    /// Reads a known file for nothing but what a manifest says of it.
    private func read(_ check: ManifestCheck, _ result: inout ChunkResult) throws(FileError) {
        do throws(FileError) {
            let original = try access.read(source.appending(check.path))
            let listed = check.standing.stream
            let own = try digests(of: original, nil, listed)
            result.findings += check.standing.findings(
                size: original.identity.size, own: own, listed,
                content: check.file.map { .recorded(file: $0) } ?? .none)
            result.bytes += original.identity.size
            progress.read(Int(original.identity.size))
        } catch {
            if error.endsTheRun { throw error }
            result.findings += check.standing.findings(unreadBecause: error.reason)
        }
    }

    private func sourceKind(of found: FoundFile) -> CopyKind {
        found.targets.isEmpty || found.known?.kind == .archive ? .archive : .source
    }

    private func notTaken(_ found: FoundFile, _ outcome: StrayOutcome, _ reason: String) -> NotTaken {
        let record = StrayRecord(
            volume: found.volume,
            path: found.volumePath,
            identity: found.identity,
            outcome: outcome,
            reason: reason
        )
        return NotTaken(
            path: found.path,
            record: record,
            outcome: outcome,
            reason: reason,
            size: found.identity.size
        )
    }

    // MARK: Words

    private func ask(_ file: Int, _ cluster: Int, _ current: Begun) throws {
        guard let facts = current.clusters[cluster].facts[file] else { return }
        let path = current.chunk.clusters[cluster].files[file].path
        let request = Request.read(path: source.appending(path).bytes)
        let asked = Asked(sequence: current.chunk.sequence, cluster: cluster, file: file)
        switch facts.sniffed.reader {
        case .stills:
            try stills.send(request)
            askedStills.append(asked)
        case .media:
            try media.send(request)
            askedMedia.append(asked)
        case .none: break
        }
    }

    private func finishFirst() -> ChunkResult {
        var first = begun.removeFirst()
        do {
            try collect(&askedStills, from: stills, into: &first)
            try collect(&askedMedia, from: media, into: &first)
        } catch {
            first.result.failure = first.result.failure ?? error
        }
        if stop() { first.result.failure = first.result.failure ?? FileError("import", source, .stopped) }
        // A chunk that was not finished is not recorded at all: what is half known could only be half grouped.
        guard first.result.failure == nil else {
            first.result.notTaken = []
            first.result.findings = []
            return first.result
        }
        for (cluster, begun) in zip(first.chunk.clusters, first.clusters) {
            if let reason = begun.blocked {
                first.result.notTaken += cluster.files.enumerated().compactMap { index, file in
                    guard let found = file.found, begun.facts[index] != nil else { return nil }
                    return notTaken(found, .failed, reason)
                }
            } else {
                first.result.groups += ClusterRecord(cluster, begun.facts).groups()
            }
        }
        return first.result
    }

    private func collect(_ asked: inout [Asked], from worker: Worker, into first: inout Begun) throws {
        let mine = asked.prefix { $0.sequence == first.chunk.sequence }
        asked.removeFirst(mine.count)
        for question in mine {
            let answer = try worker.receive()
            guard var facts = first.clusters[question.cluster].facts[question.file] else { continue }
            switch answer {
            case .reply(.reading(let reading)):
                facts.reading = reading.plausible
                if facts.sniffed.format == nil { facts.format = reading.format }
            case .reply(.failed(let reason)), .lost(let reason): facts.unreadable = reason
            case .reply:
                facts.unreadable = "the reader answered another question"
            }
            if let remark = facts.sniffed.remark, let reason = facts.unreadable {
                facts.unreadable = "\(reason) (\(remark))"
            }
            first.clusters[question.cluster].facts[question.file] = facts
        }
    }
}
