internal import ArgumentParser
internal import Catalog
internal import Files
internal import Previews

/// The command `valhalla previews`.
struct PreviewsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "previews",
        abstract:
            "Small pictures to look at and to compare by; without a word behind it: what there is of them.",
        discussion: """
            Of each photograph and clip one of 512 and one of 2048 pixels, upright and in sRGB; of a clip a frame that \
            shows something, and a strip of ten frames. They lie in .valhalla/previews by the digest of their original, \
            for your own eyes on this machine: nothing leaves from there, no backup holds them, and they are made again \
            whenever they are lost.

              valhalla previews
              valhalla previews build
              valhalla previews build session:desert --most 20GB
              valhalla previews remove session:desert
            """,
        subcommands: [Status.self, Build.self, Remove.self],
        defaultSubcommand: Status.self
    )

    /// The command `valhalla previews status`.
    struct Status: Verb {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "How many there are and how large, what is missing, and what cannot be made and why.",
            discussion: """
                What lies on the disk is counted, and held against what was made.

                  valhalla previews
                """
        )

        @OptionGroup var globals: Globals

        func run(at desk: Desk) throws -> Outcome {
            let archive = try desk.archive()
            let catalog = try desk.open(archive)
            let folder = try desk.previewFolder(of: archive)
            var found: (files: Int, bytes: Int64) = (0, 0)
            try folder.cache.each { _, bytes throws(FileError) in
                found.files += 1
                found.bytes += bytes
            }
            let words = PreviewStatusWords(
                standing: try catalog.previewStanding(),
                failures: try catalog.previewFailures(limit: PreviewStatusWords.mostNamed),
                bound: try catalog.previewBound() ?? PreviewRequest.usualBound,
                filesOnDisk: found.files,
                bytesOnDisk: found.bytes
            )
            words.tell(at: desk)
            return .done
        }
    }

    /// The command `valhalla previews build`.
    struct Build: Verb {
        static let configuration = CommandConfiguration(
            commandName: "build",
            abstract: "Make the previews that are missing.",
            discussion: """
                The newest come first. It can be stopped at any time and goes on where it was; a file that cannot be \
                decoded is named with the reason, and never stops it. A raw file's come from the camera's own JPEG \
                inside it where that is large enough.

                Together they take 50 GB at the most, or what --most says, which the archive keeps. When that is \
                reached, the 2048 px previews of the pictures taken longest ago give way, for the 512 px ones of all \
                pictures are what looking through them needs; when only those are left, it stops and says so.

                  valhalla previews build
                  valhalla previews build session:desert 'rating>=3'
                  valhalla previews build --small              only the 512 px ones: a third of the time
                  valhalla previews build --most 20GB
                  valhalla previews build is:without-preview --again
                """
        )

        @OptionGroup var words: QueryWords

        @Flag(help: "Make those that are there anew, and try again those that failed.")
        var again = false

        @Flag(help: "Only the 512 px ones, and no film strips; the others can be made later.")
        var small = false

        @Option(
            help: ArgumentHelp(
                "How much room they may take together, such as 20GB; kept until it is said anew.",
                valueName: "size"
            )
        )
        var most: ByteCount?

        @OptionGroup var globals: Globals

        func run(at desk: Desk) throws -> Outcome {
            let query = try desk.query(words.query)
            let archive = try desk.archive()
            let catalog = try desk.open(archive)
            if globals.dryRun { return try tellDry(query, catalog, desk) }
            var request = PreviewRequest(query: query, folder: try desk.previewFolder(of: archive))
            request.isAgain = again
            request.isSmallOnly = small
            request.bound = most?.bytes
            request.interruption = .onSignals()
            return try desk.makePreviews(request, catalog)
        }

        /// Nothing is looked at on the disk: that is most of what a real run without news does.
        private func tellDry(_ query: Query, _ catalog: Catalog, _ desk: Desk) throws -> Outcome {
            let kinds = Dictionary(
                uniqueKeysWithValues: try catalog.countByKind(query).filter { $0.kind != .sound }
                    .map { ($0.kind, $0.count) }
            )
            if globals.json {
                desk.json(["seen": JSONValue(kinds.values.reduce(0, +)), "dryRun": .bool(true)])
            } else {
                desk.tell("Would see to the previews of \(counted(kinds)), and make those that are missing")
            }
            return .done
        }
    }

    /// The command `valhalla previews remove`.
    struct Remove: Verb {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "Throw previews away, to make room; they can be made again.",
            discussion: """
                all removes every file, those of pictures that are no longer in the archive as well.

                  valhalla previews remove 'taken:..2012'
                  valhalla previews remove all
                """
        )

        @OptionGroup var words: QueryWords

        @OptionGroup var globals: Globals

        func run(at desk: Desk) throws -> Outcome {
            let query = try desk.requiredQuery(words.query)
            let archive = try desk.archive()
            let catalog = try desk.open(archive)
            if globals.dryRun {
                let kinds = Dictionary(
                    uniqueKeysWithValues: try catalog.countByKind(query).filter { $0.kind != .sound }
                        .map { ($0.kind, $0.count) }
                )
                desk.tell("Would remove the previews of \(counted(kinds))")
                return .done
            }
            let report = try PreviewRemoval.run(
                query,
                folder: try desk.previewFolder(of: archive),
                catalog: catalog
            )
            if globals.json {
                desk.json(["removed": JSONValue(report.files), "bytes": .integer(report.bytes)])
            } else {
                desk.tell(
                    report.files == 0
                        ? "There are none to remove."
                        : "Removed \(counted(report.files, "file")), \(byteWords(report.bytes)); "
                            + "valhalla previews build makes them again"
                )
            }
            return .done
        }
    }
}

