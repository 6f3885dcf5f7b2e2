/// A name of XML: the space it is from, and itself.
struct XMLName: Hashable {
    let space: String
    let local: String

    static let rdfSpace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    static let xmlSpace = "http://www.w3.org/XML/1998/namespace"

    static func rdf(_ local: String) -> XMLName { XMLName(space: rdfSpace, local: local) }

    var isLanguage: Bool { space == XMLName.xmlSpace && local == "lang" }
}

/// The namespaces in which people's words stand, by the prefixes of their specifications.
enum XMPSpace {
    static let uris: [String: String] = [
        "dc": "http://purl.org/dc/elements/1.1/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
        "xmpDM": "http://ns.adobe.com/xmp/1.0/DynamicMedia/",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/",
        "lr": "http://ns.adobe.com/lightroom/1.0/",
        "exif": "http://ns.adobe.com/exif/1.0/",
        "digiKam": "http://www.digikam.org/ns/1.0/",
        "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
        "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    ]

    private static let prefixes = Dictionary(uniqueKeysWithValues: uris.map { ($1, $0) })

    /// `dc:title` for a name that is known here.
    static func word(_ name: XMLName) -> String? {
        prefixes[name.space].map { "\($0):\(name.local)" }
    }

    /// The name that `dc:title` is; nil when it is none of these spaces.
    static func name(_ word: String) -> (name: XMLName, prefix: String)? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let space = uris[parts[0]], let first = parts[1].unicodeScalars.first,
            first.properties.isAlphabetic || first == "_",
            parts[1].unicodeScalars.allSatisfy({
                $0.properties.isAlphabetic || "0123456789_-.".unicodeScalars.contains($0)
            })
        else { return nil }
        return (XMLName(space: space, local: parts[1]), parts[0])
    }
}
