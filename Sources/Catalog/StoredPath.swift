internal import Files
internal import Storage

extension Path {
    /// The path as the catalogue stores it: text when it is UTF-8, bytes when it is not.
    var stored: Value {
        text.map { .text($0) } ?? .blob(bytes)
    }
}

/// The bounds between which the text paths below a folder lie, in byte order.
struct PathRange {
    let from: Value
    let to: Value

    init(below folder: Path) {
        guard let text = folder.text, !text.isEmpty else {
            // Everything, or the folder's own name is not UTF-8 and no text path lies below it.
            from = .text("")
            to = folder.bytes.isEmpty ? .blob([]) : .text("")
            return
        }
        from = .text(text + "/")
        // The byte after the slash: every path below the folder sorts before it.
        to = .text(text + "0")
    }
}
