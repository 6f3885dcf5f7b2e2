import CRaw
import CVips
import MediaProtocol

/// The previews of one original, made and not yet written.
struct Preview {
    private(set) var facts: PreviewFacts
    private(set) var small: [UInt8] = []
    private(set) var large: [UInt8]?
    private(set) var strip: [UInt8]?

    /// A camera's JPEG with fewer pixels is no large preview, where the raw file can be developed instead.
    private static let leastForLarge = 1000

    /// The previews that an order asks for, from a photograph, a raw file or a clip.
    init(of order: PreviewOrder) throws(Failure) {
        let path = order.source
        let edge = order.large == nil ? PreviewOrder.smallEdge : PreviewOrder.largeEdge
        let head = try Content.head(of: path)
        guard !head.isEmpty else { throw Failure("the file is empty") }
        let content = Content(head: head)
        switch content {
        case .jpeg:
            if let embedded = JPEGPreviews.serving(edge, in: path) {
                try self.init(embedded.preview, edge: edge)
                facts.hasMore = embedded.fullEdge > PreviewOrder.smallEdge
            } else {
                try self.init(jpeg: path, edge: edge)
            }
        case .raw:
            try self.init(raw: path, edge: edge)
        case .tiff:
            let outline = try TIFFOutline(path: path)
            if outline.isFinishedPicture {
                try self.init(file: path, format: CVIPS_TIFF, edge: edge)
            } else {
                try self.init(perhapsRaw: path, isThumbnail: outline.isThumbnail, edge: edge)
            }
        default:
            if let format = content.format {
                try self.init(file: path, format: format, edge: edge)
            } else if order.strip != nil {
                let (strip, poster) = try FilmStrip.make(path: path, posterEdge: edge)
                try self.init(poster, edge: edge)
                if let strip = try strip.jpeg() {
                    self.strip = strip.bytes
                    facts.strip = strip.facts
                }
            } else {
                try self.init(try Poster(path: path, longEdge: edge), edge: edge)
            }
        }
    }

    // MARK: Raw files

    /// A TIFF that is no finished picture: most likely a raw file, and if LibRaw thinks otherwise what it looks like.
    private init(perhapsRaw path: [UInt8], isThumbnail: Bool, edge: Int) throws(Failure) {
        if let raw = try RawFile(path: path) {
            try self.init(raw: raw, at: path, edge: edge)
        } else if isThumbnail {
            try self.init(try EmbeddedPreview.largest(in: path, least: 1), edge: edge)
        } else {
            do throws(Failure) {
                try self.init(file: path, format: CVIPS_TIFF, edge: edge)
            } catch {
                guard let preview = try? EmbeddedPreview.largest(in: path, least: 1) else { throw error }
                try self.init(preview, edge: edge)
            }
        }
    }

    private init(raw path: [UInt8], edge: Int) throws(Failure) {
        if let raw = try RawFile(path: path) {
            try self.init(raw: raw, at: path, edge: edge)
        } else {
            try self.init(try EmbeddedPreview.largest(in: path, least: 1), edge: edge)
        }
    }

    /// From the camera's own JPEG where that is large enough: it is what the photographer saw, and costs a tenth.
    private init(raw: borrowing RawFile, at path: [UInt8], edge: Int) throws(Failure) {
        let full = max(raw.width, raw.height)
        // One of the smaller versions, where it is whole: the largest takes ten times as long to decode.
        if let smaller = raw.preview(serving: edge, in: path), let made = try? Preview(smaller, edge: edge),
            made.facts.damage == nil
        {
            self = made
            facts.hasMore = full > PreviewOrder.smallEdge
            return
        }
        let preview = raw.preview()
        let wanted = min(edge, full)
        let isEnough = preview.map { preview in
            // Cameras crop a few pixels that LibRaw keeps.
            Double(preview.longEdge) >= 0.97 * Double(min(wanted, Preview.leastForLarge))
        }
        if let preview, isEnough == true {
            if let made = try? Preview(preview, edge: edge) {
                self = made
                facts.hasMore = full > PreviewOrder.smallEdge
                return
            }
        }
        do throws(Failure) {
            let developed = try raw.develop(half: wanted * 2 <= full)
            try self.init(edge: edge, origin: .developed) { order, small, made, grey, reason, room in
                cvips_previews_from_pixels(
                    developed.pixels, developed.width, developed.height, developed.bands, order, small, made,
                    grey, reason, room)
            }
        } catch {
            // What cannot be developed is shown as large as the camera left it.
            guard let preview else {
                throw Failure("cannot be developed, and holds no preview: \(error.reason)")
            }
            try self.init(preview, edge: edge)
            facts.damage = "it cannot be developed: \(error.reason)"
        }
    }

    // MARK: Pictures

