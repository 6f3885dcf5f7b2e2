internal import ArgumentParser
internal import Catalog
internal import Files
internal import Glibc

/// The words that the program was called with.
///
/// A file's name may be no UTF-8, and Swift's strings would repair it into another name. So each byte that is no
/// text travels as a character of its own from Unicode's last private plane, and becomes a byte again in a path.
enum Typed {
    private static let strayBytes: UInt32 = 0x10_FF00

    /// The words behind the program's name.
    static func words() -> [String] {
        UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)).dropFirst()
            .compactMap {
                pointer in
                pointer.map {
                    word(UnsafeBufferPointer(start: $0, count: strlen($0)).map { UInt8(bitPattern: $0) })
                }
            }
    }

    /// Bytes as a word.
    static func word(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var word = ""
        var rest = bytes[...]
        while let first = rest.first {
            let length = (1...4).first {
                String(validating: rest.prefix($0), as: UTF8.self)?.unicodeScalars.count == 1
            }
            if let length, let text = String(validating: rest.prefix(length), as: UTF8.self) {
                word += text
                rest = rest.dropFirst(length)
            } else {
                if let scalar = Unicode.Scalar(strayBytes + UInt32(first)) {
                    word.unicodeScalars.append(scalar)
                }
                rest = rest.dropFirst()
            }
        }
        return word
    }

    /// The path that a word names.
    static func path(_ word: String) -> Path {
        var bytes: [UInt8] = []
        for scalar in word.unicodeScalars {
            if (strayBytes...(strayBytes + 0xFF)).contains(scalar.value) {
                bytes.append(UInt8(scalar.value - strayBytes))
            } else {
                bytes.append(contentsOf: String(scalar).utf8)
            }
        }
        return Path(bytes: bytes)
    }

    /// The command as it would be typed again, without what changes nothing about its meaning.
    static func command(_ words: [String]) -> String {
        var kept: [String] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            if Globals.valued.contains(word) {
                rest = rest.dropFirst()
            } else if !Globals.flags.contains(word),
                !Globals.valued.contains(where: { word.hasPrefix($0 + "=") })
            {
                kept.append(inShell(word))
            }
        }
        return kept.joined(separator: " ")
    }

    /// The word in the quotes that a shell needs.
    static func inShell(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", "/", ":", "=", "+", ",", "@", "%": true
                default: !scalar.isASCII && scalar.properties.isAlphabetic
                }
            }
        if isPlain { return word }
        let shown = path(word).display
        if !shown.contains("'") { return "'\(shown)'" }
        // Within double quotes a shell runs what stands between backticks, and its ! cannot be escaped.
        if shown.contains(where: { "\\\"$`!".contains($0) }) {
            return "'\(shown.replacing("'", with: #"'\''"#))'"
        }
        return "\"\(shown)\""
    }
}

/// A file or folder as it was typed.
struct TypedPath: ExpressibleByArgument {
    /// As it was typed: maybe relative.
    let path: Path

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        path = Typed.path(argument)
    }

    static var defaultCompletionKind: CompletionKind { .file() }

    /// From the root.
    var absolute: Path {
        if path.isAbsolute { return path.tidied }
        return currentFolder().appending(path).tidied
    }
}

/// The folder that the program was called in.
func currentFolder() -> Path {
    guard let name = getcwd(nil, 0) else { return Path(".") }
    defer { free(name) }
    return Path(bytes: UnsafeBufferPointer(start: name, count: strlen(name)).map { UInt8(bitPattern: $0) })
}

extension Path {
    /// The path without `.` and doubled slashes.
    ///
    /// `..` stays: behind a link it leads elsewhere than it looks.
    fileprivate var tidied: Path {
        let slash = UInt8(ascii: "/")
        let names = bytes.split(separator: slash).filter { !$0.elementsEqual([UInt8(ascii: ".")]) }
        return Path(bytes: (isAbsolute ? [slash] : []) + names.joined(separator: [slash]))
    }
}
