public import Catalog
public import Files
internal import Foundation
internal import MediaProtocol
public import Workers

/// Whose sidecars to look at or write, and how.
public struct SidecarRequest {
    /// The assets, in the order in which they are told.
    public var assets: [AssetID]
    /// The command in the words of who gave it, for the log.
    public var command: String
    /// Which word counts where a person’s and a sidecar’s differ.
    public var resolution = SidecarResolution.none
    /// How a new one is called.
    public var naming = SidecarNaming.whole
    /// The door to the file system.
    public var access = FileAccess()
    /// The reader that revises sidecars, and reads stills.
    public var reader: WorkerProgram
    /// The reader for clips and sounds, whose sidecars others changed.
    public var mediaReader: WorkerProgram
    /// Trips when a person wants it to stop.
    public var interruption = Interruption()
    /// Whether the disk of a copy is here.
    public var isMounted: (FileCopy) -> Bool
    /// Told after each asset: how many are done.
    public var progress: (Int) -> Void = { _ in }

    /// The sidecars of some assets, with the workers that lie beside this program.
    public init(
        _ assets: [AssetID],
        command: String,
        workers folder: [UInt8] = WorkerProgram.folder(),
        isMounted: @escaping (FileCopy) -> Bool
    ) {
        self.assets = assets
        self.command = command
        self.isMounted = isMounted
        reader = .reader(in: folder)
        mediaReader = .media(in: folder)
    }
}

/// What became of one sidecar.
public enum SidecarOutcome: Hashable, Sendable {
    /// It was written, read back and recorded.
    case written
    /// It stays as it is, as its plan says.
    case kept
    /// It could not be written, for this reason, and is what it was.
    case failed(String)
}

/// The count that adds up: seen = written + up to date + nothing to say + in conflict + not reachable + failed.
public struct SidecarCounts: Hashable, Sendable {
    /// Archive copies of originals, each of which has a sidecar or none.
    public var seen = 0
    /// Sidecars that were written, or would be.
    public var written = 0
    /// Of them, those that were not there before.
    public var new = 0
    /// Sidecars that say all that they should.
    public var upToDate = 0
    /// Originals about which there is nothing to say.
    public var nothing = 0
    /// Sidecars that stay as they are, because others say something else in every word to be written.
    public var conflicts = 0
    /// On disks that are not here, or may not be written to, and originals that are not where they were.
    public var unreachable = 0
    /// Sidecars that could not be revised or written.
    public var failed = 0
    /// Words that were left as they are, whatever else was written.
    public var contestedWords = 0
    /// True when a person stopped it.
    public var wasInterrupted = false

    /// Nothing seen yet.
    public init() {}

    mutating func add(_ plan: SidecarPlan, _ outcome: SidecarOutcome, isRehearsal: Bool) {
        seen += 1
        contestedWords += plan.conflicts.count
        switch (outcome, plan.standing) {
        case (.written, _):
            written += 1
            new += plan.isNew ? 1 : 0
        case (.kept, .behind) where isRehearsal:
            written += 1
            new += plan.isNew ? 1 : 0
        case (.failed, _), (_, .refused): failed += 1
        case (_, .offline), (_, .missing), (_, .locked): unreachable += 1
        case (_, .behind): failed += 1
        case (_, .upToDate), (_, .nothing):
            if !plan.conflicts.isEmpty {
                conflicts += 1
            } else if plan.standing == .nothing {
                nothing += 1
            } else {
                upToDate += 1
            }
        }
    }
}

/// Writes into sidecars what people said, and reads first what others said there.
public enum SidecarWriter {
    /// So many assets are planned, recorded and written together.
    private static let batch = 100

    /// Tells what is to become of every sidecar, and writes nothing.
    public static func look(
        _ request: SidecarRequest,
        catalog: Catalog,
        each: (SidecarPlan) throws -> Void
    ) throws -> SidecarCounts {
        var counts = SidecarCounts()
        let planner = planner(request, catalog)
        for (index, asset) in request.assets.enumerated() {
            if request.interruption.isAsked {
                counts.wasInterrupted = true
                break
            }
            for plan in try plans(planner, asset, request, isWriting: false) {
                counts.add(plan, .kept, isRehearsal: true)
                try each(plan)
            }
            request.progress(index + 1)
        }
        return counts
    }

