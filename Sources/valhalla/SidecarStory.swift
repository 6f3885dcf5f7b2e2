internal import Catalog
internal import Files
internal import Ingest

/// Tells what becomes of sidecars, one by one and then in all.
final class SidecarStory {
    private let catalog: Catalog
    private let desk: Desk
    private let sink: Sink
    private let isRehearsal: Bool
    private var silent: [String: Int] = [:]

    init(_ catalog: Catalog, _ desk: Desk, to sink: Sink, isRehearsal: Bool) {
        self.catalog = catalog
        self.desk = desk
        self.sink = sink
        self.isRehearsal = isRehearsal
    }

    /// Tells of one, unless there is nothing to tell.
    func tell(_ plan: SidecarPlan, _ outcome: SidecarOutcome) throws {
        let asset = try catalog.asset(plan.place.asset)
        if desk.globals.json {
            desk.json(plan.json(asset, outcome))
            return try desk.stopIfNobodyReads()
        }
        switch plan.standing {
        case .offline: silent["\(printable(plan.place.copy.volumeName)) is not here", default: 0] += 1
        case .locked(let reason):
            silent["nothing can be written in \(plan.path.folder.display): \(reason)", default: 0] += 1
        case .missing: tell("missing", .bad, asset, plan.path, ["the original is not where it was"])
        case .refused(let reason): tell("left alone", .bad, asset, plan.path, [reason])
        case .nothing, .upToDate, .behind: tellWords(plan, asset, outcome)
        }
    }

    private func tellWords(_ plan: SidecarPlan, _ asset: Asset, _ outcome: SidecarOutcome) {
        if case .failed(let reason) = outcome {
            return tell("not written", .bad, asset, plan.path, [reason])
        }
        let isWritten = outcome == .written || (isRehearsal && plan.standing == .behind)
        guard isWritten || !plan.conflicts.isEmpty || plan.isChangedOutside else { return }
        let word = !isWritten ? "kept" : plan.isNew ? "new" : "updated"
        tell(word, isWritten ? .good : nil, asset, plan.path, plan.remarks)
    }

    private func tell(_ word: String, _ ink: Ink?, _ asset: Asset, _ path: Path, _ lines: [String]) {
        guard !desk.globals.quiet || ink == .bad else { return }
        sink.line(
            sink.paint(asset.shortName, .strong) + "  " + sink.paint(word, ink) + "  "
                + printable(path.display)
        )
        for line in lines { sink.line("         " + printable(line)) }
    }

    /// The count that adds up.
    func sum(_ counts: SidecarCounts) {
        guard !desk.globals.quiet, !desk.globals.json else { return }
        let what =
            (counts.written == 0 ? "no sidecar" : counted(counts.written, "sidecar"))
            + (counts.new > 0 ? ", \(grouped(counts.new)) of them new" : "")
        sink.line(
            isRehearsal
                ? "Would write \(what)"
                : "Wrote \(what)" + (counts.written > 0 ? "; read back from the disk" : ""))
        sink.line(
            "  \(grouped(counts.seen)) looked at = \(grouped(counts.written)) \(isRehearsal ? "to write" : "written")"
                + " + \(grouped(counts.upToDate)) up to date + \(grouped(counts.nothing)) with nothing to say"
                + " + \(grouped(counts.conflicts)) in conflict + \(grouped(counts.unreachable)) out of reach"
                + " + \(grouped(counts.failed)) failed"
        )
        for (reason, count) in silent.sorted(by: { $0.key < $1.key }) {
            sink.line("  " + sink.paint("\(reason): \(counted(count, "sidecar"))", .dim))
        }
    }

    /// Tells the sum, and how it ended.
    func end(_ counts: SidecarCounts) -> Outcome {
        sum(counts)
        if desk.globals.json {
            desk.json(counts.json(isRehearsal: isRehearsal))
        } else if isRehearsal {
            desk.tell("Nothing was changed.")
        }
        if counts.contestedWords > 0 {
            desk.remark(
                "  next:  "
                    + desk.err.paint("--ours", .next) + " writes what was set here over what others wrote; "
                    + desk.err.paint("--theirs", .next) + " takes theirs"
            )
        }
        if counts.written == 0, counts.failed > 0, !isRehearsal { return .failed }
        return counts.failed + counts.unreachable + counts.contestedWords > 0 && !isRehearsal
            ? .partly : .done
    }
}

extension SidecarPlan {
    /// True when a sidecar lies there.
    var hasFile: Bool {
        switch standing {
        case .upToDate, .behind, .refused, .locked: !isNew
        case .nothing, .offline, .missing: false
        }
    }

