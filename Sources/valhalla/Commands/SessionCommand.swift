internal import ArgumentParser
internal import Catalog
internal import Foundation

/// The command `valhalla session`.
struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Shoots, rehearsals, interviews, concerts: list, make and change them.",
        discussion: """
              valhalla session list
              valhalla session edit Desert --place "Joshua Tree" --zone America/Los_Angeles
            """,
        subcommands: [
            SessionListCommand.self, SessionNewCommand.self, SessionEditCommand.self, SessionAddCommand.self,
            SessionRemoveCommand.self,
        ]
    )
}

/// What is known of a session.
///
/// An empty text takes away what was known.
struct SessionFacts: ParsableArguments {
    @Option(help: ArgumentHelp("First day, 2016-05-13.", valueName: "date"))
    var begins: String?

    @Option(help: ArgumentHelp("Last day.", valueName: "date"))
    var ends: String?

    @Option(help: ArgumentHelp("Where it was.", valueName: "text"))
    var place: String?

    @Option(
        help: ArgumentHelp(
            "Its time zone, such as Europe/London: the offset of what has none.", valueName: "zone"))
    var zone: String?

    @Option(help: ArgumentHelp("A remark.", valueName: "text"))
    var note: String?

    /// True when nothing is said.
    var isEmpty: Bool { [begins, ends, place, zone, note].allSatisfy { $0 == nil } }

    /// Puts what is said into a session.
    func apply(to session: inout Session) throws {
        func known(_ text: String) -> String? { text.isEmpty ? nil : text }
        if let begins { session.begins = try day(begins, "--begins") }
        if let ends { session.ends = try day(ends, "--ends") }
        if let place { session.place = known(place) }
        if let zone { session.zone = try known(zone).map { try TypedZone.named($0) } }
        if let note { session.note = known(note) }
        if let begins = session.begins, let ends = session.ends, ends < begins {
            throw Failure.usage("the session would end, on \(ends), before it begins, on \(begins)")
        }
    }

    private func day(_ text: String, _ option: String) throws -> String? {
        guard !text.isEmpty else { return nil }
        var hasTime = false
        guard let clock = WallClock(text, hasTime: &hasTime), !hasTime else {
            throw Failure.usage("\(quoted(text)) behind \(option) is no day", next: "write it as 2016-05-13")
        }
        return clock.dayText
    }
}

/// The command `valhalla session list`.
struct SessionListCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List all sessions, earliest first.",
        discussion: "  valhalla session list"
    )

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let sessions = try desk.catalog().sessions()
        if globals.json {
            for session in sessions {
                desk.json([
                    "session": .text(session.name), "begins": JSONValue(session.begins),
                    "ends": JSONValue(session.ends), "place": JSONValue(session.place),
                    "zone": JSONValue(session.zone), "note": JSONValue(session.note),
                    "assets": JSONValue(session.assets),
                ])
            }
            return .done
        }
        let table = Table(
            [
                .init("SESSION", yields: true), .init("BEGINS"), .init("ENDS"), .init("ASSETS", .right),
                .init("PLACE", yields: true), .init("ZONE"), .init("NOTE", yields: true),
            ],
            to: desk.out
        )
        for session in sessions {
            table.add([
                .init(session.name, .strong), .init(session.begins ?? "–"), .init(session.ends ?? "–"),
                .init("\(session.assets)"), .init(session.place ?? "–"), .init(session.zone ?? "–"),
                .init(session.note ?? ""),
            ])
        }
        table.finish()
        if sessions.isEmpty { desk.remark("No sessions yet: valhalla import PATH --session NAME makes one.") }
        return .done
    }
}

/// The command `valhalla session new`.
struct SessionNewCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a session, and put assets into it if there is a query.",
        discussion: """
              valhalla session new "Royal Albert Hall" --begins 2016-05-13 --zone Europe/London
              valhalla session new Desert 'taken:2016-01'
            """
    )

    @Argument(help: ArgumentHelp("Its name.", valueName: "name"))
    var name: String

    @OptionGroup var words: QueryWords
    @OptionGroup var facts: SessionFacts
    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        var session = Session(name: name)
        try facts.apply(to: &session)
        let catalog = try desk.catalog()
        guard !words.query.isEmpty else {
            return try desk.change(
                "Make the session \(quoted(name))",
                done: "Made the session \(quoted(name))",
                catalog
            ) {
                try $0.make(session: session)
            }
        }
        let deed = Deed(base: "put", past: "put", tail: "into the new session \(quoted(name))")
        return try desk.change(deed, catalog, try desk.query(words.query)) { change, assets in
            try change.make(session: session)
            return try change.add(assets, toSession: name)
        }
    }
}

