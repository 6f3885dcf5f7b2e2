extension Reply {
    /// The reply as one line, without its line feed.
    public func line() -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            switch self {
            case .reading(let reading): json.object("reading") { reading.write(to: &$0) }
            case .failed(let reason): json.object("failed") { $0.member("reason", reason) }
            case .rendered(let width, let height):
                json.object("rendered") { json in
                    json.member("width", width)
                    json.member("height", height)
                }
            case .manifest(let page): json.object("manifest") { page.write(to: &$0) }
            case .track(let page): json.object("track") { page.write(to: &$0) }
            case .revised(let sidecar): json.object("revised") { sidecar.write(to: &$0) }
            case .drawn(let pages): json.object("drawn") { $0.member("pages", pages) }
            case .remuxed: json.object("remuxed") { _ in }
            case .previewed(let facts): json.object("previewed") { facts.write(to: &$0) }
            case .meanColor(let red, let green, let blue):
                json.array("meanColor") { json in
                    for part in [red, green, blue] { json.member(nil, Int64(part)) }
                }
            case .inspected(let items):
                json.array("inspected") { json in
                    for item in items {
                        json.array(nil) { json in
                            json.member(nil, item.key)
                            json.member(nil, item.value)
                        }
                    }
                }
            }
        }
        return json.bytes
    }

    /// The reply that a line holds.
    public init(line: some Sequence<UInt8>) throws(ProtocolError) {
        self = try JSONReader.read(line) { reader throws(ProtocolError) in
            // Nearly all of an import's replies are this one.
            if let reading = try Reading(alone: &reader) { return .reading(reading) }
            reader.rewind()
            return try Reply(try reader.whole())
        }
    }

    /// The reply that a line's tree says.
    package init(_ json: JSON) throws(ProtocolError) {
        if let reading = json["reading"] {
            self = .reading(try Reading(reading))
        } else if let reason = json["failed"]?["reason"]?.text {
            self = .failed(reason: reason)
        } else if let rendered = json["rendered"], let width = rendered["width"]?.integer,
            let height = rendered["height"]?.integer
        {
            self = .rendered(width: Int(width), height: Int(height))
        } else if let items = json["inspected"]?.list {
            self = .inspected(try items.map(MetadataItem.init))
        } else if let manifest = json["manifest"] {
            self = .manifest(try ManifestPage(manifest))
        } else if let previewed = json["previewed"] {
            self = .previewed(try PreviewFacts(previewed))
        } else if let page = json["track"] {
            self = .track(try TrackPage(page))
        } else if let sidecar = json["revised"] {
            self = .revised(try RevisedSidecar(sidecar))
        } else if let pages = json["drawn"]?["pages"]?.integer {
            self = .drawn(pages: Int(pages))
        } else if json["remuxed"] != nil {
            self = .remuxed
        } else if let parts = json["meanColor"]?.list?.map({ $0.integer.flatMap(UInt8.init(exactly:)) }),
            parts.count == 3, let red = parts[0], let green = parts[1], let blue = parts[2]
        {
            self = .meanColor(red: red, green: green, blue: blue)
        } else {
            throw ProtocolError(
                expected: """
                    reading, rendered, inspected, remuxed, previewed, meanColor, manifest, track, revised, drawn or
                    failed
                    """,
                offset: 0
            )
        }
    }
}

extension MetadataItem {
    init(_ json: JSON) throws(ProtocolError) {
        guard let pair = json.list, pair.count == 2, let key = pair[0].text, let value = pair[1].text else {
            throw ProtocolError(expected: "a key and a value", offset: 0)
        }
        self.init(key: key, value: value)
    }
}

