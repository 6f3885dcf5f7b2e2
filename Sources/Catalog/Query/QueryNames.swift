/// Finds out which tags, sessions and selections a query means.
///
/// Unlike SQLite it knows that É and é are one letter, and that an accent may be a letter of its own.
struct QueryNames {
    let context: QueryContext

    /// The keys of the sessions or selections that are called so: by the whole name, else by how it begins.
    func keys(_ kind: QueryContext.NameKind, _ test: Query.Test) throws -> [Int64] {
        try union(test) { value in
            switch value {
            case .exactly(let name):
                return try candidates(kind, [name], from: "", to: "").filter { $0.name == name }.map(\.id)
            case .like(let pattern):
                guard let name = pattern.literal else {
                    return try candidates(kind, pattern.pieces, from: "", to: "")
                        .filter { QueryNames.matches($0.name, pattern.pieces) }.map(\.id)
                }
                let wanted = name.lowercased()
                let beginning = try candidates(kind, [name], from: "", to: "%")
                    .filter { $0.name.lowercased().hasPrefix(wanted) }
                let whole = beginning.filter { $0.name.lowercased() == wanted }
                return (whole.isEmpty ? beginning : whole).map(\.id)
            }
        }
    }

    /// The keys of the tags that end in these names, and of those below them.
    ///
    /// With `*` the names are the whole end.
    func tagKeys(_ test: Query.Test, below root: String? = nil) throws -> [Int64] {
        try union(test) { value in
            switch value {
            case .exactly(let path):
                let whole = root.map { "\($0)/\(path)" } ?? path
                return try candidates(.tag, [whole], from: "", to: "").filter { $0.name == whole }.map(\.id)
            case .like(let pattern):
                return try candidates(.tag, pattern.pieces, from: "%", to: "%").filter { tag in
                    guard let root else { return QueryNames.chooses(pattern, tag: tag.name) }
                    guard tag.name.lowercased().hasPrefix(root + "/") else { return false }
                    return QueryNames.chooses(pattern, tag: String(tag.name.dropFirst(root.count + 1)))
                }
                .map(\.id)
            }
        }
    }

    private enum One {
        case exactly(String)
        case like(Query.Pattern)
    }

    private func union(_ test: Query.Test, _ keys: (One) throws -> [Int64]) throws -> [Int64] {
        let found: [[Int64]] =
            switch test {
            case .exactly(let texts): try texts.map { try keys(.exactly($0)) }
            case .like(let patterns): try patterns.map { try keys(.like($0)) }
            case .words, .numbers, .dates, .near, .within: []
            }
        return Set(found.joined()).sorted()
    }

    /// Names that may be meant.
    ///
    /// Letters outside ASCII match anything here, and are compared by the caller.
    private func candidates(
        _ kind: QueryContext.NameKind,
        _ pieces: [String],
        from start: String,
        to end: String
    ) throws -> [(id: Int64, name: String)] {
        let coarse = pieces.map { piece in
            piece.map { character -> String in
                switch character {
                case "%", "_", "\\": "\\\(character)"
                default: character.isASCII ? String(character) : "%"
                }
            }
            .joined()
        }
        return try context.names(kind, start + coarse.joined(separator: "%") + end)
    }

