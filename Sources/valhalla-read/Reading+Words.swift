import CExiv2
import Glibc
import MediaProtocol

/// Which of several blocks counts when they differ: the guidelines of the Metadata Working Group, version 2.
extension Reading {
    mutating func takeWords(from findings: Findings) {
        title =
            Self.newest(
                findings,
                xmp: findings.alternative(.xmpTitle),
                iptc: findings.text(.iptcTitle),
                limit: 64
            )
            ?? Self.newest(
                findings,
                xmp: findings.text(.xmpHeadline),
                iptc: findings.text(.iptcHeadline),
                limit: 256
            ) ?? findings.text(.exifXPTitle)
        caption =
            findings.text(.exifDescription).flatMap(Self.unlessDefault)
            ?? Self.newest(
                findings,
                xmp: findings.alternative(.xmpDescription),
                iptc: findings.text(.iptcCaption),
                limit: 2_000
            )
            ?? findings.alternative(.xmpImageDescription).flatMap(Self.unlessDefault)
            ?? findings.text(.exifXPComment)
        creator = Self.creator(findings)
        copyright =
            findings.value(.exifCopyright).flatMap { Self.exifCopyright($0.bytes) }
            ?? Self.newest(
                findings,
                xmp: findings.alternative(.xmpRights),
                iptc: findings.text(.iptcCopyright),
                limit: 128
            ) ?? findings.alternative(.xmpTiffCopyright)
        credit = Self.newest(
            findings,
            xmp: findings.text(.xmpCredit),
            iptc: findings.text(.iptcCredit),
            limit: 32
        )
        instructions = Self.newest(
            findings,
            xmp: findings.text(.xmpInstructions),
            iptc: findings.text(.iptcInstructions),
            limit: 256
        )
        usageTerms = Self.usageTerms(findings)
        caveats = Self.caveats(findings)
        place = Self.place(findings)
        keywords = Self.keywords(findings)
        people = Self.people(findings)
        rating =
            findings.text(.xmpRating).flatMap { Self.rating($0) }
            ?? findings.text(.exifRating).flatMap { Self.rating($0) }
            ?? findings.text(.xmpRatingPercent).flatMap { Self.rating(percent: $0) }
        label = findings.text(.xmpLabel)
    }

    /// What PRISM's usage rights and IIM say to machines, in words that people can read.
    ///
    /// A day of release that is past forbids nothing; one that is to come is an embargo.
    private static func caveats(_ findings: Findings) -> [String] {
        var caveats: [String] = []
        if let word = findings.text(.xmpReuseProhibited)?.lowercased(), word != "false", word != "0",
            word != "no"
        {
            caveats.append("Do not reuse (pur:reuseProhibited)")
        }
        for (field, name) in [(TagField.xmpEmbargo, "pur:embargoDate"), (.iptcReleaseDate, "IIM 2:30")] {
            if let date = findings.text(field), isToCome(date) {
                caveats.append("Embargo until \(date) (\(name))")
            }
        }
        for (field, name) in [
            (TagField.xmpExpiration, "pur:expirationDate"), (.iptcExpirationDate, "IIM 2:37"),
        ] {
            if let date = findings.text(field), !digits(date).isEmpty {
                caveats.append("Use expires on \(date) (\(name))")
            }
        }
        return caveats
    }

    /// Whether a day is to come, or cannot be told: what is not understood is no leave.
    ///
    /// A day is eight digits, with whatever stands between them; IIM's `00000000` is none. The day itself counts, for it
    /// has not begun everywhere.
    private static func isToCome(_ date: String) -> Bool {
        let digits = digits(date)
        guard digits.contains(where: { $0 != "0" }) else { return digits.isEmpty && !date.isEmpty }
        guard digits.count == 8, let number = Int(digits), isDay(number) else { return true }
        return digits >= today()
    }

