public import Catalog

/// Which assets tracks can place, and why not the others: every asset is counted once.
public struct Placing: Sendable {
    /// Those that are placed, and where.
    public private(set) var placed: [(asset: AssetID, position: Position)] = []
    /// Those that have a place, from the camera or by hand, and keep it.
    public private(set) var hadPlace = 0
    /// Those taken when no track has a point near enough.
    public private(set) var tooFar = 0
    /// How many milliseconds those are from the nearest point: the least and the most.
    public private(set) var distances: ClosedRange<Int64>?
    /// Those whose offset from UTC nobody knows: at which instant they were taken is not known.
    public private(set) var withoutOffset = 0
    /// Those without any time.
    public private(set) var withoutTime = 0

    /// How many assets were asked about.
    public var all: Int { placed.count + hadPlace + tooFar + withoutOffset + withoutTime }
    /// How many wanted a place and got none.
    public var missed: Int { tooFar + withoutOffset + withoutTime }

    /// Places assets by the instants at which they were taken, as they were corrected.
    ///
    /// What an earlier track placed is placed anew; what a camera or a person placed only if `replacing`. `longestGap` as
    /// in `Track.fix`.
    public init(_ assets: [PlacingFacts], by tracks: [Track], longestGap: Int64, replacing: Bool) {
        for facts in assets {
            if let position = facts.position, !replacing, !position.isFromTrack {
                hadPlace += 1
            } else if !facts.hasTime {
                withoutTime += 1
            } else if let instant = facts.instant {
                place(facts.asset, tracks.fix(at: instant, longestGap: longestGap))
            } else {
                withoutOffset += 1
            }
        }
    }

    private mutating func place(_ asset: AssetID, _ fix: TrackFix?) {
        switch fix {
        case .between(let position, _)?, .beside(let position, _)?: placed.append((asset, position))
        case .tooFar(let distance)?:
            tooFar += 1
            let known = distances ?? distance...distance
            distances = min(known.lowerBound, distance)...max(known.upperBound, distance)
        case nil: tooFar += 1
        }
    }
}
