internal import ArgumentParser
internal import Catalog
internal import Files

/// The command `valhalla deliveries`.
struct DeliveriesCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "What left the house, when, to whom, on whose word.",
        discussion: """
              valhalla deliveries
              valhalla deliveries --of 3f9a2c1
              valhalla deliveries --to Detroit
              valhalla deliveries 2016-0007
            """
    )

    @Argument(help: ArgumentHelp("A delivery, for all that is in it.", valueName: "number"))
    var number: String?

    @Option(help: ArgumentHelp("Only those that show this asset.", valueName: "id"))
    var of: String?

    @Option(help: ArgumentHelp("Only those to a recipient whose name holds these words.", valueName: "who"))
    var to: String?

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let catalog = try desk.catalog()
        if let number { return try list(files: number, catalog, desk) }
        let deliveries = try catalog.deliveries(of: try of.map { try catalog.resolve($0) }, to: to)
        if globals.json {
            for delivery in deliveries {
                var object = delivery.json
                object.add(
                    "recalls",
                    .list(try catalog.recalls(ofDelivery: delivery.number).map { .object($0.json) }))
                desk.json(object)
                try desk.stopIfNobodyReads()
            }
            return .done
        }
        var recalled: [String: [Recall]] = [:]
        if try !catalog.recalls().isEmpty {
            for delivery in deliveries {
                recalled[delivery.number] = try catalog.recalls(ofDelivery: delivery.number)
            }
        }
        // Where nothing was ever asked back, no column says so.
        let hasRecalls = recalled.values.contains { !$0.isEmpty }
        let table = Table(
            [
                .init("DELIVERY"), .init("WHEN"), .init("TO", yields: true), .init("FOR"),
                .init("FILES", .right),
            ] + (hasRecalls ? [.init("ASKED BACK")] : []) + [
                .init("SELECTION", yields: true), .init("BY", yields: true), .init("WHERE", yields: true),
            ],
            to: desk.out
        )
        for delivery in deliveries {
            let asked = recalled[delivery.number] ?? []
            let isWaiting = asked.contains { $0.answeredAt == nil }
            let word = Table.Cell(
                asked.isEmpty ? "–" : isWaiting ? "no answer" : "answered", isWaiting ? .bad : nil)
            table.add(
                [
                    .init(delivery.number, .strong), .init(WallClock(localAt: delivery.at).table),
                    .init(delivery.recipient),
                    .init(delivery.purpose), .init("\(delivery.files)"),
                ] + (hasRecalls ? [word] : []) + [
                    .init(delivery.selection), .init(delivery.person), .init(delivery.place),
                ])
        }
        table.finish()
        if deliveries.isEmpty {
            desk.remark(of == nil && to == nil ? "Nothing left yet." : "Nothing of that left.")
        }
        return .done
    }

    private func list(files number: String, _ catalog: Catalog, _ desk: Desk) throws -> Outcome {
        let files = try catalog.files(ofDelivery: number)
        if globals.json {
            for (file, basis) in files {
                desk.json([
                    "delivery": .text(number), "id": .text(try catalog.asset(file.asset).shortName),
                    "name": .text(file.name), "size": .integer(file.size), "sha256": .text(file.digest.hex),
                    "basis": JSONValue(basis?.sentence),
                    "grounds": JSONValue(
                        try catalog.grounds(ofDelivery: number, asset: file.asset).map(\.sentence)
                    ),
                ])
                try desk.stopIfNobodyReads()
            }
            return .done
        }
        if let delivery = try catalog.deliveries().first(where: { $0.number == number }) {
            let facts = Facts(to: desk.out, indent: 0)
            facts.add("delivery", number)
            facts.add("when", WallClock(localAt: delivery.at).table)
            facts.add("to", delivery.recipient)
            facts.add("for", delivery.purpose + (delivery.territory.map { ", in \($0)" } ?? ""))
            facts.add("selection", delivery.selection)
            facts.add("by", delivery.person)
            facts.add("where", delivery.place)
            facts.add("seal", delivery.seal.hex)
            for (index, recall) in try catalog.recalls(ofDelivery: number).reversed().enumerated() {
                facts.add(
                    index == 0 ? "asked back" : "",
                    "\(counted(recall.files, "file")) on \(dateWords(recall.at)), \(recall.number): \(recall.answerWords)",
                    recall.answeredAt == nil ? .bad : nil)
            }
            facts.finish()
            desk.out.line()
        }
        let table = Table(
            [
                .init("ID"), .init("FILE", yields: true), .init("SIZE", .right),
                .init("ON WHOSE WORD", yields: true),
                .init("SHA-256", yields: true),
            ],
            to: desk.out
        )
        for (file, basis) in files {
            let others = try catalog.grounds(ofDelivery: number, asset: file.asset).count - 1
            let more = others > 0 ? "; and on \(counted(others, "decision")) before" : ""
            table.add([
                .init(try catalog.asset(file.asset).shortName), .init(file.name), .init(byteWords(file.size)),
                .init((basis?.sentence ?? "stays inside: not cleared") + more), .init(file.digest.hex, .dim),
            ])
        }
        table.finish()
        return .done
    }
}

extension Delivery {
    fileprivate var json: JSONObject {
        [
            "delivery": .text(number), "at": .text(isoInstant(at)), "person": .text(person),
            "selection": .text(selection), "preset": .text(preset), "purpose": .text(purpose),
            "recipient": .text(recipient), "territory": JSONValue(territory), "place": .text(place),
            "seal": .text(seal.hex), "files": JSONValue(files),
        ]
    }
}
