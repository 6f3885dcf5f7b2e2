internal import ArgumentParser
internal import Catalog

/// The command `valhalla similar`.
struct SimilarCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "similar",
        abstract: "What looks like one: near doubles, the nearest first.",
        discussion: """
            Told by previews: other sizes, other formats, other exposures, slight crops, the frames of a burst; a clip \
            by its poster. Of 64 things that are asked of two pictures, the distance is how many they answer \
            differently; strangers differ in about half. It compares the light and not the colours, and does not know \
            a picture that was turned or mirrored.

            Exact doubles are found by their bytes, and need no previews: valhalla find is:duplicate. In a query \
            similar:ID chooses a picture and what looks like it.

              valhalla similar 3f9a2c1
              valhalla similar 3f9a2c1 --within 4
              valhalla tag add doubles/ridge similar:3f9a2c1
            """
    )

    @Argument(help: ArgumentHelp("Its id, as find lists it.", valueName: "id"))
    var id: String

    @Option(
        help: ArgumentHelp(
            "The greatest distance, 0 to \(Likeness.farthest).",
            valueName: "bits"
        )
    )
    var within = Likeness.usual

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit: Int?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard (0...Likeness.farthest).contains(within) else {
            throw Failure.usage(
                "--within is a number from 0 to \(Likeness.farthest)",
                next: "pictures that differ in more have little to do with each other"
            )
        }
        if let limit, limit < 0 { throw Failure.usage("--limit cannot be less than 0") }
        let catalog = try desk.catalog()
        let asset = try catalog.resolve(id)
        let alike = try catalog.alike(to: asset, within: within)
        let shown = limit.map { Array(alike.prefix($0)) } ?? alike
        if globals.json {
            for one in shown {
                var object = try catalog.found(one.asset).json
                object.add("distance", JSONValue(one.distance))
                desk.json(object)
                try desk.stopIfNobodyReads()
            }
            return .done
        }
        try list(shown, catalog, desk)
        if alike.isEmpty {
            desk.remark(
                "Nothing looks like \(try catalog.asset(asset).shortName) within a distance of \(within).")
        } else if shown.count < alike.count {
            desk.remark(desk.err.paint("\(grouped(shown.count)) of \(grouped(alike.count)) shown", .dim))
        }
        if try catalog.lacksPreviews() {
            desk.remark(
                "  Not every picture has a preview yet, and those that have none are not found: valhalla previews"
            )
        }
        return .done
    }

    private func list(_ alike: [AlikeAsset], _ catalog: Catalog, _ desk: Desk) throws {
        let table = Table(
            [
                .init("ID"), .init("DISTANCE", .right), .init("LIKENESS"), .init("TAKEN"), .init("KIND"),
                .init("NAME", yields: true), .init("SESSION", yields: true), .init("RATING"),
            ],
            to: desk.out
        )
        for one in alike {
            let found = try catalog.found(one.asset)
            table.add([
                .init(found.asset.shortName), .init("\(one.distance)"),
                .init(SimilarCommand.words(one.distance)),
                .init(found.asset.time.table), .init(found.asset.kind.rawValue), .init(found.asset.name),
                .init(found.sessions.joined(separator: ", ")), .init(stars(found.asset.rating)),
            ])
            try desk.stopIfNobodyReads()
        }
        table.finish()
    }

    /// What a distance amounts to.
    ///
    /// Other sizes and codings of one picture stay within 2, small crops and corrections within 6 (measured on the
    /// fixtures; a test holds them to it).
    static func words(_ distance: Int) -> String {
        switch distance {
        case 0...2: "the same picture"
        case 3...6: "nearly the same"
        case 7...10: "much alike"
        default: "somewhat alike"
        }
    }
}
