internal import CLinux
internal import Glibc

/// One running worker: a process and the socket that is its standard input and output.
///
/// A socket pair rather than pipes: writing to a dead worker is then an error and not a signal.
struct WorkerProcess: ~Copyable {
    /// Zero once it was reaped: the number may belong to a stranger then.
    private var process: pid_t
    private let socket: Int32
    /// What came and was not yet given out, from `taken` on; up to `scanned` it holds no line feed.
    private var buffer: [UInt8] = []
    private var taken = 0
    private var scanned = 0
    /// Where the system puts what comes.
    private var chunk = [UInt8](repeating: 0, count: 65_536)

    /// A reply longer than this is no reply: the raw tags of one file never come near it.
    private static let longestLine = 64 << 20

    init(_ program: WorkerProgram) throws(WorkerError) {
        func failure(_ code: Int32) -> WorkerError {
            WorkerError(
                summary: "could not start \(program.name)",
                path: String(decoding: program.path, as: UTF8.self),
                cause: String(cString: strerror(code)),
                next: "make build puts the workers beside valhalla; VALHALLA_LIBEXEC names another folder"
            )
        }
        guard WorkerProgram.isRunnable(program.path) else { throw failure(errno) }
        var pair: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0
        else {
            throw failure(errno)
        }
        defer { close(pair[1]) }
        var child: pid_t = 0
        var code = WorkerProcess.spawn(program, socket: pair[1], child: &child)
        // A program that was installed this moment may still be open for writing, in a process between fork and exec.
        for _ in 0..<50 where code == ETXTBSY {
            usleep(10_000)
            code = WorkerProcess.spawn(program, socket: pair[1], child: &child)
        }
        guard code == 0 else {
            close(pair[0])
            throw failure(code)
        }
        process = child
        socket = pair[0]
    }

    deinit {
        close(socket)
        guard process > 0 else { return }
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    private static func spawn(_ program: WorkerProgram, socket: Int32, child: inout pid_t) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, socket, 0)
        posix_spawn_file_actions_adddup2(&actions, socket, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // Whatever else is open here is none of a worker's business, and some of it may not be marked so.
        _ = valhalla_close_from(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: the terminal's Ctrl-C is for valhalla, which then ends its workers in good order.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)

        let path = program.path.map { CChar(bitPattern: $0) } + [0]
        let arguments = [path, cString("--memory-limit"), cString("\(program.memoryLimit)")]
        return withPointers(arguments) { arguments in
            withPointers(environment()) { environment in
                posix_spawn(&child, path, &actions, &attributes, arguments, environment)
            }
        }
    }

    /// What glibc's allocator does by itself costs a worker a tenth of its time, and an arena for each thread would
    /// eat the memory limit in reserved addresses.
    private static func environment() -> [[CChar]] {
        let own = [
            "GLIBC_TUNABLES=glibc.malloc.tcache_count=4000:glibc.malloc.trim_threshold=67108864:"
                + "glibc.malloc.mmap_threshold=33554432",
            "MALLOC_ARENA_MAX=1", "VIPS_CONCURRENCY=1",
            // Swift would spend a second on drawing a crash that nobody sees.
            "SWIFT_BACKTRACE=enable=no",
        ]
        var inherited: [[CChar]] = []
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            if !own.contains(where: { line.hasPrefix($0.prefix { $0 != "=" } + "=") }) {
                inherited.append(Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1)))
            }
            entry += 1
        }
        return inherited + own.map(cString)
    }

    private static func cString(_ text: String) -> [CChar] { Array(text.utf8CString) }

    private static func withPointers<Result>(
        _ strings: [[CChar]],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { string in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: string.count)
            copy.initialize(from: string, count: string.count)
            return copy
        }
        pointers.append(nil)
        defer { for pointer in pointers { pointer?.deallocate() } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("the list ends with a nil") }
            return body(start)
        }
    }

    /// False when the worker is gone.
    func send(_ line: [UInt8]) -> Bool {
        var sent = 0
        let bytes = line + [UInt8(ascii: "\n")]
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// What came of waiting for a line.
    enum Line {
        case line([UInt8])
        case tooLate
        case ended
    }

    /// The next line, or what happened instead before the deadline.
    mutating func receive(until deadline: ContinuousClock.Instant) -> Line {
        while true {
            if let line = nextLine() { return .line(line) }
            guard buffer.count < WorkerProcess.longestLine else { return .ended }
            // The caller may come late, having had other work, and the answer have been here for long: so look before
            // the clock counts.
            let left = max(.zero, ContinuousClock.now.duration(to: deadline))
            var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            let milliseconds =
                left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            let ready = poll(&waiting, 1, Int32(clamping: left > .zero ? milliseconds + 1 : 0))
            if ready == 0 { return .tooLate }
            if ready < 0 { continue }
            let count = recv(socket, &chunk, chunk.count, 0)
            if count > 0 {
                buffer.append(contentsOf: chunk.prefix(count))
            } else if count == 0 || errno != EINTR {
                return .ended
            }
        }
    }

    /// The next line that is whole; nil until more has come.
    private mutating func nextLine() -> [UInt8]? {
        let end = buffer.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, scanned < bytes.count,
                let found = memchr(base + scanned, Int32(UInt8(ascii: "\n")), bytes.count - scanned)
            else { return nil }
            return base.distance(to: UnsafeRawPointer(found))
        }
        guard let end else {
            // What was given out makes room only here, once for many lines.
            buffer.removeSubrange(..<taken)
            taken = 0
            scanned = buffer.count
            return nil
        }
        let line = Array(buffer[taken..<end])
        taken = end + 1
        scanned = taken
        return line
    }

    /// How a worker that closed its side ended, in words; it is reaped by this.
    mutating func epitaph(memoryLimit: Int) -> String {
        // Closing its output and ending are two steps; give it a moment for the second, then make it.
        var status: Int32 = 0
        for _ in 0..<100 {
            if waitpid(process, &status, WNOHANG) == process {
                process = 0
                return WorkerProcess.words(for: status, memoryLimit)
            }
            usleep(2_000)
        }
        return "stopped answering"
    }

    private static func words(for status: Int32, _ memoryLimit: Int) -> String {
        let signal = status & 0x7F
        switch signal {
        case 0: return "ended with code \((status >> 8) & 0xFF)"
        case SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE:
            return "crashed (\(String(cString: strsignal(signal))))"
        case SIGABRT:
            return
                "gave up (\(String(cString: strsignal(signal)))), most likely at its memory limit of \(memoryLimit >> 20) MB"
        default: return "was ended (\(String(cString: strsignal(signal))))"
        }
    }
}
