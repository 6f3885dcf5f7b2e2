/// A clip as the list of a card names it, with the files that belong to it.
public struct ListedClip: Hashable, Sendable {
    /// Where its pictures lie, from the folder that holds the list: `CLIP/C0001.MP4`.
    public var path: String
    /// SMPTE identifier in capital hexadecimal digits.
    public var umid: String?
    /// Length in frames.
    public var frames: Int?
    /// What lies beside it by the list: its XML, its still, its proxy; from the same folder.
    public var beside: [String]

    /// A clip of a list.
    public init(path: String, umid: String? = nil, frames: Int? = nil, beside: [String] = []) {
        self.path = path
        self.umid = umid
        self.frames = frames
        self.beside = beside
    }
}

extension ListedClip {
    func write(to json: inout JSONWriter) {
        json.object(nil) { json in
            json.member("path", path)
            json.member("umid", umid)
            json.member("frames", frames)
            if !beside.isEmpty {
                json.array("beside") { json in for path in beside { json.member(nil, path) } }
            }
        }
    }

    /// Nil when it names no path.
    init?(_ json: JSON) {
        guard let path = json["path"]?.text else { return nil }
        self.init(
            path: path,
            umid: json["umid"]?.text,
            frames: json["frames"]?.integer.flatMap(Int.init(exactly:)),
            beside: json["beside"]?.list?.compactMap(\.text) ?? []
        )
    }
}
