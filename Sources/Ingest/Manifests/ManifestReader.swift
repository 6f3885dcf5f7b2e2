internal import Catalog
internal import Files
internal import MediaProtocol
internal import Workers

/// Reads manifests: takes their digests itself, and has the worker say what they list.
final class ManifestReader {
    /// A manifest, read.
    struct Manifest {
        var entries: [ManifestEntry]
        var summary: ManifestSummary
        var digests: Digests
        var c4: ListedDigest
        var identity: FileIdentity
    }

    /// Why a manifest cannot be used, as a clause behind its name and a colon.
    struct Refusal: Error {
        var reason: String
        /// Its digest, where at least that could be taken.
        var c4: ListedDigest?
    }

    private let access: FileAccess
    private let worker: Worker
    private let buffer = BlockBuffer()

    init(access: FileAccess, program: WorkerProgram) {
        self.access = access
        worker = Worker(program)
    }

    /// Throws `Refusal`, or `WorkerError` when the reader cannot be started at all.
    func read(_ path: Path) throws -> Manifest {
        let stream = ListedDigestStream([.c4])
        let digests: Digests
        let identity: FileIdentity
        do throws(FileError) {
            let original = try access.read(path)
            identity = original.identity
            digests = try original.digests(
                buffer: buffer,
                each: { block throws(FileError) in stream.update(block) }
            )
        } catch {
            throw Refusal(reason: error.reason)
        }
        guard let c4 = stream.finish(with: digests)[.c4] else {
            preconditionFailure("a stream gives the digests that it was made for")
        }
        var entries: [ManifestEntry] = []
        try worker.send(.manifest(path: path.bytes))
        while true {
            switch try worker.receive() {
            case .reply(.manifest(let page)):
                entries += page.entries
                guard let summary = page.summary else { continue }
                return Manifest(
                    entries: entries, summary: summary, digests: digests, c4: c4, identity: identity)
            case .reply(.failed(let reason)): throw Refusal(reason: "it " + reason, c4: c4)
            case .lost(let reason): throw Refusal(reason: reason, c4: c4)
            case .reply: throw Refusal(reason: "the reader answered another question", c4: c4)
            }
        }
    }
}

/// The names under which manifests lie.
enum ManifestName {
    /// The folder of an ASC MHL history.
    static let folder = Path("ascmhl")
    static let chain = Path("ascmhl_chain.xml")

    /// True for a list, by its name; what macOS keeps beside it on cards is none.
    static func isList(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        // Most names are told by their last letter.
        guard let last = name.last, last | 0x20 == UInt8(ascii: "l"), name.count > 4 else { return false }
        guard !name.starts(with: "._".utf8) else { return false }
        return name.suffix(4).elementsEqual(".mhl".utf8) || name.suffix(4).elementsEqual(".MHL".utf8)
    }

    /// True for what an offload leaves beside the files: a list, or anything in the folder of a history.
    static func isEvidence(_ path: Path) -> Bool { isList(path.bytes) || path.folder.name == folder }

    /// `2` of `0002_A001_2016-05-03_180000Z.mhl`.
    static func generation(_ name: Path) -> Int? {
        let digits = name.bytes.prefix { (0x30...0x39).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
