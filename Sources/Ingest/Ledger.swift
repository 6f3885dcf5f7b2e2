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
    private var verdicts: [ManifestVerdict] = []
    private var manifests: [Int: ManifestReport] = [:]
    private var doublesByOutcome = 0
    /// The first of them, until it is known where else their contents lie.
    private var doubles: [(path: Path, file: FileRecord)] = []
    private(set) var pending = 0
    /// True when a file came by that may be a part of a recording.
    private var sawParts = false

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
            if group.record.files.contains(where: { $0.segment?.recording != nil }) { sawParts = true }
            pending += group.counted.count
        }
        for finding in result.findings { note(finding) }
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

    /// What a manifest says of a file.
    func note(_ finding: Finding) {
        manifests[finding.number, default: ManifestReport()].note(finding.verdict)
        if !finding.isRecorded {
            verdicts.append(finding.verdict)
            pending += 1
        }
    }

    /// A file that no scan comes past and that is kept all the same; it counts for nothing.
    func noteEvidence(_ record: GroupRecord) {
        groups.append(PlannedGroup(record: record, counted: [nil]))
        pending += 1
    }

    private func remark(
        _ list: WritableKeyPath<ImportReport, [ImportReport.Remark]>,
        _ path: Path,
        _ reason: String
    ) {
        report[keyPath: list].append(.init(path: path, reason: reason))
        if report[keyPath: list].count >= 2 * ImportReport.longestList {
            Ledger.settle(&report[keyPath: list])
        }
    }

    /// Keeps the first in the order of their paths: the scan and its readers, who bring them, come in no order.
    private static func settle(_ remarks: inout [ImportReport.Remark]) {
        remarks.sort { $0.path.order(to: $1.path) < 0 }
        remarks.removeLast(max(0, remarks.count - ImportReport.longestList))
    }

    // MARK: Writing

    /// Writes what was noted, in one transaction.
    func write() throws {
        guard pending > 0 else { return }
        switch book {
        case .catalogue(let run):
            let outcomes = try run.record(
                groups: groups.map(\.record), strays: strays, verdicts: verdicts)
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
        verdicts = []
        pending = 0
    }

    /// Joins what belongs together and could not be seen to before all was recorded: parts of one recording, on one card or
    /// on several, and the halves of one moment that lie in two places.
    func assemble() throws {
        switch book {
        case .catalogue(let run):
            let isNews = report.counts.new + report.counts.changed + doublesByOutcome > 0
            let followsAKilledOne = try run.followsAKilledOne()
            guard isNews || followsAKilledOne else { return }
            var joints = try run.twins()
            if sawParts || followsAKilledOne {
                joints += try run.dividedRecordings().flatMap(Ledger.joints)
            }
            for joint in joints { note(try run.join(joint), of: joint, in: run) }
            report.incomplete = try run.incomplete()
            if report.assets[.photo] != nil { report.bursts = try run.markBursts() }
        case .rehearsal(let rehearsal):
            for chain in rehearsal.recordings() {
                report.assets[.clip, default: 0] -= chain - 1
                report.joined += chain - 1
            }
        }
    }

    /// More files than this under one name and number are no recording's, and comparing each with each would take long.
    private static let mostParts = 2_000

    static func joints(_ parts: [RecordedPart]) -> [PartsToJoin] {
        guard parts.count <= mostParts else { return [] }
        return Recordings.chains(of: parts).compactMap { chain in
            guard Set(chain.map { parts[$0.part].asset }).count > 1 else { return nil }
            // Numbers that do not begin at 1 with every recording say nothing about its parts.
            let isNumbered = ChapterName.countsFromOne(parts[chain[0].part].facts.recording ?? "")
            return PartsToJoin(
                chain.enumerated().map { index, link in
                    PartsToJoin.Part(
                        asset: parts[link.part].asset,
                        file: parts[link.part].file,
                        role: index == 0 ? .original : .segment,
                        position: (isNumbered ? parts[link.part].facts.number : nil) ?? index + 1,
                        because: link.because
                    )
                }
            )
        }
    }

    private func note(_ outcome: JoinOutcome, of joint: PartsToJoin, in run: ImportRun) {
        switch outcome {
        case .joined(let kinds):
            report.joined += kinds.count
            for kind in kinds {
                // Some were there before this import, and were not counted by it.
                if let count = report.assets[kind] { report.assets[kind] = max(0, count - 1) }
            }
            if joint.parts.contains(where: { $0.role == .companion }) { report.pairs += kinds.count }
        case .apart(let reason):
            let name = joint.parts.last.flatMap { try? run.name(ofFile: $0.file) } ?? ""
            report.apart.append(.init(name: name, reason: reason))
        }
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
            for root in scan.roots {
                try run.gather(volume: root.volume, below: root.path, names: scan.names)
            }
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

    /// Tells which manifests were met, and keeps what is wrong with them.
    func tell(_ histories: [History]) throws {
        for history in histories {
            var told = manifests[history.number] ?? ManifestReport()
            told.take(history)
            if case .catalogue(let run) = book { try run.faults(history.faults, of: history.keys) }
            if !told.counts.isEmpty || !told.faults.isEmpty { report.manifests.append(told) }
        }
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
        for list in [\ImportReport.failed, \.changed, \.unreadable, \.doubled, \.other] {
            Ledger.settle(&report[keyPath: list])
        }
        guard report.counts.addsUp else { throw ImportError.doesNotAddUp(report.counts) }
        if case .catalogue(let run) = book { try run.finish(report.counts) }
        return report
    }

    func stopped(by error: FileError) {
        if error.cause == .stopped { report.wasInterrupted = true } else { report.stoppedBy = error }
    }

    func met(_ cards: [ImportReport.Card]) { report.cards = cards }

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

    /// Clips that would come in and may be parts of one recording.
    private var parts: [String: [RecordedPart]] = [:]

    /// Of how many files each recording of several would be.
    func recordings() -> [Int] {
        parts.values.flatMap { Recordings.chains(of: $0).map(\.count) }
    }

    private func notePart(_ file: FileRecord) {
        guard let facts = file.segment, let recording = facts.recording,
            case .read(let content) = file.content
        else { return }
        let key = Int64(parts[recording]?.count ?? 0)
        parts[recording, default: []].append(
            RecordedPart(
                asset: AssetID(rawValue: key), file: key, name: file.name, size: content.size, facts: facts,
                folders: Set(file.copies.map(\.folder)))
        )
    }

    func outcome(of group: GroupRecord) throws -> (files: [FileOutcome], isNewAsset: Bool) {
        let outcomes = try group.files.map { file -> FileOutcome in
            guard case .read(let content) = file.content else { return .known }
            if let key = try catalog.heldContent(content.digests.sha256) {
                for copy in file.copies { met.insert(Place(file: key, volume: copy.volume)) }
                return .double
            }
            let isNew = brought.insert(content.digests.sha256).inserted
            if isNew { notePart(file) }
            return isNew ? .new : .double
        }
        return (outcomes, group.kind != nil && group.asset == nil && outcomes.first == .new)
    }

    func copies(of digest: SHA256Digest) throws -> [FileCopy] { try catalog.copies(ofContent: digest) }

    func missing(_ copies: [(copy: Int64, file: Int64, volume: Int64)]) -> (moved: Int, missing: Int) {
        let moved = copies.count { met.contains(Place(file: $0.file, volume: $0.volume)) }
        return (moved, copies.count - moved)
    }
}
