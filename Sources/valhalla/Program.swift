internal import ArgumentParser
internal import Catalog
internal import Glibc

/// One call of the program, from its words to its exit code.
///
/// The only place where errors become words and codes.
struct Program {
    /// The release.
    static let version = "0.1.0"

    let words: [String]
    let environment: [String: String]
    let console: Console

    /// Does what the words say, and returns the exit code.
    func run() -> Int32 {
        let code = attempt()
        console.out.flush()
        console.err.flush()
        if console.out.isBroken { return 0 }
        if let fault = console.out.fault {
            report(
                Failure(
                    .failed,
                    "could not write the output",
                    details: ["cause: \(String(cString: strerror(fault)))"]
                )
            )
            console.err.flush()
            return 1
        }
        return code
    }

    private func attempt() -> Int32 {
        do {
            if try HelpTopic.answer(words, to: console.out) { return 0 }
            let arranged = try Program.arranged(words)
            var command = try parse(arranged)
            guard let verb = command as? any Verb else {
                try command.run()
                return 0
            }
            let desk = Desk(
                console: console,
                globals: verb.globals,
                environment: environment,
                command: Typed.command(words)
            )
            return try verb.run(at: desk).rawValue
        } catch is NobodyReads {
            return 0
        } catch let failure as Failure {
            return report(failure)
        } catch {
            return end(with: error)
        }
    }

    /// Errors that come out of the parser itself are turned to words here, those of a command's own pass.
    private func parse(_ words: [String]) throws -> any ParsableCommand {
        do {
            return try Root.parseAsRoot(words)
        } catch {
            let code = Root.exitCode(for: error)
            guard !code.isSuccess else { throw error }
            throw Failure.usage(
                Program.sentence(Root.message(for: error)),
                next: Program.termMeant(in: words)
                    ?? (["valhalla help"] + Program.path(of: words)).joined(separator: " ")
            )
        }
    }

    private func end(with error: any Error) -> Int32 {
        guard Root.exitCode(for: error).isSuccess else { return report(Failure(describing: error)) }
        console.out.line(Root.fullMessage(for: error, columns: console.out.columns))
        return 0
    }

    @discardableResult
    private func report(_ failure: Failure) -> Int32 {
        console.out.flush()
        if words.contains("--json") {
            console.err.line(failure.json)
        } else {
            failure.write(to: console.err)
        }
        return failure.kind.code
    }

    // MARK: Words as they were typed

    /// Every command with its subcommands.
    static let verbs: [String: [String]] = Dictionary(
        uniqueKeysWithValues: Root.configuration.subcommands.map { verb in
            (name(of: verb), verb.configuration.subcommands.map(name))
        }
    )

    /// Commands with subcommands that do something on their own as well.
    static let standalone = Set(
        Root.configuration.subcommands.filter { $0.configuration.defaultSubcommand != nil }.map(name)
    )

    /// Commands whose own words may stand where the name of a subcommand does: `recall 3f9a2c1`.
    static let wordy: Set = ["recall"]

    /// The commands by what they are for, in the order of the help.
    static let groups: [(title: String, names: [String])] = Root.configuration.groupedSubcommands.map {
        ($0.name, $0.subcommands.map(name))
    }

    /// The names of the command at the beginning of these words, without what stands between and behind.
    static func path(of words: [String]) -> [String] {
        let names = words.filter { !$0.hasPrefix("-") }
        guard let verb = names.first, let subverbs = verbs[verb] else { return [] }
        guard let subverb = names.dropFirst().first, subverbs.contains(subverb) else { return [verb] }
        return [verb, subverb]
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? ""
    }

    /// The words in the order that the parser wants: what every command takes stands behind the command's name,
    /// wherever it was typed, and a clock that is set back is no option.
    static func arranged(_ words: [String]) throws -> [String] {
        var path: [String] = []
        var moved: [String] = []
        var rest = words[...]
        while let word = rest.first {
            let choices = path.isEmpty ? Array(verbs.keys) : verbs[path[0], default: []]
            if Globals.flags.contains(word) || Globals.valued.contains(where: { word.hasPrefix($0 + "=") }) {
                moved.append(word)
                rest = rest.dropFirst()
            } else if Globals.valued.contains(word), rest.count > 1 {
                moved += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if word.hasPrefix("-") || choices.isEmpty || path.count == 2 {
                break
            } else if choices.contains(word) {
                path.append(word)
                rest = rest.dropFirst()
            } else if word == "help", path.isEmpty {
                break
            } else if path.count == 1, wordy.contains(path[0]) {
                break
            } else {
                throw unknown(word, behind: path, choices: choices)
            }
        }
        var behind = Array(rest)
        if path.first == "shift" {
            behind = behind.map { isNegative($0) ? "−" + $0.dropFirst() : $0 }
        }
        // Behind -- everything is a word of the query.
        let end = behind.firstIndex(of: "--") ?? behind.endIndex
        behind.insert(contentsOf: moved, at: end)
        return path + behind
    }

    /// What to type where somebody wrote a field as an option: `rating:4` for `find --rating 4`, and `set rating=4` for
    /// `find set --rating 4`.
    static func termMeant(in words: [String]) -> String? {
        guard let index = words.firstIndex(where: { $0.hasPrefix("--") && $0.count > 2 }) else { return nil }
        let parts = words[index].dropFirst(2).split(separator: "=", maxSplits: 1).map(String.init)
        guard let name = parts.first else { return nil }
        let behind = words[(index + 1)...].first { !$0.hasPrefix("-") }
        let value = parts.count > 1 ? parts[1] : behind
        if words[..<index].contains("set"), let field = EditableField(rawValue: name) {
            let edit = Typed.inShell("\(field.rawValue)=\(value ?? "VALUE")")
            return "valhalla set \(edit) QUERY sets it"
        }
        guard words.first == "find", let field = Query.Field(rawValue: name) else { return nil }
        let term = value.map { "\(field.rawValue):" + ($0.contains(" ") ? "\"\($0)\"" : $0) } ?? field.example
        return "a field is no option: valhalla find \(Typed.inShell(term))"
    }

    private static func isNegative(_ word: String) -> Bool {
        word.hasPrefix("-") && word.dropFirst().first?.isNumber == true
    }

    private static func unknown(_ word: String, behind path: [String], choices: [String]) -> Failure {
        let meant = nearest(to: word, among: choices)
        return .usage(
            "there is no command \(quoted((path + [word]).joined(separator: " ")))"
                + (meant.map { "; did you mean \((path + [$0]).joined(separator: " "))?" } ?? ""),
            next: (["valhalla help"] + path).joined(separator: " ") + " tells what there is"
        )
    }

    /// The parser's sentence in our spelling: `unknown option “--sesion”; did you mean --session?`.
    static func sentence(_ message: String) -> String {
        var text = message.split(separator: "\n").first.map(String.init) ?? message
        if let range = text.firstRange(of: ". Did you mean '") {
            let rest = text[range.upperBound...].replacing("'", with: "")
            text = text[..<range.lowerBound] + "; did you mean " + rest
        }
        var isOpen = false
        var spelled = ""
        for character in text {
            if character == "'" {
                isOpen.toggle()
                spelled += isOpen ? "“" : "”"
            } else {
                spelled.append(character)
            }
        }
        if spelled.hasSuffix(".") { spelled.removeLast() }
        return spelled.prefix(1).lowercased() + spelled.dropFirst()
    }
}
