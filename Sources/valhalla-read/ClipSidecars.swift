import CameraXML
import MediaProtocol

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
            reading.taken = reading.taken ?? Self.time(in: line)
            // The longitude is misspelt by some models.
            reading.latitude = reading.latitude ?? Self.number("latitude", in: line, limit: 90)
            reading.longitude =
                reading.longitude ?? Self.number("longitude", in: line, limit: 180)
                ?? Self.number("longtitude", in: line, limit: 180)
            reading.altitude =
                reading.altitude ?? Self.number("abs_alt", in: line, limit: 20_000)
                ?? Self.number("altitude", in: line, limit: 20_000)
            if reading.latitude == nil { Self.readPosition(in: line, &reading) }
            reading.iso = reading.iso ?? Self.number("iso", in: line, limit: 1_000_000).map { Int($0) }
        }
        if reading.latitude == 0, reading.longitude == 0 {
            (reading.latitude, reading.longitude) = (nil, nil)
        }
        return reading
    }

    /// `2021-08-14 16:21:05,123,456` (milliseconds and then microseconds) or `2017.08.05 14:11:51`, behind other words too.
    private static func time(in line: String) -> WallTime? {
        let words = line.split(separator: " ")
        for (date, time) in zip(words, words.dropFirst())
        where date.count == 10 && date.first?.isNumber == true {
            let stamp = "\(date) \(time)".split(separator: ",").prefix(2).joined(separator: ".")
            if let taken = WallTime(text: stamp, source: "SRT") { return taken }
        }
        return nil
    }

    /// `[latitude: 34.1347]`, `[rel_alt: 1.300 abs_alt: 70.8]`.
    private static func number(_ name: String, in line: String, limit: Double) -> Double? {
        let fields = line.split(whereSeparator: { $0 == "[" || $0 == " " || $0 == "]" })
        guard let index = fields.firstIndex(where: { $0 == name || $0 == "\(name):" }) else { return nil }
        let digits = fields[(index + 1)...].first { $0 != ":" }
        return digits.flatMap { Double($0) }.flatMap { abs($0) <= limit ? $0 : nil }
    }

    /// `GPS(116.3344,-34.1261,19)`: of the older models, the longitude first.
    private static func readPosition(in line: String, _ reading: inout Reading) {
        guard let start = line.firstRange(of: "GPS(") else { return }
        let numbers = line[start.upperBound...].prefix { $0 != ")" }.split(separator: ",").map {
            Double($0.drop(while: \.isWhitespace))
        }
        guard numbers.count >= 2, let longitude = numbers[0], let latitude = numbers[1], abs(latitude) <= 90,
            abs(longitude) <= 180
        else { return }
        (reading.latitude, reading.longitude) = (latitude, longitude)
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
        var first: [String: String] = [:]
        for (number, row) in rows.prefix(1_000).enumerated() {
            for (column, value) in zip(columns, row.split(separator: "\t", omittingEmptySubsequences: false))
            where !value.isEmpty {
                findings.addText("ALE[\(number + 1)].\(column)", value.utf8)
                if number == 0 { first[column.lowercased()] = String(value) }
            }
        }
        // A log of many clips says nothing about one of them.
        return rows.count == 1 ? reading(of: first) : Reading(format: "ALE", kind: .sidecar)
    }

    /// By the names that ARRI's cameras and Avid have for the columns.
    private func reading(of row: [String: String]) -> Reading {
        func first(_ names: String...) -> String? { names.lazy.compactMap { row[$0] }.first }
        var reading = Reading(format: "ALE", kind: .sidecar)
        reading.make = first("manufacturer", "camera_manufacturer")
        reading.model = first("camera_model", "camera model")
        reading.serial = first("camera_sn", "camera serial number")
        reading.lens = first("lens_type", "lens")
        reading.iso = first("exposure_index", "asa", "iso").flatMap { Int($0) }
        reading.timecode = first("start").flatMap { $0.utf8.count == 11 ? $0 : nil }
        reading.reel = first("reel_name", "tape", "reel")
        reading.frameRate = first("project_fps", "fps").flatMap(ClipRate.rate)
        var footage = Footage()
        footage.clipName = first("name")
        footage.cameraLetter = first("camera_index", "camera").flatMap { $0.count <= 2 ? $0 : nil }
        footage.captureRate = first("sensor_fps").flatMap(ClipRate.rate)
        footage.gamma = first("gamma", "image_state").flatMap(CurveName.gamma)
        footage.look = first("look_name", "look", "lut")
        footage.umid = first("smpte_umid", "umid").flatMap(UMID.digits)
        footage.mediaID = first("media_sn", "card_sn")
        reading.footage = footage.known
        return reading
    }
}

/// `NAME.sidecar`, in which Blackmagic cameras and the developers of their raw files keep what they settled on afterwards.
struct BlackmagicSidecar {
    private let json: JSON
    private let bytes: [UInt8]

    /// Longer ones hold a lookup table, which is not read.
    private static let longest = 4 << 20

    init(_ file: borrowing OpenFile, path: [UInt8]) throws(OpenFile.Refusal) {
        guard path.hasEnding("sidecar"), file.size <= Self.longest,
            let bytes = file.bytes(at: 0, count: file.size),
            let json = try? JSON(line: bytes.withoutByteOrderMark)
        else { throw OpenFile.Refusal.unknown }
        self.json = json
        self.bytes = bytes
    }

    func reading(_ findings: Findings) -> Reading {
        findings.addText("sidecar", type: "JSON", bytes.prefix(65_536))
        var reading = Reading(format: "BRAW sidecar", kind: .sidecar)
        reading.iso =
            first("iso")?.integer.flatMap(Int.init(exactly:)) ?? first("iso")?.text.flatMap { Int($0) }
        var footage = Footage()
        footage.gamma = (first("gamma") ?? first("viewing_gamma"))?.text.flatMap(CurveName.gamma)
        footage.gamut = (first("gamut") ?? first("viewing_gamut"))?.text.flatMap(CurveName.gamut)
        if first("post_3dlut_mode")?.text != "Disabled" {
            footage.look = (first("post_3dlut_sidecar_name") ?? first("post_3dlut_embedded_name"))?.text
        }
        reading.footage = footage.known
        return reading
    }

    /// At the top, or in the first object within.
    private func first(_ key: String) -> JSON? {
        if let found = json[key] { return found }
        guard case .object(let members) = json else { return nil }
        return members.keys.sorted().lazy.compactMap { members[$0]?[key] }.first
    }
}
