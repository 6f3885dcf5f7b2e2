internal import ArgumentParser
internal import Catalog
internal import Files
internal import Tracks
internal import Workers

/// The command `valhalla geotag`.
struct GeotagCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "geotag",
        abstract: "Say where assets were taken: by a GPX track, or by hand.",
        usage: "valhalla geotag --gpx <file> ... [--max-gap <span>] [--over] <query> ...\n"
            + "valhalla geotag --at <lat,lon[,metres]> [--over] <query> ...\n"
            + "valhalla geotag --clear <query> ...",
        discussion: """
            A track places what was taken while it was recorded: between two points no further apart than --max-gap, \
            and at a point where the next is further away, up to half of that. It goes by the corrected instant, so \
            assets whose offset from UTC nobody knows are not placed: session edit --zone or shift --zone says it.

            The file’s own position is kept beneath, and one that a camera or a person gave is not replaced unless you \
            say --over. --clear takes back what tracks and people said; undo takes back the last of it.

              valhalla geotag --gpx ridge.gpx session:desert
              valhalla geotag --gpx day1.gpx --gpx day2.gpx --max-gap 30m session:tour --dry-run
              valhalla geotag --at 34.1339,-116.3131,1200 session:desert gps:no
              valhalla geotag --clear id:3f9a2c1
            """
    )

    @Option(
        help: ArgumentHelp("A GPX file; repeat for more.", valueName: "file"),
        completion: .file(extensions: ["gpx"])
    )
    var gpx: [TypedPath] = []

    @Option(
        help: ArgumentHelp(
            "The longest stretch without a point that is bridged: 30s, 5m, 1h. Else 5m.", valueName: "span"))
    var maxGap: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Degrees north and east, and metres above the sea.", valueName: "lat,lon[,metres]")
    )
    var at: String?

    @Flag(help: "Take back where tracks and people put them.")
    var clear = false

    @Flag(help: "Replace what cameras and people said as well.")
    var over = false

    @OptionGroup var words: QueryWords
    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let ways = [!gpx.isEmpty, at != nil, clear].count { $0 }
        guard ways == 1 else {
            throw Failure.usage(
                ways == 0 ? "where were they taken?" : "--gpx, --at and --clear exclude each other",
                next: "give --gpx FILE, --at LAT,LON or --clear")
        }
        guard maxGap == nil || !gpx.isEmpty else { throw Failure.usage("--max-gap belongs to --gpx") }
        guard !over || !clear else { throw Failure.usage("--over has no meaning with --clear") }
        if clear {
            let query = try desk.requiredQuery(words.query)
            let deed = Deed(
                base: "take back the position of", past: "took back the position of", tail: "",
                rest: "nobody put them anywhere")
            return try desk.change(deed, try desk.catalog(), query) { try $0.clearPositions(of: $1) }
        }
        if let at { return try place(at: try TypedPosition.read(at), desk) }
        return try placeByTracks(desk)
    }

    private func place(at position: Position, _ desk: Desk) throws -> Outcome {
        let query = try desk.requiredQuery(words.query)
        let deed = Deed(
            base: "place", past: "placed", tail: "at \(position.words)",
            rest: over
                ? "there already" : "their cameras say another place, which --over replaces, or there already"
        )
        return try desk.change(deed, try desk.catalog(), query) { change, assets in
            let facts = try change.placingFacts(of: assets)
            return try change.place(
                facts.filter { over || $0.position.map { $0.source != nil } ?? true }.map {
                    ($0.asset, position)
                })
        }
    }

    // MARK: By tracks

    private func placeByTracks(_ desk: Desk) throws -> Outcome {
        let gap = try maxGap.map { try GeotagCommand.gap($0) } ?? 300_000
        let query = try desk.requiredQuery(words.query)
        for file in gpx { try desk.confirm(file.absolute) }
        let catalog = try desk.catalog()
        let assets = try catalog.assets(query)
        guard !assets.isEmpty else {
            throw Failure(
                .failed, "nothing to place: nothing matches \(query.description)",
                next: "valhalla find \(Typed.inShell(query.description)) shows what does")
        }
        let tracks = try readTracks(desk)
        let placing = Placing(
            try catalog.placingFacts(of: assets), by: tracks, longestGap: gap, replacing: over)
        let work = PlacingWork(
            placing: placing, tracks: listed(gpx.map { printable($0.path.name.display) }), query: query)
        return try work.run(catalog, at: desk)
    }

    private func readTracks(_ desk: Desk) throws -> [Track] {
        let worker = Worker(.trackReader(in: WorkerProgram.folder()))
        var tracks: [Track] = []
        for file in gpx {
            let log = try TrackLog(reading: file.absolute, through: worker)
            guard log.points > 0 else {
                throw Failure(
                    .failed, "the track holds no point with a time and a place",
                    details: ["path:  \(file.absolute.display)"]
                        + (log.untimed > 0 ? ["cause: \(counted(log.untimed, "point")) without a time"] : []),
                    next: "take the file that the receiver recorded, not a route that was planned")
            }
            desk.remark(GeotagCommand.words(log, file))
            tracks += log.tracks
        }
        return tracks
    }

    /// `ridge.gpx: 1,204 points from 2016-01-20 23:10:00 to 2016-01-21 01:30:00 UTC`.
    private static func words(_ log: TrackLog, _ file: TypedPath) -> String {
        var text = "\(file.path.display): \(counted(log.points, "point"))"
        if log.tracks.count > 1 { text += " in \(log.tracks.count) tracks" }
        if let span = log.span {
            text += " from \(WallClock(milliseconds: span.lowerBound).table)"
            text += " to \(WallClock(milliseconds: span.upperBound).table) UTC"
        }
        if log.untimed > 0 { text += "; \(counted(log.untimed, "point")) without a time left out" }
        if log.unusable > 0 {
            text += "; \(counted(log.unusable, "point")) without a place or with a time that is none left out"
        }
        return text
    }

    private static func gap(_ text: String) throws -> Int64 {
        guard let span = TypedSpan.milliseconds("+" + text), span > 0 else {
            throw Failure.usage(
                "\(quoted(text)) behind --max-gap is no span", next: "write it as 30s, 5m or 1h")
        }
        return span
    }
}

