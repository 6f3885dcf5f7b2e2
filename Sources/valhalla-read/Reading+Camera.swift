import CExiv2
import Glibc
import MediaProtocol

/// What the camera says of itself, and of how and where it stood.
extension Reading {
    mutating func takeCamera(from findings: Findings) {
        make = findings.text(.exifMake) ?? findings.text(.xmpMake)
        model = findings.text(.exifModel) ?? findings.text(.xmpModel)
        orientation = findings.text(.exifOrientation).flatMap { Int($0) }.flatMap {
            (1...8).contains($0) ? $0 : nil
        }
        serial = (findings.text(.exifSerial) ?? findings.text(.xmpSerial)).flatMap(Self.serial)
        lens = findings.text(.exifLens).flatMap(Self.lens) ?? findings.text(.xmpLens).flatMap(Self.lens)
        exposure = Self.exposure(findings)
        aperture = Self.aperture(findings)
        iso = Self.iso(findings)
        focalLength = Self.positive(findings, .exifFocalLength, .xmpFocalLength)
        takePosition(from: findings)
        colorProfile = Self.colorSpace(findings) ?? findings.text(.xmpColorProfile)
        burst = findings.text(.xmpBurst)
        if let note = findings.value(.exifMakerNote), let apple = AppleMakerNote(Array(note.bytes)) {
            burst = burst ?? apple.burst
            contentIdentifier = apple.contentIdentifier
        }
    }

    /// Cameras fill an unknown number with zeros, and several numbers are something else.
    private static func serial(_ text: String) -> String? {
        let isNumbers =
            text.contains(" ") && text.utf8.allSatisfy { $0 == 0x20 || (0x30...0x39).contains($0) }
        return isNumbers || text.utf8.allSatisfy { $0 == UInt8(ascii: "0") } ? nil : text
    }

    /// Dashes, zeros and numbers in brackets are how cameras and exiv2 say that they do not know.
    private static func lens(_ text: String) -> String? {
        guard text.utf8.contains(where: { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x80 }) else {
            return nil
        }
        let unknown = ["(", "Unknown", "n/a", "N/A", "None", "Manual lens", "No lens"]
        return unknown.contains(where: text.hasPrefix) ? nil : text
    }

    private static func positive(_ findings: Findings, _ fields: TagField...) -> Double? {
        fields.lazy.compactMap { findings.text($0).flatMap { Fraction($0)?.value } }.first {
            $0 > 0 && $0.isFinite
        }
    }

    private static func exposure(_ findings: Findings) -> Rational? {
        for field in [TagField.exifExposure, .xmpExposure] {
            if let fraction = findings.text(field).flatMap({ Fraction($0) }), fraction.numerator > 0 {
                return fraction.reduced
            }
        }
        // As a power of two, which is how few cameras write it and all could.
        guard let value = findings.text(.exifShutter).flatMap({ Fraction($0) })?.value, abs(value) < 20 else {
            return nil
        }
        let seconds = pow(2, -value)
        return seconds < 0.3
            ? Rational(1, Int64((1 / seconds).rounded())) : Fraction(seconds, places: 10).reduced
    }

    private static func aperture(_ findings: Findings) -> Double? {
        if let number = positive(findings, .exifAperture, .xmpAperture) { return number }
        guard let value = findings.text(.exifApertureValue).flatMap({ Fraction($0) })?.value, value > 0,
            value < 16
        else {
            return nil
        }
        return (pow(2, value / 2) * 10).rounded() / 10
    }

    /// The tag has 16 bits; what is above stands in the tags that came with Exif 2.3.
    private static func iso(_ findings: Findings) -> Int? {
        func number(_ field: TagField) -> Int? {
            findings.text(field).flatMap { $0.split(separator: " ").first.flatMap { Int($0) } }.flatMap {
                (1..<10_000_000).contains($0) ? $0 : nil
            }
        }
        let plain = number(.exifISO)
        if let plain, plain != 65_535 { return plain }
        return number(.exifISOExtended) ?? plain ?? number(.xmpISO)
    }

