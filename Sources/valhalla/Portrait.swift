internal import Catalog
internal import Files
internal import MediaProtocol
internal import Previews

/// Everything about one asset, for `show`.
struct Portrait {
    let found: FoundAsset
    let files: [AssetFile]
    let edits: [RecordedEdit]
    let selections: [String]
    /// What offload manifests say, by the content's key.
    let listings: [Int64: [ManifestFinding]]
    let preview: Preview?
    private let previews: PreviewFolder?
    let rawTags: () throws -> [RawTag]
    private let notes: CaptureNotes
    private let gpsTags: [RawTag]
    let rulings: [(purpose: Purpose, ruling: Ruling)]
    /// The frames of its burst, itself among them.
    let burst: [Asset]
    let states: [Purpose: ClearanceState]
    private let mounts = Mounts()

    private var asset: Asset { found.asset }

    /// Gathers what is known.
    init(of found: FoundAsset, in catalog: Catalog, at desk: Desk) throws {
        self.found = found
        let id = found.asset.id
        files = try catalog.files(of: id)
        edits = try catalog.edits(of: id)
        preview = try catalog.preview(of: id)
        previews = try? desk.previewFolder(of: try desk.archive())
        selections = try catalog.selections(of: id)
        listings = Dictionary(
            uniqueKeysWithValues: try Set(files.map(\.file)).map { ($0, try catalog.findings(ofFile: $0)) }
        )
        rawTags = { try catalog.rawTags(of: id) }
        burst = try found.asset.burst.map { try catalog.frames(ofBurst: $0).map(catalog.asset) } ?? []
        notes = try catalog.captureNotes(of: found.asset)
        gpsTags = try catalog.rawTags(of: id).filter { $0.name.hasPrefix("Exif.GPSInfo.") }
        let now = desk.now()
        let dossier = try catalog.dossier(of: id)
        states = Dictionary(
            uniqueKeysWithValues: Purpose.allCases.map { ($0, Gate.state(of: dossier, for: $0, at: now)) })
        rulings = Purpose.allCases.map { purpose in
            (
                purpose,
                Gate.rule(
                    on: dossier,
                    GateQuestion(purpose: purpose, recipient: "", territory: nil, at: now)
                )
            )
        }
    }

    /// The line at the top.
    static func head(_ asset: Asset, to sink: Sink) {
        let title = asset.title.map { "  " + sink.paint(printable($0), .strong) } ?? ""
        sink.line(
            sink.paint(asset.shortName, .strong) + title + "  " + sink.paint(printable(asset.name), .dim)
        )
    }

    /// Writes it, aligned and calm.
    func write(to sink: Sink) {
        Portrait.head(asset, to: sink)
        let facts = Facts(to: sink)
        facts.add("what", what)
        facts.add("unreadable", asset.unreadable, .bad)
        facts.add("damage", damage, .bad)
        facts.add("incomplete", asset.incomplete, .bad)
        TimeWords(of: asset.time, notes, gps: GPSClock(gpsTags), as: asset.shortName).add(to: facts)
        addCamera(to: facts)
        addClip(to: facts)
        facts.add("place", word("place", asset.place))
        facts.add("position", positionWords)
        addWords(to: facts)
        facts.add("burst", burstWords)
        facts.add("tags", found.tags.map(\.description).joined(separator: "\n"))
        facts.add("sessions", found.sessions.joined(separator: ", "))
        facts.add("selections", selections.joined(separator: ", "))
        facts.add("rights", rights, found.isHeld ? .bad : nil)
        addPreview(to: facts)
        facts.finish()
        addFiles(to: sink)
    }

    private var what: String {
        let parts = files.filter { ![.former, .original, .segment].contains($0.role) }
        var text = "\(asset.kind.word), \(asset.format)"
        if let segments = asset.segments {
            text +=
                FrameSequence.formats.contains(asset.format)
                ? " in \(counted(segments, "frame")) of a file each" : " in \(counted(segments, "segment"))"
        }
        if !parts.isEmpty { text += " with " + listed(companions(parts)) }
        let size = pictures.reduce(0) { $0 + $1.size }
        for part in [
            asset.dimensions, asset.megapixels, asset.duration.map(lengthWords),
            byteWords(size > 0 ? size : asset.size),
        ] {
            if let part { text += ", " + part }
        }
        return text
    }

    /// `its sidecar XML and its 4 sounds MXF`: what is there more than once is counted.
    private func companions(_ parts: [AssetFile]) -> [String] {
        var kinds: [(role: FileRole, format: String, count: Int)] = []
        for part in parts {
            if let known = kinds.firstIndex(where: { $0.role == part.role && $0.format == part.format }) {
                kinds[known].count += 1
            } else {
                kinds.append((part.role, part.format, 1))
            }
        }
        return kinds.map { role, format, count in
            guard count > 1 else { return "its \(role.word) \(format)" }
            return "its \(counted(count, role.word, role == .proxy ? "proxies" : nil)) \(format)"
        }
    }

