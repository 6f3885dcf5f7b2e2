import Catalog
import Export
import Files
import Foundation
import MediaProtocol
import Testing
import Workers

/// An archive of a test's own with pictures, clips and sounds that were drawn for it, all of them full of secrets.
final class ExportFixture {
    /// What was planted somewhere and must not be anywhere in a package.
    private(set) var secrets: [String] = []
    let scratch: Scratch
    let catalog: Catalog
    let source: URL
    private var count = 0
    let now: Int64 = 1_463_162_400_000  // 13 May 2016, 18:00 UTC

    static let person = "Andreas Neumann"

    init() throws {
        scratch = try Scratch("canary-archive-folder")
        source = scratch.folder.appending(path: "canary-source-folder")
        try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
        let now = now
        var clock = now
        catalog = try Catalog(
            path: scratch.path("catalog.sqlite"),
            creating: true,
            author: Author(
                machineIdentity: "canary-machine-identity",
                machineName: "canary-machine-name",
                person: Self.person
            )
        ) {
            clock += 1
            return clock
        }
        secrets = ["canary", Host.current().name, NSUserName() == "root" ? nil : NSUserName()].compactMap(
            \.self
        )
        .filter { $0 != "localhost" && $0.count > 3 }
    }

    // MARK: Drawing

    /// A photograph full of metadata that must stay at home.
    func photograph(
        _ title: String?,
        width: Int = 640,
        height: Int = 426,
        color: String = "0xc0703a",
        adjust: (inout Reading) -> Void = { _ in }
    ) throws -> AssetID {
        count += 1
        let name = "canary-name-\(count).jpg"
        let file = source.appending(path: name).path()
        try draw(
            "-f",
            "lavfi",
            "-i",
            "gradients=s=\(width)x\(height):c0=\(color):c1=0x1a1410:seed=\(count)",
            "-frames:v",
            "1",
            "-q:v",
            "3",
            file
        )
        let planted =
            Tool.isThere("exiftool")
            ? try Tool.run(
                "exiftool",
                "-q",
                "-overwrite_original",
                "-Make=canary-make",
                "-Model=canary-model",
                "-SerialNumber=canary-serial",
                "-OwnerName=canary-owner",
                "-Software=canary-software",
                "-GPSLatitude=34.1",
                "-GPSLongitude=-116.3",
                "-GPSLatitudeRef=N",
                "-GPSLongitudeRef=W",
                "-Keywords=canary-keyword",
                "-XMP:Subject=canary-subject",
                "-XMP:PersonInImage=canary-person",
                "-XMP:HistoryAction=canary-history",
                "-Comment=canary-comment",
                "-UserComment=canary-usercomment",
                "-IPTC:SpecialInstructions=canary-instructions",
                "-XMP:Label=canary-label",
                "-XMP:Rating=5",
                "-XMP:Title=canary-file-title",
                "-ImageDescription=canary-description",
                "-Artist=canary-artist",
                file
            )
            : Tool.Outcome(code: 0, text: "")
        #expect(planted.code == 0, "\(planted.text)")
        var reading = Reading(format: "JPEG", kind: .photo)
        reading.width = width
        reading.height = height
        reading.title = title
        reading.creator = Self.person
        reading.credit = "Courtesy of the artist"
        reading.copyright = "© Andreas Neumann"
        reading.usageTerms = "For this exhibit only"
        reading.make = "canary-reading-make"
        reading.place = "canary-reading-place"
        reading.instructions = "canary-reading-instructions"
        reading.keywords = ["canary-reading-keyword"]
        reading.people = ["canary-reading-person"]
        adjust(&reading)
        return try record(file, reading, kind: .photo)
    }

    /// A photograph of which nothing can be seen: it ends before its picture does.
    func cutPhotograph(_ title: String) throws -> AssetID {
        count += 1
        let file = source.appending(path: "canary-cut-\(count).jpg")
        try Data([0xFF, 0xD8, 0xFF, 0xE0, 0, 4, UInt8(count), 0]).write(to: file)
        var reading = Reading(format: "JPEG", kind: .photo)
        reading.title = title
        return try record(file.path(), reading, kind: .photo)
    }

    /// An asset with these words, of which there is nothing to see: for texts alone.
    func undrawn(_ reading: Reading) throws -> AssetID {
        count += 1
        let file = source.appending(path: "IMG_417\(count).JPG")
        try Data("\(count)".utf8).write(to: file)
        let kind: AssetKind =
            switch reading.kind {
            case .clip: .clip
            case .sound: .sound
            default: .photo
            }
        return try record(file.path(), reading, kind: kind)
    }

