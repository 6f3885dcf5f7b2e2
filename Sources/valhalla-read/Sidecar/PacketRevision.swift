import MediaProtocol

/// The changes to a packet's bytes, gathered and then made from the end to the beginning.
struct PacketRevision {
    private let bytes: [UInt8]
    private let outline: XMPOutline
    private let lineEnd: String
    private var splices: [(range: Range<Int>, text: String)] = []
    /// New properties, as elements, and the namespaces they need.
    private var added: [(name: XMLName, prefix: String, form: XMPProperty.Form, values: [String])] = []

    init(_ packet: SidecarPacket) {
        bytes = packet.bytes
        outline = packet.outline
        let first = packet.bytes.firstIndex(of: 0x0A) ?? 0
        lineEnd = first > 0 && packet.bytes[first - 1] == 0x0D ? "\r\n" : "\n"
    }

    var isEmpty: Bool { splices.isEmpty && added.isEmpty }

    /// Gives a property its values, or takes it out when there are none.
    ///
    /// Where it stands more than once, the first keeps the place and the others go.
    mutating func set(_ property: XMPProperty) throws(XMPOutline.Refusal) {
        guard let (name, prefix) = XMPSpace.name(property.name) else {
            throw XMPOutline.Refusal(reason: "is to say \(property.name), which no namespace here knows")
        }
        let values = property.values.map(\.cleaned).filter { !$0.isEmpty }
        var isPlaced = values.isEmpty
        for description in outline.descriptions {
            if description.element.attributes[name] != nil {
                let tag = StartTag(description.element, in: bytes)
                guard let attribute = tag.attributes.first(where: { $0.name == name }) else { continue }
                if !isPlaced, property.form == .text, values.count == 1 {
                    if description.element.attributes[name] != values[0] {
                        splices.append((attribute.value, values[0].asXML(in: attribute.quote)))
                    }
                    isPlaced = true
                } else if !isPlaced, [description.element.attributes[name] ?? ""] == values {
                    isPlaced = true
                } else {
                    splices.append((attribute.whole, ""))
                }
            }
            for found in description.properties where found.element.name == name {
                if isPlaced {
                    splices.append((withSpaceBefore(found.element.whole), ""))
                } else {
                    replace(found, property.form, values, in: description)
                    isPlaced = true
                }
            }
        }
        if !isPlaced { added.append((name, prefix, property.form, values)) }
    }

    // MARK: In place

    private mutating func replace(
        _ found: XMPOutline.Property,
        _ form: XMPProperty.Form,
        _ values: [String],
        in description: XMPOutline.Description
    ) {
        // Whatever its form, what says the same is left alone.
        if found.values == values { return }
        switch (found.content, form) {
        case (.text, .text) where !found.element.closesItself:
            splices.append((found.element.inside, values[0].asXML()))
        case (.list(let list), .alternative) where list.isPlain && !list.element.closesItself:
            if replaceDefault(in: list, with: values[0]) { return }
            whole(found, form, values, in: description)
        case (.list(let list), .bag), (.list(let list), .sequence):
            if list.isPlain, !list.element.closesItself, list.element.name != .rdf("Alt"),
                replaceItems(of: list, with: values)
            {
                return
            }
            whole(found, form, values, in: description)
        default: whole(found, form, values, in: description)
        }
    }

    /// Writes a property anew where it stands.
    private mutating func whole(
        _ found: XMPOutline.Property,
        _ form: XMPProperty.Form,
        _ values: [String],
        in description: XMPOutline.Description
    ) {
        let written = StartTag(found.element, in: bytes).written
        let prefix =
            written.firstIndex(of: UInt8(ascii: ":")).map { String(decoding: written[..<$0], as: UTF8.self) }
            ?? ""
        let layout = Layout(lineEnd: lineEnd, indent: indent(before: found.element.start.lowerBound))
        var text = layout.element(
            String(decoding: written, as: UTF8.self),
            // The tag that brought the prefix along is written anew, and brings it again.
            declaring: description.element.scope[prefix] == found.element.name.space
                ? nil : (prefix, found.element.name.space),
            form,
            values,
            rdf: rdfPrefix(in: description.element.scope)
        )
        if text.hasPrefix(layout.lead) { text.removeFirst(layout.lead.count) }
        splices.append((found.element.whole, text))
    }

