import CRaw
import CVips
import MediaProtocol

/// A finished picture before its metadata: JPEG, upright, sRGB.
struct Picture {
    let jpeg: [UInt8]
    let width: Int
    let height: Int

    /// The longest reason that libvips or LibRaw is given room for.
    private static let reasonRoom = 512

    /// The picture that a rendition asks for, from a photograph, a RAW file or a clip.
    init(of rendition: Rendition) throws(Failure) {
        try self.init(path: rendition.source, order: PictureOrder(rendition), frames: 1)
    }

    /// A picture whose every part carries the words of the proof; of a clip, several frames.
    init(of proof: Proof) throws(Failure) {
        var order = PictureOrder(proof.rendition)
        order.mark = proof.mark
        try self.init(path: proof.rendition.source, order: order, frames: proof.frames)
    }

    private init(path: [UInt8], order: PictureOrder, frames: Int) throws(Failure) {
        let head = try Content.head(of: path)
        guard !head.isEmpty else { throw Failure("the file is empty") }
        let content = Content(head: head)
        switch content {
        case .raw:
            if let raw = try RawFile(path: path) {
                try self.init(raw: raw, order: order)
            } else {
                try self.init(preview: try EmbeddedPreview.largest(in: path), order: order)
            }
        case .tiff:
            let outline = try TIFFOutline(path: path)
            if !outline.isFinishedPicture, let raw = try RawFile(path: path) {
                try self.init(raw: raw, order: order)
            } else if outline.isThumbnail {
                try self.init(preview: try EmbeddedPreview.largest(in: path), order: order)
            } else {
                try self.init(file: path, format: CVIPS_TIFF, order: order)
            }
        default:
            if let format = content.format {
                try self.init(file: path, format: format, order: order)
            } else if frames > 1, let sheet = try FrameSheet(path: path, frames: frames) {
                try self.init { jpeg, reason in
                    order.withOrder { order in
                        cvips_from_pixels(
                            sheet.pixels, Int32(sheet.width), Int32(sheet.height), 3, order, jpeg, reason,
                            Picture.reasonRoom)
                    }
                }
            } else {
                let poster = try Poster(path: path)
                try self.init(pixels: poster.frame.pixels, of: poster, order: order)
            }
        }
    }

    private init(file path: [UInt8], format: cvips_format, order: PictureOrder) throws(Failure) {
        try self.init { jpeg, reason in
            order.withOrder { order in
                (path + [0]).map(CChar.init(bitPattern:)).withUnsafeBufferPointer {
                    cvips_from_file($0.baseAddress, format, order, jpeg, reason, Picture.reasonRoom)
                }
            }
        }
    }

    /// From the camera's own preview where that is large enough, and by development where it is not.
    private init(raw: borrowing RawFile, order: PictureOrder) throws(Failure) {
        let full = max(raw.width, raw.height)
        let wanted = min(order.longEdge ?? full, full)
        let preview = raw.preview()
        // Cameras crop a few pixels that LibRaw keeps: a preview of almost the full size is the full picture.
        if let preview, Double(preview.longEdge) >= 0.97 * Double(wanted) {
            try self.init(preview: preview, order: order)
            return
        }
        do {
            let developed = try raw.develop(half: wanted * 2 <= full)
            try self.init { jpeg, reason in
                order.withOrder { order in
                    cvips_from_pixels(
                        developed.pixels,
                        developed.width,
                        developed.height,
                        developed.bands,
                        order,
                        jpeg,
                        reason,
                        Picture.reasonRoom
                    )
                }
            }
        } catch {
            guard let preview else {
                throw Failure("cannot be developed, and holds no preview: \(error.reason)")
            }
            guard preview.longEdge >= 1000 else {
                throw Failure(
                    "cannot be developed, and its preview has only \(preview.longEdge) pixels: \(error.reason)"
                )
            }
            try self.init(preview: preview, order: order)
        }
    }

    private init(preview: RawPreview, order: PictureOrder) throws(Failure) {
        var order = order
        order.orientation = preview.orientation
        order.isAdobeRGB = preview.isAdobeRGB
        try self.init { jpeg, reason in
            order.withOrder { order in
                cvips_from_bytes(
                    preview.bytes,
                    preview.bytes.count,
                    CVIPS_JPEG,
                    order,
                    jpeg,
                    reason,
                    Picture.reasonRoom
                )
            }
        }
    }

    private init(pixels: [UInt8], of poster: Poster, order: PictureOrder) throws(Failure) {
        var order = order
        order.orientation = poster.orientation
        try self.init { jpeg, reason in
            order.withOrder { order in
                cvips_from_pixels(
                    pixels,
                    Int32(poster.frame.width),
                    Int32(poster.frame.height),
                    3,
                    order,
                    jpeg,
                    reason,
                    Picture.reasonRoom
                )
            }
        }
    }

