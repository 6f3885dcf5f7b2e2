public import Catalog
internal import Files

/// Throws previews away.
public enum PreviewRemoval {
    /// What was thrown away.
    public struct Report: Hashable, Sendable {
        /// Files.
        public var files = 0
        /// Their bytes.
        public var bytes: Int64 = 0
    }

    /// Removes the previews of the assets that a query chooses, or, where that is everything, every file there is: those
    /// of pictures that no asset has any more as well.
    ///
    /// Throws `FileError` when a file cannot be removed, `CatalogError` when another run is at work.
    public static func run(_ query: Query, folder: PreviewFolder, catalog: Catalog) throws -> Report {
        guard let lock = try folder.cache.lock() else {
            throw CatalogError(
                .locked, "previews are being made by another program",
                next: "wait until it is done, or stop it")
        }
        defer { withExtendedLifetime(lock) {} }
        var report = Report()
        if query == .all {
            // The rows go first: a file without a row is made anew, a row without its file would be believed until then.
            try catalog.forgetAllPreviews()
            try folder.cache.discardLeftovers()
            var names: [Path] = []
            try folder.cache.each { name, bytes throws(FileError) in
                names.append(name)
                report.files += 1
                report.bytes += bytes
            }
            for name in names { try folder.cache.remove(name) }
            return report
        }
        var last: PreviewWork?
        while true {
            let page = try catalog.previewWork(query, behind: last, limit: 500)
            guard let newest = page.last else { return report }
            last = newest
            let known = page.filter { $0.known != nil }
            try catalog.forget(previewsOf: known.map(\.file))
            for work in known {
                for part in PreviewFolder.Part.allCases {
                    guard let bytes = folder.size(part, of: work.digest) else { continue }
                    try folder.remove(part, of: work.digest)
                    report.files += 1
                    report.bytes += bytes
                }
            }
        }
    }
}
