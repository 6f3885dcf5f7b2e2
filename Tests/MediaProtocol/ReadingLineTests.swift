import Chance
import MediaProtocol
import Testing

/// The reply that an import reads a million times goes past the tree of values that everything else is read by.
///
/// Both must say the same of every line, the hostile ones included.
@Suite("A reading taken straight from its line")
struct ReadingLineTests {
    @Test("is what the tree of its line says, or the same error", arguments: 0..<400)
    func agreement(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        for _ in 0..<20 {
            var line = Self.line(using: &random)
            if Int.random(in: 0..<3, using: &random) == 0 { Self.damage(&line, using: &random) }
            let text = String(decoding: line, as: UTF8.self)
            #expect(Self.straight(line) == Self.byTree(line), "seed \(seed): \(text)")
        }
    }

    @Test("holds every field that is written", arguments: 0..<60)
    func whole(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let reading = Self.reading(using: &random)
        #expect(try Reply(line: Reply.reading(reading).line()) == .reading(reading), "seed \(seed)")
    }

    @Test("is cut short without a trap at every byte")
    func cut() throws {
        var random = SeededRandom(seed: 7)
        let line = Reply.reading(Self.reading(using: &random)).line()
        for count in line.indices {
            let cut = Array(line.prefix(count))
            #expect(Self.straight(cut) == Self.byTree(cut))
            #expect(throws: ProtocolError.self) { try Reply(line: cut) }
        }
    }

