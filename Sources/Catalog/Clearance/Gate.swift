internal import Files
internal import Storage

/// What is asked of the gate.
public struct GateQuestion: Hashable, Sendable {
    /// What for.
    public var purpose: Purpose
    /// To whom.
    public var recipient: String
    /// In which country, as an ISO 3166 code; nil is not said.
    public var territory: String?
    /// When, in milliseconds since 1970.
    public var at: Int64

    /// Asks whether something may leave for this purpose, to this recipient, there and then.
    public init(purpose: Purpose, recipient: String, territory: String?, at: Int64) {
        self.purpose = purpose
        self.recipient = recipient
        self.territory = territory
        self.at = at
    }
}

/// Where an asset stands for a purpose.
public enum ClearanceState: String, Sendable, CaseIterable {
    /// Nobody decided anything, which is where all begin.
    case unreviewed
    /// An artist was asked.
    case submitted
    /// An artist cleared it, for some time and place.
    case cleared
    /// Somebody holds it, or who it shows does not agree.
    case held
    /// It was cleared once, and is not any more.
    case withdrawn
}

/// What lets something leave, and what whoever gets it must honour.
public struct Grant: Hashable, Sendable {
    /// The clearances that cover it, oldest first; never empty.
    public let grounds: [Decision]
    /// What must be honoured: of all clearances that cover it and all restrictions together, the strictest.
    public let obligations: Obligations

    /// The newest of its grounds.
    public var basis: Decision { grounds[grounds.count - 1] }

    /// `origins` are the clearances of what it was made from: a still carries the credit that was asked for with its clip.
    init(grounds: [Decision], within restrictions: [Decision], madeFrom origins: [Decision]) {
        precondition(!grounds.isEmpty, "what nobody cleared has no grounds")
        self.grounds = grounds
        obligations = Obligations(grounds + restrictions, madeFrom: origins)
    }
}

/// What whoever shows it must honour.
public struct Obligations: Hashable, Sendable {
    /// The credit lines that must stand with it, each once.
    public private(set) var credits: [String] = []
    /// It must be shown whole.
    public private(set) var noCrop = false
    /// It must be shown as it is.
    public private(set) var noRetouch = false
    /// The instant from which it may not be shown any longer, the earliest.
    public private(set) var until: Int64?
    /// The countries, as ISO 3166 codes in their order, in which alone it may be shown; nil is in all but `notIn`.
    public private(set) var onlyIn: [String]?
    /// The countries in which it may not be shown, in their order; none of `onlyIn`.
    public private(set) var notIn: [String] = []
    /// Nothing to honour.
    public static let none = Obligations([])

    /// What these decisions ask together, and of those of what it was made from how it must be shown: where and until when
    /// was said of it itself.
    init(_ decisions: [Decision], madeFrom origins: [Decision] = []) {
        for decision in decisions + origins {
            if let credit = decision.terms.credit, !credits.contains(credit) { credits.append(credit) }
            noCrop = noCrop || decision.terms.noCrop
            noRetouch = noRetouch || decision.terms.noRetouch
        }
        for decision in decisions {
            if let end = decision.until { until = min(until ?? end, end) }
        }
        (onlyIn, notIn) = Territory.together(decisions)
    }
}

/// What the gate answers.
public enum Ruling: Hashable, Sendable {
    /// It may leave, on the strength of these decisions.
    case allowed(Grant)
    /// It stays in the house and carries NOT CLEARED.
    case staysInside
    /// It may not leave: every reason, the weightiest first; never none.
    case denied([Denial])

    /// True unless it may not leave.
    public var isAllowed: Bool {
        if case .denied = self { false } else { true }
    }

    /// Why not; nothing when it may.
    public var denials: [Denial] {
        if case .denied(let denials) = self { denials } else { [] }
    }

    /// What lets it leave.
    public var grant: Grant? {
        if case .allowed(let grant) = self { grant } else { nil }
    }
}

/// Why something may not leave.
public enum Denial: Hashable, Sendable {
    /// Somebody holds it.
    case held(Decision)
    /// It was cleared once, and is not any more.
    case withdrawn(Decision)
    /// Who it shows does not agree.
    case refused(Decision)
    /// Who it shows, and must agree, has not.
    case notApproved(by: String)
    /// A restriction lets it out later.
    case embargo(Decision)
    /// There is a release, and it is not wide enough, or it is known that there is none.
    case release(Decision)
    /// A restriction asks for a release, and none is known.
    case noRelease(Decision)
    /// Words that came with its file forbid it, and nobody cleared it despite them.
    case warned(Warning)
    /// It was cleared as it was then: a file that would leave with it came to it since.
    case changedSince(Decision)
    /// It was cleared, for other purposes only.
    case otherPurposes([Purpose])
    /// The clearance begins later.
    case notYet(Decision)
    /// The clearance, or the time that a restriction allows, has ended.
    case ended(Decision)
    /// It is for other countries, or the country was not said.
    case otherTerritory(Decision)
    /// It is for another recipient alone.
    case otherRecipient(Decision)
    /// It left as often as it may.
    case usedUp(Decision)
    /// An artist was asked, and has not answered.
    case submitted(Decision)
    /// Nobody has decided.
    case undecided

