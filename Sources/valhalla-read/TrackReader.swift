import Glibc
import MediaProtocol

/// Gives the points of a file of tracks page by page.
///
/// The last file is kept, so that its second page costs no second parsing; a file that changed meanwhile is read again.
final class TrackReader {
    private var kept: (identity: Identity, track: TrackFile)?

    /// What tells a file from another, and from itself after it was written to.
    private struct Identity: Hashable {
        var device: UInt
        var inode: UInt
        var size: Int
        var seconds: Int
        var nanoseconds: Int

        init?(_ path: [UInt8]) {
            var status = stat()
            guard !path.contains(0), path.withTerminator({ stat($0, &status) }) == 0 else { return nil }
            device = UInt(status.st_dev)
            inode = UInt(status.st_ino)
            size = Int(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    func reply(toPath path: [UInt8], first: Int) -> Reply {
        do throws(OpenFile.Refusal) {
            let track = try track(path)
            guard first >= 0, first <= track.points.count else {
                throw OpenFile.Refusal(reason: "has \(track.points.count) points, and no point \(first)")
            }
            return .track(
                TrackPage(
                    total: track.points.count,
                    first: first,
                    untimed: track.untimed,
                    unusable: track.unusable,
                    points: Array(track.points[first...].prefix(TrackPage.most))
                ))
        } catch {
            return .failed(reason: error.reason)
        }
    }

    private func track(_ path: [UInt8]) throws(OpenFile.Refusal) -> TrackFile {
        let identity = Identity(path)
        if let kept, let identity, kept.identity == identity { return kept.track }
        kept = nil
        let track = try TrackFile(try OpenFile(path: path))
        if let identity { kept = (identity, track) }
        return track
    }
}
