public import Catalog
public import Files
public import Workers

/// What is wanted of an export, beyond what passed the gate.
public struct ExportRequest: Sendable {
    /// The folder to make; nothing may be there yet.
    ///
    /// What stays in the house gets `-NOT-CLEARED` behind its name.
    public var destination: Path
    /// The delivery's number, `2016-0007`.
    public var number: String
    /// Who sends it, and whose works they are where a work does not say.
    public var house: String
    /// The place under the title of the page, in the words of a person.
    ///
    /// No asset's own place is ever shown.
    public var place: String?
    /// When, in milliseconds since 1970, UTC.
    public var at: Int64
    /// The end of something in words, as the house says it everywhere: its last day, by the clock by which it was said.
    public var lastMoment: @Sendable (Int64) -> String

    /// An export to a folder.
    public init(
        destination: Path, number: String, house: String, place: String? = nil, at: Int64,
        lastMoment: @escaping @Sendable (Int64) -> String
    ) {
        self.destination = destination
        self.number = number
        self.house = house
        self.place = place
        self.at = at
        self.lastMoment = lastMoment
    }
}

/// What a package is made for, which says which files it holds.
public enum ExportPreset: String, Sendable, CaseIterable {
    /// For the wall of a venue.
    case exhibit

    fileprivate func package(of gated: GatedSelection, _ request: ExportRequest) throws(ExportError)
        -> Package
    {
        switch self {
        case .exhibit: try ExhibitPreset.package(of: gated, request)
        }
    }
}

/// Writes packages of what passed the gate.
public struct Exporter: Sendable {
    private let access: FileAccess
    private let media: WorkerProgram

    /// An exporter that asks this worker for pictures; `valhalla-media` where this program looks for its workers.
    public init(
        media: WorkerProgram = .media(in: WorkerProgram.folder()),
        access: FileAccess = FileAccess()
    ) {
        self.media = media
        self.access = access
    }

    /// Writes what was cleared of a selection: all of it, or nothing.
    ///
    /// An interruption that is asked for ends it, and leaves nothing; `progress` is told from several threads. What is
    /// returned was read back from the disk and lies in its place.
    ///
    /// `record` puts it on record, and calls what it is given to put the folder in its place, within one transaction:
    /// nothing leaves that is not on record, and nothing is on record that did not leave. Throws what `record` throws,
    /// `ExportError`, or `WorkerError` when the worker cannot be started.
    public func export(
        _ gated: GatedSelection,
        as preset: ExportPreset,
        _ request: ExportRequest,
        interruption: Interruption = Interruption(),
        progress: @escaping @Sendable (ExportEvent) -> Void = { _ in },
        record: (ExportReport, _ place: @escaping () throws -> Void) throws -> Void = { _, place in
            try place()
        }
    ) throws -> ExportReport {
        let package = try preset.package(of: gated, request)
        var place = request.destination
        let mark = Array("-NOT-CLEARED".utf8)
        if gated.question.purpose == .internal, !Array(place.bytes.suffix(mark.count)).elementsEqual(mark) {
            place = Path(bytes: place.bytes + mark)
        }
        return try write(package, to: place, interruption: interruption, progress: progress, record: record)
    }

    /// Writes any package: all of it, or nothing.
    func write(
        _ package: Package,
        to place: Path,
        interruption: Interruption,
        progress: @escaping @Sendable (ExportEvent) -> Void,
        record: (ExportReport, _ place: @escaping () throws -> Void) throws -> Void = { _, place in
            try place()
        }
    ) throws -> ExportReport {
        let clock = ContinuousClock()
        let start = clock.now
        let writer = PackageWriter(
            access: access,
            media: media,
            stop: { interruption.isAsked },
            progress: progress
        )
        func report(_ written: PackageWriter.Written) -> ExportReport {
            let seconds = start.duration(to: clock.now).components
            return ExportReport(
                place: place,
                delivered: written.files.compactMap { file, sealed in
                    file.item.map { item in
                        DeliveredFile(
                            asset: item.asset.id,
                            name: "\(Bag.payload)/\(sealed.path)",
                            digest: sealed.digests.sha256,
                            size: sealed.size,
                            basis: item.basis?.id
                        )
                    }
                },
                proofs: written.files.compactMap { file, sealed in
                    guard let shown = file.shown, case .proof(.marked) = file.rendering else { return nil }
                    return SentProof(
                        number: shown.number, name: sealed.path, digest: sealed.digests.sha256,
                        size: sealed.size)
                },
                files: written.count,
                bytes: written.bytes,
                seal: written.seal,
                seconds: Double(seconds.seconds) + Double(seconds.attoseconds) / 1e18
            )
        }
        do {
            return report(
                try writer.write(package, to: place) { written, place in try record(report(written), place) })
        } catch let error as FileError {
            throw ExportError.file(error, doing: "export")
        }
    }
}
