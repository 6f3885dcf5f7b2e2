internal import Catalog
internal import Files

/// `index.html`: one file that opens from a disk without a network, asks nobody for anything, and shows the works.
///
/// It works without its script, which adds nothing but the large view: every picture is a link to its file.
struct GalleryPage {
    private let exhibit: Exhibit
    private let made: MadeFiles
    /// Rows of works with their ratios of width to height.
    private let rows: [[(work: ExhibitWork, ratio: Double)]]

    init(_ exhibit: Exhibit, _ made: MadeFiles) {
        self.exhibit = exhibit
        self.made = made
        let shown = exhibit.works.compactMap { work in
            made.picture(work.largePicture).map {
                (work: work, ratio: Double($0.width) / Double(max(1, $0.height)))
            }
        }
        rows = JustifiedRows.of(shown.map(\.ratio)).map { row in row.map { shown[$0] } }
    }

    var html: [UInt8] {
        let style = GalleryStyle.text + itemStyle + (exhibit.isNotCleared ? GalleryStyle.notCleared : "")
        let script = GalleryScript.text
        let policy = """
            default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src '\(policyHash(of: style))'; \
            script-src '\(policyHash(of: script))'; base-uri 'none'; form-action 'none'
            """
        let page = """
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
            <body\(exhibit.isNotCleared ? " class=\"held\"" : "")>
            \(head)
            <main>
            \(opening)\(wall)\(sounds)\(list)
            </main>
            <footer>
            <p>\(foot.escaped)</p>
            </footer>
            \(exhibit.isNotCleared ? Self.stamp : "")\(loupe)
            <script>\(script)</script>
            </body>
            </html>

            """
        return Array(page.utf8)
    }

    /// Ratios and colours, known before a picture is there: nothing moves when it comes.
    private var itemStyle: String {
        var text = hero.map { "#hero{--ratio:\(Self.short($0.ratio))}\n" } ?? ""
        for (number, row) in rows.enumerated() {
            let sum = row.reduce(0) { $0 + $1.ratio }
            text += "#r\(number + 1){--sum:\(Self.short(sum))}\n"
            for (work, ratio) in row {
                let color = made.picture(work.smallPicture)?.color ?? "#d9d6d1"
                text += "#w\(work.number){--ratio:\(Self.short(ratio));--color:\(color)}\n"
            }
        }
        return text
    }

    // MARK: Head

    /// The band at the top: this many times wider than high.
    private static let band = 2.56

    /// The photograph that fits into the band with the least cut off; of several, one that is not in the first row, so
    /// that it does not stand twice on the first screen.
    private var hero: (work: ExhibitWork, ratio: Double)? {
        func fit(_ ratio: Double) -> Double { min(ratio / Self.band, Self.band / ratio) }
        var best: (work: ExhibitWork, ratio: Double)?
        for (work, ratio) in rows.dropFirst().joined() + (rows.first ?? []) {
            guard work.asset.kind == .photo, ratio >= 1.2 else { continue }
            // A hair of difference is none.
            if let known = best, fit(ratio) < fit(known.ratio) + 0.05 { continue }
            best = (work, ratio)
        }
        return best
    }

