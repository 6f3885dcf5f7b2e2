internal import Storage

/// The assets that one camera took in the sessions of one of them.
public struct CameraRoll: Hashable, Sendable {
    /// They, the one that was asked about among them, in the order of their keys.
    public let assets: [AssetID]
    /// The sessions, which all have assets of it.
    public let sessions: [String]
    /// The camera's serial number; without one, other bodies of the model cannot be told from it.
    public let serial: String?
    /// How many assets of the same model there say no serial number, while this one does, so that nobody knows whether
    /// they are of this body.
    public let unnumbered: Int
    /// How many assets of the same model there say a serial number, and another one.
    public let others: Int
}

extension Catalog {
    /// What the camera of an asset took in the asset's sessions; nothing when the asset does not name its camera.
    public func cameraRoll(of asset: AssetID) throws -> CameraRoll {
        let camera = try self.asset(asset)
        let sessions = try sessions(of: asset)
        let rows = try connection.rows(
            """
            SELECT DISTINCT a.id, a.serial
              FROM asset_session AS own
              JOIN session       AS s    ON s.id = own.session AND s.present = 1
              JOIN asset_session AS also ON also.session = own.session AND also.present = 1
              JOIN asset         AS a    ON a.id = also.asset
             WHERE own.asset = ?1
               AND own.present = 1
               AND a.present = 1
               AND a.model = ?2 COLLATE NOCASE
               AND (a.make IS NULL OR ?3 IS NULL OR a.make = ?3 COLLATE NOCASE)
             ORDER BY a.id
            """,
            [.integer(asset.rawValue), .text(camera.model), .text(camera.make)]
        ) { (asset: AssetID(rawValue: $0.integer(0)), serial: $0.textOrNil(1)) }
        return CameraRoll(
            assets: rows.filter { $0.serial == camera.serial }.map(\.asset),
            sessions: sessions,
            serial: camera.serial,
            unnumbered: camera.serial == nil ? 0 : rows.count { $0.serial == nil },
            others: rows.count { $0.serial != nil && $0.serial != camera.serial }
        )
    }
}
