internal import Storage

/// A condition over `asset AS a`: SQL text, and the values for its places in order.
///
/// The caller adds `a.present = 1`, written out, or SQLite cannot use the partial indexes. The text may be joined to
/// other conditions by AND as it is.
struct SQLCondition: Hashable {
    var text: String
    var values: [Value]

    init(_ text: String, _ values: [Value] = []) {
        self.text = text
        self.values = values
    }

    static let always = SQLCondition("TRUE")
    static let never = SQLCondition("FALSE")

    /// Anything but true becomes true: what is not known of an asset does not hide it from `not`.
    var negated: SQLCondition { SQLCondition("(\(text)) IS NOT TRUE", values) }

    static func all(of conditions: [SQLCondition]) -> SQLCondition {
        joined(conditions, by: "AND", none: .always)
    }

    static func any(of conditions: [SQLCondition]) -> SQLCondition {
        joined(conditions, by: "OR", none: .never)
    }

    private static func joined(_ conditions: [SQLCondition], by word: String, none: SQLCondition)
        -> SQLCondition
    {
        guard let first = conditions.first else { return none }
        guard conditions.count > 1 else { return first }
        let text = conditions.map { $0.text.indented }.joined(separator: "\n    \(word) ")
        return SQLCondition("(\n    \(text)\n)", conditions.flatMap(\.values))
    }
}

extension String {
    /// The same lines, all but the first four columns further in.
    var indented: String { replacing("\n", with: "\n    ") }
}
