internal import ArgumentParser
internal import Catalog
internal import Export
internal import Files
internal import Previews
internal import Workers

/// The command `valhalla clearance`.
struct ClearanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clearance",
        abstract: "Tell a lawyer what was decided, by whom, and on what evidence.",
        discussion: """
              valhalla clearance report "Detroit wall" --pdf detroit.pdf --csv detroit.csv
            """,
        subcommands: [ClearanceReportCommand.self]
    )
}

/// The command `valhalla clearance report`.
struct ClearanceReportCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "One row an item: every answer of the gate, every decision, every proof.",
        discussion: """
            A selection in its order, or a query. As a table for a spreadsheet, as pages with small pictures, or here. It \
            is for the house alone and says NOT CLEARED everywhere. Pages take 1,000 items; a spreadsheet any number.

            With --on a day that is past, what was decided later is listed, marked as later, and decides nothing. \
            Sessions, tags and people are as they are today.

              valhalla clearance report "Detroit wall" --pdf detroit.pdf
              valhalla clearance report tag:people/Iggy\\ Pop --purpose press --territory US --csv iggy.csv
              valhalla clearance report all --on 2016-06-29
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A selection, or a query: see valhalla help query.", valueName: "selection or query"))
    var words: [String]

    @Option(
        help: ArgumentHelp("Only for these purposes, with commas; else for all.", valueName: "purpose"),
        completion: .list(Purpose.outside.map(\.rawValue))
    )
    var purpose: String?

    @Option(help: ArgumentHelp("Asked for this country, as an ISO 3166 code.", valueName: "code"))
    var territory: String?

    @Option(help: ArgumentHelp("Asked for this day or instant; else for now.", valueName: "date"))
    var on: String?

    @Option(help: ArgumentHelp("Write a table for spreadsheets to this new file.", valueName: "file"))
    var csv: TypedPath?

    @Option(help: ArgumentHelp("Draw pages into this new file.", valueName: "file"))
    var pdf: TypedPath?

    @Flag(name: .customLong("no-pictures"), help: "Pages without pictures.")
    var noPictures = false

    @OptionGroup var sheet: TypedSheet

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let paper = try sheet.size()
        let purposes = try purpose.map { try typedPurposes($0) } ?? Purpose.outside
        let country = try country()
        let catalog = try desk.catalog()
        let archive = try desk.archive()
        let (assets, choice) = try chosen(catalog, desk)
        let instant = try on.map { try TypedDate.beginning($0, "--on") } ?? desk.now()
        // What was decided on a day is part of it, although the gate is asked for its beginning.
        let end = try on.map { try TypedDate.end($0, "--on") }.flatMap { $0 > desk.now() ? nil : $0 }
        let question = GateQuestion(purpose: .internal, recipient: "", territory: country, at: instant)
        let head = ClearanceReport.Head(
            archive: archive.folder.name.display, choice: choice, asOf: zonedWords(instant),
            decided: end.map {
                "by \(lastMomentWords($0)) (what was decided later is marked so, and decides nothing)"
            },
            territory: country ?? "not named", person: desk.person, madeAt: desk.now(), purposes: purposes)
        for path in [csv, pdf].compactMap({ $0?.absolute })
        where try FileAccess().statusIfThere(of: path) != nil {
            throw Failure(
                .failed, "there is a file of that name already", details: ["path:  \(path.display)"],
                next: "name another; a report is never written over")
        }
        if pdf != nil, assets.count > ClearanceReport.mostItems {
            throw Failure.usage(
                "\(grouped(assets.count)) items are more than pages take: \(grouped(ClearanceReport.mostItems))",
                next: "--csv takes any number; or choose fewer")
        }
        let items = { (body: (InternalItem) throws -> Void) in
            try catalog.eachInternalItem(of: assets, for: purposes, question, decidedBefore: end, body)
        }
        if globals.dryRun {
            desk.tell("Would report on \(counted(assets.count, "item")): \(choice).")
            return .done
        }
        guard csv != nil || pdf != nil else { return try list(items, ClearanceReport(head), desk) }
        var report = ClearanceReport(head)
        let previews = noPictures ? nil : PreviewFolder(archive.previewFolder)
        let pages = try report.write(
            items, as: { try $0.row(previews) }, table: csv?.absolute, pages: pdf?.absolute, paper,
            .media(in: WorkerProgram.folder()))
        tell(report, pages, desk)
        return .done
    }

    private func tell(_ report: ClearanceReport, _ pages: Int?, _ desk: Desk) {
        if globals.json {
            var object: JSONObject = ["items": JSONValue(report.tally.items)]
            if let csv { object.add("csv", .text(csv.absolute.display)) }
            if let pdf { object.add("pdf", .text(pdf.absolute.display)) }
            if let pages { object.add("pages", JSONValue(pages)) }
            desk.json(object)
            return
        }
        desk.tell("Reported on \(counted(report.tally.items, "item")):")
        if let csv { desk.tell("  \(printable(csv.absolute.display))") }
        if let pdf, let pages { desk.tell("  \(printable(pdf.absolute.display)), \(counted(pages, "page"))") }
        summary(report.tally, desk.out)
        desk.tell(desk.out.paint("NOT CLEARED", .bad) + " stands on all of it: it is for the house alone")
    }

    /// How many stand where; each line adds up to all.
    private func summary(_ tally: ClearanceTally, _ sink: Sink) {
        guard !globals.quiet else { return }
        let table = Table(
            [.init("PURPOSE")] + ClearanceTally.Standing.allCases.map { .init($0.words.uppercased(), .right) }
                + [.init("ALL", .right)],
            to: sink, indent: 2)
        for row in tally.rows {
            table.add(
                [.init(row.purpose.rawValue)] + row.counts.map { .init(grouped($0)) } + [
                    .init(grouped(tally.items))
                ])
        }
        table.finish()
    }

    private func list(
        _ items: ((InternalItem) throws -> Void) throws -> Void, _ empty: ClearanceReport, _ desk: Desk
    ) throws -> Outcome {
        var report = empty
        let table = Table(
            [.init("NO.", .right), .init("ID"), .init("TITLE", yields: true), .init("TAKEN")]
                + report.tally.rows.map { .init($0.purpose.rawValue.uppercased()) }
                + [.init("SHOWN", yields: true), .init("LAST DECISION", yields: true)],
            to: desk.out)
        try items { item in
            report.count(item)
            if globals.json {
                desk.json(try item.json())
            } else {
                let last = item.decisions.last { item.fate(of: $0) != .later }
                    .map { $0.sentence + item.fate(of: $0).words }
                table.add(
                    [
                        .init("\(item.number)"), .init(item.asset.shortName, .strong),
                        .init(printable(item.asset.title ?? item.asset.name)),
                        .init(
                            item.asset.time.takenMilliseconds.map { WallClock(milliseconds: $0).dayText }
                                ?? "–"),
                    ]
                        + item.answers.map {
                            let standing = ClearanceTally.Standing($0.ruling)
                            return .init(
                                standing.short, standing == .held ? .bad : standing == .allowed ? .good : nil)
                        } + [
                            .init(item.shown.isEmpty ? "–" : printable(listed(item.shown.map(\.name)))),
                            .init(last ?? "–"),
                        ])
            }
            try desk.stopIfNobodyReads()
        }
        table.finish()
        guard !globals.json else { return .done }
        desk.tell()
        summary(report.tally, desk.out)
        desk.tell(
            desk.out.paint("NOT CLEARED", .bad)
                + ": for the house alone, as of \(report.head.asOf)"
                + (report.head.decided.map { ", as decided \($0)" } ?? "")
                + "; --pdf and --csv tell every decision"
        )
        return .done
    }

    private func chosen(_ catalog: Catalog, _ desk: Desk) throws -> (assets: [AssetID], choice: String) {
        let name = words.joined(separator: " ")
        if try catalog.selections().contains(where: { $0.name.lowercased() == name.lowercased() }) {
            let selection = try catalog.selection(named: name).name
            return (try catalog.items(of: selection).map(\.asset), "the selection \(quoted(selection))")
        }
        let query = try desk.requiredQuery(words)
        let assets = try catalog.assets(query)
        guard !assets.isEmpty else {
            throw Failure(
                .failed,
                "nothing to report on: there is no selection \(quoted(name)), and nothing matches \(query.description)",
                next:
                    "valhalla select list shows selections; valhalla find \(Typed.inShell(query.description)) what matches"
            )
        }
        return (assets, name)
    }

    private func country() throws -> String? {
        let code = try territory.map { text in try reading { try Territory.list(text) } }
        guard code?.contains(",") != true else {
            throw Failure.usage("the gate is asked for one country", next: "--territory US")
        }
        return code
    }
}

/// An instant by this machine’s clock, with the offset that it has then: `14 June 2016, 10:00 (+02:00)`.
private func zonedWords(_ instant: Int64) -> String {
    let clock = WallClock(localAt: instant)
    let offset = Int((clock.millisecondsAsUTC - instant / 1_000 * 1_000) / 60_000)
    return "\(clock.prose), \(twoDigits(clock.hour)):\(twoDigits(clock.minute)) (\(offsetWords(offset)))"
}

extension ClearanceTally.Standing {
    /// As a narrow column has it.
    fileprivate var short: String {
        switch self {
        case .allowed: "yes"
        case .held: "held"
        case .stopped: "stopped"
        case .open: "no"
        }
    }
}

extension InternalItem {
    /// The item in words.
    fileprivate func row(_ previews: PreviewFolder?) throws -> ClearanceReport.Row {
        var row = ClearanceReport.Row(self)
        let decisions = decisions
        row.taken =
            asset.time.takenMilliseconds.map { taken in
                let clock = WallClock(milliseconds: taken)
                return "\(clock.prose), \(clock.timeText)"
                    + (asset.time.offsetMinutes.map { " (\(offsetWords($0)))" } ?? "")
            } ?? "not known when"
        row.shown = shown.map { "\($0.name): \($0.words)" }
        row.releases = decisions.filter { $0.kind == .released && [.counts, .over].contains(fate(of: $0)) }
            .map {
                "\($0.releaseWords): \($0.status?.rawValue ?? "unknown")"
                    + ($0.purpose.map { " for \($0.rawValue)" } ?? "")
                    + ($0.until.map { ", until \(lastMomentWords($0))" } ?? "")
            }
        row.answers = answers.map { $0.ruling.sentence(for: $0.purpose) }
        row.decisions = decisions.map { $0.sentence + fate(of: $0).words + "." }
        var kept: Set<String> = []
        row.evidence = decisions.compactMap(\.evidence).filter { kept.insert($0).inserted }
        row.warnings = warnings.map { "Its \($0.said)" }
        row.deliveries = departures.map {
            "\($0.number), \(dateWords($0.at)), to \($0.recipient), for \($0.purpose)"
                + ($0.isRecalled ? ", asked back" : "")
        }
        if let previews, previews.size(.small, of: asset.digest) != nil {
            row.picture = previews.path(.small, of: asset.digest).bytes
        }
        return row
    }

    fileprivate func json() throws -> JSONObject {
        let row = try row(nil)
        return [
            "marking": .text(InternalItem.mark), "number": JSONValue(number), "id": .text(asset.shortName),
            "sha256": .text(asset.digest.hex), "title": JSONValue(asset.title),
            "caption": JSONValue(asset.caption),
            "taken": JSONValue(asset.time.iso), "shown": JSONValue(row.shown),
            "releases": JSONValue(row.releases),
            "answers": .object(
                answers.reduce(into: JSONObject()) { object, answer in
                    object.add(
                        answer.purpose.rawValue, JSONValue(answer.ruling.sentences(for: answer.purpose)))
                }),
            "decisions": JSONValue(row.decisions), "evidence": JSONValue(row.evidence),
            "warnings": JSONValue(row.warnings), "deliveries": JSONValue(row.deliveries),
        ]
    }
}
