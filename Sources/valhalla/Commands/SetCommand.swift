internal import ArgumentParser
internal import Catalog

/// The command `valhalla set`.
struct SetCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set title, caption, rating and other words.",
        usage: "valhalla set <field=value> ... <query> ...",
        discussion: """
            FIELD=VALUE sets, FIELD+=MORE adds words behind, FIELD-=PART takes a part out. FIELD= takes away what a \
            person set, so that the file’s own word counts again; a word that only the file has is left out. The file \
            itself is never written to.

            Fields: \(EditableField.allCases.map(\.rawValue).joined(separator: ", ")).
            rating is 0 to 5, or -1 for rejected; pick is picked, rejected or none.

              valhalla set title="Red sky" id:3f9a2c1
              valhalla set rating=5 label=Blue session:desert name:L1002341
              valhalla set caption+="Joshua Tree." session:desert not caption:*
              valhalla set pick=rejected is:unreadable
            """
    )

    @Argument(
        help: ArgumentHelp("What to set, and behind it which: field=value … query.", valueName: "words")
    )
    var words: [String] = []

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let count = words.firstIndex { !SetCommand.isEdit($0) } ?? words.endIndex
        guard count > 0 else {
            throw Failure.usage(
                "nothing to set",
                next: "valhalla set FIELD=VALUE QUERY, such as rating=5 id:3f9a2c1"
            )
        }
        let edits = try words[..<count].map { word in try reading { try FieldEdit(word) } }
        let query = try desk.requiredQuery(Array(words[count...]))
        let catalog = try desk.catalog()
        let said = edits.map(\.words).joined(separator: ", ")
        let deed = Deed(base: "set \(said) on", past: "set \(said) on", tail: "")
        return try desk.change(deed, catalog, query) { change, assets in try change.set(edits, of: assets) }
    }

    /// True for `title=…`, `caption+=…`; a term of a query has its field behind `:` or a comparison.
    static func isEdit(_ word: String) -> Bool {
        guard let equals = word.firstIndex(of: "=") else { return false }
        var name = word[..<equals]
        if name.last == "+" || name.last == "-" { name = name.dropLast() }
        return !name.isEmpty && name.allSatisfy { $0.isLetter || $0 == "-" || $0 == "_" }
    }
}

extension FieldEdit {
    /// The edit as a sentence has it: `rating to 5`.
    fileprivate var words: String {
        switch self {
        case .text(let field, let text): "\(field.rawValue) to \(quoted(text))"
        case .number(let field, let number) where field == .pick:
            "pick to \(number > 0 ? "picked" : "rejected")"
        case .number(let field, let number): "\(field.rawValue) to \(number)"
        case .append(let field, let text): "\(field.rawValue) to end with \(quoted(text))"
        case .cut(let field, let text): "\(field.rawValue) to leave out \(quoted(text))"
        case .clear(let field): "\(field.rawValue) to what it was, or to nothing"
        }
    }
}
