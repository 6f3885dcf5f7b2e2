internal import Files

/// Why nothing was delivered, in words for the person who asked.
public struct ExportError: Error, Hashable, Sendable {
    /// What kind of failure it is.
    public enum Kind: Hashable, Sendable {
        /// What was asked for cannot be done.
        case refused
        /// An original cannot be reached now.
        case missing
        /// An original's bytes are no longer those that were recorded.
        case damaged
        /// A finished file carried something that the recipient must not have.
        case leak
        /// A disk, a worker or a file failed.
        case broken
        /// A person stopped it.
        case stopped
    }

    /// What kind of failure it is.
    public let kind: Kind
    /// What could not be done, without a full stop.
    public let summary: String
    /// Particulars, a line each.
    public let details: [String]
    /// What to do next.
    public let next: String?

    /// A failure in words.
    public init(_ kind: Kind, _ summary: String, details: [String] = [], next: String? = nil) {
        self.kind = kind
        self.summary = summary
        self.details = details
        self.next = next
    }

    static let stopped = ExportError(
        .stopped,
        "the export was stopped",
        details: ["nothing was left behind"],
        next: "run the command again when it suits"
    )

    /// A failure of the file system while something was being done.
    static func file(_ error: FileError, doing: String) -> ExportError {
        if error.cause == .stopped { return .stopped }
        return ExportError(
            .broken,
            "could not \(doing)",
            details: ["path:  \(error.path.display)", "cause: \(error.reason)"],
            next: error.next
        )
    }

    static func inTheWay(_ place: Path) -> ExportError {
        ExportError(
            .refused,
            "there is something at the destination already",
            details: ["path:  \(place.display)"],
            next: "name another folder with --to, or move that one away; a delivery is never written over"
        )
    }
}
