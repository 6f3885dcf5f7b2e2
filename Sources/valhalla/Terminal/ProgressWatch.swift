internal import Foundation
internal import Synchronization

/// Bars of a work that is done on other threads.
///
/// Unchecked, and safe: what changes (the bar, its title, whether it is over) is touched under the lock alone; of the desk only
/// what never changes is read, and its sink is written to by the bar alone, for the thread that owns the console waits for the
/// work until `end`.
final class ProgressWatch: @unchecked Sendable {
    private let lock = Mutex(())
    private let desk: Desk
    private let began: Int64
    private var bar: ProgressBar?
    private var title = ""
    private var isOver = false

    /// A watch that draws where the desk's console is a terminal.
    init(at desk: Desk) {
        self.desk = desk
        began = desk.ticks()
    }

    private var isSilent: Bool { desk.globals.quiet || desk.globals.json || !desk.err.isTerminal }

    /// Shows how far a part of the work is; from any thread.
    func show(_ title: String, _ standing: ProgressBar.Standing) {
        // What is done in a moment needs no bar.
        guard !isSilent, desk.ticks() - began > 400 else { return }
        lock.withLock { _ in
            guard !isOver else { return }
            if self.title != title {
                bar?.finish()
                bar = ProgressBar(title, on: desk.err, clock: desk.ticks)
                self.title = title
            }
            bar?.show(standing)
        }
    }

    /// Asks again and again how far the work is, on a thread of its own, until it is over.
    func follow(_ title: String, _ standing: @escaping @Sendable () -> ProgressBar.Standing) {
        guard !isSilent else { return }
        Thread {
            while !self.lock.withLock({ _ in self.isOver }) {
                self.show(title, standing())
                Thread.sleep(forTimeInterval: 0.1)
            }
        }
        .start()
    }

    /// Leaves the last line behind, or takes it away.
    func end(leavingLine: Bool = true) {
        lock.withLock { _ in
            isOver = true
            if leavingLine { bar?.finish() } else { bar?.clear() }
            bar = nil
        }
    }
}
