import Chance
import Foundation
import MediaProtocol
import Testing
import Workers

/// The real reader, on the real fixtures.
@Suite("The metadata reader")
final class ReaderTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let worker = Worker(.reader(in: Array(Bundle.main.bundleURL.path().utf8)))
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func answer(_ file: URL) throws -> WorkerAnswer {
        try #require(
            try worker.answers(to: [.read(path: Array(file.path(percentEncoded: false).utf8))]).first
        )
    }

    private func reading(_ fixture: String) throws -> Reading {
        guard
            case .reply(.reading(let reading)) = try answer(Self.root.appending(path: "Fixtures/\(fixture)"))
        else {
            throw Unreadable(fixture: fixture)
        }
        return reading
    }

    private struct Unreadable: Error { let fixture: String }

    /// 2016-01-20T15:56:12 and the like, as milliseconds of a clock taken to show UTC.
    private func wall(_ text: String) throws -> Int64 {
        Int64(try Date(text + "Z", strategy: .iso8601).timeIntervalSince1970 * 1_000)
    }

    @Test("knows camera, lens and exposure, and a wall-clock time without a zone as just that")
    func camera() throws {
        let reading = try reading("desert/100LEICA/L1002340.DNG")
        #expect(reading.format == "DNG")
        #expect(reading.make == "Leica Camera AG")
        #expect(reading.serial == "4712038")
        #expect(reading.lens == "Summilux-M 1:1.4/35 ASPH.")
        #expect(reading.exposure == Rational(1, 500))
        #expect(reading.aperture == 8)
        #expect(reading.focalLength == 35)
        #expect(reading.taken?.milliseconds == (try wall("2016-01-20T15:56:12")))
        #expect(reading.taken?.offsetMinutes == nil)
        #expect([reading.width, reading.height] == [900, 600])
    }

    @Test("takes the offset where the camera wrote one, and the fraction of the second")
    func offset() throws {
        let reading = try reading("desert/100EOS5D/IMG_4120.JPG")
        #expect(reading.taken?.offsetMinutes == -480)
        #expect(reading.taken?.source == "Exif.Photo.DateTimeOriginal")
        #expect((reading.taken?.milliseconds ?? 0) % 1_000 == 110)
        #expect(reading.burst != nil)
    }

    @Test("gives the size as displayed, not as stored")
    func upright() throws {
        let reading = try reading("desert/100LEICA/L1002339.JPG")
        #expect(reading.orientation == 6)
        #expect([reading.width, reading.height] == [600, 900])
    }

    @Test("reads a caption in Latin-1 that names no character set")
    func latin1() throws {
        #expect(try reading("desert/100LEICA/L1002338.JPG").caption?.contains("café") == true)
    }

    @Test("believes the IPTC block when its digest shows that it was edited last")
    func iptcDigest() throws {
        let caption = try reading("desert/100EOS5D/IMG_4125.JPG").caption
        #expect(caption?.contains("north") == true)
        #expect(caption?.contains("south") == false)
    }

    @Test("writes a hierarchy with slashes and does not repeat its names")
    func hierarchy() throws {
        let reading = try reading("desert/100LEICA/L1002346.DNG.xmp")
        #expect(reading.kind == .sidecar)
        #expect(reading.keywords.contains("people/Iggy Pop"))
        #expect(!reading.keywords.contains("Iggy Pop"))
        #expect(reading.people == ["Iggy Pop"])
        #expect(reading.rating == 5)
        #expect(reading.title == "Walking back")
    }

    @Test("knows a rejected picture, and words that ask not to be used")
    func words() throws {
        #expect(try reading("desert/100EOS5D/IMG_4127.JPG").rating == -1)
        let held = try reading("desert/100EOS5D/IMG_4126.JPG")
        #expect((held.caption ?? "").lowercased().contains("do not reuse"))
        #expect(held.instructions != nil)
    }

    @Test(
        "names the colour profile",
        arguments: [("desert/101LEICA/L1002347.JPG", "P3"), ("desert/100EOS5D/IMG_4124.JPG", "Adobe")]
    )
    func profile(fixture: String, name: String) throws {
        #expect(try reading(fixture).colorProfile?.contains(name) == true)
    }

    @Test(
        "reads every still format of the fixtures",
        arguments: [
            ("rancho/stills/take-eleven.png", "PNG", "Take eleven"),
            ("rancho/stills/microphone.webp", "WebP", "The microphone"),
            ("rancho/stills/the-house.heic", "HEIC", "The house"),
            ("rancho/stills/pilot-light.avif", "AVIF", "Pilot light"),
            ("desert/100EOS5D/IMG_4118.TIF", "TIFF", "A figure, nearer"),
        ]
    )
    func formats(fixture: String, format: String, title: String) throws {
        let reading = try reading(fixture)
        #expect(reading.format == format)
        #expect(reading.title == title)
        #expect((reading.width ?? 0) > 0 && (reading.height ?? 0) > 0)
        #expect(reading.damage == nil)
    }

    @Test("finds the place on earth, with its signs")
    func place() throws {
        let hall = try reading("royal-albert-hall/DCIM/100MSDCF/DSC04131.JPG")
        #expect(abs((hall.latitude ?? 0) - 51.5009) < 0.000_1)
        #expect(abs((hall.longitude ?? 0) + 0.1774) < 0.000_1)
        #expect(try reading("royal-albert-hall/DCIM/100MSDCF/DSC04163.JPG").latitude == nil)
    }

    @Test("names a truncated picture with what is wrong, and keeps what stands before the damage")
    func truncated() throws {
        let whole = try Data(contentsOf: Self.root.appending(path: "Fixtures/desert/100EOS5D/IMG_4117.JPG"))
        let file = folder.appending(path: "cut.jpg")
        // Inside the first segments: behind Exif, before the picture's frame.
        try whole.prefix(whole.count / 12).write(to: file)
        guard case .reply(.reading(let reading)) = try answer(file) else {
            Issue.record("a picture cut short is still a picture")
            return
        }
        #expect(reading.damage == "the file ends before its picture")
    }

    @Test("says in a sentence what it cannot read")
    func refusals() throws {
        let empty = folder.appending(path: "empty.jpg")
        try Data().write(to: empty)
        let text = folder.appending(path: "words.jpg")
        try Data("only words".utf8).write(to: text)
        #expect(try answer(empty) == .reply(.failed(reason: "is empty")))
        #expect(try answer(folder) == .reply(.failed(reason: "is not a file")))
        #expect(try answer(text) == .reply(.failed(reason: "is not a picture or sidecar that is known here")))
        #expect(
            try answer(folder.appending(path: "nowhere"))
                == .reply(.failed(reason: "could not be opened: No such file or directory"))
        )
    }

    @Test("outlives a thousand damaged pictures, and answers every one", arguments: 0..<20)
    func fuzz(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let fixtures = [
            "desert/100EOS5D/IMG_4117.JPG", "desert/100LEICA/L1002340.DNG", "rancho/stills/the-house.heic",
            "rancho/stills/take-eleven.png", "desert/100LEICA/L1002346.DNG.xmp",
            "rancho/stills/microphone.webp",
        ]
        var requests: [Request] = []
        for number in 0..<50 {
            let fixture = fixtures.randomElement(using: &random) ?? fixtures[0]
            var bytes = try Data(contentsOf: Self.root.appending(path: "Fixtures/\(fixture)"))
            // Damage where metadata is: the first pages.
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                bytes[Int.random(in: 0..<min(bytes.count, 8_000), using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            if Bool.random(using: &random) {
                bytes = bytes.prefix(Int.random(in: 1..<bytes.count, using: &random))
            }
            let file = folder.appending(path: "\(number)")
            try bytes.write(to: file)
            requests.append(.read(path: Array(file.path().utf8)))
        }
        let answers = try worker.answers(to: requests)
        #expect(answers.count == requests.count, "seed \(seed)")
        for answer in answers {
            if case .lost(let reason) = answer {
                #expect(reason.contains("the metadata reader"), "seed \(seed)")
            }
        }
    }
}
