extension Reading {
    /// The reading that a line holds and nothing else, read without a tree of values.
    ///
    /// Nil when the line says something else or says it otherwise; where it stops being JSON the error is the one that the
    /// tree's reader would give. What it means is what `Reading.init(_:)` says of a tree: a member of another kind than
    /// expected counts as absent, and of two of one name the later one.
    init?(alone reader: inout JSONReader) throws(ProtocolError) {
        guard reader.take(all: "{\"reading\":{") else { return nil }
        var draft = Draft()
        var expected = 0
        reader.skipSpace()
        if !reader.take("}") {
            repeat {
                reader.skipSpace()
                guard reader.peek() == UInt8(ascii: "\"") else { throw reader.failure("a key") }
                let member = try Reading.member(&reader, &expected)
                reader.skipSpace()
                guard reader.take(":") else { throw reader.failure("a colon") }
                if let member {
                    try member(&reader, &draft)
                } else {
                    _ = try reader.value(depth: Draft.depth)
                }
                reader.skipSpace()
            } while reader.take(",")
            guard reader.take("}") else {
                throw reader.failure("a comma or the object's end")
            }
        }
        reader.skipSpace()
        guard reader.take("}"), reader.isAtEnd() else { return nil }
        self = try draft.reading()
    }

    /// How the member whose name comes next is read; nil for one that nobody knows.
    ///
    /// Names come in the order in which they are written, so the next one known is mostly the next one there.
    private static func member(
        _ reader: inout JSONReader, _ expected: inout Int
    ) throws(ProtocolError) -> Draft.Member? {
        for offset in members.indices {
            let index = (expected + offset) % members.count
            guard reader.take(all: members[index].quotedName) else { continue }
            expected = index + 1
            return members[index].read
        }
        // It may be a known one in other letters: escapes are letters too.
        let name = "\"\(try reader.string())\""
        return members.first { $0.quotedName.description == name }?.read
    }

    /// A reading of which not all is there yet.
    private struct Draft {
        typealias Member = @Sendable (inout JSONReader, inout Draft) throws(ProtocolError) -> Void

        /// How deep in the line its members stand.
        static let depth = 2

        var value = Reading(format: "", kind: .photo)
        var format: String?
        var kind: MediaKind?
        var hasWholeTags = true

        func reading() throws(ProtocolError) -> Reading {
            guard let format, let kind else {
                throw ProtocolError(expected: "a format and a kind", offset: 0)
            }
            guard hasWholeTags else { throw ProtocolError(expected: "base64", offset: 0) }
            var reading = value
            reading.format = format
            reading.kind = kind
            return reading
        }
    }

    private struct Named: Sendable {
        let quotedName: StaticString
        let read: Draft.Member

        init(_ quotedName: StaticString, _ read: @escaping Draft.Member) {
            self.quotedName = quotedName
            self.read = read
        }
    }

    private static func text(
        _ quotedName: StaticString, _ set: @escaping @Sendable (inout Reading, String?) -> Void
    ) -> Named {
        Named(quotedName) { reader, draft throws(ProtocolError) in
            set(&draft.value, try reader.textIfAny(depth: Draft.depth))
        }
    }

    private static func real(
        _ quotedName: StaticString, _ set: @escaping @Sendable (inout Reading, Double?) -> Void
    ) -> Named {
        Named(quotedName) { reader, draft throws(ProtocolError) in
            set(&draft.value, try reader.value(depth: Draft.depth).real)
        }
    }

    private static func integer(
        _ quotedName: StaticString, _ set: @escaping @Sendable (inout Reading, Int?) -> Void
    ) -> Named {
        Named(quotedName) { reader, draft throws(ProtocolError) in
            set(&draft.value, try reader.integerIfAny(depth: Draft.depth).flatMap(Int.init(exactly:)))
        }
    }

    private static func list(
        _ quotedName: StaticString, _ set: @escaping @Sendable (inout Reading, [String]) -> Void
    ) -> Named {
        Named(quotedName) { reader, draft throws(ProtocolError) in
            set(&draft.value, try reader.value(depth: Draft.depth).list?.compactMap(\.text) ?? [])
        }
    }