/// A number of bytes as a person types it: `20GB`, `1.5TB`, `512MiB`.
struct ByteCount: ExpressibleByArgument {
    let bytes: Int64

    init?(argument: String) {
        let units: [(String, Double)] = [
            ("KIB", 0x1p10), ("MIB", 0x1p20), ("GIB", 0x1p30), ("TIB", 0x1p40), ("KB", 1e3), ("MB", 1e6),
            ("GB", 1e9), ("TB", 1e12), ("K", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("B", 1), ("", 1),
        ]
        let text = argument.uppercased().filter { $0 != " " && $0 != "_" }
        guard let (name, factor) = units.first(where: { text.hasSuffix($0.0) }) else { return nil }
        let digits = text.dropLast(name.count)
        guard digits.allSatisfy({ ("0"..."9").contains($0) || $0 == "." }), let number = Double(digits),
            number * factor >= 1, number * factor < 9e18
        else { return nil }
        bytes = Int64(number * factor)
    }
}

extension Desk {
    /// Where the previews of an archive lie.
    func previewFolder(of archive: Archive) throws -> PreviewFolder {
        // Resolved, so that no `..` or link leads out of the archive's own folder.
        let resolved = Archive(folder: try FileAccess().resolved(archive.folder)).previewFolder
        guard let folder = PreviewFolder(resolved) else {
            throw Failure(
                .failed, "the archive has no folder of its own", details: ["path:  \(resolved.display)"])
        }
        return folder
    }

    /// Makes previews with a bar, and tells what came of it.
    func makePreviews(_ request: PreviewRequest, _ catalog: Catalog) throws -> Outcome {
        let progress = PreviewProgress()
        let watch = ProgressWatch(at: self)
        defer { watch.end(leavingLine: false) }
        watch.follow("previews") { .init(done: progress.done, total: progress.total) }
        let report = try PreviewBuilder(request, catalog: catalog, progress: progress).run()
        watch.end(leavingLine: false)
        PreviewReportWords(report: report).tell(at: self)
        if report.stop == .person {
            throw Failure(.stopped, "stopped", next: "the same command goes on where it was")
        }
        return report.failures.isEmpty && report.absent == 0 && report.stop == nil ? .done : .partly
    }
}
