import Chance
import Foundation
import Testing

@testable import Catalog

@Suite("Words that forbid")
struct PhraseTests {
    @Test(
        "are found whatever the capitals, accents and breaks",
        arguments: [
            ("DO NOT REUSE", "do not reuse"), ("Please do-not\nre-use this", "do not re use"),
            ("Nicht zur Veröffentlichung!", "nicht zur veroffentlichung"),
            ("Nicht zur Vero\u{308}ffentlichung!", "nicht zur veroffentlichung"),
            ("SPERRFRIST: 12 Uhr", "sperrfrist"), ("vietato l’uso", "vietato l'uso"),
            ("© 2016 – embargoed", "embargo"), ("l'embargo", "embargo"), ("'Embargo' till May", "embargo"),
            ("re\u{ad}servato? con\u{fb01}dential", "confidential"),
        ])
    func found(text: String, phrase: String) {
        #expect(Warning.phrases(in: text).contains(phrase))
    }

    @Test(
        "are no parts of other words",
        arguments: ["disembargoed", "A desert ridge, before the road", "", "do", "ü", "em"])
    func others(text: String) {
        #expect(Warning.phrases(in: text).isEmpty)
    }

    /// Foundation, asked about the whole text, is the authority on what a letter is without its accents.
    @Test("are looked for in what Foundation makes of the whole text", arguments: 0..<200)
    func folding(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var finder = PhraseFinder()
        for _ in 0..<10 {
            let text = Self.text(using: &random)
            #expect(
                finder.phrases(in: text) == Self.phrases(inPlain: Self.plain(text)), "seed \(seed): \(text)")
        }
    }

    private static func text(using random: inout SeededRandom) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...30, using: &random) {
            switch Int.random(in: 0..<6, using: &random) {
            case 0: text += Warning.phrases.randomElement(using: &random) ?? ""
            case 1: text += (Warning.phrases.randomElement(using: &random) ?? "").uppercased()
            case 2:
                text +=
                    ["é", "ö", "o\u{308}", "ß", "ẞ", "İ", "Σ", "’", "'", "ﬁ", "각", "🎸", "\u{301}"]
                    .randomElement(using: &random) ?? ""
            case 3: text += [" ", "-", "\n", ".", "\u{a0}", "–"].randomElement(using: &random) ?? ""
            default:
                if let scalar = Unicode.Scalar(UInt32.random(in: 0x20...0x2FFF, using: &random)) {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
        return text
    }

    private static func plain(_ text: String) -> String {
        var plain = ""
        // A sign may be made of capitals: ℡.
        for scalar in text.lowercased().decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9", "'": plain.unicodeScalars.append(scalar)
            case "’": plain += "'"
            case "ß": plain += "ss"
            case _ where [.nonspacingMark, .format].contains(scalar.properties.generalCategory): continue
            default: if !plain.isEmpty, plain.last != " " { plain += " " }
            }
        }
        return plain
    }

    private static func phrases(inPlain plain: String) -> [String] {
        let spaced = Array((" " + plain).utf8)
        var found: [(place: Int, order: Int, text: String)] = []
        for (order, phrase) in Warning.phrases.enumerated() {
            let wanted = Array(phrase.utf8)
            guard spaced.count > wanted.count else { continue }
            // Behind a space, or behind the apostrophe of an article or of a quotation.
            for place in 0..<(spaced.count - wanted.count)
            where [UInt8(ascii: " "), UInt8(ascii: "'")].contains(spaced[place])
                && spaced[(place + 1)...].starts(with: wanted)
            {
                found.append((place, order, phrase))
                break
            }
        }
        return found.sorted { ($0.place, $0.order) < ($1.place, $1.order) }.map(\.text)
    }
}
