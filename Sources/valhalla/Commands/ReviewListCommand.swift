internal import ArgumentParser
internal import Catalog
internal import Files

/// The command `valhalla review list`.
struct ReviewListCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "What was sent to whom, and what waits for an answer.",
        discussion: "  valhalla review list"
    )

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let reviews = try desk.catalog().reviews()
        if globals.json {
            for review in reviews {
                desk.json(review.json)
                try desk.stopIfNobodyReads()
            }
            return .done
        }
        let table = Table(
            [
                .init("REVIEW", yields: true), .init("CODE"), .init("SENT"), .init("TO", yields: true),
                .init("FOR"),
                .init("PROOFS", .right), .init("YES", .right), .init("NO", .right), .init("OPEN", .right),
                .init("STATE"),
            ], to: desk.out)
        for review in reviews {
            table.add([
                .init(review.name, .strong), .init(review.code), .init(WallClock(localAt: review.at).table),
                .init(review.artist), .init(review.purposes.map(\.rawValue).joined(separator: ", ")),
                .init(grouped(review.proofs)), .init(grouped(review.answered.yes)),
                .init(grouped(review.answered.no)), .init(grouped(review.open)), .init(review.state),
            ])
        }
        table.finish()
        if reviews.isEmpty {
            desk.remark("No review was sent yet: valhalla review new NAME QUERY --for ARTIST.")
        }
        return .done
    }
}

/// The command `valhalla review show`.
struct ReviewShowCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "What a review asked, and what was answered.",
        discussion: """
              valhalla review show "Desert, first look"
              valhalla review show K7F2-93QD --json
            """
    )

    @Argument(help: ArgumentHelp("The review, by its name or its code.", valueName: "name"))
    var name: String

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let catalog = try desk.catalog()
        let review = try catalog.review(named: name)
        let questions = try catalog.questions(of: review)
        if globals.json {
            for question in questions {
                desk.json(question.json(try catalog.asset(question.asset), review))
                try desk.stopIfNobodyReads()
            }
            return .done
        }
        head(review, desk)
        let table = Table(
            [
                .init("PROOF", .right), .init("ID"), .init("TITLE", yields: true), .init("FOR"),
                .init("ANSWER"),
                .init("WHEN"), .init("COMMENT", yields: true),
            ], to: desk.out)
        for question in questions {
            let asset = try catalog.asset(question.asset)
            let answer = question.answer
            table.add([
                .init("\(question.number)"), .init(asset.shortName, .strong),
                .init(asset.title ?? asset.name),
                .init(question.purpose.rawValue),
                .init(
                    answer.map { $0.isYes ? "yes" : "no" } ?? "open", answer.map { $0.isYes ? .good : .bad }),
                .init(answer.map { WallClock(localAt: $0.at).table } ?? "", .dim),
                .init(answer?.comment ?? ""),
            ])
        }
        table.finish()
        return .done
    }

    private func head(_ review: Review, _ desk: Desk) {
        let facts = Facts(to: desk.out, indent: 0)
        facts.add("review", review.name)
        facts.add("code", review.code)
        facts.add("sent", "\(WallClock(localAt: review.at).table), by \(review.person)")
        facts.add("to", review.artist)
        facts.add("for", listed(review.purposes.map(\.rawValue)))
        facts.add(
            "answers",
            "\(grouped(review.answered.yes)) yes, \(grouped(review.answered.no)) no, \(grouped(review.open)) open, of \(counted(review.questions, "question")) about \(counted(review.proofs, "proof"))"
        )
        facts.add("last", review.answeredAt.map { WallClock(localAt: $0).table })
        facts.add(
            "closed",
            review.end.map {
                "\(WallClock(localAt: $0.at).table), by \($0.person)"
                    + ($0.reason.map { ": " + quoted($0) } ?? "")
            })
        facts.add("note", review.note)
        facts.add("where", review.place)
        facts.add("seal", review.seal.hex)
        facts.finish()
        desk.out.line()
    }
}

/// The command `valhalla review close`.
struct ReviewCloseCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Wait for no more answers to a review.",
        discussion: """
            What was answered stays, and what was not stays submitted. Answers that come in later are refused; undo \
            opens the review again. The proofs are out of the house all the same.

              valhalla review close "Desert, first look" --reason "the exhibit was called off"
            """
    )

    @Argument(help: ArgumentHelp("The review, by its name or its code.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let catalog = try desk.catalog()
        let review = try catalog.review(named: name)
        let open = "\(counted(review.open, "question")) not answered"
        if desk.isAsking {
            guard desk.console.ask("Close \(quoted(review.name)), with \(open)?") else {
                return desk.declined()
            }
        }
        let body = { (change: Change) in
            change.summary = "\(review.name): \(open)"
            try change.close(review: review, reason: reason)
            return 1
        }
        if globals.dryRun {
            try desk.rehearse(catalog, .edit, body)
        } else {
            try catalog.change(desk.command, kind: .edit, body)
        }
        if globals.json {
            var object: JSONObject = [
                "review": .text(review.name), "code": .text(review.code), "open": JSONValue(review.open),
            ]
            if globals.dryRun { object.add("dryRun", .bool(true)) }
            desk.json(object)
        } else {
            desk.tell((globals.dryRun ? "Would close " : "Closed ") + "\(quoted(review.name)), with \(open)")
        }
        return .done
    }
}

extension Review {
    /// What it waits for.
    var state: String { end != nil ? "closed" : open == 0 ? "answered" : "open" }

    fileprivate var json: JSONObject {
        [
            "review": .text(name), "code": .text(code), "at": .text(isoInstant(at)), "person": .text(person),
            "artist": .text(artist), "purposes": JSONValue(purposes.map(\.rawValue)),
            "proofs": JSONValue(proofs),
            "asked": JSONValue(questions), "yes": JSONValue(answered.yes), "no": JSONValue(answered.no),
            "open": JSONValue(open), "state": .text(state), "place": .text(place), "seal": .text(seal.hex),
        ]
    }
}

extension ReviewQuestion {
    fileprivate func json(_ asset: Asset, _ review: Review) -> JSONObject {
        [
            "review": .text(review.name), "proof": JSONValue(number), "id": .text(asset.shortName),
            "purpose": .text(purpose.rawValue), "answer": JSONValue(answer.map { $0.isYes ? "yes" : "no" }),
            "comment": JSONValue(answer?.comment), "name": JSONValue(answer?.name),
            "at": JSONValue(answer.map { isoInstant($0.at) }), "evidence": JSONValue(answer?.evidence),
            "sha256": .text(digest.hex),
        ]
    }
}
