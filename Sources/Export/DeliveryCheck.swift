public import Files

/// What checking a delivered package against its own seals found.
public struct DeliveryCheck: Sendable {
    /// Something that is not as it was sealed.
    public struct Fault: Hashable, Sendable {
        /// The path from the package's folder; the package itself is empty.
        public let path: Path
        /// What is wrong, in a sentence's words.
        public let reason: String
    }

    /// What is wrong, in the order of the paths; nothing when all is as it was sealed.
    public let faults: [Fault]
    /// How many files were read.
    public let files: Int
    /// How many bytes they were.
    public let bytes: Int64
    /// SHA-256 of the bag's tag manifest, by which a delivery is on record; nil when there is none.
    public let seal: SHA256Digest?

    /// True when all is as it was sealed.
    public var isSound: Bool { faults.isEmpty }

    /// True when a folder looks like a package: it declares itself a bag.
    public static func isPackage(_ folder: Path, access: FileAccess = FileAccess()) -> Bool {
        let declaration = try? access.statusIfThere(of: folder.appending(Bag.declarationName))
        return declaration?.isRegularFile ?? false
    }

    /// Reads every file of a package once, from the disk, and holds it against the bag's manifests and the media hash
    /// list.
    ///
    /// `progress` is told the bytes read so far. What is wrong with the package is a finding; thrown is only what
    /// kept the check from being made.
    public static func verify(
        _ folder: Path,
        access: FileAccess = FileAccess(),
        stop: () -> Bool = { false },
        progress: (Int64) -> Void = { _ in }
    ) throws(FileError) -> DeliveryCheck {
        var reader = PackageReader(folder: folder, access: access)
        try reader.readFiles(stop: stop, progress: progress)
        try reader.checkBag()
        try reader.checkHistory()
        return DeliveryCheck(
            faults: reader.faults.sorted { ($0.path, $0.reason) < ($1.path, $1.reason) },
            files: reader.files.count,
            bytes: reader.files.values.reduce(0) { $0 + $1.size },
            seal: reader.seal
        )
    }
}

private struct PackageReader {
    let folder: Path
    let access: FileAccess
    private(set) var files: [Path: (size: Int64, digests: Digests)] = [:]
    private(set) var faults: [DeliveryCheck.Fault] = []

    private static let payload = Path(Bag.payload)
    private static let history = payload.appending(MediaHashList.folder)
    /// A manifest of a million files is a hundred megabytes.
    private static let largestList: Int64 = 512 << 20

    init(folder: Path, access: FileAccess) {
        self.folder = folder
        self.access = access
    }

    var seal: SHA256Digest? { files[Path(Bag.tagManifestName)]?.digests.sha256 }

    private mutating func fault(_ path: Path, _ reason: String) {
        faults.append(DeliveryCheck.Fault(path: path, reason: reason))
    }

    mutating func readFiles(stop: () -> Bool, progress: (Int64) -> Void) throws(FileError) {
        let buffer = BlockBuffer()
        var read: Int64 = 0
        for entry in try access.tree(below: folder) where !entry.status.isFolder {
            guard entry.status.isRegularFile else {
                fault(entry.path, "is a link or a device, and no file")
                continue
            }
            do throws(FileError) {
                let digests = try Digests.ofFile(
                    folder.appending(entry.path),
                    access: access,
                    buffer: buffer,
                    fromDisk: true,
                    stop: stop
                )
                files[entry.path] = (entry.status.identity.size, digests)
            } catch {
                if error.cause == .stopped { throw error }
                fault(entry.path, error.reason)
            }
            read += entry.status.identity.size
            progress(read)
        }
    }

    /// The bytes of a small file that was read already; nil, and a fault, when it is not there.
    private mutating func contents(_ path: Path) throws(FileError) -> [UInt8]? {
        guard let file = files[path] else {
            fault(path, "is missing")
            return nil
        }
        guard file.size <= PackageReader.largestList else {
            fault(path, "is too large for what it is")
            return nil
        }
        return try access.bytes(of: folder.appending(path))
    }

    // MARK: The bag

    mutating func checkBag() throws(FileError) {
        if let declaration = try contents(Path(Bag.declarationName)), declaration != Bag.declaration.bytes {
            fault(Path(Bag.declarationName), "does not declare a bag of version 1.0 in UTF-8")
        }
        let payload = files.keys.filter { $0.relative(to: PackageReader.payload) != nil }
        try checkManifest(Path(Bag.manifestName), covers: Set(payload))
        let tags = files.keys.filter {
            $0.relative(to: PackageReader.payload) == nil && $0 != Path(Bag.tagManifestName)
        }
        try checkManifest(Path(Bag.tagManifestName), covers: Set(tags))
        try checkOxum(of: payload)
    }

