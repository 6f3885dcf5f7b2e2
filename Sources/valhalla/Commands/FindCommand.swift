internal import ArgumentParser
internal import Catalog
internal import Files
internal import MediaProtocol

/// The command `valhalla find`.
struct FindCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract: "List what a query chooses.",
        discussion: """
            Without a query it lists everything. valhalla help query tells what can be asked, valhalla help templates \
            what --format knows.

              valhalla find session:desert 'rating>=4' --limit 20
              valhalla find guitar or amplifiers --sort rating-
              valhalla find kind:clip --format '{id} {duration} {title|name}\\n'
              valhalla find is:raw --paths -0 | xargs -0 ls -l
              valhalla find tag:people --csv > people.csv
              valhalla find session:desert --count-by camera
            """
    )

    @OptionGroup var words: QueryWords

    @Option(help: ArgumentHelp("Write this for each, such as '{id} {title|name}\\n'.", valueName: "template"))
    var format: String?

    @Flag(help: "Comma-separated values, with a head line (RFC 4180).")
    var csv = false

    @Flag(help: "The path of each original, and of each further segment of a clip, where its disk is here.")
    var paths = false

    @Flag(
        name: [.customShort("0"), .customLong("null")],
        help: "End each with a zero byte; without --format these are paths."
    )
    var null = false

    @Flag(help: "Only how many.")
    var count = false

    @Option(
        name: .customLong("count-by"),
        help: ArgumentHelp(
            "How many of each: tag, session, camera, year, kind, rating or clearance.", valueName: "facet"),
        completion: .list(Facet.allCases.map(\.rawValue))
    )
    var countBy: String?

    @Option(
        help: ArgumentHelp(
            "By what to order; with - behind it the largest comes first. Repeat for ties.",
            valueName: "field"
        ),
        completion: .list(SortField.allCases.map(\.rawValue))
    )
    var sort: [String] = []

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit: Int?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let query = try desk.query(words.query)
        let keys =
            try sort.isEmpty ? [SortKey(.taken)] : sort.map { word in try reading { try SortKey(word) } }
        if let limit, limit < 0 { throw Failure.usage("--limit cannot be less than 0") }
        let ways = [format != nil, csv, paths || (null && format == nil), count, countBy != nil]
        guard ways.count(where: \.self) <= 1 else {
            throw Failure.usage(
                "--format, --csv, --paths, --count and --count-by are five ways to list: choose one")
        }
        guard countBy == nil || sort.isEmpty else {
            throw Failure.usage(
                "--count-by has an order of its own: the most first, years and stars in theirs")
        }
        let facet = try countBy.map { word in try reading { try Facet(word) } }
        let template = try format.map { try FindCommand.template($0) }
        let catalog = try desk.catalog()
        if count { return try tellCount(query, catalog, desk) }
        if let facet { return try tellCounts(query, by: facet, catalog, desk) }
        if let template {
            try listTemplate(template, query, keys, catalog, desk)
        } else if paths || null {
            return try listPaths(query, keys, catalog, desk)
        } else if csv {
            try listCSV(query, keys, catalog, desk)
        } else if globals.json {
            try catalog.each(query, sortedBy: keys, limit: limit) { found in
                desk.json(found.json)
                try desk.stopIfNobodyReads()
            }
        } else {
            try listTable(query, keys, catalog, desk)
        }
        return .done
    }

    /// Milliseconds that a list may take to tell how many there are besides.
    private static let patience = 5.0

    private static func template(_ text: String) throws -> Template {
        do {
            return try Template.parse(text)
        } catch {
            throw Failure.usage(
                error.message,
                details: Array(Failure.lines(error.description).dropFirst()),
                next: "valhalla help templates tells what there is"
            )
        }
    }

    private func tellCount(_ query: Query, _ catalog: Catalog, _ desk: Desk) throws -> Outcome {
        let number = try catalog.count(query)
        if globals.json {
            desk.json(["count": JSONValue(number)])
        } else {
            desk.out.line("\(number)")
        }
        return .done
    }

    private func tellCounts(_ query: Query, by facet: Facet, _ catalog: Catalog, _ desk: Desk) throws
        -> Outcome
    {
        let all = try catalog.counts(of: query, by: facet)
        let shown = limit.map { all.prefix($0) } ?? all[...]
        if globals.json {
            for one in shown {
                desk.json([facet.rawValue: JSONValue(one.value), "assets": JSONValue(one.assets)])
                try desk.stopIfNobodyReads()
            }
            return .done
        }
        let table = Table(
            [.init(facet.rawValue.uppercased(), yields: true), .init("ASSETS", .right)], to: desk.out)
        for one in shown {
            table.add([facet.cell(one.value), .init(grouped(one.assets))])
            try desk.stopIfNobodyReads()
        }
        table.finish()
        if all.isEmpty {
            desk.remark("Nothing to count.")
            for remark in try catalog.remarks(on: query) { desk.remark("  " + remark) }
        } else if shown.count < all.count {
            desk.remark(desk.err.paint("\(grouped(shown.count)) of \(grouped(all.count)) shown", .dim))
        }
        return .done
    }

    private func listTable(_ query: Query, _ keys: [SortKey], _ catalog: Catalog, _ desk: Desk) throws {
        let table = Table(
            [
                .init("ID"), .init("TAKEN"), .init("KIND"), .init("NAME", yields: true),
                .init("SESSION", yields: true),
                .init("RATING"), .init("CLEARED FOR", yields: true),
            ],
            to: desk.out
        )
        var shown = 0
        var kinds: [AssetKind: Int] = [:]
        try catalog.each(query, sortedBy: keys, limit: limit) { found in
            let asset = found.asset
            shown += 1
            kinds[asset.kind, default: 0] += 1
            table.add([
                .init(asset.shortName), .init(asset.time.table), .init(asset.kind.rawValue),
                .init(asset.name),
                .init(found.sessions.joined(separator: ", ")), .init(stars(asset.rating)), found.clearance,
            ])
            try desk.stopIfNobodyReads()
        }
        table.finish()
        if shown == 0 {
            desk.remark(
                words.query.isEmpty
                    ? "The archive is empty: valhalla import PATH puts a shoot into it." : "Nothing found."
            )
            for remark in try catalog.remarks(on: query) { desk.remark("  " + remark) }
        } else if let limit, shown == limit {
            // Nobody waits for a number that was not asked for.
            let all = try catalog.count(query, within: FindCommand.patience)
            let words =
                all.map { "\(grouped(shown)) of \(grouped($0)) shown" }
                ?? "The first \(grouped(shown)) of many; --count tells how many"
            desk.remark(desk.err.paint(words, .dim))
        } else {
            desk.remark(desk.err.paint(counted(kinds), .dim))
        }
    }

    private func listTemplate(
        _ template: Template,
        _ query: Query,
        _ keys: [SortKey],
        _ catalog: Catalog,
        _ desk: Desk
    ) throws {
        let values = TemplateValues(catalog: catalog, fields: Set(template.fields))
        var number = 0
        try catalog.each(query, sortedBy: keys, limit: limit) { found in
            number += 1
            let text = try template.render { try values.value($0, of: found, number: number) }
            if null {
                desk.out.write(text + "\0")
            } else {
                FindCommand.write(text, to: desk.out)
            }
            try desk.stopIfNobodyReads()
        }
    }

    /// On a terminal nothing of a file's may move the cursor; a program gets every byte.
    private static func write(_ text: String, to sink: Sink) {
        guard sink.isTerminal else {
            sink.write(text)
            return
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        sink.write(
            lines.map {
                $0.split(separator: "\t", omittingEmptySubsequences: false).map { printable(String($0)) }
                    .joined(separator: "\t")
            }.joined(separator: "\n")
        )
    }

    private func listPaths(_ query: Query, _ keys: [SortKey], _ catalog: Catalog, _ desk: Desk) throws
        -> Outcome
    {
        var unreachable = 0
        let mounts = Mounts()
        try catalog.each(query, sortedBy: keys, limit: limit) { found in
            for (number, file) in try catalog.pictures(of: found.asset).enumerated() {
                guard let copy = file.copies.first(where: { $0.finding != "missing" && mounts.hold($0) })
                else {
                    unreachable += 1
                    continue
                }
                let path = copy.location
                if null {
                    desk.out.write(bytes: path.bytes + [0])
                } else if globals.json {
                    var object: JSONObject = [
                        "id": .text(found.asset.shortName), "path": .text(path.display),
                    ]
                    if found.asset.segments != nil {
                        object.add("segment", JSONValue(file.position ?? number + 1))
                    }
                    desk.json(object)
                } else if desk.out.isTerminal {
                    desk.out.line(path.display)
                } else {
                    desk.out.write(bytes: path.bytes + [UInt8(ascii: "\n")])
                }
            }
            try desk.stopIfNobodyReads()
        }
        guard unreachable > 0 else { return .done }
        desk.remark(
            "\(counted(unreachable, "original or segment", "originals or segments")) without a copy on a disk that is here: valhalla show ID tells where they lay"
        )
        return .partly
    }

    private func listCSV(_ query: Query, _ keys: [SortKey], _ catalog: Catalog, _ desk: Desk) throws {
        let columns = CSVColumns.all
        desk.out.write(CSVColumns.line(columns.map(\.name)))
        try catalog.each(query, sortedBy: keys, limit: limit) { found in
            desk.out.write(CSVColumns.line(columns.map { $0.value(found) ?? "" }))
            try desk.stopIfNobodyReads()
        }
    }
}

