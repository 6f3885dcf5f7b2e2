import Chance
import Catalog
import Files
import Foundation
import MediaProtocol
import Testing

@testable import Ingest

@Suite("Grouping")
struct GroupingTests {
    typealias Member = Grouping.Member

    static func raw(_ name: String, at second: Int64? = 0, model: String? = "M", format: String = "DNG")
        -> Member
    {
        Member(
            path: Path(name),
            nature: .photo,
            format: format,
            placed: nil,
            wallMilliseconds: second.map { $0 * 1000 },
            model: model,
            contentIdentifier: nil
        )
    }

    static func jpeg(_ name: String, at second: Int64? = 0, model: String? = "M", id: String? = nil) -> Member
    {
        Member(
            path: Path(name),
            nature: .photo,
            format: "JPEG",
            placed: nil,
            wallMilliseconds: second.map { $0 * 1000 },
            model: model,
            contentIdentifier: id
        )
    }

    static func other(_ name: String, _ nature: Sniffed.Nature, _ format: String, id: String? = nil) -> Member
    {
        Member(
            path: Path(name),
            nature: nature,
            format: format,
            placed: nil,
            wallMilliseconds: nil,
            model: nil,
            contentIdentifier: id
        )
    }

    static func sidecar(_ name: String) -> Member { other(name, .sidecar, "XMP") }

    /// The groups in words: `A.DNG + companion A.JPG`, with `-` before files without an asset.
    func grouped(_ members: [Member]) -> [String] {
        Grouping.groups(members).map { group in
            (group.kind == nil ? "- " : "")
                + group.files.enumerated().map { index, file in
                    (index == 0 ? "" : "\(file.role.rawValue) ") + members[file.member].path.display
                }.joined(separator: " + ")
        }
    }

    @Test("joins RAW and JPEG of one second, and never by name alone")
    func pairs() {
        #expect(grouped([Self.raw("A.DNG"), Self.jpeg("A.JPG")]) == ["A.DNG + companion A.JPG"])
        #expect(grouped([Self.raw("A.DNG"), Self.jpeg("A.JPG", at: 1)]) == ["A.DNG", "A.JPG"])
        #expect(grouped([Self.raw("A.DNG", at: nil), Self.jpeg("A.JPG", at: nil)]) == ["A.DNG", "A.JPG"])
        #expect(grouped([Self.raw("A.DNG"), Self.jpeg("A.JPG", at: nil)]) == ["A.DNG", "A.JPG"])
        #expect(grouped([Self.raw("A.DNG"), Self.jpeg("A.JPG", model: "N")]) == ["A.DNG", "A.JPG"])
        #expect(grouped([Self.raw("A.DNG"), Self.jpeg("A.JPG", model: nil)]) == ["A.DNG + companion A.JPG"])
        #expect(grouped([Self.jpeg("A.JPG"), Self.jpeg("A.JPEG")]) == ["A.JPG", "A.JPEG"])
    }

    @Test("compares whole seconds, before 1970 as well")
    func fractions() {
        var early = Self.raw("A.DNG")
        var late = Self.jpeg("A.JPG")
        (early.wallMilliseconds, late.wallMilliseconds) = (5_000, 5_999)
        #expect(grouped([early, late]).count == 1)
        (early.wallMilliseconds, late.wallMilliseconds) = (4_999, 5_000)
        #expect(grouped([early, late]).count == 2)
        (early.wallMilliseconds, late.wallMilliseconds) = (-1, 1)
        #expect(grouped([early, late]).count == 2)
    }

