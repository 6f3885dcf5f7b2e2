internal import Glibc

/// The worker's side of the conversation: lines in on standard input, lines out on standard output, in order.
public enum Service {
    /// Takes the worker's options: `--memory-limit SIZE`, `--version` and `--help`, which answer and end.
    ///
    /// Call it before anything that allocates much, for the limit stands from here on.
    public static func begin(name: String, does: String, arguments: [String] = CommandLine.arguments) {
        var rest = arguments.dropFirst()
        while let option = rest.popFirst() {
            switch option {
            case "--memory-limit":
                guard let limit = rest.popFirst().flatMap(bytes) else {
                    say("\(name): --memory-limit wants a size such as 1GiB, or a number of bytes\n", to: 2)
                    exit(64)
                }
                var bound = rlimit(rlim_cur: limit, rlim_max: limit)
                setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &bound)
            case "--version":
                say("\(name) 0.1.0\n", to: 1)
                exit(0)
            case "--help":
                say(
                    "\(name) \(does)\n\nOne JSON object a line on standard input, one answer a line on standard output:\n"
                        + "  echo '{\"read\":{\"path\":\"a.jpg\"}}' | \(name)\n",
                    to: 1
                )
                exit(0)
            default:
                say(
                    "\(name): unknown option \(option); it takes --memory-limit, --version and --help\n",
                    to: 2
                )
                exit(64)
            }
        }
        // A core of two gigabytes helps nobody.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        signal(SIGPIPE, SIG_DFL)
    }

    /// An amount of memory as people write it: `1GiB`, `512MiB`, `1073741824`.
    static func bytes(_ text: String) -> UInt? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let factors: [Substring: UInt] = ["": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30]
        guard let number = UInt(digits), number > 0, let factor = factors[text.dropFirst(digits.count)] else {
            return nil
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// Answers requests until the input ends.
    ///
    /// Answers are held back only while more requests are already waiting.
    public static func run(_ answer: (Request) -> Reply) {
        run { request, _ in answer(request) }
    }

    /// Answers requests until the input ends; of an answer in several parts those before the last are given to the
    /// closure that the second argument is.
    public static func run(_ answer: (Request, _ part: (Reply) -> Void) -> Reply) {
        var input: [UInt8] = []
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            while let end = input.firstIndex(of: UInt8(ascii: "\n")) {
                let line = input[..<end]
                if !line.isEmpty {
                    let last = self.answer(to: line) { request in
                        answer(request) { part in
                            output += part.line() + [UInt8(ascii: "\n")]
                            if output.count > 65_536 { flush(&output) }
                        }
                    }
                    output += last.line() + [UInt8(ascii: "\n")]
                }
                input.removeSubrange(...end)
                // A worker that dies takes what it did not send along, so large answers are not kept.
                if output.count > 65_536 { flush(&output) }
            }
            if !output.isEmpty, !isMoreWaiting() { flush(&output) }
            let count = read(0, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            input.append(contentsOf: chunk.prefix(count))
        }
        flush(&output)
    }

    private static func answer(to line: ArraySlice<UInt8>, _ answer: (Request) -> Reply) -> Reply {
        do {
            return answer(try Request(line: line))
        } catch {
            return .failed(
                reason:
                    "the request is not of the protocol: expected \(error.expected) at byte \(error.offset)"
            )
        }
    }

    private static func isMoreWaiting() -> Bool {
        var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        return poll(&input, 1, 0) > 0 && input.revents & Int16(POLLIN) != 0
    }

    private static func flush(_ output: inout [UInt8]) {
        var written = 0
        while written < output.count {
            let count = output[written...].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                exit(0)
            }
        }
        output.removeAll(keepingCapacity: true)
    }

    private static func say(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)
        _ = write(descriptor, &bytes, bytes.count)
    }
}
