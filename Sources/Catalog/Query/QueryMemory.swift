internal import Storage

/// What queries looked up, kept while nobody writes.
///
/// A list, and the line below it that tells how many there are, put one query; where a tag has five thousand below it, to
/// find out which took as long as all else.
final class QueryMemory {
    private struct Name: Hashable {
        let kind: QueryContext.NameKind
        let pattern: String
    }

    private struct Size: Hashable {
        let population: QueryContext.Population
        let limit: Int
    }

    private let connection: Connection
    /// What this connection wrote, and whether others did.
    private var state: [Int64] = []
    private var names: [Name: [(id: Int64, name: String)]] = [:]
    private var sizes: [Size: Int] = [:]

    init(_ connection: Connection) { self.connection = connection }

    /// The context, asking here first.
    func remembering(_ context: QueryContext) -> QueryContext {
        var remembering = context
        remembering.names = { [self] kind, pattern in
            try forgetWhatChanged()
            let name = Name(kind: kind, pattern: pattern)
            if let known = names[name] { return known }
            let found = try context.names(kind, pattern)
            names[name] = found
            return found
        }
        remembering.count = { [self] population, limit in
            try forgetWhatChanged()
            let size = Size(population: population, limit: limit)
            if let known = sizes[size] { return known }
            let count = try context.count(population, limit)
            sizes[size] = count
            return count
        }
        return remembering
    }

    private func forgetWhatChanged() throws {
        let current = try connection.first(
            "SELECT total_changes(), data_version FROM pragma_data_version"
        ) { [$0.integer(0), $0.integer(1)] }
        guard let current, current != state else { return }
        state = current
        names = [:]
        sizes = [:]
    }
}