    /// A clip with timecode whose container tells where it was made, and by whom.
    func clip(
        _ title: String?, ending: String = "mov", isClean: Bool = false, codec: String? = nil
    ) throws -> AssetID {
        count += 1
        // ProRes has no place for notes between its pictures; MPEG-4 has one, and is never copied as it is.
        let codec = codec ?? (isClean ? "prores" : "mpeg4")
        let file = source.appending(path: "canary-clip-\(count).\(ending)").path()
        let drawn = isClean ? scratch.path("drawn.mov") : file
        try draw(
            "-f",
            "lavfi",
            "-i",
            "gradients=s=480x272:d=2:r=24:c0=0x5a7a9a:c1=0x101418:seed=\(count + 3)",
            "-f",
            "lavfi",
            "-i",
            "sine=220:d=2",
            "-c:v",
            codec,
            "-q:v",
            "4",
            "-c:a",
            "aac",
            "-shortest",
            "-timecode",
            "01:02:03:04",
            "-metadata",
            "title=canary-clip-title",
            "-metadata",
            "comment=canary-clip-comment",
            "-metadata",
            "location=+34.1-116.3/",
            "-metadata",
            "artist=canary-clip-artist",
            "-metadata:s:v",
            "handler_name=canary-handler",
            "-metadata",
            "creation_time=2016-05-13T10:00:00Z",
            drawn
        )
        if isClean {
            try draw(
                "-i",
                drawn,
                "-map",
                "0:v",
                "-map",
                "0:a",
                "-c",
                "copy",
                "-fflags",
                "+bitexact",
                "-map_metadata",
                "-1",
                "-map_metadata:s",
                "-1",
                file
            )
        }
        var reading = Reading(
            format: ending == "mp4" ? "MP4" : ending == "mov" ? "QuickTime" : "AVI",
            kind: .clip
        )
        reading.width = 480
        reading.height = 272
        reading.codec = codec
        reading.duration = 2
        reading.title = title
        reading.creator = Self.person
        return try record(file, reading, kind: .clip)
    }

    /// A clip in H.264 or HEVC in which notes stand between the pictures, as AVCHD cameras and encoders leave them.
    func notedClip(_ title: String, codec: String, ending: String) throws -> AssetID {
        count += 1
        let file = source.appending(path: "canary-clip-\(count).\(ending)").path()
        let encoder =
            codec == "hevc"
            ? ["-c:v", "libx265", "-x265-params", "log-level=none"] : ["-c:v", "libx264", "-bf", "2"]
        let note =
            codec == "hevc"
            ? []
            : [
                "-bsf:v",
                "h264_metadata=sei_user_data=17ee8c60-f84d-11d9-8cd6-0800200c9a66+canary-note-between-pictures",
            ]
        try draw(
            ["-f", "lavfi", "-i", "testsrc2=s=320x180:d=1:r=24", "-pix_fmt", "yuv420p"] + encoder + note + [
                file
            ]
        )
        var reading = Reading(format: ending == "mp4" ? "MP4" : "MPEG-TS", kind: .clip)
        reading.width = 320
        reading.height = 180
        reading.codec = codec
        reading.title = title
        return try record(file, reading, kind: .clip)
    }

    /// A sound with a note in it.
    func sound(_ title: String?) throws -> AssetID {
        count += 1
        let file = source.appending(path: "canary-sound-\(count).wav").path()
        try draw("-f", "lavfi", "-i", "sine=330:d=1", "-metadata", "comment=canary-sound-comment", file)
        var reading = Reading(format: "WAV", kind: .sound)
        reading.duration = 1
        reading.title = title
        return try record(file, reading, kind: .sound)
    }

    private func draw(_ arguments: String...) throws { try draw(arguments) }

    private func draw(_ arguments: [String]) throws {
        let outcome = try Tool.run("ffmpeg", ["-nostdin", "-loglevel", "error", "-y"] + arguments)
        #expect(outcome.code == 0, "\(outcome.text)")
    }

