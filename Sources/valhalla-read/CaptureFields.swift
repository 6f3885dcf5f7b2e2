import MediaProtocol

/// When a picture was taken, by the first source that says it: Exif's original time, XMP, IPTC, Exif's digitising.
enum CaptureFields {
    static func taken(_ fields: Fields) -> WallTime? {
        exif(
            fields, "Exif.Photo.DateTimeOriginal", fraction: "Exif.Photo.SubSecTimeOriginal",
            offset: "Exif.Photo.OffsetTimeOriginal")
            ?? exif(fields, "Exif.Image.DateTimeOriginal", fraction: "", offset: "")
            ?? iso(fields, "Xmp.exif.DateTimeOriginal")
            ?? iso(fields, "Xmp.photoshop.DateCreated")
            ?? iptc(fields)
            ?? exif(
                fields, "Exif.Photo.DateTimeDigitized", fraction: "Exif.Photo.SubSecTimeDigitized",
                offset: "Exif.Photo.OffsetTimeDigitized")
            ?? iso(fields, "Xmp.xmp.CreateDate")
    }

    /// `2016:05:13 18:42:07`; blanks and zeroes are a clock that was never set.
    private static func exif(_ fields: Fields, _ key: String, fraction: String, offset: String) -> WallTime? {
        guard let text = fields[key] else { return nil }
        let numbers = text.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        guard let seconds = wallSeconds(numbers) else { return nil }
        let digits = fields[fraction].map { $0.prefix(while: \.isNumber) } ?? ""
        let milliseconds = digits.isEmpty ? 0 : Int64((Double("0." + digits) ?? 0) * 1_000)
        return WallTime(
            milliseconds: seconds * 1_000 + milliseconds, offsetMinutes: fields[offset].flatMap(minutes), source: key)
    }

    /// `2016-05-13T18:42:07.25+01:00`, and shorter; a day alone is its midnight.
    private static func iso(_ fields: Fields, _ key: String) -> WallTime? {
        guard let text = fields[key] else { return nil }
        let zoneStart = text.dropFirst(11).firstIndex { "Z+-".contains($0) } ?? text.endIndex
        let time = text[..<zoneStart]
        let parts = time.split(separator: ".", maxSplits: 1)
        var numbers = (parts.first ?? "").split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        // A year alone, or a month, is no moment.
        guard numbers.count >= 3 else { return nil }
        while numbers.count < 6 { numbers.append(0) }
        guard let seconds = wallSeconds(numbers) else { return nil }
        let fraction = parts.count > 1 ? Int64((Double("0." + parts[1].prefix(while: \.isNumber)) ?? 0) * 1_000) : 0
        return WallTime(
            milliseconds: seconds * 1_000 + fraction, offsetMinutes: minutes(String(text[zoneStart...])), source: key)
    }

    private static func iptc(_ fields: Fields) -> WallTime? {
        guard let date = fields["Iptc.Application2.DateCreated"] else { return nil }
        let time = fields["Iptc.Application2.TimeCreated"] ?? "00:00:00"
        var day = date.split(separator: "-").compactMap { Int($0) }
        if day.count != 3, date.count == 8, let number = Int(date) { day = [number / 10_000, number / 100 % 100, number % 100] }
        let clock = time.prefix(8).split(separator: ":").compactMap { Int($0) }
        guard day.count == 3, clock.count == 3, let seconds = wallSeconds(day + clock) else { return nil }
        let zone = String(time.dropFirst(8))
        return WallTime(
            milliseconds: seconds * 1_000, offsetMinutes: minutes(zone), source: "Iptc.Application2.DateCreated")
    }

    /// Minutes east of UTC: `+01:00`, `-0800`, `Z`.
    static func minutes(_ zone: String) -> Int? {
        if zone == "Z" { return 0 }
        guard let sign = zone.first, sign == "+" || sign == "-" else { return nil }
        let digits = zone.dropFirst().filter(\.isNumber)
        guard digits.count == 4, let number = Int(digits), number / 100 <= 15, number % 100 < 60 else { return nil }
        let minutes = number / 100 * 60 + number % 100
        return sign == "-" ? -minutes : minutes
    }

    /// Seconds from 1970 to a time on the wall, or nil when there is no such day or hour.
    private static func wallSeconds(_ numbers: [Int]) -> Int64? {
        guard numbers.count >= 6, (1...9_999).contains(numbers[0]), (1...12).contains(numbers[1]),
            (1...31).contains(numbers[2]), (0...23).contains(numbers[3]), (0...59).contains(numbers[4]),
            (0...60).contains(numbers[5])
        else { return nil }
        // Years from March, so that a leap day is the last of its year.
        let year = Int64(numbers[1] <= 2 ? numbers[0] - 1 : numbers[0])
        let era = year / 400
        let yearOfEra = year - era * 400
        let month = Int64((numbers[1] + 9) % 12)
        let dayOfYear = (153 * month + 2) / 5 + Int64(numbers[2]) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return days * 86_400 + Int64(numbers[3] * 3_600 + numbers[4] * 60 + numbers[5])
    }
}
