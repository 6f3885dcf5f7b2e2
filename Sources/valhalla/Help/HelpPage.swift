/// The help of one command, as a terminal shows it.
struct HelpPage {
    let tree: CommandTree
    let path: [String]

    /// Writes the page.
    func write(to sink: Sink) {
        let width = min(sink.columns ?? 100, 100)
        let command = tree.command(at: path)
        let name = (["valhalla"] + path).joined(separator: " ")
        sink.line(sink.paint(name, .strong) + "  " + (command.abstract ?? ""))
        sink.line()
        sink.line("  " + name + " " + command.synopsis)
        for paragraph in command.paragraphs {
            sink.line()
            if paragraph.hasPrefix("  ") {
                for line in paragraph.split(separator: "\n") { sink.line(String(line)) }
            } else {
                for line in paragraph.wrapped(to: width) { sink.line(line) }
            }
        }
        if path.isEmpty {
            writeGroups(to: sink, width)
        } else {
            list("Commands", command.commands.map { ($0.commandName, $0.abstract ?? "") }, to: sink, width)
            list("Takes", command.own.map { ($0.spelling, $0.meaning) }, to: sink, width)
        }
        guard command.commands.isEmpty else {
            sink.line()
            sink.line((["valhalla help"] + path).joined(separator: " ") + " COMMAND tells more.")
            return
        }
        list("Everywhere", command.shared.map { ($0.spelling, $0.meaning) }, to: sink, width)
    }

    private func writeGroups(to sink: Sink, _ width: Int) {
        for (title, names) in Program.groups {
            list(title, names.map { ($0, tree.command(at: [$0]).abstract ?? "") }, to: sink, width)
        }
        let topics = [
            ("query", "What can be asked of find and every other command."),
            ("templates", "What find --format knows."),
            ("json", "What programs get, key for key."),
        ]
        list("Topics of help", topics, to: sink, width)
    }

    private func list(_ title: String, _ rows: [(name: String, text: String)], to sink: Sink, _ width: Int) {
        guard !rows.isEmpty else { return }
        let names = min(rows.map(\.name.displayWidth).max() ?? 0, 24) + 2
        sink.line()
        sink.line(sink.paint(title, .dim))
        for row in rows {
            let lines = row.text.wrapped(to: max(20, width - names - 2))
            // A long name has its line for itself.
            let isLong = row.name.displayWidth > names - 2
            if isLong { sink.line("  " + row.name) }
            for (index, line) in lines.enumerated() {
                sink.line("  " + (index == 0 && !isLong ? row.name : "").padded(to: names) + line)
            }
        }
    }
}
