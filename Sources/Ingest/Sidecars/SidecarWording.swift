internal import Catalog
internal import MediaProtocol

/// What a field of a sidecar says, and what it is to say.
public struct SidecarChange: Hashable, Sendable {
    /// The field, as `set` names it; `keywords`, `position` and `time` besides.
    public var field: String
    /// What it says; nil for nothing.
    public var from: String?
    /// What it is to say; nil for nothing.
    public var to: String?
}

/// A field that a person set here, and somebody else in the sidecar since.
public struct SidecarConflict: Hashable, Sendable {
    /// The field, or `keywords`.
    public var field: String
    /// What a person set here; nil for nothing.
    public var ours: String?
    /// What the sidecar says; nil for nothing.
    public var theirs: String?
}

/// Which of two words is to count where a person’s and a sidecar’s differ.
public enum SidecarResolution: Sendable {
    /// Neither is touched.
    case none
    /// What was set here.
    case ours
    /// What the sidecar says.
    case theirs
}

/// Decides what a sidecar is to say, from what people said here, what it says, and what it had from us.
///
/// It holds what people added or changed, and nothing else of ours: words that only the picture says are the picture's to
/// say. A list of keywords is one word in this: whoever reads a sidecar takes its list in place of the picture's, so once
/// people changed any, the sidecar holds all.
struct SidecarWording {
    private(set) var properties: [XMPProperty] = []
    private(set) var changes: [SidecarChange] = []
    private(set) var conflicts: [SidecarConflict] = []
    /// The words that are ours in it once this is written, by field.
    private(set) var own: [String: WrittenWord] = [:]
    /// Tags that the sidecar has and nobody here knows.
    private(set) var unknownTags: [TagPath] = []

    private let words: SidecarWords
    private let said: [String: [String]]
    private let known: KnownSidecar?
    private let resolution: SidecarResolution

    /// The wording of the sidecar of an asset; `known` is nil where there is none yet.
    init(
        _ words: SidecarWords,
        asset: Asset,
        said: [String: [String]],
        known: KnownSidecar?,
        resolution: SidecarResolution = .none
    ) {
        self.words = words
        self.said = said
        self.known = known
        self.resolution = resolution
        for field in TextField.all { word(field) }
        placeWords()
        pick()
        position(asset)
        time(asset)
        keywords()
    }

    // MARK: One word after the other

    /// What becomes of a field.
    private enum Ruling {
        case leave
        case set(String?)
    }

    /// Rules on a field from what the sidecar says of it.
    private mutating func ruling(_ field: String, said theirs: String?) -> Ruling {
        let written = known?.written[field]
        guard let edit = words.edits[field], edit.isPresent else {
            // Ours, and taken back since: what stood there before comes back.
            guard let written, written.value == theirs, written.before != theirs else { return .leave }
            return .set(written.before)
        }
        if edit.value == theirs {
            if let written, written.value == theirs { own[field] = written }
            return .leave
        }
        if isContested(edit, theirs, written) {
            if resolution == .none {
                conflicts.append(SidecarConflict(field: field, ours: edit.value, theirs: theirs))
            }
            if resolution != .ours {
                // What we wrote stays known, or the next look would take their word for the first.
                if let written { own[field] = written }
                return .leave
            }
        }
        own[field] = WrittenWord(edit.value, before: written?.value == theirs ? written?.before : theirs)
        return .set(edit.value)
    }

    /// True when somebody else changed the word since it was read or written here, or set here.
    private func isContested(_ edit: SidecarWords.Edit, _ theirs: String?, _ written: WrittenWord?) -> Bool {
        guard let known, edit.stamp < known.arrived else { return false }
        if let written { return theirs != written.value }
        return theirs != nil && (known.isRecorded ? edit.isContested : theirs != edit.was)
    }

    private mutating func change(_ field: String, from: String?, to: String?, _ properties: [XMPProperty]) {
        changes.append(SidecarChange(field: field, from: from, to: to))
        self.properties += properties
    }

    private mutating func word(_ field: TextField) {
        let theirs = field.text(said[field.property])
        guard case .set(let text) = ruling(field.name, said: theirs) else { return }
        var properties = [XMPProperty(field.property, field.form, field.values(text))]
        if field.name == "copyright" {
            // The flag says that there are rights at all; without a notice nobody here knows.
            properties.append(XMPProperty("xmpRights:Marked", .text, text == nil ? [] : ["True"]))
        }
        change(field.name, from: theirs, to: text, properties)
    }

    // MARK: Places

    private static let placeProperties = [
        "Iptc4xmpCore:Location", "photoshop:City", "photoshop:State", "photoshop:Country",
    ]

