/// What an XMP sidecar is to say otherwise than it does.
///
/// `{"revise":{"path":"/a.xmp","properties":[["dc:title","alternative","The ridge"],["xmp:Label","text"]]}}`: the first is
/// set, the second, which has no value, is taken out. Without a path a packet is begun.
public struct SidecarRevision: Hashable, Sendable {
    /// The sidecar as it lies there, absolute; nil where there is none.
    public var path: [UInt8]?
    /// What is to be set or taken out; everything else stays as it is, byte for byte.
    public var properties: [XMPProperty]
    /// The time for `xmp:MetadataDate`, which is written only where anything else is.
    public var metadataDate: String?

    /// A revision of the sidecar at a path.
    public init(path: [UInt8]?, properties: [XMPProperty] = [], metadataDate: String? = nil) {
        self.path = path
        self.properties = properties
        self.metadataDate = metadataDate
    }
}

/// A property of XMP with its values, as text.
public struct XMPProperty: Hashable, Sendable {
    /// How a property holds its values (XMP specification, part 1, §7).
    public enum Form: String, Sendable {
        /// One value.
        case text
        /// One text in several languages, of which the default is meant.
        case alternative
        /// Values in no order.
        case bag
        /// Values in an order.
        case sequence
    }

    /// Its name with the prefix of its specification: `dc:title`.
    public var name: String
    /// How it holds its values.
    public var form: Form
    /// Its values; none takes it out.
    public var values: [String]

    /// A property with its values.
    public init(_ name: String, _ form: Form, _ values: [String]) {
        self.name = name
        self.form = form
        self.values = values
    }
}

/// What a sidecar says, and what it is to become.
public struct RevisedSidecar: Hashable, Sendable {
    /// What it says before the revision, of the namespaces that are known; what is a structure is left out.
    public var before: [String: [String]]
    /// The whole packet in UTF-8; nil when everything is so already.
    public var packet: String?

    /// What a sidecar says and is to become.
    public init(before: [String: [String]], packet: String?) {
        self.before = before
        self.packet = packet
    }
}

extension SidecarRevision {
    func write(to json: inout JSONWriter) {
        if let path { json.member("path", bytes: path) }
        json.member("metadataDate", metadataDate)
        json.array("properties") { json in
            for property in properties {
                json.array(nil) { json in
                    json.member(nil, property.name)
                    json.member(nil, property.form.rawValue)
                    for value in property.values { json.member(nil, value) }
                }
            }
        }
    }

    init(_ json: JSON) throws(ProtocolError) {
        let hasPath = json["path"] != nil || json["path64"] != nil
        let properties = try (json["properties"]?.list ?? []).map { property throws(ProtocolError) in
            guard let words = property.list?.map(\.text), words.count >= 2, let name = words[0],
                let form = words[1].flatMap(XMPProperty.Form.init(rawValue:)), !words.contains(nil)
            else { throw ProtocolError(expected: "a property’s name, its form and its values", offset: 0) }
            return XMPProperty(name, form, words.dropFirst(2).compactMap(\.self))
        }
        self.init(
            path: hasPath ? try json.bytes("path") : nil,
            properties: properties,
            metadataDate: json["metadataDate"]?.text
        )
    }
}

extension RevisedSidecar {
    func write(to json: inout JSONWriter) {
        json.object("before") { json in
            for (name, values) in before.sorted(by: { $0.key < $1.key }) {
                json.array(name) { json in
                    for value in values { json.member(nil, value) }
                }
            }
        }
        json.member("packet", packet)
    }

    init(_ json: JSON) throws(ProtocolError) {
        guard case .object(let members)? = json["before"] else {
            throw ProtocolError(expected: "what the sidecar says", offset: 0)
        }
        self.init(
            before: members.mapValues { ($0.list ?? []).compactMap(\.text) },
            packet: json["packet"]?.text
        )
    }
}
