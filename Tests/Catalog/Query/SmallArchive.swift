import Migrations
import Storage

@testable import Catalog

/// One asset of the small archive, as Swift sees it.
struct SmallAsset {
    var key: Int64 = 0
    var number: Int
    var isPresent = true
    var kind = "photo"
    var name: String
    var format = "JPEG"
    var taken: Int64?
    var rating: Int?
    var iso: Int?
    var pick: Int?
    var size: (width: Int, height: Int)?
    var numbers: [String: Double] = [:]
    var texts: [String: String] = [:]
    var tags: [String] = []
    var sessions: [String] = []
    var selections: [String] = []
    var copies: [(volume: Int64, kind: String, finding: String)] = []
    var decisions: [Decision] = []
    var isEdited = false
    var recipients: [String] = []
    var companion: String?
    /// What a manifest says of the original, and of the companion.
    var listed: (original: String?, companion: String?)
    /// Hexadecimal digits that its digest begins with.
    var digits: String
}

/// A database of the real shape with a few dozen assets of every sort.
struct SmallArchive {
    let connection: Connection
    let assets: [SmallAsset]

    /// 2016-06-15T12:00:00Z.
    static let now: Int64 = 1_465_992_000_000
    static let hour: Int64 = 3_600_000
    static let tags = [
        "people/Iggy Pop", "people/Josh Homme", "people/Crew", "people", "place/Joshua Tree", "Édith",
        "peopleless", "live",
    ]
    static let sessions = ["Desert", "Desert night", "Royal Albert Hall", "rancho"]

    init(_ assets: [SmallAsset]) throws {
        connection = try Connection(path: ":memory:", access: .create)
        try connection.migrate(
            Migration.all.map { MigrationStep(number: $0.number, name: $0.name, sql: $0.sql) },
            at: SmallArchive.now
        )
        var kept: [SmallAsset] = []
        try connection.transaction { [connection] in
            try connection.execute(
                """
                INSERT INTO volume (id, key, name, mount, seen_at)
                     VALUES (1, 'one', 'ONE', '/1', 0), (2, 'two', 'TWO', '/2', 0);
                INSERT INTO machine VALUES (1, 'one', 'ONE');
                INSERT INTO change (id, number, at, person, machine, command, kind)
                     VALUES (1, 1, 0, 'p', 1, 'import', 'import');
                INSERT INTO manifest (id, history, volume, path, root, sha256, format, seal, seen_at)
                     VALUES (1, 1, 1, 'a.mhl', '', zeroblob(32), 'MHL 1.1', 'unsealed', 0);
                -- Of a file that the archive does not keep: NOT IN must not stumble over it.
                INSERT INTO manifest_entry (history, path, manifest, outcome, run)
                     VALUES (1, 'x', 1, 'matched', 1), (1, 'y', 1, 'mismatched', 1), (1, 'z', 1, 'unlisted', 1);
                """
            )
            for (index, path) in SmallArchive.tags.enumerated() {
                try connection.run(
                    "INSERT INTO tag VALUES (?, ?, 1, 1)",
                    [.integer(Int64(index + 1)), .text(path)]
                )
            }
            try connection.run("INSERT INTO tag VALUES (99, 'people/Gone', 1, 0)")
            for (index, name) in SmallArchive.sessions.enumerated() {
                try connection.run(
                    "INSERT INTO session (id, name, stamp) VALUES (?, ?, 1)",
                    [.integer(Int64(index + 1)), .text(name)]
                )
            }
            try connection.run("INSERT INTO selection (id, name, stamp) VALUES (1, 'raw-power', 1)")
            for asset in assets { kept.append(try SmallArchive.insert(asset, into: connection)) }
            try connection.refreshStanding(stamp: 1)
        }
        self.assets = kept
    }

