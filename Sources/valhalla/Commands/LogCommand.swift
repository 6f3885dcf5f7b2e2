internal import ArgumentParser
internal import Catalog

/// The command `valhalla log`.
struct LogCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "What was changed, when, by whom, newest first.",
        discussion: """
              valhalla log
              valhalla log --limit 100
            """
    )

    @Option(help: ArgumentHelp("How many at most; 0 is all.", valueName: "count"))
    var limit = 20

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let catalog = try desk.catalog()
        let changes = try catalog.log(limit: limit > 0 ? limit + 1 : nil)
        let shown = limit > 0 ? changes.prefix(limit) : changes[...]
        if globals.json {
            for change in shown {
                desk.json(change.json)
                try desk.stopIfNobodyReads()
            }
            return .done
        }
        let table = Table(
            [
                .init("CHANGE", .right), .init("WHEN"), .init("WHO", yields: true),
                .init("WHAT CAME OF IT", yields: true),
                .init("COMMAND", yields: true),
            ],
            to: desk.out
        )
        for change in shown {
            let isGone = change.undoneBy != nil
            table.add([
                .init("\(change.number)", isGone ? .dim : .strong),
                .init(WallClock(localAt: change.at).table),
                .init(change.person), .init(change.outcome, isGone ? .dim : nil), .init(change.command, .dim),
            ])
            try desk.stopIfNobodyReads()
        }
        table.finish()
        if changes.isEmpty {
            desk.remark("Nothing was changed yet.")
        } else if changes.count > shown.count {
            desk.remark("The last \(shown.count) changes; --limit 0 shows all.")
        }
        return .done
    }
}

/// The command `valhalla undo`.
struct UndoCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take back the last change, or a named one that nothing later depends on.",
        discussion: """
            An import of ten thousand files as well as one star. Undoing an undo brings back. What left the house \
            cannot be taken back.

              valhalla undo
              valhalla undo 14
            """
    )

    @Argument(help: ArgumentHelp("The change’s number in the log; else the last.", valueName: "number"))
    var number: Int?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let catalog = try desk.catalog()
        guard
            let change = try number.map({ try catalog.change(numbered: $0) }) ?? catalog.lastUndoableChange()
        else {
            throw Failure(.failed, "there is nothing to undo", next: "valhalla log shows what was changed")
        }
        if globals.dryRun || desk.isAsking {
            if globals.dryRun { try catalog.rehearseUndo(of: change, command: desk.command) }
            if globals.dryRun, globals.json {
                desk.json([
                    "done": .text("undo \(change.number)"), "dryRun": .bool(true),
                    "undoes": .object(change.json),
                ])
                return .done
            }
            desk.console.remark(
                "Take back change \(change.number), \(WallClock(localAt: change.at).table), by \(change.person):"
            )
            desk.console.remark("  \(printable(change.command))")
            if !change.outcome.isEmpty { desk.console.remark("  \(printable(change.outcome))") }
            if globals.dryRun {
                desk.remark("Nothing was changed.")
                return .done
            }
            guard desk.console.ask("Go on?") else { return desk.declined() }
        }
        let undone = try catalog.undo(change, command: desk.command)
        if globals.json {
            desk.json(undone.json)
        } else {
            desk.tell("Took back change \(change.number): \(printable(change.command))")
            desk.remark("  " + desk.err.paint("valhalla undo \(undone.number)", .next) + " brings it back")
        }
        return .done
    }
}

extension LoggedChange {
    /// What came of it, and what became of that.
    fileprivate var outcome: String {
        guard let undoneBy else { return summary }
        return "taken back by \(undoneBy)" + (summary.isEmpty ? "" : ": \(summary)")
    }

    fileprivate var json: JSONObject {
        [
            "change": JSONValue(number), "at": .text(isoInstant(at)), "person": .text(person),
            "machine": .text(machine), "command": .text(command), "summary": .text(summary),
            "kind": .text(kind.rawValue), "undoes": JSONValue(undoes), "undone_by": JSONValue(undoneBy),
        ]
    }
}