    /// The original and its further segments, in order.
    private var pictures: [AssetFile] { files.filter { [.original, .segment].contains($0.role) } }

    /// What is odd, and which segments cannot be read.
    private var damage: String {
        let unreadable =
            asset.unreadable != nil
            ? []
            : files.filter { $0.role == .segment }.compactMap { file in
                file.unreadable.map { "segment \(number(of: file)) cannot be read: \($0)" }
            }
        return ([asset.damage].compactMap(\.self) + unreadable).joined(separator: "\n")
    }

    private func number(of file: AssetFile) -> Int {
        file.position ?? (pictures.firstIndex { $0.file == file.file } ?? 0) + 1
    }

    /// `frame 2 of 4; the camera gave them one identifier`, and who the others are.
    private var burstWords: String? {
        guard let burst = asset.burst, let place = self.burst.firstIndex(where: { $0.id == asset.id }) else {
            return nil
        }
        let words = Burst.words(burst)
        guard self.burst.count > 1 else {
            return "the only frame here of a burst: \(words.evidence)"
        }
        let others = self.burst.filter { $0.id != asset.id }
        let near = others.prefix(8).map(\.shortName).joined(separator: ", ")
        return "frame \(place + 1) of \(self.burst.count): \(words.evidence)\n"
            + "with \(near)\(others.count > 8 ? " and \(others.count - 8) more" : "")\n"
            + "valhalla find burst:\(Typed.inShell(words.identifier))"
    }

    private func addCamera(to facts: Facts) {
        facts.add(
            "camera",
            [
                asset.camera, asset.serial.map { "serial \($0)" },
                asset.footage.cameraLetter.map { "camera \($0) of the shoot" },
            ]
            .compactMap(\.self).joined(separator: ", ")
        )
        facts.add("lens", asset.lens)
        let exposure = [
            asset.exposure.map { "\($0) s" }, asset.apertureWords, asset.iso.map { "ISO \($0)" },
            asset.focalLength.map { plainNumber($0) + " mm" },
        ]
        facts.add("exposure", exposure.compactMap(\.self).joined(separator: ", "))
        facts.add("colour", asset.colorProfile)
    }

    private func addClip(to facts: Facts) {
        guard asset.kind != .photo else { return }
        let footage = asset.footage
        facts.add("clip", footage.clipName)
        facts.add("codec", asset.codecWords)
        facts.add("picture", asset.storedWords)
        facts.add("colour", asset.footageColorWords)
        facts.add("look", footage.look)
        let length = asset.frames.map { "\(counted($0, "frame")) in all" }
        let rates = [asset.frameRate.map(FrameRateWords.fraction), asset.captureRateWords, length]
        facts.add("frame rate", rates.compactMap(\.self).joined(separator: ", "))
        facts.add("timecode", asset.timecodeWords)
        facts.add("reel", asset.reel)
        facts.add("card", footage.mediaID)
        facts.add("UMID", footage.umid)
        facts.add("sound", asset.audio ?? (footage.audioChannels == 0 ? "none" : nil))
    }

    private func addWords(to facts: Facts) {
        facts.add("title", word("title", asset.title))
        facts.add("caption", word("caption", asset.caption))
        facts.add("creator", word("creator", asset.creator))
        facts.add("credit", word("credit", asset.credit))
        facts.add("copyright", word("copyright", asset.copyright))
        facts.add("usage terms", word("usage-terms", asset.usageTerms))
        facts.add("instructions", word("instructions", asset.instructions))
        facts.add("rating", word("rating", asset.rating.map { $0 == 0 ? "no stars" : stars($0) }))
        facts.add("label", word("label", asset.label))
        facts.add("pick", word("pick", asset.pick.map { $0 > 0 ? "picked" : "rejected" }))
    }

    /// What counts, and beside an edit the file's own word.
    private func word(_ field: String, _ text: String?) -> String? {
        guard let edit = edits.first(where: { $0.field == field }), edit.was != edit.value else {
            return text
        }
        return (text ?? "–") + " (the file says \(edit.words(edit.was)))"
    }

    /// Which previews there are, by what lies on the disk; nothing where none were ever made.
    private func addPreview(to facts: Facts) {
        guard let preview else { return }
        if let failure = preview.failure {
            facts.add("preview", "cannot be made: \(failure)", .bad)
            return
        }
        let here = previewFiles.map { file in
            switch file.part {
            case .small: "\(preview.width) × \(preview.height) pixels"
            case .large: "2048 pixels"
            case .strip: "a strip of \(counted(preview.strip?.frames ?? 0, "frame"))"
            }
        }
        facts.add("preview", here.isEmpty ? "was made, and is not on the disk any more" : listed(here))
        facts.add("", preview.damage, .bad)
    }

