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

    /// Every way out, of every preset and with every option.
    static let all: [WayOut] =
        ExportPreset.allCases.flatMap { preset in
            let line =
                "valhalla export \"$SELECTION\" --preset \(preset.rawValue) --to \"$OUT\" --recipient \"$WHO\" --yes"
            return [
                WayOut(name: "\(preset.rawValue)", line: "\(line) --skip-held"),
                WayOut(
                    name: "\(preset.rawValue), every option",
                    line:
                        "\(line) --skip-held --territory CA --place \"$PLACE\" --purpose \(preset.rawValue) --json"
                ),
            ]
        }

    /// Commands that write for others: each must have a way out in `all`.
    static let outward: Set = ["export"]

    /// Commands that write nothing for others: what they print is for who is at work, and what they write lies in the
    /// archive, or beside it for its owner (a backup, sidecars beside the archive's own copies).
    static let forTheHouse: Set = [
        "init", "import", "find", "similar", "show", "set", "tag", "session", "shift", "geotag", "sidecars",
        "select",
        "deliveries", "artists", "submit", "clear", "hold", "restrict", "lift", "withdraw", "approve",
        "release",
        "derive", "previews", "verify", "manifests", "volumes", "log", "undo", "backup", "help",
    ]

    /// Fields that a recipient is meant to read, by the catalogue's name for them; the tags that fill them are found by
    /// asking what the program shows.
    static let letOut = ["title", "caption", "creator", "credit", "copyright", "usage-terms"]
}
