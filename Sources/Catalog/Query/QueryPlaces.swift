extension Query {
    /// A place and all that lies no further from it: `34.1339,-116.3131,5km`.
    public struct Circle: Hashable, Sendable {
        /// Where its middle is.
        public enum Middle: Hashable, Sendable {
            /// A point, in degrees north and east.
            case point(latitude: Double, longitude: Double)
            /// Where the asset lies whose digest begins with these digits.
            case asset(String)
            /// Where the assets of a session lie that is named so, or was at a place of this name.
            case place(String)
        }

        /// Its middle.
        public let middle: Middle
        /// Metres over the ground from the middle to the edge.
        public let radius: Double
        /// As it was written, without quotes.
        let spelling: String
    }

    /// All between two parallels and two meridians: `34,-117,35,-116`, south, west, north, east.
    ///
    /// One whose west is east of its east goes across the 180th meridian.
    public struct Area: Hashable, Sendable {
        /// Degrees north of its lower edge.
        public let south: Double
        /// Degrees east of its left edge.
        public let west: Double
        /// Degrees north of its upper edge.
        public let north: Double
        /// Degrees east of its right edge.
        public let east: Double
        /// As it was written.
        let spelling: String
    }
}

extension Query.Circle {
    /// What is wrong with a circle that cannot be read.
    enum Fault: Error {
        case noDistance
        case distance(String)
        case middle(String)
    }

    /// Reads a circle: the distance stands behind the last comma.
    init(_ text: String, isQuoted: Bool) throws(Fault) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { Query.trimmed($0) }
        guard parts.count >= 2, let last = parts.last else { throw .noDistance }
        guard let radius = Query.Circle.metres(last) else {
            if parts.count == 2, Query.Degrees.pair(parts[0], parts[1]) != nil { throw .noDistance }
            throw .distance(last)
        }
        self.radius = radius
        let before = Query.trimmed(parts.dropLast().joined(separator: ",")[...])
        if parts.count == 3, let point = Query.Degrees.pair(parts[0], parts[1]) {
            middle = .point(latitude: point.north, longitude: point.east)
        } else if parts.count == 3, parts[0].allSatisfy(Query.Degrees.isPart),
            parts[1].allSatisfy(Query.Degrees.isPart)
        {
            throw .middle(before)
        } else if !isQuoted, parts.count == 2, (4...64).contains(before.utf8.count),
            before.lowercased().utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            })
        {
            middle = .asset(before.lowercased())
        } else if before.unicodeScalars.contains(where: \.properties.isAlphabetic) {
            middle = .place(before)
        } else {
            throw .middle(before)
        }
        spelling = parts.joined(separator: ",")
    }

    /// The circle in words that parse to it.
    var written: String {
        guard case .place(let name) = middle else { return spelling }
        let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("*", with: "\\*")
        return
            "\"\(escaped)\",\(spelling[(spelling.lastIndex(of: ",").map(spelling.index(after:)) ?? spelling.endIndex)...])"
    }

    /// `500m`, `5km`, `2.5mi`; at most half way round the Earth.
    static func metres(_ text: String) -> Double? {
        let units: [(name: String, metres: Double)] = [("km", 1_000), ("mi", 1_609.344), ("m", 1)]
        let text = text.lowercased()
        guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return nil }
        let digits = Query.trimmed(text.dropLast(unit.name.count))
        guard digits.count <= 12, digits.allSatisfy({ isASCIIDigit($0) || $0 == "." }),
            let number = Double(digits), number > 0
        else { return nil }
        let metres = number * unit.metres
        return metres <= 20_016_000 ? metres : nil
    }
}

extension Query.Area {
    /// Reads an area; nil when it is none, or its north is south of its south.
    init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { Query.trimmed($0) }
        guard parts.count == 4, let low = Query.Degrees.pair(parts[0], parts[1]),
            let high = Query.Degrees.pair(parts[2], parts[3]), low.north <= high.north
        else { return nil }
        (south, west, north, east) = (low.north, low.east, high.north, high.east)
        spelling = parts.joined(separator: ",")
    }
}

extension Query {
    /// Degrees as people and programs write them: a decimal number with a sign.
    enum Degrees {
        /// A point on the globe; nil when it is none.
        static func pair(_ north: String, _ east: String) -> (north: Double, east: Double)? {
            guard let north = number(north), let east = number(east), abs(north) <= 90, abs(east) <= 180
            else {
                return nil
            }
            return (north, east)
        }

        static func isPart(_ character: Character) -> Bool {
            isASCIIDigit(character) || "+-−.".contains(character)
        }

        private static func number(_ text: String) -> Double? {
            let plain = text.replacing("−", with: "-")
            guard (1...20).contains(plain.count), plain.allSatisfy(isPart) else { return nil }
            return Double(plain)
        }
    }

    static func trimmed(_ text: Substring) -> String {
        let kept = text.drop(while: \.isWhitespace)
        guard let end = kept.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(kept[...end])
    }
}
