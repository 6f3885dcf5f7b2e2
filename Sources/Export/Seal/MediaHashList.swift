internal import Files

/// The first generation of an ASC MHL 2.0 history: every file of a folder with its XXH128, every folder with the
/// digests of what it holds and of how it is named, and the chain that seals the list.
struct MediaHashList {
    /// Where a history lies in the folder that it is about.
    static let folder = "ascmhl"
    static let chainName = "ascmhl_chain.xml"
    static let listNamespace: Wording = "urn:ASC:MHL:v2.0"
    static let chainNamespace: Wording = "urn:ASC:MHL:DIRECTORY:v2.0"

    /// The list's file name: `0001_data_2016-05-13_180000Z.mhl`.
    let name: String
    /// The list.
    let list: Wording
    /// The chain.
    let chain: Wording

    /// Every digest that it says.
    let digests: [String]

    /// The history of a folder of this name with these files, sealed at an instant in milliseconds since 1970.
    ///
    /// The format wants a host's name and a tool's version. The host is none of a recipient's business, and the version
    /// is that of this format's writing.
    init(of folder: String, files: [SealedFile], at: Int64) {
        let date = PlainDate(milliseconds: at)
        let tree = FolderDigests(files.map { ($0.path, $0.digests.xxh128) })
        var text: Wording = """
            <?xml version="1.0" encoding="UTF-8"?>
            <hashlist version="2.0" xmlns="\(MediaHashList.listNamespace)">
              <creatorinfo>
                <creationdate>\(date.instant8601)</creationdate>
                <hostname>valhalla</hostname>
                <tool version="1">valhalla</tool>
              </creatorinfo>
              <processinfo>
                <process>transfer</process>
                <roothash>
            \(MediaHashList.digests(tree.root, indent: "      "))
                </roothash>
                <ignore>
                  <pattern>.DS_Store</pattern>
                  <pattern>ascmhl</pattern>
                  <pattern>ascmhl/</pattern>
                </ignore>
              </processinfo>
              <hashes>

            """
        for file in files.sorted(by: { Path($0.path) < Path($1.path) }) {
            text += """
                    <hash>
                      <path size="\(file.size)">\(file.path.escaped)</path>
                      <xxh128 action="original" hashdate="\(date.instant8601)">\(file.digests.xxh128.hex)</xxh128>
                    </hash>

                """
        }
        for (path, folder) in tree.folders {
            text += """
                    <directoryhash>
                      <path>\(path.escaped)</path>
                \(MediaHashList.digests(folder, indent: "      "))
                    </directoryhash>

                """
        }
        text += "  </hashes>\n</hashlist>\n"
        name = "0001_\(folder)_\(date.fileName).mhl"
        list = text
        let seal = C4Identifier(of: text.bytes).text
        chain = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ascmhldirectory xmlns="\(MediaHashList.chainNamespace)">
              <hashlist sequencenr="1">
                <path>\(name.escaped)</path>
                <c4>\(seal)</c4>
              </hashlist>
            </ascmhldirectory>

            """
        digests =
            ([tree.root] + tree.folders.map(\.digest)).flatMap { [$0.content.hex, $0.structure.hex] }
            + files.map(\.digests.xxh128.hex) + [seal]
    }

    private static func digests(_ folder: FolderDigest, indent: Wording) -> Wording {
        """
        \(indent)<content><xxh128>\(folder.content.hex)</xxh128></content>
        \(indent)<structure><xxh128>\(folder.structure.hex)</xxh128></structure>
        """
    }
}

/// What a folder holds, and how it is named and nested.
struct FolderDigest: Hashable {
    /// Of the digests of what it holds, whatever their names.
    let content: XXH128Digest
    /// Of the names and digests of what it holds.
    let structure: XXH128Digest
}

/// The digests of all folders below one, and of that one.
struct FolderDigests {
    /// The folder itself.
    let root: FolderDigest
    /// Those below it, by path, in byte order.
    let folders: [(path: String, digest: FolderDigest)]

    /// From the files below it, by path.
    init(_ files: [(path: String, digest: XXH128Digest)]) {
        var children: [Path: [(name: Path, digest: FolderDigest)]] = [Path(bytes: []): []]
        for file in files {
            let path = Path(file.path)
            var folder = path.folder
            children[folder, default: []].append(
                (path.name, FolderDigest(content: file.digest, structure: file.digest))
            )
            while !folder.bytes.isEmpty {
                folder = folder.folder
                if children[folder] == nil { children[folder] = [] }
            }
        }
        // The deepest first, for a folder's digests are made of those of the folders in it.
        var made: [Path: FolderDigest] = [:]
        for folder in children.keys.sorted(by: { $0.depth > $1.depth }) {
            let digest = FolderDigests.digest(of: children[folder, default: []])
            made[folder] = digest
            if !folder.bytes.isEmpty { children[folder.folder, default: []].append((folder.name, digest)) }
        }
        root = made[Path(bytes: [])] ?? FolderDigests.digest(of: [])
        folders = made.filter { !$0.key.bytes.isEmpty }.sorted { $0.key < $1.key }
            .map { (String(decoding: $0.key.bytes, as: UTF8.self), $0.value) }
    }

    private static func digest(of children: [(name: Path, digest: FolderDigest)]) -> FolderDigest {
        FolderDigest(
            content: digest(ofList: children.map(\.digest.content)),
            structure: digest(
                ofList: children.map { Digests(of: $0.name.bytes + $0.digest.structure.bytes).xxh128 }
            )
        )
    }

    /// Of the digests one behind the other, in their own order, so that the order of names does not matter.
    private static func digest(ofList digests: [XXH128Digest]) -> XXH128Digest {
        Digests(of: digests.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }).xxh128
    }
}

extension Path {
    /// How many names it has.
    fileprivate var depth: Int { bytes.split(separator: 0x2F).count }
}