    private static func tree(
        _ quotedName: StaticString, _ set: @escaping @Sendable (inout Reading, JSON) -> Void
    ) -> Named {
        Named(quotedName) { reader, draft throws(ProtocolError) in
            set(&draft.value, try reader.value(depth: Draft.depth))
        }
    }

    /// In the order in which they are written.
    private static let members: [Named] = [
        Named("\"format\"") { reader, draft throws(ProtocolError) in
            draft.format = try reader.textIfAny(depth: Draft.depth)
        },
        Named("\"kind\"") { reader, draft throws(ProtocolError) in
            draft.kind = try reader.textIfAny(depth: Draft.depth).flatMap(MediaKind.init(rawValue:))
        },
        tree("\"taken\"") { $0.taken = WallTime($1) },
        text("\"make\"") { $0.make = $1 }, text("\"model\"") { $0.model = $1 },
        text("\"serial\"") { $0.serial = $1 }, text("\"lens\"") { $0.lens = $1 },
        text("\"colorProfile\"") { $0.colorProfile = $1 }, text("\"title\"") { $0.title = $1 },
        text("\"caption\"") { $0.caption = $1 }, text("\"creator\"") { $0.creator = $1 },
        text("\"credit\"") { $0.credit = $1 }, text("\"copyright\"") { $0.copyright = $1 },
        text("\"usageTerms\"") { $0.usageTerms = $1 }, text("\"instructions\"") { $0.instructions = $1 },
        text("\"place\"") { $0.place = $1 }, text("\"label\"") { $0.label = $1 },
        text("\"burst\"") { $0.burst = $1 },
        text("\"contentIdentifier\"") { $0.contentIdentifier = $1 }, text("\"codec\"") { $0.codec = $1 },
        text("\"codecProfile\"") { $0.codecProfile = $1 }, text("\"timecode\"") { $0.timecode = $1 },
        text("\"reel\"") { $0.reel = $1 }, text("\"pixelFormat\"") { $0.pixelFormat = $1 },
        text("\"color\"") { $0.color = $1 }, text("\"audio\"") { $0.audio = $1 },
        text("\"damage\"") { $0.damage = $1 },
        real("\"aperture\"") { $0.aperture = $1 }, real("\"focalLength\"") { $0.focalLength = $1 },
        real("\"latitude\"") { $0.latitude = $1 }, real("\"longitude\"") { $0.longitude = $1 },
        real("\"altitude\"") { $0.altitude = $1 }, real("\"duration\"") { $0.duration = $1 },
        integer("\"width\"") { $0.width = $1 }, integer("\"height\"") { $0.height = $1 },
        integer("\"orientation\"") { $0.orientation = $1 }, integer("\"iso\"") { $0.iso = $1 },
        integer("\"rating\"") { $0.rating = $1 }, integer("\"frames\"") { $0.frames = $1 },
        tree("\"exposure\"") { $0.exposure = Rational($1) },
        tree("\"frameRate\"") { $0.frameRate = Rational($1) },
        list("\"keywords\"") { $0.keywords = $1 }, list("\"people\"") { $0.people = $1 },
        list("\"caveats\"") { $0.caveats = $1 },
        tree("\"listing\"") { $0.listing = $1.list?.compactMap(ListedClip.init) ?? [] },
        tree("\"footage\"") { $0.footage = Footage($1) }, tree("\"part\"") { $0.part = RecordingPart($1) },
        tree("\"recordings\"") { $0.recordings = $1.list?.compactMap { $0.list?.compactMap(\.text) } ?? [] },
        integer("\"rawDictionary\"") { $0.rawDictionary = $1 ?? 0 },
        Named("\"rawTags\"") { reader, draft throws(ProtocolError) in
            let tags = try reader.base64IfAny(depth: Draft.depth)
            draft.value.rawTags = tags?.bytes ?? []
            draft.hasWholeTags = tags?.isWhole ?? true
        },
    ]
}

extension WallTime {
    init?(_ json: JSON) {
        guard let milliseconds = json["milliseconds"]?.integer, let source = json["source"]?.text else {
            return nil
        }
        self.init(
            milliseconds: milliseconds,
            offsetMinutes: json["offsetMinutes"]?.integer.flatMap(Int.init(exactly:)),
            source: source
        )
    }
}
