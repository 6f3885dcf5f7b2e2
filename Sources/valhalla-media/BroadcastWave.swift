import MediaProtocol

/// What a field recorder writes into the `bext` chunk of a WAV file.
struct BroadcastWave {
    private let tags: MediaTags
    private let sampleRate: Int

    /// Nil for what is no WAV.
    ///
    /// FFmpeg gives the chunk's fields under the names it has for other formats'.
    init?(demuxer: String, tags: MediaTags, sampleRate: Int) {
        guard demuxer == "wav" || demuxer == "w64" else { return nil }
        self.tags = tags
        self.sampleRate = sampleRate
    }

    /// OriginationDate and OriginationTime, which FFmpeg calls `date` and `creation_time`.
    var taken: WallTime? {
        guard let date = tags["origination_date", "date"],
            let time = tags["origination_time", "creation_time"],
            time.count <= 8
        else { return nil }
        return WallTime(text: "\(date)T\(time)", source: "bext")
    }

    /// The tape or roll that a recorder names in its description: `sTAPE=18Y12M31`.
    var reel: String? { described("TAPE") }

    /// TimeReference, samples since midnight, as timecode: only where the recorder says at which rate it counted.
    var timecode: String? {
        guard let text = tags["time_reference"], let samples = Int(text), samples >= 0, sampleRate > 0,
            let speed = described("SPEED"), let rate = TimecodeRate(speed: speed)
        else { return nil }
        let (scaled, overflow) = samples.multipliedReportingOverflow(by: rate.numerator)
        return overflow ? nil : rate.timecode(frame: scaled / (rate.denominator * sampleRate))
    }

    /// The description where it is a person's words; what stands in `KEY=value` lines is the recorder's book-keeping, but
    /// for its note.
    var caption: String? {
        guard let text = tags["comment", "description"] else { return nil }
        let lines = text.split(whereSeparator: \.isNewline)
        let isBook = lines.allSatisfy { line in
            guard let equals = line.firstIndex(of: "=") else { return false }
            return line[..<equals].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
        return isBook ? described("NOTE") : text
    }

    /// Frames that its timecode counts a second, where the recorder says so.
    var timecodeRate: Int? { described("SPEED").flatMap { TimecodeRate(speed: $0) }?.nominal }

    /// A `KEY=value` line of the description; recorders put a letter for themselves in front of the key.
    private func described(_ key: String) -> String? {
        for line in (tags["comment", "description"] ?? "").split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0] == key || parts[0].dropFirst() == key else { continue }
            let value = String(parts[1]).trimmed
            if !value.isEmpty { return value }
        }
        return nil
    }
}

/// A rate that timecode counts at, as recorders write it: `023.976-ND`, `029.97-DF`, `25`.
struct TimecodeRate {
    let numerator: Int
    let denominator: Int
    private let isDropping: Bool

    init?(speed: String) {
        let parts = speed.split(separator: "-")
        guard let number = parts.first.flatMap({ Double($0) }) else { return nil }
        let nominal = Int(number.rounded())
        guard [24, 25, 30, 48, 50, 60].contains(nominal) else { return nil }
        let isExact = abs(number - Double(nominal)) < 0.001
        // 23.976, 23.98, 29.97 … are all roundings of a thousandth less.
        guard isExact || abs(number * 1.001 - Double(nominal)) < 0.01 else { return nil }
        (numerator, denominator) = isExact ? (nominal, 1) : (nominal * 1000, 1001)
        isDropping = parts.dropFirst().first?.hasPrefix("D") ?? false
        if isDropping, isExact || nominal % 30 != 0 { return nil }
    }

    /// A rate that counts so many frames a second; drop-frame is of 30 and its multiples alone.
    init?(nominal: Int, isDropping: Bool) {
        guard (1...240).contains(nominal), !isDropping || nominal % 30 == 0 else { return nil }
        (numerator, denominator) = isDropping ? (nominal * 1000, 1001) : (nominal, 1)
        self.isDropping = isDropping
    }

    var nominal: Int { denominator == 1 ? numerator : numerator / 1000 }

    /// The timecode of a frame counted from midnight; drop-frame skips its first numbers of every minute but each tenth.
    func timecode(frame: Int) -> String {
        var number = frame
        if isDropping {
            let dropped = nominal / 15
            let perMinute = nominal * 60 - dropped
            let perTen = perMinute * 10 + dropped
            let rest = frame % perTen
            number += frame / perTen * dropped * 9
            if rest >= dropped { number += (rest - dropped) / perMinute * dropped }
        }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let seconds = number / nominal
        return two(seconds / 3600 % 24) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60)
            + (isDropping ? ";" : ":") + two(number % nominal)
    }
}
