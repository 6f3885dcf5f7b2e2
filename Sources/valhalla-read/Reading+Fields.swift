import MediaProtocol

// Where the same thing is said in several places, the order is that of the Metadata Working Group (Guidelines 2.0):
// Exif, then XMP, then IPTC for what describes; XMP, then IPTC for keywords and places. IPTC goes before XMP only when
// its digest shows that it was edited last.
extension Reading {
    mutating func fill(from fields: Fields) {
        fillTechnical(from: fields)
        fillPlaceOnEarth(from: fields)
        fillDescription(from: fields)
        fillWords(from: fields)
        taken = CaptureFields.taken(fields)
    }

    private mutating func fillTechnical(from fields: Fields) {
        make = fields.first("Exif.Image.Make", "Xmp.tiff.Make")
        model = fields.first("Exif.Image.Model", "Xmp.tiff.Model", "Exif.Image.UniqueCameraModel")
        serial = fields.first(
            "Exif.Photo.BodySerialNumber", "Exif.Image.CameraSerialNumber", "Maker.Serial", "Xmp.exifEX.BodySerialNumber",
            "Xmp.aux.SerialNumber")
        lens = fields.first("Exif.Photo.LensModel", "Xmp.exifEX.LensModel", "Xmp.aux.Lens", "Maker.Lens")
            .flatMap { $0.hasPrefix("(") || $0 == "n/a" || $0 == "----" ? nil : $0 }
        exposure = (fields.rational("Exif.Photo.ExposureTime") ?? fields.rational("Exif.Image.ExposureTime"))
            .flatMap { Rational($0.numerator, $0.denominator) }
            .flatMap { $0.numerator > 0 ? $0 : nil }
        aperture = (fields.real("Exif.Photo.FNumber") ?? fields.real("Exif.Image.FNumber")).flatMap { $0 > 0 ? $0 : nil }
        iso = Reading.iso(fields)
        focalLength = (fields.real("Exif.Photo.FocalLength") ?? fields.real("Exif.Image.FocalLength"))
            .flatMap { $0 > 0 ? $0 : nil }
        orientation = fields.first("Exif.Image.Orientation", "Xmp.tiff.Orientation").flatMap { Int($0.prefix { $0 != " " }) }
            .flatMap { (1...8).contains($0) ? $0 : nil }
        colorProfile = fields["Profile"] ?? Reading.colorSpace(fields)
        burst = fields.first("Xmp.GCamera.BurstID", "Xmp.GCamera.BurstUUID")
        contentIdentifier = fields.first("Exif.Apple.ContentIdentifier", "Maker.ContentIdentifier")
    }

