import MediaProtocol

/// The packs of a DV frame (IEC 61834-4): the camcorder's clock, its timecode, and how its lines were taken.
struct DVNotes {
    private var packs: [UInt8: ArraySlice<UInt8>] = [:]

    /// From the first blocks of a frame: a header, two of subcode, three of auxiliary video data, 80 bytes each.
    init?(frame bytes: [UInt8]) {
        guard bytes.count >= 480, bytes[0] >> 5 == 0 else { return nil }
        for block in 1..<6 {
            let start = block * 80
            switch bytes[start] >> 5 {
            case 1: for index in 0..<6 { take(bytes[(start + 6 + index * 8)..<(start + 11 + index * 8)]) }
            case 2: for index in 0..<15 { take(bytes[(start + 3 + index * 5)..<(start + 8 + index * 5)]) }
            default: break
            }
        }
        guard !packs.isEmpty else { return nil }
    }

    private mutating func take(_ pack: ArraySlice<UInt8>) {
        guard let kind = pack.first, kind != 0xFF, packs[kind] == nil else { return }
        let content = pack.dropFirst()
        // All ones is a pack that was left out.
        if content.contains(where: { $0 != 0xFF }) { packs[kind] = content }
    }

    /// What they say, as a note.
    func reading() -> Reading {
        var reading = ContainerNotes.blank
        reading.taken = taken
        reading.timecode = timecode
        if let control = packs[0x61] {
            var footage = Footage()
            // The bit of interlaced frames; which field is first is the format's: the lower one.
            footage.scan = control[control.startIndex + 2] & 0x10 == 0 ? .progressive : .bottomFieldFirst
            reading.footage = footage
        }
        return reading
    }

    private var taken: WallTime? {
        guard let date = packs[0x62].map(Array.init), let time = packs[0x63].map(Array.init),
            let day = decimal(date[1], mask: 0x3F), let month = decimal(date[2], mask: 0x1F),
            let year = decimal(date[3], mask: 0xFF), let second = decimal(time[1], mask: 0x7F),
            let minute = decimal(time[2], mask: 0x7F), let hour = decimal(time[3], mask: 0x3F)
        else { return nil }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let text =
            "\(year < 90 ? "20" : "19")\(two(year))-\(two(month))-\(two(day)) \(two(hour)):\(two(minute)):\(two(second))"
        return WallTime(text: text, source: "DV.RecDate")
    }

    private var timecode: String? {
        guard let pack = packs[0x13].map(Array.init), let frames = decimal(pack[0], mask: 0x3F),
            let seconds = decimal(pack[1], mask: 0x7F), let minutes = decimal(pack[2], mask: 0x7F),
            let hours = decimal(pack[3], mask: 0x3F), frames < 30, seconds < 60, minutes < 60, hours < 24
        else { return nil }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let drops = pack[0] & 0x40 != 0
        return "\(two(hours)):\(two(minutes)):\(two(seconds))\(drops ? ";" : ":")\(two(frames))"
    }
}
