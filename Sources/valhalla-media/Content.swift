import Glibc

/// What a file's first bytes say it is; names are not asked, for an ending is only a claim.
enum Content {
    case jpeg
    case png
    case tiff
    case webp
    case gif
    case heif
    case jxl
    case jp2
    case photoshop
    /// RAW by its own magic number; most RAW files look like TIFF and only LibRaw can tell.
    case raw
    /// Anything else that libavformat may know.
    case other

    /// Enough to recognise everything here, `ftyp` with its brands included.
    static let headLength = 512

    init(head: [UInt8]) {
        func starts(_ text: String, at offset: Int = 0) -> Bool {
            head.dropFirst(offset).starts(with: text.utf8)
        }
        if head.starts(with: [0xff, 0xd8, 0xff]) {
            self = .jpeg
        } else if head.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
            self = .png
        } else if starts("GIF8") {
            self = .gif
        } else if starts("8BPS") {
            self = .photoshop
        } else if starts("RIFF"), starts("WEBP", at: 8) {
            self = .webp
        } else if head.starts(with: [0xff, 0x0a]) || starts("JXL ", at: 4) {
            self = .jxl
        } else if head.starts(with: [0xff, 0x4f, 0xff, 0x51]) || starts("jP  ", at: 4) {
            self = .jp2
        } else if starts("II*\0") || starts("MM\0*") || starts("II+\0") || starts("MM\0+") {
            self = .tiff
        } else if Content.isRaw(head) {
            self = .raw
        } else if starts("ftyp", at: 4) {
            self = Content.byBrand(head)
        } else {
            self = .other
        }
    }

    /// Olympus, Panasonic, Fujifilm, Canon's CRW, Sigma and Minolta have magic numbers of their own.
    private static func isRaw(_ head: [UInt8]) -> Bool {
        ["IIRO", "IIRS", "MMOR", "IIU\0", "FUJIFILMCCD-RAW", "FOVb", "\0MRM"]
            .contains { head.starts(with: $0.utf8) } || head.dropFirst(6).starts(with: "HEAPCCDR".utf8)
    }

    private static func byBrand(_ head: [UInt8]) -> Content {
        switch String(decoding: head.dropFirst(8).prefix(4), as: UTF8.self) {
        case "crx ": .raw
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis": .heif
        default: .other
        }
    }

    /// The first bytes of a regular file.
    ///
    /// Opened without blocking and checked before anything is read: a FIFO would hold the worker for ever.
    static func head(of path: [UInt8], count: Int = headLength) throws(Failure) -> [UInt8] {
        let file = try InputFile(path: path)
        return file.bytes(at: 0, count: count)
    }
}

/// A file open for reading; closed when it goes out of scope.
struct InputFile: ~Copyable {
    private let descriptor: Int32
    /// Bytes in the file when it was opened.
    let size: Int

    init(path: [UInt8]) throws(Failure) {
        guard !path.contains(0) else { throw Failure("the path holds a NUL byte") }
        let opened = (path + [0]).map(CChar.init(bitPattern:)).withUnsafeBufferPointer { name in
            name.baseAddress.map { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) } ?? -1
        }
        guard opened >= 0 else { throw Failure("cannot be opened: \(systemError())") }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw Failure("is not a regular file")
        }
        descriptor = opened
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Up to `count` bytes from `offset`; fewer at the end of the file or where it cannot be read.
    borrowing func bytes(at offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, offset < size, count > 0 else { return [] }
        let wanted = min(count, size - offset)
        let descriptor = self.descriptor
        return [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted {
                let got = pread(
                    descriptor,
                    buffer.baseAddress?.advanced(by: filled),
                    wanted - filled,
                    offset + filled
                )
                if got < 0, errno == EINTR { continue }
                if got <= 0 { break }
                filled += got
            }
        }
    }
}

/// What the system says about the last call that failed.
func systemError() -> String {
    String(cString: strerror(errno))
}
