internal import Storage

/// A point on the Earth, and who put an asset there.
public struct Position: Hashable, Sendable {
    /// Degrees north, WGS 84.
    public let latitude: Double
    /// Degrees east, from −180 to 180.
    public let longitude: Double
    /// Metres above the sea, if known.
    public let altitude: Double?
    /// Who says so: `person`, or `track ridge.gpx, between points 30 s apart`; nil for the file itself.
    public let source: String?

    /// A point; nil when it is not on the globe.
    ///
    /// Degrees are kept to a centimetre, metres to one as well: nothing that places a camera knows more.
    public init?(latitude: Double, longitude: Double, altitude: Double? = nil, source: String? = nil) {
        guard abs(latitude) <= 90, abs(longitude) <= 180, altitude.map({ abs($0) < 100_000 }) ?? true else {
            return nil
        }
        func rounded(_ number: Double, _ places: Double) -> Double {
            (number * places).rounded() / places + 0
        }
        self.latitude = rounded(latitude, 1e7)
        self.longitude = rounded(longitude, 1e7)
        self.altitude = altitude.map { rounded($0, 100) }
        self.source = source
    }

    /// Reads `34.1339,-116.3131,1200.5 track ridge.gpx`, as an edit keeps it; nil when it is none.
    init?(text: String) {
        let halves = text.split(separator: " ", maxSplits: 1)
        let numbers = (halves.first ?? "").split(separator: ",").map { Double($0) }
        guard (2...3).contains(numbers.count), let latitude = numbers[0], let longitude = numbers[1],
            numbers.count == 2 || numbers[2] != nil
        else { return nil }
        self.init(
            latitude: latitude, longitude: longitude, altitude: numbers.count == 3 ? numbers[2] : nil,
            source: halves.count > 1 ? String(halves[1]) : nil)
    }

    /// As an edit keeps it: `34.1339,-116.3131,1200.5 track ridge.gpx`.
    var text: String {
        "\(latitude),\(longitude)" + (altitude.map { ",\($0)" } ?? "") + (source.map { " \($0)" } ?? "")
    }

    /// What a person says by hand.
    public static let byHand = "person"

    /// True when a track said it, which a better track may say again.
    public var isFromTrack: Bool { source?.hasPrefix("track ") == true }
}

extension Asset {
    /// Where it was taken, and who says so.
    public var position: Position? {
        guard let latitude, let longitude else { return nil }
        return Position(
            latitude: latitude, longitude: longitude, altitude: altitude, source: positionSource)
    }
}

extension RecordedEdit {
    /// The position that an edit of the field `position` sets, and the one that the file states.
    public var positions: (value: Position?, was: Position?)? {
        field == "position" ? (Position(text: value), was.flatMap { Position(text: $0) }) : nil
    }
}

extension Connection {
    /// Brings the index of positions to where assets lie now, before a transaction that may have moved some commits.
    func indexPositions() throws {
        guard try first("SELECT 1 FROM asset_moved LIMIT 1", [], { _ in true }) != nil else { return }
        try run("DELETE FROM asset_position WHERE id IN (SELECT asset FROM asset_moved)")
        try run(
            """
            INSERT INTO asset_position (id, south, north, west, east)
            SELECT a.id, a.latitude, a.latitude, a.longitude, a.longitude
              FROM asset_moved AS m
              JOIN asset       AS a ON a.id = m.asset
             WHERE a.present = 1
               AND a.latitude IS NOT NULL
               AND a.longitude IS NOT NULL
            """
        )
        try run("DELETE FROM asset_moved")
    }
}

/// What decides whether an asset can be placed.
public struct PlacingFacts: Hashable, Sendable {
    /// The asset.
    public let asset: AssetID
    /// Whether its clock said anything.
    public let hasTime: Bool
    /// The instant at which it was taken, where its offset is known; milliseconds since 1970.
    public let instant: Int64?
    /// Where it lies already, and who says so.
    public let position: Position?

    /// What decides about one asset.
    public init(asset: AssetID, hasTime: Bool, instant: Int64?, position: Position?) {
        self.asset = asset
        self.hasTime = hasTime
        self.instant = instant
        self.position = position
    }
}

