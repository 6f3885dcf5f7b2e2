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
            guard size <= file.size - place - 8 else {
                add("WAV \(name)", "reaches beyond the file")
                return
            }
            switch name {
            case "data": break
            case "fmt ":
                if !SoundInspection.isPlain(file.bytes(at: place + 8, count: min(size, 64)), size) {
                    add("WAV \(name)", "\(size) bytes")
                }
            case "fact":
                if size != 4 { add("WAV \(name)", "\(size) bytes") }
            case "ds64":
                let sizes = file.bytes(at: place + 16, count: 8)
                if size != 28 { add("WAV \(name)", "\(size) bytes") }
                longSize = Int(clamping: sizes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
            case "JUNK", "PAD ", "FLLR":
                if !file.isZero(place + 8..<place + 8 + size) {
                    add("WAV \(name)", "\(size) bytes, not all zero")
                }
            default: add("WAV \(name)", "\(size) bytes")
            }
            place += 8 + size + size % 2
        }
        if place < file.size { add("trailing bytes", "\(file.size - place) bytes") }
    }

    /// True for a description that is as long as its kind of sound has it.
    private static func isPlain(_ bytes: [UInt8], _ size: Int) -> Bool {
        guard bytes.count == size, size >= 16 else { return false }
        let kind = Int(bytes[0]) | Int(bytes[1]) << 8
        let more = size >= 18 ? Int(bytes[16]) | Int(bytes[17]) << 8 : 0
        switch kind {
        // Linear, floating, A-law and µ-law; where loudspeakers have places, 22 bytes tell which.
        case 1, 3, 6, 7: return size == 16 || size == 18 && more == 0
        case 0xfffe: return size == 40 && more == 22
        // A codec's own numbers: ADPCM has the most.
        default: return size == 18 + more && more <= 34
        }
    }

    private mutating func add(_ key: String, _ value: String) {
        items.append(MetadataItem(key: key, value: value))
    }
}
