extension Request {
    /// The request as one line, without its line feed.
    public func line() -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            switch self {
            case .read(let path): json.object("read") { $0.member("path", bytes: path) }
            case .inspect(let path): json.object("inspect") { $0.member("path", bytes: path) }
            case .render(let rendition): json.object("render") { rendition.write(to: &$0) }
            case .meanColor(let path): json.object("meanColor") { $0.member("path", bytes: path) }
            case .manifest(let path): json.object("manifest") { $0.member("path", bytes: path) }
            case .preview(let order): json.object("preview") { order.write(to: &$0) }
            case .track(let path, let first):
                json.object("track") { json in
                    json.member("path", bytes: path)
                    json.member("first", first)
                }
            case .paper(let order): json.object("paper") { order.write(to: &$0) }
            case .revise(let revision): json.object("revise") { revision.write(to: &$0) }
            case .remux(let source, let destination):
                json.object("remux") { json in
                    json.member("source", bytes: source)
                    json.member("destination", bytes: destination)
                }
            }
        }
        return json.bytes
    }

    /// The request that a line holds.
    public init(line: some Sequence<UInt8>) throws(ProtocolError) {
        let json = try JSON(line: line)
        if let read = json["read"] {
            self = .read(path: try read.bytes("path"))
        } else if let inspect = json["inspect"] {
            self = .inspect(path: try inspect.bytes("path"))
        } else if let render = json["render"] {
            self = .render(try Rendition(render))
        } else if let preview = json["preview"] {
            self = .preview(try PreviewOrder(preview))
        } else if let color = json["meanColor"] {
            self = .meanColor(path: try color.bytes("path"))
        } else if let track = json["track"] {
            self = .track(
                path: try track.bytes("path"),
                first: track["first"]?.integer.flatMap(Int.init(exactly:)) ?? 0)
        } else if let remux = json["remux"] {
            self = .remux(source: try remux.bytes("source"), destination: try remux.bytes("destination"))
        } else if let manifest = json["manifest"] {
            self = .manifest(path: try manifest.bytes("path"))
        } else if let revision = json["revise"] {
            self = .revise(try SidecarRevision(revision))
        } else if let order = json["paper"] {
            self = .paper(try PaperOrder(order))
        } else {
            throw ProtocolError(
                expected:
                    "read, render, inspect, remux, preview, meanColor, manifest, track, revise or paper",
                offset: 0
            )
        }
    }
}

extension Rendition {
    func write(to json: inout JSONWriter) {
        json.member("source", bytes: source)
        json.member("destination", bytes: destination)
        json.member("longEdge", longEdge)
        json.member("quality", quality)
        json.object("metadata") { json in
            json.member("title", metadata.title)
            json.member("caption", metadata.caption)
            json.member("creator", metadata.creator)
            json.member("credit", metadata.credit)
            json.member("copyright", metadata.copyright)
            json.member("usageTerms", metadata.usageTerms)
            json.member("instructions", metadata.instructions)
        }
    }

    init(_ json: JSON) throws(ProtocolError) {
        var metadata = PublicMetadata()
        let words = json["metadata"]
        metadata.title = words?["title"]?.text
        metadata.caption = words?["caption"]?.text
        metadata.creator = words?["creator"]?.text
        metadata.credit = words?["credit"]?.text
        metadata.copyright = words?["copyright"]?.text
        metadata.usageTerms = words?["usageTerms"]?.text
        metadata.instructions = words?["instructions"]?.text
        guard let quality = json["quality"]?.integer, (1...100).contains(quality) else {
            throw ProtocolError(expected: "a quality from 1 to 100", offset: 0)
        }
        let edge = json["longEdge"]?.integer
        guard edge.map({ (1...1_000_000).contains($0) }) ?? true else {
            throw ProtocolError(expected: "a longer side of at least one pixel", offset: 0)
        }
        self.init(
            source: try json.bytes("source"),
            destination: try json.bytes("destination"),
            longEdge: edge.map(Int.init),
            quality: Int(quality),
            metadata: metadata
        )
    }
}

extension JSON {
    /// A member that is bytes: as text, or as base64 under the key with `64` behind it.
    func bytes(_ key: String) throws(ProtocolError) -> [UInt8] {
        if let text = self[key]?.text { return Array(text.utf8) }
        if let text = self[key + "64"]?.text, let bytes = Base64.bytes(of: text) { return bytes }
        throw ProtocolError(expected: "a \(key)", offset: 0)
    }
}
