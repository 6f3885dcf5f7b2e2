internal import Catalog
internal import Previews

/// What came of making previews, in words.
struct PreviewReportWords {
    let report: PreviewReport

    private static let mostNamed = 20

    /// Tells it to a person or a program.
    func tell(at desk: Desk) {
        if desk.globals.json {
            for line in json { desk.json(line) }
            return
        }
        let out = desk.out
        let isNews = report.made + report.failures.count + report.absent > 0 || report.stop != nil
        let head =
            report.stop == .person ? "Stopped after" : isNews ? "Made previews of" : "No previews to make of"
        let things =
            isNews
            ? counted(report.madeKinds)
            : counted(report.seen, "photograph or clip", "photographs and clips")
        desk.tell(
            out.paint(head, .strong) + " \(things) in \(elapsedWords(Int64(report.seconds * 1_000)))"
                + (report.made > 0 ? ", \(byteWords(report.bytesMade))" : "")
        )
        var parts = [(report.made, "made"), (report.there, "there"), (report.failed, "failed")]
        let offline = report.offline.values.reduce(0, +)
        parts += [(offline, "offline"), (report.absent, "absent"), (report.left, "left")]
        desk.tell(
            "  \(grouped(report.seen)) seen = "
                + parts.map { "\(grouped($0.0)) \($0.1)" }.joined(separator: " + ")
        )
        if report.sounds > 0 {
            desk.tell(
                out.paint(
                    "  \(counted(report.sounds, "sound")) \(report.sounds == 1 ? "has" : "have") none", .dim))
        }
        for line in remarks { desk.tell("  " + line) }
        tellLists(desk)
    }

    private var remarks: [String] {
        var lines: [String] = []
        for (volume, count) in report.offline.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "\(counted(count, "original")) \(count == 1 ? "is" : "are") on the volume \(printable(volume)), which is not here"
            )
        }
        if report.gaveWay > 0 {
            lines.append(
                "\(counted(report.gaveWay, "preview")) of 2048 px gave way, those of the pictures taken longest ago"
            )
        }
        if report.withoutLarge > 0 {
            lines.append(
                "\(counted(report.withoutLarge, "picture")) \(report.withoutLarge == 1 ? "has" : "have") no 2048 px preview, for want of room"
            )
        }
        let room = "\(byteWords(report.bytes)) of at most \(byteWords(report.bound))"
        switch report.stop {
        case .bound:
            lines.append(
                "previews take \(room), and only those of 512 px are left: no more are made. --most SIZE gives them more room"
            )
        case .disk(let free):
            lines.append("the disk of the archive has only \(byteWords(free)) left: no more are made")
        case .person, nil:
            if report.gaveWay + report.withoutLarge > 0 {
                lines.append("previews take \(room); --most SIZE gives them more room")
            }
        }
        return lines
    }

    private func tellLists(_ desk: Desk) {
        let known = report.failed - report.failures.count
        let lists: [(word: String, ink: Ink?, all: Int, remarks: [PreviewReport.Remark])] = [
            ("failed", .bad, report.failures.count, report.failures),
            ("absent", .bad, report.absent, report.absences),
            ("damaged", .bad, report.damaged.count, report.damaged),
        ]
        if lists.contains(where: { !$0.remarks.isEmpty }) { desk.tell() }
        let table = Table(
            [.init(""), .init(""), .init("", yields: true), .init("", yields: true)],
            to: desk.out,
            indent: 2,
            hasHead: false
        )
        for list in lists where !desk.globals.quiet {
            for remark in list.remarks.prefix(PreviewReportWords.mostNamed) {
                table.add([
                    .init(list.word, list.ink), .init(remark.shortName, .strong), .init(remark.name),
                    .init(remark.reason),
                ])
            }
            let rest = list.all - min(list.remarks.count, PreviewReportWords.mostNamed)
            if rest > 0 { table.add([.init(""), .init(""), .init("and \(grouped(rest)) more"), .init("")]) }
        }
        table.finish()
        if known > 0 {
            desk.tell(
                "  \(grouped(known)) failed before: valhalla previews tells which and why, --again tries them again"
            )
        }
    }

    private var json: [JSONObject] {
        func lines(_ outcome: String, _ remarks: [PreviewReport.Remark]) -> [JSONObject] {
            remarks.map {
                [
                    "outcome": .text(outcome), "id": .text($0.shortName), "name": .text($0.name),
                    "reason": .text($0.reason),
                ]
            }
        }
        let stop: String? =
            switch report.stop {
            case .bound: "bound"
            case .disk: "disk"
            case .person: "stopped"
            case nil: nil
            }
        let summary: JSONObject = [
            "outcome": .text("previews"), "seen": JSONValue(report.seen), "made": JSONValue(report.made),
            "there": JSONValue(report.there), "failed": JSONValue(report.failed),
            "offline": JSONValue(report.offline.values.reduce(0, +)), "absent": JSONValue(report.absent),
            "left": JSONValue(report.left), "sounds": JSONValue(report.sounds),
            "damaged": JSONValue(report.damaged.count), "without_large": JSONValue(report.withoutLarge),
            "gave_way": JSONValue(report.gaveWay), "bytes_made": .integer(report.bytesMade),
            "bytes": .integer(report.bytes), "bound": .integer(report.bound),
            "offline_volumes": .object(volumes), "stopped_by": JSONValue(stop),
            "seconds": .real(report.seconds),
        ]
        return lines("failed", report.failures) + lines("absent", report.absences)
            + lines("damaged", report.damaged) + [summary]
    }

    private var volumes: JSONObject {
        var object: JSONObject = [:]
        for (volume, count) in report.offline.sorted(by: { $0.key < $1.key }) {
            object.add(volume, JSONValue(count))
        }
        return object
    }
}

