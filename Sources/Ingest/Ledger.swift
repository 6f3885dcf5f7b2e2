internal import Catalog
internal import Files

/// Writes what was read into the catalogue, or only tells what that would come to, and counts every file once.
final class Ledger {
    /// Where the records go.
    enum Book {
        case catalogue(ImportRun)
        case rehearsal(Rehearsal)
    }

    private let book: Book
    private(set) var report = ImportReport()
    private var groups: [PlannedGroup] = []
    private var strays: [StrayRecord] = []
    private var forgotten: [(volume: Int64, path: Path)] = []
    private var doublesByOutcome = 0
    /// The first of them, until it is known where else their contents lie.
    private var doubles: [(path: Path, file: FileRecord)] = []
    private(set) var pending = 0

    init(_ book: Book) { self.book = book }

    // MARK: Noting

    func noteSettled(_ count: Int) { report.counts.known += count }

    func note(_ notTaken: NotTaken) {
        switch notTaken.outcome {
        case .other:
            report.counts.other += 1
            remark(\.other, notTaken.path, notTaken.reason)
        case .failed:
            report.counts.failed += 1
            remark(\.failed, notTaken.path, notTaken.reason)
        }
        if let record = notTaken.record {
            strays.append(record)
            pending += 1
        }
    }

    func note(_ result: ChunkResult) {
        for notTaken in result.notTaken { note(notTaken) }
        for group in result.groups {
            groups.append(group)
            pending += group.counted.count
        }
        report.copied += result.copied
        report.verified += result.verified
        report.bytes += result.bytes
    }

    /// A copy whose row wants a touch; its file is known.
    func noteTouched(_ record: GroupRecord) {
        groups.append(PlannedGroup(record: record, counted: [nil]))
        report.counts.known += 1
        pending += 1
    }

    private func remark(
        _ list: WritableKeyPath<ImportReport, [ImportReport.Remark]>,
        _ path: Path,
        _ reason: String
    ) {
        guard report[keyPath: list].count < ImportReport.longestList else { return }
        report[keyPath: list].append(.init(path: path, reason: reason))
    }

    // MARK: Writing

    /// Writes what was noted, in one transaction.
    func write() throws {
        guard pending > 0 else { return }
        switch book {
        case .catalogue(let run):
            let outcomes = try run.record(groups: groups.map(\.record), strays: strays)
            for (group, outcome) in zip(groups, outcomes) {
                count(group, outcome.files, isNew: outcome.isNewAsset)
            }
            try run.forget(strays: forgotten)
        case .rehearsal(let rehearsal):
            for group in groups {
                let (files, isNew) = try rehearsal.outcome(of: group.record)
                count(group, files, isNew: isNew)
            }
        }
        groups = []
        strays = []
        forgotten = []
        pending = 0
    }

    private func count(_ group: PlannedGroup, _ outcomes: [FileOutcome], isNew: Bool) {
        if isNew, let kind = group.record.kind {
            report.assets[kind, default: 0] += 1
            if group.record.files.contains(where: { $0.role == .companion }) { report.pairs += 1 }
        }
        for (index, (counted, outcome)) in zip(group.counted, outcomes).enumerated() {
            guard let counted else { continue }
            if counted.found.wasStray { forgotten.append((counted.found.volume, counted.found.volumePath)) }
            if let reason = counted.unreadable { remark(\.unreadable, counted.found.path, reason) }
            switch (counted.tally, outcome) {
            case (.changed, _):
                report.counts.changed += 1
                remark(\.changed, counted.found.path, "other bytes than were recorded here")
            case (.known, _): report.counts.known += 1
            case (.byOutcome, .new): report.counts.new += 1
            case (.byOutcome, .known): report.counts.known += 1
            case (.byOutcome, .double):
                report.counts.known += 1
                doublesByOutcome += 1
                if doubles.count < ImportReport.longestList {
                    doubles.append((counted.found.path, group.record.files[index]))
                }
            }
        }
    }

    // MARK: The end

