internal import ArgumentParser
internal import Foundation

/// What the parser knows of every command, for the help and the manual page: neither is ever behind.
struct CommandTree {
    let root: Command

    init() throws {
        // The parser's own description is public as JSON alone.
        root = try JSONDecoder().decode(Tool.self, from: Data(Root._dumpHelp().utf8)).command
    }

    /// The command of these names, one below the other.
    func command(at path: [String]) -> Command {
        path.reduce(root) { command, name in command.commands.first { $0.commandName == name } ?? command }
    }

    private struct Tool: Decodable {
        let command: Command
    }

    /// One command.
    struct Command: Decodable {
        let commandName: String
        let abstract: String?
        let discussion: String?
        private let subcommands: [Command]?
        private let arguments: [Argument]?

        /// The commands below it, without the parser's own.
        var commands: [Command] { (subcommands ?? []).filter { $0.commandName != "help" } }

        /// What it takes beyond what every command takes.
        var own: [Argument] { (arguments ?? []).filter { !$0.isGlobal && !$0.isBuiltIn } }

        /// What every command takes.
        var shared: [Argument] { (arguments ?? []).filter(\.isGlobal) }

        /// Paragraphs of the discussion; examples are indented.
        var paragraphs: [String] { (discussion ?? "").split(separator: "\n\n").map(String.init) }

        /// What stands behind its name: `[query …] [options]`.
        var synopsis: String {
            if !commands.isEmpty { return "command …" }
            let words = own.filter(\.isPositional).map { argument in
                let name = argument.valueName ?? ""
                let text = argument.isRepeating ? "\(name) …" : name
                return argument.isOptional && !["query", "words"].contains(name) ? "[\(text)]" : text
            }
            return (words + (own.contains { !$0.isPositional } ? ["[options]"] : [])).joined(separator: " ")
        }
    }

    /// One argument, option or flag.
    struct Argument: Decodable {
        let kind: String
        let isOptional: Bool
        let isRepeating: Bool
        let names: [Name]?
        let valueName: String?
        let abstract: String?
        let defaultValue: String?

        struct Name: Decodable {
            let kind: String
            let name: String
        }

        /// True for what is told by its place.
        var isPositional: Bool { kind == "positional" }

        private var spellings: [String] {
            (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }.sorted { $0.count < $1.count }
        }

        /// How it is typed: `-n, --dry-run`, `--limit count`.
        var spelling: String {
            isPositional
                ? valueName ?? ""
                : spellings.joined(separator: ", ") + (kind == "option" ? " \(valueName ?? "value")" : "")
        }

        /// What it is good for.
        var meaning: String {
            let text = abstract ?? ""
            guard kind == "option", let defaultValue else { return text }
            return text + " Else \(defaultValue)."
        }

        fileprivate var isGlobal: Bool {
            spellings.contains { Globals.flags.union(Globals.valued).contains($0) }
        }
        fileprivate var isBuiltIn: Bool { spellings.contains { ["--help", "--version"].contains($0) } }
    }
}
