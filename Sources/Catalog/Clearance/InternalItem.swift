internal import Storage

/// An item of a report for the house alone: everything that was decided about an asset, and what the gate answers.
///
/// Only the gate makes one, and what is made of it says NOT CLEARED: it is not a leave, whatever the answers are.
public struct InternalItem: Sendable {
    /// Its place in the report, from 1.
    public let number: Int
    /// What counts about the asset.
    public let asset: Asset
    /// What the gate answers for each purpose that was asked about, in their order.
    public let answers: [(purpose: Purpose, ruling: Ruling)]
    /// Everything that bears on the answers.
    public let dossier: Dossier
    /// What has become of each decision at the instant asked about, by its key.
    public let fates: [Int64: Fate]
    /// Who is in it, as the tags below `people` say or the gate asks, and what each said of it.
    public let shown: [Consent]
    /// The deliveries it left with, oldest first, those for the house itself included.
    public let departures: [Departure]

    /// What every sheet and row says that is made of it.
    public static let mark = "NOT CLEARED"

    /// A delivery that an asset left with.
    public struct Departure: Hashable, Sendable {
        /// Its number.
        public let number: String
        /// When, in milliseconds since 1970.
        public let at: Int64
        /// What for.
        public let purpose: String
        /// To whom.
        public let recipient: String
        /// True when it was asked back.
        public let isRecalled: Bool
    }

    init(
        number: Int, asset: Asset, answers: [(purpose: Purpose, ruling: Ruling)], dossier: Dossier,
        fates: [Int64: Fate], shown: [Consent],
        departures: [Departure]
    ) {
        self.number = number
        self.asset = asset
        self.answers = answers
        self.dossier = dossier
        self.fates = fates
        self.shown = shown
        self.departures = departures
    }

    /// Every decision that bears on it, oldest first: its own, its sessions’ and tags’, and of what it was made from.
    public var decisions: [Decision] {
        var seen: Set<Int64> = []
        return (dossier.own.decisions + dossier.parents.flatMap(\.decisions))
            .filter { seen.insert($0.id).inserted }
            .sorted { ($0.decidedAt, $0.id) < ($1.decidedAt, $1.id) }
    }

    /// What has become of a decision at the instant asked about.
    public func fate(of decision: Decision) -> Fate { fates[decision.id] ?? .later }

    /// The words that came with its file, or with the file it was made from.
    public var warnings: [Warning] { dossier.own.warnings + dossier.parents.flatMap(\.warnings) }
}

extension Catalog {
    /// Calls `body` with an item for each of these assets, in their order, on one state of the catalogue.
    ///
    /// Items are made as they are asked for: a hundred thousand of them need no more memory than one. `question` is asked
    /// for each purpose; its own counts for nothing. What was decided at `end` or later decides nothing, and is listed.
    public func eachInternalItem(
        of assets: [AssetID], for purposes: [Purpose], _ question: GateQuestion,
        decidedBefore end: Int64? = nil,
        _ body: (InternalItem) throws -> Void
    ) throws {
        try connection.snapshot {
            var number = 0
            try connection.eachDossier(of: assets.map(\.rawValue)) { key, dossier in
                number += 1
                let id = AssetID(rawValue: key)
                let known = end.map { dossier.known(before: $0) } ?? dossier
                let answers = purposes.map { purpose in
                    var asked = question
                    asked.purpose = purpose
                    return (purpose: purpose, ruling: Gate.rule(on: known, asked))
                }
                let names = try tags(of: id).filter {
                    $0.names.count > 1 && $0.names[0].lowercased() == "people"
                }
                .map { $0.names[$0.names.count - 1] }
                try body(
                    InternalItem(
                        number: number, asset: try asset(id), answers: answers, dossier: dossier,
                        fates: known.fates(at: question.at),
                        shown: known.consents(of: names, for: purposes, at: question.at),
                        departures: try departures(of: id)))
            }
        }
    }

    private func departures(of asset: AssetID) throws -> [InternalItem.Departure] {
        try connection.rows(
            """
            SELECT d.number, d.at, d.purpose, d.recipient,
                   max(EXISTS (SELECT 1
                                 FROM recall_item AS y
                                 JOIN recall      AS c ON c.id = y.recall AND c.present = 1
                                WHERE y.delivery = i.delivery AND y.name = i.name AND y.present = 1))
              FROM delivery_item AS i
              JOIN delivery      AS d ON d.id = i.delivery
             WHERE i.asset = ?
             GROUP BY d.id
             ORDER BY d.at, d.id
            """,
            [.integer(asset.rawValue)]
        ) {
            InternalItem.Departure(
                number: $0.text(0), at: $0.integer(1), purpose: $0.text(2), recipient: $0.text(3),
                isRecalled: $0.int(4) == 1)
        }
    }
}
