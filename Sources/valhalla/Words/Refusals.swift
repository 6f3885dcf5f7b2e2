import Catalog

/// What may not leave, with every reason why: for the person at work, and no recipient learns of it.
struct Refusals {
    /// A person reads so many; JSON has them all.
    private static let mostNamed = 24

    private typealias Reason = (words: String, isHeld: Bool)

    private let items: [(asset: Asset, reasons: [Reason])]

    init(_ denied: [(asset: Asset, denials: [Denial])]) {
        items = denied.map { asset, denials in (asset, denials.map { ($0.words, $0.isHeld) }) }
    }

    init(_ kept: [(asset: Asset, denials: [ShowingDenial])]) {
        items = kept.map { asset, denials in (asset, denials.map { ($0.words, true) }) }
    }

    /// A row for each reason; what it is about stands in the first.
    var rows: [[Table.Cell]] {
        var rows = items.prefix(Refusals.mostNamed).flatMap { asset, reasons in
            reasons.enumerated().map { index, reason -> [Table.Cell] in
                [
                    index == 0 ? .init(asset.shortName, .strong) : "",
                    index == 0 ? .init(asset.title ?? asset.name) : "",
                    .init(reason.words, reason.isHeld ? .bad : nil),
                ]
            }
        }
        if items.count > Refusals.mostNamed {
            rows.append([
                "", .init("and \(grouped(items.count - Refusals.mostNamed)) more"), "--json names all",
            ])
        }
        return rows
    }

    /// An object each.
    var objects: [JSONObject] {
        items.map { asset, reasons in
            [
                "id": .text(asset.shortName), "name": .text(asset.name), "title": JSONValue(asset.title),
                "why": JSONValue(reasons.first?.words), "held": .bool(reasons.contains(where: \.isHeld)),
                "reasons": JSONValue(reasons.map(\.words)),
            ]
        }
    }

    /// Why the command does nothing; `option` leaves them out and goes on with `others`.
    func failure(_ summary: String, leftOutBy option: String?, others: String?) -> Failure {
        var failure = Failure(.notCleared, summary)
        failure.label = "refused:"
        failure.aside = "(nothing written)"
        failure.rows = rows
        failure.items = objects
        if let first = items.first?.asset {
            failure.next = [.words("see  "), .type("valhalla show \(first.shortName) --rights")]
            if let option, let others {
                failure.next += [.words("   or \(others) with  "), .type(option)]
            }
        }
        return failure
    }

    /// That they are left out.
    func tell(_ summary: String, at desk: Desk) {
        desk.console.remark(desk.err.paint("left out:", .bad) + " " + summary)
        let table = Table(
            [.init("", .left), .init("", yields: true), .init("", yields: true)], to: desk.err, indent: 2,
            hasHead: false)
        for row in rows { table.add(row) }
        table.finish()
    }
}
