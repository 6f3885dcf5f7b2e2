internal import ArgumentParser
internal import Catalog
internal import Foundation

/// The command `valhalla shift`.
struct ShiftCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "shift",
        abstract: "Correct a camera’s clock.",
        usage: "valhalla shift <by> [--zone <zone>] <query> ...",
        discussion: """
            What the camera wrote stays; the correction is kept beside it, on top of earlier ones. BY is +7m12s, -1h, \
            +1d2h or +0:07:12. With --clock it is computed from one asset whose true time you know. --zone says where \
            the clock was read: offsets follow its daylight saving, day for day.

              valhalla shift +7m12s session:Desert 'camera:"Leica M"'
              valhalla shift --clock 3f9a2c1=2016-01-20T17:03:00 session:Desert serial:4711
              valhalla shift --zone Europe/London 'session:"Royal Albert Hall"'
            """
    )

    @Argument(help: ArgumentHelp("By how much, and behind it which: by … query.", valueName: "words"))
    var words: [String] = []

    @Option(
        help: ArgumentHelp(
            "The true time of one asset, by the clock on the wall there.",
            valueName: "id=time"
        )
    )
    var clock: String?

    @Option(help: ArgumentHelp("Where the clock was read, such as Europe/London.", valueName: "zone"))
    var zone: String?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let by = words.first.flatMap { TypedSpan.milliseconds($0) }
        guard by == nil || clock == nil else {
            throw Failure.usage("the correction is given twice: as \(words[0]) and with --clock")
        }
        guard by != nil || clock != nil || zone != nil else {
            let first = words.first.map { "\(quoted($0)) is no correction" } ?? "by how much?"
            throw Failure.usage(first, next: "write it as +7m12s, -1h or +0:07:12, or give --clock or --zone")
        }
        let zone = try zone.map { try TypedZone.named($0) }
        let query = try desk.requiredQuery(by == nil ? words : Array(words.dropFirst()))
        let catalog = try desk.catalog()
        let shift = try by ?? clock.map { try ShiftCommand.correction($0, catalog) }
        var parts: [String] = []
        if let shift { parts.append("by \(correctionWords(shift))") }
        if let zone { parts.append("to the zone \(zone.identifier)") }
        let deed = Deed(
            base: "shift",
            past: "shifted",
            tail: parts.joined(separator: " and "),
            rest: "no time is known"
        )
        return try desk.change(deed, catalog, query) { change, assets in
            try change.correctTime(of: assets) { time in
                var edits: [TimeEdit] = []
                if let shift, shift != 0 { edits.append(.shift(shift)) }
                if let zone, let taken = time.takenMilliseconds {
                    edits.append(.offset(TypedZone.offsetMinutes(zone, whenClocksShow: taken + (shift ?? 0))))
                }
                return edits
            }
        }
    }

    /// What the clock of this asset is wrong by.
    private static func correction(_ text: String, _ catalog: Catalog) throws -> Int64 {
        let halves = text.split(separator: "=", maxSplits: 1)
        guard halves.count == 2 else {
            throw Failure.usage(
                "\(quoted(text)) behind --clock is not ID=TIME",
                next: "--clock 3f9a2c1=2016-01-20T17:03:00"
            )
        }
        let asset = try catalog.asset(try catalog.resolve(String(halves[0])))
        let actual = try TypedDate.wall(String(halves[1]), "--clock")
        guard let shown = asset.time.takenMilliseconds else {
            throw Failure(
                .failed,
                "\(asset.shortName) has no time that could be corrected",
                next: "take another asset"
            )
        }
        return actual - shown
    }
}
