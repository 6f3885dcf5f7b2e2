import Glibc

/// A file that is open for reading, and is never written to.
struct OpenFile: ~Copyable {
    private let descriptor: Int32
    let size: Int

    /// What is wrong with a file that cannot be read at all, in a sentence's words.
    struct Refusal: Error {
        let reason: String

        static let unknown = Refusal(reason: "is not a picture or sidecar that is known here")
    }

    init(path: [UInt8]) throws(Refusal) {
        let (descriptor, size) = try OpenFile.open(path)
        self.descriptor = descriptor
        self.size = size
    }

    private static func open(_ path: [UInt8]) throws(Refusal) -> (descriptor: Int32, size: Int) {
        guard !path.contains(0) else {
            throw Refusal(reason: "could not be opened: its name holds a zero byte")
        }
        // A FIFO without a writer would block at being opened.
        let descriptor = path.withTerminator { Glibc.open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
        guard descriptor >= 0 else { throw Refusal(reason: "could not be opened: \(systemWords())") }
        var status = stat()
        var reason: String?
        if fstat(descriptor, &status) != 0 {
            reason = "could not be examined: \(systemWords())"
        } else if status.st_mode & S_IFMT != S_IFREG {
            reason = "is not a file"
        } else if status.st_size == 0 {
            reason = "is empty"
        }
        if let reason {
            close(descriptor)
            throw Refusal(reason: reason)
        }
        return (descriptor, Int(status.st_size))
    }

    deinit { close(descriptor) }

    /// The bytes in a place, fewer where the file ends.
    ///
    /// Nil when the system cannot read them, or they are too many.
    func bytes(at offset: Int, count: Int) -> [UInt8]? {
        guard offset >= 0, count >= 0, count <= OpenFile.most else { return nil }
        let wanted = min(count, max(0, size - offset))
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted, let start = buffer.baseAddress {
                let got = pread(descriptor, start + filled, wanted - filled, off_t(offset + filled))
                if got > 0 {
                    filled += got
                } else if got == 0 || errno != EINTR {
                    failed = got < 0
                    break
                }
            }
        }
        return failed ? nil : bytes
    }

    /// Metadata is never larger; what claims to be is damaged or hostile.
    static let most = 64 << 20
}

extension [UInt8] {
    func withTerminator<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let terminated = map { CChar(bitPattern: $0) } + [0]
        return terminated.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("it holds at least the zero") }
            return body(start)
        }
    }

    func big16(_ at: Int) -> Int? {
        guard at >= 0, at + 2 <= count else { return nil }
        return Int(self[at]) << 8 | Int(self[at + 1])
    }

    func big32(_ at: Int) -> Int? {
        guard let high = big16(at), let low = big16(at + 2) else { return nil }
        return high << 16 | low
    }

    /// Nil also for what no file is long enough for.
    func big64(_ at: Int) -> Int? {
        guard let high = big32(at), let low = big32(at + 4), high < 1 << 30 else { return nil }
        return high << 32 | low
    }

    func little32(_ at: Int) -> Int? {
        guard at >= 0, at + 4 <= count else { return nil }
        return Int(self[at]) | Int(self[at + 1]) << 8 | Int(self[at + 2]) << 16 | Int(self[at + 3]) << 24
    }

    /// Whether these characters stand at a place.
    func has(_ text: StaticString, at offset: Int = 0) -> Bool {
        guard offset >= 0, offset + text.utf8CodeUnitCount <= count else { return false }
        return text.withUTF8Buffer { expected in
            for (index, byte) in expected.enumerated() where self[offset + index] != byte { return false }
            return true
        }
    }
}

/// What the system says about the call that just failed.
func systemWords() -> String { String(cString: strerror(errno)) }
