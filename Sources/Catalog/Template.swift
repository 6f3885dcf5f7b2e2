/// Text with places for what is known of an asset: for lists, file names, captions and labels.
///
///     {number:03}_{title|name}   {taken:%Y-%m-%d}   {width}x{height}\n   {title|"Untitled"}
///
/// A place holds names of fields, of which the first that has a value is taken, and a text in quotes for when none has.
/// Behind a name stands how it is written: a number's width, a date in `strftime`'s letters, what goes between the
/// words of a list. `\n`, `\t`, `\0` and `\\` are the characters that they are in C; `{{` and `}}` are braces.
public struct Template: Hashable, Sendable {
    let parts: [Part]

    enum Part: Hashable, Sendable {
        case text(String)
        case place([Alternative])
    }

    enum Alternative: Hashable, Sendable {
        case literal(String)
        case field(String, Format)
    }

    enum Format: Hashable, Sendable {
        case plain
        /// At least so many digits, filled up from the left.
        case width(Int, zeros: Bool)
        /// `strftime`'s letters.
        case date(String)
        /// What goes between the words of a list.
        case separator(String)
    }

    /// The names of the fields that the template may ask for, in order, each once.
    public var fields: [String] {
        var names: [String] = []
        for case .place(let alternatives) in parts {
            for case .field(let name, _) in alternatives where !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Fills the places.
    ///
    /// `lookup` gives a field's value, or nil when it has none.
    public func render<Failure: Error>(
        _ lookup: (String) throws(Failure) -> TemplateValue?
    ) throws(Failure) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .place(let alternatives): text += try Template.first(of: alternatives, lookup)
            }
        }
        return text
    }

    private static func first<Failure: Error>(
        of alternatives: [Alternative],
        _ lookup: (String) throws(Failure) -> TemplateValue?
    ) throws(Failure) -> String {
        for alternative in alternatives {
            switch alternative {
            case .literal(let text): return text
            case .field(let name, let format):
                if let value = try lookup(name), !value.isEmpty { return value.written(format) }
            }
        }
        return ""
    }
}

/// What a field of a template has to say.
public enum TemplateValue: Hashable, Sendable {
    /// Words as they are. A fraction or an f-number is text, too.
    case text(String)
    /// A whole number.
    case integer(Int64)
    /// Milliseconds since 1970 of a clock on a wall, counted as if it showed UTC.
    case date(Int64)
    /// Several words.
    case list([String])

    /// True when the next alternative is to be taken.
    public var isEmpty: Bool {
        switch self {
        case .text(let text): text.isEmpty
        case .list(let texts): texts.allSatisfy(\.isEmpty)
        case .integer, .date: false
        }
    }

    func written(_ format: Template.Format) -> String {
        switch (self, format) {
        case (.text(let text), .width(let width, let zeros)):
            text.allSatisfy(isASCIIDigit) ? filled(text, width, zeros) : text
        case (.text(let text), _): text
        case (.integer(let number), .width(let width, let zeros)):
            number < 0
                ? "-" + filled(String(number.magnitude), width - 1, zeros)
                : filled(String(number), width, zeros)
        case (.integer(let number), _): String(number)
        case (.date(let wall), .date(let letters)): CivilTime(milliseconds: wall).written(letters)
        case (.date(let wall), _): CivilTime(milliseconds: wall).written("%Y-%m-%d %H:%M:%S")
        case (.list(let texts), .separator(let separator)): texts.joined(separator: separator)
        case (.list(let texts), _): texts.joined(separator: ", ")
        }
    }
}

func filled(_ digits: String, _ width: Int, _ zeros: Bool = true) -> String {
    String(repeating: zeros ? "0" : " ", count: max(0, width - digits.count)) + digits
}

extension CivilTime {
    /// The letters that `written` understands, as in `strftime`.
    ///
    /// `%e` is a day without a zero, `%f` milliseconds.
    static let letters: Set<Unicode.Scalar> = [
        "Y", "y", "m", "d", "e", "H", "I", "M", "S", "f", "j", "b", "B", "a", "A", "p", "F", "T", "u", "%",
    ]

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November",
        "December",
    ]
    private static let weekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]

    /// The time in the letters of `strftime`.
    ///
    /// Names are English: a template gives the same words on every machine.
    func written(_ format: String) -> String {
        var text = ""
        var isLetter = false
        for scalar in format.unicodeScalars {
            if !isLetter, scalar == "%" {
                isLetter = true
            } else if isLetter {
                text += part(scalar)
                isLetter = false
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private func part(_ letter: Unicode.Scalar) -> String {
        func two(_ number: Int) -> String { filled(String(number), 2) }
        return switch letter {
        case "Y": filled(String(year), 4)
        case "y": two(((year % 100) + 100) % 100)
        case "m": two(month)
        case "d": two(day)
        case "e": String(day)
        case "H": two(hour)
        case "I": two((hour + 11) % 12 + 1)
        case "M": two(minute)
        case "S": two(second)
        case "f": filled(String(millisecond), 3)
        case "j": filled(String(dayOfYear), 3)
        case "b": String(CivilTime.months[month - 1].prefix(3))
        case "B": CivilTime.months[month - 1]
        case "a": String(CivilTime.weekdays[weekday - 1].prefix(3))
        case "A": CivilTime.weekdays[weekday - 1]
        case "p": hour < 12 ? "AM" : "PM"
        case "F": written("%Y-%m-%d")
        case "T": written("%H:%M:%S")
        case "u": String(weekday)
        default: "%"
        }
    }
}