    private func record(_ file: String, _ reading: Reading, kind: AssetKind) throws -> AssetID {
        let path = Path(file)
        let access = FileAccess()
        let digests = try Digests.ofFile(path, access: access, buffer: BlockBuffer())
        let status = try access.status(of: path)
        let run = try catalog.beginImport(
            source: Path(source.path()),
            command: "import canary",
            session: "canary-session",
            tags: [try TagPath("canary-tag/below")]
        )
        let located = try VolumeLocation.of(path, access: access)
        let volume = try run.volume(
            key: located.volume.key,
            name: "canary-volume",
            mount: located.volume.mount
        )
        let group = GroupRecord(
            kind: kind,
            asset: nil,
            name: path.name.display,
            reading: reading,
            unreadable: nil,
            files: [
                FileRecord(
                    role: .original,
                    name: path.name.display,
                    content: .read(
                        ReadContent(
                            digests: digests,
                            size: status.identity.size,
                            format: reading.format,
                            unreadable: nil,
                            rawTags: [],
                            rawDictionary: 0
                        )
                    ),
                    copies: [
                        CopyRecord(
                            volume: volume,
                            path: located.path,
                            kind: .archive,
                            identity: status.identity,
                            checkedAt: nil,
                            existing: nil
                        )
                    ]
                )
            ]
        )
        let outcomes = try run.record(groups: [group], strays: [])
        var counts = ImportCounts()
        counts.seen = 1
        counts.new = 1
        try run.finish(counts)
        return try #require(outcomes.first?.asset)
    }

    /// The file of an asset.
    func file(of asset: AssetID) throws -> Path {
        try #require(try catalog.files(of: asset).first?.copies.first?.location)
    }

    /// A photograph that lies elsewhere.
    func adopt(_ file: String, _ title: String?) throws -> AssetID {
        count += 1
        let copy = source.appending(path: "canary-name-\(count).jpg").path()
        try FileManager.default.copyItem(atPath: file, toPath: copy)
        var reading = Reading(format: "JPEG", kind: .photo)
        reading.title = title
        reading.creator = Self.person
        reading.credit = "Courtesy of the artist"
        reading.copyright = "© Andreas Neumann"
        reading.taken = WallTime(milliseconds: 1_463_155_200_000, offsetMinutes: nil, source: "Exif")
        return try record(copy, reading, kind: .photo)
    }

    // MARK: Choosing and clearing

    func select(_ name: String, note: String? = nil, _ assets: [AssetID], held: Set<AssetID> = []) throws {
        try catalog.change("select canary") {
            try $0.make(selection: name, note: note)
            try $0.add(assets, toSelection: name)
        }
        try catalog.change("clear canary", kind: .decision) {
            var clear = NewDecision(.cleared, purpose: .exhibit, by: "canary-decider")
            clear.reason = "canary-reason"
            try $0.add(artist: "canary-decider", .clear, in: nil, by: nil)
            try $0.decide(clear, about: assets)
            guard !held.isEmpty else { return }
            var hold = NewDecision(.held, purpose: nil, by: "canary-holder")
            hold.reason = "canary-hold-reason"
            try $0.decide(hold, about: Array(held))
        }
    }

    func gated(_ name: String, _ purpose: Purpose = .exhibit, in territory: String? = nil) throws
        -> GatedSelection
    {
        try catalog.gate(
            selection: name,
            GateQuestion(
                purpose: purpose,
                recipient: "Institute of Arts, Detroit",
                territory: territory,
                at: now + 1_000_000
            )
        )
    }

    // MARK: Exporting

    static var media: WorkerProgram {
        .media(in: Array(Bundle.main.bundleURL.path(percentEncoded: false).utf8))
    }

    /// A folder beside the archive that holds nothing but what is exported.
    func outbox() throws -> Scratch { try Scratch("outbox") }

    func request(_ folder: String) -> ExportRequest {
        ExportRequest(
            destination: Path(folder),
            number: "2016-0007",
            house: Self.person,
            place: "Joshua Tree",
            at: now,
            lastMoment: { "the last moment before \($0)" }
        )
    }

    @discardableResult
    func export(
        _ name: String,
        to folder: String,
        purpose: Purpose = .exhibit,
        territory: String? = nil,
        access: FileAccess = FileAccess(),
        media: WorkerProgram = ExportFixture.media,
        interruption: Interruption = Interruption(),
        progress: @escaping @Sendable (ExportEvent) -> Void = { _ in }
    ) throws -> ExportReport {
        try Exporter(media: media, access: access)
            .export(
                try gated(name, purpose, in: territory),
                as: .exhibit,
                request(folder),
                interruption: interruption,
                progress: progress
            )
    }
}
