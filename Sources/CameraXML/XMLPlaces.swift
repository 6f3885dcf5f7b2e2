/// The values of an XML document by their places, in its order: `Device@modelName`, `Root/Element`.
///
/// Prefixes are left out. Whoever parses the document bounds its size and depth.
public struct XMLPlaces: Sendable {
    private var pairs: [(place: String, value: String)] = []
    private var firsts: [String: Int] = [:]

    /// A document without values.
    public init() {}

    /// Adds a value behind the others.
    public mutating func add(_ place: String, _ value: String) {
        if firsts[place] == nil { firsts[place] = pairs.count }
        pairs.append((place, value))
    }

    /// The first value at a place; nil when there is nothing in it.
    public subscript(place: String) -> String? {
        guard let index = firsts[place] else { return nil }
        return pairs[index].value.isEmpty ? nil : pairs[index].value
    }

    /// The first value at one of these places that has something in it.
    public func first(_ places: String...) -> String? {
        places.lazy.compactMap { self[$0] }.first
    }

    /// The value of an attribute in the element whose other attribute has this value: `value` of `Item@name=…`.
    ///
    /// Attributes stand in the document's order, so the one that names comes right before or behind.
    public func value(_ place: String, named: String, equals name: String) -> String? {
        for (index, pair) in pairs.enumerated() where pair.place == named && pair.value == name {
            for near in [index + 1, index - 1] where pairs.indices.contains(near) {
                if pairs[near].place == place { return pairs[near].value }
            }
        }
        return nil
    }

    /// Every value in the document's order.
    public var all: [(place: String, value: String)] { pairs }

    /// The name of the outermost element.
    public var root: String {
        pairs.first.map { String($0.place.prefix { $0 != "/" && $0 != "@" }) } ?? ""
    }
}
