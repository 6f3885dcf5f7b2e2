import Chance
import MediaProtocol
import Testing

@Suite("The messages between the program and its workers")
struct ProtocolTests {
    @Test("come back from their line as they went", arguments: 0..<300)
    func roundTrip(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let request = Self.request(using: &random)
        #expect(try Request(line: request.line()) == request, "seed \(seed)")
        let reply = Self.reply(using: &random)
        #expect(try Reply(line: reply.line()) == reply, "seed \(seed)")
        #expect(!request.line().contains(UInt8(ascii: "\n")) && !reply.line().contains(UInt8(ascii: "\n")))
    }

    @Test("are refused, and trap nothing, when they are cut short or a byte is wrong", arguments: 0..<200)
    func damage(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let line = Self.reply(using: &random).line()
        let cut = Array(line.prefix(Int.random(in: 0..<line.count, using: &random)))
        #expect(throws: ProtocolError.self, "seed \(seed)") { try Reply(line: cut) }
        var flipped = line
        flipped[Int.random(in: 0..<line.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        _ = try? Reply(line: flipped)
        _ = try? Request(line: flipped)
    }

    @Test("carry a path that is not UTF-8 as it is")
    func invalidPath() throws {
        let path: [UInt8] = [0x2F, 0xFF, 0x0A, 0x22]
        #expect(
            String(decoding: Request.read(path: path).line(), as: UTF8.self)
                == #"{"read":{"path64":"L/8KIg=="}}"#
        )
        #expect(try Request(line: Request.read(path: path).line()) == .read(path: path))
    }

    @Test("can be typed by hand")
    func byHand() throws {
        #expect(
            try Request(line: #" { "read" : { "path" : "/a \u00e9\ud83c\udfb8.jpg" } } "#.utf8)
                == .read(path: Array("/a é🎸.jpg".utf8))
        )
    }

    @Test(
        "are refused when they are something else",
        arguments: [
            "", "{", "[]", "null", "{\"read\":{}}", "{\"read\":{\"path\":1}}",
            "{\"read\":{\"path64\":\"%\"}}",
            "{\"read\":{\"path\":\"a\"}} x", "{\"read\":{\"path\":\"\\ud800\"}}", "{\"render\":{}}",
            String(repeating: "[", count: 100_000),
        ]
    )
    func nonsense(line: String) {
        #expect(throws: ProtocolError.self) { try Request(line: line.utf8) }
    }

    private static func previewFacts(using random: inout SeededRandom) -> PreviewFacts {
        let size = Int.random(in: 1...2_048, using: &random)
        return PreviewFacts(
            small: .init(width: size, height: 341, bytes: 30_211),
            large: Bool.random(using: &random) ? .init(width: 2_048, height: size, bytes: 400_000) : nil,
            hasMore: Bool.random(using: &random),
            strip: Bool.random(using: &random)
                ? .init(frames: 10, width: 320, height: size, bytes: 90_000) : nil,
            color: [0, UInt8.random(in: 0...255, using: &random), 255],
            hash: Bool.random(using: &random) ? UInt64.random(in: 0...UInt64.max, using: &random) : nil,
            hashVersion: 1,
            origin: PreviewFacts.Origin.allCases.randomElement(using: &random) ?? .picture,
            damage: Bool.random(using: &random) ? text(using: &random) : nil
        )
    }

    private static func request(using random: inout SeededRandom) -> Request {
        switch Int.random(in: 0..<8, using: &random) {
        case 6: return .manifest(path: bytes(using: &random))
        case 5:
            return .track(path: bytes(using: &random), first: Int.random(in: 0...4_000_000, using: &random))
        case 4:
            return .preview(
                PreviewOrder(
                    source: bytes(using: &random),
                    small: bytes(using: &random),
                    large: Bool.random(using: &random) ? bytes(using: &random) : nil,
                    strip: Bool.random(using: &random) ? bytes(using: &random) : nil
                )
            )
        case 0: return .read(path: bytes(using: &random))
        case 1: return .inspect(path: bytes(using: &random))
        case 2: return .remux(source: bytes(using: &random), destination: bytes(using: &random))
        case 3: return .meanColor(path: bytes(using: &random))
        default:
            var metadata = PublicMetadata()
            metadata.title = text(using: &random)
            metadata.usageTerms = Bool.random(using: &random) ? text(using: &random) : nil
            let rendition = Rendition(
                source: bytes(using: &random),
                destination: bytes(using: &random),
                longEdge: Bool.random(using: &random) ? 2_048 : nil,
                quality: Int.random(in: 1...100, using: &random),
                metadata: metadata
            )
            guard Bool.random(using: &random) else { return .render(rendition) }
            return .proof(
                Proof(
                    rendition, mark: "A" + text(using: &random),
                    frames: Int.random(in: 1...Proof.mostFrames, using: &random)))
        }
    }

    private static func page(using random: inout SeededRandom) -> TrackPage {
        let points = (0..<Int.random(in: 0...5, using: &random)).map { _ in
            TrackPoint(
                instant: Int64.random(in: Int64.min...Int64.max, using: &random),
                north: Int32.random(in: Int32.min...Int32.max, using: &random),
                east: Int32.random(in: Int32.min...Int32.max, using: &random),
                height: Bool.random(using: &random)
                    ? Int32.random(in: -1_000...Int32.max, using: &random) : nil,
                track: UInt32.random(in: 0...UInt32.max, using: &random)
            )
        }
        return TrackPage(
            total: Int.random(in: 0...4_000_000, using: &random), first: 7, untimed: 1, unusable: 2,
            points: points)
    }

    private static func reply(using random: inout SeededRandom) -> Reply {
        switch Int.random(in: 0..<9, using: &random) {
        case 7: return .manifest(page(using: &random))
        case 6: return .track(page(using: &random))
        case 8: return .previewed(previewFacts(using: &random))
        case 0: return .failed(reason: text(using: &random))
        case 4: return .remuxed
        case 5: return .meanColor(red: UInt8.random(in: 0...255, using: &random), green: 0, blue: 255)
        case 1: return .rendered(width: Int.random(in: 1...9_999, using: &random), height: 1)
        case 2:
            return .inspected(
                (0..<3).map { _ in MetadataItem(key: text(using: &random), value: text(using: &random)) }
            )
        default:
            var reading = Reading(
                format: text(using: &random),
                kind: MediaKind.allCases.randomElement(using: &random) ?? .photo
            )
            reading.taken = WallTime(
                milliseconds: Int64.random(in: -1 << 50...1 << 50, using: &random),
                offsetMinutes: Bool.random(using: &random) ? 60 : nil,
                source: text(using: &random)
            )
            reading.width = Int.random(in: 0...1 << 40, using: &random)
            reading.exposure = Rational(Int64.random(in: -9...9, using: &random), 250)
            reading.frameRate = Rational(24_000, 1_001)
            reading.latitude = Double.random(in: -90...90, using: &random)
            reading.caption = text(using: &random)
            reading.audio = text(using: &random)
            reading.keywords = (0..<Int.random(in: 0...3, using: &random)).map { _ in text(using: &random) }
            reading.people = [text(using: &random)]
            reading.rating = Int.random(in: -1...5, using: &random)
            reading.part = RecordingPart(
                recording: text(using: &random), offset: Bool.random(using: &random) ? nil : 7,
                own: text(using: &random), next: text(using: &random))
            reading.recordings = (0..<Int.random(in: 0...2, using: &random)).map { _ in
                [text(using: &random), text(using: &random)]
            }
            reading.rawTags = bytes(using: &random)
            reading.rawDictionary = reading.rawTags.isEmpty ? 0 : 3
            return .reading(reading)
        }
    }

    private static func page(using random: inout SeededRandom) -> ManifestPage {
        func entry() -> ManifestEntry {
            ManifestEntry(
                path: text(using: &random), size: Bool.random(using: &random) ? Int64.max : nil,
                previousPath: Bool.random(using: &random) ? text(using: &random) : nil,
                digests: (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    ManifestDigest(
                        element: "xxh64", text: text(using: &random),
                        action: Bool.random(using: &random) ? "original" : nil)
                })
        }
        var page = ManifestPage(entries: (0..<Int.random(in: 0...3, using: &random)).map { _ in entry() })
        guard Bool.random(using: &random) else { return page }
        var summary = ManifestSummary(kind: .list)
        summary.tool = text(using: &random)
        summary.author = text(using: &random)
        summary.ignore = [text(using: &random)]
        summary.references = [entry()]
        summary.refused = 3
        page.summary = summary
        return page
    }

    private static func text(using random: inout SeededRandom) -> String {
        let characters = Array("ab\"\\/\n\t\u{0}\u{1F}é\u{301}🎸\u{2028}\u{FFFD}{}[],:")
        return String(
            (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in
                characters.randomElement(using: &random)
            }
        )
    }

    private static func bytes(using random: inout SeededRandom) -> [UInt8] {
        (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}
