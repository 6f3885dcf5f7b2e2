internal import Catalog
internal import Glibc
internal import MediaProtocol

/// A position as XMP writes it: degrees, and minutes with their fraction, and the half of the Earth (Exif for XMP, §GPSCoordinate).
struct GeoWords: Hashable {
    let latitude: Double
    let longitude: Double
    let altitude: Double?

    init?(_ asset: Asset) {
        guard let latitude = asset.latitude, let longitude = asset.longitude else { return nil }
        self.latitude = latitude
        self.longitude = longitude
        altitude = asset.altitude
    }

    /// Latitude, longitude, altitude and its sign, as they stand in a sidecar; nil where they name no place on Earth.
    init?(_ values: [String?]) {
        guard values.count == 4, let latitude = GeoWords.degrees(values[0]),
            let longitude = GeoWords.degrees(values[1]), abs(latitude) <= 90, abs(longitude) <= 180
        else { return nil }
        self.latitude = latitude
        self.longitude = longitude
        let parts = (values[2] ?? "").split(separator: "/").map { Double($0) }
        let metres =
            parts.count == 2 ? parts[0].flatMap { top in parts[1].map { top / $0 } } : parts.first ?? nil
        altitude = metres.flatMap { abs($0) < 100_000 ? (values[3] == "1" ? -$0 : $0) : nil }
    }

    var values: [String?] {
        [
            GeoWords.text(latitude, "N", "S"), GeoWords.text(longitude, "E", "W"),
            altitude.map { "\(Int64(($0.magnitude * 100).rounded()))/100" },
            altitude.map { $0 < 0 ? "1" : "0" },
        ]
    }

    /// For people, and to know it again.
    var text: String { values.prefix(2).compactMap(\.self).joined(separator: " ") }

    /// To a tenth of a metre on the ground.
    func isSame(as other: GeoWords?) -> Bool {
        guard let other else { return false }
        let isNear = abs(latitude - other.latitude) < 1e-6 && abs(longitude - other.longitude) < 1e-6
        guard let altitude else { return isNear }
        return isNear && other.altitude.map { abs($0 - altitude) < 0.01 } == true
    }

    /// `51,30.05805N`: six decimals of a minute are two millimetres.
    private static func text(_ degrees: Double, _ positive: String, _ negative: String) -> String {
        let micro = Int64((degrees.magnitude * 60_000_000).rounded())
        let fraction = String(micro % 1_000_000)
        let digits = String(repeating: "0", count: 6 - fraction.count) + fraction
        let half = degrees < 0 ? negative : positive
        return "\(micro / 60_000_000),\(micro / 1_000_000 % 60).\(digits)\(half)"
    }

    private static func degrees(_ text: String?) -> Double? {
        guard let text, let half = text.last, "NSEWnsew".contains(half) else { return nil }
        let parts = text.dropLast().split(separator: ",").map { Double($0) }
        guard !parts.isEmpty, parts.count <= 3, !parts.contains(nil) else { return nil }
        let numbers = parts.compactMap(\.self)
        let degrees = zip(numbers, [1.0, 60, 3600]).reduce(0) { $0 + $1.0 / $1.1 }
        return "SsWw".contains(half) ? -degrees : degrees
    }
}

/// A time as XMP writes it: ISO 8601, with the offset only where it is known.
enum TimeWords {
    static func text(_ milliseconds: Int64, offsetMinutes: Int?) -> String {
        var seconds = time_t(milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000)
        let rest = Int(milliseconds - Int64(seconds) * 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text =
            "\(padded(Int(parts.tm_year) + 1900, 4))-\(padded(Int(parts.tm_mon) + 1))-\(padded(Int(parts.tm_mday)))"
            + "T\(padded(Int(parts.tm_hour))):\(padded(Int(parts.tm_min))):\(padded(Int(parts.tm_sec)))"
        if rest != 0 { text += "." + padded(rest, 3) }
        if let offsetMinutes {
            let size = Int(offsetMinutes.magnitude)
            text += (offsetMinutes < 0 ? "-" : "+") + padded(size / 60) + ":" + padded(size % 60)
        }
        return text
    }

    /// Whether two texts say the same time, however they write it.
    static func isSame(_ left: String, _ right: String) -> Bool {
        guard let one = WallTime(text: left, source: ""), let two = WallTime(text: right, source: "") else {
            return left == right
        }
        return one == two
    }

    private static func padded(_ number: Int, _ digits: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
