internal import Foundation

/// Finds the phrases that forbid in many texts.
///
/// Every caption, title and notice of an import goes through it, and nearly all are plain English: what is ASCII is
/// compared byte for byte. What is not is folded by Foundation, once a character.
struct PhraseFinder {
    private static let space = UInt8(ascii: " ")

    private struct Phrase {
        var text: String
        var bytes: [UInt8]
    }

    /// The phrases by their first three letters: most words of a caption begin like none of them.
    private static let byBeginning: [UInt32: [Phrase]] = Dictionary(
        grouping: Warning.phrases.map { Phrase(text: $0, bytes: Array($0.utf8)) },
        by: { beginning($0.bytes[0], $0.bytes[1], $0.bytes[2]) })

    /// Whether any phrase begins with a letter.
    private static let isInitial: [Bool] = {
        var isInitial = [Bool](repeating: false, count: 256)
        for phrase in Warning.phrases { if let first = phrase.utf8.first { isInitial[Int(first)] = true } }
        return isInitial
    }()

    private var folded: [Unicode.Scalar: [UInt8]] = [:]
    private var plain: [UInt8] = []

    /// The phrases that stand in a text, each once, in their order there.
    mutating func phrases(in text: String) -> [String] {
        fold(text)
        var found: [String] = []
        plain.withUnsafeBufferPointer { plain in
            var isStart = true
            for index in plain.indices {
                // 'Embargo' stands in quotes as often as l'embargo has an article.
                defer { isStart = plain[index] == PhraseFinder.space || plain[index] == UInt8(ascii: "'") }
                guard isStart, PhraseFinder.isInitial[Int(plain[index])], index + 3 <= plain.count,
                    let candidates = PhraseFinder.byBeginning[
                        PhraseFinder.beginning(plain[index], plain[index + 1], plain[index + 2])]
                else { continue }
                let rest = UnsafeBufferPointer(rebasing: plain[index...])
                for phrase in candidates where rest.starts(with: phrase.bytes) {
                    if !found.contains(phrase.text) { found.append(phrase.text) }
                }
            }
        }
        return found
    }

    private static func beginning(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> UInt32 {
        UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third)
    }

    /// Brings a text into `plain`: lower case, without accents, and one space wherever anything but letters and digits
    /// stands.
    private mutating func fold(_ text: String) {
        plain.removeAll(keepingCapacity: true)
        var isSpaced = true
        func put(_ byte: UInt8) {
            if byte == PhraseFinder.space, isSpaced { return }
            isSpaced = byte == PhraseFinder.space
            plain.append(byte)
        }
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                put(PhraseFinder.plain(UInt8(truncatingIfNeeded: scalar.value)))
            } else {
                for byte in fold(scalar) { put(byte) }
            }
        }
    }

    private static func plain(_ byte: UInt8) -> UInt8 {
        switch byte {
        // The apostrophe of l'uso belongs to its word.
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "'"):
            byte
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        default: space
        }
    }

    /// What is left of one character: accents, ligatures and soft hyphens fall away, wherever they are written.
    private mutating func fold(_ scalar: Unicode.Scalar) -> [UInt8] {
        if let known = folded[scalar] { return known }
        var bytes: [UInt8] = []
        for part in String(scalar).lowercased().decomposedStringWithCompatibilityMapping.unicodeScalars {
            switch part {
            case "’": bytes.append(UInt8(ascii: "'"))
            case "ß": bytes += Array("ss".utf8)
            case _ where part.isASCII: bytes.append(PhraseFinder.plain(UInt8(truncatingIfNeeded: part.value)))
            case _ where [.nonspacingMark, .format].contains(part.properties.generalCategory): continue
            default: bytes.append(PhraseFinder.space)
            }
        }
        folded[scalar] = bytes
        return bytes
    }
}
