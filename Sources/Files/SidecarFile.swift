internal import Glibc

/// An XMP sidecar as it lies on the disk, to be given other words or to be made.
///
/// It is the one thing beside a person's pictures that is ever replaced, and only by its name: what does not end in
/// `.xmp` is refused, whatever it holds, and so is a link.
public struct SidecarFile: Sendable {
    /// Where it lies, or will.
    public let path: Path
    /// What it looked like when it was read; nil when there was nothing.
    public let identity: FileIdentity?
    /// Both digests of its bytes; nil when there was nothing.
    public let digests: Digests?

    private let status: FileStatus?
    private let access: FileAccess

    /// Looks at what lies at a path, and reads it for its digests.
    ///
    /// Throws `FileError` for a name that is no sidecar's, for a link, and for a folder that is reached through a link:
    /// what is beyond it is not what the catalogue knows.
    public init(_ path: Path, access: FileAccess, buffer: BlockBuffer) throws(FileError) {
        guard path.ending == "xmp" else {
            throw FileError("write to it", path, .isNot("a sidecar: its name does not end in .xmp"))
        }
        guard try access.resolved(path.folder) == path.folder else {
            throw FileError("write to it", path, .isNot("where it was: a folder above it is a link now"))
        }
        self.path = path
        self.access = access
        status = try access.statusIfThere(of: path)
        guard let status else {
            identity = nil
            digests = nil
            return
        }
        guard status.isRegularFile else { throw FileError("write to it", path, .isNot("a regular file")) }
        guard !status.isWriteProtected else { throw FileError("write to it", path, .system(EACCES)) }
        let file = try access.read(path)
        guard file.identity == status.identity else { throw FileError("read it", path, .changedWhileReading) }
        identity = status.identity
        digests = try file.digests(buffer: buffer)
    }

    /// What was written, and read back.
    public struct Written: Hashable, Sendable {
        /// What it looks like.
        public let identity: FileIdentity
        /// Both digests of its bytes.
        public let digests: Digests
    }

    /// Puts these bytes in its place: under a temporary name, flushed, dropped from memory, read back and compared, and
    /// only then under its own name, which is flushed as well.
    ///
    /// Mode and owner stay as they were, the owner as far as this user may give files away. Throws `FileError`, and the
    /// file is what it was: `changedWhileReading` when somebody wrote to it meanwhile, `inTheWay` when somebody made it.
    public func replace(with bytes: [UInt8]) throws(FileError) -> Written {
        let file = try NewFile.temporary(in: path.folder, access: access)
        do throws(FileError) {
            if let status { try file.takeOwner(of: status) }
            try file.write(bytes)
            try file.sync()
            let digests = try confirm(file, holds: bytes)
            let identity = try access.status(of: file.path).identity
            if let status {
                let now = try access.statusIfThere(of: path)
                guard now == status else { throw FileError("write to it", path, .changedWhileReading) }
                try access.replace(path, by: file.path)
            } else {
                try access.place(file.path, at: path)
            }
            try access.syncFolder(path.folder)
            return Written(identity: identity, digests: digests)
        } catch {
            // Gone already where the name was given and only the folder could not be flushed.
            try? access.discard(file.path)
            throw error
        }
    }

    private func confirm(_ file: NewFile, holds bytes: [UInt8]) throws(FileError) -> Digests {
        let readBack = try access.read(file.path)
        guard readBack.identity.size == Int64(bytes.count) else {
            throw FileError("read it back", file.path, .readBackDiffers)
        }
        var offset = 0
        var isSame = true
        let digests = try readBack.digests(
            buffer: BlockBuffer(),
            each: { block throws(FileError) in
                isSame = isSame && block.elementsEqual(bytes[offset..<min(bytes.count, offset + block.count)])
                offset += block.count
            })
        guard isSame, offset == bytes.count else {
            throw FileError("read it back", file.path, .readBackDiffers)
        }
        return digests
    }
}

extension NewFile {
    /// Who may read it and whose it is, as with the file that it is to replace.
    fileprivate func takeOwner(of status: FileStatus) throws(FileError) {
        let (owner, mode) = status.ownership
        // Only root may give a file to another user; a group that the user is in can be kept by anyone.
        if !changeOwner(owner.user, owner.group) { _ = changeOwner(uid_t.max, owner.group) }
        try changeMode(mode)
    }
}

extension FileAccess {
    /// Gives a temporary of ours the name of a sidecar, whose bytes are gone then.
    fileprivate func replace(_ sidecar: Path, by temporary: Path) throws(FileError) {
        guard sidecar.ending == "xmp", TemporaryName.isOurs(temporary.name) else {
            throw FileError("replace it", sidecar, .isNot("a sidecar"))
        }
        try perform(.rename, sidecar, "put it in its place") {
            temporary.withCString { from in sidecar.withCString { rename(from, $0) } }
        }
    }

    /// Removes the temporaries that killed runs left in a folder.
    public func discardLeftovers(in folder: Path) throws(FileError) {
        for name in try names(in: folder) where TemporaryName.isOurs(name) {
            _ = try discardLeftover(folder.appending(name))
        }
    }

    /// Why no file can be made in a folder, or nil when one can.
    public func obstacle(toWritingIn folder: Path) -> FileError? {
        do throws(FileError) {
            try perform(.create, folder, "write in the folder") {
                folder.withCString { access($0, W_OK | X_OK) }
            }
            return nil
        } catch {
            return error
        }
    }
}
