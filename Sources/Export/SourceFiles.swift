internal import Catalog
internal import Files

/// Where the originals of a package lie now, found before anything is written.
struct SourceFiles {
    private let places: [SHA256Digest: Path]

    /// Finds a copy of each file that is there and has the size that was recorded; archive copies come first.
    ///
    /// Throws `ExportError` that names every volume and file that cannot be reached.
    init(_ files: [AssetFile], access: FileAccess) throws(ExportError) {
        var places: [SHA256Digest: Path] = [:]
        var lost: [String] = []
        var offline: Set<String> = []
        for file in files where places[file.digests.sha256] == nil {
            var reasons: [String] = []
            for copy in file.copies {
                let reason = SourceFiles.fault(of: copy, size: file.size, access: access)
                guard let reason else {
                    places[file.digests.sha256] = copy.location
                    break
                }
                if reason == SourceFiles.isOffline { offline.insert(copy.volumeName) }
                reasons.append("\(copy.location.display) on \(copy.volumeName): \(reason)")
            }
            guard places[file.digests.sha256] == nil else { continue }
            let name = String(file.digests.sha256.hex.prefix(7))
            lost +=
                reasons.isEmpty
                ? ["\(name)  no copy of \(file.name) is recorded"] : reasons.map { "\(name)  \($0)" }
        }
        guard lost.isEmpty else {
            let volumes = offline.sorted().map { "“\($0)”" }.joined(separator: ", ")
            throw ExportError(
                .missing,
                "originals cannot be reached (nothing written)",
                details: lost,
                next: offline.isEmpty
                    ? "valhalla verify tells which copies are gone; import their folder again if they moved"
                    : "connect \(volumes) and run the command again; valhalla volumes lists them all"
            )
        }
        self.places = places
    }

    /// Where a file lies; it was found when this value was made.
    func place(of file: AssetFile) -> Path {
        places[file.digests.sha256] ?? Path(bytes: [])
    }

    private static let isOffline = "the volume is not connected"

    private static func fault(of copy: FileCopy, size: Int64, access: FileAccess) -> String? {
        do throws(FileError) {
            guard let status = try access.statusIfThere(of: copy.location) else {
                let mount = try access.statusIfThere(of: copy.mount)
                return mount == nil ? isOffline : "it is missing"
            }
            guard status.isRegularFile else { return "it is no file any more" }
            guard status.identity.size == size else {
                return "it has \(status.identity.size) bytes and had \(size) when it was recorded"
            }
            return copy.finding == "differs" ? "it was found to differ from what was recorded" : nil
        } catch {
            return error.reason
        }
    }
}
