/// Copies files so that what is reported as safe was read back from the disk.
///
/// Temporary name, both digests while reading, fsync, out of the cache, read back, compare, rename without replacing,
/// fsync the folder. One belongs to one thread.
public struct VerifiedCopy {
    /// A copy that is in its place and was read back.
    public struct Placed: Hashable, Sendable {
        /// Where it lies.
        public let path: Path
        /// What it looks like.
        public let identity: FileIdentity
        /// True when it lay there already, with the same bytes.
        public let wasThere: Bool
    }

    /// What was read, and where it was put.
    public struct Outcome: Sendable {
        /// Both digests of the source's bytes.
        public let digests: Digests
        /// The copies, in the order of the destinations.
        public let placed: [Placed]
    }

    private let access: FileAccess
    private let buffer: BlockBuffer

    /// Copies through a buffer of the thread's own.
    public init(access: FileAccess, buffer: BlockBuffer) {
        self.access = access
        self.buffer = buffer
    }

    /// Copies an open original to each of the destinations in one read of it, and verifies every copy.
    ///
    /// `head` is the original's first block when it was read already; `each` sees every block of it as it passes. A
    /// destination that holds the same bytes is
    /// taken as it is after reading it; one that holds others is an error, `inTheWay`, and is not touched. On any
    /// error no unfinished file is left.
    public func copy(
        _ original: OpenOriginal,
        head: UnsafeRawBufferPointer? = nil,
        to destinations: [Path],
        stop: () -> Bool = { false },
        each: (UnsafeRawBufferPointer) -> Void = { _ in }
    ) throws(FileError) -> Outcome {
        let isThere = try destinations.map { path throws(FileError) in try holdsCandidate(path, for: original)
        }
        var files: [NewFile?] = []
        do throws(FileError) {
            for (path, isThere) in zip(destinations, isThere) {
                files.append(isThere ? nil : try newFile(for: path))
            }
            let digests = try original.digests(head: head, buffer: buffer, stop: stop) {
                block throws(FileError) in
                each(block)
                for file in files { try file?.write(block) }
            }
            for file in files {
                try file?.setModified(original.identity.modifiedNanoseconds)
                try file?.sync()
            }
            for (file, path) in zip(files, destinations) {
                if let file {
                    try confirm(file, holds: digests, size: original.identity.size, stop: stop)
                } else {
                    let there = try Digests.ofFile(
                        path,
                        access: access,
                        buffer: buffer,
                        fromDisk: true,
                        stop: stop
                    )
                    guard there == digests else { throw FileError("copy to it", path, .inTheWay) }
                }
            }
            return Outcome(digests: digests, placed: try place(files, at: destinations))
        } catch {
            for file in files { if let file { try? access.discard(file.path) } }
            throw error
        }
    }

    /// True when a file of the same size lies there, which may be the same one; false when nothing does.
    private func holdsCandidate(_ path: Path, for original: OpenOriginal) throws(FileError) -> Bool {
        guard let status = try access.statusIfThere(of: path) else { return false }
        guard status.isRegularFile, status.identity.size == original.identity.size else {
            throw FileError("copy to it", path, .inTheWay)
        }
        return true
    }

    private func newFile(for path: Path) throws(FileError) -> NewFile {
        do throws(FileError) {
            return try NewFile.temporary(in: path.folder, access: access)
        } catch {
            guard error.isAbsence else { throw error }
            try access.makeFolders(path.folder)
            return try NewFile.temporary(in: path.folder, access: access)
        }
    }

    /// XXH128 alone is enough here: what is looked for is a disk or cable that garbles, not a person who
    /// forges, and one chance in 2^128 is less than that of a fault in the memory that compares.
    ///
    /// It takes a fourteenth of the time.
    private func confirm(
        _ file: NewFile,
        holds digests: Digests,
        size: Int64,
        stop: () -> Bool
    ) throws(FileError) {
        let readBack = try access.read(file.path)
        guard readBack.identity.size == size else {
            throw FileError("read it back", file.path, .readBackDiffers)
        }
        let stream = XXH128Stream()
        var block = try readBack.nextBlock(buffer)
        while !block.isEmpty {
            if stop() { throw FileError("read it back", file.path, .stopped) }
            stream.update(block)
            block = try readBack.nextBlock(buffer)
        }
        guard stream.finish() == digests.xxh128 else {
            throw FileError("read it back", file.path, .readBackDiffers)
        }
    }

    private func place(_ files: [NewFile?], at destinations: [Path]) throws(FileError) -> [Placed] {
        var placed: [Placed] = []
        for (file, path) in zip(files, destinations) {
            if let file {
                try access.place(file.path, at: path)
                try access.syncFolder(path.folder)
            }
            placed.append(
                Placed(path: path, identity: try access.status(of: path).identity, wasThere: file == nil)
            )
        }
        return placed
    }
}