/// The command `valhalla session edit`.
struct SessionEditCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Change a session’s name, days, place, zone or note.",
        discussion: """
              valhalla session edit Desert --place "Joshua Tree" --zone America/Los_Angeles
              valhalla session edit Desert --name "The desert" --note ""
            """
    )

    @Argument(help: ArgumentHelp("The session.", valueName: "session"))
    var session: String

    @Option(help: ArgumentHelp("Its new name.", valueName: "name"))
    var name: String?

    @OptionGroup var facts: SessionFacts
    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard name != nil || !facts.isEmpty else {
            throw Failure.usage("nothing to change about the session", next: "valhalla help session edit")
        }
        let catalog = try desk.catalog()
        let known = try catalog.session(named: session)
        var changed = known
        if let name { changed.name = name }
        try facts.apply(to: &changed)
        guard changed != known else {
            desk.tell("Nothing to change.")
            return .done
        }
        let what = quoted(known.name)
        var effect: [String] = []
        func change(_ change: Change) throws {
            try change.update(session: known.name, to: changed)
            guard changed.zone != nil, changed.zone != known.zone else { return }
            effect = try catalog.zoneEffect(ofSession: changed.name).lines(changed.name)
        }
        let isForeseen = desk.globals.dryRun || desk.isAsking
        if isForeseen {
            try desk.rehearse(catalog, .edit) {
                try change($0)
                return 0
            }
        }
        let outcome = try desk.change(
            "Change the session \(what)",
            done: "Changed the session \(what)",
            catalog,
            details: SessionEditCommand.differences(known, changed) + effect,
            body: change
        )
        if !isForeseen { for line in effect { desk.remark("  " + line) } }
        return outcome
    }

    private static func differences(_ old: Session, _ new: Session) -> [String] {
        [
            ("name", old.name, new.name), ("begins", old.begins, new.begins), ("ends", old.ends, new.ends),
            ("place", old.place, new.place), ("zone", old.zone, new.zone), ("note", old.note, new.note),
        ]
        .filter { $0.1 != $0.2 }
        .map { "\($0.0.padded(to: 7)) \($0.1.map(quoted) ?? "–") → \($0.2.map(quoted) ?? "–")" }
    }
}

extension ZoneEffect {
    /// What a person should know of it, a line each; nothing when it does nothing.
    fileprivate func lines(_ session: String) -> [String] {
        var lines: [String] = []
        if filled > 0 {
            lines.append(
                "\(counted(filled, "asset")) without an offset of \(filled == 1 ? "its" : "their") own "
                    + "\(filled == 1 ? "has" : "have") the zone’s"
                    + (stated > 0 ? "; \(grouped(stated)) with one keep it" : ""))
        }
        if shownTwice > 0 {
            lines.append(
                "\(grouped(shownTwice)) of them in an hour that clocks there showed twice: the first is taken"
            )
        }
        if skipped > 0 {
            lines.append(
                "\(grouped(skipped)) of them in an hour that clocks there never showed: read as if not yet put forward"
            )
        }
        if disputed > 0 {
            lines.append(
                "\(grouped(disputed)) in a session of another zone as well, so nobody’s counts: "
                    + "valhalla find \(Typed.inShell("session:=\"\(session)\" offset:unknown"))")
        }
        return lines
    }
}

/// The command `valhalla session add`.
struct SessionAddCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Put assets into a session.",
        discussion: "  valhalla session add Desert 'taken:2016-01-18' camera:Leica"
    )

    @Argument(help: ArgumentHelp("The session.", valueName: "session"))
    var session: String

    @OptionGroup var words: QueryWords
    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let query = try desk.requiredQuery(words.query)
        let catalog = try desk.catalog()
        let name = try catalog.session(named: session).name
        let deed = Deed(base: "put", past: "put", tail: "into the session \(quoted(name))")
        return try desk.change(deed, catalog, query) { try $0.add($1, toSession: name) }
    }
}

/// The command `valhalla session remove`.
struct SessionRemoveCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take assets out of a session; they stay in the archive.",
        discussion: "  valhalla session remove Desert kind:sound"
    )

    @Argument(help: ArgumentHelp("The session.", valueName: "session"))
    var session: String

    @OptionGroup var words: QueryWords
    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let query = try desk.requiredQuery(words.query)
        let catalog = try desk.catalog()
        let name = try catalog.session(named: session).name
        let deed = Deed(
            base: "take",
            past: "took",
            tail: "out of the session \(quoted(name))",
            rest: "not in it"
        )
        return try desk.change(deed, catalog, query) { try $0.remove($1, fromSession: name) }
    }
}
