internal import Glibc

/// Puts the calling thread, and every worker that it starts from then on, behind whoever else wants a processor.
///
/// Many threads read and one records. With no more time than each of them the one would be what all wait for in the end;
/// and what a person does while an import runs comes before it, too. Where nobody else wants the processor, nothing is
/// lost.
public func stepBack() {
    // On Linux the calling thread's own niceness, which what it starts inherits; where it is refused, all stays as it is.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
}
