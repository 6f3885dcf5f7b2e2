import Foundation
import Testing

/// What leaves the house goes through the gate: that is made of types, and these tests hold that nobody goes around them.
@Suite("The ways out")
struct WaysOutTests {
    /// Every file of the source that makes files or folders, by whose leave, and what they are.
    ///
    /// A line here is a decision: whoever adds one says who may see what is written. The same rows stand in ARCHITECTURE.md.
    static let writers: [String: String] = [
        "Catalog/Archive.swift": "the archive",
        "Catalog/WriterNote.swift": "the archive",
        "Export/Bench.swift": "the gate",
        "Export/PackageWriter.swift": "the gate",
        "Export/Report/PaperDrawer.swift": "the gate",
        "Export/Report/RecallNotice.swift": "the gate",
        "Export/Report/ReportWriting.swift": "the gate",
        "Files/CacheFolder.swift": "the door itself",
        "Files/FileAccess.swift": "the door itself",
        "Files/NewFile.swift": "the door itself",
        "Files/SidecarFile.swift": "the door itself",
        "Files/TemporaryFolder.swift": "the door itself",
        "Files/VerifiedCopy.swift": "the door itself",
        "Ingest/ChunkReader.swift": "the owner: copies of an import",
        "Ingest/Importer.swift": "the owner: copies of an import",
        "Ingest/Sidecars/SidecarPlan.swift": "the owner: sidecars beside the archive’s copies",
        "Previews/PreviewCrew.swift": "the owner: previews",
        "Previews/PreviewFolder.swift": "the owner: previews",
        "valhalla/Commands/BackupCommand.swift": "the owner: a backup",
        "valhalla/Commands/ExportCommand.swift": "the gate",
        "valhalla/Commands/InitCommand.swift": "the archive",
        "valhalla/Commands/RecallCommand.swift": "the gate",
        "valhalla/Commands/ReviewCommand.swift": "the gate",
        "valhalla/Evidence.swift": "the archive",
        "valhalla-media/NewFile.swift": "a worker, at the path it was given",
        "valhalla-media/Remux.swift": "a worker, at the path it was given",
    ]

    /// Whatever can bring a file into the world: our doors, the system's calls, Foundation's, and requests to a worker that
    /// writes.
    private static let making = [
        #"\baccess\.create\("#, #"\bmakeFolders\("#, #"\bTemporaryFolder\("#, #"\bVerifiedCopy\("#,
        #"\bSidecarFile\("#,
        #"\bCacheFolder\("#, #"\bNewFile\("#,
        #"\bNewFile\.temporary\("#, #"\.send\(\.paper\("#, #"\.proof\(Proof\(rendition"#, #"\bO_CREAT\b"#,
        #"\bfopen\([^)]*"[wa]"#, #"\bfdopen\("#,
        #"\bmkdir\w*\("#,
        #"\bmkstemp\w*\("#, #"\brename(?:at\w*)?\((?!tag)"#, #"\b(?:sym)?linkat?\("#, #"\bcopy_file_range\("#,
        #"\bcreat\("#,
        #"\bFileManager\b"#, #"\bFileHandle\b"#, #"\bOutputStream\b"#,
        #"\.write\(to(?:File)?:\s*(?:URL|url|file|path)"#,
        #"\bavio_open\w*\("#, #"\.render\(\s*Rendition"#, #"\.render\(\s*$"#, #"Request\.remux\("#,
        #"\[\.preview\("#,
        #"\bopenat?\([^)]*O_(?:WRONLY|RDWR)"#, #"\bsendfile\("#, #"\bsocket\("#, #"\bNWConnection\b"#,
        #"\bURLSession\b"#,
    ]

    @Test("are named: no file of the source makes files but those on the list")
    func writersAreNamed() throws {
        let patterns = try Self.making.map { try Self.regex($0).anchorsMatchLineEndings() }
        var found: Set<String> = []
        for module in ArchitectureTests.allowed.keys {
            for (file, text) in try ArchitectureTests.sources(of: module) {
                let code = Self.withoutComments(text)
                if patterns.contains(where: { code.firstMatch(of: $0) != nil }) { found.insert(file) }
            }
        }
        #expect(found.subtracting(Self.writers.keys).sorted() == [], "say by whose leave these write")
        #expect(Set(Self.writers.keys).subtracting(found).sorted() == [], "these write no more")
    }

