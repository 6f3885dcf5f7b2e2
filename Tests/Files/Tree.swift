import Files
import Foundation
import Glibc

/// A folder of a test's own, gone when the test ends.
final class Scratch {
    let folder: Path

    init(in parent: URL = FileManager.default.temporaryDirectory) throws {
        let url = parent.appending(path: "valhalla-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = try FileAccess().resolved(Path(url.path()))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder.text ?? "")
    }

    func path(_ name: String) -> Path { folder.appending(name) }
}

/// A tree of files as a value.
struct Tree: ExpressibleByDictionaryLiteral {
    enum Node {
        case file([UInt8])
        case folder
        case symlink(String)
        case pipe

        static func text(_ text: String) -> Node { .file(Array(text.utf8)) }
    }

    var nodes: [(path: Path, node: Node)]

    init(dictionaryLiteral elements: (String, Node)...) {
        nodes = elements.map { (Path($0.0), $0.1) }
    }

    /// A node whose name is bytes.
    mutating func add(_ path: [UInt8], _ node: Node) { nodes.append((Path(bytes: path), node)) }

    func write(to folder: Path) throws {
        let access = FileAccess()
        for (name, node) in nodes {
            let path = folder.appending(name)
            try access.makeFolders(path.folder)
            switch node {
            case .file(let bytes): try access.create(path).write(bytes)
            case .folder: try access.makeFolders(path)
            case .symlink(let target): try zero(path.withCString { symlink(target, $0) })
            case .pipe: try zero(path.withCString { mkfifo($0, 0o600) })
            }
        }
    }
}

struct SystemCallFailed: Error {
    let code: Int32
}

/// For what a test asks of the system itself.
func zero(_ result: Int32) throws {
    if result != 0 { throw SystemCallFailed(code: errno) }
}
