internal import ArgumentParser
internal import Catalog

/// The command `valhalla shift`.
struct ShiftCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "shift",
        abstract: "Correct a camera’s clock.",
        usage: "valhalla shift <by> [--zone <zone>] [--utc] <query> ...\n"
            + "valhalla shift --clock <id=time> [--zone <zone>] [<query> ...]",
        discussion: """
            What the camera wrote stays; the correction is kept beside it, on top of earlier ones. BY is +7m12s, -1h, \
            +1d2h or +0:07:12.

            With --clock it is computed from one asset whose true time you know, by the clock on the wall there. \
            TIME may end in its offset, 2016-01-20T17:03:00-08:00, which then counts for all. Without a query it \
            corrects everything that the same camera took in the sessions of that asset: same make, model and serial \
            number. Where a camera says no serial number, two bodies of one model cannot be told apart: give a query, \
            or --yes if there was only one.

            --zone says where the clock was read: offsets follow its daylight saving, day for day. --utc says that the \
            clock showed UTC, as that of some film cameras does wherever they are; --no-utc that it showed the time there.

              valhalla shift +7m12s session:Desert 'camera:"Leica M"'
              valhalla shift --clock 3f9a2c1=2016-01-20T17:03:00
              valhalla shift --clock 3f9a2c1=2016-01-20T17:03:00-08:00 session:Desert serial:4711
              valhalla shift --zone Europe/London 'session:"Royal Albert Hall"'
              valhalla shift --utc --zone Europe/London kind:clip camera:FX6
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

    @Flag(inversion: .prefixedNo, help: "The clock showed UTC; or with --no-utc, the time there.")
    var utc: Bool?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let by = words.first.flatMap { TypedSpan.milliseconds($0) }
        guard by == nil || clock == nil else {
            throw Failure.usage("the correction is given twice: as \(words[0]) and with --clock")
        }
        guard by != nil || clock != nil || zone != nil || utc != nil else {
            let first = words.first.map { "\(quoted($0)) is no correction" } ?? "by how much?"
            throw Failure.usage(
                first, next: "write it as +7m12s, -1h or +0:07:12, or give --clock, --zone or --utc")
        }
        var zone = try zone.map { try TypedZone.named($0) }
        let rest = by == nil ? words : Array(words.dropFirst())
        let query = clock == nil || !rest.isEmpty ? try desk.requiredQuery(rest) : nil
        let catalog = try desk.catalog()
        var shift = by
        var offset: Int?
        var known: AssetID?
        if let clock {
            let reading = try ClockReading(clock, catalog)
            guard zone == nil || (reading.zone == nil && reading.offset == nil) else {
                throw Failure.usage("where the clock was read is said twice: in the time and with --zone")
            }
            (shift, offset, known) = (reading.correction, reading.offset, reading.asset)
            zone = zone ?? reading.zone
        }
        let edits = edits(shift: shift, offset: offset, zone: zone)
        func correct(_ change: Change, _ assets: [AssetID]) throws -> Int {
            try change.correctTime(of: assets) { _ in edits }
        }
        let deed = deed(shift: shift, offset: offset, zone: zone)
        if let query { return try desk.change(deed, catalog, query, body: correct) }
        guard let known else { return .done }
        let roll = try Roll(of: known, in: catalog)
        try roll.warn(at: desk)
        return try desk.change(deed.of(roll.words), catalog, roll.roll.assets, body: correct)
    }

    private func edits(shift: Int64?, offset: Int?, zone: String?) -> [TimeEdit] {
        var edits: [TimeEdit] = []
        if let utc { edits.append(.showedUTC(utc)) }
        if let shift, shift != 0 { edits.append(.shift(shift)) }
        if let offset { edits.append(.offset(offset)) }
        if let zone { edits.append(.zone(zone)) }
        return edits
    }

    private func deed(shift: Int64?, offset: Int?, zone: String?) -> Deed {
        var parts: [String] = []
        if let shift { parts.append("by \(correctionWords(shift))") }
        if let offset { parts.append("to the offset \(offsetWords(offset))") }
        if let zone { parts.append("to the zone \(zone)") }
        let clock = utc.map { $0 ? "a clock that showed UTC" : "a clock that showed the time there" }
        guard !parts.isEmpty else {
            return Deed(
                base: "read", past: "read", tail: "as from \(clock ?? "")",
                rest: "no time is known, or so already")
        }
        return Deed(
            base: "shift", past: "shifted",
            tail: parts.joined(separator: " and ") + (clock.map { ", from \($0)" } ?? ""),
            rest: "no time is known, or it is right already")
    }
}

/// `3f9a2c1=2016-01-20T17:03:00-08:00`: an asset whose true time is known.
private struct ClockReading {
    let asset: AssetID
    /// What its clock is wrong by.
    let correction: Int64
    /// The offset that the time ends in.
    let offset: Int?
    /// The zone that the time ends in.
    let zone: String?

    init(_ text: String, _ catalog: Catalog) throws {
        let halves = text.split(separator: "=", maxSplits: 1)
        guard halves.count == 2 else {
            throw Failure.usage(
                "\(quoted(text)) behind --clock is not ID=TIME",
                next: "--clock 3f9a2c1=2016-01-20T17:03:00"
            )
        }
        let actual = try TypedReading(String(halves[1]), "--clock")
        let asset = try catalog.asset(try catalog.resolve(String(halves[0])))
        guard let shown = asset.time.takenMilliseconds else {
            throw Failure(
                .failed,
                "\(asset.shortName) has no time that could be corrected",
                next: "take another asset"
            )
        }
        self.asset = asset.id
        correction = actual.wall - shown
        offset = actual.offset
        zone = actual.zone
    }
}

/// What the camera of an asset took in its sessions, and what is to be said before anything is done to it.
private struct Roll {
    let roll: CameraRoll
    private let camera: String
    private let name: String

    init(of asset: AssetID, in catalog: Catalog) throws {
        let known = try catalog.asset(asset)
        name = known.shortName
        guard let camera = known.camera, known.model != nil else {
            throw Failure(
                .failed, "\(name) does not say which camera took it, so its others cannot be found",
                next: "give a query that chooses them, behind the time")
        }
        self.camera = camera
        roll = try catalog.cameraRoll(of: asset)
        guard !roll.sessions.isEmpty else {
            throw Failure(
                .failed, "\(name) is in no session, so what else its camera took there cannot be found",
                next: "give a query that chooses the others, behind the time; or put them into a session")
        }
    }

    /// `of LEICA M (Typ 240), serial 4712038, in the session Desert`.
    var words: String {
        "of \(camera)" + (roll.serial.map { ", serial \($0)," } ?? "")
            + " in the session\(roll.sessions.count == 1 ? "" : "s") \(listed(roll.sessions.map(quoted)))"
    }

    /// Says what nobody can know; refuses where it matters and nobody is there to answer.
    func warn(at desk: Desk) throws {
        if roll.serial == nil {
            let trouble =
                "\(camera) writes no serial number, so two bodies of that model cannot be told apart"
            guard desk.globals.yes || desk.globals.dryRun || desk.isAsking else {
                throw Failure(
                    .failed, trouble,
                    details: ["this would touch \(counted(roll.assets.count, "asset")) \(words)"],
                    next: "--yes if there was only one body; or give a query that chooses what this one took")
            }
            desk.remark(capitalised(trouble) + ": all that say none are taken for one.")
        }
        if roll.unnumbered > 0 {
            desk.remark(
                "\(counted(roll.unnumbered, "asset")) of the same model there "
                    + (roll.unnumbered == 1 ? "says" : "say")
                    + " no serial number and may be of this body or of another: left as they are.")
        }
        if roll.others > 0 {
            desk.remark(
                "\(counted(roll.others, "asset")) of the same model there "
                    + (roll.others == 1 ? "is" : "are") + " of another body: left as they are.")
        }
    }
}
