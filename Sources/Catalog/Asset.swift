public import Files
public import MediaProtocol
internal import Storage

/// The key of an asset within the catalogue.
///
/// People use the first digits of its original's SHA-256 instead.
public struct AssetID: Hashable, Comparable, Sendable {
    /// The key as stored.
    public let rawValue: Int64

    /// A key as stored.
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// Older before newer.
    public static func < (left: AssetID, right: AssetID) -> Bool { left.rawValue < right.rawValue }
}

/// What an asset is.
public enum AssetKind: String, Sendable, CaseIterable {
    case photo
    case clip
    case sound
}

/// What a file is to its asset.
public enum FileRole: String, Sendable, CaseIterable {
    /// What the camera recorded; the asset is named by its digest.
    case original
    /// The same exposure in another form: the JPEG beside the raw file.
    case companion
    /// Words about it: XMP, M01.XML, SRT.
    case sidecar
    /// Sound recorded with it.
    case sound
    /// A smaller stand-in that the camera made.
    case proxy
    /// A still that the camera made of it.
    case thumbnail
    /// What stood in the original's place before it was changed.
    case former
    /// A further part of the recording, where the camera divided it among files; the original is the first.
    case segment
}

/// One asset with what counts about it: the camera's word, or a person's where one was given.
public struct Asset: Hashable, Sendable {
    /// Its key.
    public let id: AssetID
    /// The SHA-256 of its original, which names it on every machine.
    public let digest: SHA256Digest
    /// What it is.
    public let kind: AssetKind
    /// The original's file name.
    public let name: String
    /// The original's format by content.
    public let format: String
    /// Size of the original in bytes.
    public let size: Int64
    /// Why the original cannot be understood, if so.
    public let unreadable: String?
    /// What is odd about it, though it can be read.
    public let damage: String?
    /// When it was taken.
    public let time: CaptureTime
    /// Width as displayed.
    public let width: Int?
    /// Height as displayed.
    public let height: Int?
    /// Camera maker.
    public let make: String?
    /// Camera model.
    public let model: String?
    /// Camera serial number.
    public let serial: String?
    /// Lens.
    public let lens: String?
    /// Exposure time, as `1/250`.
    public let exposure: String?
    /// The f-number.
    public let aperture: Double?
    /// ISO speed.
    public let iso: Int?
    /// Focal length in millimetres.
    public let focalLength: Double?
    /// Degrees north.
    public let latitude: Double?
    /// Degrees east.
    public let longitude: Double?
    /// Metres above the sea.
    public let altitude: Double?
    /// Where the position came from, when it is not the file's own: `track ridge.gpx`, `person`.
    public let positionSource: String?
    /// ICC profile or colour space.
    public let colorProfile: String?
    /// Codec of a clip or sound.
    public let codec: String?
    /// The codec's profile.
    public let codecProfile: String?
    /// Frames a second, as `24000/1001`.
    public let frameRate: String?
    /// Length in frames.
    public let frames: Int?
    /// Length in seconds.
    public let duration: Double?
    /// Start timecode.
    public let timecode: String?
    /// Reel or tape.
    public let reel: String?
    /// Pixel format.
    public let pixelFormat: String?
    /// Primaries, transfer and matrix.
    public let color: String?
    /// Sound tracks in words.
    public let audio: String?
    /// Title.
    public let title: String?
    /// Caption.
    public let caption: String?
    /// Creator.
    public let creator: String?
    /// Credit line.
    public let credit: String?
    /// Copyright notice.
    public let copyright: String?
    /// Usage terms.
    public let usageTerms: String?
    /// Instructions.
    public let instructions: String?
    /// Place in words.
    public let place: String?
    /// Stars, −1 for rejected.
    public let rating: Int?
    /// Label.
    public let label: String?
    /// 1 picked, −1 rejected, nil undecided.
    public let pick: Int?
    /// Among how many files its pictures are divided; nil where they are in one.
    public let segments: Int?
    /// Which of its segments never came in, in words.
    public let incomplete: String?
    /// What the frames of one burst have in common.
    public let burst: String?
    /// What only clips and sounds have.
    public let footage: Footage

