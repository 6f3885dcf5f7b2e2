import CExpat

/// Where things stand in an XMP packet, down to the items of a property; what lies deeper is nobody's business here.
///
/// Places are offsets into the packet's bytes, so that one thing can be changed and all else stay as it is.
struct XMPOutline {
    /// An element by its two tags.
    struct Element {
        let name: XMLName
        /// The bytes of its start tag.
        let start: Range<Int>
        /// The bytes of its end tag; none, behind the start tag, when that closes itself.
        var end: Range<Int> = 0..<0
        let attributes: [XMLName: String]
        /// The namespaces that hold within it, by prefix.
        let scope: [String: String]

        var whole: Range<Int> { start.lowerBound..<end.upperBound }
        var inside: Range<Int> { start.upperBound..<end.lowerBound }
        var closesItself: Bool { end.isEmpty }
    }

    /// A property that is an element of its own.
    struct Property {
        var element: Element
        var content: Content

        enum Content {
            case text(String)
            case list(List)
            /// A structure, a reference, or what else RDF allows.
            case other
        }
    }

    /// `rdf:Bag`, `rdf:Seq` or `rdf:Alt`.
    struct List {
        var element: Element
        var items: [Item] = []
        /// False when something in it is no plain item.
        var isPlain = true
    }

    struct Item {
        var element: Element
        var text: String
        var language: String? { element.attributes.first { $0.key.isLanguage }?.value }
    }

    /// `rdf:Description`, with its properties; those that are attributes stand in its element.
    struct Description {
        var element: Element
        var properties: [Property] = []
    }

    var rdf: Element
    var descriptions: [Description] = []

    /// Why a packet cannot be revised, in a sentence's words.
    struct Refusal: Error {
        let reason: String
    }

    /// What is larger was not made by people and their programs.
    static let largest = 16 << 20
    static let deepest = 100

    init(_ bytes: [UInt8]) throws(Refusal) {
        guard bytes.count <= XMPOutline.largest else {
            throw Refusal(reason: "has more than \(XMPOutline.largest >> 20) MiB, which no sidecar has")
        }
        guard !bytes.starts(with: [0xFE, 0xFF]), !bytes.starts(with: [0xFF, 0xFE]),
            !bytes.prefix(4).contains(0)
        else { throw Refusal(reason: "is written in UTF-16 or UTF-32, and only UTF-8 is written here") }
        let reader = OutlineReader()
        try reader.read(bytes)
        guard let rdf = reader.rdf else {
            throw Refusal(reason: "holds no rdf:RDF, so it is no XMP")
        }
        self.rdf = rdf
        descriptions = reader.descriptions
    }
}

/// What expat reports, put into an outline.
private final class OutlineReader {
    private enum Role { case frame, rdf, description, property, list, item, deeper }

    private(set) var rdf: XMPOutline.Element?
    private(set) var descriptions: [XMPOutline.Description] = []
    private var roles: [Role] = []
    /// The namespaces that each open element down to the items adds to those around it.
    private var scopes: [[String: String]] = [[:]]
    private var announced: [(prefix: String, space: String)] = []
    private var text: [UInt8] = []
    private var refusal: String?
    private var parser: XML_Parser?

    private static let separator: XML_Char = 0x0A

