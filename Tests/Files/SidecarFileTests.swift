import Files
import Foundation
import Glibc
import Synchronization
import Testing

@Suite("A sidecar on the disk")
struct SidecarFileTests {
    private static let old = Array("<old/>".utf8)
    private static let new = Array("<new words='more'/>".utf8)

    private static func file(_ path: Path, _ access: FileAccess = FileAccess()) throws -> SidecarFile {
        try SidecarFile(path, access: access, buffer: BlockBuffer())
    }

    private static func mode(_ path: Path) -> mode_t {
        var status = stat()
        _ = path.withCString { lstat($0, &status) }
        return status.st_mode & 0o7777
    }

    @Test("is replaced whole, keeps who may read it, and leaves nothing beside")
    func replaced() throws {
        let scratch = try Scratch()
        try (["A.DNG.xmp": .file(Self.old)] as Tree).write(to: scratch.folder)
        let path = scratch.path("A.DNG.xmp")
        _ = path.withCString { chmod($0, 0o660) }
        let file = try Self.file(path)
        #expect(file.digests == Digests(of: Self.old))
        let written = try file.replace(with: Self.new)
        #expect(VerifiedCopyTests.contents(path) == Self.new)
        #expect(written.digests == Digests(of: Self.new))
        #expect(written.identity == (try FileAccess().status(of: path).identity))
        #expect(Self.mode(path) == 0o660)
        #expect(VerifiedCopyTests.names(in: scratch.folder) == ["A.DNG.xmp"])
    }

    @Test("is made where there was none, and never over one that came meanwhile")
    func made() throws {
        let scratch = try Scratch()
        let first = try Self.file(scratch.path("A.xmp"))
        #expect(first.identity == nil)
        let second = try Self.file(scratch.path("A.xmp"))
        _ = try first.replace(with: Self.new)
        let error = #expect(throws: FileError.self) { try second.replace(with: Self.old) }
        #expect(error?.cause == .inTheWay)
        #expect(VerifiedCopyTests.contents(scratch.path("A.xmp")) == Self.new)
        #expect(VerifiedCopyTests.names(in: scratch.folder) == ["A.xmp"])
    }

    @Test(
        "is not replaced when another program wrote to it meanwhile, even with as many bytes in the same moment"
    )
    func changed() throws {
        let scratch = try Scratch()
        try (["A.xmp": .file(Self.old)] as Tree).write(to: scratch.folder)
        let path = scratch.path("A.xmp")
        let file = try Self.file(path)
        let identity = try #require(file.identity)
        let handle = path.withCString { open($0, O_WRONLY) }
        _ = write(handle, "<new/>", 6)
        let seconds = Int(identity.modifiedNanoseconds / 1_000_000_000)
        let time = timespec(
            tv_sec: seconds, tv_nsec: Int(identity.modifiedNanoseconds) - seconds * 1_000_000_000)
        futimens(handle, [time, time])
        close(handle)
        let error = #expect(throws: FileError.self) { try file.replace(with: Self.new) }
        #expect(error?.cause == .changedWhileReading)
        #expect(VerifiedCopyTests.contents(path) == Array("<new/>".utf8))
        #expect(VerifiedCopyTests.names(in: scratch.folder) == ["A.xmp"])
    }

    @Test(
        "is nothing that has another ending", arguments: ["A.DNG", "A.JPG", "A.xmp.DNG", "xmp", "A.xm", "A"])
    func original(name: String) throws {
        let scratch = try Scratch()
        try Tree(dictionaryLiteral: (name, .file(Self.old))).write(to: scratch.folder)
        #expect(throws: FileError.self) { try Self.file(scratch.path(name)) }
        #expect(VerifiedCopyTests.contents(scratch.path(name)) == Self.old)
    }

    @Test("is no link, no folder, and not behind a link")
    func links() throws {
        let scratch = try Scratch()
        try
            ([
                "A.DNG": .file(Self.old), "link.xmp": .symlink("A.DNG"), "folder.xmp": .folder,
                "real/A.xmp": .file(Self.old),
                "behind": .symlink("real"), "gone.xmp": .symlink("nowhere"),
            ] as Tree).write(to: scratch.folder)
        for name in ["link.xmp", "folder.xmp", "behind/A.xmp", "gone.xmp"] {
            #expect(throws: FileError.self, "\(name)") { try Self.file(scratch.path(name)) }
        }
        #expect(VerifiedCopyTests.contents(scratch.path("A.DNG")) == Self.old)
        #expect(VerifiedCopyTests.contents(scratch.path("real/A.xmp")) == Self.old)
    }

    @Test("is left alone where somebody protected it")
    func protected() throws {
        let scratch = try Scratch()
        try (["A.xmp": .file(Self.old)] as Tree).write(to: scratch.folder)
        _ = scratch.path("A.xmp").withCString { chmod($0, 0o444) }
        #expect(throws: FileError.self) { try Self.file(scratch.path("A.xmp")) }
    }

    @Test(
        "is what it was, or what it is to be, whichever call to the system fails", arguments: [true, false])
    func faults(isThere: Bool) throws {
        var calls = 0
        // Each call of a whole replacement fails once, with a disk that is full.
        for failing in 1... {
            let scratch = try Scratch()
            if isThere { try (["A.xmp": .file(Self.old)] as Tree).write(to: scratch.folder) }
            let count = Atomic<Int>(0)
            let access = FileAccess { _, _ in
                count.add(1, ordering: .relaxed).newValue == failing ? ENOSPC : nil
            }
            let path = scratch.path("A.xmp")
            let outcome = Result { try Self.file(path, access).replace(with: Self.new) }
            calls = count.load(ordering: .relaxed)
            let contents = VerifiedCopyTests.contents(path)
            let names = VerifiedCopyTests.names(in: scratch.folder)
            switch outcome {
            case .success:
                #expect(contents == Self.new)
                #expect(failing > calls, "call \(failing) failed and nobody noticed")
            case .failure:
                #expect(contents == (isThere ? Self.old : nil) || contents == Self.new, "call \(failing)")
            }
            #expect(names == (contents == nil ? [] : ["A.xmp"]), "call \(failing) left \(names)")
            if failing > calls { break }
        }
        #expect(calls > 8)
    }

    @Test("has its bytes on the disk before it has its name")
    func order() throws {
        let scratch = try Scratch()
        try (["A.xmp": .file(Self.old)] as Tree).write(to: scratch.folder)
        let calls = Mutex<[FileAccess.Call]>([])
        let access = FileAccess { call, _ in
            calls.withLock { $0.append(call) }
            return nil
        }
        _ = try Self.file(scratch.path("A.xmp"), access).replace(with: Self.new)
        let made = calls.withLock { $0.filter { [.create, .write, .sync, .read, .rename].contains($0) } }
        #expect(made.suffix(6) == [.create, .write, .sync, .read, .rename, .sync])
    }

    @Test("that a killed run was about to write is tidied up, and one that is being written is not")
    func leftovers() throws {
        let scratch = try Scratch()
        try
            ([".valhalla-part-1-1": .text("x"), "A.xmp": .file(Self.old), ".valhalla-other": .text("y")]
            as Tree)
            .write(to: scratch.folder)
        let running = try NewFile.temporary(in: scratch.folder, access: FileAccess())
        try FileAccess().discardLeftovers(in: scratch.folder)
        let names = VerifiedCopyTests.names(in: scratch.folder)
        #expect(Set(names) == [running.path.name.display, "A.xmp", ".valhalla-other"])
    }
}
