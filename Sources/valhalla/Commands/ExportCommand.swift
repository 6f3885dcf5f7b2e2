internal import ArgumentParser
internal import Catalog
internal import Export
internal import Files

/// The command `valhalla export`.
struct ExportCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a selection for someone: all of it, or nothing.",
        discussion: """
            The gate rules on every item first. With --skip-held what may not leave is left out without a trace; else \
            one such item refuses the whole. --purpose internal needs no clearance, and every sheet and file says \
            NOT CLEARED. Files are written to a temporary folder, read back, searched for metadata that must not \
            leave, sealed, and only then given their name.

              valhalla export "Detroit wall" --preset exhibit --to /media/usb --recipient "Institute of Arts, Detroit"
              valhalla export "Detroit wall" --preset exhibit --to ~/out --recipient us --purpose internal
            """
    )

    /// Presets of the design and what they are for; those without an exporter are refused by name.
    enum Preset: String, CaseIterable {
        case exhibit, press, edit, web

        var purpose: Purpose {
            switch self {
            case .exhibit: .exhibit
            case .press: .press
            case .edit: .edit
            case .web: .web
            }
        }
    }

    @Argument(help: ArgumentHelp("The selection.", valueName: "selection"))
    var selection: String

    @Option(
        help: ArgumentHelp("What it is made for: exhibit.", valueName: "preset"),
        completion: .list(["exhibit"])
    )
    var preset: String

    @Option(
        help: ArgumentHelp("The folder in which the package’s folder is made.", valueName: "dir"),
        completion: .directory
    )
    var to: TypedPath

    @Option(help: ArgumentHelp("To whom it goes.", valueName: "who"))
    var recipient: String

    @Option(
        help: ArgumentHelp(
            "What for; else what the preset is for. internal stays in the house.",
            valueName: "purpose"
        ),
        completion: .list(Purpose.allCases.map(\.rawValue))
    )
    var purpose: String?

    @Option(help: ArgumentHelp("In which country, as an ISO 3166 code.", valueName: "code"))
    var territory: String?

    @Option(help: ArgumentHelp("Where it is shown, under the title of the page.", valueName: "text"))
    var place: String?

    @Flag(help: "Leave out what may not leave, and write the rest.")
    var skipHeld = false

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let preset = try ExportCommand.preset(preset)
        let purpose = try purpose.map { word in try reading { try Purpose(named: word) } } ?? preset.purpose
        guard !recipient.isEmpty else {
            throw Failure.usage("to whom does it go?", next: "--recipient \"Institute of Arts, Detroit\"")
        }
        let territory = try territory.map { text in try reading { try Territory.list(text) } }
        if let territory, territory.contains(",") {
            throw Failure.usage("an export goes to one country", next: "--territory US")
        }
        let catalog = try desk.catalog()
        let question = GateQuestion(
            purpose: purpose,
            recipient: recipient,
            territory: territory,
            at: desk.now()
        )
        let gated = try catalog.gate(selection: selection, question)
        guard gated.denied.isEmpty || skipHeld else { throw ExportCommand.refusal(gated, by: "--skip-held") }
        guard !gated.cleared.isEmpty else {
            throw gated.denied.isEmpty
                ? Failure(
                    .failed,
                    "there is nothing in \(quoted(gated.selection.name)) to export",
                    next: "valhalla select add \(Typed.inShell(gated.selection.name)) QUERY"
                )
                : ExportCommand.refusal(gated, by: nil)
        }
        tellSkipped(gated, desk)
        let lock = globals.dryRun ? nil : try desk.archive().lockDeliveries()
        defer { withExtendedLifetime(lock) {} }
        let number = try catalog.nextDeliveryNumber(year: WallClock(localAt: desk.now()).year)
        let destination = to.absolute.appending(ExportCommand.folderName(gated.selection.name))
        guard !globals.dryRun else { return tellDry(gated, destination, desk) }
        if desk.isAsking {
            desk.console.remark(
                "Export \(ExportCommand.counted(gated)) from \(quoted(gated.selection.name)) for \(purpose.rawValue) to \(printable(recipient)):"
            )
            desk.console.remark("  \(destination.display)")
            guard desk.console.ask("Go on?") else { return desk.declined() }
        }
        try FileAccess().makeFolders(to.absolute)
        let request = ExportRequest(
            // It goes on record, where no `..` may depend on what else is there later.
            destination: try FileAccess().resolved(to.absolute).appending(destination.name),
            number: number,
            house: ExportCommand.house(of: gated.cleared.map(\.asset)),
            place: place,
            at: desk.now(),
            lastMoment: lastMomentWords
        )
        let report = try write(gated, request, desk) { report, place in
            try catalog.change(desk.command, kind: .delivery) { change in
                change.summary = "\(number): \(ExportCommand.counted(gated)) to \(recipient)"
                try change.record(
                    delivery: number,
                    of: gated,
                    preset: preset.rawValue,
                    place: report.place,
                    seal: report.seal,
                    files: report.delivered
                )
                change.lastly(place)
            }
        }
        tell(report, gated, number, desk)
        return .done
    }

    /// Who sends it, and whose the works are that do not say: the creator of at least half of them.
    ///
    /// Never who is logged in: an account's name means nothing to a venue, and is none of its business. Nor one of several: a
    /// borrowed picture's creator is not who sends the others.
    static func house(of works: [Asset], orElse other: String = "the artist") -> String {
        var counts: [String: Int] = [:]
        for creator in works.compactMap(\.creator) { counts[creator, default: 0] += 1 }
        let first = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        guard let first, first.value * 2 >= works.count else { return other }
        return first.key
    }

    private static func preset(_ name: String) throws -> Preset {
        let all = Preset.allCases.map(\.rawValue)
        guard let preset = Preset(rawValue: name.lowercased()) else {
            throw Failure.usage(
                "there is no preset \(quoted(name))"
                    + (nearest(to: name, among: all).map { "; did you mean \($0)?" } ?? ""),
                next: "presets: exhibit"
            )
        }
        guard preset == .exhibit else {
            throw Failure.usage(
                "this release writes no \(preset.rawValue) packages: exhibit is the only preset so far",
                next:
                    "--preset exhibit --purpose \(preset.purpose.rawValue) writes the same files for that purpose"
            )
        }
        return preset
    }

    /// Renderings run on several threads, and Ctrl-C asks them all to stop.
    private func write(
        _ gated: GatedSelection,
        _ request: ExportRequest,
        _ desk: Desk,
        record: (ExportReport, _ place: @escaping () throws -> Void) throws -> Void
    ) throws -> ExportReport {
        let interruption = Interruption.onSignals()
        let watch = ProgressWatch(at: desk)
        defer { watch.end() }
        return try Exporter().export(
            gated,
            as: .exhibit,
            request,
            interruption: interruption,
            progress: { watch.show($0) },
            record: record
        )
    }

    /// Everything for the person at work; the recipient learns nothing of it.
    static func refusal(_ gated: GatedSelection, by option: String?) -> Failure {
        Refusals(gated.denied).failure(
            notCleared(gated), leftOutBy: option,
            others: gated.cleared.isEmpty ? nil : "write the other \(grouped(gated.cleared.count))")
    }

    private static func notCleared(_ gated: GatedSelection) -> String {
        let all = gated.cleared.count + gated.denied.count
        return
            "\(grouped(gated.denied.count)) of \(grouped(all)) not cleared for \(gated.question.purpose.rawValue)"
    }

    /// What may leave, as in `12 photographs, 2 clips`.
    private static func counted(_ gated: GatedSelection) -> String {
        var kinds: [AssetKind: Int] = [:]
        for item in gated.cleared { kinds[item.asset.kind, default: 0] += 1 }
        return valhalla.counted(kinds)
    }

    /// The selection's name as a folder's, without what a file system would not take.
    static func folderName(_ name: String) -> String {
        let plain = String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { scalar in
                    scalar.value < 0x20 || "/\\:*?\"<>|\u{7F}".unicodeScalars.contains(scalar) ? "-" : scalar
                }
            )
        )
        let trimmed = plain.drop { $0 == "." || $0 == " " }
        let end = trimmed.lastIndex { $0 != "." && $0 != " " }
        return end.map { String(trimmed[...$0]) } ?? "selection"
    }

    private func tellSkipped(_ gated: GatedSelection, _ desk: Desk) {
        guard !gated.denied.isEmpty, !globals.quiet, !globals.json else { return }
        Refusals(gated.denied).tell(ExportCommand.notCleared(gated), at: desk)
    }

    private func tellDry(_ gated: GatedSelection, _ destination: Path, _ desk: Desk) -> Outcome {
        if globals.json {
            desk.json([
                "place": .text(destination.display), "items": JSONValue(gated.cleared.count),
                "left_out": JSONValue(gated.denied.count), "dryRun": .bool(true),
            ])
        } else {
            desk.tell(
                "Would export \(ExportCommand.counted(gated)) from \(quoted(gated.selection.name)) to \(destination.display)"
            )
        }
        return .done
    }

    private func tell(_ report: ExportReport, _ gated: GatedSelection, _ number: String, _ desk: Desk) {
        if globals.json {
            desk.json([
                "delivery": .text(number), "place": .text(report.place.display),
                "items": JSONValue(gated.cleared.count),
                "left_out": JSONValue(gated.denied.count), "files": JSONValue(report.files),
                "bytes": .integer(report.bytes), "seal": .text(report.seal.hex),
            ])
            return
        }
        let out = desk.out
        desk.tell(
            out.paint("Exported", .strong)
                + " \(ExportCommand.counted(gated)) from \(quoted(gated.selection.name)) to "
                + "\(printable(gated.question.recipient)) in \(elapsedWords(Int64(report.seconds * 1_000)))"
        )
        desk.tell("  \(report.place.display)")
        desk.tell(
            "  \(valhalla.counted(report.files, "file")), \(byteWords(report.bytes)), written and "
                + out.paint("verified on disk", .good)
        )
        desk.tell("  delivery \(number)")
        if gated.question.purpose == .internal {
            desk.tell("  " + out.paint("NOT CLEARED", .bad) + " stands on every sheet and in every file")
        }
    }
}

extension ProgressWatch {
    /// Shows how far a package is.
    func show(_ event: ExportEvent) {
        guard case .progress(let stage, let done, let all) = event else { return }
        switch stage {
        case .making: show("made", .init(done: Int(done), total: Int(all)))
        case .checking: show("read back", .init(bytes: done, totalBytes: all))
        }
    }
}
