import CExpat
import MediaProtocol

/// Every value in an XMP packet, whether it stands as an element or as an attribute; comments and tool names too.
struct XMPListing {
    let items: [MetadataItem]

    init(_ packet: ArraySlice<UInt8>) {
        // With a separator expat gives names as URI, separator, local name: prefixes are the writer's whim.
        guard let parser = XML_ParserCreateNS(nil, XMPWalk.separator) else {
            items = [MetadataItem(key: "Xmp", value: "\(packet.count) bytes that were not read")]
            return
        }
        defer { XML_ParserFree(parser) }
        let walk = XMPWalk()
        XML_SetUserData(parser, Unmanaged.passUnretained(walk).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in XMPWalk.of(data)?.start(name, attributes) },
            { data, _ in XMPWalk.of(data)?.end() }
        )
        XML_SetCharacterDataHandler(parser) { data, text, length in XMPWalk.of(data)?.read(text, Int(length))
        }
        XML_SetStartNamespaceDeclHandler(parser) { data, prefix, name in
            XMPWalk.of(data)?.namespace(prefix, name)
        }
        XML_SetStartDoctypeDeclHandler(parser) { data, name, _, _, _ in XMPWalk.of(data)?.doctype(name) }
        XML_SetCommentHandler(parser) { data, text in XMPWalk.of(data)?.comment(text) }
        XML_SetProcessingInstructionHandler(parser) { data, target, text in
            XMPWalk.of(data)?.instruction(target, text)
        }
        let bytes = Array(packet)
        let status = bytes.withUnsafeBytes { buffer in
            XML_Parse(parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), 1)
        }
        // Without the walk's end in sight the optimiser might end its life before the parser's.
        withExtendedLifetime(walk) {}
        if status != XML_STATUS_OK {
            let reason =
                XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "unknown error"
            walk.items.append(
                MetadataItem(key: "Xmp", value: "\(bytes.count) bytes, not well formed: \(reason)")
            )
        }
        items = walk.items
    }
}

/// What expat reports, gathered: the path of elements we are in, and the text since the last of them began.
private final class XMPWalk {
    static let separator: XML_Char = 0x0a
    var items: [MetadataItem] = []
    private var path: [String] = []
    private var text = ""
    /// True when the element at the same depth has shown children, attributes or text of its own.
    private var isListed: [Bool] = []

    static func of(_ data: UnsafeMutableRawPointer?) -> XMPWalk? {
        data.map { Unmanaged<XMPWalk>.fromOpaque($0).takeUnretainedValue() }
    }

    func start(
        _ name: UnsafePointer<XML_Char>?,
        _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        flush()
        if !isListed.isEmpty { isListed[isListed.count - 1] = true }
        path.append(XMPWalk.name(name))
        isListed.append(false)
        var place = 0
        while let attributes, let name = attributes[place], let value = attributes[place + 1] {
            place += 2
            let text = String(cString: value)
            let name = XMPWalk.name(name)
            // What every packet has and says nothing: an empty subject, the default language, the type of a structure.
            if name == "rdf:about", text.isEmpty { continue }
            if name == "xml:lang", text == "x-default" { continue }
            if name == "rdf:parseType", text == "Resource" { continue }
            add(path + [name], text)
            isListed[isListed.count - 1] = true
        }
    }

    func end() {
        // What stands alone in an element is its value, blanks and all; beside other elements blanks are layout.
        let hadText = !text.trimmed.isEmpty
        if hadText, isListed.last == false { add(path, text) } else { flush() }
        text = ""
        if let last = path.last, !hadText, isListed.last == false, !XMPWalk.frames.contains(last) {
            add(path, "")
        }
        path.removeLast()
        isListed.removeLast()
    }

    func read(_ characters: UnsafePointer<XML_Char>?, _ length: Int) {
        let bytes = UnsafeRawBufferPointer(start: characters, count: length)
        text += String(decoding: bytes, as: UTF8.self)
    }