    private var head: String {
        let lines = [exhibit.byLine, exhibit.placeAndDate].compactMap(\.self)
        let words = """
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

    private var opening: String {
        var text = ""
        if exhibit.isNotCleared {
            text +=
                "<p class=\"warning\"><strong>NOT CLEARED.</strong> For the people of the house alone.</p>\n"
        }
        let paragraphs = exhibit.note.map {
            "<p dir=\"auto\">\($0.split(separator: "\n").map { String($0).escaped }.joined(separator: "<br>"))</p>"
        }
        if !paragraphs.isEmpty {
            text += "<div class=\"opening\">\n\(paragraphs.joined(separator: "\n"))\n</div>\n"
        }
        return text
    }

    // MARK: The wall

    private var wall: String {
        guard !rows.isEmpty else { return "" }
        var text = "<section class=\"wall\" aria-label=\"Works\">\n"
        for (number, row) in rows.enumerated() {
            text += "<div class=\"row\" id=\"r\(number + 1)\">\n"
            for (work, _) in row { text += figure(work) }
            text += "</div>\n"
        }
        return text + "</section>\n"
    }

    private func figure(_ work: ExhibitWork) -> String {
        guard let large = made.picture(work.largePicture), let small = made.picture(work.smallPicture) else {
            return ""
        }
        let isClip = work.asset.kind == .clip
        let row = rows.first { $0.contains { $0.work.number == work.number } } ?? []
        let sum = row.reduce(0) { $0 + $1.ratio }
        let share = Int(
            (84 * Double(large.width) / Double(max(1, large.height)) / max(sum, 0.1)).rounded(.up)
        )
        let clip = isClip ? "<span class=\"clip\">Film\(work.duration.map { " · \($0)" } ?? "")</span>" : ""
        let stamp = exhibit.isNotCleared ? "<span class=\"stamp\">NOT CLEARED</span>" : ""
        let lazy =
            (rows.first?.contains { $0.work.number == work.number } ?? false) ? "" : " loading=\"lazy\""
        return """
            <figure class="work" id="w\(work.number)">
            <a href="\(isClip ? work.path : work.largePicture)"\(isClip ? " data-film=\"\(work.furtherPaths.joined(separator: "|"))\"" : "") data-large="\(work.largePicture)">\
            <img src="\(work.smallPicture)" srcset="\(work.smallPicture) \(small.width)w, \(work.largePicture) \(large.width)w" \
            sizes="(min-width: 760px) \(share)vw, 92vw" width="\(large.width)" height="\(large.height)"\(lazy) \
            decoding="async" alt="\(description(work).escaped)">\(clip)</a>
            <figcaption><span class="number">\(work.number)</span> <cite dir="auto">\(work.shownTitle.escaped)</cite>\(stamp)</figcaption>
            </figure>

            """
    }

    /// For who does not see it: the caption where there is one.
    private func description(_ work: ExhibitWork) -> String {
        let caption = PublicText.line(work.asset.caption)
        let words = [work.shownTitle, caption == work.title ? nil : caption].compactMap(\.self).joined(
            separator: ": "
        )
        return work.asset.kind == .clip ? "Film: \(words)" : words
    }

    private var sounds: String {
        let sounds = exhibit.works.filter { $0.asset.kind == .sound }
        guard !sounds.isEmpty else { return "" }
        let items = sounds.map { work in
            "<li><cite dir=\"auto\">\(work.shownTitle.escaped)</cite>\(work.duration.map { " · \($0)" } ?? "")"
                + "<audio controls preload=\"metadata\" src=\"\(work.path)\"></audio></li>"
        }
        return
            "<section class=\"sounds\" aria-label=\"Sounds\"><ul>\n\(items.joined(separator: "\n"))\n</ul></section>\n"
    }

    // MARK: The list

    private var list: String {
        let items = exhibit.works.map { work in
            """
            <li id="n\(work.number)"><span class="number">\(work.number)</span><div class="label">
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
    private func label(_ work: ExhibitWork) -> String {
        var lines: [String] = []
        let date = work.date.map { ", <span class=\"date\">\($0.words)</span>" } ?? ""
        lines.append(
            "<p class=\"title\"><a href=\"\(work.path)\"><cite dir=\"auto\">\(work.shownTitle.escaped)</cite></a>\(date)</p>"
        )
        if let artist = work.artist { lines.append("<p class=\"fact\" dir=\"auto\">\(artist.escaped)</p>") }
        for line in [work.medium, work.size, work.edition, work.duration] {
            if let line { lines.append("<p class=\"fact\">\(line.escaped)</p>") }
        }
        if work.paths.count > 1 {
            let links = work.paths.enumerated().map { "<a href=\"\($1)\">\($0 + 1)</a>" }
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

    private var foot: String {
        var parts = ["Delivery \(exhibit.number)", PlainDate(milliseconds: exhibit.at).words, exhibit.counts]
        parts.append(
            exhibit.isNotCleared ? "not cleared, for the house alone" : "cleared for \(exhibit.purpose)"
        )
        return parts.joined(separator: " · ")
    }

    /// Over everything, on every sheet when it is printed.
    private static let stamp = "<div class=\"across\" aria-hidden=\"true\"><span>NOT CLEARED</span></div>\n"

    // MARK: The large view

    /// Empty until the script fills it; without the script nothing opens it.
    private var loupe: String {
        """
        <dialog id="loupe" aria-label="One work">
        <div class="stage"><img alt=""><video controls preload="metadata" playsinline hidden></video>\
        \(exhibit.isNotCleared ? Self.stamp : "")</div>
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

    private static func short(_ value: Double) -> String {
        let thousandths = Int((value * 10_000).rounded())
        let rest = String(thousandths % 10_000)
        return "\(thousandths / 10_000).\(String(repeating: "0", count: 4 - rest.count))\(rest)"
    }
}

/// Divides pictures in their order among rows that all fill the width, whole, at heights as alike as can be.
enum JustifiedRows {
    /// Width over height of a good row: a row of three landscapes.
    private static let wanted = 4.4
    /// A row longer than this is looked at no further.
    private static let longest = 12

    /// The numbers of the pictures in each row.
    static func of(_ ratios: [Double]) -> [[Int]] {
        // The best division of the first n pictures is the best last row behind the best division of what is before it.
        var best: [(cost: Double, start: Int)] = [(0, 0)]
        for end in 1..<(ratios.count + 1) {
            var sum = 0.0
            var found = (cost: Double.infinity, start: end - 1)
            for start in stride(from: end - 1, through: max(0, end - longest), by: -1) {
                sum += ratios[start]
                // Heights count, not widths: one row of twice the height is as bad as one of half.
                let misfit =
                    wanted / max(sum, 0.05) > 1 ? wanted / max(sum, 0.05) - 1 : max(sum, 0.05) / wanted - 1
                let cost = best[start].cost + misfit * misfit
                if cost < found.cost { found = (cost, start) }
            }
            best.append(found)
        }
        var rows: [[Int]] = []
        var end = ratios.count
        while end > 0 {
            rows.append(Array(best[end].start..<end))
            end = best[end].start
        }
        return rows.reversed()
    }
}
