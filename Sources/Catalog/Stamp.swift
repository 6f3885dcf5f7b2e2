internal import Synchronization

/// When and where a row was written, in one integer that is also its change's key.
///
/// From the top: 41 bits of milliseconds since 2010-01-01 UTC (until 2079), 10 bits that count within a millisecond,
/// 12 bits of machine. Later is larger, on every machine that has seen the earlier one.
public struct Stamp: Hashable, Comparable, Sendable {
    /// The integer as the catalogue stores it; positive.
    public let rawValue: Int64

    /// A stamp as it was stored.
    public init(rawValue: Int64) { self.rawValue = rawValue }

    init(milliseconds: Int64, counter: Int64, machine: Int64) {
        rawValue = (milliseconds - Stamp.epoch) << 22 | counter << 12 | machine
    }

    /// 2010-01-01T00:00:00Z in milliseconds since 1970.
    static let epoch: Int64 = 1_262_304_000_000

    /// Milliseconds since 1970, UTC, by the clock of the machine that made it.
    public var milliseconds: Int64 { rawValue >> 22 + Stamp.epoch }
    /// The machine's number in the catalogue.
    public var machine: Int64 { rawValue & 0xFFF }

    /// Earlier before later.
    public static func < (left: Stamp, right: Stamp) -> Bool { left.rawValue < right.rawValue }
}

/// Mints stamps and keys: a hybrid logical clock.
///
/// It never goes back, whatever the machine's clock does, and never behind a stamp that it has seen.
final class StampClock {
    private let machine: Int64
    private let now: () -> Int64
    private var last: Int64

    /// A clock of this machine that has seen `latest`; `now` gives milliseconds since 1970.
    init(machine: Int64, after latest: Int64, now: @escaping () -> Int64) {
        self.machine = machine
        self.now = now
        last = latest >> 12
    }

    /// A stamp later than every one before.
    ///
    /// Past 1,023 in a millisecond it borrows from the next.
    func next() -> Stamp {
        let present = max(now() - Stamp.epoch, 0) << 10
        last = max(present, last + 1)
        return Stamp(rawValue: last << 12 | machine)
    }

    /// Makes all later stamps later than this one too.
    func saw(_ stamp: Int64) {
        last = max(last, stamp >> 12)
    }
}
