internal import Catalog

/// What `valhalla help` and `--help` know: the commands, the query language, templates, and the manual page.
enum HelpTopic {
    /// Writes the help that is asked for; false when these words ask for none.
    static func answer(_ words: [String], to sink: Sink) throws -> Bool {
        if words.first == "help" {
            try answer(topic: Array(words.dropFirst()), to: sink)
            return true
        }
        let asked = words.prefix { $0 != "--" }.contains { ["--help", "-h"].contains($0) }
        let path = Program.path(of: words)
        // A group of commands on its own can only be asked about, unless one of them is meant by that.
        guard
            asked
                || (words.isEmpty
                    || (path == words && Program.verbs[path[0]]?.isEmpty == false && path.count == 1
                        && !Program.standalone.contains(path[0])))
        else { return false }
        HelpPage(tree: try CommandTree(), path: path).write(to: sink)
        return true
    }

    private static func answer(topic: [String], to sink: Sink) throws {
        switch topic.first {
        case "query": sink.write(query())
        case "json": sink.write(JSONKeys.text())
        case "templates", "template": sink.write(templates())
        case "--man": sink.write(try Manual.page())
        default:
            let path = Program.path(of: topic)
            if path.count < topic.count, let word = topic.dropFirst(path.count).first, !word.hasPrefix("-") {
                let topics =
                    path.isEmpty
                    ? Program.verbs.keys.sorted() + ["query", "templates", "json"]
                    : Program.verbs[path[0], default: []]
                throw Failure.usage(
                    "there is no help on \(quoted((path + [word]).joined(separator: " ")))"
                        + (nearest(to: word, among: topics).map { "; did you mean \($0)?" } ?? ""),
                    next: topics.isEmpty
                        ? "valhalla help " + path.joined(separator: " ")
                        : "topics: " + topics.joined(separator: ", ")
                )
            }
            HelpPage(tree: try CommandTree(), path: path).write(to: sink)
        }
    }

    private static func query() -> String {
        """
        Every command that acts on assets takes the same query, as its last words. Terms that stand
        side by side must all be so.

          valhalla find session:desert kind:photo 'rating>=4' not tag:people/Crew

        The shell has its own use for > < ( ) * " and spaces: put a term that holds one in single quotes.


        """ + QueryHelp.text()
    }

    private static func templates() -> String {
        let widest = Template.assetFields.map(\.name.displayWidth).max() ?? 0
        let fields = Template.assetFields.map { "  \($0.name.padded(to: widest))  \($0.meaning)" }
        return """
            A template is text with places for what is known of an asset.

              valhalla find kind:photo --format '{taken:%Y-%m-%d} {number:03} {title|name|"Untitled"}\\n'

            Of several names the first that has a value is taken, and a text in quotes when none has.
            Behind a name stands how it is written: {number:03} with zeros, {taken:%e %B %Y} in
            strftime’s letters, {tags:; } what goes between. \\n is a new line, \\t a tab, \\0 a zero byte;
            {{ and }} are braces.

            Fields

            """ + fields.joined(separator: "\n") + "\n"
    }
}
