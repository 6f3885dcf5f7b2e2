internal import Glibc

extension QueryContext {
    /// Milliseconds by which this machine's zone is ahead of UTC at an instant.
    static func localOffset(at instant: Int64) -> Int64 {
        var seconds = time_t(instant / 1_000)
        var parts = tm()
        // Fails only for years that do not fit an int.
        guard localtime_r(&seconds, &parts) != nil else { return 0 }
        return Int64(parts.tm_gmtoff) * 1_000
    }
}
