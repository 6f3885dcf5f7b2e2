internal import ArgumentParser
internal import Catalog
internal import Export
internal import Files
internal import Workers

/// The command `valhalla recall`.
struct RecallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recall",
        abstract: "Ask back what left and was held or withdrawn since.",
        discussion: """
            Finds who has files that show a picture, or what was made from it, and writes one letter to each: what they \
            have, by the names they know it by, and what is asked of them. A letter tells nothing of anybody else. A \
            recall decides nothing: what nobody holds, withdrew or refused is not asked back, but with --any-reason \
            whatever would not leave today. An artist is asked for the proofs of what somebody else withdrew.

              valhalla withdraw id:3f9a2c1 --reason "the band asked for it back"
              valhalla recall 3f9a2c1 --to ~/letters
              valhalla recall answered "Le Monde" --evidence reply.eml
              valhalla recall list --open
            """,
        subcommands: [RecallNew.self, RecallList.self, RecallShow.self, RecallAnswered.self],
        defaultSubcommand: RecallNew.self
    )
}

/// The command `valhalla recall new`, which `valhalla recall` is.
struct RecallNew: Verb {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Put a recall on record, and write its letters.",
        discussion: """
            Ids, or a query. Without --to the letters can be written later: valhalla recall show NUMBER --to DIR.

              valhalla recall 3f9a2c1 77b01de --to ~/letters
              valhalla recall new state:withdrawn --reason "the story was dropped" --answer-by 2016-06-30
              valhalla recall is:delivered --any-reason --dry-run
            """
    )

    @Argument(help: ArgumentHelp("Ids, or a query: see valhalla help query.", valueName: "ids or query"))
    var words: [String] = []

    @Option(
        help: ArgumentHelp("The folder to write the letters into, as text and PDF.", valueName: "dir"),
        completion: .directory
    )
    var to: TypedPath?

    @Option(help: ArgumentHelp("What the letters tell of why; else they tell nothing.", valueName: "text"))
    var reason: String?

    @Option(
        help: ArgumentHelp("By when an answer is asked for; else in 14 days.", valueName: "date"))
    var answerBy: String?

    @Flag(
        help: ArgumentHelp(
            "Ask back whatever would not leave today: under an embargo, restricted, not agreed to, its clearance over or taken back."
        ))
    var anyReason = false

    @Option(help: ArgumentHelp("Who asks, and signs; else whose most of the works are.", valueName: "name"))
    var by: String?

    @OptionGroup var sheet: TypedSheet

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let paper = try sheet.size()
        let catalog = try desk.catalog()
        let assets = try catalog.chosen(words, at: desk)
        let plan = try catalog.recallPlan(of: assets, forAnyReason: anyReason)
        guard !plan.isEmpty else { return try tellNothing(plan, assets, catalog, desk) }
        let now = desk.now()
        let due =
            try answerBy.map { try TypedDate.end($0, "--answer-by") }
            ?? WallClock(localAt: now + 15 * 86_400_000).startOfLocalDay
        guard due > now else {
            throw Failure.usage(
                "nobody can answer by a day that is over", next: "--answer-by takes a later one")
        }
        let count = plan.recipients.count
        if globals.dryRun || desk.isAsking {
            if !globals.json { try preview(plan, catalog, to: globals.dryRun ? desk.out : desk.err) }
            if globals.dryRun {
                if globals.json {
                    try plan.outside.forEach { desk.json(try $0.json(catalog, plan.reasons[$0] ?? [])) }
                    try plan.proofsOutside.forEach { desk.json(try $0.json(catalog)) }
                }
                desk.tell("Nothing was put on record, and no letter was written.")
                return .done
            }
            guard desk.console.ask("Ask \(counted(count, "recipient")) to give it up?") else {
                return desk.declined()
            }
        }
        let numbers = try catalog.change(desk.command, kind: .decision) { change in
            // Somebody may have delivered or lifted since it was shown.
            let fresh = try catalog.recallPlan(of: assets, forAnyReason: anyReason)
            guard fresh.outside == plan.outside, fresh.proofsOutside == plan.proofsOutside else {
                throw Failure(
                    .failed, "what is to be asked back has changed meanwhile (nothing was put on record)",
                    next: "run it again, and read anew who has what")
            }
            change.summary =
                "asked \(counted(fresh.recipients.count, "recipient")) to give up \(counted(fresh.files, "file"))"
            return try change.recall(fresh, reason: reason, dueAt: due) { recipient in
                try by ?? RecallNew.house(of: fresh, for: recipient, catalog)
            }
        }
        try desk.write(lettersOf: numbers, into: to, paper, catalog)
        try remarks(plan, catalog, desk)
        return .done
    }

    /// True for words that are the first digits of digests, and no query.
    static func areIDs(_ words: [String]) -> Bool {
        words.allSatisfy { word in
            word.utf8.count >= 4 && word.utf8.count <= 64
                && word.utf8.allSatisfy {
                    UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
                }
        }
    }

    /// Whose the works are that a recipient has: never who is logged in, and nobody of whom they have nothing.
    private static func house(of plan: RecallPlan, for recipient: String, _ catalog: Catalog) throws -> String
    {
        let works = try plan.works(with: recipient).map { try catalog.asset($0) }
        return ExportCommand.house(of: works, orElse: "The artist")
    }
}

