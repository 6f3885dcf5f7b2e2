/// Countries by their codes of two letters: ISO 3166-1 alpha-2, the officially assigned ones.
public enum Territory {
    static let codes: Set<String> = Set(
        """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
        CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
        FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
        JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
        MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
        PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
        TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// What people write who do not know the list.
    private static let meant = [
        "UK": "GB", "EN": "GB", "GBR": "GB", "ENGLAND": "GB", "USA": "US", "AMERICA": "US", "CAN": "CA",
        "CANADA": "CA",
        "DEU": "DE", "GER": "DE", "GERMANY": "DE", "FRA": "FR", "FRANCE": "FR", "ITALY": "IT", "SPAIN": "ES",
        "JAPAN": "JP", "EL": "GR",
    ]

    /// `us, ca` as `US,CA`, in the order of the alphabet and each once.
    ///
    /// Throws `CatalogError` that names the code that is none: a mistyped country would open, or close, another one.
    public static func list(_ text: String) throws -> String {
        let written = text.split { $0 == "," || $0 == " " }.map { $0.uppercased() }
        guard !written.isEmpty else {
            throw CatalogError(
                .refused, "“\(text)” names no countries", next: "write ISO 3166 codes: US,CA or GB")
        }
        for code in written where !codes.contains(code) {
            let hint = meant[code]
            throw CatalogError(
                .refused, "“\(code)” is no country’s code" + (hint.map { "; did you mean \($0)?" } ?? ""),
                next: "write ISO 3166 codes of two letters: US,CA or GB")
        }
        return Set(written).sorted().joined(separator: ",")
    }

    /// Where decisions together let something be shown: in these countries alone (nil is everywhere), and not in those.
    ///
    /// Every decision must allow a country, and one is enough to forbid it.
    static func together(_ decisions: [Decision]) -> (allowed: [String]?, forbidden: [String]) {
        func codes(_ list: String) -> Set<String> { Set(list.split(separator: ",").map { $0.uppercased() }) }
        let forbidden = decisions.compactMap(\.terms.notIn).reduce(into: Set<String>()) {
            $0.formUnion(codes($1))
        }
        let lists = decisions.compactMap(\.territory).map(codes)
        guard let first = lists.first else { return (nil, forbidden.sorted()) }
        return (lists.dropFirst().reduce(first) { $0.intersection($1) }.subtracting(forbidden).sorted(), [])
    }

    /// True when one of the codes, separated by commas, is this.
    static func list(_ codes: String, holds territory: String) -> Bool {
        codes.split(separator: ",").contains { $0.uppercased() == territory.uppercased() }
    }
}
