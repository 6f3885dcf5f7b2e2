public import Catalog
internal import Files
internal import MediaProtocol
internal import Workers

/// What was decided about each item of a list, for a lawyer: a table of values, or pages.
///
/// It is for the house alone. It takes nothing but what the gate made for that, and says NOT CLEARED wherever it is torn
/// apart: on every page, under every picture, in every row.
public struct ClearanceReport: Sendable {
    /// What stands above the items.
    public struct Head: Sendable {
        /// The archive’s name.
        public var archive: String
        /// What was chosen, in words.
        public var choice: String
        /// The instant that the gate was asked about, in words with its offset.
        public var asOf: String
        /// Of a time that is past: by when what counts was decided, in words.
        public var decided: String?
        /// The country that it was asked about, in words.
        public var territory: String
        /// Who made it.
        public var person: String
        /// When it was made, in milliseconds since 1970.
        public var madeAt: Int64
        /// The purposes that it was asked about.
        public var purposes: [Purpose]

        /// What stands above the items.
        public init(
            archive: String, choice: String, asOf: String, decided: String? = nil, territory: String,
            person: String,
            madeAt: Int64, purposes: [Purpose]
        ) {
            self.archive = archive
            self.choice = choice
            self.asOf = asOf
            self.decided = decided
            self.territory = territory
            self.person = person
            self.madeAt = madeAt
            self.purposes = purposes
        }
    }

    /// An item, and what is told of it in words.
    public struct Row: Sendable {
        /// What the gate made.
        public let item: InternalItem
        /// When it was taken.
        public var taken = ""
        /// Who is in it, and what each answered.
        public var shown: [String] = []
        /// Releases, with what is known of each.
        public var releases: [String] = []
        /// The answer for each purpose, in the order of the head’s.
        public var answers: [String] = []
        /// Who decided what, when, until when, under which conditions.
        public var decisions: [String] = []
        /// The files that prove it, by the names under which they are kept.
        public var evidence: [String] = []
        /// The words that came with the file.
        public var warnings: [String] = []
        /// The deliveries so far.
        public var deliveries: [String] = []
        /// A small picture of it.
        public var picture: [UInt8]?

        /// An item of which nothing is told yet.
        public init(_ item: InternalItem) { self.item = item }
    }

    /// The pages take as many items; the table takes any number.
    public static let mostItems = 1_000

    /// What it is a report of.
    public let head: Head
    /// How the items stand.
    public private(set) var tally: ClearanceTally

    /// A report of nothing yet.
    public init(_ head: Head) {
        self.head = head
        tally = ClearanceTally(head.purposes)
    }

    // MARK: The table

    /// The beginning of the table.
    func csvHead() -> [UInt8] {
        CSV.byteOrderMark
            + Array(
                CSV.line(
                    [
                        "marking", "number", "id", "sha256", "kind", "file", "title", "caption", "taken",
                        "shown", "releases",
                    ]
                        + head.purposes.map { "answer: \($0.rawValue)" }
                        + ["decisions", "evidence", "warnings", "deliveries", "as of", "country", "archive"]
                ).utf8)
    }

    /// One row of it.
    func csvLine(_ row: Row) -> [UInt8] {
        let asset = row.item.asset
        func lines(_ texts: [String]) -> String { texts.joined(separator: "\n") }
        return Array(
            CSV.line(
                [
                    InternalItem.mark, "\(row.item.number)", asset.shortName, asset.digest.hex,
                    asset.kind.rawValue,
                    asset.name, asset.title ?? "", asset.caption ?? "", row.taken, lines(row.shown),
                    lines(row.releases),
                ] + row.answers + [
                    lines(row.decisions), lines(row.evidence), lines(row.warnings), lines(row.deliveries),
                    head.asOf + (head.decided.map { ", as decided \($0)" } ?? ""), head.territory,
                    head.archive,
                ]
            ).utf8)
    }

    /// Counts an item.
    public mutating func count(_ item: InternalItem) { tally.count(item) }

    // MARK: The pages

    /// Draws the report into a new file; tells how many pages it has.
    ///
    /// Throws `ExportError`.
    func draw(_ rows: [Row], at path: Path, _ size: PaperSize, _ media: WorkerProgram) throws -> Int {
        try PaperDrawer(media, FileAccess()).draw(paper(rows, path.bytes, size.onPaper))
    }

    /// The report as pages.
    func paper(_ rows: [Row], _ destination: [UInt8], _ size: PaperOrder.Size) -> PaperOrder {
        var order = PaperOrder(
            destination: destination, size: size, title: "Clearance report: \(head.choice)",
            date: head.madeAt,
            blocks: summary + [.heading("Items"), .table(table(rows))] + legend)
        order.isLandscape = true
        order.mark = InternalItem.mark
        order.footer =
            "NOT CLEARED · confidential, for the house alone · clearance as of \(head.asOf) · \(head.archive)"
        return order
    }

    private var summary: [PaperBlock] {
        [
            .title("Clearance report"),
            .paragraph(PaperText("Confidential, for the house alone. This report clears nothing.", .warning)),
            .space(8),
            .facts(
                [
                    PaperFact("archive", PaperText(head.archive, .cell)),
                    PaperFact("items", PaperText("\(tally.items): \(head.choice)", .cell)),
                    PaperFact("as of", PaperText(head.asOf, .cell)),
                ] + (head.decided.map { [PaperFact("decided", PaperText($0, .cell))] } ?? []) + [
                    PaperFact("country", PaperText(head.territory, .cell)),
                    PaperFact("made by", PaperText(head.person, .cell)),
                ]),
            .space(8),
            .table(
                PaperTable(
                    [.init("Purpose", 20)]
                        + ClearanceTally.Standing.allCases.map { .init($0.head, 18, isRight: true) }
                        + [.init("All", 10, isRight: true)],
                    tally.rows.map { row in
                        [.init([PaperText(row.purpose.rawValue, .strong)])]
                            + row.counts.map { .init([PaperText("\($0)", .cell)]) }
                            + [.init([PaperText("\(tally.items)", .strong)])]
                    })),
        ]
    }

