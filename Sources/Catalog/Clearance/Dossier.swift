/// Everything that is known of one asset and bears on whether it may leave: what the gate rules on.
public struct Dossier: Hashable, Sendable {
    /// What is known of one asset of the line: it itself, or what it was made from.
    public struct Sheet: Hashable, Sendable {
        /// Its decisions, and those that bind it through a session or tag; in any order.
        public var decisions: [Decision]
        /// The words that came with its file.
        public var warnings: [Warning]
        /// Who is in it and must agree, for which purposes; nil is every purpose.
        public var people: [Person]
        /// The deliveries that it, or anything made from it, left with, those that stayed in the house apart.
        public var uses: [Use]

        /// What is known of one asset.
        public init(
            decisions: [Decision] = [], warnings: [Warning] = [], people: [Person] = [], uses: [Use] = []
        ) {
            self.decisions = decisions
            self.warnings = warnings
            self.people = people
            self.uses = uses
        }
    }

    /// Somebody who is in a picture and must agree to it.
    public struct Person: Hashable, Sendable {
        /// The name, as the tag below `people` ends.
        public let name: String
        /// For this purpose; nil is every purpose.
        public let purpose: Purpose?

        /// Somebody who must agree.
        public init(name: String, purpose: Purpose?) {
            self.name = name
            self.purpose = purpose
        }
    }

    /// A delivery that something left with.
    public struct Use: Hashable, Sendable {
        /// The delivery's key, which tells when.
        public let delivery: Int64
        /// What for.
        public let purpose: String
        /// The decisions it rested on.
        public let grounds: Set<Int64>

        /// A delivery.
        public init(delivery: Int64, purpose: String, grounds: Set<Int64>) {
            self.delivery = delivery
            self.purpose = purpose
            self.grounds = grounds
        }
    }

    /// What is known of the asset itself.
    public var own: Sheet
    /// What is known of what it was made from, and of what that was made from.
    public var parents: [Sheet]
    /// The stamp under which the newest of the files that would leave came to the asset: its original, or a segment.
    ///
    /// What was cleared before is not what would leave. Nil is not known to have changed since any decision.
    public var filesSince: Int64?

    /// A dossier.
    public init(own: Sheet = Sheet(), parents: [Sheet] = [], filesSince: Int64? = nil) {
        self.own = own
        self.parents = parents
        self.filesSince = filesSince
    }

    /// Nothing known: nobody decided.
    public static let empty = Dossier()
}
