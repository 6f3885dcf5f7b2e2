public import Catalog
public import Files
internal import MediaProtocol
public import Workers

/// The letter that asks a recipient to give up what they have: as plain text, and as pages.
///
/// It is made of what a `RecallLetter` holds and of nothing else: no word of the archive, of other recipients, or of why,
/// unless the recall says so.
public struct RecallNotice: Sendable {
    private let letter: RecallLetter
    private let date: @Sendable (Int64) -> String

    /// The letter of a recall; `date` is the day of an instant in words.
    public init(_ letter: RecallLetter, date: @escaping @Sendable (Int64) -> String) {
        self.letter = letter
        self.date = date
    }

    private var recall: Recall { letter.recall }

    /// The name of the letter’s files without their ending: `R-K7F2-93QD-le-monde`.
    public var fileName: String { "\(recall.number)-\(Slug.of(recall.recipient))" }

    private var subject: Wording {
        letter.files == 1
            ? "Recall \(recall.number): one file that we delivered to you"
            : "Recall \(recall.number): \(letter.files) files that we delivered to you"
    }

    private var opening: Wording {
        let what: Wording = letter.files == 1 ? "the file" : "the \(letter.files) files"
        let reason: Wording =
            PublicText.line(recall.reason).map { " The reason: \($0.hasSuffix(".") ? $0 : $0 + ".")" } ?? ""
        return "We take back our leave for \(what) named below, which you had from us.\(reason)"
    }

    private var asks: [Wording] {
        let them: Wording = letter.files == 1 ? "it" : "them"
        return [
            "Stop using \(them) from now on: in print, on line, on walls, and in whatever is being made.",
            "Delete every copy, and every version that was made of \(them).",
            "Ask the same of everybody you passed \(them) on to, and tell us who that is.",
            "Confirm to us in writing by \(date(recall.dueAt - 1)) that this was done, and quote \(recall.number).",
        ]
    }

    private func head(_ part: RecallLetter.Part) -> Wording {
        "Delivery \(part.delivery), \(date(part.at)), for \(part.purpose)"
    }

    private func head(_ proofs: RecallLetter.Proofs) -> Wording {
        "Review \(PublicText.line(proofs.review) ?? ""), \(date(proofs.at)), proofs"
    }

    /// What is asked back, each part with what it was.
    private var parts: [(head: Wording, files: [RecallLetter.File])] {
        letter.parts.map { (head($0), $0.files) } + letter.proofs.map { (head($0), $0.files) }
    }

    private static let closing: Wording = """
        Each file is named as it is in your package. The digest behind it is the SHA-256 of its bytes as they left us, \
        and tells a copy of it under any other name.
        """

    /// What a letter may say beside that: who gets it and who asks, why, when, and what this recipient has.
    private var said: SaidWords {
        var said = SaidWords()
        for text in [recall.recipient, recall.reason, recall.person] { said.add(PublicText.line(text)) }
        said.add(recall.number)
        said.add(each: [date(recall.at), date(recall.dueAt - 1)])
        said.add(letter.files)
        for number in 1...asks.count { said.add(number) }
        for part in letter.parts { said.add(each: [part.delivery, date(part.at), part.purpose]) }
        for proofs in letter.proofs {
            said.add(PublicText.line(proofs.review))
            said.add(date(proofs.at))
        }
        for file in letter.parts.flatMap(\.files) + letter.proofs.flatMap(\.files) {
            said.add(PublicText.line(file.name))
            said.add(each: [Measure.bytes(file.size), file.digest.hex])
        }
        return said
    }

    /// The letter as plain text, lines of 78 characters at the most but for what may not be broken.
    public func text() -> String { wording.text }

    private var wording: Wording {
        var lines: [Wording] = [
            "To: \(PublicText.line(recall.recipient) ?? "")", "\(date(recall.at))", "", subject, "",
            opening.rewritten { RecallNotice.wrapped($0, 78).joined(separator: "\n") }, "",
            "We ask you to:", "",
        ]
        for (index, ask) in asks.enumerated() {
            let wrapped = ask.rewritten { RecallNotice.wrapped($0, 75).joined(separator: "\n   ") }
            lines.append("\(index + 1). \(wrapped)")
        }
        for part in parts {
            lines += ["", part.head, ""]
            for file in part.files {
                lines += [
                    "  \(PublicText.line(file.name) ?? "")",
                    "    \(Measure.bytes(file.size)), SHA-256 \(file.digest.hex)",
                ]
            }
        }
        lines += [
            "", RecallNotice.closing.rewritten { RecallNotice.wrapped($0, 78).joined(separator: "\n") },
        ]
        lines += ["", "\(PublicText.line(recall.person) ?? "")", ""]
        return lines.joined(separator: "\n")
    }

    /// Writes the letter into a folder, as text and as pages, and returns the files’ names; what is there is not replaced.
    ///
    /// The text is read again from the disk and held against what it may say. Throws `FileError` or `ExportError`.
    public func post(into folder: Path, _ size: PaperSize, _ media: WorkerProgram) throws -> [Path] {
        let access = FileAccess()
        let (text, pages) = (folder.appending(fileName + ".txt"), folder.appending(fileName + ".pdf"))
        for path in [text, pages] where try access.statusIfThere(of: path) != nil {
            throw FileError("write the letter", path, .inTheWay)
        }
        let file = try NewFile.temporary(in: folder, access: access)
        do {
            let wording = wording
            try file.write(wording.bytes)
            try file.sync()
            var check = TextCheck(said, access: access)
            try check.read(wording, at: file.path, called: text.name.display)
            try check.finish()
            try PaperDrawer(media, access).draw(paper(pages.bytes, size.onPaper))
            try access.place(file.path, at: text)
        } catch {
            // Half a letter would stand in the way of the next try.
            try? access.discard(file.path)
            try? access.discard(pages)
            throw error
        }
        try access.syncFolder(folder)
        return [text.name, pages.name]
    }

    /// The letter as pages.
    func paper(_ destination: [UInt8], _ size: PaperOrder.Size) -> PaperOrder {
        var blocks: [PaperBlock] = [
            .paragraph(PaperText("\(PublicText.line(recall.recipient) ?? "")\n\(date(recall.at))", .body)),
            .space(34), .title("Recall \(recall.number)"), .space(12),
            .paragraph(PaperText(opening.text, .body)), .space(9),
            .paragraph(PaperText("We ask you to:", .body)), .space(3),
            .facts(
                asks.enumerated().map { PaperFact("\($0.offset + 1).", PaperText($0.element.text, .body)) }),
            .space(8),
        ]
        for part in parts {
            blocks.append(.heading(part.head.text))
            blocks.append(
                .table(
                    PaperTable(
                        [.init("File", 34), .init("Size", 11, isRight: true), .init("SHA-256", 55)],
                        part.files.map { file in
                            [
                                .init([PaperText(PublicText.line(file.name) ?? "", .strong)]),
                                .init([PaperText(Measure.bytes(file.size), .dim)]),
                                .init([PaperText(file.digest.hex, .code)]),
                            ]
                        })))
        }
        blocks += [
            .space(10), .paragraph(PaperText(RecallNotice.closing.text, .dim)), .space(26),
            .paragraph(PaperText(PublicText.line(recall.person) ?? "", .body)),
        ]
        var order = PaperOrder(
            destination: destination, size: size, title: "Recall \(recall.number)", date: recall.at,
            blocks: blocks)
        order.footer = "Recall \(recall.number) · \(date(recall.at))"
        return order
    }

    private static func wrapped(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + [line]
    }
}
