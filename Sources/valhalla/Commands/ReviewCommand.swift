internal import ArgumentParser
internal import Catalog
internal import Export
internal import Files

/// The command `valhalla review`.
struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Send an artist proofs to decide on, and record the answers.",
        discussion: """
            A review is a folder of small, numbered proofs with the artist’s name across each, a page to answer on that \
            needs no network, and the same as a table. What comes back is held against what was sent before anything \
            is recorded.

              valhalla review new "Desert, first look" session:desert 'rating>=4' --for "Josh Homme" --to ~/out
              valhalla review apply ~/Downloads/answers-K7F2-93QD.csv
              valhalla review list
              valhalla find review:open
            """,
        subcommands: [
            ReviewNewCommand.self, ReviewApplyCommand.self, ReviewListCommand.self, ReviewShowCommand.self,
            ReviewCloseCommand.self,
        ]
    )
}

/// The command `valhalla review new`.
struct ReviewNewCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a folder of proofs for an artist, and submit what it shows.",
        discussion: """
            Only somebody whose word clears a picture is shown a proof of it. What somebody else holds, what was \
            withdrawn, and what a person in it refused is not shown: one such picture refuses the whole, or \
            --skip-held leaves it out without a trace. --even-held shows what somebody else holds; it stays held.

            Proofs are at most 1280 pixels long, carry the name, the number and the day over all of the picture, and \
            say nothing of themselves but the review’s code. Titles and captions go along with --captions alone.

              valhalla review new "Desert, first look" session:desert 'rating>=4' --for "Josh Homme" --to ~/out
              valhalla review new "Wall" 'selection:"Detroit wall"' --for "Iggy Pop" --purpose exhibit,press --to ~/out
            """
    )

    @Argument(help: ArgumentHelp("What the house calls it; it does not leave.", valueName: "name"))
    var name: String

    @OptionGroup var words: QueryWords

    @Option(name: .customLong("for"), help: ArgumentHelp("The artist who is to decide.", valueName: "name"))
    var artist: String

    @Option(
        help: ArgumentHelp(
            "exhibit, press, edit, web or print; several with commas. Else exhibit.", valueName: "purpose"),
        completion: .list(Purpose.outside.map(\.rawValue))
    )
    var purpose: [String] = []

    @Option(
        help: ArgumentHelp(
            "The folder in which the review’s folder is made. Else this one.", valueName: "dir"),
        completion: .directory
    )
    var to: TypedPath?

    @Option(help: ArgumentHelp("Your own words to whoever looks.", valueName: "text"))
    var note: String?

    @Flag(help: "Titles and captions go along.")
    var captions = false

    @Flag(help: "Leave out what may not be shown, and make the rest.")
    var skipHeld = false

    @Flag(help: "Show what somebody else holds, too; it stays held.")
    var evenHeld = false

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let purposes = try typedPurposes(purpose.isEmpty ? "exhibit" : purpose.joined(separator: ","))
        let query = try desk.requiredQuery(words.query)
        let catalog = try desk.catalog()
        try catalog.confirm(reviewName: name)
        let assets = try chosen(query, catalog)
        let artist = try ReviewNewCommand.known(artist, catalog)
        let question = ShowingQuestion(
            artist: artist, purposes: purposes, evenHeld: evenHeld, at: desk.now())
        let gated = try catalog.gate(review: assets, question)
        guard gated.kept.isEmpty || skipHeld, !gated.shown.isEmpty else {
            throw refusal(gated)
        }
        tellKept(gated, desk)
        let lock = globals.dryRun ? nil : try desk.archive().lockDeliveries()
        defer { withExtendedLifetime(lock) {} }
        let code = try catalog.nextReviewCode()
        let parent = to?.absolute ?? currentFolder()
        let destination = parent.appending("review-\(code)")
        let counts = ReviewNewCommand.counted(gated)
        guard !globals.dryRun else { return tellDry(gated, counts, desk) }
        if desk.isAsking {
            desk.console.remark(
                "Make proofs of \(counts) for \(printable(artist)), to be asked about \(listed(purposes.map(\.rawValue))):"
            )
            desk.console.remark("  \(destination.display)")
            guard desk.console.ask("Go on?") else { return desk.declined() }
        }
        try FileAccess().makeFolders(parent)
        let request = ReviewRequest(
            // It goes on record, where no `..` may depend on what else is there later.
            destination: try FileAccess().resolved(parent).appending(destination.name), code: code,
            house: ExportCommand.house(of: gated.shown.map(\.asset), orElse: "the photographer"), note: note,
            hasCaptions: captions, day: dateWords(desk.now()))
        let report = try write(gated, request, catalog, desk)
        tell(report, code, counts, artist, desk)
        return .done
    }

    private func chosen(_ query: Query, _ catalog: Catalog) throws -> [AssetID] {
        let assets = try catalog.assetsInOrder(query)
        guard !assets.isEmpty else {
            throw Failure(.failed, "nothing to review: nothing matches \(query.description)")
        }
        return assets
    }

    /// The artist as they were named, so that a review has one spelling.
    private static func known(_ name: String, _ catalog: Catalog) throws -> String {
        let artists = try catalog.artists().filter { $0.right == .clear }
        if let artist = artists.first(where: { $0.name.lowercased() == name.lowercased() }) {
            return artist.name
        }
        let names = Array(Set(artists.map(\.name))).sorted()
        throw Failure(
            .notCleared, "\(quoted(name)) decides about nothing here, so there is nothing to ask them",
            details: names.isEmpty ? [] : ["artists:  " + names.joined(separator: ", ")],
            next: "valhalla artists add \(Typed.inShell(name)) names who may clear")
    }

    /// Proofs are made on several threads, and Ctrl-C asks them all to stop.
    private func write(_ gated: GatedReview, _ request: ReviewRequest, _ catalog: Catalog, _ desk: Desk)
        throws
        -> ExportReport
    {
        let interruption = Interruption.onSignals()
        let watch = ProgressWatch(at: desk)
        defer { watch.end() }
        return try Exporter().review(
            gated, request, interruption: interruption,
            progress: { watch.show($0) },
            record: { report, place in
                try catalog.change(desk.command, kind: .delivery) { change in
                    change.summary =
                        "review \(request.code): \(ReviewNewCommand.counted(gated)) to \(gated.question.artist)"
                    try change.record(
                        review: name, code: request.code, note: note, of: gated, place: report.place,
                        seal: report.seal, proofs: report.proofs)
                    change.lastly(place)
                }
            })
    }

    private func refusal(_ gated: GatedReview) -> Failure {
        guard !gated.kept.isEmpty else {
            return Failure(
                .failed, "there is nothing to review", next: "valhalla help query tells what can be asked")
        }
        return Refusals(gated.kept).failure(
            ReviewNewCommand.notShown(gated), leftOutBy: "--skip-held",
            others: gated.shown.isEmpty ? nil : "make the other \(grouped(gated.shown.count))")
    }

    private static func notShown(_ gated: GatedReview) -> String {
        let all = gated.shown.count + gated.kept.count
        return "\(grouped(gated.kept.count)) of \(grouped(all)) may not be shown to \(gated.question.artist)"
    }

    private static func counted(_ gated: GatedReview) -> String {
        var kinds: [AssetKind: Int] = [:]
        for item in gated.shown { kinds[item.asset.kind, default: 0] += 1 }
        return valhalla.counted(kinds)
    }

    private func tellKept(_ gated: GatedReview, _ desk: Desk) {
        guard !gated.kept.isEmpty, !globals.quiet, !globals.json else { return }
        Refusals(gated.kept).tell(ReviewNewCommand.notShown(gated), at: desk)
    }

    private func tellDry(_ gated: GatedReview, _ counts: String, _ desk: Desk) -> Outcome {
        if globals.json {
            desk.json([
                "proofs": JSONValue(gated.shown.count), "left_out": JSONValue(gated.kept.count),
                "dryRun": .bool(true),
            ])
        } else {
            desk.tell("Would make proofs of \(counts) for \(printable(gated.question.artist))")
        }
        return .done
    }

    private func tell(
        _ report: ExportReport, _ code: String, _ counts: String, _ artist: String, _ desk: Desk
    ) {
        if globals.json {
            desk.json([
                "review": .text(name), "code": .text(code), "place": .text(report.place.display),
                "proofs": JSONValue(report.proofs.count), "files": JSONValue(report.files),
                "bytes": .integer(report.bytes), "seal": .text(report.seal.hex),
            ])
            return
        }
        desk.tell(
            desk.out.paint("Made", .strong) + " proofs of \(counts) for \(printable(artist)) in "
                + elapsedWords(Int64(report.seconds * 1_000)))
        desk.tell("  \(report.place.display)")
        desk.tell(
            "  \(valhalla.counted(report.files, "file")), \(byteWords(report.bytes)), written and "
                + desk.out.paint("verified on disk", .good))
        desk.tell("  review \(code): send the folder; valhalla review apply FILE records what comes back")
    }
}

extension ShowingDenial {
    /// Why a proof may not be shown, as a list has it.
    var words: String {
        switch self {
        case .noSay: "not theirs to decide"
        case .held(let decision): Denial.held(decision).words
        case .withdrawn(let decision): Denial.withdrawn(decision).words + "; an artist submits it anew first"
        case .refused(let decision): Denial.refused(decision).words
        case .keptFor(let decision): Denial.otherRecipient(decision).words
        case .nothingToSee: "there is nothing of it to be seen"
        }
    }
}