    @Test("takes the camera's raw file before a DNG, a raw file before a TIFF, and a TIFF before a JPEG")
    func masters() {
        #expect(
            grouped([Self.raw("A.DNG"), Self.raw("A.CR2", format: "CR2"), Self.jpeg("A.JPG")])
                == ["A.DNG", "A.CR2 + companion A.JPG"]
        )
        #expect(
            grouped([Self.raw("A.TIF", format: "TIFF"), Self.raw("A.CR2", format: "CR2"), Self.jpeg("A.JPG")])
                == ["A.TIF", "A.CR2 + companion A.JPG"]
        )
        #expect(
            grouped([Self.jpeg("A.JPG"), Self.raw("A.TIF", format: "TIFF")]) == ["A.TIF + companion A.JPG"]
        )
    }

    @Test("gives a sidecar to what it is named after")
    func sidecars() {
        let members = [
            Self.raw("A.CR2", format: "CR2"), Self.jpeg("A.JPG", at: 9), Self.sidecar("A.xmp"),
            Self.sidecar("A.CR2.xmp"), Self.sidecar("A_01.CR2.xmp"), Self.sidecar("A.NEF.xmp"),
        ]
        #expect(
            grouped(members) == [
                "A.CR2 + sidecar A.xmp + sidecar A.CR2.xmp + sidecar A_01.CR2.xmp", "A.JPG + sidecar A.xmp",
                "- A.NEF.xmp",
            ]
        )
    }

    @Test("gives a sidecar of a companion to the asset of both")
    func companionSidecar() {
        #expect(
            grouped([Self.raw("A.DNG"), Self.jpeg("A.JPG"), Self.sidecar("A.JPG.xmp")])
                == ["A.DNG + companion A.JPG + sidecar A.JPG.xmp"]
        )
    }

    @Test("makes a WAV the sound of the clip, or else of the picture, of its name")
    func sounds() {
        let wav = Self.other("A.WAV", .sound, "WAV")
        let clip = Self.other("A.MOV", .clip, "QuickTime")
        #expect(grouped([wav, clip]) == ["A.MOV + sound A.WAV"])
        #expect(grouped([wav, Self.jpeg("A.JPG")]) == ["A.JPG + sound A.WAV"])
        #expect(grouped([wav, Self.jpeg("A.JPG"), clip]) == ["A.JPG", "A.MOV + sound A.WAV"])
        #expect(grouped([wav, Self.sidecar("A.xmp")]) == ["A.WAV + sidecar A.xmp"])
        #expect(grouped([Self.other("A.MP3", .sound, "MP3"), clip]) == ["A.MP3", "A.MOV"])
    }

    @Test("joins a Live Photo by its identifier, not by its name")
    func livePhotos() {
        let clip = Self.other("A.MOV", .clip, "QuickTime", id: "X")
        #expect(grouped([Self.jpeg("A.HEIC", id: "X"), clip]) == ["A.HEIC + companion A.MOV"])
        #expect(grouped([Self.jpeg("A.HEIC", id: "Y"), clip]) == ["A.HEIC", "A.MOV"])
        #expect(grouped([Self.jpeg("A.HEIC"), clip]) == ["A.HEIC", "A.MOV"])
        #expect(
            grouped([Self.jpeg("A.HEIC", id: ""), Self.other("A.MOV", .clip, "QuickTime", id: "")])
                == ["A.HEIC", "A.MOV"]
        )
    }

    @Test("gives thumbnails and proxies to the clip, and to the picture only when there is none")
    func thumbnails() {
        let thumbnail = Self.other("A.THM", .thumbnail, "JPEG")
        let clip = Self.other("A.AVI", .clip, "AVI")
        #expect(grouped([thumbnail, clip, Self.jpeg("A.JPG")]) == ["A.AVI + thumbnail A.THM", "A.JPG"])
        #expect(grouped([thumbnail, Self.raw("A.CRW", format: "CRW")]) == ["A.CRW + thumbnail A.THM"])
        #expect(grouped([thumbnail]) == ["- A.THM"])
    }

    @Test("is by content: every file is in at least one group, none twice in one", arguments: 0..<300)
    func everyFile(seed: Int) {
        var random = SeededRandom(seed: seed)
        let names = [
            "A.DNG", "A.JPG", "A.CR2", "A.xmp", "A.CR2.xmp", "A.WAV", "A.MOV", "A.THM", "A.LRV",
            "A_01.CR2.xmp",
        ]
        let natures: [(Sniffed.Nature, String)] = [
            (.photo, "JPEG"), (.photo, "DNG"), (.photo, "CR2"), (.photo, "TIFF"), (.clip, "MP4"),
            (.sound, "WAV"),
            (.sidecar, "XMP"), (.thumbnail, "JPEG"), (.proxy, "MP4"),
        ]
        let members = names.shuffled(using: &random).prefix(Int.random(in: 1...names.count, using: &random))
            .map { name in
                let (nature, format) = natures.randomElement(using: &random) ?? (.photo, "JPEG")
                return Member(
                    path: Path(name),
                    nature: nature,
                    format: format,
                    placed: Int.random(in: 0..<6, using: &random) == 0 ? .proxy : nil,
                    wallMilliseconds: [nil, 0, 500, 9_000].randomElement(using: &random) ?? nil,
                    model: [nil, "M", "N"].randomElement(using: &random) ?? nil,
                    contentIdentifier: [nil, "X", "Y"].randomElement(using: &random) ?? nil
                )
            }
        let groups = Grouping.groups(Array(members))
        #expect(Set(groups.flatMap { $0.files.map(\.member) }) == Set(members.indices), "seed \(seed)")
        for group in groups {
            #expect(Set(group.files.map(\.member)).count == group.files.count, "seed \(seed)")
            #expect(group.files.count { $0.role == .original } == (group.kind == nil ? 0 : 1), "seed \(seed)")
        }
        let originals = groups.flatMap {
            $0.files.filter { [.original, .companion].contains($0.role) }.map(\.member)
        }
        #expect(originals.count == Set(originals).count, "seed \(seed)")
        #expect(groups == Grouping.groups(Array(members)), "seed \(seed)")
    }

    @Test("gathers the files of a folder that may belong together, by bytes")
    func clusters() {
        let names = [
            "A.CR2", "A.CR2.xmp", "A.JPG", "A.xmp", "A_01.CR2.xmp", "B.MOV", "B.MOV.srt", "C0001.MP4",
            "C0001M01.XML",
            "a.jpg", "café.jpg", "cafe\u{301}.jpg", "no ending",
        ].map { Path($0) }
        let clusters = Cluster.inFolder(names).map { $0.map { names[$0].display } }
        #expect(
            clusters == [
                ["A.CR2", "A.CR2.xmp", "A.JPG", "A.xmp", "A_01.CR2.xmp"], ["B.MOV", "B.MOV.srt"],
                ["C0001.MP4", "C0001M01.XML"], ["a.jpg"], ["café.jpg"], ["cafe\u{301}.jpg"], ["no ending"],
            ]
        )
    }

    @Test("gathers the files of a Sony card clip by clip")
    func card() {
        let paths = [
            "CLIP/C0001.MP4", "CLIP/C0001M01.XML", "CLIP/C0001.xmp", "CLIP/C0002.MP4", "MEDIAPRO.XML",
            "STATUS.BIN",
            "SUB/C0001S03.MP4", "THMBNL/C0001T01.JPG", "THMBNL/C0002T01.JPG",
        ].map { Path($0) }
        let clusters = Cluster.onCard(paths, places: paths.map { CardLayout.xavc.place(of: $0) }).map {
            $0.map { paths[$0].name.display }
        }
        #expect(
            clusters == [
                ["C0001.MP4", "C0001M01.XML", "C0001.xmp", "C0001S03.MP4", "C0001T01.JPG"],
                ["C0002.MP4", "C0002T01.JPG"], ["MEDIAPRO.XML"], ["STATUS.BIN"],
            ]
        )
    }
}

