internal import ArgumentParser
internal import Catalog
internal import Files

/// The command `valhalla hold`.
struct HoldCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Close the gate: nothing of it leaves, whatever else was said.",
        discussion: """
            Anybody may hold. A hold lasts until its date, or until who held it or an artist lifts it. A day alone means \
            its end, by this machine’s clock. On a session or tag it binds what is in it and what will join it, and goes \
            on binding what is taken out of it. What was made from a held picture is held with it.

              valhalla hold 'title:"First stars"' --reason "do not reuse" --by "Iggy Pop"
              valhalla hold --session "Rancho de la Luna" --reason "until the album is out" --until 2016-03-18
              valhalla hold --tag people/Crew --for press --reason "nobody asked them"
            """
    )

    @OptionGroup var words: QueryWords

    @OptionGroup var scope: TypedScope

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("For these purposes only; else for all.", valueName: "purpose"),
        completion: .list(Purpose.outside.map(\.rawValue))
    )
    var purpose: String?

    @Option(help: ArgumentHelp("Until when: the end of a day, or a time.", valueName: "date"))
    var until: String?

    @Option(help: ArgumentHelp("Who says so; else who is at work.", valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp("A letter or message that proves it.", valueName: "file"))
    var evidence: TypedPath?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard !reason.isEmpty else {
            throw Failure.usage("a hold needs a reason", next: "--reason \"do not reuse\"")
        }
        var decision = NewDecision(.held, purpose: nil, by: by ?? desk.person)
        decision.until = try until.map { try TypedDate.end($0, "--until") }
        decision.reason = reason
        let purposes: [Purpose?] = try purpose.map { try typedPurposes($0) } ?? [nil]
        let tail =
            (purpose == nil ? "" : "for \(listed(purposes.compactMap { $0?.rawValue })), ")
            + "on the word of \(decision.person)" + decision.termWords + ": \(quoted(reason))"
        return try desk.close(
            Closing(
                decision: decision, purposes: purposes, evidence: evidence, base: "hold", past: "held",
                tail: tail
            ),
            on: scope, or: words.query)
    }
}

/// The command `valhalla restrict`.
struct RestrictCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "restrict",
        abstract:
            "Narrow the gate: an embargo, countries, one recipient, once, a credit, whatever was cleared.",
        discussion: """
            Anybody may restrict. A restriction clears nothing; it stands over every clearance until who made it or an \
            artist lifts it, and of several the strictest counts. On a session or tag it binds what will join it, too.

              valhalla restrict --session "Royal Albert Hall" --embargo "2016-05-13T21:00 Europe/London"
              valhalla restrict id:3f9a2c1 --for press --only-to "Le Monde" --exclusive-until 2016-04-30
              valhalla restrict --tag tour/2016 --credit "© Andreas Neumann" --no-crop
              valhalla restrict id:3f9a2c1 --uses 0 --reason "seen too often"
              valhalla restrict tag:people --for web --needs-release model
            """
    )

    @OptionGroup var words: QueryWords

    @OptionGroup var scope: TypedScope

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("For these purposes only; else for all.", valueName: "purpose"),
        completion: .list(Purpose.outside.map(\.rawValue))
    )
    var purpose: String?

    @OptionGroup var terms: TypedTerms

    @Option(
        help: ArgumentHelp("Not without a release: model or property.", valueName: "kind"),
        completion: .list(ReleaseKind.allCases.map(\.rawValue))
    )
    var needsRelease: String?

    @Option(help: ArgumentHelp("Who says so; else who is at work.", valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String?

    @Option(help: ArgumentHelp("A letter or message that proves it.", valueName: "file"))
    var evidence: TypedPath?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        var decision = NewDecision(.restricted, purpose: nil, by: by ?? desk.person)
        try terms.fill(&decision)
        if let needsRelease {
            guard let kind = ReleaseKind(rawValue: needsRelease.lowercased()) else {
                throw Failure.usage(
                    "\(quoted(needsRelease)) is no kind of release", next: "model or property")
            }
            decision.terms.release = kind
        }
        decision.reason = reason
        let purposes: [Purpose?] = try purpose.map { try typedPurposes($0) } ?? [nil]
        let tail =
            (purpose == nil ? "" : "for \(listed(purposes.compactMap { $0?.rawValue })), ")
            + "on the word of \(decision.person)" + decision.termWords
            + (decision.terms.release.map { ", not without a \($0.rawValue) release" } ?? "")
            + (reason.map { ": \(quoted($0))" } ?? "")
        return try desk.close(
            Closing(
                decision: decision, purposes: purposes, evidence: evidence, base: "restrict",
                past: "restricted",
                tail: tail
            ),
            on: scope, or: words.query)
    }
}

