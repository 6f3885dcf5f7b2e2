internal import ArgumentParser
internal import Catalog
internal import Files

/// The command `valhalla clear`.
struct ClearCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "clear",
        abstract: "Open the gate: say what may leave, for what, on whose word.",
        discussion: """
            Without a clearance nothing leaves; a hold wins over every clearance. A day alone means its beginning for \
            --from and its end for --until, by this machine’s clock. The evidence is copied into the archive.

              valhalla clear 'selection:"Detroit wall"' --for exhibit --by "Josh Homme"
              valhalla clear id:3f9a2c1 --for press --by "Iggy Pop" --until 2017-01-31 --territory US,CA
              valhalla clear session:desert --for web --by "Josh Homme" --evidence letter.pdf
            """
    )

    @OptionGroup var words: QueryWords

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("exhibit, press, edit, web or print.", valueName: "purpose"),
        completion: .list(Purpose.allCases.filter { $0 != .internal }.map(\.rawValue))
    )
    var purpose: String

    @Option(help: ArgumentHelp("Who says so.", valueName: "name"))
    var by: String

    @Option(help: ArgumentHelp("From when on: the beginning of a day, or a time.", valueName: "date"))
    var from: String?

    @Option(help: ArgumentHelp("Until when: the end of a day, or a time.", valueName: "date"))
    var until: String?

    @Option(help: ArgumentHelp("Only in these countries, as ISO 3166 codes: US,CA.", valueName: "codes"))
    var territory: String?

    @Option(help: ArgumentHelp("A letter or message that proves it.", valueName: "file"))
    var evidence: TypedPath?

    @Option(help: ArgumentHelp("Why, or under which terms.", valueName: "text"))
    var reason: String?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let wanted = try reading { try Purpose(named: purpose) }
        guard wanted != .internal else {
            throw Failure.usage(
                "what stays inside needs no clearance",
                next: "purposes: exhibit, press, edit, web, print"
            )
        }
        let query = try desk.requiredQuery(words.query)
        var decision = NewDecision(.cleared, purpose: wanted, by: by)
        decision.from = try from.map { try TypedDate.beginning($0, "--from") }
        decision.until = try until.map { try TypedDate.end($0, "--until") }
        decision.territory = try territory.map(ClearCommand.codes)
        decision.reason = reason
        let archive = try desk.archive()
        let catalog = try desk.open(archive)
        if let evidence {
            try desk.confirm(evidence.absolute)
            decision.evidence = try Evidence(evidence.absolute).keep(in: archive, dryRun: globals.dryRun)
        }
        var tail = "for \(wanted.rawValue), on the word of \(by)"
        if let from = decision.from { tail += ", from \(dateWords(from)) on" }
        if let until = decision.until { tail += ", until \(lastDayWords(until))" }
        if let territory = decision.territory {
            tail += ", in \(listed(territory.split(separator: ",").map(String.init)))"
        }
        return try desk.change(
            Deed(base: "clear", past: "cleared", tail: tail),
            catalog,
            query,
            kind: .decision
        ) {
            change,
            assets in
            try change.decide(decision, about: assets)
            return assets.count
        }
    }

    /// `us, ca` as `US,CA`.
    static func codes(_ text: String) throws -> String {
        let codes = text.split { $0 == "," || $0 == " " }.map { $0.uppercased() }
        guard !codes.isEmpty,
            codes.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x41...0x5A).contains($0) } })
        else {
            throw Failure.usage(
                "\(quoted(text)) names no countries",
                next: "write ISO 3166 codes: US,CA or GB"
            )
        }
        return codes.joined(separator: ",")
    }
}

/// The command `valhalla hold`.
struct HoldCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Close the gate: nothing of it leaves, whatever else was said.",
        discussion: """
            A hold lasts until its date, or until a person lifts it. A day alone means its end, by this machine’s clock.

              valhalla hold 'title:"First stars"' --reason "do not reuse" --by "Iggy Pop"
              valhalla hold session:studio --reason "until the album is out" --until 2016-03-18
              valhalla hold --lift id:3f9a2c1 --by "Iggy Pop" --reason "seen and agreed"
            """
    )

    @OptionGroup var words: QueryWords

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String

    @Option(help: ArgumentHelp("Until when: the end of a day, or a time.", valueName: "date"))
    var until: String?

    @Option(help: ArgumentHelp("Who says so; else who is at work.", valueName: "name"))
    var by: String?

    @Flag(help: "End the holds there are; needs --by.")
    var lift = false

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let query = try desk.requiredQuery(words.query)
        guard !reason.isEmpty else {
            throw Failure.usage("a hold needs a reason", next: "--reason \"do not reuse\"")
        }
        if lift {
            guard let by, !by.isEmpty else {
                throw Failure.usage(
                    "who lifts the hold?",
                    next: "add --by NAME: holds are lifted on a person’s word"
                )
            }
            guard until == nil else { throw Failure.usage("--until and --lift do not go together") }
            return try lift(query, by: by, at: desk)
        }
        var decision = NewDecision(.held, purpose: nil, by: by ?? desk.person)
        decision.until = try until.map { try TypedDate.end($0, "--until") }
        decision.reason = reason
        let tail =
            "on the word of \(decision.person)" + (decision.until.map { ", until \(lastDayWords($0))" } ?? "")
            + ": \(quoted(reason))"
        let deed = Deed(base: "hold", past: "held", tail: tail)
        return try desk.change(deed, try desk.catalog(), query, kind: .decision) { change, assets in
            try change.decide(decision, about: assets)
            return assets.count
        }
    }

    private func lift(_ query: Query, by: String, at desk: Desk) throws -> Outcome {
        var decision = NewDecision(.lifted, purpose: nil, by: by)
        decision.reason = reason
        let catalog = try desk.catalog()
        let deed = Deed(
            base: "lift the holds on",
            past: "lifted the holds on",
            tail: "on the word of \(by)",
            rest: "not held"
        )
        return try desk.change(deed, catalog, query, kind: .decision) { change, assets in
            let held = try assets.filter { try catalog.found($0).isHeld }
            try change.decide(decision, about: held)
            return held.count
        }
    }
}