    /// `pattern` names the tag, its last names, or the like of a tag above it.
    static func chooses(_ pattern: Query.Pattern, tag path: String) -> Bool {
        if let literal = pattern.literal, let isChosen = choosesPlain(literal, tag: path) { return isChosen }
        let names = path.lowercased().split(separator: "/", omittingEmptySubsequences: false)
        guard let literal = pattern.literal else {
            return names.indices.contains { matches(names[$0...].joined(separator: "/"), pattern.pieces) }
        }
        let wanted = literal.lowercased().split(separator: "/", omittingEmptySubsequences: false)
        guard wanted.count <= names.count else { return false }
        return (0...(names.count - wanted.count)).contains {
            names[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
    }

    /// The same for names of plain letters, of which there may be ten thousand; nil for others.
    private static func choosesPlain(_ literal: String, tag path: String) -> Bool? {
        var literal = literal
        var path = path
        return literal.withUTF8 { wanted in
            path.withUTF8 { path -> Bool? in
                guard !wanted.isEmpty, wanted.allSatisfy({ $0 < 0x80 }), path.allSatisfy({ $0 < 0x80 }) else {
                    return nil
                }
                let slash = UInt8(ascii: "/")
                func small(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
                var start = 0
                while start + wanted.count <= path.count {
                    let end = start + wanted.count
                    if end == path.count || path[end] == slash,
                        wanted.indices.allSatisfy({ small(wanted[$0]) == small(path[start + $0]) })
                    {
                        return true
                    }
                    while start < path.count, path[start] != slash { start += 1 }
                    start += 1
                }
                return false
            }
        }
    }

    /// True when the pieces stand in the text in this order, the first at its start and the last at its end, whatever
    /// the case of letters.
    static func matches(_ text: String, _ pieces: [String]) -> Bool {
        let pieces = pieces.map { $0.lowercased() }
        var rest = text.lowercased()[...]
        guard let first = pieces.first, let last = pieces.last, rest.hasPrefix(first) else { return false }
        if pieces.count == 1 { return rest == first }
        rest = rest.dropFirst(first.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}

extension Catalog {
    /// What may explain that a query chooses nothing: names in it that nothing has, a line each.
    public func remarks(on query: Query) throws -> [String] {
        try query.remarks(QueryContext(connection, now: now(), volumesHere: { [] }))
    }
}

extension Query {
    /// What may explain an empty answer: names in the query that nothing has, with the nearest that something has.
    func remarks(_ context: QueryContext) throws -> [String] {
        var remarks: [String] = []
        try root.eachField { field, test in
            if field == .similar, case .words(let ids) = test {
                for id in ids where try context.filesAlike(id).isEmpty {
                    remarks.append("\(id) has no preview to be compared by: valhalla previews build")
                }
            }
            if case .near(let circles) = test {
                remarks += try circles.compactMap { try $0.remark(context) }
            }
            guard let kind = field.nameKind, case let names = QueryNames(context: context) else { return }
            let keys =
                switch field {
                case .tag: try names.tagKeys(test)
                case .person: try names.tagKeys(test, below: "people")
                default: try names.keys(kind, test)
                }
            guard keys.isEmpty else { return }
            let written =
                switch test {
                case .exactly(let texts): texts
                case .like(let patterns): patterns.map { $0.pieces.joined(separator: "*") }
                case .words, .numbers, .dates, .near, .within: [String]()
                }
            let known = try context.names(kind, "%").flatMap { name in
                kind == .tag ? [name.name] + name.name.split(separator: "/").map(String.init) : [name.name]
            }
            for name in written {
                let near = nearestWord(to: name, among: known)
                let what = field == .person ? "tag below people" : field.rawValue
                remarks.append(
                    "there is no \(what) “\(name)”" + (near.map { "; did you mean “\($0)”?" } ?? "")
                )
            }
        }
        return remarks
    }
}

extension Query.Circle {
    /// Why nothing can be near this, if so.
    fileprivate func remark(_ context: QueryContext) throws -> String? {
        guard try context.middles(middle).isEmpty else { return nil }
        return switch middle {
        case .point: nil
        case .asset(let digits): "there is no asset \(digits) whose position is known"
        case .place(let name):
            "no session named “\(name)”, or at a place of that name, has an asset whose position is known"
        }
    }
}

extension Query.Field {
    fileprivate var nameKind: QueryContext.NameKind? {
        switch self {
        case .tag, .person: .tag
        case .session: .session
        case .selection: .selection
        default: nil
        }
    }
}

extension Query.Node {
    fileprivate func eachField(_ body: (Query.Field, Query.Test) throws -> Void) rethrows {
        switch self {
        case .all, .text: break
        case .field(let field, let test): try body(field, test)
        case .not(let other): try other.eachField(body)
        case .and(let nodes), .or(let nodes): for node in nodes { try node.eachField(body) }
        }
    }
}
