public import Catalog
internal import Files
internal import Glibc
internal import MediaProtocol

/// Makes the previews that are missing: reads the catalogue, looks at what lies on the disk, keeps the crew busy,
/// records what it brings, and keeps the whole within its bound.
///
/// The newest come first, and the small ones count most: a wall of pictures and the search for near doubles need
/// them all, whereas a large one is looked at one at a time. So where room is short, large previews of the pictures
/// taken longest ago give way, and when none is left the run stops.
public final class PreviewBuilder {
    /// Bytes that are left free on the archive's disk for its other work.
    static let leastFree: Int64 = 512 << 20
    /// Bytes of a large preview at the most, nearly always.
    private static let generousLarge: Int64 = 1_000_000
    private static let page = 500
    private static let recordedTogether = 32
    /// What is made is recorded at least so often, in seconds, so that a killed run has little to do again.
    private static let longestUnrecorded = Duration.seconds(2)

    private let request: PreviewRequest
    private let catalog: Catalog
    private let progress: PreviewProgress
    private var report = PreviewReport()
    private var mounted: [String: Bool] = [:]
    /// Made and not yet recorded.
    private var unrecorded: [(file: Int64, outcome: PreviewOutcome)] = []
    private var recordedAt = ContinuousClock.now
    /// False once there is no room for large ones of the pictures that are still to come, which are older.
    private var hasRoomForLarge = true
    /// The large preview that gave way last.
    private var lastGaveWay: PreviewWork?

    /// A run that is to be made.
    public init(_ request: PreviewRequest, catalog: Catalog, progress: PreviewProgress = PreviewProgress()) {
        self.request = request
        self.catalog = catalog
        self.progress = progress
    }

    /// Makes what is missing.
    ///
    /// A picture that cannot be made never ends it. Throws `CatalogError` when another run is at work or the
    /// catalogue cannot be written, `FileError` when the disk takes nothing, `WorkerError` when a worker does not start.
    public func run() throws -> PreviewReport {
        let start = ContinuousClock.now
        guard let lock = try request.folder.cache.lock() else {
            throw CatalogError(
                .locked, "previews are being made by another program already",
                details: ["path:  \(request.folder.cache.path.display)"],
                next: "wait until it is done, or stop it; what it made stays")
        }
        defer { withExtendedLifetime(lock) {} }
        try request.folder.cache.discardLeftovers()
        if let bound = request.bound { try catalog.setPreviewBound(bound) }
        report.bound = try catalog.previewBound() ?? PreviewRequest.usualBound
        report.bytes = try catalog.previewBytes()
        for (kind, count) in try catalog.countByKind(request.query) {
            if kind == .sound { report.sounds += count } else { report.seen += count }
        }
        progress.begin(report.seen)
        try makeRoom(for: nil)
        try make()
        report.left =
            report.seen
            - (report.made + report.there + report.failed + report.absent
                + report.offline.values.reduce(0, +))
        let took = ContinuousClock.now - start
        report.seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        return report
    }

    // MARK: Giving out

    private func make() throws {
        let crew = PreviewCrew(request)
        defer { crew.dismiss() }
        var pages = Pages(request.query, catalog)
        var inFlight = 0
        var isGivenOut = false
        var failure: (any Error)?
        while true {
            while !isGivenOut, inFlight < crew.capacity {
                guard report.stop == nil, failure == nil, try mayGoOn(), let work = try pages.next() else {
                    isGivenOut = true
                    break
                }
                guard let job = try job(for: work) else {
                    progress.pass()
                    continue
                }
                crew.work.push(job)
                inFlight += 1
            }
            guard inFlight > 0, let result = crew.results.pop() else { break }
            inFlight -= 1
            if case .stopped(let error) = result.outcome {
                failure = failure ?? error
                continue
            }
            note(result)
            progress.pass()
            if report.bytes > report.bound || unrecorded.count >= PreviewBuilder.recordedTogether
                || ContinuousClock.now - recordedAt > PreviewBuilder.longestUnrecorded
            {
                try record()
                try makeRoom(for: result.job.work)
            }
        }
        try record()
        try makeRoom(for: nil)
        if let failure { throw failure }
    }

    /// The assets of the query, a page at a time, so that none of it is held whole.
    private struct Pages {
        private let query: Query
        private let catalog: Catalog
        private var page: [PreviewWork] = []
        private var place = 0
        private var last: PreviewWork?
        private var isOver = false

        init(_ query: Query, _ catalog: Catalog) {
            self.query = query
            self.catalog = catalog
        }

        mutating func next() throws -> PreviewWork? {
            if place == page.count, !isOver {
                page = try catalog.previewWork(query, behind: last, limit: PreviewBuilder.page)
                place = 0
                isOver = page.count < PreviewBuilder.page
            }
            guard place < page.count else { return nil }
            defer { place += 1 }
            last = page[place]
            return last
        }
    }

    private func mayGoOn() throws -> Bool {
        if request.interruption.isAsked {
            report.stop = .person
            return false
        }
        let free = try request.folder.cache.room()
        guard free >= PreviewBuilder.leastFree else {
            report.stop = .disk(free: free)
            return false
        }
        return true
    }

