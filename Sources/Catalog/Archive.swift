public import Files
internal import Glibc

/// A folder with a body of work: the catalogue and what people handed in beside it.
///
/// The originals lie wherever they lie; the archive's own folder is `.valhalla`.
public struct Archive: Hashable, Sendable {
    /// The folder that holds `.valhalla`.
    public let folder: Path

    /// The archive in this folder, whether it is there or not.
    public init(folder: Path) {
        self.folder = folder
    }

    /// Where everything of the archive's own lies.
    public var ownFolder: Path { folder.appending(".valhalla") }
    /// The SQLite file.
    public var catalogFile: Path { ownFolder.appending("catalog.sqlite") }
    /// Letters and messages that decisions rest on, by digest.
    public var evidenceFolder: Path { ownFolder.appending("evidence") }
    /// Previews by the digests of their originals: a cache, made again when it is lost.
    public var previewFolder: Path { ownFolder.appending("previews") }
    /// Says who is writing.
    public var writerNote: Path { ownFolder.appending("writer") }

    /// True when the catalogue is there.
    public var exists: Bool { isThere(catalogFile) }

    /// The archive of a folder or of the nearest one above it.
    ///
    /// Throws `CatalogError` when there is none.
    public static func nearest(to folder: Path) throws -> Archive {
        var candidate = folder
        while true {
            let archive = Archive(folder: candidate)
            if archive.exists { return archive }
            let above = candidate.folder
            guard above != candidate, !above.bytes.isEmpty else { break }
            candidate = above
        }
        throw CatalogError(
            .noArchive, "there is no archive here",
            details: ["looked in \(folder.display) and every folder above it"],
            next: "valhalla init makes one here; --archive DIR names another")
    }

    /// Makes the archive's own folder and an empty catalogue.
    ///
    /// Throws `CatalogError` when one is there already, or the folder may not be written.
    public func create(by author: Author, now: @escaping () -> Int64) throws -> Catalog {
        guard !exists else {
            throw CatalogError(
                .refused, "there is an archive already", details: ["path:  \(folder.display)"],
                next: "valhalla import PATH puts a shoot into it")
        }
        for path in [folder, ownFolder, evidenceFolder] {
            let code = path.withCString { mkdir($0, 0o755) }
            guard code == 0 || errno == EEXIST else {
                throw CatalogError(
                    .broken, "could not make the archive",
                    details: ["path:  \(path.display)", "cause: \(String(cString: strerror(errno)))"],
                    next: "name a folder that you may write to")
            }
        }
        return try open(by: author, creating: true, now: now)
    }

    /// Opens the catalogue.
    public func open(by author: Author, creating: Bool = false, now: @escaping () -> Int64) throws -> Catalog
    {
        guard let path = catalogFile.text else {
            throw CatalogError(
                .broken, "an archive cannot lie in a folder whose name is not UTF-8",
                details: ["path:  \(folder.display)"], next: "rename the folder")
        }
        return try Catalog(path: path, creating: creating, author: author, now: now)
    }

    /// Lets one delivery be written at a time: its number stands in what is written, before it is on record.
    ///
    /// The lock ends with what is returned, or with the program. Throws `CatalogError` when another holds it.
    public func lockDeliveries() throws -> DeliveryLock {
        let path = ownFolder.appending("delivering")
        let descriptor = path.withCString { Glibc.open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
        guard descriptor >= 0 else {
            throw CatalogError(
                .broken, "could not begin a delivery",
                details: ["path:  \(path.display)", "cause: \(String(cString: strerror(errno)))"],
                next: "check who may write to the archive's folder")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw CatalogError(
                .locked, "another delivery is being written from this archive",
                details: ["path:  \(folder.display)"],
                next: "wait until it is done, and run the command again")
        }
        return DeliveryLock(descriptor)
    }

    private func isThere(_ path: Path) -> Bool {
        path.withCString { access($0, F_OK) } == 0
    }
}

/// While it lives, no other delivery is written from the archive.
public final class DeliveryLock {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
