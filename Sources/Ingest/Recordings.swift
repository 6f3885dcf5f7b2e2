internal import Catalog
internal import MediaProtocol

/// Decides which files are parts of one recording, by what they say of themselves.
///
/// Timecodes and clocks go on where the part before ends, or the camera's own list says who follows whom. Names only tell
/// whom to ask.
enum Recordings {
    /// A part and why it follows the one before; nil for the first.
    struct Link: Hashable, Sendable {
        /// Index into the parts.
        var part: Int
        var because: String?
    }

    /// Files of FAT32 end at four gigabytes; a camera that divides there leaves little of the last one empty.
    private static let full: Int64 = 3_500_000_000
    /// Clocks of containers have whole seconds, and durations are rounded.
    private static let clockTolerance = 2_000.0

    /// The recordings of two parts or more among files of which the names have one recording in common.
    static func chains(of parts: [RecordedPart]) -> [[Link]] {
        guard let recording = parts.first?.facts.recording else { return [] }
        let next = recording.hasPrefix("P2 ") ? listed(parts) : measured(parts)
        let followers = Set(next.values.map(\.part))
        return parts.indices.filter { !followers.contains($0) && next[$0] != nil }.map { first in
            var chain = [Link(part: first)]
            while let last = chain.last, let link = next[last.part], chain.count <= parts.count {
                chain.append(link)
            }
            return chain
        }
    }

    /// The parts as P2's XML lists them: each names the one before it and the one behind it, and both must agree.
    private static func listed(_ parts: [RecordedPart]) -> [Int: Link] {
        var byIdentifier: [String: [Int]] = [:]
        for (index, part) in parts.enumerated() {
            byIdentifier[part.facts.own ?? "", default: []].append(index)
        }
        var next: [Int: Link] = [:]
        for (index, part) in parts.enumerated() {
            guard let wanted = part.facts.next, let own = part.facts.own,
                let found = byIdentifier[wanted], found.count == 1, parts[found[0]].facts.previous == own,
                byIdentifier[own]?.count == 1, found[0] != index
            else { continue }
            next[index] = Link(
                part: found[0],
                because: "is what follows \(part.name) by the card’s XML"
            )
        }
        return next
    }

    /// The parts as their own clocks and timecodes have them; where two could follow one, neither does.
    private static func measured(_ parts: [RecordedPart]) -> [Int: Link] {
        let byNumber = Dictionary(grouping: parts.indices) { parts[$0].facts.number ?? -1 }
        var candidates: [Int: [Link]] = [:]
        for (index, part) in parts.enumerated() {
            guard let number = part.facts.number else { continue }
            // A part in between may be on another card, or lost.
            for step in 1...9 where candidates[index] == nil {
                for other in byNumber[number + step] ?? [] where other != index {
                    let because =
                        step == 1
                        ? evidence(that: parts[other], follows: part) : sameBeginning(part, parts[other])
                    guard let because else { continue }
                    candidates[index, default: []].append(Link(part: other, because: because))
                }
            }
            // Several cameras that were started together agree in everything but where their files lie.
            let beside = candidates[index]?.filter { !parts[$0.part].folders.isDisjoint(with: part.folders) }
            if let beside, !beside.isEmpty { candidates[index] = beside }
        }
        let predecessors = Dictionary(candidates.values.joined().map { ($0.part, 1) }, uniquingKeysWith: +)
        return candidates.compactMapValues { links in
            links.count == 1 && predecessors[links[0].part] == 1 ? links[0] : nil
        }
    }

    /// Why a part goes on where another ends; nil when nothing proves it, or something speaks against it.
    static func evidence(that part: RecordedPart, follows before: RecordedPart) -> String? {
        let (one, two) = (before.facts, part.facts)
        guard agree(one, two) else { return nil }
        // A drone numbers its clips in a row, and short ones may follow each other at once.
        if one.recording?.hasPrefix("DJI ") == true, before.size < full { return nil }
        if let start = timecodeEnd(of: one), let own = two.timecode.flatMap(Timecode.init) {
            let rate = Timecode.counted(one.frameRate)
            let day = rate * 86_400
            let distance = abs((own.frames(at: rate) - start + day) % day)
            if min(distance, day - distance) <= 1 {
                return "begins at timecode \(two.timecode ?? ""), where \(before.name) ends"
            }
        }
        guard let begun = one.wallMilliseconds, let own = two.wallMilliseconds else { return nil }
        if let duration = one.duration, abs(Double(own - begun) - duration * 1000) <= clockTolerance {
            return "begins where \(before.name) ends, by the camera’s clock"
        }
        return sameBeginning(before, part)
    }

    /// GoPro writes into every chapter when the recording began, and one camera cannot begin two in one second.
    private static func sameBeginning(_ before: RecordedPart, _ part: RecordedPart) -> String? {
        let (one, two) = (before.facts, part.facts)
        guard one.recording?.hasPrefix("GoPro ") == true, agree(one, two), let begun = one.wallMilliseconds,
            let own = two.wallMilliseconds, abs(own - begun) < 1000, (one.duration ?? 0) >= 2
        else { return nil }
        return "says that its recording began in the same second as \(before.name)"
    }

    private static func agree(_ one: SegmentFacts, _ two: SegmentFacts) -> Bool {
        agree(one.make, two.make) && agree(one.model, two.model) && agree(one.serial, two.serial)
            && agree(one.frameRate, two.frameRate)
    }

    private static func agree<Value: Equatable>(_ left: Value?, _ right: Value?) -> Bool {
        guard let left, let right else { return true }
        return left == right
    }

    /// The timecode of the frame behind the last.
    private static func timecodeEnd(of facts: SegmentFacts) -> Int? {
        guard let start = facts.timecode.flatMap(Timecode.init) else { return nil }
        let rate = Timecode.counted(facts.frameRate)
        guard rate > 0 else { return nil }
        if let frames = facts.frames { return start.frames(at: rate) + frames }
        guard let duration = facts.duration, let exact = facts.frameRate?.value else { return nil }
        return start.frames(at: rate) + Int((duration * exact).rounded())
    }
}

/// `01:00:00:00`, with `;` before the frames when it leaves numbers out to keep up with the clock (SMPTE ST 12-1).
struct Timecode: Hashable {
    private let fields: [Int]
    private let drops: Bool

    init?(_ text: String) {
        let parts = text.split(whereSeparator: { ":;.".contains($0) }).map { Int($0) }
        guard parts.count == 4, let hours = parts[0], let minutes = parts[1], let seconds = parts[2],
            let frames = parts[3], (0..<24).contains(hours), (0..<60).contains(minutes),
            (0..<60).contains(seconds), (0..<1000).contains(frames)
        else { return nil }
        fields = [hours, minutes, seconds, frames]
        drops = text.contains(";") || text.suffix(3).first == "."
    }

    /// Frames since midnight when so many are counted a second.
    func frames(at rate: Int) -> Int {
        let minutes = fields[0] * 60 + fields[1]
        let counted = (minutes * 60 + fields[2]) * rate + fields[3]
        guard drops, rate % 30 == 0 else { return counted }
        return counted - rate / 15 * (minutes - minutes / 10)
    }

    /// Frames that are counted a second: 24 of 24000/1001; 0 when the rate is not known.
    static func counted(_ rate: Rational?) -> Int {
        guard let value = rate?.value, value > 0, value < 1000 else { return 0 }
        return Int(value.rounded())
    }
}
