import MediaProtocol

/// Blocks of `udta` in which makers wrote their camera's name at a fixed place.
enum BinaryTags {
    /// `TAGS`: the maker in 24 bytes, then in some models the camera's name.
    ///
    /// Of Kodak and Konica Minolta the fields are longer. The maker is given as it stands, capitals and all.
    static func tags(_ view: ByteView) -> Reading {
        var reading = ContainerNotes.blank
        guard let make = view.text(0, 32), make.allSatisfy({ $0.isASCII }) else { return reading }
        if make.hasPrefix("EASTMAN KODAK COMPANY") {
            reading.make = view.text(0, 21)
            reading.model = view.text(0x16, 42)
        } else if make.hasPrefix("KONICA MINOLTA") {
            reading.make = make
        } else if make.hasSuffix("DIGITAL CAMERA") {
            reading.make = view.text(0, 24)
            // PENTAX writes none; the short names of Sanyo's, Nikon's and Olympus's are followed by other fields.
            let hasModel = ["FUJIFILM", "NIKON", "OLYMPUS", "SAMSUNG", "SANYO"].contains {
                make.hasPrefix($0)
            }
            let length = make.hasPrefix("NIKON") || make.hasPrefix("SANYO") ? 8 : 16
            if hasModel { reading.model = view.text(0x18, length).flatMap(plain) }
        } else if make.hasPrefix("SANYO") {
            reading.make = view.text(0, 5)
            reading.model = view.text(0x18, 8).flatMap(plain)
        } else if view.has("OLYM\0", at: 16) {
            reading.make = "OLYMPUS"
        }
        return reading
    }

    /// `PANA` and `LEIC`: with the maker in front, or with the model at one of two places.
    static func panasonic(_ view: ByteView) -> Reading {
        var reading = ContainerNotes.blank
        if view.has("LEICA") || view.has("Panasonic") {
            reading.make = view.text(0, 22)
            reading.model = view.text(0x16, 30)
            return reading
        }
        // Only what looks like a name is one: the block holds a preview in other models.
        let model = [0x04, 0x0C].lazy.compactMap { view.text($0, 16).flatMap(plain) }.first { $0.count >= 4 }
        reading.model = model
        if model != nil { reading.make = "Panasonic" }
        return reading
    }

    private static func plain(_ text: String) -> String? {
        text.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) } ? text : nil
    }
}

/// `NCTG` of Nikon's MOV and AVI: a list of tags, most with the numbers of Exif.
struct NikonNotes {
    private var texts: [Int: String] = [:]

    init(_ bytes: ArraySlice<UInt8>, isLittleEndian: Bool = false) {
        let view = ByteView(bytes)
        func number(_ offset: Int, _ count: Int) -> Int? {
            isLittleEndian ? view.little(offset, count) : view.big(offset, count)
        }
        var place = 0
        if isLittleEndian {
            // In AVI a tag is two bytes and its length two.
            while let tag = number(place, 2), let length = number(place + 2, 2) {
                if let text = view.text(place + 4, length) { texts[tag] = text }
                place += 4 + length
            }
            return
        }
        while let tag = number(place, 4), let type = number(place + 4, 2), let count = number(place + 6, 2) {
            let length = TIFFDirectory.size(ofType: type) * count
            if type == 2, let text = view.text(place + 8, length) { texts[tag] = text }
            place += 8 + length
        }
    }

    /// What they say, as a note.
    func reading() -> Reading {
        var reading = ContainerNotes.blank
        reading.make = texts[0x01]
        reading.model = texts[0x02]
        reading.taken =
            [0x12, 0x11, 0x13].lazy.compactMap { texts[$0] }.compactMap {
                WallTime(text: $0, source: "NCTG.DateTimeOriginal")
            }
            .first
        return reading
    }
}

/// `MTDT` of Sony's older MP4: items of a type, a language, an encoding and a text.
enum SonyUserMedia {
    static func reading(_ view: ByteView) -> Reading {
        var reading = ContainerNotes.blank
        var place = 2
        for _ in 0..<(view.big(0, 2) ?? 0) {
            guard let size = view.big(place, 2), size >= 10, let type = view.big(place + 2, 4),
                let encoding = view.big(place + 8, 2), let bytes = view.part(place + 10, size - 10)
            else { break }
            let text = encoding == 1 ? utf16(bytes) : MediaTags.text(bytes.filter { $0 != 0 }).trimmed
            switch type {
            case 0x01: reading.title = text.isEmpty ? nil : text
            case 0x03: reading.taken = WallTime(text: text, source: "USMT.ProductionDate")
            default: break
            }
            place += size
        }
        return reading
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>) -> String {
        let view = ByteView(bytes)
        let units = (0..<bytes.count / 2).compactMap { view.big($0 * 2, 2) }.map {
            UInt16(truncatingIfNeeded: $0)
        }
        return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self).trimmed
    }
}

/// What an XMP packet in a clip says, from a listing of its values.
struct XMPNote {
    private let items: [MetadataItem]

    init(_ items: [MetadataItem]) { self.items = items }

    private func first(_ keys: String...) -> String? {
        for key in keys {
            let found = items.lazy.filter { $0.key == key }.map { $0.value.trimmed }.first { !$0.isEmpty }
            if let found { return found }
        }
        return nil
    }

    /// Words, the camera and the time, by the names that Adobe's editors write.
    func reading() -> Reading {
        var reading = ContainerNotes.blank
        reading.title = first("Xmp.dc.title")
        reading.caption = first("Xmp.dc.description")
        reading.copyright = first("Xmp.dc.rights")
        let creators = items.filter { $0.key == "Xmp.dc.creator" }.map(\.value)
        reading.creator = creators.isEmpty ? nil : creators.joined(separator: "; ")
        reading.keywords = items.filter { $0.key == "Xmp.dc.subject" }.map(\.value).filter { !$0.isEmpty }
        reading.rating = first("Xmp.xmp.Rating").flatMap { Int($0) }.flatMap {
            (-1...5).contains($0) ? $0 : nil
        }
        reading.make = first("Xmp.tiff.Make")
        reading.model = first("Xmp.tiff.Model", "Xmp.http://ns.adobe.com/xmp/1.0/DynamicMedia/.cameraModel")
        reading.reel = first("Xmp.http://ns.adobe.com/xmp/1.0/DynamicMedia/.tapeName")
        for (key, source) in [
            ("Xmp.exif.DateTimeOriginal", "Xmp.exif.DateTimeOriginal"),
            ("Xmp.http://ns.adobe.com/xmp/1.0/DynamicMedia/.shotDate", "Xmp.xmpDM.shotDate"),
            ("Xmp.photoshop.DateCreated", "Xmp.photoshop.DateCreated"),
            ("Xmp.xmp.CreateDate", "Xmp.xmp.CreateDate"),
        ] where reading.taken == nil {
            reading.taken = first(key).flatMap { WallTime(text: $0, source: source) }
        }
        return reading
    }
}
