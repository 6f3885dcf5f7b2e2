import Chance
import Catalog
import Files
import MediaProtocol
import Testing

@testable import Ingest

@Suite("Parts of one recording")
struct RecordingsTests {
    /// A part of ten seconds at 25 frames, its size that of a full file.
    static func part(
        _ name: String,
        at second: Double? = nil,
        timecode: String? = nil,
        serial: String? = nil,
        size: Int64 = 4_000_000_000,
        folder: String = "",
        rate: Rational? = Rational(25, 1),
        part: RecordingPart? = nil
    ) -> RecordedPart {
        var reading = Reading(format: "MP4", kind: .clip)
        reading.taken = second.map {
            WallTime(milliseconds: Int64($0 * 1000), offsetMinutes: nil, source: "mvhd")
        }
        reading.timecode = timecode
        reading.serial = serial
        reading.duration = 10
        reading.frames = 250
        reading.frameRate = rate
        reading.part = part
        let facts =
            ChapterName.facts(of: Path(name), card: "XDCAM EX", reading: reading)
            ?? SegmentFacts(recording: nil, number: nil, reading: reading)
        let key = Int64(name.hashValue & 0xFFFF)
        return RecordedPart(
            asset: AssetID(rawValue: key), file: key, name: name, size: size, facts: facts,
            folders: [folder])
    }

    /// `GX01 + GX02`, a recording each.
    static func chains(_ parts: [RecordedPart]) -> [String] {
        Recordings.chains(of: parts).map { $0.map { parts[$0.part].name }.joined(separator: " + ") }
    }

