internal import Storage

/// What something leaves the house for.
public enum Purpose: String, Sendable, CaseIterable {
    case exhibit
    case press
    case edit
    case web
    case print
    /// Stays in the house: needs no clearance, and carries NOT CLEARED.
    case `internal`

    /// The purpose of this name.
    ///
    /// Throws `CatalogError` that names the nearest.
    public init(named name: String) throws {
        guard let purpose = Purpose(rawValue: name.lowercased()) else {
            let all = Purpose.allCases.map(\.rawValue)
            throw CatalogError(
                .refused,
                "there is no purpose “\(name)”"
                    + (nearestWord(to: name, among: all).map { "; did you mean \($0)?" } ?? ""),
                next: "purposes: " + all.joined(separator: ", "))
        }
        self = purpose
    }
}

/// What was decided about an asset.
public enum DecisionKind: String, Sendable {
    /// It may leave.
    case cleared
    /// It may not, whatever else was said, while the hold lasts.
    case held
    /// The holds decided before this have ended.
    case lifted
    /// The decision that this one names was a mistake and counts no more.
    case retracted
}

/// One decision; decisions are only ever added.
public struct Decision: Hashable, Sendable {
    /// Its key.
    public let id: Int64
    /// What was decided.
    public let kind: DecisionKind
    /// For which purpose; nil is every purpose.
    public let purpose: Purpose?
    /// Who decided.
    public let person: String
    /// When, in milliseconds since 1970.
    public let decidedAt: Int64
    /// From when on it holds, in milliseconds since 1970; nil is always.
    public let from: Int64?
    /// The instant from which it no longer holds; nil is never.
    public let until: Int64?
    /// ISO 3166 codes, separated by commas, in which it holds; nil is everywhere.
    public let territory: String?
    /// Why.
    public let reason: String?
    /// The file that proves it, by its name and the first digits of its digest.
    public let evidence: String?
    /// The decision that this one takes back.
    public let retracts: Int64?

    /// A decision as it was recorded.
    public init(
        id: Int64,
        kind: DecisionKind,
        purpose: Purpose?,
        person: String,
        decidedAt: Int64,
        from: Int64?,
        until: Int64?,
        territory: String?,
        reason: String?,
        evidence: String?,
        retracts: Int64?
    ) {
        self.id = id
        self.kind = kind
        self.purpose = purpose
        self.person = person
        self.decidedAt = decidedAt
        self.from = from
        self.until = until
        self.territory = territory
        self.reason = reason
        self.evidence = evidence
        self.retracts = retracts
    }
}

/// A decision to be recorded.
public struct NewDecision: Hashable, Sendable {
    /// What is decided.
    public var kind: DecisionKind
    /// For which purpose; nil is every purpose.
    public var purpose: Purpose?
    /// Who decides.
    public var person: String
    /// From when on, in milliseconds since 1970.
    public var from: Int64?
    /// Until when, in milliseconds since 1970.
    public var until: Int64?
    /// ISO 3166 codes, separated by commas.
    public var territory: String?
    /// Why.
    public var reason: String?
    /// The file that proves it.
    public var evidence: String?

    /// A decision by a person.
    public init(_ kind: DecisionKind, purpose: Purpose?, by person: String) {
        self.kind = kind
        self.purpose = purpose
        self.person = person
    }
}

extension Catalog {
    /// Every decision about an asset, oldest first, taken-back ones included.
    public func decisions(about asset: AssetID) throws -> [Decision] {
        try connection.rows(
            """
            SELECT id, decision, purpose, person, decided_at, from_at, until_at, territory, reason, evidence, retracts
              FROM clearance
             WHERE asset = ?
             ORDER BY decided_at, id
            """,
            [.integer(asset.rawValue)]
        ) { row in
            guard let kind = DecisionKind(rawValue: row.text(1)) else {
                throw CatalogError(.broken, "the catalogue has a decision that this program does not know")
            }
            return Decision(
                id: row.integer(0),
                kind: kind,
                purpose: row.textOrNil(2).flatMap(Purpose.init(rawValue:)),
                person: row.text(3),
                decidedAt: row.integer(4),
                from: row.integerOrNil(5),
                until: row.integerOrNil(6),
                territory: row.textOrNil(7),
                reason: row.textOrNil(8),
                evidence: row.textOrNil(9),
                retracts: row.integerOrNil(10)
            )
        }
    }
}

extension Change {
    /// Records a decision about assets.
    public func decide(_ decision: NewDecision, about assets: [AssetID]) throws {
        guard !decision.person.isEmpty else {
            throw CatalogError(.refused, "a decision needs the name of who made it", next: "add --by NAME")
        }
        if let from = decision.from, let until = decision.until, until <= from {
            throw CatalogError(.refused, "the decision would end before it begins")
        }
        for asset in assets {
            try connection.run(
                """
                INSERT INTO clearance (id, asset, decision, purpose, person, decided_at, from_at, until_at,
                                       territory, reason, evidence, stamp)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(mint()), .integer(asset.rawValue), .text(decision.kind.rawValue),
                    .text(decision.purpose?.rawValue), .text(decision.person), .integer(now),
                    .integer(decision.from), .integer(decision.until), .text(decision.territory),
                    .text(decision.reason), .text(decision.evidence), .integer(stamp.rawValue),
                ])
        }
    }
}
