import CExiv2
import MediaProtocol

/// An XML file beside a picture or clip.
struct XMLFile {
    private let bytes: [UInt8]
    private let root: XMLRoot

    init(_ file: borrowing OpenFile, start: [UInt8]) throws(OpenFile.Refusal) {
        guard let root = XMLRoot(start.withoutByteOrderMark), let bytes = file.bytes(at: 0, count: file.size)
        else {
            throw OpenFile.Refusal(reason: "is too large to be a sidecar")
        }
        self.bytes = bytes
        self.root = root
    }

    func reading(_ findings: Findings) throws(OpenFile.Refusal) -> Reading {
        switch root.name {
        case "xmpmeta", "xapmeta", "RDF":
            findings.addXMP(bytes)
            return sidecar("XMP", findings)
        case "html", "HTML", "svg":
            throw OpenFile.Refusal.unknown
        default:
            findings.addXML(bytes)
            findings.settle()
            switch root.name {
            case "NonRealTimeMeta": return SonySidecar(findings.xml()).reading()
            case "plist": return Reading(format: "AAE", kind: .sidecar)
            case "smil":
                var reading = Reading(format: "SMIL", kind: .sidecar)
                reading.recordings = CardRecordings.ofSMIL(findings)
                return reading
            default:
                var reading = Reading(format: "XML", kind: .sidecar)
                reading.part = CardRecordings.partOfP2(findings)
                return reading
            }
        }
    }

    private func sidecar(_ format: String, _ findings: Findings) -> Reading {
        var reading = Reading(photo: format, size: nil, findings)
        reading.kind = .sidecar
        reading.orientation = findings.text(.xmpOrientation).flatMap { Int($0) }.flatMap {
            (1...8).contains($0) ? $0 : nil
        }
        return reading
    }
}

/// The first element of an XML file.
struct XMLRoot: Hashable {
    /// Its name without prefix.
    let name: String

    /// Nil when this is no XML, or when there is nothing but declarations and comments.
    init?(_ bytes: [UInt8]) {
        var at = bytes.startIndex
        while let open = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
            let next = open + 1
            if bytes.has("!--", at: next) {
                guard let end = bytes.firstIndex(of: "-->", from: next) else { return nil }
                at = end
            } else if next < bytes.count, bytes[next] == UInt8(ascii: "?") || bytes[next] == UInt8(ascii: "!")
            {
                at = next
            } else {
                let name = bytes[next...].prefix { byte in
                    byte > 0x20 && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "/")
                }
                let local = name.split(separator: UInt8(ascii: ":")).last ?? []
                guard let text = local.text else { return nil }
                self.name = text
                return
            }
        }
        return nil
    }
}

/// `C0001M01.XML`, which Sony cameras write beside every clip.
///
/// It knows what the clip does not: the clock's offset.
struct SonySidecar {
    private let values: [String: String]

    init(_ values: [String: String]) { self.values = values }

    private subscript(_ place: String) -> String? { values["NonRealTimeMeta/" + place] }

    func reading() -> Reading {
        var reading = Reading(format: "Sony XML", kind: .sidecar)
        reading.taken = self["CreationDate@value"].flatMap {
            WallTime(text: $0, source: "NonRealTimeMeta.CreationDate")
        }
        reading.make = self["Device@manufacturer"]
        reading.model = self["Device@modelName"]
        reading.serial = self["Device@serialNo"]
        reading.lens = self["Lens@modelName"]
        reading.frames = self["Duration@value"].flatMap { Int($0) }
        reading.frameRate = self["VideoFormat/VideoFrame@formatFps"].flatMap(Self.frameRate)
        reading.timecode = self["LtcChangeTable/LtcChange@value"].flatMap(Self.timecode)
        reading.title = self["Title@usAscii"]
        return reading
    }

    /// `25p`, `23.98p`, `59.94i`: the rates with a comma are the ones of NTSC, which are fractions.
    static func frameRate(_ text: String) -> Rational? {
        guard let rate = Double(text.prefix { $0.isNumber || $0 == "." }), rate > 0, rate < 1_000 else {
            return nil
        }
        let whole = rate.rounded()
        return rate == whole ? Rational(Int64(whole), 1) : Rational(Int64(whole) * 1_000, 1_001)
    }

