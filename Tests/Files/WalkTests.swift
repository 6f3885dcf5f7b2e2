import Chance
import Files
import Foundation
import Glibc
import Testing

@Suite("A walk")
struct WalkTests {
    func walked(_ folder: Path, access: FileAccess = FileAccess()) throws -> [Walk.Entry] {
        let walk = try Walk(folder, access: access)
        var entries: [Walk.Entry] = []
        while let entry = walk.next() { entries.append(entry) }
        return entries
    }

    @Test("goes in byte order of the whole paths")
    func order() throws {
        let scratch = try Scratch()
        try
            ([
                "a/b": .text("1"), "a.txt": .text("2"), "a0": .text("3"), "a": .folder, "a-b/c/d": .text("4"),
                "a-b/c.x": .text("5"), "B": .text("6"), "é": .text("7"), "a/b.c/d": .text("8"),
            ] as Tree).write(to: scratch.folder)
        let paths = try walked(scratch.folder).filter { if case .file = $0.kind { true } else { false } }.map(
            \.path
        )
        #expect(paths == paths.sorted())
        #expect(paths.map(\.display) == ["B", "a-b/c.x", "a-b/c/d", "a.txt", "a/b", "a/b.c/d", "a0", "é"])
    }

    @Test("stays in its folder where that is asked for")
    func shallow() throws {
        let scratch = try Scratch()
        try (["a/b": .text("1"), "a.txt": .text("2"), "c": .text("3")] as Tree).write(to: scratch.folder)
        let walk = try Walk(scratch.folder, enteringFolders: false, access: FileAccess())
        var paths: [String] = []
        while let entry = walk.next() { paths.append(entry.path.display) }
        #expect(paths == ["a.txt", "c"])
    }

    @Test("goes in byte order through random trees", arguments: 0..<20)
    func randomOrder(seed: Int) throws {
        let scratch = try Scratch()
        var random = SeededRandom(seed: seed)
        let letters = Array("ab.-/0~é".utf8)
        var written = Set<Path>()
        let access = FileAccess()
        for _ in 0..<60 {
            let bytes = (0..<Int.random(in: 1...8, using: &random)).compactMap { _ in
                letters.randomElement(using: &random)
            }
            let names = bytes.split(separator: UInt8(ascii: "/")).filter { $0 != [46] && $0 != [46, 46] }
            guard !names.isEmpty else { continue }
            let path = Path(bytes: Array(names.joined(separator: [UInt8(ascii: "/")])))
            // A name that is a file already cannot become a folder.
            guard (try? access.makeFolders(scratch.folder.appending(path).folder)) != nil,
                (try? access.create(scratch.folder.appending(path))) != nil
            else { continue }
            written.insert(path)
        }
        let paths = try walked(scratch.folder).filter { if case .file = $0.kind { true } else { false } }.map(
            \.path
        )
        #expect(paths == written.sorted(), "seed \(seed)")
    }

    @Test("names links and does not follow them, even into a loop")
    func links() throws {
        let scratch = try Scratch()
        try
            (["a/loop": .symlink(".."), "a/b.jpg": .text("x"), "gone": .symlink("nowhere"), "pipe": .pipe]
            as Tree)
            .write(to: scratch.folder)
        let entries = try walked(scratch.folder)
        #expect(entries.map(\.path.display) == ["a", "a/b.jpg", "a/loop", "gone", "pipe"])
        let words = entries.map { if case .special(let words) = $0.kind { words } else { "" } }
        #expect(words == ["", "", "a link, not followed", "a link, not followed", "a pipe"])
    }

    @Test("keeps names apart that are invalid, look alike, or hold a newline")
    func names() throws {
        let scratch = try Scratch()
        var tree: Tree = [
            "line\nbreak.jpg": .text("1"), "100%25.jpg": .text("2"), "🎸.jpg": .text("3"),
            "IMG.jpg": .text("4"),
            "img.jpg": .text("5"),
        ]
        tree.add([0x63, 0xC3, 0xA9], .text("composed"))
        tree.add([0x63, 0x65, 0xCC, 0x81], .text("decomposed"))
        tree.add([0xFF, 0xFE, 0x2E, 0x6A], .text("invalid"))
        try tree.write(to: scratch.folder)
        let entries = try walked(scratch.folder)
        #expect(Set(entries.map(\.path)) == Set(tree.nodes.map(\.path)))
        #expect(entries.count == 8)
    }

    @Test("does not enter the archive's own folder, and tells what a killed run left")
    func ownFiles() throws {
        let scratch = try Scratch()
        try
            ([
                ".valhalla/catalog.sqlite": .text("1"), "a/.valhalla/x": .text("2"),
                "a/.valhalla-part-1-2": .text("half"), "a/b": .text("3"),
            ] as Tree).write(to: scratch.folder)
        let entries = try walked(scratch.folder)
        #expect(entries.map(\.path.display) == ["a", "a/.valhalla-part-1-2", "a/b"])
        guard case .leftover = entries[1].kind else {
            Issue.record("it is called \(entries[1].kind)")
            return
        }
    }

    @Test("goes on behind a folder that cannot be read")
    func unreadableFolder() throws {
        let scratch = try Scratch()
        try (["a/x": .text("1"), "b/x": .text("2"), "c/x": .text("3")] as Tree).write(to: scratch.folder)
        let broken = FileAccess { call, path in call == .list && path.name == Path("b") ? EACCES : nil }
        let entries = try walked(scratch.folder, access: broken)
        #expect(entries.map(\.path.display) == ["a", "a/x", "b", "c", "c/x"])
        guard case .failed(let error) = entries[2].kind else {
            Issue.record("it is called \(entries[2].kind)")
            return
        }
        #expect(error.cause == .system(EACCES))
        #expect(error.path == scratch.path("b"))
    }

    @Test("names what lies too deep for the system, and needs few descriptors")
    func depth() throws {
        let scratch = try Scratch()
        // Made step by step: no single call can reach so deep.
        var folder = open(scratch.folder.text ?? "", O_RDONLY)
        for _ in 0..<3_000 {
            try zero(mkdirat(folder, "d", 0o755))
            let next = openat(folder, "d", O_RDONLY)
            close(folder)
            folder = next
        }
        close(folder)
        let entries = try walked(scratch.folder)
        #expect(entries.count > 2_000)
        let failures = entries.filter { if case .failed = $0.kind { true } else { false } }
        #expect(failures.count == 1)
        #expect(system("rm -rf '\(scratch.folder.text ?? "")'") == 0)
    }

    @Test("begins at a folder that is there, or says that it is not")
    func beginning() throws {
        let scratch = try Scratch()
        try (["file": .text("1")] as Tree).write(to: scratch.folder)
        for name in ["nowhere", "file"] {
            #expect(throws: FileError.self) { try Walk(scratch.path(name), access: FileAccess()) }
        }
    }
}

@Suite("Making folders")
struct FolderTests {
    @Test("ends with an error where the system takes no new names, though it says that something is missing")
    func proc() throws {
        let error = try #require(throws: FileError.self) {
            try FileAccess().makeFolders(Path("/proc/valhalla/below"))
        }
        #expect(error.isAbsence)
    }
}