    /// How it stands, in a word or two.
    var state: String {
        switch standing {
        case .offline: "offline"
        case .missing: "missing"
        case .locked: "read-only"
        case .refused: "left alone"
        case .nothing, .upToDate, .behind:
            if !conflicts.isEmpty {
                "conflict"
            } else if isChangedOutside {
                "changed"
            } else if standing == .behind {
                "behind"
            } else {
                standing == .nothing ? "none" : "up to date"
            }
        }
    }

    /// The colour of that word.
    var ink: Ink? {
        switch state {
        case "conflict", "left alone", "missing": .bad
        case "behind", "changed": .next
        case "up to date": .good
        default: .dim
        }
    }

    /// What there is to say about it, a line each.
    var remarks: [String] {
        var lines: [String] = []
        switch standing {
        case .refused(let reason), .locked(let reason): lines.append(reason)
        case .missing: lines.append("the original is not where it was")
        case .offline: lines.append("\(place.copy.volumeName) is not here")
        case .nothing, .upToDate, .behind: break
        }
        if isChangedOutside { lines.append("another program wrote to it; its words are read first") }
        lines += changes.map(\.sentence) + conflicts.map(\.sentence)
        if let other {
            lines.append(
                isOtherShared
                    ? "\(other.name.display) speaks for other assets too, and stays as it is"
                    : "\(other.name.display) lies beside it, and stays as it is"
            )
        }
        return lines
    }

    /// The object of `--json`.
    func json(_ asset: Asset, _ outcome: SidecarOutcome) -> JSONObject {
        var object: JSONObject = [
            "id": .text(asset.shortName), "name": .text(asset.name), "volume": .text(place.copy.volumeName),
            "path": .text(path.display), "state": .text(outcome == .written ? "up to date" : state),
            "exists": .bool(hasFile),
            "changed_outside": .bool(isChangedOutside), "other": JSONValue(other?.display),
            "changes": .list(
                changes.map {
                    .object(["field": .text($0.field), "from": JSONValue($0.from), "to": JSONValue($0.to)])
                }
            ),
            "conflicts": .list(
                conflicts.map {
                    .object([
                        "field": .text($0.field), "ours": JSONValue($0.ours), "theirs": JSONValue($0.theirs),
                    ])
                }
            ),
        ]
        switch (outcome, standing) {
        case (.failed(let reason), _), (_, .refused(let reason)), (_, .locked(let reason)):
            object.add("reason", .text(reason))
        default: object.add("reason", .null)
        }
        object.add("written", .bool(outcome == .written))
        return object
    }
}

extension SidecarChange {
    /// `title: “The ridge”, was “A figure on the ridge”`.
    fileprivate var sentence: String {
        guard field != "keywords" else { return "keywords: \(to ?? "")" }
        let new = to.map { sidecarWord(field, $0) } ?? "left out"
        return "\(field): \(new)" + (from.map { ", was \(sidecarWord(field, $0))" } ?? "")
    }
}

extension SidecarConflict {
    /// What stands against what.
    fileprivate var sentence: String {
        if field == "keywords" {
            return ours.map {
                "conflict: \($0) was set here, and taken out of the sidecar by another program"
            }
                ?? "conflict: \(theirs ?? "") was taken away here, and put into the sidecar by another program"
        }
        let here = ours.map { sidecarWord(field, $0) } ?? "nothing"
        let there = theirs.map { sidecarWord(field, $0) } ?? "nothing"
        return "conflict: \(field) is \(here) here, and another program wrote \(there)"
    }
}

private func sidecarWord(_ field: String, _ value: String) -> String {
    switch field {
    case "rating": value == "-1" ? "rejected" : value == "0" ? "no stars" : stars(Int(value))
    case "pick": value == "1" ? "picked" : "rejected"
    case "position", "time": value
    default: quoted(value)
    }
}

extension SidecarCounts {
    fileprivate func json(isRehearsal: Bool) -> JSONObject {
        var object: JSONObject = [
            "seen": JSONValue(seen), "written": JSONValue(written), "new": JSONValue(new),
            "up_to_date": JSONValue(upToDate), "nothing": JSONValue(nothing),
            "conflicts": JSONValue(conflicts),
            "unreachable": JSONValue(unreachable), "failed": JSONValue(failed),
            "contested_words": JSONValue(contestedWords), "finished": .bool(!wasInterrupted),
        ]
        if isRehearsal { object.add("dryRun", .bool(true)) }
        return object
    }
}