    private init(
        _ render: (UnsafeMutablePointer<cvips_jpeg>, UnsafeMutablePointer<CChar>) -> Int32
    ) throws(Failure) {
        var jpeg = cvips_jpeg()
        var reason = [CChar](repeating: 0, count: Picture.reasonRoom)
        let code = reason.withUnsafeMutableBufferPointer { reason in
            reason.baseAddress.map { render(&jpeg, $0) } ?? -1
        }
        guard code == 0, let bytes = jpeg.bytes else {
            throw Failure(picture: reason)
        }
        self.jpeg = Array(UnsafeBufferPointer(start: bytes, count: jpeg.length))
        width = Int(jpeg.width)
        height = Int(jpeg.height)
        cvips_release(&jpeg)
    }
}

/// How a picture shall be, in the terms of libvips.
struct PictureOrder {
    var longEdge: Int?
    var quality: Int
    /// Exif orientation to apply instead of the picture's own; 0 believes the picture.
    var orientation: Int32 = 0
    var isAdobeRGB = false
    /// Words to lay over all of it.
    var mark: String?

    init(_ rendition: Rendition) {
        longEdge = rendition.longEdge
        quality = rendition.quality
    }

    /// A preview's order, whose quality is its maker's.
    init(longEdge: Int) {
        self.longEdge = longEdge
        quality = 0
    }

    func withOrder(_ body: (UnsafePointer<cvips_order>) -> Int32) -> Int32 {
        ColorProfile.adobeRGB.withUnsafeBufferPointer { profile in
            var order = cvips_order()
            order.long_edge = Int32(clamping: longEdge ?? 0)
            order.quality = Int32(clamping: quality)
            order.orientation = orientation
            order.adobe_rgb = profile.baseAddress
            order.adobe_rgb_length = profile.count
            order.is_adobe_rgb = isAdobeRGB ? 1 : 0
            guard let mark else { return body(&order) }
            return mark.withCString { words in
                order.mark = words
                return body(&order)
            }
        }
    }
}

extension Content {
    /// Which of libvips' loaders reads it; nil for what others read.
    var format: cvips_format? {
        switch self {
        case .jpeg: CVIPS_JPEG
        case .png: CVIPS_PNG
        case .tiff: CVIPS_TIFF
        case .webp: CVIPS_WEBP
        case .gif: CVIPS_GIF
        case .heif: CVIPS_HEIF
        case .jxl: CVIPS_JXL
        case .jp2: CVIPS_JP2
        case .photoshop: CVIPS_PSD
        case .raw, .other: nil
        }
    }
}

extension Rendition {
    /// Makes the picture and writes it; the size is the finished picture's.
    func render() throws(Failure) -> (width: Int, height: Int) {
        try write { () throws(Failure) in try Picture(of: self) }
    }

    fileprivate func write(_ make: () throws(Failure) -> Picture) throws(Failure) -> (width: Int, height: Int)
    {
        guard !source.contains(0), !destination.contains(0) else { throw Failure("a path holds a NUL byte") }
        guard (1...100).contains(quality) else {
            throw Failure("the quality is \(quality), not between 1 and 100")
        }
        guard longEdge.map({ $0 > 0 }) ?? true else {
            throw Failure("the long edge is not a positive number")
        }
        // Asked early for the sake of the work; what counts is that the file is created exclusively.
        guard !NewFile.exists(destination) else { throw Failure("the destination exists already") }
        let picture = try make()
        guard let file = JPEGFile(picture.jpeg) else {
            throw Failure("the encoder's JPEG cannot be taken apart")
        }
        try NewFile.write(try file.carrying(metadata), to: destination)
        return (picture.width, picture.height)
    }
}

extension Proof {
    /// Makes the proof and writes it; the size is the finished picture's.
    func make() throws(Failure) -> (width: Int, height: Int) {
        // A proof without its words is a picture that anybody may pass on.
        guard mark.contains(where: { !$0.isWhitespace }) else {
            throw Failure("a proof needs words to lay over it")
        }
        guard mark.utf8.count <= Proof.longestMark, !mark.utf8.contains(0) else {
            throw Failure("the words to lay over it are longer than \(Proof.longestMark) bytes")
        }
        guard (1...Proof.mostFrames).contains(frames) else { throw Failure("it asks for \(frames) frames") }
        return try rendition.write { () throws(Failure) in try Picture(of: self) }
    }
}
