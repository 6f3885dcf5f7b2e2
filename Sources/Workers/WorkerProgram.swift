internal import Glibc

/// A program that decodes what people and cameras made, in a process that may die of it.
public struct WorkerProgram: Hashable, Sendable {
    /// The program's file, absolute, as bytes.
    public var path: [UInt8]
    /// What it is called in messages: `the metadata reader`.
    public var name: String
    /// The most address space it may have, in bytes.
    public var memoryLimit: Int
    /// The longest it may take for one request, in seconds.
    public var secondsPerRequest: Double

    /// A program with its limits.
    public init(path: [UInt8], name: String, memoryLimit: Int, secondsPerRequest: Double) {
        self.path = path
        self.name = name
        self.memoryLimit = memoryLimit
        self.secondsPerRequest = secondsPerRequest
    }

    /// `valhalla-read`.
    ///
    /// A gigabyte is four times what the largest raw file in any test asked for.
    public static func reader(in folder: [UInt8]) -> WorkerProgram {
        WorkerProgram(
            path: folder + Array("/valhalla-read".utf8),
            name: "the metadata reader",
            memoryLimit: 1 << 30,
            secondsPerRequest: 20
        )
    }

    /// `valhalla-media`.
    ///
    /// A picture of a hundred megapixels wants time and memory.
    public static func media(in folder: [UInt8]) -> WorkerProgram {
        WorkerProgram(
            path: folder + Array("/valhalla-media".utf8),
            name: "the media reader",
            memoryLimit: 2 << 30,
            secondsPerRequest: 60
        )
    }

    /// The folder of the workers: `VALHALLA_LIBEXEC`, else beside this program, else `../libexec/valhalla` from it.
    public static func folder() -> [UInt8] {
        if let named = getenv("VALHALLA_LIBEXEC") { return Array(String(cString: named).utf8) }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return Array(".".utf8) }
        let program = buffer.prefix(count).map { UInt8(bitPattern: $0) }
        let folder = Array(program[..<(program.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
        let installed = folder + Array("/../libexec/valhalla".utf8)
        return isRunnable(folder + Array("/valhalla-read".utf8)) ? folder : installed
    }

    static func isRunnable(_ path: [UInt8]) -> Bool {
        access(path.map { CChar(bitPattern: $0) } + [0], X_OK) == 0
    }
}

/// Why a worker could not be started.
public struct WorkerError: Error, Hashable, Sendable {
    /// What could not be done.
    public let summary: String
    /// The program.
    public let path: String
    /// What the system said.
    public let cause: String
    /// What to do next.
    public let next: String
}
