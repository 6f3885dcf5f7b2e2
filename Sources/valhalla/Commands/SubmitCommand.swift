internal import ArgumentParser
internal import Catalog
internal import Files

/// The command `valhalla submit`.
struct SubmitCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Ask an artist: note what waits for an answer.",
        discussion: """
            Anybody may submit what nobody decided about. What was withdrawn is submitted anew by an artist alone, with \
            a reason, and needs a new clearance then.

              valhalla submit 'selection:"Press kit"' --for press
              valhalla submit id:3f9a2c1 --for press --by "Josh Homme" --reason "cropped as he asked"
            """
    )

    @OptionGroup var words: QueryWords

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("exhibit, press, edit, web or print; several with commas.", valueName: "purpose"),
        completion: .list(Purpose.outside.map(\.rawValue))
    )
    var purpose: String

    @Option(help: ArgumentHelp("Who asks; else who is at work.", valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp("Why; what was withdrawn needs it.", valueName: "text"))
    var reason: String?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let purposes = try typedPurposes(purpose)
        let query = try desk.requiredQuery(words.query)
        let person = by ?? desk.person
        let deed = Deed(
            base: "submit",
            past: "submitted",
            tail: "for \(listed(purposes.map(\.rawValue))), by \(person)",
            rest: "submitted or cleared already"
        )
        return try desk.change(
            deed, try desk.catalog(), query, kind: .decision, possible: { $0 * purposes.count }
        ) { change, assets in
            try purposes.reduce(0) {
                $0 + (try change.submit(assets, for: $1, by: person, reason: reason))
            }
        }
    }
}

/// The command `valhalla withdraw`.
struct WithdrawCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Take back what was cleared, and tell who has it.",
        discussion: """
            Anybody may withdraw. What was cleared before does not come back by lifting: an artist submits it anew, and \
            clears it. Deliveries that left stay on record.

              valhalla withdraw id:3f9a2c1 --reason "the band asked for it back"
              valhalla withdraw 'delivered:"Le Monde"' --for press --by "Iggy Pop" --reason "story was dropped"
            """
    )

    @OptionGroup var words: QueryWords

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("For this purpose only; else for all.", valueName: "purpose"),
        completion: .list(Purpose.outside.map(\.rawValue))
    )
    var purpose: String?

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String

    @Option(help: ArgumentHelp("Who says so; else who is at work.", valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp("A letter or message that proves it.", valueName: "file"))
    var evidence: TypedPath?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard !reason.isEmpty else {
            throw Failure.usage(
                "a withdrawal needs a reason", next: "--reason \"the band asked for it back\"")
        }
        let purposes: [Purpose?] = try purpose.map { try typedPurposes($0) } ?? [nil]
        let query = try desk.requiredQuery(words.query)
        let person = by ?? desk.person
        let catalog = try desk.catalog()
        let kept = try kept(evidence, at: desk)
        let deed = Deed(
            base: "withdraw",
            past: "withdrew",
            tail: (purpose == nil ? "" : "for \(listed(purposes.compactMap { $0?.rawValue })), ")
                + "on the word of \(person): \(quoted(reason))",
            rest: "not cleared"
        )
        let assets = try catalog.assets(query)
        let outcome = try desk.change(
            deed, catalog, query, kind: .decision, possible: { $0 * purposes.count }
        ) { change, assets in
            try purposes.reduce(0) {
                $0 + (try change.withdraw(assets, for: $1, by: person, reason: reason, evidence: kept))
            }
        }
        if !globals.dryRun {
            try desk.remarkCopiesOut(of: assets, orElse: "state:withdrawn")
        }
        return outcome
    }
}

extension Desk {
    /// Tells, after something was closed, who has files that show it, and how they are asked back.
    ///
    /// By their ids, for a query that found them may find nothing once they are closed; where they are many, by `query`,
    /// which finds whatever is closed so.
    ///
    /// A restriction, with `anyReason`, takes nothing back; who has what would not leave under it is told all the same.
    func remarkCopiesOut(of assets: [AssetID], orElse query: String, forAnyReason anyReason: Bool = false)
        throws
    {
        let catalog = try catalog()
        // What never left is with nobody, and to look closer at it takes a time that a large session has not.
        let left = Set(try catalog.holdings(of: assets).filter(\.isOutside).map(\.origin))
            .union(try catalog.heldProofs(of: assets).map(\.origin))
        let plan = try catalog.recallPlan(of: assets.filter(left.contains))
        let out = anyReason ? plan.barred : plan.outside
        let proofs = anyReason ? [] : plan.proofsOutside
        var closed: [AssetID] = []
        for origin in out.map(\.origin) + proofs.map(\.origin) where !closed.contains(origin) {
            closed.append(origin)
        }
        guard !closed.isEmpty else { return }
        let asked =
            closed.count > 8
            ? Typed.inShell(query) : try closed.map { try catalog.asset($0).shortName }.joined(separator: " ")
        var holders: [String] = []
        if !out.isEmpty {
            let deliveries = Set(out.map(\.delivery)).count
            let verb = anyReason ? "would not leave today" : deliveries == 1 ? "holds it" : "hold it"
            holders.append(
                "\(counted(deliveries, "delivery", "deliveries")) \(verb), with "
                    + listed(Set(out.map { printable($0.recipient) }).sorted()))
        }
        for artist in Set(proofs.map(\.artist)).sorted() {
            let count = proofs.count { $0.artist == artist }
            holders.append("\(printable(artist)) has \(counted(count, "proof")) of it")
        }
        remark(
            "\(holders.joined(separator: "; ")): valhalla recall new \(asked)"
                + "\(anyReason ? " --any-reason" : "") asks for it back.")
    }
}
