/// What a history leaves out, in the syntax of gitignore.
struct IgnorePatterns: Sendable {
    private let patterns: [Pattern]

    private struct Pattern: Sendable {
        /// Names, one for each folder on the way; `**` stands for any number of them.
        let names: [[UInt8]]
        let isNegated: Bool
        /// True when only a folder is meant.
        let wantsFolder: Bool
    }

    init(_ lines: [String]) {
        patterns = lines.compactMap { line in
            var text = Array(line.utf8)
            while text.last == UInt8(ascii: " ") { text.removeLast() }
            guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
            let isNegated = first == UInt8(ascii: "!")
            if isNegated { text.removeFirst() }
            let wantsFolder = text.last == UInt8(ascii: "/")
            if wantsFolder { text.removeLast() }
            var names = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true).map {
                Array($0)
            }
            guard !names.isEmpty else { return nil }
            // Without a slash in it, a pattern means a name at any depth.
            if !text.contains(UInt8(ascii: "/")) { names.insert(Array("**".utf8), at: 0) }
            return Pattern(names: names, isNegated: isNegated, wantsFolder: wantsFolder)
        }
    }

    /// True when the file at a path, or a folder that it lies in, is left out; the last pattern that fits decides.
    func cover(_ path: [UInt8]) -> Bool {
        guard !patterns.isEmpty else { return false }
        let names = path.split(separator: UInt8(ascii: "/")).map { Array($0) }
        // As git does it: what lies in a folder that is left out cannot be brought back.
        return (1...max(1, names.count)).contains { depth in
            covers(Array(names.prefix(depth)), isFolder: depth < names.count)
        }
    }

    private func covers(_ names: [[UInt8]], isFolder: Bool) -> Bool {
        let deciding = patterns.last { pattern in
            (isFolder || !pattern.wantsFolder) && IgnorePatterns.fit(names, pattern.names)
        }
        return deciding.map { !$0.isNegated } ?? false
    }

    /// One row of the table at a time, so that no pattern takes longer than the product of both lengths.
    private static func fit(_ names: [[UInt8]], _ pattern: [[UInt8]]) -> Bool {
        var fits = [true] + [Bool](repeating: false, count: names.count)
        for part in pattern {
            var next = [Bool](repeating: false, count: names.count + 1)
            if part == Array("**".utf8) {
                var isReached = false
                for place in fits.indices {
                    isReached = isReached || fits[place]
                    next[place] = isReached
                }
            } else {
                for place in names.indices where fits[place] { next[place + 1] = fit(names[place], part) }
            }
            fits = next
        }
        return fits[names.count]
    }

    /// One name against `*`, `?`, `[a-z]` and `\`.
    private static func fit(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
        var place = 0
        var at = 0
        var star: (pattern: Int, name: Int)?
        while place < name.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                star = (at + 1, place)
                at += 1
            } else if let next = step(name[place], pattern, at) {
                at = next
                place += 1
            } else if let (back, from) = star {
                star = (back, from + 1)
                at = back
                place = from + 1
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Where the pattern goes on when one character fits.
    private static func step(_ character: UInt8, _ pattern: [UInt8], _ at: Int) -> Int? {
        guard at < pattern.count else { return nil }
        switch pattern[at] {
        case UInt8(ascii: "?"): return at + 1
        case UInt8(ascii: "\\") where at + 1 < pattern.count:
            return pattern[at + 1] == character ? at + 2 : nil
        case UInt8(ascii: "["):
            guard let end = pattern[(at + 1)...].dropFirst().firstIndex(of: UInt8(ascii: "]")) else {
                return character == UInt8(ascii: "[") ? at + 1 : nil
            }
            return isIn(pattern[(at + 1)..<end], character) ? end + 1 : nil
        default: return pattern[at] == character ? at + 1 : nil
        }
    }

    private static func isIn(_ set: ArraySlice<UInt8>, _ character: UInt8) -> Bool {
        var rest = set
        let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if isNegated { rest.removeFirst() }
        var isFound = false
        while let first = rest.popFirst() {
            if rest.first == UInt8(ascii: "-"), let last = rest.dropFirst().first {
                rest.removeFirst(2)
                isFound = isFound || (first <= last && (first...last).contains(character))
            } else {
                isFound = isFound || first == character
            }
        }
        return isFound != isNegated
    }
}