    /// The previews that lie on the disk.
    private var previewFiles: [(part: PreviewFolder.Part, path: Path)] {
        guard let previews, let preview, preview.failure == nil else { return [] }
        return PreviewFolder.Part.allCases.compactMap { part in
            previews.size(part, of: asset.digest) == nil ? nil : (part, previews.path(part, of: asset.digest))
        }
    }

    /// The object `preview` of `show --json`; null where none were made.
    private var previewJSON: JSONValue {
        guard let preview else { return .null }
        guard preview.failure == nil else { return .object(["failure": JSONValue(preview.failure)]) }
        func path(_ part: PreviewFolder.Part) -> JSONValue {
            JSONValue(previewFiles.first { $0.part == part }?.path.display)
        }
        return .object([
            "small": path(.small), "large": path(.large), "strip": path(.strip),
            "width": JSONValue(preview.width), "height": JSONValue(preview.height),
            "strip_frames": JSONValue(preview.strip?.frames),
            "color": .text("#" + hexadecimal(preview.color)),
            "hash": JSONValue(preview.hash.map { hexadecimal(bigEndianBytes($0)) }),
            "made_from": JSONValue(preview.origin?.rawValue), "damage": JSONValue(preview.damage),
        ])
    }

    private func bigEndianBytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - $0 * 8)) }
    }

    /// Where it was taken and who says so, and beside a person's or a track's word the file's own.
    private var positionWords: String? {
        let edit = edits.compactMap(\.positions).first
        guard let position = asset.position else { return nil }
        let by = position.sourceWords.map { ", " + $0 } ?? ""
        guard let edit else { return position.words + by }
        return position.words + by + " (the file says \(edit.was?.words ?? "nothing"))"
    }

    private var rights: String {
        let outside = rulings.filter { $0.purpose != .internal }.map(\.ruling)
        // What closes every purpose alike is all there is to say.
        if let denial = outside.first?.denials.first, denial.isHeld,
            outside.allSatisfy({ $0.denials.contains(denial) })
        {
            return capitalised(denial.words) + "."
        }
        let cleared = rulings.compactMap { ruling -> String? in
            guard let basis = ruling.ruling.grant?.basis else { return nil }
            return ruling.purpose.rawValue + " (\(basis.person)"
                + (basis.until.map { ", until \(lastDayWords($0))" } ?? "") + ")"
        }
        if !cleared.isEmpty { return "Cleared for \(listed(cleared))." }
        // What is nearly cleared is worth more words than that nobody decided.
        let denials = outside.flatMap(\.denials)
        let telling = denials.first { if case .undecided = $0 { false } else { true } }
        return capitalised((telling ?? .undecided).words) + ": nothing may leave."
    }

    private func addFiles(to sink: Sink) {
        let indent = (files.map { word(for: $0).displayWidth }.max() ?? 0) + 4
        func line(_ text: String, _ ink: Ink? = nil, behind used: Int = 0) -> String {
            sink.paint(sink.columns.map { text.clipped(to: max(8, $0 - indent - used)) } ?? text, ink)
        }
        let shown = listedFiles
        for file in shown.files {
            sink.line()
            let name = printable(file.name)
            sink.line(
                "  " + sink.paint(word(for: file).padded(to: indent - 2), .dim)
                    + line("\(name)  \(byteWords(file.size))")
            )
            if let words = segmentWords(file) { sink.line("".padded(to: indent) + line(words)) }
            if let because = file.because {
                sink.line("".padded(to: indent) + line("here because it " + because, .dim))
            }
            sink.line("".padded(to: indent) + line("sha256 " + file.digests.sha256.hex, .dim))
            for listing in listings[file.file] ?? [] {
                let word =
                    listing.outcome == .unlisted
                    ? "" : sink.paint(listing.outcome.word, listing.outcome.ink) + " "
                sink.line("".padded(to: indent) + word + sink.paint(printable(listing.words), .dim))
            }
            for copy in file.copies {
                let (state, ink) = standing(of: copy)
                let path = line(copy.location.display, behind: state.displayWidth + 2)
                sink.line("".padded(to: indent) + path + "  " + sink.paint(printable(state), ink))
            }
            if file.file == shown.files.first?.file, let left = shown.leftOut {
                sink.line()
                sink.line("  " + sink.paint("frames".padded(to: indent - 2), .dim) + line(left))
            }
        }
    }

    /// All files; of a sequence of frames the first and the last, and what is between them in words.
    private var listedFiles: (files: [AssetFile], leftOut: String?) {
        guard FrameSequence.formats.contains(asset.format), pictures.count > 3, let last = pictures.last,
            let first = pictures.first
        else { return (files, nil) }
        let between = pictures.count - 2
        let rest = files.filter { ![.original, .segment].contains($0.role) }
        return (
            [first, last] + rest,
            "and \(counted(between, "frame")) between \(first.position ?? 1) and \(last.position ?? between + 2)"
        )
    }

    private func word(for file: AssetFile) -> String {
        guard file.role == .segment else { return file.role.word }
        if FrameSequence.formats.contains(asset.format) { return "frame \(number(of: file))" }
        return "\(file.role.word) \(number(of: file))"
    }

    /// Where a segment begins and how long it is, where a clip has several.
    private func segmentWords(_ file: AssetFile) -> String? {
        guard asset.segments != nil, [.original, .segment].contains(file.role), let facts = file.segment
        else { return nil }
        let parts = [
            facts.timecode.map { "begins at \($0)" }, facts.duration.map { lengthWords($0) },
            facts.frames.map { counted($0, "frame") },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// What is known of a copy: a disk that is not here says nothing against it.
    private func standing(of copy: FileCopy) -> (String, Ink?) {
        let checked = copy.checkedAt.map { dateWords($0) }
        let place = mounts.hold(copy) ? "" : ", on \(copy.volumeName), which is offline"
        let source = copy.kind == .source ? "source, " : ""
        return switch copy.finding {
        case "verified": (source + "verified" + (checked.map { " on \($0)" } ?? "") + place, .good)
        case "differs": (source + "holds other bytes" + (checked.map { " since \($0)" } ?? "") + place, .bad)
        case "missing": (source + "missing" + place, .bad)
        case "unreadable": (source + "could not be read" + place, .bad)
        default: (source + "recorded" + place, nil)
        }
    }

    /// The object of `show --json`.
    func json(raw: Bool) throws -> JSONObject {
        var object = found.json
        object.add("selections", JSONValue(selections))
        object.add("burst_frames", JSONValue(burst.map(\.shortName)))
        object.add(
            "edits",
            .list(
                edits.map {
                    .object(["field": .text($0.field), "value": .text($0.value), "was": JSONValue($0.was)])
                }
            )
        )
        object.add(
            "rights",
            .list(
                rulings.map { ruling in
                    .object([
                        "purpose": .text(ruling.purpose.rawValue), "allowed": .bool(ruling.ruling.isAllowed),
                        "why": .text(ruling.ruling.sentence(for: ruling.purpose)),
                        "state": .text(states[ruling.purpose]?.rawValue ?? ""),
                        "reasons": JSONValue(ruling.ruling.denials.map(\.words)),
                    ])
                }
            )
        )
        object.add("files", .list(files.map { .object(json(of: $0)) }))
        object.add("preview", previewJSON)
        if raw {
            object.add(
                "raw",
                .list(
                    try rawTags().map {
                        .object(["tag": .text($0.name), "type": .text($0.type), "value": .text($0.value)])
                    }
                )
            )
        }
        return object
    }

    private func json(of file: AssetFile) -> JSONObject {
        [
            "role": .text(file.role.rawValue), "name": .text(file.name), "format": .text(file.format),
            "size": .integer(file.size), "sha256": .text(file.digests.sha256.hex),
            "xxh128": .text(file.digests.xxh128.hex),
            "position": JSONValue(file.position), "because": JSONValue(file.because),
            "unreadable": JSONValue(file.unreadable), "timecode": JSONValue(file.segment?.timecode),
            "duration": JSONValue(file.segment?.duration), "frames": JSONValue(file.segment?.frames),
            "manifests": .list((listings[file.file] ?? []).map { .object($0.json) }),
            "copies": .list(
                file.copies.map { copy in
                    .object([
                        "volume": .text(copy.volumeName), "path": .text(copy.location.display),
                        "kind": .text(copy.kind.rawValue), "here": .bool(mounts.hold(copy)),
                        "finding": .text(copy.finding),
                        "checked_at": JSONValue(copy.checkedAt.map(isoInstant)),
                    ])
                }
            ),
        ]
    }
}

extension RecordedEdit {
    /// A value of its field as a sentence has it: words in quotes, stars as stars.
    func words(_ value: String?) -> String {
        guard let value, !value.isEmpty else { return "nothing" }
        switch (field, Int(value)) {
        case ("rating", let rating?): return rating == 0 ? "no stars" : stars(rating)
        case ("pick", let pick?): return pick > 0 ? "picked" : "rejected"
        default: return quoted(value)
        }
    }
}

extension FileRole {
    /// What a person calls it.
    var word: String {
        switch self {
        case .companion: "companion"
        case .former: "former original"
        case .original, .sidecar, .sound, .proxy, .thumbnail, .segment: rawValue
        }
    }
}
