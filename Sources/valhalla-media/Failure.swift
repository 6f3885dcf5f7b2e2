/// Why a request could not be answered, in a sentence's words.
///
/// The parent knows which file it asked about and adds the path; a reason never repeats it.
struct Failure: Error {
    var reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    /// What a library wrote into the room that it was given for a reason.
    static func text(_ reason: [CChar]) -> String {
        String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
