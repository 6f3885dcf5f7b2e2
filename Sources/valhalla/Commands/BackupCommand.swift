internal import ArgumentParser
internal import Catalog
internal import Files

/// The command `valhalla backup`.
struct BackupCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the catalogue and the evidence to a folder, and check the copy.",
        discussion: """
            Others may go on working. The originals are not part of it: import --also keeps a second copy of those. \
            To put a backup back, copy the .sqlite file over .valhalla/catalog.sqlite and the evidence into \
            .valhalla/evidence.

              valhalla backup /media/BACKUP
            """
    )

    @Argument(
        help: ArgumentHelp("The folder; made if it is not there.", valueName: "dir"),
        completion: .directory
    )
    var folder: TypedPath

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let archive = try desk.archive()
        let access = FileAccess()
        let clock = WallClock(localAt: desk.now())
        let name = "valhalla-\(clock.dayText)-\(clock.timeText.filter { $0 != ":" }).sqlite"
        let target = folder.absolute.appending(name)
        guard let text = target.text else {
            throw Failure(
                .failed,
                "a backup cannot lie in a folder whose name is not UTF-8",
                details: ["path:  \(folder.absolute.display)"],
                next: "name another folder"
            )
        }
        if globals.dryRun {
            desk.tell("Would write \(target.display)")
            return .done
        }
        try access.makeFolders(folder.absolute)
        guard try access.statusIfThere(of: target) == nil else {
            throw Failure(
                .failed,
                "there is a backup of this second already",
                details: ["path:  \(target.display)"]
            )
        }
        let catalog = try desk.open(archive)
        try catalog.backUp(to: text)
        let letters = try copyEvidence(of: archive, access)
        let size = try access.status(of: target).identity.size
        if globals.json {
            desk.json([
                "backup": .text(target.display), "bytes": .integer(size), "evidence": JSONValue(letters),
            ])
            return .done
        }
        desk.tell("Backed up to \(target.display), \(byteWords(size)), " + desk.out.paint("checked", .good))
        if letters > 0 { desk.tell("  with \(counted(letters, "letter")) that decisions rest on") }
        return .done
    }

    /// Letters are named by their digests, so one that is there already is the same.
    private func copyEvidence(of archive: Archive, _ access: FileAccess) throws -> Int {
        let copy = VerifiedCopy(access: access, buffer: BlockBuffer())
        var count = 0
        for name in try names(in: archive.evidenceFolder) {
            _ = try copy.copy(
                try access.read(archive.evidenceFolder.appending(name)),
                to: [folder.absolute.appending("evidence").appending(name)]
            )
            count += 1
        }
        return count
    }
}
