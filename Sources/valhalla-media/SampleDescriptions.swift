import MediaProtocol

/// What the descriptions of a track's samples say beyond what a decoder needs: names of tapes and encoders, profiles, notes.
struct SampleDescriptions {
    private(set) var items: [MetadataItem] = []

    /// What a decoder is set up by, how pictures are shaped, coloured and interlaced, how sound is laid out.
    private static let needed: Set = [
        "avcC", "hvcC", "av1C", "vpcC", "esds", "pasp", "fiel", "clap", "btrt", "mdcv", "clli", "SmDm",
        "CoLL",
        "dac3", "dec3", "alac", "dfLa", "dOps", "damr", "d263", "chan", "frma", "ACLR", "APRG", "ARES",
        "glbl",
    ]
    /// Longer set-ups than this no codec of ours has; H.264's parameter sets take some hundred bytes.
    private static let longest = 8192

    /// `bytes` is the content of `stsd`.
    init(_ bytes: [UInt8], handler: String) {
        var place = 8
        while place + 16 <= bytes.count {
            let size = MovieInspection.number(bytes[place..<place + 4])
            guard size >= 16, size <= bytes.count - place else { break }
            describe(Array(bytes[place..<place + size]), handler: handler)
            place += size
        }
        // QuickTime closes the list with four noughts.
        if bytes.dropFirst(place).contains(where: { $0 != 0 }) {
            add("trailing bytes", "\(bytes.count - place) bytes")
        }
    }

    private mutating func add(_ key: String, _ value: String) {
        items.append(MetadataItem(key: key, value: value))
    }

    private mutating func describe(_ entry: [UInt8], handler: String) {
        func number(_ place: Int) -> Int {
            place + 2 <= entry.count ? MovieInspection.number(entry[place..<place + 2]) : 0
        }
        switch handler {
        case "vide":
            guard entry.count >= 86 else { return add("picture", "\(entry.count) bytes") }
            // Who wrote it, in four letters; FFmpeg writes its own.
            let vendor = MediaTags.text(entry[20..<24].filter { $0 != 0 })
            if !vendor.isEmpty { add("vendor", vendor) }
            // A Pascal string of at most 31 characters, and what was left behind it.
            let length = min(Int(entry[50]), 31)
            if length > 0 { add("compressor", MediaTags.text(Array(entry[51..<51 + length]))) }
            if entry[51 + length..<82].contains(where: { $0 != 0 }) {
                add("compressor", "bytes behind its end")
            }
            boxes(entry[86...], depth: 0)
        case "soun":
            // QuickTime's second and third kinds of description are longer.
            let start = [0: 36, 1: 52, 2: 72][number(16)] ?? 36
            guard entry.count >= start else { return add("sound", "\(entry.count) bytes") }
            boxes(entry[start...], depth: 0)
        case "tmcd":
            if entry.count > 34 { boxes(entry[34...], depth: 0) }
        default: break
        }
    }

    private mutating func boxes(_ bytes: ArraySlice<UInt8>, depth: Int) {
        var rest = bytes
        while rest.count >= 8 {
            let size = MovieInspection.number(rest.prefix(4))
            let name = MediaTags.text(Array(rest.dropFirst(4).prefix(4)))
            guard size >= 8, size <= rest.count else { break }
            box(name, rest.dropFirst(8).prefix(size - 8), depth: depth)
            rest = rest.dropFirst(size)
        }
        if rest.contains(where: { $0 != 0 }) { add("trailing bytes", "\(rest.count) bytes") }
    }

    private mutating func box(_ name: String, _ content: ArraySlice<UInt8>, depth: Int) {
        switch name {
        case "wave" where depth < 2: boxes(content, depth: depth + 1)
        case "colr":
            let kind = MediaTags.text(Array(content.prefix(4)))
            if kind != "nclc" && kind != "nclx" || content.count > 11 {
                add(name, "\(content.count) bytes of \(kind)")
            }
        case "gama":
            if content.count != 4 { add(name, "\(content.count) bytes") }
        case "", "\0\0\0\0":
            if content.contains(where: { $0 != 0 }) { add("end", "\(content.count) bytes") }
        case "mp4a", "enda":
            // Inside `wave` these repeat the codec and the order of bytes.
            if content.count > 4 { add(name, "\(content.count) bytes") }
        case _ where SampleDescriptions.needed.contains(name):
            if content.count > SampleDescriptions.longest {
                add(name, "\(content.count) bytes")
            } else if SampleDescriptions.hasUserData(content), name == "esds" || name == "glbl" {
                add(name, "user data of an encoder or camera")
            }
        default:
            add(name, "\(content.count) bytes")
        }
    }

    /// MPEG's own place for notes: the start code B2 (ISO/IEC 14496-2 §6.2.2, 13818-2 §6.2.2.2.2).
    private static func hasUserData(_ bytes: ArraySlice<UInt8>) -> Bool {
        let code: [UInt8] = [0, 0, 1, 0xb2]
        return bytes.indices.dropLast(3).contains { bytes[$0..<$0 + 4].elementsEqual(code) }
    }
}
