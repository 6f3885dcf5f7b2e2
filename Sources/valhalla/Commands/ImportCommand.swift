internal import ArgumentParser
internal import Catalog
internal import Files
internal import Ingest
internal import Previews

/// The command `valhalla import`.
struct ImportCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Record a shoot where it lies, or copy it first and verify the copies.",
        discussion: """
            Folders are read to any depth and never written to. What is known is not read again, so importing twice \
            costs nothing, and what failed is tried again. Copies are read back from the disk and compared before any \
            row says that they are there. Single files may be named too: they join what the archive has of their folder, \
            and nothing else in it is looked at.

            Where an offload left a manifest (ASC MHL, or a legacy MHL) in the folder, below it or above it, every file \
            is held against it in the one read there is.

            It ends with a count that adds up, and names what failed, or is not as it was listed, and why: exit code 3 \
            then.

              valhalla import ~/Shoots/Desert --session Desert
              valhalla import /media/CARD-A --session Desert --tag tour/2016 --copy-to /media/SHOOT-A
              valhalla import /media/CARD-A --copy-to /media/SHOOT-A --also /media/SHOOT-B
              valhalla import ~/Shoots/Desert/L1002341.DNG ~/Shoots/Desert/L1002341.xmp
              valhalla import /media/CARD-A --dry-run
            """
    )

    @Argument(help: ArgumentHelp("The folders, or files.", valueName: "path"), completion: .file())
    var paths: [TypedPath]

    @Option(
        help: ArgumentHelp(
            "The session that the assets join; made if there is none of that name.",
            valueName: "name"
        )
    )
    var session: String?

    @Option(help: ArgumentHelp("A tag for all of them; repeat for more.", valueName: "tag"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("Copy to this folder first.", valueName: "dir"), completion: .directory)
    var copyTo: TypedPath?

    @Option(
        help: ArgumentHelp("Copy to this folder as well; repeat for more.", valueName: "dir"),
        completion: .directory
    )
    var also: [TypedPath] = []

    @Flag(help: "Make the previews of what came in, behind the import: see valhalla help previews.")
    var previews = false

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard also.isEmpty || copyTo != nil else {
            throw Failure.usage("--also needs a first copy", next: "--copy-to DIR --also DIR")
        }
        if let session, session.isEmpty { throw Failure.usage("a session needs a name") }
        let tags = try tag.map { word in try reading { try TagPath(word) } }
        let catalog = try desk.catalog()
        let sources = try ImportSource.of(paths, at: desk)
        let began = desk.now()
        let interruption = Interruption.onSignals()
        var outcome = Outcome.done
        for (index, source) in sources.enumerated() {
            var request = ImportRequest(source: source.folder, command: desk.command)
            request.names = source.names
            request.session = session
            request.tags = tags
            request.copyTo = (copyTo.map { [$0] } ?? []).map(\.absolute) + also.map(\.absolute)
            request.isRehearsal = globals.dryRun
            request.interruption = interruption
            let report = try watch(request, source, catalog, desk)
            if index > 0 { desk.tell() }
            ImportWords(report: report, request: request, source: source).tell(at: desk)
            if let failure = report.stoppedBy, failure.cause != .stopped { throw failure }
            if report.wasInterrupted {
                throw Failure(.stopped, "stopped", next: "the same command goes on where it was")
            }
            if !report.failed.isEmpty || !report.manifests.allSatisfy(\.isWhole) { outcome = .partly }
        }
        guard previews, !globals.dryRun else { return outcome }
        desk.tell()
        return try makePreviews(since: began, interruption, catalog, desk) == .partly ? .partly : outcome
    }

    /// Makes previews of what came in since an instant; to the millisecond, for the import before may be as near.
    private func makePreviews(
        since instant: Int64,
        _ interruption: Interruption,
        _ catalog: Catalog,
        _ desk: Desk
    ) throws -> Outcome {
        let clock = WallClock(localAt: instant)
        let digits = String((instant % 1_000 + 1_000) % 1_000)
        let fraction = String(repeating: "0", count: 3 - digits.count) + digits
        let query = try Query.parse("imported:\(clock.iso).\(fraction)..")
        var request = PreviewRequest(query: query, folder: try desk.previewFolder(of: try desk.archive()))
        request.interruption = interruption
        return try desk.makePreviews(request, catalog)
    }

    private func watch(
        _ request: ImportRequest,
        _ source: ImportSource,
        _ catalog: Catalog,
        _ desk: Desk
    ) throws -> ImportReport {
        let progress = ImportProgress()
        let watch = ProgressWatch(at: desk)
        defer { watch.end(leavingLine: false) }
        if desk.err.isTerminal {
            desk.remark(desk.err.paint("Importing", .strong) + " " + source.display)
        }
        watch.follow(request.copyTo.isEmpty ? "read" : "copied and verified") {
            let now = progress.snapshot
            return .init(done: now.files, total: now.allFiles, bytes: now.bytes, totalBytes: now.allBytes)
        }
        return try Importer.run(request, catalog: catalog, progress: progress)
    }
}

