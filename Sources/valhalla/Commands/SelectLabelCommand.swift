internal import ArgumentParser
internal import Catalog

/// The command `valhalla select label`.
struct SelectLabelCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Say what the wall says about items: words, medium, size, edition.",
        discussion: """
            What is not named stays as it is; empty words take away what was said. Sizes are height first.

              valhalla select label "Detroit wall" all --medium "Pigment print" --size 60x90cm --edition 1/7 --proofs 2
              valhalla select label "Detroit wall" id:3f9a2c1 --text "The last evening in the desert."
            """
    )

    @Argument(help: ArgumentHelp("The selection.", valueName: "selection"))
    var selection: String

    @OptionGroup var words: QueryWords

    @Option(help: ArgumentHelp("The words below the title.", valueName: "text"))
    var text: String?

    @Option(
        help: ArgumentHelp("What it is printed on: \"Pigment print on cotton paper\".", valueName: "text")
    )
    var medium: String?

    @Option(
        help: ArgumentHelp("Size of the printed image, height first: 60x90cm, 24x36in.", valueName: "size")
    )
    var size: String?

    @Option(help: ArgumentHelp("Which print of how many: 1/7.", valueName: "edition"))
    var edition: String?

    @Option(help: ArgumentHelp("How many artist’s proofs there are besides.", valueName: "count"))
    var proofs: Int?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard text != nil || medium != nil || size != nil || edition != nil || proofs != nil else {
            throw Failure.usage(
                "nothing to say",
                next: "give --text, --medium, --size, --edition or --proofs"
            )
        }
        let size = try size.map { try PrintSize($0) }
        let edition = try edition.map { try PrintEdition($0) }
        if let proofs, proofs < 0 { throw Failure.usage("--proofs cannot be less than 0") }
        let query = try desk.requiredQuery(words.query)
        let catalog = try desk.catalog()
        let name = try catalog.selection(named: selection).name
        let assets = try SelectCommand.items(name, query, catalog)
        let known = Dictionary(
            try catalog.items(of: name).map { ($0.asset, $0.details) },
            uniquingKeysWith: { first, _ in first }
        )
        let deed = Deed(base: "label", past: "labelled", tail: "in \(quoted(name))")
        return try desk.change(deed, catalog, assets) { change, assets in
            try assets.count { asset in
                let old = known[asset] ?? ItemDetails()
                var details = old
                if let text { details.label = text.isEmpty ? nil : text }
                if let medium { details.medium = medium.isEmpty ? nil : medium }
                if let size {
                    (details.heightCentimetres, details.widthCentimetres) = (size.height, size.width)
                }
                if let edition { (details.edition, details.editionOf) = (edition.number, edition.of) }
                if let proofs { details.proofs = proofs == 0 ? nil : proofs }
                guard details != old else { return false }
                try change.describe(asset, inSelection: name, as: details)
                return true
            }
        }
    }
}

/// The size of a print, height first, in centimetres.
struct PrintSize: Hashable {
    var height: Double?
    var width: Double?

    /// `60x90cm`, `60 × 90 cm`, `600x900mm`, `24x36in`; centimetres without a unit.
    ///
    /// Empty is unknown.
    init(_ text: String) throws {
        let plain = text.lowercased().filter { !$0.isWhitespace }
        guard !plain.isEmpty else { return }
        let units = [("cm", 1.0), ("mm", 0.1), ("in", 2.54), ("\"", 2.54), ("m", 100.0)]
        let unit = units.first { plain.hasSuffix($0.0) }
        let sides = plain.dropLast(unit?.0.count ?? 0).split(separator: plain.contains("×") ? "×" : "x")
            .map { Double($0.replacing(",", with: ".")) }
        guard sides.count == 2, let height = sides[0], let width = sides[1], height > 0, width > 0,
            height * (unit?.1 ?? 1) <= 10_000, width * (unit?.1 ?? 1) <= 10_000
        else {
            throw Failure.usage(
                "\(quoted(text)) is no size of a print",
                next: "write it height first: 60x90cm or 24x36in"
            )
        }
        self.height = height * (unit?.1 ?? 1)
        self.width = width * (unit?.1 ?? 1)
    }
}

/// Which print of an edition.
struct PrintEdition: Hashable {
    var number: Int?
    var of: Int?

    /// `1/7`, or `/7` for an edition of which none is numbered yet.
    ///
    /// Empty is none.
    init(_ text: String) throws {
        guard !text.isEmpty else { return }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let of = Int(parts[1]), (1...9_999).contains(of),
            parts[0].isEmpty || Int(parts[0]).map({ (1...of).contains($0) }) == true
        else {
            throw Failure.usage("\(quoted(text)) is no edition", next: "write which print of how many: 1/7")
        }
        number = Int(parts[0])
        self.of = of
    }
}

/// The command `valhalla select show`.
struct SelectShowCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "List a selection in its order, with what the wall says.",
        discussion: "  valhalla select show \"Detroit wall\""
    )

    @Argument(help: ArgumentHelp("The selection.", valueName: "selection"))
    var selection: String

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let catalog = try desk.catalog()
        let found = try catalog.selection(named: selection)
        let items = try catalog.items(of: found.name)
        if globals.json {
            for item in items {
                var object: JSONObject = ["number": JSONValue(item.number)]
                for member in item.details.json.members { object.add(member.name, member.value) }
                object.add("asset", .object(try catalog.found(item.asset).json))
                desk.json(object)
                try desk.stopIfNobodyReads()
            }
            return .done
        }
        if let note = found.note {
            for line in note.wrapped(to: min(desk.out.columns ?? 100, 100)) { desk.out.line(printable(line)) }
            desk.out.line()
        }
        let table = Table(
            [
                .init("#", .right), .init("ID"), .init("NAME", yields: true), .init("TITLE", yields: true),
                .init("SIZE"), .init("EDITION", yields: true), .init("MEDIUM", yields: true),
                .init("LABEL", yields: true), .init("CLEARED FOR", yields: true),
            ],
            to: desk.out
        )
        for item in items {
            let shown = try catalog.found(item.asset)
            table.add([
                .init("\(item.number)"), .init(shown.asset.shortName), .init(shown.asset.name),
                .init(shown.asset.title ?? "–"), .init(item.details.sizeWords ?? "–"),
                .init(item.details.editionWords ?? "–"), .init(item.details.medium ?? "–"),
                .init(item.details.label ?? "–"), shown.clearance,
            ])
        }
        table.finish()
        if items.isEmpty { desk.remark("Nothing is in \(quoted(found.name)) yet.") }
        return .done
    }
}

extension ItemDetails {
    fileprivate var json: JSONObject {
        [
            "text": JSONValue(label), "medium": JSONValue(medium), "height_cm": JSONValue(heightCentimetres),
            "width_cm": JSONValue(widthCentimetres), "edition": JSONValue(edition),
            "edition_of": JSONValue(editionOf),
            "proofs": JSONValue(proofs),
        ]
    }
}
