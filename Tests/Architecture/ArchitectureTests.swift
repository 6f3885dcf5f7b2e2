import Foundation
import Testing

/// The package manager lets a target import what it never named, so these tests hold the graph instead.
@Suite("The architecture")
struct ArchitectureTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Which modules of ours, and which libraries, each module may import.
    ///
    /// Arrows point downward only.
    static let allowed: [String: Set<String>] = [
        "Files": ["CLinux", "CXXHash", "Crypto"],
        "Storage": ["CSQLite"],
        "MediaProtocol": [],
        "TagShelf": ["CTagDictionaries", "CZstd"],
        "CameraXML": ["MediaProtocol"],
        "Workers": ["CLinux", "MediaProtocol"],
        "Catalog": ["Storage", "Files", "MediaProtocol", "Migrations", "TagShelf"],
        "Tracks": ["Catalog", "Files", "MediaProtocol", "Workers"],
        "Ingest": ["Catalog", "Files", "MediaProtocol", "Workers"],
        "Previews": ["Catalog", "Files", "MediaProtocol", "Workers"],
        "Export": ["Catalog", "Files", "MediaProtocol", "Workers"],
        "valhalla-read": ["MediaProtocol", "CameraXML", "TagShelf", "CExiv2", "CExpat", "CZlib"],
        "valhalla-media": [
            "MediaProtocol", "CameraXML", "CExpat", "CVips", "CRaw", "CFFmpeg", "CZstd", "CPaper",
        ],
        "valhalla": [
            "Catalog", "Files", "Ingest", "Tracks", "Previews", "Export", "MediaProtocol", "Workers",
            "ArgumentParser",
        ],
    ]

    /// What comes with the toolchain.
    static let toolchain: Set<String> = ["Foundation", "Glibc", "Synchronization", "Dispatch"]

    @Test("holds every import against the graph", arguments: allowed.keys.sorted())
    func imports(module: String) throws {
        let permitted = Self.allowed[module, default: []].union(Self.toolchain)
        for (file, text) in try Self.sources(of: module) {
            for found in Self.imports(in: text) {
                #expect(permitted.contains(found), "\(file) imports \(found)")
            }
        }
    }

    /// The modules that a file imports.
    ///
    /// Line by line: one expression over a whole file would go back and forth in it.
    static func imports(in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard let place = words.firstIndex(of: "import"), place <= 2,
                words[..<place].allSatisfy({
                    $0.hasPrefix("@") || ["public", "internal", "private", "package"].contains($0)
                })
            else { return nil }
            let named = words[(place + 1)...].first {
                !["struct", "class", "enum", "func", "protocol"].contains($0)
            }
            return named.map { String($0.prefix { $0 != "." }) }
        }
    }

    @Test("has no module that the graph does not know")
    func modules() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appending(path: "Sources").path()
        )
        let swift = try folders.filter { try !Self.sources(of: $0).isEmpty }
        #expect(Set(swift).subtracting(["EmbedTextTool"]) == Set(Self.allowed.keys))
    }

    @Test("keeps SQL in the catalogue, the migrations and the storage's own bookkeeping")
    func sql() throws {
        let statement = /"\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|PRAGMA)\s/
        for module in Self.allowed.keys where module != "Catalog" && module != "Storage" {
            for (file, text) in try Self.sources(of: module) {
                #expect(text.firstMatch(of: statement) == nil, "\(file) speaks SQL")
            }
        }
    }

    @Test("lets only the gate make what a writer takes")
    func gate() throws {
        for module in Self.allowed.keys {
            for (file, text) in try Self.sources(of: module)
            where !file.hasSuffix("Catalog/Clearance/Gate.swift") {
                #expect(
                    !text.contains(/\bClearedItem\(/.wordBoundaryKind(.simple)),
                    "\(file) makes a cleared item")
                #expect(
                    !text.contains(/\bGatedSelection\(/.wordBoundaryKind(.simple)),
                    "\(file) makes a gated selection")
            }
            for (file, text) in try Self.sources(of: module)
            where !file.hasSuffix("Catalog/Clearance/Showing.swift") {
                #expect(
                    !text.contains(/\bShownItem\(/.wordBoundaryKind(.simple)),
                    "\(file) makes an item that may be shown")
                #expect(
                    !text.contains(/\bGatedReview\(/.wordBoundaryKind(.simple)),
                    "\(file) makes a gated review")
            }
        }
    }

    @Test(
        "lets nothing leave but what the gate constructed: every door of the exporter takes it, and nothing else"
    )
    func doors() throws {
        // A function that others can call, or that makes a package, takes what only the gate can make; what it calls
        // inside takes a package, which is made of that.
        let takesGated =
            /GatedSelection|ClearedItem|GatedReview|ShownItem|InternalItem|Package\b|PackageFile|MadeFiles/
            .wordBoundaryKind(.simple)
        let writers = /func\s+(?:export|review|proof|write|package|media|make|render|copy)\b[^{]*\{/
            .wordBoundaryKind(.simple)
        var doors = 0
        for (file, text) in try Self.sources(of: "Export") {
            for door in text.matches(of: writers) {
                let words = String(text[door.range])
                guard !file.contains("/Seal/"), !file.contains("/Words/") else { continue }
                doors += 1
                #expect(words.contains(takesGated) || words.contains("MediaRendering"), "\(file): \(words)")
            }
            // Whoever asks the catalogue for an asset by its key goes past the gate.
            #expect(!text.contains(/\bCatalog\(/.wordBoundaryKind(.simple)), "\(file) opens a catalogue")
            #expect(
                !text.contains(/catalog\.(asset|find|each|items|files)\b/.wordBoundaryKind(.simple)),
                "\(file) takes assets past the gate")
        }
        #expect(doors >= 6, "the test looks for doors that are gone")
    }

    @Test("lets only the gate's own files make a grant, and only the door in write decisions")
    func grants() throws {
        for module in Self.allowed.keys {
            for (file, text) in try Self.sources(of: module) {
                if !file.hasSuffix("Clearance/Hearing.swift") {
                    #expect(!text.contains(/\bGrant\(grounds/.wordBoundaryKind(.simple)), "\(file) grants")
                }
                if !file.hasSuffix("Clearance/Deciding.swift"), !file.hasSuffix("Catalog/Undo.swift") {
                    #expect(!text.contains("INTO clearance"), "\(file) writes decisions")
                }
            }
        }
    }

    @Test(
        "lets only the gate make what the house is told, only a recall what a recipient is, and one door draw pages"
    )
    func papers() throws {
        for module in Self.allowed.keys {
            for (file, text) in try Self.sources(of: module) {
                if !file.hasSuffix("Clearance/InternalItem.swift") {
                    #expect(!text.contains(/\bInternalItem\(/), "\(file) makes an item of a report")
                }
                if !file.hasSuffix("Clearance/Recall.swift") {
                    #expect(!text.contains(/\bRecallLetter\(/), "\(file) makes a letter")
                }
                if !file.hasPrefix("MediaProtocol/"), !file.hasSuffix("Export/Report/PaperDrawer.swift") {
                    #expect(!text.contains(/send\(\.paper\(/), "\(file) has pages drawn")
                }
            }
        }
    }

    @Test("embeds every migration, in order and without gaps")
    func migrations() throws {
        let files = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appending(path: "Migrations").path()
        )
        .filter { $0.hasSuffix(".sql") }.sorted()
        #expect(!files.isEmpty)
        for (index, file) in files.enumerated() {
            #expect(Int(file.prefix(4)) == index + 1, "\(file)")
        }
    }

    @Test("has no file too long to read in one sitting")
    func length() throws {
        for module in Self.allowed.keys {
            for (file, text) in try Self.sources(of: module) {
                #expect(text.utf8.count < 24_000, "\(file) has \(text.utf8.count) bytes")
            }
        }
    }

    static func sources(of module: String) throws -> [(file: String, text: String)] {
        let folder = root.appending(path: "Sources").appending(path: module)
        guard let files = FileManager.default.enumerator(atPath: folder.path()) else { return [] }
        return try files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map { name in
            let file = folder.appending(path: name)
            return (module + "/" + name, try String(contentsOf: file, encoding: .utf8))
        }
    }
}
