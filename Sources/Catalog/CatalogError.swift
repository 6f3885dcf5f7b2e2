internal import Storage

/// What the catalogue could not do, in words for the person who asked.
public struct CatalogError: Error, Hashable, Sendable {
    /// What kind of refusal it is; the command line's exit code follows from it.
    public enum Kind: Hashable, Sendable {
        /// There is no archive here.
        case noArchive
        /// Another program is writing.
        case locked
        /// What was named is not there, or is not one thing.
        case notFound
        /// What was asked for cannot be done to what is there.
        case refused
        /// The gate said no.
        case notCleared
        /// The catalogue, its disk or its folder is broken, full or read-only.
        case broken
    }

    /// What kind of refusal it is.
    public let kind: Kind
    /// What could not be done, without a full stop.
    public let summary: String
    /// Particulars, a line each.
    public let details: [String]
    /// What to do next.
    public let next: String?

    /// A refusal in words.
    public init(_ kind: Kind, _ summary: String, details: [String] = [], next: String? = nil) {
        self.kind = kind
        self.summary = summary
        self.details = details
        self.next = next
    }
}

extension CatalogError {
    static func noSession(_ name: String, nearest: String?) -> CatalogError {
        CatalogError(
            .notFound,
            "there is no session “\(name)”" + (nearest.map { "; did you mean “\($0)”?" } ?? ""),
            next: "valhalla session list shows all; valhalla session new \"\(name)\" makes it"
        )
    }

    static func noSelection(_ name: String, nearest: String?) -> CatalogError {
        CatalogError(
            .notFound,
            "there is no selection “\(name)”" + (nearest.map { "; did you mean “\($0)”?" } ?? ""),
            next: "valhalla select list shows all; valhalla select new \"\(name)\" QUERY makes it"
        )
    }

    static func noTag(_ path: String, nearest: String?) -> CatalogError {
        CatalogError(
            .notFound,
            "there is no tag “\(path)”" + (nearest.map { "; did you mean “\($0)”?" } ?? ""),
            next: "valhalla tag list shows all"
        )
    }
}