/// A point as a person types it: `34.1339,-116.3131` or with metres above the sea behind.
enum TypedPosition {
    static func read(_ text: String) throws -> Position {
        let parts = text.replacing("−", with: "-").split(separator: ",", omittingEmptySubsequences: false)
            .map { part in Double(part.filter { !$0.isWhitespace }) }
        guard (2...3).contains(parts.count), let north = parts[0], let east = parts[1],
            parts.count == 2 || parts[2] != nil,
            let position = Position(
                latitude: north, longitude: east, altitude: parts.count == 3 ? parts[2] : nil,
                source: Position.byHand)
        else {
            throw Failure.usage(
                "\(quoted(text)) behind --at is no point",
                next: "write degrees north and east, −90 to 90 and −180 to 180: 34.1339,-116.3131")
        }
        return position
    }
}

/// Placing assets by tracks: what is told before and afterwards, with a count that adds up.
private struct PlacingWork {
    let placing: Placing
    /// What the tracks are called.
    let tracks: String
    let query: Query

    func run(_ catalog: Catalog, at desk: Desk) throws -> Outcome {
        let assets = placing.placed.map(\.asset)
        var kinds: [AssetKind: Int] = [:]
        for asset in assets { kinds[try catalog.asset(asset).kind, default: 0] += 1 }
        let said = counted(kinds)
        let deed = Deed(base: "place", past: "placed", tail: "by \(tracks)")
        let isForeseen = desk.globals.dryRun || desk.isAsking
        if isForeseen, !assets.isEmpty, !(desk.globals.json && desk.globals.dryRun) {
            let sink = desk.globals.dryRun ? desk.out : desk.err
            try desk.preview(deed.proposed(said), assets, catalog, to: sink)
            for line in lines { sink.line("  " + line) }
            if !desk.globals.dryRun, !desk.console.ask("Go on?") { return desk.declined() }
        }
        var changed = 0
        if desk.globals.dryRun {
            changed = try desk.rehearse(catalog, .edit) { try $0.place(placing.placed) }
        } else if !assets.isEmpty {
            try catalog.change(desk.command) { change in
                changed = try change.place(placing.placed)
                change.summary = deed.done(said)
            }
        }
        let number = changed > 0 && !desk.globals.dryRun ? try catalog.log(limit: 1).first?.number : nil
        tell(
            assets.isEmpty ? "Nothing placed by \(tracks)." : deed.done(said), changed, number, desk,
            isForeseen)
        return placing.missed == 0 ? .done : assets.isEmpty ? .failed : .partly
    }

    private func tell(_ sentence: String, _ changed: Int, _ number: Int?, _ desk: Desk, _ isForeseen: Bool) {
        if desk.globals.json {
            var object: JSONObject = [
                "done": .text(sentence), "matched": JSONValue(placing.all), "changed": JSONValue(changed),
                "change": JSONValue(number), "placed": JSONValue(placing.placed.count),
                "had_place": JSONValue(placing.hadPlace), "too_far": JSONValue(placing.tooFar),
                "without_offset": JSONValue(placing.withoutOffset),
                "without_time": JSONValue(placing.withoutTime),
            ]
            if desk.globals.dryRun { object.add("dryRun", .bool(true)) }
            desk.json(object)
            return
        }
        if desk.globals.dryRun, !placing.placed.isEmpty {
            desk.out.line("Nothing was changed.")
            return
        }
        let isSame = !placing.placed.isEmpty && changed == 0
        desk.tell(
            isSame ? "Nothing to change: \(counted(placing.placed.count, "asset")) there already." : sentence)
        if !isForeseen || placing.placed.isEmpty { for line in lines { desk.tell("  " + line) } }
    }

    /// The count, and what can be done about those that were left.
    private var lines: [String] {
        var lines = [
            "\(grouped(placing.all)) matched = \(grouped(placing.placed.count)) placed + \(grouped(placing.hadPlace)) had a place"
                + " + \(grouped(placing.tooFar)) too far from the track + \(grouped(placing.withoutOffset)) without a known offset"
                + " + \(grouped(placing.withoutTime)) without a time"
        ]
        if let distances = placing.distances {
            let (least, most) = (durationWords(distances.lowerBound), durationWords(distances.upperBound))
            lines.append(
                "too far: \(least == most ? least : "\(least) to \(most)") from the nearest point; --max-gap bridges longer gaps"
            )
        }
        if placing.withoutOffset > 0 {
            lines.append(
                "no offset: a clock without one tells no instant; valhalla session edit SESSION --zone ZONE, or valhalla shift "
                    + "--zone ZONE \(Typed.inShell("(\(query.description)) offset:unknown")), says where it was read"
            )
        }
        return lines
    }
}
