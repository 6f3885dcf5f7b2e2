internal import ArgumentParser

/// The whole of the command line.
struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "valhalla",
        abstract: "Keeps one body of work: photographs, clips and sounds.",
        discussion: """
            It records files where they lie and never writes to them, lets people say what the cameras could not \
            know, and lets out only what was cleared.

              valhalla init                                     make an archive here
              valhalla import /media/CARD-A --session Desert    record a shoot
              valhalla find session:desert 'rating>=4'          list what is there
              valhalla help query                               what can be asked

            Exit codes: 0 done, 1 failed, 3 partly done, 4 refused by clearance, 10 no archive here, 11 locked, \
            64 called wrongly, 130 stopped.
            """,
        version: Program.version,
        groupedSubcommands: [
            CommandGroup(name: "Archive", subcommands: [InitCommand.self, ImportCommand.self]),
            CommandGroup(
                name: "Describing",
                subcommands: [
                    FindCommand.self, SimilarCommand.self, ShowCommand.self, SetCommand.self, TagCommand.self,
                    SessionCommand.self, ShiftCommand.self, GeotagCommand.self, SidecarsCommand.self,
                ]
            ),
            CommandGroup(
                name: "Leaving",
                subcommands: [
                    SelectCommand.self, ExportCommand.self, DeliveriesCommand.self, RecallCommand.self,
                ]
            ),
            CommandGroup(
                name: "Clearing",
                subcommands: [
                    ArtistsCommand.self, SubmitCommand.self, ClearCommand.self, HoldCommand.self,
                    RestrictCommand.self, LiftCommand.self, WithdrawCommand.self, ApproveCommand.self,
                    ReleaseCommand.self, DeriveCommand.self, ReviewCommand.self, ClearanceCommand.self,
                ]
            ),
            CommandGroup(
                name: "Keeping",
                subcommands: [
                    PreviewsCommand.self, VerifyCommand.self, ManifestsCommand.self, VolumesCommand.self,
                    LogCommand.self,
                    UndoCommand.self,
                    BackupCommand.self,
                ]
            ),
        ]
    )
}

/// What every command takes.
struct Globals: ParsableArguments {
    /// The options that stand alone.
    static let flags: Set<String> = ["--json", "--dry-run", "-n", "--quiet", "-q", "--yes", "-y"]
    /// The options that a value follows.
    static let valued: Set<String> = ["--archive", "--as"]

    @Option(
        help: ArgumentHelp(
            "The folder of the archive. Else VALHALLA_ARCHIVE, else the nearest folder above with .valhalla in it.",
            valueName: "dir"
        ),
        completion: .directory
    )
    var archive: TypedPath?

    @Flag(help: "One JSON object a line; errors too, on standard error.")
    var json = false

    @Flag(name: [.customShort("n"), .long], help: "Tell what would happen, and change nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Say nothing but what was asked for and what went wrong.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Who is at work. Else VALHALLA_PERSON, else the name of this machine's user.",
            valueName: "name"
        )
    )
    var person: String?
}

/// A command: it parses, calls a module, and prints.
protocol Verb: ParsableCommand {
    /// What every command takes.
    var globals: Globals { get }

    /// Does it.
    func run(at desk: Desk) throws -> Outcome
}

/// How a command that did not fail has ended.
enum Outcome: Int32 {
    case done = 0
    /// What was looked for is wrong, as told.
    case failed = 1
    /// Some of it was done, as told.
    case partly = 3
}

/// The words of a query, behind everything else.
struct QueryWords: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Which: see valhalla help query. all is everything.", valueName: "query"),
        completion: .list(["all", "session:", "tag:", "kind:", "taken:", "rating>=", "selection:", "is:"])
    )
    var query: [String] = []
}