extension Catalog {
    /// What decides whether assets can be placed, in their order.
    public func placingFacts(of assets: [AssetID]) throws -> [PlacingFacts] {
        try assets.compactMap { asset in
            try connection.first(
                """
                SELECT taken_ms IS NOT NULL, taken_at, latitude, longitude, altitude, position_source
                  FROM asset
                 WHERE id = ?
                """,
                [.integer(asset.rawValue)]
            ) { row in
                var position: Position?
                if let latitude = row.realOrNil(2), let longitude = row.realOrNil(3) {
                    position = Position(
                        latitude: latitude, longitude: longitude, altitude: row.realOrNil(4),
                        source: row.textOrNil(5))
                }
                return PlacingFacts(
                    asset: asset, hasTime: row.int(0) == 1, instant: row.integerOrNil(1), position: position)
            }
        }
    }
}

extension Change {
    /// What decides whether assets can be placed, in their order.
    public func placingFacts(of assets: [AssetID]) throws -> [PlacingFacts] {
        try catalog.placingFacts(of: assets)
    }

    /// Puts assets where somebody or a track says they were taken, and tells how many were not there.
    ///
    /// The file's own position is kept beneath.
    @discardableResult
    public func place(_ positions: [(asset: AssetID, position: Position)]) throws -> Int {
        var changed = 0
        for (asset, position) in positions {
            let was = try filePosition(of: asset.rawValue).map { Value.text($0.text) } ?? .null
            guard try write("position", .text(position.text), was: was, of: asset.rawValue) else { continue }
            try putPosition(position, of: asset.rawValue)
            changed += 1
        }
        return changed
    }

    /// Takes back where people and tracks put assets, and tells how many of them were put anywhere; the file's own
    /// position counts again.
    @discardableResult
    public func clearPositions(of assets: [AssetID]) throws -> Int {
        var changed = 0
        for asset in assets where try withdraw(field: "position", of: asset.rawValue) {
            try applyEdits(of: asset.rawValue)
            changed += 1
        }
        return changed
    }

    /// What the file says: the columns' word while no edit covers it.
    private func filePosition(of asset: Int64) throws -> Position? {
        let edit = try connection.first(
            "SELECT was FROM edit WHERE asset = ? AND field = 'position' AND present = 1", [.integer(asset)]
        ) { $0.textOrNil(0) }
        if let edit { return edit.flatMap { Position(text: $0) } }
        return try columnsPosition(of: asset)
    }

    private func columnsPosition(of asset: Int64) throws -> Position? {
        try connection.first(
            "SELECT latitude, longitude, altitude FROM asset WHERE id = ?", [.integer(asset)]
        ) { row -> Position? in
            guard let latitude = row.realOrNil(0), let longitude = row.realOrNil(1) else { return nil }
            return Position(latitude: latitude, longitude: longitude, altitude: row.realOrNil(2))
        } ?? nil
    }

    /// What counts of an asset's position; `renewingCamerasWord` as in `applyEdits`.
    func applyPosition(
        of asset: Int64, value: Value, was: Value, isPresent: Bool, renewingCamerasWord: Bool
    ) throws {
        func position(_ value: Value) -> Position? {
            if case .text(let text) = value { Position(text: text) } else { nil }
        }
        if renewingCamerasWord {
            let file = try columnsPosition(of: asset).map { Value.text($0.text) } ?? .null
            try connection.run(
                "UPDATE edit SET was = ? WHERE asset = ? AND field = 'position'", [file, .integer(asset)])
            guard isPresent else { return }
        }
        try putPosition(position(isPresent ? value : was), of: asset)
    }

    private func putPosition(_ position: Position?, of asset: Int64) throws {
        try connection.run(
            "UPDATE asset SET latitude = ?, longitude = ?, altitude = ?, position_source = ? WHERE id = ?",
            [
                .real(position?.latitude), .real(position?.longitude), .real(position?.altitude),
                .text(position?.source), .integer(asset),
            ])
    }
}
