public import Catalog
public import Files
internal import Foundation

/// What reading copies back has come to so far.
public struct VerificationProgress: Hashable, Sendable {
    /// Copies read, or found not to be there.
    public var copies = 0
    /// Copies in all.
    public var copiesInAll = 0
    /// Bytes read.
    public var bytes: Int64 = 0
    /// Bytes in all.
    public var bytesInAll: Int64 = 0
}

/// What reading copies back found.
public struct VerificationReport: Sendable {
    /// A copy that is not as it was recorded, and how.
    public struct Fault: Hashable, Sendable {
        /// The copy.
        public let copy: FileCopy
        /// What was found.
        public let finding: CopyFinding
        /// The particulars, in words.
        public let reason: String
    }

    /// Copies whose bytes are the recorded ones.
    public var verified = 0
    /// How many bytes they are.
    public var bytes: Int64 = 0
    /// Copies that are not as they were recorded.
    public var faults: [Fault] = []
    /// Volumes that are not here, with the number of copies on each that could not be looked at.
    public var offline: [String: Int] = [:]
    /// True when a person stopped it; the next run goes on from there.
    public var isInterrupted = false
}

/// Reads copies back from their disks and compares them with their digests.
public struct CopyVerifier {
    private let catalog: Catalog
    private let access: FileAccess
    private let interruption: Interruption

    /// A reading-back of this catalogue's copies through this access to the disk.
    public init(catalog: Catalog, access: FileAccess, interruption: Interruption) {
        self.catalog = catalog
        self.access = access
        self.interruption = interruption
    }

    /// Reads back what a verification still has before it.
    ///
    /// What was found is kept every few hundred copies, so that a run that is stopped, or killed, goes on
    /// where it was.
    ///
    /// Throws `CatalogError` when findings cannot be kept; a copy that cannot be read is a finding, not an error.
    public func run(
        _ verification: Verification,
        command: String,
        progress: (VerificationProgress) -> Void = { _ in }
    ) throws -> VerificationReport {
        var report = VerificationReport()
        var state = VerificationProgress()
        let ahead = try catalog.remaining(of: verification)
        state.copiesInAll = ahead.copies
        state.bytesInAll = ahead.bytes
        var mounted: [String: Bool] = [:]
        var last: Int64 = 0
        while !interruption.isAsked {
            let batch = try catalog.copiesToVerify(verification, after: last, limit: 256)
            guard let newest = batch.last else { break }
            last = newest.copy.id
            let here = batch.filter { isMounted($0.copy, &mounted) }
            for away in batch where mounted[away.copy.volumeKey] != true {
                report.offline[away.copy.volumeName, default: 0] += 1
                state.copies += 1
                state.bytes += away.size
            }
            let outcomes = read(here) { copy in
                state.copies += 1
                state.bytes += copy.size
                progress(state)
            }
            try keep(outcomes, in: &report)
        }
        report.isInterrupted = interruption.isAsked
        if !report.isInterrupted {
            try catalog.finish(verification, command: command, summary: summary(report))
        }
        return report
    }

    private func isMounted(_ copy: FileCopy, _ known: inout [String: Bool]) -> Bool {
        if let known = known[copy.volumeKey] { return known }
        let found = try? VolumeLocation.of(copy.mount, access: access).volume.key
        known[copy.volumeKey] = found == copy.volumeKey
        return found == copy.volumeKey
    }

    private struct Outcome: Sendable {
        let item: CopyToVerify
        let finding: CopyFinding
        let reason: String
        let at: Int64
    }

    /// What a reading thread says.
    private enum Word: Sendable {
        case read(Outcome)
        case ended
    }

    /// Two threads: SHA-256 is the only cost that counts, and there are two cores at least.
    private func read(_ items: [CopyToVerify], each: (CopyToVerify) -> Void) -> [Outcome] {
        let work = BoundedQueue<CopyToVerify>(capacity: max(items.count, 1))
        let words = BoundedQueue<Word>(capacity: 16)
        for item in items { work.push(item) }
        work.close()
        let (access, interruption) = (access, interruption)
        let readers = 2
        for _ in 0..<readers {
            Thread {
                let buffer = BlockBuffer()
                while !interruption.isAsked, let item = work.pop() {
                    if let outcome = CopyVerifier.outcome(item, access, buffer, interruption) {
                        words.push(.read(outcome))
                    }
                }
                words.push(.ended)
            }
            .start()
        }
        var outcomes: [Outcome] = []
        var ended = 0
        while ended < readers, let word = words.pop() {
            switch word {
            case .ended: ended += 1
            case .read(let outcome):
                outcomes.append(outcome)
                each(outcome.item)
            }
        }
        return outcomes
    }

    /// Nil when a person stopped it before its end.
    private static func outcome(
        _ item: CopyToVerify,
        _ access: FileAccess,
        _ buffer: BlockBuffer,
        _ interruption: Interruption
    ) -> Outcome? {
        func found(_ finding: CopyFinding, _ reason: String) -> Outcome {
            Outcome(
                item: item,
                finding: finding,
                reason: reason,
                at: Int64(Date().timeIntervalSince1970 * 1_000)
            )
        }
        do {
            let digests = try Digests.ofFile(
                item.copy.location,
                access: access,
                buffer: buffer,
                fromDisk: true,
                stop: { interruption.isAsked }
            )
            return digests == item.digests
                ? found(.verified, "") : found(.differs, "its bytes are not the ones that were recorded")
        } catch  where error.cause == .stopped {
            return nil
        } catch {
            return error.isAbsence ? found(.missing, "it is not there") : found(.unreadable, error.reason)
        }
    }

    private func keep(_ outcomes: [Outcome], in report: inout VerificationReport) throws {
        try catalog.record(findings: outcomes.map { ($0.item.copy.id, $0.finding, $0.at) })
        for outcome in outcomes {
            if outcome.finding == .verified {
                report.verified += 1
                report.bytes += outcome.item.size
            } else {
                report.faults.append(
                    VerificationReport.Fault(
                        copy: outcome.item.copy,
                        finding: outcome.finding,
                        reason: outcome.reason
                    )
                )
            }
        }
    }

    private func summary(_ report: VerificationReport) -> String {
        "\(report.verified) verified, \(report.faults.count) not as recorded"
    }
}
