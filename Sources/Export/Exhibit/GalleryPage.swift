internal import Catalog
internal import Files

/// `index.html`: one file that opens from a disk without a network, asks nobody for anything, and shows the works.
///
/// It works without its script, which adds nothing but the large view: every picture is a link to its file.
struct GalleryPage {
    private let exhibit: Exhibit
    private let made: MadeFiles
    let layout: GalleryLayout

    init(_ exhibit: Exhibit, _ made: MadeFiles) {
        self.exhibit = exhibit
        self.made = made
        layout = GalleryLayout(exhibit, made)
    }

    private var rows: [[GalleryLayout.Place]] { layout.rows }

    /// How the page looks, and where each picture stands.
    var style: Wording {
        GalleryStyle.text + itemStyle + (exhibit.isNotCleared ? GalleryStyle.notCleared : "")
    }

    var html: Wording {
        let style = style
        let held: Wording = exhibit.isNotCleared ? " class=\"held\"" : ""
        let stamp: Wording = exhibit.isNotCleared ? Self.stamp : ""
        let script = GalleryScript.text
        let policy: Wording = """
            default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src '\(policyHash(of: style.text))'; \
            script-src '\(policyHash(of: script.text))'; base-uri 'none'; form-action 'none'
            """
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="robots" content="noindex">
            <title>\(exhibit.title.escaped)</title>
            <style>\(style)</style>
            </head>
            <body\(held)>
            \(head)
            <main>
            \(opening)\(wall)\(sounds)\(list)
            </main>
            <footer>
            <p>\(foot.escaped)</p>
            </footer>
            \(stamp)\(loupe)
            <script>\(script)</script>
            </body>
            </html>

            """
    }

    /// Ratios and colours, known before a picture is there: nothing moves when it comes.
    private var itemStyle: Wording {
        var text: Wording = hero.map { "#hero{--ratio:\($0.shortRatio)}\n" } ?? ""
        for (number, row) in rows.enumerated() {
            text += "#r-\(number + 1){--sum:\(GalleryLayout.short(GalleryLayout.sum(of: row)))}\n"
            for place in row {
                let color: Wording =
                    made.picture(place.work.smallPicture)?.color.map { "\($0)" } ?? "#d9d6d1"
                text += "#w-\(place.work.number){--ratio:\(place.shortRatio);--color:\(color)}\n"
            }
        }
        return text
    }

    // MARK: Head

    /// The band at the top: this many times wider than high.
    private static let band = 2.56

    /// The photograph that fits into the band with the least cut off; of several, one that is not in the first row, so
    /// that it does not stand twice on the first screen.
    private var hero: GalleryLayout.Place? {
        func fit(_ ratio: Double) -> Double { min(ratio / Self.band, Self.band / ratio) }
        var best: GalleryLayout.Place?
        for place in rows.dropFirst().joined() + (rows.first ?? []) {
            guard place.work.asset.kind == .photo, place.ratio >= 1.2 else { continue }
            // A hair of difference is none.
            if let known = best, fit(place.ratio) < fit(known.ratio) + 0.05 { continue }
            best = place
        }
        return best
    }

    private var head: Wording {
        let lines = [exhibit.byLine, exhibit.placeAndDate.map { Wording($0) }].compactMap(\.self)
        let words: Wording = """
            <div class="words">
            <h1 dir="auto">\(exhibit.title.escaped)</h1>
            <p>\(lines.map(\.escaped).joined(separator: "<br>"))</p>
            </div>
            """
        guard let hero, let picture = made.picture(hero.work.largePicture) else {
            return "<header>\n\(words)\n</header>"
        }
        return """
            <header class="hero" id="hero">
            <img src="\(hero.work.largePicture)" width="\(picture.width)" height="\(picture.height)" alt="">
            \(words)
            </header>
            """
    }

    private var opening: Wording {
        var text = Wording()
        if exhibit.isNotCleared {
            text +=
                "<p class=\"warning\"><strong>NOT CLEARED.</strong> For the people of the house alone.</p>\n"
        }
        let paragraphs = exhibit.note.map { paragraph -> Wording in
            let lines = paragraph.split(separator: "\n").map { Wording(String($0)).escaped }
            return "<p dir=\"auto\">\(lines.joined(separator: "<br>"))</p>"
        }
        if !paragraphs.isEmpty {
            text += "<div class=\"opening\">\n\(paragraphs.joined(separator: "\n"))\n</div>\n"
        }
        return text
    }

    // MARK: The wall

    private var wall: Wording {
        guard !rows.isEmpty else { return "" }
        var text: Wording = "<section class=\"wall\" aria-label=\"Works\">\n"
        for (number, row) in rows.enumerated() {
            text += "<div class=\"row\" id=\"r-\(number + 1)\">\n"
            for place in row { text += figure(place, in: row, isFirst: number == 0) }
            text += "</div>\n"
        }
        return text + "</section>\n"
    }

    private func figure(_ place: GalleryLayout.Place, in row: [GalleryLayout.Place], isFirst: Bool) -> Wording
    {
        let work = place.work
        guard let large = made.picture(work.largePicture), let small = made.picture(work.smallPicture) else {
            return ""
        }
        let isClip = work.asset.kind == .clip
        let length: Wording = work.duration.map { " · \($0)" } ?? ""
        let clip: Wording = isClip ? "<span class=\"clip\">Film\(length)</span>" : ""
        let film: Wording = isClip ? " data-film=\"\(work.furtherPaths.joined(separator: "|"))\"" : ""
        let stamp: Wording = exhibit.isNotCleared ? "<span class=\"stamp\">NOT CLEARED</span>" : ""
        let lazy: Wording = isFirst ? "" : " loading=\"lazy\""
        return """
            <figure class="work" id="w-\(work.number)">
            <a href="\(isClip ? work.path : work.largePicture)"\(film) data-large="\(work.largePicture)">\
            <img src="\(work.smallPicture)" srcset="\(work.smallPicture) \(small.srcsetWidth), \(work.largePicture) \(large.srcsetWidth)" \
            sizes="(min-width: 760px) \(GalleryLayout.share(of: place, in: row)), 92vw" width="\(large.width)" height="\(large.height)"\(lazy) \
            decoding="async" alt="\(description(work).escaped)">\(clip)</a>
            <figcaption><span class="number">\(work.number)</span> <cite dir="auto">\(work.shownTitle.escaped)</cite>\(stamp)</figcaption>
            </figure>

            """
    }

    /// For who does not see it: the caption where there is one.
    private func description(_ work: ExhibitWork) -> Wording {
        let caption = PublicText.line(work.asset.caption)
        let words = [work.shownTitle, caption == work.title ? nil : caption.map { Wording($0) }]
            .compactMap(\.self).joined(separator: ": ")
        return work.asset.kind == .clip ? "Film: \(words)" : words
    }

    private var sounds: Wording {
        let sounds = exhibit.works.filter { $0.asset.kind == .sound }
        guard !sounds.isEmpty else { return "" }
        let items = sounds.map { work -> Wording in
            let length: Wording = work.duration.map { " · \($0)" } ?? ""
            return """
                <li><cite dir="auto">\(work.shownTitle.escaped)</cite>\(length)\
                <audio controls preload="metadata" src="\(work.path)"></audio></li>
                """
        }
        return
            "<section class=\"sounds\" aria-label=\"Sounds\"><ul>\n\(items.joined(separator: "\n"))\n</ul></section>\n"
    }

    // MARK: The list

    private var list: Wording {
        let items = exhibit.works.map { work -> Wording in
            """
            <li id="n-\(work.number)"><span class="number">\(work.number)</span><div class="label">
            \(label(work))
            </div></li>
            """
        }
        return """
            <section class="list" aria-labelledby="works">
            <h2 id="works">List of works</h2>
            <ol>
            \(items.joined(separator: "\n"))
            </ol>
            </section>
            """
    }

    /// The lines of a wall label, as far as they were said.
    private func label(_ work: ExhibitWork) -> Wording {
        var lines: [Wording] = []
        let date: Wording = work.date.map { ", <span class=\"date\">\($0.words)</span>" } ?? ""
        lines.append(
            "<p class=\"title\"><a href=\"\(work.path)\"><cite dir=\"auto\">\(work.shownTitle.escaped)</cite></a>\(date)</p>"
        )
        if let artist = work.artist { lines.append("<p class=\"fact\" dir=\"auto\">\(artist.escaped)</p>") }
        for line in [
            work.medium.map { Wording($0) }, work.size, work.edition, work.duration.map { Wording($0) },
        ] {
            if let line { lines.append("<p class=\"fact\">\(line.escaped)</p>") }
        }
        if work.paths.count > 1 {
            let links: [Wording] = work.paths.enumerated().map { "<a href=\"\($1)\">\($0 + 1)</a>" }
            lines.append(
                "<p class=\"fact\">In \(work.paths.count) parts: \(links.joined(separator: ", "))</p>")
        }
        for paragraph in work.text {
            lines.append("<p class=\"text\" dir=\"auto\">\(paragraph.escaped)</p>")
        }
        if let credit = work.creditLine {
            lines.append("<p class=\"credit\" dir=\"auto\">\(credit.escaped)</p>")
        }
        if exhibit.isNotCleared { lines.append("<p class=\"stamp\">NOT CLEARED</p>") }
        return lines.joined(separator: "\n")
    }

    private var foot: Wording {
        var parts: [Wording] = [
            "Delivery \(exhibit.number)", "\(PlainDate(milliseconds: exhibit.at).words)", exhibit.counts,
        ]
        parts.append(
            exhibit.isNotCleared ? "not cleared, for the house alone" : "cleared for \(exhibit.purpose)"
        )
        return parts.joined(separator: " · ")
    }

    /// Over everything, on every sheet when it is printed.
    private static let stamp: Wording =
        "<div class=\"across\" aria-hidden=\"true\"><span>NOT CLEARED</span></div>\n"

    // MARK: The large view

    /// Empty until the script fills it; without the script nothing opens it.
    private var loupe: Wording {
        let stamp: Wording = exhibit.isNotCleared ? Self.stamp : ""
        return """
            <dialog id="loupe" aria-label="One work">
            <div class="stage"><img alt=""><video controls preload="metadata" playsinline hidden></video>\
            \(stamp)</div>
            <div class="plate">
            <div class="said" aria-live="polite"></div>
            <nav aria-label="Works">
            <span class="count"></span>
            <button type="button" data-go="-1">Previous</button>
            <button type="button" data-go="1">Next</button>
            <button type="button" data-close>Close</button>
            </nav>
            </div>
            </dialog>
            """
    }
}

extension MadeFiles.Picture {
    /// `512w`: its width as `srcset` wants it.
    var srcsetWidth: String { "\(width)w" }
}