    private func table(_ rows: [Row]) -> PaperTable {
        let columns: [PaperTable.Column] = [
            .init("No.", 4, isRight: true), .init("", 13), .init("Work", 16), .init("Shown, releases", 15),
            .init("What the gate answers", 27), .init("Decisions, words, evidence", 30),
            .init("Deliveries", 14),
        ]
        return PaperTable(
            columns,
            rows.map { row in
                let asset = row.item.asset
                let caption = asset.caption.map { [PaperText(ClearanceReport.clipped($0, 240), .dim)] } ?? []
                return [
                    .init([PaperText("\(row.item.number)", .strong)]),
                    .init([PaperText(InternalItem.mark, .warning)], picture: row.picture),
                    .init(
                        [PaperText(asset.title ?? asset.name, asset.title == nil ? .strong : .work)] + caption
                            + [
                                PaperText(row.taken, .cell),
                                PaperText(asset.title == nil ? "" : asset.name, .dim),
                                PaperText(asset.shortName, .code),
                            ]),
                    .init(
                        row.shown.map { PaperText($0) } + row.releases.map { PaperText($0, .dim) }),
                    .init(
                        grouped(row.answers).flatMap {
                            [PaperText($0.purposes, .strong), PaperText($0.answer)]
                        }),
                    .init(
                        row.decisions.map { PaperText($0) } + row.warnings.map { PaperText($0, .warning) }
                            + row.evidence.map { PaperText($0, .code) }),
                    .init(row.deliveries.map { PaperText($0) }),
                ]
            })
    }

    /// The answers, each said once with the purposes that it is for.
    private func grouped(_ answers: [String]) -> [(purposes: String, answer: String)] {
        var groups: [(purposes: String, answer: String)] = []
        for (purpose, answer) in zip(head.purposes, answers) {
            if let index = groups.firstIndex(where: { $0.answer == answer }) {
                groups[index].purposes += ", \(purpose.rawValue)"
            } else {
                groups.append((purpose.rawValue, answer))
            }
        }
        return groups
    }

    private var legend: [PaperBlock] {
        [
            .heading("How to read it"),
            .facts(
                ClearanceTally.Standing.allCases.map {
                    PaperFact($0.words, PaperText($0.meaning, .cell))
                } + [
                    PaperFact(
                        "as of",
                        PaperText(
                            (head.decided == nil
                                ? "What the decisions that are on record today answer for that instant"
                                : "What the decisions that were on record then answer for that instant")
                                + ", for a recipient who is not named.")),
                    PaperFact(
                        "marks",
                        PaperText(
                            "A decision with a mark behind it does not count: its time is over, somebody who may has "
                                + "lifted or withdrawn it or taken it back, it is of what the item was made from, it "
                                + "was made later, or whoever made it has no say.")),
                    PaperFact(
                        "evidence",
                        PaperText(
                            "Letters and messages are kept in the archive’s folder evidence, each in a file named by "
                                + "its SHA-256.")),
                ]),
        ]
    }

    private static func clipped(_ text: String, _ count: Int) -> String {
        text.count > count ? text.prefix(count - 1) + "…" : text
    }
}

/// How many items stand where, for each purpose: every item is counted once for each.
public struct ClearanceTally: Sendable {
    /// Where an item can stand.
    public enum Standing: String, Sendable, CaseIterable {
        case allowed
        case held
        case stopped
        case open

        /// As a head has it.
        public var words: String {
            switch self {
            case .allowed: "may leave"
            case .held: "held, withdrawn"
            case .stopped: "stopped"
            case .open: "not cleared yet"
            }
        }

        var head: String { words.prefix(1).uppercased() + words.dropFirst() }

        var meaning: String {
            switch self {
            case .allowed: "An artist cleared it, and nothing stands against it."
            case .held: "Somebody holds or withdrew it, or who it shows refused."
            case .stopped:
                "An embargo, a restriction, a missing release or answer, or words that came with the file stand against it."
            case .open: "Nobody has cleared it for this, or the clearance does not reach so far."
            }
        }

        /// Where an answer puts an item.
        public init(_ ruling: Ruling) {
            self =
                switch ruling {
                case .allowed, .staysInside: .allowed
                case .denied(let denials):
                    denials.contains(where: \.isRefusal)
                        ? .held : denials.contains(where: \.blocks) ? .stopped : .open
                }
        }
    }

    /// How many items there are.
    public private(set) var items = 0
    /// For each purpose the counts in the order of `Standing`.
    public private(set) var rows: [(purpose: Purpose, counts: [Int])]

    init(_ purposes: [Purpose]) {
        rows = purposes.map { ($0, Standing.allCases.map { _ in 0 }) }
    }

    mutating func count(_ item: InternalItem) {
        items += 1
        for (index, answer) in item.answers.enumerated() {
            guard let place = Standing.allCases.firstIndex(of: Standing(answer.ruling)) else { continue }
            rows[index].counts[place] += 1
        }
    }
}

extension Denial {
    fileprivate var isRefusal: Bool {
        switch self {
        case .held, .withdrawn, .refused: true
        default: false
        }
    }
}
