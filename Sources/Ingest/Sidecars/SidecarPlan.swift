public import Catalog
public import Files
internal import MediaProtocol
internal import Workers

/// What is to become of the sidecar beside one archive copy of an original.
public struct SidecarPlan: Sendable {
    /// How things stand.
    public enum Standing: Hashable, Sendable {
        /// There is none, and nobody here said anything for one.
        case nothing
        /// It says all that it should.
        case upToDate
        /// It is to be made, or to say something else.
        case behind
        /// Its disk is not here.
        case offline
        /// The original is not where it was.
        case missing
        /// Nothing may be written beside the original, for this reason.
        case locked(String)
        /// It cannot be revised, for this reason, and stays as it is.
        case refused(String)
    }

    /// Where the original lies.
    public let place: OriginalPlace
    /// Where its sidecar lies, or will.
    public internal(set) var path: Path
    /// How things stand.
    public internal(set) var standing: Standing
    /// True when there is none yet.
    public internal(set) var isNew = false
    /// True when somebody else wrote to it, or made it, since it was read here.
    public internal(set) var isChangedOutside = false
    /// The sidecar of the other naming that lies beside, and stays as it is.
    public internal(set) var other: Path?
    /// True when that one is named after a stem that other assets share.
    public internal(set) var isOtherShared = false
    /// What it is to say otherwise.
    public internal(set) var changes: [SidecarChange] = []
    /// What a person here and somebody else say differently.
    public internal(set) var conflicts: [SidecarConflict] = []
    /// How many words of it nobody here has heard: they are read before anything is written.
    public internal(set) var news: [TagPath] = []

    /// The file as it was looked at; nil where it could not be.
    var file: SidecarFile?
    var own: [String: WrittenWord] = [:]
    var packet: [UInt8]?

    init(place: OriginalPlace, path: Path, standing: Standing) {
        self.place = place
        self.path = path
        self.standing = standing
    }
}

/// How a sidecar that is not there yet is to be called.
public enum SidecarNaming: Sendable {
    /// `IMG_1.CR2.xmp`, which no other picture’s can be; darktable and digiKam read it.
    case whole
    /// `IMG_1.xmp`, which Lightroom and Bridge read and no other; the whole name where other assets share the stem.
    case stem
}

/// Looks at sidecars and tells what is to become of them; writes nothing.
final class SidecarPlanner {
    private let catalog: Catalog
    private let access: FileAccess
    private let reader: Worker
    private let naming: SidecarNaming
    private let buffer = BlockBuffer()
    private let metadataDate: String
    private var obstacles: [Path: FileError?] = [:]

    init(
        catalog: Catalog,
        access: FileAccess,
        reader: WorkerProgram,
        naming: SidecarNaming,
        metadataDate: String
    ) {
        self.catalog = catalog
        self.access = access
        self.reader = Worker(reader)
        self.naming = naming
        self.metadataDate = metadataDate
    }

    /// The plans of an asset, one for each archive copy of its original.
    ///
    /// `isWriting` makes the packets, too.
    func plans(
        of asset: AssetID,
        resolution: SidecarResolution,
        isWriting: Bool,
        isMounted: (FileCopy) -> Bool
    ) throws -> [SidecarPlan] {
        try catalog.originalPlaces(of: asset).map { place in
            guard isMounted(place.copy) else {
                return SidecarPlan(place: place, path: place.copy.location, standing: .offline)
            }
            return try plan(place, resolution: resolution, isWriting: isWriting)
        }
    }

    /// The plan for one copy, whose disk is here.
    func plan(
        _ place: OriginalPlace,
        resolution: SidecarResolution,
        isWriting: Bool
    ) throws -> SidecarPlan {
        let original = place.copy.location
        do throws(FileError) {
            guard let status = try access.statusIfThere(of: original), status.isRegularFile else {
                return SidecarPlan(place: place, path: original, standing: .missing)
            }
        } catch {
            return SidecarPlan(place: place, path: original, standing: .locked(error.reason))
        }
        var plan = try chosen(place)
        do throws(FileError) {
            plan.file = try SidecarFile(plan.path, access: access, buffer: buffer)
        } catch {
            plan.standing = .refused(error.reason)
            return plan
        }
        return try judged(plan, resolution: resolution, isWriting: isWriting)
    }

    // MARK: Names

