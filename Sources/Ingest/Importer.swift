public import Catalog
internal import Files
internal import Foundation
internal import Synchronization
internal import Workers

/// Imports a shoot: walks it beside what the catalogue knows, reads what is new, groups, copies, verifies, records.
public enum Importer {
    /// Files that may be read and not yet recorded; their results are held until those before them are there.
    private static let mostInFlight = 2_000
    private static let filesPerTransaction = 500
    /// What is read is recorded at least so often, so that a killed run has little to do again.
    private static let longestUnrecorded = Duration.seconds(2)
    /// An import that is still at it after this many seconds is worth a walk for its totals.
    private static let patience = 2.5

    /// Imports what the request names.
    ///
    /// Throws `FileError` when the source or a destination cannot be used at all, `CatalogError` when the catalogue
    /// cannot be written, `WorkerError` when a reader cannot be started, `ImportError` when the counts do not add up.
    public static func run(
        _ request: ImportRequest,
        catalog: Catalog,
        progress: ImportProgress = ImportProgress()
    ) throws -> ImportReport {
        let start = ContinuousClock.now
        let access = request.access
        let source = try access.resolved(request.source)
        guard try access.status(of: source).isFolder else {
            throw FileError("import it", source, .isNot("a folder"))
        }
        let destinations = try prepare(request, source: source, catalog: catalog)
        let book: Ledger.Book
        if request.isRehearsal {
            book = .rehearsal(Rehearsal(catalog))
        } else {
            book = .catalogue(
                try catalog.beginImport(
                    source: source,
                    command: request.command,
                    session: request.session,
                    tags: request.tags
                )
            )
        }
        let ledger = Ledger(book)
        ledger.goes(to: destinations.map(\.root))
        let interruption = request.interruption
        let manifests = try watch(source, request, catalog, book)
        let scan = try scan(source, request, destinations, catalog, book, manifests)
        for record in manifests.evidence { ledger.noteEvidence(record) }
        let failure = try read(request, source, scan, manifests, ledger, progress)
        try ledger.tell(manifests.histories)
        if let failure = failure as? FileError {
            ledger.stopped(by: failure)
        } else if let failure {
            _ = try ledger.close(seen: nil, seconds: (ContinuousClock.now - start).inSeconds)
            throw failure
        }
        ledger.met(scan.cards.map { .init(name: $0.name, path: $0.path) })
        let isComplete = failure == nil && !scan.wasStopped
        if isComplete {
            try ledger.writeMissing(scan, access: request.access)
            try ledger.assemble()
        } else if interruption.isAsked {
            ledger.stopped(by: FileError("import", source, .stopped))
        }
        return try ledger.close(
            seen: isComplete ? scan.seen : nil,
            seconds: (ContinuousClock.now - start).inSeconds
        )
    }

    // MARK: Before

    /// Chooses and makes the destinations, tidies up what a killed run left there, and sees that there is room.
    private static func prepare(
        _ request: ImportRequest,
        source: Path,
        catalog: Catalog
    ) throws -> [Destination] {
        guard !request.copyTo.isEmpty else { return [] }
        let access = request.access
        if !request.isRehearsal { for folder in request.copyTo { try access.makeFolders(folder) } }
        let destinations = try Destination.choose(for: source, in: request.copyTo, access: access)
        if !request.isRehearsal {
            for destination in destinations { try destination.removeLeftovers(access: access) }
        }
        try confirmRoom(request, source, destinations, catalog)
        return destinations
    }

