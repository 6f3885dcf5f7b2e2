internal import Catalog
internal import MediaProtocol

/// One work of an exhibit: what its label says, and where its files lie in the package.
struct ExhibitWork: Sendable {
    let item: ClearedItem
    /// Its number as file names have it: `001`.
    let numeral: String
    /// Nil when nobody gave it one.
    let title: String?
    let artist: String?
    let date: PlainDate?
    let medium: String?
    /// What the label says below the title, by paragraphs.
    let text: [String]
    let credit: String?
    let copyright: String?
    let usageTerms: String?
    /// The files that the venue shows, from the payload's folder: one, or the parts of a clip in their order.
    let paths: [String]

    private let name: String
    private let lastMoment: @Sendable (Int64) -> String

    init(
        _ item: ClearedItem, of count: Int, house: String, lastMoment: @escaping @Sendable (Int64) -> String
    ) {
        self.item = item
        self.lastMoment = lastMoment
        let asset = item.asset
        let digits = String(item.number)
        numeral = String(repeating: "0", count: max(0, max(3, String(count).count) - digits.count)) + digits
        title = PublicText.line(asset.title)
        artist = PublicText.line(asset.creator) ?? PublicText.line(house)
        date = asset.time.takenMilliseconds.map { PlainDate(milliseconds: $0) }
        medium = PublicText.line(item.details.medium)
        text = PublicText.paragraphs(item.details.label)
        // What a clearance asks for stands in the place of what the file says; several, behind one another.
        let required = item.obligations.credits.compactMap { PublicText.line($0) }
        credit = required.isEmpty ? PublicText.line(asset.credit) : required.joined(separator: ". ")
        copyright = PublicText.line(asset.copyright)
        usageTerms = PublicText.line(asset.usageTerms)
        name = "\(numeral)_\(Slug.of(title))"
        paths = ExhibitWork.numbers(of: item).map { [name] number in
            "\(name)\(number.map { "_" + $0 } ?? "").\(ExhibitWork.ending(of: asset))"
        }
    }

    /// The first of its files, or the only one.
    var path: String { paths.first ?? "" }

    /// Its further files, in their order.
    var furtherPaths: ArraySlice<String> { paths.dropFirst() }

    var number: Int { item.number }
    var asset: Asset { item.asset }
    var details: ItemDetails { item.details }

    /// The picture of 2048 pixels; a clip has one too, a sound none.
    var largePicture: String { "gallery/\(name)-2048.jpg" }
    /// The picture of 512 pixels.
    var smallPicture: String { "gallery/\(name)-512.jpg" }

    /// `Untitled` where nobody gave it a title.
    var shownTitle: String { title ?? "Untitled" }

    /// `60 × 90 cm (23.6 × 35.4 in.)`, height first.
    var size: String? {
        guard let height = details.heightCentimetres, let width = details.widthCentimetres else { return nil }
        let metric = "\(Measure.centimetres(height)) × \(Measure.centimetres(width)) cm"
        return
            "\(metric) (\(Measure.inches(centimetres: height)) × \(Measure.inches(centimetres: width)) in.)"
    }

    /// As a label has it: `Edition 1 of 7, 2 artist’s proofs`.
    var edition: String? {
        var parts: [String] = []
        switch (details.edition, details.editionOf) {
        case (let number?, let count?): parts.append("Edition \(number) of \(count)")
        case (let number?, nil): parts.append("Edition no. \(number)")
        case (nil, let count?): parts.append("Edition of \(count)")
        case (nil, nil): break
        }
        if let proofs = details.proofs, proofs > 0 {
            parts.append(proofs == 1 ? "1 artist’s proof" : "\(proofs) artist’s proofs")
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// Length of a clip or sound.
    var duration: String? {
        guard asset.kind != .photo, let seconds = asset.duration else { return nil }
        let text = Measure.duration(seconds)
        return text.isEmpty ? nil : text
    }

    /// Credit and copyright in one line: `Courtesy of the artist. © Andreas Neumann`.
    var creditLine: String? {
        guard let credit else { return copyright }
        guard let copyright else { return credit }
        return (credit.hasSuffix(".") ? credit : credit + ".") + " " + copyright
    }

    /// What may be done with it, and where and until when, as far as it was said.
    var rightsNote: String? {
        var parts: [String] = []
        if let usageTerms { parts.append(usageTerms) }
        if let allowed = item.obligations.allowed {
            parts.append("Only in \(allowed.joined(separator: ", "))")
        }
        if !item.obligations.forbidden.isEmpty {
            parts.append("Not in \(item.obligations.forbidden.joined(separator: ", "))")
        }
        if item.obligations.noCrop { parts.append("Not to be cropped") }
        if item.obligations.noRetouch { parts.append("Not to be retouched") }
        if let until = item.obligations.until {
            parts.append("Until \(lastMoment(until))")
        }
        return parts.isEmpty ? nil : parts.joined(separator: ". ")
    }

    /// What its pictures say of themselves: these words, and none of the camera's.
    var metadata: PublicMetadata {
        var metadata = PublicMetadata()
        metadata.title = title
        metadata.caption = PublicText.line(asset.caption)
        metadata.creator = artist
        metadata.credit = credit
        metadata.copyright = copyright
        metadata.usageTerms = usageTerms
        if item.isNotCleared { metadata.instructions = ExhibitWork.notCleared }
        return metadata
    }

    /// `01`, `02` and on, as the camera numbered the parts of a clip; a single nothing for what is one file.
    private static func numbers(of item: ClearedItem) -> [String?] {
        let parts = item.parts
        guard parts.count > 1 else { return [nil] }
        let positions = parts.enumerated().map { $1.position ?? $0 + 1 }
        let isSound = Set(positions).count == parts.count && positions == positions.sorted()
        let numbers = isSound ? positions : Array(1...parts.count)
        let digits = max(2, String(numbers.last ?? 0).count)
        return numbers.map { number in
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
    }

    /// What everything carries that stays in the house.
    static let notCleared = "NOT CLEARED"

    /// Clips stay in their family of containers; what is in none that can be proven to say nothing becomes a MOV.
    private static func ending(of asset: Asset) -> String {
        let format = asset.format.lowercased()
        switch asset.kind {
        case .photo: return "jpg"
        case .clip: return format == "mp4" || format == "m4v" ? "mp4" : "mov"
        case .sound: return format == "wav" ? "wav" : format == "m4a" || format == "mp4" ? "m4a" : "mov"
        }
    }
}