    @Test(
        "takes base64 as it is, and refuses what is none",
        arguments: [
            "", "QQ==", "QUI=", "QUJD", "QUJDRA==", "Q", "QQ", "QQ=", "QUJ", "====", "Q===", "Q\u{e9}==",
            "QQ=A", "Q\\/==", "QUJD\\u0051Q==",
        ]
    )
    func base64(text: String) {
        let line = Array(#"{"reading":{"format":"JPEG","kind":"photo","rawTags":"\#(text)"}}"#.utf8)
        #expect(Self.straight(line) == Self.byTree(line))
    }

    private static func straight(_ line: [UInt8]) -> Result<Reply, ProtocolError> {
        Result { () throws(ProtocolError) in try Reply(line: line) }
    }

    private static func byTree(_ line: [UInt8]) -> Result<Reply, ProtocolError> {
        Result { () throws(ProtocolError) in try Reply(try JSON(line: line)) }
    }

    // MARK: Lines

    private static let names = [
        "format", "kind", "taken", "make", "model", "caption", "damage", "aperture", "latitude", "width",
        "rating",
        "exposure", "frameRate", "keywords", "people", "caveats", "listing", "footage", "part", "recordings",
        "rawDictionary", "rawTags", "unheard", "", "f\\u006frmat", "k\\\"ey", "é", "formatx", "forma",
    ]

    private static func line(using random: inout SeededRandom) -> [UInt8] {
        func space() -> String {
            [" ", "", "", "", "\t", "\n "].randomElement(using: &random) ?? ""
        }
        var members = [#""format":"JPEG""#, #""kind":"photo""#]
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let name = names.randomElement(using: &random) ?? ""
            members.append("\"\(name)\"\(space()):\(space())\(value(using: &random, depth: 0))\(space())")
        }
        if Int.random(in: 0..<4, using: &random) == 0 { members.shuffle(using: &random) }
        if Int.random(in: 0..<8, using: &random) == 0 { members.removeFirst() }
        let body = "{\(space())" + members.joined(separator: ",\(space())") + "}"
        let text =
            switch Int.random(in: 0..<10, using: &random) {
            case 0: #"{"failed":{"reason":"x"},"reading":\#(body)}"#
            case 1: #"{"reading":\#(body),"reading":{"format":"TIFF","kind":"photo"}}"#
            case 2: #"{ "reading" : \#(body) } "#
            case 3: #"{"reading":\#(body)} x"#
            default: #"{"reading":\#(body)\#(space())}\#(space())"#
            }
        return Array(text.utf8)
    }

    private static func value(using random: inout SeededRandom, depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 2 ? 10 : 13), using: &random) {
        case 0: return "null"
        case 1: return "true"
        case 2:
            return [
                "0", "-0", "7", "-12", "9223372036854775807", "9223372036854775808", "123456789012345678",
                "+5", "-", "007",
            ]
            .randomElement(using: &random) ?? "0"
        case 3:
            return ["1.5", "-2e3", "1e999", "1.", ".5", "1e", "12E2", "0.1"].randomElement(using: &random)
                ?? "0.5"
        case 4: return #""JPEG""#
        case 5: return #""clip""#
        case 6: return #""é🎸 \u00e9\ud83c\udfb8 \n\/""#
        case 7: return #""\ud800""#
        case 8: return #""QUJD""#
        case 9: return #""""#
        case 10:
            return "["
                + (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    value(using: &random, depth: depth + 1)
                }
                .joined(separator: ",") + "]"
        case 11: return "[1,250]"
        default:
            return
                #"{"milliseconds":5,"source":"x","offsetMinutes":60,"more":\#(value(using: &random, depth: depth + 1))}"#
        }
    }

    private static func damage(_ line: inout [UInt8], using random: inout SeededRandom) {
        for _ in 0..<Int.random(in: 1...2, using: &random) where !line.isEmpty {
            let place = Int.random(in: line.indices, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: line[place] = UInt8.random(in: 0...255, using: &random)
            case 1: line.remove(at: place)
            case 2: line.insert(contentsOf: [0xF0, 0x9F, 0x98], at: place)
            default: line.insert(Array("\"\\{}[],:".utf8).randomElement(using: &random) ?? 0, at: place)
            }
        }
    }

    private static func reading(using random: inout SeededRandom) -> Reading {
        func text() -> String? {
            ["plain", "é🎸 “quoted”", "\"\\\n\u{1}", "", String(repeating: "long and ", count: 40), nil]
                .randomElement(using: &random)
                ?? nil
        }
        func bytes(_ most: Int) -> [UInt8] {
            (0..<Int.random(in: 0...most, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
        }
        var reading = Reading(
            format: text() ?? "JPEG", kind: MediaKind.allCases.randomElement(using: &random) ?? .photo)
        reading.taken = WallTime(
            milliseconds: 1_463_175_600_037, offsetMinutes: -480, source: "Exif.Photo.DateTimeOriginal")
        for field in texts { reading[keyPath: field] = text() }
        for field in reals { reading[keyPath: field] = Double.random(in: -180...180, using: &random) }
        for field in integers { reading[keyPath: field] = Int.random(in: -9...99_999, using: &random) }
        reading.exposure = Rational(1, 250)
        reading.frameRate = Rational(24_000, 1_001)
        reading.keywords = (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in text() }
        reading.people = ["Iggy Pop", "Josh Homme"]
        reading.caveats = [text()].compactMap(\.self)
        reading.footage = Footage()
        reading.footage?.clipName = "A001"
        reading.part = RecordingPart(recording: "x", offset: 7, own: "a", next: "b")
        reading.recordings = [["A", "B"]]
        reading.rawTags = bytes(3_000)
        reading.rawDictionary = reading.rawTags.isEmpty ? 0 : 1
        return reading
    }

    private static let texts: [any WritableKeyPath<Reading, String?> & Sendable] = [
        \.make, \.model, \.serial, \.lens, \.colorProfile, \.title, \.caption, \.creator, \.credit,
        \.copyright,
        \.usageTerms, \.instructions, \.place, \.label, \.burst, \.contentIdentifier, \.codec, \.codecProfile,
        \.timecode,
        \.reel, \.pixelFormat, \.color, \.audio, \.damage,
    ]
    private static let reals: [any WritableKeyPath<Reading, Double?> & Sendable] = [
        \.aperture, \.focalLength, \.latitude, \.longitude, \.altitude, \.duration,
    ]
    private static let integers: [any WritableKeyPath<Reading, Int?> & Sendable] = [
        \.width, \.height, \.orientation, \.iso, \.rating, \.frames,
    ]
}