    /// The sidecar that is there, the whole name before the stem; else the one that is to be.
    private func chosen(_ place: OriginalPlace) throws -> SidecarPlan {
        let original = place.copy.location
        let folder = original.folder
        let recorded = try catalog.neighbours(of: place)
            .filter { $0.role == .sidecar && $0.known.path.ending == "xmp" }.map(\.known.path.name)
        func there(_ stem: Path) throws -> Path? {
            let usual = ["xmp", "XMP"].map { Path(bytes: stem.bytes + Array(".\($0)".utf8)) }
            let names = usual + recorded.filter { $0.stem == stem && !usual.contains($0) }
            return try names.first { try access.statusIfThere(of: folder.appending($0)) != nil }
                .map { folder.appending($0) }
        }
        let whole = try there(original.name)
        let ofStem = try there(original.stem)
        let isShared = try ofStem != nil || naming == .stem ? catalog.namesakes(of: place) > 0 : false
        let fresh = naming == .stem && !isShared ? original.stem : original.name
        let made = folder.appending(Path(bytes: fresh.bytes + Array(".xmp".utf8)))
        var plan = SidecarPlan(
            place: place,
            path: whole ?? (isShared ? nil : ofStem) ?? made,
            standing: .nothing
        )
        plan.other = ofStem == plan.path ? nil : ofStem
        plan.isOtherShared = isShared && plan.other != nil
        return plan
    }

    // MARK: Words

    private func judged(
        _ judged: SidecarPlan,
        resolution: SidecarResolution,
        isWriting: Bool
    ) throws -> SidecarPlan {
        var plan = judged
        let asset = plan.place.asset
        let words = try catalog.sidecarWords(of: asset)
        let digest = plan.file?.digests?.sha256
        plan.isNew = digest == nil
        let known = try digest.map { try catalog.knownSidecar($0, of: asset) }
        plan.isChangedOutside = known.map { !$0.isRecorded } ?? false
        if words.isSilent, !plan.isChangedOutside {
            plan.standing = plan.isNew ? .nothing : .upToDate
            return plan
        }
        let path = plan.isNew ? nil : plan.path.bytes
        guard let before = try revised(SidecarRevision(path: path), &plan)?.before else { return plan }
        let wording = SidecarWording(
            words,
            asset: try catalog.asset(asset),
            said: before,
            known: known,
            resolution: resolution
        )
        plan.changes = wording.changes
        plan.conflicts = wording.conflicts
        plan.news = plan.isChangedOutside ? wording.unknownTags : []
        plan.own = wording.own
        guard !wording.properties.isEmpty else {
            plan.standing = plan.isNew ? .nothing : .upToDate
            return plan
        }
        plan.standing = .behind
        if let obstacle = obstacle(in: plan.path.folder) {
            plan.standing = .locked(obstacle.reason)
        } else if isWriting {
            let revision = SidecarRevision(
                path: path,
                properties: wording.properties + named(plan),
                metadataDate: metadataDate
            )
            guard let revised = try revised(revision, &plan) else { return plan }
            plan.packet = revised.packet.map { Array($0.utf8) }
        }
        return plan
    }

    /// Lightroom writes into a sidecar of the stem which of several files it is about.
    private func named(_ plan: SidecarPlan) -> [XMPProperty] {
        guard plan.isNew, plan.path.stem == plan.place.copy.path.stem else { return [] }
        let ending = plan.place.copy.path.ending.uppercased()
        return ending.isEmpty ? [] : [XMPProperty("photoshop:SidecarForExtension", .text, [ending])]
    }

    private func revised(_ revision: SidecarRevision, _ plan: inout SidecarPlan) throws -> RevisedSidecar? {
        switch try reader.answers(to: [.revise(revision)]).first {
        case .reply(.revised(let revised)): return revised
        case .reply(.failed(let reason)), .lost(let reason): plan.standing = .refused("it " + reason)
        case .reply, nil: plan.standing = .refused("the reader answered another question")
        }
        return nil
    }

    /// Asked once a folder.
    private func obstacle(in folder: Path) -> FileError? {
        if let known = obstacles[folder] { return known }
        let obstacle = access.obstacle(toWritingIn: folder)
        obstacles[folder] = obstacle
        return obstacle
    }

    /// What the reader makes of a sidecar that was written, for the catalogue.
    func reading(of path: Path) throws -> Reading? {
        guard case .reply(.reading(let reading))? = try reader.answers(to: [.read(path: path.bytes)]).first
        else {
            return nil
        }
        return reading
    }
}
