import MediaProtocol

extension PublicMetadata {
    private var hasExif: Bool { caption != nil || creator != nil || copyright != nil }

    /// The Exif block of a JPEG, without the marker: three tags at the most, and no others.
    ///
    /// What Exif calls mandatory (versions, resolution, dimensions) is left out: readers take it from the picture, and
    /// whoever checks that nothing leaks sees at a glance that there is nothing more.
    func exif() -> [UInt8]? {
        guard hasExif else { return nil }
        var entries: [(tag: UInt16, text: [UInt8])] = []
        if let caption { entries.append((0x010e, PublicMetadata.terminated(caption))) }
        if let creator { entries.append((0x013b, PublicMetadata.terminated(creator))) }
        if let copyright { entries.append((0x8298, PublicMetadata.terminated(copyright))) }

        var block = Array("MM\0*".utf8) + [0, 0, 0, 8]
        block.append(bigEndian: UInt16(entries.count))
        // Text of up to four bytes stands in the entry itself; the rest behind the directory, at even offsets.
        var heap: [UInt8] = []
        let heapStart = 8 + 2 + entries.count * 12 + 4
        for entry in entries {
            block.append(bigEndian: entry.tag)
            block.append(bigEndian: UInt16(2))
            block.append(bigEndian: UInt32(entry.text.count))
            if entry.text.count <= 4 {
                block += entry.text + [UInt8](repeating: 0, count: 4 - entry.text.count)
            } else {
                block.append(bigEndian: UInt32(heapStart + heap.count))
                heap += entry.text
                if heap.count % 2 == 1 { heap.append(0) }
            }
        }
        return Array("Exif\0\0".utf8) + block + [0, 0, 0, 0] + heap
    }

    /// UTF-8, as the Metadata Working Group wants it though Exif says ASCII; a NUL inside would end the text early.
    private static func terminated(_ text: String) -> [UInt8] {
        text.utf8.filter { $0 != 0 } + [0]
    }

    /// The XMP packet of a JPEG with its name in front, without the marker; nil when there is nothing to say.
    func xmp() -> [UInt8]? {
        var properties = ""
        func alternative(_ name: String, _ text: String?) {
            guard let text else { return }
            properties +=
                "<\(name)><rdf:Alt><rdf:li xml:lang=\"x-default\">\(text.asXML)</rdf:li></rdf:Alt></\(name)>\n"
        }
        func plain(_ name: String, _ text: String?) {
            if let text { properties += "<\(name)>\(text.asXML)</\(name)>\n" }
        }
        alternative("dc:title", title)
        alternative("dc:description", caption)
        if let creator {
            // Several are joined in a Reading as Exif does it, and are a list here again.
            let names = creator.split(separator: "; ").map { "<rdf:li>\(String($0).asXML)</rdf:li>" }
            properties += "<dc:creator><rdf:Seq>\(names.joined())</rdf:Seq></dc:creator>\n"
        }
        plain("photoshop:Credit", credit)
        alternative("dc:rights", copyright)
        plain("xmpRights:Marked", copyright == nil ? nil : "True")
        alternative("xmpRights:UsageTerms", usageTerms)
        plain("photoshop:Instructions", instructions)
        guard !properties.isEmpty else { return nil }
        let packet = """
            <?xpacket begin="\u{feff}" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/">
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about=""
            xmlns:dc="http://purl.org/dc/elements/1.1/"
            xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
            xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/">
            \(properties)</rdf:Description>
            </rdf:RDF>
            </x:xmpmeta>
            <?xpacket end="r"?>
            """
        return Array("http://ns.adobe.com/xap/1.0/\0".utf8) + Array(packet.utf8)
    }
}

extension String {
    /// As the content of an XML element; control characters are none of XML's, escaped or not, and become blanks.
    fileprivate var asXML: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\n", "\t": text.unicodeScalars.append(scalar)
            case "\r": text += "&#13;"
            case "\u{0}"..<"\u{20}", "\u{fffe}", "\u{ffff}": text += " "
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: UInt16) {
        append(UInt8(value >> 8))
        append(UInt8(value & 0xff))
    }

    mutating func append(bigEndian value: UInt32) {
        append(bigEndian: UInt16(value >> 16))
        append(bigEndian: UInt16(value & 0xffff))
    }
}
