/// A keyword by its whole path, from the widest to the narrowest: `people/Iggy Pop`.
public struct TagPath: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The names on the way, at least one, none empty.
    public let names: [String]

    /// The path of some names, or nil when one of them is empty or holds a `/`.
    public init?(names: [String]) {
        guard !names.isEmpty, names.allSatisfy({ !$0.isEmpty && !$0.contains("/") }) else { return nil }
        self.names = names
    }

    /// A path as a person writes it.
    ///
    /// White space around names is dropped.
    ///
    /// Throws `CatalogError` with the reason when it is none.
    public init(_ text: String) throws {
        let names = text.split(separator: "/", omittingEmptySubsequences: false).map(TagPath.trimmed)
        guard !names.contains(""), text.utf8.count <= 1_000,
            !text.unicodeScalars.contains(where: { $0.value < 0x20 })
        else {
            throw CatalogError(
                .refused, "“\(text)” is not a tag",
                next: "write it as names with / between them, such as people/Iggy Pop")
        }
        self.names = names
    }

    /// A keyword as a file holds it, which may be untidy: empty names are left out.
    ///
    /// Nil when nothing is left.
    public init?(fromFile keyword: String) {
        let names = keyword.split(separator: "/").map(TagPath.trimmed).filter { !$0.isEmpty }
        self.init(names: names)
    }

    /// The tag of a person.
    public static func person(_ name: String) -> TagPath? {
        TagPath(names: ["people", trimmed(name.replacing("/", with: " ")[...])])
    }

    /// The names with `/` between them.
    public var description: String { names.joined(separator: "/") }

    /// True when this is the other path or lies below it.
    public func lies(in other: TagPath) -> Bool {
        names.starts(with: other.names)
    }

    /// By name, level for level.
    public static func < (left: TagPath, right: TagPath) -> Bool {
        left.names.lexicographicallyPrecedes(right.names)
    }

    private static func trimmed(_ name: Substring) -> String {
        let kept = name.drop(while: \.isWhitespace)
        let end = kept.lastIndex { !$0.isWhitespace }
        return end.map { String(kept[...$0]) } ?? ""
    }
}
