internal import Catalog
internal import Files

extension RecallNew {
    /// Who has what, on whose word.
    func preview(_ plan: RecallPlan, _ catalog: Catalog, to sink: Sink) throws {
        for recipient in plan.recipients {
            let holdings = plan.outside.filter { $0.recipient == recipient }
            let proofs = plan.proofsOutside.filter { $0.artist == recipient }
            let count = holdings.count + proofs.count
            sink.line("\(sink.paint(printable(recipient), .strong)) has \(counted(count, "file")):")
            let table = Table(
                [
                    .init("DELIVERY"), .init("WHEN"), .init("FOR"), .init("FILE", yields: true), .init("ID"),
                    .init("SHOWS", yields: true), .init("ON WHOSE WORD", yields: true),
                ] + (anyReason ? [.init("WHY", yields: true)] : []),
                to: sink, indent: 2)
            for holding in holdings {
                let row: [Table.Cell] = [
                    .init(holding.delivery), .init(WallClock(localAt: holding.at).dayText),
                    .init(holding.purpose), .init(printable(holding.name)),
                    .init(try catalog.asset(holding.asset).shortName), .init(try holding.words(catalog)),
                    .init(try holding.ground(catalog) ?? "–"),
                ]
                let why = listed((plan.reasons[holding] ?? []).map(\.words))
                table.add(row + (anyReason ? [.init(why)] : []))
            }
            for proof in proofs {
                let row: [Table.Cell] = [
                    .init(proof.code), .init(WallClock(localAt: proof.at).dayText), .init("proof"),
                    .init(printable(proof.name)), .init(try catalog.asset(proof.asset).shortName),
                    .init(try proof.words(catalog)), .init("–"),
                ]
                table.add(row + (anyReason ? [.init("taken back by another")] : []))
            }
            table.finish()
        }
    }

    func remarks(_ plan: RecallPlan, _ catalog: Catalog, _ desk: Desk) throws {
        let earlier = plan.earlier.count + plan.proofsEarlier.count
        if earlier > 0 {
            let numbers = Set(plan.earlier.compactMap(\.recall) + plan.proofsEarlier.compactMap(\.recall))
                .sorted()
            desk.remark(
                "\(counted(earlier, "file")) had been asked back already: \(listed(numbers))."
            )
        }
        if !plan.inside.isEmpty {
            let numbers = Set(plan.inside.map(\.delivery)).sorted()
            let holders = Set(plan.inside.map { printable($0.recipient) }).sorted()
            desk.remark(
                "\(counted(plan.inside.count, "file")) of \(listed(numbers)) \(plan.inside.count == 1 ? "was" : "were") made for the "
                    + "house alone, and not asked back: \(plan.inside.count == 1 ? "it lies" : "they lie") with \(listed(holders))."
            )
        }
        if !plan.barred.isEmpty {
            desk.remark(
                "\(counted(plan.barred.count, "file")) would not leave today, with "
                    + listed(Set(plan.barred.map { printable($0.recipient) }).sorted()) + ": "
                    + listed(barriers(plan), "or") + ". With --any-reason "
                    + (plan.barred.count == 1 ? "it is" : "they are") + " asked back, too.")
        }
        if !plan.allowed.isEmpty {
            let purposes = Set(plan.allowed.map(\.purpose)).sorted()
            desk.remark(
                "\(counted(plan.allowed.count, "file")) left for \(listed(purposes)), for which nobody holds or withdrew "
                    + (plan.allowed.count == 1
                        ? "it, and may stay where it is." : "them, and may stay where they are."))
        }
        for shown in plan.proofs {
            desk.remark(
                "\(printable(shown.artist)) has \(counted(shown.proofs, "proof")) of it, from the review "
                    + "\(quoted(shown.review)), and is not asked for \(shown.proofs == 1 ? "it" : "them").")
        }
        if !plan.open.isEmpty {
            desk.remark(
                "Nobody holds or withdrew \(counted(plan.open.count, "asset")), and "
                    + (plan.open.count == 1 ? "it was" : "they were") + " not asked back: "
                    + listed(
                        try plan.open.prefix(5).map { try catalog.asset($0).shortName }
                            + (plan.open.count > 5 ? ["\(grouped(plan.open.count - 5)) more"] : [])) + ".")
        }
    }

