/// The outermost boxes or chunks of a file, without their content: enough to see that its end is missing.
struct BoxOutline {
    /// Names in their order: `ftyp`, `moov`, `mdat` of a movie; `RIFF` of an AVI or WAV.
    private(set) var names: [String] = []
    /// Bytes that the last box promises and the file does not have.
    private(set) var missing = 0

    /// True for the QuickTime family.
    var isMovie: Bool {
        names.first.map { ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"].contains($0) } ?? false
    }

    init(path: [UInt8]) throws(Failure) {
        let file = try InputFile(path: path)
        let head = file.bytes(at: 0, count: 12)
        if head.starts(with: "RIFF".utf8) {
            names = ["RIFF"]
            let stated = (4..<8).reversed().reduce(0) { $0 << 8 | Int(head.count > $1 ? head[$1] : 0) }
            // 0 and all ones are written by recorders that never come back to fill in the size.
            if stated != 0, stated < 0xffff_0000 { missing = max(0, stated + 8 - file.size) }
            return
        }
        var place = 0
        // A file may be a thousand empty boxes long; a movie's outline is a handful.
        while place + 8 <= file.size, names.count < 1000 {
            let header = file.bytes(at: place, count: 16)
            guard header.count >= 8 else { return }
            let name = header[4..<8]
            guard name.allSatisfy({ (0x20...0x7e).contains($0) || $0 == 0xa9 }) else { return }
            var size = header[0..<4].reduce(0) { $0 << 8 | Int($1) }
            if size == 1, header.count == 16 {
                let large = header[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                size = Int(clamping: large)
            }
            names.append(String(decoding: name, as: UTF8.self))
            if size == 0 { return }
            guard size >= 8 else { return }
            if size > file.size - place {
                missing = size - (file.size - place)
                return
            }
            place += size
        }
    }
}
