import MediaProtocol

/// Every chunk of a WAV file that is not the sound or its format.
struct SoundInspection {
    private(set) var items: [MetadataItem] = []

    static func isWave(head: [UInt8]) -> Bool {
        ["RIFF", "RF64", "BW64"].contains { head.starts(with: $0.utf8) }
            && head.dropFirst(8).starts(with: "WAVE".utf8)
    }

    init(file: borrowing InputFile) {
        var place = 12
        // A file past 4 GB says so in a first chunk, and gives the sound's true size there.
        var longSize: Int?
        while place + 8 <= file.size {
            let header = file.bytes(at: place, count: 8)
            guard header.count == 8 else { break }
            let name = String(decoding: header[0..<4], as: UTF8.self)
            var size = header[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
            if name == "data", size == 0xffff_ffff, let longSize { size = longSize }
            switch name {
            case "fmt ", "data", "fact": break
            case "ds64":
                let sizes = file.bytes(at: place + 16, count: 8)
                longSize = Int(clamping: sizes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
            case "JUNK", "PAD ", "FLLR":
                let bytes = file.bytes(at: place + 8, count: min(size, 1 << 20))
                if bytes.contains(where: { $0 != 0 }) { add("WAV \(name)", "\(size) bytes, not all zero") }
            default: add("WAV \(name)", "\(size) bytes")
            }
            let next = place.addingReportingOverflow(8 + size + size % 2)
            guard !next.overflow, next.partialValue <= file.size + 1 else {
                add("WAV \(name)", "reaches beyond the file")
                return
            }
            place = next.partialValue
        }
        if place < file.size { add("trailing bytes", "\(file.size - place) bytes") }
    }

    private mutating func add(_ key: String, _ value: String) {
        items.append(MetadataItem(key: key, value: value))
    }
}