    /// Writes what is to be written.
    ///
    /// Of each sidecar that somebody else changed the new words are read first, as an import reads them. Throws
    /// `CatalogError` and `WorkerError`; what one file is in the way of is told with that file.
    public static func write(
        _ request: SidecarRequest,
        catalog: Catalog,
        each: (SidecarPlan, SidecarOutcome) throws -> Void
    ) throws -> SidecarCounts {
        let writing = Writing(request, catalog, planner(request, catalog))
        var counts = SidecarCounts()
        var failure: (any Error)?
        do {
            for start in stride(from: 0, to: request.assets.count, by: batch) {
                if request.interruption.isAsked {
                    counts.wasInterrupted = true
                    break
                }
                let assets = request.assets[start..<min(request.assets.count, start + batch)]
                for (plan, outcome) in try writing.write(Array(assets)) {
                    counts.add(plan, outcome, isRehearsal: false)
                    try each(plan, outcome)
                }
                request.progress(start + assets.count)
            }
        } catch {
            failure = error
        }
        try writing.finish(counts)
        if let failure { throw failure }
        return counts
    }

    fileprivate static func plans(
        _ planner: SidecarPlanner,
        _ asset: AssetID,
        _ request: SidecarRequest,
        isWriting: Bool
    ) throws -> [SidecarPlan] {
        try planner.plans(
            of: asset,
            resolution: request.resolution,
            isWriting: isWriting,
            isMounted: request.isMounted
        )
    }

    private static func planner(_ request: SidecarRequest, _ catalog: Catalog) -> SidecarPlanner {
        SidecarPlanner(
            catalog: catalog,
            access: request.access,
            reader: request.reader,
            naming: request.naming,
            metadataDate: TimeWords.text(
                Int64(Date().timeIntervalSince1970) * 1000,
                offsetMinutes: 0
            )
        )
    }
}

/// One writing, with what it has begun in the catalogue.
private final class Writing {
    private let request: SidecarRequest
    private let catalog: Catalog
    private let planner: SidecarPlanner
    private let intake: SidecarIntake
    private var run: SidecarRun?
    private var tidied: Set<Path> = []

    init(_ request: SidecarRequest, _ catalog: Catalog, _ planner: SidecarPlanner) {
        self.request = request
        self.catalog = catalog
        self.planner = planner
        intake = SidecarIntake(catalog: catalog, request: request)
    }

    func write(_ assets: [AssetID]) throws -> [(SidecarPlan, SidecarOutcome)] {
        var plans = try assets.flatMap { try plan($0) }
        try settle(&plans)
        let ready = plans.indices.filter {
            plans[$0].standing == .behind && plans[$0].packet != nil && plans[$0].file != nil
        }
        guard !ready.isEmpty else { return plans.map { ($0, SidecarOutcome.kept) } }
        let begun = try run ?? catalog.beginSidecars(command: request.command)
        run = begun
        let records = try ready.map { try record(of: plans[$0]) }
        try begun.intend(records)
        var outcomes = [SidecarOutcome](repeating: .kept, count: plans.count)
        var written: [SidecarRecord] = []
        let results = SidecarReplacement.replace(
            ready.compactMap { index in
                tidy(plans[index].path.folder)
                return plans[index].file.map { ($0, plans[index].packet ?? []) }
            }
        )
        for (place, index) in ready.enumerated() {
            switch results[place] {
            case .success(let file):
                var record = records[place]
                record.copy = copy(plans[index], file)
                written.append(record)
                outcomes[index] = .written
            case .failure(let error): outcomes[index] = .failed(error.reason)
            }
        }
        let paths = ready.filter { outcomes[$0] == .written }.map { plans[$0].path }
        for (index, path) in paths.enumerated() { try shelve(path, in: &written[index]) }
        try begun.record(written)
        return Array(zip(plans, outcomes))
    }

    func finish(_ counts: SidecarCounts) throws {
        try intake.finish()
        let files = counts.written == 1 ? "1 sidecar" : "\(counts.written) sidecars"
        try run?.finish("wrote \(files)")
    }

    // MARK: Before