    /// Frames, seconds, minutes and hours in decimal digits, in that order: `16162602` is 02:26:16:16.
    ///
    /// The bit of 40 in the frames says that it drops some.
    static func timecode(_ text: String) -> String? {
        guard text.utf8.count == 8, let number = UInt32(text, radix: 16) else { return nil }
        let fields = [number & 0x3F, number >> 8 & 0x7F, number >> 16 & 0x7F, number >> 24 & 0x3F]
        let digits = fields.map { field in "\(field >> 4)\(field & 15)" }
        guard fields.allSatisfy({ $0 & 15 < 10 }) else { return nil }
        let drops = number >> 24 & 0x40 != 0
        return "\(digits[0]):\(digits[1]):\(digits[2])\(drops ? ";" : ":")\(digits[3])"
    }
}

/// SubRip, in which drones note where they flew.
struct SubtitleFile {
    private let lines: [String]

    static func isOne(_ start: some Sequence<UInt8>) -> Bool {
        let lines = start.prefix(200).split(separator: UInt8(ascii: "\n"), maxSplits: 2)
        guard lines.count >= 2, let number = lines[0].text else { return false }
        return Int(number) != nil && Array(lines[1]).contains("-->")
    }

    init(start: [UInt8], isWhole: Bool) {
        lines = start.withoutByteOrderMark.split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        )
        .map { $0.text ?? "" }
    }

    /// The first caption is kept, and what it says of the time and the place.
    func reading(_ findings: Findings) -> Reading {
        var reading = Reading(format: "SRT", kind: .sidecar)
        for line in lines.dropFirst(2).prefix(while: { !$0.isEmpty }) {
            findings.addText("SRT.first", line.utf8)
            // `2021-08-14 16:21:05,123,456`: milliseconds and then microseconds.
            let stamp = line.split(separator: ",").prefix(2).joined(separator: ".")
            reading.taken = reading.taken ?? WallTime(text: stamp, source: "SRT")
            reading.latitude = reading.latitude ?? Self.number("latitude", in: line, limit: 90)
            reading.longitude = reading.longitude ?? Self.number("longitude", in: line, limit: 180)
        }
        if reading.latitude == 0, reading.longitude == 0 {
            (reading.latitude, reading.longitude) = (nil, nil)
        }
        return reading
    }

    /// `[latitude: 34.1347]`.
    private static func number(_ name: String, in line: String, limit: Double) -> Double? {
        guard let field = line.split(separator: "[").first(where: { $0.hasPrefix(name) }) else { return nil }
        let digits = field.dropFirst(name.count).drop { $0 == ":" || $0 == " " }.prefix {
            "+-.0123456789".contains($0)
        }
        return Double(digits).flatMap { abs($0) <= limit ? $0 : nil }
    }
}

/// Avid's log: a table in which each row is a clip.
struct LogExchangeFile {
    private let lines: [String]

    init(_ file: borrowing OpenFile) throws(OpenFile.Refusal) {
        guard let bytes = file.bytes(at: 0, count: file.size) else {
            throw OpenFile.Refusal(reason: "is too large to be a log")
        }
        lines = bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).map { $0.text ?? "" }
    }

    func reading(_ findings: Findings) -> Reading {
        let columns =
            lines.drop { $0 != "Column" }.dropFirst().first?.split(separator: "\t").map(String.init) ?? []
        let rows = lines.drop { $0 != "Data" }.dropFirst()
        for (number, row) in rows.prefix(1_000).enumerated() {
            for (column, value) in zip(columns, row.split(separator: "\t", omittingEmptySubsequences: false))
            where !value.isEmpty {
                findings.addText("ALE[\(number + 1)].\(column)", value.utf8)
            }
        }
        return Reading(format: "ALE", kind: .sidecar)
    }
}

/// Apple's list of edits, in its binary form.
struct PropertyListFile {
    init(start: [UInt8], path: [UInt8]) throws(OpenFile.Refusal) {
        guard path.hasEnding("aae") || start.contains("adjustmentFormatIdentifier") else {
            throw OpenFile.Refusal.unknown
        }
    }

    func reading() -> Reading { Reading(format: "AAE", kind: .sidecar) }
}
