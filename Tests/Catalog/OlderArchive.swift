import Catalog
import Foundation
import Storage

/// A copy of an archive that an older program left behind, with people's work in it.
///
/// `Archives/0001.sqlite`: five photographs of a Leica in the session Desert, tagged and shifted by 7 min 12 s, one of them
/// retitled; a photograph and a clip from a card; the selection Wall, cleared for exhibit and, but for one that is held,
/// delivered. Nine changes in all.
final class OlderArchive {
    let folder: URL
    var path: String { folder.appending(path: "catalog.sqlite").path() }

    /// The archive as the program whose newest migration was `level` left it.
    init(level: String = "0001") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let archives = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Archives")
        try FileManager.default.copyItem(
            at: archives.appending(path: "\(level).sqlite"), to: folder.appending(path: "catalog.sqlite"))
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Opens it, which brings it to the shape of today.
    func open() throws -> Catalog {
        let author = Author(machineIdentity: "laptop", machineName: "laptop", person: "Andreas Neumann")
        return try Catalog(path: path, author: author) { 1_800_000_000_000 }
    }

    /// Looks into it from outside, as it lies there.
    func rows(_ sql: String) throws -> [String] {
        try Connection(path: path, access: .read).rows(sql) { $0.text(0) }
    }
}