    /// Counts the bytes that are to be copied by a scan of its own, which opens no file.
    private static func confirmRoom(
        _ request: ImportRequest,
        _ source: Path,
        _ destinations: [Destination],
        _ catalog: Catalog
    ) throws {
        let access = request.access
        let scan = try scan(source, request, destinations, catalog, nil)
        var needed: Int64 = 0
        while let chunk = try scan.nextChunk() {
            for cluster in chunk.clusters {
                for file in cluster.files {
                    guard let found = file.found,
                        cluster.isOnCard || Sniffed.namedNature(found.path.ending) != nil
                    else {
                        continue
                    }
                    needed += found.identity.size
                }
            }
        }
        var neededByDevice: [UInt64: Int64] = [:]
        for destination in destinations {
            let there = try access.resolved(Destination.existing(destination.root, access: access))
            let device = try access.status(of: there).device
            neededByDevice[device, default: 0] += needed
            let available = try access.room(at: there)
            if let needed = neededByDevice[device], needed > available {
                throw FileError("copy to it", destination.root, .noRoom(needed: needed, available: available))
            }
        }
    }

    /// Who reads the manifests of the source, having read those above it.
    private static func watch(
        _ source: Path,
        _ request: ImportRequest,
        _ catalog: Catalog,
        _ book: Ledger.Book
    ) throws -> ManifestWatch {
        let access = request.access
        var run: ImportRun?
        if case .catalogue(let open) = book { run = open }
        let watch = ManifestWatch(
            source: source,
            access: access,
            catalog: catalog,
            reader: ManifestReader(access: access, program: request.stillsReader),
            run: run
        )
        try watch.lookAbove(isCopying: !request.copyTo.isEmpty) { folder in
            let (location, path) = try VolumeLocation.of(folder, access: access)
            return (try volume(location, catalog, book), path)
        }
        return watch
    }

    /// A scan for a run, or, without one, for a look that records nothing.
    private static func scan(
        _ source: Path,
        _ request: ImportRequest,
        _ destinations: [Destination],
        _ catalog: Catalog,
        _ book: Ledger.Book?,
        _ manifests: ManifestWatch? = nil
    ) throws -> Scan {
        func volume(_ location: VolumeLocation) throws -> Int64 {
            try Importer.volume(location, catalog, book)
        }
        let interruption = request.interruption
        return try Scan(
            source: source,
            names: request.names,
            catalog: catalog,
            access: request.access,
            destinations: try destinations.map {
                try DestinationLookup($0, catalog: catalog, access: request.access, volume: volume)
            },
            manifests: manifests,
            stop: { interruption.isAsked },
            volume: volume
        )
    }

    private static func volume(_ location: VolumeLocation, _ catalog: Catalog, _ book: Ledger.Book?) throws
        -> Int64
    {
        if case .catalogue(let run)? = book {
            return try run.volume(key: location.key, name: location.name, mount: location.mount)
        }
        return try catalog.volume(withKey: location.key) ?? -1
    }

    // MARK: Reading and recording

    /// Keeps the readers busy and records what they bring, in the scan's order whichever is ready first.
    ///
    /// Returns why it ended before its end, if it did.
    private static func read(
        _ request: ImportRequest,
        _ source: Path,
        _ scan: Scan,
        _ manifests: ManifestWatch,
        _ ledger: Ledger,
        _ progress: ImportProgress
    ) throws -> (any Error)? {
        let crew = Crew(request, source: source, progress: progress)
        defer { crew.dismiss() }
        var waiting: [Int: ChunkResult] = [:]
        var next = 0
        var inFlight = 0
        var unread = 0
        var isScanned = false
        var failure: (any Error)?
        var recordedAt = ContinuousClock.now
        while true {
            while !isScanned, failure == nil, inFlight < mostInFlight {
                let chunk = try scan.nextChunk()
                settle(scan, ledger, progress)
                for finding in manifests.findings { ledger.note(finding) }
                manifests.findings = []
                if let chunk {
                    inFlight += chunk.fileCount
                    unread += 1
                    crew.work.push(chunk)
                } else {
                    isScanned = true
                }
            }
            if unread == 0 { break }
            guard let result = crew.results.pop() else { break }
            unread -= 1
            waiting[result.sequence] = result
            if let error = result.failure, failure == nil {
                failure = error
                crew.stop()
                unread -= crew.work.cancel().count
            }
            while let result = waiting.removeValue(forKey: next) {
                ledger.note(result)
                inFlight -= result.fileCount
                next += 1
            }
            if ledger.pending >= filesPerTransaction || ContinuousClock.now - recordedAt > longestUnrecorded {
                try ledger.write()
                recordedAt = .now
            }
        }
        // After a failure there are gaps in the sequence; what lies behind them was read all the same.
        for result in waiting.values.sorted(by: { $0.sequence < $1.sequence }) { ledger.note(result) }
        try makeEmptyFolders(scan, request, ledger)
        try ledger.write()
        return failure
    }