@Suite("What an asset's files say together")
struct MergedReadingTests {
    typealias Voice = MergedReading.Voice

    @Test("keeps the file's own words that forbid its use, whatever a sidecar says in their place")
    func caveats() {
        var original = Reading(format: "JPEG", kind: .photo)
        original.caption = "Do not reuse."
        original.caveats = ["Embargo until 21990318 (IIM 2:30)"]
        var sidecar = Reading(format: "XMP", kind: .sidecar)
        sidecar.caption = "Walking back"
        let merged = MergedReading.of(original, with: [Voice(standing: .sidecarOfFile, reading: sidecar)])
        #expect(merged.caption == "Walking back")
        #expect(Set(merged.caveats) == ["Do not reuse.", "Embargo until 21990318 (IIM 2:30)"])
    }

    static func reading(_ adjust: (inout Reading) -> Void) -> Reading {
        var reading = Reading(format: "JPEG", kind: .photo)
        adjust(&reading)
        return reading
    }

    @Test("is the sidecar's in words, the original's in pixels, the companion's where both are silent")
    func precedence() {
        let original = Self.reading {
            $0.title = "camera"
            $0.rating = 1
            $0.width = 100
        }
        let sidecar = Self.reading {
            $0.rating = 5
            $0.width = 7
            $0.keywords = ["a"]
        }
        let companion = Self.reading {
            $0.rating = 3
            $0.caption = "from the JPEG"
            $0.lens = "Summicron"
            $0.height = 7
        }
        let merged = MergedReading.of(
            original,
            with: [
                Voice(standing: .companion, reading: companion),
                Voice(standing: .sidecarOfStem, reading: sidecar),
            ]
        )
        #expect(merged.title == "camera")
        #expect(merged.rating == 5)
        #expect(merged.caption == "from the JPEG")
        #expect(merged.lens == "Summicron")
        #expect(merged.keywords == ["a"])
        #expect(merged.width == 100)
        #expect(merged.height == nil)
    }