/// A folder that was named, or the files of one folder that were.
struct ImportSource {
    /// The folder.
    let folder: Path
    /// The names in it that are taken; nil takes all of it.
    private(set) var names: Set<Path>?
    /// As they were typed.
    private(set) var typed: [TypedPath]

    /// The sources among what was typed, in the order in which they were; what is not there is refused.
    static func of(_ paths: [TypedPath], at desk: Desk) throws -> [ImportSource] {
        let access = FileAccess()
        var sources: [ImportSource] = []
        for path in paths {
            try desk.confirm(path.absolute)
            // A link to a file is as good as the file, as one to a folder is.
            let place = try access.resolved(path.absolute)
            guard try access.status(of: place).isRegularFile else {
                sources.append(ImportSource(folder: path.absolute, names: nil, typed: [path]))
                continue
            }
            if let index = sources.firstIndex(where: { $0.names != nil && $0.folder == place.folder }) {
                sources[index].names?.insert(place.name)
                sources[index].typed.append(path)
            } else {
                sources.append(ImportSource(folder: place.folder, names: [place.name], typed: [path]))
            }
        }
        return sources
    }

    /// For people: what was typed, or the folder of several files.
    var display: String {
        if typed.count == 1 { return typed[0].path.display }
        let folder = typed[0].path.folder
        return folder.bytes.isEmpty ? "this folder" : folder.display
    }
}

/// What came of an import, in words.
struct ImportWords {
    let report: ImportReport
    let request: ImportRequest
    let source: ImportSource

    static let mostNamed = 20

    /// Tells it to a person or a program.
    func tell(at desk: Desk) {
        if desk.globals.json {
            for line in json { desk.json(line) }
            return
        }
        let out = desk.out
        let counts = report.counts
        let would = request.isRehearsal
        let head =
            would
            ? "Would import"
            : report.wasInterrupted ? "Stopped after" : broughtAnything ? "Imported" : "Nothing new among"
        desk.tell(
            out.paint(head, .strong)
                + " \(counted(counts.seen, "file")) from \(source.display) in \(elapsedWords(Int64(report.seconds * 1_000)))"
        )
        desk.tell(
            "  \(grouped(counts.seen)) seen = \(grouped(counts.new)) new + \(grouped(counts.known)) known + "
                + "\(grouped(counts.changed)) changed + \(grouped(counts.other)) other + \(grouped(counts.failed)) failed"
        )
        if !report.assets.isEmpty { desk.tell("  " + assets) }
        for line in remarks { desk.tell("  " + line) }
        tellCopies(desk)
        for line in manifestLines { desk.tell("  " + line) }
        tellManifests(desk)
        tellLists(desk)
    }

    /// Files that failed, moved or are gone are told below, and are nothing that came in.
    private var broughtAnything: Bool { report.counts.new + report.counts.changed + report.copied > 0 }

    /// What is new, as in `215 photographs, 3 clips, 9.8 GB; 213 of them with a companion`.
    private var assets: String {
        var text = counted(report.assets) + ", " + byteWords(report.bytes)
        let all = report.assets.values.reduce(0, +)
        if report.pairs > 0 {
            text +=
                report.pairs == all
                ? ", each with its companion" : "; \(grouped(report.pairs)) of them with a companion"
        }
        return text
    }

    /// What else there is to know, a line each; nothing where all is plain.
    private var remarks: [String] {
        var lines: [String] = []
        if broughtAnything || request.isRehearsal { lines += cards }
        if !report.unreadable.isEmpty {
            let are = report.unreadable.count == 1 ? "is" : "are"
            lines.append(
                "\(counted(report.unreadable.count, "file")) cannot be understood and \(are) archived all the same: "
                    + "valhalla find is:unreadable"
            )
        }
        if report.joined > 0 {
            let are = report.joined == 1 ? "is a part" : "are parts"
            lines.append(
                "\(counted(report.joined, "file")) \(are) of another’s recording or exposure: valhalla show tells why"
            )
        }
        if report.incomplete > 0 {
            let are = report.incomplete == 1 ? "has a part that is" : "have parts that are"
            lines.append("\(counted(report.incomplete, "clip")) \(are) not here: valhalla find is:incomplete")
        }
        if report.bursts > 0 {
            lines.append("\(counted(report.bursts, "burst")), by numbers and times: valhalla find is:burst")
        }
        for part in report.apart.prefix(ImportWords.mostNamed) {
            lines.append("\(part.name) belongs to another and stays on its own: \(part.reason)")
        }
        if report.moved > 0 { lines.append("\(counted(report.moved, "file")) moved since the last time") }
        if report.doubles > 0 {
            lines.append(
                report.doubles == 1
                    ? "1 file is a copy of what the archive has already"
                    : "\(grouped(report.doubles)) files are copies of what the archive has already"
            )
        }
        if report.missing > 0 {
            lines.append(
                "\(counted(report.missing, "file")) \(report.missing == 1 ? "is" : "are") not there any more: valhalla find is:missing"
            )
        }
        return lines
    }