    private static func insert(_ asset: SmallAsset, into connection: Connection) throws -> SmallAsset {
        var asset = asset
        let number = Int64(asset.number)
        // One came in every hour, the last an hour ago.
        asset.key = QueryCompiler.firstKey(at: now - number * hour) | 7
        let key = Value.integer(asset.key)
        let digits =
            asset.digits + String(repeating: "0", count: 60 - asset.digits.count) + filled("\(number)", 4)
        try connection.run(
            "INSERT INTO file (id, sha256, xxh128, size, format) VALUES (?, ?, zeroblob(16), 1, ?)",
            [.integer(number), .blob(bytes(digits)), .text(asset.format)]
        )
        let columns = asset.texts.keys.sorted()
        let numbers = asset.numbers.keys.sorted()
        let names =
            [
                "id", "stamp", "present", "kind", "file", "name", "format", "taken_ms", "sort_at", "rating",
                "iso", "pick",
                "width", "height",
            ] + columns + numbers
        let values: [Value] =
            [
                key, .integer(1), .integer(asset.isPresent ? 1 : 0), .text(asset.kind), .integer(number),
                .text(asset.name),
                .text(asset.format), integer(asset.taken), .integer(asset.taken ?? 0),
                integer(asset.rating.map(Int64.init)), integer(asset.iso.map(Int64.init)),
                integer(asset.pick.map(Int64.init)), integer(asset.size.map { Int64($0.width) }),
                integer(asset.size.map { Int64($0.height) }),
            ]
            + columns.map { .text(asset.texts[$0] ?? "") } + numbers.map { .real(asset.numbers[$0] ?? 0) }
        let places = Array(repeating: "?", count: values.count).joined(separator: ", ")
        try connection.run("INSERT INTO asset (\(names.joined(separator: ", "))) VALUES (\(places))", values)
        try connection.run(
            "INSERT INTO asset_file (asset, file, role, name, stamp) VALUES (?, ?, 'original', ?, 1)",
            [key, .integer(number), .text(asset.name)]
        )
        if let companion = asset.companion {
            try connection.run(
                "INSERT INTO file VALUES (?, ?, zeroblob(16), 1, 'JPEG', NULL)",
                [.integer(number + 1_000), .blob(bytes(filled("\(number + 1_000)", 64)))]
            )
            try connection.run(
                "INSERT INTO asset_file (asset, file, role, name, stamp) VALUES (?, ?, 'companion', ?, 1)",
                [key, .integer(number + 1_000), .text(companion)]
            )
        }
        for tag in asset.tags {
            try connection.run(
                "INSERT INTO asset_tag SELECT ?, id, 'person', 1, 1 FROM tag WHERE path = ?",
                [key, .text(tag)]
            )
        }
        for session in asset.sessions {
            try connection.run(
                "INSERT INTO asset_session SELECT ?, id, 1, 1 FROM session WHERE name = ?",
                [key, .text(session)]
            )
        }
        for selection in asset.selections {
            try connection.run(
                """
                INSERT INTO selection_item (selection, asset, position, stamp) SELECT id, ?, ?, 1
                  FROM selection WHERE name = ?
                """,
                [key, .integer(number), .text(selection)]
            )
        }
        for (index, copy) in asset.copies.enumerated() {
            try connection.run(
                """
                INSERT INTO copy (file, volume, path, kind, size, modified_ns, inode, seen_at, finding)
                     VALUES (?, ?, ?, ?, 1, 1, 1, 1, ?)
                """,
                [
                    .integer(number), .integer(copy.volume), .text("\(number)-\(index)"), .text(copy.kind),
                    .text(copy.finding),
                ]
            )
        }
        for (file, outcome) in [(number, asset.listed.original), (number + 1_000, asset.listed.companion)] {
            guard let outcome else { continue }
            try connection.run(
                "INSERT INTO manifest_entry (history, path, manifest, outcome, file, run) VALUES (1, ?, 1, ?, ?, 1)",
                [.text("\(file)"), .text(outcome), .integer(file)]
            )
        }
        for decision in asset.decisions { try insert(decision, about: key, into: connection) }
        if asset.isEdited {
            try connection.run(
                "INSERT INTO edit (asset, field, value, was, stamp, present) VALUES (?, 'title', 'x', NULL, 1, 1)",
                [key])
        }
        for (index, recipient) in asset.recipients.enumerated() {
            try connection.run(
                "INSERT INTO delivery VALUES (?, ?, 1, 'p', 's', 'exhibit', 'exhibit', ?, NULL, '/', x'00', 1)",
                [.integer(number * 10 + Int64(index)), .text("\(number)-\(index)"), .text(recipient)]
            )
            try connection.run(
                "INSERT INTO delivery_item VALUES (?, ?, 'n', zeroblob(32), 1, NULL, 1)",
                [.integer(number * 10 + Int64(index)), key]
            )
        }
        try connection.run(
            """
            INSERT INTO asset_text (rowid, name, title, caption, tags, sessions, place, creator)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                key, .text(asset.name), text(asset.texts["title"]), text(asset.texts["caption"]),
                .text(asset.tags.joined(separator: " · ")), .text(asset.sessions.joined(separator: " · ")),
                text(asset.texts["place"]), text(asset.texts["creator"]),
            ]
        )
        return asset
    }

    private static func insert(_ decision: Decision, about key: Value, into connection: Connection) throws {
        try connection.run(
            """
            INSERT INTO clearance (id, asset, decision, purpose, person, decided_at, from_at, until_at, territory,
                                   retracts, authority, stamp)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            """,
            [
                .integer(decision.id), key, .text(decision.kind.rawValue), text(decision.purpose?.rawValue),
                .text(decision.person), .integer(decision.decidedAt), integer(decision.from),
                integer(decision.until),
                text(decision.territory), integer(decision.retracts), integer(decision.authority),
            ]
        )
    }

    private static func integer(_ number: Int64?) -> Value { number.map(Value.integer) ?? .null }
    private static func text(_ text: String?) -> Value { text.map(Value.text) ?? .null }

    private static func bytes(_ digits: String) -> [UInt8] {
        let digits = Array(digits)
        return stride(from: 0, to: 64, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0 }
    }

    func context(wanted: Int? = nil) -> QueryContext {
        QueryContext(
            connection,
            now: SmallArchive.now,
            wanted: wanted,
            wallAhead: { _ in 2 * SmallArchive.hour },
            volumesHere: { [1] }
        )
    }

    /// The numbers of the assets that a query chooses.
    func numbers(_ query: Query, wanted: Int? = nil, assets: Int = 1_000_000) throws -> [Int] {
        let context = context(wanted: wanted).pretending(assets)
        let condition = try query.condition(context)
        return try connection.rows(
            "SELECT a.file FROM asset AS a WHERE a.present = 1 AND \(condition.text) ORDER BY a.file",
            condition.values
        ) { $0.int(0) }
    }

    /// How SQLite would find the newest fifty.
    func plan(_ text: String, wanted: Int? = nil, assets: Int = 1_000_000) throws -> String {
        let context = context(wanted: wanted).pretending(assets)
        let condition = try Query.parse(text).condition(context)
        return try connection.plan(
            """
            SELECT a.id FROM asset AS a WHERE a.present = 1 AND \(condition.text)
             ORDER BY a.sort_at DESC, a.id DESC LIMIT 50
            """,
            condition.values
        ).joined(separator: "\n")
    }
}

extension QueryContext {
    /// The same as among so many assets, of which nobody knows when they were taken.
    func pretending(_ assets: Int) -> QueryContext {
        var context = self
        let spread = spread
        context.assets = assets
        context.spread = { $0 == nil ? Spread(size: assets) : try spread($0) }
        return context
    }
}