    /// The seven digits people see.
    public var shortName: String { String(digest.hex.prefix(7)) }
}

/// When something was taken: four facts, never one.
public struct CaptureTime: Hashable, Sendable {
    /// The camera's clock as it wrote it, in milliseconds counted as if it showed UTC.
    public let wallMilliseconds: Int64?
    /// The field that the wall time came from.
    public let wallSource: String?
    /// Minutes east of UTC, if the file, a person or the zone of its session says so.
    public let offsetMinutes: Int?
    /// Where the offset came from: a field of the file, `person`, `person (Europe/London)`, or `session Desert
    /// (America/Los_Angeles)`.
    public let offsetSource: String?
    /// What a person added to the camera's clock, in milliseconds.
    public let correctionMilliseconds: Int64
    /// The corrected time by the clocks on the wall there, counted as if they showed UTC; of a camera whose clock shows
    /// UTC it is an offset away from that.
    public let takenMilliseconds: Int64?
    /// Minutes east of UTC as the file states it, whatever counts.
    public let fileOffsetMinutes: Int?

    /// The instant in UTC, only when an offset is known.
    public var instantMilliseconds: Int64? {
        guard let taken = takenMilliseconds, let offsetMinutes else { return nil }
        return taken - Int64(offsetMinutes) * 60_000
    }
}

extension Asset {
    /// The columns in the order that `init(row:)` reads them, over `asset AS a JOIN file AS f`.
    static let columns = """
        a.id, f.sha256, a.kind, a.name, a.format, f.size, a.unreadable, a.damage,
        a.wall_ms, a.wall_source, a.offset_min, a.offset_source, a.correction_ms,
        a.width, a.height, a.make, a.model, a.serial, a.lens, a.exposure_text, a.aperture, a.iso,
        a.focal_length, a.latitude, a.longitude, a.altitude, a.color_profile,
        a.codec, a.codec_profile, a.frame_rate_text, a.frames, a.duration, a.timecode, a.reel,
        a.pixel_format, a.color, a.audio,
        a.title, a.caption, a.creator, a.credit, a.copyright, a.usage_terms, a.instructions, a.place,
        a.rating, a.label, a.pick,
        a.taken_ms, a.file_offset_min, a.position_source,
        a.segments, a.incomplete, a.burst,
        \(FootageColumns.names.map { "a.\($0)" }.joined(separator: ", "))
        """

    init(row: Row) throws {
        guard let digest = SHA256Digest(bytes: row.blob(1)), let kind = AssetKind(rawValue: row.text(2))
        else {
            throw CatalogError(
                .broken, "the catalogue has an asset without a digest or kind", next: "valhalla verify")
        }
        id = AssetID(rawValue: row.integer(0))
        self.digest = digest
        self.kind = kind
        name = row.text(3)
        format = row.text(4)
        size = row.integer(5)
        unreadable = row.textOrNil(6)
        damage = row.textOrNil(7)
        time = CaptureTime(
            wallMilliseconds: row.integerOrNil(8),
            wallSource: row.textOrNil(9),
            offsetMinutes: row.intOrNil(10),
            offsetSource: row.textOrNil(11),
            correctionMilliseconds: row.integer(12),
            takenMilliseconds: row.integerOrNil(48),
            fileOffsetMinutes: row.intOrNil(49)
        )
        width = row.intOrNil(13)
        height = row.intOrNil(14)
        make = row.textOrNil(15)
        model = row.textOrNil(16)
        serial = row.textOrNil(17)
        lens = row.textOrNil(18)
        exposure = row.textOrNil(19)
        aperture = row.realOrNil(20)
        iso = row.intOrNil(21)
        focalLength = row.realOrNil(22)
        latitude = row.realOrNil(23)
        longitude = row.realOrNil(24)
        altitude = row.realOrNil(25)
        colorProfile = row.textOrNil(26)
        codec = row.textOrNil(27)
        codecProfile = row.textOrNil(28)
        frameRate = row.textOrNil(29)
        frames = row.intOrNil(30)
        duration = row.realOrNil(31)
        timecode = row.textOrNil(32)
        reel = row.textOrNil(33)
        pixelFormat = row.textOrNil(34)
        color = row.textOrNil(35)
        audio = row.textOrNil(36)
        title = row.textOrNil(37)
        caption = row.textOrNil(38)
        creator = row.textOrNil(39)
        credit = row.textOrNil(40)
        copyright = row.textOrNil(41)
        usageTerms = row.textOrNil(42)
        instructions = row.textOrNil(43)
        place = row.textOrNil(44)
        rating = row.intOrNil(45)
        label = row.textOrNil(46)
        pick = row.intOrNil(47)
        positionSource = row.textOrNil(50)
        segments = row.intOrNil(51)
        incomplete = row.textOrNil(52)
        burst = row.textOrNil(53)
        footage = FootageColumns.footage(row, from: 54)
    }
}

