internal import ArgumentParser
internal import Catalog

/// The command `valhalla select`.
struct SelectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "select",
        abstract: "Ordered selections, and what the wall says about each item.",
        discussion: """
              valhalla select new "Detroit wall" session:desert 'rating>=4'
              valhalla select move "Detroit wall" id:3f9a2c1 --first
              valhalla select label "Detroit wall" all --size 60x90cm --edition 1/7 --proofs 2
              valhalla select show "Detroit wall"
            """,
        subcommands: [
            SelectNewCommand.self, SelectAddCommand.self, SelectRemoveCommand.self, SelectMoveCommand.self,
            SelectLabelCommand.self, SelectNoteCommand.self, SelectShowCommand.self, SelectListCommand.self,
            SelectDeleteCommand.self,
        ]
    )

    /// The items of a selection that a query chooses, in the selection's order.
    static func items(_ name: String, _ query: Query, _ catalog: Catalog) throws -> [AssetID] {
        let chosen = Set(try catalog.assets(query))
        let items = try catalog.items(of: name).map(\.asset).filter(chosen.contains)
        guard !items.isEmpty else {
            throw Failure(
                .failed,
                "nothing in \(quoted(name)) matches \(query.description)",
                next: "valhalla select show \(Typed.inShell(name)) lists what is in it"
            )
        }
        return items
    }
}

/// By what the assets of a query are ordered when they join a selection.
struct SelectionOrder: ParsableArguments {
    @Option(
        help: ArgumentHelp("The order in which they join; else by time.", valueName: "field"),
        completion: .list(SortField.allCases.map(\.rawValue))
    )
    var sort: [String] = []

    /// The assets in this order.
    func assets(_ query: Query, _ catalog: Catalog) throws -> [AssetID] {
        let keys =
            try sort.isEmpty ? [SortKey(.taken)] : sort.map { word in try reading { try SortKey(word) } }
        let assets = try catalog.assets(query, sortedBy: keys)
        guard !assets.isEmpty else {
            throw Failure(.failed, "nothing to select: nothing matches \(query.description)")
        }
        return assets
    }
}

/// The command `valhalla select new`.
struct SelectNewCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a selection, with what a query chooses in it.",
        discussion: """
              valhalla select new "Detroit wall" session:desert 'rating>=4' --note "A year in the desert."
            """
    )

    @Argument(help: ArgumentHelp("Its name.", valueName: "selection"))
    var name: String

    @OptionGroup var words: QueryWords
    @OptionGroup var order: SelectionOrder

    @Option(help: ArgumentHelp("The words that open a gallery.", valueName: "text"))
    var note: String?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let query = words.query.isEmpty ? nil : try desk.query(words.query)
        let catalog = try desk.catalog()
        guard let query else {
            return try desk.change(
                "Make the selection \(quoted(name))",
                done: "Made the selection \(quoted(name)), with nothing in it",
                catalog
            ) { try $0.make(selection: name, note: note) }
        }
        let deed = Deed(base: "put", past: "put", tail: "into the new selection \(quoted(name))")
        return try desk.change(deed, catalog, try order.assets(query, catalog)) { change, assets in
            try change.make(selection: name, note: note)
            return try change.add(assets, toSelection: name)
        }
    }
}

/// The command `valhalla select add`.
struct SelectAddCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Put more behind the others.",
        discussion: "  valhalla select add \"Detroit wall\" kind:clip 'session:\"Royal Albert Hall\"'"
    )

    @Argument(help: ArgumentHelp("The selection.", valueName: "selection"))
    var selection: String

    @OptionGroup var words: QueryWords
    @OptionGroup var order: SelectionOrder
    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let query = try desk.requiredQuery(words.query)
        let catalog = try desk.catalog()
        let name = try catalog.selection(named: selection).name
        let deed = Deed(base: "put", past: "put", tail: "into \(quoted(name))")
        return try desk.change(deed, catalog, try order.assets(query, catalog)) {
            try $0.add($1, toSelection: name)
        }
    }
}

/// The command `valhalla select remove`.
struct SelectRemoveCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take items out; they stay in the archive.",
        discussion: "  valhalla select remove \"Detroit wall\" id:3f9a2c1"
    )

    @Argument(help: ArgumentHelp("The selection.", valueName: "selection"))
    var selection: String

    @OptionGroup var words: QueryWords
    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let query = try desk.requiredQuery(words.query)
        let catalog = try desk.catalog()
        let name = try catalog.selection(named: selection).name
        let deed = Deed(base: "take", past: "took", tail: "out of \(quoted(name))", rest: "not in it")
        return try desk.change(deed, catalog, try SelectCommand.items(name, query, catalog)) {
            try $0.remove($1, fromSelection: name)
        }
    }
}

