internal import Glibc

// A reader that goes away is told by the write that fails, not by a signal that kills.
signal(SIGPIPE, SIG_IGN)

let words = Typed.words()
if words == ["--version"] {
    // Before anything else is set up: scripts ask this often.
    print(Program.version)
    exit(0)
}
let environment = currentEnvironment()
exit(Program(words: words, environment: environment, console: .standard(environment: environment)).run())
