internal import Catalog

/// An exhibit: pictures as large as they are, clips as they are, and what a venue needs to hang, label and check them.
enum ExhibitPreset {
    private static let quality = 92
    private static let galleryQuality = 86
    private static let largeEdge = 2048
    private static let smallEdge = 512

    /// The files of an exhibit.
    static func package(of gated: GatedSelection, _ request: ExportRequest) throws(ExportError) -> Package {
        guard !gated.cleared.isEmpty else {
            throw ExportError(
                .refused,
                "there is nothing to export from “\(gated.selection.name)” (nothing written)",
                details: gated.denied.isEmpty
                    ? ["the selection is empty"] : ["none of its \(gated.denied.count) is cleared for this"],
                next: gated.denied.isEmpty
                    ? "valhalla select add \"\(gated.selection.name)\" QUERY puts assets into it"
                    : "valhalla show ID --rights tells why"
            )
        }
        let works = gated.cleared.map {
            ExhibitWork(
                $0, of: gated.cleared.count, house: request.house, lastMoment: request.lastMoment)
        }
        let exhibit = Exhibit(gated, request, works)
        var files: [PackageFile] = []
        for work in works { files += try media(of: work) }
        files.append(PackageFile(path: "checklist.csv") { _ in exhibit.checklist() })
        files.append(PackageFile(path: "labels.csv") { _ in exhibit.labels() })
        files.append(PackageFile(path: "index.html") { made in GalleryPage(exhibit, made).html })
        files.append(PackageFile(path: "README.txt") { made in exhibit.readMe(made) })
        return Package(info: exhibit.bagInfo, files: files) { made in exhibit.said(gated, request, made) }
    }

    private static func media(of work: ExhibitWork) throws(ExportError) -> [PackageFile] {
        let item = work.item
        let name = work.asset.shortName
        if let reason = work.asset.unreadable {
            throw ExportError(
                .refused,
                "a file of the selection cannot be read (nothing written)",
                details: ["\(name)  \(work.asset.name): \(reason)"],
                next: "valhalla select remove takes it out of the selection"
            )
        }
        guard let original = item.files.first(where: { $0.role == .original }) else {
            throw ExportError(
                .missing,
                "an asset has no original (nothing written)",
                details: ["\(name)  \(work.asset.name)"],
                next: "valhalla show \(name) tells what is known of it"
            )
        }
        let metadata = work.metadata
        func picture(_ path: String, _ source: PictureSource, _ edge: Int?, _ quality: Int) -> PackageFile {
            PackageFile(
                path: path,
                of: item,
                .picture(from: source, longEdge: edge, quality: quality, metadata: metadata)
            )
        }
        switch work.asset.kind {
        case .photo:
            return [
                picture(work.path, .original(original), nil, quality),
                picture(work.largePicture, .made(work.path), largeEdge, galleryQuality),
                picture(work.smallPicture, .made(work.largePicture), smallEdge, galleryQuality),
            ]
        case .clip:
            return try clip(work) + [
                picture(work.largePicture, .original(original), largeEdge, galleryQuality),
                picture(work.smallPicture, .made(work.largePicture), smallEdge, galleryQuality),
            ]
        case .sound:
            return [PackageFile(path: work.path, of: item, .stream(of: original))]
        }
    }
}

extension ExhibitPreset {
    /// Every part of a clip as a file of its own, in order: whole, or not at all.
    private static func clip(_ work: ExhibitWork) throws(ExportError) -> [PackageFile] {
        let asset = work.asset
        let parts = work.item.parts
        func refusal(_ words: String, _ reason: String, next: String) -> ExportError {
            ExportError(
                .refused,
                "\(words) (nothing written)",
                details: ["\(asset.shortName)  \(asset.name): \(reason)"],
                next: next
            )
        }
        let remove = "valhalla select remove takes it out of the selection"
        if let missing = asset.incomplete {
            throw refusal(
                "a clip of the selection is not whole",
                missing,
                next: "import the card that has the rest; or \(remove)"
            )
        }
        for (number, part) in parts.enumerated() {
            if let reason = part.unreadable {
                throw refusal(
                    "a part of a clip cannot be read",
                    "segment \(part.position ?? number + 1) cannot be read: \(reason)",
                    next: remove
                )
            }
            if FrameSequence.formats.contains(part.format) || part.format == "BRAW2" {
                throw refusal(
                    "a clip of the selection is none that can be shown as it is",
                    "its frames are \(part.format) files, which have to be developed first",
                    next: "develop it, import what comes of that, and choose it instead; or \(remove)"
                )
            }
        }
        return zip(work.paths, parts).map { path, part in
            PackageFile(path: path, of: work.item, .stream(of: part))
        }
    }
}

/// Everything that the pages and tables of one exhibit speak of.
struct Exhibit: Sendable {
    let title: String
    /// The words that open the page, by paragraphs.
    let note: [String]
    let works: [ExhibitWork]
    let house: String
    let place: String?
    let recipient: String?
    let number: String
    let at: Int64
    /// The purpose in one word.
    let purpose: String
    /// True when it stays in the house, and says so everywhere.
    let isNotCleared: Bool

    init(_ gated: GatedSelection, _ request: ExportRequest, _ works: [ExhibitWork]) {
        title = PublicText.line(gated.selection.name) ?? "Untitled"
        note = PublicText.paragraphs(gated.selection.note)
        self.works = works
        house = PublicText.line(request.house) ?? "the artist"
        place = PublicText.line(request.place)
        recipient = PublicText.line(gated.question.recipient)
        number = PublicText.line(request.number) ?? ""
        at = request.at
        purpose = gated.question.purpose.rawValue
        isNotCleared = gated.question.purpose == .internal
    }

    /// How much it is: `12 photographs, 2 clips`.
    var counts: Wording {
        let kinds: [(AssetKind, one: Wording, several: Wording)] = [
            (.photo, "photograph", "photographs"), (.clip, "clip", "clips"), (.sound, "sound", "sounds"),
        ]
        return kinds.compactMap { kind, one, several -> Wording? in
            let count = works.count { $0.asset.kind == kind }
            return count == 0 ? nil : count == 1 ? "1 \(one)" : "\(count) \(several)"
        }.joined(separator: ", ")
    }

    /// `Photographs by Andreas Neumann`: whose they are, if no more than three people's.
    var byLine: Wording {
        var artists: [String] = []
        for artist in works.compactMap(\.artist) where !artists.contains(artist) { artists.append(artist) }
        let kinds = Set(works.map(\.asset.kind))
        let what: Wording =
            kinds == [.photo]
            ? "Photographs"
            : kinds == [.clip] ? "Films" : kinds == [.photo, .clip] ? "Photographs and films" : "Works"
        guard let last = artists.last, artists.count <= 3 else {
            return "\(what) by \(artists.count) artists"
        }
        let others = artists.dropLast().map { Wording($0) }.joined(separator: ", ")
        return others.isEmpty ? "\(what) by \(last)" : "\(what) by \(others) and \(last)"
    }

    /// Where and when, as far as it was said: `Joshua Tree, 13 May 2016`.
    var placeAndDate: String? {
        let dates = works.compactMap(\.date).sorted()
        let span = dates.first.flatMap { first in dates.last.map { PlainDate.span(first, $0) } }
        let parts = [place, span].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    var bagInfo: BagInfo {
        var description: Wording = "\(title): \(counts), for \(purpose)"
        if let recipient { description += ", to \(recipient)" }
        if isNotCleared { description = "\(ExhibitWork.notClearedWords). \(description)" }
        return BagInfo(organization: house, identifier: number, description: description, at: at)
    }
}
