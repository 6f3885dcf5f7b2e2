/// Previews to be made of one original in one decode, as JPEG: upright, in sRGB, without any metadata, never enlarged.
///
/// On the line: `{"preview":{"source":"/a.dng","small":"/p/1","large":"/p/2","strip":"/p/3"}}`.
public struct PreviewOrder: Hashable, Sendable {
    /// Goes up whenever better previews, or another hash, would come of the same file: older ones are then made anew.
    public static let version = 1
    /// Pixels of a small preview's longer side at the most.
    public static let smallEdge = 512
    /// Pixels of a large preview's longer side at the most.
    public static let largeEdge = 2_048
    /// Frames of a film strip, fewer where the clip has fewer.
    public static let stripFrames = 10
    /// Pixels of the longer side of one frame of a film strip.
    public static let stripEdge = 320

    /// The original, absolute.
    public var source: [UInt8]
    /// The file to create for the small preview, absolute; it must not exist.
    public var small: [UInt8]
    /// The same for the large one; nil when it is not wanted.
    public var large: [UInt8]?
    /// The same for a clip's film strip; nil when it is not wanted.
    public var strip: [UInt8]?

    /// An order for previews of `source`.
    public init(source: [UInt8], small: [UInt8], large: [UInt8]? = nil, strip: [UInt8]? = nil) {
        self.source = source
        self.small = small
        self.large = large
        self.strip = strip
    }
}

/// What came of an order for previews.
public struct PreviewFacts: Hashable, Sendable {
    /// A picture that was written.
    public struct Picture: Hashable, Sendable {
        /// Width in pixels.
        public var width: Int
        /// Height in pixels.
        public var height: Int
        /// Size of the file in bytes.
        public var bytes: Int

        /// A picture of this size.
        public init(width: Int, height: Int, bytes: Int) {
            self.width = width
            self.height = height
            self.bytes = bytes
        }
    }

    /// Frames of a clip side by side in one picture, from the first to the last, all of one size and without gaps.
    public struct Strip: Hashable, Sendable {
        /// How many frames there are.
        public var frames: Int
        /// Width of one frame in pixels; the picture is `frames` times as wide.
        public var width: Int
        /// Height of a frame, and of the picture.
        public var height: Int
        /// Size of the file in bytes.
        public var bytes: Int

        /// A strip of these frames.
        public init(frames: Int, width: Int, height: Int, bytes: Int) {
            self.frames = frames
            self.width = width
            self.height = height
            self.bytes = bytes
        }
    }

    /// What the pictures were made from.
    public enum Origin: String, Sendable, CaseIterable {
        /// The picture itself.
        case picture
        /// A preview that the camera put into the file.
        case embedded
        /// A raw file's sensor data.
        case developed
        /// A frame of a clip.
        case frame
    }

    /// The small preview.
    public var small: Picture
    /// The large one; nil when it was not ordered, or would be no larger than the small one.
    public var large: Picture?
    /// True when a large preview shows more than the small one does.
    public var hasMore: Bool
    /// The film strip; nil when it was not ordered, or this is no clip.
    public var strip: Strip?
    /// The mean colour in sRGB, to be shown until the picture is there: red, green, blue.
    public var color: [UInt8]
    /// The perceptual hash; nil for a picture that has nothing in it to tell it by, such as a black frame.
    public var hash: UInt64?
    /// Which way of hashing it is; hashes of two ways cannot be compared.
    public var hashVersion: Int
    /// What the pictures were made from.
    public var origin: Origin
    /// Why the pictures show less than they should, when the original is damaged.
    public var damage: String?

    /// What came of an order.
    public init(
        small: Picture,
        large: Picture?,
        hasMore: Bool,
        strip: Strip?,
        color: [UInt8],
        hash: UInt64?,
        hashVersion: Int,
        origin: Origin,
        damage: String?
    ) {
        self.small = small
        self.large = large
        self.hasMore = hasMore
        self.strip = strip
        self.color = color
        self.hash = hash
        self.hashVersion = hashVersion
        self.origin = origin
        self.damage = damage
    }
}

extension PreviewOrder {
    func write(to json: inout JSONWriter) {
        json.member("source", bytes: source)
        json.member("small", bytes: small)
        if let large { json.member("large", bytes: large) }
        if let strip { json.member("strip", bytes: strip) }
    }

    init(_ json: JSON) throws(ProtocolError) {
        func optional(_ key: String) throws(ProtocolError) -> [UInt8]? {
            json[key] == nil && json[key + "64"] == nil ? nil : try json.bytes(key)
        }
        self.init(
            source: try json.bytes("source"),
            small: try json.bytes("small"),
            large: try optional("large"),
            strip: try optional("strip")
        )
    }
}

extension PreviewFacts {
    func write(to json: inout JSONWriter) {
        func numbers(_ key: String, _ values: [Int], _ json: inout JSONWriter) {
            json.array(key) { json in
                for value in values { json.member(nil, value) }
            }
        }
        numbers("small", [small.width, small.height, small.bytes], &json)
        if let large { numbers("large", [large.width, large.height, large.bytes], &json) }
        json.member("hasMore", hasMore ? 1 : 0)
        if let strip { numbers("strip", [strip.frames, strip.width, strip.height, strip.bytes], &json) }
        numbers("color", color.map(Int.init), &json)
        json.member("hash", hash.map(Int64.init(bitPattern:)))
        json.member("hashVersion", hashVersion)
        json.member("origin", origin.rawValue)
        json.member("damage", damage)
    }

    init(_ json: JSON) throws(ProtocolError) {
        func numbers(_ key: String, _ count: Int) throws(ProtocolError) -> [Int]? {
            guard let list = json[key]?.list else { return nil }
            let numbers = list.compactMap { $0.integer.flatMap { Int(exactly: $0) } }
            // No size of ours is larger, and whoever adds some up must not overflow.
            guard numbers.count == count, list.count == count,
                numbers.allSatisfy({ (0...1 << 40).contains($0) })
            else {
                throw ProtocolError(expected: "\(count) numbers for \(key)", offset: 0)
            }
            return numbers
        }
        func picture(_ numbers: [Int]) -> Picture {
            Picture(width: numbers[0], height: numbers[1], bytes: numbers[2])
        }
        guard let small = try numbers("small", 3), let color = try numbers("color", 3),
            let origin = json["origin"]?.text.flatMap(Origin.init(rawValue:)),
            let hashVersion = json["hashVersion"]?.integer.flatMap({ Int(exactly: $0) })
        else {
            throw ProtocolError(expected: "a small preview, its colour, its origin and a hash", offset: 0)
        }
        self.init(
            small: picture(small),
            large: try numbers("large", 3).map(picture),
            hasMore: json["hasMore"]?.integer == 1,
            strip: try numbers("strip", 4).map {
                Strip(frames: $0[0], width: $0[1], height: $0[2], bytes: $0[3])
            },
            color: color.map { UInt8(clamping: $0) },
            hash: json["hash"]?.integer.map(UInt64.init(bitPattern:)),
            hashVersion: hashVersion,
            origin: origin,
            damage: json["damage"]?.text
        )
    }
}