    /// True when a person or a word stands in the way, and not only that nobody has decided.
    public var blocks: Bool {
        switch self {
        case .undecided, .submitted, .otherPurposes, .notYet, .changedSince: false
        // A restriction stands in the way of every clearance; a clearance that does not reach, only of itself.
        case .ended(let decision), .otherTerritory(let decision), .otherRecipient(let decision),
            .usedUp(let decision):
            decision.kind == .restricted
        case .held, .withdrawn, .refused, .notApproved, .embargo, .release, .noRelease, .warned: true
        }
    }
}

/// The one function that says what may leave.
///
/// It denies when it does not know. What closes always wins, whenever it was decided and whatever else was said, and
/// whether it was said of the asset, of a session or tag it was in at that time or later, or of what it was made from;
/// only its end, or the word of a person who may lift it, opens the way again. Decisions that were taken back count for
/// nothing. No answer depends on the order in which rows are read.
public enum Gate {
    /// Rules on one asset from everything known about it.
    public static func rule(on dossier: Dossier, _ question: GateQuestion) -> Ruling {
        Hearing(dossier).ruling(question)
    }

    /// Rules on one asset of which nothing but its own decisions is known.
    public static func rule(on decisions: [Decision], _ question: GateQuestion) -> Ruling {
        rule(on: Dossier(own: Dossier.Sheet(decisions: decisions)), question)
    }

    /// Where one asset stands for a purpose.
    public static func state(of dossier: Dossier, for purpose: Purpose, at instant: Int64) -> ClearanceState {
        Hearing(dossier).state(for: purpose, at: instant)
    }
}

/// An item of a selection that may leave.
///
/// Only the gate makes one: whoever holds it may write it, and no writer takes anything else.
public struct ClearedItem: Sendable {
    /// Its place in the delivery, from 1; refused items leave no gap.
    public let number: Int
    /// What counts about the asset.
    public let asset: Asset
    /// What the wall says about it.
    public let details: ItemDetails
    /// Its files that are not former ones, the original first.
    public let files: [AssetFile]
    /// What lets it leave; nil when it stays inside.
    public let grant: Grant?

    /// The newest decision it leaves on; nil when it stays inside.
    public var basis: Decision? { grant?.basis }
    /// What whoever shows it must honour, and so whoever writes it.
    public var obligations: Obligations { grant?.obligations ?? .none }
    /// True when it must carry NOT CLEARED.
    public var isNotCleared: Bool { grant == nil }

    init(number: Int, asset: Asset, details: ItemDetails, files: [AssetFile], grant: Grant?) {
        self.number = number
        self.asset = asset
        self.details = details
        self.files = files
        self.grant = grant
    }
}

/// What passed the gate, and what did not.
public struct GatedSelection: Sendable {
    /// The selection's name.
    public let selection: Selection
    /// What was asked.
    public let question: GateQuestion
    /// What may leave, in order.
    public let cleared: [ClearedItem]
    /// What may not, and every reason why, in order.
    ///
    /// For the operator; no recipient learns of it.
    public let denied: [(asset: Asset, denials: [Denial])]

    init(
        selection: Selection,
        question: GateQuestion,
        cleared: [ClearedItem],
        denied: [(asset: Asset, denials: [Denial])]
    ) {
        self.selection = selection
        self.question = question
        self.cleared = cleared
        self.denied = denied
    }
}

extension Catalog {
    /// What the gate says about one asset.
    public func ruling(on asset: AssetID, _ question: GateQuestion) throws -> Ruling {
        try rulings(on: [asset], question)[asset] ?? .denied([.undecided])
    }

    /// What the gate says about many assets, on one state of the catalogue.
    ///
    /// An asset of which nothing is known is denied, as one is that is not there.
    public func rulings(on assets: [AssetID], _ question: GateQuestion) throws -> [AssetID: Ruling] {
        var rulings: [AssetID: Ruling] = [:]
        rulings.reserveCapacity(assets.count)
        try connection.snapshot {
            try connection.eachDossier(of: assets.map(\.rawValue)) { asset, dossier in
                rulings[AssetID(rawValue: asset)] = Gate.rule(on: dossier, question)
            }
        }
        return rulings
    }

    /// Sends a selection through the gate, on one state of the catalogue.
    public func gate(selection name: String, _ question: GateQuestion) throws -> GatedSelection {
        try connection.snapshot {
            let items = try items(of: name)
            let rulings = try rulings(on: items.map(\.asset), question)
            var cleared: [ClearedItem] = []
            var denied: [(asset: Asset, denials: [Denial])] = []
            for item in items {
                let asset = try asset(item.asset)
                switch rulings[item.asset] ?? .denied([.undecided]) {
                case .denied(let denials):
                    denied.append((asset, denials))
                case .allowed(let grant):
                    cleared.append(try clearedItem(cleared.count + 1, asset, item.details, grant))
                case .staysInside:
                    cleared.append(try clearedItem(cleared.count + 1, asset, item.details, nil))
                }
            }
            return GatedSelection(
                selection: try selection(named: name), question: question, cleared: cleared, denied: denied)
        }
    }

    private func clearedItem(
        _ number: Int,
        _ asset: Asset,
        _ details: ItemDetails,
        _ grant: Grant?
    ) throws -> ClearedItem {
        ClearedItem(
            number: number,
            asset: asset,
            details: details,
            files: try files(of: asset.id).filter { $0.role != .former },
            grant: grant
        )
    }
}
