internal import ArgumentParser
internal import Catalog
internal import Files

/// The command `valhalla clear`.
struct ClearCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "clear",
        abstract: "Open the gate: say what may leave, for what, on whose word.",
        discussion: """
            Only artists clear: valhalla artists list names them. Without a clearance nothing leaves; a hold or a \
            restriction wins over every clearance. A day alone means its beginning for --from and its end for --until, \
            by this machine’s clock; Z, +01:00 or a zone’s name behind a time says another. Clear twice for two \
            countries with two dates. The evidence is copied into the archive.

              valhalla clear 'selection:"Detroit wall"' --for exhibit --by "Josh Homme"
              valhalla clear id:3f9a2c1 --for press --by "Iggy Pop" --territory CA --from 2016-06-29
              valhalla clear id:3f9a2c1 --for press --by "Iggy Pop" --territory US --from 2016-07-11
              valhalla clear session:desert --for web,press --by "Josh Homme" --credit "© Andreas Neumann" --no-crop
              valhalla clear 'is:warned tag:live' --for exhibit --by "Josh Homme" --despite-words
            """
    )

    @OptionGroup var words: QueryWords

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("exhibit, press, edit, web or print; several with commas.", valueName: "purpose"),
        completion: .list(Purpose.outside.map(\.rawValue))
    )
    var purpose: String

    @Option(help: ArgumentHelp("The artist who says so.", valueName: "name"))
    var by: String

    @OptionGroup var terms: TypedTerms

    @Flag(
        name: .customLong("despite-words"),
        help:
            "The words that came with the files, such as do not reuse, were read; it may leave all the same."
    )
    var despiteWords = false

    @Option(help: ArgumentHelp("A letter or message that proves it.", valueName: "file"))
    var evidence: TypedPath?

    @Option(help: ArgumentHelp("Why, or under which terms.", valueName: "text"))
    var reason: String?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let purposes = try typedPurposes(purpose)
        let query = try desk.requiredQuery(words.query)
        var decision = NewDecision(.cleared, purpose: nil, by: by)
        try terms.fill(&decision)
        decision.reason = reason
        decision.despiteWarnings = despiteWords
        let catalog = try desk.catalog()
        decision.evidence = try kept(evidence, at: desk)
        let tail = "for \(listed(purposes.map(\.rawValue))), on the word of \(by)" + decision.termWords
        return try desk.change(
            Deed(base: "clear", past: "cleared", tail: tail),
            catalog,
            query,
            kind: .decision
        ) { change, assets in
            for purpose in purposes {
                decision.purpose = purpose
                var clearance = decision
                clearance.terms.exclusiveUntil = nil
                try change.decide(clearance, about: assets)
                guard let end = decision.terms.exclusiveUntil else { continue }
                var exclusive = NewDecision(.restricted, purpose: purpose, by: by)
                exclusive.terms.recipient = decision.terms.recipient
                exclusive.terms.exclusiveUntil = end
                exclusive.reason = reason
                exclusive.evidence = decision.evidence
                try change.decide(exclusive, about: assets)
            }
            return assets.count
        }
    }
}
