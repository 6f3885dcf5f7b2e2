internal import ArgumentParser
internal import Catalog
internal import Files

/// The command `valhalla show`.
struct ShowCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "All about one, or several.",
        discussion: """
            An id is the first digits of the original’s SHA-256, four or more.

              valhalla show 3f9a2c1
              valhalla show 3f9a2c1 --rights
              valhalla show 3f9a2c1 --rights --recipient "Le Monde" --territory FR
              valhalla show 3f9a2c1 --raw | grep -i lens
            """
    )

    @Argument(help: ArgumentHelp("Ids, as find lists them.", valueName: "id"))
    var ids: [String]

    @Flag(help: "What the gate says for each purpose, and on whose word.")
    var rights = false

    @Option(help: ArgumentHelp("With --rights: asked for this recipient.", valueName: "who"))
    var recipient: String?

    @Option(
        help: ArgumentHelp("With --rights: asked for this country, as an ISO 3166 code.", valueName: "code"))
    var territory: String?

    @Flag(help: "What was decided, edited and delivered.")
    var history = false

    @Flag(help: "Every tag of the file, as the reader gave it.")
    var raw = false

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let catalog = try desk.catalog()
        let assets = try ids.map { try catalog.found(try catalog.resolve($0)) }
        for (index, found) in assets.enumerated() {
            if globals.json {
                desk.json(try Portrait(of: found, in: catalog, at: desk).json(raw: raw))
                continue
            }
            if index > 0 { desk.out.line() }
            if raw {
                try listRaw(found.asset, catalog, desk)
            } else if rights || history {
                Portrait.head(found.asset, to: desk.out)
                if rights { try listRights(found, catalog, desk) }
                if history { try listHistory(found, catalog, desk) }
            } else {
                try Portrait(of: found, in: catalog, at: desk).write(to: desk.out)
            }
            try desk.stopIfNobodyReads()
        }
        return .done
    }

    private func listRaw(_ asset: Asset, _ catalog: Catalog, _ desk: Desk) throws {
        let tags = try catalog.rawTags(of: asset.id)
        guard !tags.isEmpty else {
            desk.remark("\(asset.shortName) has no tags" + (asset.unreadable.map { ": \($0)" } ?? ""))
            return
        }
        let table = Table(
            [.init("TAG"), .init("TYPE"), .init("VALUE", yields: true)],
            to: desk.out,
            hasHead: false
        )
        for tag in tags { table.add([.init(tag.name), .init(tag.type, .dim), .init(tag.value)]) }
        table.finish()
    }

    private func listRights(_ found: FoundAsset, _ catalog: Catalog, _ desk: Desk) throws {
        let facts = Facts(to: desk.out)
        let id = found.asset.id
        let dossier = try catalog.dossier(of: id)
        for purpose in Purpose.allCases {
            let question = GateQuestion(
                purpose: purpose, recipient: recipient ?? "", territory: try country(), at: desk.now())
            let ruling = Gate.rule(on: dossier, question)
            for (index, sentence) in ruling.sentences(for: purpose).enumerated() {
                facts.add(
                    index == 0 ? purpose.rawValue : "", sentence,
                    ruling.denials.indices.contains(index) && ruling.denials[index].isHeld ? .bad : nil)
            }
        }
        for (index, parent) in try catalog.parents(of: id).enumerated() {
            let asset = try catalog.asset(parent)
            facts.add(index == 0 ? "made from" : "", "\(asset.shortName)  \(asset.title ?? asset.name)")
        }
        for (index, warning) in try catalog.warnings(of: id).enumerated() {
            facts.add(index == 0 ? "came with" : "", "\(warning.field): \(quoted(warning.text))")
        }
        // What binds it through a session, a tag or a parent stands behind its own.
        let own = try catalog.decisions(about: id)
        let others = (dossier.own.decisions + dossier.parents.flatMap(\.decisions)).filter {
            !own.contains($0)
        }
        let retracted = (own + others).takenBack
        let lifted = Set((own + others).filter { !retracted.contains($0.id) }.compactMap(\.lifts))
        let reviews = try catalog.reviewSources(of: id)
        for (index, decision) in (own + others).enumerated() {
            let source = reviews[decision.id].map {
                ", answering review \(quoted($0.review)), proof \($0.number)"
            }
            let isGone = retracted.contains(decision.id)
            let end = isGone ? " (taken back)" : lifted.contains(decision.id) ? " (lifted)" : ""
            facts.add(
                index == 0 ? "decisions" : "", decision.sentence + (source ?? "") + end + ".",
                end.isEmpty ? nil : .dim)
        }
        facts.finish()
    }

    private func country() throws -> String? {
        let code = try territory.map { text in try reading { try Territory.list(text) } }
        guard code?.contains(",") != true else {
            throw Failure.usage("the gate is asked for one country", next: "--territory US")
        }
        return code
    }

    /// In the order of time, as far as the catalogue keeps times.
    private func listHistory(_ found: FoundAsset, _ catalog: Catalog, _ desk: Desk) throws {
        var events: [(at: Int64, text: String)] = [
            (
                Stamp(rawValue: found.asset.id.rawValue).milliseconds,
                "came into the archive as \(found.asset.name)"
            )
        ]
        for decision in try catalog.decisions(about: found.asset.id) {
            events.append((decision.decidedAt, decision.sentence))
        }
        for delivery in try catalog.deliveries(of: found.asset.id) {
            events.append(
                (
                    delivery.at,
                    "left with delivery \(delivery.number) to \(delivery.recipient), for \(delivery.purpose)"
                )
            )
        }
        for (review, number) in try catalog.reviews(showing: found.asset.id) {
            events.append(
                (
                    review.at,
                    "was sent to \(review.artist) as proof \(number) of review \(quoted(review.name)), for "
                        + listed(review.purposes.map(\.rawValue))
                )
            )
        }
        let facts = Facts(to: desk.out)
        for event in events.sorted(by: { $0.at < $1.at }) {
            facts.add(WallClock(localAt: event.at).table, event.text)
        }
        for (index, edit) in try catalog.edits(of: found.asset.id).enumerated() {
            facts.add(index == 0 ? "edits that count" : "", ShowCommand.words(edit))
        }
        facts.finish()
    }

    private static func words(_ edit: RecordedEdit) -> String {
        switch (edit.field, Int64(edit.value)) {
        case ("correction", let milliseconds?): return "the clock: \(correctionWords(milliseconds))"
        case ("offset", let minutes):
            let was = edit.was.flatMap { Int($0) }.map { offsetWords($0) } ?? "nothing"
            return
                "the offset from UTC: \(minutes.map { offsetWords(Int($0)) } ?? edit.value); the file says \(was)"
        case ("clock", _): return "the clock showed \(edit.value == "UTC" ? "UTC" : "the time there")"
        case ("position", _):
            let (value, was) = edit.positions ?? (nil, nil)
            let by = value?.sourceWords.map { ", " + $0 } ?? ""
            return
                "the position: \(value?.words ?? edit.value)\(by); the file says \(was?.words ?? "nothing")"
        default: return "\(edit.field): \(edit.words(edit.value)); the file says \(edit.words(edit.was))"
        }
    }
}

