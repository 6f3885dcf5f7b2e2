internal import CTagDictionaries

/// What readings have in common, known to zstd before it sees the first one: names, types and usual values of tags.
///
/// Each version is kept for ever, because rows were packed with it. `Benchmarks/dictionary` makes them.
public enum TagDictionary {
    /// The one that is packed with; 0 is none.
    public static let newest = 1

    /// The bytes of a version, which stand as long as the program runs; nil when it is not known here.
    static func bytes(_ version: Int) -> UnsafeRawBufferPointer? {
        var count = 0
        guard let number = CInt(exactly: version), let start = tag_dictionary(number, &count) else {
            return nil
        }
        return UnsafeRawBufferPointer(start: start, count: count)
    }
}