/// What there is of previews, in words.
struct PreviewStatusWords {
    static let mostNamed = 20

    let standing: PreviewStanding
    let failures: [PreviewFailure]
    let bound: Int64
    let filesOnDisk: Int
    let bytesOnDisk: Int64

    /// Tells it to a person or a program.
    func tell(at desk: Desk) {
        let lost = max(0, standing.files - filesOnDisk)
        let strange = max(0, filesOnDisk - standing.files)
        if desk.globals.json {
            for failure in failures {
                desk.json([
                    "outcome": .text("failed"), "id": .text(failure.shortName), "name": .text(failure.name),
                    "reason": .text(failure.reason), "at": .text(isoInstant(failure.at)),
                ])
            }
            desk.json([
                "assets": JSONValue(standing.assets), "made": JSONValue(standing.made),
                "missing": JSONValue(standing.missing), "failed": JSONValue(standing.failed),
                "damaged": JSONValue(standing.damaged), "without_large": JSONValue(standing.withoutLarge),
                "files": JSONValue(filesOnDisk), "bytes": .integer(bytesOnDisk), "bound": .integer(bound),
                "lost_files": JSONValue(lost), "strange_files": JSONValue(strange),
            ])
            return
        }
        let out = desk.out
        out.line(
            out.paint("Previews", .strong)
                + " of \(grouped(standing.made)) of \(counted(standing.assets, "photograph or clip", "photographs and clips")), "
                + "\(byteWords(bytesOnDisk)) of at most \(byteWords(bound))"
        )
        out.line(
            "  \(grouped(standing.assets)) = \(grouped(standing.made)) made + \(grouped(standing.missing)) not yet + "
                + "\(grouped(standing.failed)) that cannot be made"
        )
        if standing.withoutLarge > 0 {
            out.line("  \(grouped(standing.withoutLarge)) without the one of 2048 px")
        }
        if standing.damaged > 0 {
            out.line("  \(grouped(standing.damaged)) show only a part, because the original is damaged")
        }
        if lost > 0 {
            out.line(
                "  " + out.paint("\(counted(lost, "file")) that were made are not on the disk any more", .bad)
            )
        }
        if strange > 0 {
            out.line("  \(counted(strange, "file")) of pictures that are not in the archive any more")
        }
        tellFailures(desk)
        if standing.missing > 0 || lost > 0 {
            desk.remark(
                "  next:  " + desk.err.paint("valhalla previews build", .next) + " makes what is missing")
        } else if strange > 0 {
            desk.remark(
                "  next:  " + desk.err.paint("valhalla previews remove all", .next)
                    + ", then build, clears what is too much"
            )
        }
    }

    private func tellFailures(_ desk: Desk) {
        guard !failures.isEmpty else { return }
        desk.out.line()
        let table = Table(
            [.init(""), .init(""), .init("", yields: true), .init("", yields: true), .init("")],
            to: desk.out,
            indent: 2,
            hasHead: false
        )
        for failure in failures {
            table.add([
                .init("failed", .bad), .init(failure.shortName, .strong), .init(failure.name),
                .init(failure.reason), .init(dateWords(failure.at), .dim),
            ])
        }
        let rest = standing.failed - failures.count
        if rest > 0 {
            table.add([.init(""), .init(""), .init("and \(grouped(rest)) more"), .init(""), .init("")])
        }
        table.finish()
    }
}
