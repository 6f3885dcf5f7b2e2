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

/// The name among `candidates` that a person most likely meant, or nil when none is near.
func nearestName(to name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.lowercased())
    let limit = max(1, min(3, wanted.count / 3))
    return
        candidates
        .map { (name: $0, distance: editDistance(wanted, Array($0.lowercased()))) }
        .filter { $0.distance <= limit }
        .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?
        .name
}

private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var row = Array(0...right.count)
    for (i, character) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in right.enumerated() {
            let substitution = diagonal + (character == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substitution, diagonal + 1, row[j] + 1)
        }
    }
    return row[right.count]
}
