internal import Catalog
internal import Files
internal import Glibc

/// What a command works with: somebody who listens, somebody who works, and the archive.
struct Desk {
    let console: Console
    let globals: Globals
    let environment: [String: String]
    /// The command in words, for the log.
    let command: String

    var out: Sink { console.out }
    var err: Sink { console.err }

    /// Milliseconds since 1970.
    func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Milliseconds of a clock that nobody sets.
    func ticks() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// The machine and the person that changes are signed with.
    var author: Author {
        Author(machineIdentity: machineIdentity(), machineName: machineName(), person: person)
    }

    /// Who is at work.
    var person: String {
        for name in [globals.person, environment["VALHALLA_PERSON"]] {
            if let name, !name.isEmpty { return name }
        }
        return userName() ?? environment["USER"] ?? "unknown"
    }

    /// The archive that is meant.
    func archive() throws -> Archive {
        let named = globals.archive ?? environment["VALHALLA_ARCHIVE"].flatMap { TypedPath(argument: $0) }
        guard let folder = named?.absolute else { return try Archive.nearest(to: currentFolder()) }
        let archive = Archive(folder: folder.name == Path(".valhalla") ? folder.folder : folder)
        guard archive.exists else {
            throw CatalogError(
                .noArchive,
                "there is no archive in \(folder.display)",
                next: "valhalla init \(Typed.inShell(folder.display)) makes one"
            )
        }
        return archive
    }

    /// The catalogue of the archive that is meant.
    func catalog() throws -> Catalog {
        try open(try archive())
    }

    /// The catalogue of an archive.
    func open(_ archive: Archive) throws -> Catalog {
        let catalog = try archive.open(by: author, now: now)
        let mounts = Mounts()
        catalog.isMounted = { mounts.hold($0) }
        return catalog
    }

    /// The query that the words are; nothing said is everything, where nothing is changed.
    func query(_ words: [String]) throws -> Query {
        words.isEmpty ? .all : try Query.parse(words.joined(separator: " "))
    }

    /// The query that a command which changes things must have.
    func requiredQuery(_ words: [String]) throws -> Query {
        guard !words.isEmpty else {
            throw Failure.usage(
                "which ones? A command that changes things needs a query",
                next: "add one, such as session:desert; all is everything; valhalla help query tells the rest"
            )
        }
        return try query(words)
    }

    /// Sees that something is where a person said it is.
    func confirm(_ path: Path) throws {
        guard try FileAccess().statusIfThere(of: path) == nil else { return }
        throw Failure(
            .failed,
            "there is nothing there",
            details: ["path:  \(path.display)"],
            next: "look at how the path is written, and whether its disk is here"
        )
    }

    /// Writes a line for programs.
    func json(_ object: JSONObject) {
        out.line(object.line)
    }

    /// Says what came of it, unless nobody wants to know.
    func tell(_ text: String = "") {
        if !globals.quiet, !globals.json { out.line(text) }
    }

    /// Says something beside the matter.
    func remark(_ text: String = "") {
        if !globals.quiet, !globals.json { console.remark(text) }
    }

    /// Ends a long list that nobody reads any more.
    func stopIfNobodyReads() throws {
        if out.isBroken || out.fault != nil { throw NobodyReads() }
    }
}

/// The variables of the environment.
func currentEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
        let pair = Typed.word(
            UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }
        )
        .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
        entry += 1
    }
    return variables
}

/// What tells this machine from every other.
private func machineIdentity() -> String {
    for path in ["/etc/machine-id", "/var/lib/dbus/machine-id"] {
        guard let file = fopen(path, "re") else { continue }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 64)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { continue }
        let text = String(decoding: buffer.prefix { $0 > 0x20 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if text.count >= 8 { return text }
    }
    // A container without an identity of its own: its name is all there is.
    return "host:" + machineName()
}

/// The machine's name, for people.
private func machineName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The full name of this machine's user, or the name they log in with.
private func userName() -> String? {
    guard let entry = getpwuid(getuid()) else { return nil }
    let full = entry.pointee.pw_gecos.map { String(cString: $0) }?.split(separator: ",").first.map(
        String.init
    )
    if let full, !full.isEmpty { return full }
    return entry.pointee.pw_name.map { String(cString: $0) }
}
