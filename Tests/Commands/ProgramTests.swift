import Chance
import ArgumentParser
import Catalog
import Files
import Foundation
import Testing

@testable import valhalla

@Suite("The program")
struct ProgramTests {
    /// Runs the program in this process, with somebody who answers.
    private func run(_ words: [String], in shell: Shell, answering answers: [String]? = nil) -> (
        out: String, err: String, code: Int32
    ) {
        let out = Sink(descriptor: nil, isTerminal: answers != nil, columns: answers == nil ? nil : 100)
        let err = Sink(descriptor: nil, isTerminal: answers != nil, columns: answers == nil ? nil : 100)
        var left = answers ?? []
        let console = Console(
            out: out,
            err: err,
            isAttended: answers != nil,
            answer: { left.isEmpty ? nil : left.removeFirst() }
        )
        let program = Program(
            words: words,
            environment: ["VALHALLA_ARCHIVE": shell.folder.path(), "VALHALLA_PERSON": "Andreas Neumann"],
            console: console
        )
        let code = program.run()
        return (out.text, err.text, code)
    }

    private func archive() throws -> Shell {
        let shell = try Shell(shoots: ["desert"])
        #expect(try shell.run("valhalla init -q && valhalla import desert -q").code == 0)
        return shell
    }

    // MARK: Asking

    @Test("Where a person is there to answer, a change is shown and asked for")
    func asks() throws {
        let shell = try archive()
        let no = run(["set", "rating=1", "all"], in: shell, answering: ["n"])
        #expect(no.err.hasPrefix("Set rating to 1 on 20 photographs:\n  "))
        #expect(no.err.contains("  and 15 more\n"))
        #expect(no.err.hasSuffix("Go on? [y/N] Nothing was changed.\n"))
        #expect(no.code == 0)
        #expect(run(["find", "rating:1", "--count"], in: shell).out == "0\n")
        let silence = run(["set", "rating=1", "all"], in: shell, answering: [])
        #expect(silence.err.hasSuffix("Go on? [y/N] \nNothing was changed.\n"))
        let yes = run(["set", "rating=1", "all"], in: shell, answering: ["Y"])
        #expect(yes.out == "Set rating to 1 on 20 photographs\n")
        #expect(run(["find", "rating:1", "--count"], in: shell).out == "20\n")
        let again = run(["set", "rating=1", "all"], in: shell, answering: ["y"])
        #expect(again.out == "Nothing to change on 20 photographs: so already.\n")
        #expect(!again.err.contains("Go on?"))
        let unasked = run(["set", "rating=2", "all", "--yes"], in: shell, answering: [])
        #expect(unasked.err == "" && unasked.code == 0)
        let undone = run(["undo"], in: shell, answering: ["y"])
        #expect(undone.err.contains("Take back change"))
        #expect(run(["find", "rating:1", "--count"], in: shell).out == "20\n")
    }

    @Test("Scripts are not asked, and a dry run changes nothing")
    func scripts() throws {
        let shell = try archive()
        let dry = run(["tag", "add", "x", "all", "--dry-run"], in: shell)
        #expect(dry.out.hasPrefix("Tag 20 photographs with x:\n"))
        #expect(dry.out.hasSuffix("\nNothing was changed.\n") && dry.err == "")
        #expect(run(["tag", "list", "x"], in: shell).code == 1)
        #expect(run(["log", "--json"], in: shell).out.split(separator: "\n").count == 1)
        #expect(run(["tag", "add", "x", "all", "-q"], in: shell).out == "")
        #expect(run(["tag", "list", "x"], in: shell).out == "TAG  ASSETS\nx        20\n")
    }

    // MARK: Ways out

    @Test("A reader that goes away ends it quietly")
    func brokenPipe() throws {
        let shell = try archive()
        let result = try shell.run("valhalla find all --json | head -1 | wc -l; echo ${PIPESTATUS[0]}")
        #expect(result.output == "1\n0\n" && result.errors == "")
        let paths = try shell.run("valhalla find all --paths -0 | true; echo ${PIPESTATUS[0]}")
        #expect(paths.output == "0\n")
    }

