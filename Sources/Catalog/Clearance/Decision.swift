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

    /// What needs a clearance.
    public static let outside: [Purpose] = [.exhibit, .press, .edit, .web, .print]

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

/// What was decided.
public enum DecisionKind: String, Sendable, CaseIterable {
    /// It may leave, within the terms. Only an artist says so, and only of an asset.
    case cleared
    /// It may not, whatever else was said, while the hold lasts.
    case held
    /// What `lifts` names is closed no more; where it names nothing, an older program's word: the holds before it.
    case lifted
    /// The decision that this one names was a mistake and counts no more; where it names such a one, what that took back
    /// counts again.
    case retracted
    /// An artist was asked.
    case submitted
    /// What was cleared may not leave any longer; clearances of before do not come back when this is lifted.
    case withdrawn
    /// It leaves within these terms only, whatever was cleared.
    case restricted
    /// Whoever it shows agrees.
    case approved
    /// Whoever it shows does not agree.
    case refused
    /// Whoever it was thought to show is not in it.
    case absent
    /// What is known of a release by the person or the owner of the property it shows.
    case released

    /// True when it may close what is open, so that taking it back may open.
    ///
    /// Of releases some close and some open, and which depends on what else is known of the same person.
    var closes: Bool {
        switch self {
        case .held, .withdrawn, .restricted, .refused, .released: true
        case .cleared, .lifted, .retracted, .submitted, .approved, .absent: false
        }
    }

    /// True when it may open what is closed, so that bringing it back may.
    var opens: Bool {
        switch self {
        case .cleared, .lifted, .approved, .absent, .released: true
        case .held, .retracted, .submitted, .withdrawn, .restricted, .refused: false
        }
    }
}

/// What a release is about.
public enum ReleaseKind: String, Sendable, CaseIterable {
    /// A person who is shown.
    case model
    /// A thing, a building or a work that is shown.
    case property
}

/// What is known of a release, in the words of PLUS.
public enum ReleaseStatus: String, Sendable, CaseIterable {
    /// There is none, and there ought to be.
    case missing = "none"
    /// None is needed.
    case notApplicable = "n/a"
    /// There is one, for everything.
    case unlimited
    /// There is one, within the terms.
    case limited
}

/// Under which conditions a decision lets something leave.
public struct Terms: Hashable, Sendable {
    /// ISO 3166 codes, separated by commas, where it may not be shown.
    public var notIn: String?
    /// For nobody else.
    public var recipient: String?
    /// Where there is a recipient: the instant from which others may have it too; nil is never.
    public var exclusiveUntil: Int64?
    /// How many deliveries may rest on it: of a clearance, on itself; of a restriction, made since.
    public var uses: Int?
    /// The credit line that must stand with it.
    public var credit: String?
    /// It must be shown whole.
    public var noCrop = false
    /// It must be shown as it is.
    public var noRetouch = false
    /// Of a release what it is about; of a restriction, which must be known.
    public var release: ReleaseKind?

    /// No conditions.
    public init() {}
}

/// What a decision is about, when it is not about single assets: what is in it, and what will be.
public enum DecisionScope: Hashable, Sendable {
    /// A session, by its name.
    case session(String)
    /// A tag, and all that lies below it.
    case tag(TagPath)
}