    private mutating func checkManifest(_ name: Path, covers expected: Set<Path>) throws(FileError) {
        guard let bytes = try contents(name) else { return }
        let manifest = BagManifest(bytes)
        for reason in manifest.faults { fault(name, reason) }
        var unlisted = expected
        for entry in manifest.entries {
            let path = BagManifest.meant(entry.path, among: expected)
            guard unlisted.remove(path) != nil, let file = files[path] else {
                fault(path, "is listed in \(name.display) and missing")
                continue
            }
            if file.digests.sha256.hex != entry.digest {
                fault(path, "is not what was sealed: its SHA-256 differs")
            }
        }
        for path in unlisted { fault(path, "is not listed in \(name.display)") }
    }

    private mutating func checkOxum(of payload: [Path]) throws(FileError) {
        guard let info = try contents(Path(Bag.infoName)) else { return }
        let label = "Payload-Oxum: "
        let bytes = payload.reduce(Int64(0)) { $0 + (files[$1]?.size ?? 0) }
        let lines = String(decoding: info, as: UTF8.self).split(whereSeparator: \.isNewline)
        if let line = lines.first(where: { $0.hasPrefix(label) }),
            line.dropFirst(label.count) != "\(bytes).\(payload.count)"
        {
            fault(Path(Bag.infoName), "states another size than the payload has")
        }
    }

    // MARK: The media hash list

    mutating func checkHistory() throws(FileError) {
        let chainPath = PackageReader.history.appending(MediaHashList.chainName)
        guard let bytes = try contents(chainPath) else { return }
        guard let chain = XMLElement(document: bytes), chain.name == "ascmhldirectory" else {
            fault(chainPath, "is no chain of an ASC MHL history")
            return
        }
        let generations = chain.all("hashlist")
        guard !generations.isEmpty else {
            fault(chainPath, "names no generation")
            return
        }
        for generation in generations {
            guard let name = generation["path"]?.text, !name.contains("/") else {
                fault(chainPath, "names a generation outside its folder")
                continue
            }
            let path = PackageReader.history.appending(name)
            guard let list = try contents(path) else { continue }
            guard C4Identifier(of: list).text == generation["c4"]?.text else {
                fault(path, "is not what the chain sealed: its C4 differs")
                continue
            }
            checkGeneration(path, list, isFirst: generation.attributes["sequencenr"] == "1")
        }
    }

    private mutating func checkGeneration(_ path: Path, _ bytes: [UInt8], isFirst: Bool) {
        guard let list = XMLElement(document: bytes), list.name == "hashlist", let hashes = list["hashes"]
        else {
            fault(path, "is no media hash list")
            return
        }
        var media = files.filter {
            $0.key.relative(to: PackageReader.payload) != nil
                && $0.key.relative(to: PackageReader.history) == nil
        }
        let folders = FolderDigests(
            media.compactMap { file in
                file.key.relative(to: PackageReader.payload)?.text.map { ($0, file.value.digests.xxh128) }
            }
        )
        for hash in hashes.all("hash") {
            let file = PackageReader.payload.appending(hash["path"]?.text ?? "")
            guard let found = media.removeValue(forKey: file) else {
                fault(file, "is listed in the media hash list and missing")
                continue
            }
            if let digest = hash["xxh128"], digest.attributes["action"] != "failed",
                digest.text != found.digests.xxh128.hex
            {
                fault(file, "is not what the media hash list says: its XXH128 differs")
            }
        }
        // A later generation may list what changed alone.
        guard isFirst else { return }
        for file in media.keys { fault(file, "is not in the media hash list") }
        let known = Dictionary(
            folders.folders.map { ($0.path, $0.digest) },
            uniquingKeysWith: { first, _ in first }
        )
        for hash in hashes.all("directoryhash") {
            let name = hash["path"]?.text ?? ""
            check(known[name], against: hash, at: PackageReader.payload.appending(name))
        }
        check(folders.root, against: list["processinfo"]?["roothash"], at: PackageReader.payload)
    }

    private mutating func check(_ digest: FolderDigest?, against element: XMLElement?, at path: Path) {
        guard let element else {
            fault(path, "has no digest of its own in the media hash list")
            return
        }
        let content = element["content"]?["xxh128"]?.text
        let structure = element["structure"]?["xxh128"]?.text
        if digest?.content.hex != content { fault(path, "does not hold what the media hash list says") }
        if digest?.structure.hex != structure { fault(path, "is not arranged as the media hash list says") }
    }
}

extension FileAccess {
    /// All bytes of a small file; read from the disk itself when `fromDisk`, as far as the system lets go of what it has
    /// in memory.
    func bytes(of path: Path, fromDisk: Bool = false) throws(FileError) -> [UInt8] {
        let file = try read(path)
        if fromDisk { file.dropFromMemory() }
        let buffer = BlockBuffer()
        var bytes: [UInt8] = []
        while true {
            let block = try file.nextBlock(buffer)
            if block.isEmpty { return bytes }
            bytes += block
        }
    }
}
