import Chance
import Files
import Foundation
import Glibc
import Synchronization
import Testing

@Suite("A verified copy")
struct VerifiedCopyTests {
    static func copy(
        _ from: Path,
        to destinations: [Path],
        access: FileAccess = FileAccess()
    ) throws -> VerifiedCopy.Outcome {
        let original = try access.read(from)
        return try VerifiedCopy(access: access, buffer: BlockBuffer()).copy(original, to: destinations)
    }

    static func contents(_ path: Path) -> [UInt8]? {
        FileManager.default.contents(atPath: path.text ?? "").map { Array($0) }
    }

    static func names(in folder: Path) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.text ?? "")) ?? []).sorted()
    }

    @Test(
        "has the bytes and the time of its source, in every destination, and leaves nothing beside",
        arguments: [
            0, 5, (2 << 20) + 3,
        ]
    )
    func copies(length: Int) throws {
        let scratch = try Scratch()
        var random = SeededRandom(seed: length)
        let bytes = random.bytes(length)
        let source = try FileAccess().create(scratch.path("a.jpg"))
        try source.write(bytes)
        try source.setModified(-1_500_000_000)
        let outcome = try Self.copy(
            scratch.path("a.jpg"),
            to: [scratch.path("one/two/a.jpg"), scratch.path("other/a.jpg")]
        )
        #expect(outcome.digests == Digests(of: bytes))
        for placed in outcome.placed {
            #expect(Self.contents(placed.path) == bytes)
            #expect(placed.identity.modifiedNanoseconds == -1_500_000_000)
            #expect(placed.identity == (try FileAccess().status(of: placed.path).identity))
            #expect(!placed.wasThere)
        }
        #expect(Self.names(in: scratch.path("one/two")) == ["a.jpg"])
        #expect(Self.names(in: scratch.path("other")) == ["a.jpg"])
    }

    @Test("never replaces another file")
    func inTheWay() throws {
        let scratch = try Scratch()
        try
            (["a": .text("new"), "same-size": .text("old"), "longer": .text("older"), "folder/x": .text("x")]
            as Tree)
            .write(to: scratch.folder)
        for name in ["same-size", "longer", "folder"] {
            let error = #expect(throws: FileError.self) {
                try Self.copy(scratch.path("a"), to: [scratch.path(name)])
            }
            #expect(error?.cause == .inTheWay)
        }
        #expect(Self.contents(scratch.path("same-size")) == Array("old".utf8))
        #expect(Self.contents(scratch.path("longer")) == Array("older".utf8))
    }

    @Test("takes one that is there already after reading it, and writes nothing")
    func alreadyThere() throws {
        let scratch = try Scratch()
        try (["a": .text("bytes"), "there": .text("bytes")] as Tree).write(to: scratch.folder)
        let written = Atomic<Int>(0)
        let access = FileAccess { call, _ in
            if call == .create || call == .write { written.add(1, ordering: .relaxed) }
            return nil
        }
        let outcome = try Self.copy(scratch.path("a"), to: [scratch.path("there")], access: access)
        #expect(outcome.placed.map(\.wasThere) == [true])
        let writes = written.load(ordering: .relaxed)
        #expect(writes == 0)
    }

    @Test(
        "leaves nothing behind when any step fails",
        arguments: [
            (FileAccess.Call.write, ENOSPC), (.sync, EIO), (.setTime, EPERM), (.rename, EROFS),
            (.create, EACCES),
        ]
    )
    func failing(call: FileAccess.Call, code: Int32) throws {
        let scratch = try Scratch()
        try (["a": .file([UInt8](repeating: 1, count: 3 << 20)), "to": .folder, "also": .folder] as Tree)
            .write(to: scratch.folder)
        let broken = FileAccess { asked, path in
            asked == call && path.folder.name == Path("also") ? code : nil
        }
        let error = #expect(throws: FileError.self) {
            try Self.copy(
                scratch.path("a"),
                to: [scratch.path("to/a"), scratch.path("also/a")],
                access: broken
            )
        }
        #expect(error?.cause == .system(code))
        #expect(Self.names(in: scratch.path("also")).isEmpty)
        #expect(!Self.names(in: scratch.path("to")).contains { $0.hasPrefix(".") })
    }

    @Test("notices that the disk gave back other bytes")
    func garbled() throws {
        let scratch = try Scratch()
        try (["a": .text("bytes"), "to": .folder] as Tree).write(to: scratch.folder)
        let opened = Atomic<Bool>(false)
        let access = FileAccess { call, path in
            // The moment between the writing and the reading back: the temporary is opened for reading.
            guard call == .open, TemporaryName.isOurs(path.name) else { return nil }
            opened.store(true, ordering: .relaxed)
            let handle = path.withCString { open($0, O_WRONLY) }
            _ = write(handle, "B", 1)
            close(handle)
            return nil
        }
        let error = #expect(throws: FileError.self) {
            try Self.copy(scratch.path("a"), to: [scratch.path("to/a")], access: access)
        }
        let wasOpened = opened.load(ordering: .relaxed)
        #expect(wasOpened)
        #expect(error?.cause == .readBackDiffers)
        #expect(Self.names(in: scratch.path("to")).isEmpty)
    }

    @Test("is read back from the disk and not from memory")
    func fromTheDisk() throws {
        // The build folder lies on a real disk; the system's temporary folder may be memory.
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let scratch = try Scratch(in: package.appending(path: ".build"))
        var random = SeededRandom(seed: 1)
        try FileAccess().create(scratch.path("a")).write(random.bytes(8 << 20))
        func readFromDisks() -> Int {
            let text = (try? String(contentsOfFile: "/proc/self/io", encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("read_bytes: ") } ?? ""
            return Int(line.dropFirst("read_bytes: ".count)) ?? 0
        }
        let before = readFromDisks()
        _ = try Self.copy(scratch.path("a"), to: [scratch.path("b")])
        #expect(readFromDisks() - before >= 8 << 20)
    }

    @Test("says that the disk is full, on a disk that is full")
    func fullDisk() throws {
        let scratch = try Scratch()
        let disk = scratch.path("disk")
        try FileAccess().makeFolders(disk)
        try (["a": .file([UInt8](repeating: 1, count: 2 << 20))] as Tree).write(to: scratch.folder)
        guard mount("tmpfs", disk.text ?? "", "tmpfs", 0, "size=1m") == 0 else {
            // Mounting is root's privilege; the broken door above shows the same where it is not given.
            return
        }
        defer { umount(disk.text ?? "") }
        #expect(try FileAccess().room(at: disk) <= 1 << 20)
        let error = #expect(throws: FileError.self) {
            try Self.copy(scratch.path("a"), to: [disk.appending("a")])
        }
        #expect(error?.cause == .system(ENOSPC))
        #expect(error?.endsTheRun == true)
        #expect(Self.names(in: disk).isEmpty)
    }

    @Test("into a folder that may not be written says so")
    func readOnly() throws {
        let scratch = try Scratch()
        let disk = scratch.path("disk")
        try FileAccess().makeFolders(disk)
        try (["a": .text("a")] as Tree).write(to: scratch.folder)
        guard mount("tmpfs", disk.text ?? "", "tmpfs", UInt(MS_RDONLY), nil) == 0 else { return }
        defer { umount(disk.text ?? "") }
        let error = #expect(throws: FileError.self) {
            try Self.copy(scratch.path("a"), to: [disk.appending("b/a")])
        }
        #expect(error?.cause == .system(EROFS))
    }

    @Test("of a killed run is tidied up, and that of a running one is not")
    func leftovers() throws {
        let scratch = try Scratch()
        try ([".valhalla-part-1-1": .text("half"), "a": .text("a")] as Tree).write(to: scratch.folder)
        let access = FileAccess()
        let running = try NewFile.temporary(in: scratch.folder, access: access)
        #expect(try access.discardLeftover(scratch.path(".valhalla-part-1-1")))
        #expect(try !access.discardLeftover(running.path))
        #expect(Self.names(in: scratch.folder).count == 2)
        #expect(throws: FileError.self) { try access.discard(scratch.path("a")) }
        #expect(Self.contents(scratch.path("a")) == Array("a".utf8))
    }
}
