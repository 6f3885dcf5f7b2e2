internal import Storage

extension Asset {
    /// Maker and model, without the maker said twice: `Canon EOS 5D Mark II`; nil where a file says neither.
    public static func camera(make: String?, model: String?) -> String? {
        guard let model else { return make }
        guard let make, let first = make.split(separator: " ").first,
            !model.lowercased().hasPrefix(first.lowercased())
        else { return model }
        return "\(make) \(model)"
    }
}

/// A camera as files name it: the make and the model, each empty where a file has none.
struct CameraName: Hashable {
    var make: String
    var model: String
    /// How many assets it took.
    var assets: Int

    /// As a query and a list have it: `Leica Camera AG LEICA M10`.
    var words: String { String("\(make) \(model)".drop { $0 == " " }) }

    /// The cameras that took anything; there are some dozens of them, among a million assets.
    static func all(in connection: Connection) throws -> [CameraName] {
        try connection.rows(
            """
            SELECT make, model, sum(assets)
              FROM feature_tally
             WHERE (make <> '' OR model <> '')
             GROUP BY make, model
            HAVING sum(assets) > 0
             ORDER BY make, model
            """
        ) { CameraName(make: $0.text(0), model: $0.text(1), assets: $0.int(2)) }
    }

    /// True when the whole name is so, or holds the words.
    func isLike(_ pattern: Query.Pattern) -> Bool {
        if pattern.isAnything { return !words.isEmpty }
        guard let literal = pattern.literal else { return QueryNames.matches(words, pattern.pieces) }
        return words.lowercased().contains(literal.lowercased())
    }

    /// Assets of these cameras, found by the index of models; that of one model gives them in the order of dates.
    static func listed(_ cameras: [CameraName]) -> SQLCondition {
        let models = Array(Set(cameras.map(\.model))).sorted()
        if models.count == 1, let model = models.first, model != "" {
            return .all(of: [SQLCondition("a.model = ? COLLATE NOCASE", [.text(model)]), probed(cameras)])
        }
        let named = models.filter { $0 != "" }
        var rows =
            named.isEmpty
            ? []
            : [
                """
                SELECT b.id FROM (VALUES \(named.map { _ in "(?)" }.joined(separator: ", "))) AS m CROSS JOIN asset AS b
                     WHERE b.present = 1 AND b.model = m.column1 COLLATE NOCASE
                """
            ]
        if named.count < models.count {
            rows.append("SELECT b.id FROM asset AS b WHERE b.present = 1 AND b.model IS NULL")
            rows.append("SELECT b.id FROM asset AS b WHERE b.present = 1 AND b.model = '' COLLATE NOCASE")
        }
        return .all(of: [
            SQLCondition(
                "a.id IN (\n    \(rows.joined(separator: "\n     UNION ALL\n    "))\n)",
                named.map { .text($0) }),
            probed(cameras),
        ])
    }

    /// One asset asked for its camera.
    static func probed(_ cameras: [CameraName]) -> SQLCondition {
        let pairs = cameras.map { _ in "(?, ?)" }.joined(separator: ", ")
        return SQLCondition(
            "(coalesce(a.make, ''), coalesce(a.model, '')) IN (VALUES \(pairs))",
            cameras.flatMap { [.text($0.make), .text($0.model)] })
    }
}
