import Foundation
import Testing

/// An archive in which everything that can be said is a canary, with a selection that is cleared but for two neighbours.
final class House {
    let shell: Shell
    let shoot: PlantedShoot
    /// Canaries that the recipient of a delivery is meant to read.
    private var allowed: Set<Int?> = []
    /// By field of the works: the canaries that the program itself shows there.
    private var shown: [String: Set<Int?>] = [:]
    /// The same of all works, the held among them.
    private var shownInside: [String: Set<Int?>] = [:]
    /// How many stand in what people said, and how many in what is said of the held.
    private(set) var said = 0
    private(set) var heldCount = 0
    private var words: [String: String] = [:]
    private var environment: [String: String] = [:]

    /// Words that are no canaries and none of a recipient's business.
    let secrets: [String]

    init(in shell: Shell) throws {
        self.shell = shell
        shoot = try PlantedShoot(in: shell)
        let held = try shoot.neighbours()
        let host = Host.current().name ?? ""
        secrets = ["/tmp/", shell.folder.lastPathComponent, host].filter { $0.count > 4 && $0 != "localhost" }
        for name in [
            "user", "archive", "session", "tag", "keyword", "person", "decider", "reason", "hold reason",
            "evidence", "other recipient", "set instructions", "held caption", "holder", "submit reason",
            "other selection", "other note", "other label", "earlier selection",
            "review name", "review note", "withdrawal reason",
        ] { words[name] = shoot.word(name) }
        // The folder, and the name of every file but the sidecar's, which is another's.
        said = words.count + 1 + shoot.planted.count - 1
        for name in ["selection", "note", "recipient", "place", "label", "medium", "credit"] {
            words[name] = shoot.word("the \(name)")
            allow(words[name])
        }
        environment = [
            "USER": word("user"), "LOGNAME": word("user"), "VALHALLA_PERSON": word("user"),
            "VALHALLA_ARCHIVE": shell.folder.appending(path: word("archive")).path(),
            "SELECTION": word("selection"), "WHO": word("recipient"), "PLACE": word("place"),
            "REVIEW": word("review name"), "ARTIST": word("decider"), "NOTE": word("review note"),
            "REASON": word("withdrawal reason"), "OTHER": word("other recipient"),
        ]
        try fill(held)
        allowShown()
    }

    private func word(_ name: String) -> String { words[name] ?? "" }

    private func allow(_ word: String?) {
        if let word, let number = Int(word.suffix(6)) { allowed.insert(number) }
    }

    /// What may be read of what leaves on this way.
    func allowed(on way: WayOut) -> Set<Int?> {
        let said = Set<Int?>(way.tells.compactMap { Int(word($0).suffix(6)) })
        let fields = way.fields.reduce(into: said) {
            $0.formUnion((way.showsHeld ? shownInside : shown)[$1] ?? [])
        }
        return way.fields == WayOut.letOut ? fields.union(allowed) : fields
    }

    func place(_ number: Int?) -> String { shoot.canaries.place(number) }

    func run(_ line: String, _ more: [String: String] = [:]) throws -> Shell.Result {
        try shell.run(line, environment: environment.merging(more) { $1 })
    }

    @discardableResult
    private func must(_ line: String) throws -> String {
        let result = try run(line)
        try #require(result.code == 0, "\(line)\n\(result.output)\(result.errors)")
        return result.output
    }

    private func fill(_ held: [String]) throws {
        let by = "--by \(word("decider"))"
        try must("valhalla init \(word("archive"))")
        try must(
            "valhalla import \(shoot.folder) --session \(word("session")) --tag \(word("tag"))/below --quiet")
        let heldQuery = "name:\(held[0].dropLast(4)) OR name:\(held[1].dropLast(4))"
        try must("valhalla tag add \(word("keyword")) all --yes")
        try must("valhalla tag add people/\(word("person")) all --yes")
        try must("valhalla set rating=4 'instructions=\(word("set instructions"))' all --yes")
        try must("valhalla set 'caption=\(word("held caption"))' '\(heldQuery)' --yes")
        heldCount = 1
        for number in held.indices {
            try must(
                "valhalla set title=\(shoot.word("title of a held neighbour")) name:\(held[number].dropLast(4)) --yes"
            )
            heldCount += 1
        }
        try must("valhalla select new \(word("selection")) all --note \(word("note")) --yes")
        try must("valhalla select new \(word("other selection")) all --note \(word("other note")) --yes")
        try must("valhalla select label \(word("other selection")) all --text \(word("other label")) --yes")
        try must(
            "valhalla select label \(word("selection")) all --text \(word("label")) --medium \(word("medium")) --size 60x90cm --edition 1/7 --yes"
        )
        try must("valhalla artists add \(word("decider")) --yes")
        try must("valhalla submit all --for exhibit --yes --reason \(word("submit reason"))")
        try must("echo \(word("evidence")) > \(word("evidence")).txt")
        try must(
            "valhalla clear all --for exhibit \(by) --despite-words --evidence \(word("evidence")).txt --reason \(word("reason")) --credit \(word("credit")) --yes"
        )
        // To somebody else, before two of them were held: who that was stands in the book of deliveries.
        try must("valhalla select new \(word("earlier selection")) kind:sound --yes")
        try must(
            "valhalla export \(word("earlier selection")) --preset exhibit --to earlier --recipient \(word("other recipient")) --yes --quiet"
        )
        try must("valhalla hold '\(heldQuery)' --by \(word("holder")) --reason \(word("hold reason")) --yes")
    }

    /// What the program itself shows as title, caption, creator, credit, copyright and terms is what a label says.
    private func allowShown() {
        for field in WayOut.letOut {
            shown[field] = canaries(inField: field, of: "cleared:exhibit")
            shownInside[field] = canaries(inField: field, of: "all")
        }
    }

    private func canaries(inField field: String, of query: String) -> Set<Int?> {
        guard let printed = try? run("valhalla find '\(query)' --format '{\(field)} '") else { return [] }
        #expect(printed.code == 0, "\(printed.errors)")
        return CanarySearch.numbers(in: Data(printed.output.utf8)).subtracting([nil])
    }
}
