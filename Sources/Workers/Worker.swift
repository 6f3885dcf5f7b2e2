public import MediaProtocol

/// What became of a request.
public enum WorkerAnswer: Hashable, Sendable {
    /// The worker answered.
    case reply(Reply)
    /// It died, hung or talked nonsense over this request, and how.
    case lost(reason: String)
}

/// One worker for one thread: requests go in, answers come out in the same order, whatever happens to the process.
///
/// It starts when it is first needed. When it dies, the requests that were with it are sent again one by one to a new
/// one, so that only the request that kills it is blamed.
public final class Worker {
    private let program: WorkerProgram
    private var process: WorkerProcess?
    /// Requests the worker has, oldest first.
    private var inFlight: [(request: Request, bytes: Int)] = []
    private var bytesInFlight = 0
    /// Answers that came while there was no room to send.
    private var ready: [WorkerAnswer] = []
    private var deadline = ContinuousClock.now

    /// Requests may wait in the socket up to this many bytes.
    ///
    /// It is well below the socket's own buffer, so that sending never blocks and the two sides never wait
    /// for each other.
    private static let room = 32_768

    /// A worker of this program, not yet started.
    public init(_ program: WorkerProgram) {
        self.program = program
    }

    /// How many answers are still to be received.
    public var pending: Int { inFlight.count + ready.count }

    /// Gives the worker a request.
    ///
    /// The caller can do other work before it receives the answer.
    ///
    /// One that is answered in parts is sent alone, for it cannot be known of its parts which of them were answers before
    /// a worker died. Throws `WorkerError` when the program cannot be started.
    public func send(_ request: Request) throws {
        let line = request.line()
        while !inFlight.isEmpty, bytesInFlight + line.count > Worker.room {
            ready += try nextAnswers()
        }
        try start()
        if inFlight.isEmpty { resetDeadline() }
        inFlight.append((request, line.count))
        bytesInFlight += line.count
        // A worker that died meanwhile is noticed when its answer is asked for.
        _ = process?.send(line)
    }

    /// The next answer, in the order of the requests.
    ///
    /// Throws `WorkerError` when a new worker is needed and cannot be started. Asking without a request is a mistake of
    /// the caller's and answered as lost.
    public func receive() throws -> WorkerAnswer {
        if !ready.isEmpty { return ready.removeFirst() }
        guard !inFlight.isEmpty else { return .lost(reason: "nothing was asked") }
        ready += try nextAnswers()
        return ready.removeFirst()
    }

    /// The answers to some requests, in their order.
    public func answers(to requests: [Request]) throws -> [WorkerAnswer] {
        for request in requests { try send(request) }
        return try requests.map { _ in try receive() }
    }

    /// The answer to the oldest request in flight; those to all of them when the worker was lost over one.
    private func nextAnswers() throws -> [WorkerAnswer] {
        let outcome = process?.receive(until: deadline) ?? .ended
        if case .line(let line) = outcome, let reply = try? Reply(line: line) {
            if reply.isContinued {
                resetDeadline()
                return [.reply(reply)]
            }
            bytesInFlight -= inFlight.removeFirst().bytes
            resetDeadline()
            return [.reply(reply)]
        }
        let reason = words(for: outcome)
        process = nil
        return try blame(reason)
    }

    /// With one request in flight there is no doubt.
    ///
    /// With more, each is tried alone.
    private func blame(_ reason: String) throws -> [WorkerAnswer] {
        let suspects = inFlight.map(\.request)
        inFlight = []
        bytesInFlight = 0
        guard suspects.count > 1 else { return [.lost(reason: "\(program.name) \(reason)")] }
        return try suspects.flatMap { suspect in
            try send(suspect)
            return try nextAnswers()
        }
    }

    private func words(for outcome: WorkerProcess.Line) -> String {
        switch outcome {
        case .line: return "answered in words that are not the protocol's"
        case .tooLate: return "took longer than \(seconds) s and was stopped"
        case .ended:
            return process?.epitaph(memoryLimit: program.memoryLimit) ?? "could not be reached"
        }
    }

    private var seconds: String {
        let seconds = program.secondsPerRequest
        return seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    }

    private func start() throws(WorkerError) {
        if process == nil { process = try WorkerProcess(program) }
    }

    private func resetDeadline() {
        deadline = .now + .seconds(program.secondsPerRequest)
    }
}
