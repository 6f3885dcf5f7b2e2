internal import CZstd
internal import Foundation
internal import Storage

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
    /// Throws `CatalogError` when the row is damaged.
    public func rawTags(of asset: AssetID) throws -> [RawTag] {
        let stored = try connection.first(
            "SELECT r.dictionary, r.tags FROM asset AS a JOIN raw AS r ON r.file = a.file WHERE a.id = ?",
            [.integer(asset.rawValue)]
        ) { (dictionary: $0.int(0), tags: $0.blob(1)) }
        guard let stored else { return [] }
        guard stored.dictionary == 0, let json = decompressed(stored.tags),
            let rows = try? JSONDecoder().decode([[String]].self, from: Data(json))
        else {
            throw CatalogError(.broken, "the stored tags of this file are damaged", next: "import it again")
        }
        return rows.filter { $0.count >= 3 }.map { RawTag(name: $0[0], type: $0[1], value: $0[2]) }
    }

    /// Nil when the bytes are not one zstd frame of a believable size.
    private func decompressed(_ bytes: [UInt8]) -> [UInt8]? {
        let size = ZSTD_getFrameContentSize(bytes, bytes.count)
        // Two large values of zstd's mean "unknown" and "no frame"; tags of one file never come near the limit.
        guard size <= 256 << 20 else { return nil }
        var plain = [UInt8](repeating: 0, count: Int(size))
        let written = ZSTD_decompress(&plain, plain.count, bytes, bytes.count)
        return ZSTD_isError(written) == 0 && written == Int(size) ? plain : nil
    }
}