    /// The plans of an asset, behind what others said in its sidecars meanwhile.
    private func plan(_ asset: AssetID) throws -> [SidecarPlan] {
        let plans = try SidecarWriter.plans(planner, asset, request, isWriting: true)
        var refusals: [Path: String] = [:]
        var isHeard = false
        for plan in plans where plan.isChangedOutside && !plan.isRefused {
            do {
                try intake.take(plan)
                isHeard = true
            } catch let error as FileError {
                refusals[plan.path] = "it was changed by another program, and cannot be read: \(error.reason)"
            }
        }
        guard isHeard || !refusals.isEmpty else { return plans }
        return try SidecarWriter.plans(planner, asset, request, isWriting: true).map { plan in
            var plan = plan
            plan.isChangedOutside = plans.contains { $0.path == plan.path && $0.isChangedOutside }
            if let reason = refusals[plan.path] { plan.standing = .refused(reason) }
            return plan
        }
    }

    /// Lets people’s words stand or give way, as they said, and plans anew what that is about.
    private func settle(_ plans: inout [SidecarPlan]) throws {
        guard request.resolution != .none else { return }
        // With a resolution no plan lists what it resolves: a look without one does.
        var contested: [AssetID: [SidecarConflict]] = [:]
        for asset in Set(plans.map(\.place.asset)) {
            let conflicts = try planner.plans(
                of: asset, resolution: .none, isWriting: false, isMounted: request.isMounted
            ).flatMap(\.conflicts)
            if !conflicts.isEmpty { contested[asset] = conflicts }
        }
        guard !contested.isEmpty else { return }
        try catalog.change(request.command) { change in
            for (asset, conflicts) in contested.sorted(by: { $0.key < $1.key }) {
                try settle(conflicts, of: asset, in: change)
            }
            let side =
                request.resolution == .ours ? "what was set here counts" : "what the sidecars say counts"
            change.summary = "\(side), on \(contested.count == 1 ? "1 asset" : "\(contested.count) assets")"
        }
        plans = try plans.map { plan in
            guard contested[plan.place.asset] != nil, !plan.isRefused, plan.file != nil else { return plan }
            var new = try planner.plan(plan.place, resolution: request.resolution, isWriting: true)
            new.isChangedOutside = plan.isChangedOutside
            return new
        }
    }

    private func settle(_ conflicts: [SidecarConflict], of asset: AssetID, in change: Change) throws {
        let fields = conflicts.map(\.field).filter { $0 != "keywords" }
        let keywords = conflicts.filter { $0.field == "keywords" }
        let ours = keywords.compactMap { $0.ours.flatMap(TagPath.init(fromFile:)) }
        let theirs = keywords.compactMap { $0.theirs.flatMap(TagPath.init(fromFile:)) }
        if request.resolution == .ours {
            try change.insist(on: fields, of: asset)
            try change.settle(attached: ours, gone: theirs, of: asset)
        } else {
            try change.yield(fields, of: asset)
            try change.settle(attached: theirs, gone: ours, of: asset)
        }
    }

    // MARK: Files

    /// What a killed run left in a folder goes when the next one first writes there; where that fails, it stays.
    private func tidy(_ folder: Path) {
        if tidied.insert(folder).inserted { try? request.access.discardLeftovers(in: folder) }
    }

    private func copy(_ plan: SidecarPlan, _ written: SidecarFile.Written) -> CopyRecord {
        CopyRecord(
            volume: plan.place.volume,
            path: plan.place.copy.path.folder.appending(plan.path.name),
            kind: .archive,
            identity: written.identity,
            checkedAt: nil,
            existing: nil
        )
    }

    private func record(of plan: SidecarPlan) throws -> SidecarRecord {
        let packet = plan.packet ?? []
        let path = plan.place.copy.path.folder.appending(plan.path.name)
        return SidecarRecord(
            asset: plan.place.asset,
            content: ReadContent(
                digests: Digests(of: packet),
                size: Int64(packet.count),
                format: "XMP",
                unreadable: nil,
                rawTags: [],
                rawDictionary: 0
            ),
            words: plan.own,
            name: plan.path.name.display,
            former: try catalog.knownCopy(at: path, on: plan.place.volume)?.file
        )
    }

    /// Every tag of it goes onto the shelf, as with every file.
    private func shelve(_ path: Path, in record: inout SidecarRecord) throws {
        guard let reading = try planner.reading(of: path) else { return }
        record.content.rawTags = reading.rawTags
        record.content.rawDictionary = reading.rawDictionary
    }
}

extension SidecarPlan {
    fileprivate var isRefused: Bool { if case .refused = standing { true } else { false } }
}
