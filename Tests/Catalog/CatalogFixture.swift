import Catalog
import Files
import Foundation
import MediaProtocol

/// A catalogue of a test's own, with a clock that the test turns and assets made of nothing.
final class CatalogFixture {
    let folder: URL
    private(set) var catalog: Catalog
    private let time: Clock

    final class Clock {
        var now: Int64 = 1_463_162_400_000  // 13 May 2016, 18:00 UTC
    }

    var now: Int64 {
        get { time.now }
        set { time.now = newValue }
    }

    var databasePath: String { folder.appending(path: "catalog.sqlite").path() }

    init(person: String = "Andreas Neumann", machine: String = "laptop") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let time = Clock()
        self.time = time
        catalog = try Catalog(
            path: folder.appending(path: "catalog.sqlite").path(), creating: true,
            author: Author(machineIdentity: machine, machineName: machine, person: person)
        ) {
            time.now += 1
            return time.now
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Digests of a content that is told by a number alone.
    static func digests(_ number: Int) -> Digests {
        var bytes = [UInt8](repeating: 0, count: 32)
        for index in 0..<8 {
            bytes[index] = UInt8(truncatingIfNeeded: (number &* 2_654_435_761) >> (index * 8))
        }
        bytes[31] = UInt8(truncatingIfNeeded: number)
        bytes[30] = UInt8(truncatingIfNeeded: number >> 8)
        guard let sha256 = SHA256Digest(bytes: bytes),
            let xxh128 = XXH128Digest(bytes: Array(bytes.suffix(16)))
        else {
            preconditionFailure("32 and 16 bytes were given")
        }
        return Digests(sha256: sha256, xxh128: xxh128)
    }

    static func content(_ number: Int, format: String = "JPEG") -> FileContent {
        .read(
            ReadContent(
                digests: digests(number), size: Int64(1_000 + number), format: format, unreadable: nil,
                rawTags: [],
                rawDictionary: 0))
    }

    static func identity(_ number: Int) -> FileIdentity {
        FileIdentity(size: Int64(1_000 + number), modifiedNanoseconds: Int64(number), inode: Int64(number))
    }

    /// A photograph whose content is `number`, at `shoot/NAME` of the volume.
    static func photograph(
        _ number: Int,
        volume: Int64,
        name: String? = nil,
        adjust: (inout Reading) -> Void = { _ in }
    ) -> GroupRecord {
        let name = name ?? "L100\(number).JPG"
        var reading = Reading(format: "JPEG", kind: .photo)
        reading.taken = WallTime(
            milliseconds: 1_463_162_000_000 + Int64(number) * 1_000, offsetMinutes: nil, source: "Exif")
        adjust(&reading)
        let copy = CopyRecord(
            volume: volume, path: Path("shoot/\(name)"), kind: .archive, identity: identity(number),
            checkedAt: nil,
            existing: nil)
        return GroupRecord(
            kind: .photo, asset: nil, name: name, reading: reading, unreadable: nil,
            files: [FileRecord(role: .original, name: name, content: content(number), copies: [copy])])
    }

    /// Imports photographs with the contents `numbers`, and gives their keys.
    @discardableResult
    func importing(
        _ numbers: [Int],
        session: String? = nil,
        tags: [String] = [],
        adjust: (Int, inout Reading) -> Void = { _, _ in }
    ) throws -> [AssetID] {
        let run = try catalog.beginImport(
            source: Path("/shoot"), command: "import /shoot", session: session,
            tags: try tags.map { try TagPath($0) })
        let volume = try run.volume(key: "uuid:1", name: "SHOOT-A", mount: Path("/"))
        let outcomes = try run.record(
            groups: numbers.map { number in
                CatalogFixture.photograph(number, volume: volume) { adjust(number, &$0) }
            }, strays: [])
        var counts = ImportCounts()
        counts.seen = numbers.count
        counts.new = numbers.count
        try run.finish(counts)
        return outcomes.compactMap(\.asset)
    }

    /// Puts what passed the gate on record as delivered: each item as one file, whose bytes are those of a content.
    func deliver(_ gated: GatedSelection, _ number: String, bytes: Int = 1) throws {
        let digest = CatalogFixture.digests(bytes).sha256
        try catalog.change("export", kind: .delivery) { change in
            try change.record(
                delivery: number, of: gated, preset: "exhibit", place: Path("/out"), seal: digest,
                files: gated.cleared.map {
                    DeliveredFile(
                        asset: $0.asset.id, name: "\($0.number).jpg", digest: digest, size: 1,
                        basis: $0.basis?.id)
                })
        }
    }
}