    /// 65535 is Exif's way of saying that the speed is too large for two bytes and stands elsewhere.
    private static func iso(_ fields: Fields) -> Int? {
        let plain = fields.first("Exif.Photo.ISOSpeedRatings", "Exif.Image.ISOSpeedRatings")
            .flatMap { $0.split(separator: " ").first }.flatMap { Int($0) }
        if let plain, plain > 0, plain != 65_535 { return plain }
        return fields.first(
            "Exif.Photo.RecommendedExposureIndex", "Exif.Photo.StandardOutputSensitivity", "Exif.Photo.ISOSpeed"
        )
        .flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    private static func colorSpace(_ fields: Fields) -> String? {
        switch fields["Exif.Photo.ColorSpace"] {
        case "1": "sRGB"
        case "2": "Adobe RGB"
        // Uncalibrated: the interoperability index says R03 for Adobe RGB.
        case "65535": fields["Exif.Iop.InteroperabilityIndex"] == "R03" ? "Adobe RGB" : nil
        default: nil
        }
    }

    private mutating func fillPlaceOnEarth(from fields: Fields) {
        latitude = Reading.degrees(fields["Exif.GPSInfo.GPSLatitude"], fields["Exif.GPSInfo.GPSLatitudeRef"], most: 90)
            ?? Reading.xmpDegrees(fields["Xmp.exif.GPSLatitude"], most: 90)
        longitude = Reading.degrees(fields["Exif.GPSInfo.GPSLongitude"], fields["Exif.GPSInfo.GPSLongitudeRef"], most: 180)
            ?? Reading.xmpDegrees(fields["Xmp.exif.GPSLongitude"], most: 180)
        // One without the other is no place.
        if latitude == nil || longitude == nil {
            latitude = nil
            longitude = nil
        }
        guard let height = fields.real("Exif.GPSInfo.GPSAltitude") ?? fields.real("Xmp.exif.GPSAltitude") else { return }
        let isBelow = fields.first("Exif.GPSInfo.GPSAltitudeRef", "Xmp.exif.GPSAltitudeRef") == "1"
        altitude = isBelow ? -height : height
    }

    private static func degrees(_ text: String?, _ reference: String?, most: Double) -> Double? {
        guard let parts = text?.split(separator: " "), !parts.isEmpty, let reference else { return nil }
        var degrees = 0.0
        for (index, part) in parts.prefix(3).enumerated() {
            guard let (numerator, denominator) = Fields.rational(String(part)) else { return nil }
            // Seconds of 0/0 are seconds that were not measured.
            if denominator == 0 {
                if index == 0 { return nil }
                continue
            }
            degrees += Double(numerator) / Double(denominator) / [1, 60, 3_600][index]
        }
        guard degrees <= most else { return nil }
        return reference.hasPrefix("S") || reference.hasPrefix("W") ? -degrees : degrees
    }

    /// `51,30.054N` or `51,30,3.2N`
    private static func xmpDegrees(_ text: String?, most: Double) -> Double? {
        guard let text, let side = text.last, "NSEW".contains(side) else { return nil }
        var degrees = 0.0
        for (index, part) in text.dropLast().split(separator: ",").prefix(3).enumerated() {
            guard let number = Double(part) else { return nil }
            degrees += number / [1, 60, 3_600][index]
        }
        guard degrees <= most else { return nil }
        return side == "S" || side == "W" ? -degrees : degrees
    }

    private mutating func fillDescription(from fields: Fields) {
        let iptcFirst = IptcDigest.saysEditedLast(fields)
        func described(exif: String?, xmp: String?, iptc: String?) -> String? {
            exif ?? (iptcFirst ? IptcDigest.untruncated(iptc, by: xmp) ?? xmp : xmp ?? iptc)
        }
        title = described(
            exif: nil, xmp: fields["Xmp.dc.title"], iptc: fields["Iptc.Application2.ObjectName"])
            ?? fields["Exif.Image.XPTitle"] ?? fields.first("Xmp.photoshop.Headline", "Iptc.Application2.Headline")
        caption = described(
            exif: fields["Exif.Image.ImageDescription"].flatMap(Reading.unlessBoilerplate),
            xmp: fields["Xmp.dc.description"], iptc: fields["Iptc.Application2.Caption"])
            ?? fields.first("Exif.Image.XPComment", "Comment")
        creator = described(
            exif: fields["Exif.Image.Artist"], xmp: Reading.joined(fields.all("Xmp.dc.creator")),
            iptc: Reading.joined(fields.all("Iptc.Application2.Byline"))) ?? fields["Exif.Image.XPAuthor"]
        copyright = described(
            exif: fields["Exif.Image.Copyright"], xmp: fields["Xmp.dc.rights"], iptc: fields["Iptc.Application2.Copyright"])
        credit = described(exif: nil, xmp: fields["Xmp.photoshop.Credit"], iptc: fields["Iptc.Application2.Credit"])
        usageTerms = fields["Xmp.xmpRights.UsageTerms"]
        instructions = described(
            exif: nil, xmp: fields["Xmp.photoshop.Instructions"], iptc: fields["Iptc.Application2.SpecialInstructions"])
        rating = Reading.stars(fields)
        label = fields["Xmp.xmp.Label"]
    }

    /// Cameras fill the caption with their own name, and that describes no picture.
    private static func unlessBoilerplate(_ caption: String) -> String? {
        let boilerplate = ["OLYMPUS DIGITAL CAMERA", "SONY DSC", "DCIM\\", "DIGITAL CAMERA", "MINOLTA DIGITAL CAMERA"]
        return boilerplate.contains { caption.uppercased().hasPrefix($0) } ? nil : caption
    }

    private static func joined(_ names: [String]) -> String? {
        names.isEmpty ? nil : names.joined(separator: "; ")
    }

    private static func stars(_ fields: Fields) -> Int? {
        guard let text = fields.first("Xmp.xmp.Rating", "Exif.Image.Rating"), let stars = Double(text) else { return nil }
        return (-1...5).contains(stars) ? Int(stars.rounded()) : nil
    }

    private mutating func fillWords(from fields: Fields) {
        people = unique(fields.all("Xmp.Iptc4xmpExt.PersonInImage"))
        let hierarchical = fields.all("Xmp.lr.hierarchicalSubject").map { $0.split(separator: "|").joined(separator: "/") }
            + fields.all("Xmp.digiKam.TagsList")
        var flat = fields.all("Xmp.dc.subject")
        if flat.isEmpty { flat = fields.all("Iptc.Application2.Keywords") }
        if flat.isEmpty {
            flat = fields["Exif.Image.XPKeywords"]?.split(separator: ";").map { trimmed(String($0)) } ?? []
        }
        // A program that writes a hierarchy writes its names flat as well; they are not keywords of their own.
        let inHierarchies = Set(hierarchical.flatMap { $0.split(separator: "/").map(String.init) })
        keywords = unique(hierarchical + flat.filter { !inHierarchies.contains($0) })
        place = Reading.place(fields)
    }

    private static func place(_ fields: Fields) -> String? {
        let names = [
            fields.first(
                "Xmp.Iptc4xmpExt.LocationCreated/Iptc4xmpExt:LocationName",
                "Xmp.Iptc4xmpExt.LocationCreated/Iptc4xmpExt:Sublocation",
                "Xmp.Iptc4xmpExt.LocationShown/Iptc4xmpExt:LocationName",
                "Xmp.Iptc4xmpExt.LocationShown/Iptc4xmpExt:Sublocation", "Xmp.Iptc4xmpCore.Location",
                "Iptc.Application2.SubLocation"),
            fields.first(
                "Xmp.photoshop.City", "Xmp.Iptc4xmpExt.LocationCreated/Iptc4xmpExt:City",
                "Xmp.Iptc4xmpExt.LocationShown/Iptc4xmpExt:City", "Iptc.Application2.City"),
            fields.first(
                "Xmp.photoshop.State", "Xmp.Iptc4xmpExt.LocationCreated/Iptc4xmpExt:ProvinceState",
                "Xmp.Iptc4xmpExt.LocationShown/Iptc4xmpExt:ProvinceState", "Iptc.Application2.ProvinceState"),
            fields.first(
                "Xmp.photoshop.Country", "Xmp.Iptc4xmpExt.LocationCreated/Iptc4xmpExt:CountryName",
                "Xmp.Iptc4xmpExt.LocationShown/Iptc4xmpExt:CountryName", "Iptc.Application2.CountryName"),
        ]
        let known = unique(names.compactMap(\.self))
        return known.isEmpty ? nil : known.joined(separator: ", ")
    }

    /// Width and height as displayed: turned as Exif or the container asks, a DNG's margins cut away.
    mutating func measure(width: Int, height: Int, rotation: Int, _ fields: Fields) {
        guard width > 0, height > 0 else { return }
        let isTurned = rotation % 180 != 0 || (rotation == 0 && format != "HEIC" && (orientation ?? 1) >= 5)
        self.width = isTurned ? height : width
        self.height = isTurned ? width : height
    }
}

/// Each once, in the order of its first appearance.
func unique(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
}