    /// The default, and every language that said the same as it did; others keep their words (as the XMP toolkit does).
    private mutating func replaceDefault(in list: XMPOutline.List, with value: String) -> Bool {
        guard list.element.name == .rdf("Alt"), let first = list.items.first,
            list.items.allSatisfy({ $0.language != nil })
        else { return false }
        guard let standard = list.items.first(where: { $0.isDefault }) else {
            let rdf = String(decoding: StartTag(first.element, in: bytes).written, as: UTF8.self)
            let place = first.element.start.lowerBound
            splices.append(
                (
                    place..<place,
                    "<\(rdf) xml:lang=\"x-default\">\(value.asXML())</\(rdf)>\(lead(before: place))"
                )
            )
            return true
        }
        let same = list.items.filter { $0.text == standard.text }
        guard same.allSatisfy({ !$0.element.closesItself }) else { return false }
        for item in same { splices.append((item.element.inside, value.asXML())) }
        return true
    }

    /// Takes items out and adds others behind; false when their order has to change.
    private mutating func replaceItems(of list: XMPOutline.List, with values: [String]) -> Bool {
        var wanted = values
        var gone: [XMPOutline.Item] = []
        for item in list.items {
            if item.text == wanted.first { wanted.removeFirst() } else { gone.append(item) }
        }
        guard let last = list.items.last else { return false }
        // A wanted word that was passed over as gone stands at another place than it should.
        guard !wanted.contains(where: { word in gone.contains { $0.text == word } }) else { return false }
        for item in gone { splices.append((withSpaceBefore(item.element.whole), "")) }
        let name = String(decoding: StartTag(last.element, in: bytes).written, as: UTF8.self)
        let lead = lead(before: last.element.start.lowerBound)
        let text = wanted.map { "\(lead)<\(name)>\($0.asXML())</\(name)>" }.joined()
        let place = last.element.whole.upperBound
        if !text.isEmpty { splices.append((place..<place, text)) }
        return true
    }

    // MARK: The whole

