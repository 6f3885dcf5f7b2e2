internal import ArgumentParser
internal import Catalog
internal import Files

/// The command `valhalla approve`.
struct ApproveCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Record what somebody in the pictures says: agrees, or does not.",
        discussion: """
            Who must agree is named by valhalla artists add NAME --approves; a picture shows them when it carries the tag \
            people/NAME. A refusal closes the gate until the same person agrees. Agreement clears nothing by itself.

              valhalla approve 'person:"Iggy Pop" session:desert' --by "Iggy Pop" --evidence message.txt
              valhalla approve id:3f9a2c1 --by "Iggy Pop" --refuse --for press --reason "not that face"
              valhalla approve id:3f9a2c1 --by "Josh Homme" --not-in-it "Iggy Pop"
            """
    )

    @OptionGroup var words: QueryWords

    @Option(help: ArgumentHelp("Who says so: the person in the pictures.", valueName: "name"))
    var by: String

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("For these purposes only; else for all.", valueName: "purpose"),
        completion: .list(Purpose.outside.map(\.rawValue))
    )
    var purpose: String?

    @Flag(help: "Does not agree.")
    var refuse = false

    @Option(
        name: .customLong("not-in-it"),
        help: ArgumentHelp(
            "Says that this person is not in the pictures; an artist may say so, too.", valueName: "name")
    )
    var notInIt: String?

    @Option(help: ArgumentHelp("Until when: the end of a day, or a time.", valueName: "date"))
    var until: String?

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String?

    @Option(help: ArgumentHelp("A letter or message that proves it.", valueName: "file"))
    var evidence: TypedPath?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard !refuse || notInIt == nil else {
            throw Failure.usage("--refuse and --not-in-it do not go together")
        }
        let purposes: [Purpose?] = try purpose.map { try typedPurposes($0) } ?? [nil]
        let query = try desk.requiredQuery(words.query)
        var decision = NewDecision(
            refuse ? .refused : notInIt == nil ? .approved : .absent, purpose: nil, by: by)
        decision.subject = notInIt
        decision.until = try until.map { try TypedDate.end($0, "--until") }
        decision.reason = reason
        let catalog = try desk.catalog()
        decision.evidence = try kept(evidence, at: desk)
        let tail =
            (purpose == nil ? "" : "for \(listed(purposes.compactMap { $0?.rawValue })), ")
            + "on the word of \(by)" + decision.termWords + (reason.map { ": \(quoted($0))" } ?? "")
        let deed =
            if refuse {
                Deed(base: "refuse", past: "refused", tail: tail)
            } else if let notInIt {
                Deed(base: "note on", past: "noted on", tail: "that \(notInIt) is not in it, \(tail)")
            } else {
                Deed(base: "approve", past: "approved", tail: tail)
            }
        let assets = try catalog.assets(query)
        let outcome = try desk.change(deed, catalog, query, kind: .decision) { change, assets in
            for purpose in purposes {
                decision.purpose = purpose
                try change.answer(decision, about: assets)
            }
            return assets.count
        }
        if refuse, !globals.dryRun { try desk.remarkCopiesOut(of: assets, orElse: "held:yes") }
        return outcome
    }
}