    private init(file path: [UInt8], format: cvips_format, edge: Int) throws(Failure) {
        try self.init(edge: edge, origin: .picture) { order, small, made, grey, reason, room in
            (path + [0]).map(CChar.init(bitPattern:)).withUnsafeBufferPointer {
                cvips_previews_from_file($0.baseAddress, format, order, small, made, grey, reason, room)
            }
        }
    }

    /// A JPEG of which nothing can be decoded still shows its owner what it was, where Exif keeps a stamp of it.
    private init(jpeg path: [UInt8], edge: Int) throws(Failure) {
        do throws(Failure) {
            try self.init(file: path, format: CVIPS_JPEG, edge: edge)
        } catch {
            guard let stamp = JPEGPreviews.stamp(in: path), let made = try? Preview(stamp, edge: edge) else {
                throw error
            }
            self = made
            facts.hash = nil
            facts.damage = "\(error.reason); what is shown is the stamp that the camera put in front of it"
        }
    }

    private init(_ preview: RawPreview, edge: Int) throws(Failure) {
        try self.init(
            edge: edge, origin: .embedded, orientation: preview.orientation, isAdobeRGB: preview.isAdobeRGB
        ) { order, small, made, grey, reason, room in
            cvips_previews_from_bytes(
                preview.bytes, preview.bytes.count, CVIPS_JPEG, order, small, made, grey, reason, room)
        }
    }

    private init(_ poster: Poster, edge: Int) throws(Failure) {
        let frame = poster.frame
        try self.init(edge: edge, origin: .frame, orientation: poster.orientation) {
            order, small, made, grey, reason, room in
            cvips_previews_from_pixels(
                frame.pixels, Int32(frame.width), Int32(frame.height), 3, order, small, made, grey, reason,
                room)
        }
    }

    private typealias Maker = (
        UnsafePointer<cvips_order>, Int32, UnsafeMutablePointer<cvips_previews>,
        UnsafeMutablePointer<Float>?, UnsafeMutablePointer<CChar>?, Int
    ) -> Int32

    private init(
        edge: Int,
        origin: PreviewFacts.Origin,
        orientation: Int32 = 0,
        isAdobeRGB: Bool = false,
        _ make: Maker
    ) throws(Failure) {
        var order = PictureOrder(longEdge: edge)
        order.orientation = orientation
        order.isAdobeRGB = isAdobeRGB
        var made = cvips_previews()
        var grey = [Float](repeating: 0, count: PerceptualHash.grid * PerceptualHash.grid)
        var reason = [CChar](repeating: 0, count: 512)
        let code = order.withOrder { order in
            grey.withUnsafeMutableBufferPointer { grey in
                reason.withUnsafeMutableBufferPointer { reason in
                    make(
                        order, Int32(PreviewOrder.smallEdge), &made, grey.baseAddress, reason.baseAddress,
                        reason.count)
                }
            }
        }
        guard code == 0, let bytes = Preview.bytes(of: made.small) else {
            throw Failure(picture: reason)
        }
        defer { cvips_release_previews(&made) }
        small = bytes
        large = Preview.bytes(of: made.large)
        facts = PreviewFacts(
            small: Preview.picture(made.small),
            large: large == nil ? nil : Preview.picture(made.large),
            hasMore: made.has_more != 0,
            strip: nil,
            color: [made.color.0, made.color.1, made.color.2],
            // Pictures that lack the same part are not alike for that.
            hash: made.is_damaged == 0 ? PerceptualHash.hash(of: grey) : nil,
            hashVersion: PerceptualHash.version,
            origin: origin,
            damage: made.is_damaged == 0 ? nil : "a part of the picture could not be decoded"
        )
    }

    private static func bytes(of jpeg: cvips_jpeg) -> [UInt8]? {
        jpeg.bytes.map { Array(UnsafeBufferPointer(start: $0, count: jpeg.length)) }
    }

    private static func picture(_ jpeg: cvips_jpeg) -> PreviewFacts.Picture {
        PreviewFacts.Picture(width: Int(jpeg.width), height: Int(jpeg.height), bytes: jpeg.length)
    }
}

extension PreviewOrder {
    /// Makes the previews and writes them.
    ///
    /// They are not forced onto the disk: they can be made again, and whoever reads one sees by its size whether it is
    /// whole.
    func make() throws(Failure) -> PreviewFacts {
        let destinations = [small, large, strip].compactMap(\.self)
        guard !([source] + destinations).contains(where: { $0.contains(0) }) else {
            throw Failure("a path holds a NUL byte")
        }
        let preview = try Preview(of: self)
        try NewFile.write(preview.small, to: small, syncing: false)
        if let large, let bytes = preview.large { try NewFile.write(bytes, to: large, syncing: false) }
        if let strip, let bytes = preview.strip { try NewFile.write(bytes, to: strip, syncing: false) }
        return preview.facts
    }
}