/// The command `valhalla recall list`.
struct RecallList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "What was asked back, and who answered.",
        discussion: """
              valhalla recall list
              valhalla recall list --open
            """
    )

    @Flag(help: "Only what nobody answered.")
    var open = false

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let recalls = try desk.catalog().recalls(onlyOpen: open)
        if globals.json {
            for recall in recalls {
                desk.json(recall.json)
                try desk.stopIfNobodyReads()
            }
            return .done
        }
        let now = desk.now()
        let table = Table(
            [
                .init("RECALL"), .init("WHEN"), .init("TO", yields: true), .init("FILES", .right),
                .init("ANSWER BY"),
                .init("ANSWERED", yields: true),
            ],
            to: desk.out)
        for recall in recalls {
            table.add([
                .init(recall.number, .strong), .init(WallClock(localAt: recall.at).dayText),
                .init(printable(recall.recipient)), .init("\(recall.files)"),
                .init(WallClock(localAt: recall.dueAt - 1).dayText),
                recall.answeredAt.map { .init(WallClock(localAt: $0).dayText) }
                    ?? .init(recall.dueAt <= now ? "no, late" : "no", recall.dueAt <= now ? .bad : nil),
            ])
        }
        table.finish()
        if recalls.isEmpty {
            desk.remark(open ? "Nothing waits for an answer." : "Nothing was asked back yet.")
        }
        return .done
    }
}

/// The command `valhalla recall show`.
struct RecallShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "One recall, with its letter; --to writes it again.",
        discussion: """
              valhalla recall show R-K7F2-93QD
              valhalla recall show R-K7F2-93QD --to ~/letters
            """
    )

    @Argument(help: ArgumentHelp("The recall’s number.", valueName: "number"))
    var number: String

    @Option(
        help: ArgumentHelp("The folder to write the letter into, as text and PDF.", valueName: "dir"),
        completion: .directory
    )
    var to: TypedPath?

    @OptionGroup var sheet: TypedSheet

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let paper = try sheet.size()
        let catalog = try desk.catalog()
        let letter = try catalog.letter(ofRecall: number)
        let recall = letter.recall
        if to != nil {
            try desk.write(lettersOf: [recall.number], into: to, paper, catalog)
            return .done
        }
        let notice = RecallNotice(letter, date: dateWords)
        if globals.json {
            var object = recall.json
            object.add("letter", .text(notice.text()))
            object.add(
                "items",
                .list(
                    letter.parts.flatMap { part in
                        part.files.map {
                            .object([
                                "delivery": .text(part.delivery), "file": .text($0.name),
                                "sha256": .text($0.digest.hex),
                                "size": .integer($0.size),
                            ])
                        }
                    }
                        + letter.proofs.flatMap { proofs in
                            proofs.files.map {
                                .object([
                                    "review": .text(proofs.review), "file": .text($0.name),
                                    "sha256": .text($0.digest.hex), "size": .integer($0.size),
                                ])
                            }
                        }))
            desk.json(object)
            return .done
        }
        let facts = Facts(to: desk.out, indent: 0)
        facts.add("recall", recall.number)
        facts.add("when", WallClock(localAt: recall.at).table)
        facts.add("to", recall.recipient)
        facts.add("by", recall.person)
        facts.add("answer by", lastDayWords(recall.dueAt))
        facts.add(
            "answered", recall.answeredAt.map { WallClock(localAt: $0).table } ?? "no",
            recall.answeredAt == nil && recall.dueAt <= desk.now() ? .bad : nil)
        facts.add("evidence", recall.evidence)
        facts.add("note", recall.note)
        for (index, pair) in try catalog.assets(ofRecall: recall.number).enumerated() {
            let asset = try catalog.asset(pair.asset)
            let made = pair.origin == pair.asset ? "" : ", for \(try catalog.asset(pair.origin).shortName)"
            facts.add(index == 0 ? "shows" : "", "\(asset.shortName)  \(asset.title ?? asset.name)\(made)")
        }
        facts.finish()
        desk.out.line()
        for line in notice.text().split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            desk.out.line(line.isEmpty ? "" : "  " + printable(String(line)))
        }
        return .done
    }
}

/// The command `valhalla recall answered`.
struct RecallAnswered: Verb {
    static let configuration = CommandConfiguration(
        commandName: "answered",
        abstract: "Note what a recipient answered, with the answer as a file.",
        discussion: """
            A recipient’s name answers all that they were asked and have not answered; a number that recall alone.

              valhalla recall answered R-K7F2-93QD --evidence reply.eml
              valhalla recall answered "Le Monde" --note "by telephone, Ms Petit"
            """
    )

    @Argument(help: ArgumentHelp("The recall’s number, or the recipient.", valueName: "number or recipient"))
    var who: String

