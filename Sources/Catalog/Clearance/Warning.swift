internal import Foundation
internal import Storage

/// Words that forbid, as they came with a file.
public struct Warning: Hashable, Sendable {
    /// Where they stand: caption, instructions, usage-terms.
    public let field: String
    /// The words in their plain form: `do not reuse`.
    public let words: String
    /// The text they stand in, its beginning.
    public let text: String

    /// Words that stand in a text of a field.
    public init(field: String, words: String, text: String) {
        self.field = field
        self.words = words
        self.text = text
    }
}

extension Warning {
    /// What people write where no field of any standard says it: English, German, French, Spanish, Italian.
    ///
    /// In lower case, without accents, hyphens or line breaks. They are looked for from the beginning of a word, so
    /// that `embargo` is found in `embargoed`, and more is blocked rather than less: a person reads it, and decides.
    static let phrases: [String] = [
        "do not reuse", "do not re use", "not to be reused", "no reuse", "no re use", "do not publish",
        "do not distribute", "do not release", "do not use", "do not print", "do not show", "do not share",
        "do not post", "not for publication", "not for release", "not for distribution", "not for use",
        "not for press",
        "not to be published", "not to be used", "not cleared", "no publication", "no usage", "no sales",
        "unpublished", "for internal use", "internal use only", "for your eyes only", "for reference only",
        "not approved", "embargo", "confidential", "strictly private", "hold for release", "off the record",
        "one time use",
        "one time only", "single use only", "mandatory kill", "use expires",
        "nicht veroffentlichen", "nicht zur veroffentlichung", "nicht zur verwendung", "nicht verwenden",
        "nicht weitergeben", "nicht freigegeben", "keine veroffentlichung", "keine wiederverwendung",
        "keine weitergabe",
        "sperrfrist", "gesperrt", "vertraulich", "nur fur den internen gebrauch", "nur intern",
        "nur zur ansicht",
        "ne pas reutiliser", "ne pas publier", "ne pas diffuser", "ne pas utiliser", "pas pour publication",
        "interdit de publication", "publication interdite", "reproduction interdite",
        "reutilisation interdite",
        "diffusion interdite", "sous embargo", "confidentiel", "usage interne", "non publiable",
        "no reutilizar", "no publicar", "no difundir", "no usar", "no distribuir", "prohibida su publicacion",
        "prohibida la publicacion", "prohibida su reproduccion", "prohibida la reproduccion", "uso interno",
        "no autorizado", "confidencial", "embargado",
        "non riutilizzare", "non pubblicare", "non diffondere", "non usare", "non utilizzare",
        "non distribuire",
        "vietata la pubblicazione", "vietata la riproduzione", "vietato l'uso", "riservato", "confidenziale",
        "sotto embargo",
    ]

    /// The phrases by their first three letters: most words of a caption begin like none of them.
    private static let byBeginning: [[UInt8]: [(text: String, bytes: [UInt8])]] = Dictionary(
        grouping: phrases.map { ($0, Array($0.utf8)) }, by: { Array($0.bytes.prefix(3)) })

    /// The phrases that stand in a text, each once, in their order there.
    static func phrases(in text: String) -> [String] {
        let plain = plain(text)
        var found: [String] = []
        var isStart = true
        for index in plain.indices {
            // 'Embargo' stands in quotes as often as l'embargo has an article.
            defer { isStart = plain[index] == UInt8(ascii: " ") || plain[index] == UInt8(ascii: "'") }
            guard isStart, let candidates = byBeginning[Array(plain[index...].prefix(3))] else { continue }
            for phrase in candidates where plain[index...].starts(with: phrase.bytes) {
                if !found.contains(phrase.text) { found.append(phrase.text) }
            }
        }
        return found
    }

    /// Lower case, without accents, ligatures and soft hyphens, and one space wherever anything but letters and digits
    /// stands.
    private static func plain(_ text: String) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(text.utf8.count)
        var isSpaced = true
        for scalar in text.lowercased().decomposedStringWithCompatibilityMapping.unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9":
                plain.append(UInt8(truncatingIfNeeded: scalar.value))
                isSpaced = false
            // The apostrophe of l'uso belongs to its word.
            case "'", "’": plain.append(UInt8(ascii: "'"))
            case "ß": plain += Array("ss".utf8)
            case _ where [.nonspacingMark, .format].contains(scalar.properties.generalCategory): continue
            default:
                if !isSpaced { plain.append(UInt8(ascii: " ")) }
                isSpaced = true
            }
        }
        return plain
    }
}

extension Catalog {
    /// The warnings that came with an asset, by field.
    public func warnings(of asset: AssetID) throws -> [Warning] {
        try connection.rows(
            "SELECT field, words, text FROM warning WHERE asset = ? ORDER BY field, words",
            [.integer(asset.rawValue)]
        ) { Warning(field: $0.text(0), words: $0.text(1), text: $0.text(2)) }
    }
}

extension Connection {
    /// Looks through the texts of assets, the file's own beneath a person's included, and keeps what forbids.
    func noteWarnings(of assets: [Int64], stamp: Int64) throws {
        let texts = try rows(
            """
            SELECT a.id, 'title', a.title             FROM asset AS a WHERE a.id IN (SELECT value FROM json_each(?1))
             UNION ALL
            SELECT a.id, 'caption', a.caption         FROM asset AS a WHERE a.id IN (SELECT value FROM json_each(?1))
             UNION ALL
            SELECT a.id, 'instructions', a.instructions
                                                      FROM asset AS a WHERE a.id IN (SELECT value FROM json_each(?1))
             UNION ALL
            SELECT a.id, 'usage-terms', a.usage_terms FROM asset AS a WHERE a.id IN (SELECT value FROM json_each(?1))
             UNION ALL
            SELECT a.id, 'copyright', a.copyright     FROM asset AS a WHERE a.id IN (SELECT value FROM json_each(?1))
             UNION ALL
            SELECT e.asset, e.field, e.was
              FROM edit AS e
             WHERE e.asset IN (SELECT value FROM json_each(?1))
               AND e.field IN ('title', 'caption', 'instructions', 'usage-terms', 'copyright')
            """,
            [QueryCompiler.list(assets)]
        ) { (asset: $0.integer(0), field: $0.text(1), text: $0.textOrNil(2)) }
        for entry in texts {
            if let text = entry.text {
                try noteWarnings(in: text, as: entry.field, of: entry.asset, stamp: stamp)
            }
        }
    }

    /// Keeps what forbids in texts that came with a file and stand in none of its asset's fields.
    func noteWarnings(in caveats: [String], of asset: Int64, stamp: Int64) throws {
        for text in caveats { try noteWarnings(in: text, as: "metadata", of: asset, stamp: stamp) }
    }

    private func noteWarnings(in text: String, as field: String, of asset: Int64, stamp: Int64) throws {
        for words in Warning.phrases(in: text) {
            try run(
                "INSERT OR IGNORE INTO warning (asset, field, words, text, stamp) VALUES (?, ?, ?, ?, ?)",
                [
                    .integer(asset), .text(field), .text(words), .text(String(text.prefix(200))),
                    .integer(stamp),
                ])
        }
    }
}
