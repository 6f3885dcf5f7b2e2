import CRaw
import CVips

/// The camera's own JPEG within a RAW file.
struct RawPreview {
    let bytes: [UInt8]
    let longEdge: Int
    /// Exif orientation that shows it upright.
    let orientation: Int32
    let isAdobeRGB: Bool
}

/// An open RAW file; closed when it goes out of scope.
struct RawFile: ~Copyable {
    private let file: OpaquePointer
    /// Size of the developed picture, upright.
    let width: Int
    let height: Int

    /// Developed pixels; released when they go out of scope.
    struct Developed: ~Copyable {
        fileprivate var picture: craw_picture
        var pixels: UnsafePointer<UInt8>? { picture.pixels }
        var width: Int32 { picture.width }
        var height: Int32 { picture.height }
        var bands: Int32 { picture.bands }

        deinit {
            var picture = picture
            craw_release(&picture)
        }
    }

    /// Nil when LibRaw does not take the file for a RAW.
    init?(path: [UInt8]) throws(Failure) {
        var opened: OpaquePointer?
        var reason = [CChar](repeating: 0, count: 512)
        let code = (path + [0]).map(CChar.init(bitPattern:)).withUnsafeBufferPointer {
            craw_open($0.baseAddress, &opened, &reason, 512)
        }
        if code == 1 { return nil }
        guard code == 0, let opened else { throw Failure(Failure.text(reason)) }
        file = opened
        var (width, height): (Int32, Int32) = (0, 0)
        craw_size(opened, &width, &height)
        (self.width, self.height) = (Int(width), Int(height))
    }

    deinit { craw_close(file) }

    /// The largest preview, or nil when there is none that is a JPEG.
    borrowing func preview() -> RawPreview? {
        var memory: UnsafeRawPointer?
        var length = 0
        guard craw_preview(file, &memory, &length) == 0, let memory else { return nil }
        var (across, down): (Int32, Int32) = (0, 0)
        guard cvips_jpeg_size(memory, length, &across, &down) == 0 else { return nil }
        return upright(
            Array(UnsafeRawBufferPointer(start: memory, count: length)), width: Int(across), height: Int(down)
        )
    }

    /// The smallest preview that serves for a longer side of `edge`; nil when only the largest may.
    borrowing func preview(serving edge: Int, in path: [UInt8]) -> RawPreview? {
        RawPreviews.serving(edge, in: path, width: width, height: height).map {
            upright($0.bytes, width: $0.width, height: $0.height)
        }
    }

    private borrowing func upright(_ bytes: [UInt8], width across: Int, height down: Int) -> RawPreview {
        var orientation = craw_orientation(file)
        // Previews lie as the sensor does; one that stands already must not be turned once more.
        let liesOnSide = orientation >= 5
        if liesOnSide, across != down, (across > down) == (width > height) { orientation = 1 }
        return RawPreview(
            bytes: bytes,
            longEdge: max(across, down),
            orientation: orientation,
            isAdobeRGB: craw_is_adobe_rgb(file) != 0
        )
    }

    /// The picture developed with the camera's white balance, at half its size if that is enough.
    borrowing func develop(half: Bool) throws(Failure) -> Developed {
        var picture = craw_picture()
        var reason = [CChar](repeating: 0, count: 512)
        guard craw_develop(file, half ? 1 : 0, &picture, &reason, 512) == 0 else {
            throw Failure(Failure.text(reason))
        }
        return Developed(picture: picture)
    }
}
