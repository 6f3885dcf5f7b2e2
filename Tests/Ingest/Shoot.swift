import Catalog
import Files
import Foundation
import Glibc
import MediaProtocol
import Synchronization
import Workers

@testable import Ingest

/// A folder of a test's own, gone when the test ends.
final class Scratch {
    let folder: Path

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString)")
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

        static func text(_ text: String) -> Node { .file(Array(text.utf8)) }

        /// A JPEG, or a DNG, taken by a camera at a second of one day.
        static func photo(
            at second: Int? = 0,
            model: String? = "M Monochrom",
            saying words: String = "",
            raw: Bool = false
        ) -> Node {
            let exif = ExifBlock(second: second, model: model, words: words, isRaw: raw)
            return .file(raw ? exif.bytes : exif.inJPEG)
        }

        static func xmp(title: String? = nil, rating: Int? = nil) -> Node {
            .text(
                """
                <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
                <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
                 xmlns:dc="http://purl.org/dc/elements/1.1/"\(rating.map { " xmp:Rating=\"\($0)\"" } ?? "")>
                \(title.map { "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">\($0)</rdf:li></rdf:Alt></dc:title>" } ?? "")
                </rdf:Description></rdf:RDF></x:xmpmeta>
                """
            )
        }

        /// A WAV of a few silent samples, told apart by their number.
        static func wav(_ samples: Int) -> Node {
            let data = [UInt8](repeating: 0, count: samples * 2)
            func little(_ value: Int, _ count: Int) -> [UInt8] {
                (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
            }
            var bytes =
                Array("RIFF".utf8) + little(36 + data.count, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
            bytes +=
                little(1, 2) + little(1, 2) + little(48_000, 4) + little(96_000, 4) + little(2, 2)
                + little(16, 2)
            return .file(bytes + Array("data".utf8) + little(data.count, 4) + data)
        }
    }

    var nodes: [(path: Path, node: Node)]

    init(dictionaryLiteral elements: (String, Node)...) {
        nodes = elements.map { (Path($0.0), $0.1) }
    }

    mutating func add(_ path: [UInt8], _ node: Node) { nodes.append((Path(bytes: path), node)) }

    func write(to folder: Path) throws {
        let access = FileAccess()
        for (name, node) in nodes {
            let path = folder.appending(name)
            try access.makeFolders(path.folder)
            switch node {
            case .file(let bytes):
                try? FileManager.default.removeItem(atPath: path.text ?? "")
                try access.create(path).write(bytes)
            case .folder: try access.makeFolders(path)
            case .symlink(let target): _ = path.withCString { symlink(target, $0) }
            }
        }
    }
}

/// The Exif of a test's camera: enough of a TIFF for every reader, and as a DNG a file of its own.
struct ExifBlock {
    let bytes: [UInt8]

    init(second: Int?, model: String?, words: String, isRaw: Bool) {
        func text(_ text: String) -> (type: Int, bytes: [UInt8]) { (2, Array(text.utf8) + [0]) }
        var main: [(tag: Int, type: Int, bytes: [UInt8])] = []
        func add(_ tag: Int, _ value: (type: Int, bytes: [UInt8])) {
            main.append((tag, value.type, value.bytes))
        }
        if isRaw {
            add(0x0100, (4, [1, 0, 0, 0]))
            add(0x0101, (4, [1, 0, 0, 0]))
            add(0x0102, (3, [8, 0]))
            add(0x0103, (3, [1, 0]))
            add(0x0106, (3, [1, 0]))
        }
        if !words.isEmpty { add(0x010E, text(words)) }
        if let model {
            add(0x010F, text("Leica"))
            add(0x0110, text(model))
        }
        if isRaw {
            add(0x0111, (4, [8, 0, 0, 0]))
            add(0x0117, (4, [1, 0, 0, 0]))
        }
        add(0x8769, (4, [0, 0, 0, 0]))
        if isRaw { add(0xC612, (1, [1, 4, 0, 0])) }
        var taken: [(tag: Int, type: Int, bytes: [UInt8])] = []
        if let second {
            let time = "2016:01:20 16:\(ExifBlock.two(second / 60)):\(ExifBlock.two(second % 60))"
            taken.append((0x9003, 2, Array(time.utf8) + [0]))
        }
        taken.append((0x9000, 7, Array("0230".utf8)))
        taken.sort { $0.tag < $1.tag }

        let mainEnd = 8 + 2 + main.count * 12 + 4
        let mainData = main.filter { $0.bytes.count > 4 }.reduce(0) { $0 + $1.bytes.count }
        let exifStart = mainEnd + mainData
        for index in main.indices where main[index].tag == 0x8769 {
            main[index].bytes = ExifBlock.little(exifStart, 4)
        }
        bytes =
            Array("II*\0".utf8) + ExifBlock.little(8, 4) + ExifBlock.directory(main, at: 8)
            + ExifBlock.directory(taken, at: exifStart)
    }

