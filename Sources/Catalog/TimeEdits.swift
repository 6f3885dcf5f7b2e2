internal import Storage

/// What a person knows of a camera's clock.
public enum TimeEdit: Hashable, Sendable {
    /// This much is added to the camera's clock, on top of what was corrected before; milliseconds.
    case shift(Int64)
    /// The corrected wall-clock time was read so many minutes east of UTC.
    case offset(Int)
    /// It was read in the zone of this IANA name, whose offset follows its daylight saving, day for day.
    case zone(String)
    /// The camera's clock showed UTC, wherever it was; or, if not, the time there, whatever its container claims.
    case showedUTC(Bool)
}

extension Change {
    /// Corrects the time of assets, and tells how many have another.
    ///
    /// Those without any time stay without.
    ///
    /// `edit` is asked for each asset.
    @discardableResult
    public func correctTime(
        of assets: [AssetID],
        _ edit: (CaptureTime) throws -> [TimeEdit]
    ) throws -> Int {
        var changed: [Int64] = []
        for asset in assets {
            let time = try catalog.asset(asset).time
            guard time.wallMilliseconds != nil else { continue }
            var isChanged = false
            for edit in try edit(time) where try apply(edit, to: asset.rawValue, time) { isChanged = true }
            if isChanged { changed.append(asset.rawValue) }
        }
        try settleTimes(of: changed)
        return changed.count
    }

    private func apply(_ edit: TimeEdit, to asset: Int64, _ time: CaptureTime) throws -> Bool {
        let stated = Value.integer(time.fileOffsetMinutes)
        return switch edit {
        case .shift(let milliseconds):
            try write(
                "correction", .integer(time.correctionMilliseconds + milliseconds), was: .integer(0),
                of: asset)
        case .offset(let minutes): try write("offset", .integer(minutes), was: stated, of: asset)
        case .zone(let name): try write("offset", .text(name), was: stated, of: asset)
        case .showedUTC(let isUTC):
            try write("clock", .text(isUTC ? "UTC" : "local"), was: .null, of: asset)
        }
    }
}
