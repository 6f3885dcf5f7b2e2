/// The fields of one file, by key, each with its values in the file's order.
struct Fields {
    private var values: [String: [String]] = [:]

    /// From pairs of NUL-terminated strings.
    init(_ pairs: UnsafeRawBufferPointer) {
        var key: String?
        var start = 0
        for index in pairs.indices where pairs[index] == 0 {
            let text = String(decoding: pairs[start..<index], as: UTF8.self)
            start = index + 1
            guard let name = key else {
                key = text
                continue
            }
            key = nil
            // The default of several languages stands first.
            if name.hasPrefix("default:") {
                values[String(name.dropFirst("default:".count)), default: []].insert(text, at: 0)
            } else {
                values[name, default: []].append(text)
            }
        }
    }

    /// The first value that is not blank.
    subscript(key: String) -> String? {
        values[key]?.lazy.map(trimmed).first { !$0.isEmpty }
    }

    /// All values that are not blank.
    func all(_ key: String) -> [String] {
        values[key]?.map(trimmed).filter { !$0.isEmpty } ?? []
    }

    /// The first of several keys that has a value.
    func first(_ keys: String...) -> String? {
        for key in keys {
            if let value = self[key] { return value }
        }
        return nil
    }

    /// A fraction as Exif writes it.
    func rational(_ key: String) -> (numerator: Int64, denominator: Int64)? {
        self[key].flatMap(Fields.rational)
    }

    /// A fraction as a number; 0/0, which cameras write for what they do not know, is none.
    func real(_ key: String) -> Double? {
        guard let text = self[key] else { return nil }
        guard let (numerator, denominator) = Fields.rational(text) else { return Double(text) }
        return denominator == 0 ? nil : Double(numerator) / Double(denominator)
    }

    static func rational(_ text: String) -> (numerator: Int64, denominator: Int64)? {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let numerator = Int64(parts[0]), let denominator = Int64(parts[1]) else { return nil }
        return (numerator, denominator)
    }
}

/// Without white space at both ends; cameras pad text with blanks.
func trimmed(_ text: String) -> String {
    guard let first = text.first, let last = text.last, first.isWhitespace || last.isWhitespace else { return text }
    let kept = text.drop(while: \.isWhitespace)
    guard let end = kept.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(kept[...end])
}
