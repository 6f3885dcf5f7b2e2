public import Catalog
public import Files
internal import MediaProtocol

/// What is wanted of a review, beyond what passed the gate.
public struct ReviewRequest: Sendable {
    /// The folder to make; nothing may be there yet.
    public var destination: Path
    /// What the review is called outside.
    public var code: String
    /// Who sends it.
    public var house: String
    /// The owner's own words to whoever looks.
    public var note: String?
    /// Titles and captions go with the proofs.
    public var hasCaptions: Bool
    /// The day it is made, in words, by the house's clock.
    public var day: String

    /// A review in a folder.
    public init(
        destination: Path, code: String, house: String, note: String? = nil, hasCaptions: Bool = false,
        day: String
    ) {
        self.destination = destination
        self.code = code
        self.house = house
        self.note = note
        self.hasCaptions = hasCaptions
        self.day = day
    }
}

extension Exporter {
    /// Writes proofs of what may be shown to an artist, and what it takes to answer: all of it, or nothing.
    ///
    /// `record` puts it on record, and calls what it is given to put the folder in its place, within one transaction.
    /// Throws as `export` does.
    public func review(
        _ gated: GatedReview,
        _ request: ReviewRequest,
        interruption: Interruption = Interruption(),
        progress: @escaping @Sendable (ExportEvent) -> Void = { _ in },
        record: (ExportReport, _ place: @escaping () throws -> Void) throws -> Void = { _, place in
            try place()
        }
    ) throws -> ExportReport {
        try write(
            ReviewPackage(of: gated, request).package(of: gated, request), to: request.destination,
            interruption: interruption,
            progress: progress, record: record)
    }
}

/// The files of a review: numbered proofs, a page and a table to answer in, and a word on how.
struct ReviewPackage: Sendable {
    /// One proof, in words that may leave.
    struct Proof: Sendable {
        let item: ShownItem
        let path: String
        let small: String
        /// `Clip, 0:12`; nil for a photograph.
        let kind: Wording?
        let title: String?
        let caption: String?

        var number: Int { item.number }
    }

    let artist: String
    let house: String
    let code: String
    let day: String
    let note: [String]
    let purposes: [Purpose]
    let proofs: [Proof]

    private static let longEdge = 1280
    private static let smallEdge = 240
    private static let quality = 82

    init(of gated: GatedReview, _ request: ReviewRequest) {
        artist = PublicText.line(gated.question.artist) ?? ""
        house = PublicText.line(request.house) ?? "the photographer"
        code = request.code
        day = request.day
        note = PublicText.paragraphs(request.note)
        purposes = gated.question.purposes
        let digits = max(3, String(gated.shown.count).count)
        proofs = gated.shown.map { item in
            let number = String(item.number)
            let name = String(repeating: "0", count: digits - number.count) + number + ".jpg"
            let length: Wording = item.asset.duration.map { ", \(Measure.duration($0))" } ?? ""
            return Proof(
                item: item, path: name, small: "small/" + name,
                kind: item.asset.kind == .clip ? "Clip\(length)" : nil,
                title: request.hasCaptions ? PublicText.line(item.asset.title) : nil,
                caption: request.hasCaptions ? PublicText.line(item.asset.caption) : nil)
        }
    }

    func package(of gated: GatedReview, _ request: ReviewRequest) -> Package {
        var files = proofs.flatMap { proof in
            [
                PackageFile(
                    path: proof.path, of: proof.item,
                    .marked(
                        words: mark(of: proof), longEdge: ReviewPackage.longEdge,
                        quality: ReviewPackage.quality,
                        metadata: notice(of: proof))),
                PackageFile(
                    path: proof.small, of: proof.item,
                    .smaller(
                        of: proof.path, longEdge: ReviewPackage.smallEdge, quality: ReviewPackage.quality,
                        metadata: notice(of: proof))),
            ]
        }
        files += [
            PackageFile(path: "review.html") { made in ReviewPage(self, made).html },
            PackageFile(path: "answers.csv") { made in answers(made) },
            PackageFile(path: "README.txt") { _ in readme },
        ]
        return Package(onRecord: files) { made in said(gated, request, made) }
    }

    /// Who has it and which it is come first: they stand in every part that somebody could cut out.
    private func mark(of proof: Proof) -> String {
        "\(artist.uppercased().prefix(60)) · PROOF \(proof.number) · \(day.uppercased()) · NOT FOR PUBLICATION"
    }

    /// All that a proof says of itself.
    private func notice(of proof: Proof) -> PublicMetadata {
        var metadata = PublicMetadata()
        metadata.instructions = "Proof \(proof.number) of review \(code). Not cleared, not for publication."
        return metadata
    }

    /// A row for every proof and purpose, so that each answer stands in one cell.
    private func answers(_ made: MadeFiles) -> Wording {
        var table = CSV(columns: AnswerSheet.columns.map { Wording($0) })
        for proof in proofs {
            for purpose in purposes {
                let check = check(of: proof, made)
                table.append([
                    "\(code)", "\(proof.number)", "\(check)", "\(purpose.rawValue)", "", "", "",
                ])
            }
        }
        return table.file
    }

    /// What holds a number to its picture.
    func check(of proof: Proof, _ made: MadeFiles) -> String {
        made.digest(proof.path).map { ReviewAnswer.check(of: $0) } ?? ""
    }

    /// `exhibit`, in words for somebody who was never in the house.
    static func meaning(of purpose: Purpose) -> Wording {
        switch purpose {
        case .exhibit: "shown in an exhibition"
        case .press: "given to newspapers and magazines"
        case .edit: "used in a film or an edit"
        case .web: "shown on the web"
        case .print: "printed in a book or sold as a print"
        case .internal: "used inside the house"
        }
    }

    /// `Exhibit`, as a heading has it.
    static func capitalised(_ purpose: Purpose) -> String {
        purpose.rawValue.prefix(1).uppercased() + purpose.rawValue.dropFirst()
    }

    var proofCount: Wording { proofs.count == 1 ? "1 proof" : "\(proofs.count) proofs" }

    private var readme: Wording {
        let asked = purposes.map { "  \($0.rawValue): \(ReviewPackage.meaning(of: $0))" as Wording }
            .joined(separator: "\n")
        let said = note.map { "\($0)\n\n" as Wording }.joined()
        let text: Wording = """
            For \(artist), from \(house), \(day)
            Review \(code), \(proofCount)

            \(said)These pictures are proofs: nobody has cleared them, and they are for you alone. For each of them,
            say whether it may be

            \(asked)

            The easy way: open review.html in a browser, on a computer or a tablet. It needs no network and
            sends nothing. Say yes or no, write a word where you like, press “Save answers”, and send us
            the file that it saves.

            Or by hand: open answers.csv in Excel, Numbers or LibreOffice. Write yes or no under “answer”,
            a condition or a reason under “comment”, and your name under “name”. Leave the other columns
            as they are. Save it as CSV, and send it back.

            What you leave empty stays open: it goes nowhere until you have answered.
            A later answer takes the place of an earlier one.

            """
        // Notepad shows line feeds alone as one long line on the older machines that offices keep.
        return "\u{FEFF}"
            + text.rewritten {
                $0.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
            }
    }
}
