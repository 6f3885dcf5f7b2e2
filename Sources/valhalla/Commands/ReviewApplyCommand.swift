internal import ArgumentParser
internal import Catalog
internal import Export
internal import Files

/// The command `valhalla review apply`.
struct ReviewApplyCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Record what an artist answered, after holding it against what was sent.",
        discussion: """
            Takes the table that the page saved, or answers.csv as it was filled in, or a folder that holds it. Yes \
            clears for that purpose, no holds, each with its comment as the reason and the file as evidence; what is \
            empty stays submitted. A later table takes the place of an earlier one, and records anew what was lifted or \
            withdrawn since; the same table again changes nothing. \
            What says yes and cannot clear yet, for words that forbid or because it was withdrawn since, is named and \
            stays submitted. A comment is for people: a condition in it binds nobody until it is said with valhalla \
            restrict.

            A table of another review, with numbers out of step, a purpose that was not asked, two answers to one \
            question, a word that is neither yes nor no, or about a picture that changed since changes nothing: line \
            and column are named.

              valhalla review apply ~/Downloads/answers-K7F2-93QD.csv --dry-run
              valhalla review apply ~/Downloads/answers-K7F2-93QD.csv
            """
    )

    @Argument(
        help: ArgumentHelp("The table that came back, or a folder with answers.csv.", valueName: "file"))
    var file: TypedPath

    @Flag(
        name: .customLong("despite-words"),
        help: "The words that came with the files, such as do not reuse, were read; yes clears all the same."
    )
    var despiteWords = false

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        try desk.confirm(file.absolute)
        var path = file.absolute
        if try FileAccess().status(of: path).isFolder { path = path.appending("answers.csv") }
        try desk.confirm(path)
        let catalog = try desk.catalog()
        let table = try AnswerSheet.Table(at: path)
        let plan = try catalog.plan(table.rows, table: table.digest, despiteWarnings: despiteWords)
        tellRemarks(plan, desk)
        guard !plan.steps.isEmpty else { return try finish(plan, closed: [], nil, desk) }
        if !globals.json, !globals.quiet { list(plan, try titles(of: plan, catalog), desk) }
        if desk.isAsking {
            guard desk.console.ask("Record them on the word of \(printable(plan.review.artist))?") else {
                return desk.declined()
            }
        }
        let evidence = try Evidence(path).keep(in: try desk.archive(), dryRun: globals.dryRun)
        guard evidence.hasSuffix(table.digest.hex) else {
            throw Failure(
                .failed, "the table changed while it was read (nothing recorded)",
                details: ["path:  \(path.display)"],
                next: "close it in the spreadsheet, and run the command again")
        }
        let body = { (change: Change) in
            change.summary =
                "\(plan.review.name): \(plan.yes.count) yes, \(plan.no.count) no, on the word of \(plan.review.artist)"
            return try change.apply(
                table.rows, table: table.digest, evidence: evidence, despiteWarnings: despiteWords,
                asShown: plan
            ).steps.count
        }
        if globals.dryRun {
            try desk.rehearse(catalog, .decision, body)
            return try finish(plan, closed: [], nil, desk)
        }
        try catalog.change(desk.command, kind: .decision, body)
        return try finish(
            plan, closed: try catalog.stillClosed(plan), try catalog.log(limit: 1).first?.number, desk)
    }

    private func titles(of plan: ReviewPlan, _ catalog: Catalog) throws -> [AssetID: Asset] {
        try Dictionary(
            uniqueKeysWithValues: Set(plan.steps.map(\.question.asset)).map { ($0, try catalog.asset($0)) })
    }

    /// Everything that a person should read, and of plain answers the first few dozen.
    private func list(_ plan: ReviewPlan, _ assets: [AssetID: Asset], _ desk: Desk) {
        let many = 48
        let telling = plan.steps.filter { $0.comment != nil || $0.question.answer != nil }
        let shown = plan.steps.count <= many ? plan.steps : telling
        desk.out.line(
            "\(printable(plan.review.artist)) answers \(quoted(plan.review.name)), sent \(dateWords(plan.review.at)):"
        )
        let table = Table(
            [
                .init("PROOF", .right), .init("ID"), .init("TITLE", yields: true), .init("FOR"),
                .init("ANSWER"),
                .init("BEFORE"), .init("COMMENT", yields: true),
            ], to: desk.out, indent: 2)
        for step in shown {
            let asset = assets[step.question.asset]
            table.add([
                .init("\(step.question.number)"), .init(asset?.shortName ?? "", .strong),
                .init(asset?.title ?? asset?.name ?? ""), .init(step.question.purpose.rawValue),
                .init(step.isYes ? "yes" : "no", step.isYes ? .good : .bad),
                .init(step.question.answer.map { $0.isYes ? "yes" : "no" } ?? "", .dim),
                .init(step.comment ?? ""),
            ])
        }
        table.finish()
        if shown.count < plan.steps.count {
            desk.out.line("  and \(counted(plan.steps.count - shown.count, "plain answer"))")
        }
    }

    private func tellRemarks(_ plan: ReviewPlan, _ desk: Desk) {
        for remark in plan.remarks {
            desk.remark(
                "Proof \(remark.number) for \(remark.purpose.rawValue) has a comment and no answer: \(quoted(remark.comment))"
            )
        }
    }

    private func finish(_ plan: ReviewPlan, closed: [ReviewPlan.Step], _ change: Int?, _ desk: Desk) throws
        -> Outcome
    {
        let review = plan.review
        let outcome: Outcome = plan.waiting.isEmpty ? .done : .partly
        if globals.json {
            var object: JSONObject = [
                "review": .text(review.name), "code": .text(review.code), "artist": .text(review.artist),
                "asked": JSONValue(review.questions), "yes": JSONValue(plan.yes.count),
                "no": JSONValue(plan.no.count), "known": JSONValue(plan.known),
                "blank": JSONValue(plan.blank),
                "waiting": JSONValue(plan.waiting.count), "closed": JSONValue(closed.count),
                "change": JSONValue(change),
            ]
            if globals.dryRun { object.add("dryRun", .bool(true)) }
            desk.json(object)
            return outcome
        }
        let waiting = plan.waiting.isEmpty ? "" : ", \(grouped(plan.waiting.count)) cannot clear yet"
        let rest =
            "\(grouped(plan.known)) recorded before, \(grouped(plan.blank)) not answered here\(waiting)"
        let sum = "of \(counted(review.questions, "question")): \(rest)"
        if plan.steps.isEmpty {
            desk.tell("Nothing new to record, \(sum).")
            tellWaiting(plan, desk)
            return outcome
        }
        desk.tell(
            (globals.dryRun ? "Would record" : "Recorded")
                + " \(grouped(plan.yes.count)) yes and \(grouped(plan.no.count)) no on the word of \(printable(review.artist)), \(sum)."
        )
        if !closed.isEmpty {
            desk.tell(
                "  \(counted(closed.count, "yes", "yes")) \(closed.count == 1 ? "stays" : "stay") closed all the same: \(proofWords(closed)); valhalla show ID --rights tells why"
            )
        }
        tellWaiting(plan, desk)
        let worded = plan.yes.filter { $0.comment != nil }
        if !worded.isEmpty {
            desk.remark(
                "\(counted(worded.count, "yes", "yes")) \(worded.count == 1 ? "comes" : "come") with words: \(proofWords(worded)). "
                    + "What they say binds nobody until the gate is told: valhalla restrict id:ID with the terms, or "
                    + "valhalla hold id:ID --reason TEXT.")
        }
        if !globals.dryRun {
            try desk.remarkCopiesOut(
                of: plan.no.map(\.question.asset), orElse: "review:\(Query.inQuotes(review.name)) held:yes")
        }
        return outcome
    }

    /// `proof 3`, `proofs 1, 2 and 3`.
    private func proofWords(_ steps: [ReviewPlan.Step]) -> String {
        let many = 12
        let numbers = Set(steps.map(\.question.number)).sorted()
        let rest = numbers.count > many ? ["\(grouped(numbers.count - many)) more"] : []
        return (numbers.count == 1 ? "proof " : "proofs ")
            + listed(numbers.prefix(many).map(String.init) + rest)
    }

    /// What says yes and stays submitted, each with the reason.
    private func tellWaiting(_ plan: ReviewPlan, _ desk: Desk) {
        for (step, why) in plan.waiting {
            let reason =
                switch why {
                case .words(let warning):
                    "its \(warning.said); --despite-words says that it was read"
                case .withdrawn: "it was withdrawn since; an artist submits it anew first"
                case .noSay: "\(printable(plan.review.artist)) may not clear it any more"
                }
            desk.remark(
                "Proof \(step.question.number) says yes for \(step.question.purpose.rawValue) and stays submitted: \(reason)."
            )
        }
    }
}
