import CExiv2
import MediaProtocol

/// When it was taken, by the best of several witnesses; never by when it was edited.
extension Reading {
    mutating func takeTime(from findings: Findings) {
        taken =
            Self.exif(
                findings,
                .exifOriginal,
                fraction: .exifOriginalFraction,
                offset: .exifOriginalOffset,
                source: "Exif.Photo.DateTimeOriginal"
            )
            ?? Self.xmp(findings, .xmpDateCreated, source: "Xmp.photoshop.DateCreated")
            ?? Self.xmp(findings, .xmpDateTimeOriginal, source: "Xmp.exif.DateTimeOriginal")
            ?? Self.iptc(findings)
            ?? Self.exif(
                findings,
                .exifDigitized,
                fraction: .exifDigitizedFraction,
                offset: .exifDigitizedOffset,
                source: "Exif.Photo.DateTimeDigitized"
            )
            ?? Self.xmp(findings, .xmpCreateDate, source: "Xmp.xmp.CreateDate")
    }

    /// Wall-clock time, the fraction of its second and its offset stand in three tags.
    private static func exif(
        _ findings: Findings,
        _ field: TagField,
        fraction: TagField,
        offset: TagField,
        source: String
    ) -> WallTime? {
        guard let text = findings.text(field), var time = exif(text, source: source) else { return nil }
        if let value = findings.value(field), !value.name.isEmpty {
            time.source = String(decoding: value.name, as: UTF8.self)
        }
        if time.milliseconds % 1_000 == 0, let digits = findings.text(fraction) {
            var weight: Int64 = 100
            for digit in digits.utf8.prefix(while: { (0x30...0x39).contains($0) }) {
                time.milliseconds += Int64(digit - 0x30) * weight
                weight /= 10
            }
        }
        if time.offsetMinutes == nil { time.offsetMinutes = findings.text(offset).flatMap(WallTime.offset) }
        return time
    }

    /// Nineteen characters by the standard; few cameras pad with blanks instead of zeros, or write more behind.
    private static func exif(_ text: String, source: String) -> WallTime? {
        if let time = WallTime(text: text, source: source) { return time }
        var characters = Array(text.utf8.prefix(19))
        guard characters.count == 19 else { return nil }
        for tens in [5, 8, 11, 14, 17] where characters[tens] == UInt8(ascii: " ") {
            characters[tens] = UInt8(ascii: "0")
        }
        return WallTime(text: String(decoding: characters, as: UTF8.self), source: source)
    }

    private static func xmp(_ findings: Findings, _ field: TagField, source: String) -> WallTime? {
        findings.text(field).flatMap { WallTime(text: $0, source: source) }
    }

    /// The date and the time are two datasets; the time carries an offset.
    private static func iptc(_ findings: Findings) -> WallTime? {
        guard let date = findings.text(.iptcDate) else { return nil }
        let time = findings.text(.iptcTime)
        let source = "Iptc.Application2.DateCreated"
        return time.flatMap { WallTime(text: "\(date) \($0)", source: source) }
            ?? WallTime(text: date, source: source)
    }
}
