import Glibc

/// A file that did not exist before: created, filled, synced, and taken away again if any of that fails.
enum NewFile {
    /// True when something stands at the path, be it a link to nowhere.
    static func exists(_ path: [UInt8]) -> Bool {
        var status = stat()
        return terminated(path).withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { lstat($0, &status) == 0 } ?? false
        }
    }

    /// Writes a new file; one that is there already is never touched.
    ///
    /// With `syncing` it is on the disk when this returns, which costs more than writing it.
    static func write(_ bytes: [UInt8], to path: [UInt8], syncing: Bool = true) throws(Failure) {
        let name = terminated(path)
        let descriptor = name.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644) } ?? -1
        }
        guard descriptor >= 0 else {
            if errno == EEXIST { throw Failure("the destination exists already") }
            throw Failure("the destination cannot be created: \(systemError())")
        }
        var written = 0
        var failure: String?
        while written < bytes.count, failure == nil {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                failure = systemError()
            }
        }
        if failure == nil, syncing, fsync(descriptor) != 0 { failure = systemError() }
        if close(descriptor) != 0, failure == nil { failure = systemError() }
        if let failure {
            _ = name.withUnsafeBufferPointer { $0.baseAddress.map { unlink($0) } }
            throw Failure("the destination cannot be written: \(failure)")
        }
    }

    private static func terminated(_ path: [UInt8]) -> [CChar] {
        path.map(CChar.init(bitPattern:)) + [0]
    }
}
