import Catalog
import Files
import Foundation

@testable import Ingest

/// A manifest written by hand, as other programs write theirs.
struct HandMadeManifest {
    struct Hash {
        var path: String
        var digests: [(element: String, text: String, action: String)]
        var previous: String?
        var size: Int?
    }

    var hashes: [Hash] = []
    var ignore = [".DS_Store", "ascmhl", "ascmhl/"]
    var references: [(path: String, c4: String)] = []

    /// Lists these bytes under a path, by the digests of these kinds.
    mutating func list(
        _ path: String,
        _ bytes: [UInt8],
        by elements: [String] = ["xxh64"],
        action: String = "original",
        previous: String? = nil
    ) {
        hashes.append(
            Hash(
                path: path, digests: elements.map { ($0, Self.digest($0, bytes), action) },
                previous: previous,
                size: bytes.count))
    }

    /// A digest as an element of this name has it.
    static func digest(_ element: String, _ bytes: [UInt8]) -> String {
        let stream = ListedDigestStream(Set(DigestAlgorithm.allCases))
        bytes.withUnsafeBytes { stream.update($0) }
        let digests = stream.finish(with: Digests(of: bytes))
        switch element {
        case "xxhash64be": return digests[.xxh64]?.text ?? ""
        case "xxhash64": return hexadecimal((digests[.xxh64]?.bytes ?? []).reversed())
        case "xxhash":
            return digests[.xxh32].map { "\($0.bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) })" } ?? ""
        case "null": return ""
        default: return DigestAlgorithm(rawValue: element).flatMap { digests[$0]?.text } ?? ""
        }
    }

    /// As ASC MHL 2.0.
    var asc: [UInt8] {
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <hashlist version="2.0" xmlns="urn:ASC:MHL:v2.0">
              <creatorinfo><creationdate>2016-05-03T18:00:00+00:00</creationdate><hostname>cart</hostname>
                <tool version="8.2">Silverstack</tool><author>Josh <![CDATA[&]]> Dean</author></creatorinfo>
              <processinfo><process>transfer</process>
                <ignore>\(ignore.map { "<pattern>\($0)</pattern>" }.joined())</ignore></processinfo>

            """
        if !hashes.isEmpty {
            text += "<hashes>\n"
            for hash in hashes {
                text += "<hash><path size=\"\(hash.size ?? 0)\">\(hash.path)</path>"
                for digest in hash.digests {
                    text +=
                        "<\(digest.element) action=\"\(digest.action)\">\(digest.text)</\(digest.element)>"
                }
                text += hash.previous.map { "<previousPath>\($0)</previousPath>" } ?? ""
                text += "</hash>\n"
            }
            text +=
                "<directoryhash><path>.</path><content><xxh64>00</xxh64></content></directoryhash></hashes>\n"
        }
        if !references.isEmpty {
            text += "<references>"
            for reference in references {
                text +=
                    "<hashlistreference><path>\(reference.path)</path><c4>\(reference.c4)</c4></hashlistreference>"
            }
            text += "</references>\n"
        }
        return Array((text + "</hashlist>\n").utf8)
    }

    /// As legacy MHL 1.1.
    var legacy: [UInt8] {
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <hashlist version="1.1">
              <creatorinfo><name>Josh</name><username>josh</username><hostname>cart</hostname>
                <tool>OffShoot 24.1</tool><startdate>2016-05-03T18:00:00Z</startdate>
                <finishdate>2016-05-03T18:05:00Z</finishdate></creatorinfo>

            """
        for hash in hashes {
            text += "<hash><file>\(hash.path)</file><size>\(hash.size ?? 0)</size>"
            for digest in hash.digests {
                text +=
                    digest.element == "null"
                    ? "<null/>" : "<\(digest.element)>\(digest.text)</\(digest.element)>"
            }
            text += "<hashdate>2016-05-03T18:01:00Z</hashdate></hash>\n"
        }
        return Array((text + "</hashlist>\n").utf8)
    }

    /// A history of these generations as a tree of files, and the chain that seals them.
    static func history(_ generations: [HandMadeManifest]) -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        var chain =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ascmhldirectory xmlns=\"urn:ASC:MHL:DIRECTORY:v2.0\">\n"
        for (place, manifest) in generations.enumerated() {
            let name = "000\(place + 1)_shoot_2016-05-03_18000\(place)Z.mhl"
            files.append((name, manifest.asc))
            chain +=
                "<hashlist sequencenr=\"\(place + 1)\"><path>\(name)</path><c4>\(C4Identifier(of: manifest.asc).text)</c4></hashlist>\n"
        }
        return files + [("ascmhl_chain.xml", Array((chain + "</ascmhldirectory>\n").utf8))]
    }
}

/// A shoot that is listed whole.
enum ListedShoot {
    static let tree: Tree = [
        "A/1.JPG": .photo(at: 1), "A/2.JPG": .photo(at: 2), "B/3.JPG": .photo(at: 3),
        "B/3.xmp": .xmp(rating: 3),
        "notes.txt": .text("camera report"),
    ]
    static let names = ["A/1.JPG", "A/2.JPG", "B/3.JPG", "B/3.xmp", "notes.txt"]

    /// The shoot, and a manifest of all of it.
    static func listed(by elements: [String] = ["xxh64"]) throws -> (Shoot, HandMadeManifest) {
        let shoot = try Shoot(tree)
        var manifest = HandMadeManifest()
        for name in names { manifest.list(name, try shoot.bytes(of: name), by: elements) }
        return (shoot, manifest)
    }
}

extension Shoot {
    /// Puts the history of a folder of the shoot on its disk.
    func write(history generations: [HandMadeManifest], in folder: String = "") throws {
        for file in HandMadeManifest.history(generations) {
            try put(file.bytes, at: folder + (folder.isEmpty ? "" : "/") + "ascmhl/" + file.name)
        }
    }

    /// Writes a file of the shoot anew.
    func put(_ bytes: [UInt8], at name: String) throws {
        var tree: Tree = [:]
        tree.add(Array(name.utf8), .file(bytes))
        try write(tree)
    }

    /// What is on record of each file, by outcome.
    func outcomes() throws -> [String] {
        try catalog.manifestHistories().flatMap { history -> [String] in
            var lines: [String] = []
            for outcome in ManifestOutcome.allCases {
                try catalog.eachFinding(ofHistory: history.id, outcome) {
                    lines.append(
                        "\($0.location.relative(to: history.root)?.display ?? "?") \($0.outcome.rawValue)")
                }
            }
            return lines
        }
    }

    /// A file's bytes.
    func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: source.appending(name).text ?? "")))
    }
}

extension ImportReport {
    /// What the manifests came to: `2 matched, 1 missing`; several are set apart by a slash.
    var manifestWords: String {
        manifests.map { manifest in
            let outcomes = ["matched", "mismatched", "missing", "unlisted", "unproven"]
            let counts = Dictionary(uniqueKeysWithValues: manifest.counts.map { ($0.key.rawValue, $0.value) })
            return outcomes.compactMap { word in counts[word].map { "\($0) \(word)" } }.joined(
                separator: ", ")
        }
        .joined(separator: " / ")
    }
}