    /// The packet's bytes with all changes made.
    func applied() -> [UInt8] {
        var splices = splices
        if !added.isEmpty { splices += additions() }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 1_024)
        var place = 0
        // Those that only put something in come before what is taken from the same place on.
        let ordered = splices.enumerated().sorted {
            ($0.element.range.lowerBound, $0.element.range.upperBound, $0.offset)
                < ($1.element.range.lowerBound, $1.element.range.upperBound, $1.offset)
        }
        for (_, splice) in ordered {
            result += bytes[place..<max(place, splice.range.lowerBound)]
            result += splice.text.utf8
            place = max(place, splice.range.upperBound)
        }
        result += bytes[place...]
        return result
    }

    /// Puts the new properties behind those of the first description, which gets the namespaces that it lacks.
    private func additions() -> [(range: Range<Int>, text: String)] {
        guard let description = outline.descriptions.first else { return [newDescription()] }
        let element = description.element
        let tag = StartTag(element, in: bytes)
        let (elements, declarations) = written(in: element.scope, indent: propertyIndent(of: description))
        let outer = indent(before: element.start.lowerBound)
        // As the program before us laid its namespaces out: on one line, or each on its own.
        let between = tag.attributes.last.map {
            String(decoding: bytes[$0.whole].prefix { $0.isXMLSpace }, as: UTF8.self)
        }
        let spaces = declarations.map { (between ?? " ") + $0 }.joined()
        var splices: [(range: Range<Int>, text: String)] = []
        if element.closesItself {
            let name = String(decoding: tag.written, as: UTF8.self)
            splices.append(
                (tag.end..<element.start.upperBound, "\(spaces)>\(elements)\(lineEnd)\(outer)</\(name)>")
            )
        } else {
            if !spaces.isEmpty { splices.append((tag.end..<tag.end, spaces)) }
            var place = element.end.lowerBound
            while place > element.start.upperBound, bytes[place - 1].isXMLSpace { place -= 1 }
            // Without a line of its own the end tag would stand behind the last property.
            let isOnLine = bytes[place..<element.end.lowerBound].contains(0x0A)
            splices.append((place..<place, elements + (isOnLine ? "" : lineEnd + outer)))
        }
        return splices
    }

    /// A packet that describes nothing yet.
    private func newDescription() -> (range: Range<Int>, text: String) {
        let rdf = outline.rdf
        let outer = indent(before: rdf.start.lowerBound)
        let prefix = rdfPrefix(in: rdf.scope)
        let (elements, declarations) = written(in: rdf.scope, indent: outer + "  ")
        // An attribute needs a prefix, where an element may do with the default namespace.
        let about = prefix.isEmpty ? "" : " \(prefix)about=\"\""
        let spaces = declarations.map { " " + $0 }.joined()
        let text =
            "\(lineEnd)\(outer) <\(prefix)Description\(about)\(spaces)>\(elements)\(lineEnd)\(outer) </\(prefix)Description>"
        if rdf.closesItself {
            let tag = StartTag(rdf, in: bytes)
            let name = String(decoding: tag.written, as: UTF8.self)
            return (tag.end..<rdf.start.upperBound, ">\(text)\(lineEnd)\(outer)</\(name)>")
        }
        return (rdf.start.upperBound..<rdf.start.upperBound, text)
    }

    private func written(
        in scope: [String: String],
        indent: String
    ) -> (elements: String, declarations: [String]) {
        var scope = scope
        var declarations: [String] = []
        var elements = ""
        let layout = Layout(lineEnd: lineEnd, indent: indent)
        let rdf = rdfPrefix(in: scope)
        for property in added {
            let prefix = prefix(for: property.name.space, preferring: property.prefix, in: scope)
            if scope[prefix] == nil {
                scope[prefix] = property.name.space
                declarations.append("xmlns:\(prefix)=\"\(property.name.space)\"")
            }
            elements += layout.element(
                "\(prefix):\(property.name.local)",
                declaring: nil,
                property.form,
                property.values,
                rdf: rdf
            )
        }
        return (elements, declarations)
    }

    private func prefix(for space: String, preferring wanted: String, in scope: [String: String]) -> String {
        if scope[wanted] == space { return wanted }
        if let other = scope.filter({ $0.value == space && !$0.key.isEmpty }).keys.min() { return other }
        if scope[wanted] == nil { return wanted }
        // Somebody has called another space by this name.
        return (1...).lazy.map { "\(wanted)\($0)" }.first { scope[$0] == nil } ?? wanted
    }

    /// `rdf:`, or nothing where RDF is the default namespace.
    private func rdfPrefix(in scope: [String: String]) -> String {
        if scope["rdf"] == XMLName.rdfSpace { return "rdf:" }
        let other = scope.filter { $0.value == XMLName.rdfSpace && !$0.key.isEmpty }.keys.min()
        return other.map { $0 + ":" } ?? ""
    }

    // MARK: Layout

    private func propertyIndent(of description: XMPOutline.Description) -> String {
        if let first = description.properties.first { return indent(before: first.element.start.lowerBound) }
        return indent(before: description.element.start.lowerBound) + " "
    }

    /// The blanks between the beginning of the line and a place; none when something else stands there.
    private func indent(before place: Int) -> String {
        var start = place
        while start > 0, bytes[start - 1] == 0x20 || bytes[start - 1] == 0x09 { start -= 1 }
        guard start == 0 || bytes[start - 1] == 0x0A else { return "" }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    /// The white space between what stands before a place and the place.
    private func lead(before place: Int) -> String {
        String(decoding: bytes[withSpaceBefore(place..<place)], as: UTF8.self)
    }

    private func withSpaceBefore(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        while start > 0, bytes[start - 1].isXMLSpace { start -= 1 }
        return start..<range.upperBound
    }
}

/// How new elements are laid out: a property begins a line, and what is in it goes in by one.
private struct Layout {
    let lineEnd: String
    let indent: String

    var lead: String { lineEnd + indent }

    func element(
        _ name: String,
        declaring declaration: (prefix: String, space: String)?,
        _ form: XMPProperty.Form,
        _ values: [String],
        rdf: String
    ) -> String {
        let space = declaration.map { declared in
            (declared.prefix.isEmpty ? " xmlns" : " xmlns:\(declared.prefix)")
                + "=\"\(declared.space.asXML(in: UInt8(ascii: "\"")))\""
        }
        let open = lead + "<\(name)\(space ?? "")>"
        let container: String
        switch form {
        case .text: return open + (values.first ?? "").asXML() + "</\(name)>"
        case .alternative: container = "Alt"
        case .bag: container = "Bag"
        case .sequence: container = "Seq"
        }
        let language = form == .alternative ? " xml:lang=\"x-default\"" : ""
        let items = values.map { "\(lead)  <\(rdf)li\(language)>\($0.asXML())</\(rdf)li>" }.joined()
        return "\(open)\(lead) <\(rdf)\(container)>\(items)\(lead) </\(rdf)\(container)>\(lead)</\(name)>"
    }
}

extension UInt8 {
    /// White space as XML has it.
    var isXMLSpace: Bool { [0x20, 0x09, 0x0A, 0x0D].contains(self) }
}
