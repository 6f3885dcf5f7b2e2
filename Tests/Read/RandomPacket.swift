import Chance
import MediaProtocol

@testable import valhalla_read

/// A packet such as some program might write: properties as attributes and as elements, in one description or several,
/// with prefixes of its own, quotes and line ends of either kind, and things in between that nobody here knows.
struct RandomPacket {
    let text: String
    /// What must stand in it afterwards, in this order.
    let foreign: [String]

    private static let names: [(String, XMPProperty.Form)] = [
        ("dc:title", .alternative), ("dc:description", .alternative), ("dc:rights", .alternative),
        ("dc:creator", .sequence), ("dc:subject", .bag), ("lr:hierarchicalSubject", .bag),
        ("digiKam:TagsList", .sequence), ("xmp:Rating", .text), ("xmp:Label", .text),
        ("photoshop:City", .text),
        ("photoshop:Credit", .text), ("Iptc4xmpExt:PersonInImage", .bag),
    ]

    static func word(using random: inout SeededRandom) -> String {
        let pieces = [
            "desert", "é", "e\u{301}", "<", "&", "\"", "'", ">", "🎸", " ", "\n", "\t", "\r", "]]>", "|", "a",
            "\u{1}",
        ]
        let count = Int.random(in: 1...5, using: &random)
        let word = (0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined()
        return "w" + word + "\(Int.random(in: 0...9, using: &random))"
    }

    static func properties(using random: inout SeededRandom) -> [XMPProperty] {
        names.shuffled(using: &random).prefix(Int.random(in: 1...8, using: &random)).map { name, form in
            let most = form == .bag || form == .sequence ? 4 : 1
            let count = Int.random(in: 0...most, using: &random)
            var seen: Set<String> = []
            let values = (0..<count).map { _ in word(using: &random) }.filter { seen.insert($0).inserted }
            return XMPProperty(name, form, values)
        }
    }

    init(using random: inout SeededRandom) {
        var foreign: [String] = []
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        let line = chance(20) ? "\r\n" : chance(20) ? "" : "\n"
        let quote = chance(50) ? "\"" : "'"
        let code = UInt8(ascii: quote == "\"" ? "\"" : "'")
        let isRenamed = chance(20)
        func prefixed(_ name: String) -> String { isRenamed ? "my-" + name : name }
        func spaces() -> String {
            var text = ""
            for (prefix, uri) in XMPSpace.uris.sorted(by: { $0.key < $1.key }) {
                text +=
                    (line.isEmpty ? " " : line + "    ") + "xmlns:\(prefixed(prefix))=\(quote)\(uri)\(quote)"
            }
            return text + " xmlns:z=\(quote)urn:unknown\(quote)"
        }
        func stranger() -> String {
            let number = Int.random(in: 0...9_999, using: &random)
            let all = [
                "<z:history><rdf:Seq><rdf:li z:op=\"exposure\" z:n='\(number)'/></rdf:Seq></z:history>",
                "<!-- \(number) -->", "<z:mask>\(number)</z:mask>",
                "<z:thing rdf:parseType=\"Resource\"><z:a>\(number)</z:a><dc:title xmlns:dc=\"http://purl.org/dc/elements/1.1/\">inner</dc:title></z:thing>",
                "<?z \(number)?>",
            ]
            return all.randomElement(using: &random) ?? ""
        }
        var chosen = RandomPacket.names.shuffled(using: &random).prefix(Int.random(in: 0...9, using: &random))
            .map { $0 }
        // Some programs say a thing twice.
        if chance(15), let again = chosen.first { chosen.append(again) }
        var body = ""
        var descriptions = Int.random(in: 0...3, using: &random)
        if !chosen.isEmpty { descriptions = max(1, descriptions) }
        for number in 0..<descriptions {
            let mine = number == descriptions - 1 ? chosen : Array(chosen.prefix(chosen.count / 2))
            chosen.removeFirst(number == descriptions - 1 ? chosen.count : mine.count)
            var attributes = ""
            var elements = ""
            var named: Set<String> = []
            for (name, form) in mine {
                let value = RandomPacket.word(using: &random)
                if form == .text, chance(50), named.insert(name).inserted {
                    attributes +=
                        (chance(50) ? " " : "\n   ")
                        + "\(prefixed(name))=\(quote)\(value.asXML(in: code))\(quote)"
                    continue
                }
                if chance(40) {
                    let piece = stranger()
                    foreign.append(piece)
                    elements += line + "   " + piece
                }
                elements +=
                    line + "   " + RandomPacket.element(prefixed(name), form, value, line, using: &random)
            }
            let open = "<rdf:Description rdf:about=\(quote)\(quote)\(spaces())\(attributes)"
            if elements.isEmpty, chance(50) {
                body += line + "  " + open + "/>"
            } else {
                let piece = stranger()
                foreign.append(piece)
                body += line + "  " + open + ">" + elements + line + piece + line + "  </rdf:Description>"
            }
        }
        let rdf = "<rdf:RDF xmlns:rdf=\(quote)\(XMLName.rdfSpace)\(quote)>\(body)\(line)</rdf:RDF>"
        let root =
            chance(80)
            ? "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"t\">\(line)\(rdf)\(line)</x:xmpmeta>" : rdf
        text =
            (chance(50) ? "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" : "") + root
            + (chance(50) ? "\n<?xpacket end=\"w\"?>" : "")
        self.foreign = foreign
    }

    private static func element(
        _ name: String,
        _ form: XMPProperty.Form,
        _ value: String,
        _ line: String,
        using random: inout SeededRandom
    ) -> String {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        let text = value.asXML()
        switch form {
        case .text: return chance(20) ? "<\(name)/>" : "<\(name)>\(text)</\(name)>"
        case .alternative:
            if chance(15) { return "<\(name)>\(text)</\(name)>" }
            var items = ["<rdf:li xml:lang=\"x-default\">\(text)</rdf:li>"]
            if chance(30) { items[0] = "<rdf:li xml:lang=\"fr\">\(text)</rdf:li>" }
            if chance(40) { items.append("<rdf:li xml:lang='de'>\(word(using: &random).asXML())</rdf:li>") }
            return "<\(name)>\(line)<rdf:Alt>\(items.joined(separator: line))</rdf:Alt></\(name)>"
        case .bag, .sequence:
            if chance(10) { return "<\(name)><rdf:Bag/></\(name)>" }
            let count = Int.random(in: 1...4, using: &random)
            let items = (0..<count).map { _ in "<rdf:li>\(word(using: &random).asXML())</rdf:li>" }
            let list = chance(50) ? "rdf:Bag" : "rdf:Seq"
            return
                "<\(name)>\(line)<\(list)>\(line)\(items.joined(separator: line))</\(list)>\(line)</\(name)>"
        }
    }
}
