extension String {
    /// How many columns of a terminal the text takes.
    var displayWidth: Int {
        if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return utf8.count }
        return reduce(0) { $0 + $1.displayWidth }
    }

    /// The text in at most `columns` columns, with an ellipsis where something was left out.
    func clipped(to columns: Int) -> String {
        guard displayWidth > columns else { return self }
        guard columns > 0 else { return "" }
        var kept = ""
        var width = 0
        for character in self {
            let next = character.displayWidth
            guard width + next < columns else { break }
            kept.append(character)
            width += next
        }
        return kept + "…"
    }

    /// The text with spaces up to `columns`, behind it or before it.
    func padded(to columns: Int, _ side: Side = .left) -> String {
        let room = String(repeating: " ", count: max(0, columns - displayWidth))
        return side == .left ? self + room : room + self
    }

    /// The text broken at spaces into lines of at most `columns`; a longer word keeps a line for itself.
    func wrapped(to columns: Int) -> [String] {
        var lines: [String] = []
        for paragraph in split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            for word in paragraph.split(separator: " ") {
                if line.isEmpty {
                    line = String(word)
                } else if line.displayWidth + 1 + String(word).displayWidth <= columns {
                    line += " " + word
                } else {
                    lines.append(line)
                    line = String(word)
                }
            }
            lines.append(line)
        }
        return lines
    }
}

/// To which side a text stands in its column.
enum Side {
    case left, right
}

extension Character {
    /// How many columns of a terminal the character takes: none, one or two.
    ///
    /// An emoji is one picture of two columns however many scalars make it; elsewhere each scalar that is not a mark
    /// takes its own room, also where Unicode joins several into one cluster, as in Devanagari.
    var displayWidth: Int {
        let scalars = unicodeScalars
        if scalars.count > 1,
            scalars.contains(where: { $0 == "\u{200D}" || $0 == "\u{FE0F}" || $0.isEmojiPart }),
            scalars.contains(where: \.properties.isEmoji)
        {
            return 2
        }
        return scalars.reduce(0) { $0 + $1.displayWidth }
    }
}

extension Unicode.Scalar {
    /// Skin tones and the letters that flags are made of.
    fileprivate var isEmojiPart: Bool {
        (0x1F3FB...0x1F3FF).contains(value) || (0x1F1E6...0x1F1FF).contains(value)
    }

    fileprivate var displayWidth: Int {
        if value < 0x300 { return value < 0x20 || (0x7F..<0xA0).contains(value) ? 0 : 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .control, .format: return 0
        default: break
        }
        // Vowels and final consonants of Hangul sit in the syllable before them.
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FB).contains(value) { return 0 }
        if properties.isEmojiPresentation { return 2 }
        return Self.wide.contains { $0.contains(value) } ? 2 : 1
    }

    /// East Asian wide and fullwidth characters (Unicode annex 11), by block.
    ///
    /// Ambiguous ones are narrow, as in every terminal that is not set up for an East Asian language.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
        0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x2FFFD,
        0x30000...0x3FFFD,
    ]
}

/// A text from a file or a person as a terminal may get it: control characters, and those that turn the direction of
/// writing, are shown as `\x1b` and `\u{202e}`; what is left cannot move the cursor.
func printable(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control:
            let digits = String(scalar.value, radix: 16)
            shown += scalar.value < 16 ? "\\x0" + digits : "\\x" + digits
        case .lineSeparator, .paragraphSeparator:
            shown += "\\u{\(String(scalar.value, radix: 16))}"
        // Joiners make emoji and words in Persian, and move nothing.
        case .format where !["\u{200C}", "\u{200D}", "\u{00AD}"].contains(scalar):
            shown += "\\u{\(String(scalar.value, radix: 16))}"
        default: shown.unicodeScalars.append(scalar)
        }
    }
    return shown
}
