/// The attributes of a start tag, by where they stand.
///
/// The parser has seen already that the tag is well formed, so that a walk along its quotes is enough.
struct StartTag {
    struct Attribute {
        let name: XMLName
        /// With the white space before it.
        let whole: Range<Int>
        /// Between its quotes.
        let value: Range<Int>
        let quote: UInt8
    }

    /// The element's name as written, with its prefix.
    let written: [UInt8]
    private(set) var attributes: [Attribute] = []
    /// Behind the last attribute, before `>` or `/>`.
    private(set) var end: Int

    init(_ element: XMPOutline.Element, in bytes: [UInt8]) {
        func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
        func isEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") }
        let limit = element.start.upperBound
        var at = element.start.lowerBound + 1
        while at < limit, !isSpace(bytes[at]), !isEnd(bytes[at]) { at += 1 }
        written = Array(bytes[(element.start.lowerBound + 1)..<at])
        end = at
        while at < limit {
            let start = at
            while at < limit, isSpace(bytes[at]) { at += 1 }
            guard at < limit, !isEnd(bytes[at]) else { break }
            let nameStart = at
            while at < limit, bytes[at] != UInt8(ascii: "="), !isSpace(bytes[at]) { at += 1 }
            let name = bytes[nameStart..<at]
            while at < limit, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "'") { at += 1 }
            guard at < limit else { break }
            let quote = bytes[at]
            let valueStart = at + 1
            at = valueStart
            while at < limit, bytes[at] != quote { at += 1 }
            guard at < limit else { break }
            attributes.append(
                Attribute(
                    name: StartTag.name(name, in: element.scope),
                    whole: start..<(at + 1),
                    value: valueStart..<at,
                    quote: quote
                )
            )
            at += 1
            end = at
        }
    }

    /// An attribute without a prefix is in no space.
    private static func name(_ written: ArraySlice<UInt8>, in scope: [String: String]) -> XMLName {
        let text = String(decoding: written, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else { return XMLName(space: "", local: text) }
        let prefix = String(text[..<colon])
        let space = prefix == "xml" ? XMLName.xmlSpace : scope[prefix] ?? ""
        return XMLName(space: space, local: String(text[text.index(after: colon)...]))
    }
}
