internal import Glibc

/// What could not be done to which file, why, and what to do next.
public struct FileError: Error, Hashable, Sendable {
    /// Why it could not be done.
    public enum Cause: Hashable, Sendable {
        /// The system said no, with this errno.
        case system(Int32)
        /// The bytes were not at rest: size or times moved while they were read.
        case changedWhileReading
        /// Another file lies where this one would go.
        case inTheWay
        /// What the disk gave back is not what was written to it.
        case readBackDiffers
        /// It is not what it has to be: `a folder`, `a regular file`.
        case isNot(String)
        /// There is too little room, in bytes.
        case noRoom(needed: Int64, available: Int64)
        /// A person stopped it.
        case stopped
    }

    /// What was being done, such as `read` or `make a folder`.
    public let doing: String
    /// To what.
    public let path: Path
    /// Why it failed.
    public let cause: Cause

    /// A thing that could not be done.
    public init(_ doing: String, _ path: Path, _ cause: Cause) {
        self.doing = doing
        self.path = path
        self.cause = cause
    }

    /// Why it failed, in words, without the path.
    public var reason: String {
        switch cause {
        case .system(let code): "could not \(doing): \(FileError.text(code))"
        case .changedWhileReading: "it changed while it was read"
        case .inTheWay: "another file lies there already, with other bytes"
        case .readBackDiffers: "the disk gave back other bytes than were written"
        case .isNot(let what): "it is not \(what)"
        case .noRoom(let needed, let available):
            "\(needed) bytes are needed and \(available) are free"
        case .stopped: "it was stopped"
        }
    }

    /// What a person can do about it.
    public var next: String {
        switch cause {
        case .system(ENOSPC), .system(EDQUOT), .noRoom:
            "make room, or choose another disk, and run the command again"
        case .system(EACCES), .system(EPERM): "check who may read it and its folder"
        case .system(EROFS): "choose a folder on a disk that may be written to"
        case .system(EIO):
            "the disk or card may be failing: copy what can be read, and try another reader or cable"
        case .system(ENOENT): "it is gone: run the command again when its disk is back"
        case .system(ENAMETOOLONG): "shorten the names of the folders above it"
        case .system(EMFILE), .system(ENFILE): "raise the limit of open files (ulimit -n)"
        case .system: "try again, and look at the disk when it stays so"
        case .changedWhileReading: "run the command again when nothing writes to it any more"
        case .inTheWay: "look at both files; neither was touched"
        case .readBackDiffers: "do not trust this disk: copy to another one"
        case .isNot: "name another path"
        case .stopped: "run the command again: it goes on where it was"
        }
    }

    /// True when every further file would meet the same fate, so that there is no sense in trying on.
    public var endsTheRun: Bool {
        switch cause {
        case .system(ENOSPC), .system(EDQUOT), .system(EROFS), .noRoom, .stopped: true
        default: false
        }
    }

    /// True when the file is simply not there.
    public var isAbsence: Bool { cause == .system(ENOENT) || cause == .system(ENOTDIR) }

    private static func text(_ code: Int32) -> String {
        let text = String(cString: strerror(code))
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}

extension FileError: CustomStringConvertible {
    /// The path and the reason on one line.
    public var description: String { "\(path.display): \(reason)" }
}
