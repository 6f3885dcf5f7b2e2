internal import Catalog
internal import Files

/// Everything about one asset, for `show`.
struct Portrait {
    let found: FoundAsset
    let files: [AssetFile]
    let edits: [RecordedEdit]
    let selections: [String]
    let rawTags: () throws -> [RawTag]
    let rulings: [(purpose: Purpose, ruling: Ruling)]
    let states: [Purpose: ClearanceState]
    private let mounts = Mounts()

    private var asset: Asset { found.asset }

    /// Gathers what is known.
    init(of found: FoundAsset, in catalog: Catalog, at desk: Desk) throws {
        self.found = found
        let id = found.asset.id
        files = try catalog.files(of: id)
        edits = try catalog.edits(of: id)
        selections = try catalog.selections().map(\.name).filter { name in
            try catalog.items(of: name).contains { $0.asset == id }
        }
        rawTags = { try catalog.rawTags(of: id) }
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
        facts.add("damage", asset.damage, .bad)
        addTime(to: facts)
        addCamera(to: facts)
        addClip(to: facts)
        facts.add("place", word("place", asset.place))
        facts.add("position", asset.positionWords)
        addWords(to: facts)
        facts.add("tags", found.tags.map(\.description).joined(separator: "\n"))
        facts.add("sessions", found.sessions.joined(separator: ", "))
        facts.add("selections", selections.joined(separator: ", "))
        facts.add("rights", rights, found.isHeld ? .bad : nil)
        facts.finish()
        addFiles(to: sink)
    }

    private var what: String {
        let parts = files.filter { $0.role != .former && $0.role != .original }
        var text = "\(asset.kind.word), \(asset.format)"
        if !parts.isEmpty { text += " with " + listed(parts.map { "its \($0.role.word) \($0.format)" }) }
        for part in [
            asset.dimensions, asset.megapixels, asset.duration.map(lengthWords), byteWords(asset.size),
        ] {
            if let part { text += ", " + part }
        }
        return text
    }

    /// Four facts: the camera's clock, the offset, a person's correction, and where each came from.
    private func addTime(to facts: Facts) {
        let time = asset.time
        guard let taken = time.takenMilliseconds, let wall = time.wallMilliseconds else {
            facts.add("taken", "not known")
            return
        }
        let clock = WallClock(milliseconds: taken)
        var text = "\(clock.prose), \(clock.timeText)"
        if let offset = time.offsetMinutes { text += " \(offsetWords(offset))" }
        if let instant = time.instantMilliseconds {
            text += " (\(WallClock(milliseconds: instant).table) UTC)"
        }
        facts.add("taken", text)
        facts.add(
            "  camera’s clock",
            WallClock(milliseconds: wall).table + (time.wallSource.map { ", from \($0)" } ?? "")
        )
        facts.add(
            "  correction",
            time.correctionMilliseconds == 0
                ? "none" : correctionWords(time.correctionMilliseconds) + ", by a person"
        )
        facts.add(
            "  offset",
            time.offsetMinutes.map { minutes in
                offsetWords(minutes)
                    + (time.offsetSource.map { $0 == "person" ? ", by a person" : ", from \($0)" } ?? "")
            } ?? "not known, so the instant is not known either"
        )
    }

    private func addCamera(to facts: Facts) {
        facts.add(
            "camera",
            [asset.camera, asset.serial.map { "serial \($0)" }].compactMap(\.self).joined(separator: ", ")
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
        let codec = [asset.codec, asset.codecProfile, asset.pixelFormat, asset.color].compactMap(\.self)
        facts.add("codec", codec.joined(separator: ", "))
        facts.add("frame rate", asset.frameRateWords)
        facts.add(
            "timecode",
            asset.timecode.map { $0 + (asset.frames.map { ", \(counted($0, "frame"))" } ?? "") }
        )
        facts.add("reel", asset.reel)
        facts.add("sound", asset.kind == .photo ? nil : asset.audio)
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
        let indent = (files.map(\.role.word.displayWidth).max() ?? 0) + 4
        func line(_ text: String, _ ink: Ink? = nil, behind used: Int = 0) -> String {
            sink.paint(sink.columns.map { text.clipped(to: max(8, $0 - indent - used)) } ?? text, ink)
        }
        for file in files {
            sink.line()
            let name = printable(file.name)
            sink.line(
                "  " + sink.paint(file.role.word.padded(to: indent - 2), .dim)
                    + line("\(name)  \(byteWords(file.size))")
            )
            sink.line("".padded(to: indent) + line("sha256 " + file.digests.sha256.hex, .dim))
            for copy in file.copies {
                let (state, ink) = standing(of: copy)
                let path = line(copy.location.display, behind: state.displayWidth + 2)
                sink.line("".padded(to: indent) + path + "  " + sink.paint(printable(state), ink))
            }
        }
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
        case .original, .sidecar, .sound, .proxy, .thumbnail: rawValue
        }
    }
}
