/// A mistake in a query: its place, what was expected there, and the nearest right word.
public struct QueryError: Error, Hashable, Sendable, CustomStringConvertible {
    let mistake: Mistake

    init(_ mistake: Mistake) { self.mistake = mistake }

    /// One sentence without a full stop, such as `unknown field "sesion"; did you mean session?`.
    public var message: String { mistake.sentence }

    /// Where the mistake begins, in characters from 1.
    public var column: Int { mistake.column }

    /// The word that was most likely meant, where one is near.
    public var suggestion: String? { mistake.suggestion }

    /// Two lines: the query, and a caret under the place.
    public var excerpt: String { mistake.excerpt }

    /// The sentence, and below it the query with a caret under the place.
    public var description: String { "\(message)\n\(excerpt)" }
}
