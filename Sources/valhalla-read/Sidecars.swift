import CExiv2
import CameraXML
import MediaProtocol

/// An XML file beside a picture or clip.
struct XMLFile {
    private let bytes: [UInt8]
    private let root: XMLRoot

    init(_ file: borrowing OpenFile, start: [UInt8]) throws(OpenFile.Refusal) {
        guard let root = XMLRoot(start.withoutByteOrderMark), let bytes = file.bytes(at: 0, count: file.size)
        else {
            throw OpenFile.Refusal(reason: "is too large to be a sidecar")
        }
        self.bytes = bytes
        self.root = root
    }

    func reading(_ findings: Findings) throws(OpenFile.Refusal) -> Reading {
        switch root.name {
        case "xmpmeta", "xapmeta", "RDF":
            findings.addXMP(bytes)
            return sidecar("XMP", findings)
        case "html", "HTML", "svg":
            throw OpenFile.Refusal.unknown
        default:
            findings.addXML(bytes)
            findings.settle()
            switch root.name {
            case "plist": return Reading(format: "AAE", kind: .sidecar)
            case "smil":
                var reading = Reading(format: "SMIL", kind: .sidecar)
                reading.recordings = CardRecordings.ofSMIL(findings)
                return reading
            default:
                var reading =
                    CameraDocument.reading(of: findings.xml()) ?? Reading(format: "XML", kind: .sidecar)
                reading.part = CardRecordings.partOfP2(findings)
                return reading
            }
        }
    }

    private func sidecar(_ format: String, _ findings: Findings) -> Reading {
        var reading = Reading(photo: format, size: nil, findings)
        reading.kind = .sidecar
        return reading
    }
}

/// The first element of an XML file.
struct XMLRoot: Hashable {
    /// Its name without prefix.
    let name: String

    /// Nil when this is no XML, or when there is nothing but declarations and comments.
    init?(_ bytes: [UInt8]) {
        var at = bytes.startIndex
        while let open = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
            let next = open + 1
            if bytes.has("!--", at: next) {
                guard let end = bytes.firstIndex(of: "-->", from: next) else { return nil }
                at = end
            } else if next < bytes.count, bytes[next] == UInt8(ascii: "?") || bytes[next] == UInt8(ascii: "!")
            {
                at = next
            } else {
                let name = bytes[next...].prefix { byte in
                    byte > 0x20 && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "/")
                }
                let local = name.split(separator: UInt8(ascii: ":")).last ?? []
                guard let text = local.text else { return nil }
                self.name = text
                return
            }
        }
        return nil
    }
}

/// Apple's list of edits, in its binary form.
struct PropertyListFile {
    init(start: [UInt8], path: [UInt8]) throws(OpenFile.Refusal) {
        guard path.hasEnding("aae") || start.contains("adjustmentFormatIdentifier") else {
            throw OpenFile.Refusal.unknown
        }
    }

    func reading() -> Reading { Reading(format: "AAE", kind: .sidecar) }
}