    /// A person's place is one line of words; the four fields of a sidecar are joined to one line when they are read.
    ///
    /// So where the line ends in the city, state and country that stand there already, these stay, and the rest is the
    /// location; else they are about another place than the person's, and go.
    private mutating func placeWords() {
        let parts = SidecarWording.placeProperties.map { said[$0]?.first }
        let theirs = SidecarWording.line(parts)
        guard case .set(let text) = ruling("place", said: theirs) else { return }
        let wider = SidecarWording.line(Array(parts.dropFirst()))
        var properties: [XMPProperty]
        if let text, let wider, text == wider || text.hasSuffix(", " + wider) {
            let rest = text == wider ? [] : [String(text.dropLast(wider.count + 2))]
            properties = [XMPProperty("Iptc4xmpCore:Location", .text, rest)]
        } else {
            properties = SidecarWording.placeProperties.map { XMPProperty($0, .text, []) }
            properties[0].values = text.map { [$0] } ?? []
            properties.append(XMPProperty("Iptc4xmpCore:CountryCode", .text, []))
        }
        change("place", from: theirs, to: text, properties)
    }

    /// As the reader joins them: a park may be its own town.
    private static func line(_ parts: [String?]) -> String? {
        var words: [String] = []
        for case let part? in parts where part != words.last { words.append(part) }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    // MARK: Picks, positions, times

    /// Picks stand beside the stars, where digiKam has them; stars alone cannot hold both.
    private mutating func pick() {
        let label = said["digiKam:PickLabel"]?.first
        let theirs = label == "3" ? "1" : label == "1" ? "-1" : nil
        guard case .set(let pick) = ruling("pick", said: theirs) else { return }
        change(
            "pick", from: theirs, to: pick,
            [
                XMPProperty("digiKam:PickLabel", .text, pick.map { [$0 == "1" ? "3" : "1"] } ?? []),
                XMPProperty("xmpDM:pick", .text, pick.map { [$0] } ?? []),
            ]
        )
    }

    private mutating func position(_ asset: Asset) {
        let names = ["exif:GPSLatitude", "exif:GPSLongitude", "exif:GPSAltitude", "exif:GPSAltitudeRef"]
        let theirs = GeoWords(names.map { said[$0]?.first })
        let isSet = ["position", "latitude", "longitude"].contains { words.edits[$0]?.isPresent == true }
        let ours = isSet ? GeoWords(asset) : nil
        let written = known?.written["position"]
        if let ours {
            if ours.isSame(as: theirs) {
                if let written, written.value == ours.text { own["position"] = written }
                return
            }
            if let written, written.value != theirs?.text, resolution != .ours {
                conflicts.append(SidecarConflict(field: "position", ours: ours.text, theirs: theirs?.text))
                own["position"] = written
                return
            }
            own["position"] = WrittenWord(ours.text, before: nil)
        } else if written == nil || written?.value != theirs?.text {
            return
        }
        change(
            "position", from: theirs?.text, to: ours?.text,
            zip(names, ours?.values ?? [nil, nil, nil, nil]).map {
                XMPProperty($0, .text, $1.map { [$0] } ?? [])
            })
    }

    /// A clock that a person corrected, or whose offset a person knew; what the camera said is the picture's to say.
    private mutating func time(_ asset: Asset) {
        let names = ["exif:DateTimeOriginal", "photoshop:DateCreated"]
        let theirs = names.compactMap { said[$0]?.first }.first
        let isSet = ["correction", "offset"].contains { words.edits[$0]?.isPresent == true }
        let taken = asset.time.takenMilliseconds
        let ours = isSet ? taken.map { TimeWords.text($0, offsetMinutes: asset.time.offsetMinutes) } : nil
        let written = known?.written["time"]
        if let ours {
            if names.allSatisfy({ said[$0].flatMap(\.first).map { TimeWords.isSame($0, ours) } == true }) {
                if written?.value == ours { remember(ours, asset) }
                return
            }
            if let written, theirs != written.value, resolution != .ours {
                conflicts.append(SidecarConflict(field: "time", ours: ours, theirs: theirs))
                own["time"] = written
                return
            }
            remember(ours, asset)
        } else if written == nil || written?.value != theirs {
            return
        }
        // A picture without a clock of its own had its time from here.
        let isFromSidecar = asset.time.wallSource?.hasPrefix("Xmp.") == true
        let before =
            isFromSidecar ? asset.time.wallMilliseconds.map { TimeWords.text($0, offsetMinutes: nil) } : nil
        let text = ours ?? before
        change("time", from: theirs, to: text, names.map { XMPProperty($0, .text, text.map { [$0] } ?? []) })
    }

    private mutating func remember(_ time: String, _ asset: Asset) {
        own["time"] = WrittenWord(time, before: nil)
        own["corrected"] = WrittenWord(asset.time.takenMilliseconds.map { "\($0)" }, before: nil)
        own["wall"] = WrittenWord(asset.time.wallMilliseconds.map { "\($0)" }, before: nil)
    }

    // MARK: Keywords

    private mutating func keywords() {
        let theirs = KeywordLists(said)
        let written = known?.written["keywords"]?.value.map { text in
            Set(text.split(separator: "\n").compactMap { TagPath(fromFile: String($0)) })
        }
        let byPath = Dictionary(words.tags.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
        unknownTags = theirs.paths.filter { byPath[$0] == nil }
        guard words.tags.contains(where: \.isPersons) else { return }
        var wanted = words.tags.filter(\.isPresent).map(\.path) + unknownTags
        var gone = Set(words.tags.filter { !$0.isPresent }.map(\.path))
        var remembered: Set<TagPath> = []
        if let written, let known {
            let said = Set(theirs.paths)
            for tag in words.tags where tag.isPersons && tag.stamp < known.arrived {
                let isTakenOutside = tag.isPresent && written.contains(tag.path) && !said.contains(tag.path)
                let isPutOutside = !tag.isPresent && !written.contains(tag.path) && said.contains(tag.path)
                guard isTakenOutside || isPutOutside, resolution != .ours else { continue }
                if resolution == .none {
                    conflicts.append(
                        SidecarConflict(
                            field: "keywords",
                            ours: isTakenOutside ? tag.path.description : nil,
                            theirs: isTakenOutside ? nil : tag.path.description
                        )
                    )
                }
                // Until somebody decides, the sidecar stays as it is in this.
                if isTakenOutside {
                    remembered.insert(tag.path)
                    wanted.removeAll { $0 == tag.path }
                } else {
                    wanted.append(tag.path)
                    gone.remove(tag.path)
                }
            }
        }
        let lists = theirs.revised(wanted: wanted, gone: gone)
        let ours = Set(wanted).subtracting(words.tags.filter { !$0.isPresent }.map(\.path)).union(remembered)
        own["keywords"] = WrittenWord(
            ours.map(\.description).sorted().joined(separator: "\n"),
            before: nil
        )
        let old = Set(theirs.paths)
        let new = Set(wanted)
        guard lists.properties != theirs.properties else { return }
        let added = new.subtracting(old).sorted().map { "+ \($0)" }
        let removed = old.subtracting(new).sorted().map { "− \($0)" }
        // The same keywords, in the lists that other programs look into.
        let words = added.isEmpty && removed.isEmpty ? ["the same, in every list"] : added + removed
        changes.append(SidecarChange(field: "keywords", from: nil, to: words.joined(separator: ", ")))
        properties += zip(lists.properties, theirs.properties).filter { $0.0 != $0.1 }.map(\.0)
    }
}

/// A field of words and the property that holds it.
struct TextField {
    let name: String
    let property: String
    let form: XMPProperty.Form

    static let all = [
        TextField(name: "title", property: "dc:title", form: .alternative),
        TextField(name: "caption", property: "dc:description", form: .alternative),
        TextField(name: "creator", property: "dc:creator", form: .sequence),
        TextField(name: "credit", property: "photoshop:Credit", form: .text),
        TextField(name: "copyright", property: "dc:rights", form: .alternative),
        TextField(name: "usage-terms", property: "xmpRights:UsageTerms", form: .alternative),
        TextField(name: "instructions", property: "photoshop:Instructions", form: .text),
        TextField(name: "rating", property: "xmp:Rating", form: .text),
        TextField(name: "label", property: "xmp:Label", form: .text),
    ]

    /// The values as the catalogue has them: one text, nil for nothing.
    func text(_ values: [String]?) -> String? {
        let words = (values ?? []).map(TextField.trimmed).filter { !$0.isEmpty }
        guard let first = words.first else { return nil }
        switch name {
        case "creator": return words.joined(separator: "; ")
        // Some programs write 3.0.
        case "rating":
            return Double(first).flatMap { $0.isFinite && abs($0) < 100 ? "\(Int($0.rounded()))" : nil }
                ?? first
        default: return first
        }
    }

    func values(_ text: String?) -> [String] {
        guard let text else { return [] }
        guard form == .sequence else { return [text] }
        return text.split(separator: ";").map { TextField.trimmed(String($0)) }.filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: String) -> String {
        let kept = text.drop(while: \.isWhitespace)
        return kept.lastIndex { !$0.isWhitespace }.map { String(kept[...$0]) } ?? ""
    }
}