    @Option(help: ArgumentHelp("The answer, to be kept in the archive.", valueName: "file"))
    var evidence: TypedPath?

    @Option(help: ArgumentHelp("What was answered.", valueName: "text"))
    var note: String?

    @Option(help: ArgumentHelp("When it was answered; else now.", valueName: "date"))
    var on: String?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let catalog = try desk.catalog()
        var recalls = try catalog.recalls(numbered: who.uppercased())
        if recalls.isEmpty { recalls = try catalog.recalls(to: who, onlyOpen: true) }
        guard let first = recalls.first else {
            let others = try catalog.recalls()
            if others.contains(where: { $0.recipient == who }) {
                throw Failure(
                    .failed, "\(who) has answered all that was asked", next: "valhalla recall list shows when"
                )
            }
            let near = nearest(to: who, among: others.flatMap { [$0.number, $0.recipient] })
            throw Failure(
                .failed,
                "nothing was asked back under \(quoted(who))"
                    + (near.map { "; did you mean \(quoted($0))?" } ?? ""),
                next: "valhalla recall list shows all")
        }
        let instant = try on.map { try TypedDate.beginning($0, "--on") } ?? desk.now()
        guard instant >= WallClock(localAt: first.at).startOfLocalDay else {
            throw Failure.usage("\(first.number) was not asked before \(dateWords(first.at))")
        }
        let kept = try kept(evidence, at: desk)
        let words = "\(listed(recalls.map(\.number).sorted())) as answered by \(printable(first.recipient))"
        return try desk.change("Note \(words)", done: "Noted \(words)", catalog, kind: .decision) { change in
            try change.answered(recalls, at: instant, evidence: kept, note: note)
        }
    }
}

/// The size of paper, as letters and reports take it.
struct TypedSheet: ParsableArguments {
    @Option(
        help: ArgumentHelp("The size of paper: a4 or letter.", valueName: "size"),
        completion: .list(PaperSize.allCases.map(\.rawValue))
    )
    var paper: String = PaperSize.a4.rawValue

    /// The size that is meant.
    func size() throws -> PaperSize {
        guard let size = PaperSize(rawValue: paper.lowercased()) else {
            throw Failure.usage("\(quoted(paper)) is no size of paper", next: "a4 or letter")
        }
        return size
    }
}

extension Desk {
    /// Writes the letters of recalls that are on record, or tells how to; and what comes next.
    fileprivate func write(
        lettersOf numbers: [String], into to: TypedPath?, _ paper: PaperSize, _ catalog: Catalog
    ) throws {
        var files: [Path] = []
        for number in numbers {
            let letter = try catalog.letter(ofRecall: number)
            var written: [Path] = []
            if let folder = to?.absolute {
                do {
                    try FileAccess().makeFolders(folder)
                    written = try RecallNotice(letter, date: dateWords).post(
                        into: folder, paper, .media(in: WorkerProgram.folder()))
                } catch {
                    err.line(
                        "\(number) is on record; its letter is written by: valhalla recall show \(number) --to DIR"
                    )
                    throw error
                }
            }
            files += written
            if globals.json {
                var object = letter.recall.json
                object.add("letters", JSONValue(written.map(\.display)))
                json(object)
            } else {
                tell(
                    "\(number) to \(printable(letter.recall.recipient)): \(counted(letter.files, "file")), to be answered by "
                        + lastDayWords(letter.recall.dueAt)
                        + (written.isEmpty
                            ? "" : "\n  " + written.map { printable($0.display) }.joined(separator: "\n  ")))
            }
        }
        if to == nil, let first = numbers.first {
            remark("No letter was written: valhalla recall show \(first) --to DIR writes it.")
        }
    }
}

extension Catalog {
    /// The assets that ids name, or else that a query chooses.
    fileprivate func chosen(_ words: [String], at desk: Desk) throws -> [AssetID] {
        guard !words.isEmpty else {
            throw Failure.usage(
                "which ones? A recall needs ids or a query",
                next: "add ids as find lists them, or a query such as state:withdrawn")
        }
        if RecallNew.areIDs(words) { return try words.map { try resolve($0) } }
        let query = try desk.query(words)
        let assets = try assets(query)
        guard !assets.isEmpty else {
            throw Failure(
                .failed, "nothing to recall: nothing matches \(query.description)",
                next: "valhalla find \(Typed.inShell(query.description)) shows what does")
        }
        return assets
    }
}

extension Recall {
    /// The object that a recall is to programs.
    var json: JSONObject {
        [
            "recall": .text(number), "at": .text(isoInstant(at)), "person": .text(person),
            "recipient": .text(recipient), "reason": JSONValue(reason), "due": .text(isoInstant(dueAt)),
            "answered": JSONValue(answeredAt.map(isoInstant)), "evidence": JSONValue(evidence),
            "note": JSONValue(note),
            "files": JSONValue(files),
        ]
    }

    /// Whether and when it was answered.
    var answerWords: String {
        answeredAt.map { "answered \(dateWords($0))" } ?? "not answered, asked for by \(lastDayWords(dueAt))"
    }
}