    @Test("stand in ARCHITECTURE.md, each with whose leave it takes")
    func writersAreDocumented() throws {
        let text = try String(
            contentsOf: ArchitectureTests.root.appending(path: "ARCHITECTURE.md"), encoding: .utf8)
        for (file, leave) in Self.writers where leave == "the gate" || leave.hasPrefix("the owner") {
            let name = file.split(separator: "/").last.map { String($0.dropLast(6)) } ?? file
            #expect(text.contains("`\(name)`"), "\(file) (\(leave)) is not among the ways out")
        }
    }

    @Test("cannot be forged: what the gate constructs is made in one file, by no other spelling")
    func unforgeable() throws {
        let makers = [
            "ClearedItem": "Gate", "GatedSelection": "Gate", "Grant": "Gate", "ShownItem": "Showing",
            "GatedReview": "Showing", "InternalItem": "InternalItem", "RecallLetter": "Recall",
        ]
        for (name, file) in makers {
            let gate = try #require(
                try ArchitectureTests.sources(of: "Catalog").first {
                    $0.file.hasSuffix("Clearance/\(file).swift")
                }
            ).text
            // No public initialiser, no stored value that others may change, and nothing that makes one from bytes.
            let start = try #require(gate.range(of: "public struct \(name): "))
            let rest = gate[start.lowerBound...]
            let end = try #require(rest.range(of: "\n}\n"))
            let body = String(rest[..<end.lowerBound])
            #expect(!body.contains("public init"), "\(name) can be made by anybody")
            #expect(!body.contains("package init"), "\(name) can be made by anybody")
            #expect(
                body.firstMatch(of: /public var \w+: [^{\n]+$/.anchorsMatchLineEndings()) == nil,
                "\(name) can be changed")
            #expect(
                body.firstMatch(of: /Codable|Decodable|RawRepresentable|ExpressibleBy/) == nil,
                "\(name) is made of bytes")
            for module in ArchitectureTests.allowed.keys {
                for (file, text) in try ArchitectureTests.sources(of: module) {
                    let code = Self.withoutComments(text)
                    #expect(
                        code.firstMatch(of: try Self.regex("\(name)(?:\\.self|\\.init)\\b")) == nil,
                        "\(file): \(name) by another spelling")
                    #expect(
                        code.firstMatch(of: try Self.regex("extension \(name)\\b[^{]*(?:Codable|Decodable)"))
                            == nil,
                        "\(file): \(name) of bytes")
                    #expect(
                        code.firstMatch(of: try Self.regex("<\(name)>\\.allocate|Pointer<\(name)>")) == nil,
                        "\(file): \(name) of memory")
                }
            }
        }
    }

    @Test("are not gone around by what the language offers for emergencies")
    func noBackDoors() throws {
        let backDoors =
            /@testable|unsafeBitCast|withMemoryRebound\(to: (?:ClearedItem|GatedSelection|Grant)|@_silgen_name|@_spi|NSKeyedUnarchiver/
        for module in ArchitectureTests.allowed.keys {
            for (file, text) in try ArchitectureTests.sources(of: module) {
                #expect(
                    Self.withoutComments(text).firstMatch(of: backDoors) == nil, "\(file) has a back door")
            }
        }
    }

    @Test("know nothing of what was refused, but to tell the operator why nothing is left")
    func refusedStaysInside() throws {
        // A report tells the house why, and leaves with nobody.
        for (file, text) in try ArchitectureTests.sources(of: "Export")
        where !file.hasSuffix("Report/ClearanceReport.swift") {
            let code = Self.withoutComments(text)
            guard file.hasSuffix("Exhibit/ExhibitPreset.swift") else {
                #expect(!code.contains(Self.refused), "\(file) reads what was refused")
                continue
            }
            // In front of the first file that is made, in the error that ends the export.
            let end = code.range(of: "var files: [PackageFile]")?.lowerBound ?? code.startIndex
            #expect(!code[end...].contains(Self.refused), "\(file) reads what was refused")
        }
    }

    /// With plain boundaries of words: Unicode's own see none in `access.create`.
    private static func regex(_ pattern: String) throws -> Regex<AnyRegexOutput> {
        try Regex(pattern).wordBoundaryKind(.simple)
    }

    private static var refused: Regex<Substring> { /\.denied\b/.wordBoundaryKind(.simple) }

    /// Words about code are no code.
    private static func withoutComments(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
    }
}
