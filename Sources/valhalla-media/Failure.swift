/// Why a request could not be answered, in a sentence's words.
///
/// The parent knows which file it asked about and adds the path; a reason never repeats it.
struct Failure: Error {
    var reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
