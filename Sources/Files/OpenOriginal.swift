internal import Glibc

/// A file opened for reading, that notices when it is not at rest.
public final class OpenOriginal {
    /// Where it lies.
    public let path: Path
    /// What it looked like when it was opened.
    public let identity: FileIdentity

    private let descriptor: Int32
    private let opened: FileStatus
    private let access: FileAccess
    private var position: Int64 = 0

    init(_ path: Path, access: FileAccess) throws(FileError) {
        self.path = path
        self.access = access
        // Without O_NONBLOCK, a pipe that took the file's place since the walk would hold us for ever.
        let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        descriptor = try access.perform(.open, path, "open it") {
            path.withCString { name in
                // A card shall not even learn when it was read; but that is the owner's privilege.
                let quiet = open(name, flags | withoutAccessTime)
                return quiet < 0 && errno == EPERM ? open(name, flags) : quiet
            }
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw FileError("look at it", path, .system(code))
        }
        opened = FileStatus(status)
        identity = opened.identity
        guard opened.isRegularFile else {
            close(descriptor)
            throw FileError("read it", path, .isNot("a regular file"))
        }
    }

    deinit { close(descriptor) }

    /// The next bytes, as many as the buffer holds; none at the end.
    ///
    /// They are the buffer's until it is filled again. `limit` asks for fewer, where only the beginning matters.
    ///
    /// Throws `changedWhileReading` at the end when size, modification or change time are not what they were.
    public func nextBlock(
        _ buffer: BlockBuffer,
        limit: Int = .max
    ) throws(FileError) -> UnsafeRawBufferPointer {
        var filled = 0
        let wanted = min(buffer.bytes.count, limit)
        while filled < wanted, position < identity.size {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[filled..<wanted])
            let count = try access.perform(.read, path, "read it") {
                Glibc.read(descriptor, rest.baseAddress, rest.count)
            }
            guard count > 0 else { throw FileError("read it", path, .changedWhileReading) }
            filled += count
            position += Int64(count)
        }
        if filled == 0 { try confirmUnchanged() }
        return UnsafeRawBufferPointer(rebasing: buffer.bytes[..<filled])
    }

    /// Both digests of the bytes from the start.
    ///
    /// `head` is the first block when it was read already. `each` sees every block as it passes, `stop` is asked
    /// before each block.
    public func digests(
        head: UnsafeRawBufferPointer? = nil,
        buffer: BlockBuffer,
        stop: () -> Bool = { false },
        each: (UnsafeRawBufferPointer) throws(FileError) -> Void = { _ throws(FileError) in }
    ) throws(FileError) -> Digests {
        let stream = DigestStream()
        var block: UnsafeRawBufferPointer
        if let head { block = head } else { block = try nextBlock(buffer) }
        while !block.isEmpty {
            if stop() { throw FileError("read it", path, .stopped) }
            stream.update(block)
            try each(block)
            block = try nextBlock(buffer)
        }
        return stream.finish()
    }

    /// Takes the file out of the system's memory, so that the bytes that follow come from the disk.
    public func dropFromMemory() {
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }

    private func confirmUnchanged() throws(FileError) {
        var status = stat()
        try access.perform(.look, path, "look at it again") { fstat(descriptor, &status) }
        let now = FileStatus(status)
        guard now.identity == identity, now.changedNanoseconds == opened.changedNanoseconds else {
            throw FileError("read it", path, .changedWhileReading)
        }
    }
}

/// Linux's O_NOATIME, which Swift's Glibc module hides; the number is the same on x86 and ARM.
private let withoutAccessTime: Int32 = 0o1_000_000

/// One mebibyte through which a thread reads file after file.
public final class BlockBuffer {
    let bytes: UnsafeMutableRawBufferPointer

    /// A buffer of a thread's own.
    public init() {
        bytes = .allocate(byteCount: 1 << 20, alignment: 4096)
    }

    deinit { bytes.deallocate() }
}
