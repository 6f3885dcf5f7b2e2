internal import Catalog

/// The manual page, in roff's `man` macros.
enum Manual {
    /// The page.
    static func page() throws -> String {
        let tree = try CommandTree()
        var roff = Roff()
        roff.line(".TH VALHALLA 1 \"\" \"valhalla \(Program.version)\" \"User Commands\"")
        roff.section("NAME")
        roff.line("valhalla \\- " + Roff.escaped(tree.root.abstract ?? ""))
        roff.section("SYNOPSIS")
        roff.line(".B valhalla")
        roff.line(".I command")
        roff.line("[options] [query]")
        roff.section("DESCRIPTION")
        roff.add(tree.root.paragraphs)
        roff.section("COMMANDS")
        for command in tree.root.commands { add(command, behind: ["valhalla"], to: &roff) }
        roff.section("OPTIONS OF EVERY COMMAND")
        for argument in tree.root.commands.first?.shared ?? [] {
            roff.term(argument.spelling, argument.meaning)
        }
        roff.section("QUERIES")
        roff.verbatim(QueryHelp.text())
        roff.section("ENVIRONMENT")
        roff.term("VALHALLA_ARCHIVE", "The folder of the archive, where --archive is not given.")
        roff.term("VALHALLA_PERSON", "Who is at work, where --as is not given.")
        roff.term("NO_COLOR", "If set and not empty, nothing is coloured.")
        roff.section("EXIT STATUS")
        for (code, meaning) in [
            ("0", "done"), ("1", "failed"), ("3", "partly done"), ("4", "refused by clearance"),
            ("10", "no archive here"), ("11", "locked by another program, which is named"),
            ("64", "called wrongly"),
            ("130", "stopped"),
        ] { roff.term(code, meaning) }
        return roff.page
    }

    private static func add(_ command: CommandTree.Command, behind path: [String], to roff: inout Roff) {
        let full = path + [command.commandName]
        roff.heading(full.joined(separator: " ") + " " + command.synopsis)
        roff.add([command.abstract ?? ""] + command.paragraphs)
        for argument in command.own { roff.term(argument.spelling, argument.meaning) }
        for subcommand in command.commands { add(subcommand, behind: full, to: &roff) }
    }
}

/// A manual page that is being written.
private struct Roff {
    private(set) var page = ""

    /// Text as roff prints it: hyphens that can be copied, no accidental request, and characters beyond ASCII by
    /// number, for those who format pages without UTF-8.
    static func escaped(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": plain += "\\e"
            case "-": plain += "\\-"
            case _ where scalar.isASCII: plain.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                plain += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
            }
        }
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
    }

    mutating func line(_ line: String) { page += line + "\n" }
    mutating func section(_ title: String) { line(".SH \(title)") }
    mutating func heading(_ title: String) { line(".SS \(Roff.escaped(title))") }

    mutating func term(_ name: String, _ meaning: String) {
        line(".TP")
        line("\\fB\(Roff.escaped(name))\\fR")
        line(Roff.escaped(meaning))
    }

    /// Paragraphs, and examples where lines are indented.
    mutating func add(_ paragraphs: [String]) {
        for paragraph in paragraphs {
            if paragraph.hasPrefix("  ") {
                verbatim(paragraph)
            } else {
                line(".PP")
                line(Roff.escaped(paragraph.split(separator: "\n").joined(separator: " ")))
            }
        }
    }

    mutating func verbatim(_ text: String) {
        line(".PP")
        line(".nf")
        for row in text.split(separator: "\n", omittingEmptySubsequences: false) {
            line(Roff.escaped(String(row)))
        }
        line(".fi")
    }
}
