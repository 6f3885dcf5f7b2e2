public import MediaProtocol

/// Frame rates as makers write them.
public enum ClipRate {
    /// `25p`, `23.98p`, `59.94i`, `119.88`: the rates with decimals are the ones of NTSC, which are fractions.
    public static func rate(_ text: String) -> Rational? {
        guard let rate = Double(text.prefix { $0.isNumber || $0 == "." }), rate > 0, rate < 10_000 else {
            return nil
        }
        let whole = rate.rounded()
        if rate == whole { return Rational(Int64(whole), 1) }
        // 23.98, 29.97, 59.94 and their multiples are a thousandth less than a whole number, rounded.
        if abs(rate * 1.001 - rate.rounded(.up)) < 0.02 {
            return Rational(Int64(rate.rounded(.up)) * 1_000, 1_001)
        }
        return Rational(Int64((rate * 1_000).rounded()), 1_000)
    }

    /// `24000/1001`, or seconds a frame turned round where it is less than one: `1001/24000`.
    public static func fraction(_ text: String, inverted: Bool = false) -> Rational? {
        let parts = text.split(whereSeparator: { $0 == "/" || $0 == " " }).map { Int64($0) }
        guard parts.count == 2, let above = parts[0], let below = parts[1], above > 0, below > 0 else {
            return nil
        }
        return inverted ? Rational(below, above) : Rational(above, below)
    }
}

/// SMPTE ST 330 identifiers.
public enum UMID {
    /// 64 or 128 hexadecimal digits in capitals, whatever stands between or before them; nil when it is none, or empty.
    public static func digits(_ text: String) -> String? {
        var digits = text.uppercased()
        if digits.hasPrefix("0X") { digits.removeFirst(2) }
        digits.removeAll { $0 == "-" || $0 == ":" || $0 == " " || $0 == "." }
        guard digits.utf8.count == 64 || digits.utf8.count == 128,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x46).contains($0) }),
            // The second half of the first 64 numbers the material; programs that give no number leave it zero.
            digits.utf8.prefix(64).suffix(32).contains(where: { $0 != 0x30 })
        else { return nil }
        return digits
    }
}

/// What makers call their curves and primaries, from the words that their files have for them.
public enum CurveName {
    private static let gammas = [
        "s-log": "S-Log", "s-log2": "S-Log2", "s-log3": "S-Log3", "s-log3-cine": "S-Log3",
        "rec2100-hlg": "HLG", "rec2020-hlg": "HLG", "rec709-hlg": "HLG", "hlg": "HLG", "rec2100-pq": "PQ",
        "rec709": "Rec.709", "rec709-xvycc": "Rec.709 xvYCC", "rec2020": "Rec.2020",
        "s-cinetone": "S-Cinetone",
        "canon log": "Canon Log", "canon log 2": "Canon Log 2", "canon log 3": "Canon Log 3",
        "canonlog": "Canon Log", "canonlog2": "Canon Log 2", "canonlog3": "Canon Log 3",
        "bt.709": "Rec.709", "v-log": "V-Log", "v-log l": "V-Log L",
    ]

    private static let gamuts = [
        "rec709": "Rec.709", "rec2020": "Rec.2020", "s-gamut": "S-Gamut", "s-gamut3": "S-Gamut3",
        "s-gamut3-cine": "S-Gamut3.Cine", "s-gamut3.cine": "S-Gamut3.Cine", "p3-d65": "P3-D65",
        "bt.709": "Rec.709", "bt.2020": "Rec.2020", "cinema gamut": "Cinema Gamut",
        "cinemagamut": "Cinema Gamut", "v-gamut": "V-Gamut",
    ]

    /// `s-log3-cine` is S-Log3; a curve that is not known keeps the file's own word, and one that says nothing is nil.
    public static func gamma(_ text: String) -> String? { name(text, gammas) }

    /// `s-gamut3-cine` is S-Gamut3.Cine.
    public static func gamut(_ text: String) -> String? { name(text, gamuts) }

    private static func name(_ text: String, _ names: [String: String]) -> String? {
        let lowered = text.lowercased()
        if lowered.isEmpty || lowered == "unknown" || lowered == "none" { return nil }
        return names[lowered] ?? text
    }
}
