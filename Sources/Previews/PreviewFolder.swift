public import Files

/// Where previews lie: below the archive's own folder, by the digest of their original, in 256 folders.
///
/// The files are the truth of what there is. They may be copied, thinned out or thrown away by anyone at any time, and
/// are made again.
public struct PreviewFolder: Sendable {
    /// The three files that an original can have here.
    public enum Part: String, Sendable, CaseIterable {
        /// At most 512 pixels.
        case small = "-512.jpg"
        /// At most 2048 pixels.
        case large = "-2048.jpg"
        /// Frames of a clip side by side.
        case strip = "-strip.jpg"
    }

    /// The files as they may be replaced and removed.
    public let cache: CacheFolder

    /// The previews in a folder; nil when that is not within an archive's own folder.
    public init?(_ path: Path, access: FileAccess = FileAccess()) {
        guard let cache = CacheFolder(path, access: access) else { return nil }
        self.cache = cache
    }

    /// The path of a file from this folder: `3f/9a2c…-512.jpg`.
    public func name(_ part: Part, of digest: SHA256Digest) -> Path {
        let hex = digest.hex
        return Path("\(hex.prefix(2))/\(hex.dropFirst(2))\(part.rawValue)")
    }

    /// Where a file lies, or would.
    public func path(_ part: Part, of digest: SHA256Digest) -> Path {
        cache.path.appending(name(part, of: digest))
    }

    /// The size of a file in bytes; nil when it is not there.
    public func size(_ part: Part, of digest: SHA256Digest) -> Int64? {
        cache.size(of: name(part, of: digest))
    }

    /// Removes a file.
    public func remove(_ part: Part, of digest: SHA256Digest) throws(FileError) {
        try cache.remove(name(part, of: digest))
    }
}
