internal import ArgumentParser
internal import Catalog
internal import Files

/// Under which conditions something may leave, as `clear` and `restrict` take them.
struct TypedTerms: ParsableArguments {
    @Option(help: ArgumentHelp("From when on: the beginning of a day, or a time.", valueName: "date"))
    var from: String?

    @Option(help: ArgumentHelp("Until when: the end of a day, or a time.", valueName: "date"))
    var until: String?

    @Option(
        help: ArgumentHelp(
            "Nothing before this instant, with its zone: 2016-03-18T00:00+01:00, or a zone’s name behind a space.",
            valueName: "instant"
        )
    )
    var embargo: String?

    @Option(help: ArgumentHelp("Only in these countries, as ISO 3166 codes: US,CA.", valueName: "codes"))
    var territory: String?

    @Option(help: ArgumentHelp("Not in these countries.", valueName: "codes"))
    var notIn: String?

    @Option(help: ArgumentHelp("For this recipient and nobody else.", valueName: "who"))
    var onlyTo: String?

    @Option(
        help: ArgumentHelp(
            "With --only-to: nobody else gets it before this date, whatever was cleared.",
            valueName: "date"
        )
    )
    var exclusiveUntil: String?

    @Option(help: ArgumentHelp("For so many deliveries; 1 is once, 0 never again.", valueName: "number"))
    var uses: Int?

    @Option(help: ArgumentHelp("The credit line that must stand with it.", valueName: "text"))
    var credit: String?

    @Flag(name: .customLong("no-crop"), help: "It must be shown whole.")
    var noCrop = false

    @Flag(name: .customLong("no-retouch"), help: "It must be shown as it is.")
    var noRetouch = false

    /// Puts what was typed into a decision.
    func fill(_ decision: inout NewDecision) throws {
        decision.from = try from.map { try TypedDate.beginning($0, "--from") }
        if let embargo {
            let instant = try TypedDate.instant(embargo, "--embargo")
            decision.from = max(decision.from ?? instant, instant)
        }
        decision.until = try until.map { try TypedDate.end($0, "--until") }
        decision.territory = try territory.map { text in try reading { try Territory.list(text) } }
        decision.terms.notIn = try notIn.map { text in try reading { try Territory.list(text) } }
        guard onlyTo?.isEmpty != true else { throw Failure.usage("--only-to whom?") }
        decision.terms.recipient = onlyTo
        if let exclusiveUntil {
            guard onlyTo != nil else {
                throw Failure.usage(
                    "--exclusive-until says until when, and not for whom",
                    next: "add --only-to \"Le Monde\""
                )
            }
            decision.terms.exclusiveUntil = try TypedDate.end(exclusiveUntil, "--exclusive-until")
        }
        if let uses, uses < 0 || uses > 1_000_000 {
            throw Failure.usage("--uses takes the number of deliveries", next: "--uses 1")
        }
        decision.terms.uses = uses
        decision.terms.credit = credit
        decision.terms.noCrop = noCrop
        decision.terms.noRetouch = noRetouch
    }
}

/// What a hold, a restriction or a lift is about, when not about single assets.
struct TypedScope: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The whole session, with what will join it, instead of a query.", valueName: "name"))
    var session: String?

    @Option(
        help: ArgumentHelp(
            "All that carries the tag or one below it, now or later, instead of a query.", valueName: "tag")
    )
    var tag: String?

    /// The scope, or nil where a query chooses.
    func scope(besides query: [String]) throws -> DecisionScope? {
        guard session != nil || tag != nil else { return nil }
        guard query.isEmpty, session == nil || tag == nil else {
            throw Failure.usage("a query, --session and --tag: one of them says what is meant")
        }
        if let session { return .session(session) }
        return try tag.map { word in .tag(try reading { try TagPath(word) }) }
    }
}

extension DecisionScope {
    /// As a sentence has it: `what is in the session “Desert”, now and later`.
    var words: String {
        switch self {
        case .session(let name): "what is in the session \(quoted(name))"
        case .tag(let path): "what carries the tag \(printable(path.description))"
        }
    }
}

/// `exhibit,press` as purposes; what stays inside needs no clearance.
func typedPurposes(_ text: String) throws -> [Purpose] {
    let purposes = try text.split { $0 == "," || $0 == " " }.map { word in
        try reading { try Purpose(named: String(word)) }
    }
    guard !purposes.contains(.internal) else {
        throw Failure.usage(
            "what stays inside needs no clearance",
            next: "purposes: exhibit, press, edit, web, print"
        )
    }
    guard !purposes.isEmpty else { throw Failure.usage("for what?", next: "--for exhibit") }
    return Purpose.outside.filter(Set(purposes).contains)
}

/// Keeps a letter or message in the archive, and tells how a decision names it.
func kept(_ evidence: TypedPath?, at desk: Desk) throws -> String? {
    guard let evidence else { return nil }
    try desk.confirm(evidence.absolute)
    return try Evidence(evidence.absolute).keep(in: try desk.archive(), dryRun: desk.globals.dryRun)
}

extension NewDecision {
    /// The conditions behind what is done: `, until 31 January 2017, in US and CA, once`.
    var termWords: String {
        var text = ""
        if let from { text += ", from \(momentWords(from)) on" }
        if let until { text += ", until \(lastMomentWords(until))" }
        if let territory { text += ", in \(listed(codes(territory)))" }
        if let notIn = terms.notIn { text += ", not in \(listed(codes(notIn), "or"))" }
        if let recipient = terms.recipient {
            text += ", for \(printable(recipient)) alone"
            if let end = terms.exclusiveUntil { text += " until \(lastMomentWords(end))" }
        }
        if let uses = terms.uses { text += ", " + usesWords(uses) }
        text += terms.duties.map { ", \($0)" }.joined()
        return text
    }
}

extension Terms {
    /// What must be honoured: `credited “Photograph: A. Neumann”`, `whole`, `as it is`.
    var duties: [String] {
        [
            credit.map { "credited \(quoted($0))" }, noCrop ? "not cropped" : nil,
            noRetouch ? "not retouched" : nil,
        ]
        .compactMap(\.self)
    }
}

/// Country codes as they are listed.
func codes(_ list: String) -> [String] { list.split(separator: ",").map { $0.uppercased() } }

/// How often: `never again`, `once`, `for 3 deliveries`.
func usesWords(_ uses: Int) -> String {
    uses == 0 ? "never again" : uses == 1 ? "once" : "for \(grouped(uses)) deliveries"
}