extension Facet {
    /// A value as a table has it.
    fileprivate func cell(_ value: String?) -> Table.Cell {
        guard let value else { return .init(self == .rating ? "none" : "unknown", .dim) }
        guard self == .rating, let number = Int(value) else { return .init(value) }
        return .init(number == 0 ? "0" : stars(number))
    }
}

/// The columns of `find --csv`.
enum CSVColumns {
    typealias Column = (name: String, value: @Sendable (FoundAsset) -> String?)

    static let all: [Column] = [
        ("id", { $0.asset.shortName }),
        ("kind", { $0.asset.kind.rawValue }),
        ("name", { $0.asset.name }),
        ("format", { $0.asset.format }),
        ("size", { String($0.asset.size) }),
        ("taken", { $0.asset.time.takenMilliseconds == nil ? nil : $0.asset.time.table }),
        ("offset", { $0.asset.time.offsetMinutes.map { offsetWords($0, minus: "-") } }),
        ("sessions", { $0.sessions.joined(separator: "; ") }),
        ("tags", { $0.tags.map(\.description).joined(separator: "; ") }),
        ("title", { $0.asset.title }),
        ("caption", { $0.asset.caption }),
        ("creator", { $0.asset.creator }),
        ("credit", { $0.asset.credit }),
        ("copyright", { $0.asset.copyright }),
        ("place", { $0.asset.place }),
        ("rating", { $0.asset.rating.map(String.init) }),
        ("label", { $0.asset.label }),
        ("pick", { $0.asset.pick.map { $0 > 0 ? "picked" : "rejected" } }),
        ("camera", { $0.asset.camera }),
        ("serial", { $0.asset.serial }),
        ("lens", { $0.asset.lens }),
        ("exposure", { $0.asset.exposure }),
        ("aperture", { $0.asset.aperture.map(plainNumber) }),
        ("iso", { $0.asset.iso.map(String.init) }),
        ("focal", { $0.asset.focalLength.map(plainNumber) }),
        ("width", { $0.asset.width.map(String.init) }),
        ("height", { $0.asset.height.map(String.init) }),
        ("duration", { $0.asset.duration.map { String($0) } }),
        ("frame_rate", { $0.asset.frameRate }),
        ("codec", { $0.asset.codec }),
        ("frames", { $0.asset.frames.map(String.init) }),
        ("capture_rate", { $0.asset.footage.captureRateText }),
        ("scan", { $0.asset.footage.scan?.rawValue }),
        ("bit_depth", { $0.asset.footage.bitDepth.map(String.init) }),
        ("chroma", { $0.asset.footage.chroma }),
        ("color", { $0.asset.footageColorWords ?? $0.asset.colorProfile }),
        ("audio", { $0.asset.audio }),
        ("clip_name", { $0.asset.footage.clipName }),
        ("umid", { $0.asset.footage.umid }),
        ("timecode", { $0.asset.timecode }),
        ("reel", { $0.asset.reel }),
        ("segments", { $0.asset.segments.map(String.init) }),
        ("incomplete", { $0.asset.incomplete }),
        ("burst", { $0.asset.burst.map { Burst.words($0).identifier } }),
        ("latitude", { $0.asset.latitude.map { String($0) } }),
        ("longitude", { $0.asset.longitude.map { String($0) } }),
        ("cleared_for", { $0.clearedFor.map(\.rawValue).joined(separator: "; ") }),
        ("held", { $0.isHeld ? "yes" : "no" }),
        ("sha256", { $0.asset.digest.hex }),
    ]

