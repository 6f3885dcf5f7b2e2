/// What an iPhone writes into its maker note, which exiv2 0.27 cannot read: the two identifiers that tie files together.
struct AppleMakerNote {
    /// Shared by the frames of a burst.
    private(set) var burst: String?
    /// Shared by the still and the clip of a Live Photo.
    private(set) var contentIdentifier: String?

    /// Nil when the note is not Apple's: a name, two zeros and a one, the byte order, a directory.
    init?(_ note: [UInt8]) {
        guard note.has("Apple iOS\0"), note.has("MM", at: 12), let count = note.big16(14), count < 512 else {
            return nil
        }
        for entry in stride(from: 16, to: 16 + count * 12, by: 12) {
            guard let tag = note.big16(entry), let type = note.big16(entry + 2), type == 2,
                let length = note.big32(entry + 4), length > 4, let offset = note.big32(entry + 8),
                offset + length <= note.count
            else { continue }
            let text = note[offset..<offset + length].text
            if tag == 0x000B { burst = text }
            if tag == 0x0011 { contentIdentifier = text }
        }
    }
}
