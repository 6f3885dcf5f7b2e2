/// Words of the archive as they may stand in a package: nothing in them that a screen obeys instead of showing.
enum PublicText {
    /// On one line: breaks, tabs and control characters are blanks, and what reorders a line unseen is gone.
    ///
    /// Nil when nothing is left.
    static func line(_ text: String?) -> String? {
        guard let text else { return nil }
        var words: [String] = []
        var word = ""
        for scalar in text.unicodeScalars where !isHidden(scalar) {
            if scalar.properties.isWhitespace || isControl(scalar) {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.unicodeScalars.append(scalar)
            }
        }
        if !word.isEmpty { words.append(word) }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// The lines of a longer text, each as `line` gives it; an empty line ends a paragraph.
    static func paragraphs(_ text: String?) -> [String] {
        guard let text else { return [] }
        var paragraphs: [String] = []
        var lines: [String] = []
        for piece in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if let line = line(String(piece)) {
                lines.append(line)
            } else if !lines.isEmpty {
                paragraphs.append(lines.joined(separator: "\n"))
                lines = []
            }
        }
        if !lines.isEmpty { paragraphs.append(lines.joined(separator: "\n")) }
        return paragraphs
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: true
        default: false
        }
    }

    /// Format characters: marks of direction, by which the end of a name reads as its beginning.
    ///
    /// Joiners make letters and emoji, and stay.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .format && scalar.value != 0x200C && scalar.value != 0x200D
    }
}

/// A title as a part of a file's name, that every disk, manifest and server takes.
enum Slug {
    private static let longest = 60

    /// Lower-case ASCII words with hyphens, at most 60 characters; “untitled” when no such word is left.
    ///
    /// Never the camera's file name: its number tells how many pictures lie between two.
    static func of(_ title: String?) -> String {
        var words: [String] = []
        var word = ""
        for scalar in (title ?? "").unicodeScalars {
            switch letters(scalar) {
            case .some(let letters): word += letters
            case .none where isMark(scalar): continue
            case .none:
                if !word.isEmpty { words.append(word) }
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        var slug = ""
        for word in words {
            let longer = slug.isEmpty ? word : slug + "-" + word
            guard longer.utf8.count <= longest else {
                if slug.isEmpty { slug = String(word.prefix(longest)) }
                break
            }
            slug = longer
        }
        return slug.isEmpty ? "untitled" : slug
    }

    /// ASCII letters and digits for a scalar.
    ///
    /// Unicode's own name of a letter tells its base: LATIN SMALL LETTER O WITH
    /// STROKE is an o.
    private static func letters(_ scalar: Unicode.Scalar) -> String? {
        if scalar.isASCII {
            let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            return isWord ? String(scalar).lowercased() : nil
        }
        guard let name = scalar.properties.name else { return nil }
        let parts = name.split(separator: " ")
        guard let place = parts.firstIndex(where: { $0 == "LETTER" || $0 == "LIGATURE" }),
            place + 1 < parts.count,
            parts.contains("LATIN")
        else { return nil }
        switch parts[(place + 1)...].prefix(while: { $0 != "WITH" }).joined(separator: " ") {
        case "SHARP S": return "ss"
        case "ETH": return "d"
        case "THORN": return "th"
        case "ENG": return "ng"
        case "DOTLESS I": return "i"
        case "DOTLESS J": return "j"
        case let base where base.count <= 2: return base.lowercased()
        default: return nil
        }
    }

    /// Accents that follow their letter, and typographic apostrophes, which belong to the word around them.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: true
        default: scalar == "'" || scalar == "\u{2019}" || scalar == "\u{02BC}"
        }
    }
}
