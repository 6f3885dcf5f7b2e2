internal import Files
internal import Storage

/// Words that forbid, as they came with a file.
public struct Warning: Hashable, Sendable {
    /// Where they stand: caption, instructions, usage-terms.
    public let field: String
    /// The words in their plain form: `do not reuse`.
    public let words: String
    /// The text they stand in, its beginning.
    public let text: String

    /// The stamp of the change that met them; 0 is before any decision.
    let since: Int64

    /// Words that stand in a text of a field.
    public init(field: String, words: String, text: String) {
        self.init(field: field, words: words, text: text, since: 0)
    }

    init(field: String, words: String, text: String, since: Int64) {
        self.field = field
        self.words = words
        self.text = text
        self.since = since
    }

    /// What a clearance keeps of a warning that was read: its words, and which text they stood in.
    ///
    /// Who read “Embargo until 2016” has not read “Embargo until 2030”.
    var acknowledgement: String { "\(words):\(Digests(of: Array(text.utf8)).sha256.hex.prefix(16))" }
}

extension Decision {
    /// Whether who decided had read it.
    ///
    /// An older program kept the words alone, of texts that were there.
    func acknowledges(_ warning: Warning) -> Bool {
        let despite = despite ?? ""
        if despite.contains("|\(warning.acknowledgement)|") { return true }
        return despite.contains("|\(warning.words)|") && (authority == 0 || warning.since < id)
    }

    /// The words that were read before it was cleared despite them.
    public var wordsRead: [String] {
        var words: [String] = []
        for kept in (despite ?? "").split(separator: "|") {
            let word = String(kept.prefix { $0 != ":" })
            if !words.contains(word) { words.append(word) }
        }
        return words
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
        "do not post", "don't reuse", "don't publish", "don't distribute", "don't release", "don't use",
        "don't print", "don't show", "don't share", "don't post", "dont reuse", "dont publish",
        "dont release",
        "dont use", "not before", "not for publication", "not for release", "not for distribution",
        "not for use",
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

    /// The phrases that stand in a text, each once, in their order there.
    static func phrases(in text: String) -> [String] {
        var finder = PhraseFinder()
        return finder.phrases(in: text)
    }
}

extension Catalog {
    /// The warnings that came with an asset, by field.
    public func warnings(of asset: AssetID) throws -> [Warning] {
        try connection.rows(
            "SELECT field, words, text, stamp FROM warning WHERE asset = ? ORDER BY field, words, stamp, text",
            [.integer(asset.rawValue)]
        ) { Warning(field: $0.text(0), words: $0.text(1), text: $0.text(2), since: $0.integer(3)) }
    }
}

extension Connection {
    /// Looks through the texts of assets, the file's own beneath a person's included, and keeps what forbids.
    func noteWarnings(of assets: [Int64], stamp: Int64) throws {
        let list = QueryCompiler.list(assets)
        var texts = try rows(
            """
            SELECT a.id, a.title, a.caption, a.instructions, a.usage_terms, a.copyright
              FROM asset AS a
             WHERE a.id IN (SELECT value FROM json_each(?))
            """,
            [list]
        ) { row in
            ["title", "caption", "instructions", "usage-terms", "copyright"].enumerated().compactMap {
                index, field in
                row.textOrNil(index + 1).map { (asset: row.integer(0), field: field, text: $0) }
            }
        }
        .flatMap(\.self)
        texts += try rows(
            """
            SELECT e.asset, e.field, e.was
              FROM edit AS e
             WHERE e.asset IN (SELECT value FROM json_each(?))
               AND e.field IN ('title', 'caption', 'instructions', 'usage-terms', 'copyright')
               AND e.was IS NOT NULL
            """,
            [list]
        ) { (asset: $0.integer(0), field: $0.text(1), text: $0.text(2)) }
        var finder = PhraseFinder()
        for entry in texts {
            try noteWarnings(in: entry.text, as: entry.field, of: entry.asset, stamp: stamp, &finder)
        }
    }

    /// Keeps what forbids in texts that came with a file and stand in none of its asset's fields.
    func noteWarnings(in caveats: [String], of asset: Int64, stamp: Int64) throws {
        var finder = PhraseFinder()
        for text in caveats {
            try noteWarnings(in: text, as: "metadata", of: asset, stamp: stamp, &finder)
        }
    }

    private func noteWarnings(
        in text: String, as field: String, of asset: Int64, stamp: Int64, _ finder: inout PhraseFinder
    ) throws {
        let phrases = finder.phrases(in: text)
        guard !phrases.isEmpty else { return }
        let beginning = text.count > 200 ? text.prefix(199) + "…" : text.prefix(200)
        for words in phrases {
            try run(
                "INSERT OR IGNORE INTO warning (asset, field, words, text, stamp) VALUES (?, ?, ?, ?, ?)",
                [
                    .integer(asset), .text(field), .text(words), .text(String(beginning)),
                    .integer(stamp),
                ])
        }
    }
}
