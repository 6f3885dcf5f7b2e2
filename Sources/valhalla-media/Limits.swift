import CVips
import Glibc

/// What the worker denies itself before a library is used, so that a hostile file cannot take the machine along.
enum Limits {
    /// No core dumps; one heap; and no more address space than this many bytes, if a number is given.
    static func set(memory: UInt64?) -> Bool {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // Each further heap of glibc's reserves 64 MiB of addresses, and a thread that gets none hangs.
        cvips_use_one_heap()
        guard let memory else { return true }
        var limit = rlimit(rlim_cur: rlim_t(memory), rlim_max: rlim_t(memory))
        return setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0
    }

    /// Bytes from `2GiB`, `512MiB` or a plain number; nil when it is none of these.
    static func bytes(_ text: String) -> UInt64? {
        for (suffix, unit) in [
            ("GiB", UInt64(1) << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1), ("", 1),
        ]
        where text.hasSuffix(suffix) {
            guard let count = UInt64(text.dropLast(suffix.count)), count > 0 else { return nil }
            let (bytes, overflow) = count.multipliedReportingOverflow(by: unit)
            return overflow ? nil : bytes
        }
        return nil
    }
}
