internal import Catalog

/// A number as prose has it: `12,430`.
func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return number < 0 ? "−" + text : text
}

/// A number with its thing: `1 file`, `412 photographs`.
func counted(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? one : many ?? one + "s")"
}

/// Assets by their kinds: `412 photographs, 18 clips`.
func counted(_ kinds: [AssetKind: Int]) -> String {
    let parts = AssetKind.allCases.compactMap { kind in
        kinds[kind].flatMap { $0 > 0 ? counted($0, kind.word) : nil }
    }
    return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
}

extension AssetKind {
    /// What a person calls one.
    var word: String {
        switch self {
        case .photo: "photograph"
        case .clip: "clip"
        case .sound: "sound"
        }
    }
}

/// Several words as a sentence has them: `exhibit, press and edit`.
func listed(_ words: [String], _ last: String = "and") -> String {
    guard words.count > 1, let end = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(last) " + end
}

/// A text in typographic quotes.
func quoted(_ text: String) -> String {
    "“\(printable(text))”"
}

/// The text with a capital at its beginning.
func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
}

/// A size in the unit that a person uses: `24.6 MB`.
///
/// Units are powers of ten, as on the box of a disk.
func byteWords(_ bytes: Int64) -> String {
    guard bytes >= 1_000 else { return counted(Int(bytes), "byte") }
    var value = Double(bytes)
    for unit in ["kB", "MB", "GB", "TB", "PB"] {
        value /= 1_000
        // 999.96 would be written as 1000.0.
        if value < 99.95 { return "\(tenths(value)) \(unit)" }
        if value < 999.5 { return "\(Int(value.rounded())) \(unit)" }
    }
    return "\(Int(value.rounded())) PB"
}

/// A number with one digit behind the point.
func tenths(_ value: Double) -> String {
    let rounded = Int64((value * 10).rounded())
    return "\(rounded / 10).\(abs(rounded % 10))"
}

/// A number without a point where it has no need of one: `60`, `12.5`.
func plainNumber(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    if value == value.rounded() { return "\(Int64(value))" }
    let hundredths = (value * 100).rounded() / 100
    return hundredths == hundredths.rounded() ? "\(Int64(hundredths))" : "\(hundredths)"
}

/// How long something takes or took: `8 s`, `2 min 5 s`, `1 h 12 min`, `9 days`, `7 months`, `78 years`.
func durationWords(_ milliseconds: Int64) -> String {
    let seconds = (milliseconds + 500) / 1_000
    if seconds < 60 { return "\(seconds) s" }
    let minutes = seconds / 60
    if minutes < 60 { return seconds % 60 == 0 ? "\(minutes) min" : "\(minutes) min \(seconds % 60) s" }
    let hours = minutes / 60
    if hours < 48 { return minutes % 60 == 0 ? "\(hours) h" : "\(hours) h \(minutes % 60) min" }
    let days = hours / 24
    if days < 100 { return "\(days) days" }
    // A year has 365.2425 days.
    let months = days * 120_000 / 3_652_425
    return months < 24 ? "\(months) months" : "\(months / 12) years"
}

/// How long something took, to the tenth where that can be felt: `0.4 s`, `31 s`.
func elapsedWords(_ milliseconds: Int64) -> String {
    if milliseconds < 50 { return "less than 0.1 s" }
    return milliseconds < 9_950 ? tenths(Double(milliseconds) / 1_000) + " s" : durationWords(milliseconds)
}

/// What a clock is corrected by: `+7 min 12 s`, `−1 h`, `+2 days 4 h`.
func correctionWords(_ milliseconds: Int64) -> String {
    let sign = milliseconds < 0 ? "−" : "+"
    let total = Int64(milliseconds.magnitude)
    let parts = [
        (total / 86_400_000, total / 86_400_000 == 1 ? "day" : "days"), (total / 3_600_000 % 24, "h"),
        (total / 60_000 % 60, "min"), (total / 1_000 % 60, "s"), (total % 1_000, "ms"),
    ]
    .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return parts.isEmpty ? "0 s" : sign + parts.joined(separator: " ")
}

/// How long a clip runs: `1:30`, `0:04.2`, `1:02:45`.
func lengthWords(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "" }
    let tenths = Int64((seconds * 10).rounded())
    let whole = tenths / 10
    let fraction = tenths % 10 == 0 || whole >= 60 ? "" : ".\(tenths % 10)"
    let minutes = whole / 60 % 60
    let second = twoDigits(Int(whole % 60)) + fraction
    return whole >= 3_600 ? "\(whole / 3_600):\(twoDigits(Int(minutes))):\(second)" : "\(minutes):\(second)"
}

/// A number with two digits: `07`.
func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

/// Stars: `★★★★`; a dash for rejected.
func stars(_ rating: Int?) -> String {
    guard let rating else { return "" }
    return rating < 0 ? "rejected" : String(repeating: "★", count: rating)
}
