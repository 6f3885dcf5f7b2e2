internal import Catalog
internal import Files

/// A letter or message that a decision rests on.
struct Evidence {
    let path: Path

    init(_ path: Path) {
        self.path = path
    }

    /// Copies the file into the archive under its digest, and returns how a decision names it: `letter.pdf,
    /// sha256 9f86d08…`.
    ///
    /// A dry run copies nothing.
    func keep(in archive: Archive, dryRun: Bool) throws -> String {
        let access = FileAccess()
        let original = try access.read(path)
        let digest = try Digests.ofFile(path, access: access, buffer: BlockBuffer()).sha256
        if !dryRun {
            _ = try VerifiedCopy(access: access, buffer: BlockBuffer()).copy(
                original,
                to: [archive.evidenceFolder.appending(digest.hex)]
            )
        }
        return "\(path.name.display), sha256 \(digest.hex)"
    }
}