/// Names and what is to be said about each, aligned; long texts go on below themselves.
final class Facts {
    private let sink: Sink
    private let indent: Int
    private var rows: [(name: String, text: String, ink: Ink?)] = []

    init(to sink: Sink, indent: Int = 2) {
        self.sink = sink
        self.indent = indent
    }

    /// Adds a fact; one without a text is left out, one without a name goes on with what is above it.
    func add(_ name: String, _ text: String?, _ ink: Ink? = nil) {
        guard let text, !text.isEmpty else { return }
        rows.append((name, text, ink))
    }

    /// Writes the facts.
    func finish() {
        let names = (rows.map(\.name.displayWidth).max() ?? 0) + 2
        let room = max(20, min(sink.columns ?? 100, 120) - indent - names)
        for row in rows {
            // A line break in a caption is one here; all else that moves the cursor is shown.
            let lines = row.text.split(separator: "\n", omittingEmptySubsequences: false)
                .flatMap { printable(String($0)).wrapped(to: room) }
            for (index, line) in lines.enumerated() {
                let name = index == 0 ? row.name : ""
                let head =
                    String(repeating: " ", count: indent) + sink.paint(name, .dim)
                    + String(repeating: " ", count: names - name.displayWidth)
                sink.line(line.isEmpty ? "" : head + sink.paint(line, row.ink))
            }
        }
        rows = []
    }
}
