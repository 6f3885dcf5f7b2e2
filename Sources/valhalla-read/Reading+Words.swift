import CExiv2
import Glibc
import MediaProtocol

/// Which of several blocks counts when they differ: the guidelines of the Metadata Working Group, version 2.
extension Reading {
    mutating func takeWords(from findings: Findings) {
        title = Self.newest(
            findings,
            xmp: findings.alternative(.xmpTitle),
            iptc: findings.text(.iptcTitle),
            limit: 64
        )
        caption =
            findings.text(.exifDescription).flatMap(Self.unlessDefault)
            ?? Self.newest(
                findings,
                xmp: findings.alternative(.xmpDescription),
                iptc: findings.text(.iptcCaption),
                limit: 2_000
            )
        creator = Self.creator(findings)
        copyright =
            findings.value(.exifCopyright).flatMap { Self.exifCopyright($0.bytes) }
            ?? Self.newest(
                findings,
                xmp: findings.alternative(.xmpRights),
                iptc: findings.text(.iptcCopyright),
                limit: 128
            )
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
        usageTerms = findings.alternative(.xmpUsageTerms)
        caveats = Self.caveats(findings)
        place = Self.place(findings)
        keywords = Self.keywords(findings)
        people = Self.people(findings)
        rating =
            findings.text(.xmpRating).flatMap(Self.rating) ?? findings.text(.exifRating).flatMap(Self.rating)
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
        for (field, name) in [(TagField.xmpEmbargoDate, "pur:embargoDate"), (.iptcReleaseDate, "IIM 2:30")] {
            if let date = findings.text(field), digits(date) > today() {
                caveats.append("Embargo until \(date) (\(name))")
            }
        }
        for (field, name) in [
            (TagField.xmpExpirationDate, "pur:expirationDate"), (.iptcExpirationDate, "IIM 2:37"),
        ] {
            if let date = findings.text(field), !digits(date).isEmpty {
                caveats.append("Use expires on \(date) (\(name))")
            }
        }
        return caveats
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
            return artist.split(separator: ";").map { String($0).trimmed }.filter { !$0.isEmpty }.joined(
                separator: "; "
            )
            .nonBlank
        }
        let names = newest(findings, xmp: findings.texts(.xmpCreator), iptc: findings.texts(.iptcByline))
        return names.joined(separator: "; ").nonBlank
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
            findings.texts(.xmpHierarchy).map { $0.split(separator: "|").map { String($0).trimmed } }
            + findings.texts(.xmpTagsList).map { $0.split(separator: "/").map { String($0).trimmed } }
        // Programs that know hierarchies write every level of them as a plain word too, for those that do not.
        let levels = Set(paths.filter { $0.count > 1 }.joined())
        let words = newest(findings, xmp: findings.texts(.xmpSubject), iptc: findings.texts(.iptcKeyword))
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
            types.contains { $0.item == region.item && $0.text == "Face" }
        }
        var seen: Set<String> = []
        return (findings.texts(.xmpPerson) + faces.map(\.text)).filter { seen.insert($0).inserted }
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

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
