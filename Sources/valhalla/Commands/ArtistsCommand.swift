internal import ArgumentParser
internal import Catalog

/// The command `valhalla artists`.
struct ArtistsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artists",
        abstract: "Name whose word clears, and who must agree to pictures of themselves.",
        discussion: """
            Until somebody is named, nobody clears anything. The first is named by whoever is at work; every other on the \
            word of one who may clear.

              valhalla artists add "Josh Homme"
              valhalla artists add "Dean Fertita" --session "Rancho de la Luna" --by "Josh Homme"
              valhalla artists add "Iggy Pop" --approves
              valhalla artists list
            """,
        subcommands: [ArtistsListCommand.self, ArtistsAddCommand.self, ArtistsRemoveCommand.self]
    )
}

/// The command `valhalla artists list`.
struct ArtistsListCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List who has a say, and in what.",
        discussion: """
              valhalla artists list
            """
    )

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let artists = try desk.catalog().artists()
        if globals.json {
            for artist in artists {
                desk.json([
                    "name": .text(artist.name), "right": .text(artist.right.rawValue),
                    "scope": JSONValue(artist.scope?.plain), "purpose": JSONValue(artist.purpose?.rawValue),
                ])
                try desk.stopIfNobodyReads()
            }
            return .done
        }
        let table = Table(
            [.init("NAME", yields: true), .init("MAY", yields: true), .init("IN", yields: true)], to: desk.out
        )
        for artist in artists {
            table.add([
                .init(artist.name, .strong),
                .init(
                    artist.right == .clear
                        ? "clear"
                        : "must agree" + (artist.purpose.map { " to \($0.rawValue)" } ?? "")
                ),
                .init(artist.scope?.plain ?? "the archive"),
            ])
        }
        table.finish()
        if artists.isEmpty {
            desk.remark("Nobody is named yet, so nobody clears anything: valhalla artists add NAME.")
        }
        return .done
    }
}

/// What of the archive a right is about.
struct RightScope: ParsableArguments {
    @Option(help: ArgumentHelp("Only in this session; else in the archive.", valueName: "name"))
    var session: String?

    @Option(
        help: ArgumentHelp("Only where this tag is, such as a tour; else in the archive.", valueName: "tag"))
    var tag: String?

    @Flag(help: "Must agree to pictures of themselves, instead of whose word clears.")
    var approves = false

    func scope() throws -> DecisionScope? {
        guard session == nil || tag == nil else { throw Failure.usage("--session or --tag, not both") }
        if let session { return .session(session) }
        return try tag.map { word in .tag(try reading { try TagPath(word) }) }
    }

    /// `may clear`, with where.
    func words(_ name: String, _ scope: DecisionScope?, _ purpose: Purpose? = nil) -> String {
        let inside = scope.map { " in \($0.plain)" } ?? ""
        if approves {
            return "\(printable(name)) must agree to pictures that show them\(inside)"
                + (purpose.map { ", for \($0.rawValue)" } ?? "")
        }
        return
            "\(printable(name)) may clear \(scope == nil ? "whatever is in the archive" : "what is\(inside)")"
    }
}

/// The command `valhalla artists add`.
struct ArtistsAddCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Give somebody a say.",
        discussion: """
              valhalla artists add "Josh Homme"
              valhalla artists add "Iggy Pop" --tag "tour/Post Pop Depression" --by "Josh Homme"
              valhalla artists add "Iggy Pop" --approves --for press
            """
    )

    @Argument(help: ArgumentHelp("Who.", valueName: "name"))
    var name: String

    @OptionGroup var place: RightScope

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("With --approves: for this purpose only.", valueName: "purpose"),
        completion: .list(Purpose.outside.map(\.rawValue))
    )
    var purpose: String?

    @Option(help: ArgumentHelp("The artist who says so; the first needs none.", valueName: "name"))
    var by: String?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard place.approves || purpose == nil else {
            throw Failure.usage(
                "--for goes with --approves: what an artist clears is said with every clearance")
        }
        let purposes: [Purpose?] = try purpose.map { try typedPurposes($0) } ?? [nil]
        let scope = try place.scope()
        let words = purposes.map { place.words(name, scope, $0) }.joined(separator: "; ")
        return try desk.change(
            "From now on \(words)", done: "\(words)", try desk.catalog(), kind: .decision
        ) { change in
            for purpose in purposes {
                try change.add(
                    artist: name, place.approves ? .approve : .clear, in: scope, purpose: purpose, by: by)
            }
        }
    }
}

/// The command `valhalla artists remove`.
struct ArtistsRemoveCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take a say away; what was cleared stays cleared.",
        discussion: """
              valhalla artists remove "Dean Fertita" --session "Rancho de la Luna" --by "Josh Homme"
            """
    )

    @Argument(help: ArgumentHelp("Who.", valueName: "name"))
    var name: String

    @OptionGroup var place: RightScope

    @Option(help: ArgumentHelp("The artist who says so, or the person themself.", valueName: "name"))
    var by: String?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let scope = try place.scope()
        let words = place.words(name, scope)
        return try desk.change(
            "No longer: \(words)", done: "No longer: \(words)", try desk.catalog(), kind: .decision
        ) { change in
            try change.remove(artist: name, place.approves ? .approve : .clear, in: scope, by: by)
        }
    }
}

extension DecisionScope {
    /// In a table: `session Desert`.
    var plain: String {
        switch self {
        case .session(let name): "session \(printable(name))"
        case .tag(let path): "tag \(printable(path.description))"
        }
    }
}
