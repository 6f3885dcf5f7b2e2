public import Files
internal import Storage

/// What is asked before a proof is shown to an artist who is to decide.
public struct ShowingQuestion: Hashable, Sendable {
    /// Who is to look.
    public var artist: String
    /// What they are asked about.
    public var purposes: [Purpose]
    /// What somebody else holds is shown all the same.
    public var evenHeld: Bool
    /// When, in milliseconds since 1970.
    public var at: Int64

    /// Asks whether something may be shown to this artist.
    public init(artist: String, purposes: [Purpose], evenHeld: Bool = false, at: Int64) {
        self.artist = artist
        self.purposes = purposes
        self.evenHeld = evenHeld
        self.at = at
    }
}

/// Why a proof may not be shown.
public enum ShowingDenial: Hashable, Sendable {
    /// The artist has no say in it.
    case noSay
    /// Somebody else holds it.
    case held(Decision)
    /// It was withdrawn, and an artist has not submitted it anew.
    case withdrawn(Decision)
    /// Somebody who is in it refused.
    case refused(Decision)
    /// It is kept for somebody else.
    case keptFor(Decision)
    /// There is nothing of it to be seen: a sound, or a file that cannot be read.
    case nothingToSee
}

extension Gate {
    /// Every reason why an artist may not be shown a proof, the weightiest first; none when they may.
    ///
    /// Nobody cleared it yet: that is why it is shown. So the question is another one than whether it may leave: who looks
    /// must be one whose word clears it, and what closes it must not close it to them. An embargo, countries, a number
    /// of uses and releases bind what is published, and keep nobody from looking who decides about it.
    public static func showing(_ dossier: Dossier, _ question: ShowingQuestion, hasSay: Bool)
        -> [ShowingDenial]
    {
        Hearing(dossier).showing(question, hasSay: hasSay)
    }
}

extension Hearing {
    fileprivate func showing(_ question: ShowingQuestion, hasSay: Bool) -> [ShowingDenial] {
        var denials: [ShowingDenial] = hasSay ? [] : [.noSay]
        for decision in closing where isOpen(decision, at: question.at) {
            let isTheirs = Hearing.same(decision.person, question.artist)
            switch decision.kind {
            // Whoever is in it and said no need not have said it of this purpose to mind being handed around.
            case .refused where !isTheirs: denials.append(.refused(decision))
            case _ where !question.purposes.contains(where: decision.concerns): continue
            case .withdrawn: denials.append(.withdrawn(decision))
            case .held where !isTheirs && !question.evenHeld: denials.append(.held(decision))
            case .restricted:
                guard let recipient = decision.terms.recipient, !isTheirs,
                    !Hearing.same(recipient, question.artist),
                    question.at < decision.terms.exclusiveUntil ?? .max
                else { continue }
                denials.append(.keptFor(decision))
            default: continue
            }
        }
        return denials
    }

    /// A restriction stands until it is lifted: its dates are what it asks.
    private func isOpen(_ decision: Decision, at instant: Int64) -> Bool {
        decision.kind == .restricted
            || ((decision.from ?? .min) <= instant && instant < (decision.until ?? .max))
    }
}

/// An asset of which an artist may be shown a proof.
///
/// Only the gate makes one. It is no `ClearedItem`: nothing can be made of it but a proof.
public struct ShownItem: Sendable {
    /// Its number in the review, from 1; what may not be shown leaves no gap.
    public let number: Int
    /// What counts about the asset.
    public let asset: Asset
    /// The file that the proof is made from.
    public let original: AssetFile
    /// Which files the proof stands for: a digest of the digests of all that would leave.
    public let content: SHA256Digest

    init(number: Int, asset: Asset, original: AssetFile, content: SHA256Digest) {
        self.number = number
        self.asset = asset
        self.original = original
        self.content = content
    }
}

/// What an artist may be shown, and what not.
public struct GatedReview: Sendable {
    /// What was asked.
    public let question: ShowingQuestion
    /// What may be shown, in order.
    public let shown: [ShownItem]
    /// What may not, and every reason why, in order.
    ///
    /// For the operator; the artist learns nothing of it.
    public let kept: [(asset: Asset, denials: [ShowingDenial])]

    init(question: ShowingQuestion, shown: [ShownItem], kept: [(asset: Asset, denials: [ShowingDenial])]) {
        self.question = question
        self.shown = shown
        self.kept = kept
    }
}

extension Catalog {
    /// Sends assets through the gate that are to be shown to an artist, on one state of the catalogue.
    public func gate(review assets: [AssetID], _ question: ShowingQuestion) throws -> GatedReview {
        try connection.snapshot {
            let say = try authorities(of: question.artist, over: assets)
            var shown: [ShownItem] = []
            var kept: [(asset: Asset, denials: [ShowingDenial])] = []
            try connection.eachDossier(of: assets.map(\.rawValue)) { key, dossier in
                let id = AssetID(rawValue: key)
                let asset = try asset(id)
                var denials = Gate.showing(dossier, question, hasSay: say[id] != nil)
                let files = try files(of: id)
                let original = files.first { $0.role == .original }
                if asset.kind == .sound || asset.unreadable != nil || original == nil {
                    denials.append(.nothingToSee)
                }
                if let original, denials.isEmpty {
                    shown.append(
                        ShownItem(
                            number: shown.count + 1, asset: asset, original: original,
                            content: Catalog.content(of: files)))
                } else {
                    kept.append((asset, denials))
                }
            }
            return GatedReview(question: question, shown: shown, kept: kept)
        }
    }

    /// A digest of the digests of the files that would leave, in no order that a rename could change.
    static func content(of files: [AssetFile]) -> SHA256Digest {
        let leaving = files.filter { $0.role == .original || $0.role == .segment }
        let lines = leaving.map { "\($0.role.rawValue) \($0.digests.sha256.hex)\n" }.sorted()
        return Digests(of: Array(lines.joined().utf8)).sha256
    }
}
