import MediaProtocol

/// What an ICC profile says in words, and whatever of it is neither words nor a curve or colour (ICC.1:2010 §10).
struct ProfileListing {
    private(set) var items: [MetadataItem] = []
    private let profile: [UInt8]

    /// Elements that are numbers: colours, curves, and what was measured.
    private static let numbers: Set = ["XYZ ", "curv", "para", "chrm", "sf32", "meas", "view", "sig "]
    private static let most = 100

    /// A profile of a picture; its own name is the first item.
    init(_ profile: [UInt8]) {
        self.profile = profile
        let name = description(at: "desc")
        items.append(MetadataItem(key: "ICC profile", value: name ?? "\(profile.count) bytes"))
        guard let count = number(128), count <= ProfileListing.most, 132 + count * 12 <= profile.count else {
            items.append(MetadataItem(key: "ICC", value: "\(profile.count) bytes that are no profile"))
            return
        }
        var accounted = [0..<132 + count * 12]
        for entry in 0..<count {
            let place = 132 + entry * 12
            guard let offset = number(place + 4), let size = number(place + 8), offset <= profile.count,
                size <= profile.count - offset
            else {
                items.append(MetadataItem(key: "ICC", value: "an element that reaches beyond the profile"))
                continue
            }
            accounted.append(offset..<offset + size)
            list(MediaTags.text(Array(profile[place..<place + 4])), offset..<offset + size)
        }
        let hidden = ProfileListing.gaps(in: profile, accounted)
        if hidden > 0 {
            items.append(MetadataItem(key: "ICC bytes outside of any element", value: "\(hidden) bytes"))
        }
        // Whose device it was made for and which, its own digest, and what is reserved.
        let maker = MediaTags.text(profile[48..<52].filter { $0 != 0 })
        let more = (profile[52..<64] + profile[84..<128]).count { $0 != 0 }
        if more > 0 || !maker.isEmpty {
            items.append(MetadataItem(key: "ICC header", value: more > 0 ? "\(maker), \(more) bytes" : maker))
        }
    }

    private mutating func list(_ name: String, _ range: Range<Int>) {
        let element = profile[range]
        let kind = MediaTags.text(Array(element.prefix(4)))
        switch kind {
        case _ where ProfileListing.numbers.contains(kind):
            let length = ProfileListing.length(ofNumbers: element)
            if let length, element.count - length < 4 { return }
            items.append(MetadataItem(key: "ICC \(name)", value: "\(element.count) bytes of \(kind)"))
        case "text":
            let text = element.dropFirst(8).prefix { $0 != 0 }
            let behind = element.dropFirst(8 + text.count).count { $0 != 0 }
            add(name, MediaTags.text(Array(text)), hidden: behind)
        case "desc":
            let length = number(range.lowerBound + 8) ?? 0
            let text = element.dropFirst(12).prefix(max(0, length)).prefix { $0 != 0 }
            // Behind it the same in Unicode and in a script of its own; both may be empty, and are in ours.
            let behind = element.dropFirst(12 + text.count).count { $0 != 0 }
            if name == "desc", behind == 0 { return }
            add(name, MediaTags.text(Array(text)), hidden: behind)
        default:
            items.append(MetadataItem(key: "ICC \(name)", value: "\(element.count) bytes of \(kind)"))
        }
    }

    private mutating func add(_ name: String, _ text: String, hidden: Int) {
        let value = hidden == 0 ? text : "\(text), and \(hidden) bytes behind its end"
        items.append(MetadataItem(key: "ICC \(name)", value: value))
    }

    /// How long an element of numbers is by its own count; nil for those whose length says it.
    private static func length(ofNumbers element: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(element)
        func number(_ place: Int, _ width: Int) -> Int {
            guard place + width <= bytes.count else { return 0 }
            return bytes[place..<place + width].reduce(0) { $0 << 8 | Int($1) }
        }
        switch String(decoding: bytes.prefix(4), as: UTF8.self) {
        case "XYZ ": return 20
        case "curv": return 12 + 2 * number(8, 4)
        case "para":
            let kind = number(8, 2)
            return kind < 5 ? 12 + 4 * [1, 3, 4, 5, 7][kind] : nil
        case "chrm": return 12 + 8 * number(8, 2)
        case "sf32": return bytes.count <= 44 ? bytes.count : nil
        case "meas": return 36
        case "view": return 36
        case "sig ": return 12
        default: return nil
        }
    }

    private func number(_ place: Int) -> Int? {
        guard place >= 0, place + 4 <= profile.count else { return nil }
        return profile[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    /// As ASCII (version 2) or UTF-16 (version 4); nil where it cannot be found.
    private func description(at name: String) -> String? {
        guard let count = number(128), count <= ProfileListing.most else { return nil }
        for entry in 0..<count {
            let place = 132 + entry * 12
            guard place + 12 <= profile.count else { return nil }
            guard profile[place..<place + 4].elementsEqual(name.utf8), let offset = number(place + 4),
                let kind = number(offset)
            else { continue }
            if kind == 0x6465_7363, let length = number(offset + 8), length > 0,
                offset + 12 + length <= profile.count
            {
                return MediaTags.text(Array(profile[offset + 12..<offset + 12 + length])).trimmed
            }
            if kind == 0x6d6c_7563, let length = number(offset + 20), let start = number(offset + 24),
                length % 2 == 0, offset + start + length <= profile.count
            {
                let text = profile[offset + start..<offset + start + length]
                let units = stride(from: text.startIndex, to: text.endIndex, by: 2)
                    .map { UInt16(text[$0]) << 8 | UInt16(text[$0 + 1]) }
                return String(decoding: units, as: UTF16.self).trimmed
            }
        }
        return nil
    }

    /// Bytes that are not zero and belong to no element, nor to the padding that puts elements at whole words.
    private static func gaps(in bytes: [UInt8], _ accounted: [Range<Int>]) -> Int {
        var hidden = 0
        var place = 0
        for range in accounted.sorted(by: { $0.lowerBound < $1.lowerBound }) + [bytes.count..<bytes.count] {
            if range.lowerBound - place > 3 { hidden += bytes[place..<range.lowerBound].count { $0 != 0 } }
            place = max(place, range.upperBound)
        }
        return hidden
    }
}