    func read(_ bytes: [UInt8]) throws(XMPOutline.Refusal) {
        guard let parser = XML_ParserCreateNS(nil, OutlineReader.separator) else {
            throw XMPOutline.Refusal(reason: "could not be read: there is no memory")
        }
        defer { XML_ParserFree(parser) }
        self.parser = parser
        XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in OutlineReader.of(data)?.start(name, attributes) },
            { data, _ in OutlineReader.of(data)?.end() }
        )
        XML_SetCharacterDataHandler(parser) { data, text, count in
            OutlineReader.of(data)?.add(text, Int(count))
        }
        XML_SetStartNamespaceDeclHandler(parser) { data, prefix, space in
            OutlineReader.of(data)?.announced.append(
                (prefix.map { String(cString: $0) } ?? "", space.map { String(cString: $0) } ?? "")
            )
        }
        // A document type may bring entities and defaults, which would put into the tree what does not stand in the bytes.
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
            OutlineReader.of(data)?.stop("has a document type, which XMP has not")
        }
        XML_SetXmlDeclHandler(parser) { data, _, encoding, _ in
            guard let encoding else { return }
            let name = String(cString: encoding).uppercased()
            if name != "UTF-8", name != "US-ASCII" {
                OutlineReader.of(data)?.stop("is written in \(name), and only UTF-8 is written here")
            }
        }
        // Some cameras pad their packets with zeros.
        let length = bytes.count - bytes.reversed().prefix { $0 == 0 }.count
        let status = bytes.withUnsafeBytes { buffer in
            XML_Parse(parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(length), 1)
        }
        withExtendedLifetime(self) {}
        if let refusal { throw XMPOutline.Refusal(reason: refusal) }
        guard status == XML_STATUS_OK else {
            let reason =
                XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "unknown error"
            let line = XML_GetCurrentLineNumber(parser)
            throw XMPOutline.Refusal(reason: "is no well-formed XML: \(reason) in line \(line)")
        }
    }

    private static func of(_ data: UnsafeMutableRawPointer?) -> OutlineReader? {
        data.map { Unmanaged<OutlineReader>.fromOpaque($0).takeUnretainedValue() }
    }

    private func stop(_ reason: String) {
        refusal = refusal ?? reason
        XML_StopParser(parser, 0)
    }

    private var place: Range<Int> {
        let start = Int(XML_GetCurrentByteIndex(parser))
        return start..<(start + Int(XML_GetCurrentByteCount(parser)))
    }

    private func start(
        _ name: UnsafePointer<XML_Char>?,
        _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        guard roles.count < XMPOutline.deepest else { return stop("is nested too deep to be metadata") }
        let parent = roles.last
        // What stands in an item, or in a structure, is kept by its bytes alone.
        if parent == .item || parent == .deeper {
            markOther(parent)
            announced = []
            roles.append(.deeper)
            return
        }
        let name = OutlineReader.name(name)
        var scope = scopes.last ?? [:]
        for added in announced { scope[added.prefix] = added.space }
        announced = []
        scopes.append(scope)
        let element = XMPOutline.Element(
            name: name,
            start: place,
            attributes: OutlineReader.attributes(attributes),
            scope: scope
        )
        roles.append(role(of: element, in: parent))
        text = []
    }

    /// Puts an element where it belongs, and tells what it is.
    private func role(of element: XMPOutline.Element, in parent: Role?) -> Role {
        let name = element.name
        let last = descriptions.count - 1
        switch parent {
        case nil, .frame:
            guard name == .rdf("RDF") else { return .frame }
            if rdf != nil { stop("holds more than one rdf:RDF") }
            rdf = element
            return .rdf
        case .rdf:
            guard name == .rdf("Description") else { return .frame }
            descriptions.append(XMPOutline.Description(element: element))
            return .description
        case .description:
            let isText = element.attributes.keys.allSatisfy(\.isLanguage)
            descriptions[last].properties.append(
                .init(element: element, content: isText ? .text("") : .other))
            return .property
        case .property:
            let property = descriptions[last].properties.count - 1
            let isList = [XMLName.rdf("Bag"), .rdf("Seq"), .rdf("Alt")].contains(name)
            if isList, case .text = descriptions[last].properties[property].content {
                descriptions[last].properties[property].content = .list(.init(element: element))
                return .list
            }
            descriptions[last].properties[property].content = .other
            return .frame
        case .list:
            changeList { list in
                list.items.append(.init(element: element, text: ""))
                if name != .rdf("li") || !element.attributes.keys.allSatisfy(\.isLanguage) {
                    list.isPlain = false
                }
            }
            return .item
        case .item, .deeper: return .deeper
        }
    }

    private func markOther(_ parent: Role?) {
        guard parent == .item else { return }
        changeList { $0.isPlain = false }
    }

    private func changeList(_ change: (inout XMPOutline.List) -> Void) {
        guard let last = descriptions.indices.last, let property = descriptions[last].properties.indices.last,
            case .list(var list) = descriptions[last].properties[property].content
        else { return }
        // Taken out while it is changed, or every item would copy all that stand before it.
        descriptions[last].properties[property].content = .other
        change(&list)
        descriptions[last].properties[property].content = .list(list)
    }

    private func end() {
        guard let role = roles.popLast() else { return }
        if role == .deeper { return }
        scopes.removeLast()
        let place = place
        let last = descriptions.count - 1
        switch role {
        case .rdf: rdf?.end = place
        case .description: descriptions[last].element.end = place
        case .property:
            let property = descriptions[last].properties.count - 1
            descriptions[last].properties[property].element.end = place
            if case .text = descriptions[last].properties[property].content {
                descriptions[last].properties[property].content = .text(String(decoding: text, as: UTF8.self))
            }
        case .list: changeList { $0.element.end = place }
        case .item:
            let value = String(decoding: text, as: UTF8.self)
            changeList { list in
                guard let item = list.items.indices.last else { return }
                list.items[item].element.end = place
                list.items[item].text = value
            }
        case .frame, .deeper: break
        }
        text = []
    }

    private func add(_ characters: UnsafePointer<XML_Char>?, _ count: Int) {
        guard roles.last == .property || roles.last == .item else { return }
        text += UnsafeRawBufferPointer(start: characters, count: count)
    }

    private static func name(_ characters: UnsafePointer<XML_Char>?) -> XMLName {
        guard let characters else { return XMLName(space: "", local: "") }
        let whole = String(cString: characters)
        guard let end = whole.lastIndex(of: "\n") else { return XMLName(space: "", local: whole) }
        return XMLName(space: String(whole[..<end]), local: String(whole[whole.index(after: end)...]))
    }

    private static func attributes(
        _ list: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) -> [XMLName: String] {
        var attributes: [XMLName: String] = [:]
        var place = 0
        while let list, let name = list[place], let value = list[place + 1] {
            attributes[OutlineReader.name(name)] = String(cString: value)
            place += 2
        }
        return attributes
    }
}
