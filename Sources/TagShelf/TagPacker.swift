internal import CZstd

/// Packs the tags of one file after another: zstd's fastest level, with a dictionary.
///
/// It keeps its tables from file to file, which is most of what packing a small photograph would cost.
public final class TagPacker {
    private let context: OpaquePointer
    /// Digested at the first use: a worker that only reads sidecars of a card never needs it.
    private lazy var dictionary: OpaquePointer? = TagDictionary.bytes(version).flatMap { bytes in
        ZSTD_createCDict(bytes.baseAddress, bytes.count, 1)
    }
    /// The version of the dictionary that it packs with.
    public let version: Int

    /// Nil when there is no memory, or no such dictionary.
    public init?(version: Int = TagDictionary.newest) {
        guard TagDictionary.bytes(version) != nil, let context = ZSTD_createCCtx() else { return nil }
        self.context = context
        self.version = version
    }

    deinit {
        ZSTD_freeCCtx(context)
        if let dictionary { ZSTD_freeCDict(dictionary) }
    }

    /// The text, packed; empty when there is no memory.
    public func packed(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        guard let dictionary else { return [] }
        let bound = ZSTD_compressBound(text.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { room, count in
            let size = ZSTD_compress_usingCDict(
                context, room.baseAddress, bound, text.baseAddress, text.count, dictionary)
            count = ZSTD_isError(size) == 0 ? size : 0
        }
    }
}