    private static func colorSpace(_ findings: Findings) -> String? {
        switch findings.text(.exifColorSpace) {
        case "1": "sRGB"
        case "2": "Adobe RGB"
        // Exif says “uncalibrated”, and DCF says that the file's index then tells Adobe RGB.
        case "65535": findings.text(.exifInterop)?.hasPrefix("R03") == true ? "Adobe RGB" : nil
        default: nil
        }
    }

    // MARK: Position

    private mutating func takePosition(from findings: Findings) {
        let north =
            Self.degrees(findings, .exifLatitude, half: .exifLatitudeHalf, negative: "S", limit: 90)
            ?? Self.degrees(findings, .xmpLatitude, negative: "S", limit: 90)
        let east =
            Self.degrees(findings, .exifLongitude, half: .exifLongitudeHalf, negative: "W", limit: 180)
            ?? Self.degrees(findings, .xmpLongitude, negative: "W", limit: 180)
        // Without a fix many cameras write zeros, and no picture of ours was taken in the Gulf of Guinea.
        guard let north, let east, north != 0 || east != 0 else { return }
        latitude = north
        longitude = east
        altitude =
            Self.altitude(findings, .exifAltitude, sign: .exifAltitudeSign)
            ?? Self.altitude(findings, .xmpAltitude, sign: .xmpAltitudeSign)
    }

    /// `51/1 30/1 2660/100` with its half beside it.
    private static func degrees(
        _ findings: Findings,
        _ field: TagField,
        half: TagField,
        negative: String,
        limit: Double
    ) -> Double? {
        guard let text = findings.text(field) else { return nil }
        let parts = text.split(separator: " ").map { Fraction(String($0))?.value }
        guard let first = parts.first, let degrees = first, parts.count <= 3 else { return nil }
        let minutes = parts.count > 1 ? parts[1] ?? 0 : 0
        let seconds = parts.count > 2 ? parts[2] ?? 0 : 0
        let value = degrees + minutes / 60 + seconds / 3600
        guard value.isFinite, value >= 0, value <= limit else { return nil }
        return findings.text(half)?.uppercased().hasPrefix(negative) == true ? -value : value
    }

    /// XMP has it in one text: `51,30.443N` or `51,30,26S`.
    private static func degrees(_ findings: Findings, _ field: TagField, negative: String, limit: Double)
        -> Double?
    {
        guard let text = findings.text(field), let half = text.last, half.isLetter else { return nil }
        let parts = text.dropLast().split(separator: ",").map { Double($0) ?? .nan }
        guard (1...3).contains(parts.count) else { return nil }
        let value = zip(parts, [1.0, 60, 3600]).reduce(0) { $0 + $1.0 / $1.1 }
        guard value >= 0, value <= limit else { return nil }
        return half.uppercased() == negative ? -value : value
    }

    private static func altitude(_ findings: Findings, _ field: TagField, sign: TagField) -> Double? {
        guard let metres = findings.text(field).flatMap({ Fraction($0) })?.value, metres.isFinite else {
            return nil
        }
        return findings.text(sign) == "1" ? -metres : metres
    }
}

/// A number as tags write it: `28/10`, `400`, `2.8`.
struct Fraction {
    let numerator: Int64
    let denominator: Int64

    /// Nil for what is none, and for 0/0, which cameras write for “unknown”.
    init?(_ text: String) {
        let first = text.split(separator: " ", maxSplits: 1).first ?? ""
        let parts = first.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let above = Int64(parts[0]), let below = Int64(parts[1]), below != 0 {
            self.init(above, below)
        } else if let whole = Int64(first) {
            self.init(whole, 1)
        } else if let number = Double(first), number.isFinite, abs(number) < 1e9 {
            self.init(number, places: 1_000_000)
        } else {
            return nil
        }
    }

    init(_ number: Double, places: Int64) {
        self.init(Int64((number * Double(places)).rounded()), places)
    }

    private init(_ numerator: Int64, _ denominator: Int64) {
        self.numerator = numerator
        self.denominator = denominator
    }

    var value: Double { Double(numerator) / Double(denominator) }

    /// `10/2500` is 1/250.
    var reduced: Rational? {
        var (large, small) = (numerator.magnitude, denominator.magnitude)
        while small != 0 { (large, small) = (small, large % small) }
        let divisor = Int64(clamping: max(large, 1))
        return Rational(numerator / divisor, denominator / divisor)
    }
}