    /// `2 P2 cards, kept whole: CARD-A/CONTENTS and CARD-B/CONTENTS`.
    private var cards: [String] {
        Dictionary(grouping: report.cards, by: \.name).sorted { $0.key < $1.key }.map { name, cards in
            var places = cards.prefix(3).map { $0.path.bytes.isEmpty ? "this folder" : $0.path.display }
            if cards.count > 3 { places.append("\(cards.count - 3) more") }
            return "\(counted(cards.count, "\(name) card")), kept whole: \(listed(places))"
        }
    }

    private func tellCopies(_ desk: Desk) {
        guard !request.copyTo.isEmpty else { return }
        let places = listed(report.destinations.map { printable($0.display) })
        if request.isRehearsal {
            desk.tell("  would copy to \(places)")
        } else {
            desk.tell(
                "  copied \(grouped(report.copied)) and " + desk.out.paint("verified on disk", .good)
                    + " \(grouped(report.verified)), in \(places)"
            )
        }
    }

    private func tellLists(_ desk: Desk) {
        let lists: [(word: String, ink: Ink?, all: Int, remarks: [ImportReport.Remark])] = [
            ("failed", .bad, report.counts.failed, report.failed),
            ("changed", nil, report.counts.changed, report.changed),
            ("unreadable", .bad, report.unreadable.count, report.unreadable),
            ("double", .dim, report.doubled.isEmpty ? 0 : report.doubles, report.doubled),
            ("other", .dim, report.counts.other, report.other),
        ]
        guard lists.contains(where: { !$0.remarks.isEmpty }) else { return }
        desk.tell()
        let words = lists.filter { !$0.remarks.isEmpty }.map(\.word.count).max() ?? 0
        for list in lists where !list.remarks.isEmpty {
            let table = Table(
                [.init(""), .init("", yields: true), .init("", yields: true)],
                to: desk.out,
                indent: 2,
                hasHead: false
            )
            let isDim = list.ink == .dim
            for remark in list.remarks.prefix(ImportWords.mostNamed) where !desk.globals.quiet {
                table.add([
                    .init(list.word.padded(to: words), list.ink),
                    .init(remark.path.display, isDim ? .dim : nil),
                    .init(remark.reason, isDim ? .dim : nil),
                ])
            }
            table.finish()
            let rest = list.all - min(list.remarks.count, ImportWords.mostNamed)
            if rest > 0 { desk.tell("  " + "".padded(to: words) + "  and \(grouped(rest)) more") }
            if list.word == "failed" {
                let paths = source.typed.map { Typed.inShell($0.path.display) }
                let again = "valhalla import " + paths.joined(separator: " ")
                desk.tell(
                    "  " + "".padded(to: words) + "  " + desk.out.paint(again, .next)
                        + " tries again what failed"
                )
            }
        }
    }

    private var json: [JSONObject] {
        let counts = report.counts
        func lines(_ outcome: String, _ remarks: [ImportReport.Remark]) -> [JSONObject] {
            remarks.map {
                ["outcome": .text(outcome), "path": .text($0.path.display), "reason": .text($0.reason)]
            }
        }
        var summary: JSONObject = [
            "outcome": .text("summary"), "source": .text(request.source.display),
            "seen": JSONValue(counts.seen),
            "new": JSONValue(counts.new), "known": JSONValue(counts.known),
            "changed": JSONValue(counts.changed),
            "other": JSONValue(counts.other), "failed": JSONValue(counts.failed),
        ]
        for kind in AssetKind.allCases {
            summary.add("new_\(kind.rawValue)s", JSONValue(report.assets[kind] ?? 0))
        }
        for (name, value) in [
            ("pairs", report.pairs), ("joined", report.joined), ("incomplete", report.incomplete),
            ("bursts", report.bursts), ("doubles", report.doubles), ("moved", report.moved),
            ("missing", report.missing),
            ("unreadable", report.unreadable.count), ("copied", report.copied), ("verified", report.verified),
        ] { summary.add(name, JSONValue(value)) }
        for outcome in ManifestOutcome.allCases {
            let count = report.manifests.reduce(0) { $0 + ($1.counts[outcome] ?? 0) }
            summary.add("manifest_\(outcome.rawValue)", JSONValue(count))
        }
        summary.add("bytes_read", .integer(report.bytes))
        summary.add("seconds", .real(report.seconds))
        summary.add(
            "cards",
            .list(report.cards.map { .object(["kind": .text($0.name), "path": .text($0.path.display)]) })
        )
        summary.add("copied_to", JSONValue(report.destinations.map(\.display)))
        summary.add("finished", .bool(!report.wasInterrupted && report.stoppedBy == nil))
        if request.isRehearsal { summary.add("dryRun", .bool(true)) }
        return lines("failed", report.failed) + lines("changed", report.changed)
            + lines("unreadable", report.unreadable)
            + lines("double", report.doubled)
            + lines("other", report.other)
            + report.manifests.flatMap { [$0.json] + $0.items.map(\.json) }
            + [summary]
    }
}