/// The command `valhalla release`.
struct ReleaseCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Record a model or property release, or that there is none.",
        discussion: """
            Status is unlimited, limited, n/a or none. A release that is recorded counts: none closes the gate, and \
            limited closes it outside of what --for, --territory, --from and --until say. Of each person or property one \
            must be wide enough. valhalla restrict --needs-release asks for one where none is known.

              valhalla release 'person:"Iggy Pop"' --model unlimited --of "Iggy Pop" --evidence release.pdf
              valhalla release session:rancho --property limited --of "Rancho de la Luna" --for exhibit --evidence letter.pdf
              valhalla release id:3f9a2c1 --model none --of "a passer-by"
            """
    )

    @OptionGroup var words: QueryWords

    @Option(help: ArgumentHelp("The status of a person’s release.", valueName: "status"))
    var model: String?

    @Option(
        help: ArgumentHelp("The status of the release of a thing, a building or a work.", valueName: "status")
    )
    var property: String?

    @Option(help: ArgumentHelp("By whom, or of what.", valueName: "name"))
    var of: String

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("limited to these purposes.", valueName: "purpose"),
        completion: .list(Purpose.outside.map(\.rawValue))
    )
    var purpose: String?

    @Option(help: ArgumentHelp("limited from when on.", valueName: "date"))
    var from: String?

    @Option(help: ArgumentHelp("limited until when.", valueName: "date"))
    var until: String?

    @Option(help: ArgumentHelp("limited to these countries, as ISO 3166 codes.", valueName: "codes"))
    var territory: String?

    @Option(help: ArgumentHelp("Who recorded it; else who is at work.", valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp("The signed paper.", valueName: "file"))
    var evidence: TypedPath?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard let word = model ?? property, model == nil || property == nil else {
            throw Failure.usage("which release?", next: "--model STATUS or --property STATUS")
        }
        guard let status = ReleaseStatus(rawValue: word.lowercased()) else {
            throw Failure.usage(
                "\(quoted(word)) is no status of a release", next: "unlimited, limited, n/a or none")
        }
        let isPaper = status == .limited || status == .unlimited
        guard !isPaper || evidence != nil else {
            throw Failure.usage("a release is a paper", next: "add --evidence release.pdf")
        }
        let isLimited = purpose != nil || from != nil || until != nil || territory != nil
        guard isLimited == (status == .limited) else {
            throw Failure.usage(
                isLimited
                    ? "a release that is \(status.rawValue) has no limits"
                    : "limited to what?",
                next: isLimited
                    ? "--\(model == nil ? "property" : "model") limited"
                    : "--for, --territory, --from or --until"
            )
        }
        let purposes: [Purpose?] = try purpose.map { try typedPurposes($0) } ?? [nil]
        let query = try desk.requiredQuery(words.query)
        var decision = NewDecision(.released, purpose: nil, by: by ?? desk.person)
        decision.terms.release = model == nil ? .property : .model
        decision.status = status
        decision.subject = of
        decision.from = try from.map { try TypedDate.beginning($0, "--from") }
        decision.until = try until.map { try TypedDate.end($0, "--until") }
        decision.territory = try territory.map { text in try reading { try Territory.list(text) } }
        let catalog = try desk.catalog()
        decision.evidence = try kept(evidence, at: desk)
        let kind = decision.terms.release?.rawValue ?? ""
        let tail =
            "that the \(kind) release of \(printable(of)) is "
            + (status == .missing ? "missing" : status == .notApplicable ? "not needed" : status.rawValue)
            + (purpose == nil ? "" : ", for \(listed(purposes.compactMap { $0?.rawValue }))")
            + decision.termWords
        return try desk.change(
            Deed(base: "note on", past: "noted on", tail: tail), catalog, query, kind: .decision
        ) { change, assets in
            for purpose in purposes {
                decision.purpose = purpose
                try change.decide(decision, about: assets)
            }
            return assets.count
        }
    }
}

/// The command `valhalla derive`.
struct DeriveCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "derive",
        abstract: "Say what was made from what: a grade, a crop, a still out of a clip.",
        discussion: """
            What closes the parent closes what was made from it; each needs a clearance of its own. With --not the link is \
            taken away, and what closed it until then goes on closing it.

              valhalla derive id:77b01de --from 3f9a2c1
              valhalla derive 'name:A001C003_*.jpg' --from c0ffee4
            """
    )

    @OptionGroup var words: QueryWords

    @Option(help: ArgumentHelp("The id of what they were made from.", valueName: "id"))
    var from: String

    @Flag(help: "They were not made from it.")
    var not = false

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let query = try desk.requiredQuery(words.query)
        let catalog = try desk.catalog()
        let parent = try catalog.resolve(from)
        let name = try catalog.asset(parent)
        let words = "\(name.shortName), \(printable(name.title ?? name.name))"
        let deed =
            not
            ? Deed(
                base: "take the link of", past: "took the link of", tail: "to \(words)", rest: "not linked")
            : Deed(base: "note on", past: "noted on", tail: "that it was made from \(words)")
        return try desk.change(deed, catalog, query) { change, assets in
            try not ? change.underive(assets, from: parent) : change.derive(assets, from: parent)
        }
    }
}
