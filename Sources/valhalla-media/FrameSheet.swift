import CFFmpeg

/// Frames of a clip in rows, evenly spaced over its length, upright: what somebody judges a clip by who cannot play it.
struct FrameSheet {
    let width: Int
    let height: Int
    let pixels: [UInt8]

    /// The longer side of a frame on the sheet.
    private static let frameEdge = 640
    private static let gap = 8
    /// The ground between the frames.
    private static let ground: UInt8 = 22

    /// Nil for a clip that does not say how long it is, or of which fewer than two frames can be decoded.
    init?(path: [UInt8], frames: Int) throws(Failure) {
        var clip = try ClipFrames(path: path)
        guard clip.duration != nil else { return nil }
        var cells: [UprightCell] = []
        for number in 0..<frames {
            let place = (Double(number) + 0.5) / Double(frames)
            guard let frame = clip.frame(near: PosterChoice.seconds(place, of: clip.duration)),
                let picture = RGBFrame(frame, stream: clip.stream, longEdge: FrameSheet.frameEdge)
            else { continue }
            let cell = UprightCell(picture, orientation: clip.stream.orientation)
            // A stream may change its size half-way; what does not fit the first is left out.
            if let first = cells.first, (cell.width, cell.height) != (first.width, first.height) { continue }
            cells.append(cell)
        }
        guard cells.count > 1, let first = cells.first else { return nil }
        let columns = first.width >= first.height ? 2 : min(3, cells.count)
        let rows = (cells.count + columns - 1) / columns
        let across = columns * first.width + (columns - 1) * FrameSheet.gap
        let down = rows * first.height + (rows - 1) * FrameSheet.gap
        var sheet = [UInt8](repeating: FrameSheet.ground, count: across * down * 3)
        for (index, cell) in cells.enumerated() {
            let left = index % columns * (first.width + FrameSheet.gap)
            let top = index / columns * (first.height + FrameSheet.gap)
            let line = cell.width * 3
            for y in 0..<cell.height {
                let place = ((top + y) * across + left) * 3
                sheet.replaceSubrange(place..<place + line, with: cell.pixels[y * line..<(y + 1) * line])
            }
        }
        (width, height, pixels) = (across, down, sheet)
    }
}
