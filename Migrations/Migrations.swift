/// One step of the catalogue's shape: an SQL file of this folder, named `NNNN-what.sql`.
public struct Migration: Sendable {
    /// The number its name begins with; steps are taken in this order, each once.
    public let number: Int
    /// What it does, as its file is called.
    public let name: String
    /// The statements.
    public let sql: String

    /// Nil when the file's name does not begin with a number.
    init?(_ file: EmbeddedText) {
        guard let dash = file.name.firstIndex(of: "-"), let number = Int(file.name[..<dash]) else {
            return nil
        }
        self.number = number
        self.name = String(file.name[file.name.index(after: dash)...].dropLast(".sql".count))
        self.sql = file.text
    }

    /// Every step, in order.
    public static let all: [Migration] = embeddedTexts.compactMap(Migration.init)
}