    private static func directory(_ entries: [(tag: Int, type: Int, bytes: [UInt8])], at start: Int)
        -> [UInt8]
    {
        var head = little(entries.count, 2)
        var data: [UInt8] = []
        let dataStart = start + 2 + entries.count * 12 + 4
        for entry in entries {
            let size = [1: 1, 2: 1, 3: 2, 4: 4, 7: 1][entry.type] ?? 1
            head += little(entry.tag, 2) + little(entry.type, 2) + little(entry.bytes.count / size, 4)
            if entry.bytes.count > 4 {
                head += little(dataStart + data.count, 4)
                data += entry.bytes
            } else {
                head += entry.bytes + [UInt8](repeating: 0, count: 4 - entry.bytes.count)
            }
        }
        return head + little(0, 4) + data
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// A grey picture of eight by eight pixels with this Exif.
    var inJPEG: [UInt8] {
        let segment = Array("Exif\0\0".utf8) + bytes
        let length = segment.count + 2
        let quantizing = [0xFF, 0xDB, 0, 67, 0] + [UInt8](repeating: 1, count: 64)
        let frame: [UInt8] = [0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0]
        let direct: [UInt8] = [0xFF, 0xC4, 0, 20, 0x00, 1] + [UInt8](repeating: 0, count: 15) + [0]
        let alternating: [UInt8] = [0xFF, 0xC4, 0, 20, 0x10, 1] + [UInt8](repeating: 0, count: 15) + [0]
        let scan: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x3F, 0xFF, 0xD9]
        return [0xFF, 0xD8, 0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + segment + quantizing
            + frame
            + direct + alternating + scan
    }
}

/// An archive and a shoot of a test's own.
final class Shoot {
    let scratch: Scratch
    let source: Path
    let catalog: Catalog

    /// `tree` in a folder called `shoot`, and an empty catalogue.
    init(_ tree: Tree = [:]) throws {
        scratch = try Scratch()
        source = scratch.path("shoot")
        try FileAccess().makeFolders(source)
        try tree.write(to: source)
        catalog = try Shoot.open(scratch.path("catalog.sqlite"), creating: true)
    }

    static func open(_ path: Path, creating: Bool = false) throws -> Catalog {
        try Catalog(
            path: path.text ?? "",
            creating: creating,
            author: Author(machineIdentity: "laptop", machineName: "laptop", person: "Andreas Neumann")
        ) { Int64(Date().timeIntervalSince1970 * 1000) }
    }

    /// Where the package manager put the workers.
    static let workers: [UInt8] = {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let beside = Bundle.main.bundleURL
        for folder in [beside, beside.deletingLastPathComponent(), package.appending(path: ".build/debug")]
        where FileManager.default.isExecutableFile(atPath: folder.appending(path: "valhalla-read").path()) {
            return Array(folder.path().utf8)
        }
        return Array(package.appending(path: ".build/debug").path().utf8)
    }()

    @discardableResult
    func importing(_ adjust: (inout ImportRequest) -> Void = { _ in }) throws -> ImportReport {
        var request = ImportRequest(source: source, command: "import shoot", workers: Shoot.workers)
        adjust(&request)
        return try Importer.run(request, catalog: catalog)
    }

    func find(_ query: String = "all") throws -> [FoundAsset] {
        try catalog.find(try Query.parse(query))
    }

    /// What the archive has, a line an asset: its name, and its files with what they are.
    func listing() throws -> [String] {
        try find().map { found in
            let files = try catalog.files(of: found.asset.id)
            let rest = files.filter { $0.role != .original }.map { "\($0.role.rawValue) \($0.name)" }.sorted()
            return ([found.asset.name] + rest).joined(separator: ", ")
        }.sorted()
    }

    func write(_ tree: Tree) throws { try tree.write(to: source) }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: source.appending(name).text ?? "")
    }

    /// Moves a file's time, as somebody does who writes to it.
    func touch(_ name: String, by seconds: Int) throws {
        let status = try FileAccess().status(of: source.appending(name)).identity
        let time = timespec(tv_sec: Int(status.modifiedNanoseconds / 1_000_000_000) + seconds, tv_nsec: 0)
        _ = source.appending(name).withCString { utimensat(AT_FDCWD, $0, [time, time], 0) }
    }
}

/// Counts calls to the file system, or breaks chosen ones.
final class Probe: Sendable {
    private let opened = Mutex<[Path]>([])
    private let fault: @Sendable (FileAccess.Call, Path) -> Int32?

    init(fault: @escaping @Sendable (FileAccess.Call, Path) -> Int32? = { _, _ in nil }) {
        self.fault = fault
    }

    var access: FileAccess {
        FileAccess { [self] call, path in
            if call == .open { opened.withLock { $0.append(path) } }
            return fault(call, path)
        }
    }

    /// The files that were opened so far.
    var opens: [Path] { opened.withLock { $0 } }
}

extension ImportCounts {
    /// The counts as a sentence: `6 seen: 3 new, 2 known, 0 changed, 1 other, 0 failed`.
    var words: String {
        "\(seen) seen: \(new) new, \(known) known, \(changed) changed, \(other) other, \(failed) failed"
    }
}
