internal import CZstd

/// Why packed tags cannot be read.
public enum TagUnpackingError: Error, Hashable, Sendable {
    /// They were packed with a dictionary that this program does not have.
    case unknownDictionary(Int)
    /// They are not what a packer wrote.
    case damaged
}

/// Tags as they were before they were packed with the dictionary of this version; 0 is none.
public func unpackedTags(_ packed: [UInt8], dictionary version: Int) throws(TagUnpackingError) -> [UInt8] {
    let dictionary = version == 0 ? nil : TagDictionary.bytes(version)
    guard version == 0 || dictionary != nil else { throw .unknownDictionary(version) }
    let size = ZSTD_getFrameContentSize(packed, packed.count)
    // Two large values of zstd's mean "unknown" and "no frame"; tags of one file never come near the limit.
    guard size <= 256 << 20, let context = ZSTD_createDCtx() else { throw .damaged }
    defer { ZSTD_freeDCtx(context) }
    var plain = [UInt8](repeating: 0, count: Int(size))
    let written = ZSTD_decompress_usingDict(
        context, &plain, plain.count, packed, packed.count, dictionary?.baseAddress, dictionary?.count ?? 0)
    guard ZSTD_isError(written) == 0, written == Int(size) else { throw .damaged }
    return plain
}
