import CFFmpeg
import CVips
import MediaProtocol

/// Frames of a clip side by side, evenly spaced over its length, upright.
struct FilmStrip {
    private(set) var cells: [RGBFrame?] = []
    private let orientation: Int

    /// A strip and the poster, from one way through the clip.
    ///
    /// The strip stays empty for a clip that does not say how long it is.
    static func make(path: [UInt8], posterEdge: Int) throws(Failure) -> (strip: FilmStrip, poster: Poster) {
        var clip = try ClipFrames(path: path)
        var choice = PosterChoice(longEdge: posterEdge)
        var strip = FilmStrip(orientation: clip.stream.orientation)
        var opening: PosterChoice?
        guard clip.duration != nil else {
            return (strip, try Poster(path: path, longEdge: posterEdge))
        }
        for number in 0..<PreviewOrder.stripFrames {
            let place = (Double(number) + 0.5) / Double(PreviewOrder.stripFrames)
            guard let frame = clip.frame(near: PosterChoice.seconds(place, of: clip.duration)) else {
                strip.cells.append(nil)
                continue
            }
            strip.cells.append(RGBFrame(frame, stream: clip.stream, longEdge: PreviewOrder.stripEdge))
            if number == 0 {
                // What a clip opens with stands for it only if nothing else does.
                var first = PosterChoice(longEdge: posterEdge)
                first.consider(frame, of: clip.stream)
                opening = first
            } else {
                choice.consider(frame, of: clip.stream)
            }
        }
        if !choice.isSettled, let opening, opening.isSettled || choice.best == nil { choice = opening }
        return (strip, try Poster(choice, of: &clip))
    }

    private init(orientation: Int) { self.orientation = orientation }

    /// The strip as a JPEG with its geometry; nil when there is no frame.
    func jpeg() throws(Failure) -> (bytes: [UInt8], facts: PreviewFacts.Strip)? {
        let upright = cells.map { $0.map { UprightCell($0, orientation: orientation) } }
        guard let pattern = upright.lazy.compactMap(\.self).first else { return nil }
        // A place where nothing could be decoded shows what stood before it, the first ones what comes after.
        var shown = pattern
        let row = upright.map { cell -> UprightCell in
            if let cell, cell.width == pattern.width, cell.height == pattern.height { shown = cell }
            return shown
        }
        let stride = pattern.width * 3
        var pixels: [UInt8] = []
        pixels.reserveCapacity(row.count * stride * pattern.height)
        for line in 0..<pattern.height {
            for cell in row { pixels += cell.pixels[line * stride..<(line + 1) * stride] }
        }
        var jpeg = cvips_jpeg()
        var reason = [CChar](repeating: 0, count: 512)
        let code = cvips_plain_jpeg(
            pixels, Int32(pattern.width * row.count), Int32(pattern.height), &jpeg, &reason, 512)
        guard code == 0, let bytes = jpeg.bytes else { throw Failure(picture: reason) }
        defer { cvips_release(&jpeg) }
        return (
            Array(UnsafeBufferPointer(start: bytes, count: jpeg.length)),
            PreviewFacts.Strip(
                frames: row.count, width: pattern.width, height: pattern.height, bytes: jpeg.length)
        )
    }
}

/// A small frame turned by its orientation.
struct UprightCell {
    let width: Int
    let height: Int
    let pixels: [UInt8]

    init(_ frame: RGBFrame, orientation: Int) {
        guard (2...8).contains(orientation) else {
            (width, height, pixels) = (frame.width, frame.height, frame.pixels)
            return
        }
        let lies = orientation >= 5
        let (across, down) = lies ? (frame.height, frame.width) : (frame.width, frame.height)
        var turned = [UInt8](repeating: 0, count: frame.pixels.count)
        for y in 0..<down {
            for x in 0..<across {
                // Where the pixel that is shown here is stored (Exif 3.0, table 6).
                let (right, bottom) = (frame.width - 1, frame.height - 1)
                let (column, row) =
                    switch orientation {
                    case 2: (right - x, y)
                    case 3: (right - x, bottom - y)
                    case 4: (x, bottom - y)
                    case 5: (y, x)
                    case 6: (y, bottom - x)
                    case 7: (right - y, bottom - x)
                    default: (right - y, x)
                    }
                let (from, to) = ((row * frame.width + column) * 3, (y * across + x) * 3)
                for band in 0..<3 { turned[to + band] = frame.pixels[from + band] }
            }
        }
        (width, height, pixels) = (across, down, turned)
    }
}
