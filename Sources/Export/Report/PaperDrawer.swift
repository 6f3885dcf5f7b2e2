internal import Files
internal import MediaProtocol
internal import Workers

/// The sizes of paper that people ask for by name.
public enum PaperSize: String, Sendable, CaseIterable {
    /// 210 × 297 mm.
    case a4
    /// 8.5 × 11 inches.
    case letter

    var onPaper: PaperOrder.Size {
        switch self {
        case .a4: .a4
        case .letter: .letter
        }
    }
}

/// Has pages drawn by a worker.
struct PaperDrawer {
    private let media: WorkerProgram
    private let access: FileAccess

    init(_ media: WorkerProgram, _ access: FileAccess) {
        var media = media
        // A thousand pages with a picture in each row take half a minute.
        media.secondsPerRequest = 300
        self.media = media
        self.access = access
    }

    /// Draws pages into a new file and sees it on the disk; tells how many pages they are.
    ///
    /// Throws `ExportError`.
    @discardableResult
    func draw(_ order: PaperOrder) throws -> Int {
        let path = Path(bytes: order.destination)
        let worker = Worker(media)
        try worker.send(.paper(order))
        let cause: String
        switch try worker.receive() {
        case .reply(.drawn(let pages)):
            do {
                try hold(path, to: .paper(order), worker)
            } catch {
                try? access.discard(path)
                throw error
            }
            try access.syncFolder(path.folder)
            return pages
        case .reply(.failed(let reason)): cause = reason
        case .reply: cause = "the media reader answered something else"
        case .lost(let reason): cause = reason
        }
        throw ExportError(
            .broken, "could not draw the pages", details: ["path:  \(path.display)", "cause: \(cause)"],
            next: "look whether there is room on the disk, and whether the folder may be written to")
    }

    /// Has listed what finished pages say beside their text, and keeps them to the rule.
    func hold(_ path: Path, to rule: MetadataRule, _ worker: Worker) throws {
        try worker.send(.inspect(path: path.bytes))
        guard case .reply(.inspected(let items)) = try worker.receive() else {
            throw ExportError(
                .broken, "could not prove what finished pages say beside their text",
                details: ["path:  \(path.display)"], next: "try again; if it stays so, report it")
        }
        let violations = rule.violations(in: items)
        guard violations.isEmpty else {
            throw ExportError(
                .leak, "finished pages say more than their text (nothing written)",
                details: violations.map { "\($0.key): \($0.value.prefix(80))" },
                next: "this is a fault in valhalla: report it with the lines above")
        }
    }
}