    private static func settle(_ scan: Scan, _ ledger: Ledger, _ progress: ImportProgress) {
        ledger.noteSettled(scan.settled.count)
        for bytes in scan.settled { progress.passed(bytes: bytes) }
        scan.settled = []
        for notTaken in scan.notTaken {
            ledger.note(notTaken)
            progress.passed(bytes: notTaken.size)
        }
        scan.notTaken = []
        for record in scan.touched { ledger.noteTouched(record) }
        scan.touched = []
    }

    private static func makeEmptyFolders(_ scan: Scan, _ request: ImportRequest, _ ledger: Ledger) throws {
        guard !request.isRehearsal else { return }
        for folder in scan.emptyFolders {
            for root in ledger.report.destinations { try request.access.makeFolders(root.appending(folder)) }
        }
    }

    /// The threads that read, and the one that counts what there is to read in all.
    private final class Crew {
        let work = BoundedQueue<Chunk>(capacity: 4_096)
        let results = BoundedQueue<ChunkResult>(capacity: 4_096)
        private let isStopped: Interruption
        private let done = DispatchSemaphore(value: 0)
        private let isDismissed = DispatchSemaphore(value: 0)
        private var threads = 0

        init(_ request: ImportRequest, source: Path, progress: ImportProgress) {
            let stopped = Interruption()
            isStopped = stopped
            let interruption = request.interruption
            // Who copies waits for the disk as long as it reckons: half of them shall reckon meanwhile.
            let readers = max(1, request.threads) * (request.copyTo.isEmpty ? 1 : 2)
            for _ in 0..<readers {
                start { [work, results] in
                    stepBack()
                    let reader = ChunkReader(
                        request,
                        source: source,
                        progress: progress,
                        stop: { interruption.isAsked || stopped.isAsked },
                        now: Crew.now
                    )
                    Crew.read(work, results, reader)
                }
            }
            // Of a few files among many the totals of their folder tell nothing.
            guard request.names == nil else { return }
            start { [isDismissed] in
                guard isDismissed.wait(timeout: .now() + patience) == .timedOut else { return }
                progress.takeTotals(of: source, access: request.access) { stopped.isAsked }
            }
        }

        /// Takes no further chunk to its end.
        func stop() { isStopped.stop() }

        /// Ends all threads and waits for them.
        func dismiss() {
            stop()
            isDismissed.signal()
            _ = work.cancel()
            // Nobody takes results any more; a thread that still has some must not wait for room.
            _ = results.cancel()
            for _ in 0..<threads { done.wait() }
            threads = 0
        }

        private func start(_ body: @escaping @Sendable () -> Void) {
            threads += 1
            let done = done
            let thread = Thread {
                body()
                done.signal()
            }
            thread.stackSize = 2 << 20
            thread.start()
        }

        private static func read(
            _ work: BoundedQueue<Chunk>,
            _ results: BoundedQueue<ChunkResult>,
            _ reader: ChunkReader
        ) {
            while true {
                // With answers still out and no work at hand, they come first: the recorder may be waiting for them.
                let chunk =
                    work.popNow()
                    ?? {
                        for result in reader.finishAll() { results.push(result) }
                        return work.pop()
                    }()
                guard let chunk else { break }
                for result in reader.take(chunk) { results.push(result) }
            }
            for result in reader.finishAll() { results.push(result) }
        }

        private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
    }
}

extension Duration {
    fileprivate var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
