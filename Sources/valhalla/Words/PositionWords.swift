internal import Catalog

extension Position {
    /// Where it is: `34.13390° N, 116.31310° W, 1,200 m above the sea`.
    var words: String {
        func degrees(_ value: Double) -> String {
            let scaled = Int64((abs(value) * 100_000).rounded())
            let digits = String(scaled % 100_000)
            return "\(scaled / 100_000)." + String(repeating: "0", count: 5 - digits.count) + digits + "°"
        }
        let height = altitude.map { ", \(Int($0.rounded())) m above the sea" } ?? ""
        return degrees(latitude) + (latitude < 0 ? " S, " : " N, ") + degrees(longitude)
            + (longitude < 0 ? " W" : " E") + height
    }

    /// Who says so: `by a person`, `from the track ridge.gpx, between points 30 s apart`; nil for the file.
    var sourceWords: String? {
        source.map { $0 == Position.byHand ? "by a person" : "from the \($0)" }
    }
}
