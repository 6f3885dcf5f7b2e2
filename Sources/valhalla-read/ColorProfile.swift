/// The name of a colour profile, found in the profile's own description.
enum ColorProfile {
    /// Nil when there is none.
    ///
    /// The beginning of a profile is enough if the description stands in it.
    static func name(_ profile: some Collection<UInt8>) -> String? {
        let bytes = Array(profile)
        guard let count = bytes.big32(128), count < 256 else { return nil }
        for entry in 0..<count {
            let at = 132 + entry * 12
            guard bytes.has("desc", at: at) else { continue }
            guard let offset = bytes.big32(at + 4) else { return nil }
            if bytes.has("desc", at: offset) { return plain(bytes, offset) }
            if bytes.has("mluc", at: offset) { return localized(bytes, offset) }
        }
        return nil
    }

    /// Version 2: a count and ASCII.
    private static func plain(_ bytes: [UInt8], _ offset: Int) -> String? {
        guard let count = bytes.big32(offset + 8), count > 0, offset + 12 + count <= bytes.count else {
            return nil
        }
        return bytes[(offset + 12)..<(offset + 12 + count)].text
    }

    /// Version 4: UTF-16 in several languages, of which English is the one that people know.
    private static func localized(_ bytes: [UInt8], _ offset: Int) -> String? {
        guard let count = bytes.big32(offset + 8), count > 0, count < 256 else { return nil }
        let records = (0..<count).map { offset + 16 + $0 * 12 }
        let record = records.first { bytes.has("en", at: $0) } ?? records[0]
        guard let length = bytes.big32(record + 4), let start = bytes.big32(record + 8), length < 1_024 else {
            return nil
        }
        let units = stride(from: offset + start, to: offset + start + length, by: 2).compactMap { at in
            bytes.big16(at).map { UInt16($0) }
        }
        return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self).nonBlank
    }

    /// What an HEIF states in numbers instead of a profile (ITU-T H.273).
    static func name(primaries: Int, transfer: Int) -> String? {
        switch (primaries, transfer) {
        case (1, 13): "sRGB"
        case (1, 1): "BT.709"
        case (12, 13): "Display P3"
        case (9, 16): "BT.2020 PQ"
        case (9, 18): "BT.2020 HLG"
        default: nil
        }
    }
}