    @Test("makes no place out of two halves")
    func places() {
        let original = Self.reading {
            $0.latitude = 51
            $0.longitude = -0.1
            $0.altitude = 20
        }
        let halved = Self.reading { $0.latitude = 1 }
        let whole = Self.reading {
            $0.latitude = 34
            $0.longitude = -116
        }
        #expect(
            MergedReading.of(original, with: [Voice(standing: .sidecarOfFile, reading: halved)]).latitude
                == 51
        )
        let moved = MergedReading.of(original, with: [Voice(standing: .sidecarOfFile, reading: whole)])
        #expect(moved.latitude == 34 && moved.longitude == -116 && moved.altitude == nil)
    }

    @Test("believes a camera's own sidecar about the time, when the clip does not say where its clock stands")
    func time() {
        let silent = WallTime(milliseconds: 1_000, offsetMinutes: nil, source: "mvhd")
        let stated = WallTime(milliseconds: 3_601_000, offsetMinutes: 60, source: "CreationDate")
        let clip = Self.reading { $0.taken = silent }
        let xml = Self.reading {
            $0.taken = stated
            $0.model = "ILCE-7SM2"
        }
        let merged = MergedReading.of(clip, with: [Voice(standing: .cameraSidecar, reading: xml)])
        #expect(merged.taken == stated)
        #expect(merged.model == "ILCE-7SM2")
        let known = Self.reading { $0.taken = WallTime(milliseconds: 5, offsetMinutes: 0, source: "apple") }
        #expect(
            MergedReading.of(known, with: [Voice(standing: .cameraSidecar, reading: xml)]).taken
                == known.taken
        )
    }

    @Test("takes an offset from a file of the same second, and invents none")
    func offsets() {
        let raw = Self.reading {
            $0.taken = WallTime(milliseconds: 1_000, offsetMinutes: nil, source: "Exif")
        }
        let same = Self.reading {
            $0.taken = WallTime(milliseconds: 1_200, offsetMinutes: -480, source: "Exif")
        }
        let later = Self.reading {
            $0.taken = WallTime(milliseconds: 9_000, offsetMinutes: -480, source: "Exif")
        }
        #expect(
            MergedReading.of(raw, with: [Voice(standing: .companion, reading: same)]).taken?.offsetMinutes
                == -480
        )
        #expect(
            MergedReading.of(raw, with: [Voice(standing: .companion, reading: later)]).taken?.offsetMinutes
                == nil
        )
    }

    @Test("does not hear a duplicate's words, and says when two sidecars disagree")
    func sidecars() {
        let one = Self.reading { $0.rating = 5 }
        let two = Self.reading { $0.rating = 2 }
        let version = Self.reading { $0.title = "another version" }
        let merged = MergedReading.of(
            Self.reading { _ in },
            with: [
                Voice(standing: .sidecarOfStem, reading: two), Voice(standing: .version, reading: version),
                Voice(standing: .sidecarOfFile, reading: one),
            ]
        )
        #expect(merged.rating == 5)
        #expect(merged.title == nil)
        #expect(merged.damage?.contains("disagree") == true)
    }
}
