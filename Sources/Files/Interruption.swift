internal import Glibc
internal import Synchronization

/// Whether a person asked a long run to stop: asked once it stops in order, asked twice it is killed.
public final class Interruption: Sendable {
    private let asked = Atomic<Bool>(false)
    private let listensToSignals: Bool

    /// One that only `stop()` trips.
    public init() { listensToSignals = false }

    private init(listeningToSignals: Void) { listensToSignals = true }

    /// One that Ctrl-C and SIGTERM trip as well.
    ///
    /// The second Ctrl-C ends the program as it does any other.
    public static func onSignals() -> Interruption {
        // The handler may run at any moment, so the flag has to be there before it.
        _ = signalled.load(ordering: .relaxed)
        for signal in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in signalled.store(true, ordering: .relaxed) }
            // Reset by the first: the second meets the system's own way of ending a program.
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
            sigaction(signal, &action, nil)
        }
        return Interruption(listeningToSignals: ())
    }

    /// Asks the run to stop.
    public func stop() { asked.store(true, ordering: .relaxed) }

    /// True once it was asked to.
    public var isAsked: Bool {
        asked.load(ordering: .relaxed) || (listensToSignals && signalled.load(ordering: .relaxed))
    }
}

/// A signal handler may do little more than set a flag.
private let signalled = Atomic<Bool>(false)
