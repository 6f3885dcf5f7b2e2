/// Where the pictures of a page stand: rows that all fill its width, and every number that follows from that.
struct GalleryLayout {
    /// A work with its ratio of width to height.
    struct Place {
        let work: ExhibitWork
        let ratio: Double

        var shortRatio: String { GalleryLayout.short(ratio) }
    }

    let rows: [[Place]]

    init(_ exhibit: Exhibit, _ made: MadeFiles) {
        let shown = exhibit.works.compactMap { work in
            made.picture(work.largePicture).map {
                Place(work: work, ratio: Double($0.width) / Double(max(1, $0.height)))
            }
        }
        rows = JustifiedRows.of(shown.map(\.ratio)).map { row in row.map { shown[$0] } }
    }

    static func sum(of row: [Place]) -> Double { row.reduce(0) { $0 + $1.ratio } }

    /// `28vw`: how much of the window’s width a picture takes in its row.
    static func share(of place: Place, in row: [Place]) -> String {
        "\(Int((84 * place.ratio / max(sum(of: row), 0.1)).rounded(.up)))vw"
    }

    /// With four places behind the point.
    static func short(_ value: Double) -> String {
        let parts = Int((value * 10_000).rounded())
        let rest = String(parts % 10_000)
        return "\(parts / 10_000).\(String(repeating: "0", count: 4 - rest.count))\(rest)"
    }

    /// Every measure that a page says of it.
    var measures: [String] {
        rows.flatMap { row in
            [GalleryLayout.short(GalleryLayout.sum(of: row))]
                + row.flatMap { [$0.shortRatio, GalleryLayout.share(of: $0, in: row)] }
        }
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