/// One decision; decisions are only ever added.
public struct Decision: Hashable, Sendable {
    /// Its key; keys are ordered by when they were made.
    public let id: Int64
    /// What was decided.
    public let kind: DecisionKind
    /// For which purpose; nil is every purpose.
    public let purpose: Purpose?
    /// On whose word.
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
    /// The decision that this one ends.
    public let lifts: Int64?
    /// The artist's right it was made by; 0 in an archive that had not named who may; nil where it needed none.
    public let authority: Int64?
    /// The warnings that whoever cleared it had read, each between bars: `|embargo|do not reuse|`.
    public let despite: String?
    /// Under which conditions.
    public let terms: Terms
    /// Of a release: what is known of it.
    public let status: ReleaseStatus?
    /// Of a release: by whom, or of what.
    public let subject: String?
    /// The session or tag that it is about; nil when it is about one asset.
    public let scope: DecisionScope?

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
        retracts: Int64?,
        lifts: Int64? = nil,
        authority: Int64? = nil,
        despite: String? = nil,
        terms: Terms = Terms(),
        status: ReleaseStatus? = nil,
        subject: String? = nil,
        scope: DecisionScope? = nil
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
        self.lifts = lifts
        self.authority = authority
        self.despite = despite
        self.terms = terms
        self.status = status
        self.subject = subject
        self.scope = scope
    }

    /// True for this purpose: it is for all, or for it.
    func concerns(_ purpose: Purpose) -> Bool { self.purpose == nil || self.purpose == purpose }
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
    /// Under which conditions.
    public var terms = Terms()
    /// Of a clearance: the warnings were read, and it is cleared all the same.
    public var despiteWarnings = false
    /// Of a release: what is known of it.
    public var status: ReleaseStatus?
    /// Of a release: by whom, or of what.
    public var subject: String?

    /// A decision by a person.
    public init(_ kind: DecisionKind, purpose: Purpose?, by person: String) {
        self.kind = kind
        self.purpose = purpose
        self.person = person
    }
}

extension Decision {
    /// The columns that `init(row:)` reads, of `clearance AS d` joined to the names of its scope.
    static let columns = """
        d.id, d.decision, d.purpose, d.person, d.decided_at, d.from_at, d.until_at, d.territory, d.reason, d.evidence,
               d.retracts, d.lifts, d.authority, d.despite, d.not_in, d.recipient, d.exclusive_until, d.uses, d.credit,
               d.no_crop, d.no_retouch, d.release, d.release_status, d.subject
        """
    static let columnCount = 24

    init(row: Row, scope: DecisionScope? = nil) throws {
        guard let kind = DecisionKind(rawValue: row.text(1)) else {
            throw CatalogError(.broken, "the catalogue has a decision that this program does not know")
        }
        var terms = Terms()
        terms.notIn = row.textOrNil(14)
        terms.recipient = row.textOrNil(15)
        terms.exclusiveUntil = row.integerOrNil(16)
        terms.uses = row.intOrNil(17)
        terms.credit = row.textOrNil(18)
        terms.noCrop = row.int(19) == 1
        terms.noRetouch = row.int(20) == 1
        terms.release = row.textOrNil(21).flatMap(ReleaseKind.init(rawValue:))
        let purpose = row.textOrNil(2)
        let known = purpose.flatMap(Purpose.init(rawValue:))
        guard purpose == nil || known != nil else {
            // Read as every purpose it would clear what nobody cleared.
            throw CatalogError(.broken, "the catalogue has a purpose that this program does not know")
        }
        self.init(
            id: row.integer(0), kind: kind, purpose: known, person: row.text(3), decidedAt: row.integer(4),
            from: row.integerOrNil(5), until: row.integerOrNil(6), territory: row.textOrNil(7),
            reason: row.textOrNil(8), evidence: row.textOrNil(9), retracts: row.integerOrNil(10),
            lifts: row.integerOrNil(11), authority: row.integerOrNil(12), despite: row.textOrNil(13),
            terms: terms, status: row.textOrNil(22).flatMap(ReleaseStatus.init(rawValue:)),
            subject: row.textOrNil(23), scope: scope)
    }
}

extension Catalog {
    /// Every decision about an asset itself, oldest first, taken-back ones included.
    ///
    /// What binds it through a session, a tag or a parent is in its `dossier`.
    public func decisions(about asset: AssetID) throws -> [Decision] {
        try connection.rows(
            "SELECT \(Decision.columns) FROM clearance AS d WHERE d.asset = ? ORDER BY d.decided_at, d.id",
            [.integer(asset.rawValue)]
        ) { try Decision(row: $0) }
    }
}