/// The command `valhalla select move`.
struct SelectMoveCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Change the order in which things hang.",
        discussion: """
              valhalla select move "Detroit wall" id:3f9a2c1 --first
              valhalla select move "Detroit wall" kind:clip --last
              valhalla select move "Detroit wall" id:3f9a2c1 --to 4
              valhalla select move "Detroit wall" id:3f9a2c1 --after 77b01de
            """
    )

    @Argument(help: ArgumentHelp("The selection.", valueName: "selection"))
    var selection: String

    @OptionGroup var words: QueryWords

    @Flag(help: "Before all others.")
    var first = false

    @Flag(help: "Behind all others.")
    var last = false

    @Option(help: ArgumentHelp("To this number.", valueName: "number"))
    var to: Int?

    @Option(help: ArgumentHelp("Right before this one.", valueName: "id"))
    var before: String?

    @Option(help: ArgumentHelp("Right behind this one.", valueName: "id"))
    var after: String?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard [first, last, to != nil, before != nil, after != nil].count(where: \.self) == 1 else {
            throw Failure.usage(
                "where to?",
                next: "one of --first, --last, --to NUMBER, --before ID, --after ID"
            )
        }
        let query = try desk.requiredQuery(words.query)
        let catalog = try desk.catalog()
        let name = try catalog.selection(named: selection).name
        let (place, said) = try place(catalog)
        let assets = try SelectCommand.items(name, query, catalog)
        let deed = Deed(base: "move", past: "moved", tail: "of \(quoted(name)) \(said)")
        return try desk.change(deed, catalog, assets) { change, assets in
            try change.move(assets, ofSelection: name, to: place)
            return assets.count
        }
    }

    private func place(_ catalog: Catalog) throws -> (SelectionPlace, String) {
        if first { return (.first, "before all others") }
        if let to { return (.number(to), "to number \(to)") }
        if let before { return (.before(try catalog.resolve(before)), "before \(before)") }
        if let after { return (.after(try catalog.resolve(after)), "behind \(after)") }
        return (.last, "behind all others")
    }
}

/// The command `valhalla select note`.
struct SelectNoteCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Set the words that open a gallery; empty words take them away.",
        discussion:
            "  valhalla select note \"Detroit wall\" \"Three people, one car and what fitted into it.\""
    )

    @Argument(help: ArgumentHelp("The selection.", valueName: "selection"))
    var selection: String

    @Argument(help: ArgumentHelp("The words.", valueName: "text"))
    var text: String

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let catalog = try desk.catalog()
        let name = try catalog.selection(named: selection).name
        let what = "the note of \(quoted(name))"
        return try desk.change("Change \(what)", done: "Changed \(what)", catalog) {
            try $0.note(text.isEmpty ? nil : text, onSelection: name)
        }
    }
}

/// The command `valhalla select delete`.
struct SelectDeleteCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove a selection; its assets stay.",
        discussion: "  valhalla select delete \"Detroit wall\""
    )

    @Argument(help: ArgumentHelp("The selection.", valueName: "selection"))
    var selection: String

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let catalog = try desk.catalog()
        let found = try catalog.selection(named: selection)
        let what = "the selection \(quoted(found.name)), with \(counted(found.count, "item"))"
        return try desk.change("Delete \(what)", done: "Deleted \(what)", catalog) {
            try $0.remove(selection: found.name)
        }
    }
}

/// The command `valhalla select list`.
struct SelectListCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List all selections.",
        discussion: "  valhalla select list"
    )

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let selections = try desk.catalog().selections()
        if globals.json {
            for selection in selections {
                desk.json([
                    "selection": .text(selection.name), "items": JSONValue(selection.count),
                    "note": JSONValue(selection.note),
                ])
            }
            return .done
        }
        let table = Table(
            [.init("SELECTION", yields: true), .init("ITEMS", .right), .init("NOTE", yields: true)],
            to: desk.out
        )
        for selection in selections {
            table.add([
                .init(selection.name, .strong), .init("\(selection.count)"), .init(selection.note ?? ""),
            ])
        }
        table.finish()
        if selections.isEmpty { desk.remark("No selections yet: valhalla select new NAME QUERY makes one.") }
        return .done
    }
}
