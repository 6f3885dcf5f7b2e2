import Export

/// A way by which something leaves the house: what is typed, and what it makes.
///
/// Whoever adds a preset, a command that writes for others or an option that changes what is written adds a line here; the
/// suite fails for a preset or a command that is not named.
struct WayOut {
    /// What the table calls it.
    let name: String
    /// A line of shell that writes into the folder `$OUT`, with the selection in `$SELECTION` and the recipient in `$WHO`.
    let line: String
    /// What this recipient is meant to read beside the fields of the works, by the names that the house has for it.
    var tells: Set<String> = []
    /// The fields of the works that may be read.
    var fields = letOut
    /// What stays in the house shows it what is held, too.
    var showsHeld = false
    /// The least that it writes, so that a way which writes nothing does not pass for tight.
    var fewestFiles = 20
    /// How its files are numbered.
    var numbering: String?

    /// Every way out, of every preset and with every option.
    static let all: [WayOut] =
        ExportPreset.allCases.flatMap { preset in
            let line =
                "valhalla export \"$SELECTION\" --preset \(preset.rawValue) --to \"$OUT\" --recipient \"$WHO\" --yes"
            return [
                WayOut(
                    name: "\(preset.rawValue)", line: "\(line) --skip-held", numbering: #"data/([0-9]{3})_"#),
                WayOut(
                    name: "\(preset.rawValue), every option",
                    line:
                        "\(line) --skip-held --territory CA --place \"$PLACE\" --purpose \(preset.rawValue) --json",
                    numbering: #"data/([0-9]{3})_"#
                ),
            ]
        } + [
            WayOut(
                name: "exhibit, for the house alone",
                line:
                    "valhalla export \"$SELECTION\" --preset exhibit --to \"$OUT\" --recipient \"$WHO\" --yes --purpose internal",
                showsHeld: true, numbering: #"data/([0-9]{3})_"#)
        ] + reviews + [
            WayOut(
                name: "letters of a recall",
                line:
                    "valhalla withdraw cleared:exhibit --for exhibit --reason \"$REASON\" --yes && "
                    // The letter to somebody else is theirs, and what they had is no business of this one.
                    + "valhalla recall state:withdrawn --to \"$OUT\" --yes && rm \"$OUT\"/*\"$OTHER\"*",
                fewestFiles: 2),
            WayOut(
                name: "letter for proofs",
                line:
                    "valhalla clear all --for press --by \"$ARTIST\" --despite-words --yes && "
                    + "valhalla withdraw cleared:press --for press --reason \"$REASON\" --yes && "
                    + "valhalla recall state:withdrawn --to \"$OUT\" --yes",
                // Who is asked is who was sent the proofs, and whose the works are signs.
                tells: ["decider"], fields: ["creator"], fewestFiles: 2),
        ]

    private static let reviews: [WayOut] = {
        let line =
            "valhalla review new \"$REVIEW\" \"selection:$SELECTION\" --for \"$ARTIST\" --purpose press --to \"$OUT\" --skip-held --yes"
        let numbering = #"^review-[^/]*/([0-9]{3})[^/]*\.jpg$"#
        return [
            WayOut(
                // Whose the works are is who sends them.
                name: "review", line: line, tells: ["decider"], fields: ["creator"], fewestFiles: 15,
                numbering: numbering),
            WayOut(
                name: "review, every option",
                line: line.replacing("review new", with: "review new --captions --note \"$NOTE\"")
                    .replacing("$REVIEW", with: "$REVIEW again"),
                tells: ["decider", "review note"], fewestFiles: 15, numbering: numbering),
        ]
    }()

    /// Commands that write for others: each must have a way out in `all`.
    static let outward: Set = ["export", "review", "recall"]

    /// Commands that write nothing for others: what they print is for who is at work, and what they write lies in the
    /// archive, or beside it for its owner (a backup, sidecars beside the archive's own copies, a report of every decision).
    static let forTheHouse: Set = [
        "init", "import", "find", "clearance", "similar", "show", "set", "tag", "session", "shift", "geotag",
        "sidecars",
        "select",
        "deliveries", "artists", "submit", "clear", "hold", "restrict", "lift", "withdraw", "approve",
        "release",
        "derive", "previews", "verify", "manifests", "volumes", "log", "undo", "backup", "help",
    ]

    /// Fields that a recipient is meant to read, by the catalogue's name for them; the tags that fill them are found by
    /// asking what the program shows.
    static let letOut = ["title", "caption", "creator", "credit", "copyright", "usage-terms"]
}