    @Test("A full disk under the output is an error, not a shorter list")
    func fullOutput() throws {
        let shell = try archive()
        let result = try shell.run("valhalla find all --csv > /dev/full")
        #expect(result.code == 1)
        #expect(
            result.errors.hasPrefix("valhalla: could not write the output\n  cause: No space left on device")
        )
    }

    @Test("Data goes to standard output alone, remarks to the other")
    func streams() throws {
        let shell = try archive()
        let result = try shell.run("valhalla find --limit 2")
        #expect(result.output.split(separator: "\n").count == 3)
        #expect(result.errors == "2 of 20 shown\n")
        #expect(!result.output.contains("\u{1B}"))
    }

    @Test("A writer who is at work is named, with since when and what for")
    func locked() throws {
        let shell = try archive()
        let author = Author(machineIdentity: "another", machineName: "studio", person: "Josh Homme")
        let catalog = try Archive(folder: Path(shell.folder.path())).open(by: author) {
            Int64(Date().timeIntervalSince1970 * 1_000)
        }
        var result: Shell.Result?
        try catalog.change("tag add x all") { change in
            _ = change
            result = try shell.run("valhalla tag add y all")
        }
        let told = try #require(result)
        #expect(told.code == 11)
        #expect(told.errors.contains("another program is writing to it"))
        #expect(told.errors.contains("Josh Homme on studio, since 20"))
        #expect(told.errors.contains("tag add x all"))
    }

    @Test("A file’s name that is no UTF-8 is imported and listed byte for byte")
    func strangeNames() throws {
        let shell = try Shell(shoots: ["desert"])
        let result = try shell.run(
            """
            valhalla init -q
            mkdir -p $'sh\\xffot'
            cp desert/100LEICA/L1002338.JPG $'sh\\xffot/one\\ntwo\\x1b[2J\\xfe.jpg'
            valhalla import $'sh\\xffot' -q
            valhalla find --paths -0 | xargs -0 stat -c %s
            valhalla find
            """
        )
        #expect(result.output.hasPrefix("44593\n"))
        #expect(!result.output.contains("\u{1B}"))
        #expect(result.errors == "1 photograph\n")
    }

    // MARK: Words

    @Test("Words that are no text travel through the parser and become bytes again", arguments: 0..<100)
    func words(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
            UInt8.random(in: 1...255, using: &random)
        }
        #expect(Typed.path(Typed.word(bytes)) == Path(bytes: bytes), "seed \(seed): \(bytes)")
    }

    @Test("What every command takes may stand anywhere")
    func arranged() throws {
        #expect(try Program.arranged(["--archive", "x", "find", "a"]) == ["find", "a", "--archive", "x"])
        #expect(
            try Program.arranged(["-n", "tag", "--json", "add", "t", "all"]) == [
                "tag", "add", "t", "all", "-n", "--json",
            ]
        )
        #expect(try Program.arranged(["--as=me", "find", "--", "-n"]) == ["find", "--as=me", "--", "-n"])
        #expect(try Program.arranged(["shift", "-1h", "all"]) == ["shift", "−1h", "all"])
        #expect(try Program.arranged(["find", "tag"]) == ["find", "tag"])
        #expect(throws: Failure.self) { try Program.arranged(["serve"]) }
        #expect(throws: Failure.self) { try Program.arranged(["merge", "other"]) }
    }

    @Test("The log has the command as it could be typed again")
    func commands() {
        #expect(
            Typed.command(["tag", "add", "people/Iggy Pop", "-n", "all"]) == "tag add 'people/Iggy Pop' all"
        )
        #expect(
            Typed.command(["--archive", "x", "set", "title=it’s \"so\"", "--yes", "--as=me", "all"])
                == "set 'title=it’s \"so\"' all"
        )
        #expect(Typed.command(["set", "title=it's", "all"]) == "set \"title=it's\" all")
        #expect(Typed.command(["shift", "-1h", ""]) == "shift -1h ''")
    }

    // MARK: Errors

    private func rendered(_ failure: Failure, hasColour: Bool = false) -> String {
        let sink = Sink(
            descriptor: nil,
            isTerminal: hasColour,
            columns: hasColour ? 60 : nil,
            hasColour: hasColour
        )
        failure.write(to: sink)
        return sink.text
    }

    @Test("An error says what was being done, to which path, what the system said, and what to do next")
    func errors() {
        #expect(
            rendered(Failure(describing: FileError("read it", Path("/media/CARD-A/L1.DNG"), .system(EIO))))
                == """
                valhalla: could not read it
                  path:  /media/CARD-A/L1.DNG
                  cause: input/output error
                  next:  the disk or card may be failing: copy what can be read, and try another reader or cable

                """
        )
        let locked = CatalogError(
            .locked,
            "could not write to the catalogue",
            details: ["by:    Josh"],
            next: "wait"
        )
        #expect(
            rendered(Failure(describing: locked))
                == "valhalla: could not write to the catalogue\n  by:    Josh\n  next:  wait\n"
        )
        #expect(Failure(describing: locked).kind.code == 11)
        #expect(
            Failure(describing: locked).json
                == #"{"error":"locked","code":11,"message":"could not write to the catalogue","details":["by:    Josh"],"next":"wait"}"#
        )
        #expect(Failure(describing: FileError("read", Path("x"), .stopped)).kind.code == 130)
    }

    @Test("A refusal lists who said no, in colour where there is any")
    func refusals() {
        var failure = Failure(.notCleared, "1 of 18 not cleared for press")
        failure.label = "refused:"
        failure.aside = "(nothing written)"
        failure.rows = [
            [
                .init("3f9a2c1", .strong), .init("A figure\u{1B} on the ridge"),
                .init("held by Josh Homme", .bad),
            ]
        ]
        failure.next = [.words("see  "), .type("valhalla show 3f9a2c1 --rights")]
        #expect(
            rendered(failure) == """
                refused: 1 of 18 not cleared for press   (nothing written)
                  3f9a2c1  A figure\\x1b on the ridge  held by Josh Homme
                  see  valhalla show 3f9a2c1 --rights

                """
        )
        let coloured = rendered(failure, hasColour: true)
        #expect(coloured.hasPrefix("\u{1B}[31mrefused:\u{1B}[0m 1 of 18"))
        #expect(coloured.contains("\u{1B}[33mvalhalla show 3f9a2c1 --rights\u{1B}[0m"))
    }

    // MARK: Help

    @Test("Every command has an abstract and examples, and the examples parse")
    func examples() throws {
        var parsed = 0
        func look(at command: any ParsableCommand.Type) throws {
            let configuration = command.configuration
            #expect(configuration.abstract.hasSuffix("."), "\(command)")
            let examples = configuration.discussion.split(separator: "\n").map { $0.drop { $0 == " " } }
                .filter { $0.hasPrefix("valhalla ") }
            #expect(!examples.isEmpty, "\(command) has no example")
            for example in examples {
                // What stands behind wide room is a remark.
                let line = String(example).split(separator: "    ").first.map(String.init) ?? ""
                let words = Array(try shellWords(line).dropFirst())
                guard words.first != "help" else { continue }
                #expect(throws: Never.self, "\(line)") {
                    _ = try Root.parseAsRoot(try Program.arranged(words))
                }
                parsed += 1
            }
            for subcommand in configuration.subcommands { try look(at: subcommand) }
        }
        try look(at: Root.self)
        #expect(parsed > 60)
    }

    /// The words that a shell makes of a line, up to a pipe.
    private func shellWords(_ line: String) throws -> [String] {
        let result = try Shell().run(
            "set -f; words=(\(line.firstMatch(of: #/ [|>] /#).map { String(line[..<$0.range.lowerBound]) } ?? line)); printf '%s\\n' \"${words[@]}\""
        )
        try #require(result.code == 0, "\(line): \(result.errors)")
        return result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
            String.init
        )
    }

    @Test("Help, the query language, templates and the manual page are there")
    func help() throws {
        let shell = try Shell()
        for (words, piece) in [
            ("", "Keeps one body of work"), ("--help", "Keeps one body of work"),
            ("help find", "--sort field"),
            ("find --help", "--sort field"), ("tag", "merge"), ("tag add -h", "people/Iggy Pop"),
            ("help query", "taken:2016-01..2016-03"), ("help templates", "{number:03}"),
            ("help json", "camera_clock"),
            ("help --man", ".SH EXIT STATUS"),
            ("--generate-completion-script bash", "complete -o filenames -F"),
            ("--generate-completion-script zsh", "#compdef valhalla"),
            ("--generate-completion-script fish", "complete -c 'valhalla'"), ("--version", Program.version),
        ] {
            let result = try shell.run("valhalla \(words)")
            #expect(result.code == 0, "\(words)")
            #expect(result.output.contains(piece), "\(words)")
            #expect(result.errors == "", "\(words)")
        }
        let all = try shell.run("valhalla; valhalla --help; valhalla help find").output
        for later in ["merge OTHER", "serve"] { #expect(!all.contains(later)) }
        #expect(all.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test("An import counts what it archived and could not understand, before it names it")
    func unreadable() throws {
        let shell = try Shell()
        let result = try shell.run(
            #"valhalla init && mkdir shoot && printf '\377\330\377\340' > shoot/a.jpg && valhalla import shoot"#
        )
        #expect(result.code == 0, "its bytes are there, whole")
        #expect(
            result.output.contains(
                "1 file cannot be understood and is archived all the same: valhalla find is:unreadable"))
        #expect(result.output.contains("unreadable  a.jpg"))
    }

    @Test("The keys that are promised are the keys that come")
    func keys() throws {
        let shell = try archive()
        let line = try shell.run("valhalla find id:f3fa3f2 --json").output
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(Set(object.keys) == Set(JSONKeys.asset.map(\.key)))
    }

    @Test(
        "The manual page is sound roff",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/groff"))
    )
    func manual() throws {
        let result = try Shell().run("valhalla help --man | groff -man -Tutf8 -ww > page; grep -c . page")
        #expect(result.code == 0 && result.errors == "")
    }
}
