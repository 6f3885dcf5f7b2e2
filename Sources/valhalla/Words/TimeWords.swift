internal import Catalog

/// When something was taken, for `show`, stills and clips alike: the camera's clock, a person's correction, the offset
/// and where each came from, and what other clocks have to say.
struct TimeWords {
    private let time: CaptureTime
    private let notes: CaptureNotes
    private let gps: GPSClock?
    private let id: String

    init(of time: CaptureTime, _ notes: CaptureNotes, gps: GPSClock?, as id: String) {
        self.time = time
        self.notes = notes
        self.gps = gps
        self.id = id
    }

    /// Adds a line for each fact.
    func add(to facts: Facts) {
        guard let taken = time.takenMilliseconds, let wall = time.wallMilliseconds else {
            facts.add("taken", "not known")
            return
        }
        let clock = WallClock(milliseconds: taken)
        var text = "\(clock.prose), \(clock.timeText)"
        if let offset = time.offsetMinutes { text += " \(offsetWords(offset))" }
        if let instant = time.instantMilliseconds {
            text += " (\(WallClock(milliseconds: instant).table) UTC)"
        }
        facts.add("taken", text)
        facts.add("  camera’s clock", clockWords(wall))
        facts.add(
            "  correction",
            time.correctionMilliseconds == 0
                ? "none" : correctionWords(time.correctionMilliseconds) + ", by a person"
        )
        facts.add("  offset", offsetLine)
        facts.add("  GPS clock", gpsLine)
        if notes.mayShowUTC {
            facts.add(
                "  evidence",
                "the clock may have shown UTC: read so, this falls among the session’s photographs, and read as local "
                    + "time it does not. If so: valhalla shift --utc id:\(id)")
        }
    }

    private func clockWords(_ wall: Int64) -> String {
        let text = WallClock(milliseconds: wall).table + (time.wallSource.map { ", from \($0)" } ?? "")
        switch notes.personSaysUTC {
        case true?: return text + "; it showed UTC, by a person"
        case false?: return text + "; it showed the time there, by a person"
        case nil: return text + (notes.showsUTC ? ", which counts in UTC" : "")
        }
    }

    private var offsetLine: String {
        guard let minutes = time.offsetMinutes else { return unknown }
        var text = offsetWords(minutes)
        switch time.offsetSource {
        case "person"?: text += ", by a person"
        case let source? where source.hasPrefix("person ("):
            text += ", by a person, who says \(source.dropFirst("person (".count).dropLast())"
        case let source?: text += ", from \(source)"
        case nil: break
        }
        if notes.showsUTC, minutes == 0, notes.zones.isEmpty {
            text += "; what the clocks on the wall there showed is not known"
        } else if time.offsetSource != time.wallSource {
            text += "; the file says \(time.fileOffsetMinutes.map { offsetWords($0) } ?? "nothing")"
        }
        switch notes.standing {
        case .plain: break
        case .shownTwice: text += "; clocks there showed this time twice, and the first is taken"
        case .skipped: text += "; clocks there skipped this time, and it is read as if not yet put forward"
        }
        return text
    }

    private var unknown: String {
        var text = "not known, so the instant is not known either"
        if Set(notes.zones.map(\.zone)).count > 1 {
            let zones = listed(notes.zones.map { "\($0.session) (\($0.zone))" })
            text += "; its sessions do not agree on a zone: \(zones)"
        }
        if let assumed = notes.assumedOffset {
            text += "; put in order with the others as if at \(offsetWords(assumed))"
        }
        return text
    }

    /// What a receiver's clock says is evidence, and changes nothing by itself.
    private var gpsLine: String? {
        guard let gps, let taken = time.takenMilliseconds else { return nil }
        let text = WallClock(milliseconds: gps.instant).table + " UTC"
        if let instant = time.instantMilliseconds {
            let apart = instant - gps.instant
            if abs(apart) <= GPSClock.slack { return text + ", which agrees" }
            let side = apart < 0 ? "before" : "after"
            return text + "; the time above is \(durationWords(abs(apart))) \(side) that"
        }
        guard let offset = gps.offset(ofClockShowing: taken) else {
            return text + ", from which no offset can be told: the camera’s clock may be wrong"
        }
        return text + ": the camera’s clock was at \(offsetWords(offset)) then, if it was right"
    }
}

/// What the satellites' clock said when a photograph was taken, as Exif keeps it beside the position.
struct GPSClock {
    /// Milliseconds since 1970.
    let instant: Int64

    /// A fix may be a minute or two old.
    static let slack: Int64 = 120_000

    /// Nil when the tags do not say it, or say nonsense.
    init?(_ tags: [RawTag]) {
        func value(_ name: String) -> String? { tags.first { $0.name == "Exif.GPSInfo." + name }?.value }
        guard let day = value("GPSDateStamp"), let time = value("GPSTimeStamp") else { return nil }
        var hasTime = false
        let parts = time.split(whereSeparator: { $0 == " " || $0 == ":" }).map { GPSClock.number($0) }
        guard let date = WallClock(day.replacing(":", with: "-"), hasTime: &hasTime), parts.count == 3,
            let hour = parts[0], let minute = parts[1], let second = parts[2], hour < 24, minute < 60,
            second < 61
        else { return nil }
        instant = date.millisecondsAsUTC + Int64(((hour * 60 + minute) * 60 + second) * 1_000)
    }

    /// `23/1` or `23`.
    private static func number(_ text: Substring) -> Double? {
        let parts = text.split(separator: "/").map { Double($0) }
        guard let above = parts.first ?? nil, above >= 0, above < 1e9 else { return nil }
        guard parts.count == 2 else { return parts.count == 1 ? above : nil }
        guard let below = parts[1], below > 0 else { return nil }
        return above / below
    }

    /// The offset at which a clock that shows this would be right; zones differ by quarters of an hour.
    func offset(ofClockShowing wall: Int64) -> Int? {
        let apart = wall - instant
        let quarters = Int64((Double(apart) / 900_000).rounded())
        guard abs(apart - quarters * 900_000) <= GPSClock.slack, abs(quarters) <= 56 else { return nil }
        return Int(quarters * 15)
    }
}
