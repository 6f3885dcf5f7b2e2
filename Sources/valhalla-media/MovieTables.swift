/// The tables by which a track finds its samples: each says by its own count how long it is (ISO/IEC 14496-12 §8.6–8.9).
enum MovieTables {
    /// All that a finished clip may have, besides its headers and descriptions.
    static let names: Set = [
        "vmhd", "smhd", "nmhd", "gmin", "stts", "ctts", "cslg", "stsc", "stsz", "stz2", "stco", "co64",
        "stss",
        "stps", "sdtp", "sbgp", "sgpd", "elst", "clef", "prof", "enof",
    ]

    /// By how many bytes a table is longer than it says, or -1 when it cannot be told.
    ///
    /// A table with a byte for each sample is held against their number by `SampleMap`.
    static func surplus(
        of name: String,
        _ content: Range<Int>,
        in file: borrowing InputFile
    ) -> Int {
        let head = file.bytes(at: content.lowerBound, count: min(24, content.count))
        func number(_ place: Int) -> Int {
            place + 4 <= head.count ? MovieInspection.number(head[place..<place + 4]) : -1
        }
        guard head.count >= 4 else { return -1 }
        let isLong = head[0] == 1
        switch name {
        case "mvhd": return content.count - (isLong ? 112 : 100)
        case "tkhd": return content.count - (isLong ? 96 : 84)
        case "mdhd": return content.count - (isLong ? 36 : 24)
        case "vmhd", "clef", "prof", "enof": return content.count - 12
        case "smhd": return content.count - 8
        case "nmhd": return content.count - 4
        case "gmin": return content.count - 16
        case "cslg": return content.count - (isLong ? 44 : 24)
        case "stts", "ctts", "co64": return content.count - 8 - 8 * number(4)
        case "stsc": return content.count - 8 - 12 * number(4)
        case "stco", "stss", "stps": return content.count - 8 - 4 * number(4)
        case "stsz": return content.count - 12 - (number(4) == 0 ? 4 * number(8) : 0)
        case "stz2": return content.count - 12 - (number(8) * (number(4) & 0xff) + 7) / 8
        case "elst": return content.count - 8 - (isLong ? 20 : 12) * number(4)
        case "sdtp": return 0
        case "sbgp": return content.count - (isLong ? 16 + 8 * number(12) : 12 + 8 * number(8))
        case "sgpd":
            // Of one kind of group alone: how far a decoder has to roll.
            return isLong && head.count >= 16 && head[4..<8].elementsEqual("roll".utf8) && number(8) == 2
                ? content.count - 16 - 2 * number(12) : -1
        default: return -1
        }
    }
}

/// Where the samples of all tracks lie, so that what lies between them is seen.
struct SampleMap {
    private struct Track {
        var tables: [String: Range<Int>] = [:]
    }

    /// The contents of the `mdat` boxes.
    var data: [Range<Int>] = []
    private var tracks: [Track] = []

    /// More chunks than this no clip has; a hostile one claims them.
    private static let most = 16 << 20

    mutating func beginTrack() {
        tracks.append(Track())
    }

    mutating func note(_ name: String, _ content: Range<Int>) {
        guard !tracks.isEmpty else { return }
        tracks[tracks.count - 1].tables[name] = content
    }

    /// How many bytes of `mdat` are no track's; nil when there are none, `Int.max` when it cannot be told.
    func unclaimed(in file: borrowing InputFile) -> Int? {
        let all = data.reduce(0) { $0 + $1.count }
        if all == 0 { return nil }
        var claimed: [Range<Int>] = []
        var hidden = 0
        for track in tracks {
            guard let chunks = SampleMap.chunks(of: track, in: file) else { return .max }
            claimed += chunks
            hidden += SampleMap.surplusDependencies(of: track, in: file)
        }
        claimed.sort { $0.lowerBound < $1.lowerBound }
        var next = 0
        for box in data.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            var place = box.lowerBound
            while next < claimed.count, claimed[next].lowerBound < box.upperBound {
                if claimed[next].lowerBound > place { hidden += claimed[next].lowerBound - place }
                place = max(place, claimed[next].upperBound)
                next += 1
            }
            if place < box.upperBound { hidden += box.upperBound - place }
        }
        return hidden == 0 ? nil : hidden
    }

    /// Every chunk of a track, from its first sample to the end of its last.
    private static func chunks(of track: Track, in file: borrowing InputFile) -> [Range<Int>]? {
        guard let sizes = table("stsz", track, file), let runs = table("stsc", track, file),
            let (places, isLong) = table("co64", track, file).map({ ($0, true) })
                ?? table("stco", track, file).map({ ($0, false) })
        else { return track.tables["stz2"] == nil && track.tables.isEmpty ? [] : nil }
        func number(_ table: [UInt8], _ place: Int) -> Int {
            guard place >= 0, place + 4 <= table.count else { return 0 }
            return MovieInspection.number(table[place..<place + 4])
        }
        let fixed = number(sizes, 4)
        let samples = number(sizes, 8)
        guard fixed > 0 || 12 + 4 * samples <= sizes.count else { return nil }
        let chunks = min(number(places, 4), (places.count - 8) / (isLong ? 8 : 4))
        let runCount = min(number(runs, 4), (runs.count - 8) / 12)
        guard chunks >= 0, chunks <= most, runCount > 0 || chunks == 0 else { return nil }
        var found: [Range<Int>] = []
        found.reserveCapacity(chunks)
        var (run, sample) = (0, 0)
        for chunk in 0..<chunks {
            while run + 1 < runCount, number(runs, 8 + 12 * (run + 1)) <= chunk + 1 { run += 1 }
            let held = min(number(runs, 8 + 12 * run + 4), samples - sample)
            let start =
                isLong
                ? Int(
                    clamping: places[8 + 8 * chunk..<16 + 8 * chunk].reduce(UInt64(0)) {
                        $0 << 8 | UInt64($1)
                    })
                : number(places, 8 + 4 * chunk)
            var length = 0
            if fixed > 0 {
                let product = max(0, held).multipliedReportingOverflow(by: fixed)
                guard !product.overflow else { return nil }
                length = product.partialValue
            } else {
                for each in sample..<sample + max(0, held) { length += number(sizes, 12 + 4 * each) }
            }
            sample += max(0, held)
            guard start <= file.size, length >= 0, length <= file.size - start else { return nil }
            found.append(start..<start + length)
        }
        return found
    }

    /// A byte a sample says which others it is needed for: what there is more of is hidden.
    private static func surplusDependencies(of track: Track, in file: borrowing InputFile) -> Int {
        guard let dependencies = track.tables["sdtp"], let sizes = track.tables["stsz"] else { return 0 }
        let head = file.bytes(at: sizes.lowerBound, count: 12)
        let samples = head.count == 12 ? MovieInspection.number(head[8..<12]) : 0
        return abs(dependencies.count - 4 - samples)
    }

    private static func table(_ name: String, _ track: Track, _ file: borrowing InputFile) -> [UInt8]? {
        guard let range = track.tables[name], range.count >= 8, range.count <= 16 * most else { return nil }
        let bytes = file.bytes(at: range.lowerBound, count: range.count)
        return bytes.count == range.count ? bytes : nil
    }
}

extension InputFile {
    /// True when nothing but noughts stands there.
    borrowing func isZero(_ range: Range<Int>) -> Bool {
        var place = range.lowerBound
        while place < range.upperBound {
            let bytes = bytes(at: place, count: min(1 << 20, range.upperBound - place))
            if bytes.isEmpty || bytes.contains(where: { $0 != 0 }) { return false }
            place += bytes.count
        }
        return true
    }
}
