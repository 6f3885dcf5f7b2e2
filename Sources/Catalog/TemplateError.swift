/// A mistake in a template: its place, what was expected there, and the nearest right word.
public struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    let mistake: Mistake

    init(_ mistake: Mistake) { self.mistake = mistake }

    /// One sentence without a full stop.
    public var message: String { mistake.sentence }

    /// Where the mistake begins, in characters from 1.
    public var column: Int { mistake.column }

    /// The word that was most likely meant, where one is near.
    public var suggestion: String? { mistake.suggestion }

    /// The sentence, and below it the template with a caret under the place.
    public var description: String { "\(message)\n\(mistake.excerpt)" }
}
