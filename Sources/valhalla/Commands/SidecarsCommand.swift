internal import ArgumentParser
internal import Catalog
internal import Files
internal import Ingest

/// The command `valhalla sidecars`.
struct SidecarsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sidecars",
        abstract: "Give people’s words to other programs, in XMP beside the originals.",
        discussion: """
            Words that people added are written into a sidecar beside each archive copy of an original, where Lightroom, \
            darktable, digiKam and others read them. The original itself is never written to, nor is anything on a card.

              valhalla sidecars list session:desert
              valhalla sidecars write session:desert --dry-run
              valhalla sidecars write session:desert
            """,
        subcommands: [SidecarsListCommand.self, SidecarsWriteCommand.self]
    )
}

/// The command `valhalla sidecars list`.
struct SidecarsListCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Tell how the sidecars stand: none, up to date, behind, changed by others.",
        discussion: """
            none           there is no sidecar, and nothing to say in one
            up to date     it says all that people said
            behind         valhalla sidecars write has something to write
            conflict       a person here and another program say different things
            changed        another program wrote to it since it was read
            left alone     it cannot be revised, and why

            Without a query those are listed with which something is to be done, and the others are counted.

              valhalla sidecars list
              valhalla sidecars list all
              valhalla sidecars list session:desert --json
            """
    )

    @OptionGroup var words: QueryWords

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let catalog = try desk.catalog()
        let assets = try catalog.assets(try desk.query(words.query))
        let table = Table(
            [
                .init("ID"), .init("NAME", yields: true), .init("STATE"), .init("SIDECAR", yields: true),
                .init("WHAT", yields: true),
            ],
            to: desk.out
        )
        let request = SidecarRequest(assets, desk)
        var passed: [String: Int] = [:]
        var isListed = false
        let counts = try SidecarWriter.look(request, catalog: catalog) { plan in
            if words.query.isEmpty, SidecarsListCommand.quietStates[plan.state] != nil {
                passed[plan.state, default: 0] += 1
                return
            }
            isListed = true
            let asset = try catalog.asset(plan.place.asset)
            if globals.json {
                desk.json(plan.json(asset, .kept))
                return try desk.stopIfNobodyReads()
            }
            table.add([
                .init(asset.shortName, .strong), .init(asset.name), .init(plan.state, plan.ink),
                .init(plan.hasFile ? plan.path.name.display : "–"),
                .init(plan.remarks.joined(separator: "; ")),
            ])
        }
        table.finish()
        if counts.wasInterrupted { throw Failure(.stopped, "stopped", next: "run the command again") }
        if assets.isEmpty {
            desk.remark("Nothing found.")
        } else if !passed.isEmpty {
            let others = passed.sorted { $0.key < $1.key }.map { state, count in
                "\(grouped(count)) \(SidecarsListCommand.quietStates[state] ?? state)"
            }
            desk.remark(
                "\(isListed ? "And" : "Nothing to do:") \(others.joined(separator: ", ")): "
                    + "valhalla sidecars list all names each"
            )
        }
        return .done
    }

    /// The states with which nothing is to be done, as a sentence has them.
    private static let quietStates = [
        "none": "with nothing to say", "up to date": "up to date", "offline": "on disks that are not here",
    ]
}

/// The command `valhalla sidecars write`.
struct SidecarsWriteCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "write",
        abstract: "Write what people said into the sidecars.",
        discussion: """
            Written is what people added or changed: titles, captions and the like, stars, labels, picks, keywords and \
            people, places, positions, and times that they corrected. What only the picture says stays in the picture; \
            but once people changed a keyword the sidecar holds all of them, because other programs read its list in \
            place of the picture’s. What else stands in a sidecar, such as the settings of a developer, stays as it is, \
            byte for byte, and one that says all already is not touched.

            A new one is called NAME.EXT.xmp. One that is there is updated, NAME.EXT.xmp before NAME.xmp; a NAME.xmp \
            that several assets share is left alone. A raw file and its JPEG are one asset and have one sidecar, the raw \
            file’s. Duplicates of darktable’s, NAME_01.EXT.xmp, are left alone. On a card’s tree that was copied into the \
            archive the sidecar lies beside the clip.

            What other programs changed in a sidecar is read first. Where they changed what a person set here, neither \
            word is written over: --ours or --theirs decides. Stars and picks are two things: a pick goes where digiKam \
            keeps its own, and rating=-1 is what others read as rejected.

              valhalla sidecars write session:desert --dry-run
              valhalla sidecars write 'rating>=4'
              valhalla sidecars write all --stem
              valhalla sidecars write id:3f9a2c1 --theirs
            """
    )

    @OptionGroup var words: QueryWords

    @Flag(help: "Where another program changed what was set here, what was set here counts.")
    var ours = false

    @Flag(help: "Where another program changed what was set here, what the sidecar says counts.")
    var theirs = false

    @Flag(
        help:
            "Call new ones NAME.xmp, the only name that Lightroom and Bridge read, and darktable does not write."
    )
    var stem = false

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard !(ours && theirs) else {
            throw Failure.usage("--ours and --theirs do not go together", next: "leave out one of them")
        }
        let query = try desk.requiredQuery(words.query)
        let catalog = try desk.catalog()
        let assets = try catalog.assets(query)
        guard !assets.isEmpty else {
            throw Failure(
                .failed,
                "no sidecars to write: nothing matches \(query.description)",
                next: "valhalla find \(Typed.inShell(query.description)) shows what does"
            )
        }
        var request = SidecarRequest(assets, desk)
        request.resolution = ours ? .ours : theirs ? .theirs : .none
        request.naming = stem ? .stem : .whole
        if globals.dryRun || desk.isAsking {
            let story = SidecarStory(
                catalog, desk, to: globals.dryRun ? desk.out : desk.err, isRehearsal: true)
            let counts = try SidecarWriter.look(request, catalog: catalog) { try story.tell($0, .kept) }
            if counts.wasInterrupted { throw Failure(.stopped, "stopped", next: "run the command again") }
            if globals.dryRun { return story.end(counts) }
            guard counts.written > 0 || counts.contestedWords > 0 else { return story.end(counts) }
            story.sum(counts)
            guard desk.console.ask("Go on?") else { return desk.declined() }
        }
        request.interruption = .onSignals()
        let bar = ProgressBar("writing sidecars", on: desk.err, clock: desk.ticks)
        if !globals.quiet, !globals.json {
            request.progress = { bar.show(.init(done: $0, total: assets.count)) }
        }
        let story = SidecarStory(catalog, desk, to: desk.out, isRehearsal: false)
        let counts = try SidecarWriter.write(request, catalog: catalog) { plan, outcome in
            bar.clear()
            try story.tell(plan, outcome)
        }
        bar.clear()
        let outcome = story.end(counts)
        if counts.wasInterrupted {
            throw Failure(.stopped, "stopped", next: "run the command again: it goes on where it was")
        }
        return outcome
    }
}

extension SidecarRequest {
    /// The sidecars of some assets, for a command.
    fileprivate init(_ assets: [AssetID], _ desk: Desk) {
        let mounts = Mounts()
        self.init(assets, command: desk.command, isMounted: { mounts.hold($0) })
        interruption = .onSignals()
    }
}
