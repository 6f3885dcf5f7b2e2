import CExiv2
import CameraXML
import TagShelf

/// What the parsers found in one file.
///
/// One object serves file after file, and keeps its memory.
final class Findings {
    private let tags: OpaquePointer
    private let packer: TagPacker
    private var facts = UnsafeBufferPointer<TagFact>(start: nil, count: 0)
    /// The place of each field's best fact, or −1.
    private var best = [Int](repeating: -1, count: Int(TagField.count.rawValue))
    /// What was wrong with the file though it could be read in part; the first thing counts.
    private(set) var damage: String?
    /// The digest stored with XMP shows that the IPTC block was edited since, by a program that knows no XMP: then IPTC
    /// counts more than XMP does.
    var isIptcNewer = false

    init?() {
        tags_prepare()
        guard let tags = tags_create() else { return nil }
        guard let packer = TagPacker() else {
            tags_destroy(tags)
            return nil
        }
        self.tags = tags
        self.packer = packer
    }

    deinit { tags_destroy(tags) }

    func clear() {
        tags_clear(tags)
        facts = UnsafeBufferPointer(start: nil, count: 0)
        damage = nil
        isIptcNewer = false
    }

    func note(damage words: @autoclosure () -> String) {
        if damage == nil { damage = words() }
    }

    // MARK: Blocks in

    func addExif(_ bytes: some Sequence<UInt8>) {
        if add(bytes, "the Exif block", tags_add_exif) { return }
        // exiv2 drops all of it for one bad entry.
        let block = Array(bytes)
        var plain = PlainExif(block, self)
        plain?.read { place, count in
            guard place >= 0, place < block.count, count >= 0 else { return nil }
            return Array(block[place..<min(place + count, block.count)])
        }
    }

    func addIptc(_ bytes: some Sequence<UInt8>) {
        add(bytes, "the IPTC block", tags_add_iptc)
    }

    func addXMP(_ bytes: some Sequence<UInt8>) {
        add(bytes, "the XMP packet", tags_add_xmp)
    }

    func addXML(_ bytes: some Sequence<UInt8>) {
        add(bytes, "the XML", tags_add_xml)
    }

    func addText(_ key: String, type: String = "Text", _ text: some Sequence<UInt8>) {
        _ = Array(text).withUnsafeBufferPointer { tags_add_text(tags, key, type, $0.baseAddress, $0.count) }
    }

    /// A tag of Exif read by ourselves, its value in exiv2's notation.
    func addTag(_ directory: TagDirectory, _ tag: UInt16, type: String, _ value: [UInt8]) {
        _ = value.withUnsafeBufferPointer {
            tags_add_tag(tags, directory, tag, type, $0.baseAddress, $0.count)
        }
    }

    /// Everything exiv2 finds in the file by itself; nil when it finds nothing for the damage there is.
    func addFile(_ path: [UInt8]) -> (width: Int, height: Int, profile: [UInt8])? {
        var picture = TagPicture()
        if !path.withTerminator({ tags_add_file(tags, $0, &picture) }) {
            note(damage: "its metadata cannot be read: \(complaint)")
            return nil
        }
        let profile = Array(UnsafeBufferPointer(start: picture.profile.bytes, count: picture.profile.count))
        return (Int(picture.width), Int(picture.height), profile)
    }

    @discardableResult private func add(
        _ bytes: some Sequence<UInt8>,
        _ name: String,
        _ parser: (OpaquePointer?, UnsafePointer<UInt8>?, Int) -> Bool
    ) -> Bool {
        func parse(_ buffer: UnsafeBufferPointer<UInt8>) -> Bool {
            buffer.isEmpty || parser(tags, buffer.baseAddress, buffer.count)
        }
        let whole =
            bytes.withContiguousStorageIfAvailable(parse) ?? Array(bytes).withUnsafeBufferPointer(parse)
        if !whole { note(damage: "\(name) is damaged\(complaint.isEmpty ? "" : ": \(complaint)")") }
        return whole
    }