    /// Names of names are words too: those that everybody uses say nothing, and any other is listed.
    func namespace(_ prefix: UnsafePointer<XML_Char>?, _ name: UnsafePointer<XML_Char>?) {
        let prefix = prefix.map { String(cString: $0) } ?? ""
        let name = name.map { String(cString: $0) } ?? ""
        if XMPWalk.prefixes[name] == prefix { return }
        items.append(MetadataItem(key: "Xmp namespace \(prefix)", value: name))
    }

    /// A document type declares entities, in which anything may stand that no value shows.
    func doctype(_ name: UnsafePointer<XML_Char>?) {
        items.append(MetadataItem(key: "Xmp document type", value: name.map { String(cString: $0) } ?? ""))
    }

    func comment(_ characters: UnsafePointer<XML_Char>?) {
        items.append(MetadataItem(key: "Xmp comment", value: characters.map { String(cString: $0) } ?? ""))
    }

    func instruction(_ target: UnsafePointer<XML_Char>?, _ text: UnsafePointer<XML_Char>?) {
        let target = target.map { String(cString: $0) } ?? ""
        let text = text.map { String(cString: $0) } ?? ""
        // The frame of every packet, with the byte order mark as its beginning or without.
        let usual = [
            "begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"",
            "begin=\"\" id=\"W5M0MpCehiHzreSzNTczkc9d\"",
            "begin='\u{feff}' id='W5M0MpCehiHzreSzNTczkc9d'", "begin='' id='W5M0MpCehiHzreSzNTczkc9d'",
            "end=\"r\"", "end=\"w\"", "end='r'", "end='w'",
        ]
        if target == "xpacket", usual.contains(where: { $0.utf8.elementsEqual(text.utf8) }) { return }
        items.append(MetadataItem(key: "Xmp instruction \(target)", value: text))
    }

    private func flush() {
        let found = text.trimmed
        text = ""
        if found.isEmpty { return }
        add(path, found)
        if !isListed.isEmpty { isListed[isListed.count - 1] = true }
    }

    private func add(_ path: [String], _ value: String) {
        let named = path.filter { !XMPWalk.frames.contains($0) }
        // `dc:title` is `Xmp.dc.title`, and what is nested in a structure follows behind a slash.
        let key = named.first.map { first in
            ([first.replacingFirstColon] + named.dropFirst()).joined(separator: "/")
        }
        items.append(MetadataItem(key: "Xmp.\(key ?? "rdf")", value: value))
    }

    /// Elements that frame a value and are none.
    private static let frames: Set = [
        "x:xmpmeta", "rdf:RDF", "rdf:Description", "rdf:Seq", "rdf:Bag", "rdf:Alt", "rdf:li",
    ]

    /// `dc:title` for a name that expat gives with its namespace; an unknown one is named in full.
    private static func name(_ characters: UnsafePointer<XML_Char>?) -> String {
        guard let characters else { return "" }
        let parts = String(cString: characters).split(separator: "\n", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return parts.first ?? "" }
        return "\(prefixes[parts[0]] ?? parts[0]):\(parts[1])"
    }

    private static let prefixes = [
        "adobe:ns:meta/": "x", "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
        "http://www.w3.org/XML/1998/namespace": "xml", "http://purl.org/dc/elements/1.1/": "dc",
        "http://ns.adobe.com/photoshop/1.0/": "photoshop", "http://ns.adobe.com/xap/1.0/": "xmp",
        "http://ns.adobe.com/xap/1.0/rights/": "xmpRights", "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
        "http://ns.adobe.com/tiff/1.0/": "tiff", "http://ns.adobe.com/exif/1.0/": "exif",
        "http://ns.adobe.com/camera-raw-settings/1.0/": "crs", "http://ns.adobe.com/lightroom/1.0/": "lr",
        "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
        "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
        "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    ]
}

extension String {
    /// The colon behind a prefix as a point, as exiv2 writes keys.
    fileprivate var replacingFirstColon: String {
        guard let colon = lastIndex(of: ":") else { return self }
        return "\(self[..<colon]).\(self[index(after: colon)...])"
    }
}