    /// Tells which recorded copies were not met, and which strays are gone.
    func writeMissing(_ scan: Scan, access: FileAccess) throws {
        let outcome: (moved: Int, missing: Int)
        switch book {
        case .catalogue(let run):
            try run.forget(strays: scan.goneStrays)
            // A folder under a new name, or in another one: what lay outside of this scan has to be looked for.
            let gone =
                doublesByOutcome == 0
                ? []
                : try run.copiesElsewhere().filter { try access.statusIfThere(of: $0.location) == nil }.map(
                    \.id)
            outcome = try run.missing(copies: Set(scan.missing.map(\.copy) + gone).sorted())
            for root in scan.roots { try run.gather(volume: root.volume, below: root.path) }
        case .rehearsal(let rehearsal): outcome = rehearsal.missing(scan.missing)
        }
        report.moved = outcome.moved
        report.missing = outcome.missing
        try nameDoubles(gone: Set(scan.missing.map(\.copy)))
    }

    /// Tells where else the contents lie that the archive had already; what only moved lies nowhere else.
    private func nameDoubles(gone: Set<Int64>) throws {
        for double in doubles {
            guard case .read(let content) = double.file.content else { continue }
            let copies: [FileCopy]
            switch book {
            case .catalogue(let run): copies = try run.copies(of: content.digests.sha256)
            case .rehearsal(let rehearsal): copies = try rehearsal.copies(of: content.digests.sha256)
            }
            // What this import put there itself is not what the archive had.
            let own = double.file.copies
            let elsewhere = copies.first { copy in
                !gone.contains(copy.id) && ["recorded", "verified"].contains(copy.finding)
                    && !own.contains { $0.path == copy.path && $0.identity == copy.identity }
            }
            guard let elsewhere else { continue }
            remark(\.doubled, double.path, "lies at \(elsewhere.location.display) too")
        }
        doubles = []
    }

    /// Closes the book.
    ///
    /// `seen` is what the walk counted for itself; nil when it was stopped before its end.
    func close(seen: Int?, seconds: Double) throws -> ImportReport {
        let counts = report.counts
        report.counts.seen =
            seen ?? (counts.new + counts.known + counts.changed + counts.other + counts.failed)
        report.doubles = max(0, doublesByOutcome - report.moved)
        report.seconds = seconds
        guard report.counts.addsUp else { throw ImportError.doesNotAddUp(report.counts) }
        if case .catalogue(let run) = book { try run.finish(report.counts) }
        return report
    }

    func stopped(by error: FileError) {
        if error.cause == .stopped { report.wasInterrupted = true } else { report.stoppedBy = error }
    }

    func goes(to destinations: [Path]) { report.destinations = destinations }
}

/// What the catalogue would answer, without writing to it.
final class Rehearsal {
    private let catalog: Catalog
    /// Contents that this import would have brought by now.
    private var brought = Set<SHA256Digest>()
    /// Known contents that were met at new paths, with the volume.
    private var met = Set<Place>()

    private struct Place: Hashable {
        var file: Int64
        var volume: Int64
    }

    init(_ catalog: Catalog) { self.catalog = catalog }

    func outcome(of group: GroupRecord) throws -> (files: [FileOutcome], isNewAsset: Bool) {
        let outcomes = try group.files.map { file -> FileOutcome in
            guard case .read(let content) = file.content else { return .known }
            if let key = try catalog.heldContent(content.digests.sha256) {
                for copy in file.copies { met.insert(Place(file: key, volume: copy.volume)) }
                return .double
            }
            return brought.insert(content.digests.sha256).inserted ? .new : .double
        }
        return (outcomes, group.kind != nil && group.asset == nil && outcomes.first == .new)
    }

    func copies(of digest: SHA256Digest) throws -> [FileCopy] { try catalog.copies(ofContent: digest) }

    func missing(_ copies: [(copy: Int64, file: Int64, volume: Int64)]) -> (moved: Int, missing: Int) {
        let moved = copies.count { met.contains(Place(file: $0.file, volume: $0.volume)) }
        return (moved, copies.count - moved)
    }
}
