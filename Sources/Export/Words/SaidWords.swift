/// What a package may say, by which every finished text of it is judged.
///
/// Two kinds of phrases are allowed: what templates say by themselves (`Wording` brings it along), and the values that a
/// preset declared as public. A text passes when each of its words lies in one of them *said whole*: that a caption’s
/// every word occurs somewhere in other captions does not let it out, nor does a number pass for being one.
struct SaidWords: Sendable {
    /// The numbers of words that occur in phrases.
    private var numbers: [String: Int32] = [:]
    /// A tree of all phrases (Aho and Corasick, 1975): from a place by a word to the next.
    private var steps: [Step: Int32] = [:]
    /// For each place how many words long the longest phrase is that ends there; nought when none does.
    private var ends: [Int32] = [0]
    /// Where to go on from a place when no word leads on: the longest other beginning of a phrase that was just read.
    private var fallbacks: [Int32] = [0]
    private var isLinked = true
    /// Literals that are in the tree, by where the program keeps them, for each writing.
    private var known: Set<Literal> = []

    private struct Step: Hashable, Sendable {
        let place: Int32
        let word: Int32
    }

    private struct Literal: Hashable, Sendable {
        let place: UInt
        let writing: Writing
    }

    /// How words are written in a file.
    enum Writing: Hashable, Sendable {
        /// In HTML and XML: the five references that `escaped` writes are no words.
        case markup
        /// As they are.
        case plain

        /// That of a file, by the ending of its name.
        init(ofFile name: String) {
            self = [".html", ".xml", ".mhl"].contains { name.hasSuffix($0) } ? .markup : .plain
        }
    }

    // MARK: Declaring

    /// Allows a value, said whole.
    mutating func add(_ value: String?) {
        if let value { add(words(of: Array(value.utf8), .plain)) }
    }

    /// Allows a number, said whole.
    mutating func add(_ value: Int?) { add(value.map { String($0) }) }

    /// Allows each of several values.
    mutating func add(each values: some Sequence<some StringProtocol>) {
        for value in values { add(String(value)) }
    }

    /// Allows words of the house that stand in no template.
    mutating func add(literally words: StaticString...) { for word in words { add(word.description) } }

    /// Allows what a text’s own templates say, and nothing of the values in it.
    mutating func add(literalsOf wording: Wording, _ writing: Writing) {
        for (place, literal) in wording.literals {
            guard known.insert(Literal(place: place, writing: writing)).inserted else { continue }
            add(words(of: Array(literal.description.utf8), writing))
        }
    }

    private mutating func add(_ phrase: [String]) {
        guard !phrase.isEmpty else { return }
        var place: Int32 = 0
        for word in phrase {
            let number = numbers[word] ?? Int32(numbers.count)
            numbers[word] = number
            let step = Step(place: place, word: number)
            if let next = steps[step] {
                place = next
            } else {
                place = Int32(ends.count)
                steps[step] = place
                ends.append(0)
                isLinked = false
            }
        }
        if ends[Int(place)] < Int32(phrase.count) {
            ends[Int(place)] = Int32(phrase.count)
            isLinked = false
        }
    }

    // MARK: Judging

    /// The words of a text that stand in nothing that may be said, in their order.
    mutating func unsaid(in bytes: [UInt8], _ writing: Writing) -> [String] {
        if !isLinked { link() }
        let words = words(of: bytes, writing)
        var longest: [Int32] = []
        longest.reserveCapacity(words.count)
        var place: Int32 = 0
        for word in words {
            if let number = numbers[word] {
                while place != 0, steps[Step(place: place, word: number)] == nil {
                    place = fallbacks[Int(place)]
                }
                place = steps[Step(place: place, word: number)] ?? 0
            } else {
                place = 0
            }
            longest.append(ends[Int(place)])
        }
        // From the end, because a phrase is known by where it ends.
        var unsaid: [String] = []
        var start = words.count
        for index in words.indices.reversed() {
            start = min(start, index + 1 - Int(longest[index]))
            if start > index { unsaid.append(words[index]) }
        }
        return unsaid.reversed()
    }

    /// Finds for each place where to go on, the shallow places first.
    private mutating func link() {
        var below: [Int32: [(word: Int32, place: Int32)]] = [:]
        for (step, next) in steps { below[step.place, default: []].append((step.word, next)) }
        fallbacks = [Int32](repeating: 0, count: ends.count)
        var level: [Int32] = [0]
        while !level.isEmpty {
            var deeper: [Int32] = []
            for place in level {
                for (word, next) in below[place] ?? [] {
                    deeper.append(next)
                    guard place != 0 else { continue }
                    var other = fallbacks[Int(place)]
                    while other != 0, steps[Step(place: other, word: word)] == nil {
                        other = fallbacks[Int(other)]
                    }
                    let fallback = steps[Step(place: other, word: word)] ?? 0
                    fallbacks[Int(next)] = fallback
                    // A shorter phrase may end where a longer one is under way.
                    ends[Int(next)] = max(ends[Int(next)], ends[Int(fallback)])
                }
            }
            level = deeper
        }
        isLinked = true
    }
}

/// The words of a text: runs of ASCII letters and digits and of whatever lies beyond ASCII, but for the signs by which we
/// divide: those of Latin-1, ×, and General Punctuation.
///
/// A point or colon between digits belongs to the number, so that a coordinate is one word and not two small ones. A
/// reference that `escaped` does not write is a word by itself: nothing passes because it was written in numbers.
private func words(of bytes: [UInt8], _ writing: SaidWords.Writing) -> [String] {
    var words: [String] = []
    bytes.withUnsafeBufferPointer { bytes in
        var place = 0
        var start: Int?
        func at(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
        func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
        func close(_ end: Int) {
            if let begun = start { words.append(String(decoding: bytes[begun..<end], as: UTF8.self)) }
            start = nil
        }
        while place < bytes.count {
            let byte = bytes[place]
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A:
                if start == nil { start = place }
                place += 1
            case 0x2E, 0x3A:  // . :
                if start == nil || !isDigit(at(place - 1)) || !isDigit(at(place + 1)) { close(place) }
                place += 1
            case 0x26 where writing == .markup:  // &
                close(place)
                let rest = bytes[place..<min(place + 6, bytes.count)]
                if let reference = references.first(where: { rest.starts(with: $0) }) {
                    place += reference.count
                } else {
                    words.append("&")
                    place += 1
                }
            case 0x00...0x7F:
                close(place)
                place += 1
            default:
                let length = dividing(byte, at(place + 1), at(place + 2))
                if length > 0 {
                    close(place)
                } else if start == nil {
                    start = place
                }
                place += max(1, length)
            }
        }
        close(bytes.count)
    }
    return words
}

private let references: [[UInt8]] = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].map { Array($0.utf8) }

/// How many bytes a sign has by which words are divided; nought for every other.
private func dividing(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
    switch (first, second, third) {
    case (0xC2, 0x80...0xBF, _): 2  // U+0080…00BF
    case (0xC3, 0x97, _): 2  // ×
    case (0xE2, 0x80, 0x80...0xBF), (0xE2, 0x81, 0x80...0xAF): 3  // U+2000…206F
    case (0xEF, 0xBB, 0xBF): 3  // the byte-order mark
    default: 0
    }
}