/// A decision that closes: of assets as they are found, or of a session or tag with all that will join it.
private struct Closing {
    var decision: NewDecision
    let purposes: [Purpose?]
    let evidence: TypedPath?
    /// `hold`, and `held`.
    let base: String
    let past: String
    let tail: String
}

extension Desk {
    fileprivate func close(_ closing: Closing, on typed: TypedScope, or words: [String]) throws -> Outcome {
        var decision = closing.decision
        if let scope = try typed.scope(besides: words) {
            let catalog = try catalog()
            decision.evidence = try kept(closing.evidence, at: self)
            let words = "\(scope.words), now and later, \(closing.tail)"
            let outcome = try change(
                "\(capitalised(closing.base)) \(words)",
                done: "\(capitalised(closing.past)) \(words)",
                catalog,
                kind: .decision
            ) { change in
                for purpose in closing.purposes {
                    decision.purpose = purpose
                    try change.decide(decision, on: scope)
                }
            }
            if !globals.dryRun { try remarkCopiesOut(of: try catalog.assets(in: scope), closing) }
            return outcome
        }
        let query = try requiredQuery(words)
        let catalog = try catalog()
        decision.evidence = try kept(closing.evidence, at: self)
        let deed = Deed(base: closing.base, past: closing.past, tail: closing.tail)
        // What a query found, such as cleared:press, it may not find again once that is held.
        let assets = try catalog.assets(query)
        let outcome = try change(deed, catalog, query, kind: .decision) { change, assets in
            for purpose in closing.purposes {
                decision.purpose = purpose
                try change.decide(decision, about: assets)
            }
            return assets.count
        }
        if !globals.dryRun { try remarkCopiesOut(of: assets, closing) }
        return outcome
    }

    private func remarkCopiesOut(of assets: [AssetID], _ closing: Closing) throws {
        let isHold = closing.decision.kind == .held
        try remarkCopiesOut(
            of: assets, orElse: isHold ? "held:yes" : "is:delivered", forAnyReason: !isHold)
    }
}

/// The command `valhalla lift`.
struct LiftCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "lift",
        abstract: "End holds and restrictions, on the word of who made them or of an artist.",
        discussion: """
            A lift names what it ends: a hold that was made elsewhere, and is not known here yet, stays. With a query it \
            ends for these assets what their sessions and tags are held by, too; with --session or --tag it ends the hold \
            of all of it.

              valhalla lift id:3f9a2c1 --by "Iggy Pop" --reason "seen and agreed"
              valhalla lift --session "Rancho de la Luna" --by "Josh Homme" --reason "the album is out"
            """
    )

    @OptionGroup var words: QueryWords

    @OptionGroup var scope: TypedScope

    @Option(help: ArgumentHelp("Who says so.", valueName: "name"))
    var by: String

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String

    @Option(help: ArgumentHelp("A letter or message that proves it.", valueName: "file"))
    var evidence: TypedPath?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard !reason.isEmpty else {
            throw Failure.usage("a lift needs a reason", next: "--reason \"seen and agreed\"")
        }
        let catalog = try desk.catalog()
        if let scope = try scope.scope(besides: words.query) {
            return try desk.change(
                "Lift the holds on \(scope.words), on the word of \(by)",
                done: "Lifted the holds on \(scope.words), on the word of \(by)",
                catalog,
                kind: .decision
            ) { change in
                let outcome = try change.lift(from: scope, by: by, reason: reason)
                try LiftCommand.refuseIfNone(outcome, by: by)
            }
        }
        let query = try desk.requiredQuery(words.query)
        let kept = try kept(evidence, at: desk)
        let deed = Deed(
            base: "lift the holds on",
            past: "lifted the holds on",
            tail: "on the word of \(by)",
            rest: "not held, or not \(by)’s to lift"
        )
        return try desk.change(deed, catalog, query, kind: .decision) { change, assets in
            let outcome = try change.lift(from: assets, by: by, reason: reason, evidence: kept)
            try LiftCommand.refuseIfNone(outcome, by: by)
            return outcome.lifted
        }
    }

    /// Nothing lifted and something kept: the person has no say in it, and is told so.
    private static func refuseIfNone(_ outcome: Lifting, by person: String) throws {
        guard outcome.lifted == 0, !outcome.kept.isEmpty else { return }
        var failure = Failure(.notCleared, "\(person) may not lift what others decided")
        failure.label = "refused:"
        failure.rows = outcome.kept.prefix(10).map { [.init($0.sentence)] }
        failure.next = [
            .words("who may: the person who decided it, or an artist; see  "), .type("valhalla artists list"),
        ]
        throw failure
    }
}
