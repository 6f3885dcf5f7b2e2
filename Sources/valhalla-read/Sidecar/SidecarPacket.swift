import Glibc
import MediaProtocol

/// An XMP packet as people's programs left it, in which some properties are given other values.
///
/// Only the bytes of what changes are touched: settings of developers, histories, faces, other languages and the layout
/// of every program before us stay as they are.
struct SidecarPacket {
    let bytes: [UInt8]
    let outline: XMPOutline

    init(_ bytes: [UInt8]) throws(XMPOutline.Refusal) {
        self.bytes = bytes
        outline = try XMPOutline(bytes)
    }

    /// What comes of a request; nothing is written anywhere.
    static func reply(to revision: SidecarRevision) -> Reply {
        do throws(XMPOutline.Refusal) {
            let packet = try SidecarPacket(try bytes(of: revision.path))
            let before = packet.values()
            let revised = try packet.revised(revision.properties, metadataDate: revision.metadataDate)
            return .revised(
                RevisedSidecar(
                    before: before,
                    packet: revised.map { String(decoding: $0, as: UTF8.self) }
                )
            )
        } catch {
            return .failed(reason: error.reason)
        }
    }

    private static func bytes(of path: [UInt8]?) throws(XMPOutline.Refusal) -> [UInt8] {
        guard let path else { return Array(begun.utf8) }
        do throws(OpenFile.Refusal) {
            let file = try OpenFile(path: path)
            guard file.size <= XMPOutline.largest else {
                throw OpenFile.Refusal(
                    reason: "has more than \(XMPOutline.largest >> 20) MiB, which no sidecar has"
                )
            }
            guard let bytes = file.bytes(at: 0, count: file.size), bytes.count == file.size else {
                throw OpenFile.Refusal(reason: "could not be read: \(systemWords())")
            }
            return bytes
        } catch {
            throw XMPOutline.Refusal(reason: error.reason)
        }
    }

    /// What a new sidecar begins as.
    static let begun = """
        <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Valhalla">
         <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
          <rdf:Description rdf:about=""/>
         </rdf:RDF>
        </x:xmpmeta>
        <?xpacket end="w"?>

        """

    // MARK: What it says

    /// The values of every property that is known here and no structure.
    func values() -> [String: [String]] {
        var values: [String: [String]] = [:]
        for description in outline.descriptions {
            for (name, value) in description.element.attributes {
                if let word = XMPSpace.word(name) { values[word] = values[word] ?? [value] }
            }
            for property in description.properties {
                guard let word = XMPSpace.word(property.element.name), values[word] == nil else { continue }
                if let found = property.values { values[word] = found }
            }
        }
        return values
    }

    // MARK: What it is to say

    /// The packet with some properties set and others, those without values, taken out; nil when all is so already.
    func revised(
        _ properties: [XMPProperty],
        metadataDate: String?
    ) throws(XMPOutline.Refusal) -> [UInt8]? {
        var revision = PacketRevision(self)
        for property in properties { try revision.set(property) }
        guard !revision.isEmpty else { return nil }
        if let metadataDate { try revision.set(XMPProperty("xmp:MetadataDate", .text, [metadataDate])) }
        let revised = revision.applied()
        // What a program writes to people's words, it reads again before anybody relies on it.
        let readBack = try SidecarPacket(revised).values()
        for property in properties {
            let wanted = property.values.map(\.cleaned).filter { !$0.isEmpty }
            guard (readBack[property.name] ?? []) == wanted else {
                throw XMPOutline.Refusal(reason: "would not say \(property.name) as it is to be said")
            }
        }
        return revised
    }
}

extension XMPOutline.Property {
    /// Nil for what is a structure.
    var values: [String]? {
        switch content {
        case .text(let text): return text.isEmpty ? nil : [text]
        case .list(let list):
            guard list.isPlain else { return nil }
            let texts = list.items.filter { !$0.text.isEmpty }
            guard list.element.name == .rdf("Alt") else { return texts.map(\.text) }
            let standard = texts.first { $0.isDefault } ?? texts.first
            return standard.map { [$0.text] }
        case .other: return nil
        }
    }
}

extension XMPOutline.Item {
    /// The alternative that counts where no language is asked for.
    var isDefault: Bool { language?.lowercased() == "x-default" }
}

extension String {
    /// Without the characters that XML has no way to hold; they become blanks.
    var cleaned: String {
        var cleaned = UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "\n", "\t", "\r": cleaned.append(scalar)
            case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": cleaned.append(" ")
            default: cleaned.append(scalar)
            }
        }
        return String(cleaned)
    }

    /// As the content of an element, or of an attribute in these quotes.
    func asXML(in quote: UInt8? = nil) -> String {
        var text = ""
        for scalar in cleaned.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            // A parser would make a line feed of it.
            case "\r": text += "&#xD;"
            case "\n" where quote != nil: text += "&#xA;"
            case "\t" where quote != nil: text += "&#x9;"
            case "\"" where quote == UInt8(ascii: "\""): text += "&quot;"
            case "'" where quote == UInt8(ascii: "'"): text += "&apos;"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