    /// A line of RFC 4180.
    static func line(_ fields: [String]) -> String {
        fields.map { field in
            field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
                ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
        }
        .joined(separator: ",") + "\r\n"
    }
}

/// What a template of `find` gets for its fields.
struct TemplateValues {
    let catalog: Catalog
    /// What is asked for; the rest is not looked up.
    let fields: Set<String>
    private let mounts = Mounts()

    init(catalog: Catalog, fields: Set<String>) {
        self.catalog = catalog
        self.fields = fields
    }

    /// The value of a field; nil when there is none.
    func value(_ field: String, of found: FoundAsset, number: Int) throws -> TemplateValue? {
        let asset = found.asset
        switch field {
        case "number": return .integer(Int64(number))
        case "session": return .list(found.sessions)
        case "tags": return .list(found.tags.map(\.description))
        case "people":
            return .list(
                found.tags.filter { $0.names.first == "people" && $0.names.count > 1 }.compactMap(
                    \.names.last
                )
            )
        case "path": return .text(try paths(of: asset).first ?? "")
        case "paths": return .list(try paths(of: asset))
        case "segments": return asset.segments.map { .integer(Int64($0)) }
        case "copies":
            let good = try catalog.pictures(of: asset).map { file in
                file.copies.count { $0.kind == .archive && ["recorded", "verified"].contains($0.finding) }
            }
            return .integer(Int64(good.min() ?? 0))
        case "taken": return asset.time.takenMilliseconds.map { .date($0) }
        case "imported":
            return .date(
                WallClock(localAt: Stamp(rawValue: asset.id.rawValue).milliseconds).millisecondsAsUTC
            )
        default: return numberField(field, asset) ?? textField(field, asset).map { .text($0) }
        }
    }

