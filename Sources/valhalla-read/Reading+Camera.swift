import CExiv2
import Glibc
import MediaProtocol

/// What the camera says of itself, and of how and where it stood.
extension Reading {
    mutating func takeCamera(from findings: Findings) {
        make = findings.text(.exifMake) ?? findings.text(.xmpMake)
        model = findings.text(.exifModel) ?? findings.text(.xmpModel)
        orientation =
            Self.orientation(findings, .exifOrientation) ?? Self.orientation(findings, .xmpOrientation)
        serial =
            (findings.candidates(.exifSerial) + findings.candidates(.xmpSerial)).lazy
            .compactMap { Self.serial($0) }.first
        lens =
            (findings.candidates(.exifLens) + findings.candidates(.xmpLens)).lazy
            .compactMap { Self.lens($0) }.first
            ?? findings.candidates(.exifLensRange).lazy.compactMap { Self.lens(range: $0) }.first
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

    static func orientation(_ findings: Findings, _ field: TagField) -> Int? {
        findings.text(field).flatMap { Int($0) }.flatMap { (1...8).contains($0) ? $0 : nil }
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

    /// A lens that has no name is called by what it can: `18/1 55/1 7/2 28/5` is `18-55mm f/3.5-5.6`.
    private static func lens(range text: String) -> String? {
        let numbers = text.split(separator: " ").map { Fraction(String($0))?.value ?? 0 }
        guard numbers.count == 4, numbers[0] > 0, numbers[1] >= numbers[0], numbers[1] < 100_000 else {
            return nil
        }
        func span(_ low: Double, _ high: Double) -> String {
            low == high || high <= 0 ? plain(low) : "\(plain(low))-\(plain(high))"
        }
        func plain(_ number: Double) -> String {
            let hundredths = Int((number * 100).rounded())
            guard hundredths % 100 != 0 else { return "\(hundredths / 100)" }
            let decimals =
                hundredths % 10 == 0 ? "\(hundredths % 100 / 10)" : "\(hundredths % 100 + 100)".dropFirst()
            return "\(hundredths / 100).\(decimals)"
        }
        let reach = span(numbers[0], numbers[1]) + "mm"
        guard (0.1..<1_000).contains(numbers[2]), numbers[3] < 1_000 else { return reach }
        return "\(reach) f/\(span(numbers[2], numbers[3]))"
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
        guard
            let value = (findings.text(.exifShutter) ?? findings.text(.xmpShutter)).flatMap({ Fraction($0) })?
                .value, abs(value) < 20
        else { return nil }
        let seconds = pow(2, -value)
        // As a person would write it: 1/3 and not 0.33, 2.5 and not 25/10.
        let below = (1 / seconds).rounded()
        return below > 1 && abs(1 / seconds - below) < 0.05 * below
            ? Rational(1, Int64(below)) : Fraction(seconds, places: 10).reduced
    }

    private static func aperture(_ findings: Findings) -> Double? {
        if let number = positive(findings, .exifAperture, .xmpAperture) { return number }
        guard
            let value = (findings.text(.exifApertureValue) ?? findings.text(.xmpApertureValue)).flatMap({
                Fraction($0)
            })?.value, value > 0, value < 16
        else { return nil }
        return (pow(2, value / 2) * 100).rounded() / 100
    }

    /// The tag has 16 bits; what is above stands in the tags that came with Exif 2.3.
    private static func iso(_ findings: Findings) -> Int? {
        func number(_ field: TagField) -> Int? {
            findings.candidates(field).lazy.compactMap { text in
                text.split(separator: " ").first.flatMap { Int($0) }.flatMap {
                    (1..<10_000_000).contains($0) ? $0 : nil
                }
            }.first
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
        altitude =
            Self.altitude(findings, .exifAltitude, sign: .exifAltitudeSign)
            ?? Self.altitude(findings, .xmpAltitude, sign: .xmpAltitudeSign)
        // Without a fix many cameras write zeros, and no picture of ours was taken in the Gulf of Guinea.
        guard let north, let east, north != 0 || east != 0 else {
            if altitude == 0 { altitude = nil }
            return
        }
        latitude = north
        longitude = east
    }

    /// `51/1 30/1 2660/100` with its half beside it; the degrees alone may be a fraction, and some write a sign instead
    /// of the half.
    private static func degrees(
        _ findings: Findings,
        _ field: TagField,
        half: TagField,
        negative: String,
        limit: Double
    ) -> Double? {
        guard let text = findings.text(field) else { return nil }
        let parts = text.parts(" ").map { Fraction($0)?.value }
        guard let first = parts.first, let degrees = first, parts.count <= 3 else { return nil }
        let minutes = parts.count > 1 ? parts[1] ?? 0 : 0
        let seconds = parts.count > 2 ? parts[2] ?? 0 : 0
        let value = abs(degrees) + minutes / 60 + seconds / 3600
        guard value.isFinite, value <= limit else { return nil }
        let isNegative = degrees < 0 || findings.text(half)?.uppercased().hasPrefix(negative) == true
        return isNegative ? -value : value
    }

    /// XMP has it in one text: `51,30.443N` or `51,30,26S`; a number by itself is degrees with a sign.
    private static func degrees(_ findings: Findings, _ field: TagField, negative: String, limit: Double)
        -> Double?
    {
        guard let text = findings.text(field), let half = text.last else { return nil }
        guard half.isLetter else {
            return Double(text).flatMap { abs($0) <= limit ? $0 : nil }
        }
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
    init?(_ text: some StringProtocol) {
        if let plain = Fraction(plain: text) {
            self = plain
            return
        }
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

    /// Digits, perhaps a slash and digits, up to a blank, which nearly every tag is; nil for everything else.
    private init?(plain text: some StringProtocol) {
        var numbers: (Int64, Int64) = (0, 0)
        var digits = 0
        var isBelow = false
        reading: for byte in text.utf8 {
            switch byte {
            case 0x30...0x39:
                digits += 1
                guard digits <= 18 else { return nil }
                let digit = Int64(byte - 0x30)
                if isBelow { numbers.1 = numbers.1 * 10 + digit } else { numbers.0 = numbers.0 * 10 + digit }
            case UInt8(ascii: "/"):
                guard digits > 0, !isBelow else { return nil }
                (isBelow, digits) = (true, 0)
            case 0x20: break reading
            default: return nil
            }
        }
        guard digits > 0, !isBelow || numbers.1 != 0 else { return nil }
        self.init(numbers.0, isBelow ? numbers.1 : 1)
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
