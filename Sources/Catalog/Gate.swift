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

/// What the gate answers.
public enum Ruling: Hashable, Sendable {
    /// It may leave, on the strength of this decision.
    case allowed(basis: Decision)
    /// It stays in the house and carries NOT CLEARED.
    case staysInside
    /// It may not leave.
    case denied(Denial)

    /// True unless it may not leave.
    public var isAllowed: Bool {
        if case .denied = self { false } else { true }
    }
}

/// Why something may not leave.
public enum Denial: Hashable, Sendable {
    /// Somebody holds it.
    case held(Decision)
    /// It was cleared, for other purposes only.
    case otherPurposes([Purpose])
    /// The clearance begins later.
    case notYet(Decision)
    /// The clearance has ended.
    case ended(Decision)
    /// The clearance is for other countries, or the country was not said.
    case otherTerritory(Decision)
    /// Nobody has decided.
    case undecided
}

/// The one function that says what may leave.
///
/// It denies when it does not know. A hold always wins, whenever it was decided and whatever else was said; only its
/// end, or a person who lifts it, opens the way again. Decisions that were taken back count for nothing.
public enum Gate {
    /// Rules on one asset from all decisions about it.
    public static func rule(on decisions: [Decision], _ question: GateQuestion) -> Ruling {
        let counting = standing(decisions)
        let lifted = counting.filter { $0.kind == .lifted }.map(\.id).max() ?? 0
        if let hold = counting.first(where: {
            $0.kind == .held && $0.id > lifted && isOpen($0, at: question.at)
        }) {
            return question.purpose == .internal ? .staysInside : .denied(.held(hold))
        }
        if question.purpose == .internal { return .staysInside }

        let cleared = counting.filter { $0.kind == .cleared }
        let fitting = cleared.filter { $0.purpose == nil || $0.purpose == question.purpose }
        let inTime = fitting.filter { isOpen($0, at: question.at) }
        if let basis = inTime.last(where: { covers($0, question.territory) }) {
            return .allowed(basis: basis)
        }
        if let elsewhere = inTime.last { return .denied(.otherTerritory(elsewhere)) }
        if let coming = fitting.last(where: { question.at < ($0.from ?? .min) }) {
            return .denied(.notYet(coming))
        }
        if let ended = fitting.last { return .denied(.ended(ended)) }
        let others = cleared.filter { isOpen($0, at: question.at) }.compactMap(\.purpose)
        if !others.isEmpty {
            return .denied(.otherPurposes(Purpose.allCases.filter(Set(others).contains)))
        }
        return .denied(.undecided)
    }

    /// The decisions that were not taken back.
    static func standing(_ decisions: [Decision]) -> [Decision] {
        let retracted = Set(decisions.compactMap(\.retracts))
        return decisions.filter { $0.kind != .retracted && !retracted.contains($0.id) }
    }

    private static func isOpen(_ decision: Decision, at instant: Int64) -> Bool {
        (decision.from ?? .min) <= instant && instant < (decision.until ?? .max)
    }

    private static func covers(_ decision: Decision, _ territory: String?) -> Bool {
        guard let codes = decision.territory else { return true }
        guard let territory else { return false }
        return codes.split(separator: ",").contains { $0.uppercased() == territory.uppercased() }
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
    /// The decision it leaves on; nil when it stays inside.
    public let basis: Decision?

    /// True when it must carry NOT CLEARED.
    public var isNotCleared: Bool { basis == nil }

    init(number: Int, asset: Asset, details: ItemDetails, files: [AssetFile], basis: Decision?) {
        self.number = number
        self.asset = asset
        self.details = details
        self.files = files
        self.basis = basis
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
    /// What may not, and why, in order.
    ///
    /// For the operator; no recipient learns of it.
    public let denied: [(asset: Asset, denial: Denial)]

    init(
        selection: Selection,
        question: GateQuestion,
        cleared: [ClearedItem],
        denied: [(asset: Asset, denial: Denial)]
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
        Gate.rule(on: try decisions(about: asset), question)
    }

    /// Sends a selection through the gate, on one state of the catalogue.
    public func gate(selection name: String, _ question: GateQuestion) throws -> GatedSelection {
        try connection.snapshot {
            var cleared: [ClearedItem] = []
            var denied: [(asset: Asset, denial: Denial)] = []
            for item in try items(of: name) {
                let asset = try asset(item.asset)
                switch try ruling(on: item.asset, question) {
                case .denied(let denial):
                    denied.append((asset, denial))
                case .allowed(let basis):
                    cleared.append(try clearedItem(cleared.count + 1, asset, item.details, basis))
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
        _ basis: Decision?
    ) throws -> ClearedItem {
        ClearedItem(
            number: number,
            asset: asset,
            details: details,
            files: try files(of: asset.id).filter { $0.role != .former },
            basis: basis
        )
    }
}