    private static func isDay(_ number: Int) -> Bool {
        let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100)
        return (1_800...2_999).contains(year) && (1...12).contains(month) && (1...31).contains(day)
    }

    /// The day of a date, as digits that sort.
    private static func digits(_ date: String) -> String {
        String(date.filter { $0.isASCII && $0.isNumber }.prefix(8))
    }

    private static func today() -> String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let day = (Int(parts.tm_year) + 1_900) * 10_000 + (Int(parts.tm_mon) + 1) * 100 + Int(parts.tm_mday)
        return "\(day)"
    }

    /// XMP before IIM, unless the digest shows that IIM was edited last.
    ///
    /// What IIM had no room for is taken from XMP.
    private static func newest(_ findings: Findings, xmp: String?, iptc: String?, limit: Int) -> String? {
        guard findings.isIptcNewer, let iptc else { return xmp ?? iptc }
        if let xmp, iptc.utf8.count >= limit, xmp.utf8.starts(with: iptc.utf8.prefix(limit)) { return xmp }
        return iptc
    }

    private static func newest(_ findings: Findings, xmp: [String], iptc: [String]) -> [String] {
        let first = findings.isIptcNewer ? iptc : xmp
        return first.isEmpty ? (findings.isIptcNewer ? xmp : iptc) : first
    }

    /// What cameras write into the caption of every picture says nothing about any, and would hide what a person wrote.
    private static func unlessDefault(_ caption: String) -> String? {
        let defaults: Set = [
            "OLYMPUS DIGITAL CAMERA", "SONY DSC", "MINOLTA DIGITAL CAMERA", "KONICA MINOLTA DIGITAL CAMERA",
            "DIGITAL CAMERA", "SAMSUNG DIGITAL CAMERA", "SAMSUNG", "KODAK Digital Still Camera",
            "Exif_JPEG_PICTURE",
            "Exif JPEG", "DCF 1.0", "hp PhotoSmart", "My beautiful picture", "DSC", "ASD", "default",
        ]
        return defaults.contains(caption) || caption.hasPrefix("DCIM\\") ? nil : caption
    }

    /// Exif has two notices in one value, the photographer's and the editor's, with a zero between.
    private static func exifCopyright(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        let parts = bytes.split(separator: 0).compactMap { $0.text }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private static func creator(_ findings: Findings) -> String? {
        if let artist = findings.text(.exifArtist) {
            return artist.parts(";").filter { !$0.isEmpty }.joined(separator: "; ").nonBlank
        }
        let names = newest(findings, xmp: findings.texts(.xmpCreator), iptc: findings.texts(.iptcByline))
        return names.joined(separator: "; ").nonBlank ?? findings.text(.xmpArtist)
            ?? findings.text(.exifXPAuthor)
    }

    /// The terms in words, and what other fields say that a person must not overlook.
    private static func usageTerms(_ findings: Findings) -> String? {
        var terms =
            [findings.alternative(.xmpUsageTerms)].compactMap { $0 } + findings.candidates(.xmpConstraints)
        let released = findings.text(.xmpEmbargo) ?? findings.text(.iptcReleaseDate)
        let expires = findings.text(.xmpExpiration) ?? findings.text(.iptcExpirationDate)
        if let released { terms.append("not before \(released)") }
        if let expires { terms.append("not after \(expires)") }
        if findings.text(.xmpReuseProhibited)?.lowercased() == "true" { terms.append("not to be reused") }
        return terms.isEmpty ? nil : terms.joined(separator: "; ")
    }

    /// From the smallest to the largest.
    ///
    /// The plain fields, then the place shown, then the place the camera stood at.
    private static func place(_ findings: Findings) -> String? {
        let plain: [(TagField, TagField)] = [
            (.xmpLocation, .iptcSublocation), (.xmpCity, .iptcCity), (.xmpState, .iptcState),
            (.xmpCountry, .iptcCountry),
        ]
        var words: [String] = []
        for (xmp, iptc) in plain {
            let word = newest(findings, xmp: findings.text(xmp), iptc: findings.text(iptc), limit: 32)
            // A park may be its own town.
            if let word, word != words.last { words.append(word) }
        }
        if !words.isEmpty { return words.joined(separator: ", ") }
        let shown: [TagField] = [
            .xmpShownName, .xmpShownSublocation, .xmpShownCity, .xmpShownState, .xmpShownCountry,
        ]
        let made: [TagField] = [
            .xmpMadeName, .xmpMadeSublocation, .xmpMadeCity, .xmpMadeState, .xmpMadeCountry,
        ]
        for fields in [shown, made] {
            // Of several places the first; its name may repeat its part of town.
            var words: [String] = []
            for field in fields {
                if let word = findings.items(field).first(where: { $0.item <= 1 })?.text,
                    !words.contains(word)
                {
                    words.append(word)
                }
            }
            if !words.isEmpty { return words.joined(separator: ", ") }
        }
        return nil
    }

    private static func keywords(_ findings: Findings) -> [String] {
        let paths =
            findings.texts(.xmpHierarchy).map { $0.parts("|") }
            + findings.texts(.xmpTagsList).map { $0.parts("/") }
            + findings.texts(.xmpCategories).flatMap(CategoryTree.paths)
        // Programs that know hierarchies write every level of them as a plain word too, for those that do not.
        let levels = Set(paths.filter { $0.count > 1 }.joined())
        var words = newest(findings, xmp: findings.texts(.xmpSubject), iptc: findings.texts(.iptcKeyword))
        if words.isEmpty, let all = findings.text(.exifXPKeywords) {
            words = all.split(separator: ";").compactMap { String($0).nonBlank }
        }
        var seen: Set<String> = []
        return
            (paths.filter { !$0.isEmpty }.map { $0.joined(separator: "/") }
            + words.filter { !levels.contains($0) })
            .filter { seen.insert($0).inserted }
    }

    /// Persons named as such, and those whose faces are framed.
    private static func people(_ findings: Findings) -> [String] {
        let types = findings.items(.xmpRegionType)
        let faces = findings.items(.xmpRegionName).filter { region in
            // Without a type it is a face: that is what programs frame.
            types.first { $0.item == region.item }?.text ?? "Face" == "Face"
        }
        var seen: Set<String> = []
        return (findings.texts(.xmpPerson) + faces.map(\.text) + findings.texts(.xmpFaceName)).filter {
            seen.insert($0).inserted
        }
    }

    /// Whole stars; −1 is rejected.
    ///
    /// Some programs write `3.0`.
    private static func rating(_ text: String) -> Int? {
        guard let stars = Double(text), stars.isFinite else { return nil }
        let whole = Int(stars.rounded(.toNearestOrAwayFromZero).clamped(to: -2...6))
        return (-1...5).contains(whole) ? whole : nil
    }
}

extension Reading {
    /// Windows counts in hundredths: 1, 25, 50, 75 and 99 are the stars from one to five.
    fileprivate static func rating(percent text: String) -> Int? {
        guard let percent = Int(text), (0...100).contains(percent) else { return nil }
        return percent == 0 ? 0 : (percent + 12) / 25 + 1
    }
}

/// ACDSee's keywords: `<Categories><Category Assigned="0">Places<Category Assigned="1">London</Category></Category>…`.
private enum CategoryTree {
    /// The assigned ones, with the levels above them.
    static func paths(_ xml: String) -> [[String]] {
        var open: [(name: String, isAssigned: Bool)] = []
        var paths: [[String]] = []
        for piece in xml.split(separator: "<").prefix(10_000) {
            let parts = piece.split(separator: ">", maxSplits: 1)
            guard let tag = parts.first else { continue }
            if tag.hasPrefix("/Category"), !tag.hasPrefix("/Categories") {
                guard let last = open.popLast() else { break }
                if last.isAssigned { paths.append(open.map(\.name) + [last.name]) }
            } else if tag.hasPrefix("Category"), open.count < 32, parts.count == 2 {
                open.append((String(parts[1]).trimmed, tag.contains("\"1\"")))
            }
        }
        return paths
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