    /// What there is to make of an asset; nil when there is nothing, or nothing can be made, which is counted.
    private func job(for work: PreviewWork) throws -> PreviewJob? {
        let wantsLarge = !request.isSmallOnly && hasRoomForLarge
        let wantsStrip = !request.isSmallOnly && work.kind == .clip
        switch standing(of: work, wantsLarge: wantsLarge, wantsStrip: wantsStrip) {
        case .whole:
            if !request.isSmallOnly, work.known?.largeBytes == 0 { report.withoutLarge += 1 }
            report.there += 1
            return nil
        case .hopeless:
            report.failed += 1
            return nil
        case .due: break
        }
        let copies = try catalog.copies(of: work.file)
            .filter { ["recorded", "verified", "unreadable"].contains($0.finding) }
        let here = copies.filter { isMounted($0) }
        guard let digests = try catalog.digests(of: work.file), !here.isEmpty else {
            if let away = copies.first {
                report.offline[away.volumeName, default: 0] += 1
            } else {
                report.absent += 1
                report.remark(\.absences, work, "no copy of it is where it should be")
            }
            return nil
        }
        return PreviewJob(
            work: work, copies: here, digests: digests, wantsLarge: wantsLarge, wantsStrip: wantsStrip)
    }

    private enum Standing {
        case whole
        case due
        case hopeless
    }

    /// True when a large preview that gave way, or was never wanted, would not push out another.
    private var hasAmpleRoom: Bool {
        report.gaveWay == 0 && report.bytes + PreviewBuilder.generousLarge <= report.bound
    }

    /// By what was recorded, and by the files themselves: those that are gone are made again.
    private func standing(of work: PreviewWork, wantsLarge: Bool, wantsStrip: Bool) -> Standing {
        guard let known = work.known, known.version == PreviewOrder.version, !request.isAgain else {
            return .due
        }
        if known.failure != nil { return .hopeless }
        if wantsLarge, known.largeBytes == 0, hasAmpleRoom { return .due }
        if wantsStrip, known.strip == nil { return .due }
        func isThere(_ part: PreviewFolder.Part, _ bytes: Int64) -> Bool {
            bytes == 0 || request.folder.size(part, of: work.digest) == bytes
        }
        let isWhole =
            isThere(.small, known.smallBytes) && isThere(.large, known.largeBytes ?? 0)
            && isThere(.strip, Int64(known.strip?.bytes ?? 0))
        return isWhole ? .whole : .due
    }

    private func isMounted(_ copy: FileCopy) -> Bool {
        if let known = mounted[copy.volumeKey] { return known }
        let found = try? VolumeLocation.of(copy.mount, access: request.access).volume.key
        mounted[copy.volumeKey] = found == copy.volumeKey
        return found == copy.volumeKey
    }

    // MARK: Taking in

    private func note(_ result: PreviewCrew.Result) {
        let work = result.job.work
        switch result.outcome {
        case .made(let facts):
            report.madeKinds[work.kind, default: 0] += 1
            let bytes = Int64(facts.small.bytes + (facts.large?.bytes ?? 0) + (facts.strip?.bytes ?? 0))
            report.bytesMade += bytes
            report.bytes += bytes - (work.known?.bytes ?? 0)
            if facts.large != nil, let last = lastGaveWay,
                (work.sortAt, work.asset) <= (last.sortAt, last.asset)
            {
                // It is older than what gave way, and so comes before that when more has to.
                lastGaveWay = nil
            }
            if let damage = facts.damage { report.remark(\.damaged, work, damage) }
            if !request.isSmallOnly, facts.hasMore, facts.large == nil { report.withoutLarge += 1 }
            unrecorded.append((work.file, .made(facts, triedStrip: result.job.wantsStrip)))
        case .failed(let reason):
            report.failed += 1
            report.remark(\.failures, work, reason)
            report.bytes -= work.known?.bytes ?? 0
            unrecorded.append((work.file, .failed(reason: reason)))
        case .absent(let reason):
            report.absent += 1
            report.remark(\.absences, work, reason)
        case .stopped: break
        }
    }

    private func record() throws {
        try catalog.record(previews: unrecorded)
        unrecorded = []
        recordedAt = .now
    }

    // MARK: Room

    /// Lets large previews go until the whole is within its bound, those of the pictures taken longest ago first.
    ///
    /// `newest` is the picture that was made last: once what goes is no older than that, the pictures still to come
    /// get no large ones at all.
    private func makeRoom(for newest: PreviewWork?) throws {
        while report.bytes > report.bound {
            var going = try catalog.largePreviews(behind: lastGaveWay, limit: 16)
            if going.isEmpty, lastGaveWay != nil {
                // Older ones may have been made since.
                lastGaveWay = nil
                going = try catalog.largePreviews(limit: 16)
            }
            guard !going.isEmpty else {
                hasRoomForLarge = false
                if report.stop == nil { report.stop = .bound }
                return
            }
            var gone: [Int64] = []
            for work in going where report.bytes > report.bound {
                try request.folder.remove(.large, of: work.digest)
                report.bytes -= work.known?.largeBytes ?? 0
                report.gaveWay += 1
                gone.append(work.file)
                lastGaveWay = work
                if let newest, (work.sortAt, work.asset) >= (newest.sortAt, newest.asset) {
                    hasRoomForLarge = false
                }
            }
            try catalog.giveUpLarge(previewsOf: gone)
        }
    }
}

extension PreviewReport {
    mutating func remark(
        _ list: WritableKeyPath<PreviewReport, [Remark]>, _ work: PreviewWork, _ reason: String
    ) {
        guard self[keyPath: list].count < PreviewReport.longestList else { return }
        self[keyPath: list].append(
            Remark(shortName: String(work.digest.hex.prefix(7)), name: work.name, reason: reason))
    }
}
