internal import ArgumentParser
internal import Catalog
internal import Files

/// The command `valhalla init`.
struct InitCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make an archive.",
        discussion: """
            An archive is a folder with .valhalla in it: the catalogue, and the letters that decisions rest on. \
            Photographs and clips may lie in it or anywhere else.

              valhalla init
              valhalla init /media/ARCHIVE
            """
    )

    @Argument(
        help: ArgumentHelp("The folder; made if it is not there.", valueName: "dir"),
        completion: .directory
    )
    var folder: TypedPath?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let archive = Archive(folder: (folder ?? globals.archive)?.absolute ?? currentFolder())
        let shown = archive.folder.display
        if globals.dryRun {
            guard !archive.exists else { throw Failure(.failed, "there is an archive already in \(shown)") }
            desk.tell("Would make an archive in \(shown)")
            return .done
        }
        try FileAccess().makeFolders(archive.folder)
        _ = try archive.create(by: desk.author, now: desk.now)
        if globals.json {
            desk.json(["archive": .text(shown)])
        } else {
            desk.tell("Made an archive in \(shown)")
        }
        return .done
    }
}
