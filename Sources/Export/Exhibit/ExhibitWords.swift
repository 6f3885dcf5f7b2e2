internal import Catalog

extension Exhibit {
    /// What the texts and names of an exhibit may say.
    ///
    /// The values are taken from what the gate gave and not from `ExhibitWork`, which writes with them: what creeps in there,
    /// a camera’s file name where a title is missing, is not said here, and the package stays at home.
    func said(_ gated: GatedSelection, _ request: ExportRequest, _ made: MadeFiles) -> SaidWords {
        var said = SaidWords()
        said.add(literally: "Untitled", "the artist")
        // What files and folders are called beside number and title.
        said.add(literally: "gallery", "2048", "512", "jpg", "mp4", "mov", "m4a", "wav")
        said.add(literally: "index", "html", "checklist", "labels", "csv", "README", "txt")
        said.add(PublicText.line(gated.selection.name))
        // On the page each of its lines stands by itself.
        said.add(each: PublicText.paragraphs(gated.selection.note).flatMap { $0.split(separator: "\n") })
        said.add(PublicText.line(request.house))
        said.add(PublicText.line(request.place))
        said.add(PublicText.line(request.number))
        said.add(PublicText.line(gated.question.recipient))
        said.add(gated.question.purpose.rawValue)
        said.add(PlainDate(milliseconds: request.at).words)
        // Counts of works, artists and rows.
        for number in 0...gated.cleared.count { said.add(number) }
        let days = gated.cleared.compactMap(\.asset.time.takenMilliseconds)
            .map { PlainDate(milliseconds: $0) }.sorted()
        if let first = days.first, let last = days.last { said.add(PlainDate.span(first, last)) }
        for item in gated.cleared {
            add(item, of: gated.cleared.count, to: &said)
            said.add(item.obligations.until.map(request.lastMoment))
        }
        add(made, to: &said)
        return said
    }

    private func add(_ item: ClearedItem, of count: Int, to said: inout SaidWords) {
        let (asset, details) = (item.asset, item.details)
        said.add(padded(item.number, max(3, String(count).count)))
        said.add(asset.shortName)
        let texts = [
            asset.title, asset.caption, asset.creator, asset.credit, asset.copyright, asset.usageTerms,
            details.medium,
        ]
        for text in texts + item.obligations.credits { said.add(PublicText.line(text)) }
        said.add(each: PublicText.paragraphs(details.label))
        said.add(Slug.of(PublicText.line(asset.title)))
        said.add(asset.time.takenMilliseconds.map { PlainDate(milliseconds: $0).words })
        said.add(each: (item.obligations.onlyIn ?? []) + item.obligations.notIn)
        if asset.kind != .photo { said.add(asset.duration.map { Measure.duration($0) }) }
        for length in [details.heightCentimetres, details.widthCentimetres] {
            said.add(length.map { Measure.centimetres($0) })
            said.add(length.map { Measure.inches(centimetres: $0) })
        }
        for number in [details.edition, details.editionOf, details.proofs] { said.add(number) }
        guard item.parts.count > 1 else { return }
        let last = max(item.parts.count, item.parts.compactMap(\.position).max() ?? 0)
        for number in Array(1...item.parts.count) + item.parts.compactMap(\.position) {
            said.add(number)
            for digits in 2...max(2, String(last).count) { said.add(padded(number, digits)) }
        }
    }

    /// Sizes in pixels and bytes, colours, and how the pictures stand on the page.
    private func add(_ made: MadeFiles, to said: inout SaidWords) {
        for work in works {
            for path in [work.path, work.largePicture, work.smallPicture] {
                guard let picture = made.picture(path) else { continue }
                said.add(picture.width)
                said.add(picture.height)
                said.add(picture.srcsetWidth)
                said.add(picture.color)
            }
            said.add(Measure.bytes(work.paths.compactMap { made.size($0) }.reduce(0, +)))
        }
        let page = GalleryPage(self, made)
        said.add(each: page.layout.measures)
        said.add(policyHash(of: page.style.text))
        said.add(policyHash(of: GalleryScript.text.text))
    }
}

/// A number with noughts before it.
func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}
