internal import Files

/// What a bag says about itself.
struct BagInfo: Sendable {
    /// Who sends it.
    var organization: String
    /// The delivery's number.
    var identifier: String
    /// What it holds, in a sentence.
    var description: Wording
    /// When it was made, in milliseconds since 1970, UTC.
    var at: Int64

    /// What a bag says about itself.
    init(organization: String, identifier: String, description: Wording, at: Int64) {
        self.organization = organization
        self.identifier = identifier
        self.description = description
        self.at = at
    }
}

/// A file of a package with its digests, by its path from the folder that lists it.
struct SealedFile: Hashable {
    let path: String
    let size: Int64
    let digests: Digests
}

/// The tag files of a BagIt 1.0 bag (RFC 8493) with SHA-256.
enum Bag {
    static let declaration: Wording = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    static let declarationName = "bagit.txt"
    static let infoName = "bag-info.txt"
    static let manifestName = "manifest-sha256.txt"
    static let tagManifestName = "tagmanifest-sha256.txt"
    static let payload = "data"

    /// What a bag says about itself; a value is one line: a break inside would begin a label of its own.
    static func info(_ info: BagInfo, payload: [SealedFile]) -> Wording {
        let lines: [(Wording, Wording)] = [
            ("Source-Organization", Wording(info.organization)),
            ("External-Identifier", Wording(info.identifier)),
            ("External-Description", info.description),
            ("Bagging-Date", Wording(PlainDate(milliseconds: info.at).day8601)),
            ("Bag-Size", Wording(Measure.bytes(size(of: payload)))),
            ("Payload-Oxum", Wording(oxum(of: payload))),
        ]
        return lines.map { label, value in
            let value = value.rewritten { PublicText.line($0) ?? "" }
            return value.isEmpty ? "" : "\(label): \(value)\n"
        }.joined()
    }

    static func size(of payload: [SealedFile]) -> Int64 { payload.reduce(0) { $0 + $1.size } }

    /// Bytes and files of the payload in one number, as RFC 8493 §2.2.2 wants it.
    static func oxum(of payload: [SealedFile]) -> String { "\(size(of: payload)).\(payload.count)" }

    /// A manifest of these files, in byte order of their paths.
    static func manifest(_ files: [SealedFile]) -> Wording {
        files.sorted { Path($0.path) < Path($1.path) }
            .map { "\($0.digests.sha256.hex)  \(encoded($0.path))\n" }.joined()
    }

    /// BagIt 1.0 writes these three as percent codes.
    ///
    /// Readers in the field do not decode the first, so no preset gives a file a name with any of them; a name that had
    /// one would still be written as the standard wants it.
    private static func encoded(_ path: String) -> String {
        path.unicodeScalars.map { scalar in
            switch scalar {
            case "%": "%25"
            case "\n": "%0A"
            case "\r": "%0D"
            default: String(scalar)
            }
        }.joined()
    }
}

/// A manifest as it is read: digests in hexadecimal by path.
struct BagManifest {
    /// In the order of the lines.
    private(set) var entries: [(digest: String, path: Path)] = []
    /// Lines that are none, or that point out of the bag.
    private(set) var faults: [String] = []

    init(_ bytes: [UInt8]) {
        var seen: Set<Path> = []
        for (index, line) in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).enumerated() {
            guard let gap = line.firstIndex(where: { $0 == 0x20 || $0 == 0x09 }), gap - line.startIndex == 64
            else {
                faults.append("line \(index + 1) is no digest and path")
                continue
            }
            // A star before the path is md5sum's word for "binary".
            let rest = line[gap...].drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x2A }
            let path = Path(bytes: Array(rest.starts(with: "./".utf8) ? rest.dropFirst(2) : rest))
            let names = path.bytes.split(separator: 0x2F)
            guard !path.bytes.isEmpty, !path.isAbsolute,
                !names.contains(where: { Array($0) == Array("..".utf8) })
            else {
                faults.append("line \(index + 1) points out of the bag")
                continue
            }
            guard seen.insert(path).inserted else {
                faults.append("\(path.display) is listed twice")
                continue
            }
            entries.append((String(decoding: line[..<gap], as: UTF8.self).lowercased(), path))
        }
    }

    /// The path that an entry means: as it is written if such a file is there, with its percent codes resolved if not.
    static func meant(_ path: Path, among files: Set<Path>) -> Path {
        if files.contains(path) { return path }
        var bytes: [UInt8] = []
        var rest = path.bytes[...]
        while let first = rest.first {
            let code = String(decoding: rest.prefix(3), as: UTF8.self).uppercased()
            if let byte = ["%25": UInt8(0x25), "%0A": 0x0A, "%0D": 0x0D][code] {
                bytes.append(byte)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(first)
                rest = rest.dropFirst()
            }
        }
        return Path(bytes: bytes)
    }
}