    /// Why what is barred would not leave today: the weightiest reasons, each once.
    private func barriers(_ plan: RecallPlan) -> [String] {
        var words: [String] = []
        for holding in plan.barred {
            for word in (plan.reasons[holding] ?? []).prefix(1).map(\.words) where !words.contains(word) {
                words.append(word)
            }
        }
        return words.count > 3 ? words.prefix(3) + ["\(words.count - 3) more reasons"] : words
    }

    func tellNothing(_ plan: RecallPlan, _ assets: [AssetID], _ catalog: Catalog, _ desk: Desk) throws
        -> Outcome
    {
        if plan.open.count == assets.count {
            if !plan.barred.isEmpty {
                throw Failure(
                    .failed,
                    "nobody holds or withdrew \(assets.count == 1 ? "it" : "them"), and a recall asks back only what is closed",
                    details: barriers(plan),
                    next:
                        "valhalla recall new \(words.map { Typed.inShell($0) }.joined(separator: " ")) --any-reason asks back "
                        + "\(counted(plan.barred.count, "file")) that would not leave today")
            }
            if anyReason {
                desk.tell("There is nothing to ask back: what left may leave today.")
                try remarks(plan, catalog, desk)
                return .done
            }
            let name = try catalog.asset(assets[0]).shortName
            // Ids are a query of their own to everything but a recall.
            let query =
                RecallNew.areIDs(words)
                ? words.map { "id:\($0)" }.joined(separator: " or ") : words.joined(separator: " ")
            throw Failure(
                .failed,
                assets.count == 1
                    ? "nobody holds \(name) or withdrew it, and a recall asks back only what is closed"
                    : "nobody holds or withdrew any of \(counted(assets.count, "asset")), and a recall asks back only what is closed",
                next: "valhalla withdraw \(Typed.inShell(query)) --reason TEXT, and then this again")
        }
        desk.tell(
            plan.earlier.isEmpty
                ? "There is nothing to ask back." : "All of it that is to be asked back was.")
        try remarks(plan, catalog, desk)
        return .done
    }
}

extension Holding {
    /// What the file shows, to the person at work.
    fileprivate func words(_ catalog: Catalog) throws -> String {
        let asset = try catalog.asset(asset)
        let name = asset.title ?? asset.name
        return switch link {
        case .itself: name
        case .made: "\(name), made from \(try catalog.asset(origin).shortName)"
        case .once: "\(name), said to be made from \(try catalog.asset(origin).shortName) once"
        case .returned: "\(name), a delivered file of \(try catalog.asset(origin).shortName) that came back"
        }
    }

    /// The decision it left on, as a sentence.
    fileprivate func ground(_ catalog: Catalog) throws -> String? {
        guard let basis else { return nil }
        return try catalog.decisions(about: asset).first { $0.id == basis }?.sentence
    }

    func json(_ catalog: Catalog, _ denials: [Denial]) throws -> JSONObject {
        [
            "recipient": .text(recipient), "delivery": .text(delivery), "at": .text(isoInstant(at)),
            "purpose": .text(purpose), "file": .text(name), "sha256": .text(digest.hex),
            "size": .integer(size),
            "id": .text(try catalog.asset(asset).shortName),
            "origin": .text(try catalog.asset(origin).shortName),
            "basis": JSONValue(try ground(catalog)), "why": JSONValue(denials.map(\.words)),
            "dryRun": .bool(true),
        ]
    }
}

extension HeldProof {
    /// What the proof shows, to the person at work.
    fileprivate func words(_ catalog: Catalog) throws -> String {
        let asset = try catalog.asset(asset)
        return (asset.title ?? asset.name)
            + (self.asset == origin ? "" : ", made from \(try catalog.asset(origin).shortName)")
    }

    func json(_ catalog: Catalog) throws -> JSONObject {
        [
            "recipient": .text(artist), "review": .text(code), "at": .text(isoInstant(at)),
            "file": .text(name),
            "sha256": .text(digest.hex), "size": .integer(size),
            "id": .text(try catalog.asset(asset).shortName),
            "origin": .text(try catalog.asset(origin).shortName), "dryRun": .bool(true),
        ]
    }
}
