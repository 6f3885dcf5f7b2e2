internal import Catalog

extension Exhibit {
    /// What a registrar wants of every work, a row each.
    func checklist() -> Wording {
        var columns: [Wording] = [
            "No.", "Id", "Title", "Artist", "Date", "Medium", "Image H × W, cm", "Image H × W, in.",
            "Edition",
            "Artist’s proofs", "Credit line", "Rights note", "Duration", "File",
        ]
        if isNotCleared { columns.insert("Clearance", at: 0) }
        var table = CSV(columns: columns)
        for work in works {
            let details = work.details
            var centimetres = Wording()
            var inches = Wording()
            if let height = details.heightCentimetres, let width = details.widthCentimetres {
                centimetres = "\(Measure.centimetres(height)) × \(Measure.centimetres(width))"
                inches = "\(Measure.inches(centimetres: height)) × \(Measure.inches(centimetres: width))"
            }
            // With a slash, spreadsheets take `1/7` for a day in July.
            let edition: Wording =
                switch (details.edition, details.editionOf) {
                case (let number?, let count?): "\(number) of \(count)"
                case (let number?, nil): "\(number)"
                case (nil, let count?): "of \(count)"
                case (nil, nil): ""
                }
            var row: [Wording] = [
                "\(work.number)", "\(work.asset.shortName)", work.shownTitle, "\(work.artist ?? "")",
                "\(work.date?.words ?? "")", "\(work.medium ?? "")", centimetres, inches, edition,
                "\(details.proofs.map(String.init) ?? "")", "\(work.creditLine ?? "")", work.rightsNote ?? "",
                "\(work.duration ?? "")", work.paths.map { Wording($0) }.joined(separator: "; "),
            ]
            if isNotCleared { row.insert(ExhibitWork.notClearedWords, at: 0) }
            table.append(row)
        }
        return table.file
    }

    /// The lines of every wall label, a row each, as they stand on the wall.
    func labels() -> Wording {
        var columns: [Wording] = [
            "No.", "Artist", "Title", "Date", "Medium", "Size", "Edition", "Text", "Credit line",
        ]
        if isNotCleared { columns.insert("Clearance", at: 0) }
        var table = CSV(columns: columns)
        for work in works {
            var row: [Wording] = [
                "\(work.number)", "\(work.artist ?? "")", work.shownTitle, "\(work.date?.words ?? "")",
                "\(work.medium ?? "")", work.size ?? "\(work.duration ?? "")", work.edition ?? "",
                work.text.map { Wording($0) }.joined(separator: "\n\n"), "\(work.creditLine ?? "")",
            ]
            if isNotCleared { row.insert(ExhibitWork.notClearedWords, at: 0) }
            table.append(row)
        }
        return table.file
    }

    /// Plain words for whoever opens the folder.
    func readMe(_ made: MadeFiles) -> Wording {
        var text = Wording()
        if isNotCleared {
            text += """
                NOT CLEARED
                Nobody has given this away. It is for the people of the house alone: do not show it, print it or
                send it on.


                """
        }
        let receiver: Wording = recipient.map { ", for \($0)" } ?? ""
        text += """
            \(title)
            \(byLine)
            \(counts)\(receiver)
            Delivery \(number), \(PlainDate(milliseconds: at).words)

            WHAT IS HERE

            index.html       opens in any browser, without a network, and shows everything
            001_…            the works in the order in which they hang; pictures are full size, upright, sRGB
            checklist.csv    one line for each work: title, date, medium, size, edition, credit, file
            labels.csv       the words for the labels on the wall
            gallery          smaller pictures for index.html
            ascmhl           a list of all files with their checksums, which film tools read (ASC MHL)

            \(list(made))
            WHAT MAY BE DONE WITH IT

            \(terms)

            HOW TO CHECK THAT NOTHING WAS HARMED ON THE WAY

            The folder above this one is a BagIt bag: its manifest-sha256.txt lists the checksum of every file.
            With Python installed:

              pip install bagit
              bagit.py --validate FOLDER    (the one in which bagit.txt lies)

            Add nothing here and change nothing: work with a copy, and keep this one as it came.

            """
        return text
    }

    private func list(_ made: MadeFiles) -> Wording {
        works.map { work in
            var line: Wording = "\(work.number). \(work.shownTitle)"
            if let date = work.date { line += ", \(date.words)" }
            line += "\n   \(work.path)"
            if let picture = made.picture(work.path) {
                line += "  \(picture.width) × \(picture.height) pixels"
            }
            if let duration = work.duration { line += "  \(duration)" }
            let sizes = work.paths.compactMap { made.size($0) }
            if !sizes.isEmpty { line += "  \(Measure.bytes(sizes.reduce(0, +)))" }
            if !work.furtherPaths.isEmpty {
                line += "  in \(work.paths.count) parts, one after another"
                for path in work.furtherPaths { line += "\n   \(path)" }
            }
            if isNotCleared { line += "  \(ExhibitWork.notClearedWords)" }
            return line + "\n"
        }.joined()
    }

    /// Once if it is the same for all, else for each.
    private var terms: Wording {
        if isNotCleared { return "Nothing outside of the house." }
        let notes = works.map(\.rightsNote)
        let recipient: Wording = recipient.map { "\($0)" } ?? "the recipient"
        let general: Wording = """
            It was cleared for \(purpose), for \(recipient), and for nothing else.
            Ask \(house) before any other use.
            The credit line of each work stands in checklist.csv and in the picture itself.
            """
        if let first = notes.first ?? nil, notes.allSatisfy({ $0?.text == first.text }) {
            return "\(first)\n\n\(general)"
        }
        let each = zip(works, notes).compactMap { work, note -> Wording? in
            note.map { "No. \(work.number): \($0)" }
        }
        return (each + [general]).joined(separator: "\n")
    }
}
