/// What is wrong with a text that a person wrote, and where: shared by queries and templates.
struct Mistake: Error, Hashable {
    /// One sentence without a full stop, as a colleague would say it.
    var message: String
    /// The text that was written.
    var source: [Unicode.Scalar]
    /// The part of it that is wrong; empty where something is missing.
    var place: Range<Int>
    /// The nearest right word, where there is one.
    var suggestion: String?

    init(_ message: String, in source: [Unicode.Scalar], at place: Range<Int>, suggestion: String? = nil) {
        self.message = message
        self.source = source
        self.place = place
        self.suggestion = suggestion
    }

    /// Where the mistake begins, in characters from 1.
    var column: Int {
        String(String.UnicodeScalarView(source[..<min(place.lowerBound, source.count)])).count + 1
    }

    var sentence: String {
        suggestion.map { "\(message); did you mean \($0)?" } ?? message
    }

    /// The text, and a line of carets under the place.
    ///
    /// A long text is shown around the place only.
    var excerpt: String {
        let reach = 60
        let start = max(0, min(place.lowerBound, source.count) - reach)
        let end = min(source.count, max(place.upperBound, place.lowerBound + 1) + reach)
        let shownPlace = place.clamped(to: start..<max(end, start))
        var shown = start > 0 ? "…" : ""
        var below = start > 0 ? " " : ""
        for index in start..<end {
            let scalar = Mistake.visible(source[index])
            shown.unicodeScalars.append(scalar)
            let mark = shownPlace.contains(index) ? "^" : " "
            below += String(repeating: mark, count: Mistake.columns(of: scalar))
        }
        if shownPlace.isEmpty {
            let before = source[start..<min(place.lowerBound, source.count)]
            let columns = before.reduce(start > 0 ? 1 : 0) { $0 + Mistake.columns(of: Mistake.visible($1)) }
            below = String(repeating: " ", count: columns) + "^"
        }
        if end < source.count { shown += "…" }
        while below.last == " " { below.removeLast() }
        return "  \(shown)\n  \(below)"
    }

    /// Line breaks and tabs would put the caret under the wrong place, and escape sequences do worse.
    private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: scalar.properties.isWhitespace ? " " : "\u{FFFD}"
        case .format: "\u{FFFD}"
        default: scalar
        }
    }

    /// How many columns of a terminal a scalar takes.
    private static func columns(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: 0
        default: wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    /// East Asian wide characters and emoji, by block (Unicode annex 11).
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}

/// The word among `candidates` that was most likely meant, or nil when none is near.
///
/// A wrong, missing, doubled or swapped letter is one step. Short words may be one step away, longer ones up to three.
func nearestWord(to word: String, among candidates: [String]) -> String? {
    let wanted = Array(word.lowercased())
    // No word of ours is that long, and distances are quadratic.
    guard (1...60).contains(wanted.count) else { return nil }
    let limit = max(1, min(3, wanted.count / 3))
    var best: (word: String, distance: Int)?
    for candidate in candidates {
        let letters = Array(candidate.lowercased().prefix(100))
        guard abs(letters.count - wanted.count) <= limit else { continue }
        let distance = spellingSteps(wanted, letters)
        if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.word
}

private func spellingSteps(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
        var row = [i + 1]
        row.reserveCapacity(right.count + 1)
        for j in right.indices {
            var steps = min(row[j] + 1, last[j + 1] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                steps = min(steps, beforeLast[j - 1] + 1)
            }
            row.append(steps)
        }
        beforeLast = last
        last = row
    }
    return last[right.count]
}
