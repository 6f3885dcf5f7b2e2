import MediaProtocol

/// A JPEG taken apart: its segments up to the pixels, and everything from there on.
struct JPEGFile {
    /// One marker segment, without its marker and length.
    struct Segment {
        let marker: UInt8
        let payload: ArraySlice<UInt8>

        func starts(with name: String) -> Bool { payload.starts(with: name.utf8) }
    }

    private(set) var segments: [Segment] = []
    /// From the first scan's marker to the end.
    private(set) var scans: ArraySlice<UInt8> = []

    /// Nil when the bytes are no JPEG, or end before the pixels.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [0xff, 0xd8]) else { return nil }
        var place = 2
        while place + 4 <= bytes.count {
            guard bytes[place] == 0xff else { return nil }
            let marker = bytes[place + 1]
            if marker == 0xff {
                place += 1
                continue
            }
            if marker == 0xda {
                scans = bytes[place...]
                return
            }
            let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
            guard length >= 2, place + 2 + length <= bytes.count else { return nil }
            segments.append(Segment(marker: marker, payload: bytes[place + 4..<place + 2 + length]))
            place += 2 + length
        }
        return nil
    }

    /// The picture with exactly this metadata: of what the encoder wrote, the tables, the frame and the colour profile stay.
    func carrying(_ metadata: PublicMetadata) throws(Failure) -> [UInt8] {
        var file: [UInt8] = [0xff, 0xd8]
        // JFIF 1.01 with square pixels of no stated size: the source's resolution is none of the reader's business.
        try JPEGFile.append(0xe0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0], to: &file)
        if let exif = metadata.exif() { try JPEGFile.append(0xe1, exif, to: &file) }
        if let xmp = metadata.xmp() { try JPEGFile.append(0xe1, xmp, to: &file) }
        for segment in segments where JPEGFile.isNeeded(segment) {
            try JPEGFile.append(segment.marker, Array(segment.payload), to: &file)
        }
        return file + scans
    }

    private static func isNeeded(_ segment: Segment) -> Bool {
        switch segment.marker {
        case 0xe2: segment.starts(with: "ICC_PROFILE\0")
        case 0xe0...0xef, 0xfe: false
        default: true
        }
    }

    private static func append(_ marker: UInt8, _ payload: [UInt8], to file: inout [UInt8]) throws(Failure) {
        guard payload.count <= 65_533 else {
            throw Failure("the texts to be written are longer than a JPEG holds (64 kB): shorten the caption")
        }
        file += [0xff, marker]
        file.append(bigEndian: UInt16(payload.count + 2))
        file += payload
    }
}
