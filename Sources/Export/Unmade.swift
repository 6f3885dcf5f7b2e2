internal import Catalog

/// A file that could not be made of an asset, by the asset's own fault: the others can, and all of them are tried, so that a
/// person learns of every one at once.
struct Unmade: Error {
    let asset: Asset
    /// What was being done: `make a proof`.
    let doing: String
    /// Why not.
    let reason: String
}

extension ExportError {
    /// How many are named.
    private static let named = 20

    /// What could not be made of a package, in the order of its items.
    static func unmade(_ unmade: [Unmade], of package: Package) -> ExportError {
        let ids = unmade.map { "id:\($0.asset.shortName)" }
        let without =
            package.files.contains { $0.shown != nil }
            ? "valhalla review new … \(ids.prefix(named).map { "not \($0)" }.joined(separator: " ")) makes the rest"
            : "valhalla select remove NAME '\(ids.prefix(named).joined(separator: " or "))' takes "
                + (ids.count == 1 ? "it" : "them") + " out of the selection"
        if unmade.count == 1, let one = unmade.first {
            return ExportError(
                .broken, "could not \(one.doing) (nothing delivered)",
                details: ["asset: \(one.asset.shortName)  \(one.asset.name)", "cause: \(one.reason)"],
                next: "\(without); valhalla show \(one.asset.shortName) tells more")
        }
        return ExportError(
            .broken, "\(unmade.count) of the items cannot be made (nothing delivered)",
            details: unmade.prefix(named).map { "\($0.asset.shortName)  \($0.asset.name): \($0.reason)" }
                + (unmade.count > named ? ["and \(unmade.count - named) more"] : []),
            next: without)
    }
}