    private var complaint: String { String(cString: tags_complaint(tags)).trimmed }

    // MARK: Facts out

    /// To be called when all blocks are in.
    ///
    /// Until the next block, facts can be asked for.
    func settle() {
        var count = 0
        facts = UnsafeBufferPointer(start: tags_facts(tags, &count), count: count)
        // Taken out of the object for the loop: each access to an object's own is checked for being the only one.
        var best = self.best
        self.best = []
        let facts = self.facts
        best.withUnsafeMutableBufferPointer { best in
            best.update(repeating: -1)
            for index in facts.indices {
                let (field, rank) = (Int(facts[index].field.rawValue), facts[index].rank)
                if best[field] < 0 || rank < facts[best[field]].rank { best[field] = index }
            }
        }
        self.best = best
    }

    /// A value's bytes and the tag it came from.
    func value(_ field: TagField) -> (bytes: UnsafeBufferPointer<UInt8>, name: UnsafeBufferPointer<UInt8>)? {
        let index = best[Int(field.rawValue)]
        guard index >= 0 else { return nil }
        let fact = facts[index]
        return (fact.value.buffer, fact.name.buffer)
    }

    /// A value as text, without the white space around it; nil when nothing is left.
    func text(_ field: TagField) -> String? {
        value(field).flatMap { $0.bytes.text }
    }

    /// All values of a field, in the order of the file.
    func texts(_ field: TagField) -> [String] {
        guard best[Int(field.rawValue)] >= 0 else { return [] }
        return facts.compactMap { $0.field == field ? $0.value.buffer.text : nil }
    }

    /// All values of a field, the most trusted first.
    func candidates(_ field: TagField) -> [String] {
        let (facts, first) = (facts, best[Int(field.rawValue)])
        guard first >= 0 else { return [] }
        // One witness is the rule, and needs no list.
        guard facts.indices.contains(where: { $0 != first && facts[$0].field == field }) else {
            return text(field).map { [$0] } ?? []
        }
        return facts.enumerated().filter { $0.element.field == field }
            .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .compactMap { $0.element.value.buffer.text }
    }

    /// The values of a field with the number of the list item they stand in.
    func items(_ field: TagField) -> [(item: Int, text: String)] {
        guard best[Int(field.rawValue)] >= 0 else { return [] }
        return facts.compactMap { fact in
            guard fact.field == field, let text = fact.value.buffer.text else { return nil }
            return (Int(fact.item), text)
        }
    }

    /// Of the alternatives in languages the default, else the first.
    func alternative(_ field: TagField) -> String? {
        guard best[Int(field.rawValue)] >= 0 else { return nil }
        let standard = facts.first { $0.field == field && $0.name.buffer.elementsEqual("x-default".utf8) }
        return standard?.value.buffer.text ?? texts(field).first
    }

    /// The values of an XML file by their places: `Device@modelName`.
    func xml() -> XMLPlaces {
        var places = XMLPlaces()
        for fact in facts where fact.field == .xml {
            guard let text = fact.value.buffer.text else { continue }
            places.add(String(decoding: fact.name.buffer, as: UTF8.self), text)
        }
        return places
    }

    /// The values of an XML file at places that end so, in the order of the file.
    func xml(endingIn ending: String) -> [String] {
        facts.compactMap { fact in
            guard fact.field == .xml,
                String(decoding: fact.name.buffer, as: UTF8.self).hasSuffix(ending)
            else { return nil }
            return fact.value.buffer.text
        }
    }

    /// All tags as JSON, packed with the dictionary of this version.
    func packedTags() -> (bytes: [UInt8], dictionary: Int) {
        let json = tags_json(tags)
        // An empty list says nothing.
        return (json.count > 2 ? packer.packed(json.buffer) : [], packer.version)
    }
}

extension TagBytes {
    fileprivate var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes, count: count) }
}
