extension ManifestPage {
    func write(to json: inout JSONWriter) {
        json.array("entries") { json in
            for entry in entries { entry.write(to: &json) }
        }
        guard let summary else { return }
        json.object("summary") { summary.write(to: &$0) }
    }

    init(_ json: JSON) throws(ProtocolError) {
        guard let entries = json["entries"]?.list else { throw ProtocolError(expected: "entries", offset: 0) }
        self.init(
            entries: try entries.map(ManifestEntry.init),
            summary: try json["summary"].map(ManifestSummary.init)
        )
    }
}

extension ManifestEntry {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("path", path)
            json.member("size", size)
            json.member("previousPath", previousPath)
            json.array("digests") { json in
                for digest in digests {
                    json.array(nil) { json in
                        json.member(nil, digest.element)
                        json.member(nil, digest.text)
                        json.member(nil, digest.action)
                    }
                }
            }
        }
    }

    init(_ json: JSON) throws(ProtocolError) {
        guard let path = json["path"]?.text, let digests = json["digests"]?.list else {
            throw ProtocolError(expected: "a path and digests", offset: 0)
        }
        self.init(
            path: path,
            size: json["size"]?.integer,
            previousPath: json["previousPath"]?.text,
            digests: try digests.map(ManifestDigest.init)
        )
    }
}

extension ManifestDigest {
    init(_ json: JSON) throws(ProtocolError) {
        guard let parts = json.list, (2...3).contains(parts.count), let element = parts[0].text,
            let text = parts[1].text
        else { throw ProtocolError(expected: "a digest", offset: 0) }
        self.init(element: element, text: text, action: parts.count == 3 ? parts[2].text : nil)
    }
}

extension ManifestSummary {
    func write(to json: inout JSONWriter) {
        json.member("kind", kind.rawValue)
        for (key, text) in ManifestSummary.texts { json.member(key, self[keyPath: text]) }
        json.array("ignore") { json in
            for pattern in ignore { json.member(nil, pattern) }
        }
        json.array("references") { json in
            for reference in references { reference.write(to: &json) }
        }
        json.member("refused", refused)
    }

    init(_ json: JSON) throws(ProtocolError) {
        guard let kind = json["kind"]?.text.flatMap(Kind.init(rawValue:)) else {
            throw ProtocolError(expected: "a kind of manifest", offset: 0)
        }
        self.init(kind: kind)
        for (key, text) in ManifestSummary.texts { self[keyPath: text] = json[key]?.text }
        ignore = json["ignore"]?.list?.compactMap(\.text) ?? []
        references = try json["references"]?.list?.map(ManifestEntry.init) ?? []
        refused = json["refused"]?.integer.flatMap(Int.init(exactly:)) ?? 0
    }

    private static var texts: [(String, WritableKeyPath<ManifestSummary, String?>)] {
        [
            ("version", \.version), ("tool", \.tool), ("toolVersion", \.toolVersion), ("created", \.created),
            ("author", \.author), ("host", \.host), ("location", \.location), ("comment", \.comment),
            ("process", \.process),
        ]
    }
}
