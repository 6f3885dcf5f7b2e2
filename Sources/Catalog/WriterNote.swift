internal import Files
internal import Glibc

/// Who is writing to an archive, since when and with which command, for the one who has to wait.
///
/// SQLite's own lock decides who may write; this note only puts a name to it, so one that was left behind by a killed
/// program says nothing false: it is read only when the lock is held.
struct WriterNote {
    let path: Path

    /// Leaves the note.
    ///
    /// A note that cannot be left is no reason not to work.
    func leave(_ text: String) {
        let descriptor = path.withCString { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) }
        guard descriptor >= 0 else { return }
        var bytes = Array(text.utf8)
        _ = write(descriptor, &bytes, bytes.count)
        close(descriptor)
    }

    /// The note of who is writing, or nil when there is none.
    func text() -> String? {
        let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1_000)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
