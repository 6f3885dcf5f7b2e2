internal import Foundation
internal import Storage
internal import TagShelf

/// One tag of a file, verbatim.
public struct RawTag: Hashable, Sendable {
    /// Its name: `Exif.Photo.ISOSpeedRatings`.
    public let name: String
    /// Its type: `Short`.
    public let type: String
    /// Its value as text.
    public let value: String
}

extension Catalog {
    /// Every tag that the reader gave for an asset's original, in the file's order; none when nothing could be read.
    ///
    /// Throws `CatalogError` when the row is damaged, or was packed by a Valhalla that came later.
    public func rawTags(of asset: AssetID) throws -> [RawTag] {
        let stored = try connection.first(
            "SELECT r.dictionary, r.tags FROM asset AS a JOIN raw AS r ON r.file = a.file WHERE a.id = ?",
            [.integer(asset.rawValue)]
        ) { (dictionary: $0.int(0), tags: $0.blob(1)) }
        guard let stored else { return [] }
        let json = Data(try Self.unpacked(stored))
        guard let rows = try? JSONDecoder().decode([[String]].self, from: json) else { throw Self.damaged }
        return rows.filter { $0.count >= 3 }.map { RawTag(name: $0[0], type: $0[1], value: $0[2]) }
    }

    private static func unpacked(_ stored: (dictionary: Int, tags: [UInt8])) throws(CatalogError) -> [UInt8] {
        do throws(TagUnpackingError) {
            return try unpackedTags(stored.tags, dictionary: stored.dictionary)
        } catch {
            guard case .unknownDictionary(let version) = error else { throw damaged }
            throw CatalogError(
                .broken,
                "the stored tags of this file were packed by a newer Valhalla",
                details: [
                    "its dictionary is number \(version), and this one knows up to \(TagDictionary.newest)"
                ],
                next: "open the archive with the newer one"
            )
        }
    }

    private static var damaged: CatalogError {
        CatalogError(.broken, "the stored tags of this file are damaged", next: "import it again")
    }
}