    /// Where the original and its further segments lie, in order.
    private func paths(of asset: Asset) throws -> [String] {
        try catalog.pictures(of: asset).map { file in
            let copy = file.copies.first { $0.finding != "missing" && mounts.hold($0) } ?? file.copies.first
            return copy.map { $0.location.text ?? $0.location.display } ?? ""
        }
    }

    private func numberField(_ field: String, _ asset: Asset) -> TemplateValue? {
        let number: Int? =
            switch field {
            case "size": Int(asset.size)
            case "rating": asset.rating
            case "iso": asset.iso
            case "width": asset.width
            case "height": asset.height
            default: asset.footage.number(field, of: asset)
            }
        return number.map { .integer(Int64($0)) }
    }

    private func textField(_ field: String, _ asset: Asset) -> String? {
        let name = Path(asset.name)
        return switch field {
        case "id": asset.shortName
        case "sha256": asset.digest.hex
        case "kind": asset.kind.rawValue
        case "name": asset.name
        case "stem": name.stem.text
        case "ending": name.ending
        case "format": asset.format
        case "offset": asset.time.offsetMinutes.map { offsetWords($0, minus: "-") }
        case "title": asset.title
        case "caption": asset.caption
        case "creator": asset.creator
        case "credit": asset.credit
        case "copyright": asset.copyright
        case "usage-terms": asset.usageTerms
        case "instructions": asset.instructions
        case "place": asset.place
        case "label": asset.label
        case "pick": asset.pick.map { $0 > 0 ? "picked" : "rejected" }
        default: cameraField(field, asset)
        }
    }

    private func cameraField(_ field: String, _ asset: Asset) -> String? {
        switch field {
        case "camera": asset.camera
        case "make": asset.make
        case "model": asset.model
        case "lens": asset.lens
        case "serial": asset.serial
        case "aperture": asset.aperture.map(plainNumber)
        case "exposure": asset.exposure
        case "focal": asset.focalLength.map(plainNumber)
        case "megapixels":
            if let width = asset.width, let height = asset.height {
                tenths(Double(width) * Double(height) / 1_000_000)
            } else {
                nil
            }
        case "latitude": asset.latitude.map { String($0) }
        case "longitude": asset.longitude.map { String($0) }
        case "altitude": asset.altitude.map(plainNumber)
        case "duration": asset.duration.map(lengthWords)
        case "fps": asset.frameRate
        case "codec": asset.codec
        case "timecode": asset.timecode
        case "reel": asset.reel
        case "unreadable": asset.unreadable
        case "incomplete": asset.incomplete
        case "burst": asset.burst.map { Burst.words($0).identifier }
        default: asset.footage.text(field, of: asset)
        }
    }
}
