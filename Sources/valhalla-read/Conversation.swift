import Glibc
import MediaProtocol

/// Requests on standard input and replies on standard output, until the input ends.
struct Conversation {
    private let reader: FileReader
    private var input: [UInt8] = []
    private var scanned = 0
    private var output: [UInt8] = []

    /// A program that asks nothing more of a file than this is waiting for nothing: the one that started us is gone, or
    /// it would have ended us long before.
    private static let longestRequest: UInt32 = 120

    init(reader: FileReader) { self.reader = reader }

    /// The limits that a hostile file must not pass. False when the system refuses.
    static func prepare(memoryLimit: Int?) -> Bool {
        // Whoever started us may ignore this signal, and a worker without a listener must end.
        signal(SIGPIPE, SIG_DFL)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0 else { return false }
        guard let memoryLimit else { return true }
        var memory = rlimit(rlim_cur: rlim_t(memoryLimit), rlim_max: rlim_t(memoryLimit))
        return setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &memory) == 0
    }

    mutating func run() {
        while let line = nextLine() {
            alarm(Conversation.longestRequest)
            output += reply(to: line).line()
            output.append(UInt8(ascii: "\n"))
            alarm(0)
            if output.count > 65_536 { flush() }
        }
        flush()
    }

    private func reply(to line: ArraySlice<UInt8>) -> Reply {
        let request: Request
        do {
            request = try Request(line: line)
        } catch {
            return .failed(reason: "the request is none: \(error.expected) expected at byte \(error.offset)")
        }
        guard case .read(let path) = request else { return .failed(reason: "valhalla-read reads and does nothing else") }
        return reader.reply(toPath: path)
    }

    /// Nil at the end of the input. What was answered so far is sent off before waiting for more.
    private mutating func nextLine() -> ArraySlice<UInt8>? {
        while true {
            if let end = input[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { scanned = end + 1 }
                return input[scanned..<end]
            }
            input.removeFirst(scanned)
            scanned = 0
            if !output.isEmpty, !hasMoreInput() { flush() }
            let before = input.count
            input.append(contentsOf: repeatElement(0, count: 16_384))
            let count = input.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress.map { $0 + before }, 16_384) }
            input.removeLast(16_384 - max(0, count))
            if count < 0, errno == EINTR { continue }
            if count <= 0 {
                // A last line without its end is a line all the same, when a person typed it.
                guard !input.isEmpty else { return nil }
                defer { scanned = input.count }
                return input[...]
            }
        }
    }

    private func hasMoreInput() -> Bool {
        var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, 0) > 0
    }

    private mutating func flush() {
        var sent = 0
        while sent < output.count {
            let count = output[sent...].withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                sent += count
            } else if errno != EINTR {
                exit(0)
            }
        }
        output.removeAll(keepingCapacity: true)
    }
}

/// An amount of memory as people write it: `1GiB`, `512MiB`, `1073741824`.
enum MemorySize {
    static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isNumber }
        guard let number = Int(digits), number > 0 else { return nil }
        let factor: Int
        switch text.dropFirst(digits.count) {
        case "": factor = 1
        case "KiB": factor = 1 << 10
        case "MiB": factor = 1 << 20
        case "GiB": factor = 1 << 30
        default: return nil
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}

/// What the system says about the call that just failed.
func systemWords() -> String { String(cString: strerror(errno)) }
