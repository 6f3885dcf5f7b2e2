internal import Glibc

/// What a piece of text is, where a terminal can show it.
enum Ink {
    /// Held, failed, refused.
    case bad
    /// Verified.
    case good
    /// What to type next, and how far the work is.
    case next
    /// Of less weight than the rest.
    case dim
    /// Where the eye should begin.
    case strong

    fileprivate var code: String {
        switch self {
        case .bad: "31"
        case .good: "32"
        case .next: "33"
        case .dim: "2"
        case .strong: "1"
        }
    }
}

/// One of the two ways out of the program: a terminal, a pipe or a file, or a buffer in tests.
final class Sink {
    /// The file descriptor; nil collects.
    private let descriptor: Int32?
    private let isLineBuffered: Bool
    private var waiting: [UInt8] = []

    /// True when a person reads it.
    let isTerminal: Bool
    /// How wide the terminal is; nil when it is none, and nothing is cut.
    let columns: Int?
    /// Whether text may be coloured.
    let hasColour: Bool
    /// True when nobody reads any more: `valhalla find all | head`.
    private(set) var isBroken = false
    /// What the system said when it took nothing more, such as a full disk.
    private(set) var fault: Int32?
    /// What was written, when there is no descriptor.
    private(set) var collected: [UInt8] = []

    /// A way out through a descriptor, or into `collected`.
    init(descriptor: Int32?, isTerminal: Bool = false, columns: Int? = nil, hasColour: Bool = false) {
        self.descriptor = descriptor
        self.isTerminal = isTerminal
        self.columns = columns
        self.hasColour = hasColour
        isLineBuffered = descriptor == STDERR_FILENO
    }

    /// A standard stream of this process.
    static func standard(_ descriptor: Int32, environment: [String: String]) -> Sink {
        let isTerminal = isatty(descriptor) == 1
        let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false || environment["TERM"] == "dumb"
        return Sink(
            descriptor: descriptor,
            isTerminal: isTerminal,
            columns: isTerminal ? Sink.width(of: descriptor, environment) : nil,
            hasColour: isTerminal && !isPlain
        )
    }

    private static func width(of descriptor: Int32, _ environment: [String: String]) -> Int {
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return environment["COLUMNS"].flatMap { Int($0) } ?? 80
    }

    /// The text, in colour where that can be.
    func paint(_ text: String, _ ink: Ink?) -> String {
        guard hasColour, let ink, !text.isEmpty else { return text }
        return "\u{1B}[\(ink.code)m\(text)\u{1B}[0m"
    }

    /// Writes a line.
    func line(_ text: String = "") {
        write(text)
        write("\n")
        if isLineBuffered { flush() }
    }

    /// Writes text as it is.
    func write(_ text: String) {
        waiting.append(contentsOf: text.utf8)
        if waiting.count > 1 << 16 { flush() }
    }

    /// Writes bytes as they are.
    func write(bytes: [UInt8]) {
        waiting.append(contentsOf: bytes)
        if waiting.count > 1 << 16 { flush() }
    }

    /// Hands on what is waiting.
    func flush() {
        guard !waiting.isEmpty else { return }
        defer { waiting.removeAll(keepingCapacity: true) }
        guard let descriptor else {
            collected += waiting
            return
        }
        guard !isBroken, fault == nil else { return }
        waiting.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.base, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EPIPE {
                    isBroken = true
                    return
                } else if errno != EINTR && errno != EAGAIN {
                    fault = errno
                    return
                }
            }
        }
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate var base: UnsafeRawPointer? { UnsafeRawBufferPointer(rebasing: self).baseAddress }
}

/// Where a command speaks, and whether somebody is there to answer.
struct Console {
    /// What was asked for, and what came of it.
    let out: Sink
    /// Progress, questions, remarks and errors.
    let err: Sink
    /// A line from the person; nil at the end of the input.
    let answer: () -> String?
    /// True when a question would reach a person.
    let isAttended: Bool

    /// A console of two streams.
    ///
    /// `answer` reads what the person says.
    init(out: Sink, err: Sink, isAttended: Bool, answer: @escaping () -> String?) {
        self.out = out
        self.err = err
        self.isAttended = isAttended
        self.answer = answer
    }

    /// The console of this process.
    static func standard(environment: [String: String]) -> Console {
        let err = Sink.standard(STDERR_FILENO, environment: environment)
        return Console(
            out: .standard(STDOUT_FILENO, environment: environment),
            err: err,
            isAttended: isatty(STDIN_FILENO) == 1 && err.isTerminal,
            answer: { readLine() }
        )
    }

    /// Writes a remark, behind everything that was written before.
    func remark(_ text: String = "") {
        out.flush()
        err.line(text)
    }

    /// Asks a question that is answered by yes or no; everything but a yes is a no.
    func ask(_ question: String) -> Bool {
        out.flush()
        err.write(question + " [y/N] ")
        err.flush()
        guard let answer = answer() else {
            err.line()
            return false
        }
        return ["y", "yes"].contains(answer.lowercased())
    }
}