extension Reading {
    func write(to json: inout JSONWriter) {
        json.member("format", format)
        json.member("kind", kind.rawValue)
        if let taken {
            json.object("taken") { json in
                json.member("milliseconds", taken.milliseconds)
                json.member("offsetMinutes", taken.offsetMinutes)
                json.member("source", taken.source)
            }
        }
        // Not by key paths, each of which makes a copy of the whole reading: that was a tenth of a photograph's cost.
        json.member("make", make)
        json.member("model", model)
        json.member("serial", serial)
        json.member("lens", lens)
        json.member("colorProfile", colorProfile)
        json.member("title", title)
        json.member("caption", caption)
        json.member("creator", creator)
        json.member("credit", credit)
        json.member("copyright", copyright)
        json.member("usageTerms", usageTerms)
        json.member("instructions", instructions)
        json.member("place", place)
        json.member("label", label)
        json.member("burst", burst)
        json.member("contentIdentifier", contentIdentifier)
        json.member("codec", codec)
        json.member("codecProfile", codecProfile)
        json.member("timecode", timecode)
        json.member("reel", reel)
        json.member("pixelFormat", pixelFormat)
        json.member("color", color)
        json.member("audio", audio)
        json.member("damage", damage)
        json.member("aperture", aperture)
        json.member("focalLength", focalLength)
        json.member("latitude", latitude)
        json.member("longitude", longitude)
        json.member("altitude", altitude)
        json.member("duration", duration)
        json.member("width", width)
        json.member("height", height)
        json.member("orientation", orientation)
        json.member("iso", iso)
        json.member("rating", rating)
        json.member("frames", frames)
        for (key, fraction) in [("exposure", exposure), ("frameRate", frameRate)] {
            guard let fraction else { continue }
            json.array(key) { json in
                json.member(nil, fraction.numerator)
                json.member(nil, fraction.denominator)
            }
        }
        for (key, words) in [("keywords", keywords), ("people", people), ("caveats", caveats)]
        where !words.isEmpty {
            json.array(key) { json in
                for word in words { json.member(nil, word) }
            }
        }
        if !listing.isEmpty {
            json.array("listing") { json in for clip in listing { clip.write(to: &json) } }
        }
        if let footage { json.object("footage") { footage.write(to: &$0) } }
        if let part { json.object("part") { part.write(to: &$0) } }
        if !recordings.isEmpty {
            json.array("recordings") { json in
                for stems in recordings {
                    json.array(nil) { json in for stem in stems { json.member(nil, stem) } }
                }
            }
        }
        if !rawTags.isEmpty {
            json.member("rawDictionary", rawDictionary)
            json.member("rawTags", base64: rawTags)
        }
    }

    init(_ json: JSON) throws(ProtocolError) {
        guard let format = json["format"]?.text,
            let kind = json["kind"]?.text.flatMap(MediaKind.init(rawValue:))
        else {
            throw ProtocolError(expected: "a format and a kind", offset: 0)
        }
        self.init(format: format, kind: kind)
        taken = json["taken"].flatMap(WallTime.init)
        for (key, text) in Reading.texts { self[keyPath: text] = json[key]?.text }
        for (key, number) in Reading.reals { self[keyPath: number] = json[key]?.real }
        for (key, number) in Reading.integers {
            self[keyPath: number] = json[key]?.integer.flatMap(Int.init(exactly:))
        }
        exposure = json["exposure"].flatMap(Rational.init)
        frameRate = json["frameRate"].flatMap(Rational.init)
        keywords = json["keywords"]?.list?.compactMap(\.text) ?? []
        people = json["people"]?.list?.compactMap(\.text) ?? []
        footage = json["footage"].map(Footage.init)
        listing = json["listing"]?.list?.compactMap(ListedClip.init) ?? []
        part = json["part"].flatMap(RecordingPart.init)
        recordings = json["recordings"]?.list?.compactMap { $0.list?.compactMap(\.text) } ?? []
        caveats = json["caveats"]?.list?.compactMap(\.text) ?? []
        rawDictionary = json["rawDictionary"]?.integer.flatMap(Int.init(exactly:)) ?? 0
        if let text = json["rawTags"]?.text {
            guard let bytes = Base64.bytes(of: text) else {
                throw ProtocolError(expected: "base64", offset: 0)
            }
            rawTags = bytes
        }
    }

    private static let texts: [(String, any WritableKeyPath<Reading, String?> & Sendable)] = [
        ("make", \.make), ("model", \.model), ("serial", \.serial), ("lens", \.lens),
        ("colorProfile", \.colorProfile), ("title", \.title), ("caption", \.caption),
        ("creator", \.creator),
        ("credit", \.credit), ("copyright", \.copyright), ("usageTerms", \.usageTerms),
        ("instructions", \.instructions), ("place", \.place), ("label", \.label), ("burst", \.burst),
        ("contentIdentifier", \.contentIdentifier), ("codec", \.codec), ("codecProfile", \.codecProfile),
        ("timecode", \.timecode), ("reel", \.reel), ("pixelFormat", \.pixelFormat), ("color", \.color),
        ("audio", \.audio), ("damage", \.damage),
    ]

    private static let reals: [(String, any WritableKeyPath<Reading, Double?> & Sendable)] = [
        ("aperture", \.aperture), ("focalLength", \.focalLength), ("latitude", \.latitude),
        ("longitude", \.longitude), ("altitude", \.altitude), ("duration", \.duration),
    ]

    private static let integers: [(String, any WritableKeyPath<Reading, Int?> & Sendable)] = [
        ("width", \.width), ("height", \.height), ("orientation", \.orientation), ("iso", \.iso),
        ("rating", \.rating), ("frames", \.frames),
    ]
}

extension Rational {
    init?(_ json: JSON) {
        guard let pair = json.list, pair.count == 2, let numerator = pair[0].integer,
            let denominator = pair[1].integer
        else { return nil }
        self.init(numerator, denominator)
    }
}