    @Test("follow each other by timecode or clock, and never by name alone")
    func follow() {
        let one = "GX010034.MP4"
        let two = "GX020034.MP4"
        #expect(Self.chains([Self.part(one), Self.part(two)]) == [])
        #expect(Self.chains([Self.part(one, at: 0), Self.part(two, at: 10)]) == ["\(one) + \(two)"])
        #expect(Self.chains([Self.part(two, at: 11), Self.part(one, at: 0)]) == ["\(one) + \(two)"])
        #expect(Self.chains([Self.part(one, at: 0), Self.part(two, at: 14)]) == [])
        #expect(
            Self.chains([Self.part(one, at: 5), Self.part(two, at: 5)]) == ["\(one) + \(two)"],
            "one beginning")
        #expect(
            Self.chains([
                Self.part(one, timecode: "10:00:00:00"), Self.part(two, timecode: "10:00:10:00"),
            ]) == ["\(one) + \(two)"]
        )
        #expect(
            Self.chains([
                Self.part(one, timecode: "23:59:55:00"), Self.part(two, timecode: "00:00:05:00"),
            ]) == ["\(one) + \(two)"],
            "over midnight"
        )
        #expect(
            Self.chains([
                Self.part(one, timecode: "10:00:00:00"), Self.part(two, timecode: "10:00:11:00"),
            ]) == []
        )
        #expect(Self.chains([Self.part(one, at: 0, serial: "A"), Self.part(two, at: 10, serial: "B")]) == [])
        #expect(
            Self.chains([Self.part(one, at: 0), Self.part(two, at: 10, rate: Rational(50, 1))]) == []
        )
    }

    @Test("where two could follow one, neither does")
    func ambiguous() {
        let parts = [
            Self.part("GX010034.MP4", at: 0), Self.part("GX020034.MP4", at: 10),
            Self.part("b/GX020034.MP4", at: 10, folder: ""),
        ]
        #expect(Self.chains(parts) == [])
    }

    @Test("of two cameras that were started together are told apart by where they lie")
    func together() {
        let parts = ["A", "B"].flatMap { card in
            (1...2).map { Self.part("\(card)/GX0\($0)0034.MP4", at: Double($0 - 1) * 10, folder: card) }
        }
        #expect(
            Self.chains(parts) == ["A/GX010034.MP4 + A/GX020034.MP4", "B/GX010034.MP4 + B/GX020034.MP4"]
        )
    }

    @Test("of a GoPro may have one missing between them, when they say that they began together")
    func gap() {
        let parts = [Self.part("GX010034.MP4", at: 5), Self.part("GX030034.MP4", at: 5)]
        #expect(Self.chains(parts) == ["GX010034.MP4 + GX030034.MP4"])
        #expect(Self.chains([parts[0], Self.part("GX030034.MP4", at: 25)]) == [])
    }

    @Test("of a drone follow only on a file that is full")
    func drone() {
        func chains(_ size: Int64, _ second: Double = 10) -> [String] {
            Self.chains([Self.part("DJI_0001.MP4", at: 0, size: size), Self.part("DJI_0002.MP4", at: second)])
        }
        #expect(chains(4_000_000_000) == ["DJI_0001.MP4 + DJI_0002.MP4"])
        #expect(chains(800_000_000) == [])
        #expect(chains(4_000_000_000, 60) == [])
    }

    @Test("of a P2 span are those that name each other")
    func span() {
        func part(_ own: String, _ previous: String?, _ next: String?) -> RecordedPart {
            Self.part(
                "\(own).MXF",
                part: RecordingPart(recording: "S", own: own, previous: previous, next: next)
            )
        }
        let chain = [part("C", "B", nil), part("A", nil, "B"), part("B", "A", "C")]
        #expect(Self.chains(chain) == ["A.MXF + B.MXF + C.MXF"])
        #expect(Self.chains([part("A", nil, "B"), part("B", "X", nil)]) == [], "B does not know A")
        #expect(Self.chains([part("A", "B", "B"), part("B", "A", "A")]) == [], "a circle has no beginning")
    }

    @Test(
        "are told by their names where to look",
        arguments: [
            ("GX020034.MP4", "GoPro GX 0034", 2), ("GOPR1234.MP4", "GoPro GP 1234", 1),
            ("GP011234.MP4", "GoPro GP 1234", 2),
            ("gh010007.mp4", "GoPro GH 0007", 1), ("709_0001_02.MP4", "XDCAM EX 709_0001", 2),
        ])
    func names(name: String, recording: String, number: Int) {
        let facts = ChapterName.facts(of: Path(name), card: "XDCAM EX", reading: nil)
        #expect(facts?.recording == recording)
        #expect(facts?.number == number)
        #expect(ChapterName.facts(of: Path("GX000034.MP4"), card: nil, reading: nil) == nil)
        #expect(ChapterName.facts(of: Path("holiday_2019_05.MP4"), card: nil, reading: nil) == nil)
        #expect(ChapterName.facts(of: Path("GREATEST.MP4"), card: nil, reading: nil) == nil)
    }

    @Test("counts drop-frame timecode as the standard does")
    func timecode() {
        #expect(Timecode("01:00:00;00")?.frames(at: 30) == 107_892)
        #expect(Timecode("01:00:00:00")?.frames(at: 24) == 86_400)
        #expect(Timecode.counted(Rational(24_000, 1_001)) == 24)
        #expect(Timecode("25:00:00:00") == nil)
        #expect(Timecode("1:2:3") == nil)
    }

    @Test("random parts make chains without loops, in which no file is twice", arguments: 0..<200)
    func random(seed: Int) {
        var random = SeededRandom(seed: seed)
        let parts = (0..<Int.random(in: 1...12, using: &random)).map { index in
            Self.part(
                "\(index)/GX0\(Int.random(in: 1...5, using: &random))0034.MP4",
                at: [nil, 0, 10, 20, 30].randomElement(using: &random) ?? nil,
                timecode: [nil, "01:00:00:00", "01:00:10:00", "01:00:20:00"].randomElement(using: &random)
                    ?? nil
            )
        }
        let chains = Recordings.chains(of: parts)
        let used = chains.flatMap { $0.map(\.part) }
        #expect(used.count == Set(used).count, "seed \(seed)")
        #expect(chains.allSatisfy { $0.count > 1 && $0[0].because == nil }, "seed \(seed)")
        #expect(chains.allSatisfy { $0.dropFirst().allSatisfy { $0.because != nil } }, "seed \(seed)")
    }
}