extension Catalog {
    /// The asset of this key.
    public func asset(_ id: AssetID) throws -> Asset {
        let found = try connection.first(
            "SELECT \(Asset.columns) FROM asset AS a JOIN file AS f ON f.id = a.file WHERE a.id = ?",
            [.integer(id.rawValue)],
            Asset.init(row:)
        )
        guard let found else {
            throw CatalogError(.notFound, "there is no asset with the key \(id.rawValue)")
        }
        return found
    }

    /// The one asset whose original's SHA-256 begins with these hexadecimal digits, as git names a commit.
    ///
    /// Throws `CatalogError` when there is none, or more than one, which it names.
    public func resolve(_ prefix: String) throws -> AssetID {
        let digits = prefix.lowercased()
        guard digits.count >= 4, digits.count <= 64, digits.allSatisfy(\.isHexDigit) else {
            throw CatalogError(
                .notFound, "“\(prefix)” is not an id: an id is 4 or more of the digits 0–9 and a–f",
                next: "valhalla find lists assets with their ids")
        }
        let found = try connection.rows(
            """
            SELECT a.id, a.name, f.sha256
              FROM file  AS f
              JOIN asset AS a ON a.file = f.id
             WHERE f.sha256 BETWEEN ? AND ?
               AND hex(f.sha256) LIKE ? || '%'
               AND a.present = 1
             LIMIT 6
            """,
            [
                .blob(Catalog.digestBound(digits, filler: "0")),
                .blob(Catalog.digestBound(digits, filler: "f")),
                .text(digits),
            ]
        ) { (id: AssetID(rawValue: $0.integer(0)), name: $0.text(1), digest: hexadecimal($0.blob(2))) }
        guard let first = found.first else {
            if let clip = try clip(withSegment: digits) { return clip }
            throw CatalogError(
                .notFound, "there is no asset \(prefix)", next: "valhalla find lists assets with their ids")
        }
        guard found.count == 1 else {
            throw CatalogError(
                .notFound, "\(prefix) names more than one asset",
                details: found.map { "\($0.digest.prefix(digits.count + 4))  \($0.name)" },
                next: "give more digits")
        }
        return first.id
    }

    /// The clip that has a file with this beginning of a digest as one of its segments: who noted the second part by its
    /// id before the first came in finds the whole.
    private func clip(withSegment digits: String) throws -> AssetID? {
        try connection.first(
            """
            SELECT af.asset
              FROM file       AS f
              JOIN asset_file AS af ON af.file = f.id AND af.role = 'segment' AND af.present = 1
              JOIN asset      AS a  ON a.id = af.asset AND a.present = 1
             WHERE f.sha256 BETWEEN ? AND ?
               AND hex(f.sha256) LIKE ? || '%'
             LIMIT 1
            """,
            [
                .blob(Catalog.digestBound(digits, filler: "0")),
                .blob(Catalog.digestBound(digits, filler: "f")),
                .text(digits),
            ]
        ) { AssetID(rawValue: $0.integer(0)) }
    }

    static func digestBound(_ digits: String, filler: Character) -> [UInt8] {
        let padded = Array(digits + String(repeating: filler, count: 64 - digits.count))
        return stride(from: 0, to: 64, by: 2).map { UInt8(String(padded[$0...($0 + 1)]), radix: 16) ?? 0 }
    }
}
