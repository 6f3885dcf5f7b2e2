internal import ArgumentParser
internal import Catalog
internal import Export
internal import Files
internal import Ingest

/// The command `valhalla verify`.
struct VerifyCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read every copy back from its disk and compare it with its digest.",
        discussion: """
            The database is checked first. Copies on disks that are not here are counted, not accused. A run that was \
            stopped goes on with --resume; --subset 1/10 reads the first of ten parts, so that ten evenings read all.

              valhalla verify
              valhalla verify --subset 1/10
              valhalla verify --resume
              valhalla verify --deliveries
            """
    )

    @Option(help: ArgumentHelp("One part of several: 1/10.", valueName: "part/parts"))
    var subset: String?

    @Flag(help: "Go on with what was begun and not finished.")
    var resume = false

    @Flag(help: "Check the packages that left, where they were written, instead of the archive’s copies.")
    var deliveries = false

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        guard subset == nil || !resume else {
            throw Failure.usage("--subset and --resume do not go together")
        }
        guard !deliveries || (subset == nil && !resume) else {
            throw Failure.usage("--deliveries reads all of them", next: "leave out --subset and --resume")
        }
        let part = try subset.map { try VerifyCommand.part($0) }
        let catalog = try desk.catalog()
        if deliveries { return try verifyDeliveries(catalog, desk) }
        if globals.dryRun { return try tellDry(catalog, desk) }
        let faults = try catalog.check()
        let verification = try resumed(catalog, part)
        let bar = ProgressBar("reading back", on: desk.err, clock: desk.ticks)
        let began = desk.ticks()
        let verifier = CopyVerifier(catalog: catalog, access: FileAccess(), interruption: .onSignals())
        let report = try verifier.run(verification, command: desk.command) { progress in
            guard !globals.quiet, !globals.json else { return }
            bar.show(
                .init(
                    done: progress.copies,
                    total: progress.copiesInAll,
                    bytes: progress.bytes,
                    totalBytes: progress.bytesInAll
                )
            )
        }
        bar.clear()
        tell(report, faults, verification, desk.ticks() - began, desk)
        if report.isInterrupted {
            throw Failure(.stopped, "stopped", next: "valhalla verify --resume goes on where it was")
        }
        return report.faults.isEmpty && faults.isEmpty ? .done : .failed
    }

    /// One part of several, as in `1/10`.
    static func part(_ text: String) throws -> (part: Int, parts: Int) {
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let part = numbers[0], let parts = numbers[1], parts >= 1,
            (1...parts).contains(part)
        else {
            throw Failure.usage(
                "\(quoted(text)) behind --subset is no part",
                next: "--subset 1/10 is the first tenth"
            )
        }
        return (part, parts)
    }

    private func resumed(_ catalog: Catalog, _ part: (part: Int, parts: Int)?) throws -> Verification {
        guard resume else {
            return try catalog.beginVerification(part: part?.part ?? 1, of: part?.parts ?? 1)
        }
        guard let unfinished = try catalog.unfinishedVerification() else {
            throw Failure(.failed, "there is nothing to go on with", next: "valhalla verify begins")
        }
        return unfinished
    }

    private func tellDry(_ catalog: Catalog, _ desk: Desk) throws -> Outcome {
        let copies = try catalog.volumes().reduce(0) { $0 + $1.copies - $1.sourceCopies }
        desk.tell("Would read \(counted(copies, "copy", "copies")) back")
        return .done
    }

    private func tell(
        _ report: VerificationReport,
        _ faults: [String],
        _ verification: Verification,
        _ took: Int64,
        _ desk: Desk
    ) {
        let offline = report.offline.values.reduce(0, +)
        if globals.json {
            for fault in report.faults {
                desk.json([
                    "path": .text(fault.copy.location.display), "volume": .text(fault.copy.volumeName),
                    "finding": .text(fault.finding.rawValue), "reason": .text(fault.reason),
                ])
            }
            desk.json([
                "verified": JSONValue(report.verified), "bytes": .integer(report.bytes),
                "faults": JSONValue(report.faults.count), "offline": JSONValue(offline),
                "database": JSONValue(faults), "part": JSONValue(verification.part),
                "parts": JSONValue(verification.parts), "finished": .bool(!report.isInterrupted),
            ])
            return
        }
        let out = desk.out
        for fault in faults {
            out.line("  " + out.paint("damaged", .bad) + "  the catalogue: " + printable(fault))
        }
        let table = Table(
            [.init(""), .init("", yields: true), .init("", yields: true)],
            to: out,
            indent: 2,
            hasHead: false
        )
        for fault in report.faults.sorted(by: { $0.copy.location < $1.copy.location }) {
            table.add([
                .init(fault.finding.rawValue, .bad), .init(fault.copy.location.display), .init(fault.reason),
            ])
        }
        let seen = report.verified + report.faults.count + offline
        let part = verification.parts > 1 ? ", part \(verification.part) of \(verification.parts)" : ""
        desk.tell(
            out.paint("Verified", .strong)
                + " \(counted(report.verified, "copy", "copies")), \(byteWords(report.bytes)), in "
                + elapsedWords(took) + part
        )
        desk.tell(
            "  \(grouped(seen)) looked for = \(grouped(report.verified)) verified + \(grouped(report.faults.count)) not as recorded + \(grouped(offline)) offline"
        )
        desk.tell(
            faults.isEmpty ? "  the catalogue checks out" : "  the catalogue is " + out.paint("damaged", .bad)
        )
        table.finish()
        for (volume, copies) in report.offline.sorted(by: { $0.key < $1.key }) {
            desk.tell(
                "  "
                    + out.paint(
                        "\(printable(volume)) is not here: \(counted(copies, "copy", "copies")) were not read",
                        .dim
                    )
            )
        }
        if !report.faults.isEmpty {
            desk.remark(
                "  next:  " + desk.err.paint("valhalla show ID", .next) + " tells where the other copies are"
            )
        }
    }

    // MARK: Deliveries

    private func verifyDeliveries(_ catalog: Catalog, _ desk: Desk) throws -> Outcome {
        let interruption = Interruption.onSignals()
        var sound = 0
        var away = 0
        var faulty = 0
        let all = try catalog.deliveries()
        for delivery in all {
            let folder = Path(delivery.place)
            guard DeliveryCheck.isPackage(folder) else {
                away += 1
                report(delivery, nil, ["no package lies in \(folder.display): it went on its way"], desk)
                continue
            }
            let bar = ProgressBar("reading \(delivery.number)", on: desk.err, clock: desk.ticks)
            let check = try DeliveryCheck.verify(folder, stop: { interruption.isAsked }) { bytes in
                if !globals.quiet, !globals.json { bar.show(.init(bytes: bytes)) }
            }
            bar.clear()
            var reasons = check.faults.map { "\($0.path.display) \($0.reason)" }
            if check.seal != delivery.seal { reasons.append("its seal is not the one on record") }
            if reasons.isEmpty { sound += 1 } else { faulty += 1 }
            report(delivery, check, reasons, desk)
        }
        if !globals.json {
            desk.tell(
                all.isEmpty
                    ? "Nothing left yet."
                    : "\(counted(all.count, "delivery", "deliveries")) = \(sound) as sealed + \(faulty) not as sealed + \(away) gone on their way"
            )
        }
        return faulty == 0 ? .done : .failed
    }

    private func report(_ delivery: Delivery, _ check: DeliveryCheck?, _ reasons: [String], _ desk: Desk) {
        if globals.json {
            desk.json([
                "delivery": .text(delivery.number), "place": .text(delivery.place),
                "sound": check == nil ? .null : .bool(reasons.isEmpty), "faults": JSONValue(reasons),
            ])
            return
        }
        let out = desk.out
        if let check, reasons.isEmpty {
            desk.tell(
                "  \(delivery.number)  " + out.paint("verified on disk", .good)
                    + "  \(counted(check.files, "file")), \(byteWords(check.bytes)), to \(printable(delivery.recipient))"
            )
            return
        }
        for (index, reason) in reasons.enumerated() {
            let head =
                index == 0 ? delivery.number : String(repeating: " ", count: delivery.number.displayWidth)
            if check == nil {
                desk.tell("  \(head)  " + out.paint(printable(reason), .dim))
            } else {
                out.line("  \(head)  " + out.paint("differs", .bad) + "  " + printable(reason))
            }
        }
    }
}
