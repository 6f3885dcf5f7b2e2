internal import ArgumentParser
internal import Catalog

/// The command `valhalla tag`.
struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Attach keywords, take them away, rename and merge them.",
        discussion: """
            A tag is a path of names, from the widest to the narrowest: people/Iggy Pop, place/Royal Albert Hall. \
            tag:people in a query finds all below people.

              valhalla tag add "people/Iggy Pop" session:desert
              valhalla tag rename people/Iggy "people/Iggy Pop"
              valhalla tag list people
            """,
        subcommands: [
            TagAddCommand.self, TagRemoveCommand.self, TagListCommand.self, TagRenameCommand.self,
            TagMergeCommand.self,
        ]
    )

    /// Tags and the query behind them.
    ///
    /// The first word is a tag whatever it looks like; the query begins at the first word that no tag looks
    /// like.
    static func split(_ words: [String], at desk: Desk) throws -> (tags: [TagPath], query: Query) {
        let start = words.dropFirst().firstIndex(where: isTerm) ?? words.endIndex
        guard start > 0 else {
            throw Failure.usage("no tag is named", next: "valhalla tag add people/Crew session:desert")
        }
        guard start < words.endIndex else {
            throw Failure.usage(
                "which ones? No word behind the tag reads as a query",
                next:
                    "add one, such as session:desert; all is everything; a word to search for goes in quotes: '\"guitar\"'"
            )
        }
        let tags = try words[..<start].map { word in try reading { try TagPath(word) } }
        return (tags, try desk.requiredQuery(Array(words[start...])))
    }

    private static func isTerm(_ word: String) -> Bool {
        ["all", "not", "or", "and"].contains(word.lowercased())
            || word.contains { ":<>=()*\"".contains($0) }
    }

    /// The tags as a sentence has them: `people/Iggy Pop and people/Josh Homme`.
    static func named(_ tags: [TagPath]) -> String { listed(tags.map { printable($0.description) }) }
}

/// The command `valhalla tag add`.
struct TagAddCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Attach tags.",
        usage: "valhalla tag add <tag> ... <query> ...",
        discussion: """
            The query begins at the first word that reads as one: a field, a comparison, all, not, or a word in quotes.

              valhalla tag add "people/Iggy Pop" session:desert
              valhalla tag add place/Detroit tour/2016 'taken:2016-04-07'
              valhalla tag add instrument/guitar '"guitar"'
            """
    )

    @Argument(help: ArgumentHelp("The tags, and behind them which: tag … query.", valueName: "words"))
    var words: [String] = []

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let (tags, query) = try TagCommand.split(words, at: desk)
        let deed = Deed(base: "tag", past: "tagged", tail: "with \(TagCommand.named(tags))")
        return try desk.change(deed, try desk.catalog(), query, possible: { $0 * tags.count }) {
            change,
            assets in
            try change.add(tags: tags, to: assets)
        }
    }
}

/// The command `valhalla tag remove`.
struct TagRemoveCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take tags away, with all that lies below them.",
        usage: "valhalla tag remove <tag> ... <query> ...",
        discussion: """
              valhalla tag remove people/Crew 'rating>=4'
              valhalla tag remove people 'session:"Rancho de la Luna"'
            """
    )

    @Argument(help: ArgumentHelp("The tags, and behind them which: tag … query.", valueName: "words"))
    var words: [String] = []

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let (tags, query) = try TagCommand.split(words, at: desk)
        let deed = Deed(
            base: "take \(TagCommand.named(tags)) from",
            past: "took \(TagCommand.named(tags)) from",
            tail: "",
            rest: "not tagged so"
        )
        return try desk.change(deed, try desk.catalog(), query) { change, assets in
            try change.remove(tags: tags, from: assets)
        }
    }
}

/// The command `valhalla tag list`.
struct TagListCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List tags with the number of assets that carry each.",
        discussion: """
              valhalla tag list
              valhalla tag list people
            """
    )

    @Argument(help: ArgumentHelp("Only this tag and what lies below it.", valueName: "tag"))
    var below: String?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let top = try below.map { word in try reading { try TagPath(word) } }
        let tags = try desk.catalog().tags().filter { tag in top.map { tag.path.lies(in: $0) } ?? true }
        if let top, tags.isEmpty {
            throw Failure(
                .failed,
                "there is no tag \(quoted(top.description))",
                next: "valhalla tag list shows all"
            )
        }
        if globals.json {
            for tag in tags {
                desk.json(["tag": .text(tag.path.description), "assets": JSONValue(tag.assets)])
                try desk.stopIfNobodyReads()
            }
            return .done
        }
        let table = Table([.init("TAG", yields: true), .init("ASSETS", .right)], to: desk.out)
        for tag in tags { table.add([.init(tag.path.description), .init("\(tag.assets)")]) }
        table.finish()
        if tags.isEmpty { desk.remark("No tags yet: valhalla tag add TAG QUERY makes one.") }
        return .done
    }
}

/// The command `valhalla tag rename`.
struct TagRenameCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give a tag another path, and all that lies below it with it.",
        discussion: """
              valhalla tag rename people/Iggy "people/Iggy Pop"
              valhalla tag rename gear instrument
            """
    )

    @Argument(help: ArgumentHelp("The tag.", valueName: "tag"))
    var old: String

    @Argument(help: ArgumentHelp("Its new path.", valueName: "new-tag"))
    var new: String

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let former = try reading { try TagPath(old) }
        let later = try reading { try TagPath(new) }
        let words = "\(quoted("\(former)")) to \(quoted("\(later)"))"
        let catalog = try desk.catalog()
        let isThere = try catalog.tags().contains { $0.path == later }
        return try desk.change(
            "Rename \(words)",
            done: "Renamed \(words)",
            catalog,
            details: isThere ? ["\(quoted("\(later)")) is there already: the two become one"] : []
        ) { change in
            try change.rename(tag: former, to: later)
        }
    }
}

/// The command `valhalla tag merge`.
struct TagMergeCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Put one tag in the place of others, which are gone then.",
        usage: "valhalla tag merge <tag> ... <into-tag>",
        discussion: """
              valhalla tag merge people/Iggy "people/James Osterberg" "people/Iggy Pop"
            """
    )

    @Argument(help: ArgumentHelp("The tags, and behind them the one that stays.", valueName: "tags"))
    var tags: [String] = []

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let paths = try tags.map { word in try reading { try TagPath(word) } }
        guard paths.count >= 2, let target = paths.last else {
            throw Failure.usage(
                "a merge takes two tags or more",
                next: "valhalla tag merge people/Iggy \"people/Iggy Pop\""
            )
        }
        let named = paths.dropLast().map { quoted("\($0)") }
        return try desk.change(
            "Merge \(listed(named)) into \(quoted("\(target)"))",
            done: "Merged \(listed(named)) into \(quoted("\(target)"))",
            try desk.catalog()
        ) { change in
            for path in paths.dropLast() { try change.merge(tag: path, into: target) }
        }
    }
}
